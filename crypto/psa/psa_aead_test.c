/* SPDX-License-Identifier: Apache-2.0 */
/* PSA's rules for AEAD and MAC algorithms with shortened tags, and for policies of a least length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"

#define BOTH (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)
#define SIGN_AND_VERIFY (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define SHORT(alg, len) PSA_ALG_AEAD_WITH_SHORTENED_TAG(alg, len)

static const uint8_t bytes[32] = {5, 6, 7}, nonce[14] = {1}, text[] = "eleven byte";

static psa_key_id_t import(psa_key_type_t type, size_t len, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = test_attributes(type, 0, usage, alg);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, bytes, len, &key), PSA_SUCCESS);
    return key;
}

static void numbers_are_the_specifications(void **state)
{
    assert_int_equal(SHORT(PSA_ALG_CCM, 16), PSA_ALG_CCM);
    assert_int_equal(SHORT(PSA_ALG_GCM, 4), 0x05440200);
    assert_int_equal(SHORT(PSA_ALG_CHACHA20_POLY1305, 16), PSA_ALG_CHACHA20_POLY1305);
    assert_int_equal(PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_CCM, 8), 0x05488100);
    assert_int_equal(PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(PSA_ALG_SHA_256), 10), 0x038A0009);
    assert_int_equal(PSA_ALG_FULL_LENGTH_MAC(0x038A0009), PSA_ALG_HMAC(PSA_ALG_SHA_256));
    assert_int_equal(PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(PSA_ALG_CMAC, 8), 0x03C88200);
    assert_int_equal(PSA_MAC_LENGTH(PSA_KEY_TYPE_AES, 128, PSA_ALG_CMAC), 16);
    assert_int_equal(PSA_MAC_LENGTH(PSA_KEY_TYPE_AES, 128, PSA_ALG_GCM), 0);
    assert_int_equal(PSA_AEAD_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, SHORT(PSA_ALG_CCM, 6), 10), 16);
    assert_int_equal(PSA_AEAD_DECRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, SHORT(PSA_ALG_CCM, 6), 5), 0);
    assert_int_equal(PSA_AEAD_NONCE_LENGTH(PSA_KEY_TYPE_AES, SHORT(PSA_ALG_CCM, 6)), 13);
    assert_int_equal(PSA_AEAD_TAG_LENGTH(PSA_KEY_TYPE_AES, 128, SHORT(PSA_ALG_GCM, 12)), 12);
}

/* Sizes exactly right and one short, in place and apart, an altered byte anywhere. */
static void round_trip(psa_algorithm_t alg, size_t tag)
{
    psa_key_id_t key = import(PSA_KEY_TYPE_AES, 16, BOTH, alg);
    uint8_t sealed[27], back[27];
    size_t len = 9, n = sizeof text - 1;
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, bytes, 3, text, n, sealed, n + tag - 1, &len),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(len, 0);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, bytes, 3, text, n, sealed, n + tag, &len), PSA_SUCCESS);
    assert_int_equal(len, PSA_AEAD_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, alg, n));
    memcpy(back, text, n);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, bytes, 3, back, n, back, n + tag, &len), PSA_SUCCESS);
    assert_memory_equal(back, sealed, n + tag);
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, bytes, 3, sealed, n + tag, back, n - 1, &len),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, bytes, 3, sealed, n + tag, back, n, &len), PSA_SUCCESS);
    assert_int_equal(len, n);
    assert_memory_equal(back, text, n);
    for (size_t i = 0; i < n + tag; i++) {
        sealed[i] ^= 1;
        memset(back, 7, sizeof back);
        assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, bytes, 3, sealed, n + tag, back, n, &len),
                         PSA_ERROR_INVALID_SIGNATURE);
        assert_true(len == 0 && mico_ct_is_zero(back, n));
        sealed[i] ^= 1;
    }
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, bytes, 3, sealed, tag - 1, back, n, &len),
                     PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, bytes, 2, sealed, n + tag, back, n, &len),
                     PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 0, bytes, 3, text, n, sealed, 27, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static void every_tag_length_seals_and_opens(void **state)
{
    for (size_t tag = 4; tag <= 16; tag++) {
        if (tag % 2 == 0) {
            round_trip(SHORT(PSA_ALG_CCM, tag), tag);
        }
        if (tag == 4 || tag == 8 || tag >= 12) {
            round_trip(SHORT(PSA_ALG_GCM, tag), tag);
        }
    }
}

