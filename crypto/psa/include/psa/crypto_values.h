/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of the PSA Certified Crypto API 1.2: status codes, key types, algorithms, usage, lifetimes, derivation steps.
 * Only those that MiCO's implementation knows or a caller may need to test for. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_VALUES_H
#define PSA_CRYPTO_VALUES_H

/* Status codes. */
#define PSA_SUCCESS ((psa_status_t)0)
#define PSA_ERROR_GENERIC_ERROR ((psa_status_t)-132)
#define PSA_ERROR_NOT_PERMITTED ((psa_status_t)-133)
#define PSA_ERROR_NOT_SUPPORTED ((psa_status_t)-134)
#define PSA_ERROR_INVALID_ARGUMENT ((psa_status_t)-135)
#define PSA_ERROR_INVALID_HANDLE ((psa_status_t)-136)
#define PSA_ERROR_BAD_STATE ((psa_status_t)-137)
#define PSA_ERROR_BUFFER_TOO_SMALL ((psa_status_t)-138)
#define PSA_ERROR_ALREADY_EXISTS ((psa_status_t)-139)
#define PSA_ERROR_DOES_NOT_EXIST ((psa_status_t)-140)
#define PSA_ERROR_INSUFFICIENT_MEMORY ((psa_status_t)-141)
#define PSA_ERROR_INSUFFICIENT_STORAGE ((psa_status_t)-142)
#define PSA_ERROR_INSUFFICIENT_DATA ((psa_status_t)-143)
#define PSA_ERROR_SERVICE_FAILURE ((psa_status_t)-144)
#define PSA_ERROR_COMMUNICATION_FAILURE ((psa_status_t)-145)
#define PSA_ERROR_STORAGE_FAILURE ((psa_status_t)-146)
#define PSA_ERROR_HARDWARE_FAILURE ((psa_status_t)-147)
#define PSA_ERROR_INSUFFICIENT_ENTROPY ((psa_status_t)-148)
#define PSA_ERROR_INVALID_SIGNATURE ((psa_status_t)-149)
#define PSA_ERROR_INVALID_PADDING ((psa_status_t)-150)
#define PSA_ERROR_CORRUPTION_DETECTED ((psa_status_t)-151)
#define PSA_ERROR_DATA_CORRUPT ((psa_status_t)-152)
#define PSA_ERROR_DATA_INVALID ((psa_status_t)-153)

/* Key types. */
#define PSA_KEY_TYPE_NONE ((psa_key_type_t)0x0000)
#define PSA_KEY_TYPE_RAW_DATA ((psa_key_type_t)0x1001)
#define PSA_KEY_TYPE_HMAC ((psa_key_type_t)0x1100)
#define PSA_KEY_TYPE_DERIVE ((psa_key_type_t)0x1200)
#define PSA_KEY_TYPE_AES ((psa_key_type_t)0x2400)
#define PSA_KEY_TYPE_CHACHA20 ((psa_key_type_t)0x2004)
#define PSA_KEY_TYPE_ECC_PUBLIC_KEY_BASE ((psa_key_type_t)0x4100)
#define PSA_KEY_TYPE_ECC_KEY_PAIR_BASE ((psa_key_type_t)0x7100)
#define PSA_KEY_TYPE_CATEGORY_MASK ((psa_key_type_t)0x7000)
#define PSA_KEY_TYPE_CATEGORY_PUBLIC_KEY ((psa_key_type_t)0x4000)
#define PSA_KEY_TYPE_CATEGORY_KEY_PAIR ((psa_key_type_t)0x7000)

typedef uint8_t psa_ecc_family_t;
#define PSA_ECC_FAMILY_SECP_R1 ((psa_ecc_family_t)0x12)
#define PSA_ECC_FAMILY_MONTGOMERY ((psa_ecc_family_t)0x41)
#define PSA_ECC_FAMILY_TWISTED_EDWARDS ((psa_ecc_family_t)0x42)
#define PSA_KEY_TYPE_ECC_KEY_PAIR(curve) ((psa_key_type_t)(PSA_KEY_TYPE_ECC_KEY_PAIR_BASE | (curve)))
#define PSA_KEY_TYPE_ECC_PUBLIC_KEY(curve) ((psa_key_type_t)(PSA_KEY_TYPE_ECC_PUBLIC_KEY_BASE | (curve)))
#define PSA_KEY_TYPE_ECC_GET_FAMILY(type) ((psa_ecc_family_t)((type)&0x00FF))
#define PSA_KEY_TYPE_IS_ECC_KEY_PAIR(type) (((type)&0xFF00) == PSA_KEY_TYPE_ECC_KEY_PAIR_BASE)
#define PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY(type) (((type)&0xFF00) == PSA_KEY_TYPE_ECC_PUBLIC_KEY_BASE)
#define PSA_KEY_TYPE_IS_ECC(type) \
    ((PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) & 0xFF00) == PSA_KEY_TYPE_ECC_PUBLIC_KEY_BASE)
