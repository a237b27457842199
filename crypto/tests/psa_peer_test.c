/* SPDX-License-Identifier: Apache-2.0 */
/* PSA's symmetric algorithms in pieces of random lengths, beside OpenSSL in one piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/tests/replay.h"

#define LONGEST 400
#define ROUNDS 60

static uint8_t data[LONGEST], key[64], iv[16], their_key[64], their_iv[16], ours[LONGEST + 32], theirs[LONGEST + 32],
    back[LONGEST + 32];

static void draw(void *out, size_t len)
{
    replay_draw(out, len);
}

static size_t below(size_t limit)
{
    return replay_below(limit);
}

static psa_key_id_t import(psa_key_type_t type, size_t len, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    psa_set_key_type(&attributes, type);
    psa_set_key_algorithm(&attributes, alg);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_MESSAGE |
                                             PSA_KEY_USAGE_VERIFY_MESSAGE);
    assert_int_equal(psa_import_key(&attributes, key, len, &id), PSA_SUCCESS);
    return id;
}

static void hashes_equal_openssls_in_pieces_and_when_suspended(void **state)
{
    static const struct {
        psa_algorithm_t alg;
        const char *name;
    } hashes[] = {{PSA_ALG_MD5, "MD5"},        {PSA_ALG_SHA_1, "SHA1"},     {PSA_ALG_SHA_224, "SHA224"},
                  {PSA_ALG_SHA_256, "SHA256"}, {PSA_ALG_SHA_384, "SHA384"}, {PSA_ALG_SHA_512, "SHA512"}};
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        for (size_t len = 0; len <= LONGEST; len++) {
            psa_hash_operation_t op = PSA_HASH_OPERATION_INIT, second = PSA_HASH_OPERATION_INIT;
            uint8_t saved[PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE], hash[64], want[64];
            size_t cut = below(len + 1), size;
            draw(data, len);
            assert_int_equal(psa_hash_setup(&op, hashes[i].alg), PSA_SUCCESS);
            assert_int_equal(psa_hash_update(&op, data, cut), PSA_SUCCESS);
            assert_int_equal(psa_hash_suspend(&op, saved, PSA_HASH_SUSPEND_OUTPUT_SIZE(hashes[i].alg), &size),
                             PSA_SUCCESS);
            assert_int_equal(psa_hash_update(&op, data, 1), PSA_ERROR_BAD_STATE);
            assert_int_equal(psa_hash_resume(&second, saved, size - 1), PSA_ERROR_INVALID_ARGUMENT);
            assert_int_equal(psa_hash_resume(&second, saved, size), PSA_SUCCESS);
            assert_int_equal(psa_hash_update(&second, data + cut, len - cut), PSA_SUCCESS);
            assert_int_equal(psa_hash_finish(&second, hash, sizeof hash, &size), PSA_SUCCESS);
            unsigned want_len;
            assert_true(EVP_Digest(data, len, want, &want_len, EVP_get_digestbyname(hashes[i].name), NULL));
            assert_int_equal(size, want_len);
            assert_memory_equal(hash, want, size);
        }
    }
}

/* DES and 3DES with two keys are 3DES with three. */
static void make_their_key(psa_key_type_t type, size_t key_len)
{
    memcpy(their_key, key, key_len);
    if (type == PSA_KEY_TYPE_DES && key_len < 24) {
        memcpy(their_key + 8, key + key_len - 8, 8);
        memcpy(their_key + 16, key, 8);
    }
}

