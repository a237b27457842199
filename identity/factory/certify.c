/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate of one chip. */
#include "identity/factory/certify.h"

#include <gnutls/crypto.h>
#include <string.h>
#include <time.h>

#include "identity/chain.h"
#include "identity/factory/ca.h"
#include "identity/factory/hsm.h"
#include "identity/factory/say.h"

struct job {
    const struct station *station;
    const struct station_log *log;
    struct station_chip *chip;
    struct mico_manifest_entry *entry;
};

/* Take the leaf into the entry, and check the entry as the cloud will. */
static mico_err take_certificate(struct job *j, struct mico_span leaf)
{
    struct mico_manifest_entry *entry = j->entry;
    const char *bad;
    uint8_t *copy = gnutls_malloc(leaf.len);
    if (copy == NULL || gnutls_hash_fast(GNUTLS_DIG_SHA256, leaf.data, leaf.len, entry->certificate_sha256) != 0) {
        gnutls_free(copy);
        return station_fail(MICO_ERR_FULL, NULL, "no memory for a certificate");
    }
    memcpy(copy, leaf.data, leaf.len);
    entry->certificate = (struct mico_span){copy, leaf.len};
    entry->made_at = (uint64_t)time(NULL);
    station_log_place(j->log, j->station, entry);
    if (mico_manifest_entry_check(entry, entry->index, entry->prev, j->station->issuing, &bad) != MICO_OK) {
        return station_fail(MICO_ERR_AUTH, "set this chip aside",
                            "chip %s: its certificate chain is not by this station: %s", j->chip->serial, bad);
    }
    return MICO_OK;
}

static mico_err sign_certificate(struct job *j, gnutls_x509_crt_t *out)
{
    gnutls_privkey_t signer = NULL;
    gnutls_pubkey_t key = NULL;
    mico_err err = station_hsm_key(j->station->dir, "issuing", &signer);
    if (err == MICO_OK) {
        err = station_ed25519_key(j->entry->identity_key, &key);
    }
    if (err == MICO_OK) {
        const struct station_request request = {
            .kind = STATION_DEVICE, .common_name = j->entry->device_id, .serial_number = j->chip->serial, .key = key};
        err = station_certify(&request, j->station->issuing, signer, out);
    }
    gnutls_pubkey_deinit(key);
    gnutls_privkey_deinit(signer);
    return err;
}

/* Leaf, then issuer, as the chip keeps them. */
static mico_err issue(struct job *j, uint8_t chain[STATION_CHAIN_MAX], size_t *len)
{
    gnutls_x509_crt_t certificate = NULL;
    gnutls_datum_t leaf = {NULL, 0}, issuer = {NULL, 0};
    mico_err err = sign_certificate(j, &certificate);
    if (err == MICO_OK) {
        err = station_der(certificate, &leaf);
    }
    if (err == MICO_OK) {
        err = station_der(j->station->issuing, &issuer);
    }
    if (err == MICO_OK && (size_t)leaf.size + issuer.size > STATION_CHAIN_MAX) {
        err = station_fail(MICO_ERR_SIZE, NULL, "the certificate chain is too long for a chip");
    }
    if (err == MICO_OK) {
        memcpy(chain, leaf.data, leaf.size);
        memcpy(chain + leaf.size, issuer.data, issuer.size);
        *len = (size_t)leaf.size + issuer.size;
        err = station_chip_write_chain(j->chip, (struct mico_span){chain, *len});
    }
    gnutls_free(leaf.data);
    gnutls_free(issuer.data);
    gnutls_x509_crt_deinit(certificate);
    return err;
}

static mico_err check_issuer(struct job *j, struct mico_span second)
{
    gnutls_datum_t issuer;
    mico_err err = station_der(j->station->issuing, &issuer);
    if (err == MICO_OK) {
        bool same = second.len == issuer.size && memcmp(second.data, issuer.data, issuer.size) == 0;
        gnutls_free(issuer.data);
        err = same ? MICO_OK
                   : station_fail(MICO_ERR_AUTH, "set this chip aside",
                                  "chip %s: its certificate chain names another issuer", j->chip->serial);
    }
    return err;
}

static mico_err certify(struct job *j)
{
    uint8_t chain[STATION_CHAIN_MAX];
    struct mico_span certificates[MICO_CHAIN_MAX];
    size_t len, count;
    bool found;
    mico_err err = station_chip_read_chain(j->chip, chain, &len, &found);
    if (err == MICO_OK && !found) {
        err = issue(j, chain, &len);
    }
    if (err != MICO_OK) {
        return err;
    }
    err = mico_chain_split((struct mico_span){chain, len}, certificates, &count);
    if (err != MICO_OK || count != 2) {
        return station_fail(MICO_ERR_FORMAT, "set this chip aside",
                            "chip %s: its certificate chain is not two certificates", j->chip->serial);
    }
    err = check_issuer(j, certificates[1]);
    return err == MICO_OK ? take_certificate(j, certificates[0]) : err;
}

mico_err station_certify_chip(const struct station *station, const struct station_log *log, struct station_chip *chip,
                              struct mico_manifest_entry *entry)
{
    struct job job = {station, log, chip, entry};
    return certify(&job);
}
