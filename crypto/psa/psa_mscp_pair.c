/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs that psa_generate_key makes in the coprocessor, and psa_destroy_key removes: docs/MSCP.md, "In the field". */
#include "crypto/psa/psa_mscp.h"

#define ID_MAX 0x0FFFFFFFu /* of the chip's names for them */

static psa_status_t type_of(const psa_key_attributes_t *a, uint8_t *type)
{
    static const struct {
        psa_ecc_family_t family;
        uint16_t bits;
        uint8_t type;
    } pairs[] = {{PSA_ECC_FAMILY_TWISTED_EDWARDS, 255, MSCP_KEY_ED25519},
                 {PSA_ECC_FAMILY_MONTGOMERY, 255, MSCP_KEY_X25519},
                 {PSA_ECC_FAMILY_SECP_R1, 256, MSCP_KEY_P256}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (a->type == PSA_KEY_TYPE_ECC_KEY_PAIR(pairs[i].family) && a->bits == pairs[i].bits) {
            *type = pairs[i].type;
            return PSA_SUCCESS;
        }
    }
    return PSA_ERROR_NOT_SUPPORTED;
}

/* A key of the chip's signs what it can see the shape of, or agrees; never both. */
static psa_status_t usage_of(const psa_key_attributes_t *a, uint8_t type, uint16_t *usage)
{
    psa_key_usage_t wanted = a->usage & (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_DERIVE);
    bool signs = type != MSCP_KEY_X25519 && wanted == PSA_KEY_USAGE_SIGN_MESSAGE;
    bool agrees = type != MSCP_KEY_ED25519 && wanted == PSA_KEY_USAGE_DERIVE;
    *usage = signs ? MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_CSR : MSCP_USE_AGREE;
    return signs || agrees ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

static psa_status_t wish_of(const psa_key_attributes_t *a, struct mscp_attributes *made)
{
    *made = (struct mscp_attributes){.origin = MSCP_GENERATED};
    if (PSA_KEY_LIFETIME_GET_PERSISTENCE(a->lifetime) != PSA_KEY_PERSISTENCE_DEFAULT) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (a->id == PSA_KEY_ID_NULL || a->id > ID_MAX) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = type_of(a, &made->type);
    return status == PSA_SUCCESS ? usage_of(a, made->type, &made->usage) : status;
}

static psa_status_t ask(struct mscp_host *host, uint32_t object, const struct mscp_attributes *wish)
{
    uint8_t public_key[MSCP_P256_SIZE];
    mico_err err = wish->type == MSCP_KEY_P256 ? mscp_host_generate_p256(host, object, wish, public_key)
                                               : mscp_host_generate(host, object, wish, public_key);
    return err == MICO_ERR_BUSY ? PSA_ERROR_NOT_PERMITTED : psa_status_of_mscp(err);
}

/* The driver asks once, since the chip would make one each time; whether it has, when its answer was lost, only a look tells (there was
 * none before). If not, the request ended with its session, and may be made again, once. */
static psa_status_t make(struct mscp_host *host, uint32_t object, const struct mscp_attributes *wish)
{
    struct mscp_attributes there;
    bool found = false;
    psa_status_t status = ask(host, object, wish);
    if (status != PSA_ERROR_COMMUNICATION_FAILURE || mscp_host_attributes(host, object, &there, &found) != MICO_OK) {
        return status;
    }
    return found ? PSA_SUCCESS : ask(host, object, wish);
}

psa_status_t psa_mscp_generate(void *ctx, struct mico_psa_key *key, struct mico_span custom)
{
    struct mscp_attributes wish, there;
    bool found = false;
    psa_status_t status = wish_of(&key->attributes, &wish);
    if (status == PSA_SUCCESS && key->note_cap < 4) {
        status = PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    uint32_t object = MICO_PSA_MSCP_OBJECT(key->attributes.id);
    status = psa_status_of_mscp(mscp_host_attributes(ctx, object, &there, &found));
    if (status == PSA_SUCCESS) {
        status = found ? PSA_ERROR_ALREADY_EXISTS : make(ctx, object, &wish);
    }
    mico_store_le32(key->note, object);
    key->note_len = 4;
    return status;
}

/* Keys that the chip was made with stay, as the chip itself sees to; one that is gone already is as good. */
psa_status_t psa_mscp_destroy(void *ctx, struct mico_psa_key *key)
{
    uint32_t object = mico_load_le32(key->note);
    if (object < MSCP_ID_FIELD) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    mico_err err = mscp_host_delete(ctx, object);
    return err == MICO_ERR_STATE ? PSA_SUCCESS : psa_status_of_mscp(err);
}
