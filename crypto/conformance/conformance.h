/* SPDX-License-Identifier: Apache-2.0 */
/* Included before every file of Mbed TLS's test suites: the few names that they expect of psa/crypto.h beyond the
 * specification. */
#ifndef CRYPTO_CONFORMANCE_CONFORMANCE_H
#define CRYPTO_CONFORMANCE_CONFORMANCE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "psa/crypto.h"

/* Its options where MiCO has none: the keys are there whenever their algorithms are. */
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_DERIVE 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_EXPORT 1
#define PSA_WANT_KEY_TYPE_DH_PUBLIC_KEY 1
#define PSA_WANT_KEY_TYPE_DH_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_DH_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_DH_KEY_PAIR_EXPORT 1
#define PSA_WANT_KEY_TYPE_DH_KEY_PAIR_GENERATE 1
#define PSA_WANT_KEY_TYPE_HMAC 1
#define PSA_WANT_KEY_TYPE_DERIVE 1
#define PSA_WANT_KEY_TYPE_RAW_DATA 1
#define PSA_WANT_KEY_TYPE_PASSWORD 1
#define PSA_WANT_KEY_TYPE_PASSWORD_HASH 1

typedef psa_key_id_t mbedtls_svc_key_id_t;
#define MBEDTLS_SVC_KEY_ID_INIT ((psa_key_id_t)0)
#define MBEDTLS_SVC_KEY_ID_GET_KEY_ID(id) (id)
#define MBEDTLS_SVC_KEY_ID_GET_OWNER_ID(id) (0)
static inline mbedtls_svc_key_id_t mbedtls_svc_key_id_make(unsigned owner, psa_key_id_t id)
{
    return id;
}
static inline int mbedtls_svc_key_id_equal(mbedtls_svc_key_id_t a, mbedtls_svc_key_id_t b)
{
    return a == b;
}
static inline int mbedtls_svc_key_id_is_null(mbedtls_svc_key_id_t id)
{
    return id == 0;
}

/* The suites look into operations for this only: is it set up? Ours begin with a field that is 0 if not. */
static inline bool conformance_is_set_up(const void *operation)
{
    uint32_t first;
    memcpy(&first, operation, sizeof first);
    return first != 0;
}
#define ASSERT_OPERATION_IS_ACTIVE(operation) TEST_ASSERT(conformance_is_set_up(&(operation)))
#define ASSERT_OPERATION_IS_INACTIVE(operation) TEST_ASSERT(!conformance_is_set_up(&(operation)))

/* Their names for numbers of ours. */
#define PSA_ALG_HKDF_GET_HASH PSA_ALG_GET_HASH
#define PSA_ALG_IS_PBKDF2(alg) (PSA_ALG_IS_PBKDF2_HMAC(alg) || (alg) == PSA_ALG_PBKDF2_AES_CMAC_PRF_128)
#define PSA_MAC_TRUNCATION_OFFSET 16
#define PSA_AEAD_TAG_LENGTH_OFFSET 16
#define MBEDTLS_PSA_KEY_SLOT_COUNT 32
#define MBEDTLS_PSA_STATIC_KEY_SLOTS
#define MBEDTLS_PSA_STATIC_KEY_SLOT_BUFFER_SIZE 2400
#define PSA_MAX_KEY_BITS 19200
#define PSA_VENDOR_PBKDF2_MAX_ITERATIONS 0xFFFFFFFFu
#define PSA_ERROR_INSUFFICIENT_CAPACITY PSA_ERROR_INSUFFICIENT_DATA
#define PSA_KEY_ID_VOLATILE_MIN PSA_KEY_ID_VENDOR_MIN
#define PSA_KEY_ID_VOLATILE_MAX PSA_KEY_ID_VENDOR_MAX
#define PSA_VENDOR_RSA_GENERATE_MIN_KEY_BITS 2048
typedef struct {
    uint32_t flags;
    uint8_t data[1];
} psa_key_production_parameters_t;

/* DSA, as Mbed TLS sorts it. */
#ifndef PSA_ALG_DSA
#define PSA_ALG_DSA(hash_alg) ((psa_algorithm_t)(0x06000400 | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_DETERMINISTIC_DSA(hash_alg) ((psa_algorithm_t)(0x06000500 | ((hash_alg)&PSA_ALG_HASH_MASK)))
#endif
#define PSA_ALG_ECDSA_IS_DETERMINISTIC(alg) (((alg)&0x100) != 0)
#ifndef PSA_ALG_IS_DSA
#define PSA_ALG_IS_DSA(alg) (((alg)&0xFFFFFE00) == 0x06000400)
#endif
#ifndef PSA_ALG_DSA_IS_DETERMINISTIC
#define PSA_ALG_DSA_IS_DETERMINISTIC(alg) (((alg)&0x100) != 0)
#endif
#ifndef PSA_ALG_IS_DETERMINISTIC_DSA
#define PSA_ALG_IS_DETERMINISTIC_DSA(alg) (PSA_ALG_IS_DSA(alg) && PSA_ALG_DSA_IS_DETERMINISTIC(alg))
#endif
#ifndef PSA_ALG_IS_RANDOMIZED_DSA
#define PSA_ALG_IS_RANDOMIZED_DSA(alg) (PSA_ALG_IS_DSA(alg) && !PSA_ALG_DSA_IS_DETERMINISTIC(alg))
#endif
#ifndef PSA_KEY_TYPE_IS_DSA
#define PSA_KEY_TYPE_IS_DSA(type) (PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) == 0x4002)
#endif

/* J-PAKE as it was before the hash went into the algorithm. */
#undef PSA_ALG_JPAKE
#define PSA_ALG_JPAKE PSA_ALG_JPAKE_BASE

typedef struct {
    size_t volatile_slots, persistent_slots, external_slots, half_filled_slots, cache_slots, empty_slots, locked_slots;
    psa_key_id_t max_open_internal_key_id, max_open_external_key_id;
} mbedtls_psa_stats_t;
void mbedtls_psa_get_stats(mbedtls_psa_stats_t *stats);

/* Its extension: a second permitted algorithm, of which MiCO has one. */
static inline void psa_set_key_enrollment_algorithm(psa_key_attributes_t *attributes, psa_algorithm_t alg)
{
}
static inline psa_algorithm_t psa_get_key_enrollment_algorithm(const psa_key_attributes_t *attributes)
{
    return PSA_ALG_NONE;
}
static inline int psa_can_do_hash(psa_algorithm_t alg)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    int can = psa_hash_setup(&operation, alg) == PSA_SUCCESS;
    return psa_hash_abort(&operation) == PSA_SUCCESS && can;
}
#define psa_key_lifetime_is_external(lifetime) (PSA_KEY_LIFETIME_GET_LOCATION(lifetime) != 0)

/* End a session: keys in memory go, kept ones stay. */
void mbedtls_psa_crypto_free(void);

#endif
