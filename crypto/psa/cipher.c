/* SPDX-License-Identifier: Apache-2.0 */
/* psa_cipher_*: policy, IVs, sizes and states; the location's driver computes.
 *
 *   not set up ── …_setup ──▶ set up ── generate_iv, set_iv (where there is one) ──▶ active ── update … ──
 *     finish, abort ──▶ not set up
 *   any error but of a set-up, which changes nothing ──▶ failed ── abort ──▶ not set up */
#include <string.h>

#include "crypto/psa/core.h"

psa_status_t psa_cipher_abort(psa_cipher_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

/* After an error only abort is left. */
static psa_status_t fail(psa_cipher_operation_t *operation, psa_status_t status)
{
    mico_wipe(operation, sizeof *operation);
    operation->failed = 1;
    return status;
}

/* Inside psa_enter. */
static psa_status_t start(psa_cipher_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg, bool encrypting)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, encrypting ? PSA_KEY_USAGE_ENCRYPT : PSA_KEY_USAGE_DECRYPT, alg, &slot);
    if (status == PSA_SUCCESS) {
        status = slot->driver->cipher_start == NULL
                     ? PSA_ERROR_NOT_SUPPORTED
                     : slot->driver->cipher_start(slot->ctx, &slot->key, alg, encrypting, operation->state);
    }
    if (status != PSA_SUCCESS) {
        mico_wipe(operation, sizeof *operation);
        return status;
    }
    operation->driver = slot->driver;
    operation->ctx = slot->ctx;
    operation->alg = alg;
    operation->era = psa_era();
    operation->type = slot->key.attributes.type;
    operation->encrypting = encrypting;
    operation->iv_length = (uint8_t)PSA_CIPHER_IV_LENGTH(operation->type, alg);
    return PSA_SUCCESS;
}

static psa_status_t setup(psa_cipher_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg, bool encrypting)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver != NULL || operation->failed) {
        return PSA_ERROR_BAD_STATE;
    }
    if (!PSA_ALG_IS_CIPHER(alg) || PSA_ALG_IS_WILDCARD(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = start(operation, key, alg, encrypting);
    }
    return psa_leave(status);
}

psa_status_t psa_cipher_encrypt_setup(psa_cipher_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg)
{
    return setup(operation, key, alg, true);
}

psa_status_t psa_cipher_decrypt_setup(psa_cipher_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg)
{
    return setup(operation, key, alg, false);
}

/* Hand the driver an IV that fits. */
static psa_status_t use_iv(psa_cipher_operation_t *operation, struct mico_span iv)
{
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status = operation->driver->cipher_iv(operation->ctx, operation->state, iv);
    }
    (void)psa_leave(status);
    operation->iv_set = status == PSA_SUCCESS;
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

psa_status_t psa_cipher_generate_iv(psa_cipher_operation_t *operation, uint8_t *iv, size_t iv_size, size_t *iv_length)
{
    uint8_t drawn[PSA_CIPHER_IV_MAX_SIZE];
    if (operation == NULL || iv_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *iv_length = 0;
    if (operation->driver == NULL || operation->iv_set || operation->iv_length == 0 || !operation->encrypting) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (iv_size < operation->iv_length || iv == NULL) {
        return fail(operation,
                    iv_size < operation->iv_length ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_ERROR_INVALID_ARGUMENT);
    }
    size_t len = operation->iv_length;
    psa_status_t status = psa_status_of(mico_random(drawn, len));
    status = status == PSA_SUCCESS ? use_iv(operation, (struct mico_span){drawn, len}) : fail(operation, status);
    if (status == PSA_SUCCESS) {
        memcpy(iv, drawn, len);
        *iv_length = len;
    }
    return status;
}

psa_status_t psa_cipher_set_iv(psa_cipher_operation_t *operation, const uint8_t *iv, size_t iv_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver == NULL || operation->iv_set || operation->iv_length == 0) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(iv, iv_length) || iv_length == 0 || iv_length > PSA_CIPHER_IV_MAX_SIZE) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    return use_iv(operation, (struct mico_span){iv, iv_length}); /* the driver knows which lengths it takes */
}

