/* SPDX-License-Identifier: Apache-2.0 */
/* What a build leaves out says PSA_ERROR_NOT_SUPPORTED, and what it keeps works: linked with several choices of
 * psa/crypto_config.h (see CMakeLists.txt). Each row needs its options, and is refused when one of them is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/core.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/tests/rsa_test_key.h"

struct row {
    bool wanted;
    psa_status_t (*use)(const struct row *row);
    psa_algorithm_t alg;
    psa_key_type_t type;
    size_t bits;
};

static uint8_t bytes[2048];
static size_t length;
static const uint8_t zeros[64];

static psa_key_attributes_t attributes_of(const struct row *row, psa_key_usage_t usage)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, row->type);
    psa_set_key_bits(&attributes, row->bits);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, row->alg);
    return attributes;
}

static psa_status_t make(const struct row *row, psa_key_usage_t usage, psa_key_id_t *key)
{
    psa_key_attributes_t attributes = attributes_of(row, usage);
    if (row->type == PSA_KEY_TYPE_RSA_KEY_PAIR) {
        return psa_import_key(&attributes, rsa_test_key, sizeof rsa_test_key, key);
    }
    if (row->type == PSA_KEY_TYPE_DSA_KEY_PAIR) {
        const psa_custom_key_parameters_t none = PSA_CUSTOM_KEY_PARAMETERS_INIT;
        return psa_generate_key_custom(&attributes, &none, dsa_domain, sizeof dsa_domain, key);
    }
    return psa_generate_key(&attributes, key);
}

/* Both must say the same of what is left out, so the first one that fails decides. */
static psa_status_t with_key(const struct row *row, psa_key_usage_t usage,
                             psa_status_t (*use)(psa_key_id_t key, const struct row *row))
{
    psa_key_id_t key;
    psa_status_t status = make(row, usage, &key);
    if (status == PSA_SUCCESS) {
        status = use(key, row);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
    return status;
}

static psa_status_t hash(const struct row *row)
{
    return psa_hash_compute(row->alg, zeros, 3, bytes, sizeof bytes, &length);
}

static psa_status_t mac_with(psa_key_id_t key, const struct row *row)
{
    return psa_mac_compute(key, row->alg, zeros, 3, bytes, sizeof bytes, &length);
}

static psa_status_t mac(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_SIGN_MESSAGE, mac_with);
}

static psa_status_t cipher_with(psa_key_id_t key, const struct row *row)
{
    return psa_cipher_encrypt(key, row->alg, zeros, 16, bytes, sizeof bytes, &length);
}

static psa_status_t cipher(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_ENCRYPT, cipher_with);
}

static psa_status_t aead_with(psa_key_id_t key, const struct row *row)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    psa_status_t once = psa_aead_encrypt(key, row->alg, zeros, 12, zeros, 3, zeros, 16, bytes, sizeof bytes, &length);
    assert_int_equal(psa_aead_encrypt_setup(&operation, key, row->alg), once);
    assert_int_equal(psa_aead_abort(&operation), PSA_SUCCESS);
    return once;
}

static psa_status_t aead(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_ENCRYPT, aead_with);
}

static psa_status_t wrap_with(psa_key_id_t key, const struct row *row)
{
    const struct row secret = {true, NULL, PSA_ALG_NONE, PSA_KEY_TYPE_DERIVE, 128};
    psa_key_id_t inner;
    assert_int_equal(make(&secret, PSA_KEY_USAGE_EXPORT, &inner), PSA_SUCCESS);
    psa_status_t status = psa_wrap_key(key, row->alg, inner, bytes, sizeof bytes, &length);
    assert_int_equal(psa_destroy_key(inner), PSA_SUCCESS);
    return status;
}

static psa_status_t wrap(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_WRAP, wrap_with);
}

static psa_status_t derive(const struct row *row)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&operation, row->alg);
    assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    return status;
}

static psa_status_t sign_message_with(psa_key_id_t key, const struct row *row)
{
    psa_status_t status = psa_sign_message(key, row->alg, zeros, 3, bytes, sizeof bytes, &length);
    assert_int_equal(psa_verify_message(key, row->alg, zeros, 3, bytes, status == PSA_SUCCESS ? length : 64), status);
    return status;
}

static psa_status_t sign_message(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, sign_message_with);
}

static psa_status_t sign_hash_with(psa_key_id_t key, const struct row *row)
{
    size_t len = PSA_HASH_LENGTH(PSA_ALG_SIGN_GET_HASH(row->alg));
    psa_status_t status = psa_sign_hash(key, row->alg, zeros, len, bytes, sizeof bytes, &length);
    assert_int_equal(psa_verify_hash(key, row->alg, zeros, len, bytes, status == PSA_SUCCESS ? length : 64), status);
    return status;
}

static psa_status_t sign_hash(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, sign_hash_with);
}

static psa_status_t encrypt_with(psa_key_id_t key, const struct row *row)
{
    return psa_asymmetric_encrypt(key, row->alg, zeros, 3, NULL, 0, bytes, sizeof bytes, &length);
}

