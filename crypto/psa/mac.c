/* SPDX-License-Identifier: Apache-2.0 */
/* psa_mac_*: policy, lengths and states; the location's driver computes.
 *
 *   not set up ── …_setup ──▶ active ── update … ── …_finish, abort ──▶ not set up
 *   any error but of a set-up, which changes nothing ──▶ failed ── abort ──▶ not set up */
#include <string.h>

#include "crypto/psa/core.h"

#define SHORTEST 4 /* bytes of a MAC that is given out or compared */

psa_status_t psa_mac_abort(psa_mac_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

/* After an error only abort is left. */
static psa_status_t fail(psa_mac_operation_t *operation, psa_status_t status)
{
    mico_wipe(operation, sizeof *operation);
    operation->failed = 1;
    return status;
}

/* The length that alg gives with this key; PSA_ERROR_INVALID_ARGUMENT for one that cannot be, PSA_ERROR_NOT_SUPPORTED for
 * one that proves too little. */
static psa_status_t check_length(const psa_key_attributes_t *has, psa_algorithm_t alg, uint8_t *length)
{
    size_t full = PSA_MAC_LENGTH(has->type, has->bits, PSA_ALG_FULL_LENGTH_MAC(alg));
    size_t len = PSA_MAC_LENGTH(has->type, has->bits, alg);
    if (full == 0) {
        return PSA_ALG_IS_HMAC(alg) ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
    }
    *length = (uint8_t)len;
    return len > full ? PSA_ERROR_INVALID_ARGUMENT : len < SHORTEST ? PSA_ERROR_NOT_SUPPORTED : PSA_SUCCESS;
}

/* Inside psa_enter. */
static psa_status_t start(psa_mac_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg, bool verifying)
{
    struct psa_slot *slot;
    psa_algorithm_t base = PSA_ALG_FULL_LENGTH_MAC(alg);
    psa_status_t status =
        psa_find(key, verifying ? PSA_KEY_USAGE_VERIFY_MESSAGE : PSA_KEY_USAGE_SIGN_MESSAGE, alg, &slot);
    if (status == PSA_SUCCESS) {
        status = check_length(&slot->key.attributes, alg, &operation->length);
    }
    if (status == PSA_SUCCESS) {
        status = slot->driver->mac_start == NULL
                     ? PSA_ERROR_NOT_SUPPORTED
                     : slot->driver->mac_start(slot->ctx, &slot->key, base, operation->state);
    }
    if (status != PSA_SUCCESS) {
        mico_wipe(operation, sizeof *operation);
        return status;
    }
    operation->driver = slot->driver;
    operation->ctx = slot->ctx;
    operation->alg = base;
    operation->era = psa_era();
    operation->verifying = verifying;
    return PSA_SUCCESS;
}

static psa_status_t setup(psa_mac_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg, bool verifying)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver != NULL || operation->failed) {
        return PSA_ERROR_BAD_STATE;
    }
    if (!PSA_ALG_IS_MAC(alg) || PSA_ALG_IS_WILDCARD(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = start(operation, key, alg, verifying);
    }
    return psa_leave(status);
}

psa_status_t psa_mac_sign_setup(psa_mac_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg)
{
    return setup(operation, key, alg, false);
}

psa_status_t psa_mac_verify_setup(psa_mac_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg)
{
    return setup(operation, key, alg, true);
}

psa_status_t psa_mac_update(psa_mac_operation_t *operation, const uint8_t *input, size_t input_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver == NULL || !psa_pointer_ok(input, input_length)) {
        return fail(operation, operation->driver == NULL ? PSA_ERROR_BAD_STATE : PSA_ERROR_INVALID_ARGUMENT);
    }
    if (input_length == 0) {
        return PSA_SUCCESS;
    }
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status = operation->driver->mac_add(operation->ctx, operation->state, (struct mico_span){input, input_length});
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