#define PSA_KEY_TYPE_IS_PUBLIC_KEY(type) (((type)&PSA_KEY_TYPE_CATEGORY_MASK) == PSA_KEY_TYPE_CATEGORY_PUBLIC_KEY)
#define PSA_KEY_TYPE_IS_KEY_PAIR(type) (((type)&PSA_KEY_TYPE_CATEGORY_MASK) == PSA_KEY_TYPE_CATEGORY_KEY_PAIR)
#define PSA_KEY_TYPE_IS_ASYMMETRIC(type) (PSA_KEY_TYPE_IS_PUBLIC_KEY(type) || PSA_KEY_TYPE_IS_KEY_PAIR(type))
#define PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) ((psa_key_type_t)((type) & ~0x3000))
#define PSA_KEY_TYPE_KEY_PAIR_OF_PUBLIC_KEY(type) ((psa_key_type_t)((type) | 0x3000))

/* Algorithms. */
#define PSA_ALG_NONE ((psa_algorithm_t)0)
#define PSA_ALG_CATEGORY_MASK ((psa_algorithm_t)0x7F000000)
#define PSA_ALG_HASH_MASK ((psa_algorithm_t)0x000000FF)
#define PSA_ALG_MD5 ((psa_algorithm_t)0x02000003)
#define PSA_ALG_SHA_1 ((psa_algorithm_t)0x02000005)
#define PSA_ALG_SHA_224 ((psa_algorithm_t)0x02000008)
#define PSA_ALG_SHA_256 ((psa_algorithm_t)0x02000009)
#define PSA_ALG_SHA_384 ((psa_algorithm_t)0x0200000A)
#define PSA_ALG_SHA_512 ((psa_algorithm_t)0x0200000B)
#define PSA_ALG_IS_HASH(alg) (((alg)&PSA_ALG_CATEGORY_MASK) == 0x02000000)
#define PSA_ALG_HMAC(hash_alg) ((psa_algorithm_t)(0x03800000 | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_HMAC(alg) (((alg)&0x7FC0FF00) == 0x03800000)
#define PSA_ALG_IS_MAC(alg) (((alg)&PSA_ALG_CATEGORY_MASK) == 0x03000000)
#define PSA_ALG_GET_HASH(alg) ((psa_algorithm_t)(0x02000000 | ((alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_CMAC ((psa_algorithm_t)0x03C00200)
#define PSA_ALG_IS_BLOCK_CIPHER_MAC(alg) (((alg)&0x7FC00000) == 0x03C00000)
/* Shortened MACs and AEAD tags: the length lies in bits 16 to 21; bit 15 makes a policy of "at least this length". */
#define PSA_ALG_TAG_MASK ((psa_algorithm_t)0x003F8000)
#define PSA_ALG_AT_LEAST_FLAG ((psa_algorithm_t)0x00008000)
#define PSA_ALG_TAG_LENGTH_FIELD(alg) ((size_t)((alg) >> 16 & 0x3F))
#define PSA_ALG_WITH_TAG_LENGTH_FIELD(alg, len) \
    ((psa_algorithm_t)(((alg) & ~PSA_ALG_TAG_MASK) | ((psa_algorithm_t)(len)&0x3F) << 16))
#define PSA_ALG_TRUNCATED_MAC(mac_alg, mac_length) PSA_ALG_WITH_TAG_LENGTH_FIELD(mac_alg, mac_length)
#define PSA_ALG_FULL_LENGTH_MAC(mac_alg) PSA_ALG_WITH_TAG_LENGTH_FIELD(mac_alg, 0)
#define PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(mac_alg, min_mac_length) \
    (PSA_ALG_TRUNCATED_MAC(mac_alg, min_mac_length) | PSA_ALG_AT_LEAST_FLAG)
#define PSA_ALG_IS_AEAD(alg) (((alg)&PSA_ALG_CATEGORY_MASK) == 0x05000000)
#define PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) (((alg)&0x7F400000) == 0x05400000)
#define PSA_ALG_CCM ((psa_algorithm_t)0x05500100)
#define PSA_ALG_GCM ((psa_algorithm_t)0x05500200)
#define PSA_ALG_AEAD_WITH_SHORTENED_TAG(aead_alg, tag_length) PSA_ALG_WITH_TAG_LENGTH_FIELD(aead_alg, tag_length)
#define PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(aead_alg) PSA_ALG_WITH_TAG_LENGTH_FIELD(aead_alg, 16)
#define PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(aead_alg, min_tag_length) \
    (PSA_ALG_AEAD_WITH_SHORTENED_TAG(aead_alg, min_tag_length) | PSA_ALG_AT_LEAST_FLAG)
