/* SPDX-License-Identifier: Apache-2.0 */
/* What `./mico bench crypto` runs: our primitives and OpenSSL's, and PSA beside the primitive under it, turn by turn in one process, so that both see the same
 * processor. Prints a line `NAME=OURS THEIRS` for each, nanoseconds an operation: the best of the turns; and what the
 * self-tests of this program take, without a peer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/evp.h>

#include "bench/crypto/crypto_bench.h"
#include "crypto/primitives/primitives.h"
#include "crypto/selftest/selftest.h"
#include "psa/crypto.h"

#define TURNS 9 /* at least, and as many as fit into SIDE_NS */
#define SIDE_NS 90e6
#define TURN_NS 1e5
#define SOME 1024  /* bytes an operation through PSA */
#define BULK 16384 /* bytes an operation of SHA-256 and AES-GCM */

static uint8_t data[BULK], out[BULK + 16], key[32] = {1, 2, 3}, public_key[32], signature[64];
static EVP_PKEY *ed_pair, *x_pair, *x_peer;
static EVP_CIPHER_CTX *gcm;
static psa_key_id_t aead_key;

void must(bool done)
{
    if (!done) {
        fputs("error: an operation failed while it was measured\n", stderr);
        exit(1);
    }
}

static void our_sign(void)
{
    mico_ed25519_sign(key, public_key, (struct mico_span){data, 32}, signature);
}

static void their_sign(void)
{
    size_t len = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    must(EVP_DigestSignInit(ctx, NULL, NULL, NULL, ed_pair) == 1);
    must(EVP_DigestSign(ctx, signature, &len, data, 32) == 1);
    EVP_MD_CTX_free(ctx);
}

static void our_verify(void)
{
    must(mico_ed25519_verify(public_key, (struct mico_span){data, 32}, signature) == MICO_OK);
}

static void their_verify(void)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    must(EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, ed_pair) == 1);
    must(EVP_DigestVerify(ctx, signature, 64, data, 32) == 1);
    EVP_MD_CTX_free(ctx);
}

static void our_agree(void)
{
    must(mico_x25519(key, public_key, out) == MICO_OK);
}

static void their_agree(void)
{
    size_t len = 32;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(x_pair, NULL);
    must(EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer(ctx, x_peer) == 1);
    must(EVP_PKEY_derive(ctx, out, &len) == 1);
    EVP_PKEY_CTX_free(ctx);
}

static void our_sha256(void)
{
    mico_sha256(data, BULK, out);
}

static void their_sha256(void)
{
    must(EVP_Digest(data, BULK, out, NULL, EVP_sha256(), NULL) == 1);
}

static void our_gcm(void)
{
    must(mico_aes_gcm_seal((struct mico_span){key, 16}, (struct mico_span){key, 12}, (struct mico_span){NULL, 0},
                           MICO_SPAN(data), out, 16) == MICO_OK);
}

static void their_gcm(void)
{
    int len;
    must(EVP_EncryptInit_ex(gcm, EVP_aes_128_gcm(), NULL, key, key) == 1);
    must(EVP_EncryptUpdate(gcm, out, &len, data, BULK) == 1 && EVP_EncryptFinal_ex(gcm, out + BULK, &len) == 1);
    must(EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, 16, out + BULK) == 1);
}

static void psa_sha256(void)
{
    size_t len;
    must(psa_hash_compute(PSA_ALG_SHA_256, data, SOME, out, 32, &len) == PSA_SUCCESS);
}

static void primitive_sha256(void)
{
    mico_sha256(data, SOME, out);
}

static void psa_seal(void)
{
    size_t len;
    must(psa_aead_encrypt(aead_key, PSA_ALG_CHACHA20_POLY1305, key, 12, NULL, 0, data, SOME, out, sizeof out, &len) ==
         PSA_SUCCESS);
}

static void primitive_seal(void)
{
    mico_chachapoly_seal(key, key, (struct mico_span){NULL, 0}, (struct mico_span){data, SOME}, out);
}

