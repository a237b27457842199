/* SPDX-License-Identifier: Apache-2.0 */
/* The station's talk with one chip. docs/MSCP.md has the objects, the lifecycle and the attestation. */
#include "identity/factory/chip.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "identity/factory/say.h"

#define CONNECT_WAIT_MS 5000

/* The objects of a device. The chip sets origin: GENERATED for keys, FROM_FACTORY for the rest. */
static const struct object {
    uint32_t id;
    const char *name;
    struct mscp_attributes attributes;
} keys[] = {
    {MSCP_ID_IDENTITY,
     "identity key",
     {.type = MSCP_KEY_ED25519,
      .origin = MSCP_GENERATED,
      .usage = MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_PAIRING | MSCP_USE_ATTEST}},
    {MSCP_ID_PAIRING,
     "pairing key",
     {.type = MSCP_KEY_ED25519, .origin = MSCP_GENERATED, .usage = MSCP_USE_SIGN_PAIRING}},
    {MSCP_ID_FIRMWARE, "firmware key", {.type = MSCP_KEY_X25519, .origin = MSCP_GENERATED, .usage = MSCP_USE_AGREE}},
};
#define KEYS (sizeof keys / sizeof keys[0])

static const struct object counter = {
    MSCP_ID_ROLLBACK,
    "rollback counter",
    {.type = MSCP_COUNTER, .origin = MSCP_FROM_FACTORY, .read = MSCP_SESSION, .write = MSCP_SESSION}};
static const struct object chain_object = {
    MSCP_ID_CHAIN,
    "certificate chain",
    {.type = MSCP_CERT, .origin = MSCP_FROM_FACTORY, .read = MSCP_SESSION, .write = MSCP_NEVER}};

static mico_err fail(const struct station_chip *chip, mico_err err, const char *what)
{
    return station_fail(err, "check the chip and its link, then run the same command again",
                        "chip %s: %s: %s (chip says %s)", chip->serial, what, mico_err_name(err),
                        mscp_status_name(mscp_host_last_status(&chip->host)));
}

mico_err station_chip_open(struct station_chip *chip, const char *link)
{
    memset(chip, 0, sizeof *chip);
    mico_err err = mscp_socket_open(&chip->socket, link, CONNECT_WAIT_MS, &chip->transport);
    if (err != MICO_OK) {
        chip->socket.fd = -1;
        return station_fail(err, "start the chip first; --link is its Unix socket", "no chip at %s: %s", link,
                            mico_err_name(err));
    }
    mscp_host_start(&chip->host, &chip->transport, NULL);
    err = mscp_host_info(&chip->host, &chip->info);
    if (err != MICO_OK) {
        strcpy(chip->serial, "?");
        return fail(chip, err, "no information");
    }
    mico_hex(chip->info.serial, sizeof chip->info.serial, chip->serial);
    return MICO_OK;
}

void station_chip_close(struct station_chip *chip)
{
    mscp_host_stop(&chip->host);
    mscp_socket_close(&chip->socket);
}

mico_err station_chip_pair(struct station_chip *chip, struct mscp_binding *binding)
{
    mico_err err = mscp_host_pair(&chip->host, binding);
    if (err == MICO_ERR_STATE) {
        return station_fail(err, "give the --flash that was used with this chip before; without it the chip is scrap",
                            "chip %s is bound to another flash, and holds keys already", chip->serial);
    }
    if (err == MICO_OK && memcmp(binding->serial, chip->info.serial, MSCP_SERIAL_SIZE) != 0) {
        return fail(chip, MICO_ERR_AUTH, "another chip answered the pairing");
    }
    return err == MICO_OK ? MICO_OK : fail(chip, err, "pairing failed");
}

