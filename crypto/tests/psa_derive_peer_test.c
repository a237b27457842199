/* SPDX-License-Identifier: Apache-2.0 */
/* PSA's derivations and its key wrapping beside OpenSSL's, on random inputs; our outputs in pieces of random lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "base/bytes.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"
#include "crypto/tests/replay.h"

#define ROUNDS 40 /* of each hash */
#define PART 100  /* bytes of a secret, salt, seed or info, at most */

static const struct hash {
    psa_algorithm_t alg;
    const char *name;
} hashes[] = {
    {PSA_ALG_MD5, "MD5"},        {PSA_ALG_SHA_1, "SHA1"},     {PSA_ALG_SHA_224, "SHA224"},
    {PSA_ALG_SHA_256, "SHA256"}, {PSA_ALG_SHA_384, "SHA384"}, {PSA_ALG_SHA_512, "SHA512"},
};
#define HASHES (sizeof hashes / sizeof hashes[0])

/* What both sides derive from, and what comes out. */
static struct {
    uint8_t secret[PART], salt[PART], info[PART], ours[400], theirs[400];
    size_t secret_len, salt_len, info_len, len;
    uint32_t cost;
} in;

static void draw_inputs(size_t longest)
{
    replay_draw(in.secret, sizeof in.secret);
    replay_draw(in.salt, sizeof in.salt);
    replay_draw(in.info, sizeof in.info);
    in.secret_len = 1 + replay_below(PART);
    in.salt_len = 1 + replay_below(PART);
    in.info_len = 1 + replay_below(PART);
    in.len = 1 + replay_below(longest);
    in.cost = 1 + (uint32_t)replay_below(20);
}

static OSSL_PARAM bytes(const char *name, uint8_t *data, size_t len)
{
    return OSSL_PARAM_construct_octet_string(name, data, len);
}

static OSSL_PARAM text(const char *name, const char *value)
{
    return OSSL_PARAM_construct_utf8_string(name, (char *)(uintptr_t)value, 0);
}

static void they_derive(const char *name, const OSSL_PARAM *params)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, name, NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    assert_non_null(ctx);
    assert_int_equal(EVP_KDF_derive(ctx, in.theirs, in.len, params), 1);
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
}

static psa_key_derivation_operation_t begun(psa_algorithm_t alg)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    return op;
}

static void give(psa_key_derivation_operation_t *op, psa_key_derivation_step_t step, const uint8_t *data, size_t len)
{
    assert_int_equal(psa_key_derivation_input_bytes(op, step, data, len), PSA_SUCCESS);
}

/* Ours, in pieces, is theirs. */
static void compare(psa_key_derivation_operation_t *op)
{
    for (size_t done = 0; done < in.len;) {
        size_t piece = 1 + replay_below(in.len - done);
        assert_int_equal(psa_key_derivation_output_bytes(op, in.ours + done, piece), PSA_SUCCESS);
        done += piece;
    }
    assert_memory_equal(in.ours, in.theirs, in.len);
    assert_int_equal(psa_key_derivation_abort(op), PSA_SUCCESS);
}

