/* SPDX-License-Identifier: Apache-2.0 */
/* Ciphers without authentication: encrypted in two parts with the file's IV, decrypted in one call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tests/psa_cases.h"

#define TEXT_MAX 512

static void encrypt(psa_key_id_t id, psa_algorithm_t alg, struct mico_span iv, struct mico_span plain,
                    struct mico_span want)
{
    uint8_t out[TEXT_MAX + 16];
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    size_t cut = plain.len / 3, made = 0, more;
    assert_true(plain.len <= TEXT_MAX);
    assert_int_equal(psa_cipher_encrypt_setup(&op, id, alg), PSA_SUCCESS);
    if (iv.len != 0) {
        assert_int_equal(psa_cipher_set_iv(&op, iv.data, iv.len), PSA_SUCCESS);
    }
    assert_int_equal(psa_cipher_update(&op, plain.data, cut, out, sizeof out, &made), PSA_SUCCESS);
    assert_int_equal(psa_cipher_update(&op, plain.data + cut, plain.len - cut, out + made, sizeof out - made, &more),
                     PSA_SUCCESS);
    made += more;
    assert_int_equal(psa_cipher_finish(&op, out + made, sizeof out - made, &more), PSA_SUCCESS);
    case_expect(PSA_SUCCESS, out, made + more, want);
}

static void decrypt(psa_key_id_t id, psa_algorithm_t alg, struct mico_span iv, struct mico_span cipher,
                    struct mico_span want)
{
    uint8_t in[TEXT_MAX + 16], out[TEXT_MAX + 16];
    size_t len;
    memcpy(in, iv.data, iv.len);
    memcpy(in + iv.len, cipher.data, cipher.len);
    psa_status_t status = psa_cipher_decrypt(id, alg, in, iv.len + cipher.len, out, sizeof out, &len);
    case_expect(status, out, len, want);
}

static void both_ways(struct vectors *v, psa_key_type_t type, struct mico_span key, psa_algorithm_t alg)
{
    struct mico_span plain = vectors_hex(v, "PLAINTEXT"), cipher = vectors_hex(v, "CIPHERTEXT"), iv = {key.data, 0};
    psa_key_id_t id = case_key(type, key, alg);
    assert_int_equal(vectors_known(v, "IV"), alg != PSA_ALG_ECB_NO_PADDING);
    if (vectors_known(v, "IV")) {
        iv = vectors_hex(v, "IV");
    }
    encrypt(id, alg, iv, plain, cipher);
    decrypt(id, alg, iv, cipher, plain);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

const char *case_aes(struct vectors *v, psa_algorithm_t alg)
{
    both_ways(v, PSA_KEY_TYPE_AES, vectors_hex(v, "KEY"), alg);
    return NULL;
}

/* KEYs is one key three times; of keys that are equal PSA may be given one, or two. */
const char *case_des(struct vectors *v, psa_algorithm_t alg)
{
    static const char *const names[] = {"KEY1", "KEY2", "KEY3"};
    uint8_t keys[24];
    for (unsigned i = 0; i < 3; i++) {
        memcpy(keys + 8 * i, vectors_padded(v, vectors_known(v, "KEYs") ? "KEYs" : names[i], 8).data, 8);
    }
    both_ways(v, PSA_KEY_TYPE_DES, MICO_SPAN(keys), alg);
    if (memcmp(keys, keys + 16, 8) == 0) {
        both_ways(v, PSA_KEY_TYPE_DES, (struct mico_span){keys, 16}, alg);
    }
    if (memcmp(keys, keys + 8, 16) == 0) {
        both_ways(v, PSA_KEY_TYPE_DES, (struct mico_span){keys, 8}, alg);
    }
    return NULL;
}

/* An IV of 16 bytes begins with the block counter, the least byte first (RFC 8439 section 2.3). */
const char *case_chacha20(struct vectors *v, psa_algorithm_t alg)
{
    struct mico_span nonce = vectors_hex(v, "NONCE"), key = vectors_hex(v, "KEY"), plain = vectors_hex(v, "PLAINTEXT"),
                     cipher = vectors_hex(v, "CIPHERTEXT");
    uint32_t counter = (uint32_t)vectors_decimal(v, "INITIAL_BLOCK_COUNTER");
    uint8_t iv[16] = {(uint8_t)counter, (uint8_t)(counter >> 8), (uint8_t)(counter >> 16), (uint8_t)(counter >> 24)};
    psa_key_id_t id = case_key(PSA_KEY_TYPE_CHACHA20, key, alg);
    assert_int_equal(nonce.len, 12);
    memcpy(iv + 4, nonce.data, 12);
    encrypt(id, alg, MICO_SPAN(iv), plain, cipher);
    encrypt(id, alg, MICO_SPAN(iv), cipher, plain);
    if (counter == 0) { /* decryption in one call takes the nonce alone */
        decrypt(id, alg, nonce, cipher, plain);
    }
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    return NULL;
}

/* The block of padding after whole blocks (RFC 5652 section 6.3), as ECB encrypts it, chained to the last of them. */
static size_t add_padding(psa_key_id_t ecb, size_t block, uint8_t *cipher, size_t len)
{
    uint8_t pad[16];
    size_t made;
    for (size_t i = 0; i < block; i++) {
        pad[i] = (uint8_t)(block ^ cipher[len - block + i]);
    }
    assert_int_equal(psa_cipher_encrypt(ecb, PSA_ALG_ECB_NO_PADDING, pad, block, cipher + len, block, &made),
                     PSA_SUCCESS);
    assert_int_equal(made, block);
    return len + block;
}

/* The answers of CBC without padding are those of CBC with it, but for the last block; that one's comes by ECB, which has
 * answers of its own. */
const char *case_cbc_padded(struct vectors *v, psa_algorithm_t alg)
{
    bool aes = vectors_known(v, "KEY");
    uint8_t key[24], want[TEXT_MAX + 16];
    struct mico_span plain = vectors_hex(v, "PLAINTEXT"), cipher = vectors_hex(v, "CIPHERTEXT"),
                     iv = vectors_hex(v, "IV"), bytes = {key, sizeof key};
    if (aes) {
        bytes = vectors_hex(v, "KEY");
    } else {
        memcpy(key, vectors_hex(v, "KEY1").data, 8);
        memcpy(key + 8, vectors_hex(v, "KEY2").data, 8);
        memcpy(key + 16, vectors_hex(v, "KEY3").data, 8);
    }
    psa_key_type_t type = aes ? PSA_KEY_TYPE_AES : PSA_KEY_TYPE_DES;
    psa_key_id_t id = case_key(type, bytes, alg), ecb = case_key(type, bytes, PSA_ALG_ECB_NO_PADDING);
    assert_true(cipher.len <= TEXT_MAX);
    memcpy(want, cipher.data, cipher.len);
    struct mico_span padded = {want, add_padding(ecb, iv.len, want, cipher.len)};
    encrypt(id, alg, iv, plain, padded);
    decrypt(id, alg, iv, padded, plain);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(ecb), PSA_SUCCESS);
    return NULL;
}
