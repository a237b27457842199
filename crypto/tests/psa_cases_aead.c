/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticated encryption and key wrapping. A case that must fail gives the status of a forgery and no plaintext. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tests/psa_cases.h"

#define TEXT_MAX 1024

struct aead {
    psa_algorithm_t alg;
    psa_key_id_t key;
    struct mico_span nonce, aad, plain;
    uint8_t sealed[TEXT_MAX]; /* ciphertext, tag */
    size_t sealed_len;
};

static void add_sealed(struct aead *aead, struct mico_span part)
{
    assert_true(aead->sealed_len + part.len <= TEXT_MAX);
    memcpy(aead->sealed + aead->sealed_len, part.data, part.len);
    aead->sealed_len += part.len;
}

static psa_status_t open(const struct aead *aead, uint8_t *plain, size_t *len)
{
    return psa_aead_decrypt(aead->key, aead->alg, aead->nonce.data, aead->nonce.len, aead->aad.data, aead->aad.len,
                            aead->sealed, aead->sealed_len, plain, TEXT_MAX, len);
}

/* Nothing of the plaintext may be left when the tag is wrong. */
static void refused(const struct aead *aead)
{
    static const uint8_t zeros[TEXT_MAX];
    uint8_t out[TEXT_MAX] = {0};
    size_t len = 1;
    assert_int_equal(open(aead, out, &len), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(len, 0);
    assert_memory_equal(out, zeros, TEXT_MAX);
}

static void both_ways(struct aead *aead)
{
    uint8_t out[TEXT_MAX];
    size_t len;
    psa_status_t status = psa_aead_encrypt(aead->key, aead->alg, aead->nonce.data, aead->nonce.len, aead->aad.data,
                                           aead->aad.len, aead->plain.data, aead->plain.len, out, sizeof out, &len);
    case_expect(status, out, len, (struct mico_span){aead->sealed, aead->sealed_len});
    status = open(aead, out, &len);
    case_expect(status, out, len, aead->plain);
    aead->sealed[len / 2] ^= 4;
    refused(aead);
}

static const char *run(struct aead *aead, psa_key_type_t type, struct mico_span key, bool fails)
{
    aead->key = case_key(type, key, aead->alg);
    if (fails) {
        refused(aead);
    } else {
        both_ways(aead);
    }
    assert_int_equal(psa_destroy_key(aead->key), PSA_SUCCESS);
    return NULL;
}

const char *case_gcm(struct vectors *v, psa_algorithm_t alg)
{
    struct mico_span tag = vectors_hex(v, "Tag");
    bool fails = vectors_has(v, "FAIL");
    struct aead aead = {PSA_ALG_AEAD_WITH_SHORTENED_TAG(alg, tag.len), .nonce = vectors_hex(v, "IV")};
    assert_int_equal(8 * tag.len, vectors_decimal(v, "Taglen"));
    assert_int_equal(fails, !vectors_has(v, "PT"));
    aead.aad = vectors_hex(v, "AAD");
    aead.plain = fails ? (struct mico_span){NULL, 0} : vectors_hex(v, "PT");
    add_sealed(&aead, vectors_hex(v, "CT"));
    add_sealed(&aead, tag);
    return run(&aead, PSA_KEY_TYPE_AES, vectors_hex(v, "Key"), fails);
}

/* A value of so many bytes; none is written 00. */
static struct mico_span counted(struct vectors *v, const char *name, const char *len_name)
{
    struct mico_span value = vectors_hex(v, name);
    unsigned long len = vectors_decimal(v, len_name);
    assert_true(value.len == len || (len == 0 && value.len == 1));
    return (struct mico_span){value.data, len};
}

const char *case_ccm(struct vectors *v, psa_algorithm_t alg)
{
    bool fails = vectors_has(v, "Result") && strncmp(vectors_text(v, "Result"), "Fail", 4) == 0;
    unsigned long tag_len = vectors_decimal(v, "Tlen");
    struct aead aead = {PSA_ALG_AEAD_WITH_SHORTENED_TAG(alg, tag_len), .nonce = counted(v, "Nonce", "Nlen")};
    assert_int_equal(fails, !vectors_has(v, "Payload"));
    aead.aad = counted(v, "Adata", "Alen");
    aead.plain = fails ? (struct mico_span){NULL, 0} : counted(v, "Payload", "Plen");
    add_sealed(&aead, vectors_hex(v, "CT"));
    assert_int_equal(aead.sealed_len, vectors_decimal(v, "Plen") + tag_len);
    return run(&aead, PSA_KEY_TYPE_AES, vectors_hex(v, "Key"), fails);
}

/* In one file BoringSSL's names, in the other OpenSSL's. */
const char *case_chachapoly(struct vectors *v, psa_algorithm_t alg)
{
    struct aead aead = {alg, .nonce = case_either(v, "NONCE", "IV")};
    aead.aad = case_either(v, "AD", "AAD");
    aead.plain = case_either(v, "IN", "Plaintext");
    add_sealed(&aead, case_either(v, "CT", "Ciphertext"));
    add_sealed(&aead, case_either(v, "TAG", "Tag"));
    return run(&aead, PSA_KEY_TYPE_CHACHA20, case_either(v, "KEY", "Key"), vectors_has(v, "Result"));
}

/* Unwrapped, a key of bytes without meaning. */
static psa_status_t unwrap(psa_key_id_t with, psa_algorithm_t alg, struct mico_span data, psa_key_id_t *id)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RAW_DATA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
    return psa_unwrap_key(&attributes, with, alg, data.data, data.len, id);
}

static void wrap_and_unwrap(psa_key_id_t with, psa_algorithm_t alg, struct mico_span plain, struct mico_span wrapped)
{
    uint8_t out[TEXT_MAX];
    size_t len;
    psa_key_id_t id = case_key(PSA_KEY_TYPE_RAW_DATA, plain, PSA_ALG_NONE);
    psa_status_t status = psa_wrap_key(with, alg, id, out, sizeof out, &len);
    case_expect(status, out, len, wrapped);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    out[plain.len % len] ^= 0x10;
    assert_int_equal(unwrap(with, alg, (struct mico_span){out, len}, &id), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(unwrap(with, alg, wrapped, &id), PSA_SUCCESS);
    status = psa_export_key(id, out, sizeof out, &len);
    case_expect(status, out, len, plain);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

/* NIST's names or Botan's. */
const char *case_wrap(struct vectors *v, psa_algorithm_t alg)
{
    struct mico_span wrapped = case_either(v, "C", "Output");
    psa_key_id_t id, with = case_key(PSA_KEY_TYPE_AES, case_either(v, "K", "Key"), alg);
    bool fails = vectors_has(v, "FAIL");
    if (fails) {
        assert_int_equal(unwrap(with, alg, wrapped, &id), PSA_ERROR_INVALID_SIGNATURE);
        assert_int_equal(id, PSA_KEY_ID_NULL);
    } else {
        wrap_and_unwrap(with, alg, case_either(v, "P", "Input"), wrapped);
    }
    assert_int_equal(fails, !vectors_has(v, "P") && !vectors_has(v, "Input"));
    assert_int_equal(psa_destroy_key(with), PSA_SUCCESS);
    return NULL;
}
