/* SPDX-License-Identifier: Apache-2.0 */
/* The suite and the session against vectors/hap-vectors.json, and frames as an attacker would send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "pairing/session.h"
#include "pairing/suite.h"
#include "pairing/tlv8.h"

static cJSON *vectors;

static int load(void **state)
{
    static char text[65536];
    FILE *file = fopen(MICO_SOURCE_DIR "/pairing/vectors/hap-vectors.json", "r");
    if (file == NULL || psa_crypto_init() != PSA_SUCCESS) {
        return -1;
    }
    size_t len = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[len] = '\0';
    vectors = cJSON_Parse(text);
    return vectors != NULL ? 0 : -1;
}

static int unload(void **state)
{
    cJSON_Delete(vectors);
    return 0;
}

static const char *string_at(const char *group, const char *name)
{
    const cJSON *item = cJSON_GetObjectItem(cJSON_GetObjectItem(vectors, group), name);
    assert_true(cJSON_IsString(item));
    return item->valuestring;
}

/* Bytes of a hexadecimal string, in one of a few static buffers. */
static struct mico_span unhex(const char *hex)
{
    static uint8_t buffers[8][1200];
    static unsigned turn;
    uint8_t *out = buffers[turn++ % 8];
    size_t len = strlen(hex) / 2;
    assert_true(len <= sizeof buffers[0]);
    assert_int_equal(mico_unhex(hex, out, len), MICO_OK);
    return (struct mico_span){out, len};
}

static struct mico_span bytes_at(const char *group, const char *name)
{
    return unhex(string_at(group, name));
}

static struct mico_span srp_key(void)
{
    const cJSON *run = cJSON_GetArrayItem(cJSON_GetObjectItem(vectors, "srp"), 1);
    return unhex(cJSON_GetObjectItem(cJSON_GetObjectItem(run, "padded"), "K")->valuestring);
}

static void assert_hkdf(struct mico_span secret, const char *salt, const char *info, const char *group, const char *name)
{
    uint8_t out[32];
    struct mico_span want = bytes_at(group, name);
    assert_int_equal(mico_hap_hkdf(secret, salt, info, out, want.len), MICO_OK);
    assert_memory_equal(out, want.data, want.len);
}

static void keys_of_pair_setup_are_the_vectors(void **state)
{
    struct mico_span secret = srp_key();
    assert_hkdf(secret, "Pair-Setup-Encrypt-Salt", "Pair-Setup-Encrypt-Info", "pairSetup", "sessionKey");
    assert_hkdf(secret, "Pair-Setup-Controller-Sign-Salt", "Pair-Setup-Controller-Sign-Info", "pairSetup", "controllerX");
    assert_hkdf(secret, "Pair-Setup-Accessory-Sign-Salt", "Pair-Setup-Accessory-Sign-Info", "pairSetup", "accessoryX");
    assert_hkdf(secret, "MFi-Pair-Setup-Salt", "MFi-Pair-Setup-Info", "pairSetup", "mfiChallenge");
}

static psa_key_id_t import(psa_ecc_family_t family, psa_key_usage_t usage, psa_algorithm_t alg, struct mico_span seed)
{
    psa_key_id_t key;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(family));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, alg);
    assert_int_equal(psa_import_key(&attributes, seed.data, seed.len, &key), PSA_SUCCESS);
    return key;
}

/* A sealed message of the vectors: opens to its text, whose text seals to it. */
static void assert_message(const char *group, const char *message, const char *text_name, const char *nonce)
{
    uint8_t wire[400], text[400], sealed[400];
    struct mico_tlv8 outer;
    struct mico_span message_bytes = bytes_at(group, message), want = bytes_at(group, text_name);
    struct mico_span key = bytes_at(group, "sessionKey");
    memcpy(wire, message_bytes.data, message_bytes.len);
    assert_int_equal(mico_tlv8_parse(wire, message_bytes.len, &outer, NULL), MICO_OK);
    struct mico_span in = outer.value[MICO_TLV8_ENCRYPTED_DATA];
    assert_int_equal(in.len, want.len + MICO_HAP_TAG);
    assert_int_equal(mico_hap_open(key.data, nonce, in, text), MICO_OK);
    assert_memory_equal(text, want.data, want.len);
    assert_int_equal(mico_hap_seal(key.data, nonce, want, sealed), MICO_OK);
    assert_memory_equal(sealed, in.data, in.len);
}

