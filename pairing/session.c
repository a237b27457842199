/* SPDX-License-Identifier: Apache-2.0 */
/* Session keys and frames; see session.h. */
#include "pairing/session.h"

#include <string.h>

#include "pairing/suite.h"

#define LENGTH_SIZE 2
#define ACCESSORY_TO_CONTROLLER "Control-Read-Encryption-Key"
#define CONTROLLER_TO_ACCESSORY "Control-Write-Encryption-Key"

static mico_err make_key(const uint8_t shared[32], const char *info, psa_key_usage_t usage, psa_key_id_t *id)
{
    uint8_t key[32];
    mico_err err = mico_hap_hkdf((struct mico_span){shared, 32}, "Control-Salt", info, key, sizeof key);
    if (err == MICO_OK) {
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        psa_set_key_type(&attributes, PSA_KEY_TYPE_CHACHA20);
        psa_set_key_bits(&attributes, 256);
        psa_set_key_usage_flags(&attributes, usage);
        psa_set_key_algorithm(&attributes, PSA_ALG_CHACHA20_POLY1305);
        err = psa_import_key(&attributes, key, sizeof key, id) == PSA_SUCCESS ? MICO_OK : MICO_ERR_CRYPTO;
    }
    mico_wipe(key, sizeof key);
    return err;
}

mico_err mico_session_start(struct mico_session *session, const uint8_t shared[32], enum mico_session_role role)
{
    bool accessory = role == MICO_SESSION_ACCESSORY;
    mico_session_end(session);
    mico_err err = make_key(shared, accessory ? CONTROLLER_TO_ACCESSORY : ACCESSORY_TO_CONTROLLER,
                            PSA_KEY_USAGE_DECRYPT, &session->receive_key);
    if (err == MICO_OK) {
        err = make_key(shared, accessory ? ACCESSORY_TO_CONTROLLER : CONTROLLER_TO_ACCESSORY, PSA_KEY_USAGE_ENCRYPT,
                       &session->send_key);
    }
    if (err != MICO_OK) {
        mico_session_end(session);
        return err;
    }
    session->open = true;
    return MICO_OK;
}

void mico_session_end(struct mico_session *session)
{
    (void)psa_destroy_key(session->receive_key); /* destroying the null key does nothing */
    (void)psa_destroy_key(session->send_key);
    memset(session, 0, sizeof *session);
}

static void nonce_of(uint64_t counter, uint8_t nonce[12])
{
    memset(nonce, 0, 4);
    mico_store_le64(nonce + 4, counter);
}

/* Bytes of the whole frame, as far as is known yet: without its length field, that much. */
static size_t frame_wants(const struct mico_session *session)
{
    if (session->have < LENGTH_SIZE) {
        return LENGTH_SIZE;
    }
    return LENGTH_SIZE + (size_t)mico_load_le16(session->frame) + MICO_HAP_TAG;
}

static mico_err open_frame(struct mico_session *session, uint8_t *text, size_t *text_len)
{
    if (session->received == UINT64_MAX) {
        return MICO_ERR_STATE;
    }
    uint8_t nonce[12];
    nonce_of(session->received, nonce);
    psa_status_t status = psa_aead_decrypt(session->receive_key, PSA_ALG_CHACHA20_POLY1305, nonce, sizeof nonce,
                                           session->frame, LENGTH_SIZE, session->frame + LENGTH_SIZE,
                                           session->have - LENGTH_SIZE, text, MICO_FRAME_TEXT_MAX, text_len);
    if (status != PSA_SUCCESS) {
        *text_len = 0;
        return MICO_ERR_AUTH;
    }
    session->received++;
    session->have = 0;
    return MICO_OK;
}

mico_err mico_session_receive(struct mico_session *session, const uint8_t *data, size_t len, size_t *used,
                              uint8_t text[MICO_FRAME_TEXT_MAX], size_t *text_len)
{
    *used = 0;
    *text_len = 0;
    if (!session->open) {
        return MICO_ERR_STATE;
    }
    while (*used < len) {
        size_t wants = frame_wants(session); /* the length field first, then the frame */
        size_t take = wants - session->have < len - *used ? wants - session->have : len - *used;
        memcpy(session->frame + session->have, data + *used, take);
        session->have += take;
        *used += take;
        if (session->have == LENGTH_SIZE) {
            uint16_t announced = mico_load_le16(session->frame);
            if (announced == 0 || announced > MICO_FRAME_TEXT_MAX) {
                return MICO_ERR_FORMAT;
            }
        }
        if (session->have > LENGTH_SIZE && session->have == frame_wants(session)) {
            return open_frame(session, text, text_len);
        }
    }
    return MICO_OK;
}

mico_err mico_session_seal(struct mico_session *session, const uint8_t *text, size_t text_len,
                           uint8_t frame[MICO_FRAME_MAX], size_t *frame_len)
{
    *frame_len = 0;
    if (text_len == 0 || text_len > MICO_FRAME_TEXT_MAX) {
        return MICO_ERR_SIZE;
    }
    if (!session->open || session->sent == UINT64_MAX) {
        return MICO_ERR_STATE;
    }
    uint8_t nonce[12];
    nonce_of(session->sent, nonce);
    mico_store_le16(frame, (uint16_t)text_len);
    size_t sealed_len = 0;
    psa_status_t status = psa_aead_encrypt(session->send_key, PSA_ALG_CHACHA20_POLY1305, nonce, sizeof nonce, frame,
                                           LENGTH_SIZE, text, text_len, frame + LENGTH_SIZE,
                                           MICO_FRAME_MAX - LENGTH_SIZE, &sealed_len);
    if (status != PSA_SUCCESS) {
        return MICO_ERR_CRYPTO;
    }
    session->sent++;
    *frame_len = LENGTH_SIZE + sealed_len;
    return MICO_OK;
}
