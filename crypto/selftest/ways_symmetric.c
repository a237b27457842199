/* SPDX-License-Identifier: Apache-2.0 */
/* How known answers of hashes, MACs, ciphers, authenticated encryption, key wrapping, and beside PSA are asked for. */
#include <string.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/stream.h"
#include "crypto/selftest/known.h"

/* What came back must be what went in. */
static psa_status_t same(const uint8_t *back, size_t len, struct mico_span in)
{
    return len == in.len && memcmp(back, in.data, len) == 0 ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}

psa_status_t known_hash(const struct given *given, struct answer *answer)
{
    return psa_hash_compute(given->alg, given->in.data, given->in.len, answer->bytes, sizeof answer->bytes,
                            &answer->len);
}

psa_status_t known_mac(const struct given *given, struct answer *answer)
{
    psa_status_t status = psa_mac_compute(given->key_id, given->alg, given->in.data, given->in.len, answer->bytes,
                                          sizeof answer->bytes, &answer->len);
    return status == PSA_SUCCESS
               ? psa_mac_verify(given->key_id, given->alg, given->in.data, given->in.len, answer->bytes, answer->len)
               : status;
}

static psa_status_t run_cipher(const struct given *given, bool encrypting, struct mico_span in, uint8_t *out,
                               size_t cap, size_t *len)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    size_t last = 0;
    psa_status_t status = encrypting ? psa_cipher_encrypt_setup(&operation, given->key_id, given->alg)
                                     : psa_cipher_decrypt_setup(&operation, given->key_id, given->alg);
    if (status == PSA_SUCCESS && given->iv.len != 0) {
        status = psa_cipher_set_iv(&operation, given->iv.data, given->iv.len);
    }
    if (status == PSA_SUCCESS) {
        status = psa_cipher_update(&operation, in.data, in.len, out, cap, len);
    }
    if (status == PSA_SUCCESS) {
        status = psa_cipher_finish(&operation, out + *len, cap - *len, &last);
        *len += last;
    }
    (void)psa_cipher_abort(&operation);
    return status;
}

psa_status_t known_cipher(const struct given *given, struct answer *answer)
{
    uint8_t back[KNOWN_IN_MAX];
    size_t len = 0;
    psa_status_t status = run_cipher(given, true, given->in, answer->bytes, sizeof answer->bytes, &answer->len);
    if (status == PSA_SUCCESS) {
        status = run_cipher(given, false, (struct mico_span){answer->bytes, answer->len}, back, sizeof back, &len);
    }
    return status == PSA_SUCCESS ? same(back, len, given->in) : status;
}

static psa_status_t start_aead(const struct given *given, psa_aead_operation_t *operation, bool encrypting, size_t len)
{
    psa_status_t status = encrypting ? psa_aead_encrypt_setup(operation, given->key_id, given->alg)
                                     : psa_aead_decrypt_setup(operation, given->key_id, given->alg);
    if (status == PSA_SUCCESS) {
        status = psa_aead_set_lengths(operation, given->more.len, len);
    }
    if (status == PSA_SUCCESS) {
        status = psa_aead_set_nonce(operation, given->iv.data, given->iv.len);
    }
    return status == PSA_SUCCESS ? psa_aead_update_ad(operation, given->more.data, given->more.len) : status;
}

/* The same in parts, of which each AEAD has other code than of the whole: sealed is what given->in is sealed as. */
static psa_status_t aead_in_parts(const struct given *given, bool encrypting, struct mico_span sealed)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    struct mico_span text = {sealed.data, given->in.len}, tag = {sealed.data + text.len, sealed.len - text.len};
    struct mico_span from = encrypting ? given->in : text, to = encrypting ? text : given->in;
    uint8_t out[KNOWN_IN_MAX], made[PSA_AEAD_TAG_MAX_SIZE];
    size_t len = 0, last = 0, made_len = 0;
    psa_status_t status = start_aead(given, &operation, encrypting, text.len);
    if (status == PSA_SUCCESS) {
        status = psa_aead_update(&operation, from.data, from.len, out, sizeof out, &len);
    }
    if (status == PSA_SUCCESS) {
        status = encrypting
                     ? psa_aead_finish(&operation, out + len, sizeof out - len, &last, made, sizeof made, &made_len)
                     : psa_aead_verify(&operation, out + len, sizeof out - len, &last, tag.data, tag.len);
    }
    (void)psa_aead_abort(&operation);
    if (status == PSA_SUCCESS && encrypting) {
        status = same(made, made_len, tag);
    }
    return status == PSA_SUCCESS ? same(out, len + last, to) : status;
}

