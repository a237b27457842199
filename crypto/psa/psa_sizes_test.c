/* SPDX-License-Identifier: Apache-2.0 */
/* Every buffer-size macro, for every type, size and algorithm here: with exactly that many bytes each call succeeds; with one
 * less it says PSA_ERROR_BUFFER_TOO_SMALL unless it did not need them all, and then nothing is written beyond the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/psa/test_attributes.h"
#include "crypto/tests/rsa_test_key.h"

static uint8_t buffer[4096 + 1], text[4096];
static const uint8_t zeros[64];

/* What a call is made with. */
static struct {
    psa_key_id_t key, other;
    psa_algorithm_t alg;
    psa_key_type_t type;
    size_t bits, len;
    uint8_t peer[1024];
    size_t peer_len;
} with;

typedef psa_status_t call(uint8_t *out, size_t size, size_t *len);

static void ok(psa_status_t status)
{
    assert_int_equal(status, PSA_SUCCESS);
}

/* size bytes are enough, and as many as max says for all; returns how many came out. */
static size_t fits(call *make, size_t size, size_t max)
{
    size_t len = 0, less = 0;
    assert_true(size <= max && max < sizeof buffer);
    memset(buffer, 0xA5, sizeof buffer);
    ok(make(size == 0 ? NULL : buffer, size, &len));
    assert_true(len <= size);
    assert_int_equal(buffer[size], 0xA5);
    if (len != 0) {
        memset(buffer, 0xA5, sizeof buffer);
        assert_int_equal(make(len == 1 ? NULL : buffer, len - 1, &less), PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(less, 0);
        assert_int_equal(buffer[len - 1], 0xA5);
    }
    return len;
}

/* And all of them are needed. */
static void fits_exactly(call *make, size_t size, size_t max)
{
    assert_int_equal(fits(make, size, max), size);
}

static void key_of(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    const psa_custom_key_parameters_t none = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    const psa_key_usage_t usage = PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT |
                                  PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_WRAP;
    psa_key_attributes_t attributes = test_attributes(type, bits, usage, alg);
    if (type == PSA_KEY_TYPE_RSA_KEY_PAIR) {
        ok(psa_import_key(&attributes, rsa_test_key, sizeof rsa_test_key, &with.key));
    } else if (type == PSA_KEY_TYPE_DSA_KEY_PAIR) {
        ok(psa_generate_key_custom(&attributes, &none, dsa_domain, sizeof dsa_domain, &with.key));
    } else {
        ok(psa_generate_key(&attributes, &with.key));
    }
    with.type = type;
    with.bits = bits;
    with.alg = alg;
}

static void forget(void)
{
    ok(psa_destroy_key(with.key));
}

/* ---- hashes and MACs ---- */

static psa_status_t compute_hash(uint8_t *out, size_t size, size_t *len)
{
    return psa_hash_compute(with.alg, zeros, 3, out, size, len);
}

static psa_status_t finish_hash(uint8_t *out, size_t size, size_t *len)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    ok(psa_hash_setup(&operation, with.alg));
    return psa_hash_finish(&operation, out, size, len);
}

static psa_status_t suspend_hash(uint8_t *out, size_t size, size_t *len)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    ok(psa_hash_setup(&operation, with.alg));
    ok(psa_hash_update(&operation, text, PSA_HASH_BLOCK_LENGTH(with.alg) - 1)); /* the most that fill no block */
    return psa_hash_suspend(&operation, out, size, len);
}

static const psa_algorithm_t hashes[] = {PSA_ALG_MD5,     PSA_ALG_SHA_1,   PSA_ALG_SHA_224,
                                         PSA_ALG_SHA_256, PSA_ALG_SHA_384, PSA_ALG_SHA_512};

static void hashes_fit(void **state)
{
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        with.alg = hashes[i];
        fits_exactly(compute_hash, PSA_HASH_LENGTH(hashes[i]), PSA_HASH_MAX_SIZE);
        fits_exactly(finish_hash, PSA_HASH_LENGTH(hashes[i]), PSA_HASH_MAX_SIZE);
        fits_exactly(suspend_hash, PSA_HASH_SUSPEND_OUTPUT_SIZE(hashes[i]), PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE);
    }
}

