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

#define LONGEST 400
#define ROUNDS 60

static uint8_t data[LONGEST], key[64], iv[16], ours[LONGEST + 32], theirs[LONGEST + 32], back[LONGEST + 32];

static void draw(void *out, size_t len)
{
    assert_int_equal(psa_generate_random(out, len), PSA_SUCCESS);
}

static size_t below(size_t limit)
{
    uint32_t number;
    draw(&number, sizeof number);
    return number % limit;
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
        {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_512), 0, "HMAC", "digest", "SHA512"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 16, "CMAC", "cipher", "AES-128-CBC"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 24, "CMAC", "cipher", "AES-192-CBC"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 32, "CMAC", "cipher", "AES-256-CBC"},
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
        assert_non_null(EVP_Q_mac(NULL, macs[m].mac, NULL, macs[m].name, NULL, key, key_len, data, len, want,
                                  sizeof want, &want_len));
        assert_int_equal(size, want_len);
        assert_memory_equal(mac, want, size);
        assert_int_equal(psa_mac_verify(id, macs[m].alg, data, len, want, want_len), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    }
}

/* OpenSSL's encryption of data in one piece. */
static size_t openssl_encrypts(const char *name, size_t iv_len, bool padded, size_t len)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int first, last;
    assert_non_null(cipher);
    assert_true(EVP_EncryptInit_ex2(ctx, cipher, key, iv_len == 0 ? NULL : iv, NULL));
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

static void ciphers_equal_openssls_in_pieces_both_ways(void **state)
{
    static const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        size_t key_len, iv_len, unit;
        const char *name;
    } ciphers[] = {
        {PSA_KEY_TYPE_AES, PSA_ALG_CTR, 16, 16, 1, "AES-128-CTR"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CTR, 24, 16, 1, "AES-192-CTR"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CFB, 32, 16, 1, "AES-256-CFB"},
        {PSA_KEY_TYPE_AES, PSA_ALG_OFB, 16, 16, 1, "AES-128-OFB"},
        {PSA_KEY_TYPE_AES, PSA_ALG_ECB_NO_PADDING, 24, 0, 16, "AES-192-ECB"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CBC_NO_PADDING, 32, 16, 16, "AES-256-CBC"},
        {PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7, 16, 16, 1, "AES-128-CBC"},
        {PSA_KEY_TYPE_DES, PSA_ALG_CBC_PKCS7, 24, 8, 1, "DES-EDE3-CBC"},
        {PSA_KEY_TYPE_DES, PSA_ALG_CBC_NO_PADDING, 16, 8, 8, "DES-EDE-CBC"},
        {PSA_KEY_TYPE_DES, PSA_ALG_OFB, 24, 8, 1, "DES-EDE3-OFB"},
        {PSA_KEY_TYPE_CHACHA20, PSA_ALG_STREAM_CIPHER, 32, 16, 1, "ChaCha20"},
    };
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0] * ROUNDS; i++) {
        size_t c = i % (sizeof ciphers / sizeof ciphers[0]);
        size_t len = below(LONGEST / ciphers[c].unit) * ciphers[c].unit;
        draw(key, sizeof key);
        draw(iv, sizeof iv);
        draw(data, len);
        size_t want = openssl_encrypts(ciphers[c].name, ciphers[c].iv_len, ciphers[c].alg == PSA_ALG_CBC_PKCS7, len);
        psa_key_id_t id = import(ciphers[c].type, ciphers[c].key_len, ciphers[c].alg);
        assert_int_equal(in_pieces(id, ciphers[c].alg, true, ciphers[c].iv_len, data, len, ours), want);
        assert_memory_equal(ours, theirs, want);
        assert_int_equal(in_pieces(id, ciphers[c].alg, false, ciphers[c].iv_len, ours, want, back), len);
        assert_memory_equal(back, data, len);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
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

static void aead_in_pieces_equals_aead_in_one(void **state)
{
    static const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        size_t key_len, nonce;
    } aeads[] = {
        {PSA_KEY_TYPE_AES, PSA_ALG_GCM, 16, 12},
        {PSA_KEY_TYPE_AES, PSA_ALG_GCM, 24, 16},
        {PSA_KEY_TYPE_AES, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_GCM, 12), 32, 7},
        {PSA_KEY_TYPE_AES, PSA_ALG_CCM, 16, 13},
        {PSA_KEY_TYPE_AES, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8), 24, 7},
        {PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305, 32, 12},
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
        assert_int_equal(psa_aead_encrypt(id, aeads[a].alg, iv, aeads[a].nonce, key, aad < 64 ? aad : 64, data, len,
                                          theirs, sizeof theirs, &more),
                         PSA_SUCCESS);
        size_t tag_len = more - len;
        aad = aad < 64 ? aad : 64;
        assert_int_equal((encrypting ? psa_aead_encrypt_setup : psa_aead_decrypt_setup)(&op, id, aeads[a].alg),
                         PSA_SUCCESS);
        if (a == 3 || a == 4 || below(2) == 0) {
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
        cmocka_unit_test(aead_in_pieces_equals_aead_in_one),
    };
    return psa_crypto_init() == PSA_SUCCESS ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
