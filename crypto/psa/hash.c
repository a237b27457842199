/* SPDX-License-Identifier: Apache-2.0 */
/* psa_hash_*: no key, so no location and no lock. */
#include <string.h>

#include "crypto/psa/core.h"

_Static_assert(sizeof(((psa_hash_operation_t *)NULL)->state) >= sizeof(struct mico_sha512) &&
                   sizeof(((psa_hash_operation_t *)NULL)->state) >= sizeof(struct mico_sha256),
               "an operation holds every hash");

bool psa_hash_supported(psa_algorithm_t alg)
{
    psa_algorithm_t hash = PSA_ALG_GET_HASH(alg);
    return hash == PSA_ALG_SHA_256 || hash == PSA_ALG_SHA_384 || hash == PSA_ALG_SHA_512;
}

void psa_hmac(psa_algorithm_t alg, struct mico_span key, struct mico_span data, uint8_t out[64])
{
    if (PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_256) {
        mico_hmac_sha256(key, data, out);
    } else if (PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_384) {
        mico_hmac_sha384(key, data, out);
    } else {
        mico_hmac_sha512(key, data, out);
    }
}

static psa_status_t hash_status(psa_algorithm_t alg)
{
    if (!PSA_ALG_IS_HASH(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    return psa_hash_supported(alg) && alg == PSA_ALG_GET_HASH(alg) ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_hash_compute(psa_algorithm_t alg, const uint8_t *input, size_t input_length, uint8_t *hash,
                              size_t hash_size, size_t *hash_length)
{
    if (hash_length != NULL) {
        *hash_length = 0;
    }
    psa_status_t status = hash_status(alg);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (!psa_pointer_ok(input, input_length) || !psa_pointer_ok(hash, hash_size) || hash_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (hash_size < PSA_HASH_LENGTH(alg)) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (alg == PSA_ALG_SHA_256) {
        mico_sha256(input, input_length, hash);
    } else if (alg == PSA_ALG_SHA_384) {
        struct mico_sha512 running;
        mico_sha384_start(&running);
        mico_sha512_add(&running, input, input_length);
        mico_sha384_finish(&running, hash);
    } else {
        mico_sha512(input, input_length, hash);
    }
    *hash_length = PSA_HASH_LENGTH(alg);
    return PSA_SUCCESS;
}

static psa_status_t compare(psa_algorithm_t alg, const uint8_t *got, const uint8_t *want, size_t want_length)
{
    if (want == NULL || want_length != PSA_HASH_LENGTH(alg) || !mico_ct_equal(got, want, want_length)) {
        return PSA_ERROR_INVALID_SIGNATURE;
    }
    return PSA_SUCCESS;
}

psa_status_t psa_hash_compare(psa_algorithm_t alg, const uint8_t *input, size_t input_length, const uint8_t *hash,
                              size_t hash_length)
{
    uint8_t got[PSA_HASH_MAX_SIZE];
    size_t len;
    psa_status_t status = psa_hash_compute(alg, input, input_length, got, sizeof got, &len);
    if (status == PSA_SUCCESS) {
        status = compare(alg, got, hash, hash_length);
    }
    mico_wipe(got, sizeof got);
    return status;
}

psa_status_t psa_hash_abort(psa_hash_operation_t *operation)
{
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t alg)
{
    if (operation->alg != 0) {
        (void)psa_hash_abort(operation);
        return PSA_ERROR_BAD_STATE;
    }
    psa_status_t status = hash_status(alg);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (alg == PSA_ALG_SHA_256) {
        mico_sha256_start((struct mico_sha256 *)operation->state);
    } else if (alg == PSA_ALG_SHA_384) {
        mico_sha384_start((struct mico_sha512 *)operation->state);
    } else {
        mico_sha512_start((struct mico_sha512 *)operation->state);
    }
    operation->alg = alg;
    return PSA_SUCCESS;
}

psa_status_t psa_hash_update(psa_hash_operation_t *operation, const uint8_t *input, size_t input_length)
{
    if (operation->alg == 0 || !psa_pointer_ok(input, input_length)) {
        psa_status_t status = operation->alg == 0 ? PSA_ERROR_BAD_STATE : PSA_ERROR_INVALID_ARGUMENT;
        (void)psa_hash_abort(operation);
        return status;
    }
    if (operation->alg == PSA_ALG_SHA_256) {
        mico_sha256_add((struct mico_sha256 *)operation->state, input, input_length);
    } else {
        mico_sha512_add((struct mico_sha512 *)operation->state, input, input_length);
    }
    return PSA_SUCCESS;
}

psa_status_t psa_hash_finish(psa_hash_operation_t *operation, uint8_t *hash, size_t hash_size, size_t *hash_length)
{
    psa_status_t status = PSA_SUCCESS;
    if (hash_length != NULL) {
        *hash_length = 0;
    }
    if (operation->alg == 0) {
        status = PSA_ERROR_BAD_STATE;
    } else if (hash_length == NULL || !psa_pointer_ok(hash, hash_size)) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    } else if (hash_size < PSA_HASH_LENGTH(operation->alg)) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    } else {
        *hash_length = PSA_HASH_LENGTH(operation->alg);
        if (operation->alg == PSA_ALG_SHA_256) {
            mico_sha256_finish((struct mico_sha256 *)operation->state, hash);
        } else if (operation->alg == PSA_ALG_SHA_384) {
            mico_sha384_finish((struct mico_sha512 *)operation->state, hash);
        } else {
            mico_sha512_finish((struct mico_sha512 *)operation->state, hash);
        }
    }
    (void)psa_hash_abort(operation);
    return status;
}

psa_status_t psa_hash_verify(psa_hash_operation_t *operation, const uint8_t *hash, size_t hash_length)
{
    uint8_t got[PSA_HASH_MAX_SIZE];
    size_t len;
    psa_algorithm_t alg = operation->alg;
    psa_status_t status = psa_hash_finish(operation, got, sizeof got, &len);
    if (status == PSA_SUCCESS) {
        status = compare(alg, got, hash, hash_length);
    }
    mico_wipe(got, sizeof got);
    return status;
}

psa_status_t psa_hash_clone(const psa_hash_operation_t *source_operation, psa_hash_operation_t *target_operation)
{
    if (source_operation->alg == 0 || target_operation->alg != 0) {
        return PSA_ERROR_BAD_STATE;
    }
    memcpy(target_operation, source_operation,
           sizeof *target_operation); /* SHA-2's state has no pointers into itself */
    return PSA_SUCCESS;
}
