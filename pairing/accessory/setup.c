/* SPDX-License-Identifier: Apache-2.0 */
/* Pair-setup, the accessory's side: M1 to M6. Facts: docs/PAIRING.md.
 *
 *            M1            M3                M5
 *   IDLE ────────► WANTS_M3 ────────► WANTS_M5 ────────► IDLE, controller pending
 *     ▲  (M1 restarts from anywhere)      │
 *     └──────── any error, any message out of order, 30 s without the owner, the connection's end
 *
 * A guess is charged in the store before it is judged, so that cutting the power saves no guess. */
#include <string.h>

#include "base/log.h"
#include "pairing/accessory/internal.h"
#include "pairing/suite.h"

#define TRIES_RECORD "pairing/tries"
#define FLAG_TRANSIENT 0x10

mico_err mico_tries_load(struct mico_accessory *acc)
{
    uint8_t record[4];
    size_t len = 0;
    bool found = false;
    mico_err err = mico_store_get(acc->config.store, TRIES_RECORD, record, sizeof record, &len, &found);
    if (err != MICO_OK && err != MICO_ERR_SIZE) {
        return err;
    }
    if (err == MICO_OK && !found) {
        acc->tries = 0;
    } else {
        acc->tries = len == sizeof record ? mico_load_le32(record) : MICO_ACCESSORY_TRIES_MAX; /* fail closed */
    }
    return MICO_OK;
}

mico_err mico_tries_put(struct mico_accessory *acc, uint32_t tries)
{
    uint8_t record[4];
    mico_store_le32(record, tries);
    mico_err err = mico_store_put(acc->config.store, TRIES_RECORD, record, sizeof record);
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "record %s: not written (%s)", TRIES_RECORD, mico_err_name(err));
        return err;
    }
    acc->tries = tries;
    return MICO_OK;
}

static void setup_forget(struct mico_setup *setup)
{
    mico_wipe(setup, sizeof *setup); /* owner NULL, phase idle */
}

void mico_setup_release(struct mico_accessory *acc, const struct mico_connection *conn)
{
    if (acc->setup.owner == conn) {
        setup_forget(&acc->setup);
    }
}

static enum mico_hap_error gate(const struct mico_accessory *acc, const struct mico_connection *conn)
{
    const struct mico_setup *setup = &acc->setup;
    if (mico_controllers_paired(&acc->controllers)) {
        return MICO_HAP_UNAVAILABLE;
    }
    if (acc->tries >= MICO_ACCESSORY_TRIES_MAX) {
        return MICO_HAP_MAX_TRIES;
    }
    bool others = setup->owner != NULL && setup->owner != conn;
    if (others && acc->config.now_ms() - setup->claimed_ms < MICO_ACCESSORY_CLAIM_MS) {
        return MICO_HAP_BUSY;
    }
    return MICO_HAP_OK;
}

static enum mico_hap_error m1(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_tlv8 *in,
                              struct mico_writer *out)
{
    struct mico_setup *setup = &acc->setup;
    enum mico_hap_error refused = gate(acc, conn);
    if (refused != MICO_HAP_OK) {
        return refused;
    }
    int method = mico_tlv8_byte(in, MICO_TLV8_METHOD);
    bool certified = method == MICO_METHOD_PAIR_SETUP_WITH_AUTH && acc->config.chain.len > 0;
    bool transient = in->has[MICO_TLV8_FLAGS] && in->value[MICO_TLV8_FLAGS].len > 0 &&
                     (in->value[MICO_TLV8_FLAGS].data[0] & FLAG_TRANSIENT) != 0;
    if ((method != MICO_METHOD_PAIR_SETUP && !certified) || transient) {
        return MICO_HAP_UNKNOWN;
    }
    uint64_t now_ms = acc->config.now_ms();
    bool claimed = setup->owner == conn && now_ms - setup->claimed_ms < MICO_ACCESSORY_CLAIM_MS;
    uint64_t claimed_ms = claimed ? setup->claimed_ms : now_ms; /* restarting keeps nobody out for longer */
    setup_forget(setup);
    setup->owner = conn;
    setup->claimed_ms = claimed_ms;
    setup->method = (uint8_t)method;
    uint8_t public_key[MICO_SRP_SIZE];
    mico_err err = mico_srp_server_start(&setup->srp, acc->config.setup_salt, acc->config.setup_verifier, public_key);
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "pair-setup M1: SRP did not start (%s)", mico_err_name(err));
        return MICO_HAP_UNKNOWN;
    }
    mico_tlv8_put(out, MICO_TLV8_PUBLIC_KEY, public_key, sizeof public_key);
    mico_tlv8_put(out, MICO_TLV8_SALT, acc->config.setup_salt, MICO_SRP_SALT_SIZE);
    setup->phase = MICO_SETUP_WANTS_M3;
    return MICO_HAP_OK;
}

