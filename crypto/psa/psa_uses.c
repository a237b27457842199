/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/psa/psa_uses.h"

#include <string.h>

#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/psa/test_attributes.h"
#include "crypto/tests/rsa_test_key.h"

struct use uses[USES] = {
    {PSA_ALG_MD5, 0, 0, false, 0},
    {PSA_ALG_SHA_1, 0, 0, true, 0},
    {PSA_ALG_SHA_224, 0, 0, true, 0},
    {PSA_ALG_SHA_256, 0, 0, true, 0},
    {PSA_ALG_SHA_384, 0, 0, true, 0},
    {PSA_ALG_SHA_512, 0, 0, true, 0},
    {PSA_ALG_HMAC(PSA_ALG_MD5), PSA_KEY_TYPE_HMAC, 256, false, 0},
    {PSA_ALG_HMAC(SHA1), PSA_KEY_TYPE_HMAC, 112, true, 0},
    {PSA_ALG_HMAC(SHA2), PSA_KEY_TYPE_HMAC, 104, false, 0},
    {PSA_ALG_HMAC(SHA2), PSA_KEY_TYPE_HMAC, 256, true, 0},
    {PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(SHA2), 16), PSA_KEY_TYPE_HMAC, 256, true, 0},
    {PSA_ALG_CMAC, PSA_KEY_TYPE_AES, 192, true, 0},
    {PSA_ALG_CMAC, PSA_KEY_TYPE_DES, 192, false, 0},
    {PSA_ALG_ECB_NO_PADDING, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CBC_PKCS7, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CTR, PSA_KEY_TYPE_AES, 256, true, 0},
    {PSA_ALG_CFB, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_OFB, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CCM_STAR_NO_TAG, PSA_KEY_TYPE_AES, 128, false, 0},
    {PSA_ALG_ECB_NO_PADDING, PSA_KEY_TYPE_DES, 64, false, 0},
    {PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_DES, 192, false, 0},
    {PSA_ALG_CBC_PKCS7, PSA_KEY_TYPE_DES, 128, false, 0},
    {PSA_ALG_STREAM_CIPHER, PSA_KEY_TYPE_CHACHA20, 256, false, 0},
    {PSA_ALG_CCM, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8), PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_GCM, PSA_KEY_TYPE_AES, 256, true, 0},
    {PSA_ALG_CHACHA20_POLY1305, PSA_KEY_TYPE_CHACHA20, 256, false, 0},
    {PSA_ALG_KW, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_KWP, PSA_KEY_TYPE_AES, 256, true, 0},
    {PSA_ALG_HKDF(PSA_ALG_MD5), 0, 0, false, 0},
    {PSA_ALG_HKDF(SHA2), 0, 0, true, 0},
    {PSA_ALG_HKDF_EXTRACT(SHA2), 0, 0, true, 0},
    {PSA_ALG_HKDF_EXPAND(SHA2), 0, 0, true, 0},
    {PSA_ALG_PBKDF2_HMAC(SHA1), 0, 0, true, 0},
    {PSA_ALG_PBKDF2_AES_CMAC_PRF_128, 0, 0, false, 0},
    {PSA_ALG_SP800_108_COUNTER_HMAC(SHA2), 0, 0, true, 0},
    {PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_MD5), 0, 0, false, 0},
    {PSA_ALG_SP800_108_COUNTER_CMAC, 0, 0, true, 0},
    {PSA_ALG_TLS12_PRF(PSA_ALG_SHA_384), 0, 0, true, 0},
    {PSA_ALG_TLS12_PSK_TO_MS(SHA2), 0, 0, true, 0},
    {PSA_ALG_SRP_PASSWORD_HASH(PSA_ALG_SHA_512), 0, 0, false, 0},
    {PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_MD5)), 0, 0, false, 0},
    {PSA_ALG_RSA_PKCS1V15_SIGN(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0},
    {PSA_ALG_RSA_PKCS1V15_SIGN(SHA1), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_RSA_PKCS1V15_SIGN_RAW, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_RSA_PSS(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0},
    {PSA_ALG_RSA_PSS_ANY_SALT(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_RSA_OAEP(SHA1), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0},
    {PSA_ALG_RSA_PKCS1V15_CRYPT, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_ECDSA(SHA2), NIST, 256, true, 0},
    {PSA_ALG_ECDSA(PSA_ALG_SHA_384), NIST, 384, true, 0},
    {PSA_ALG_ECDSA(SHA1), NIST, 256, false, 0},
    {PSA_ALG_ECDSA_ANY, NIST, 256, false, 0},
    {PSA_ALG_DETERMINISTIC_ECDSA(SHA2), NIST, 256, true, 0},
    {PSA_ALG_PURE_EDDSA, EDWARDS, 255, true, 0},
    {PSA_ALG_ED25519PH, EDWARDS, 255, true, 0},
    {PSA_ALG_DSA(SHA2), PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_DETERMINISTIC_DSA(SHA2), PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_ECDH, NIST, 256, true, 0},
    {PSA_ALG_ECDH, NIST, 384, true, 0},
    {PSA_ALG_ECDH, MONTGOMERY, 255, false, 0},
    {PSA_ALG_FFDH, FFDHE, 2048, true, 0},
    {PSA_ALG_SRP_6(PSA_ALG_SHA_512), SRP, 3072, false, 0},
};

static uint8_t in[1024], out[1024], peer[1024];
static size_t len;

psa_key_attributes_t attributes_of(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    return test_attributes(type, bits, ALL_USES, alg);
}

/* In the key made of a key's bytes, where it is one whose bytes may be anything, or that is not generated. */
static struct mico_span bytes_of(const struct use *use)
{
    return use->type == PSA_KEY_TYPE_RSA_KEY_PAIR ? MICO_SPAN(rsa_test_key)
           : use->type == SRP                     ? (struct mico_span){rsa_test_key, 64}
                                                  : (struct mico_span){in, (use->bits + 7u) / 8};
}

static psa_status_t import(const struct use *use, const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    struct mico_span bytes = bytes_of(use);
    return psa_import_key(attributes, bytes.data, bytes.len, key);
}

static psa_status_t generate_custom(const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    static const psa_custom_key_parameters_t plain = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    bool dsa = psa_get_key_type(attributes) == PSA_KEY_TYPE_DSA_KEY_PAIR;
    return psa_generate_key_custom(attributes, &plain, dsa_domain, dsa ? sizeof dsa_domain : 0, key);
}

psa_status_t make(const struct use *use, psa_key_id_t id, psa_key_id_t *key)
{
    psa_key_attributes_t attributes = attributes_of(use->type, use->bits, use->alg);
    if (id != 0) {
        psa_set_key_id(&attributes, id);
    }
    bool imported = use->type == PSA_KEY_TYPE_RSA_KEY_PAIR || use->type == SRP;
    return imported ? import(use, &attributes, key) : generate_custom(&attributes, key);
}

/* ---- the calls: each says what PSA answers to its first step that may be refused ---- */

static psa_status_t hash_compute(const struct use *u)
{
    return psa_hash_compute(u->alg, in, 3, out, sizeof out, &len);
}
static psa_status_t hash_compare(const struct use *u)
{
    (void)hash_compute(u);
    return psa_hash_compare(u->alg, in, 3, out, len);
}
static psa_status_t hash_setup(const struct use *u)
{
    psa_hash_operation_t op = PSA_HASH_OPERATION_INIT;
    psa_status_t status = psa_hash_setup(&op, u->alg);
    assert_int_equal(psa_hash_abort(&op), PSA_SUCCESS);
    return status;
}
static psa_status_t hash_resume(const struct use *u)
{
    static uint8_t kept[16][256]; /* from the open mode, whose round comes first */
    static size_t kept_len[16];
    psa_hash_operation_t op = PSA_HASH_OPERATION_INIT;
    size_t i = u->alg & 15;
    if (psa_hash_setup(&op, u->alg) == PSA_SUCCESS) {
        assert_int_equal(psa_hash_suspend(&op, kept[i], sizeof kept[i], &kept_len[i]), PSA_SUCCESS);
    }
    psa_status_t status = psa_hash_resume(&op, kept[i], kept_len[i]);
    assert_int_equal(psa_hash_abort(&op), PSA_SUCCESS);
    return status;
}

static psa_status_t mac_compute(const struct use *u)
{
    return psa_mac_compute(u->key, u->alg, in, 3, out, sizeof out, &len);
}
static psa_status_t mac_verify(const struct use *u)
{
    (void)mac_compute(u);
    return psa_mac_verify(u->key, u->alg, in, 3, out, len);
}
static psa_status_t mac_sign_setup(const struct use *u)
{
    psa_mac_operation_t op = PSA_MAC_OPERATION_INIT;
    psa_status_t status = psa_mac_sign_setup(&op, u->key, u->alg);
    assert_int_equal(psa_mac_abort(&op), PSA_SUCCESS);
    return status;
}
static psa_status_t mac_verify_setup(const struct use *u)
{
    psa_mac_operation_t op = PSA_MAC_OPERATION_INIT;
    psa_status_t status = psa_mac_verify_setup(&op, u->key, u->alg);
    assert_int_equal(psa_mac_abort(&op), PSA_SUCCESS);
    return status;
}

static psa_status_t cipher_encrypt(const struct use *u)
{
    return psa_cipher_encrypt(u->key, u->alg, in, 16, out, sizeof out, &len);
}
static psa_status_t cipher_decrypt(const struct use *u)
{
    (void)cipher_encrypt(u);
    return psa_cipher_decrypt(u->key, u->alg, out, len, peer, sizeof peer, &len);
}
static psa_status_t cipher_encrypt_setup(const struct use *u)
{
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    psa_status_t status = psa_cipher_encrypt_setup(&op, u->key, u->alg);
    assert_int_equal(psa_cipher_abort(&op), PSA_SUCCESS);
    return status;
}
static psa_status_t cipher_decrypt_setup(const struct use *u)
{
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    psa_status_t status = psa_cipher_decrypt_setup(&op, u->key, u->alg);
    assert_int_equal(psa_cipher_abort(&op), PSA_SUCCESS);
    return status;
}

static psa_status_t aead_encrypt(const struct use *u)
{
    return psa_aead_encrypt(u->key, u->alg, in, 12, NULL, 0, in, 5, out, sizeof out, &len);
}
static psa_status_t aead_decrypt(const struct use *u)
{
    (void)aead_encrypt(u);
    return psa_aead_decrypt(u->key, u->alg, in, 12, NULL, 0, out, len, peer, sizeof peer, &len);
}
static psa_status_t aead_encrypt_setup(const struct use *u)
{
    psa_aead_operation_t op = PSA_AEAD_OPERATION_INIT;
    psa_status_t status = psa_aead_encrypt_setup(&op, u->key, u->alg);
    assert_int_equal(psa_aead_abort(&op), PSA_SUCCESS);
    return status;
}
static psa_status_t aead_decrypt_setup(const struct use *u)
{
    psa_aead_operation_t op = PSA_AEAD_OPERATION_INIT;
    psa_status_t status = psa_aead_decrypt_setup(&op, u->key, u->alg);
    assert_int_equal(psa_aead_abort(&op), PSA_SUCCESS);
    return status;
}

static size_t hash_length(const struct use *u)
{
    size_t size = PSA_HASH_LENGTH(PSA_ALG_SIGN_GET_HASH(u->alg));
    return size == 0 ? 32 : size;
}
static psa_status_t sign_message(const struct use *u)
{
    return psa_sign_message(u->key, u->alg, in, 7, out, sizeof out, &len);
}
static psa_status_t verify_message(const struct use *u)
{
    (void)sign_message(u);
    return psa_verify_message(u->key, u->alg, in, 7, out, len);
}
static psa_status_t sign_hash(const struct use *u)
{
    return psa_sign_hash(u->key, u->alg, in, hash_length(u), out, sizeof out, &len);
}
static psa_status_t verify_hash(const struct use *u)
{
    (void)sign_hash(u);
    return psa_verify_hash(u->key, u->alg, in, hash_length(u), out, len);
}
static psa_status_t sign_hash_start(const struct use *u)
{
    psa_sign_hash_interruptible_operation_t op = PSA_SIGN_HASH_INTERRUPTIBLE_OPERATION_INIT;
    psa_status_t status = psa_sign_hash_start(&op, u->key, u->alg, in, hash_length(u));
    assert_int_equal(psa_sign_hash_abort(&op), PSA_SUCCESS);
    return status;
}
static psa_status_t verify_hash_start(const struct use *u)
{
    psa_verify_hash_interruptible_operation_t op = PSA_VERIFY_HASH_INTERRUPTIBLE_OPERATION_INIT;
    (void)sign_hash(u);
    psa_status_t status = psa_verify_hash_start(&op, u->key, u->alg, in, hash_length(u), out, len);
    assert_int_equal(psa_verify_hash_abort(&op), PSA_SUCCESS);
    return status;
}

static psa_status_t asymmetric_encrypt(const struct use *u)
{
    return psa_asymmetric_encrypt(u->key, u->alg, in, 5, NULL, 0, out, sizeof out, &len);
}
static psa_status_t asymmetric_decrypt(const struct use *u)
{
    (void)asymmetric_encrypt(u);
    return psa_asymmetric_decrypt(u->key, u->alg, out, len, NULL, 0, peer, sizeof peer, &len);
}

static psa_status_t derivation_setup(const struct use *u)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&op, u->alg);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    return status;
}

