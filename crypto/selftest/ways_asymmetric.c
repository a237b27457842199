/* SPDX-License-Identifier: Apache-2.0 */
/* How known answers of derivations and of key pairs are asked for. */
#include <string.h>

#include "crypto/selftest/known.h"

static psa_status_t input(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                          struct mico_span data)
{
    return psa_key_derivation_input_bytes(operation, step, data.data, data.len);
}

/* The output of an operation that has its inputs, if status says so: as much as is wanted, which answer->len says. */
static psa_status_t derive(psa_key_derivation_operation_t *operation, psa_status_t status, struct answer *answer)
{
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_output_bytes(operation, answer->bytes, answer->len);
    }
    (void)psa_key_derivation_abort(operation);
    return status;
}

psa_status_t known_hkdf(const struct given *given, struct answer *answer)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&operation, given->alg);
    if (status == PSA_SUCCESS && given->iv.len != 0) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_SALT, given->iv);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, given->key);
    }
    if (status == PSA_SUCCESS && given->more.len != 0) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_INFO, given->more);
    }
    return derive(&operation, status, answer);
}

psa_status_t known_pbkdf2(const struct given *given, struct answer *answer)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&operation, given->alg);
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, given->in.data[0]);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_SALT, given->iv);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, given->key);
    }
    return derive(&operation, status, answer);
}

psa_status_t known_prf(const struct given *given, struct answer *answer)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&operation, given->alg);
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_SEED, given->iv);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, given->key);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_LABEL, given->more);
    }
    return derive(&operation, status, answer);
}

psa_status_t known_counter(const struct given *given, struct answer *answer)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&operation, given->alg);
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_set_capacity(&operation, answer->len);
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, given->key_id);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_LABEL, given->more);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_CONTEXT, given->iv);
    }
    return derive(&operation, status, answer);
}

#if defined PSA_WANT_ALG_SRP_PASSWORD_HASH && defined PSA_WANT_ALG_SRP_6
/* A password's verifier: the arithmetic of both sides goes through the same functions. */
psa_status_t known_srp(const struct given *given, struct answer *answer)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t pair = 0;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526));
    psa_set_key_bits(&attributes, (size_t)given->in.data[0] << 8 | given->in.data[1]);
    psa_set_key_algorithm(&attributes, PSA_ALG_SRP_6(PSA_ALG_GET_HASH(given->alg)));
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
    psa_status_t status = psa_key_derivation_setup(&operation, given->alg);
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_INFO, given->more);
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, given->key_id);
    }
    if (status == PSA_SUCCESS) {
        status = input(&operation, PSA_KEY_DERIVATION_INPUT_SALT, given->iv);
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_output_key(&attributes, &operation, &pair);
    }
    (void)psa_key_derivation_abort(&operation);
    if (status == PSA_SUCCESS) {
        status = psa_export_public_key(pair, answer->bytes, sizeof answer->bytes, &answer->len);
        (void)psa_destroy_key(pair);
    }
    return status;
}
#endif

static psa_status_t sign(const struct given *given, uint8_t *out, size_t cap, size_t *len)
{
    return given->alg == PSA_ALG_PURE_EDDSA
               ? psa_sign_message(given->key_id, given->alg, given->in.data, given->in.len, out, cap, len)
               : psa_sign_hash(given->key_id, given->alg, given->in.data, given->in.len, out, cap, len);
}

static psa_status_t verify(const struct given *given, struct mico_span in, struct mico_span signature)
{
    return given->alg == PSA_ALG_PURE_EDDSA
               ? psa_verify_message(given->key_id, given->alg, in.data, in.len, signature.data, signature.len)
               : psa_verify_hash(given->key_id, given->alg, in.data, in.len, signature.data, signature.len);
}

/* A signature verifies, and with one bit of what was signed turned it does not. */
static psa_status_t verify_both_ways(const struct given *given, struct mico_span signature)
{
    uint8_t other[KNOWN_IN_MAX];
    memcpy(other, given->in.data, given->in.len);
    other[0] ^= 1;
    psa_status_t status = verify(given, given->in, signature);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = verify(given, (struct mico_span){other, given->in.len}, signature);
    return status == PSA_ERROR_INVALID_SIGNATURE ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}

/* On P-384 the signature is not refused for another hash as well: that takes as long again, and is tried on P-256. */
psa_status_t known_signature(const struct given *given, struct answer *answer)
{
    bool long_one = given->key.len == 48;
    psa_status_t status = sign(given, answer->bytes, sizeof answer->bytes, &answer->len);
    struct mico_span signature = {answer->bytes, answer->len};
    return status != PSA_SUCCESS ? status
           : long_one            ? verify(given, given->in, signature)
                                 : verify_both_ways(given, signature);
}

psa_status_t known_verification(const struct given *given, struct answer *answer)
{
    size_t len = 0;
    psa_status_t status = verify_both_ways(given, given->iv);
    if (status == PSA_SUCCESS && PSA_KEY_TYPE_IS_KEY_PAIR(given->type)) {
        status = sign(given, answer->bytes, sizeof answer->bytes, &len);
        status = status == PSA_SUCCESS ? verify_both_ways(given, (struct mico_span){answer->bytes, len}) : status;
    }
    answer->len = 0;
    return status;
}

psa_status_t known_secret(const struct given *given, struct answer *answer)
{
    return psa_raw_key_agreement(given->alg, given->key_id, given->in.data, given->in.len, answer->bytes,
                                 sizeof answer->bytes, &answer->len);
}
