/* SPDX-License-Identifier: Apache-2.0 */
/* psa_key_derivation_*: policy, order and capacity; kdf.c computes.
 *
 *   not set up ── setup ──▶ inputs, in the order of the algorithm's table ── output, verify … ── abort ──▶ not set up
 *
 * After an error but of setup, which changes nothing, only abort is left; except for the end of the capacity: then every further output fails in the same way. */
#include <string.h>

#include "crypto/psa/core.h"
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

/* Leave nothing but the need to abort, which also lets another location's secret go. */
static psa_status_t fail(psa_key_derivation_operation_t *operation, psa_status_t status)
{
    const psa_key_derivation_operation_t was = {
        .alg = operation->alg, .driver = operation->driver, .ctx = operation->ctx, .handle = operation->handle};
    mico_wipe(operation, sizeof *operation);
    *operation = was;
    operation->failed = 1;
    return status;
}

static bool active(const psa_key_derivation_operation_t *operation)
{
    return operation->alg != 0 && !operation->failed;
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
    psa_status_t status = psa_may(PSA_KEY_TYPE_NONE, 0, kdf);
    if (status != PSA_SUCCESS) {
        return status;
    }
    memset(operation, 0, sizeof *operation);
    operation->alg = alg;
    operation->kdf = kdf;
    operation->capacity = found->capacity(kdf);
    operation->may_make_bytes = 1;
    return PSA_SUCCESS;
}