static psa_status_t compute_mac(uint8_t *out, size_t size, size_t *len)
{
    return psa_mac_compute(with.key, with.alg, zeros, 3, out, size, len);
}

static void mac_fits(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    for (size_t cut = 4; cut <= PSA_MAC_LENGTH(type, bits, alg); cut++) {
        key_of(type, bits, PSA_ALG_TRUNCATED_MAC(alg, cut));
        fits_exactly(compute_mac, PSA_MAC_LENGTH(type, bits, with.alg), PSA_MAC_MAX_SIZE);
        forget();
    }
    key_of(type, bits, alg);
    fits_exactly(compute_mac, PSA_MAC_LENGTH(type, bits, alg), PSA_MAC_MAX_SIZE);
    forget();
}

static void macs_fit_whole_and_shortened(void **state)
{
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        mac_fits(PSA_KEY_TYPE_HMAC, 256, PSA_ALG_HMAC(hashes[i]));
    }
    mac_fits(PSA_KEY_TYPE_AES, 192, PSA_ALG_CMAC);
    mac_fits(PSA_KEY_TYPE_DES, 192, PSA_ALG_CMAC);
}

/* ---- ciphers ---- */

static psa_status_t encrypt(uint8_t *out, size_t size, size_t *len)
{
    return psa_cipher_encrypt(with.key, with.alg, zeros, with.len, out, size, len);
}

static psa_status_t decrypt(uint8_t *out, size_t size, size_t *len)
{
    return psa_cipher_decrypt(with.key, with.alg, text, with.peer_len, out, size, len);
}

/* A block less a byte waits, then comes the text. */
static psa_status_t begin_cipher(psa_cipher_operation_t *operation)
{
    size_t len;
    ok(psa_cipher_encrypt_setup(operation, with.key, with.alg));
    if (PSA_CIPHER_IV_LENGTH(with.type, with.alg) != 0) {
        ok(psa_cipher_generate_iv(operation, text, PSA_CIPHER_IV_LENGTH(with.type, with.alg), &len));
    }
    return psa_cipher_update(operation, zeros, PSA_BLOCK_CIPHER_BLOCK_LENGTH(with.type) - 1, text,
                             PSA_CIPHER_UPDATE_OUTPUT_SIZE(with.type, with.alg, 15), &len);
}

static psa_status_t update(uint8_t *out, size_t size, size_t *len)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    ok(begin_cipher(&operation));
    psa_status_t status = psa_cipher_update(&operation, zeros, with.len, out, size, len);
    ok(psa_cipher_abort(&operation));
    return status;
}

static psa_status_t finish(uint8_t *out, size_t size, size_t *len)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    size_t block = PSA_BLOCK_CIPHER_BLOCK_LENGTH(with.type);
    ok(begin_cipher(&operation));
    ok(psa_cipher_update(&operation, zeros, with.alg == PSA_ALG_CBC_PKCS7 ? with.len : 1, text, 2 * block, len));
    psa_status_t status = psa_cipher_finish(&operation, out, size, len);
    ok(psa_cipher_abort(&operation));
    return status;
}

static psa_status_t generate_iv(uint8_t *out, size_t size, size_t *len)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    ok(psa_cipher_encrypt_setup(&operation, with.key, with.alg));
    psa_status_t status = psa_cipher_generate_iv(&operation, out, size, len);
    ok(psa_cipher_abort(&operation));
    return status;
}

