/* SPDX-License-Identifier: Apache-2.0 */
/* P-256, P-384, RSA and SRP, ours and OpenSSL's. */
#define OPENSSL_API_COMPAT 0x10100000L /* SRP's functions */
#include "bench/crypto/crypto_bench.h"

#include <stdint.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/srp.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/srp/srp.h"
#include "crypto/srp/srp_test_entry.h"

static uint8_t p256_key[32], p256_public[65], p256_signature[64], p384_key[48], p384_public[97], p384_signature[96],
    digest[48] = {1, 2, 3}, secret[48], rsa_der[MICO_RSA_PRIVATE_DER_MAX], rsa_signature[256];
static EVP_PKEY *p256, *p384, *rsa;
static struct mico_rsa_private rsa_key;
static uint8_t p256_theirs[100], p384_theirs[140];
static size_t p256_theirs_len, p384_theirs_len;

static void p256_sign(void)
{
    must(mico_p256_sign(p256_key, digest, p256_signature) == MICO_OK);
}

static void p256_verify(void)
{
    must(mico_p256_verify(p256_public, digest, p256_signature) == MICO_OK);
}

static void p256_agree(void)
{
    must(mico_p256_agree(p256_key, p256_public, secret) == MICO_OK);
}

static void p384_sign(void)
{
    must(mico_p384_sign(p384_key, digest, p384_signature) == MICO_OK);
}

static void p384_verify(void)
{
    must(mico_p384_verify(p384_public, digest, p384_signature) == MICO_OK);
}

static void their_sign(EVP_PKEY *pkey, size_t digest_len, uint8_t *signature, size_t cap, size_t *len)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    *len = cap;
    must(EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_sign(ctx, signature, len, digest, digest_len) == 1);
    EVP_PKEY_CTX_free(ctx);
}

static void their_verify(EVP_PKEY *pkey, size_t digest_len, const uint8_t *signature, size_t len)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    must(EVP_PKEY_verify_init(ctx) == 1 && EVP_PKEY_verify(ctx, signature, len, digest, digest_len) == 1);
    EVP_PKEY_CTX_free(ctx);
}

static void their_p256_sign(void)
{
    their_sign(p256, 32, p256_theirs, sizeof p256_theirs, &p256_theirs_len);
}

static void their_p256_verify(void)
{
    their_verify(p256, 32, p256_theirs, p256_theirs_len);
}

static void their_p256_agree(void)
{
    size_t len = 32;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(p256, NULL);
    must(EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer(ctx, p256) == 1);
    must(EVP_PKEY_derive(ctx, secret, &len) == 1);
    EVP_PKEY_CTX_free(ctx);
}

static void their_p384_sign(void)
{
    their_sign(p384, 48, p384_theirs, sizeof p384_theirs, &p384_theirs_len);
}

static void their_p384_verify(void)
{
    their_verify(p384, 48, p384_theirs, p384_theirs_len);
}

/* RSA: the digest alone under PKCS #1's padding, on both sides. */
static const struct mico_span no_prefix, whole = {digest, 32};

static void rsa_sign(void)
{
    must(mico_rsa_pkcs1_sign(&rsa_key, no_prefix, whole, rsa_signature) == MICO_OK);
}

static void rsa_verify(void)
{
    must(mico_rsa_pkcs1_verify(&rsa_key.pub, no_prefix, whole, MICO_SPAN(rsa_signature)) == MICO_OK);
}

static void their_rsa_sign(void)
{
    size_t len;
    their_sign(rsa, 32, rsa_signature, sizeof rsa_signature, &len);
}

static void their_rsa_verify(void)
{
    their_verify(rsa, 32, rsa_signature, sizeof rsa_signature);
}

/* SRP's server, from the verifier to the session key: B = k v + g^b and S = (A v^u)^b in RFC 5054's group of 3072 bits, with
 * a u of 512 bits on both sides, as HomeKit's hash has (OpenSSL's own has 160), and b in constant time on both: without,
 * OpenSSL takes 0.9 of the time. */
