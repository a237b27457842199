/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/psa/srp_key.h"

#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/srp/srp6.h"

#define BITS_OF_PAIRS 3072 /* when attributes have none: what other implementations have alone */

/* The group that attributes or, when they do not say, a verifier's length name. */
static bool find_group(const psa_key_attributes_t *attributes, size_t len, struct srp6 *srp)
{
    size_t said = PSA_KEY_TYPE_IS_SRP_KEY_PAIR(attributes->type) ? BITS_OF_PAIRS : len * 8;
    return (attributes->type & PSA_KEY_TYPE_DH_GROUP_MASK) == PSA_DH_FAMILY_RFC3526 &&
           srp_group_open(&srp->group, attributes->bits != 0 ? attributes->bits : said);
}

psa_status_t psa_srp_import(struct mico_psa_key *key, struct mico_span data)
{
    bool pair = PSA_KEY_TYPE_IS_SRP_KEY_PAIR(key->attributes.type);
    struct srp6 srp;
    if (!find_group(&key->attributes, data.len, &srp)) {
        bool said = pair || key->attributes.bits != 0;
        return said ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
    }
    bool fits = pair ? data.len >= 16 && data.len <= PSA_HASH_MAX_SIZE && !mico_ct_is_zero(data.data, data.len)
                     : data.len == srp.group.size && srp6_is_verifier(&srp, data.data);
    if (!fits) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (data.len > key->note_cap) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    memcpy(key->note, data.data, data.len);
    key->note_len = data.len;
    key->attributes.bits = (uint16_t)(srp.group.size * 8);
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
    struct srp6 srp;
    if (!PSA_KEY_TYPE_IS_SRP_KEY_PAIR(key->attributes.type)) {
        return psa_srp_export_private(key, out, cap, len); /* a verifier is all there is to it */
    }
    if (!find_group(&key->attributes, 0, &srp)) {
        return PSA_ERROR_DATA_INVALID;
    }
    if (cap < srp.group.size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    srp6_raise(&srp, (struct mico_span){key->note, key->note_len}, out);
    *len = srp.group.size;
    return PSA_SUCCESS;
}
