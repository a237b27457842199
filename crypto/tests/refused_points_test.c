/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys that PSA must refuse, as keys and as a peer's in an agreement: off the curve, infinity, of small order, not below
 * the prime, in another form or length. Private keys out of their range. What a refused agreement gives is nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/ffdh.h"
#include "crypto/tests/bad_points.h"
#include "crypto/tests/test_key.h"

/* Both ways into a secret: given out, and into a derivation. */
static void no_agreement(psa_key_id_t pair, psa_algorithm_t alg, struct mico_span peer)
{
    static uint8_t out[1024], zeros[sizeof out];
    size_t len = 5;
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    memset(out, 0, sizeof out);
    assert_int_equal(psa_raw_key_agreement(alg, pair, peer.data, peer.len, out, sizeof out, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(len, 0);
    assert_memory_equal(out, zeros, sizeof out);
    assert_int_equal(psa_key_derivation_setup(&op, PSA_ALG_KEY_AGREEMENT(alg, PSA_ALG_HKDF(PSA_ALG_SHA_256))),
                     PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SALT, zeros, 8), PSA_SUCCESS);
    assert_int_not_equal(
        psa_key_derivation_key_agreement(&op, PSA_KEY_DERIVATION_INPUT_SECRET, pair, peer.data, peer.len), PSA_SUCCESS);
    assert_int_not_equal(psa_key_derivation_output_bytes(&op, out, 16), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
}

/* As a key and as a peer. */
static void refused(psa_key_id_t pair, psa_algorithm_t alg, psa_key_type_t type, size_t bits, struct mico_span point)
{
    assert_int_equal(test_import(type, bits, point), PSA_ERROR_INVALID_ARGUMENT);
    no_agreement(pair, alg, point);
}

static psa_key_id_t agreeing(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    return test_pair(type, bits, PSA_KEY_USAGE_DERIVE, alg);
}

/* A good point with every bit turned, of every length but its own, and in the other forms of SEC 1. */
static void points_of_nist_curves(size_t bits)
{
    const size_t size = 2 * bits / 8 + 1;
    uint8_t good[98] = {0}, point[98];
    psa_key_id_t pair = agreeing(TEST_P, bits, PSA_ALG_ECDH);
    assert_int_equal(test_public(pair, good, sizeof good), size);
    assert_int_equal(test_import(TEST_P_PUBLIC, bits, (struct mico_span){good, size}), PSA_SUCCESS);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        memcpy(point, good, size);
        point[bit / 8] ^= (uint8_t)(1 << bit % 8);
        refused(pair, PSA_ALG_ECDH, TEST_P_PUBLIC, bits, (struct mico_span){point, size});
    }
    for (size_t len = 0; len <= size + 1; len++) {
        if (len != size) {
            refused(pair, PSA_ALG_ECDH, TEST_P_PUBLIC, bits, (struct mico_span){good, len});
        }
    }
    static const uint8_t infinity[1] = {0};
    refused(pair, PSA_ALG_ECDH, TEST_P_PUBLIC, bits, MICO_SPAN(infinity));
    memcpy(point, good, size);
    point[0] = 2 + (good[size - 1] & 1); /* compressed: X alone */
    refused(pair, PSA_ALG_ECDH, TEST_P_PUBLIC, bits, (struct mico_span){point, bits / 8 + 1});
    point[0] = 6 + (good[size - 1] & 1); /* hybrid */
    refused(pair, PSA_ALG_ECDH, TEST_P_PUBLIC, bits, (struct mico_span){point, size});
    refused(pair, PSA_ALG_ECDH, TEST_P_PUBLIC, bits, (struct mico_span){good + 1, size - 1}); /* without a form */
    test_destroy(pair);
}

static void points_that_are_not_on_p256_or_p384_are_refused(void **state)
{
    uint8_t point[65];
    points_of_nist_curves(256);
    points_of_nist_curves(384);
    psa_key_id_t pair = agreeing(TEST_P, 256, PSA_ALG_ECDH);
    for (size_t i = 0; i < sizeof bad_p256 / sizeof bad_p256[0]; i++) {
        assert_int_equal(mico_unhex(bad_p256[i], point, sizeof point), MICO_OK);
        refused(pair, PSA_ALG_ECDH, TEST_P_PUBLIC, 256, MICO_SPAN(point));
    }
    test_destroy(pair);
}

/* RFC 7748 section 5 takes every string as a key, and 6.1 has the secret of zeros refused. */
static void x25519_points_of_small_order_give_no_secret(void **state)
{
    uint8_t point[32], other[33] = {9};
    psa_key_id_t pair = agreeing(TEST_X, 255, PSA_ALG_ECDH);
    for (size_t i = 0; i < sizeof bad_x25519 / sizeof bad_x25519[0]; i++) {
        assert_int_equal(mico_unhex(bad_x25519[i], point, sizeof point), MICO_OK);
        no_agreement(pair, PSA_ALG_ECDH, MICO_SPAN(point));
    }
    for (size_t len = 0; len <= 33; len++) {
        if (len != 32) {
            refused(pair, PSA_ALG_ECDH, TEST_X_PUBLIC, 255, (struct mico_span){other, len});
        }
    }
    test_destroy(pair);
}

/* u + p for u from 2 to 18, and the top bit set: not canonical, and good (section 5). */
static void x25519_takes_numbers_that_are_not_canonical(void **state)
{
    psa_key_id_t pair = agreeing(TEST_X, 255, PSA_ALG_ECDH);
    for (uint8_t u = 2; u < 19; u++) {
        uint8_t small[32] = {u}, large[32], secrets[3][32];
        size_t len;
        memset(large, 0xFF, sizeof large);
        large[0] = (uint8_t)(0xED + u);
        large[31] = 0x7F;
        assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, pair, small, 32, secrets[0], 32, &len), PSA_SUCCESS);
        assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, pair, large, 32, secrets[1], 32, &len), PSA_SUCCESS);
        small[31] |= 0x80;
        assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, pair, small, 32, secrets[2], 32, &len), PSA_SUCCESS);
        assert_memory_equal(secrets[0], secrets[1], 32);
        assert_memory_equal(secrets[0], secrets[2], 32);
    }
    test_destroy(pair);
}

