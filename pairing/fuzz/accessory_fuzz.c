/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes to an accessory. The first byte chooses: as they are to an unverified connection; as the plaintext of frames
 * to a verified one; as the JSON of a PUT; as the body of a pairing message (0 to 3 of them); or as what is sealed inside of
 * pair-setup's M5 or pair-verify's M3, where the exchange before them went well. Whatever comes, an accessory nobody paired with
 * stays unpaired, and only the genuine M3 verifies.
 *
 * input: what (1); then bytes. Of a sealed message: odd for bytes, even for the genuine one (1) with changes of place and value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pairing/accessory/internal.h"
#include "pairing/test_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct test_bed bed;
static struct test_link link_to;
static struct mico_session controller;

static void require(int fine)
{
    if (!fine) {
        abort();
    }
}

/* A connection as after a pair-verify by the admin in slot 0. */
static void open_verified(void)
{
    static const uint8_t shared[32] = {1, 2, 3}, key[32] = {9};
    require(mico_controllers_clear(&bed.acc.controllers) == MICO_OK);
    require(mico_controllers_add(&bed.acc.controllers, (struct mico_span){(const uint8_t *)"admin", 5}, key, true) ==
            MICO_OK);
    require(mico_session_start(&link_to.conn.session, shared, MICO_SESSION_ACCESSORY) == MICO_OK);
    require(mico_session_start(&controller, shared, MICO_SESSION_CONTROLLER) == MICO_OK);
    link_to.conn.secure = true;
    link_to.conn.controller = 0;
}

static void send_in_frames(const uint8_t *data, size_t size)
{
    while (size > 0 && !link_to.closed) {
        uint8_t frame[MICO_FRAME_MAX];
        size_t frame_len, piece = size < 700 ? size : 700;
        require(mico_session_seal(&controller, data, piece, frame, &frame_len) == MICO_OK);
        test_link_send(&link_to, frame, frame_len);
        link_to.answer_at = link_to.answer_len; /* seen */
        data += piece;
        size -= piece;
    }
}

static void send_request(const char *line, const uint8_t *body, size_t size, bool secure)
{
    char head[128];
    int head_len = snprintf(head, sizeof head, "%s HTTP/1.1\r\nContent-Length: %zu\r\n\r\n", line, size);
    if (secure) {
        send_in_frames((const uint8_t *)head, (size_t)head_len);
        send_in_frames(body, size);
    } else {
        test_link_send(&link_to, head, (size_t)head_len);
        test_link_send(&link_to, body, size);
        link_to.answer_at = link_to.answer_len;
    }
}

/* Bytes as one or more bodies, each led by its length. */
static void send_bodies(const char *line, const uint8_t *data, size_t size, bool secure)
{
    for (int i = 0; i < 3 && size > 0 && !link_to.closed; i++) {
        size_t len = data[0] < size - 1 ? data[0] : size - 1;
        send_request(line, data + 1, len, secure);
        data += 1 + len;
        size -= 1 + len;
    }
}

/* ---- sealed messages ---- */

#define INNER_MAX 1024

static psa_key_id_t long_term;
static uint8_t long_term_public[32];
static const struct mico_span admin = {(const uint8_t *)"admin", 5};

static void make_long_term(void)
{
    static const uint8_t seed[32] = {7};
    size_t len;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    require(psa_import_key(&attributes, seed, sizeof seed, &long_term) == PSA_SUCCESS);
    require(psa_export_public_key(long_term, long_term_public, sizeof long_term_public, &len) == PSA_SUCCESS);
}

/* What a controller says of itself, as the input changes it. genuine: whether it is as it should be. */
static size_t inner(const struct mico_hap_statement *statement, bool with_key, const uint8_t *data, size_t size,
                    uint8_t out[INNER_MAX], bool *genuine)
{
    uint8_t signature[MICO_HAP_SIGNATURE], good[INNER_MAX];
    *genuine = false;
    if (size > 0 && data[0] % 2 != 0) {
        size_t len = size - 1 < INNER_MAX ? size - 1 : INNER_MAX;
        memcpy(out, data + 1, len);
        return len;
    }
    struct mico_writer w = mico_writer_of(out, INNER_MAX);
    require(mico_hap_sign(long_term, statement, signature) == MICO_OK);
    mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, statement->id.data, statement->id.len);
    if (with_key) {
        mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, long_term_public, sizeof long_term_public);
    }
    mico_tlv8_put(&w, MICO_TLV8_SIGNATURE, signature, sizeof signature);
    memcpy(good, out, w.len);
    for (size_t i = 1; i + 1 < size; i += 2) {
        out[data[i] % w.len] ^= data[i + 1];
    }
    *genuine = memcmp(good, out, w.len) == 0;
    return w.len;
}

