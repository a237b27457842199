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
#include "crypto/tests/replay.h"

#define ROUNDS 150
#define LONGEST 48 /* bytes of the longer curve's numbers */

static const struct curve {
    const char *name, *order;
    size_t size; /* bytes of a number; of the digest too */
    mico_err (*generate)(uint8_t *, uint8_t *);
    mico_err (*public_of)(const uint8_t *, uint8_t *);
    mico_err (*sign)(const uint8_t *, const uint8_t *, uint8_t *);
    mico_err (*sign_deterministic)(const uint8_t *, const uint8_t *, uint8_t *);
    mico_err (*verify)(const uint8_t *, const uint8_t *, const uint8_t *);
    mico_err (*agree)(const uint8_t *, const uint8_t *, uint8_t *);
} curves[] = {
    {"P-256", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 32, mico_p256_generate,
     mico_p256_public, mico_p256_sign, mico_p256_sign_deterministic, mico_p256_verify, mico_p256_agree},
    {"P-384", "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 48,
     mico_p384_generate, mico_p384_public, mico_p384_sign, mico_p384_sign_deterministic, mico_p384_verify,
     mico_p384_agree},
};

static void draw(void *out, size_t len)
{
    replay_draw(out, len);
}

/* 1, 2, 3, then n - 1, n - 2, n - 3, then random ones, some with zero bytes in front. */
static void private_key(const struct curve *curve, unsigned round, uint8_t *key)
{
    uint8_t ignored[2 * LONGEST + 1];
    memset(key, 0, curve->size);
    if (round < 3) {
        key[curve->size - 1] = (uint8_t)(round + 1);
    } else if (round < 6) {
        assert_int_equal(mico_unhex(curve->order, key, curve->size), MICO_OK);
        key[curve->size - 1] = (uint8_t)(key[curve->size - 1] - (round - 2));
    } else {
        assert_int_equal(curve->generate(key, ignored), MICO_OK);
        memset(key, 0, round % 17 == 0 ? round % 32 : 0);
    }
}

/* With the private key, or of a public key alone. */
static EVP_PKEY *theirs_of(const struct curve *curve, const uint8_t *key, const uint8_t *public_key)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *number = key != NULL ? BN_bin2bn(key, (int)curve->size, NULL) : NULL;
    EVP_PKEY *pkey = NULL;
    assert_true(OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve->name, 0));
    assert_true(OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, public_key, 2 * curve->size + 1));
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

static bool they_verify(const struct curve *curve, EVP_PKEY *pkey, const uint8_t *digest, const uint8_t *signature)
{
    uint8_t der[200], *at = der;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    int size = (int)curve->size;
    ECDSA_SIG_set0(pair, BN_bin2bn(signature, size, NULL), BN_bin2bn(signature + size, size, NULL));
    int len = i2d_ECDSA_SIG(pair, &at);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    bool valid = EVP_PKEY_verify(ctx, der, (size_t)len, digest, curve->size) == 1;
    EVP_PKEY_CTX_free(ctx);
    ECDSA_SIG_free(pair);
    return valid;
}

static void they_sign(const struct curve *curve, EVP_PKEY *pkey, const uint8_t *digest, uint8_t *signature)
{
    uint8_t der[200];
    const uint8_t *at = der;
    size_t len = sizeof der;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, der, &len, digest, curve->size), 1);
    EVP_PKEY_CTX_free(ctx);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)len);
    assert_non_null(pair);
    int size = (int)curve->size;
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, size), size);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + size, size), size);
    ECDSA_SIG_free(pair);
}

