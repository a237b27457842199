/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of the PSA Certified Crypto API 1.2: how large a buffer must be. All are constant expressions where their arguments
 * are; a combination that no operation has gives 0. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_SIZES_H
#define PSA_CRYPTO_SIZES_H

/* The largest keys that this build takes; a board may choose smaller ones. */
#ifndef PSA_VENDOR_RSA_MAX_KEY_BITS
#define PSA_VENDOR_RSA_MAX_KEY_BITS 4096u
#endif
#ifndef PSA_VENDOR_FFDH_MAX_KEY_BITS
#define PSA_VENDOR_FFDH_MAX_KEY_BITS 8192u
#endif
#define PSA_VENDOR_ECC_MAX_CURVE_BITS 384u

#define PSA_BITS_TO_BYTES(bits) (((bits) + 7u) / 8u)
#define PSA_BYTES_TO_BITS(bytes) ((bytes)*8u)
#define PSA_ZERO_OF(argument) ((size_t)0 * (argument)) /* of one that a size does not depend on */
#define PSA_MAX_OF(a, b) ((a) > (b) ? (a) : (b))
#define PSA_ROUND_UP_TO_MULTIPLE(block_size, length) (((length) + (block_size)-1) / (block_size) * (block_size))

/* Hashes. */
#define PSA_HASH_LENGTH(alg)                                 \
    (PSA_ALG_GET_HASH(alg) == PSA_ALG_MD5              ? 16u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_RIPEMD160      ? 20u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_1          ? 20u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_224        ? 28u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_256        ? 32u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_384        ? 48u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_512        ? 64u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_512_224    ? 28u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_512_256    ? 32u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_224       ? 28u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_256       ? 32u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_384       ? 48u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_512       ? 64u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHAKE256_512   ? 64u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SM3            ? 32u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_AES_MMO_ZIGBEE ? 16u \
                                                       : 0u)
#define PSA_HASH_BLOCK_LENGTH(alg)                            \
    (PSA_ALG_GET_HASH(alg) == PSA_ALG_MD5              ? 64u  \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_RIPEMD160      ? 64u  \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_1          ? 64u  \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_224        ? 64u  \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_256        ? 64u  \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_384        ? 128u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_512        ? 128u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_512_224    ? 128u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_512_256    ? 128u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_224       ? 144u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_256       ? 136u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_384       ? 104u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA3_512       ? 72u  \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHAKE256_512   ? 136u \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SM3            ? 64u  \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_AES_MMO_ZIGBEE ? 16u  \
                                                       : 0u)
#define PSA_HASH_MAX_SIZE 64u
#define PSA_HMAC_MAX_HASH_BLOCK_SIZE 128u

/* A suspended hash: the algorithm (4 bytes, big-endian), then the length so far, the chaining value and the bytes that
 * fill no block yet. MiCO suspends none of its own hashes but those below. */
#define PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH ((size_t)4)
#define PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(alg) \
    (PSA_HASH_BLOCK_LENGTH(alg) == 64 ? (size_t)8 : PSA_HASH_BLOCK_LENGTH(alg) == 128 ? (size_t)16 : (size_t)0)
#define PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg)                                          \
    (PSA_ALG_GET_HASH(alg) == PSA_ALG_MD5         ? (size_t)16                                 \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_RIPEMD160 ? (size_t)20                                 \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_1     ? (size_t)20                                 \
     : PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_224 || PSA_ALG_GET_HASH(alg) == PSA_ALG_SHA_256 || \
             PSA_ALG_GET_HASH(alg) == PSA_ALG_SM3                                              \
         ? (size_t)32                                                                          \
     : PSA_HASH_BLOCK_LENGTH(alg) == 128 ? (size_t)64                                          \
                                         : (size_t)0)
#define PSA_HASH_SUSPEND_OUTPUT_SIZE(alg)                                                              \
    (PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg) == 0                                                \
         ? (size_t)0                                                                                   \
         : PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH + PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(alg) + \
               PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg) + PSA_HASH_BLOCK_LENGTH(alg) - 1)
#define PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE PSA_HASH_SUSPEND_OUTPUT_SIZE(PSA_ALG_SHA_512)

