/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: what authenticated encryption in one call and in parts share. */
#ifndef CRYPTO_PSA_AEAD_H
#define CRYPTO_PSA_AEAD_H

#include "crypto/psa/core.h"

/* An AEAD algorithm, taken apart. */
struct aead {
    psa_algorithm_t base; /* with a full tag */
    psa_key_type_t type;  /* 0: of a block cipher with 16 bytes */
    size_t nonce_min, nonce_max;
    uint32_t tags; /* bit n: a tag may have n bytes */
    bool lengths_first;
    size_t longest; /* bytes of a text, and of additional data */
};

/* PSA_ERROR_INVALID_ARGUMENT for what is no such algorithm or has no such tag, PSA_ERROR_NOT_SUPPORTED. */
psa_status_t psa_aead_of(psa_algorithm_t alg, const struct aead **aead);
static inline psa_status_t psa_aead_check_nonce(const struct aead *aead, size_t len)
{
    if (aead->base == PSA_ALG_CHACHA20_POLY1305 && len == 8) {
        return PSA_ERROR_NOT_SUPPORTED; /* the nonce before RFC 8439 */
    }
    return len >= aead->nonce_min && len <= aead->nonce_max ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

/* The slot of a key for alg; inside psa_enter. */
static inline psa_status_t psa_aead_find(psa_key_id_t key, bool encrypting, psa_algorithm_t alg,
                                         const struct aead *aead, struct psa_slot **slot)
{
    psa_status_t status = psa_find(key, encrypting ? PSA_KEY_USAGE_ENCRYPT : PSA_KEY_USAGE_DECRYPT, alg, slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    psa_key_type_t type = (*slot)->key.attributes.type;
    bool fits = aead->type != 0 ? type == aead->type : PSA_BLOCK_CIPHER_BLOCK_LENGTH(type) == 16;
    return fits                                       ? PSA_SUCCESS
           : PSA_BLOCK_CIPHER_BLOCK_LENGTH(type) == 8 ? PSA_ERROR_NOT_SUPPORTED
                                                      : PSA_ERROR_INVALID_ARGUMENT;
}

#endif