/* The prime plus a small number, in out. */
static void near_prime(size_t size, int more, uint8_t *out)
{
    ffdh_prime(ffdh_of(size), out);
    for (size_t i = size; i-- > 0 && more != 0;) {
        more += out[i];
        out[i] = (uint8_t)more;
        more >>= 8;
    }
}

/* 0, 1 and p - 1 are of order 1 and 2; p and above are no residues. */
static void numbers_of_no_use_in_diffie_hellmans_groups_are_refused(void **state)
{
    static const size_t sizes[] = {256, 384, 512};
    static uint8_t number[513];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t size = sizes[i];
        const struct mico_span whole = {number, size};
        psa_key_id_t pair = agreeing(TEST_DH, size * 8, PSA_ALG_FFDH);
        for (uint8_t small = 0; small < 2; small++) {
            memset(number, 0, sizeof number);
            number[size - 1] = small;
            refused(pair, PSA_ALG_FFDH, TEST_DH_PUBLIC, size * 8, whole);
        }
        for (int more = -1; more < 4; more++) {
            near_prime(size, more, number);
            refused(pair, PSA_ALG_FFDH, TEST_DH_PUBLIC, size * 8, whole);
        }
        memset(number, 0xFF, sizeof number);
        refused(pair, PSA_ALG_FFDH, TEST_DH_PUBLIC, size * 8, whole);
        memset(number, 1, sizeof number);
        assert_int_equal(test_import(TEST_DH_PUBLIC, size * 8, whole), PSA_SUCCESS);
        refused(pair, PSA_ALG_FFDH, TEST_DH_PUBLIC, size * 8, (struct mico_span){number, size - 1});
        refused(pair, PSA_ALG_FFDH, TEST_DH_PUBLIC, size * 8, (struct mico_span){number, size + 1});
        refused(pair, PSA_ALG_FFDH, TEST_DH_PUBLIC, size * 8, (struct mico_span){number, 0});
        test_destroy(pair);
    }
}

static void private_numbers_out_of_range_are_refused(void **state)
{
    static const struct {
        size_t bits;
        const char *order;
    } curves[] = {
        {256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"},
        {384, "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"},
    };
    static uint8_t number[513];
    for (size_t i = 0; i < 2; i++) {
        const struct mico_span whole = {number, curves[i].bits / 8};
        memset(number, 0, sizeof number);
        assert_int_equal(test_import(TEST_P, curves[i].bits, whole), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(mico_unhex(curves[i].order, number, whole.len), MICO_OK);
        assert_int_equal(test_import(TEST_P, curves[i].bits, whole), PSA_ERROR_INVALID_ARGUMENT);
        number[whole.len - 1]++;
        assert_int_equal(test_import(TEST_P, curves[i].bits, whole), PSA_ERROR_INVALID_ARGUMENT);
        number[whole.len - 1] = (uint8_t)(number[whole.len - 1] - 2);
        assert_int_equal(test_import(TEST_P, curves[i].bits, whole), PSA_SUCCESS);
        memset(number, 0xFF, sizeof number);
        assert_int_equal(test_import(TEST_P, curves[i].bits, whole), PSA_ERROR_INVALID_ARGUMENT);
        memset(number, 1, sizeof number);
        for (size_t len = 0; len < whole.len + 2; len++) {
            assert_int_equal(test_import(TEST_P, curves[i].bits, (struct mico_span){number, len}),
                             len == whole.len ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT);
        }
    }
    for (size_t size = 256; size <= 512; size += 128) {
        const struct mico_span whole = {number, size};
        memset(number, 0, sizeof number);
        assert_int_equal(test_import(TEST_DH, size * 8, whole), PSA_ERROR_INVALID_ARGUMENT);
        near_prime(size, -1, number);
        assert_int_equal(test_import(TEST_DH, size * 8, whole), PSA_ERROR_INVALID_ARGUMENT);
        near_prime(size, 0, number);
        assert_int_equal(test_import(TEST_DH, size * 8, whole), PSA_ERROR_INVALID_ARGUMENT);
        near_prime(size, -2, number);
        assert_int_equal(test_import(TEST_DH, size * 8, whole), PSA_SUCCESS);
    }
}

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_that_are_not_on_p256_or_p384_are_refused),
        cmocka_unit_test(x25519_points_of_small_order_give_no_secret),
        cmocka_unit_test(x25519_takes_numbers_that_are_not_canonical),
        cmocka_unit_test(numbers_of_no_use_in_diffie_hellmans_groups_are_refused),
        cmocka_unit_test(private_numbers_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
