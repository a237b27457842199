/* SPDX-License-Identifier: Apache-2.0 */
/* Types of the PSA Certified Crypto API 1.2. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_TYPES_H
#define PSA_CRYPTO_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/primitives/primitives.h"

typedef int32_t psa_status_t;
typedef uint16_t psa_key_type_t;
typedef uint32_t psa_algorithm_t;
typedef uint32_t psa_key_usage_t;
typedef uint32_t psa_key_lifetime_t;
typedef uint8_t psa_key_persistence_t;
typedef uint32_t psa_key_location_t;
typedef uint32_t psa_key_id_t;
typedef uint16_t psa_key_derivation_step_t;

/* Use the accessors of psa/crypto.h. */
typedef struct psa_key_attributes_s {
    psa_key_id_t id;
    psa_key_lifetime_t lifetime;
    psa_key_usage_t usage;
    psa_algorithm_t alg;
    psa_key_type_t type;
    uint16_t bits;
} psa_key_attributes_t;
#define PSA_KEY_ATTRIBUTES_INIT \
    {                           \
        0, 0, 0, 0, 0, 0        \
    }

/* Operations: the caller's storage, zero before set-up; fields are the implementation's. */
typedef struct psa_hash_operation_s {
    psa_algorithm_t alg; /* 0: inactive */
    union {
        struct mico_sha256 sha256;
        struct mico_sha512 sha512;
    } state;
} psa_hash_operation_t;
#define PSA_HASH_OPERATION_INIT \
    {                           \
        0                       \
    }

#define MICO_PSA_DERIVATION_INPUT_MAX 128 /* bytes of a salt or an info */
typedef struct psa_key_derivation_operation_s {
    psa_algorithm_t alg; /* 0: inactive */
    uint8_t given;       /* which inputs */
    uint8_t failed;      /* only abort is left */
    uint8_t secret_is_key;
    uint8_t salt_len;
    uint8_t info_len;
    uint8_t block_used; /* bytes of block already given out */
    uint8_t counter;    /* of the last block made */
    uint8_t salt[MICO_PSA_DERIVATION_INPUT_MAX];
    uint8_t info[MICO_PSA_DERIVATION_INPUT_MAX];
    uint8_t prk[64];
    uint8_t block[64];
    size_t capacity;
} psa_key_derivation_operation_t;
#define PSA_KEY_DERIVATION_OPERATION_INIT \
    {                                     \
        0                                 \
    }

#endif