static void tags_that_no_standard_has_are_refused(void **state)
{
    static const psa_algorithm_t algs[] = {SHORT(PSA_ALG_CCM, 5),
                                           SHORT(PSA_ALG_CCM, 2),
                                           SHORT(PSA_ALG_CCM, 18),
                                           SHORT(PSA_ALG_GCM, 5),
                                           SHORT(PSA_ALG_GCM, 11),
                                           SHORT(PSA_ALG_GCM, 17),
                                           SHORT(PSA_ALG_CHACHA20_POLY1305, 12),
                                           PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_GCM, 16)};
    uint8_t out[64];
    size_t len;
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        psa_key_id_t key = import(PSA_KEY_TYPE_AES, 16, BOTH, algs[i]);
        assert_int_equal(psa_aead_encrypt(key, algs[i], nonce, 12, NULL, 0, text, 5, out, 64, &len),
                         PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void keys_and_nonces_must_fit_the_algorithm(void **state)
{
    psa_key_id_t chacha = import(PSA_KEY_TYPE_CHACHA20, 32, BOTH, PSA_ALG_GCM);
    psa_key_id_t ccm = import(PSA_KEY_TYPE_AES, 32, BOTH, PSA_ALG_CCM);
    uint8_t out[64];
    size_t len;
    assert_int_equal(psa_aead_encrypt(chacha, PSA_ALG_GCM, nonce, 12, NULL, 0, text, 5, out, 64, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    for (size_t n = 0; n <= 14; n++) {
        assert_int_equal(psa_aead_encrypt(ccm, PSA_ALG_CCM, nonce, n, NULL, 0, text, 5, out, 64, &len),
                         n >= 7 && n <= 13 ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT);
    }
    assert_int_equal(psa_aead_encrypt(ccm, PSA_ALG_GCM, nonce, 12, NULL, 0, text, 5, out, 64, &len),
                     PSA_ERROR_NOT_PERMITTED);
    psa_destroy_key(chacha);
    psa_destroy_key(ccm);
}

static void a_policy_of_a_least_tag_permits_longer_ones_only(void **state)
{
    psa_key_id_t key = import(PSA_KEY_TYPE_AES, 16, BOTH, PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_CCM, 8));
    uint8_t out[64];
    size_t len;
    for (size_t tag = 4; tag <= 16; tag += 2) {
        assert_int_equal(psa_aead_encrypt(key, SHORT(PSA_ALG_CCM, tag), nonce, 12, NULL, 0, text, 5, out, 64, &len),
                         tag < 8 ? PSA_ERROR_NOT_PERMITTED : PSA_SUCCESS);
    }
    assert_int_equal(psa_aead_encrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, text, 5, out, 64, &len),
                     PSA_ERROR_NOT_PERMITTED);
    psa_destroy_key(key);
}

/* Each length is the full MAC's beginning; one byte of room less, or of MAC less, is refused. */
static void macs_shorten(psa_key_type_t type, psa_algorithm_t base, size_t full)
{
    psa_key_id_t key = import(type, 16, SIGN_AND_VERIFY, PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(base, 5));
    uint8_t whole[PSA_MAC_MAX_SIZE], mac[PSA_MAC_MAX_SIZE];
    size_t len;
    assert_int_equal(psa_mac_compute(key, base, text, 11, whole, sizeof whole, &len), PSA_SUCCESS);
    assert_int_equal(len, full);
    for (size_t n = 5; n <= full; n++) {
        psa_algorithm_t alg = PSA_ALG_TRUNCATED_MAC(base, n);
        assert_int_equal(psa_mac_compute(key, alg, text, 11, mac, n - 1, &len), PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(len, 0);
        assert_int_equal(psa_mac_compute(key, alg, text, 11, mac, n, &len), PSA_SUCCESS);
        assert_int_equal(len, n);
        assert_memory_equal(mac, whole, n);
        assert_int_equal(psa_mac_verify(key, alg, text, 11, mac, n), PSA_SUCCESS);
        assert_int_equal(psa_mac_verify(key, alg, text, 11, mac, n - 1), PSA_ERROR_INVALID_SIGNATURE);
        mac[n - 1] ^= 1;
        assert_int_equal(psa_mac_verify(key, alg, text, 11, mac, n), PSA_ERROR_INVALID_SIGNATURE);
    }
    assert_int_equal(psa_mac_compute(key, PSA_ALG_TRUNCATED_MAC(base, 4), text, 11, mac, 64, &len),
                     PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_mac_compute(key, PSA_ALG_TRUNCATED_MAC(base, 3), text, 11, mac, 64, &len),
                     PSA_ERROR_NOT_PERMITTED);
    if (full < 63) {
        assert_int_equal(psa_mac_compute(key, PSA_ALG_TRUNCATED_MAC(base, full + 1), text, 11, mac, 64, &len),
                         PSA_ERROR_INVALID_ARGUMENT);
    }
    assert_int_equal(psa_mac_compute(key, PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(base, 5), text, 11, mac, 64, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    psa_destroy_key(key);
}

static void every_mac_shortens(void **state)
{
    macs_shorten(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), 32);
    macs_shorten(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_384), 48);
    macs_shorten(PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 16);
}

static void sha384_hashes_in_pieces_and_derives(void **state)
{
    psa_hash_operation_t a = PSA_HASH_OPERATION_INIT, b = PSA_HASH_OPERATION_INIT;
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    uint8_t once[48], pieces[48];
    size_t len, capacity;
    assert_int_equal(psa_hash_compute(PSA_ALG_SHA_384, text, 11, once, 47, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_hash_compute(PSA_ALG_SHA_384, text, 11, once, 48, &len), PSA_SUCCESS);
    assert_int_equal(psa_hash_setup(&a, PSA_ALG_SHA_384), PSA_SUCCESS);
    assert_int_equal(psa_hash_update(&a, text, 4), PSA_SUCCESS);
    assert_int_equal(psa_hash_clone(&a, &b), PSA_SUCCESS);
    assert_int_equal(psa_hash_update(&a, text + 4, 7), PSA_SUCCESS);
    assert_int_equal(psa_hash_update(&b, text + 4, 7), PSA_SUCCESS);
    assert_int_equal(psa_hash_finish(&a, pieces, 48, &len), PSA_SUCCESS);
    assert_int_equal(len, 48);
    assert_memory_equal(pieces, once, 48);
    assert_int_equal(psa_hash_verify(&b, once, 48), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_setup(&op, PSA_ALG_HKDF(PSA_ALG_SHA_384)), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_get_capacity(&op, &capacity), PSA_SUCCESS);
    assert_int_equal(capacity, 255 * 48);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
}

static int init(void **state)
{
    return psa_crypto_init();
}

/* Lengths beyond 32 bits, which the primitives do not count: refused, where they would have to stop the program. */
static void what_is_longer_than_the_primitives_count_is_refused(void **state)
{
#if SIZE_MAX > UINT32_MAX
    const size_t much = (size_t)UINT32_MAX + 1;
    const psa_algorithm_t mac = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    uint8_t out[64];
    size_t len;
    psa_hash_operation_t hash = PSA_HASH_OPERATION_INIT;
    psa_key_id_t key = import(PSA_KEY_TYPE_AES, 16, BOTH, PSA_ALG_GCM),
                 mac_key = import(PSA_KEY_TYPE_HMAC, 32, SIGN_AND_VERIFY, mac);
    assert_int_equal(psa_hash_compute(PSA_ALG_SHA_256, text, much, out, sizeof out, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_hash_setup(&hash, PSA_ALG_SHA_512), PSA_SUCCESS);
    assert_int_equal(psa_hash_update(&hash, text, much), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_hash_abort(&hash), PSA_SUCCESS);
    assert_int_equal(psa_mac_compute(mac_key, mac, text, much, out, sizeof out, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_aead_encrypt(key, PSA_ALG_GCM, nonce, 12, text, much, text, 1, out, sizeof out, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_destroy_key(mac_key), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
#endif
}

/* GCM's key stream would come again after 2^32 blocks. A GiB of zeros that takes no memory, four times. */
static void parts_are_counted_though_no_lengths_were_announced(void **state)
{
#if SIZE_MAX > UINT32_MAX
    const size_t gib = (size_t)1 << 30;
    uint8_t *zeros = mmap(NULL, gib, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    psa_key_id_t key = import(PSA_KEY_TYPE_AES, 16, BOTH, PSA_ALG_GCM);
    psa_aead_operation_t op = PSA_AEAD_OPERATION_INIT;
    assert_true(zeros != MAP_FAILED);
    assert_int_equal(psa_aead_encrypt_setup(&op, key, PSA_ALG_GCM), PSA_SUCCESS);
    assert_int_equal(psa_aead_set_nonce(&op, nonce, 12), PSA_SUCCESS);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(psa_aead_update_ad(&op, zeros, gib), PSA_SUCCESS);
    }
    assert_int_equal(psa_aead_update_ad(&op, zeros, gib), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_aead_abort(&op), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    assert_int_equal(munmap(zeros, gib), 0);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_specifications),
        cmocka_unit_test(every_tag_length_seals_and_opens),
        cmocka_unit_test(tags_that_no_standard_has_are_refused),
        cmocka_unit_test(keys_and_nonces_must_fit_the_algorithm),
        cmocka_unit_test(a_policy_of_a_least_tag_permits_longer_ones_only),
        cmocka_unit_test(every_mac_shortens),
        cmocka_unit_test(sha384_hashes_in_pieces_and_derives),
        cmocka_unit_test(what_is_longer_than_the_primitives_count_is_refused),
        cmocka_unit_test(parts_are_counted_though_no_lengths_were_announced),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