static void send_sealed(const char *line, uint8_t state, const uint8_t key[32], const char *nonce, const uint8_t *text,
                        size_t len)
{
    static uint8_t sealed[INNER_MAX + MICO_HAP_TAG], body[2 * INNER_MAX];
    struct mico_writer w = mico_writer_of(body, sizeof body);
    require(mico_hap_seal(key, nonce, (struct mico_span){text, len}, sealed) == MICO_OK);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, state);
    mico_tlv8_put(&w, MICO_TLV8_ENCRYPTED_DATA, sealed, len + MICO_HAP_TAG);
    require(!w.failed);
    send_request(line, body, w.len, false);
}

static void send_m5(const uint8_t *data, size_t size)
{
    uint8_t first[32], text[INNER_MAX];
    bool genuine;
    struct mico_setup *setup = &bed.acc.setup;
    setup->owner = &link_to.conn;
    setup->claimed_ms = bed.acc.config.now_ms();
    setup->phase = MICO_SETUP_WANTS_M5;
    memset(setup->secret, 5, sizeof setup->secret);
    memset(setup->key, 4, sizeof setup->key);
    require(mico_hap_hkdf((struct mico_span)MICO_SPAN(setup->secret), "Pair-Setup-Controller-Sign-Salt",
                          "Pair-Setup-Controller-Sign-Info", first, sizeof first) == MICO_OK);
    struct mico_hap_statement statement = {first, admin, long_term_public};
    size_t len = inner(&statement, true, data, size, text, &genuine);
    uint8_t key[32];
    memcpy(key, setup->key, sizeof key);
    send_sealed("POST /pair-setup", 5, key, "PS-Msg05", text, len);
}

static void send_m3(const uint8_t *data, size_t size)
{
    uint8_t text[INNER_MAX], key[32];
    bool genuine;
    struct mico_verify *verify = &link_to.conn.verify;
    require(mico_controllers_add(&bed.acc.controllers, admin, long_term_public, true) == MICO_OK);
    verify->wants_m3 = true;
    memset(verify->own_public, 1, sizeof verify->own_public);
    memset(verify->peer_public, 2, sizeof verify->peer_public);
    memset(verify->shared, 3, sizeof verify->shared);
    memset(verify->key, 4, sizeof verify->key);
    memcpy(key, verify->key, sizeof key);
    struct mico_hap_statement statement = {verify->peer_public, admin, verify->own_public};
    size_t len = inner(&statement, false, data, size, text, &genuine);
    send_sealed("POST /pair-verify", 3, key, "PV-Msg03", text, len);
    require((link_to.conn.controller == 0) == genuine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    if (!made) {
        test_bed_make(&bed);
        make_long_term();
        made = true;
    }
    if (size == 0 || size > 6000) {
        return 0;
    }
    uint8_t choice = data[0] % 8;
    bool verified = choice == 1 || choice == 2 || choice == 3, paired = verified || choice == 7;
    bed.acc.tries = 0;
    test_link_open(&link_to, &bed);
    require(mico_controllers_clear(&bed.acc.controllers) == MICO_OK);
    if (verified) {
        open_verified();
    }
    switch (choice) {
    case 0:
        link_to.piece = size % 5;
        test_link_send(&link_to, data + 1, size - 1);
        break;
    case 1:
        send_in_frames(data + 1, size - 1);
        break;
    case 2:
        send_request("PUT /characteristics", data + 1, size - 1 < 4096 ? size - 1 : 4096, true);
        break;
    case 3:
        send_bodies("POST /pairings", data + 1, size - 1, true);
        break;
    case 4:
        send_bodies("POST /pair-setup", data + 1, size - 1, false);
        break;
    case 5:
        send_bodies("POST /pair-verify", data + 1, size - 1, false);
        break;
    case 6:
        send_m5(data + 1, size - 1);
        break;
    default:
        send_m3(data + 1, size - 1);
        break;
    }
    test_link_poll(&link_to);
    require(paired || !mico_accessory_paired(&bed.acc));
    mico_session_end(&controller);
    test_link_close(&link_to);
    return 0;
}