/* MACs. */
#define PSA_MAC_MAX_SIZE PSA_HASH_MAX_SIZE
#define PSA_MAC_LENGTH(key_type, key_bits, alg)                                     \
    (!PSA_ALG_IS_MAC(alg)                 ? (size_t)0                               \
     : PSA_MAC_TRUNCATED_LENGTH(alg) != 0 ? PSA_MAC_TRUNCATED_LENGTH(alg)           \
     : PSA_ALG_IS_HMAC(alg)               ? (size_t)PSA_HASH_LENGTH(alg)            \
     : PSA_ALG_IS_BLOCK_CIPHER_MAC(alg)   ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) \
                                          : PSA_ZERO_OF(key_type) * PSA_ZERO_OF(key_bits))

/* Ciphers. The IV goes before the ciphertext in the one-call functions. */
#define PSA_CIPHER_IS_ON_BLOCKS(alg)                                                                 \
    ((alg) == PSA_ALG_CTR || (alg) == PSA_ALG_CFB || (alg) == PSA_ALG_OFB || (alg) == PSA_ALG_XTS || \
     (alg) == PSA_ALG_CBC_NO_PADDING || (alg) == PSA_ALG_CBC_PKCS7)
#define PSA_CIPHER_IV_LENGTH(key_type, alg)                                                           \
    (PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) > 1 && PSA_CIPHER_IS_ON_BLOCKS(alg)                      \
         ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type)                                                    \
     : (key_type) == PSA_KEY_TYPE_CHACHA20 && (alg) == PSA_ALG_STREAM_CIPHER             ? (size_t)12 \
     : PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) == 16 && (alg) == PSA_ALG_CCM_STAR_NO_TAG ? (size_t)13 \
                                                                                         : (size_t)0)
#define PSA_CIPHER_IV_MAX_SIZE 16u
#define PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(key_type, alg, input_length)                                       \
    ((alg) == PSA_ALG_CBC_PKCS7                                                                           \
         ? (PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) > 1                                                   \
                ? PSA_ROUND_UP_TO_MULTIPLE(PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type), (input_length) + 1) + \
                      PSA_CIPHER_IV_LENGTH(key_type, alg)                                                 \
                : (size_t)0)                                                                              \
     : PSA_ALG_IS_CIPHER(alg) ? (input_length) + PSA_CIPHER_IV_LENGTH(key_type, alg)                      \
                              : (size_t)0)
#define PSA_CIPHER_ENCRYPT_OUTPUT_MAX_SIZE(input_length) \
    (PSA_ROUND_UP_TO_MULTIPLE(PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE, (input_length) + 1) + PSA_CIPHER_IV_MAX_SIZE)
#define PSA_CIPHER_DECRYPT_OUTPUT_SIZE(key_type, alg, input_length) \
    (PSA_ALG_IS_CIPHER(alg) && PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) != 0 ? (size_t)(input_length) : (size_t)0)
#define PSA_CIPHER_DECRYPT_OUTPUT_MAX_SIZE(input_length) (input_length)
/* Part of a message: whole blocks for the modes that give out whole blocks. */
#define PSA_CIPHER_UPDATE_OUTPUT_SIZE(key_type, alg, input_length)                                      \
    (!PSA_ALG_IS_CIPHER(alg) || PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) == 0 ? (size_t)0                \
     : (alg) == PSA_ALG_CBC_NO_PADDING || (alg) == PSA_ALG_CBC_PKCS7 || (alg) == PSA_ALG_ECB_NO_PADDING \
         ? PSA_ROUND_UP_TO_MULTIPLE(PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type), (size_t)(input_length))    \
         : (size_t)(input_length))
#define PSA_CIPHER_UPDATE_OUTPUT_MAX_SIZE(input_length) \
    PSA_ROUND_UP_TO_MULTIPLE(PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE, (input_length))
#define PSA_CIPHER_FINISH_OUTPUT_SIZE(key_type, alg) \
    ((alg) == PSA_ALG_CBC_PKCS7 ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) : (size_t)0)
#define PSA_CIPHER_FINISH_OUTPUT_MAX_SIZE PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE

/* Authenticated encryption. */
#define PSA_AEAD_TAG_LENGTH(key_type, key_bits, alg) \
    (PSA_AEAD_NONCE_LENGTH(key_type, alg) != 0 ? PSA_ALG_AEAD_GET_TAG_LENGTH(alg) : PSA_ZERO_OF(key_bits))