static size_t peer_of(const struct use *u)
{
    size_t peer_len = 0;
    (void)psa_export_public_key(u->key, peer, sizeof peer, &peer_len);
    return peer_len;
}
static psa_status_t raw_key_agreement(const struct use *u)
{
    size_t peer_len = peer_of(u);
    return psa_raw_key_agreement(u->alg, u->key, peer, peer_len, out, sizeof out, &len);
}
static psa_status_t key_agreement(const struct use *u)
{
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_DERIVE, 0, PSA_ALG_HKDF(SHA2));
    psa_key_id_t secret = 0;
    size_t peer_len = peer_of(u);
    psa_status_t status = psa_key_agreement(u->key, peer, peer_len, u->alg, &attributes, &secret);
    (void)psa_destroy_key(secret);
    return status;
}

static psa_status_t wrap(const struct use *u)
{
    return psa_wrap_key(u->key, u->alg, u->key, out, sizeof out, &len);
}
static psa_status_t unwrap(const struct use *u)
{
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_AES, 0, PSA_ALG_CTR);
    psa_key_id_t key = 0;
    (void)wrap(u);
    psa_status_t status = psa_unwrap_key(&attributes, u->key, u->alg, out, len, &key);
    (void)psa_destroy_key(key);
    return status;
}

static psa_status_t pake_setup(const struct use *u)
{
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&suite, u->alg);
    psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, u->bits));
    psa_pake_cs_set_key_confirmation(&suite, PSA_PAKE_CONFIRMED_KEY);
    psa_status_t status = psa_pake_setup(&op, u->key, &suite);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
    return status;
}

