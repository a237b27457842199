/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of the PSA Certified Crypto API 1.2 for keys: key types, usage, lifetimes, identifiers, steps of a
 * derivation. Algorithms are in crypto_algorithms.h. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_VALUES_H
#define PSA_CRYPTO_VALUES_H

/* Status codes that psa/error.h does not have. */
#define PSA_ERROR_INSUFFICIENT_ENTROPY ((psa_status_t)-148) /* no random numbers */
#define PSA_ERROR_INVALID_PADDING ((psa_status_t)-150)      /* what was decrypted ends wrongly */
#define PSA_OPERATION_INCOMPLETE ((psa_status_t)-248)       /* no error: call psa_…_complete again */

/* Key types. */
#define PSA_KEY_TYPE_NONE ((psa_key_type_t)0x0000)
#define PSA_KEY_TYPE_VENDOR_FLAG ((psa_key_type_t)0x8000)
#define PSA_KEY_TYPE_RAW_DATA ((psa_key_type_t)0x1001) /* bytes that no operation uses */
#define PSA_KEY_TYPE_HMAC ((psa_key_type_t)0x1100)
#define PSA_KEY_TYPE_DERIVE ((psa_key_type_t)0x1200)        /* a secret to derive from */
#define PSA_KEY_TYPE_PASSWORD ((psa_key_type_t)0x1203)      /* a secret that may be guessed */
#define PSA_KEY_TYPE_PASSWORD_HASH ((psa_key_type_t)0x1205) /* what a password is compared with */
#define PSA_KEY_TYPE_PEPPER ((psa_key_type_t)0x1206)        /* a secret salt of passwords */
#define PSA_KEY_TYPE_ARC4 ((psa_key_type_t)0x2002)
#define PSA_KEY_TYPE_CHACHA20 ((psa_key_type_t)0x2004)
#define PSA_KEY_TYPE_XCHACHA20 ((psa_key_type_t)0x2007)
#define PSA_KEY_TYPE_DES ((psa_key_type_t)0x2301) /* 64 bits; 128 and 192 are 3DES with two and three keys */
#define PSA_KEY_TYPE_AES ((psa_key_type_t)0x2400)
#define PSA_KEY_TYPE_CAMELLIA ((psa_key_type_t)0x2403)
#define PSA_KEY_TYPE_SM4 ((psa_key_type_t)0x2405)
#define PSA_KEY_TYPE_ARIA ((psa_key_type_t)0x2406)
#define PSA_KEY_TYPE_RSA_PUBLIC_KEY ((psa_key_type_t)0x4001) /* RSAPublicKey of RFC 8017, DER */
#define PSA_KEY_TYPE_RSA_KEY_PAIR ((psa_key_type_t)0x7001)   /* RSAPrivateKey of RFC 8017, DER */
#define PSA_KEY_TYPE_DSA_PUBLIC_KEY ((psa_key_type_t)0x4002) /* MiCO's: SEQUENCE { p, q, g, y }, DER */
#define PSA_KEY_TYPE_DSA_KEY_PAIR ((psa_key_type_t)0x7002)   /* MiCO's: SEQUENCE { 0, p, q, g, y, x }, DER */
#define PSA_KEY_TYPE_ECC_PUBLIC_KEY_BASE ((psa_key_type_t)0x4100)
#define PSA_KEY_TYPE_ECC_KEY_PAIR_BASE ((psa_key_type_t)0x7100)
#define PSA_KEY_TYPE_DH_PUBLIC_KEY_BASE ((psa_key_type_t)0x4200)
#define PSA_KEY_TYPE_DH_KEY_PAIR_BASE ((psa_key_type_t)0x7200)
#define PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY_BASE ((psa_key_type_t)0x4400)
#define PSA_KEY_TYPE_SPAKE2P_KEY_PAIR_BASE ((psa_key_type_t)0x7400)
#define PSA_KEY_TYPE_SRP_PUBLIC_KEY_BASE ((psa_key_type_t)0x4700) /* MiCO's, as others have it */
#define PSA_KEY_TYPE_SRP_KEY_PAIR_BASE ((psa_key_type_t)0x7700)