/* {Signature over challenge | id | LTPK, Certificate}: binds the device certificate to this run and to the LTPK. */
static mico_err put_certificate(struct mico_accessory *acc, struct mico_writer *out)
{
    uint8_t challenge[32], signature[MICO_HAP_SIGNATURE];
    struct mico_hap_statement statement = {
        challenge, {(const uint8_t *)acc->config.device_id, MICO_ACCESSORY_ID_SIZE}, acc->config.ltpk};
    mico_err err = mico_hap_hkdf((struct mico_span)MICO_SPAN(acc->setup.secret), "MFi-Pair-Setup-Salt",
                                 "MFi-Pair-Setup-Info", challenge, sizeof challenge);
    if (err == MICO_OK) {
        err = mico_hap_sign(acc->config.identity_key, &statement, signature);
    }
    struct mico_writer w = mico_writer_of(acc->work.tlv.text, sizeof acc->work.tlv.text);
    if (err == MICO_OK) {
        mico_tlv8_put(&w, MICO_TLV8_SIGNATURE, signature, sizeof signature);
        mico_tlv8_put(&w, MICO_TLV8_CERTIFICATE, acc->config.chain.data, acc->config.chain.len);
        err = mico_hap_seal(acc->setup.key, "PS-Msg04", (struct mico_span){w.out, w.len}, acc->work.tlv.sealed);
    }
    mico_wipe(challenge, sizeof challenge);
    if (err == MICO_OK) {
        mico_tlv8_put(out, MICO_TLV8_ENCRYPTED_DATA, acc->work.tlv.sealed, w.len + MICO_HAP_TAG);
    }
    return err;
}

/* The controller's proof: right or wrong, and a charge either way until it is right. */
static enum mico_hap_error judge(struct mico_accessory *acc, const struct mico_tlv8 *in, uint8_t proof[MICO_SRP_PROOF_SIZE])
{
    struct mico_setup *setup = &acc->setup;
    if (acc->tries >= MICO_ACCESSORY_TRIES_MAX) {
        return MICO_HAP_MAX_TRIES;
    }
    if (mico_tries_put(acc, acc->tries + 1) != MICO_OK) {
        return MICO_HAP_UNKNOWN;
    }
    mico_err err = MICO_ERR_AUTH;
    if (in->has[MICO_TLV8_PUBLIC_KEY] && mico_tlv8_is(in, MICO_TLV8_PROOF, MICO_SRP_PROOF_SIZE)) {
        err = mico_srp_server_finish(&setup->srp, in->value[MICO_TLV8_PUBLIC_KEY], in->value[MICO_TLV8_PROOF].data, proof,
                                     setup->secret);
    }
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "pair-setup M3: wrong setup code, try %u of %d", (unsigned)acc->tries,
                 MICO_ACCESSORY_TRIES_MAX);
        return MICO_HAP_AUTHENTICATION;
    }
    return mico_tries_put(acc, 0) == MICO_OK ? MICO_HAP_OK : MICO_HAP_UNKNOWN;
}

static enum mico_hap_error m3(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_tlv8 *in,
                              struct mico_writer *out)
{
    struct mico_setup *setup = &acc->setup;
    uint8_t proof[MICO_SRP_PROOF_SIZE];
    enum mico_hap_error refused = judge(acc, in, proof);
    if (refused != MICO_HAP_OK) {
        return refused;
    }
    mico_tlv8_put(out, MICO_TLV8_PROOF, proof, sizeof proof);
    mico_err err = mico_hap_hkdf((struct mico_span)MICO_SPAN(setup->secret), "Pair-Setup-Encrypt-Salt",
                                 "Pair-Setup-Encrypt-Info", setup->key, sizeof setup->key);
    if (err == MICO_OK && setup->method == MICO_METHOD_PAIR_SETUP_WITH_AUTH) {
        err = put_certificate(acc, out);
    }
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "pair-setup M4: not made (%s)", mico_err_name(err));
        return MICO_HAP_UNKNOWN;
    }
    setup->phase = MICO_SETUP_WANTS_M5;
    return MICO_HAP_OK;
}

/* Open M5 and check that the controller holds the key it shows. info points into work.tlv.text. */
static enum mico_hap_error open_m5(struct mico_accessory *acc, const struct mico_tlv8 *in, struct mico_tlv8 *info)
{
    struct mico_span sealed = in->value[MICO_TLV8_ENCRYPTED_DATA];
    uint8_t *text = acc->work.tlv.text;
    if (sealed.len > sizeof acc->work.tlv.text ||
        mico_hap_open(acc->setup.key, "PS-Msg05", sealed, text) != MICO_OK ||
        mico_tlv8_parse(text, sealed.len - MICO_HAP_TAG, info, NULL) != MICO_OK ||
        !mico_tlv8_is(info, MICO_TLV8_PUBLIC_KEY, 32)) {
        return MICO_HAP_AUTHENTICATION;
    }
    uint8_t first[32];
    struct mico_hap_statement statement = {first, info->value[MICO_TLV8_IDENTIFIER], info->value[MICO_TLV8_PUBLIC_KEY].data};
    mico_err err = mico_hap_hkdf((struct mico_span)MICO_SPAN(acc->setup.secret), "Pair-Setup-Controller-Sign-Salt",
                                 "Pair-Setup-Controller-Sign-Info", first, sizeof first);
    if (err == MICO_OK) {
        err = mico_hap_verify(statement.last, &statement, info->value[MICO_TLV8_SIGNATURE]);
    }
    mico_wipe(first, sizeof first);
    return err == MICO_OK ? MICO_HAP_OK : MICO_HAP_AUTHENTICATION;
}

