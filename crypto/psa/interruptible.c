/* SPDX-License-Identifier: Apache-2.0 */
/* psa_sign_hash_start … and psa_verify_hash_start …: signing in steps, of which MiCO has one.
 *
 *   not set up ── start ──▶ STARTED ── complete, abort, any error ──▶ not set up
 *
 * start checks all that can be checked; complete computes. The counts of work stay until the next start or abort. */
#include <string.h>

#include "crypto/psa/core.h"

enum { STARTED = 1, OVER };

static uint32_t max_ops = PSA_INTERRUPTIBLE_MAX_OPS_UNLIMITED;

void psa_interruptible_set_max_ops(uint32_t ops)
{
    max_ops = ops;
}

uint32_t psa_interruptible_get_max_ops(void)
{
    return max_ops;
}

uint32_t psa_sign_hash_get_num_ops(const psa_sign_hash_interruptible_operation_t *operation)
{
    return operation == NULL ? 0 : operation->ops;
}

uint32_t psa_verify_hash_get_num_ops(const psa_verify_hash_interruptible_operation_t *operation)
{
    return operation == NULL ? 0 : operation->ops;
}

/* What both starts check: a key that may be used so, ECDSA, and a hash that fits. */
static psa_status_t check(psa_key_id_t key, psa_key_usage_t usage, psa_algorithm_t alg, const uint8_t *hash,
                          size_t hash_length)
{
    struct psa_slot *slot;
    bool signs = usage == PSA_KEY_USAGE_SIGN_HASH;
    if (!PSA_ALG_IS_SIGN_HASH(alg) || PSA_ALG_IS_WILDCARD(alg) || !psa_pointer_ok(hash, hash_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, usage, alg, &slot);
    }
    if (status == PSA_SUCCESS) {
        psa_key_type_t type = slot->key.attributes.type;
        psa_algorithm_t named = PSA_ALG_SIGN_GET_HASH(alg); /* once: the macros in each other take 7 KiB */
        bool of_hash = named == PSA_ALG_NONE || hash_length == PSA_HASH_LENGTH(named);
        status = (signs && !PSA_KEY_TYPE_IS_KEY_PAIR(type)) || !PSA_KEY_TYPE_IS_ASYMMETRIC(type)
                     ? PSA_ERROR_INVALID_ARGUMENT
                 : !PSA_ALG_IS_ECDSA(alg)                                          ? PSA_ERROR_NOT_SUPPORTED
                 : !PSA_KEY_TYPE_IS_ECC(type) || PSA_KEY_ECC_IS_POINT_X_ONLY(type) ? PSA_ERROR_INVALID_ARGUMENT
                 : !of_hash                                                        ? PSA_ERROR_INVALID_ARGUMENT
                 : hash_length > PSA_HASH_MAX_SIZE                                 ? PSA_ERROR_NOT_SUPPORTED
                                                                                   : PSA_SUCCESS;
    }
    return psa_leave(status);
}

psa_status_t psa_sign_hash_abort(psa_sign_hash_interruptible_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

/* After an error, or at the end: only the count of work is left. */
static psa_status_t end_signing(psa_sign_hash_interruptible_operation_t *operation, psa_status_t status, bool over)
{
    uint32_t ops = operation->ops;
    mico_wipe(operation, sizeof *operation);
    operation->ops = ops;
    operation->state = over ? OVER : 0;
    return status;
}

psa_status_t psa_sign_hash_start(psa_sign_hash_interruptible_operation_t *operation, psa_key_id_t key,
                                 psa_algorithm_t alg, const uint8_t *hash, size_t hash_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->state != 0) {
        return end_signing(operation, PSA_ERROR_BAD_STATE, true);
    }
    operation->ops = 0;
    psa_status_t status = check(key, PSA_KEY_USAGE_SIGN_HASH, alg, hash, hash_length);
    if (status != PSA_SUCCESS) {
        return end_signing(operation, status, true);
    }
    operation->state = STARTED;
    operation->key = key;
    operation->alg = alg;
    operation->hash_length = (uint8_t)hash_length;
    if (hash_length != 0) {
        memcpy(operation->hash, hash, hash_length);
    }
    return PSA_SUCCESS;
}

psa_status_t psa_sign_hash_complete(psa_sign_hash_interruptible_operation_t *operation, uint8_t *signature,
                                    size_t signature_size, size_t *signature_length)
{
    if (operation == NULL || signature_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *signature_length = 0;
    if (operation->state != STARTED) {
        return end_signing(operation, PSA_ERROR_BAD_STATE, true);
    }
    psa_status_t status = psa_sign_hash(operation->key, operation->alg, operation->hash, operation->hash_length,
                                        signature, signature_size, signature_length);
    operation->ops = 1;
    return end_signing(operation, status, status != PSA_SUCCESS);
}

psa_status_t psa_verify_hash_abort(psa_verify_hash_interruptible_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

static psa_status_t end_verifying(psa_verify_hash_interruptible_operation_t *operation, psa_status_t status, bool over)
{
    uint32_t ops = operation->ops;
    mico_wipe(operation, sizeof *operation);
    operation->ops = ops;
    operation->state = over ? OVER : 0;
    return status;
}

psa_status_t psa_verify_hash_start(psa_verify_hash_interruptible_operation_t *operation, psa_key_id_t key,
                                   psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
                                   const uint8_t *signature, size_t signature_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->state != 0) {
        return end_verifying(operation, PSA_ERROR_BAD_STATE, true);
    }
    operation->ops = 0;
    psa_status_t status = psa_pointer_ok(signature, signature_length)
                              ? check(key, PSA_KEY_USAGE_VERIFY_HASH, alg, hash, hash_length)
                              : PSA_ERROR_INVALID_ARGUMENT;
    if (status == PSA_SUCCESS && signature_length > sizeof operation->signature) {
        status = PSA_ERROR_INVALID_SIGNATURE; /* longer than any curve's */
    }
    if (status != PSA_SUCCESS) {
        return end_verifying(operation, status, true);
    }
    operation->state = STARTED;
    operation->key = key;
    operation->alg = alg;
    operation->hash_length = (uint8_t)hash_length;
    operation->signature_length = (uint8_t)signature_length;
    if (hash_length != 0) {
        memcpy(operation->hash, hash, hash_length);
    }
    if (signature_length != 0) {
        memcpy(operation->signature, signature, signature_length);
    }
    return PSA_SUCCESS;
}

psa_status_t psa_verify_hash_complete(psa_verify_hash_interruptible_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->state != STARTED) {
        return end_verifying(operation, PSA_ERROR_BAD_STATE, true);
    }
    psa_status_t status = psa_verify_hash(operation->key, operation->alg, operation->hash, operation->hash_length,
                                          operation->signature, operation->signature_length);
    operation->ops = 1;
    return end_verifying(operation, status, status != PSA_SUCCESS);
}
