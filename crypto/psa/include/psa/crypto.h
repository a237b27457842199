/* SPDX-License-Identifier: Apache-2.0 */
/* The PSA Certified Crypto API 1.2, with key wrapping of 1.4. Names, numbers and contracts are the specification's
 * (https://arm-software.github.io/psa-api/crypto/1.2/); the comments say in short what each function does, and what MiCO
 * adds to it:
 *
 * - psa/crypto_config.h says which algorithms this build has; any other gives PSA_ERROR_NOT_SUPPORTED.
 * - No heap: keys in MICO_PSA_KEYS slots over MICO_PSA_POOL bytes (crypto/psa/mico_psa.h), operations in the caller's
 *   memory. Persistent keys need a store (mico_psa_persist_in) or a location with its own (the coprocessor).
 * - On error an output length is 0 and an output buffer is untouched or wiped. A set-up that fails changes nothing; after
 *   any other error in an operation of several parts only abort is left, every other call gives PSA_ERROR_BAD_STATE.
 * - A NULL pointer is allowed only where its length is 0. NULL for an operation, for attributes or for a length's place
 *   gives PSA_ERROR_INVALID_ARGUMENT.
 * - An output may overlap the inputs in any way: the result is as if they had been copied before.
 * - Inputs are read once by each algorithm, but not copied first: PSA and its callers share one address space here.
 *
 * Each of these also gives PSA_ERROR_BAD_STATE before psa_crypto_init, PSA_ERROR_INVALID_HANDLE for a key that is not
 * there, PSA_ERROR_NOT_PERMITTED where the key's policy forbids it, PSA_ERROR_COMMUNICATION_FAILURE or _HARDWARE_FAILURE
 * where its location does not answer; these are not said again below. */
#ifndef PSA_CRYPTO_H
#define PSA_CRYPTO_H

#include "psa/crypto_config.h"
#include "psa/crypto_types.h"

#include "psa/crypto_values.h"

#include "psa/crypto_algorithms.h"
#include "psa/crypto_sizes.h"

#include "psa/crypto_struct.h"

#define PSA_CRYPTO_API_VERSION_MAJOR 1
#define PSA_CRYPTO_API_VERSION_MINOR 2

#ifdef __cplusplus
extern "C" {
#endif

/** Make the library ready: seeds the random numbers. Again does no harm. PSA_ERROR_INSUFFICIENT_ENTROPY. */
psa_status_t psa_crypto_init(void);

/** Fill output with output_size random bytes, from the DRBG of SP 800-90A. PSA_ERROR_INSUFFICIENT_ENTROPY. */
psa_status_t psa_generate_random(uint8_t *output, size_t output_size);

/* Attributes: what a key is and may be used for, in the caller's memory. None of the setters checks. */

/** Attributes of no key: all zero. */
static inline psa_key_attributes_t psa_key_attributes_init(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    return attributes;
}

/** Where the key lives and for how long; a volatile one has no identifier of the caller's. */
static inline void psa_set_key_lifetime(psa_key_attributes_t *attributes, psa_key_lifetime_t lifetime)
{
    attributes->lifetime = lifetime;
    if (PSA_KEY_LIFETIME_IS_VOLATILE(lifetime)) {
        attributes->id = PSA_KEY_ID_NULL;
    }
}

/** The identifier that the key shall have; makes it persistent unless a lifetime says otherwise. */
static inline void psa_set_key_id(psa_key_attributes_t *attributes, psa_key_id_t id)
{
    attributes->id = id;
    if (PSA_KEY_LIFETIME_IS_VOLATILE(attributes->lifetime)) {
        attributes->lifetime |= PSA_KEY_LIFETIME_PERSISTENT;
    }
}

/** PSA_KEY_USAGE_… flags; those for hashes bring those for messages with them. */
static inline void psa_set_key_usage_flags(psa_key_attributes_t *attributes, psa_key_usage_t usage_flags)
{
    if (usage_flags & PSA_KEY_USAGE_SIGN_HASH) {
        usage_flags |= PSA_KEY_USAGE_SIGN_MESSAGE;
    }
    if (usage_flags & PSA_KEY_USAGE_VERIFY_HASH) {
        usage_flags |= PSA_KEY_USAGE_VERIFY_MESSAGE;
    }
    attributes->usage = usage_flags;
}

/** The one algorithm, or the wildcard, that the key serves. */
static inline void psa_set_key_algorithm(psa_key_attributes_t *attributes, psa_algorithm_t alg)
{
    attributes->alg = alg;
}

/** What kind of key it is. */
static inline void psa_set_key_type(psa_key_attributes_t *attributes, psa_key_type_t type)
{
    attributes->type = type;
}

/** The key's size in bits; more than the field holds becomes a number that no key has. */
static inline void psa_set_key_bits(psa_key_attributes_t *attributes, size_t bits)
{
    attributes->bits = bits > 0xFFFF ? 0xFFFF : (uint16_t)bits;
}

/** What psa_set_key_id, or the making of the key, has set. */
static inline psa_key_id_t psa_get_key_id(const psa_key_attributes_t *attributes)
{
    return attributes->id;
}

/** What psa_set_key_lifetime has set. */
static inline psa_key_lifetime_t psa_get_key_lifetime(const psa_key_attributes_t *attributes)
{
    return attributes->lifetime;
}

/** What psa_set_key_usage_flags has set. */
static inline psa_key_usage_t psa_get_key_usage_flags(const psa_key_attributes_t *attributes)
{
    return attributes->usage;
}

/** What psa_set_key_algorithm has set. */
static inline psa_algorithm_t psa_get_key_algorithm(const psa_key_attributes_t *attributes)
{
    return attributes->alg;
}

/** What psa_set_key_type has set. */
static inline psa_key_type_t psa_get_key_type(const psa_key_attributes_t *attributes)
{
    return attributes->type;
}

/** What psa_set_key_bits has set, or the size that the key has. */
static inline size_t psa_get_key_bits(const psa_key_attributes_t *attributes)
{
    return attributes->bits;
}

/** Back to the attributes of no key. */
static inline void psa_reset_key_attributes(psa_key_attributes_t *attributes)
{
    *attributes = psa_key_attributes_init();
}

/** The attributes of a key that exists. On error they are those of no key. */
psa_status_t psa_get_key_attributes(psa_key_id_t key, psa_key_attributes_t *attributes);

/* Keys. The formats: an RSA key is RFC 8017's RSAPrivateKey or RSAPublicKey in DER; a key pair of a NIST curve is its
 * private value, big-endian, its public key the uncompressed point; X25519 and Ed25519 keys are 32 bytes as in RFC 7748
 * and 8032; a key of a finite field is the number, big-endian; every other key is its bytes. */

/** Make a key of data. attributes name its type, and its size or 0; *key is its identifier, or PSA_KEY_ID_NULL on error.
 * PSA_ERROR_INVALID_ARGUMENT for data that are no such key, PSA_ERROR_NOT_SUPPORTED for a type or size that is not
 * offered, PSA_ERROR_ALREADY_EXISTS, PSA_ERROR_INSUFFICIENT_MEMORY, PSA_ERROR_INSUFFICIENT_STORAGE. */
psa_status_t psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t data_length,
                            psa_key_id_t *key);

