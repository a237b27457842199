/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA and ECDH against OpenSSL's, with random keys and those at the ends of the range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/primitives/primitives.h"

#define ROUNDS 200
#define SIZE 32

static void draw(void *out, size_t len)
{
    assert_int_equal(mico_random(out, len), MICO_OK);
}

/* 1, 2, 3, then n - 1, n - 2, n - 3, then random ones, some with zero bytes in front. */
static void private_key(unsigned round, uint8_t key[SIZE])
{
    uint8_t ignored[2 * SIZE + 1];
    memset(key, 0, SIZE);
    if (round < 3) {
        key[SIZE - 1] = (uint8_t)(round + 1);
    } else if (round < 6) {
        static const char order[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        assert_int_equal(mico_unhex(order, key, SIZE), MICO_OK);
        key[SIZE - 1] = (uint8_t)(key[SIZE - 1] - (round - 2));
    } else {
        assert_int_equal(mico_p256_generate(key, ignored), MICO_OK);
        memset(key, 0, round % 17 == 0 ? round % 32 : 0);
    }
}

/* With the private key, or of a public key alone. */
static EVP_PKEY *theirs_of(const uint8_t *key, const uint8_t public_key[2 * SIZE + 1])
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *number = key != NULL ? BN_bin2bn(key, SIZE, NULL) : NULL;
    EVP_PKEY *pkey = NULL;
    assert_true(OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0));
    assert_true(OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, public_key, 2 * SIZE + 1));
    if (number != NULL) {
        assert_true(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number));
    }
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, key != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(number);
    return pkey;
}

/* That private and public key belong together, which fromdata does not ask. */
static void pair_is_one(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_pairwise_check(ctx), 1);
    EVP_PKEY_CTX_free(ctx);
}

static bool they_verify(EVP_PKEY *pkey, const uint8_t digest[32], const uint8_t signature[2 * SIZE])
{
    uint8_t der[200], *at = der;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(signature, SIZE, NULL), BN_bin2bn(signature + SIZE, SIZE, NULL));
    int len = i2d_ECDSA_SIG(pair, &at);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    bool valid = EVP_PKEY_verify(ctx, der, (size_t)len, digest, 32) == 1;
    EVP_PKEY_CTX_free(ctx);
    ECDSA_SIG_free(pair);
    return valid;
}

static void they_sign(EVP_PKEY *pkey, const uint8_t digest[32], uint8_t signature[2 * SIZE])
{
    uint8_t der[200];
    const uint8_t *at = der;
    size_t len = sizeof der;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, der, &len, digest, 32), 1);
    EVP_PKEY_CTX_free(ctx);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)len);
    assert_non_null(pair);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, SIZE), SIZE);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + SIZE, SIZE), SIZE);
    ECDSA_SIG_free(pair);
}

static void signatures_of_each_verify_with_the_other(void **state)
{
    uint8_t key[SIZE], public_key[2 * SIZE + 1], digest[32], signature[2 * SIZE];
    for (unsigned i = 0; i < ROUNDS; i++) {
        private_key(i, key);
        draw(digest, sizeof digest);
        if (i % 20 == 0) {
            memset(digest, i % 40 == 0 ? 0 : 0xFF, sizeof digest); /* 0, and one above the order */
        }
        assert_int_equal(mico_p256_public(key, public_key), MICO_OK);
        EVP_PKEY *pkey = theirs_of(key, public_key);
        pair_is_one(pkey);
        assert_int_equal(mico_p256_sign(key, digest, signature), MICO_OK);
        assert_true(they_verify(pkey, digest, signature));
        assert_int_equal(mico_p256_sign_deterministic(key, digest, signature), MICO_OK);
        assert_true(they_verify(pkey, digest, signature));
        they_sign(pkey, digest, signature);
        assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_OK);
        signature[i % (2 * SIZE)] ^= 1;
        assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_ERR_AUTH);
        assert_false(they_verify(pkey, digest, signature));
        EVP_PKEY_free(pkey);
    }
}

static void secrets_agree(void **state)
{
    uint8_t key[SIZE], public_key[2 * SIZE + 1], peer_key[SIZE], peer_public[2 * SIZE + 1], ours[SIZE], theirs[SIZE];
    for (unsigned i = 0; i < ROUNDS; i++) {
        private_key(i, key);
        private_key(i % 12, peer_key);
        assert_int_equal(mico_p256_public(key, public_key), MICO_OK);
        assert_int_equal(mico_p256_public(peer_key, peer_public), MICO_OK);
        EVP_PKEY *mine = theirs_of(key, public_key), *peer = theirs_of(NULL, peer_public);
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine, NULL);
        size_t len = sizeof theirs;
        assert_int_equal(EVP_PKEY_derive_init(ctx), 1);
        assert_int_equal(EVP_PKEY_derive_set_peer(ctx, peer), 1);
        assert_int_equal(EVP_PKEY_derive(ctx, theirs, &len), 1);
        assert_int_equal(mico_p256_agree(key, peer_public, ours), MICO_OK);
        assert_memory_equal(ours, theirs, SIZE);
        EVP_PKEY_CTX_free(ctx);
        EVP_PKEY_free(peer);
        EVP_PKEY_free(mine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_of_each_verify_with_the_other),
        cmocka_unit_test(secrets_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
