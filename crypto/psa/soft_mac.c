/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's MACs: HMAC (RFC 2104) and CMAC (SP 800-38B). */
#include "crypto/psa/core.h"
#include "crypto/psa/hash.h"
#include "crypto/psa/symmetric.h"

#define HAS_HMAC PSA_HAS(PSA_WANT_ALG_HMAC)
#define HAS_CMAC PSA_HAS(PSA_WANT_ALG_CMAC)

struct soft_mac {
    bool is_cmac;
    union {
        struct mico_hmac hmac;
        struct mico_cmac cmac;
    } as;
};
_Static_assert(sizeof(struct soft_mac) <= MICO_PSA_MAC_STATE, "an operation holds every MAC");

static psa_status_t start_hmac(struct soft_mac *mac, const struct mico_psa_key *key, psa_algorithm_t alg)
{
    const struct mico_digest *digest = psa_digest_of(alg);
    if (key->attributes.type != PSA_KEY_TYPE_HMAC) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (digest == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    mico_hmac_start(&mac->as.hmac, digest, psa_bytes_of(key));
    return PSA_SUCCESS;
}

static psa_status_t start_cmac(struct soft_mac *mac, const struct mico_psa_key *key)
{
    const struct mico_block_cipher *cipher = psa_block_cipher(key->attributes.type);
    if (cipher == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (key->note_len == 8) { /* SP 800-38B has no CMAC with DES */
        return PSA_ERROR_NOT_SUPPORTED;
    }
    mac->is_cmac = true;
    return psa_status_of(mico_cmac_start(&mac->as.cmac, cipher, psa_bytes_of(key)));
}

psa_status_t psa_soft_mac_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, void *state)
{
    if (HAS_HMAC && PSA_ALG_IS_HMAC(alg)) {
        return start_hmac(state, key, alg);
    }
    if (HAS_CMAC && alg == PSA_ALG_CMAC) {
        return start_cmac(state, key);
    }
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_soft_mac_add(void *ctx, void *state, struct mico_span data)
{
    struct soft_mac *mac = state;
    if (HAS_CMAC && mac->is_cmac) {
        mico_cmac_add(&mac->as.cmac, data);
    } else if (HAS_HMAC) {
        mico_hmac_add(&mac->as.hmac, data);
    }
    return PSA_SUCCESS;
}

psa_status_t psa_soft_mac_end(void *ctx, void *state, uint8_t out[PSA_MAC_MAX_SIZE])
{
    struct soft_mac *mac = state;
    if (HAS_CMAC && mac->is_cmac) {
        mico_cmac_finish(&mac->as.cmac, out);
    } else if (HAS_HMAC) {
        mico_hmac_finish(&mac->as.hmac, out);
    }
    return PSA_SUCCESS;
}

psa_status_t psa_soft_mac(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                          uint8_t out[PSA_MAC_MAX_SIZE])
{
    struct soft_mac mac;
    mac.is_cmac = false;
    psa_status_t status = psa_soft_mac_start(ctx, key, alg, &mac);
    if (status == PSA_SUCCESS) {
        (void)psa_soft_mac_add(ctx, &mac, message);
        (void)psa_soft_mac_end(ctx, &mac, out); /* wipes it */
    }
    return status;
}