static psa_status_t encrypt(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_ENCRYPT, encrypt_with);
}

/* With itself. */
static psa_status_t agree_with(psa_key_id_t key, const struct row *row)
{
    static uint8_t peer[1024];
    size_t peer_length;
    assert_int_equal(psa_export_public_key(key, peer, sizeof peer, &peer_length), PSA_SUCCESS);
    return psa_raw_key_agreement(row->alg, key, peer, peer_length, bytes, sizeof bytes, &length);
}

static psa_status_t agree(const struct row *row)
{
    return with_key(row, PSA_KEY_USAGE_DERIVE, agree_with);
}

static psa_status_t generate(const struct row *row)
{
    psa_key_id_t key;
    psa_key_attributes_t attributes = attributes_of(row, 0);
    psa_status_t status = psa_generate_key(&attributes, &key);
    return status == PSA_SUCCESS ? psa_destroy_key(key) : status;
}

static psa_status_t exchange(const struct row *row)
{
    psa_pake_operation_t operation = PSA_PAKE_OPERATION_INIT;
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_key_attributes_t attributes = attributes_of(row, PSA_KEY_USAGE_DERIVE);
    psa_key_id_t key;
    psa_pake_cs_set_algorithm(&suite, row->alg);
    psa_pake_cs_set_primitive(
        &suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, (unsigned)row->bits));
    psa_status_t status = psa_import_key(&attributes, (const uint8_t *)"thirty-two bytes of a password's", 32, &key);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = psa_pake_setup(&operation, key, &suite);
    assert_int_equal(psa_pake_abort(&operation), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    return status;
}

#define W(option) PSA_HAS(PSA_WANT_##option)
#define NIST PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define FFDHE PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)
#define RSA_PAIR PSA_KEY_TYPE_RSA_KEY_PAIR
#define SHA2 PSA_ALG_SHA_256
#define RSA(alg) (W(KEY_TYPE_RSA_PUBLIC_KEY) && W(alg) && W(ALG_SHA_256))
#define AES_WITH(alg) (W(KEY_TYPE_AES) && W(alg))