psa_status_t known_aead(const struct given *given, struct answer *answer)
{
    uint8_t back[KNOWN_IN_MAX];
    size_t len = 0;
    psa_status_t status =
        psa_aead_encrypt(given->key_id, given->alg, given->iv.data, given->iv.len, given->more.data, given->more.len,
                         given->in.data, given->in.len, answer->bytes, sizeof answer->bytes, &answer->len);
    if (status == PSA_SUCCESS) {
        status = psa_aead_decrypt(given->key_id, given->alg, given->iv.data, given->iv.len, given->more.data,
                                  given->more.len, answer->bytes, answer->len, back, sizeof back, &len);
    }
    if (status == PSA_SUCCESS) {
        status = same(back, len, given->in);
    }
    const struct mico_span sealed = {answer->bytes, answer->len};
    for (int i = 0; i < 2 && status == PSA_SUCCESS; i++) {
        status = aead_in_parts(given, i == 0, sealed);
    }
    return status;
}

#if defined PSA_WANT_ALG_KW || defined PSA_WANT_ALG_KWP
psa_status_t known_wrap(const struct given *given, struct answer *answer)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key, twin = 0;
    uint8_t back[KNOWN_IN_MAX];
    size_t len = 0;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RAW_DATA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
    psa_status_t status = psa_import_key(&attributes, given->in.data, given->in.len, &key);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = psa_wrap_key(given->key_id, given->alg, key, answer->bytes, sizeof answer->bytes, &answer->len);
    if (status == PSA_SUCCESS) {
        status = psa_unwrap_key(&attributes, given->key_id, given->alg, answer->bytes, answer->len, &twin);
    }
    if (status == PSA_SUCCESS) {
        status = psa_export_key(twin, back, sizeof back, &len);
    }
    (void)psa_destroy_key(key);
    (void)psa_destroy_key(twin);
    return status == PSA_SUCCESS ? same(back, len, given->in) : status;
}
#endif

psa_status_t known_poly1305(const struct given *given, struct answer *answer)
{
    mico_poly1305(given->key.data, given->in, answer->bytes);
    answer->len = 16;
    return PSA_SUCCESS;
}

psa_status_t known_generator(const struct given *given, struct answer *answer)
{
    answer->len = MICO_RANDOM_ANSWER;
    return mico_random_answer(given->key.data, given->iv.data, answer->bytes) == MICO_OK ? PSA_SUCCESS
                                                                                         : PSA_ERROR_HARDWARE_FAILURE;
}

/* 1 when one byte for ever, one byte half of the time, and bytes that go round are refused, and others are not. */
psa_status_t known_entropy_tests(const struct given *given, struct answer *answer)
{
    static uint8_t samples[MICO_ENTROPY_WINDOW];
    struct mico_entropy_health constant = {.failed = false}, leaning = constant, round = constant, even = constant;
    memset(samples, 0, MICO_ENTROPY_REPEATS);
    bool refused = !mico_entropy_check(&constant, samples, MICO_ENTROPY_REPEATS);
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] = i % 2 == 0 ? 7 : (uint8_t)(i >> 1);
    }
    refused = refused && !mico_entropy_check(&leaning, samples, sizeof samples);
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] = (uint8_t)(i % 64);
    }
    refused = refused && !mico_entropy_check(&round, samples, sizeof samples);
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] = (uint8_t)(i * (1 + 2 * (i >> 8))); /* by 1, then by 3 */
    }
    answer->bytes[0] = refused && mico_entropy_check(&even, samples, sizeof samples);
    answer->len = 1;
    return PSA_SUCCESS;
}
