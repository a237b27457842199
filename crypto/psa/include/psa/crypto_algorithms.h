/* SPDX-License-Identifier: Apache-2.0 */
/* Algorithms of the PSA Certified Crypto API 1.2, key wrapping of 1.4, and SRP-6a as others number it. A number says
 * nothing of what this build offers: psa/crypto_config.h does. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_ALGORITHMS_H
#define PSA_CRYPTO_ALGORITHMS_H

#define PSA_ALG_NONE ((psa_algorithm_t)0)
#define PSA_ALG_VENDOR_FLAG ((psa_algorithm_t)0x80000000)
#define PSA_ALG_CATEGORY_MASK ((psa_algorithm_t)0x7F000000)
#define PSA_ALG_CATEGORY_HASH ((psa_algorithm_t)0x02000000)
#define PSA_ALG_CATEGORY_MAC ((psa_algorithm_t)0x03000000)
#define PSA_ALG_CATEGORY_CIPHER ((psa_algorithm_t)0x04000000)
#define PSA_ALG_CATEGORY_AEAD ((psa_algorithm_t)0x05000000)
#define PSA_ALG_CATEGORY_SIGN ((psa_algorithm_t)0x06000000)
#define PSA_ALG_CATEGORY_ASYMMETRIC_ENCRYPTION ((psa_algorithm_t)0x07000000)
#define PSA_ALG_CATEGORY_KEY_DERIVATION ((psa_algorithm_t)0x08000000)
#define PSA_ALG_CATEGORY_KEY_AGREEMENT ((psa_algorithm_t)0x09000000)
#define PSA_ALG_CATEGORY_PAKE ((psa_algorithm_t)0x0A000000)
#define PSA_ALG_CATEGORY_KEY_WRAP ((psa_algorithm_t)0x0B000000)
#define PSA_ALG_IS_OF(alg, category) (((alg)&PSA_ALG_CATEGORY_MASK) == (category))
#define PSA_ALG_IS_VENDOR_DEFINED(alg) (((alg)&PSA_ALG_VENDOR_FLAG) != 0)
#define PSA_ALG_IS_HASH(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_HASH)
#define PSA_ALG_IS_MAC(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_MAC)
#define PSA_ALG_IS_CIPHER(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_CIPHER)
#define PSA_ALG_IS_AEAD(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_AEAD)
#define PSA_ALG_IS_SIGN(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_SIGN)
#define PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_ASYMMETRIC_ENCRYPTION)
#define PSA_ALG_IS_KEY_DERIVATION(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_KEY_DERIVATION)
#define PSA_ALG_IS_KEY_AGREEMENT(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_KEY_AGREEMENT)
#define PSA_ALG_IS_PAKE(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_PAKE)
#define PSA_ALG_IS_KEY_WRAP(alg) PSA_ALG_IS_OF(alg, PSA_ALG_CATEGORY_KEY_WRAP)

/* Hashes. */
#define PSA_ALG_HASH_MASK ((psa_algorithm_t)0x000000FF)
#define PSA_ALG_MD2 ((psa_algorithm_t)0x02000001)
#define PSA_ALG_MD4 ((psa_algorithm_t)0x02000002)
#define PSA_ALG_MD5 ((psa_algorithm_t)0x02000003) /* broken; for old formats only */
#define PSA_ALG_RIPEMD160 ((psa_algorithm_t)0x02000004)
#define PSA_ALG_SHA_1 ((psa_algorithm_t)0x02000005) /* broken; for old formats only */
#define PSA_ALG_AES_MMO_ZIGBEE ((psa_algorithm_t)0x02000007)
#define PSA_ALG_SHA_224 ((psa_algorithm_t)0x02000008)
#define PSA_ALG_SHA_256 ((psa_algorithm_t)0x02000009)
#define PSA_ALG_SHA_384 ((psa_algorithm_t)0x0200000A)
#define PSA_ALG_SHA_512 ((psa_algorithm_t)0x0200000B)
#define PSA_ALG_SHA_512_224 ((psa_algorithm_t)0x0200000C)
#define PSA_ALG_SHA_512_256 ((psa_algorithm_t)0x0200000D)
#define PSA_ALG_SHA3_224 ((psa_algorithm_t)0x02000010)
#define PSA_ALG_SHA3_256 ((psa_algorithm_t)0x02000011)
#define PSA_ALG_SHA3_384 ((psa_algorithm_t)0x02000012)
#define PSA_ALG_SHA3_512 ((psa_algorithm_t)0x02000013)
#define PSA_ALG_SM3 ((psa_algorithm_t)0x02000014)
#define PSA_ALG_SHAKE256_512 ((psa_algorithm_t)0x02000015)
#define PSA_ALG_ANY_HASH ((psa_algorithm_t)0x020000FF) /* in a policy of a signature: whatever hash */
#define PSA_ALG_GET_HASH(alg) \
    ((psa_algorithm_t)(((alg)&PSA_ALG_HASH_MASK) == 0 ? 0 : PSA_ALG_CATEGORY_HASH | ((alg)&PSA_ALG_HASH_MASK)))