/* Kinds of key types. */
#define PSA_KEY_TYPE_FAMILY_MASK ((psa_key_type_t)0x00FF)
#define PSA_KEY_TYPE_CATEGORY_MASK ((psa_key_type_t)0x7000)
#define PSA_KEY_TYPE_CATEGORY_RAW ((psa_key_type_t)0x1000)
#define PSA_KEY_TYPE_CATEGORY_SYMMETRIC ((psa_key_type_t)0x2000)
#define PSA_KEY_TYPE_CATEGORY_PUBLIC_KEY ((psa_key_type_t)0x4000)
#define PSA_KEY_TYPE_CATEGORY_KEY_PAIR ((psa_key_type_t)0x7000)
#define PSA_KEY_TYPE_CATEGORY_FLAG_PAIR ((psa_key_type_t)0x3000)
#define PSA_KEY_TYPE_IS_VENDOR_DEFINED(type) (((type)&PSA_KEY_TYPE_VENDOR_FLAG) != 0)
#define PSA_KEY_TYPE_IS_UNSTRUCTURED(type)                               \
    (((type)&PSA_KEY_TYPE_CATEGORY_MASK) == PSA_KEY_TYPE_CATEGORY_RAW || \
     ((type)&PSA_KEY_TYPE_CATEGORY_MASK) == PSA_KEY_TYPE_CATEGORY_SYMMETRIC)
#define PSA_KEY_TYPE_IS_PUBLIC_KEY(type) (((type)&PSA_KEY_TYPE_CATEGORY_MASK) == PSA_KEY_TYPE_CATEGORY_PUBLIC_KEY)
#define PSA_KEY_TYPE_IS_KEY_PAIR(type) (((type)&PSA_KEY_TYPE_CATEGORY_MASK) == PSA_KEY_TYPE_CATEGORY_KEY_PAIR)
#define PSA_KEY_TYPE_IS_ASYMMETRIC(type) (PSA_KEY_TYPE_IS_PUBLIC_KEY(type) || PSA_KEY_TYPE_IS_KEY_PAIR(type))
#define PSA_KEY_TYPE_KEY_PAIR_OF_PUBLIC_KEY(type) ((psa_key_type_t)((type) | PSA_KEY_TYPE_CATEGORY_FLAG_PAIR))
#define PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) ((psa_key_type_t)((type) & ~PSA_KEY_TYPE_CATEGORY_FLAG_PAIR))
#define PSA_KEY_TYPE_IS_DSA(type) (PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) == PSA_KEY_TYPE_DSA_PUBLIC_KEY)
#define PSA_KEY_TYPE_IS_RSA(type) (PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) == PSA_KEY_TYPE_RSA_PUBLIC_KEY)

/* Elliptic curves: the family lies in the type, the size in bits makes the curve. */
#define PSA_ECC_FAMILY_SECP_R1 ((psa_ecc_family_t)0x12) /* P-256, P-384, P-521 */
#define PSA_ECC_FAMILY_SECP_K1 ((psa_ecc_family_t)0x17)
#define PSA_ECC_FAMILY_SECP_R2 ((psa_ecc_family_t)0x1B)
#define PSA_ECC_FAMILY_SECT_R1 ((psa_ecc_family_t)0x22)
#define PSA_ECC_FAMILY_SECT_K1 ((psa_ecc_family_t)0x27)
#define PSA_ECC_FAMILY_SECT_R2 ((psa_ecc_family_t)0x2B)
#define PSA_ECC_FAMILY_BRAINPOOL_P_R1 ((psa_ecc_family_t)0x30)
#define PSA_ECC_FAMILY_FRP ((psa_ecc_family_t)0x33)
#define PSA_ECC_FAMILY_MONTGOMERY ((psa_ecc_family_t)0x41)      /* 255 bits: X25519 */
#define PSA_ECC_FAMILY_TWISTED_EDWARDS ((psa_ecc_family_t)0x42) /* 255 bits: Ed25519 */
#define PSA_KEY_TYPE_ECC_CURVE_MASK PSA_KEY_TYPE_FAMILY_MASK
#define PSA_KEY_TYPE_ECC_KEY_PAIR(curve) ((psa_key_type_t)(PSA_KEY_TYPE_ECC_KEY_PAIR_BASE | (curve)))
#define PSA_KEY_TYPE_ECC_PUBLIC_KEY(curve) ((psa_key_type_t)(PSA_KEY_TYPE_ECC_PUBLIC_KEY_BASE | (curve)))
#define PSA_KEY_TYPE_IS_ECC_KEY_PAIR(type) (((type)&0xFF00) == PSA_KEY_TYPE_ECC_KEY_PAIR_BASE)
#define PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY(type) (((type)&0xFF00) == PSA_KEY_TYPE_ECC_PUBLIC_KEY_BASE)
#define PSA_KEY_TYPE_IS_ECC(type) (PSA_KEY_TYPE_IS_ECC_KEY_PAIR(type) || PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY(type))
#define PSA_KEY_TYPE_ECC_GET_FAMILY(type) \
    ((psa_ecc_family_t)(PSA_KEY_TYPE_IS_ECC(type) ? ((type)&PSA_KEY_TYPE_FAMILY_MASK) : 0))