static mico_err put_m6(struct mico_accessory *acc, struct mico_writer *out)
{
    uint8_t first[32], signature[MICO_HAP_SIGNATURE];
    struct mico_span id = {(const uint8_t *)acc->config.device_id, MICO_ACCESSORY_ID_SIZE};
    struct mico_hap_statement statement = {first, id, acc->config.ltpk};
    mico_err err = mico_hap_hkdf((struct mico_span)MICO_SPAN(acc->setup.secret), "Pair-Setup-Accessory-Sign-Salt",
                                 "Pair-Setup-Accessory-Sign-Info", first, sizeof first);
    if (err == MICO_OK) {
        err = mico_hap_sign(acc->config.pairing_key, &statement, signature);
    }
    mico_wipe(first, sizeof first);
    struct mico_writer w = mico_writer_of(acc->work.tlv.text, sizeof acc->work.tlv.text);
    if (err == MICO_OK) {
        mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, id.data, id.len);
        mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, acc->config.ltpk, 32);
        mico_tlv8_put(&w, MICO_TLV8_SIGNATURE, signature, sizeof signature);
        err = mico_hap_seal(acc->setup.key, "PS-Msg06", (struct mico_span){w.out, w.len}, acc->work.tlv.sealed);
    }
    if (err == MICO_OK) {
        mico_tlv8_put(out, MICO_TLV8_ENCRYPTED_DATA, acc->work.tlv.sealed, w.len + MICO_HAP_TAG);
    }
    return err;
}

static enum mico_hap_error m5(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_tlv8 *in,
                              struct mico_writer *out)
{
    struct mico_tlv8 info;
    enum mico_hap_error refused = open_m5(acc, in, &info);
    if (refused != MICO_HAP_OK) {
        MICO_LOG("Pairing", "pair-setup M5: the controller's identity does not check");
        return refused;
    }
    struct mico_controller peer; /* put_m6 reuses the memory that info points to */
    memcpy(peer.public_key, info.value[MICO_TLV8_PUBLIC_KEY].data, 32);
    peer.id_len = (uint8_t)info.value[MICO_TLV8_IDENTIFIER].len;
    memcpy(peer.id, info.value[MICO_TLV8_IDENTIFIER].data, peer.id_len);
    mico_err err = put_m6(acc, out);
    if (err == MICO_OK) {
        err = mico_controllers_begin(&acc->controllers, (struct mico_span){peer.id, peer.id_len}, peer.public_key);
        mico_end_sessions_without_pairing(acc);
    }
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "pair-setup M6: not made (%s)", mico_err_name(err));
        return err == MICO_ERR_STATE ? MICO_HAP_UNAVAILABLE : MICO_HAP_UNKNOWN;
    }
    setup_forget(&acc->setup);
    return MICO_HAP_OK;
}

static const struct step {
    uint8_t state;
    bool anytime;
    enum mico_setup_phase phase;
    enum mico_hap_error (*act)(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_tlv8 *in,
                               struct mico_writer *out);
} steps[] = {
    {1, true, MICO_SETUP_IDLE, m1},
    {3, false, MICO_SETUP_WANTS_M3, m3},
    {5, false, MICO_SETUP_WANTS_M5, m5},
};

static enum mico_hap_error act(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_tlv8 *in,
                               int state, struct mico_writer *out)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        bool in_turn = acc->setup.owner == conn && acc->setup.phase == steps[i].phase;
        if (steps[i].state == state && (steps[i].anytime || in_turn)) {
            return steps[i].act(acc, conn, in, out);
        }
    }
    return MICO_HAP_UNKNOWN;
}

void mico_setup_handle(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    struct mico_tlv8 in;
    mico_err err = mico_tlv8_parse(conn->request.body, conn->request.body_len, &in, NULL);
    int state = err == MICO_OK ? mico_tlv8_byte(&in, MICO_TLV8_STATE) : -1;
    if (state < 0) {
        mico_answer_malformed(response);
        return;
    }
    response->type = MICO_TYPE_TLV8;
    mico_tlv8_put_byte(&response->body, MICO_TLV8_STATE, (uint8_t)(state + 1));
    enum mico_hap_error refused = act(acc, conn, &in, state, &response->body);
    if (refused != MICO_HAP_OK) {
        mico_setup_release(acc, conn);
        mico_answer_error(response, (uint8_t)(state + 1), refused);
    }
}
