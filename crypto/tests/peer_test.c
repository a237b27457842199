/* SPDX-License-Identifier: Apache-2.0 */
/* The primitives against OpenSSL's, on random inputs of every length that a vectorised loop may treat specially. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/stream.h"
#include "crypto/tests/replay.h"

#define LONGEST 2100 /* bytes */

static uint8_t data[LONGEST], key[64], ours[LONGEST + 16], theirs[LONGEST + 16];

static void draw(void *out, size_t len)
{
    replay_draw(out, len);
}

static void hashes_and_macs_agree(void **state)
{
    unsigned len;
    for (size_t n = 0; n <= LONGEST; n++) {
        draw(key, sizeof key);
        mico_sha256(data, n, ours);
        assert_int_equal(EVP_Digest(data, n, theirs, &len, EVP_sha256(), NULL), 1);
        assert_memory_equal(ours, theirs, 32);
        mico_sha512(data, n, ours);
        assert_int_equal(EVP_Digest(data, n, theirs, &len, EVP_sha512(), NULL), 1);
        assert_memory_equal(ours, theirs, 64);
        mico_hmac_sha256((struct mico_span){data, n % 300}, (struct mico_span){data, n}, ours);
        assert_non_null(HMAC(EVP_sha256(), data, (int)(n % 300), data, n, theirs, &len));
        assert_memory_equal(ours, theirs, 32);
        mico_hmac_sha512((struct mico_span){data, n % 300}, (struct mico_span){data, n}, ours);
        assert_non_null(HMAC(EVP_sha512(), data, (int)(n % 300), data, n, theirs, &len));
        assert_memory_equal(ours, theirs, 64);
    }
}

static void derive(const EVP_MD *hash, size_t salt, size_t secret, size_t info, size_t out)
{
    EVP_PKEY_CTX *kdf = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    assert_int_equal(EVP_PKEY_derive_init(kdf), 1);
    assert_int_equal(EVP_PKEY_CTX_set_hkdf_md(kdf, hash), 1);
    assert_int_equal(EVP_PKEY_CTX_set1_hkdf_salt(kdf, data, (int)salt), 1);
    assert_int_equal(EVP_PKEY_CTX_set1_hkdf_key(kdf, data + 300, (int)secret), 1);
    assert_int_equal(EVP_PKEY_CTX_add1_hkdf_info(kdf, data + 600, (int)info), 1);
    assert_int_equal(EVP_PKEY_derive(kdf, theirs, &out), 1);
    EVP_PKEY_CTX_free(kdf);
}

static void hkdf_agrees(void **state)
{
    for (size_t n = 1; n < 300; n++) {
        struct mico_span salt = {data, n % 67}, secret = {data + 300, n}, info = {data + 600, n % 41};
        draw(data, sizeof data);
        derive(EVP_sha256(), salt.len, secret.len, info.len, n);
        assert_int_equal(mico_hkdf_sha256(salt, secret, info, ours, n), MICO_OK);
        assert_memory_equal(ours, theirs, n);
        derive(EVP_sha512(), salt.len, secret.len, info.len, n);
        assert_int_equal(mico_hkdf_sha512(salt, secret, info, ours, n), MICO_OK);
        assert_memory_equal(ours, theirs, n);
    }
}

static void sealing_agrees(void **state)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int len;
    for (size_t n = 0; n <= LONGEST; n++) {
        struct mico_span aad = {key, n % 64};
        draw(key, sizeof key);
        draw(data, sizeof data);
        mico_chachapoly_seal(key, key + 32, aad, (struct mico_span){data, n}, ours);
        assert_int_equal(EVP_EncryptInit_ex(cipher, EVP_chacha20_poly1305(), NULL, key, key + 32), 1);
        assert_int_equal(EVP_EncryptUpdate(cipher, NULL, &len, aad.data, (int)aad.len), 1);
        assert_int_equal(EVP_EncryptUpdate(cipher, theirs, &len, data, (int)n), 1);
        assert_int_equal(EVP_EncryptFinal_ex(cipher, theirs + n, &len), 1);
        assert_int_equal(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, theirs + n), 1);
        assert_memory_equal(ours, theirs, n + 16);
        assert_int_equal(mico_chachapoly_open(key, key + 32, aad, (struct mico_span){ours, n + 16}, ours), MICO_OK);
        assert_memory_equal(ours, data, n);
    }
    EVP_CIPHER_CTX_free(cipher);
}

