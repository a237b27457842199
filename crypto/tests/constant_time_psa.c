/* SPDX-License-Identifier: Apache-2.0 */
/* PSA: keys that are imported, made, copied, exported; hashes, MACs, ciphers, AEADs and key wrapping with secret keys and
 * texts. Lengths, algorithms, and in the end whether a tag or padding is right, are public. */
#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/constant_time.h"
#include "crypto/tests/constant_time_keys_of.h"

#define LONGEST 200

static uint8_t key_bytes[LONGEST], text[LONGEST], sealed[LONGEST + 32], back[LONGEST + 32];

psa_key_attributes_t ct_attributes(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_bits(&attributes, bits);
    psa_set_key_algorithm(&attributes, alg);
    psa_set_key_usage_flags(&attributes,
                            PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT |
                                PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | PSA_KEY_USAGE_SIGN_HASH |
                                PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_VERIFY_DERIVATION |
                                PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP);
    return attributes;
}

psa_key_id_t ct_import(psa_key_type_t type, psa_algorithm_t alg, const uint8_t *data, size_t len)
{
    psa_key_attributes_t attributes = ct_attributes(type, 0, alg);
    psa_key_id_t key;
    ct_expect(psa_import_key(&attributes, data, len, &key), PSA_SUCCESS);
    open_up(&key, sizeof key);
    return key;
}

psa_key_id_t ct_secret_key(psa_key_type_t type, psa_algorithm_t alg, size_t len)
{
    memset(key_bytes, 0, sizeof key_bytes);
    return ct_import(type, alg, secret(key_bytes, len), len);
}

void ct_destroy(psa_key_id_t key)
{
    ct_expect(psa_destroy_key(key), PSA_SUCCESS);
}

/* ---- keys ---- */

/* Copied, exported, the public half as well, and gone. */
static void handle(psa_key_type_t type, psa_key_id_t key)
{
    static uint8_t out[CT_RSA_DER_MAX];
    psa_key_attributes_t attributes = ct_attributes(type, 0, 0);
    psa_key_id_t copy;
    size_t len;
    ct_expect(psa_copy_key(key, &attributes, &copy), PSA_SUCCESS);
    open_up(&copy, sizeof copy);
    ct_expect(psa_export_key(copy, out, sizeof out, &len), PSA_SUCCESS);
    if (PSA_KEY_TYPE_IS_KEY_PAIR(type)) {
        ct_expect(psa_export_public_key(key, out, sizeof out, &len), PSA_SUCCESS);
    }
    ct_destroy(copy);
    ct_destroy(key);
}

static const struct {
    psa_key_type_t type;
    uint16_t len, bits; /* bits: to be made, 0: not */
} kinds[] = {
    {PSA_KEY_TYPE_RAW_DATA, 40, 320},
    {PSA_KEY_TYPE_DERIVE, 40, 320},
    {PSA_KEY_TYPE_HMAC, 64, 512},
    {PSA_KEY_TYPE_PASSWORD, 12, 0},
    {PSA_KEY_TYPE_AES, 32, 256},
    {PSA_KEY_TYPE_DES, 24, 192},
    {PSA_KEY_TYPE_CHACHA20, 32, 256},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 32, 255},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), 32, 255},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 32, 256},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 48, 384},
};

void ct_psa_keys(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        handle(kinds[i].type, ct_secret_key(kinds[i].type, 0, kinds[i].len));
    }
}

void ct_psa_keys_rsa(void)
{
    static uint8_t der[CT_RSA_DER_MAX];
    ct_open_entropy(); /* see constant_time_numbers.c */
    size_t len = ct_rsa_der(der);
    handle(PSA_KEY_TYPE_RSA_KEY_PAIR, ct_import(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, der, len));
}