static void cipher_fits(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    size_t block = PSA_BLOCK_CIPHER_BLOCK_LENGTH(type);
    bool whole = alg == PSA_ALG_ECB_NO_PADDING || alg == PSA_ALG_CBC_NO_PADDING;
    key_of(type, bits, alg);
    if (PSA_CIPHER_IV_LENGTH(type, alg) != 0) {
        fits_exactly(generate_iv, PSA_CIPHER_IV_LENGTH(type, alg), PSA_CIPHER_IV_MAX_SIZE);
    }
    for (with.len = 0; with.len <= 33; with.len++) {
        (void)fits(update, PSA_CIPHER_UPDATE_OUTPUT_SIZE(type, alg, with.len),
                   PSA_CIPHER_UPDATE_OUTPUT_MAX_SIZE(with.len));
        if (with.len < block) {
            (void)fits(finish, PSA_CIPHER_FINISH_OUTPUT_SIZE(type, alg), PSA_CIPHER_FINISH_OUTPUT_MAX_SIZE);
        }
        if (whole && with.len % block != 0) {
            continue;
        }
        fits_exactly(encrypt, PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(type, alg, with.len),
                     PSA_CIPHER_ENCRYPT_OUTPUT_MAX_SIZE(with.len));
        ok(encrypt(text, sizeof text, &with.peer_len));
        assert_int_equal(fits(decrypt, PSA_CIPHER_DECRYPT_OUTPUT_SIZE(type, alg, with.peer_len),
                              PSA_CIPHER_DECRYPT_OUTPUT_MAX_SIZE(with.peer_len)),
                         with.len);
    }
    forget();
}

static void ciphers_fit_at_every_length(void **state)
{
    static const psa_algorithm_t modes[] = {
        PSA_ALG_CTR, PSA_ALG_CFB, PSA_ALG_OFB, PSA_ALG_ECB_NO_PADDING, PSA_ALG_CBC_NO_PADDING, PSA_ALG_CBC_PKCS7};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        cipher_fits(PSA_KEY_TYPE_AES, 128, modes[i]);
        cipher_fits(PSA_KEY_TYPE_AES, 256, modes[i]);
        cipher_fits(PSA_KEY_TYPE_DES, 192, modes[i]);
    }
    cipher_fits(PSA_KEY_TYPE_AES, 128, PSA_ALG_CCM_STAR_NO_TAG);
    cipher_fits(PSA_KEY_TYPE_CHACHA20, 256, PSA_ALG_STREAM_CIPHER);
}

/* ---- authenticated encryption ---- */

static psa_status_t seal(uint8_t *out, size_t size, size_t *len)
{
    return psa_aead_encrypt(with.key, with.alg, zeros, PSA_AEAD_NONCE_LENGTH(with.type, with.alg), zeros, 3, zeros,
                            with.len, out, size, len);
}

static psa_status_t open(uint8_t *out, size_t size, size_t *len)
{
    return psa_aead_decrypt(with.key, with.alg, zeros, PSA_AEAD_NONCE_LENGTH(with.type, with.alg), zeros, 3, text,
                            with.peer_len, out, size, len);
}

static psa_aead_operation_t begin_aead(void)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    ok(psa_aead_encrypt_setup(&operation, with.key, with.alg));
    ok(psa_aead_set_lengths(&operation, 0, with.len));
    return operation;
}

static psa_status_t generate_nonce(uint8_t *out, size_t size, size_t *len)
{
    psa_aead_operation_t operation = begin_aead();
    psa_status_t status = psa_aead_generate_nonce(&operation, out, size, len);
    ok(psa_aead_abort(&operation));
    return status;
}

static psa_status_t update_aead(uint8_t *out, size_t size, size_t *len)
{
    psa_aead_operation_t operation = begin_aead();
    ok(psa_aead_set_nonce(&operation, zeros, PSA_AEAD_NONCE_LENGTH(with.type, with.alg)));
    psa_status_t status = psa_aead_update(&operation, zeros, with.len, out, size, len);
    ok(psa_aead_abort(&operation));
    return status;
}

static psa_status_t finish_aead(uint8_t *out, size_t size, size_t *len)
{
    psa_aead_operation_t operation = begin_aead();
    size_t none;
    ok(psa_aead_set_nonce(&operation, zeros, PSA_AEAD_NONCE_LENGTH(with.type, with.alg)));
    ok(psa_aead_update(&operation, zeros, with.len, text, sizeof text, &none));
    psa_status_t status = psa_aead_finish(&operation, text, sizeof text, &none, out, size, len);
    ok(psa_aead_abort(&operation));
    return status;
}

