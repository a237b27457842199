/* SPDX-License-Identifier: Apache-2.0 */
/* Types of the PSA Certified Crypto API 1.2. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_TYPES_H
#define PSA_CRYPTO_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "psa/error.h"

typedef uint16_t psa_key_type_t;            /* PSA_KEY_TYPE_… */
typedef uint8_t psa_ecc_family_t;           /* PSA_ECC_FAMILY_… */
typedef uint8_t psa_dh_family_t;            /* PSA_DH_FAMILY_… */
typedef uint32_t psa_algorithm_t;           /* PSA_ALG_… */
typedef uint32_t psa_key_usage_t;           /* PSA_KEY_USAGE_…, or-ed */
typedef uint32_t psa_key_lifetime_t;        /* location << 8 | persistence */
typedef uint8_t psa_key_persistence_t;      /* PSA_KEY_PERSISTENCE_… */
typedef uint32_t psa_key_location_t;        /* PSA_KEY_LOCATION_…, 24 bits */
typedef uint32_t psa_key_id_t;              /* a key's name; 0 is none */
typedef uint16_t psa_key_derivation_step_t; /* PSA_KEY_DERIVATION_INPUT_… */
typedef uint32_t psa_pake_primitive_t;      /* PSA_PAKE_PRIMITIVE(…) */
typedef uint8_t psa_pake_primitive_type_t;  /* PSA_PAKE_PRIMITIVE_TYPE_… */
typedef uint8_t psa_pake_family_t;          /* a psa_ecc_family_t or a psa_dh_family_t */
typedef uint8_t psa_pake_role_t;            /* PSA_PAKE_ROLE_… */
typedef uint8_t psa_pake_step_t;            /* PSA_PAKE_STEP_… */

typedef struct psa_key_attributes_s psa_key_attributes_t;
typedef struct psa_hash_operation_s psa_hash_operation_t;
typedef struct psa_mac_operation_s psa_mac_operation_t;
typedef struct psa_cipher_operation_s psa_cipher_operation_t;
typedef struct psa_aead_operation_s psa_aead_operation_t;
typedef struct psa_key_derivation_operation_s psa_key_derivation_operation_t;
typedef struct psa_sign_hash_interruptible_operation_s psa_sign_hash_interruptible_operation_t;
typedef struct psa_verify_hash_interruptible_operation_s psa_verify_hash_interruptible_operation_t;
typedef struct psa_pake_cipher_suite_s psa_pake_cipher_suite_t;
typedef struct psa_pake_operation_s psa_pake_operation_t;

/* How psa_generate_key_custom makes a key: bytes of data follow. flags must be 0. For an RSA pair the data are the public
 * exponent, big-endian. */
typedef struct psa_custom_key_parameters_s {
    uint32_t flags;
} psa_custom_key_parameters_t;

#endif