mico_err station_chip_resume(struct station_chip *chip, const struct mscp_binding *binding, bool *known)
{
    struct mscp_attributes ignored;
    bool found;
    mscp_host_stop(&chip->host);
    mscp_host_start(&chip->host, &chip->transport, binding);
    mico_err err = mscp_host_attributes(&chip->host, MSCP_ID_IDENTITY, &ignored, &found);
    *known = err == MICO_OK;
    return err == MICO_OK || err == MICO_ERR_AUTH ? MICO_OK : fail(chip, err, "no session");
}

static bool same(const struct mscp_attributes *a, const struct mscp_attributes *b)
{
    return a->type == b->type && a->origin == b->origin && a->usage == b->usage && a->read == b->read &&
           a->write == b->write && a->life == b->life;
}

/* Look for an object; one that is there must be as it should be. */
static mico_err look_for(struct station_chip *chip, const struct object *object, bool *found)
{
    struct mscp_attributes have;
    mico_err err = mscp_host_attributes(&chip->host, object->id, &have, found);
    if (err != MICO_OK) {
        return fail(chip, err, object->name);
    }
    if (*found && !same(&have, &object->attributes)) {
        return station_fail(MICO_ERR_DENIED, "this chip is scrap: attributes are fixed for good",
                            "chip %s: its %s was made with other attributes", chip->serial, object->name);
    }
    return MICO_OK;
}

static mico_err ensure_key(struct station_chip *chip, const struct object *object, uint8_t public_key[32])
{
    bool found;
    mico_err err = look_for(chip, object, &found);
    if (err != MICO_OK) {
        return err;
    }
    err = found ? mscp_host_public_key(&chip->host, object->id, public_key)
                : mscp_host_generate(&chip->host, object->id, &object->attributes, public_key);
    return err == MICO_OK ? MICO_OK : fail(chip, err, object->name);
}

mico_err station_chip_make_keys(struct station_chip *chip, uint8_t identity[32], uint8_t firmware[32])
{
    uint8_t pairing[32];
    uint8_t *const public_keys[KEYS] = {identity, pairing, firmware};
    bool found;
    for (size_t i = 0; i < KEYS; i++) {
        mico_err err = ensure_key(chip, &keys[i], public_keys[i]);
        if (err != MICO_OK) {
            return err;
        }
    }
    mico_err err = look_for(chip, &counter, &found);
    if (err == MICO_OK && !found) {
        err = mscp_host_create(&chip->host, counter.id, &counter.attributes, (struct mico_span){NULL, 0});
        err = err == MICO_OK ? MICO_OK : fail(chip, err, counter.name);
    }
    return err;
}

/* What in evidence is not as it should be, or NULL. */
static const char *misfit(const struct station_chip *chip, const struct object *object, const uint8_t nonce[32],
                          const uint8_t host_binding[32], const uint8_t *public_key, const struct mscp_evidence *e)
{
    uint8_t spki[MSCP_SPKI_25519_SIZE];
    if (e->nonce_len != 32 || memcmp(e->nonce, nonce, 32) != 0) {
        return "nonce";
    }
    if (memcmp(e->serial, chip->info.serial, MSCP_SERIAL_SIZE) != 0) {
        return "serial";
    }
    if (!e->has_key || e->key.id != object->id) {
        return "key";
    }
    if (public_key != NULL) {
        mscp_spki_25519((enum mscp_type)object->attributes.type, public_key, spki);
        if (e->key.spki_len != sizeof spki || memcmp(e->key.spki, spki, sizeof spki) != 0) {
            return "key";
        }
    }
    if (e->key.attributes.origin != MSCP_GENERATED) {
        return "origin (it was not generated inside)";
    }
    if (!same(&e->key.attributes, &object->attributes)) {
        return "attributes";
    }
    return memcmp(e->host_binding, host_binding, 32) != 0 ? "host binding" : NULL;
}