void ct_psa_generate(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        psa_key_attributes_t attributes = ct_attributes(kinds[i].type, kinds[i].bits, 0);
        psa_key_id_t key;
        if (kinds[i].bits != 0) {
            ct_expect(psa_generate_key(&attributes, &key), PSA_SUCCESS);
            open_up(&key, sizeof key);
            handle(kinds[i].type, key);
        }
    }
    ct_expect(psa_generate_random(text, sizeof text), PSA_SUCCESS);
}

/* ---- hashes and MACs ---- */

void ct_psa_hash(void)
{
    static const psa_algorithm_t algs[] = {PSA_ALG_MD5,     PSA_ALG_SHA_1,   PSA_ALG_SHA_224,
                                           PSA_ALG_SHA_256, PSA_ALG_SHA_384, PSA_ALG_SHA_512};
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        psa_hash_operation_t op = PSA_HASH_OPERATION_INIT, twin = PSA_HASH_OPERATION_INIT;
        uint8_t hash[PSA_HASH_MAX_SIZE];
        size_t len;
        secret(text, sizeof text);
        ct_expect(psa_hash_compute(algs[i], text, sizeof text, hash, sizeof hash, &len), PSA_SUCCESS);
        ct_expect(psa_hash_compare(algs[i], text, sizeof text, hash, len), PSA_SUCCESS);
        ct_expect(psa_hash_setup(&op, algs[i]), PSA_SUCCESS);
        ct_expect(psa_hash_update(&op, text, 77), PSA_SUCCESS);
        ct_expect(psa_hash_clone(&op, &twin), PSA_SUCCESS);
        ct_expect(psa_hash_finish(&op, hash, sizeof hash, &len), PSA_SUCCESS);
        secret(hash, len);
        ct_expect(psa_hash_verify(&twin, hash, len), PSA_ERROR_INVALID_SIGNATURE);
    }
}

static void mac(psa_key_type_t type, psa_algorithm_t alg, size_t len)
{
    psa_key_id_t key = ct_secret_key(type, alg, len);
    psa_mac_operation_t op = PSA_MAC_OPERATION_INIT;
    uint8_t tag[PSA_MAC_MAX_SIZE];
    size_t tag_len;
    secret(text, sizeof text);
    ct_expect(psa_mac_compute(key, alg, text, sizeof text, tag, sizeof tag, &tag_len), PSA_SUCCESS);
    ct_expect(psa_mac_verify(key, alg, text, sizeof text, tag, tag_len), PSA_SUCCESS);
    secret(tag, tag_len);
    ct_expect(psa_mac_verify(key, alg, text, sizeof text, tag, tag_len), PSA_ERROR_INVALID_SIGNATURE);
    ct_expect(psa_mac_sign_setup(&op, key, alg), PSA_SUCCESS);
    ct_expect(psa_mac_update(&op, text, 33), PSA_SUCCESS);
    ct_expect(psa_mac_sign_finish(&op, tag, sizeof tag, &tag_len), PSA_SUCCESS);
    ct_expect(psa_mac_verify_setup(&op, key, alg), PSA_SUCCESS);
    ct_expect(psa_mac_update(&op, text, 33), PSA_SUCCESS);
    ct_expect(psa_mac_verify_finish(&op, tag, tag_len), PSA_SUCCESS);
    ct_destroy(key);
}

void ct_psa_mac(void)
{
    mac(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_1), 20);
    mac(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), 32);
    mac(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_512), 150); /* a key that is hashed first */
    mac(PSA_KEY_TYPE_HMAC, PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(PSA_ALG_SHA_384), 16), 48);
    mac(PSA_KEY_TYPE_AES, PSA_ALG_CMAC, 16);
    mac(PSA_KEY_TYPE_DES, PSA_ALG_CMAC, 24);
}

/* ---- ciphers ---- */