static const struct row rows[] = {
    {W(ALG_MD5), hash, PSA_ALG_MD5, 0, 0},
    {W(ALG_SHA_1), hash, PSA_ALG_SHA_1, 0, 0},
    {W(ALG_SHA_224), hash, PSA_ALG_SHA_224, 0, 0},
    {W(ALG_SHA_256), hash, PSA_ALG_SHA_256, 0, 0},
    {W(ALG_SHA_384), hash, PSA_ALG_SHA_384, 0, 0},
    {W(ALG_SHA_512), hash, PSA_ALG_SHA_512, 0, 0},
    {W(ALG_HMAC) && W(ALG_SHA_256), mac, PSA_ALG_HMAC(SHA2), PSA_KEY_TYPE_HMAC, 256},
    {AES_WITH(ALG_CMAC), mac, PSA_ALG_CMAC, PSA_KEY_TYPE_AES, 128},
    {W(KEY_TYPE_DES) && W(ALG_CMAC), mac, PSA_ALG_CMAC, PSA_KEY_TYPE_DES, 192},
    {AES_WITH(ALG_CTR), cipher, PSA_ALG_CTR, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_CFB), cipher, PSA_ALG_CFB, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_OFB), cipher, PSA_ALG_OFB, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_CCM_STAR_NO_TAG), cipher, PSA_ALG_CCM_STAR_NO_TAG, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_ECB_NO_PADDING), cipher, PSA_ALG_ECB_NO_PADDING, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_CBC_NO_PADDING), cipher, PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_CBC_PKCS7), cipher, PSA_ALG_CBC_PKCS7, PSA_KEY_TYPE_AES, 128},
    {W(KEY_TYPE_DES) && W(ALG_CTR), cipher, PSA_ALG_CTR, PSA_KEY_TYPE_DES, 192},
    {W(KEY_TYPE_CHACHA20) && W(ALG_STREAM_CIPHER), cipher, PSA_ALG_STREAM_CIPHER, PSA_KEY_TYPE_CHACHA20, 256},
    {AES_WITH(ALG_CCM), aead, PSA_ALG_CCM, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_GCM), aead, PSA_ALG_GCM, PSA_KEY_TYPE_AES, 128},
    {W(KEY_TYPE_CHACHA20) && W(ALG_CHACHA20_POLY1305), aead, PSA_ALG_CHACHA20_POLY1305, PSA_KEY_TYPE_CHACHA20, 256},
    {AES_WITH(ALG_KW), wrap, PSA_ALG_KW, PSA_KEY_TYPE_AES, 128},
    {AES_WITH(ALG_KWP), wrap, PSA_ALG_KWP, PSA_KEY_TYPE_AES, 128},
    {W(ALG_HKDF) && W(ALG_SHA_256), derive, PSA_ALG_HKDF(SHA2), 0, 0},
    {W(ALG_HKDF_EXTRACT) && W(ALG_SHA_256), derive, PSA_ALG_HKDF_EXTRACT(SHA2), 0, 0},
    {W(ALG_HKDF_EXPAND) && W(ALG_SHA_256), derive, PSA_ALG_HKDF_EXPAND(SHA2), 0, 0},
    {W(ALG_SP800_108_COUNTER_HMAC) && W(ALG_SHA_256), derive, PSA_ALG_SP800_108_COUNTER_HMAC(SHA2), 0, 0},
    {W(ALG_SP800_108_COUNTER_CMAC), derive, PSA_ALG_SP800_108_COUNTER_CMAC, 0, 0},
    {W(ALG_PBKDF2_HMAC) && W(ALG_SHA_256), derive, PSA_ALG_PBKDF2_HMAC(SHA2), 0, 0},
    {W(ALG_PBKDF2_AES_CMAC_PRF_128), derive, PSA_ALG_PBKDF2_AES_CMAC_PRF_128, 0, 0},
    {W(ALG_TLS12_PRF) && W(ALG_SHA_256), derive, PSA_ALG_TLS12_PRF(SHA2), 0, 0},
    {W(ALG_TLS12_PSK_TO_MS) && W(ALG_SHA_256), derive, PSA_ALG_TLS12_PSK_TO_MS(SHA2), 0, 0},
    {W(ALG_SRP_PASSWORD_HASH) && W(ALG_SHA_256), derive, PSA_ALG_SRP_PASSWORD_HASH(SHA2), 0, 0},
    {W(ECC_TWISTED_EDWARDS_255) && W(ALG_PURE_EDDSA), sign_message, PSA_ALG_PURE_EDDSA, PSA_EDWARDS_PAIR, 255},
    {W(ECC_TWISTED_EDWARDS_255) && W(ALG_ED25519PH), sign_hash, PSA_ALG_ED25519PH, PSA_EDWARDS_PAIR, 255},
    {W(ECC_SECP_R1_256) && W(ALG_ECDSA), sign_hash, PSA_ALG_ECDSA(SHA2), NIST, 256},
    {W(ECC_SECP_R1_384) && W(ALG_ECDSA), sign_hash, PSA_ALG_ECDSA(SHA2), NIST, 384},
    {W(ECC_SECP_R1_256) && W(ALG_DETERMINISTIC_ECDSA) && W(ALG_SHA_256), sign_hash, PSA_ALG_DETERMINISTIC_ECDSA(SHA2),
     NIST, 256},
    {W(ALG_DSA), sign_hash, PSA_ALG_DSA(SHA2), PSA_KEY_TYPE_DSA_KEY_PAIR, 2048},
    {RSA(ALG_RSA_PKCS1V15_SIGN), sign_hash, PSA_ALG_RSA_PKCS1V15_SIGN(SHA2), RSA_PAIR, 0},
    {RSA(ALG_RSA_PSS), sign_hash, PSA_ALG_RSA_PSS(SHA2), RSA_PAIR, 0},
    {W(KEY_TYPE_RSA_PUBLIC_KEY) && W(ALG_RSA_PKCS1V15_CRYPT), encrypt, PSA_ALG_RSA_PKCS1V15_CRYPT, RSA_PAIR, 0},
    {RSA(ALG_RSA_OAEP), encrypt, PSA_ALG_RSA_OAEP(SHA2), RSA_PAIR, 0},
    {W(KEY_TYPE_RSA_PUBLIC_KEY) && W(KEY_TYPE_RSA_KEY_PAIR_GENERATE), generate, 0, RSA_PAIR, 2048},
    {W(ECC_SECP_R1_256) && W(ALG_ECDH), agree, PSA_ALG_ECDH, NIST, 256},
    {W(ECC_SECP_R1_384) && W(ALG_ECDH), agree, PSA_ALG_ECDH, NIST, 384},
    {W(ECC_MONTGOMERY_255) && W(ALG_ECDH), agree, PSA_ALG_ECDH, PSA_MONTGOMERY_PAIR, 255},
    {W(ALG_FFDH) && W(DH_RFC7919_2048), agree, PSA_ALG_FFDH, FFDHE, 2048},
    {W(ALG_FFDH) && W(DH_RFC7919_3072), agree, PSA_ALG_FFDH, FFDHE, 3072},
    {W(ALG_FFDH) && W(DH_RFC7919_4096), generate, 0, FFDHE, 4096},
    {W(ALG_SRP_6) && W(ALG_SHA_256), exchange, PSA_ALG_SRP_6(SHA2), PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526),
     1024},
};

static void what_is_wanted_works_and_the_rest_is_not_supported(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        psa_status_t status = rows[i].use(&rows[i]);
        if (status != (rows[i].wanted ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED)) {
            fail_msg("row %zu, algorithm %#x, type %#x: %s, but the status is %d", i, rows[i].alg, rows[i].type,
                     rows[i].wanted ? "wanted" : "left out", (int)status);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_wanted_works_and_the_rest_is_not_supported)};
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