static mico_err attest_one(struct station_chip *chip, const struct object *object, const uint8_t host_binding[32],
                           const uint8_t identity[32], const uint8_t *public_key)
{
    uint8_t nonce[32], token[MSCP_EVIDENCE_MAX];
    size_t len;
    struct mscp_evidence e;
    if (gnutls_rnd(GNUTLS_RND_NONCE, nonce, sizeof nonce) != 0) {
        return station_fail(MICO_ERR_ENTROPY, NULL, "no random numbers for a nonce");
    }
    mico_err err = mscp_host_evidence(&chip->host, object->id, MICO_SPAN(nonce), token, &len);
    if (err != MICO_OK) {
        return fail(chip, err, "attestation");
    }
    err = mscp_evidence_verify((struct mico_span){token, len}, (struct mico_span){identity, 32}, &e);
    const char *bad = err != MICO_OK ? "signature" : misfit(chip, object, nonce, host_binding, public_key, &e);
    if (bad != NULL) {
        return station_fail(MICO_ERR_AUTH, "set this chip aside: it is not what it says",
                            "chip %s: attestation of its %s: %s", chip->serial, object->name, bad);
    }
    return MICO_OK;
}

mico_err station_chip_attest(struct station_chip *chip, const struct mscp_binding *binding, const uint8_t identity[32],
                             const uint8_t firmware[32])
{
    uint8_t host_binding[32];
    const uint8_t *const public_keys[KEYS] = {identity, NULL, firmware};
    mico_sha256(binding->host_public, sizeof binding->host_public, host_binding);
    for (size_t i = 0; i < KEYS; i++) {
        mico_err err = attest_one(chip, &keys[i], host_binding, identity, public_keys[i]);
        if (err != MICO_OK) {
            return err;
        }
    }
    return MICO_OK;
}

mico_err station_chip_read_chain(struct station_chip *chip, uint8_t out[STATION_CHAIN_MAX], size_t *len, bool *found)
{
    *len = 0;
    mico_err err = look_for(chip, &chain_object, found);
    if (err == MICO_OK && *found) {
        err = mscp_host_read(&chip->host, chain_object.id, out, STATION_CHAIN_MAX, len);
        err = err == MICO_OK ? MICO_OK : fail(chip, err, "reading its certificate chain");
    }
    return err;
}

mico_err station_chip_write_chain(struct station_chip *chip, struct mico_span chain)
{
    uint8_t back[STATION_CHAIN_MAX];
    size_t len;
    bool found;
    mico_err err = mscp_host_create(&chip->host, chain_object.id, &chain_object.attributes, chain);
    if (err != MICO_OK) {
        return fail(chip, err, "writing its certificate chain");
    }
    err = station_chip_read_chain(chip, back, &len, &found);
    if (err == MICO_OK && (!found || len != chain.len || memcmp(back, chain.data, len) != 0)) {
        err = fail(chip, MICO_ERR_CORRUPT, "its certificate chain reads back differently");
    }
    return err;
}

static const char *clause(uint32_t failing)
{
    static const char *const words[] = {"it is not paired",
                                        "it has no identity key",
                                        "it has no certificate",
                                        "its certificate is for another key",
                                        "it is not in the factory state",
                                        "it holds a key that signs anything",
                                        "it holds data that anyone on its line may read"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((failing >> i & 1) != 0) {
            return words[i];
        }
    }
    return "a clause that this station does not know";
}

mico_err station_chip_lock(struct station_chip *chip, bool dry_run)
{
    uint32_t failing = 0;
    mico_err err = mscp_host_set_lifecycle(&chip->host, MSCP_OPERATIONAL, dry_run, &failing);
    if ((err == MICO_OK || err == MICO_ERR_DENIED) && failing != 0) {
        mico_err denied = MICO_OK;
        for (uint32_t left = failing; left != 0; left &= left - 1) {
            denied =
                station_fail(MICO_ERR_DENIED, NULL, "chip %s cannot be locked: %s", chip->serial, clause(left & -left));
        }
        return denied;
    }
    return err == MICO_OK ? MICO_OK : fail(chip, err, "locking");
}
