/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 7919's groups against OpenSSL's: the primes, and public numbers and secrets of random keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "crypto/primitives/ffdh.h"
#include "crypto/tests/replay.h"

static void groups_are_those_of_openssl(void **state)
{
    static const char *const names[] = {"ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"};
    static const size_t sizes[] = {256, 384, 512, 768, 1024};
    static uint8_t p[1024], want[1024], x[1024], y[1024], peer_x[1024], peer[1024], secret[1024];
    for (size_t i = 0; i < 5; i++) {
        BIGNUM *prime = NULL, *number = BN_new(), *power = BN_new();
        BN_CTX *ctx = BN_CTX_new();
        EVP_PKEY *group = NULL;
        EVP_PKEY_CTX *making = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
        OSSL_PARAM params[] = {OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)names[i], 0),
                               OSSL_PARAM_END};
        assert_int_equal(EVP_PKEY_fromdata_init(making), 1);
        assert_int_equal(EVP_PKEY_fromdata(making, &group, EVP_PKEY_KEY_PARAMETERS, params), 1);
        assert_int_equal(EVP_PKEY_get_bn_param(group, OSSL_PKEY_PARAM_FFC_P, &prime), 1);
        assert_int_equal(BN_bn2binpad(prime, want, (int)sizes[i]), (int)sizes[i]);
        const struct ffdh_group *ours = ffdh_of(sizes[i]);
        assert_non_null(ours);
        ffdh_prime(ours, p);
        assert_memory_equal(p, want, sizes[i]);
        assert_int_equal(ffdh_generate(ours, x), MICO_OK);
        assert_int_equal(ffdh_generate(ours, peer_x), MICO_OK);
        assert_int_equal(ffdh_public(ours, x, y), MICO_OK);
        assert_int_equal(ffdh_public(ours, peer_x, peer), MICO_OK);
        assert_int_equal(ffdh_agree(ours, x, peer, secret), MICO_OK);
        BIGNUM *exponent = BN_bin2bn(x, (int)sizes[i], NULL), *base = BN_bin2bn(peer, (int)sizes[i], NULL);
        BN_set_word(number, 2);
        assert_int_equal(BN_mod_exp(power, number, exponent, prime, ctx), 1);
        BN_bn2binpad(power, want, (int)sizes[i]);
        assert_memory_equal(y, want, sizes[i]);
        assert_int_equal(BN_mod_exp(power, base, exponent, prime, ctx), 1);
        BN_bn2binpad(power, want, (int)sizes[i]);
        assert_memory_equal(secret, want, sizes[i]);
        BN_free(exponent);
        BN_free(base);
        BN_free(number);
        BN_free(power);
        BN_free(prime);
        BN_CTX_free(ctx);
        EVP_PKEY_free(group);
        EVP_PKEY_CTX_free(making);
    }
}

/* 2^bit and p - 2^bit, with keys of few bits too: numbers of which most words are 0 or all ones. */
static void compare_few_bits(size_t size, unsigned bit, bool below)
{
    static uint8_t x[1024], peer[1024], secret[1024], want[1024], p[1024];
    BIGNUM *base = BN_new(), *exponent = BN_new(), *prime, *power = BN_new();
    BN_CTX *ctx = BN_CTX_new();
    ffdh_prime(ffdh_of(size), p);
    prime = BN_bin2bn(p, (int)size, NULL);
    BN_set_bit(base, (int)bit);
    if (below) {
        BN_sub(base, prime, base);
    }
    BN_set_bit(exponent, (int)(size * 8 - 2 - bit % 100));
    BN_add_word(exponent, bit);
    assert_int_equal(BN_bn2binpad(base, peer, (int)size), (int)size);
    assert_int_equal(BN_bn2binpad(exponent, x, (int)size), (int)size);
    assert_int_equal(ffdh_agree(ffdh_of(size), x, peer, secret), MICO_OK);
    assert_int_equal(BN_mod_exp(power, base, exponent, prime, ctx), 1);
    assert_int_equal(BN_bn2binpad(power, want, (int)size), (int)size);
    assert_memory_equal(secret, want, size);
    BN_free(base);
    BN_free(exponent);
    BN_free(prime);
    BN_free(power);
    BN_CTX_free(ctx);
}

static void secrets_of_numbers_of_few_bits_are_openssls(void **state)
{
    static const size_t sizes[] = {256, 384, 512};
    for (size_t i = 0; i < 3; i++) {
        for (unsigned bit = 1; bit < sizes[i] * 8 - 1; bit += 197) {
            compare_few_bits(sizes[i], bit, false);
            compare_few_bits(sizes[i], bit, true);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups_are_those_of_openssl),
                                       cmocka_unit_test(secrets_of_numbers_of_few_bits_are_openssls)};
    replay_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