static void hkdf_and_its_halves_are_openssls(void **state)
{
    static const struct {
        psa_algorithm_t base;
        const char *mode;
    } modes[] = {{PSA_ALG_HKDF(0), "EXTRACT_AND_EXPAND"},
                 {PSA_ALG_HKDF_EXTRACT(0), "EXTRACT_ONLY"},
                 {PSA_ALG_HKDF_EXPAND(0), "EXPAND_ONLY"}};
    for (size_t i = 0; i < HASHES * 3 * ROUNDS; i++) {
        const struct hash *hash = &hashes[i % HASHES];
        size_t mode = i / HASHES % 3, size = PSA_HASH_LENGTH(hash->alg);
        draw_inputs(sizeof in.ours);
        in.len = mode == 1 ? size : in.len;
        in.secret_len = mode == 2 ? size : in.secret_len; /* a pseudo-random key */
        const OSSL_PARAM params[] = {text(OSSL_KDF_PARAM_DIGEST, hash->name),
                                     text(OSSL_KDF_PARAM_MODE, modes[mode].mode),
                                     bytes(OSSL_KDF_PARAM_KEY, in.secret, in.secret_len),
                                     bytes(OSSL_KDF_PARAM_SALT, in.salt, in.salt_len),
                                     bytes(OSSL_KDF_PARAM_INFO, in.info, in.info_len),
                                     OSSL_PARAM_construct_end()};
        they_derive("HKDF", params);
        psa_key_derivation_operation_t op = begun(modes[mode].base | (hash->alg & PSA_ALG_HASH_MASK));
        if (mode != 2) {
            give(&op, PSA_KEY_DERIVATION_INPUT_SALT, in.salt, in.salt_len);
        }
        give(&op, PSA_KEY_DERIVATION_INPUT_SECRET, in.secret, in.secret_len);
        if (mode != 1) {
            give(&op, PSA_KEY_DERIVATION_INPUT_INFO, in.info, in.info_len);
        }
        compare(&op);
    }
}

static psa_key_derivation_operation_t pbkdf2(psa_algorithm_t alg)
{
    psa_key_derivation_operation_t op = begun(alg);
    assert_int_equal(psa_key_derivation_input_integer(&op, PSA_KEY_DERIVATION_INPUT_COST, in.cost), PSA_SUCCESS);
    give(&op, PSA_KEY_DERIVATION_INPUT_SALT, in.salt, in.salt_len);
    give(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, in.secret, in.secret_len);
    return op;
}

static void pbkdf2_with_hmac_is_openssls(void **state)
{
    int unchecked = 1; /* else OpenSSL wants a thousand iterations and long salts */
    for (size_t i = 0; i < HASHES * ROUNDS; i++) {
        const struct hash *hash = &hashes[i % HASHES];
        draw_inputs(150);
        const OSSL_PARAM params[] = {text(OSSL_KDF_PARAM_DIGEST, hash->name),
                                     bytes(OSSL_KDF_PARAM_PASSWORD, in.secret, in.secret_len),
                                     bytes(OSSL_KDF_PARAM_SALT, in.salt, in.salt_len),
                                     OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &in.cost),
                                     OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &unchecked),
                                     OSSL_PARAM_construct_end()};
        they_derive("PBKDF2", params);
        psa_key_derivation_operation_t op = pbkdf2(PSA_ALG_PBKDF2_HMAC(hash->alg));
        compare(&op);
    }
}

static void their_cmac(const uint8_t key[16], const uint8_t *data, size_t len, uint8_t mac[16])
{
    size_t mac_len;
    assert_non_null(EVP_Q_mac(NULL, "CMAC", NULL, "AES-128-CBC", NULL, key, 16, data, len, mac, 16, &mac_len));
}

/* RFC 8018 section 5.2 with AES-CMAC-PRF-128 (RFC 4615) of OpenSSL's CMAC, which has neither. */
static void they_derive_by_cmac(void)
{
    static const uint8_t zeros[16];
    uint8_t key[16], sum[16], last[16], first[PART + 4];
    if (in.secret_len == 16) {
        memcpy(key, in.secret, 16);
    } else {
        their_cmac(zeros, in.secret, in.secret_len, key);
    }
    memcpy(first, in.salt, in.salt_len);
    for (uint8_t block = 0; block * 16u < in.len; block++) {
        const uint8_t number[4] = {0, 0, 0, (uint8_t)(block + 1)};
        size_t at = block * 16u;
        memcpy(first + in.salt_len, number, sizeof number);
        their_cmac(key, first, in.salt_len + 4, last);
        memcpy(sum, last, 16);
        for (uint32_t i = 1; i < in.cost; i++) {
            their_cmac(key, last, 16, last);
            for (size_t k = 0; k < 16; k++) {
                sum[k] ^= last[k];
            }
        }
        memcpy(in.theirs + at, sum, in.len - at < 16 ? in.len - at : 16);
    }
}