static void aead_fits(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    key_of(type, bits, alg);
    fits_exactly(generate_nonce, PSA_AEAD_NONCE_LENGTH(type, alg), PSA_AEAD_NONCE_MAX_SIZE);
    for (with.len = 0; with.len <= 33; with.len++) {
        fits_exactly(finish_aead, PSA_AEAD_TAG_LENGTH(type, bits, alg), PSA_AEAD_TAG_MAX_SIZE);
        (void)fits(update_aead, PSA_AEAD_UPDATE_OUTPUT_SIZE(type, alg, with.len),
                   PSA_AEAD_UPDATE_OUTPUT_MAX_SIZE(with.len));
        fits_exactly(seal, PSA_AEAD_ENCRYPT_OUTPUT_SIZE(type, alg, with.len),
                     PSA_AEAD_ENCRYPT_OUTPUT_MAX_SIZE(with.len));
        ok(seal(text, sizeof text, &with.peer_len));
        fits_exactly(open, PSA_AEAD_DECRYPT_OUTPUT_SIZE(type, alg, with.peer_len),
                     PSA_AEAD_DECRYPT_OUTPUT_MAX_SIZE(with.peer_len));
    }
    forget();
}

static void aeads_fit_at_every_length(void **state)
{
    aead_fits(PSA_KEY_TYPE_AES, 128, PSA_ALG_GCM);
    aead_fits(PSA_KEY_TYPE_AES, 256, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_GCM, 12));
    aead_fits(PSA_KEY_TYPE_AES, 128, PSA_ALG_CCM);
    aead_fits(PSA_KEY_TYPE_AES, 192, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 4));
    aead_fits(PSA_KEY_TYPE_CHACHA20, 256, PSA_ALG_CHACHA20_POLY1305);
}

/* ---- keys, signatures, encryption and agreement ---- */

static psa_status_t export(uint8_t *out, size_t size, size_t *len)
{
    return psa_export_key(with.key, out, size, len);
}

static psa_status_t export_public(uint8_t *out, size_t size, size_t *len)
{
    return psa_export_public_key(with.key, out, size, len);
}

static psa_status_t sign_hash(uint8_t *out, size_t size, size_t *len)
{
    return psa_sign_hash(with.key, with.alg, zeros, PSA_HASH_LENGTH(with.alg), out, size, len);
}

static psa_status_t sign_message(uint8_t *out, size_t size, size_t *len)
{
    return psa_sign_message(with.key, with.alg, zeros, 3, out, size, len);
}

static psa_status_t agree(uint8_t *out, size_t size, size_t *len)
{
    return psa_raw_key_agreement(with.alg, with.key, with.peer, with.peer_len, out, size, len);
}

static psa_status_t wrap(uint8_t *out, size_t size, size_t *len)
{
    return psa_wrap_key(with.other, PSA_ALG_KWP, with.key, out, size, len);
}

static psa_status_t encrypt_rsa(uint8_t *out, size_t size, size_t *len)
{
    return psa_asymmetric_encrypt(with.key, with.alg, text, with.len, NULL, 0, out, size, len);
}

static psa_status_t decrypt_rsa(uint8_t *out, size_t size, size_t *len)
{
    return psa_asymmetric_decrypt(with.key, with.alg, with.peer, with.peer_len, NULL, 0, out, size, len);
}

#define EDWARDS PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define MONTGOMERY PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define NIST PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define FFDHE PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)
#define SHA2 PSA_ALG_SHA_256