static uint8_t salt[MICO_SRP_SALT_SIZE] = {7}, b[32] = {0x90, 1}, verifier[MICO_SRP_SIZE], A[MICO_SRP_SIZE],
               M1[MICO_SRP_PROOF_SIZE];
static BIGNUM *their_b, *their_v, *their_A, *their_u;

static void srp_server(void)
{
    static uint8_t B[MICO_SRP_SIZE], M2[MICO_SRP_PROOF_SIZE], key[MICO_SRP_KEY_SIZE];
    static struct mico_srp_server server;
    mico_srp_server_start_with(&server, salt, verifier, b, B);
    must(mico_srp_server_finish(&server, MICO_SPAN(A), M1, M2, key) == MICO_OK);
}

static void their_srp_server(void)
{
    SRP_gN *group = SRP_get_default_gN("3072");
    BIGNUM *B = SRP_Calc_B(their_b, group->N, group->g, their_v);
    BIGNUM *S = SRP_Calc_server_key(their_A, their_v, their_u, their_b, group->N);
    must(B != NULL && S != NULL);
    BN_free(S);
    BN_free(B);
}

static void start_srp(void)
{
    static const uint8_t code[] = "031-45-154";
    static const uint8_t a[32] = {0x91, 2};
    static uint8_t B[MICO_SRP_SIZE];
    static struct mico_srp_server server;
    static struct mico_srp_client client;
    struct mico_span pin = {code, sizeof code - 1};
    must(mico_srp_verifier(pin, salt, verifier) == MICO_OK);
    mico_srp_server_start_with(&server, salt, verifier, b, B);
    mico_srp_client_start_with(&client, a);
    must(mico_srp_client_prove(&client, salt, MICO_SPAN(B), pin, A, M1) == MICO_OK);
    their_b = BN_bin2bn(b, sizeof b, NULL);
    BN_set_flags(their_b, BN_FLG_CONSTTIME); /* as ours */
    their_v = BN_bin2bn(verifier, sizeof verifier, NULL);
    their_A = BN_bin2bn(A, sizeof A, NULL);
    their_u = BN_bin2bn(M1, sizeof M1, NULL);
}

void bench_numbers_start(void)
{
    uint8_t *at = rsa_der;
    must(mico_p256_generate(p256_key, p256_public) == MICO_OK && mico_p384_generate(p384_key, p384_public) == MICO_OK);
    p256 = EVP_EC_gen("P-256");
    p384 = EVP_EC_gen("P-384");
    rsa = EVP_RSA_gen(2048);
    must(p256 != NULL && p384 != NULL && rsa != NULL);
    int len = i2d_PrivateKey(rsa, &at);
    must(len > 0 && mico_rsa_read_private((struct mico_span){rsa_der, (size_t)len}, &rsa_key) == MICO_OK);
    start_srp();
}

void bench_numbers_stop(void)
{
    EVP_PKEY_free(p256);
    EVP_PKEY_free(p384);
    EVP_PKEY_free(rsa);
    BN_free(their_b);
    BN_free(their_v);
    BN_free(their_A);
    BN_free(their_u);
}

const struct crypto_pair bench_numbers[] = {
    {"p256-sign", p256_sign, their_p256_sign},        {"p256-verify", p256_verify, their_p256_verify},
    {"p256-agree", p256_agree, their_p256_agree},     {"p384-sign", p384_sign, their_p384_sign},
    {"p384-verify", p384_verify, their_p384_verify},  {"rsa2048-sign", rsa_sign, their_rsa_sign},
    {"rsa2048-verify", rsa_verify, their_rsa_verify}, {"srp3072-server", srp_server, their_srp_server},
};
const size_t bench_numbers_count = sizeof bench_numbers / sizeof bench_numbers[0];