/* Finite fields. */
#define PSA_DH_FAMILY_RFC7919 ((psa_dh_family_t)0x03) /* ffdhe2048 to ffdhe8192 */
#define PSA_DH_FAMILY_RFC3526 ((psa_dh_family_t)0x05) /* of SRP: the groups of RFC 5054 */
#define PSA_KEY_TYPE_DH_GROUP_MASK PSA_KEY_TYPE_FAMILY_MASK
#define PSA_KEY_TYPE_DH_KEY_PAIR(group) ((psa_key_type_t)(PSA_KEY_TYPE_DH_KEY_PAIR_BASE | (group)))
#define PSA_KEY_TYPE_DH_PUBLIC_KEY(group) ((psa_key_type_t)(PSA_KEY_TYPE_DH_PUBLIC_KEY_BASE | (group)))
#define PSA_KEY_TYPE_IS_DH_KEY_PAIR(type) (((type)&0xFF00) == PSA_KEY_TYPE_DH_KEY_PAIR_BASE)
#define PSA_KEY_TYPE_IS_DH_PUBLIC_KEY(type) (((type)&0xFF00) == PSA_KEY_TYPE_DH_PUBLIC_KEY_BASE)
#define PSA_KEY_TYPE_IS_DH(type) (PSA_KEY_TYPE_IS_DH_KEY_PAIR(type) || PSA_KEY_TYPE_IS_DH_PUBLIC_KEY(type))
#define PSA_KEY_TYPE_DH_GET_FAMILY(type) \
    ((psa_dh_family_t)(PSA_KEY_TYPE_IS_DH(type) ? ((type)&PSA_KEY_TYPE_FAMILY_MASK) : 0))

/* Password-authenticated key exchange. */
#define PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(curve) ((psa_key_type_t)(PSA_KEY_TYPE_SPAKE2P_KEY_PAIR_BASE | (curve)))
#define PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(curve) ((psa_key_type_t)(PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY_BASE | (curve)))
#define PSA_KEY_TYPE_IS_SPAKE2P_KEY_PAIR(type) (((type)&0xFF00) == PSA_KEY_TYPE_SPAKE2P_KEY_PAIR_BASE)
#define PSA_KEY_TYPE_IS_SPAKE2P_PUBLIC_KEY(type) (((type)&0xFF00) == PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY_BASE)
#define PSA_KEY_TYPE_IS_SPAKE2P(type) \
    (PSA_KEY_TYPE_IS_SPAKE2P_KEY_PAIR(type) || PSA_KEY_TYPE_IS_SPAKE2P_PUBLIC_KEY(type))
#define PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(type) \
    ((psa_ecc_family_t)(PSA_KEY_TYPE_IS_SPAKE2P(type) ? ((type)&PSA_KEY_TYPE_FAMILY_MASK) : 0))