static void macs_equal_openssls_in_pieces(void **state)
{
    static const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        size_t key_len;
        const char *mac, *param, *name;
    } macs[] = {
        {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_MD5), 0, "HMAC", "digest", "MD5"},
        {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_1), 0, "HMAC", "digest", "SHA1"},
        {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_224), 0, "HMAC", "digest", "SHA224"},
        {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), 0, "HMAC", "digest", "SHA256"},
        {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_384), 0, "HMAC", "digest", "SHA384"},
        {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_512), 0, "HMAC", "digest", "SHA512"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 16, "CMAC", "cipher", "AES-128-CBC"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 24, "CMAC", "cipher", "AES-192-CBC"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 32, "CMAC", "cipher", "AES-256-CBC"},
        {PSA_KEY_TYPE_DES, PSA_ALG_CMAC, 16, "CMAC", "cipher", "DES-EDE3-CBC"},
        {PSA_KEY_TYPE_DES, PSA_ALG_CMAC, 24, "CMAC", "cipher", "DES-EDE3-CBC"},
    };
    for (size_t i = 0; i < sizeof macs / sizeof macs[0] * ROUNDS; i++) {
        size_t m = i % (sizeof macs / sizeof macs[0]), len = below(LONGEST), size, done = 0;
        size_t key_len = macs[m].key_len != 0 ? macs[m].key_len : 1 + below(sizeof key);
        psa_mac_operation_t op = PSA_MAC_OPERATION_INIT;
        uint8_t mac[64], want[64];
        draw(key, sizeof key);
        draw(data, len);
        psa_key_id_t id = import(macs[m].type, key_len, macs[m].alg);
        assert_int_equal(psa_mac_sign_setup(&op, id, macs[m].alg), PSA_SUCCESS);
        while (done < len) {
            size_t piece = 1 + below(len - done);
            assert_int_equal(psa_mac_update(&op, data + done, piece), PSA_SUCCESS);
            done += piece;
        }
        assert_int_equal(psa_mac_sign_finish(&op, mac, sizeof mac, &size), PSA_SUCCESS);
        size_t want_len;
        make_their_key(macs[m].type, key_len);
        assert_non_null(EVP_Q_mac(NULL, macs[m].mac, NULL, macs[m].name, NULL, their_key,
                                  macs[m].type == PSA_KEY_TYPE_DES ? 24 : key_len, data, len, want, sizeof want,
                                  &want_len));
        assert_int_equal(size, want_len);
        assert_memory_equal(mac, want, size);
        assert_int_equal(psa_mac_verify(id, macs[m].alg, data, len, want, want_len), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    }
}

/* CCM*'s text begins with block 1 of its counter mode (SP 800-38C A.3, a length of two bytes). */
static void make_their_iv(psa_algorithm_t alg)
{
    memcpy(their_iv, iv, sizeof iv);
    if (alg == PSA_ALG_CCM_STAR_NO_TAG) {
        their_iv[0] = 1;
        memcpy(their_iv + 1, iv, 13);
        their_iv[14] = 0;
        their_iv[15] = 1;
    }
}

/* OpenSSL's encryption of data in one piece. */
static size_t openssl_encrypts(const char *name, size_t iv_len, bool padded, size_t len)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int first, last;
    assert_non_null(cipher);
    assert_true(EVP_EncryptInit_ex2(ctx, cipher, their_key, iv_len == 0 ? NULL : their_iv, NULL));
    assert_true(EVP_CIPHER_CTX_set_padding(ctx, padded));
    assert_true(EVP_EncryptUpdate(ctx, theirs, &first, data, (int)len));
    assert_true(EVP_EncryptFinal_ex(ctx, theirs + first, &last));
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return (size_t)(first + last);
}

/* One direction through PSA, in pieces; the length that came out. */
static size_t in_pieces(psa_key_id_t id, psa_algorithm_t alg, bool encrypting, size_t iv_len, const uint8_t *in,
                        size_t len, uint8_t *out)
{
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    size_t done = 0, made = 0, more;
    assert_int_equal((encrypting ? psa_cipher_encrypt_setup : psa_cipher_decrypt_setup)(&op, id, alg), PSA_SUCCESS);
    if (iv_len != 0) {
        assert_int_equal(psa_cipher_set_iv(&op, iv, iv_len), PSA_SUCCESS);
    }
    while (done < len) {
        size_t piece = 1 + below(len - done);
        assert_int_equal(psa_cipher_update(&op, in + done, piece, out + made, LONGEST + 32 - made, &more), PSA_SUCCESS);
        done += piece;
        made += more;
    }
    assert_int_equal(psa_cipher_finish(&op, out + made, LONGEST + 32 - made, &more), PSA_SUCCESS);
    return made + more;
}

/* A key's length, of those that its type has. */
static size_t some_key_len(psa_key_type_t type)
{
    size_t n = below(3);
    return type == PSA_KEY_TYPE_AES ? 16 + 8 * n : type == PSA_KEY_TYPE_DES ? 8 + 8 * n : 32;
}

static const struct cipher {
    psa_key_type_t type;
    psa_algorithm_t alg;
    size_t iv_len, unit;
    const char *mode;
} ciphers[] = {
    {PSA_KEY_TYPE_AES, PSA_ALG_CTR, 16, 1, "CTR"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CFB, 16, 1, "CFB"},
    {PSA_KEY_TYPE_AES, PSA_ALG_OFB, 16, 1, "OFB"},
    {PSA_KEY_TYPE_AES, PSA_ALG_ECB_NO_PADDING, 0, 16, "ECB"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CBC_NO_PADDING, 16, 16, "CBC"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7, 16, 1, "CBC"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CCM_STAR_NO_TAG, 13, 1, "CTR"},
    {PSA_KEY_TYPE_DES, PSA_ALG_ECB_NO_PADDING, 0, 8, "ECB"},
    {PSA_KEY_TYPE_DES, PSA_ALG_CBC_PKCS7, 8, 1, "CBC"},
    {PSA_KEY_TYPE_DES, PSA_ALG_CBC_NO_PADDING, 8, 8, "CBC"},
    {PSA_KEY_TYPE_DES, PSA_ALG_CFB, 8, 1, "CFB"},
    {PSA_KEY_TYPE_DES, PSA_ALG_OFB, 8, 1, "OFB"},
    {PSA_KEY_TYPE_CHACHA20, PSA_ALG_STREAM_CIPHER, 16, 1, "ChaCha20"},
};
#define CIPHERS (sizeof ciphers / sizeof ciphers[0])