static void sealed_messages_are_the_vectors(void **state)
{
    assert_message("pairSetup", "m5", "m5Sub", "PS-Msg05");
    assert_message("pairSetup", "m6", "m6Sub", "PS-Msg06");
    assert_message("pairVerify", "m2", "m2Sub", "PV-Msg02");
    assert_message("pairVerify", "m3", "m3Sub", "PV-Msg03");
}

/* The signature in a sub-TLV is what the seed's key makes over first | id | its public key, and verifies. */
static void assert_signature(const char *text_name, const char *seed, const char *first)
{
    uint8_t copy[300], public_key[32], signature[64];
    size_t len;
    struct mico_tlv8 info;
    struct mico_span text = bytes_at("pairSetup", text_name);
    memcpy(copy, text.data, text.len);
    assert_int_equal(mico_tlv8_parse(copy, text.len, &info, NULL), MICO_OK);
    psa_key_id_t key = import(PSA_ECC_FAMILY_TWISTED_EDWARDS, PSA_KEY_USAGE_SIGN_MESSAGE, PSA_ALG_PURE_EDDSA,
                              bytes_at("pairSetup", seed));
    assert_int_equal(psa_export_public_key(key, public_key, sizeof public_key, &len), PSA_SUCCESS);
    assert_memory_equal(public_key, info.value[MICO_TLV8_PUBLIC_KEY].data, 32);
    struct mico_span first_bytes = bytes_at("pairSetup", first);
    struct mico_hap_statement statement = {first_bytes.data, info.value[MICO_TLV8_IDENTIFIER], public_key};
    assert_int_equal(mico_hap_sign(key, &statement, signature), MICO_OK);
    assert_memory_equal(signature, info.value[MICO_TLV8_SIGNATURE].data, 64);
    assert_int_equal(mico_hap_verify(public_key, &statement, (struct mico_span)MICO_SPAN(signature)), MICO_OK);
    signature[5] ^= 1;
    assert_int_equal(mico_hap_verify(public_key, &statement, (struct mico_span)MICO_SPAN(signature)), MICO_ERR_AUTH);
    assert_int_equal(mico_hap_verify(public_key, &statement, (struct mico_span){signature, 63}), MICO_ERR_AUTH);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static void signatures_of_pair_setup_are_the_vectors(void **state)
{
    assert_signature("m5Sub", "controllerSeed", "controllerX");
    assert_signature("m6Sub", "accessorySeed", "accessoryX");
}

static void shared_secret_of_pair_verify_is_the_vector(void **state)
{
    uint8_t peer[32], shared[32];
    size_t len;
    psa_key_id_t a = import(PSA_ECC_FAMILY_MONTGOMERY, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, bytes_at("pairVerify", "accessoryX"));
    psa_key_id_t c = import(PSA_ECC_FAMILY_MONTGOMERY, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, bytes_at("pairVerify", "controllerX"));
    assert_int_equal(psa_export_public_key(c, peer, sizeof peer, &len), PSA_SUCCESS);
    assert_int_equal(mico_hap_agree(a, (struct mico_span)MICO_SPAN(peer), shared), MICO_OK);
    assert_memory_equal(shared, bytes_at("pairVerify", "shared").data, 32);
    assert_hkdf((struct mico_span)MICO_SPAN(shared), "Pair-Verify-Encrypt-Salt", "Pair-Verify-Encrypt-Info", "pairVerify",
                "sessionKey");
    assert_int_equal(psa_destroy_key(a), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(c), PSA_SUCCESS);
}

static void low_order_peers_are_refused(void **state)
{
    static const char *const low_order[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    psa_key_id_t key;
    uint8_t public_key[32], shared[32];
    assert_int_equal(mico_hap_ephemeral(&key, public_key), MICO_OK);
    for (size_t i = 0; i < sizeof low_order / sizeof low_order[0]; i++) {
        memset(shared, 1, sizeof shared);
        assert_int_not_equal(mico_hap_agree(key, unhex(low_order[i]), shared), MICO_OK);
        assert_true(mico_ct_is_zero(shared, sizeof shared));
    }
    assert_int_not_equal(mico_hap_agree(key, (struct mico_span){public_key, 31}, shared), MICO_OK);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

/* Both ends of the vectors' session. */
static struct mico_session accessory, controller;

static int open_session(void **state)
{
    struct mico_span shared = bytes_at("pairVerify", "shared");
    bool fine = mico_session_start(&accessory, shared.data, MICO_SESSION_ACCESSORY) == MICO_OK &&
                mico_session_start(&controller, shared.data, MICO_SESSION_CONTROLLER) == MICO_OK;
    return fine ? 0 : -1;
}

static int close_session(void **state)
{
    mico_session_end(&accessory);
    mico_session_end(&controller);
    return 0;
}

static void assert_frame(char letter, size_t text_len, const char *want_hex)
{
    uint8_t text[MICO_FRAME_TEXT_MAX], frame[MICO_FRAME_MAX];
    size_t frame_len;
    memset(text, letter, sizeof text);
    struct mico_span want = unhex(want_hex);
    assert_int_equal(mico_session_seal(&controller, text, text_len, frame, &frame_len), MICO_OK);
    assert_int_equal(frame_len, want.len);
    assert_memory_equal(frame, want.data, want.len);
}

static void frames_are_the_vectors(void **state)
{
    const cJSON *group = cJSON_GetObjectItem(vectors, "frames");
    const cJSON *frames = cJSON_GetObjectItem(group, "frames");
    assert_frame('a', 1024, cJSON_GetArrayItem(frames, 0)->valuestring);
    assert_frame('a', 1500 - 1024, cJSON_GetArrayItem(frames, 1)->valuestring);
    controller.sent = 256;
    assert_frame('x', 1, cJSON_GetObjectItem(group, "counter256")->valuestring);
}

/* Feed data in pieces; the last error, text appended. */
static mico_err receive(const uint8_t *data, size_t len, size_t piece, uint8_t *text, size_t *text_len)
{
    *text_len = 0;
    for (size_t at = 0; at < len;) {
        size_t used, got;
        size_t step = piece < len - at ? piece : len - at;
        mico_err err = mico_session_receive(&accessory, data + at, step, &used, text + *text_len, &got);
        if (err != MICO_OK) {
            return err;
        }
        at += used;
        *text_len += got;
    }
    return MICO_OK;
}

static void frames_arrive_split_at_any_byte(void **state)
{
    uint8_t wire[3 * MICO_FRAME_MAX], text[3 * MICO_FRAME_TEXT_MAX];
    for (size_t piece = 1; piece < 60; piece++) {
        size_t len = 0, frame_len, text_len;
        for (int i = 0; i < 3; i++) {
            assert_int_equal(mico_session_seal(&controller, (const uint8_t *)"one two three" + 4 * i, 4, wire + len, &frame_len),
                             MICO_OK);
            len += frame_len;
        }
        assert_int_equal(receive(wire, len, piece, text, &text_len), MICO_OK);
        assert_int_equal(text_len, 12);
        assert_memory_equal(text, "one two thre", 12);
    }
}

static size_t seal_hello(uint8_t frame[MICO_FRAME_MAX])
{
    size_t frame_len;
    assert_int_equal(mico_session_seal(&controller, (const uint8_t *)"hello", 5, frame, &frame_len), MICO_OK);
    return frame_len;
}

static void frame_with_any_bit_altered_is_refused(void **state)
{
    uint8_t frame[MICO_FRAME_MAX], bad[MICO_FRAME_MAX + 256] = {0}, text[MICO_FRAME_TEXT_MAX];
    size_t len = seal_hello(frame), text_len;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        memcpy(bad, frame, len);
        bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
        size_t bad_len = mico_load_le16(bad) == 5 ? len : sizeof bad; /* a longer one goes on arriving */
        mico_err err = receive(bad, bad_len, 7, text, &text_len);
        assert_true(err == MICO_ERR_AUTH || err == MICO_ERR_FORMAT);
        assert_int_equal(text_len, 0);
        (void)close_session(state);
        assert_int_equal(open_session(state), 0);
        (void)seal_hello(frame);
    }
}

static void replayed_skipped_and_foreign_frames_are_refused(void **state)
{
    uint8_t first[MICO_FRAME_MAX], second[MICO_FRAME_MAX], text[MICO_FRAME_TEXT_MAX];
    size_t len = seal_hello(first), text_len;
    (void)seal_hello(second);
    assert_int_equal(receive(first, len, len, text, &text_len), MICO_OK);
    assert_int_equal(receive(first, len, len, text, &text_len), MICO_ERR_AUTH); /* replayed */
    assert_int_equal(close_session(state), 0);
    assert_int_equal(open_session(state), 0);
    assert_int_equal(receive(second, len, len, text, &text_len), MICO_ERR_AUTH); /* skipped */
    assert_int_equal(close_session(state), 0);
    assert_int_equal(open_session(state), 0);
    size_t reflected_len;
    assert_int_equal(mico_session_seal(&accessory, (const uint8_t *)"x", 1, first, &reflected_len), MICO_OK);
    assert_int_equal(receive(first, reflected_len, len, text, &text_len), MICO_ERR_AUTH); /* the other direction's */
    uint8_t other[32] = {1};
    assert_int_equal(close_session(state), 0);
    assert_int_equal(open_session(state), 0);
    assert_int_equal(mico_session_start(&controller, other, MICO_SESSION_CONTROLLER), MICO_OK);
    (void)seal_hello(first);
    assert_int_equal(receive(first, len, len, text, &text_len), MICO_ERR_AUTH); /* another session's */
}

static void lengths_of_0_1025_and_65535_are_refused_at_once(void **state)
{
    static const uint16_t lengths[] = {0, 1025, 65535};
    uint8_t field[2], text[MICO_FRAME_TEXT_MAX];
    size_t text_len, frame_len;
    for (int i = 0; i < 3; i++) {
        mico_store_le16(field, lengths[i]);
        assert_int_equal(receive(field, 2, 1, text, &text_len), MICO_ERR_FORMAT);
        assert_int_equal(close_session(state), 0);
        assert_int_equal(open_session(state), 0);
    }
    uint8_t frame[MICO_FRAME_MAX];
    assert_int_equal(mico_session_seal(&controller, text, 0, frame, &frame_len), MICO_ERR_SIZE);
    assert_int_equal(mico_session_seal(&controller, text, 1025, frame, &frame_len), MICO_ERR_SIZE);
}

static void session_that_is_not_open_or_used_up_does_nothing(void **state)
{
    uint8_t frame[MICO_FRAME_MAX], text[MICO_FRAME_TEXT_MAX];
    size_t len = seal_hello(frame), text_len, frame_len;
    accessory.received = UINT64_MAX;
    assert_int_equal(receive(frame, len, len, text, &text_len), MICO_ERR_STATE);
    controller.sent = UINT64_MAX;
    assert_int_equal(mico_session_seal(&controller, text, 1, frame, &frame_len), MICO_ERR_STATE);
    mico_session_end(&accessory);
    assert_int_equal(receive(frame, len, len, text, &text_len), MICO_ERR_STATE);
    assert_int_equal(mico_session_seal(&accessory, text, 1, frame, &frame_len), MICO_ERR_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_pair_setup_are_the_vectors),
        cmocka_unit_test(sealed_messages_are_the_vectors),
        cmocka_unit_test(signatures_of_pair_setup_are_the_vectors),
        cmocka_unit_test(shared_secret_of_pair_verify_is_the_vector),
        cmocka_unit_test(low_order_peers_are_refused),
        cmocka_unit_test_setup_teardown(frames_are_the_vectors, open_session, close_session),
        cmocka_unit_test_setup_teardown(frames_arrive_split_at_any_byte, open_session, close_session),
        cmocka_unit_test_setup_teardown(frame_with_any_bit_altered_is_refused, open_session, close_session),
        cmocka_unit_test_setup_teardown(replayed_skipped_and_foreign_frames_are_refused, open_session, close_session),
        cmocka_unit_test_setup_teardown(lengths_of_0_1025_and_65535_are_refused_at_once, open_session, close_session),
        cmocka_unit_test_setup_teardown(session_that_is_not_open_or_used_up_does_nothing, open_session, close_session),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