static void exchange_signatures(const struct curve *curve)
{
    uint8_t key[LONGEST], public_key[2 * LONGEST + 1], digest[LONGEST], signature[2 * LONGEST];
    for (unsigned i = 0; i < ROUNDS; i++) {
        private_key(curve, i, key);
        draw(digest, sizeof digest);
        if (i % 20 == 0) {
            memset(digest, i % 40 == 0 ? 0 : 0xFF, sizeof digest); /* 0, and one above the order */
        }
        assert_int_equal(curve->public_of(key, public_key), MICO_OK);
        EVP_PKEY *pkey = theirs_of(curve, key, public_key);
        pair_is_one(pkey);
        assert_int_equal(curve->sign(key, digest, signature), MICO_OK);
        assert_true(they_verify(curve, pkey, digest, signature));
        assert_int_equal(curve->sign_deterministic(key, digest, signature), MICO_OK);
        assert_true(they_verify(curve, pkey, digest, signature));
        they_sign(curve, pkey, digest, signature);
        assert_int_equal(curve->verify(public_key, digest, signature), MICO_OK);
        signature[i % (2 * curve->size)] ^= 1;
        assert_int_equal(curve->verify(public_key, digest, signature), MICO_ERR_AUTH);
        assert_false(they_verify(curve, pkey, digest, signature));
        EVP_PKEY_free(pkey);
    }
}

/* Ours, of a key and a peer's, is theirs. */
static void compare_secret(const struct curve *curve, const uint8_t *key, const uint8_t *peer_key)
{
    uint8_t public_key[2 * LONGEST + 1], peer_public[2 * LONGEST + 1], ours[LONGEST], theirs[LONGEST];
    size_t len = sizeof theirs;
    assert_int_equal(curve->public_of(key, public_key), MICO_OK);
    assert_int_equal(curve->public_of(peer_key, peer_public), MICO_OK);
    EVP_PKEY *mine = theirs_of(curve, key, public_key), *peer = theirs_of(curve, NULL, peer_public);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine, NULL);
    assert_int_equal(EVP_PKEY_derive_init(ctx), 1);
    assert_int_equal(EVP_PKEY_derive_set_peer(ctx, peer), 1);
    assert_int_equal(EVP_PKEY_derive(ctx, theirs, &len), 1);
    assert_int_equal(curve->agree(key, peer_public, ours), MICO_OK);
    assert_memory_equal(ours, theirs, curve->size);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(peer);
    EVP_PKEY_free(mine);
}

/* 2^bit, 2^bit - 1 (1 for bit 0), the order less 2^bit. */
static void sparse_key(const struct curve *curve, unsigned bit, unsigned kind, uint8_t *key)
{
    BIGNUM *number = BN_new(), *order = NULL;
    BN_set_bit(number, (int)bit);
    if (kind == 1 && bit > 0) {
        BN_sub_word(number, 1);
    } else if (kind == 2) {
        BN_hex2bn(&order, curve->order);
        BN_sub(number, order, number);
    }
    assert_int_equal(BN_bn2binpad(number, key, (int)curve->size), (int)curve->size);
    BN_free(order);
    BN_free(number);
}

/* Where windows of a scalar are all zeros or ones, and points meet that addition has as exceptions. */
static void compare_secrets_of_few_bits(const struct curve *curve)
{
    uint8_t key[LONGEST], peer_key[LONGEST];
    for (unsigned bit = 0; bit < 8 * curve->size - 1; bit += curve->size == 32 ? 1 : 4) {
        for (unsigned kind = 0; kind < 3; kind++) {
            sparse_key(curve, bit, kind, key);
            private_key(curve, bit % 12, peer_key);
            compare_secret(curve, key, peer_key);
            compare_secret(curve, peer_key, key);
        }
    }
}

static void compare_secrets(const struct curve *curve)
{
    uint8_t key[LONGEST], peer_key[LONGEST];
    for (unsigned i = 0; i < ROUNDS; i++) {
        private_key(curve, i, key);
        private_key(curve, i % 12, peer_key);
        compare_secret(curve, key, peer_key);
    }
}

static void signatures_of_each_verify_with_the_other(void **state)
{
    exchange_signatures(&curves[0]);
    exchange_signatures(&curves[1]);
}

static void secrets_agree(void **state)
{
    compare_secrets(&curves[0]);
    compare_secrets(&curves[1]);
}

static void secrets_of_keys_of_few_bits_agree(void **state)
{
    compare_secrets_of_few_bits(&curves[0]);
    compare_secrets_of_few_bits(&curves[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_of_each_verify_with_the_other),
        cmocka_unit_test(secrets_agree),
        cmocka_unit_test(secrets_of_keys_of_few_bits_agree),
    };
    replay_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