static const struct {
    psa_key_type_t type;
    size_t bits;
    psa_algorithm_t alg;
} pairs[] = {
    {EDWARDS, 255, PSA_ALG_PURE_EDDSA},
    {EDWARDS, 255, PSA_ALG_ED25519PH},
    {MONTGOMERY, 255, PSA_ALG_ECDH},
    {NIST, 256, PSA_ALG_ECDSA(SHA2)},
    {NIST, 384, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_384)},
    {NIST, 256, PSA_ALG_ECDH},
    {NIST, 384, PSA_ALG_ECDH},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PKCS1V15_SIGN(SHA2)},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PSS(SHA2)},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PKCS1V15_CRYPT},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_OAEP(SHA2)},
    {PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, PSA_ALG_DSA(SHA2)},
    {FFDHE, 2048, PSA_ALG_FFDH},
};

/* The longest text of the key, and back: what came out is as long as the macro says. */
static void rsa_fits(void)
{
    with.len = PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE(with.type, with.bits, with.alg);
    memset(text, 1, with.len);
    fits_exactly(encrypt_rsa, PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(with.type, with.bits, with.alg),
                 PSA_ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE);
    ok(encrypt_rsa(with.peer, sizeof with.peer, &with.peer_len));
    fits_exactly(decrypt_rsa, with.len, PSA_ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE);
    with.len++;
    size_t len;
    assert_int_equal(encrypt_rsa(buffer, sizeof buffer, &len), PSA_ERROR_INVALID_ARGUMENT);
}

static void pairs_fit(void **state)
{
    key_of(PSA_KEY_TYPE_AES, 128, PSA_ALG_KWP);
    with.other = with.key;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        psa_key_type_t type = pairs[i].type;
        psa_algorithm_t alg = pairs[i].alg;
        size_t bits = pairs[i].bits;
        key_of(type, bits, alg);
        (void)fits(export, PSA_EXPORT_KEY_OUTPUT_SIZE(type, bits), PSA_EXPORT_KEY_PAIR_MAX_SIZE);
        (void)fits(export_public, PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(type, bits), PSA_EXPORT_PUBLIC_KEY_MAX_SIZE);
        (void)fits(wrap, PSA_WRAP_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_KWP, type, bits),
                   PSA_WRAP_KEY_PAIR_MAX_SIZE);
        if (PSA_ALG_IS_SIGN_HASH(alg)) {
            fits_exactly(sign_hash, PSA_SIGN_OUTPUT_SIZE(type, bits, alg), PSA_SIGNATURE_MAX_SIZE);
        }
        if (PSA_ALG_IS_SIGN(alg)) {
            fits_exactly(sign_message, PSA_SIGN_OUTPUT_SIZE(type, bits, alg), PSA_SIGNATURE_MAX_SIZE);
        }
        if (PSA_ALG_IS_KEY_AGREEMENT(alg)) {
            ok(export_public(with.peer, sizeof with.peer, &with.peer_len));
            fits_exactly(agree, PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(type, bits), PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE);
        }
        if (PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(alg)) {
            rsa_fits();
        }
        forget();
    }
    ok(psa_destroy_key(with.other));
}

static void keys_without_structure_fit(void **state)
{
    static const struct {
        psa_key_type_t type;
        size_t bits;
    } keys[] = {{PSA_KEY_TYPE_AES, 128},     {PSA_KEY_TYPE_AES, 256},      {PSA_KEY_TYPE_DES, 64},
                {PSA_KEY_TYPE_DES, 192},     {PSA_KEY_TYPE_CHACHA20, 256}, {PSA_KEY_TYPE_HMAC, 8},
                {PSA_KEY_TYPE_DERIVE, 4096}, {PSA_KEY_TYPE_RAW_DATA, 24}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        key_of(keys[i].type, keys[i].bits, 0);
        fits_exactly(export, PSA_EXPORT_KEY_OUTPUT_SIZE(keys[i].type, keys[i].bits), sizeof buffer - 1);
        forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_fit),
        cmocka_unit_test(macs_fit_whole_and_shortened),
        cmocka_unit_test(ciphers_fit_at_every_length),
        cmocka_unit_test(aeads_fit_at_every_length),
        cmocka_unit_test(pairs_fit),
        cmocka_unit_test(keys_without_structure_fit),
    };
    ok(psa_crypto_init());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