/* Message authentication. A shortened length lies in bits 16 to 21; bit 15 makes a policy of "at least this length". */
#define PSA_ALG_MAC_TRUNCATION_MASK ((psa_algorithm_t)0x003F0000)
#define PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG ((psa_algorithm_t)0x00008000)
#define PSA_ALG_HMAC_BASE ((psa_algorithm_t)0x03800000)
#define PSA_ALG_HMAC(hash_alg) ((psa_algorithm_t)(PSA_ALG_HMAC_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_HMAC_GET_HASH(hmac_alg) ((psa_algorithm_t)(PSA_ALG_CATEGORY_HASH | ((hmac_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_HMAC(alg) (((alg)&0x7FC00000) == PSA_ALG_HMAC_BASE)
#define PSA_ALG_CBC_MAC ((psa_algorithm_t)0x03C00100)
#define PSA_ALG_CMAC ((psa_algorithm_t)0x03C00200)
#define PSA_ALG_IS_BLOCK_CIPHER_MAC(alg) (((alg)&0x7FC00000) == 0x03C00000)
#define PSA_ALG_FULL_LENGTH_MAC(mac_alg) \
    ((psa_algorithm_t)((mac_alg) & ~(PSA_ALG_MAC_TRUNCATION_MASK | PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG)))
#define PSA_ALG_TRUNCATED_MAC(mac_alg, mac_length)        \
    ((psa_algorithm_t)(PSA_ALG_FULL_LENGTH_MAC(mac_alg) | \
                       (((psa_algorithm_t)(mac_length) << 16) & PSA_ALG_MAC_TRUNCATION_MASK)))
#define PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(mac_alg, min_mac_length) \
    (PSA_ALG_TRUNCATED_MAC(mac_alg, min_mac_length) | PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG)
#define PSA_MAC_TRUNCATED_LENGTH(mac_alg) ((size_t)(((mac_alg)&PSA_ALG_MAC_TRUNCATION_MASK) >> 16))

/* Ciphers without authentication. */
#define PSA_ALG_STREAM_CIPHER ((psa_algorithm_t)0x04800100) /* ChaCha20: block counter 0 unless the IV has 16 bytes */
#define PSA_ALG_CTR ((psa_algorithm_t)0x04C01000)
#define PSA_ALG_CFB ((psa_algorithm_t)0x04C01100)
#define PSA_ALG_OFB ((psa_algorithm_t)0x04C01200)
#define PSA_ALG_CCM_STAR_NO_TAG ((psa_algorithm_t)0x04C01300)
#define PSA_ALG_CCM_STAR_ANY_TAG ((psa_algorithm_t)0x04C09300) /* in a policy: CCM, and CCM* without tag */
#define PSA_ALG_XTS ((psa_algorithm_t)0x0440FF00)
#define PSA_ALG_ECB_NO_PADDING ((psa_algorithm_t)0x04404400)
#define PSA_ALG_CBC_NO_PADDING ((psa_algorithm_t)0x04404000)
#define PSA_ALG_CBC_PKCS7 ((psa_algorithm_t)0x04404100)
#define PSA_ALG_IS_STREAM_CIPHER(alg) (((alg)&0x7F800000) == 0x04800000)