#define PSA_KEY_TYPE_SRP_KEY_PAIR(group) ((psa_key_type_t)(PSA_KEY_TYPE_SRP_KEY_PAIR_BASE | (group)))
#define PSA_KEY_TYPE_SRP_PUBLIC_KEY(group) ((psa_key_type_t)(PSA_KEY_TYPE_SRP_PUBLIC_KEY_BASE | (group)))
#define PSA_KEY_TYPE_SRP_GROUP_MASK PSA_KEY_TYPE_FAMILY_MASK
#define PSA_KEY_TYPE_IS_SRP_KEY_PAIR(type) (((type)&0xFF00) == PSA_KEY_TYPE_SRP_KEY_PAIR_BASE)
#define PSA_KEY_TYPE_IS_SRP_PUBLIC_KEY(type) (((type)&0xFF00) == PSA_KEY_TYPE_SRP_PUBLIC_KEY_BASE)
#define PSA_KEY_TYPE_IS_SRP(type) (PSA_KEY_TYPE_IS_SRP_KEY_PAIR(type) || PSA_KEY_TYPE_IS_SRP_PUBLIC_KEY(type))
#define PSA_KEY_TYPE_SRP_GET_FAMILY(type) \
    ((psa_dh_family_t)(PSA_KEY_TYPE_IS_SRP(type) ? ((type)&PSA_KEY_TYPE_FAMILY_MASK) : 0))

/* Bytes of a block of the cipher with this key; 1 for stream ciphers, 0 for keys of no cipher. Types 0x2[..]nn have the
 * power of two in bits 8 to 10. */
#define PSA_BLOCK_CIPHER_BLOCK_LENGTH(type)                                                                  \
    (((type)&PSA_KEY_TYPE_CATEGORY_MASK) == PSA_KEY_TYPE_CATEGORY_SYMMETRIC ? (size_t)1 << ((type) >> 8 & 7) \
                                                                            : (size_t)0)
#define PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE 16u

/* Usage: what a key may be used for. */
#define PSA_KEY_USAGE_EXPORT ((psa_key_usage_t)0x00000001) /* leave its location in the clear */
#define PSA_KEY_USAGE_COPY ((psa_key_usage_t)0x00000002)   /* be copied */
#define PSA_KEY_USAGE_CACHE ((psa_key_usage_t)0x00000004)  /* stay in memory though it is persistent */
#define PSA_KEY_USAGE_ENCRYPT ((psa_key_usage_t)0x00000100)
#define PSA_KEY_USAGE_DECRYPT ((psa_key_usage_t)0x00000200)
#define PSA_KEY_USAGE_SIGN_MESSAGE ((psa_key_usage_t)0x00000400)      /* also: compute MACs */
#define PSA_KEY_USAGE_VERIFY_MESSAGE ((psa_key_usage_t)0x00000800)    /* also: verify MACs */
#define PSA_KEY_USAGE_SIGN_HASH ((psa_key_usage_t)0x00001000)         /* implies SIGN_MESSAGE */
#define PSA_KEY_USAGE_VERIFY_HASH ((psa_key_usage_t)0x00002000)       /* implies VERIFY_MESSAGE */
#define PSA_KEY_USAGE_DERIVE ((psa_key_usage_t)0x00004000)            /* agree, derive, password exchange */
#define PSA_KEY_USAGE_VERIFY_DERIVATION ((psa_key_usage_t)0x00008000) /* be compared with a derivation's output */
#define PSA_KEY_USAGE_WRAP ((psa_key_usage_t)0x00010000)              /* of 1.4 */
#define PSA_KEY_USAGE_UNWRAP ((psa_key_usage_t)0x00020000)            /* of 1.4 */

