/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of location MICO_PSA_LOCATION_MSCP: a key's note is the chip's object identifier, 4 bytes little-endian.
 */
#include "crypto/psa/psa_mscp.h"

static uint32_t object_of(const struct mico_psa_key *key)
{
    return mico_load_le32(key->note);
}

/* What the chip or the way to it said, in PSA's words. */
static psa_status_t status_of(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return PSA_SUCCESS;
    case MICO_ERR_TIMEOUT:
    case MICO_ERR_IO:
    case MICO_ERR_CLOSED:
    case MICO_ERR_AUTH:
    case MICO_ERR_FORMAT:
        return PSA_ERROR_COMMUNICATION_FAILURE;
    case MICO_ERR_DENIED:
        return PSA_ERROR_NOT_PERMITTED;
    case MICO_ERR_PARAM:
    case MICO_ERR_CRYPTO:
    case MICO_ERR_SIZE:
        return PSA_ERROR_INVALID_ARGUMENT;
    case MICO_ERR_CORRUPT:
        return PSA_ERROR_DATA_CORRUPT;
    case MICO_ERR_ENTROPY:
        return PSA_ERROR_INSUFFICIENT_ENTROPY;
    default:
        return PSA_ERROR_HARDWARE_FAILURE;
    }
}

static psa_status_t export_public(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = status_of(mscp_host_public_key(ctx, object_of(key), out));
    *len = status == PSA_SUCCESS ? 32 : 0;
    return status;
}

static bool is_pair(const struct mico_psa_key *key, psa_ecc_family_t family)
{
    return key->attributes.type == PSA_KEY_TYPE_ECC_KEY_PAIR(family) && key->attributes.bits == 255;
}

static psa_status_t sign_message(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg,
                                 struct mico_span message, uint8_t *out, size_t cap, size_t *len)
{
    if (alg != PSA_ALG_PURE_EDDSA) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (!is_pair(key, PSA_ECC_FAMILY_TWISTED_EDWARDS)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 64) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = status_of(mscp_host_sign(ctx, object_of(key), message, out));
    *len = status == PSA_SUCCESS ? 64 : 0;
    return status;
}

static psa_status_t agree(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                          uint8_t *out, size_t cap, size_t *len)
{
    if (alg != PSA_ALG_ECDH) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (!is_pair(key, PSA_ECC_FAMILY_MONTGOMERY) || peer.len != 32) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = status_of(mscp_host_agree(ctx, object_of(key), peer.data, out));
    *len = status == PSA_SUCCESS ? 32 : 0;
    return status;
}

static const struct mico_psa_driver mscp_driver = {
    .location = MICO_PSA_LOCATION_MSCP,
    .export_public = export_public,
    .sign_message = sign_message,
    .agree = agree,
};

psa_status_t mico_psa_attach_mscp(struct mscp_host *host)
{
    return mico_psa_attach_driver(&mscp_driver, host);
}

psa_status_t mico_psa_register_mscp_key(const psa_key_attributes_t *attributes, uint32_t object_id, psa_key_id_t *key)
{
    uint8_t note[4];
    if (attributes == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_key_attributes_t full = *attributes;
    psa_set_key_lifetime(&full, MICO_PSA_LIFETIME_MSCP);
    psa_set_key_bits(&full, 255);
    mico_store_le32(note, object_id);
    return mico_psa_register_key(&full, MICO_SPAN(note), key);
}