/* Authenticated encryption. The tag's length lies in bits 16 to 21; bit 15 makes a policy of "at least this length". */
#define PSA_ALG_AEAD_TAG_LENGTH_MASK ((psa_algorithm_t)0x003F0000)
#define PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG ((psa_algorithm_t)0x00008000)
#define PSA_ALG_CCM ((psa_algorithm_t)0x05500100)
#define PSA_ALG_GCM ((psa_algorithm_t)0x05500200)
#define PSA_ALG_CHACHA20_POLY1305 ((psa_algorithm_t)0x05100500)
#define PSA_ALG_XCHACHA20_POLY1305 ((psa_algorithm_t)0x05100600)
#define PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) (((alg)&0x7F400000) == 0x05400000)
#define PSA_ALG_AEAD_GET_TAG_LENGTH(aead_alg) ((size_t)(((aead_alg)&PSA_ALG_AEAD_TAG_LENGTH_MASK) >> 16))
#define PSA_ALG_AEAD_WITH_SHORTENED_TAG(aead_alg, tag_length)                                                    \
    ((psa_algorithm_t)(((aead_alg) & ~(PSA_ALG_AEAD_TAG_LENGTH_MASK | PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG)) | \
                       (((psa_algorithm_t)(tag_length) << 16) & PSA_ALG_AEAD_TAG_LENGTH_MASK)))
/* All of them have 16 bytes by default. */
#define PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(aead_alg) \
    (PSA_ALG_IS_AEAD(aead_alg) ? PSA_ALG_AEAD_WITH_SHORTENED_TAG(aead_alg, 16) : PSA_ALG_NONE)
#define PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(aead_alg, min_tag_length) \
    (PSA_ALG_AEAD_WITH_SHORTENED_TAG(aead_alg, min_tag_length) | PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG)