static void cipher(psa_key_type_t type, psa_algorithm_t alg, size_t key_len)
{
    psa_key_id_t key = ct_secret_key(type, alg, key_len);
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    size_t len, more;
    secret(text, 96);
    ct_expect(psa_cipher_encrypt(key, alg, text, 96, sealed, sizeof sealed, &len), PSA_SUCCESS);
    open_up(&len, sizeof len);
    open_up(sealed, len);
    ct_expect(psa_cipher_decrypt(key, alg, sealed, len, back, sizeof back, &more), PSA_SUCCESS);
    size_t iv = len - 96;
    ct_expect(psa_cipher_decrypt_setup(&op, key, alg), PSA_SUCCESS);
    if (iv != 0) {
        ct_expect(psa_cipher_set_iv(&op, sealed, iv), PSA_SUCCESS);
    }
    ct_expect(psa_cipher_update(&op, sealed + iv, 96, back, sizeof back, &more), PSA_SUCCESS);
    ct_expect(psa_cipher_finish(&op, back + 96, sizeof back - 96, &more), PSA_SUCCESS);
    ct_expect(psa_cipher_encrypt_setup(&op, key, alg), PSA_SUCCESS);
    if (iv != 0) {
        ct_expect(psa_cipher_generate_iv(&op, sealed, sizeof sealed, &more), PSA_SUCCESS);
    }
    ct_expect(psa_cipher_abort(&op), PSA_SUCCESS);
    ct_destroy(key);
}

void ct_psa_cipher(void)
{
    static const psa_algorithm_t modes[] = {
        PSA_ALG_CTR, PSA_ALG_CFB, PSA_ALG_OFB, PSA_ALG_ECB_NO_PADDING, PSA_ALG_CBC_NO_PADDING, PSA_ALG_CCM_STAR_NO_TAG};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        cipher(PSA_KEY_TYPE_AES, modes[i], 32);
    }
    cipher(PSA_KEY_TYPE_CHACHA20, PSA_ALG_STREAM_CIPHER, 32);
}

/* CBC's padding: the text and the padding are secret, whether it is right is not; then its length is not, either. */
void ct_psa_padding(void)
{
    psa_key_id_t key = ct_secret_key(PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7, 16);
    size_t len, more;
    secret(text, 40);
    ct_expect(psa_cipher_encrypt(key, PSA_ALG_CBC_PKCS7, text, 40, sealed, sizeof sealed, &len), PSA_SUCCESS);
    open_up(sealed, len);
    ct_expect(psa_cipher_decrypt(key, PSA_ALG_CBC_PKCS7, sealed, len, back, sizeof back, &more), PSA_SUCCESS);
    open_up(&more, sizeof more);
    sealed[len - 17] ^= 0x40; /* in the last byte of the text */
    ct_expect(psa_cipher_decrypt(key, PSA_ALG_CBC_PKCS7, sealed, len, back, sizeof back, &more),
              PSA_ERROR_INVALID_PADDING);
    ct_destroy(key);
}

/* ---- AEADs ---- */