static bool always(psa_algorithm_t alg)
{
    return true;
}
static bool is_raw(psa_algorithm_t alg)
{
    return PSA_ALG_IS_RAW_KEY_AGREEMENT(alg);
}
static bool is_with_kdf(psa_algorithm_t alg)
{
    return !PSA_ALG_IS_RAW_KEY_AGREEMENT(alg);
}
static bool signs_messages(psa_algorithm_t alg)
{
    return PSA_ALG_IS_SIGN_MESSAGE(alg);
}
static bool signs_hashes(psa_algorithm_t alg)
{
    return PSA_ALG_IS_SIGN_HASH(alg);
}
static bool signs_in_parts(psa_algorithm_t alg)
{
    return PSA_ALG_IS_ECDSA(alg);
}

static const struct call calls[] = {
    {"psa_hash_compute", PSA_ALG_CATEGORY_HASH, hash_compute, always},
    {"psa_hash_compare", PSA_ALG_CATEGORY_HASH, hash_compare, always},
    {"psa_hash_setup", PSA_ALG_CATEGORY_HASH, hash_setup, always},
    {"psa_hash_resume", PSA_ALG_CATEGORY_HASH, hash_resume, always},
    {"psa_mac_compute", PSA_ALG_CATEGORY_MAC, mac_compute, always},
    {"psa_mac_verify", PSA_ALG_CATEGORY_MAC, mac_verify, always},
    {"psa_mac_sign_setup", PSA_ALG_CATEGORY_MAC, mac_sign_setup, always},
    {"psa_mac_verify_setup", PSA_ALG_CATEGORY_MAC, mac_verify_setup, always},
    {"psa_cipher_encrypt", PSA_ALG_CATEGORY_CIPHER, cipher_encrypt, always},
    {"psa_cipher_decrypt", PSA_ALG_CATEGORY_CIPHER, cipher_decrypt, always},
    {"psa_cipher_encrypt_setup", PSA_ALG_CATEGORY_CIPHER, cipher_encrypt_setup, always},
    {"psa_cipher_decrypt_setup", PSA_ALG_CATEGORY_CIPHER, cipher_decrypt_setup, always},
    {"psa_aead_encrypt", PSA_ALG_CATEGORY_AEAD, aead_encrypt, always},
    {"psa_aead_decrypt", PSA_ALG_CATEGORY_AEAD, aead_decrypt, always},
    {"psa_aead_encrypt_setup", PSA_ALG_CATEGORY_AEAD, aead_encrypt_setup, always},
    {"psa_aead_decrypt_setup", PSA_ALG_CATEGORY_AEAD, aead_decrypt_setup, always},
    {"psa_sign_message", PSA_ALG_CATEGORY_SIGN, sign_message, signs_messages},
    {"psa_verify_message", PSA_ALG_CATEGORY_SIGN, verify_message, signs_messages},
    {"psa_sign_hash", PSA_ALG_CATEGORY_SIGN, sign_hash, signs_hashes},
    {"psa_verify_hash", PSA_ALG_CATEGORY_SIGN, verify_hash, signs_hashes},
    {"psa_sign_hash_start", PSA_ALG_CATEGORY_SIGN, sign_hash_start, signs_in_parts},
    {"psa_verify_hash_start", PSA_ALG_CATEGORY_SIGN, verify_hash_start, signs_in_parts},
    {"psa_asymmetric_encrypt", PSA_ALG_CATEGORY_ASYMMETRIC_ENCRYPTION, asymmetric_encrypt, always},
    {"psa_asymmetric_decrypt", PSA_ALG_CATEGORY_ASYMMETRIC_ENCRYPTION, asymmetric_decrypt, always},
    {"psa_key_derivation_setup", PSA_ALG_CATEGORY_KEY_DERIVATION, derivation_setup, always},
    {"psa_raw_key_agreement", PSA_ALG_CATEGORY_KEY_AGREEMENT, raw_key_agreement, is_raw},
    {"psa_key_agreement", PSA_ALG_CATEGORY_KEY_AGREEMENT, key_agreement, is_raw},
    {"psa_key_derivation_setup", PSA_ALG_CATEGORY_KEY_AGREEMENT, derivation_setup, is_with_kdf},
    {"psa_wrap_key", PSA_ALG_CATEGORY_KEY_WRAP, wrap, always},
    {"psa_unwrap_key", PSA_ALG_CATEGORY_KEY_WRAP, unwrap, always},
    {"psa_pake_setup", PSA_ALG_CATEGORY_PAKE, pake_setup, always},
};