/* The whole MAC of an operation that is over with it; *len is what is given out of it. */
static psa_status_t finish(psa_mac_operation_t *operation, uint8_t out[PSA_MAC_MAX_SIZE], size_t *len)
{
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status = operation->driver->mac_end(operation->ctx, operation->state, out);
    }
    (void)psa_leave(status);
    *len = operation->length;
    return status == PSA_SUCCESS ? psa_mac_abort(operation) : fail(operation, status);
}

psa_status_t psa_mac_sign_finish(psa_mac_operation_t *operation, uint8_t *mac, size_t mac_size, size_t *mac_length)
{
    uint8_t out[PSA_MAC_MAX_SIZE];
    size_t len;
    if (operation == NULL || mac_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *mac_length = 0;
    if (operation->driver == NULL || operation->verifying) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(mac, mac_size) || mac_size < operation->length) {
        return fail(operation, mac_size < operation->length ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_ERROR_INVALID_ARGUMENT);
    }
    psa_status_t status = finish(operation, out, &len);
    if (status == PSA_SUCCESS) {
        memcpy(mac, out, len);
        *mac_length = len;
    }
    mico_wipe(out, sizeof out);
    return status;
}

psa_status_t psa_mac_verify_finish(psa_mac_operation_t *operation, const uint8_t *mac, size_t mac_length)
{
    uint8_t out[PSA_MAC_MAX_SIZE];
    size_t len;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver == NULL || !operation->verifying) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(mac, mac_length)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    psa_status_t status = finish(operation, out, &len);
    if (status == PSA_SUCCESS && (mac_length != len || !mico_ct_equal(mac, out, len))) {
        status = fail(operation, PSA_ERROR_INVALID_SIGNATURE);
    }
    mico_wipe(out, sizeof out);
    return status;
}

/* The whole MAC of a message in one call; *len is what is given out of it. */
static psa_status_t whole(psa_key_id_t key, psa_algorithm_t alg, bool verifying, struct mico_span message,
                          uint8_t out[PSA_MAC_MAX_SIZE], uint8_t *len)
{
    struct psa_slot *slot;
    if (!PSA_ALG_IS_MAC(alg) || PSA_ALG_IS_WILDCARD(alg) || !psa_pointer_ok(message.data, message.len)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, verifying ? PSA_KEY_USAGE_VERIFY_MESSAGE : PSA_KEY_USAGE_SIGN_MESSAGE, alg, &slot);
    }
    if (status == PSA_SUCCESS) {
        status = check_length(&slot->key.attributes, alg, len);
    }
    if (status == PSA_SUCCESS) {
        status = slot->driver->mac == NULL
                     ? PSA_ERROR_NOT_SUPPORTED
                     : slot->driver->mac(slot->ctx, &slot->key, PSA_ALG_FULL_LENGTH_MAC(alg), message, out);
    }
    return psa_leave(status);
}

psa_status_t psa_mac_compute(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                             uint8_t *mac, size_t mac_size, size_t *mac_length)
{
    uint8_t out[PSA_MAC_MAX_SIZE], len = 0;
    if (mac_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *mac_length = 0;
    psa_status_t status = whole(key, alg, false, (struct mico_span){input, input_length}, out, &len);
    if (status == PSA_SUCCESS && mac_size < len) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status == PSA_SUCCESS && mac == NULL) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS) {
        memcpy(mac, out, len);
        *mac_length = len;
    }
    mico_wipe(out, sizeof out);
    return status;
}

psa_status_t psa_mac_verify(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                            const uint8_t *mac, size_t mac_length)
{
    uint8_t out[PSA_MAC_MAX_SIZE], len = 0;
    psa_status_t status = whole(key, alg, true, (struct mico_span){input, input_length}, out, &len);
    if (status == PSA_SUCCESS && !psa_pointer_ok(mac, mac_length)) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS && (mac_length != len || !mico_ct_equal(mac, out, len))) {
        status = PSA_ERROR_INVALID_SIGNATURE;
    }
    mico_wipe(out, sizeof out);
    return status;
}
