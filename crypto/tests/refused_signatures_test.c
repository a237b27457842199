/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures that PSA must refuse: every bit turned, numbers at and beyond their limits, other lengths, another encoding.
 *
 * (r, n - s) is a good signature too: ECDSA and DSA are so. Who needs one signature of one message takes Ed25519. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tests/bad_points.h"
#include "crypto/tests/test_key.h"

#define BOTH (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)

static const uint8_t message[] = "a message that is signed";

/* A pair, its public key, and what it signed; verifying goes through both. */
struct signed_message {
    psa_algorithm_t alg;
    psa_key_id_t pair, public_key;
    uint8_t signature[512], tried[513];
    size_t len;
};

static void sign(struct signed_message *with, psa_key_id_t pair, psa_algorithm_t alg)
{
    *with = (struct signed_message){.alg = alg, .pair = pair};
    with->public_key = test_public_key(pair, PSA_KEY_USAGE_VERIFY_MESSAGE, alg);
    assert_int_equal(
        psa_sign_message(pair, alg, message, sizeof message, with->signature, sizeof with->signature, &with->len),
        PSA_SUCCESS);
    memcpy(with->tried, with->signature, with->len);
}

static void forget(struct signed_message *with)
{
    test_destroy(with->pair);
    test_destroy(with->public_key);
}

/* Of what stands in tried, which is set back. */
static void verdict(struct signed_message *with, size_t len, psa_status_t want)
{
    psa_status_t of_public = psa_verify_message(with->public_key, with->alg, message, sizeof message, with->tried, len),
                 of_pair = psa_verify_message(with->pair, with->alg, message, sizeof message, with->tried, len);
    assert_int_equal(of_public, want);
    assert_int_equal(of_pair, want);
    memcpy(with->tried, with->signature, with->len);
}

static void refused(struct signed_message *with, size_t len)
{
    verdict(with, len, PSA_ERROR_INVALID_SIGNATURE);
}

/* step: of how many bits one is turned. */
static void turned_and_cut(struct signed_message *with, size_t step)
{
    verdict(with, with->len, PSA_SUCCESS);
    for (size_t bit = 0; bit < 8 * with->len; bit += step) {
        with->tried[bit / 8] ^= (uint8_t)(1 << bit % 8);
        refused(with, with->len);
    }
    for (size_t len = 0; len < with->len; len++) {
        refused(with, len);
    }
    for (unsigned more = 0; more < 256; more += 0x55) {
        with->tried[with->len] = (uint8_t)more;
        refused(with, with->len + 1);
    }
    verdict(with, with->len, PSA_SUCCESS);
}

/* number of size bytes, big-endian, plus a small one. */
static void put(uint8_t *out, const char *hex, size_t size, int more)
{
    assert_int_equal(mico_unhex(hex, out, size), MICO_OK);
    for (size_t i = size; i-- > 0 && more != 0;) {
        more += out[i];
        out[i] = (uint8_t)more;
        more >>= 8;
    }
}

/* r and s of 0, of the order and next to it, of all ones; in all pairs of them, and with a half that is good. */
static void numbers_out_of_range(struct signed_message *with, const char *order)
{
    const size_t size = with->len / 2;
    uint8_t bad[4][48];
    memset(bad[0], 0, size);
    put(bad[1], order, size, 0);
    put(bad[2], order, size, 1);
    memset(bad[3], 0xFF, size);
    for (size_t i = 0; i < 4; i++) {
        memcpy(with->tried, bad[i], size);
        refused(with, with->len);
        memcpy(with->tried + size, bad[i], size);
        refused(with, with->len);
        for (size_t j = 0; j < 4; j++) {
            memcpy(with->tried, bad[i], size);
            memcpy(with->tried + size, bad[j], size);
            refused(with, with->len);
        }
    }
    put(with->tried, order, size, -1); /* in range, and of another message */
    refused(with, with->len);
    for (uint8_t r = 0; r < 8; r++) { /* forgeries of a few bits */
        for (uint8_t s = 0; s < 8; s++) {
            memset(with->tried, 0, with->len);
            with->tried[size - 1] = r;
            with->tried[2 * size - 1] = s;
            refused(with, with->len);
        }
    }
}

/* The same numbers in other words: the halves exchanged, little-endian, DER as X.509 has it. */
static void other_encodings(struct signed_message *with)
{
    const size_t size = with->len / 2;
    memcpy(with->tried, with->signature + size, size);
    memcpy(with->tried + size, with->signature, size);
    refused(with, with->len);
    for (size_t i = 0; i < size; i++) {
        with->tried[i] = with->signature[size - 1 - i];
        with->tried[size + i] = with->signature[2 * size - 1 - i];
    }
    refused(with, with->len);
    uint8_t *at = with->tried;
    *at++ = 0x30;
    *at++ = (uint8_t)(2 * (size + 3));
    for (size_t half = 0; half < 2; half++) {
        *at++ = 0x02;
        *at++ = (uint8_t)(size + 1);
        *at++ = 0;
        memcpy(at, with->signature + half * size, size);
        at += size;
    }
    refused(with, (size_t)(at - with->tried));
}

static void ecdsa_refuses_all_but_the_signature(void **state)
{
    static const struct {
        size_t bits;
        const char *order;
    } curves[] = {
        {256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"},
        {384, "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"},
    };
    const psa_algorithm_t algs[] = {PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_384)};
    static struct signed_message with;
    for (size_t i = 0; i < 4; i++) {
        psa_algorithm_t alg = algs[i / 2];
        sign(&with, test_pair(TEST_P, curves[i % 2].bits, BOTH, alg), alg);
        turned_and_cut(&with, 1 + 2 * (i / 2));
        numbers_out_of_range(&with, curves[i % 2].order);
        other_encodings(&with);
        forget(&with);
    }
}

