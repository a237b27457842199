/* SPDX-License-Identifier: Apache-2.0 */
/* Derivations: HKDF in pieces, keys and bytes, disorder, and an agreement that feeds one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"

static psa_key_id_t import(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, const void *data,
                           size_t len)
{
    psa_key_attributes_t attributes = test_attributes(type, 0, usage, alg);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, data, len, &key), PSA_SUCCESS);
    assert_true(key >= PSA_KEY_ID_VENDOR_MIN && key <= PSA_KEY_ID_VENDOR_MAX);
    return key;
}

#define MONTGOMERY PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)

static const uint8_t key32[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
static const uint8_t away_seed[32] = {42}, message[] = "the message";

#define HKDF512 PSA_ALG_HKDF(PSA_ALG_SHA_512)

static psa_key_derivation_operation_t hkdf(psa_key_id_t secret)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    assert_int_equal(psa_key_derivation_setup(&op, HKDF512), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SALT, message, 11), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_SECRET, secret), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, message, 3), PSA_SUCCESS);
    return op;
}

static void derivation_equals_hkdf_in_any_pieces(void **state)
{
    psa_key_id_t secret = import(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF512, key32, 32);
    uint8_t want[255 * 64], got[255 * 64];
    assert_int_equal(mico_hkdf_sha512((struct mico_span){message, 11}, MICO_SPAN(key32), (struct mico_span){message, 3},
                                      want, sizeof want),
                     MICO_OK);
    for (size_t piece = 1; piece < 200; piece += 37) {
        psa_key_derivation_operation_t op = hkdf(secret);
        for (size_t done = 0; done < sizeof got;) {
            size_t take = sizeof got - done < piece ? sizeof got - done : piece;
            assert_int_equal(psa_key_derivation_output_bytes(&op, got + done, take), PSA_SUCCESS);
            done += take;
        }
        assert_memory_equal(got, want, sizeof want);
        assert_int_equal(psa_key_derivation_output_bytes(&op, got, 1), PSA_ERROR_INSUFFICIENT_DATA);
        assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    }
    psa_destroy_key(secret);
}

static void derived_keys_work_and_bytes_make_no_keys(void **state)
{
    psa_key_id_t secret = import(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF512, key32, 32), key;
    psa_key_attributes_t attributes =
        test_attributes(PSA_KEY_TYPE_CHACHA20, 256, PSA_KEY_USAGE_EXPORT, PSA_ALG_CHACHA20_POLY1305);
    uint8_t want[32], got[32];
    size_t len;
    psa_key_derivation_operation_t op = hkdf(secret);
    assert_int_equal(psa_key_derivation_output_key(&attributes, &op, &key), PSA_SUCCESS);
    psa_key_derivation_abort(&op);
    assert_int_equal(
        mico_hkdf_sha512((struct mico_span){message, 11}, MICO_SPAN(key32), (struct mico_span){message, 3}, want, 32),
        MICO_OK);
    assert_int_equal(psa_export_key(key, got, 32, &len), PSA_SUCCESS);
    assert_memory_equal(got, want, 32);
    psa_destroy_key(key);

    assert_int_equal(psa_key_derivation_setup(&op, HKDF512), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SECRET, key32, 32), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_output_key(&attributes, &op, &key), PSA_ERROR_NOT_PERMITTED);
    psa_key_derivation_abort(&op);
    psa_destroy_key(secret);
}

/* Whatever is wrong with the attributes is said, not hidden by drawing until the capacity ends. */
static void a_pair_that_may_not_be_is_said_to_be_wrong(void **state)
{
    static const struct {
        psa_key_type_t type;
        size_t bits;
        psa_key_usage_t usage;
    } wrong[] = {
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, 0x40000000}, /* what no usage is */
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 256, PSA_KEY_USAGE_SIGN_MESSAGE},
        {MONTGOMERY, 256, PSA_KEY_USAGE_DERIVE},
    };
    psa_key_id_t secret = import(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF512, key32, 32), key;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        psa_key_attributes_t attributes = test_attributes(wrong[i].type, wrong[i].bits, wrong[i].usage, 0);
        psa_key_derivation_operation_t op = hkdf(secret);
        assert_int_equal(psa_key_derivation_set_capacity(&op, 32), PSA_SUCCESS);
        assert_int_equal(psa_key_derivation_output_key(&attributes, &op, &key), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    }
    psa_destroy_key(secret);
}

static void derivation_refuses_disorder_and_stays_refused(void **state)
{
    psa_key_id_t other = import(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), key32, 32);
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    uint8_t out[32], long_info[MICO_PSA_DERIVATION_INPUT_MAX + 1] = {0};
    size_t capacity;

    assert_int_equal(psa_key_derivation_output_bytes(&op, out, 1), PSA_ERROR_BAD_STATE);
    psa_key_derivation_abort(&op);
    assert_int_equal(psa_key_derivation_setup(&op, PSA_ALG_ECDH), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_key_derivation_setup(&op, PSA_ALG_HKDF(PSA_ALG_SHA3_256)), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(psa_key_derivation_setup(&op, HKDF512), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_get_capacity(&op, &capacity), PSA_SUCCESS);
    assert_int_equal(capacity, 255 * 64);
    assert_int_equal(psa_key_derivation_set_capacity(&op, capacity + 1), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_SECRET, other),
                     PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SECRET, out, 1), PSA_ERROR_BAD_STATE);
    psa_key_derivation_abort(&op);
    assert_int_equal(psa_key_derivation_setup(&op, HKDF512), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SECRET, out, 1), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SALT, out, 1), PSA_ERROR_BAD_STATE);
    psa_key_derivation_abort(&op);
    assert_int_equal(psa_key_derivation_setup(&op, HKDF512), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, long_info, sizeof long_info),
                     PSA_ERROR_INSUFFICIENT_MEMORY);
    psa_key_derivation_abort(&op);
    psa_destroy_key(other);
}

static void agreement_and_derivation_in_one_equal_both_apart(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    psa_key_id_t key = import(MONTGOMERY, PSA_KEY_USAGE_DERIVE, alg, key32, 32);
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    uint8_t peer[32], secret[32], want[40], got[40];
    size_t len;
    const struct mico_span none = {NULL, 0};

    mico_x25519_public(away_seed, peer);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, 32, secret, 32, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(mico_x25519(key32, peer, secret), MICO_OK);
    assert_int_equal(mico_hkdf_sha256(none, MICO_SPAN(secret), none, want, sizeof want), MICO_OK);
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_key_agreement(&op, PSA_KEY_DERIVATION_INPUT_SECRET, key, peer, 32),
                     PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_output_bytes(&op, got, sizeof got), PSA_SUCCESS);
    assert_memory_equal(got, want, sizeof want);
    psa_key_derivation_abort(&op);
    psa_destroy_key(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivation_equals_hkdf_in_any_pieces),
        cmocka_unit_test(derived_keys_work_and_bytes_make_no_keys),
        cmocka_unit_test(a_pair_that_may_not_be_is_said_to_be_wrong),
        cmocka_unit_test(derivation_refuses_disorder_and_stays_refused),
        cmocka_unit_test(agreement_and_derivation_in_one_equal_both_apart),
    };
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
