/* SPDX-License-Identifier: Apache-2.0 */
/* SP 800-108's counter mode through PSA. HMAC's known answers are RFC 8009's (appendix A), whose KDF-HMAC-SHA2 is the same
 * construction: its labels of 4 bytes and a usage begin with a zero, which stands here for the separator after an empty
 * label. Of CMAC, whose published answers standards_test has, these are OpenSSL 3's, from its own CMAC and its KBKDF without
 * L, whose context ends with [L] | K(0). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"

#define HMAC_256 PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_256)
#define HMAC_384 PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_384)
#define CMAC PSA_ALG_SP800_108_COUNTER_CMAC

static size_t unhex(const char *hex, uint8_t *out)
{
    size_t len = strlen(hex) / 2;
    for (size_t i = 0; i < len; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return len;
}

static psa_key_id_t import(psa_key_type_t type, psa_algorithm_t alg, const uint8_t *data, size_t len)
{
    psa_key_attributes_t attributes = test_attributes(type, 0, PSA_KEY_USAGE_DERIVE, alg);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, data, len, &key), PSA_SUCCESS);
    return key;
}

/* Set up with a key as the secret, a label, and a context unless it is NULL. */
static psa_key_derivation_operation_t begin(psa_algorithm_t alg, psa_key_id_t key, const char *label,
                                            const uint8_t *context, size_t context_len)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
    if (label[0] != 0) {
        assert_int_equal(
            psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_LABEL, (const uint8_t *)label, strlen(label)),
            PSA_SUCCESS);
    }
    if (context_len != 0) {
        assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_CONTEXT, context, context_len),
                         PSA_SUCCESS);
    }
    return op;
}

#define RFC_8009_128 "3705D96080C17728A0E800EAB6E0D23C"
#define RFC_8009_256 "6D404D37FAF79F9DF0D33568D320669800EB4836472EA8A026D16B7182460C52"

static void published_answers_come_out_in_any_pieces(void **state)
{
    static const struct {
        psa_algorithm_t alg;
        psa_key_type_t type;
        const char *key, *label, *context, *answer;
    } cases[] = {
        /* the key Kc for usage 2, then the sample of the pseudorandom function */
        {HMAC_256, PSA_KEY_TYPE_DERIVE, RFC_8009_128, "", "0000029900", "B31A018A48F54776F403E9A396325DC3"},
        {HMAC_256, PSA_KEY_TYPE_HMAC, RFC_8009_128, "prf", "74657374",
         "9D188616F63852FE86915BB840B4A886FF3E6BB0F819B49B893393D393854295"},
        {HMAC_384, PSA_KEY_TYPE_DERIVE, RFC_8009_256, "prf", "74657374",
         "9801F69A368C2BF675E59521E177D9A07F67EFE1CFDE8D3C8D6F6A0256E3B17DB3C1B62AD1B8553360D17367EB1514D2"},
        {CMAC, PSA_KEY_TYPE_AES, "2B7E151628AED2A6ABF7158809CF4F3C", "label", "636F6E74657874",
         "EF07CCA2AC887DE8BE2D161B3EB358F86F100C46EDD2D9985F22B5F5472FD19C0ECCD922624FC494"},
        {CMAC, PSA_KEY_TYPE_AES, "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4", "", "",
         "2E6BC778DFABCA105B0696FEEB218A18"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t key_bytes[32], context[32], answer[64], got[64];
        size_t key_len = unhex(cases[i].key, key_bytes), context_len = unhex(cases[i].context, context);
        size_t len = unhex(cases[i].answer, answer);
        psa_key_id_t key = import(cases[i].type, cases[i].alg, key_bytes, key_len);
        for (size_t piece = 1; piece <= len; piece += 5) {
            psa_key_derivation_operation_t op = begin(cases[i].alg, key, cases[i].label, context, context_len);
            assert_int_equal(psa_key_derivation_set_capacity(&op, len), PSA_SUCCESS);
            for (size_t done = 0; done < len; done += piece) {
                size_t now = len - done < piece ? len - done : piece;
                assert_int_equal(psa_key_derivation_output_bytes(&op, got + done, now), PSA_SUCCESS);
            }
            assert_memory_equal(got, answer, len);
            assert_int_equal(psa_key_derivation_output_bytes(&op, got, 1), PSA_ERROR_INSUFFICIENT_DATA);
            assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
        }
        psa_key_derivation_operation_t op = begin(cases[i].alg, key, cases[i].label, context, context_len);
        assert_int_equal(psa_key_derivation_set_capacity(&op, len), PSA_SUCCESS);
        assert_int_equal(psa_key_derivation_verify_bytes(&op, answer, len), PSA_SUCCESS);
        assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void another_capacity_gives_another_output(void **state)
{
    uint8_t short_one[16], long_one[16];
    psa_key_id_t key = import(PSA_KEY_TYPE_DERIVE, HMAC_256, (const uint8_t *)"secret", 6);
    psa_key_derivation_operation_t op = begin(HMAC_256, key, "label", NULL, 0);
    size_t capacity;
    assert_int_equal(psa_key_derivation_get_capacity(&op, &capacity), PSA_SUCCESS);
    assert_int_equal(capacity, 0x1FFFFFFF);
    assert_int_equal(psa_key_derivation_output_bytes(&op, long_one, 16), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    op = begin(HMAC_256, key, "label", NULL, 0);
    assert_int_equal(psa_key_derivation_set_capacity(&op, 16), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_output_bytes(&op, short_one, 16), PSA_SUCCESS);
    assert_memory_not_equal(short_one, long_one, 16);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static psa_status_t give_bytes(psa_algorithm_t alg, psa_key_derivation_step_t step, const void *data, size_t len)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    if (step != PSA_KEY_DERIVATION_INPUT_SECRET) {
        assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SECRET, data, len), PSA_SUCCESS);
    }
    psa_status_t status = psa_key_derivation_input_bytes(&op, step, data, len);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    return status;
}

static psa_status_t give_key(psa_algorithm_t alg, psa_key_type_t type)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t key = import(type, alg, (const uint8_t *)"sixteen bytes ok", 16);
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    psa_status_t status = psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_SECRET, key);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    return status;
}

static void inputs_are_of_their_kind(void **state)
{
    assert_int_equal(give_bytes(HMAC_256, PSA_KEY_DERIVATION_INPUT_LABEL, "ab", 2), PSA_SUCCESS);
    assert_int_equal(give_bytes(HMAC_256, PSA_KEY_DERIVATION_INPUT_LABEL, "ab", 3), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(give_bytes(HMAC_256, PSA_KEY_DERIVATION_INPUT_CONTEXT, "ab", 3), PSA_SUCCESS);
    assert_int_equal(give_bytes(CMAC, PSA_KEY_DERIVATION_INPUT_SECRET, "sixteen bytes ok", 16),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(give_key(HMAC_256, PSA_KEY_TYPE_DERIVE), PSA_SUCCESS);
    assert_int_equal(give_key(HMAC_256, PSA_KEY_TYPE_HMAC), PSA_SUCCESS);
    assert_int_equal(give_key(HMAC_256, PSA_KEY_TYPE_AES), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(give_key(CMAC, PSA_KEY_TYPE_AES), PSA_SUCCESS);
    assert_int_equal(give_key(CMAC, PSA_KEY_TYPE_DERIVE), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(give_key(PSA_ALG_HKDF(PSA_ALG_SHA_256), PSA_KEY_TYPE_HMAC), PSA_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_answers_come_out_in_any_pieces),
        cmocka_unit_test(another_capacity_gives_another_output),
        cmocka_unit_test(inputs_are_of_their_kind),
    };
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