/* Lifetimes: location << 8 | persistence. */
#define PSA_KEY_LIFETIME_VOLATILE ((psa_key_lifetime_t)0x00000000)   /* in this program's memory until it ends */
#define PSA_KEY_LIFETIME_PERSISTENT ((psa_key_lifetime_t)0x00000001) /* in the store that mico_psa_persist_in names */
#define PSA_KEY_PERSISTENCE_VOLATILE ((psa_key_persistence_t)0x00)
#define PSA_KEY_PERSISTENCE_DEFAULT ((psa_key_persistence_t)0x01)
#define PSA_KEY_PERSISTENCE_READ_ONLY ((psa_key_persistence_t)0xFF) /* neither made nor destroyed by these calls */
#define PSA_KEY_LOCATION_LOCAL_STORAGE ((psa_key_location_t)0x000000)
#define PSA_KEY_LOCATION_PRIMARY_SECURE_ELEMENT ((psa_key_location_t)0x000001)
#define PSA_KEY_LOCATION_VENDOR_FLAG ((psa_key_location_t)0x800000)
#define PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) ((psa_key_persistence_t)((lifetime)&0x000000FF))
#define PSA_KEY_LIFETIME_GET_LOCATION(lifetime) ((psa_key_location_t)((lifetime) >> 8))
#define PSA_KEY_LIFETIME_IS_VOLATILE(lifetime) \
    (PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == PSA_KEY_PERSISTENCE_VOLATILE)
#define PSA_KEY_LIFETIME_IS_READ_ONLY(lifetime) \
    (PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == PSA_KEY_PERSISTENCE_READ_ONLY)
#define PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(persistence, location) \
    ((psa_key_lifetime_t)((psa_key_location_t)(location) << 8 | (psa_key_persistence_t)(persistence)))

/* Identifiers: the user's for keys that he names, the vendor's for those that MiCO names. */
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
#define PSA_KEY_DERIVATION_INPUT_CONTEXT ((psa_key_derivation_step_t)0x0206)
#define PSA_KEY_DERIVATION_UNLIMITED_CAPACITY ((size_t)-1)

/* Password-authenticated key exchange: primitive = type << 24 | family << 16 | bits. */
#define PSA_PAKE_PRIMITIVE_TYPE_ECC ((psa_pake_primitive_type_t)0x01)
#define PSA_PAKE_PRIMITIVE_TYPE_DH ((psa_pake_primitive_type_t)0x02)
#define PSA_PAKE_PRIMITIVE(pake_type, pake_family, pake_bits) \
    ((pake_bits) > 0xFFFF ? (psa_pake_primitive_t)0           \
                          : ((psa_pake_primitive_t)((pake_type) << 24 | (pake_family) << 16 | (pake_bits))))
#define PSA_PAKE_PRIMITIVE_GET_TYPE(pake_primitive) ((psa_pake_primitive_type_t)((pake_primitive) >> 24))
#define PSA_PAKE_PRIMITIVE_GET_FAMILY(pake_primitive) ((psa_pake_family_t)((pake_primitive) >> 16))
#define PSA_PAKE_PRIMITIVE_GET_BITS(pake_primitive) ((size_t)((pake_primitive)&0xFFFF))
#define PSA_PAKE_CONFIRMED_KEY 0u   /* the key comes after both sides have proved that they have it */
#define PSA_PAKE_UNCONFIRMED_KEY 1u /* the key comes before that */
#define PSA_PAKE_ROLE_NONE ((psa_pake_role_t)0x00)
#define PSA_PAKE_ROLE_FIRST ((psa_pake_role_t)0x01)
#define PSA_PAKE_ROLE_SECOND ((psa_pake_role_t)0x02)
#define PSA_PAKE_ROLE_CLIENT ((psa_pake_role_t)0x11)
#define PSA_PAKE_ROLE_SERVER ((psa_pake_role_t)0x12)
#define PSA_PAKE_STEP_KEY_SHARE ((psa_pake_step_t)0x01)
#define PSA_PAKE_STEP_ZK_PUBLIC ((psa_pake_step_t)0x02)
#define PSA_PAKE_STEP_ZK_PROOF ((psa_pake_step_t)0x03)
#define PSA_PAKE_STEP_CONFIRM ((psa_pake_step_t)0x04)
#define PSA_PAKE_STEP_SALT ((psa_pake_step_t)0x05) /* of SRP-6a */

#define PSA_INTERRUPTIBLE_MAX_OPS_UNLIMITED UINT32_MAX

#endif