static void counter_mode_agrees(void **state)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    uint8_t counter[16];
    int len;
    for (size_t n = 0; n <= LONGEST; n++) {
        size_t key_len = n % 2 == 0 ? 16 : 32;
        draw(key, sizeof key);
        draw(data, sizeof data);
        memset(counter, 0xFF, sizeof counter);
        counter[0] = (uint8_t)n;
        counter[15] = (uint8_t)(0xFF - n % 5);
        assert_int_equal(
            EVP_EncryptInit_ex(cipher, key_len == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr(), NULL, key, counter), 1);
        assert_int_equal(EVP_EncryptUpdate(cipher, theirs, &len, data, (int)n), 1);
        memcpy(ours, data, n);
        assert_int_equal(mico_aes_ctr((struct mico_span){key, key_len}, counter, (struct mico_span){ours, n}, ours),
                         MICO_OK);
        assert_memory_equal(ours, theirs, n);
    }
    EVP_CIPHER_CTX_free(cipher);
}

/* Ours and OpenSSL's are one secret, or both refuse. */
static void compare_agreement(const uint8_t private_key[32], const uint8_t u[32])
{
    size_t len = 32;
    EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key, 32);
    EVP_PKEY *peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, u, 32);
    EVP_PKEY_CTX *agreement = EVP_PKEY_CTX_new(mine, NULL);
    assert_int_equal(EVP_PKEY_derive_init(agreement), 1);
    bool given = EVP_PKEY_derive_set_peer(agreement, peer) == 1 && EVP_PKEY_derive(agreement, theirs, &len) == 1;
    assert_int_equal(mico_x25519(private_key, u, ours), given ? MICO_OK : MICO_ERR_CRYPTO);
    assert_true(!given || memcmp(ours, theirs, 32) == 0);
    EVP_PKEY_CTX_free(agreement);
    EVP_PKEY_free(peer);
    EVP_PKEY_free(mine);
}

/* 2^bit and a small number added, or taken away from 2^256. */
static void sparse_number(unsigned bit, int more, bool below, uint8_t u[32])
{
    memset(u, 0, 32);
    u[bit / 8] = (uint8_t)(1 << bit % 8);
    for (size_t i = 0; i < 32 && more != 0; i++) {
        more += u[i];
        u[i] = (uint8_t)more;
        more >>= 8;
    }
    for (size_t i = 0; below && i < 32; i++) {
        u[i] = (uint8_t)~u[i];
    }
}

/* Coordinates that a peer may choose so that a number in between is next to the prime, where carries are: wolfSSL's x86-64
 * code was wrong for u = 2 (cmake/wolfssl.cmake). */
static void agreement_agrees_on_numbers_of_few_bits(void **state)
{
    uint8_t u[32], private_key[32];
    for (unsigned bit = 0; bit < 256; bit++) {
        for (int more = -20; more <= 20; more++) {
            draw(private_key, sizeof private_key);
            sparse_number(bit, more, (bit + (unsigned)more) % 2 != 0, u);
            compare_agreement(private_key, u);
        }
    }
    for (unsigned small = 0; small < 400; small++) {
        for (unsigned top = 0; top < 256; top += 51) { /* the highest bits of a key decide the first steps */
            memset(u, 0, sizeof u);
            u[0] = (uint8_t)small;
            u[1] = (uint8_t)(small >> 8);
            draw(private_key, sizeof private_key);
            private_key[31] = (uint8_t)top;
            compare_agreement(private_key, u);
        }
    }
}

static void agreement_agrees(void **state)
{
    uint8_t peer_public[32];
    for (int i = 0; i < 300; i++) {
        size_t len = 32;
        draw(key, sizeof key);
        EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, key, 32);
        mico_x25519_public(key, ours);
        assert_int_equal(EVP_PKEY_get_raw_public_key(mine, theirs, &len), 1);
        assert_memory_equal(ours, theirs, 32);
        draw(peer_public, 32); /* any coordinate, on the curve or on its twist, the ignored bit set or not */
        compare_agreement(key, peer_public);
        EVP_PKEY_free(mine);
    }
}