psa_status_t psa_key_derivation_get_capacity(const psa_key_derivation_operation_t *operation, size_t *capacity)
{
    if (operation == NULL || capacity == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *capacity = active(operation) ? operation->capacity : 0;
    return active(operation) ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

psa_status_t psa_key_derivation_set_capacity(psa_key_derivation_operation_t *operation, size_t capacity)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    bool late = active(operation) && (operation->given & KDF_OUTPUT) != 0 && psa_kdf_of(operation->kdf)->begin != NULL;
    if (!active(operation) || late) {
        return fail(operation, PSA_ERROR_BAD_STATE);
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
    if (active(operation)) {
        status = psa_pointer_ok(data, data_length) && !wants_cipher_key(operation, step)
                     ? take(operation, step, (struct mico_span){data, data_length})
                     : PSA_ERROR_INVALID_ARGUMENT;
    }
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

psa_status_t psa_key_derivation_input_integer(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                              uint64_t value)
{
    enum kdf_given bit;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = active(operation) ? check_step(operation, step, &bit) : PSA_ERROR_BAD_STATE;
    if (status == PSA_SUCCESS) {
        status = bit != KDF_COST || value == 0 ? PSA_ERROR_INVALID_ARGUMENT
                 : value > UINT32_MAX          ? PSA_ERROR_NOT_SUPPORTED
                                               : PSA_SUCCESS;
    }
    if (status != PSA_SUCCESS) {
        return fail(operation, status);
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
    if (!active(operation)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = take_key(operation, step, key);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

psa_status_t psa_key_derivation_key_agreement(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                              psa_key_id_t private_key, const uint8_t *peer_key, size_t peer_key_length)
{
    struct psa_slot *slot;
    size_t len = 0;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!active(operation) || !PSA_ALG_IS_KEY_AGREEMENT(operation->alg)) {
        return fail(operation, active(operation) ? PSA_ERROR_INVALID_ARGUMENT : PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(private_key, PSA_KEY_USAGE_DERIVE, operation->alg, &slot);
    }
    if (status == PSA_SUCCESS && slot->driver != &psa_software && slot->driver->derive_start != NULL &&
        peer_key != NULL) {
        status = take_there(operation, step, slot, (struct mico_span){peer_key, peer_key_length});
        (void)psa_leave(status);
        return status == PSA_SUCCESS ? status : fail(operation, status);
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
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

/* Active, with all inputs that it needs? */
static bool complete(const psa_key_derivation_operation_t *operation)
{
    return active(operation) &&
           (operation->given & psa_kdf_of(operation->kdf)->needs) == psa_kdf_of(operation->kdf)->needs;
}

/* The next bytes of an operation that may give them. */
static psa_status_t give(psa_key_derivation_operation_t *operation, uint8_t *output, size_t len)
{
    if (!psa_is_sound()) {
        return fail(operation, PSA_ERROR_CORRUPTION_DETECTED);
    }
    if (!complete(operation)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    const struct kdf *kdf = psa_kdf_of(operation->kdf);
    if ((operation->given & KDF_OUTPUT) == 0 && kdf->begin != NULL) {
        kdf->begin(operation);
    }
    operation->given |= KDF_OUTPUT;
    if (len > operation->capacity || operation->capacity == 0) {
        operation->capacity = 0;
        return PSA_ERROR_INSUFFICIENT_DATA;
    }
    operation->capacity -= operation->capacity == PSA_KEY_DERIVATION_UNLIMITED_CAPACITY ? 0 : len;
    if (operation->driver != NULL) {
        psa_status_t status = psa_there_give(operation, output, len);
        return status == PSA_SUCCESS ? status : fail(operation, status);
    }
    size_t size = kdf->block_size(operation->kdf);
    for (size_t i = 0; i < len; i++) {
        if (operation->counter == 0 || operation->block_used == size) {
            operation->counter++;
            kdf->next(operation);
            operation->block_used = 0;
        }
        output[i] = operation->block[operation->block_used++];
    }
    return PSA_SUCCESS;
}

psa_status_t psa_key_derivation_output_bytes(psa_key_derivation_operation_t *operation, uint8_t *output,
                                             size_t output_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (complete(operation) && !operation->may_make_bytes) {
        return fail(operation, PSA_ERROR_NOT_PERMITTED);
    }
    if (!psa_pointer_ok(output, output_length)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    psa_status_t status = give(operation, output, output_length);
    if (status != PSA_SUCCESS && output_length != 0) {
        mico_wipe(output, output_length);
    }
    return status;
}

psa_status_t psa_key_derivation_verify_bytes(psa_key_derivation_operation_t *operation, const uint8_t *expected_output,
                                             size_t output_length)
{
    uint8_t got[PSA_HASH_MAX_SIZE];
    uint8_t differs = 0;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!psa_pointer_ok(expected_output, output_length)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (active(operation) && output_length > operation->capacity) {
        operation->capacity = 0;
    }
    psa_status_t status = output_length == 0 ? give(operation, got, 0) : PSA_SUCCESS;
    for (size_t done = 0; status == PSA_SUCCESS && done < output_length;) {
        size_t take_len = output_length - done < sizeof got ? output_length - done : sizeof got;
        status = give(operation, got, take_len);
        differs |= status == PSA_SUCCESS && !mico_ct_equal(got, expected_output + done, take_len);
        done += take_len;
    }
    mico_wipe(got, sizeof got);
    return status == PSA_SUCCESS && differs ? PSA_ERROR_INVALID_SIGNATURE : status;
}

psa_status_t psa_key_derivation_verify_key(psa_key_derivation_operation_t *operation, psa_key_id_t expected)
{
    struct psa_slot *slot;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(expected, PSA_KEY_USAGE_VERIFY_DERIVATION, operation->alg, &slot);
    }
    if (status == PSA_SUCCESS && slot->key.attributes.type != PSA_KEY_TYPE_PASSWORD_HASH) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS) {
        status = slot->driver != &psa_software || operation->driver != NULL
                     ? PSA_ERROR_NOT_SUPPORTED
                     : psa_key_derivation_verify_bytes(operation, slot->key.note, slot->key.note_len);
        return psa_leave(status);
    }
    return fail(operation, psa_leave(status));
}

/* Draws of which not every one is a key: bits beyond the size go, RFC 7748's are set, a NIST curve's number is drawn as
 * FIPS 186-5 A.2.2 tests candidates. */
static void shape(const psa_key_attributes_t *attributes, uint8_t *bytes, size_t len)
{
    if (attributes->type == PSA_MONTGOMERY_PAIR) {
        bytes[0] &= 0xF8;
        bytes[len - 1] = (uint8_t)((bytes[len - 1] & 0x7F) | 0x40);
    } else if (attributes->type == PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)) {
        for (size_t i = len; i-- > 0 && ++bytes[i] == 0;) {
        }
    }
}

/* The bytes of a key. DES's are drawn by the part; that one is drawn again is not to be seen. */
static psa_status_t give_more(void *operation, uint8_t *out, size_t len)
{
    return give(operation, out, len);
}

static psa_status_t draw(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation, size_t len)
{
    if (PSA_HAS(PSA_WANT_KEY_TYPE_DES) && attributes->type == PSA_KEY_TYPE_DES) {
        return psa_des_draw(give_more, operation, psa_scratch, len);
    }
    psa_status_t status = give(operation, psa_scratch, len);
    if (status == PSA_SUCCESS) {
        shape(attributes, psa_scratch, len);
    }
    return status;
}

#define DRAWS 128 /* each is needed with a probability below 2^-31 on the curves that are offered */

/* A key of the location where the secret is. Inside psa_enter. */
static psa_status_t key_there(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation,
                              size_t len, psa_key_id_t *key)
{
    operation->given |= KDF_OUTPUT;
    if (len > operation->capacity) {
        operation->capacity = 0;
        return PSA_ERROR_INSUFFICIENT_DATA;
    }
    operation->capacity -= len;
    return psa_there_make_key(operation, attributes, key);
}

/* Inside psa_enter. */
static psa_status_t output_key(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation,
                               psa_key_id_t *key)
{
    size_t len = PSA_BITS_TO_BYTES(attributes->bits);
    bool drawn = PSA_KEY_TYPE_IS_ECC_KEY_PAIR(attributes->type);
    psa_status_t status = PSA_SUCCESS;
    if (operation->driver != NULL) {
        return key_there(attributes, operation, len, key);
    }
    if (!PSA_KEY_TYPE_IS_UNSTRUCTURED(attributes->type) && !drawn && !PSA_KEY_TYPE_IS_SRP_KEY_PAIR(attributes->type)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (PSA_KEY_TYPE_IS_SRP_KEY_PAIR(attributes->type)) {
        len = PSA_HASH_LENGTH(operation->kdf);
    }
    if (len > sizeof psa_scratch ||
        PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime) != PSA_KEY_LOCATION_LOCAL_STORAGE) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    for (unsigned i = 0; i < DRAWS; i++) {
        status = draw(attributes, operation, len);
        if (status != PSA_SUCCESS) {
            break;
        }
        status = psa_add_key(attributes, (struct mico_span){psa_scratch, len}, key);
        if (!drawn || status != PSA_ERROR_INVALID_ARGUMENT) {
            break;
        }
    }
    mico_wipe(psa_scratch, len);
    return status;
}

psa_status_t psa_key_derivation_output_key(const psa_key_attributes_t *attributes,
                                           psa_key_derivation_operation_t *operation, psa_key_id_t *key)
{
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (attributes == NULL || operation == NULL || key == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(attributes->type) || attributes->bits == 0) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (active(operation) && (!operation->may_make_keys || !operation->may_make_bytes)) {
        return fail(operation, PSA_ERROR_NOT_PERMITTED); /* a secret given as bytes can make bytes only */
    }
    if (!complete(operation)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = output_key(attributes, operation, key);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS || status == PSA_ERROR_INSUFFICIENT_DATA ? status : fail(operation, status);
}

psa_status_t psa_key_derivation_output_key_custom(const psa_key_attributes_t *attributes,
                                                  psa_key_derivation_operation_t *operation,
                                                  const psa_custom_key_parameters_t *custom, const uint8_t *custom_data,
                                                  size_t custom_data_length, psa_key_id_t *key)
{
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (custom == NULL || custom->flags != 0 || custom_data_length != 0) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    return psa_key_derivation_output_key(attributes, operation, key);
}
