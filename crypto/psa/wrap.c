/* SPDX-License-Identifier: Apache-2.0 */
/* psa_wrap_key and psa_unwrap_key (1.4): policy and buffers; the wrapping key's driver computes. */
#include "crypto/psa/core.h"

static psa_status_t wrap(psa_key_id_t wrapping_key, psa_algorithm_t alg, psa_key_id_t key, uint8_t *out, size_t cap,
                         size_t *len)
{
    struct psa_slot *with, *what;
    size_t size = 0;
    psa_status_t status = psa_find(key, 0, 0, &what);
    if (status == PSA_SUCCESS && !PSA_KEY_TYPE_IS_PUBLIC_KEY(what->key.attributes.type) &&
        (what->key.attributes.usage & PSA_KEY_USAGE_EXPORT) == 0) {
        status = PSA_ERROR_NOT_PERMITTED;
    }
    if (status == PSA_SUCCESS) {
        status = what->driver->export_private == NULL
                     ? PSA_ERROR_NOT_PERMITTED
                     : what->driver->export_private(what->ctx, &what->key, psa_scratch, sizeof psa_scratch, &size);
    }
    if (status == PSA_SUCCESS) {
        status = psa_find(wrapping_key, PSA_KEY_USAGE_WRAP, alg, &with);
    }
    if (status == PSA_SUCCESS) {
        status = with->driver->wrap == NULL ? PSA_ERROR_NOT_SUPPORTED
                                            : with->driver->wrap(with->ctx, &with->key, alg,
                                                                 (struct mico_span){psa_scratch, size}, out, cap, len);
    }
    mico_wipe(psa_scratch, sizeof psa_scratch);
    return status == PSA_ERROR_BUFFER_TOO_SMALL ? status : psa_settle(status, out, cap, len);
}

psa_status_t psa_wrap_key(psa_key_id_t wrapping_key, psa_algorithm_t alg, psa_key_id_t key, uint8_t *data,
                          size_t data_size, size_t *data_length)
{
    if (data_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *data_length = 0;
    if (!psa_pointer_ok(data, data_size) || !PSA_ALG_IS_KEY_WRAP(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = wrap(wrapping_key, alg, key, data, data_size, data_length);
    }
    return psa_leave(status);
}

static psa_status_t unwrap(const psa_key_attributes_t *attributes, psa_key_id_t wrapping_key, psa_algorithm_t alg,
                           struct mico_span data, psa_key_id_t *key)
{
    struct psa_slot *with;
    size_t size = 0;
    psa_status_t status = psa_find(wrapping_key, PSA_KEY_USAGE_UNWRAP, alg, &with);
    if (status == PSA_SUCCESS) {
        status = with->driver->unwrap == NULL
                     ? PSA_ERROR_NOT_SUPPORTED
                     : with->driver->unwrap(with->ctx, &with->key, alg, data, psa_scratch, sizeof psa_scratch, &size);
    }
    if (status == PSA_SUCCESS) {
        status = psa_add_key(attributes, (struct mico_span){psa_scratch, size}, key);
    }
    mico_wipe(psa_scratch, sizeof psa_scratch);
    return status;
}

psa_status_t psa_unwrap_key(const psa_key_attributes_t *attributes, psa_key_id_t wrapping_key, psa_algorithm_t alg,
                            const uint8_t *data, size_t data_length, psa_key_id_t *key)
{
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (key == NULL || attributes == NULL || !psa_pointer_ok(data, data_length) || !PSA_ALG_IS_KEY_WRAP(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = unwrap(attributes, wrapping_key, alg, (struct mico_span){data, data_length}, key);
    }
    return psa_leave(status);
}