static void signatures_agree(void **state)
{
    uint8_t public_key[32];
    for (size_t n = 0; n < 300; n++) {
        size_t len = 64;
        draw(key, 32);
        draw(data, n);
        EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, 32);
        EVP_MD_CTX *signer = EVP_MD_CTX_new();
        assert_int_equal(EVP_DigestSignInit(signer, NULL, NULL, NULL, pair), 1);
        assert_int_equal(EVP_DigestSign(signer, theirs, &len, data, n), 1);
        mico_ed25519_public(key, public_key);
        mico_ed25519_sign(key, public_key, (struct mico_span){data, n}, ours);
        assert_memory_equal(ours, theirs, 64);
        assert_int_equal(mico_ed25519_verify(public_key, (struct mico_span){data, n}, theirs), MICO_OK);
        EVP_MD_CTX_free(signer);
        EVP_PKEY_free(pair);
    }
}

static void poly1305_alone_agrees(void **state)
{
    for (size_t n = 0; n <= LONGEST; n++) {
        size_t len;
        draw(key, sizeof key);
        draw(data, sizeof data);
        mico_poly1305(key, (struct mico_span){data, n}, ours);
        assert_non_null(EVP_Q_mac(NULL, "POLY1305", NULL, NULL, NULL, key, 32, data, n, theirs, 16, &len));
        assert_memory_equal(ours, theirs, 16);
    }
}

/* An entropy source of OpenSSL's for tests gives these 32 bytes, and this nonce, whenever it is asked. */
static void set_entropy(EVP_RAND_CTX *source, uint8_t *entropy, uint8_t *nonce)
{
    OSSL_PARAM given[] = {OSSL_PARAM_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, entropy, 32),
                          OSSL_PARAM_octet_string(OSSL_RAND_PARAM_TEST_NONCE, nonce, 16), OSSL_PARAM_END};
    assert_int_equal(EVP_RAND_CTX_set_params(source, given), 1);
}

static EVP_RAND_CTX *new_generator(const char *name, EVP_RAND_CTX *source)
{
    EVP_RAND *kind = EVP_RAND_fetch(NULL, name, NULL);
    EVP_RAND_CTX *made = EVP_RAND_CTX_new(kind, source);
    EVP_RAND_free(kind);
    assert_non_null(made);
    return made;
}

/* OpenSSL's Hash_DRBG: instantiated without personalisation (NULL would be OpenSSL's own), reseeded, asked twice, as NIST's test
 * has it. */
static void their_answer(uint8_t *entropy, uint8_t *nonce, uint8_t *reseed, uint8_t *out)
{
    unsigned strength = 256;
    EVP_RAND_CTX *source = new_generator("TEST-RAND", NULL), *generator = new_generator("HASH-DRBG", source);
    OSSL_PARAM any[] = {OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, &strength), OSSL_PARAM_END};
    OSSL_PARAM hash[] = {OSSL_PARAM_utf8_string(OSSL_DRBG_PARAM_DIGEST, (char *)(uintptr_t) "SHA256", 0),
                         OSSL_PARAM_END};
    set_entropy(source, entropy, nonce);
    assert_int_equal(EVP_RAND_instantiate(source, strength, 0, NULL, 0, any), 1);
    assert_int_equal(EVP_RAND_instantiate(generator, strength, 0, entropy, 0, hash), 1);
    set_entropy(source, reseed, nonce);
    assert_int_equal(EVP_RAND_reseed(generator, 0, NULL, 0, NULL, 0), 1);
    assert_int_equal(EVP_RAND_generate(generator, out, MICO_RANDOM_ANSWER, 0, 0, NULL, 0), 1);
    assert_int_equal(EVP_RAND_generate(generator, out, MICO_RANDOM_ANSWER, 0, 0, NULL, 0), 1);
    EVP_RAND_CTX_free(generator);
    EVP_RAND_CTX_free(source);
}

static void the_generator_agrees(void **state)
{
    uint8_t seed[48], reseed[32]; /* seed: entropy and nonce */
    for (unsigned i = 0; i < 50; i++) {
        draw(seed, sizeof seed);
        draw(reseed, sizeof reseed);
        assert_int_equal(mico_random_answer(seed, reseed, ours), MICO_OK);
        their_answer(seed, seed + 32, reseed, theirs);
        assert_memory_equal(ours, theirs, MICO_RANDOM_ANSWER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_and_macs_agree), cmocka_unit_test(hkdf_agrees),
        cmocka_unit_test(sealing_agrees),        cmocka_unit_test(counter_mode_agrees),
        cmocka_unit_test(agreement_agrees),      cmocka_unit_test(agreement_agrees_on_numbers_of_few_bits),
        cmocka_unit_test(signatures_agree),      cmocka_unit_test(poly1305_alone_agrees),
        cmocka_unit_test(the_generator_agrees),
    };
    replay_start();
    draw(data, sizeof data);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
