/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs of every family through PSA: formats, signatures, encryption, agreement, generation, and what is refused. The
 * primitives below have the standards' vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/dsa.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/psa/test_attributes.h"

#define ALL                                                                                                  \
    (PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | \
     PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT |   \
     PSA_KEY_USAGE_DERIVE)

static const psa_key_type_t p_pair = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
                            p_public = PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1),
                            ed_pair = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS),
                            dh_pair = PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919),
                            dh_public = PSA_KEY_TYPE_DH_PUBLIC_KEY(PSA_DH_FAMILY_RFC7919);

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

static psa_key_attributes_t attributes_of(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    return test_attributes(type, bits, ALL, alg);
}

static psa_status_t import(psa_key_type_t type, size_t bits, psa_algorithm_t alg, struct mico_span data,
                           psa_key_id_t *key)
{
    psa_key_attributes_t attributes = attributes_of(type, bits, alg);
    return psa_import_key(&attributes, data.data, data.len, key);
}

static psa_key_id_t generated(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    psa_key_id_t key;
    psa_key_attributes_t attributes = attributes_of(type, bits, alg);
    if (PSA_KEY_TYPE_IS_DSA(type)) {
        static const psa_custom_key_parameters_t plain = PSA_CUSTOM_KEY_PARAMETERS_INIT;
        assert_int_equal(psa_generate_key_custom(&attributes, &plain, dsa_domain, sizeof dsa_domain, &key),
                         PSA_SUCCESS);
    } else {
        assert_int_equal(psa_generate_key(&attributes, &key), PSA_SUCCESS);
    }
    return key;
}

/* The public half as a key of its own. */
static psa_key_id_t public_half(psa_key_id_t pair)
{
    static uint8_t bytes[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE + 1300], again[sizeof bytes];
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    size_t len;
    assert_int_equal(psa_get_key_attributes(pair, &attributes), PSA_SUCCESS);
    psa_key_type_t type = psa_get_key_type(&attributes);
    assert_int_equal(psa_export_public_key(pair, bytes, sizeof bytes, &len), PSA_SUCCESS);
    assert_true(len <= PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(type, psa_get_key_bits(&attributes)));
    assert_int_equal(psa_export_public_key(pair, bytes, len - 1, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(len, 0);
    assert_int_equal(psa_export_public_key(pair, bytes, sizeof bytes, &len), PSA_SUCCESS);
    attributes = attributes_of(PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type), psa_get_key_bits(&attributes),
                               psa_get_key_algorithm(&attributes));
    assert_int_equal(psa_import_key(&attributes, bytes, len, &key), PSA_SUCCESS);
    size_t again_len;
    assert_int_equal(psa_export_public_key(key, again, len, &again_len), PSA_SUCCESS);
    assert_int_equal(again_len, len);
    assert_memory_equal(again, bytes, len);
    assert_int_equal(psa_export_key(key, again, len, &again_len), PSA_SUCCESS);
    assert_int_equal(again_len, len);
    assert_memory_equal(again, bytes, len);
    return key;
}

/* A pair's export, imported again, is the same key. */
static void comes_back(psa_key_id_t pair)
{
    static uint8_t bytes[PSA_EXPORT_KEY_PAIR_MAX_SIZE + 1300], again[sizeof bytes];
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    size_t len, again_len;
    assert_int_equal(psa_get_key_attributes(pair, &attributes), PSA_SUCCESS);
    size_t bits = psa_get_key_bits(&attributes);
    assert_int_equal(psa_export_key(pair, bytes, sizeof bytes, &len), PSA_SUCCESS);
    assert_true(len <= PSA_EXPORT_KEY_OUTPUT_SIZE(psa_get_key_type(&attributes), bits));
    assert_int_equal(psa_export_key(pair, again, len - 1, &again_len), PSA_ERROR_BUFFER_TOO_SMALL);
    psa_key_attributes_t fresh = attributes_of(psa_get_key_type(&attributes), 0, psa_get_key_algorithm(&attributes));
    assert_int_equal(psa_import_key(&fresh, bytes, len, &key), PSA_SUCCESS);
    assert_int_equal(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
    assert_int_equal(psa_get_key_bits(&attributes), bits);
    assert_int_equal(psa_export_key(key, again, sizeof again, &again_len), PSA_SUCCESS);
    assert_int_equal(again_len, len);
    assert_memory_equal(again, bytes, len);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    assert_int_not_equal(psa_import_key(&fresh, bytes, len - 1, &key), PSA_SUCCESS);
    psa_set_key_bits(&fresh, bits == 256 ? 384 : bits == 255 ? 448 : 256);
    assert_int_not_equal(psa_import_key(&fresh, bytes, len, &key), PSA_SUCCESS);
}

static const struct signing {
    psa_key_type_t type;
    size_t bits;
    psa_algorithm_t alg;
    bool same; /* two signatures of one message are equal */
} signing[] = {
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255, PSA_ALG_PURE_EDDSA, true},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255, PSA_ALG_ED25519PH, true},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ALG_ECDSA(PSA_ALG_SHA_256), false},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_512), true},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 384, PSA_ALG_ECDSA(PSA_ALG_SHA_1), false},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 384, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_224), true},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), true},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_MD5), true},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PSS(PSA_ALG_SHA_384), false},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PSS_ANY_SALT(PSA_ALG_SHA_1), false},
    {PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, PSA_ALG_DSA(PSA_ALG_SHA_256), false},
    {PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, PSA_ALG_DETERMINISTIC_DSA(PSA_ALG_SHA_224), true},
};
#define SIGNING (sizeof signing / sizeof signing[0])