#define PSA_AEAD_TAG_MAX_SIZE 16u
#define PSA_AEAD_NONCE_LENGTH(key_type, alg)                                                                           \
    (PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) == 16                                                                     \
         ? (PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg) == PSA_ALG_CCM   ? (size_t)13                                    \
            : PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg) == PSA_ALG_GCM ? (size_t)12                                    \
                                                                       : (size_t)0)                                    \
     : (key_type) == PSA_KEY_TYPE_CHACHA20 && PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg) == PSA_ALG_CHACHA20_POLY1305   \
         ? (size_t)12                                                                                                  \
     : (key_type) == PSA_KEY_TYPE_XCHACHA20 && PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg) == PSA_ALG_XCHACHA20_POLY1305 \
         ? (size_t)24                                                                                                  \
         : (size_t)0)
#define PSA_AEAD_NONCE_MAX_SIZE 13u
#define PSA_AEAD_ENCRYPT_OUTPUT_SIZE(key_type, alg, plaintext_length) \
    (PSA_AEAD_NONCE_LENGTH(key_type, alg) != 0 ? (plaintext_length) + PSA_ALG_AEAD_GET_TAG_LENGTH(alg) : (size_t)0)
#define PSA_AEAD_ENCRYPT_OUTPUT_MAX_SIZE(plaintext_length) ((plaintext_length) + PSA_AEAD_TAG_MAX_SIZE)
#define PSA_AEAD_DECRYPT_OUTPUT_SIZE(key_type, alg, ciphertext_length)                                   \
    (PSA_AEAD_NONCE_LENGTH(key_type, alg) != 0 && (ciphertext_length) > PSA_ALG_AEAD_GET_TAG_LENGTH(alg) \
         ? (ciphertext_length)-PSA_ALG_AEAD_GET_TAG_LENGTH(alg)                                          \
         : (size_t)0)
#define PSA_AEAD_DECRYPT_OUTPUT_MAX_SIZE(ciphertext_length) (ciphertext_length)
#define PSA_AEAD_UPDATE_OUTPUT_SIZE(key_type, alg, input_length)                             \
    (PSA_AEAD_NONCE_LENGTH(key_type, alg) == 0 ? (size_t)0                                   \
     : PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg)                                                  \
         ? PSA_ROUND_UP_TO_MULTIPLE(PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type), (input_length)) \
         : (size_t)(input_length))
#define PSA_AEAD_UPDATE_OUTPUT_MAX_SIZE(input_length) \
    PSA_ROUND_UP_TO_MULTIPLE(PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE, (input_length))
#define PSA_AEAD_FINISH_OUTPUT_SIZE(key_type, alg)                                     \
    (PSA_AEAD_NONCE_LENGTH(key_type, alg) != 0 && PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) \
         ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type)                                     \
         : (size_t)0)
#define PSA_AEAD_FINISH_OUTPUT_MAX_SIZE PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE
#define PSA_AEAD_VERIFY_OUTPUT_SIZE(key_type, alg) PSA_AEAD_FINISH_OUTPUT_SIZE(key_type, alg)
#define PSA_AEAD_VERIFY_OUTPUT_MAX_SIZE PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE

/* Key wrapping, of 1.4: the wrapped form of key_length bytes. */
#define PSA_WRAP_KEY_OUTPUT_SIZE(wrap_key_type, alg, key_type, key_bits)                     \
    ((alg) == PSA_ALG_KW || (alg) == PSA_ALG_KWP                                             \
         ? PSA_ROUND_UP_TO_MULTIPLE(8u, PSA_EXPORT_KEY_OUTPUT_SIZE(key_type, key_bits)) + 8u \
         : PSA_ZERO_OF(wrap_key_type))
#define PSA_WRAP_KEY_PAIR_MAX_SIZE (PSA_ROUND_UP_TO_MULTIPLE(8u, PSA_EXPORT_KEY_PAIR_MAX_SIZE) + 8u)

/* Signatures. */
#define PSA_ECDSA_SIGNATURE_SIZE(curve_bits) (PSA_BITS_TO_BYTES(curve_bits) * 2u)
#define PSA_SIGN_OUTPUT_SIZE(key_type, key_bits, alg)                                         \
    (PSA_KEY_TYPE_IS_RSA(key_type)   ? (size_t)PSA_BITS_TO_BYTES(key_bits) + PSA_ZERO_OF(alg) \
     : PSA_KEY_TYPE_IS_ECC(key_type) ? (size_t)PSA_ECDSA_SIGNATURE_SIZE(key_bits)             \
     : PSA_KEY_TYPE_IS_DSA(key_type) ? (size_t)64                                             \
                                     : PSA_ZERO_OF(alg))
