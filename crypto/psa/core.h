/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: slots, policy and lock, for the files that carry out operations. */
#ifndef CRYPTO_PSA_CORE_H
#define CRYPTO_PSA_CORE_H

#include <stdbool.h>

#include "crypto/psa/mico_psa.h"

struct psa_slot {
    psa_key_id_t id; /* 0: free */
    struct mico_psa_key key;
    const struct mico_psa_driver *driver;
    void *ctx;
};

/* Every public function that touches slots: status = psa_enter(); if PSA_SUCCESS … return psa_leave(status). */
psa_status_t psa_enter(void);
psa_status_t psa_leave(psa_status_t status);

/* Does a key with this policy serve this algorithm? */
bool psa_permits(psa_algorithm_t policy, psa_algorithm_t alg);

/* The slot of a key that may be used so; usage 0 and alg 0 ask for nothing. PSA_ERROR_INVALID_HANDLE, _NOT_PERMITTED.
 */
psa_status_t psa_find(psa_key_id_t id, psa_key_usage_t usage, psa_algorithm_t alg, struct psa_slot **slot);

/* Make a key of its bytes in the location that attributes name; inside psa_enter. */
psa_status_t psa_add_key(const psa_key_attributes_t *attributes, struct mico_span data, psa_key_id_t *id);

/* The number of bytes of a key of this type and size; 0 when there is no such key here. */
size_t psa_key_bytes(psa_key_type_t type, size_t bits);

psa_status_t psa_status_of(mico_err err);

/* Wipe the copies in memory of location 0's persistent keys; inside psa_enter. */
void psa_forget_persistent(void);

/* X25519 of the key in slot with a peer's public key, checked; out is wiped on error. */
psa_status_t psa_agree(const struct psa_slot *slot, struct mico_span peer, uint8_t out[32]);

/* HMAC with the hash of alg (any algorithm that names one); out has PSA_HASH_LENGTH(alg) bytes. */
void psa_hmac(psa_algorithm_t alg, struct mico_span key, struct mico_span data, uint8_t out[64]);
bool psa_hash_supported(psa_algorithm_t alg);

/* A pointer with a length: NULL is allowed for no bytes only. */
static inline bool psa_pointer_ok(const void *data, size_t len)
{
    return data != NULL || len == 0;
}

extern const struct mico_psa_driver psa_software;

#define PSA_EDWARDS_PAIR PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define PSA_EDWARDS_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define PSA_MONTGOMERY_PAIR PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define PSA_MONTGOMERY_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_MONTGOMERY)

#endif