static void seal_in_parts(psa_key_id_t key, psa_algorithm_t alg, const uint8_t nonce[12])
{
    psa_aead_operation_t op = PSA_AEAD_OPERATION_INIT;
    size_t len, tag_len;
    uint8_t tag[16];
    ct_expect(psa_aead_encrypt_setup(&op, key, alg), PSA_SUCCESS);
    ct_expect(psa_aead_set_lengths(&op, 10, 70), PSA_SUCCESS);
    ct_expect(psa_aead_set_nonce(&op, nonce, 12), PSA_SUCCESS);
    ct_expect(psa_aead_update_ad(&op, nonce, 10), PSA_SUCCESS);
    ct_expect(psa_aead_update(&op, text, 70, sealed, sizeof sealed, &len), PSA_SUCCESS);
    ct_expect(psa_aead_finish(&op, NULL, 0, &len, tag, sizeof tag, &tag_len), PSA_SUCCESS);
    open_up(sealed, 70);
    open_up(tag, sizeof tag);
    for (int wrong = 0; wrong < 2; wrong++) {
        tag[3] ^= (uint8_t)wrong;
        ct_expect(psa_aead_decrypt_setup(&op, key, alg), PSA_SUCCESS);
        ct_expect(psa_aead_set_lengths(&op, 10, 70), PSA_SUCCESS);
        ct_expect(psa_aead_set_nonce(&op, nonce, 12), PSA_SUCCESS);
        ct_expect(psa_aead_update_ad(&op, nonce, 10), PSA_SUCCESS);
        ct_expect(psa_aead_update(&op, sealed, 70, back, sizeof back, &len), PSA_SUCCESS);
        ct_expect(psa_aead_verify(&op, NULL, 0, &len, tag, tag_len), wrong ? PSA_ERROR_INVALID_SIGNATURE : PSA_SUCCESS);
        ct_expect(psa_aead_abort(&op), PSA_SUCCESS);
    }
    ct_expect(psa_aead_encrypt_setup(&op, key, alg), PSA_SUCCESS);
    ct_expect(psa_aead_set_lengths(&op, 0, 0), PSA_SUCCESS);
    ct_expect(psa_aead_generate_nonce(&op, tag, sizeof tag, &tag_len), PSA_SUCCESS);
    ct_expect(psa_aead_abort(&op), PSA_SUCCESS);
}

static void aead(psa_key_type_t type, psa_algorithm_t alg)
{
    static const uint8_t nonce[12] = {9};
    psa_key_id_t key = ct_secret_key(type, alg, 32);
    size_t len, more;
    secret(text, sizeof text);
    ct_expect(psa_aead_encrypt(key, alg, nonce, 12, nonce, 5, text, sizeof text, sealed, sizeof sealed, &len),
              PSA_SUCCESS);
    open_up(sealed, sizeof sealed);
    open_up(&len, sizeof len);
    ct_expect(psa_aead_decrypt(key, alg, nonce, 12, nonce, 5, sealed, len, back, sizeof back, &more), PSA_SUCCESS);
    sealed[len - 1] ^= 1;
    ct_expect(psa_aead_decrypt(key, alg, nonce, 12, nonce, 5, sealed, len, back, sizeof back, &more),
              PSA_ERROR_INVALID_SIGNATURE);
    seal_in_parts(key, alg, nonce);
    ct_destroy(key);
}

void ct_psa_aead(void)
{
    aead(PSA_KEY_TYPE_AES, PSA_ALG_GCM);
    aead(PSA_KEY_TYPE_AES, PSA_ALG_CCM);
    aead(PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305);
}

/* ---- key wrapping ---- */

static void wrap(psa_algorithm_t alg, size_t inner_len)
{
    psa_key_id_t key = ct_secret_key(PSA_KEY_TYPE_AES, alg, 32);
    psa_key_id_t inner =
        ct_import(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), secret(text, inner_len), inner_len);
    psa_key_attributes_t attributes = ct_attributes(PSA_KEY_TYPE_HMAC, 0, 0);
    psa_key_id_t twin;
    size_t len;
    ct_expect(psa_wrap_key(key, alg, inner, sealed, sizeof sealed, &len), PSA_SUCCESS);
    open_up(sealed, sizeof sealed);
    open_up(&len, sizeof len);
    if (alg == PSA_ALG_KW) { /* KWP then tells how long the key is: all that follows depends on it */
        ct_expect(psa_unwrap_key(&attributes, key, alg, sealed, len, &twin), PSA_SUCCESS);
        open_up(&twin, sizeof twin);
        ct_destroy(twin);
    }
    sealed[9] ^= 1;
    ct_expect(psa_unwrap_key(&attributes, key, alg, sealed, len, &twin), PSA_ERROR_INVALID_SIGNATURE);
    ct_destroy(inner);
    ct_destroy(key);
}

void ct_psa_wrap(void)
{
    wrap(PSA_ALG_KW, 32);
    wrap(PSA_ALG_KWP, 29);
}