#define PSA_SIGNATURE_MAX_SIZE \
    PSA_MAX_OF(PSA_BITS_TO_BYTES(PSA_VENDOR_RSA_MAX_KEY_BITS), PSA_ECDSA_SIGNATURE_SIZE(PSA_VENDOR_ECC_MAX_CURVE_BITS))

/* Encryption with a public key. */
#define PSA_RSA_MINIMUM_PADDING_SIZE(alg) \
    (PSA_ALG_IS_RSA_OAEP(alg) ? (size_t)2 * PSA_HASH_LENGTH(PSA_ALG_RSA_OAEP_GET_HASH(alg)) + 2 : (size_t)11)
#define PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(key_type, key_bits, alg) \
    (PSA_KEY_TYPE_IS_RSA(key_type) ? (size_t)PSA_BITS_TO_BYTES(key_bits) + PSA_ZERO_OF(alg) : (size_t)0)
#define PSA_ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE PSA_BITS_TO_BYTES(PSA_VENDOR_RSA_MAX_KEY_BITS)
#define PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE(key_type, key_bits, alg)                                           \
    (PSA_KEY_TYPE_IS_RSA(key_type) && (size_t)PSA_BITS_TO_BYTES(key_bits) > PSA_RSA_MINIMUM_PADDING_SIZE(alg) \
         ? (size_t)PSA_BITS_TO_BYTES(key_bits) - PSA_RSA_MINIMUM_PADDING_SIZE(alg)                            \
         : (size_t)0)
#define PSA_ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE (PSA_BITS_TO_BYTES(PSA_VENDOR_RSA_MAX_KEY_BITS) - 11u)

/* Agreement. */
#define PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(key_type, key_bits) \
    (PSA_KEY_TYPE_IS_ECC_KEY_PAIR(key_type) || PSA_KEY_TYPE_IS_DH_KEY_PAIR(key_type) ? PSA_BITS_TO_BYTES(key_bits) : 0u)
#define PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE PSA_BITS_TO_BYTES(PSA_VENDOR_FFDH_MAX_KEY_BITS)

/* Keys as they are exported. An INTEGER of RFC 8017's formats that has bits takes at most bits / 8 + 5 bytes. */
#define PSA_KEY_EXPORT_ASN1_INTEGER_MAX_SIZE(bits) ((bits) / 8u + 5u)
#define PSA_KEY_EXPORT_RSA_PUBLIC_KEY_MAX_SIZE(key_bits) (PSA_KEY_EXPORT_ASN1_INTEGER_MAX_SIZE(key_bits) + 11u)
#define PSA_KEY_EXPORT_RSA_KEY_PAIR_MAX_SIZE(key_bits) \
    (9u * PSA_KEY_EXPORT_ASN1_INTEGER_MAX_SIZE((key_bits) / 2u + 1u) + 14u)
/* p, g and y of key_bits, q and x of 256 at most, a version and a header. */
#define PSA_KEY_EXPORT_DSA_MAX_SIZE(key_bits) \
    (3u * PSA_KEY_EXPORT_ASN1_INTEGER_MAX_SIZE(key_bits) + 2u * PSA_KEY_EXPORT_ASN1_INTEGER_MAX_SIZE(256u) + 7u)