#define PSA_ALG_CTR ((psa_algorithm_t)0x04C01000)
#define PSA_ALG_CHACHA20_POLY1305 ((psa_algorithm_t)0x05100500)
#define PSA_ALG_PURE_EDDSA ((psa_algorithm_t)0x06000800)
#define PSA_ALG_HKDF(hash_alg) ((psa_algorithm_t)(0x08000100 | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_HKDF(alg) (((alg)&0x7F00FF00) == 0x08000100)
#define PSA_ALG_ECDH ((psa_algorithm_t)0x09020000)
#define PSA_ALG_KEY_AGREEMENT(ka_alg, kdf_alg) ((psa_algorithm_t)((ka_alg) | (kdf_alg)))
#define PSA_ALG_KEY_AGREEMENT_GET_KDF(alg) ((psa_algorithm_t)(((alg)&0xFE00FFFF) | 0x08000000))
#define PSA_ALG_KEY_AGREEMENT_GET_BASE(alg) ((psa_algorithm_t)(((alg)&0xFFFF0000) | 0x09000000))
#define PSA_ALG_IS_KEY_AGREEMENT(alg) (((alg)&0x7F000000) == 0x09000000)
#define PSA_ALG_IS_RAW_KEY_AGREEMENT(alg) (PSA_ALG_IS_KEY_AGREEMENT(alg) && ((alg)&0x0000FFFF) == 0)

/* Usage flags. */
#define PSA_KEY_USAGE_EXPORT ((psa_key_usage_t)0x00000001)
#define PSA_KEY_USAGE_COPY ((psa_key_usage_t)0x00000002)
#define PSA_KEY_USAGE_CACHE ((psa_key_usage_t)0x00000004)
#define PSA_KEY_USAGE_ENCRYPT ((psa_key_usage_t)0x00000100)
#define PSA_KEY_USAGE_DECRYPT ((psa_key_usage_t)0x00000200)
#define PSA_KEY_USAGE_SIGN_MESSAGE ((psa_key_usage_t)0x00000400)
#define PSA_KEY_USAGE_VERIFY_MESSAGE ((psa_key_usage_t)0x00000800)
#define PSA_KEY_USAGE_SIGN_HASH ((psa_key_usage_t)0x00001000)
#define PSA_KEY_USAGE_VERIFY_HASH ((psa_key_usage_t)0x00002000)
#define PSA_KEY_USAGE_DERIVE ((psa_key_usage_t)0x00004000)
#define PSA_KEY_USAGE_VERIFY_DERIVATION ((psa_key_usage_t)0x00008000)

/* Lifetimes: location << 8 | persistence. */
#define PSA_KEY_LIFETIME_VOLATILE ((psa_key_lifetime_t)0x00000000)
#define PSA_KEY_LIFETIME_PERSISTENT ((psa_key_lifetime_t)0x00000001)
#define PSA_KEY_PERSISTENCE_VOLATILE ((psa_key_persistence_t)0x00)
#define PSA_KEY_PERSISTENCE_DEFAULT ((psa_key_persistence_t)0x01)
#define PSA_KEY_PERSISTENCE_READ_ONLY ((psa_key_persistence_t)0xFF)
#define PSA_KEY_LOCATION_LOCAL_STORAGE ((psa_key_location_t)0x000000)
#define PSA_KEY_LOCATION_PRIMARY_SECURE_ELEMENT ((psa_key_location_t)0x000001)
#define PSA_KEY_LOCATION_VENDOR_FLAG ((psa_key_location_t)0x800000)
#define PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) ((psa_key_persistence_t)((lifetime)&0x000000FF))
#define PSA_KEY_LIFETIME_GET_LOCATION(lifetime) ((psa_key_location_t)((lifetime) >> 8))
#define PSA_KEY_LIFETIME_IS_VOLATILE(lifetime) (PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == 0)
#define PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(persistence, location) \
    ((psa_key_lifetime_t)((psa_key_location_t)(location) << 8 | (psa_key_persistence_t)(persistence)))

#define PSA_KEY_ID_NULL ((psa_key_id_t)0)
#define PSA_KEY_ID_USER_MIN ((psa_key_id_t)0x00000001)
#define PSA_KEY_ID_USER_MAX ((psa_key_id_t)0x3FFFFFFF)
#define PSA_KEY_ID_VENDOR_MIN ((psa_key_id_t)0x40000000)
#define PSA_KEY_ID_VENDOR_MAX ((psa_key_id_t)0x7FFFFFFF)