static void sign_and_verify(const struct signing *with, psa_key_id_t pair, psa_key_id_t public_key)
{
    uint8_t message[] = "what is signed", one[PSA_SIGNATURE_MAX_SIZE], two[PSA_SIGNATURE_MAX_SIZE];
    size_t len, again, expected = PSA_SIGN_OUTPUT_SIZE(with->type, with->bits, with->alg);
    assert_int_equal(psa_sign_message(pair, with->alg, message, sizeof message, one, sizeof one, &len), PSA_SUCCESS);
    assert_true(PSA_KEY_TYPE_IS_DSA(with->type) ? len <= expected : len == expected);
    assert_int_equal(psa_sign_message(pair, with->alg, message, sizeof message, two, len, &again), PSA_SUCCESS);
    assert_int_equal(again, len);
    assert_int_equal(memcmp(one, two, len) == 0, with->same);
    assert_int_equal(psa_sign_message(pair, with->alg, message, sizeof message, two, len - 1, &again),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    for (int i = 0; i < 2; i++) {
        psa_key_id_t key = i == 0 ? pair : public_key;
        assert_int_equal(psa_verify_message(key, with->alg, message, sizeof message, one, len), PSA_SUCCESS);
        assert_int_equal(psa_verify_message(key, with->alg, message, sizeof message, one, len - 1),
                         PSA_ERROR_INVALID_SIGNATURE);
        assert_int_equal(psa_verify_message(key, with->alg, message, sizeof message - 1, one, len),
                         PSA_ERROR_INVALID_SIGNATURE);
        one[len / 2] ^= 1;
        assert_int_equal(psa_verify_message(key, with->alg, message, sizeof message, one, len),
                         PSA_ERROR_INVALID_SIGNATURE);
        one[len / 2] ^= 1;
    }
    assert_int_equal(psa_sign_message(public_key, with->alg, message, sizeof message, two, sizeof two, &again),
                     PSA_ERROR_INVALID_ARGUMENT);
}

/* A message's signature is its hash's. */
static void sign_hash(const struct signing *with, psa_key_id_t pair)
{
    uint8_t message[] = "what is signed", hash[PSA_HASH_MAX_SIZE] = {0}, signature[PSA_SIGNATURE_MAX_SIZE];
    size_t hash_len, len;
    psa_algorithm_t alg = PSA_ALG_SIGN_GET_HASH(with->alg);
    if (!PSA_ALG_IS_SIGN_HASH(with->alg)) {
        assert_int_equal(psa_sign_hash(pair, with->alg, hash, 32, signature, sizeof signature, &len),
                         PSA_ERROR_INVALID_ARGUMENT);
        return;
    }
    assert_int_equal(psa_hash_compute(alg, message, sizeof message, hash, sizeof hash, &hash_len), PSA_SUCCESS);
    assert_int_equal(psa_sign_hash(pair, with->alg, hash, hash_len, signature, sizeof signature, &len), PSA_SUCCESS);
    assert_int_equal(psa_verify_message(pair, with->alg, message, sizeof message, signature, len), PSA_SUCCESS);
    assert_int_equal(psa_verify_hash(pair, with->alg, hash, hash_len, signature, len), PSA_SUCCESS);
    hash[0] ^= 1;
    assert_int_equal(psa_verify_hash(pair, with->alg, hash, hash_len, signature, len), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_sign_hash(pair, with->alg, hash, hash_len - 1, signature, sizeof signature, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
}

static void every_algorithm_signs_and_verifies(void **state)
{
    for (size_t i = 0; i < SIGNING; i++) {
        psa_key_id_t pair = generated(signing[i].type, signing[i].bits, signing[i].alg);
        psa_key_id_t public_key = public_half(pair);
        sign_and_verify(&signing[i], pair, public_key);
        sign_hash(&signing[i], pair);
        comes_back(pair);
        assert_int_equal(psa_destroy_key(pair), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(public_key), PSA_SUCCESS);
    }
}

static void an_algorithm_of_another_family_is_refused(void **state)
{
    uint8_t hash[64] = {1}, signature[PSA_SIGNATURE_MAX_SIZE], out[PSA_SIGNATURE_MAX_SIZE];
    size_t len;
    for (size_t i = 0; i < SIGNING; i++) {
        for (size_t k = 0; k < SIGNING; k++) {
            if (signing[i].type == PSA_KEY_TYPE_RSA_KEY_PAIR ||
                (signing[i].type == signing[k].type && signing[k].alg != PSA_ALG_PURE_EDDSA)) {
                continue; /* a new RSA key for each takes too long; and its own family's do */
            }
            psa_key_id_t key = generated(signing[i].type, signing[i].bits, signing[k].alg);
            psa_status_t status =
                signing[k].alg == PSA_ALG_PURE_EDDSA
                    ? psa_sign_message(key, signing[k].alg, hash, 9, signature, sizeof signature, &len)
                    : psa_sign_hash(key, signing[k].alg, hash, PSA_HASH_LENGTH(PSA_ALG_SIGN_GET_HASH(signing[k].alg)),
                                    signature, sizeof signature, &len);
            assert_int_equal(status == PSA_SUCCESS, signing[i].type == signing[k].type);
            assert_true(status == PSA_SUCCESS || status == PSA_ERROR_INVALID_ARGUMENT ||
                        status == PSA_ERROR_NOT_SUPPORTED);
            assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
        }
    }
    psa_key_id_t key = generated(p_pair, 256, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256));
    assert_int_equal(
        psa_asymmetric_encrypt(key, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256), hash, 5, NULL, 0, out, sizeof out, &len),
        PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static void a_policy_of_any_hash_permits_each(void **state)
{
    uint8_t message[] = "any", signature[PSA_SIGNATURE_MAX_SIZE];
    static const psa_algorithm_t hashes[] = {PSA_ALG_SHA_1, PSA_ALG_SHA_256, PSA_ALG_SHA_384, PSA_ALG_SHA_512};
    size_t len;
    psa_key_id_t key = generated(p_pair, 256, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH));
    for (size_t i = 0; i < 4; i++) {
        psa_algorithm_t alg = PSA_ALG_ECDSA(hashes[i]);
        assert_int_equal(psa_sign_message(key, alg, message, 3, signature, sizeof signature, &len), PSA_SUCCESS);
        assert_int_equal(psa_verify_message(key, alg, message, 3, signature, len), PSA_SUCCESS);
        assert_int_equal(psa_sign_message(key, PSA_ALG_DETERMINISTIC_ECDSA(hashes[i]), message, 3, signature,
                                          sizeof signature, &len),
                         PSA_ERROR_NOT_PERMITTED);
    }
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    /* Without a hash that is named: of any length. */
    key = generated(p_pair, 384, PSA_ALG_ECDSA_ANY);
    for (size_t hash_len = 1; hash_len < 70; hash_len += 23) {
        uint8_t hash[70] = {9};
        assert_int_equal(psa_sign_hash(key, PSA_ALG_ECDSA_ANY, hash, hash_len, signature, sizeof signature, &len),
                         PSA_SUCCESS);
        assert_int_equal(psa_verify_hash(key, PSA_ALG_ECDSA_ANY, hash, hash_len, signature, len), PSA_SUCCESS);
    }
    assert_int_equal(psa_sign_message(key, PSA_ALG_ECDSA_ANY, message, 3, signature, sizeof signature, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static void a_policy_of_tls_permits_both_rsa_signatures_and_nothing_else(void **state)
{
    static const psa_algorithm_t good[] = {PSA_ALG_RSA_PSS(PSA_ALG_SHA_256), PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256),
                                           PSA_ALG_RSA_PSS(PSA_ALG_SHA_512),
                                           PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_384)};
    static const psa_algorithm_t bad[] = {PSA_ALG_RSA_PKCS1V15_SIGN_RAW, PSA_ALG_RSA_PSS_ANY_SALT(PSA_ALG_SHA_256),
                                          PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH), PSA_ALG_ECDSA(PSA_ALG_SHA_256),
                                          MICO_PSA_ALG_RSA_TLS};
    uint8_t hash[64] = {9}, signature[PSA_SIGNATURE_MAX_SIZE];
    size_t len;
    psa_key_id_t key = generated(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, MICO_PSA_ALG_RSA_TLS), copy = 0;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        size_t hash_len = PSA_HASH_LENGTH(PSA_ALG_SIGN_GET_HASH(good[i]));
        assert_int_equal(psa_sign_hash(key, good[i], hash, hash_len, signature, sizeof signature, &len), PSA_SUCCESS);
        assert_int_equal(psa_verify_hash(key, good[i], hash, hash_len, signature, len), PSA_SUCCESS);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_not_equal(psa_sign_hash(key, bad[i], hash, 32, signature, sizeof signature, &len), PSA_SUCCESS);
        assert_int_not_equal(psa_sign_message(key, bad[i], hash, 9, signature, sizeof signature, &len), PSA_SUCCESS);
    }
    assert_int_not_equal(
        psa_asymmetric_decrypt(key, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256), signature, 256, NULL, 0, hash, 64, &len),
        PSA_SUCCESS);
    /* A copy may do less. */
    psa_key_attributes_t less = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_usage_flags(&less, PSA_KEY_USAGE_SIGN_HASH);
    psa_set_key_algorithm(&less, PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH));
    assert_int_equal(psa_copy_key(key, &less, &copy), PSA_SUCCESS);
    assert_int_equal(psa_sign_hash(copy, good[0], hash, 32, signature, sizeof signature, &len), PSA_SUCCESS);
    assert_int_equal(psa_sign_hash(copy, good[1], hash, 32, signature, sizeof signature, &len),
                     PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_destroy_key(copy), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static void rsa_encrypts_by_both_schemes(void **state)
{
    static const psa_algorithm_t algs[] = {PSA_ALG_RSA_PKCS1V15_CRYPT, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256),
                                           PSA_ALG_RSA_OAEP(PSA_ALG_SHA_1)};
    uint8_t text[256] = {7}, sealed[256], back[256];
    size_t len, back_len;
    for (size_t i = 0; i < 3; i++) {
        psa_key_id_t pair = generated(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, algs[i]), public_key = public_half(pair);
        size_t longest = PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, algs[i]);
        const uint8_t *label = i == 0 ? NULL : (const uint8_t *)"label";
        size_t label_len = i == 0 ? 0 : 5;
        assert_int_equal(
            psa_asymmetric_encrypt(public_key, algs[i], text, longest, label, label_len, sealed, sizeof sealed, &len),
            PSA_SUCCESS);
        assert_int_equal(len, PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, algs[i]));
        assert_int_equal(
            psa_asymmetric_decrypt(pair, algs[i], sealed, len, label, label_len, back, sizeof back, &back_len),
            PSA_SUCCESS);
        assert_int_equal(back_len, longest);
        assert_memory_equal(back, text, longest);
        assert_int_equal(
            psa_asymmetric_decrypt(pair, algs[i], sealed, len, label, label_len, back, longest - 1, &back_len),
            PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(
            psa_asymmetric_decrypt(pair, algs[i], sealed, len - 1, label, label_len, back, sizeof back, &back_len),
            PSA_ERROR_INVALID_ARGUMENT);
        sealed[9] ^= 1;
        assert_int_equal(
            psa_asymmetric_decrypt(pair, algs[i], sealed, len, label, label_len, back, sizeof back, &back_len),
            PSA_ERROR_INVALID_PADDING);
        assert_int_equal(back_len, 0);
        assert_int_equal(
            psa_asymmetric_encrypt(pair, algs[i], text, longest + 1, label, label_len, sealed, sizeof sealed, &len),
            PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_asymmetric_encrypt(pair, algs[i], text, 3, label, label_len, sealed, 255, &len),
                         PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(
            psa_asymmetric_decrypt(public_key, algs[i], sealed, 256, label, label_len, back, sizeof back, &back_len),
            PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_destroy_key(pair), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(public_key), PSA_SUCCESS);
    }
}