#define PSA_KEY_EXPORT_ECC_PUBLIC_KEY_MAX_SIZE(key_bits) (2u * PSA_BITS_TO_BYTES(key_bits) + 1u)
#define PSA_KEY_ECC_IS_POINT_X_ONLY(key_type)                              \
    (PSA_KEY_TYPE_ECC_GET_FAMILY(key_type) == PSA_ECC_FAMILY_MONTGOMERY || \
     PSA_KEY_TYPE_ECC_GET_FAMILY(key_type) == PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define PSA_EXPORT_KEY_OUTPUT_SIZE(key_type, key_bits)                                                  \
    (PSA_KEY_TYPE_IS_UNSTRUCTURED(key_type)    ? (size_t)PSA_BITS_TO_BYTES(key_bits)                    \
     : (key_type) == PSA_KEY_TYPE_RSA_KEY_PAIR ? (size_t)PSA_KEY_EXPORT_RSA_KEY_PAIR_MAX_SIZE(key_bits) \
     : PSA_KEY_TYPE_IS_ECC_KEY_PAIR(key_type)  ? (size_t)PSA_BITS_TO_BYTES(key_bits)                    \
     : PSA_KEY_TYPE_IS_DH_KEY_PAIR(key_type)   ? (size_t)PSA_BITS_TO_BYTES(key_bits)                    \
     : (key_type) == PSA_KEY_TYPE_DSA_KEY_PAIR ? (size_t)PSA_KEY_EXPORT_DSA_MAX_SIZE(key_bits)          \
     : PSA_KEY_TYPE_IS_SRP_KEY_PAIR(key_type)  ? (size_t)PSA_HASH_MAX_SIZE                              \
     : PSA_KEY_TYPE_IS_PUBLIC_KEY(key_type)    ? PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(key_type, key_bits)  \
                                               : (size_t)0)
#define PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(key_type, key_bits)                                                       \
    (PSA_KEY_TYPE_IS_RSA(key_type) ? (size_t)PSA_KEY_EXPORT_RSA_PUBLIC_KEY_MAX_SIZE(key_bits)                       \
     : PSA_KEY_TYPE_IS_ECC(key_type) && PSA_KEY_ECC_IS_POINT_X_ONLY(key_type) ? (size_t)PSA_BITS_TO_BYTES(key_bits) \
     : PSA_KEY_TYPE_IS_ECC(key_type) ? (size_t)PSA_KEY_EXPORT_ECC_PUBLIC_KEY_MAX_SIZE(key_bits)                     \
     : PSA_KEY_TYPE_IS_DH(key_type)  ? (size_t)PSA_BITS_TO_BYTES(key_bits)                                          \
     : PSA_KEY_TYPE_IS_DSA(key_type) ? (size_t)PSA_KEY_EXPORT_DSA_MAX_SIZE(key_bits)                                \
     : PSA_KEY_TYPE_IS_SRP(key_type) ? (size_t)PSA_BITS_TO_BYTES(key_bits)                                          \
                                     : (size_t)0)
#define PSA_EXPORT_KEY_PAIR_MAX_SIZE                                                      \
    PSA_MAX_OF((size_t)PSA_KEY_EXPORT_RSA_KEY_PAIR_MAX_SIZE(PSA_VENDOR_RSA_MAX_KEY_BITS), \
               (size_t)PSA_BITS_TO_BYTES(PSA_VENDOR_FFDH_MAX_KEY_BITS))
#define PSA_EXPORT_PUBLIC_KEY_MAX_SIZE                                                      \
    PSA_MAX_OF((size_t)PSA_KEY_EXPORT_RSA_PUBLIC_KEY_MAX_SIZE(PSA_VENDOR_RSA_MAX_KEY_BITS), \
               (size_t)PSA_BITS_TO_BYTES(PSA_VENDOR_FFDH_MAX_KEY_BITS))
#define PSA_EXPORT_ASYMMETRIC_KEY_MAX_SIZE PSA_MAX_OF(PSA_EXPORT_KEY_PAIR_MAX_SIZE, PSA_EXPORT_PUBLIC_KEY_MAX_SIZE)

/* Derivation. */
#define PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE 128u
#define PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE 32u

/* Password-authenticated key exchange: MiCO offers SRP-6a. */
#define PSA_PAKE_INPUT_SIZE(alg, primitive, input_step)                                                    \
    (!PSA_ALG_IS_SRP_6(alg)                    ? (size_t)0                                                 \
     : (input_step) == PSA_PAKE_STEP_SALT      ? (size_t)PSA_HASH_MAX_SIZE                                 \
     : (input_step) == PSA_PAKE_STEP_KEY_SHARE ? PSA_BITS_TO_BYTES(PSA_PAKE_PRIMITIVE_GET_BITS(primitive)) \
     : (input_step) == PSA_PAKE_STEP_CONFIRM   ? (size_t)PSA_HASH_LENGTH(alg)                              \
                                               : (size_t)0)
#define PSA_PAKE_OUTPUT_SIZE(alg, primitive, output_step) PSA_PAKE_INPUT_SIZE(alg, primitive, output_step)
#define PSA_PAKE_INPUT_MAX_SIZE 1024u
#define PSA_PAKE_OUTPUT_MAX_SIZE PSA_PAKE_INPUT_MAX_SIZE

#endif
