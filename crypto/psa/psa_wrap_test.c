/* SPDX-License-Identifier: Apache-2.0 */
/* Key wrapping: the answers of RFC 3394 and RFC 5649, every length, policy, altered and cut data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"

#define BOTH (PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP)

static size_t from_hex(const char *text, uint8_t *out)
{
    size_t n = strlen(text) / 2;
    for (size_t i = 0; i < n; i++) {
        unsigned byte = 0;
        for (size_t k = 0; k < 2; k++) {
            char c = text[2 * i + k];
            byte = byte << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
        }
        out[i] = (uint8_t)byte;
    }
    return n;
}

static psa_key_id_t import(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, const uint8_t *data,
                           size_t len)
{
    psa_key_attributes_t attributes = test_attributes(type, 0, usage, alg);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, data, len, &key), PSA_SUCCESS);
    return key;
}

static psa_key_attributes_t raw(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RAW_DATA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
    return attributes;
}

/* RFC 3394 sections 4.1, 4.3, 4.6; RFC 5649 section 6. */
static const struct {
    psa_algorithm_t alg;
    const char *wrapping, *key, *wrapped;
} answers[] = {
    {PSA_ALG_KW, "000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
     "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"},
    {PSA_ALG_KW, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF",
     "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"},
    {PSA_ALG_KW, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
     "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
     "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"},
    {PSA_ALG_KWP, "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8", "C37B7E6492584340BED12207808941155068F738",
     "138BDEAA9B8FA7FC61F97742E72248EE5AE6AE5360D1AE6A5F54F373FA543B6A"},
    {PSA_ALG_KWP, "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8", "466F7250617369",
     "AFBEB0F07DFBF5419200F2CCB50BB24F"},
};

static void wrapping_gives_the_standards_answers(void **state)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        uint8_t with[32], key[64], want[64], got[64], back[64];
        size_t with_len = from_hex(answers[i].wrapping, with), key_len = from_hex(answers[i].key, key),
               want_len = from_hex(answers[i].wrapped, want), len;
        psa_key_id_t wrapping = import(PSA_KEY_TYPE_AES, BOTH, answers[i].alg, with, with_len);
        psa_key_id_t secret = import(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, 0, key, key_len), twin;
        psa_key_attributes_t attributes = raw();
        assert_int_equal(PSA_WRAP_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_AES, answers[i].alg, PSA_KEY_TYPE_RAW_DATA, key_len * 8),
                         want_len);
        assert_int_equal(psa_wrap_key(wrapping, answers[i].alg, secret, got, want_len - 1, &len),
                         PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(len, 0);
        assert_int_equal(psa_wrap_key(wrapping, answers[i].alg, secret, got, sizeof got, &len), PSA_SUCCESS);
        assert_int_equal(len, want_len);
        assert_memory_equal(got, want, len);
        assert_int_equal(psa_unwrap_key(&attributes, wrapping, answers[i].alg, want, want_len, &twin), PSA_SUCCESS);
        assert_int_equal(psa_export_key(twin, back, sizeof back, &len), PSA_SUCCESS);
        assert_int_equal(len, key_len);
        assert_memory_equal(back, key, len);
        assert_int_equal(psa_destroy_key(twin), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(secret), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(wrapping), PSA_SUCCESS);
    }
}

static void every_altered_byte_and_cut_is_refused(void **state)
{
    uint8_t with[32], wrapped[64];
    size_t with_len = from_hex(answers[3].wrapping, with), len = from_hex(answers[3].wrapped, wrapped);
    psa_key_id_t wrapping = import(PSA_KEY_TYPE_AES, BOTH, PSA_ALG_KWP, with, with_len), key;
    psa_key_attributes_t attributes = raw();
    for (size_t i = 0; i < len; i++) {
        wrapped[i] ^= 1;
        assert_int_equal(psa_unwrap_key(&attributes, wrapping, PSA_ALG_KWP, wrapped, len, &key),
                         PSA_ERROR_INVALID_SIGNATURE);
        assert_int_equal(key, PSA_KEY_ID_NULL);
        wrapped[i] ^= 1;
        psa_status_t status = psa_unwrap_key(&attributes, wrapping, PSA_ALG_KWP, wrapped, i, &key);
        assert_true(status == PSA_ERROR_INVALID_SIGNATURE || status == PSA_ERROR_INVALID_ARGUMENT);
    }
    assert_int_equal(psa_destroy_key(wrapping), PSA_SUCCESS);
}

static void every_length_comes_back(void **state)
{
    uint8_t with[16] = {5}, key[100], wrapped[112], back[100];
    size_t len;
    psa_key_id_t kw = import(PSA_KEY_TYPE_AES, BOTH, PSA_ALG_KW, with, 16),
                 kwp = import(PSA_KEY_TYPE_AES, BOTH, PSA_ALG_KWP, with, 16), twin;
    psa_key_attributes_t attributes = raw();
    memset(key, 0x5A, sizeof key);
    for (size_t n = 1; n <= sizeof key; n++) {
        psa_key_id_t secret = import(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, 0, key, n);
        assert_int_equal(psa_wrap_key(kw, PSA_ALG_KW, secret, wrapped, sizeof wrapped, &len),
                         n % 8 == 0 && n >= 16 ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_wrap_key(kwp, PSA_ALG_KWP, secret, wrapped, sizeof wrapped, &len), PSA_SUCCESS);
        assert_int_equal(psa_unwrap_key(&attributes, kwp, PSA_ALG_KWP, wrapped, len, &twin), PSA_SUCCESS);
        assert_int_equal(psa_export_key(twin, back, sizeof back, &len), PSA_SUCCESS);
        assert_int_equal(len, n);
        assert_memory_equal(back, key, n);
        assert_int_equal(psa_destroy_key(twin), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(secret), PSA_SUCCESS);
    }
    assert_int_equal(psa_destroy_key(kw), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(kwp), PSA_SUCCESS);
}

static void policies_are_asked_on_both_sides(void **state)
{
    uint8_t with[16] = {5}, key[16] = {6}, wrapped[64];
    size_t len;
    psa_key_id_t only_unwrap = import(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_UNWRAP, PSA_ALG_KW, with, 16),
                 only_wrap = import(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_WRAP, PSA_ALG_KW, with, 16),
                 closed = import(PSA_KEY_TYPE_RAW_DATA, 0, 0, key, 16),
                 secret = import(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, 0, key, 16), twin;
    psa_key_attributes_t attributes = raw();
    assert_int_equal(psa_wrap_key(only_unwrap, PSA_ALG_KW, secret, wrapped, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_wrap_key(only_wrap, PSA_ALG_KW, closed, wrapped, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_wrap_key(only_wrap, PSA_ALG_KWP, secret, wrapped, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_wrap_key(only_wrap, PSA_ALG_GCM, secret, wrapped, 64, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_wrap_key(only_wrap, PSA_ALG_KW, secret, wrapped, 64, &len), PSA_SUCCESS);
    assert_int_equal(psa_unwrap_key(&attributes, only_wrap, PSA_ALG_KW, wrapped, len, &twin), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_unwrap_key(&attributes, only_unwrap, PSA_ALG_KW, wrapped, len, &twin), PSA_SUCCESS);
    const psa_key_id_t keys[] = {only_unwrap, only_wrap, closed, secret, twin};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(psa_destroy_key(keys[i]), PSA_SUCCESS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrapping_gives_the_standards_answers),
        cmocka_unit_test(every_altered_byte_and_cut_is_refused),
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(policies_are_asked_on_both_sides),
    };
    return psa_crypto_init() == PSA_SUCCESS ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