static void both_sides_agree(void **state)
{
    static const struct {
        psa_key_type_t type;
        size_t bits;
        psa_algorithm_t alg;
    } groups[] = {
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), 255, PSA_ALG_ECDH},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ALG_ECDH},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 384, PSA_ALG_ECDH},
        {PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 2048, PSA_ALG_FFDH},
        {PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 3072, PSA_ALG_FFDH},
        {PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 4096, PSA_ALG_FFDH},
        {PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 8192, PSA_ALG_FFDH},
    };
    static uint8_t a_public[1024], b_public[1024], one[1024], two[1024];
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        size_t a_len, b_len, len, expected = PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(groups[i].type, groups[i].bits);
        psa_key_id_t a = generated(groups[i].type, groups[i].bits, groups[i].alg),
                     b = generated(groups[i].type, groups[i].bits, groups[i].alg);
        assert_int_equal(psa_export_public_key(a, a_public, sizeof a_public, &a_len), PSA_SUCCESS);
        assert_int_equal(psa_export_public_key(b, b_public, sizeof b_public, &b_len), PSA_SUCCESS);
        assert_int_equal(a_len, PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(groups[i].type, groups[i].bits));
        assert_int_equal(psa_raw_key_agreement(groups[i].alg, a, b_public, b_len, one, sizeof one, &len), PSA_SUCCESS);
        assert_int_equal(len, expected);
        assert_int_equal(psa_raw_key_agreement(groups[i].alg, b, a_public, a_len, two, len, &len), PSA_SUCCESS);
        assert_memory_equal(one, two, len);
        assert_int_equal(psa_raw_key_agreement(groups[i].alg, b, a_public, a_len, two, len - 1, &len),
                         PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(psa_raw_key_agreement(groups[i].alg, b, a_public, a_len - 1, two, sizeof two, &len),
                         PSA_ERROR_INVALID_ARGUMENT);
        memset(a_public + (a_len % 2), 0, a_len - a_len % 2); /* 0: of low order, or no point */
        assert_int_equal(psa_raw_key_agreement(groups[i].alg, b, a_public, a_len, two, sizeof two, &len),
                         PSA_ERROR_INVALID_ARGUMENT);
        assert_true(mico_ct_is_zero(two, sizeof two));
        if (groups[i].bits <= 2048) {
            comes_back(a);
            assert_int_equal(psa_destroy_key(public_half(a)), PSA_SUCCESS);
        }
        assert_int_equal(psa_destroy_key(a), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(b), PSA_SUCCESS);
    }
}

