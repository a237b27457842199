/* SPDX-License-Identifier: Apache-2.0 */
/* psa_key_derivation_*: HKDF (RFC 5869) with SHA-256 or SHA-512.
 *
 *   set up ── SALT (optional) ── SECRET ── INFO (required; before or after the others) ── output … ── abort
 *
 * After an error in an input or output only abort is left, as the specification asks. */
#include <string.h>

#include "crypto/psa/core.h"

enum given { SALT = 1, SECRET = 2, INFO = 4, OUTPUT = 8 };

psa_status_t psa_key_derivation_abort(psa_key_derivation_operation_t *operation)
{
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

/* Leave nothing but the need to abort. */
static psa_status_t fail(psa_key_derivation_operation_t *operation, psa_status_t status)
{
    psa_algorithm_t alg = operation->alg;
    mico_wipe(operation, sizeof *operation);
    operation->alg = alg;
    operation->failed = 1;
    return status;
}

static bool active(const psa_key_derivation_operation_t *operation)
{
    return operation->alg != 0 && !operation->failed;
}

static psa_algorithm_t kdf_of(const psa_key_derivation_operation_t *operation)
{
    return PSA_ALG_IS_KEY_AGREEMENT(operation->alg) ? PSA_ALG_KEY_AGREEMENT_GET_KDF(operation->alg) : operation->alg;
}

psa_status_t psa_key_derivation_setup(psa_key_derivation_operation_t *operation, psa_algorithm_t alg)
{
    if (operation->alg != 0) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    bool agreement = PSA_ALG_IS_KEY_AGREEMENT(alg) && !PSA_ALG_IS_RAW_KEY_AGREEMENT(alg);
    psa_algorithm_t kdf = agreement ? PSA_ALG_KEY_AGREEMENT_GET_KDF(alg) : alg;
    if (PSA_ALG_IS_RAW_KEY_AGREEMENT(alg) || (kdf & PSA_ALG_CATEGORY_MASK) != 0x08000000) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!PSA_ALG_IS_HKDF(kdf) || !psa_hash_supported(kdf) ||
        (agreement && PSA_ALG_KEY_AGREEMENT_GET_BASE(alg) != PSA_ALG_ECDH)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    memset(operation, 0, sizeof *operation);
    operation->alg = alg;
    operation->capacity = 255 * PSA_HASH_LENGTH(kdf);
    return PSA_SUCCESS;
}

psa_status_t psa_key_derivation_get_capacity(const psa_key_derivation_operation_t *operation, size_t *capacity)
{
    *capacity = active(operation) ? operation->capacity : 0;
    return active(operation) ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

psa_status_t psa_key_derivation_set_capacity(psa_key_derivation_operation_t *operation, size_t capacity)
{
    if (!active(operation)) {
        return PSA_ERROR_BAD_STATE;
    }
    if (capacity > operation->capacity) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    operation->capacity = capacity;
    return PSA_SUCCESS;
}

/* Copy a salt or an info. */
static psa_status_t keep(uint8_t *to, uint16_t *to_len, struct mico_span data)
{
    if (data.len > MICO_PSA_DERIVATION_INPUT_MAX) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (data.len != 0) {
        memcpy(to, data.data, data.len);
    }
    *to_len = (uint16_t)data.len;
    return PSA_SUCCESS;
}

/* RFC 5869 section 2.2. */
static psa_status_t extract(psa_key_derivation_operation_t *operation, struct mico_span secret)
{
    psa_hmac(kdf_of(operation), (struct mico_span){operation->first, operation->first_len}, secret, operation->secret);
    return PSA_SUCCESS;
}

static psa_status_t input(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                          struct mico_span data)
{
    enum given bit = step == PSA_KEY_DERIVATION_INPUT_SALT   ? SALT
                     : step == PSA_KEY_DERIVATION_INPUT_INFO ? INFO
                                                             : SECRET;
    psa_status_t status = PSA_ERROR_INVALID_ARGUMENT;

    if ((operation->given & (bit | OUTPUT)) != 0 || (bit == SALT && (operation->given & SECRET) != 0)) {
        return PSA_ERROR_BAD_STATE;
    }
    if (step == PSA_KEY_DERIVATION_INPUT_SALT) {
        status = keep(operation->first, &operation->first_len, data);
    } else if (step == PSA_KEY_DERIVATION_INPUT_INFO) {
        status = keep(operation->second, &operation->second_len, data);
    } else if (step == PSA_KEY_DERIVATION_INPUT_SECRET) {
        status = extract(operation, data);
    }
    operation->given |= (uint16_t)bit;
    return status;
}

psa_status_t psa_key_derivation_input_bytes(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                            const uint8_t *data, size_t data_length)
{
    psa_status_t status = PSA_ERROR_BAD_STATE;
    if (active(operation)) {
        status = psa_pointer_ok(data, data_length) ? input(operation, step, (struct mico_span){data, data_length})
                                                   : PSA_ERROR_INVALID_ARGUMENT;
    }
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

psa_status_t psa_key_derivation_input_key(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                          psa_key_id_t key)
{
    struct psa_slot *slot;
    if (!active(operation)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, PSA_KEY_USAGE_DERIVE, operation->alg, &slot);
    }
    if (status == PSA_SUCCESS) {
        psa_key_type_t type = slot->key.attributes.type;
        bool secret = step == PSA_KEY_DERIVATION_INPUT_SECRET;
        if (type != PSA_KEY_TYPE_DERIVE && (secret || type != PSA_KEY_TYPE_RAW_DATA)) {
            status = PSA_ERROR_INVALID_ARGUMENT;
        } else if (slot->driver != &psa_software) {
            status = PSA_ERROR_NOT_SUPPORTED; /* another location's secret never comes here */
        } else {
            status = input(operation, step, (struct mico_span){slot->key.note, slot->key.note_len});
            operation->may_make_keys |= secret;
        }
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

psa_status_t psa_key_derivation_key_agreement(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                              psa_key_id_t private_key, const uint8_t *peer_key, size_t peer_key_length)
{
    struct psa_slot *slot;
    uint8_t secret[PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE];
    size_t len;
    if (!active(operation) || !PSA_ALG_IS_KEY_AGREEMENT(operation->alg)) {
        return fail(operation, active(operation) ? PSA_ERROR_INVALID_ARGUMENT : PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(private_key, PSA_KEY_USAGE_DERIVE, operation->alg, &slot);
    }
    if (status == PSA_SUCCESS) {
        status = psa_agree(slot, PSA_ALG_KEY_AGREEMENT_GET_BASE(operation->alg),
                           (struct mico_span){peer_key, peer_key_length}, secret, sizeof secret, &len);
    }
    if (status == PSA_SUCCESS) {
        status = step == PSA_KEY_DERIVATION_INPUT_SECRET ? input(operation, step, (struct mico_span){secret, len})
                                                         : PSA_ERROR_INVALID_ARGUMENT;
        operation->may_make_keys = 1;
    }
    mico_wipe(secret, sizeof secret);
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

/* RFC 5869 section 2.3: the next T(i) = HMAC(PRK, T(i-1) | info | i). */
static void next_block(psa_key_derivation_operation_t *operation)
{
    uint8_t data[64 + MICO_PSA_DERIVATION_INPUT_MAX + 1];
    psa_algorithm_t kdf = kdf_of(operation);
    size_t size = PSA_HASH_LENGTH(kdf), len = operation->counter == 0 ? 0 : size;

    memcpy(data, operation->block, len);
    memcpy(data + len, operation->second, operation->second_len);
    len += operation->second_len;
    data[len++] = (uint8_t)++operation->counter;
    psa_hmac(kdf, (struct mico_span){operation->secret, size}, (struct mico_span){data, len}, operation->block);
    operation->block_used = 0;
    mico_wipe(data, sizeof data);
}

psa_status_t psa_key_derivation_output_bytes(psa_key_derivation_operation_t *operation, uint8_t *output,
                                             size_t output_length)
{
    if (!active(operation) || (operation->given & (SECRET | INFO)) != (SECRET | INFO)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(output, output_length)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    operation->given |= OUTPUT;
    if (output_length > operation->capacity) {
        operation->capacity = 0; /* every further output fails the same way */
        mico_wipe(output, output_length);
        return PSA_ERROR_INSUFFICIENT_DATA;
    }
    operation->capacity -= output_length;
    size_t size = PSA_HASH_LENGTH(kdf_of(operation));
    for (size_t i = 0; i < output_length; i++) {
        if (operation->counter == 0 || operation->block_used == size) {
            next_block(operation);
        }
        output[i] = operation->block[operation->block_used++];
    }
    return PSA_SUCCESS;
}

psa_status_t psa_key_derivation_output_key(const psa_key_attributes_t *attributes,
                                           psa_key_derivation_operation_t *operation, psa_key_id_t *key)
{
    uint8_t bytes[PSA_HASH_MAX_SIZE * 2];
    *key = PSA_KEY_ID_NULL;
    size_t len = PSA_BITS_TO_BYTES(attributes->bits);
    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(attributes->type) || attributes->bits == 0) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (len > sizeof bytes || PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime) != PSA_KEY_LOCATION_LOCAL_STORAGE) {
        return fail(operation, PSA_ERROR_NOT_SUPPORTED);
    }
    if (active(operation) && !operation->may_make_keys) {
        return fail(operation, PSA_ERROR_NOT_PERMITTED); /* a secret given as bytes can make bytes only */
    }
    psa_status_t status = psa_key_derivation_output_bytes(operation, bytes, len);
    if (status == PSA_SUCCESS) {
        status = psa_import_key(attributes, bytes, len, key);
    }
    mico_wipe(bytes, sizeof bytes);
    return status;
}
