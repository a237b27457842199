/* SPDX-License-Identifier: Apache-2.0 */
/* psa_key_derivation_output_… and _verify_…: what an operation that has its inputs gives, in bytes and as keys. */
#include <string.h>

#include "crypto/psa/derivation.h"
#include "crypto/psa/derive_there.h"
#include "crypto/psa/kdf.h"

/* Active, with all inputs that it needs? */
static bool complete(const psa_key_derivation_operation_t *operation)
{
    return psa_derivation_is_active(operation) &&
           (operation->given & psa_kdf_of(operation->kdf)->needs) == psa_kdf_of(operation->kdf)->needs;
}

/* The next bytes of an operation that may give them. */
static psa_status_t give(psa_key_derivation_operation_t *operation, uint8_t *output, size_t len)
{
    if (!psa_is_sound()) {
        return psa_derivation_fail(operation, PSA_ERROR_CORRUPTION_DETECTED);
    }
    if (!complete(operation)) {
        return psa_derivation_fail(operation, PSA_ERROR_BAD_STATE);
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
        return status == PSA_SUCCESS ? status : psa_derivation_fail(operation, status);
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
        return psa_derivation_fail(operation, PSA_ERROR_NOT_PERMITTED);
    }
    if (!psa_pointer_ok(output, output_length)) {
        return psa_derivation_fail(operation, PSA_ERROR_INVALID_ARGUMENT);
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
        return psa_derivation_fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (psa_derivation_is_active(operation) && output_length > operation->capacity) {
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
    return psa_derivation_fail(operation, psa_leave(status));
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

/* A key of location 0, of draws of len bytes until one is a key. */
static psa_status_t key_here(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation,
                             size_t len, psa_key_id_t *key)
{
    struct psa_slot *slot;
    bool drawn = attributes->type == PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    psa_status_t status = psa_check_attributes(attributes);
    if (status == PSA_SUCCESS) {
        status = psa_slot_reserve(attributes, &slot);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    for (unsigned i = 0; i < DRAWS; i++) {
        status = draw(attributes, operation, len);
        if (status == PSA_SUCCESS) {
            status = slot->driver->import(slot->ctx, &slot->key, (struct mico_span){psa_scratch, len});
        }
        if (!drawn || status != PSA_ERROR_INVALID_ARGUMENT) {
            break;
        }
    }
    mico_wipe(psa_scratch, len);
    return psa_slot_commit(slot, status, key);
}

/* Inside psa_enter. */
static psa_status_t output_key(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation,
                               psa_key_id_t *key)
{
    size_t len = PSA_BITS_TO_BYTES(attributes->bits);
    bool srp = PSA_KEY_TYPE_IS_SRP_KEY_PAIR(attributes->type);
    if (operation->driver != NULL) {
        return key_there(attributes, operation, len, key);
    }
    len = srp ? PSA_HASH_LENGTH(operation->kdf) : len;
    bool known =
        srp || PSA_KEY_TYPE_IS_UNSTRUCTURED(attributes->type) || PSA_KEY_TYPE_IS_ECC_KEY_PAIR(attributes->type);
    return !known || len > sizeof psa_scratch ||
                   PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime) != PSA_KEY_LOCATION_LOCAL_STORAGE
               ? PSA_ERROR_NOT_SUPPORTED
               : key_here(attributes, operation, len, key);
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
        return psa_derivation_fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (psa_derivation_is_active(operation) && (!operation->may_make_keys || !operation->may_make_bytes)) {
        return psa_derivation_fail(operation,
                                   PSA_ERROR_NOT_PERMITTED); /* a secret given as bytes can make bytes only */
    }
    if (!complete(operation)) {
        return psa_derivation_fail(operation, PSA_ERROR_BAD_STATE);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = output_key(attributes, operation, key);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS || status == PSA_ERROR_INSUFFICIENT_DATA ? status
                                                                          : psa_derivation_fail(operation, status);
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