/* What a call through PSA costs beside the work: a key to find, a policy to ask, one byte to seal. */
static void psa_call(void)
{
    size_t len;
    must(psa_aead_encrypt(aead_key, PSA_ALG_CHACHA20_POLY1305, key, 12, NULL, 0, data, 1, out, sizeof out, &len) ==
         PSA_SUCCESS);
}

static void primitive_call(void)
{
    mico_chachapoly_seal(key, key, (struct mico_span){NULL, 0}, (struct mico_span){data, 1}, out);
}

static void make_psa_key(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_CHACHA20);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT);
    psa_set_key_algorithm(&attributes, PSA_ALG_CHACHA20_POLY1305);
    must(psa_crypto_init() == PSA_SUCCESS);
    must(psa_import_key(&attributes, key, 32, &aead_key) == PSA_SUCCESS);
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* what others take of a busy machine is no one's speed */
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* How many calls make a turn: asking the clock takes longer than the shortest of them. */
static unsigned calls_in_a_turn(void (*run)(void))
{
    unsigned calls = 0;
    double start = now_ns();
    do {
        run();
        calls++;
    } while (now_ns() - start < TURN_NS);
    return calls;
}

static double turn(void (*run)(void), unsigned calls)
{
    double start = now_ns();
    for (unsigned i = 0; i < calls; i++) {
        run();
    }
    return (now_ns() - start) / calls;
}

/* The best of each side's turns, which are short and many: some are not disturbed. */
static void measure(const struct crypto_pair *pair)
{
    unsigned our_calls = calls_in_a_turn(pair->ours), their_calls = calls_in_a_turn(pair->theirs);
    double ours = INFINITY, theirs = INFINITY, end = now_ns() + 2 * SIDE_NS;
    for (int n = 0; n < TURNS || now_ns() < end; n++) {
        ours = fmin(ours, turn(pair->ours, our_calls));
        theirs = fmin(theirs, turn(pair->theirs, their_calls));
    }
    printf("%s=%.0f %.0f\n", pair->name, ours, theirs);
}

static void run_selftests(void)
{
    must(mico_crypto_selftest(NULL, NULL) == PSA_SUCCESS);
}

static void check_integrity(void)
{
    must(mico_crypto_integrity() == PSA_SUCCESS);
}

static void measure_alone(const char *name, void (*run)(void))
{
    double best = INFINITY;
    for (int n = 0; n < TURNS; n++) {
        best = fmin(best, turn(run, 1));
    }
    printf("%s=%.0f 0\n", name, best);
}

int main(void)
{
    static const struct crypto_pair all[] = {
        {"ed25519-sign", our_sign, their_sign},
        {"ed25519-verify", our_verify, their_verify},
        {"x25519", our_agree, their_agree},
        {"sha256-16k", our_sha256, their_sha256},
        {"aes128gcm-16k", our_gcm, their_gcm},
        {"psa-sha256-1k", psa_sha256, primitive_sha256},
        {"psa-chachapoly-1k", psa_seal, primitive_seal},
        {"psa-call", psa_call, primitive_call},
    };
    mico_ed25519_public(key, public_key);
    make_psa_key();
    ed_pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, 32);
    x_pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, key, 32);
    x_peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, public_key, 32);
    gcm = EVP_CIPHER_CTX_new();
    must(ed_pair != NULL && x_pair != NULL && x_peer != NULL && gcm != NULL);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        measure(&all[i]);
    }
    bench_numbers_start();
    for (size_t i = 0; i < bench_numbers_count; i++) {
        measure(&bench_numbers[i]);
    }
    bench_numbers_stop();
    measure_alone("self-tests", run_selftests);
    measure_alone("self-tests: integrity", check_integrity);
    EVP_CIPHER_CTX_free(gcm);
    EVP_PKEY_free(ed_pair);
    EVP_PKEY_free(x_pair);
    EVP_PKEY_free(x_peer);
    return 0;
}