/* May text come, or the end? */
static bool active(const psa_cipher_operation_t *operation)
{
    return operation->driver != NULL && (operation->iv_length == 0 || operation->iv_set);
}

psa_status_t psa_cipher_update(psa_cipher_operation_t *operation, const uint8_t *input, size_t input_length,
                               uint8_t *output, size_t output_size, size_t *output_length)
{
    if (operation == NULL || output_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *output_length = 0;
    if (!active(operation)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(input, input_length) || !psa_pointer_ok(output, output_size)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status =
            operation->driver->cipher_add(operation->ctx, operation->state, (struct mico_span){input, input_length},
                                          output, output_size, output_length);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

psa_status_t psa_cipher_finish(psa_cipher_operation_t *operation, uint8_t *output, size_t output_size,
                               size_t *output_length)
{
    if (operation == NULL || output_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *output_length = 0;
    if (!active(operation)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(output, output_size)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status = operation->driver->cipher_end(operation->ctx, operation->state, output, output_size, output_length);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? psa_cipher_abort(operation) : fail(operation, status);
}

/* Update and finish with one input; what is given out begins at done bytes of output. On an error nothing is left of
 * the output that the operation wrote. */
static psa_status_t run(psa_cipher_operation_t *operation, struct mico_span input, uint8_t *output, size_t size,
                        size_t done, size_t *length)
{
    size_t first = 0, last = 0;
    psa_status_t status =
        psa_cipher_update(operation, input.data, input.len, size == done ? NULL : output + done, size - done, &first);
    if (status == PSA_SUCCESS) {
        done += first;
        status = psa_cipher_finish(operation, size == done ? NULL : output + done, size - done, &last);
    }
    if (status == PSA_SUCCESS) {
        *length = done + last;
    } else if (first != 0) {
        mico_wipe(output, done);
    }
    return status;
}

/* What both one-call functions check. */
static bool buffers_ok(const uint8_t *input, size_t input_length, const uint8_t *output, size_t output_size,
                       size_t *output_length)
{
    if (output_length == NULL) {
        return false;
    }
    *output_length = 0;
    return psa_pointer_ok(input, input_length) && psa_pointer_ok(output, output_size);
}

psa_status_t psa_cipher_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                uint8_t *output, size_t output_size, size_t *output_length)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    size_t iv = 0;
    if (!buffers_ok(input, input_length, output, output_size, output_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_cipher_encrypt_setup(&operation, key, alg);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (output_size < operation.iv_length || output_size - operation.iv_length < input_length) {
        return fail(&operation, PSA_ERROR_BUFFER_TOO_SMALL);
    }
    if (operation.iv_length != 0 && psa_overlap(input, input_length, output, output_size)) {
        memmove(output + operation.iv_length, input,
                input_length); /* out of the IV's way, to where its ciphertext comes */
        input = output + operation.iv_length;
    }
    if (operation.iv_length != 0) {
        status = psa_cipher_generate_iv(&operation, output, output_size, &iv);
    }
    return status == PSA_SUCCESS
               ? run(&operation, (struct mico_span){input, input_length}, output, output_size, iv, output_length)
               : status;
}

psa_status_t psa_cipher_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                uint8_t *output, size_t output_size, size_t *output_length)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    if (!buffers_ok(input, input_length, output, output_size, output_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_cipher_decrypt_setup(&operation, key, alg);
    if (status != PSA_SUCCESS) {
        return status;
    }
    size_t iv = operation.iv_length;
    if (input_length < iv) {
        return fail(&operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (iv != 0) {
        status = psa_cipher_set_iv(&operation, input, iv);
    }
    return status == PSA_SUCCESS
               ? run(&operation, (struct mico_span){input == NULL ? NULL : input + iv, input_length - iv}, output,
                     output_size, 0, output_length)
               : status;
}