/** Make a random key of the type and size that attributes name. Errors as of psa_import_key, and
 * PSA_ERROR_INSUFFICIENT_ENTROPY. */
psa_status_t psa_generate_key(const psa_key_attributes_t *attributes, psa_key_id_t *key);

/** psa_generate_key (of 1.3) with a wish: for an RSA pair custom_data is the public exponent, big-endian, below 2^32; for a
 * DSA pair, which cannot be without, the domain, Dss-Parms of RFC 3279 in DER; no other type takes any. custom->flags must be 0: PSA_ERROR_INVALID_ARGUMENT. */
psa_status_t psa_generate_key_custom(const psa_key_attributes_t *attributes, const psa_custom_key_parameters_t *custom,
                                     const uint8_t *custom_data, size_t custom_data_length, psa_key_id_t *key);

/** Make a second key of the same bytes within location 0. Its policy is what both that of the source and attributes
 * allow. PSA_ERROR_INVALID_ARGUMENT when they have no algorithm in common or attributes name another type or size,
 * PSA_ERROR_NOT_PERMITTED when the source may not be copied, or leave its location. */
psa_status_t psa_copy_key(psa_key_id_t source_key, const psa_key_attributes_t *attributes, psa_key_id_t *target_key);

/** Give the key's bytes out, if its usage has PSA_KEY_USAGE_EXPORT; always for a public key. Nothing gives out a private
 * key of the coprocessor. PSA_ERROR_BUFFER_TOO_SMALL: see PSA_EXPORT_KEY_OUTPUT_SIZE. */
psa_status_t psa_export_key(psa_key_id_t key, uint8_t *data, size_t data_size, size_t *data_length);

/** Give out the public key, or the public half of a pair, whatever the usage is. PSA_ERROR_INVALID_ARGUMENT for a
 * symmetric key, PSA_ERROR_BUFFER_TOO_SMALL: see PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE. */
psa_status_t psa_export_public_key(psa_key_id_t key, uint8_t *data, size_t data_size, size_t *data_length);

/** Wipe the key from memory and from its store. PSA_KEY_ID_NULL is none and no error. PSA_ERROR_NOT_PERMITTED for a key
 * that is read-only, or of a location that cannot destroy. */
psa_status_t psa_destroy_key(psa_key_id_t key);

/** Wipe the copy in memory of a persistent key; it stays in the store. Does nothing for other keys. */
psa_status_t psa_purge_key(psa_key_id_t key);

#ifdef __cplusplus
}
#endif

#include "psa/crypto_symmetric.h"

#include "psa/crypto_asymmetric.h"
#include "psa/crypto_derivation.h"
#include "psa/crypto_pake.h"

#endif