void try_all_calls(const struct use *use, psa_status_t wanted)
{
    unsigned tried = 0;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if ((use->alg & PSA_ALG_CATEGORY_MASK) == calls[i].category && calls[i].takes(use->alg)) {
            psa_status_t status = calls[i].run(use);
            if (status != wanted) {
                fail_msg("%s, algorithm %08x, key type %04x, %u bits: %d", calls[i].name, (unsigned)use->alg, use->type,
                         use->bits, (int)status);
            }
            tried++;
        }
    }
    assert_true(tried > 0);
}

/* ---- how keys come about ---- */

static psa_status_t by_import(const struct use *use, const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    return import(use, attributes, key);
}
static psa_status_t by_generation(const struct use *use, const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    return psa_generate_key(attributes, key);
}
static psa_status_t by_custom_generation(const struct use *use, const psa_key_attributes_t *attributes,
                                         psa_key_id_t *key)
{
    return generate_custom(attributes, key);
}
static psa_status_t by_derivation(const struct use *use, const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t secret = attributes_of(PSA_KEY_TYPE_DERIVE, 256, PSA_ALG_HKDF(SHA2));
    psa_key_id_t from;
    assert_int_equal(psa_generate_key(&secret, &from), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_setup(&op, PSA_ALG_HKDF(SHA2)), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_SECRET, from), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);
    psa_status_t status = psa_key_derivation_output_key(attributes, &op, key);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(from), PSA_SUCCESS);
    return status;
}
static psa_status_t by_unwrapping(const struct use *use, const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    psa_key_attributes_t raw = attributes_of(PSA_KEY_TYPE_RAW_DATA, 0, 0),
                         wrapping = attributes_of(PSA_KEY_TYPE_AES, 128, PSA_ALG_KWP);
    struct mico_span bytes = bytes_of(use);
    psa_key_id_t what, under;
    static uint8_t wrapped[2048];
    size_t wrapped_len;
    assert_int_equal(psa_import_key(&raw, bytes.data, bytes.len, &what), PSA_SUCCESS);
    assert_int_equal(psa_generate_key(&wrapping, &under), PSA_SUCCESS);
    assert_int_equal(psa_wrap_key(under, PSA_ALG_KWP, what, wrapped, sizeof wrapped, &wrapped_len), PSA_SUCCESS);
    psa_status_t status = psa_unwrap_key(attributes, under, PSA_ALG_KWP, wrapped, wrapped_len, key);
    assert_int_equal(psa_destroy_key(what), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(under), PSA_SUCCESS);
    return status;
}

static psa_status_t (*const ways[])(const struct use *, const psa_key_attributes_t *, psa_key_id_t *) = {
    by_import, by_generation, by_custom_generation, by_derivation, by_unwrapping};

void try_all_ways(const struct use *use, psa_status_t wanted)
{
    psa_key_attributes_t attributes = attributes_of(use->type, use->bits, use->alg);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        psa_key_id_t key = 0;
        psa_status_t status = ways[i](use, &attributes, &key);
        bool none = ways[i] == by_derivation && status == PSA_ERROR_NOT_SUPPORTED; /* an RSA key, say */
        if ((status != wanted && !none) || key != 0) {
            fail_msg("way %zu, algorithm %08x, key type %04x, %u bits: %d", i, (unsigned)use->alg, use->type, use->bits,
                     (int)status);
        }
    }
}