/* An agreement's secret goes into a derivation unseen. */
static void an_agreement_is_derived_from(void **state)
{
    uint8_t peer[97], out[2][42];
    size_t len;
    psa_algorithm_t alg = PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    psa_key_id_t keys[2] = {generated(p_pair, 256, alg), generated(p_pair, 256, alg)};
    for (int i = 0; i < 2; i++) {
        psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
        assert_int_equal(psa_export_public_key(keys[1 - i], peer, sizeof peer, &len), PSA_SUCCESS);
        assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, keys[i], peer, len, out[i], sizeof out[i], &len),
                         PSA_ERROR_NOT_PERMITTED);
        assert_int_equal(psa_export_public_key(keys[1 - i], peer, sizeof peer, &len), PSA_SUCCESS);
        assert_int_equal(psa_key_derivation_setup(&operation, alg), PSA_SUCCESS);
        assert_int_equal(
            psa_key_derivation_key_agreement(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, keys[i], peer, len),
            PSA_SUCCESS);
        assert_int_equal(
            psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, (const uint8_t *)"i", 1),
            PSA_SUCCESS);
        assert_int_equal(psa_key_derivation_output_bytes(&operation, out[i], sizeof out[i]), PSA_SUCCESS);
        assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    }
    assert_memory_equal(out[0], out[1], sizeof out[0]);
    assert_int_equal(psa_destroy_key(keys[0]), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(keys[1]), PSA_SUCCESS);
}

