/* SPDX-License-Identifier: Apache-2.0 */
/* Pair-verify, the accessory's side: M1 to M4; afterwards the connection is encrypted. Facts: docs/PAIRING.md. */
#include <string.h>

#include "base/log.h"
#include "pairing/accessory/internal.h"
#include "pairing/suite.h"

static void verify_forget(struct mico_verify *verify)
{
    mico_wipe(verify, sizeof *verify);
}

/* Ephemeral keys, the shared secret, and the key for EncryptedData. */
static mico_err agree(struct mico_verify *verify, struct mico_span peer)
{
    psa_key_id_t ephemeral;
    mico_err err = mico_hap_ephemeral(&ephemeral, verify->own_public);
    if (err != MICO_OK) {
        return err;
    }
    err = mico_hap_agree(ephemeral, peer, verify->shared);
    (void)psa_destroy_key(ephemeral);
    if (err == MICO_OK) {
        memcpy(verify->peer_public, peer.data, sizeof verify->peer_public);
        err = mico_hap_hkdf((struct mico_span)MICO_SPAN(verify->shared), "Pair-Verify-Encrypt-Salt",
                            "Pair-Verify-Encrypt-Info", verify->key, sizeof verify->key);
    }
    return err;
}

static mico_err put_m2(struct mico_accessory *acc, const struct mico_verify *verify, struct mico_writer *out)
{
    uint8_t signature[MICO_HAP_SIGNATURE];
    struct mico_span id = {(const uint8_t *)acc->config.device_id, MICO_ACCESSORY_ID_SIZE};
    struct mico_hap_statement statement = {verify->own_public, id, verify->peer_public};
    mico_err err = mico_hap_sign(acc->config.pairing_key, &statement, signature);
    if (err != MICO_OK) {
        return err;
    }
    struct mico_writer w = mico_writer_of(acc->work.tlv.text, sizeof acc->work.tlv.text);
    mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, id.data, id.len);
    mico_tlv8_put(&w, MICO_TLV8_SIGNATURE, signature, sizeof signature);
    err = mico_hap_seal(verify->key, "PV-Msg02", (struct mico_span){w.out, w.len}, acc->work.tlv.sealed);
    if (err == MICO_OK) {
        mico_tlv8_put(out, MICO_TLV8_PUBLIC_KEY, verify->own_public, sizeof verify->own_public);
        mico_tlv8_put(out, MICO_TLV8_ENCRYPTED_DATA, acc->work.tlv.sealed, w.len + MICO_HAP_TAG);
    }
    return err;
}

static enum mico_hap_error m1(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_tlv8 *in,
                              struct mico_writer *out)
{
    struct mico_verify *verify = &conn->verify;
    verify_forget(verify);
    if (!mico_tlv8_is(in, MICO_TLV8_PUBLIC_KEY, 32)) {
        return MICO_HAP_AUTHENTICATION;
    }
    mico_err err = agree(verify, in->value[MICO_TLV8_PUBLIC_KEY]);
    if (err == MICO_OK) {
        err = put_m2(acc, verify, out);
    }
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "pair-verify M1: refused (%s)", mico_err_name(err));
        return MICO_HAP_AUTHENTICATION;
    }
    verify->wants_m3 = true;
    return MICO_HAP_OK;
}

/* Open M3 and find the controller whose key signed it; -1 when there is none. */
static int identify_peer(struct mico_accessory *acc, const struct mico_verify *verify, const struct mico_tlv8 *in)
{
    struct mico_span sealed = in->value[MICO_TLV8_ENCRYPTED_DATA];
    struct mico_tlv8 info;
    uint8_t *text = acc->work.tlv.text;
    if (sealed.len > sizeof acc->work.tlv.text || mico_hap_open(verify->key, "PV-Msg03", sealed, text) != MICO_OK ||
        mico_tlv8_parse(text, sealed.len - MICO_HAP_TAG, &info, NULL) != MICO_OK) {
        return -1;
    }
    int slot = mico_controllers_find(&acc->controllers, info.value[MICO_TLV8_IDENTIFIER]);
    if (slot < 0) {
        return -1;
    }
    struct mico_hap_statement statement = {verify->peer_public, info.value[MICO_TLV8_IDENTIFIER], verify->own_public};
    mico_err err = mico_hap_verify(acc->controllers.slot[slot].public_key, &statement, info.value[MICO_TLV8_SIGNATURE]);
    return err == MICO_OK ? slot : -1;
}

static enum mico_hap_error m3(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_tlv8 *in,
                              struct mico_writer *out)
{
    struct mico_verify *verify = &conn->verify;
    if (!verify->wants_m3) {
        return MICO_HAP_UNKNOWN;
    }
    int slot = identify_peer(acc, verify, in);
    if (slot < 0) {
        MICO_LOG("Pairing", "pair-verify M3: not a controller that is paired");
        return MICO_HAP_AUTHENTICATION;
    }
    if (mico_session_start(&conn->session, verify->shared, MICO_SESSION_ACCESSORY) != MICO_OK) {
        return MICO_HAP_UNKNOWN;
    }
    if (mico_controllers_confirm(&acc->controllers, slot) != MICO_OK) {
        mico_session_end(&conn->session);
        return MICO_HAP_UNKNOWN;
    }
    conn->controller = slot;
    verify_forget(verify);
    return MICO_HAP_OK;
}

void mico_verify_handle(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
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
    enum mico_hap_error refused = state == 1   ? m1(acc, conn, &in, &response->body)
                                  : state == 3 ? m3(acc, conn, &in, &response->body)
                                               : MICO_HAP_UNKNOWN;
    if (refused != MICO_HAP_OK) {
        verify_forget(&conn->verify);
        mico_answer_error(response, (uint8_t)(state + 1), refused);
    }
}
