/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/psa/srp_key.h"

#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/srp/srp_math.h"

#define BITS 3072

psa_status_t psa_srp_import(struct mico_psa_key *key, struct mico_span data)
{
    bool pair = PSA_KEY_TYPE_IS_SRP_KEY_PAIR(key->attributes.type);
    if ((key->attributes.type & PSA_KEY_TYPE_DH_GROUP_MASK) != PSA_DH_FAMILY_RFC3526) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (key->attributes.bits != 0 && key->attributes.bits != BITS) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    bool fits = pair ? data.len >= 16 && data.len <= PSA_HASH_MAX_SIZE : data.len == MICO_SRP_SIZE;
    if (!fits || mico_ct_is_zero(data.data, data.len) || (!pair && !srp_below_N(data.data))) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (data.len > key->note_cap) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    memcpy(key->note, data.data, data.len);
    key->note_len = data.len;
    key->attributes.bits = BITS;
    return PSA_SUCCESS;
}

psa_status_t psa_srp_export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (cap < key->note_len) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    memcpy(out, key->note, key->note_len);
    *len = key->note_len;
    return PSA_SUCCESS;
}

psa_status_t psa_srp_export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (cap < MICO_SRP_SIZE) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (PSA_KEY_TYPE_IS_SRP_KEY_PAIR(key->attributes.type)) {
        srp_exp(out, srp_g, (struct mico_span){key->note, key->note_len});
        srp_scrub_stack();
    } else {
        memcpy(out, key->note, MICO_SRP_SIZE);
    }
    *len = MICO_SRP_SIZE;
    return PSA_SUCCESS;
}