static void malformed_keys_are_refused(void **state)
{
    static const uint8_t zero[97] = {0}, ones[97] = {[0 ... 96] = 0xFF};
    uint8_t point[97] = {4, 1}, wide[256] = {0};
    psa_key_id_t key;
    assert_int_equal(import(p_pair, 256, 0, (struct mico_span){zero, 32}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(p_pair, 0, 0, (struct mico_span){ones, 32}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(p_pair, 384, 0, (struct mico_span){ones, 48}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(p_pair, 256, 0, (struct mico_span){ones, 31}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(p_pair, 0, 0, (struct mico_span){ones, 33}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(p_pair, 521, 0, (struct mico_span){ones, 66}, &key), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(import(p_pair, 224, 0, (struct mico_span){ones, 28}, &key), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(import(p_public, 256, 0, (struct mico_span){point, 65}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(p_public, 256, 0, (struct mico_span){point, 33}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(ed_pair, 255, 0, (struct mico_span){ones, 31}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(ed_pair, 448, 0, (struct mico_span){ones, 57}, &key), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(import(dh_pair, 2048, 0, (struct mico_span){wide, 256}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(dh_pair, 0, 0, (struct mico_span){wide, 255}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(dh_pair, 1024, 0, (struct mico_span){wide, 128}, &key), PSA_ERROR_NOT_SUPPORTED);
    wide[255] = 1;
    assert_int_equal(import(dh_public, 2048, 0, (struct mico_span){wide, 256}, &key), PSA_ERROR_INVALID_ARGUMENT);
    memset(wide, 0xFF, sizeof wide);
    assert_int_equal(import(dh_public, 2048, 0, (struct mico_span){wide, 256}, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0, 0, MICO_SPAN(wide), &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, 0, MICO_SPAN(wide), &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(PSA_KEY_TYPE_DSA_KEY_PAIR, 0, 0, MICO_SPAN(wide), &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(import(PSA_KEY_TYPE_DSA_PUBLIC_KEY, 0, 0, MICO_SPAN(dsa_domain), &key),
                     PSA_ERROR_INVALID_ARGUMENT); /* no y */
}

/* A change in any byte of an RSA pair is found. */
static void an_altered_rsa_pair_is_refused(void **state)
{
    uint8_t der[PSA_KEY_EXPORT_RSA_KEY_PAIR_MAX_SIZE(2048)];
    psa_key_id_t pair = generated(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, 0), key;
    size_t len;
    assert_int_equal(psa_export_key(pair, der, sizeof der, &len), PSA_SUCCESS);
    for (size_t i = 0; i < len; i += i < 40 ? 1 : 61) {
        der[i] ^= 0x10;
        psa_status_t status = import(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, 0, (struct mico_span){der, len}, &key);
        assert_true(status == PSA_ERROR_INVALID_ARGUMENT || status == PSA_ERROR_NOT_SUPPORTED);
        der[i] ^= 0x10;
    }
    assert_int_equal(psa_destroy_key(pair), PSA_SUCCESS);
}

static void generation_takes_the_sizes_and_exponents_that_there_are(void **state)
{
    psa_custom_key_parameters_t custom = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    psa_key_id_t key;
    static const struct {
        psa_key_type_t type;
        size_t bits;
    } unknown[] = {{PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 521},
                   {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 255},
                   {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_K1), 256},
                   {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), 448},
                   {PSA_KEY_TYPE_RSA_KEY_PAIR, 1024},
                   {PSA_KEY_TYPE_RSA_KEY_PAIR, 2047},
                   {PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 1024}};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        psa_key_attributes_t attributes = attributes_of(unknown[i].type, unknown[i].bits, 0);
        assert_int_equal(psa_generate_key(&attributes, &key), PSA_ERROR_NOT_SUPPORTED);
    }
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, 0);
    static const uint8_t good[] = {0, 3}, even[] = {4}, one[] = {1}, wide[] = {1, 0, 0, 0, 1};
    assert_int_equal(psa_generate_key_custom(&attributes, &custom, good, 2, &key), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    assert_int_equal(psa_generate_key_custom(&attributes, &custom, even, 1, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_generate_key_custom(&attributes, &custom, one, 1, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_generate_key_custom(&attributes, &custom, wide, 5, &key), PSA_ERROR_NOT_SUPPORTED);
    attributes = attributes_of(PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, 0);
    assert_int_equal(psa_generate_key(&attributes, &key), PSA_ERROR_INVALID_ARGUMENT); /* no domain */
    psa_set_key_bits(&attributes, 1024);
    assert_int_equal(psa_generate_key_custom(&attributes, &custom, dsa_domain, sizeof dsa_domain, &key),
                     PSA_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_algorithm_signs_and_verifies),
        cmocka_unit_test(an_algorithm_of_another_family_is_refused),
        cmocka_unit_test(a_policy_of_any_hash_permits_each),
        cmocka_unit_test(a_policy_of_tls_permits_both_rsa_signatures_and_nothing_else),
        cmocka_unit_test(rsa_encrypts_by_both_schemes),
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(an_agreement_is_derived_from),
        cmocka_unit_test(malformed_keys_are_refused),
        cmocka_unit_test(an_altered_rsa_pair_is_refused),
        cmocka_unit_test(generation_takes_the_sizes_and_exponents_that_there_are),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
