/* SPDX-License-Identifier: Apache-2.0 */
/* DSA against OpenSSL's: domains of up to 2048 bits of OpenSSL's making, our keys, signatures both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/primitives/dsa.h"
#include "crypto/tests/replay.h"

#define ROUNDS 6

/* OpenSSL's domain, and ours, which views p, q and g. */
struct domain {
    BIGNUM *numbers[3];
    uint8_t p[MICO_DSA_P_MAX], q[MICO_DSA_Q_MAX], g[MICO_DSA_P_MAX];
    struct mico_dsa_domain ours;
};

static struct mico_span bytes_of(const BIGNUM *number, uint8_t *out)
{
    return (struct mico_span){out, (size_t)BN_bn2bin(number, out)};
}

static void make_domain(struct domain *domain, unsigned p_bits, unsigned q_bits)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    EVP_PKEY *made = NULL;
    memset(domain, 0, sizeof *domain);
    assert_int_equal(EVP_PKEY_paramgen_init(ctx), 1);
    assert_true(EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, (int)p_bits) > 0);
    assert_true(EVP_PKEY_CTX_set_dsa_paramgen_q_bits(ctx, (int)q_bits) > 0);
    assert_int_equal(EVP_PKEY_paramgen(ctx, &made), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_FFC_P, &domain->numbers[0]), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_FFC_Q, &domain->numbers[1]), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_FFC_G, &domain->numbers[2]), 1);
    domain->ours =
        (struct mico_dsa_domain){bytes_of(domain->numbers[0], domain->p), bytes_of(domain->numbers[1], domain->q),
                                 bytes_of(domain->numbers[2], domain->g)};
    EVP_PKEY_free(made);
    EVP_PKEY_CTX_free(ctx);
}

/* Our pair as a key of theirs. */
static EVP_PKEY *theirs_of(const struct domain *domain, const uint8_t *x, const uint8_t *y)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    EVP_PKEY *pkey = NULL;
    BIGNUM *priv = BN_bin2bn(x, (int)domain->ours.q.len, NULL), *pub = BN_bin2bn(y, (int)domain->ours.p.len, NULL);
    assert_true(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_FFC_P, domain->numbers[0]));
    assert_true(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_FFC_Q, domain->numbers[1]));
    assert_true(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_FFC_G, domain->numbers[2]));
    assert_true(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PUB_KEY, pub));
    assert_true(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, priv));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params), 1);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(ctx);
    BN_free(priv);
    BN_free(pub);
    return pkey;
}

/* That y is x's, in their eyes. */
static void pair_is_one(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_pairwise_check(ctx), 1);
    EVP_PKEY_CTX_free(ctx);
}

static bool they_verify(EVP_PKEY *pkey, struct mico_span digest, const uint8_t *signature, size_t q_len)
{
    uint8_t der[100], *at = der;
    DSA_SIG *pair = DSA_SIG_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    DSA_SIG_set0(pair, BN_bin2bn(signature, (int)q_len, NULL), BN_bin2bn(signature + q_len, (int)q_len, NULL));
    int len = i2d_DSA_SIG(pair, &at);
    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    bool valid = EVP_PKEY_verify(ctx, der, (size_t)len, digest.data, digest.len) == 1;
    EVP_PKEY_CTX_free(ctx);
    DSA_SIG_free(pair);
    return valid;
}

static void they_sign(EVP_PKEY *pkey, struct mico_span digest, uint8_t *signature, size_t q_len)
{
    uint8_t der[100];
    const uint8_t *at = der;
    const BIGNUM *r, *s;
    size_t len = sizeof der;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, der, &len, digest.data, digest.len), 1);
    DSA_SIG *pair = d2i_DSA_SIG(NULL, &at, (long)len);
    assert_non_null(pair);
    DSA_SIG_get0(pair, &r, &s);
    assert_int_equal(BN_bn2binpad(r, signature, (int)q_len), (int)q_len);
    assert_int_equal(BN_bn2binpad(s, signature + q_len, (int)q_len), (int)q_len);
    DSA_SIG_free(pair);
    EVP_PKEY_CTX_free(ctx);
}

/* With a random nonce and RFC 6979's; digests shorter and longer than q. */
static void exchange_signatures(const struct domain *domain)
{
    uint8_t x[MICO_DSA_Q_MAX], y[MICO_DSA_P_MAX], text[64], signature[2 * MICO_DSA_Q_MAX];
    size_t q_len = domain->ours.q.len;
    struct mico_dsa_public key = {domain->ours, {y, domain->ours.p.len}};
    assert_int_equal(mico_dsa_generate(&domain->ours, x, y), MICO_OK);
    EVP_PKEY *pkey = theirs_of(domain, x, y);
    pair_is_one(pkey);
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct mico_span digest = {text, i % 3 == 0 ? 20 : i % 3 == 1 ? 32 : 64}, whole = {signature, 2 * q_len};
        replay_draw(text, sizeof text);
        assert_int_equal(mico_dsa_sign(&domain->ours, x, digest, i % 2 == 0 ? &mico_sha256_digest : NULL, signature),
                         MICO_OK);
        assert_true(they_verify(pkey, digest, signature, q_len));
        they_sign(pkey, digest, signature, q_len);
        assert_int_equal(mico_dsa_verify(&key, digest, whole), MICO_OK);
        signature[replay_below(2 * q_len)] ^= 1;
        assert_int_equal(mico_dsa_verify(&key, digest, whole), MICO_ERR_AUTH);
        assert_false(they_verify(pkey, digest, signature, q_len));
    }
    EVP_PKEY_free(pkey);
}

static void signatures_of_each_verify_with_the_other(void **state)
{
    static const unsigned sizes[][2] = {{1024, 160}, {2048, 224}, {2048, 256}};
    static struct domain domain;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        make_domain(&domain, sizes[i][0], sizes[i][1]);
        assert_int_equal(domain.ours.p.len * 8, sizes[i][0]);
        assert_int_equal(mico_dsa_check_domain(&domain.ours), MICO_OK);
        exchange_signatures(&domain);
        for (size_t j = 0; j < 3; j++) {
            BN_free(domain.numbers[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(signatures_of_each_verify_with_the_other)};
    replay_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
