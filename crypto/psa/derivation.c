/* SPDX-License-Identifier: Apache-2.0 */
/* psa_key_derivation_* up to the last input: policy, order and capacity; derivation_output.c goes on, kdf.c computes.
 *
 *   not set up ── setup ──▶ inputs, in the order of the algorithm's table ── output, verify … ── abort ──▶ not set up
 *
 * After an error but of setup, which changes nothing, only abort is left; except for the end of the capacity: then every further output fails in the same way. */
#include "crypto/psa/derivation.h"

#include <string.h>

#include "crypto/psa/derive_there.h"
#include "crypto/psa/kdf.h"

psa_status_t psa_key_derivation_abort(psa_key_derivation_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_there_end(operation);
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

psa_status_t psa_derivation_fail(psa_key_derivation_operation_t *operation, psa_status_t status)
{
    const psa_key_derivation_operation_t was = {
        .alg = operation->alg, .driver = operation->driver, .ctx = operation->ctx, .handle = operation->handle};
    mico_wipe(operation, sizeof *operation);
    *operation = was;
    operation->failed = 1;
    return status;
}

bool psa_derivation_is_active(const psa_key_derivation_operation_t *operation)
{
    return operation->alg != 0 && !operation->failed && psa_is_of_now(operation->era);
}

psa_status_t psa_key_derivation_setup(psa_key_derivation_operation_t *operation, psa_algorithm_t alg)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->alg != 0 || operation->failed) {
        return PSA_ERROR_BAD_STATE;
    }
    bool agreement = PSA_ALG_IS_KEY_AGREEMENT(alg) && !PSA_ALG_IS_RAW_KEY_AGREEMENT(alg);
    psa_algorithm_t kdf = agreement ? PSA_ALG_KEY_AGREEMENT_GET_KDF(alg) : alg;
    psa_algorithm_t with = PSA_ALG_KEY_AGREEMENT_GET_BASE(alg);
    if (!agreement && !PSA_ALG_IS_KEY_DERIVATION(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    const struct kdf *found = psa_kdf_of(kdf);
    if (found == NULL || (agreement && with != PSA_ALG_ECDH && with != PSA_ALG_FFDH)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = psa_may_without(kdf);
    if (status != PSA_SUCCESS) {
        return status;
    }
    memset(operation, 0, sizeof *operation);
    operation->alg = alg;
    operation->kdf = kdf;
    operation->era = psa_era();
    operation->capacity = found->capacity(kdf);
    operation->may_make_bytes = 1;
    return PSA_SUCCESS;
}

psa_status_t psa_key_derivation_get_capacity(const psa_key_derivation_operation_t *operation, size_t *capacity)
{
    if (operation == NULL || capacity == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *capacity = psa_derivation_is_active(operation) ? operation->capacity : 0;
    return psa_derivation_is_active(operation) ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

psa_status_t psa_key_derivation_set_capacity(psa_key_derivation_operation_t *operation, size_t capacity)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    bool late = psa_derivation_is_active(operation) && (operation->given & KDF_OUTPUT) != 0 &&
                psa_kdf_of(operation->kdf)->begin != NULL;
    if (!psa_derivation_is_active(operation) || late) {
        return psa_derivation_fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (capacity > operation->capacity) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    operation->capacity = capacity;
    return PSA_SUCCESS;
}

/* May this step come now? PSA_ERROR_INVALID_ARGUMENT for one that the algorithm does not have, PSA_ERROR_BAD_STATE. */
static psa_status_t check_step(const psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                               enum kdf_given *bit)
{
    const struct kdf *kdf = psa_kdf_of(operation->kdf);
    for (size_t i = 0; i < KDF_STEPS && kdf->steps[i].step != 0; i++) {
        const struct kdf_step *rule = &kdf->steps[i];
        if (rule->step == step) {
            bool now = (operation->given & rule->after) == rule->after &&
                       (operation->given & (rule->not_after | KDF_OUTPUT)) == 0;
            *bit = rule->bit;
            return now ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
        }
    }
    return PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t take(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                         struct mico_span data)
{
    enum kdf_given bit;
    psa_status_t status = check_step(operation, step, &bit);
    if (status == PSA_SUCCESS) {
        status = bit == KDF_COST ? PSA_ERROR_INVALID_ARGUMENT : psa_kdf_of(operation->kdf)->take(operation, bit, data);
    }
    operation->given |= (uint16_t)(status == PSA_SUCCESS ? bit : 0);
    return status;
}

/* A secret that is a cipher's key: it comes as a key only. */
static bool wants_cipher_key(const psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step)
{
    return operation->kdf == PSA_ALG_SP800_108_COUNTER_CMAC && step == PSA_KEY_DERIVATION_INPUT_SECRET;
}

psa_status_t psa_key_derivation_input_bytes(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                            const uint8_t *data, size_t data_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = PSA_ERROR_BAD_STATE;
    if (psa_derivation_is_active(operation)) {
        status = psa_pointer_ok(data, data_length) && !wants_cipher_key(operation, step)
                     ? take(operation, step, (struct mico_span){data, data_length})
                     : PSA_ERROR_INVALID_ARGUMENT;
    }
    return status == PSA_SUCCESS ? status : psa_derivation_fail(operation, status);
}

psa_status_t psa_key_derivation_input_integer(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                              uint64_t value)
{
    enum kdf_given bit;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_derivation_is_active(operation) ? check_step(operation, step, &bit) : PSA_ERROR_BAD_STATE;
    if (status == PSA_SUCCESS) {
        status = bit != KDF_COST || value == 0 ? PSA_ERROR_INVALID_ARGUMENT
                 : value > UINT32_MAX          ? PSA_ERROR_NOT_SUPPORTED
                                               : PSA_SUCCESS;
    }
    if (status != PSA_SUCCESS) {
        return psa_derivation_fail(operation, status);
    }
    operation->cost = (uint32_t)value;
    operation->given |= KDF_COST;
    return PSA_SUCCESS;
}

static bool is_secret(psa_key_derivation_step_t step)
{
    return step == PSA_KEY_DERIVATION_INPUT_SECRET || step == PSA_KEY_DERIVATION_INPUT_PASSWORD;
}

/* Does a key of this type go into this step? */
static bool type_fits(const psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                      psa_key_type_t type)
{
    if (wants_cipher_key(operation, step)) {
        return type == PSA_KEY_TYPE_AES;
    }
    switch (step) {
    case PSA_KEY_DERIVATION_INPUT_SECRET:
        return type == PSA_KEY_TYPE_DERIVE ||
               (type == PSA_KEY_TYPE_HMAC && PSA_ALG_IS_SP800_108_COUNTER_HMAC(operation->kdf));
    case PSA_KEY_DERIVATION_INPUT_OTHER_SECRET:
        return type == PSA_KEY_TYPE_DERIVE;
    case PSA_KEY_DERIVATION_INPUT_PASSWORD:
        return type == PSA_KEY_TYPE_PASSWORD || type == PSA_KEY_TYPE_DERIVE;
    case PSA_KEY_DERIVATION_INPUT_SALT:
        return type == PSA_KEY_TYPE_RAW_DATA || type == PSA_KEY_TYPE_PEPPER;
    default:
        return type == PSA_KEY_TYPE_RAW_DATA;
    }
}

/* A secret that stays where it is, when its time has come. Inside psa_enter. */
static psa_status_t take_there(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                               const struct psa_slot *slot, struct mico_span peer)
{
    enum kdf_given bit;
    psa_status_t status = check_step(operation, step, &bit);
    if (status == PSA_SUCCESS && step != PSA_KEY_DERIVATION_INPUT_SECRET) {
        status = PSA_ERROR_NOT_SUPPORTED;
    }
    if (status == PSA_SUCCESS) {
        status = psa_there_start(operation, slot, peer);
    }
    if (status == PSA_SUCCESS) {
        operation->given |= bit;
        operation->may_make_keys = 1;
    }
    return status;
}

/* Inside psa_enter. */
static psa_status_t take_key(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                             psa_key_id_t key)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, 0, operation->alg, &slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    psa_key_usage_t usage = slot->key.attributes.usage;
    if ((usage & (PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_VERIFY_DERIVATION)) == 0) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    if (!type_fits(operation, step, slot->key.attributes.type)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (slot->driver != &psa_software) { /* another location's secret never comes here */
        return (usage & PSA_KEY_USAGE_DERIVE) == 0 ? PSA_ERROR_NOT_SUPPORTED
                                                   : take_there(operation, step, slot, (struct mico_span){NULL, 0});
    }
    status = take(operation, step, (struct mico_span){slot->key.note, slot->key.note_len});
    if ((usage & PSA_KEY_USAGE_DERIVE) == 0) {
        operation->may_make_bytes = 0;
    }
    operation->may_make_keys |= is_secret(step);
    return status;
}

psa_status_t psa_key_derivation_input_key(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                          psa_key_id_t key)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!psa_derivation_is_active(operation)) {
        return psa_derivation_fail(operation, PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = take_key(operation, step, key);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : psa_derivation_fail(operation, status);
}

psa_status_t psa_key_derivation_key_agreement(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                              psa_key_id_t private_key, const uint8_t *peer_key, size_t peer_key_length)
{
    struct psa_slot *slot;
    size_t len = 0;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!psa_derivation_is_active(operation) || !PSA_ALG_IS_KEY_AGREEMENT(operation->alg)) {
        return psa_derivation_fail(operation, psa_derivation_is_active(operation) ? PSA_ERROR_INVALID_ARGUMENT
                                                                                  : PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(private_key, PSA_KEY_USAGE_DERIVE, operation->alg, &slot);
    }
    if (status == PSA_SUCCESS && slot->driver != &psa_software && slot->driver->derive_start != NULL &&
        peer_key != NULL) {
        status = take_there(operation, step, slot, (struct mico_span){peer_key, peer_key_length});
        (void)psa_leave(status);
        return status == PSA_SUCCESS ? status : psa_derivation_fail(operation, status);
    }
    if (status == PSA_SUCCESS) {
        status = psa_agree(slot, PSA_ALG_KEY_AGREEMENT_GET_BASE(operation->alg),
                           (struct mico_span){peer_key, peer_key_length}, psa_scratch, sizeof psa_scratch, &len);
    }
    if (status == PSA_SUCCESS) {
        bool secret = is_secret(step) || step == PSA_KEY_DERIVATION_INPUT_OTHER_SECRET;
        status = secret && !wants_cipher_key(operation, step)
                     ? take(operation, step, (struct mico_span){psa_scratch, len})
                     : PSA_ERROR_INVALID_ARGUMENT;
        operation->may_make_keys |= is_secret(step);
    }
    mico_wipe(psa_scratch, len);
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : psa_derivation_fail(operation, status);
}