/* Inputs of a key derivation. */
#define PSA_KEY_DERIVATION_INPUT_SECRET ((psa_key_derivation_step_t)0x0101)
#define PSA_KEY_DERIVATION_INPUT_PASSWORD ((psa_key_derivation_step_t)0x0102)
#define PSA_KEY_DERIVATION_INPUT_OTHER_SECRET ((psa_key_derivation_step_t)0x0103)
#define PSA_KEY_DERIVATION_INPUT_LABEL ((psa_key_derivation_step_t)0x0201)
#define PSA_KEY_DERIVATION_INPUT_SALT ((psa_key_derivation_step_t)0x0202)
#define PSA_KEY_DERIVATION_INPUT_INFO ((psa_key_derivation_step_t)0x0203)
#define PSA_KEY_DERIVATION_INPUT_SEED ((psa_key_derivation_step_t)0x0204)
#define PSA_KEY_DERIVATION_INPUT_COST ((psa_key_derivation_step_t)0x0205)
#define PSA_KEY_DERIVATION_UNLIMITED_CAPACITY ((size_t)-1)

/* Sizes. */
#define PSA_BITS_TO_BYTES(bits) (((bits) + 7u) / 8u)
#define PSA_BYTES_TO_BITS(bytes) ((bytes)*8u)
#define PSA_HASH_LENGTH(alg)                          \
    (PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_256   ? 32u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_384 ? 48u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_512 ? 64u \
                                                : 0u)
#define PSA_HASH_MAX_SIZE 64u
#define PSA_HMAC_MAX_HASH_BLOCK_SIZE 128u
#define PSA_MAC_MAX_SIZE PSA_HASH_MAX_SIZE
#define PSA_MAC_LENGTH(key_type, key_bits, alg)                           \
    (!PSA_ALG_IS_MAC(alg)                 ? (size_t)0                     \
     : PSA_ALG_TAG_LENGTH_FIELD(alg) != 0 ? PSA_ALG_TAG_LENGTH_FIELD(alg) \
     : PSA_ALG_IS_HMAC(alg)               ? (size_t)PSA_HASH_LENGTH(alg)  \
     : PSA_ALG_IS_BLOCK_CIPHER_MAC(alg)   ? (size_t)16                    \
                                          : (size_t)0)
#define PSA_AEAD_TAG_LENGTH(key_type, key_bits, alg) (PSA_ALG_IS_AEAD(alg) ? PSA_ALG_TAG_LENGTH_FIELD(alg) : (size_t)0)
#define PSA_AEAD_TAG_MAX_SIZE 16u
#define PSA_AEAD_NONCE_LENGTH(key_type, alg)                                      \
    (PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg) == PSA_ALG_CHACHA20_POLY1305 ? 12u \
     : PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg) == PSA_ALG_GCM             ? 12u \
     : PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg) == PSA_ALG_CCM             ? 13u \
                                                                            : 0u)
#define PSA_AEAD_NONCE_MAX_SIZE 13u
#define PSA_AEAD_ENCRYPT_OUTPUT_SIZE(key_type, alg, plaintext_length) \
    (PSA_ALG_IS_AEAD(alg) ? (plaintext_length) + PSA_ALG_TAG_LENGTH_FIELD(alg) : (size_t)0)
#define PSA_AEAD_ENCRYPT_OUTPUT_MAX_SIZE(plaintext_length) ((plaintext_length) + PSA_AEAD_TAG_MAX_SIZE)
#define PSA_AEAD_DECRYPT_OUTPUT_SIZE(key_type, alg, ciphertext_length)           \
    (PSA_ALG_IS_AEAD(alg) && (ciphertext_length) > PSA_ALG_TAG_LENGTH_FIELD(alg) \
         ? (ciphertext_length)-PSA_ALG_TAG_LENGTH_FIELD(alg)                     \
         : (size_t)0)
#define PSA_AEAD_DECRYPT_OUTPUT_MAX_SIZE(ciphertext_length) (ciphertext_length)
#define PSA_CIPHER_IV_LENGTH(key_type, alg) ((alg) == PSA_ALG_CTR ? 16u : 0u)
#define PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(key_type, alg, input_length) ((alg) == PSA_ALG_CTR ? (input_length) + 16u : 0u)
#define PSA_CIPHER_DECRYPT_OUTPUT_SIZE(key_type, alg, input_length) \
    ((alg) == PSA_ALG_CTR && (input_length) >= 16u ? (input_length)-16u : 0u)
#define PSA_SIGN_OUTPUT_SIZE(key_type, key_bits, alg) ((alg) == PSA_ALG_PURE_EDDSA ? 64u : 0u)
#define PSA_SIGNATURE_MAX_SIZE 64u
#define PSA_EXPORT_KEY_OUTPUT_SIZE(key_type, key_bits) PSA_BITS_TO_BYTES(key_bits)
#define PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(key_type, key_bits) PSA_BITS_TO_BYTES(key_bits)
#define PSA_EXPORT_PUBLIC_KEY_MAX_SIZE 32u
#define PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(key_type, key_bits) PSA_BITS_TO_BYTES(key_bits)
#define PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE 32u

#endif
