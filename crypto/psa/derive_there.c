/* SPDX-License-Identifier: Apache-2.0 */
/* Derivations in another location; see derive_there.h. */
#include "crypto/psa/derive_there.h"

psa_status_t psa_there_start(psa_key_derivation_operation_t *operation, const struct psa_slot *slot,
                             struct mico_span peer)
{
    uint32_t handle;
    if (!PSA_ALG_IS_HKDF(operation->kdf) || slot->driver->derive_start == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = slot->driver->derive_start(slot->ctx, &slot->key, peer, &handle);
    if (status == PSA_SUCCESS) {
        operation->driver = slot->driver;
        operation->ctx = slot->ctx;
        operation->handle = handle;
    }
    return status;
}

static struct mico_psa_derivation how(const psa_key_derivation_operation_t *operation)
{
    return (struct mico_psa_derivation){.alg = operation->kdf,
                                        .salt = {operation->first, operation->first_len},
                                        .info = {operation->second, operation->second_len},
                                        .offset = operation->given_out};
}

psa_status_t psa_there_give(psa_key_derivation_operation_t *operation, uint8_t *out, size_t len)
{
    const struct mico_psa_derivation d = how(operation);
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS && len != 0) {
        status = operation->driver->derive(operation->ctx, operation->handle, &d, out, len);
    }
    operation->given_out += status == PSA_SUCCESS ? len : 0;
    return psa_leave(status);
}

psa_status_t psa_there_make_key(psa_key_derivation_operation_t *operation, const psa_key_attributes_t *attributes,
                                psa_key_id_t *key)
{
    struct psa_slot *slot;
    const struct mico_psa_derivation d = how(operation);
    if (PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime) != operation->driver->location ||
        !PSA_KEY_LIFETIME_IS_VOLATILE(attributes->lifetime) || operation->driver->derive_key == NULL) {
        return PSA_ERROR_NOT_SUPPORTED; /* what is derived there stays there */
    }
    psa_status_t status = psa_check_attributes(attributes);
    if (status == PSA_SUCCESS) {
        status = psa_slot_reserve(attributes, &slot);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = operation->driver->derive_key(operation->ctx, operation->handle, &d, &slot->key);
    operation->given_out += status == PSA_SUCCESS ? PSA_BITS_TO_BYTES(attributes->bits) : 0;
    return psa_slot_commit(slot, status, key);
}

void psa_there_end(psa_key_derivation_operation_t *operation)
{
    if (operation->driver != NULL) {
        (void)psa_enter(); /* also when PSA is gone: the location has its own state */
        operation->driver->derive_end(operation->ctx, operation->handle);
        (void)psa_leave(PSA_SUCCESS);
        operation->driver = NULL;
    }
}