static void pbkdf2_with_cmac_is_that_of_openssls_cmac(void **state)
{
    for (size_t i = 0; i < 2 * ROUNDS; i++) {
        draw_inputs(100);
        in.secret_len = i % 3 == 0 ? 16 : in.secret_len;
        they_derive_by_cmac();
        psa_key_derivation_operation_t op = pbkdf2(PSA_ALG_PBKDF2_AES_CMAC_PRF_128);
        compare(&op);
    }
}

/* info is the label; OpenSSL's seed is label and seed. */
static void they_derive_by_tls(const struct hash *hash, uint8_t *secret, size_t secret_len)
{
    const OSSL_PARAM params[] = {text(OSSL_KDF_PARAM_DIGEST, hash->name),
                                 bytes(OSSL_KDF_PARAM_SECRET, secret, secret_len),
                                 bytes(OSSL_KDF_PARAM_SEED, in.info, in.info_len),
                                 bytes(OSSL_KDF_PARAM_SEED, in.salt, in.salt_len), OSSL_PARAM_construct_end()};
    they_derive("TLS1-PRF", params);
}

static void the_prf_of_tls_1_2_is_openssls(void **state)
{
    for (size_t i = 1; i < HASHES * ROUNDS; i++) {
        const struct hash *hash = &hashes[i % HASHES];
        if (hash->alg == PSA_ALG_MD5) { /* with which OpenSSL has only the PRF of TLS 1.1 */
            continue;
        }
        draw_inputs(sizeof in.ours);
        they_derive_by_tls(hash, in.secret, in.secret_len);
        psa_key_derivation_operation_t op = begun(PSA_ALG_TLS12_PRF(hash->alg));
        give(&op, PSA_KEY_DERIVATION_INPUT_SEED, in.salt, in.salt_len);
        give(&op, PSA_KEY_DERIVATION_INPUT_SECRET, in.secret, in.secret_len);
        give(&op, PSA_KEY_DERIVATION_INPUT_LABEL, in.info, in.info_len);
        compare(&op);
    }
}

/* length | other secret | length | key; the other secret is as many zeros as the key has bytes, if none is given. */
static size_t premaster(uint8_t *out, const uint8_t *other, size_t other_len)
{
    static const uint8_t zeros[PART];
    size_t first = other != NULL ? other_len : in.secret_len;
    mico_store_be16(out, (uint16_t)first);
    memcpy(out + 2, other != NULL ? other : zeros, first);
    mico_store_be16(out + 2 + first, (uint16_t)in.secret_len);
    memcpy(out + 4 + first, in.secret, in.secret_len);
    return 4 + first + in.secret_len;
}

static void the_master_secret_of_a_pre_shared_key_is_openssls(void **state)
{
    uint8_t pms[2 * PART + 4], other[48];
    for (size_t i = 1; i < HASHES * ROUNDS; i++) {
        const struct hash *hash = &hashes[i % HASHES];
        if (hash->alg != PSA_ALG_SHA_256 && hash->alg != PSA_ALG_SHA_384) {
            continue;
        }
        draw_inputs(48);
        replay_draw(other, sizeof other);
        bool mixed = i % 2 == 0; /* RFC 5489 section 2: another secret before the key */
        they_derive_by_tls(hash, pms, premaster(pms, mixed ? other : NULL, sizeof other));
        psa_key_derivation_operation_t op = begun(PSA_ALG_TLS12_PSK_TO_MS(hash->alg));
        give(&op, PSA_KEY_DERIVATION_INPUT_SEED, in.salt, in.salt_len);
        if (mixed) {
            give(&op, PSA_KEY_DERIVATION_INPUT_OTHER_SECRET, other, sizeof other);
        }
        give(&op, PSA_KEY_DERIVATION_INPUT_SECRET, in.secret, in.secret_len);
        give(&op, PSA_KEY_DERIVATION_INPUT_LABEL, in.info, in.info_len);
        compare(&op);
    }
}