static void name_cipher(const struct cipher *cipher, size_t key_len, char *name, size_t cap)
{
    if (cipher->type == PSA_KEY_TYPE_AES) {
        snprintf(name, cap, "AES-%u-%s", (unsigned)key_len * 8, cipher->mode);
    } else {
        snprintf(name, cap, "%s%s", cipher->type == PSA_KEY_TYPE_DES ? "DES-EDE3-" : "", cipher->mode);
    }
}

/* Ours is theirs, and theirs opens. */
static void compare_cipher(const struct cipher *cipher)
{
    char name[24];
    size_t len = below(LONGEST / cipher->unit) * cipher->unit, key_len = some_key_len(cipher->type);
    draw(key, sizeof key);
    draw(iv, sizeof iv);
    draw(data, len);
    make_their_key(cipher->type, key_len);
    make_their_iv(cipher->alg);
    name_cipher(cipher, key_len, name, sizeof name);
    size_t want = openssl_encrypts(name, cipher->iv_len, cipher->alg == PSA_ALG_CBC_PKCS7, len);
    psa_key_id_t id = import(cipher->type, key_len, cipher->alg);
    assert_int_equal(in_pieces(id, cipher->alg, true, cipher->iv_len, data, len, ours), want);
    assert_memory_equal(ours, theirs, want);
    assert_int_equal(in_pieces(id, cipher->alg, false, cipher->iv_len, theirs, want, back), len);
    assert_memory_equal(back, data, len);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

static void ciphers_equal_openssls_in_pieces_both_ways(void **state)
{
    for (size_t i = 0; i < CIPHERS * ROUNDS; i++) {
        compare_cipher(&ciphers[i % CIPHERS]);
    }
}

/* Every byte of a last block that is no padding, and every one that is. */
static void padding_is_right_or_refused(void **state)
{
    uint8_t block[16], text[16], sealed[32];
    size_t len;
    draw(key, sizeof key);
    psa_key_id_t plain = import(PSA_KEY_TYPE_AES, 16, PSA_ALG_ECB_NO_PADDING),
                 padded = import(PSA_KEY_TYPE_AES, 16, PSA_ALG_CBC_PKCS7);
    for (unsigned last = 0; last < 256; last++) {
        for (unsigned wrong = 0; wrong <= 16; wrong++) { /* wrong: which byte from the end is not the padding's */
            memset(block, (int)last, sizeof block);
            if (wrong != 0) {
                block[16 - wrong] ^= 0x80;
            }
            unsigned pad = block[15];
            bool good = pad >= 1 && pad <= 16;
            for (unsigned i = 1; good && i <= pad; i++) {
                good = block[16 - i] == pad;
            }
            memset(sealed, 0, 16);
            assert_int_equal(psa_cipher_encrypt(plain, PSA_ALG_ECB_NO_PADDING, block, 16, sealed + 16, 16, &len),
                             PSA_SUCCESS);
            assert_int_equal(psa_cipher_decrypt(padded, PSA_ALG_CBC_PKCS7, sealed, 32, text, sizeof text, &len),
                             good ? PSA_SUCCESS : PSA_ERROR_INVALID_PADDING);
            assert_int_equal(len, good ? 16 - pad : 0);
            assert_memory_equal(text, block, len);
        }
    }
    assert_int_equal(psa_destroy_key(plain), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(padded), PSA_SUCCESS);
}

/* The text and its tag, sealed by OpenSSL, whose CCM wants all lengths before. */
static void openssl_seals(const char *name, size_t nonce_len, size_t aad_len, size_t len, size_t tag_len)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool ccm = strstr(name, "CCM") != NULL;
    int made;
    assert_non_null(cipher);
    assert_true(EVP_EncryptInit_ex2(ctx, cipher, NULL, NULL, NULL));
    assert_true(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce_len, NULL));
    assert_true(!ccm || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)tag_len, NULL));
    assert_true(EVP_EncryptInit_ex2(ctx, NULL, key, iv, NULL));
    assert_true(!ccm || EVP_EncryptUpdate(ctx, NULL, &made, NULL, (int)len));
    assert_true(aad_len == 0 || EVP_EncryptUpdate(ctx, NULL, &made, key, (int)aad_len));
    assert_true(EVP_EncryptUpdate(ctx, theirs, &made, data, (int)len));
    assert_true(EVP_EncryptFinal_ex(ctx, theirs + made, &made));
    assert_true(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)tag_len, theirs + len));
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
}