static void dsa_refuses_all_but_the_signature(void **state)
{
    static const char q[] = "e71f8567447f42e75f5ef85ca20fe557ab0343d37ed09edc3f6e68604d6b9dfb"; /* psa_dsa_domain.h */
    const psa_algorithm_t alg = PSA_ALG_DSA(PSA_ALG_SHA_256);
    static struct signed_message with;
    sign(&with, test_pair(PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, BOTH, alg), alg);
    turned_and_cut(&with, 7);
    numbers_out_of_range(&with, q);
    other_encodings(&with);
    forget(&with);
}

/* The group's order, little-endian. */
static const uint8_t ed_order[32] = {0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7,
                                     0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0,    0,    0,    0,    0,    0,
                                     0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* S + L, S + 2 L and so on, as far as 32 bytes go: the same number modulo L. Then L itself, and one more. */
static void s_at_or_above_the_order(struct signed_message *with)
{
    uint8_t sum[32];
    unsigned carry = 0, times = 0;
    memcpy(sum, with->signature + 32, 32);
    do {
        carry = 0;
        for (size_t i = 0; i < 32; i++) {
            carry += (unsigned)sum[i] + ed_order[i];
            sum[i] = (uint8_t)carry;
            carry >>= 8;
        }
        memcpy(with->tried + 32, sum, 32);
        times += carry == 0;
        refused(with, 64); /* at last it is a number that went around */
    } while (carry == 0);
    assert_true(times >= 14);
    memcpy(with->tried + 32, ed_order, 32);
    refused(with, 64);
    memcpy(with->tried + 32, ed_order, 32);
    with->tried[32]++;
    refused(with, 64);
}

static void points_of_small_order(struct signed_message *with)
{
    const size_t count = sizeof bad_ed25519 / sizeof bad_ed25519[0];
    uint8_t key[32];
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(mico_unhex(bad_ed25519[i], with->tried, 32), MICO_OK);
        refused(with, 64);
        assert_int_equal(mico_unhex(bad_ed25519[i], key, sizeof key), MICO_OK);
        if (test_import(TEST_ED_PUBLIC, 255, MICO_SPAN(key)) != PSA_SUCCESS) {
            continue;
        }
        psa_key_id_t bad = test_key(TEST_ED_PUBLIC, PSA_KEY_USAGE_VERIFY_MESSAGE, with->alg, MICO_SPAN(key));
        for (size_t j = 0; j <= count; j++) { /* S = 0, with every such R; and the good signature */
            uint8_t forged[64] = {0};
            if (j < count) {
                assert_int_equal(mico_unhex(bad_ed25519[j], forged, 32), MICO_OK);
            } else {
                memcpy(forged, with->signature, 64);
            }
            assert_int_equal(psa_verify_message(bad, with->alg, message, sizeof message, forged, 64),
                             PSA_ERROR_INVALID_SIGNATURE);
        }
        test_destroy(bad);
    }
}

static void ed25519_refuses_all_but_the_signature(void **state)
{
    const psa_algorithm_t algs[] = {PSA_ALG_PURE_EDDSA, PSA_ALG_ED25519PH};
    static struct signed_message with;
    for (size_t i = 0; i < 2; i++) {
        sign(&with, test_pair(TEST_ED, 255, BOTH, algs[i]), algs[i]);
        turned_and_cut(&with, 1);
        s_at_or_above_the_order(&with);
        points_of_small_order(&with);
        forget(&with);
    }
}

/* RSAPublicKey is SEQUENCE { n, e }: the modulus comes after nine bytes. */
static void modulus_of(psa_key_id_t pair, uint8_t n[256])
{
    uint8_t der[300];
    size_t len = test_public(pair, der, sizeof der);
    assert_int_equal(len, 270);
    memcpy(n, der + 9, 256);
}

/* 0, 1, n - 1, and numbers at or above the modulus. */
static void numbers_that_are_no_signatures(struct signed_message *with)
{
    uint8_t n[256];
    modulus_of(with->pair, n);
    assert_true(n[255] != 0xFF); /* so that 1 more is one byte more */
    for (int more = -1; more <= 1; more++) {
        memcpy(with->tried, n, sizeof n);
        with->tried[255] = (uint8_t)(with->tried[255] + more);
        refused(with, sizeof n);
    }
    for (uint8_t i = 0; i < 2; i++) {
        memset(with->tried, 0, sizeof n);
        with->tried[255] = i;
        refused(with, sizeof n);
        memset(with->tried, 0xFF, sizeof n);
        with->tried[0] = (uint8_t)(0xFF - i);
        refused(with, sizeof n);
    }
}

static void rsa_refuses_all_but_the_signature(void **state)
{
    const psa_algorithm_t algs[] = {PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), PSA_ALG_RSA_PSS(PSA_ALG_SHA_256),
                                    PSA_ALG_RSA_PSS_ANY_SALT(PSA_ALG_SHA_512)};
    static struct signed_message with;
    for (size_t i = 0; i < 3; i++) {
        sign(&with, test_rsa(BOTH, algs[i]), algs[i]);
        turned_and_cut(&with, 5);
        numbers_that_are_no_signatures(&with);
        forget(&with);
    }
}

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecdsa_refuses_all_but_the_signature),
        cmocka_unit_test(dsa_refuses_all_but_the_signature),
        cmocka_unit_test(ed25519_refuses_all_but_the_signature),
        cmocka_unit_test(rsa_refuses_all_but_the_signature),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