/* ---- key wrapping ---- */

static size_t they_wrap(const char *name, const uint8_t *with, bool wrapping, const uint8_t *data, size_t len,
                        uint8_t *out)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int made, more;
    assert_non_null(cipher);
    EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    assert_int_equal(EVP_CipherInit_ex2(ctx, cipher, with, NULL, wrapping, NULL), 1);
    assert_int_equal(EVP_CipherUpdate(ctx, out, &made, data, (int)len), 1);
    assert_int_equal(EVP_CipherFinal_ex(ctx, out + made, &more), 1);
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return (size_t)(made + more);
}

static psa_key_id_t key_of(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, const uint8_t *data,
                           size_t len)
{
    psa_key_attributes_t attributes = test_attributes(type, 0, usage, alg);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, data, len, &key), PSA_SUCCESS);
    return key;
}

/* Ours is theirs, theirs opens here and ours there. */
static void keys_are_wrapped_as_by_openssl_both_ways(void **state)
{
    uint8_t with[32], plain[64], ours[80], theirs[80], back[80];
    for (size_t i = 0; i < 6 * ROUNDS; i++) {
        bool padded = i % 2 != 0;
        size_t with_len = 16 + 8 * (i / 2 % 3), len = padded ? 1 + replay_below(64) : 16 + 8 * replay_below(7),
               ours_len, got;
        psa_algorithm_t alg = padded ? PSA_ALG_KWP : PSA_ALG_KW;
        char name[20];
        snprintf(name, sizeof name, "AES-%u-WRAP%s", (unsigned)with_len * 8, padded ? "-PAD" : "");
        replay_draw(with, sizeof with);
        replay_draw(plain, sizeof plain);
        psa_key_id_t wrapping =
            key_of(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP, alg, with, with_len);
        psa_key_id_t key = key_of(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, 0, plain, len), opened;
        psa_key_attributes_t raw = PSA_KEY_ATTRIBUTES_INIT;
        psa_set_key_type(&raw, PSA_KEY_TYPE_RAW_DATA);
        psa_set_key_usage_flags(&raw, PSA_KEY_USAGE_EXPORT);
        assert_int_equal(psa_wrap_key(wrapping, alg, key, ours, sizeof ours, &ours_len), PSA_SUCCESS);
        assert_int_equal(they_wrap(name, with, true, plain, len, theirs), ours_len);
        assert_memory_equal(ours, theirs, ours_len);
        assert_int_equal(they_wrap(name, with, false, ours, ours_len, back), len);
        assert_memory_equal(back, plain, len);
        assert_int_equal(psa_unwrap_key(&raw, wrapping, alg, theirs, ours_len, &opened), PSA_SUCCESS);
        assert_int_equal(psa_export_key(opened, back, sizeof back, &got), PSA_SUCCESS);
        assert_int_equal(got, len);
        assert_memory_equal(back, plain, len);
        assert_int_equal(psa_destroy_key(opened), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(wrapping), PSA_SUCCESS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hkdf_and_its_halves_are_openssls),
        cmocka_unit_test(pbkdf2_with_hmac_is_openssls),
        cmocka_unit_test(pbkdf2_with_cmac_is_that_of_openssls_cmac),
        cmocka_unit_test(the_prf_of_tls_1_2_is_openssls),
        cmocka_unit_test(the_master_secret_of_a_pre_shared_key_is_openssls),
        cmocka_unit_test(keys_are_wrapped_as_by_openssl_both_ways),
    };
    replay_start();
    return psa_crypto_init() == PSA_SUCCESS ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