static void aead_in_pieces_equals_openssls_in_one(void **state)
{
    static const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        size_t key_len, nonce;
        const char *name;
    } aeads[] = {
        {PSA_KEY_TYPE_AES, PSA_ALG_GCM, 16, 12, "AES-128-GCM"},
        {PSA_KEY_TYPE_AES, PSA_ALG_GCM, 24, 16, "AES-192-GCM"},
        {PSA_KEY_TYPE_AES, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_GCM, 12), 32, 7, "AES-256-GCM"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CCM, 16, 13, "AES-128-CCM"},
        {PSA_KEY_TYPE_AES, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8), 24, 7, "AES-192-CCM"},
        {PSA_KEY_TYPE_AES, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 4), 32, 11, "AES-256-CCM"},
        {PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305, 32, 12, "ChaCha20-Poly1305"},
    };
    for (size_t i = 0; i < sizeof aeads / sizeof aeads[0] * ROUNDS * 2; i++) {
        size_t a = i / 2 % (sizeof aeads / sizeof aeads[0]), len = below(LONGEST), aad = below(90), done = 0, more;
        bool encrypting = i % 2 == 0;
        psa_aead_operation_t op = PSA_AEAD_OPERATION_INIT;
        uint8_t tag[16];
        draw(key, sizeof key);
        draw(iv, sizeof iv);
        draw(data, sizeof data);
        psa_key_id_t id = import(aeads[a].type, aeads[a].key_len, aeads[a].alg);
        size_t tag_len = PSA_AEAD_TAG_LENGTH(aeads[a].type, aeads[a].key_len * 8, aeads[a].alg);
        aad = aad < 64 ? aad : 64;
        openssl_seals(aeads[a].name, aeads[a].nonce, aad, len, tag_len);
        assert_int_equal(
            psa_aead_encrypt(id, aeads[a].alg, iv, aeads[a].nonce, key, aad, data, len, ours, sizeof ours, &more),
            PSA_SUCCESS);
        assert_int_equal(more, len + tag_len);
        assert_memory_equal(ours, theirs, more);
        assert_int_equal((encrypting ? psa_aead_encrypt_setup : psa_aead_decrypt_setup)(&op, id, aeads[a].alg),
                         PSA_SUCCESS);
        if (a == 3 || a == 4 || a == 5 || below(2) == 0) {
            assert_int_equal(psa_aead_set_lengths(&op, aad, len), PSA_SUCCESS);
        }
        assert_int_equal(psa_aead_set_nonce(&op, iv, aeads[a].nonce), PSA_SUCCESS);
        assert_int_equal(psa_aead_update_ad(&op, key, aad / 3), PSA_SUCCESS);
        assert_int_equal(psa_aead_update_ad(&op, key + aad / 3, aad - aad / 3), PSA_SUCCESS);
        const uint8_t *in = encrypting ? data : theirs;
        while (done < len) {
            size_t piece = 1 + below(len - done);
            assert_int_equal(psa_aead_update(&op, in + done, piece, ours + done, piece, &more), PSA_SUCCESS);
            done += piece;
        }
        if (encrypting) {
            size_t none;
            assert_int_equal(psa_aead_finish(&op, NULL, 0, &none, tag, sizeof tag, &more), PSA_SUCCESS);
            assert_int_equal(more, tag_len);
            assert_memory_equal(tag, theirs + len, tag_len);
        } else {
            assert_int_equal(psa_aead_verify(&op, NULL, 0, &more, theirs + len, tag_len), PSA_SUCCESS);
        }
        assert_memory_equal(ours, encrypting ? theirs : data, len);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_equal_openssls_in_pieces_and_when_suspended),
        cmocka_unit_test(macs_equal_openssls_in_pieces),
        cmocka_unit_test(ciphers_equal_openssls_in_pieces_both_ways),
        cmocka_unit_test(padding_is_right_or_refused),
        cmocka_unit_test(aead_in_pieces_equals_openssls_in_one),
    };
    replay_start();
    return psa_crypto_init() == PSA_SUCCESS ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