/* Signatures. */
#define PSA_ALG_RSA_PKCS1V15_SIGN_RAW ((psa_algorithm_t)0x06000200)
#define PSA_ALG_RSA_PKCS1V15_SIGN(hash_alg) \
    ((psa_algorithm_t)(PSA_ALG_RSA_PKCS1V15_SIGN_RAW | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_RSA_PKCS1V15_SIGN(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_RSA_PKCS1V15_SIGN_RAW)
#define PSA_ALG_RSA_PSS_BASE ((psa_algorithm_t)0x06000300)
#define PSA_ALG_RSA_PSS_ANY_SALT_BASE ((psa_algorithm_t)0x06001300)
#define PSA_ALG_RSA_PSS(hash_alg) ((psa_algorithm_t)(PSA_ALG_RSA_PSS_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_RSA_PSS_ANY_SALT(hash_alg) \
    ((psa_algorithm_t)(PSA_ALG_RSA_PSS_ANY_SALT_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_RSA_PSS_STANDARD_SALT(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_RSA_PSS_BASE)
#define PSA_ALG_IS_RSA_PSS_ANY_SALT(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_RSA_PSS_ANY_SALT_BASE)
#define PSA_ALG_IS_RSA_PSS(alg) (PSA_ALG_IS_RSA_PSS_STANDARD_SALT(alg) || PSA_ALG_IS_RSA_PSS_ANY_SALT(alg))
/* DSA: MiCO's, with the numbers that others gave it. */
#define PSA_ALG_DSA_BASE ((psa_algorithm_t)0x06000400)
#define PSA_ALG_DSA(hash_alg) ((psa_algorithm_t)(PSA_ALG_DSA_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_DETERMINISTIC_DSA_BASE ((psa_algorithm_t)0x06000500)
#define PSA_ALG_DETERMINISTIC_DSA(hash_alg) \
    ((psa_algorithm_t)(PSA_ALG_DETERMINISTIC_DSA_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_DETERMINISTIC_DSA(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_DETERMINISTIC_DSA_BASE)
#define PSA_ALG_IS_DSA(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_DSA_BASE || PSA_ALG_IS_DETERMINISTIC_DSA(alg))
#define PSA_ALG_ECDSA_ANY ((psa_algorithm_t)0x06000600)
#define PSA_ALG_ECDSA(hash_alg) ((psa_algorithm_t)(PSA_ALG_ECDSA_ANY | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_DETERMINISTIC_ECDSA_BASE ((psa_algorithm_t)0x06000700)
#define PSA_ALG_DETERMINISTIC_ECDSA(hash_alg) \
    ((psa_algorithm_t)(PSA_ALG_DETERMINISTIC_ECDSA_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_RANDOMIZED_ECDSA(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_ECDSA_ANY)
#define PSA_ALG_IS_DETERMINISTIC_ECDSA(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_DETERMINISTIC_ECDSA_BASE)
#define PSA_ALG_IS_ECDSA(alg) (PSA_ALG_IS_RANDOMIZED_ECDSA(alg) || PSA_ALG_IS_DETERMINISTIC_ECDSA(alg))
#define PSA_ALG_PURE_EDDSA ((psa_algorithm_t)0x06000800)
#define PSA_ALG_HASH_EDDSA_BASE ((psa_algorithm_t)0x06000900)
#define PSA_ALG_ED25519PH ((psa_algorithm_t)0x0600090B)
#define PSA_ALG_ED448PH ((psa_algorithm_t)0x06000915)
#define PSA_ALG_IS_HASH_EDDSA(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_HASH_EDDSA_BASE)
#define PSA_ALG_IS_HASH_AND_SIGN(alg) \
    (PSA_ALG_IS_SIGN_HASH(alg) && (alg) != PSA_ALG_ECDSA_ANY && (alg) != PSA_ALG_RSA_PKCS1V15_SIGN_RAW)
#define PSA_ALG_IS_SIGN_HASH(alg)                                                             \
    (PSA_ALG_IS_RSA_PSS(alg) || PSA_ALG_IS_RSA_PKCS1V15_SIGN(alg) || PSA_ALG_IS_ECDSA(alg) || \
     PSA_ALG_IS_HASH_EDDSA(alg) || PSA_ALG_IS_DSA(alg))
#define PSA_ALG_IS_SIGN_MESSAGE(alg)                                                                 \
    (PSA_ALG_IS_SIGN(alg) && (alg) != PSA_ALG_ECDSA_ANY && (alg) != PSA_ALG_RSA_PKCS1V15_SIGN_RAW && \
     (alg) != PSA_ALG_DSA_BASE)
#define PSA_ALG_SIGN_GET_HASH(alg) (PSA_ALG_IS_SIGN_HASH(alg) ? PSA_ALG_GET_HASH(alg) : PSA_ALG_NONE)

/* Encryption with a public key. */
#define PSA_ALG_RSA_PKCS1V15_CRYPT ((psa_algorithm_t)0x07000200)
#define PSA_ALG_RSA_OAEP_BASE ((psa_algorithm_t)0x07000300)
#define PSA_ALG_RSA_OAEP(hash_alg) ((psa_algorithm_t)(PSA_ALG_RSA_OAEP_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_RSA_OAEP(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_RSA_OAEP_BASE)
#define PSA_ALG_RSA_OAEP_GET_HASH(alg) (PSA_ALG_IS_RSA_OAEP(alg) ? PSA_ALG_GET_HASH(alg) : PSA_ALG_NONE)

/* Key derivation. */
#define PSA_ALG_HKDF_BASE ((psa_algorithm_t)0x08000100)
#define PSA_ALG_TLS12_PRF_BASE ((psa_algorithm_t)0x08000200)
#define PSA_ALG_TLS12_PSK_TO_MS_BASE ((psa_algorithm_t)0x08000300)
#define PSA_ALG_HKDF_EXTRACT_BASE ((psa_algorithm_t)0x08000400)
#define PSA_ALG_HKDF_EXPAND_BASE ((psa_algorithm_t)0x08000500)
#define PSA_ALG_SP800_108_COUNTER_HMAC_BASE ((psa_algorithm_t)0x08000700)
#define PSA_ALG_PBKDF2_HMAC_BASE ((psa_algorithm_t)0x08800100)
#define PSA_ALG_SRP_PASSWORD_HASH_BASE ((psa_algorithm_t)0x08800300)
#define PSA_ALG_HKDF(hash_alg) ((psa_algorithm_t)(PSA_ALG_HKDF_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_HKDF_EXTRACT(hash_alg) ((psa_algorithm_t)(PSA_ALG_HKDF_EXTRACT_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_HKDF_EXPAND(hash_alg) ((psa_algorithm_t)(PSA_ALG_HKDF_EXPAND_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_TLS12_PRF(hash_alg) ((psa_algorithm_t)(PSA_ALG_TLS12_PRF_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_TLS12_PSK_TO_MS(hash_alg) \
    ((psa_algorithm_t)(PSA_ALG_TLS12_PSK_TO_MS_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_TLS12_ECJPAKE_TO_PMS ((psa_algorithm_t)0x08000609)
#define PSA_ALG_SP800_108_COUNTER_HMAC(hash_alg) \
    ((psa_algorithm_t)(PSA_ALG_SP800_108_COUNTER_HMAC_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_SP800_108_COUNTER_CMAC ((psa_algorithm_t)0x08000800)
#define PSA_ALG_PBKDF2_HMAC(hash_alg) ((psa_algorithm_t)(PSA_ALG_PBKDF2_HMAC_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_PBKDF2_AES_CMAC_PRF_128 ((psa_algorithm_t)0x08800200)
/* Not in the specification: x = H(salt | H(user | ":" | password)); inputs INFO (the user), PASSWORD, SALT. */
#define PSA_ALG_SRP_PASSWORD_HASH(hash_alg) \
    ((psa_algorithm_t)(PSA_ALG_SRP_PASSWORD_HASH_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_HKDF(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_HKDF_BASE)
#define PSA_ALG_IS_HKDF_EXTRACT(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_HKDF_EXTRACT_BASE)
#define PSA_ALG_IS_HKDF_EXPAND(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_HKDF_EXPAND_BASE)
#define PSA_ALG_IS_TLS12_PRF(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_TLS12_PRF_BASE)
#define PSA_ALG_IS_TLS12_PSK_TO_MS(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_TLS12_PSK_TO_MS_BASE)
#define PSA_ALG_IS_SP800_108_COUNTER_HMAC(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_SP800_108_COUNTER_HMAC_BASE)
#define PSA_ALG_IS_PBKDF2_HMAC(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_PBKDF2_HMAC_BASE)
#define PSA_ALG_IS_SRP_PASSWORD_HASH(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_SRP_PASSWORD_HASH_BASE)
#define PSA_ALG_IS_KEY_DERIVATION_STRETCHING(alg) (((alg)&0x7F800000) == 0x08800000)

/* Key agreement, alone or feeding a derivation. */
#define PSA_ALG_FFDH ((psa_algorithm_t)0x09010000)
#define PSA_ALG_ECDH ((psa_algorithm_t)0x09020000)
#define PSA_ALG_KEY_AGREEMENT(ka_alg, kdf_alg) ((psa_algorithm_t)((ka_alg) | (kdf_alg)))
#define PSA_ALG_KEY_AGREEMENT_GET_KDF(alg) ((psa_algorithm_t)(((alg)&0xFE80FFFF) | PSA_ALG_CATEGORY_KEY_DERIVATION))
#define PSA_ALG_KEY_AGREEMENT_GET_BASE(alg) ((psa_algorithm_t)(((alg)&0xFF7F0000) | PSA_ALG_CATEGORY_KEY_AGREEMENT))
#define PSA_ALG_IS_FFDH(alg) (PSA_ALG_IS_KEY_AGREEMENT(alg) && PSA_ALG_KEY_AGREEMENT_GET_BASE(alg) == PSA_ALG_FFDH)
#define PSA_ALG_IS_ECDH(alg) (PSA_ALG_IS_KEY_AGREEMENT(alg) && PSA_ALG_KEY_AGREEMENT_GET_BASE(alg) == PSA_ALG_ECDH)
#define PSA_ALG_IS_STANDALONE_KEY_AGREEMENT(alg) (PSA_ALG_IS_KEY_AGREEMENT(alg) && ((alg)&0x0080FFFF) == 0)
#define PSA_ALG_IS_RAW_KEY_AGREEMENT(alg) PSA_ALG_IS_STANDALONE_KEY_AGREEMENT(alg)

/* Password-authenticated key exchange. */
#define PSA_ALG_JPAKE_BASE ((psa_algorithm_t)0x0A000100)
#define PSA_ALG_SRP_6_BASE ((psa_algorithm_t)0x0A000300)
#define PSA_ALG_SPAKE2P_HMAC_BASE ((psa_algorithm_t)0x0A000400)
#define PSA_ALG_SPAKE2P_CMAC_BASE ((psa_algorithm_t)0x0A000500)
#define PSA_ALG_JPAKE(hash_alg) ((psa_algorithm_t)(PSA_ALG_JPAKE_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_SPAKE2P_HMAC(hash_alg) ((psa_algorithm_t)(PSA_ALG_SPAKE2P_HMAC_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_SPAKE2P_CMAC(hash_alg) ((psa_algorithm_t)(PSA_ALG_SPAKE2P_CMAC_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_SPAKE2P_MATTER ((psa_algorithm_t)0x0A000609)
#define PSA_ALG_SRP_6(hash_alg) ((psa_algorithm_t)(PSA_ALG_SRP_6_BASE | ((hash_alg)&PSA_ALG_HASH_MASK)))
#define PSA_ALG_IS_JPAKE(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_JPAKE_BASE)
#define PSA_ALG_IS_SPAKE2P_HMAC(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_SPAKE2P_HMAC_BASE)
#define PSA_ALG_IS_SPAKE2P_CMAC(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_SPAKE2P_CMAC_BASE)
#define PSA_ALG_IS_SPAKE2P(alg) \
    (PSA_ALG_IS_SPAKE2P_HMAC(alg) || PSA_ALG_IS_SPAKE2P_CMAC(alg) || (alg) == PSA_ALG_SPAKE2P_MATTER)
#define PSA_ALG_IS_SRP_6(alg) (((alg) & ~PSA_ALG_HASH_MASK) == PSA_ALG_SRP_6_BASE)

/* Key wrapping, of 1.4: NIST SP 800-38F. */
#define PSA_ALG_KW ((psa_algorithm_t)0x0B400100)  /* RFC 3394 */
#define PSA_ALG_KWP ((psa_algorithm_t)0x0BC00200) /* RFC 5649 */

/* Is it for a policy only, standing for several algorithms? */
#define PSA_ALG_IS_WILDCARD(alg)                                                     \
    (PSA_ALG_IS_SIGN_HASH(alg) ? PSA_ALG_SIGN_GET_HASH(alg) == PSA_ALG_ANY_HASH      \
     : PSA_ALG_IS_MAC(alg)     ? ((alg)&PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG) != 0  \
     : PSA_ALG_IS_AEAD(alg)    ? ((alg)&PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG) != 0 \
                               : (alg) == PSA_ALG_ANY_HASH || (alg) == PSA_ALG_CCM_STAR_ANY_TAG)

#endif
