/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h has every name of the PSA Certified Crypto API 1.2 and of its PAKE extension, with its number, its arguments
 * and its result: the order is that of the specification's header. A function is compared by its type, so that a program
 * written against the specification compiles (psa_specification_types.c); a macro by a value that follows from the
 * specification's encoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "psa/crypto.h"

struct number {
    const char *name;
    uint64_t got, want;
};
#define N(name, want)                             \
    {                                             \
#name, (uint64_t)(name), (uint64_t)(want) \
    }

static void are(const struct number *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i].got != numbers[i].want) {
            fail_msg("%s is %#llx, not %#llx", numbers[i].name, (unsigned long long)numbers[i].got,
                     (unsigned long long)numbers[i].want);
        }
    }
}
#define ARE(numbers) are(numbers, sizeof(numbers) / sizeof(numbers)[0])

static void numbers_of_keys_are_the_specifications(void **state)
{
    static const struct number numbers[] = {
        N(PSA_CRYPTO_API_VERSION_MAJOR, 1),
        N(PSA_CRYPTO_API_VERSION_MINOR, 2),
        N(PSA_SUCCESS, 0),
        N(PSA_ERROR_GENERIC_ERROR, -132),
        N(PSA_ERROR_NOT_PERMITTED, -133),
        N(PSA_ERROR_NOT_SUPPORTED, -134),
        N(PSA_ERROR_INVALID_ARGUMENT, -135),
        N(PSA_ERROR_INVALID_HANDLE, -136),
        N(PSA_ERROR_BAD_STATE, -137),
        N(PSA_ERROR_BUFFER_TOO_SMALL, -138),
        N(PSA_ERROR_ALREADY_EXISTS, -139),
        N(PSA_ERROR_DOES_NOT_EXIST, -140),
        N(PSA_ERROR_INSUFFICIENT_MEMORY, -141),
        N(PSA_ERROR_INSUFFICIENT_STORAGE, -142),
        N(PSA_ERROR_INSUFFICIENT_DATA, -143),
        N(PSA_ERROR_SERVICE_FAILURE, -144),
        N(PSA_ERROR_COMMUNICATION_FAILURE, -145),
        N(PSA_ERROR_STORAGE_FAILURE, -146),
        N(PSA_ERROR_HARDWARE_FAILURE, -147),
        N(PSA_ERROR_INSUFFICIENT_ENTROPY, -148),
        N(PSA_ERROR_INVALID_SIGNATURE, -149),
        N(PSA_ERROR_INVALID_PADDING, -150),
        N(PSA_ERROR_CORRUPTION_DETECTED, -151),
        N(PSA_ERROR_DATA_CORRUPT, -152),
        N(PSA_ERROR_DATA_INVALID, -153),
        N(PSA_KEY_TYPE_NONE, 0),
        N(PSA_KEY_TYPE_RAW_DATA, 0x1001),
        N(PSA_KEY_TYPE_HMAC, 0x1100),
        N(PSA_KEY_TYPE_DERIVE, 0x1200),
        N(PSA_KEY_TYPE_PASSWORD, 0x1203),
        N(PSA_KEY_TYPE_PASSWORD_HASH, 0x1205),
        N(PSA_KEY_TYPE_PEPPER, 0x1206),
        N(PSA_KEY_TYPE_AES, 0x2400),
        N(PSA_KEY_TYPE_ARIA, 0x2406),
        N(PSA_KEY_TYPE_DES, 0x2301),
        N(PSA_KEY_TYPE_CAMELLIA, 0x2403),
        N(PSA_KEY_TYPE_SM4, 0x2405),
        N(PSA_KEY_TYPE_ARC4, 0x2002),
        N(PSA_KEY_TYPE_CHACHA20, 0x2004),
        N(PSA_KEY_TYPE_XCHACHA20, 0x2007),
        N(PSA_KEY_TYPE_RSA_KEY_PAIR, 0x7001),
        N(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0x4001),
        N(PSA_KEY_TYPE_ECC_KEY_PAIR(0x12), 0x7112),
        N(PSA_KEY_TYPE_ECC_PUBLIC_KEY(0x12), 0x4112),
        N(PSA_KEY_TYPE_DH_KEY_PAIR(3), 0x7203),
        N(PSA_KEY_TYPE_DH_PUBLIC_KEY(3), 0x4203),
        N(PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(0x12), 0x7412),
        N(PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(0x12), 0x4412),
        N(PSA_KEY_TYPE_IS_UNSTRUCTURED(0x1001), 1),
        N(PSA_KEY_TYPE_IS_UNSTRUCTURED(0x2400), 1),
        N(PSA_KEY_TYPE_IS_UNSTRUCTURED(0x7001), 0),
        N(PSA_KEY_TYPE_IS_ASYMMETRIC(0x4001), 1),
        N(PSA_KEY_TYPE_IS_ASYMMETRIC(0x2400), 0),
        N(PSA_KEY_TYPE_IS_PUBLIC_KEY(0x4112), 1),
        N(PSA_KEY_TYPE_IS_PUBLIC_KEY(0x7112), 0),
        N(PSA_KEY_TYPE_IS_KEY_PAIR(0x7112), 1),
        N(PSA_KEY_TYPE_IS_KEY_PAIR(0x4112), 0),
        N(PSA_KEY_TYPE_IS_RSA(0x7001), 1),
        N(PSA_KEY_TYPE_IS_RSA(0x7112), 0),
        N(PSA_KEY_TYPE_IS_ECC(0x4112), 1),
        N(PSA_KEY_TYPE_IS_ECC_KEY_PAIR(0x4112), 0),
        N(PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY(0x4112), 1),
        N(PSA_KEY_TYPE_ECC_GET_FAMILY(0x7142), 0x42),
        N(PSA_KEY_TYPE_IS_DH(0x7203), 1),
        N(PSA_KEY_TYPE_IS_DH_KEY_PAIR(0x7203), 1),
        N(PSA_KEY_TYPE_IS_DH_PUBLIC_KEY(0x7203), 0),
        N(PSA_KEY_TYPE_DH_GET_FAMILY(0x4203), 3),
        N(PSA_KEY_TYPE_IS_SPAKE2P(0x7412), 1),
        N(PSA_KEY_TYPE_IS_SPAKE2P_KEY_PAIR(0x4412), 0),
        N(PSA_KEY_TYPE_IS_SPAKE2P_PUBLIC_KEY(0x4412), 1),
        N(PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(0x7412), 0x12),
        N(PSA_KEY_TYPE_KEY_PAIR_OF_PUBLIC_KEY(0x4112), 0x7112),
        N(PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(0x7112), 0x4112),
        N(PSA_ECC_FAMILY_SECP_K1, 0x17),
        N(PSA_ECC_FAMILY_SECP_R1, 0x12),
        N(PSA_ECC_FAMILY_SECP_R2, 0x1B),
        N(PSA_ECC_FAMILY_SECT_K1, 0x27),
        N(PSA_ECC_FAMILY_SECT_R1, 0x22),
        N(PSA_ECC_FAMILY_SECT_R2, 0x2B),
        N(PSA_ECC_FAMILY_BRAINPOOL_P_R1, 0x30),
        N(PSA_ECC_FAMILY_FRP, 0x33),
        N(PSA_ECC_FAMILY_MONTGOMERY, 0x41),
        N(PSA_ECC_FAMILY_TWISTED_EDWARDS, 0x42),
        N(PSA_DH_FAMILY_RFC7919, 3),
        N(PSA_KEY_LIFETIME_VOLATILE, 0),
        N(PSA_KEY_LIFETIME_PERSISTENT, 1),
        N(PSA_KEY_PERSISTENCE_VOLATILE, 0),
        N(PSA_KEY_PERSISTENCE_DEFAULT, 1),
        N(PSA_KEY_PERSISTENCE_READ_ONLY, 0xFF),
        N(PSA_KEY_LOCATION_LOCAL_STORAGE, 0),
        N(PSA_KEY_LOCATION_PRIMARY_SECURE_ELEMENT, 1),
        N(PSA_KEY_LIFETIME_GET_PERSISTENCE(0x80000101u), 1),
        N(PSA_KEY_LIFETIME_GET_LOCATION(0x80000101u), 0x800001),
        N(PSA_KEY_LIFETIME_IS_VOLATILE(0x80000100u), 1),
        N(PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(1, 0x800001), 0x80000101),
        N(PSA_KEY_ID_NULL, 0),
        N(PSA_KEY_ID_USER_MIN, 1),
        N(PSA_KEY_ID_USER_MAX, 0x3FFFFFFF),
        N(PSA_KEY_ID_VENDOR_MIN, 0x40000000),
        N(PSA_KEY_ID_VENDOR_MAX, 0x7FFFFFFF),
        N(PSA_KEY_USAGE_EXPORT, 1),
        N(PSA_KEY_USAGE_COPY, 2),
        N(PSA_KEY_USAGE_CACHE, 4),
        N(PSA_KEY_USAGE_ENCRYPT, 0x100),
        N(PSA_KEY_USAGE_DECRYPT, 0x200),
        N(PSA_KEY_USAGE_SIGN_MESSAGE, 0x400),
        N(PSA_KEY_USAGE_VERIFY_MESSAGE, 0x800),
        N(PSA_KEY_USAGE_SIGN_HASH, 0x1000),
        N(PSA_KEY_USAGE_VERIFY_HASH, 0x2000),
        N(PSA_KEY_USAGE_DERIVE, 0x4000),
        N(PSA_KEY_USAGE_VERIFY_DERIVATION, 0x8000),
        N(PSA_BLOCK_CIPHER_BLOCK_LENGTH(0x2400), 16),
        N(PSA_BLOCK_CIPHER_BLOCK_LENGTH(0x2301), 8),
        N(PSA_BLOCK_CIPHER_BLOCK_LENGTH(0x2004), 1),
    };
    ARE(numbers);
}

static void numbers_of_symmetric_algorithms_are_the_specifications(void **state)
{
    static const struct number numbers[] = {
        N(PSA_ALG_NONE, 0),
        N(PSA_ALG_IS_HASH(0x02000009), 1),
        N(PSA_ALG_IS_MAC(0x03800009), 1),
        N(PSA_ALG_IS_CIPHER(0x04C01000), 1),
        N(PSA_ALG_IS_AEAD(0x05500200), 1),
        N(PSA_ALG_IS_SIGN(0x06000609), 1),
        N(PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(0x07000200), 1),
        N(PSA_ALG_IS_KEY_DERIVATION(0x08000109), 1),
        N(PSA_ALG_IS_KEY_AGREEMENT(0x09020000), 1),
        N(PSA_ALG_IS_PAKE(0x0A000109), 1),
        N(PSA_ALG_IS_HASH(0x03800009), 0),
        N(PSA_ALG_IS_WILDCARD(0x060006FF), 1),
        N(PSA_ALG_IS_WILDCARD(0x03808009), 1),
        N(PSA_ALG_IS_WILDCARD(0x05508200), 1),
        N(PSA_ALG_IS_WILDCARD(0x04C09300), 1),
        N(PSA_ALG_IS_WILDCARD(0x06000609), 0),
        N(PSA_ALG_GET_HASH(0x0800010B), 0x0200000B),
        N(PSA_ALG_MD2, 0x02000001),
        N(PSA_ALG_MD4, 0x02000002),
        N(PSA_ALG_MD5, 0x02000003),
        N(PSA_ALG_RIPEMD160, 0x02000004),
        N(PSA_ALG_AES_MMO_ZIGBEE, 0x02000007),
        N(PSA_ALG_SHA_1, 0x02000005),
        N(PSA_ALG_SHA_224, 0x02000008),
        N(PSA_ALG_SHA_256, 0x02000009),
        N(PSA_ALG_SHA_384, 0x0200000A),
        N(PSA_ALG_SHA_512, 0x0200000B),
        N(PSA_ALG_SHA_512_224, 0x0200000C),
        N(PSA_ALG_SHA_512_256, 0x0200000D),
        N(PSA_ALG_SHA3_224, 0x02000010),
        N(PSA_ALG_SHA3_256, 0x02000011),
        N(PSA_ALG_SHA3_384, 0x02000012),
        N(PSA_ALG_SHA3_512, 0x02000013),
        N(PSA_ALG_SHAKE256_512, 0x02000015),
        N(PSA_ALG_SM3, 0x02000014),
        N(PSA_ALG_ANY_HASH, 0x020000FF),
        N(PSA_HASH_LENGTH(PSA_ALG_SHA_384), 48),
        N(PSA_HASH_LENGTH(PSA_ALG_HMAC(PSA_ALG_SHA_224)), 28),
        N(PSA_HASH_BLOCK_LENGTH(PSA_ALG_SHA3_256), 136),
        N(PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH, 4),
        N(PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(PSA_ALG_SHA_256), 8),
        N(PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(PSA_ALG_SHA_512), 16),
        N(PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(PSA_ALG_SHA_224), 32),
        N(PSA_HASH_SUSPEND_OUTPUT_SIZE(PSA_ALG_SHA_256), 4 + 8 + 32 + 63),
        N(PSA_ALG_HMAC(PSA_ALG_SHA_256), 0x03800009),
        N(PSA_ALG_CBC_MAC, 0x03C00100),
        N(PSA_ALG_CMAC, 0x03C00200),
        N(PSA_ALG_TRUNCATED_MAC(PSA_ALG_CMAC, 8), 0x03C80200),
        N(PSA_ALG_FULL_LENGTH_MAC(0x03C80200), 0x03C00200),
        N(PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(PSA_ALG_CMAC, 8), 0x03C88200),
        N(PSA_ALG_IS_HMAC(0x03800009), 1),
        N(PSA_ALG_IS_HMAC(0x03C00200), 0),
        N(PSA_ALG_IS_BLOCK_CIPHER_MAC(0x03C00200), 1),
        N(PSA_MAC_LENGTH(PSA_KEY_TYPE_AES, 128, PSA_ALG_CMAC), 16),
        N(PSA_ALG_STREAM_CIPHER, 0x04800100),
        N(PSA_ALG_CTR, 0x04C01000),
        N(PSA_ALG_CCM_STAR_NO_TAG, 0x04C01300),
        N(PSA_ALG_CCM_STAR_ANY_TAG, 0x04C09300),
        N(PSA_ALG_CFB, 0x04C01100),
        N(PSA_ALG_OFB, 0x04C01200),
        N(PSA_ALG_XTS, 0x0440FF00),
        N(PSA_ALG_ECB_NO_PADDING, 0x04404400),
        N(PSA_ALG_CBC_NO_PADDING, 0x04404000),
        N(PSA_ALG_CBC_PKCS7, 0x04404100),
        N(PSA_ALG_IS_STREAM_CIPHER(PSA_ALG_CTR), 1),
        N(PSA_ALG_IS_STREAM_CIPHER(PSA_ALG_CBC_PKCS7), 0),
        N(PSA_ALG_CCM, 0x05500100),
        N(PSA_ALG_GCM, 0x05500200),
        N(PSA_ALG_CHACHA20_POLY1305, 0x05100500),
        N(PSA_ALG_XCHACHA20_POLY1305, 0x05100600),
        N(PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8), 0x05480100),
        N(PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(0x05480100), 0x05500100),
        N(PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_CCM, 8), 0x05488100),
        N(PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(PSA_ALG_GCM), 1),
        N(PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(PSA_ALG_CHACHA20_POLY1305), 0),
        N(PSA_AEAD_NONCE_LENGTH(PSA_KEY_TYPE_AES, PSA_ALG_CCM), 13),
        N(PSA_AEAD_TAG_LENGTH(PSA_KEY_TYPE_AES, 128, 0x05480100), 8),
    };
    ARE(numbers);
}

static void numbers_of_other_algorithms_are_the_specifications(void **state)
{
    static const struct number numbers[] = {
        N(PSA_ALG_HKDF(PSA_ALG_SHA_256), 0x08000109),
        N(PSA_ALG_HKDF_EXTRACT(PSA_ALG_SHA_256), 0x08000409),
        N(PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256), 0x08000509),
        N(PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_256), 0x08000709),
        N(PSA_ALG_SP800_108_COUNTER_CMAC, 0x08000800),
        N(PSA_ALG_TLS12_PRF(PSA_ALG_SHA_256), 0x08000209),
        N(PSA_ALG_TLS12_PSK_TO_MS(PSA_ALG_SHA_256), 0x08000309),
        N(PSA_ALG_TLS12_ECJPAKE_TO_PMS, 0x08000609),
        N(PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256), 0x08800109),
        N(PSA_ALG_PBKDF2_AES_CMAC_PRF_128, 0x08800200),
        N(PSA_ALG_IS_KEY_DERIVATION_STRETCHING(0x08800109), 1),
        N(PSA_ALG_IS_KEY_DERIVATION_STRETCHING(0x08000109), 0),
        N(PSA_ALG_IS_HKDF(0x08000109), 1),
        N(PSA_ALG_IS_HKDF_EXTRACT(0x08000409), 1),
        N(PSA_ALG_IS_HKDF_EXPAND(0x08000509), 1),
        N(PSA_ALG_IS_SP800_108_COUNTER_HMAC(0x08000709), 1),
        N(PSA_ALG_IS_TLS12_PRF(0x08000209), 1),
        N(PSA_ALG_IS_TLS12_PSK_TO_MS(0x08000309), 1),
        N(PSA_ALG_IS_PBKDF2_HMAC(0x08800109), 1),
        N(PSA_KEY_DERIVATION_INPUT_SECRET, 0x0101),
        N(PSA_KEY_DERIVATION_INPUT_OTHER_SECRET, 0x0103),
        N(PSA_KEY_DERIVATION_INPUT_PASSWORD, 0x0102),
        N(PSA_KEY_DERIVATION_INPUT_LABEL, 0x0201),
        N(PSA_KEY_DERIVATION_INPUT_CONTEXT, 0x0206),
        N(PSA_KEY_DERIVATION_INPUT_SALT, 0x0202),
        N(PSA_KEY_DERIVATION_INPUT_INFO, 0x0203),
        N(PSA_KEY_DERIVATION_INPUT_SEED, 0x0204),
        N(PSA_KEY_DERIVATION_INPUT_COST, 0x0205),
        N(PSA_KEY_DERIVATION_UNLIMITED_CAPACITY, SIZE_MAX),
        N(PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE, 32),
        N(PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), 0x06000209),
        N(PSA_ALG_RSA_PKCS1V15_SIGN_RAW, 0x06000200),
        N(PSA_ALG_RSA_PSS(PSA_ALG_SHA_256), 0x06000309),
        N(PSA_ALG_RSA_PSS_ANY_SALT(PSA_ALG_SHA_256), 0x06001309),
        N(PSA_ALG_ECDSA(PSA_ALG_SHA_256), 0x06000609),
        N(PSA_ALG_ECDSA_ANY, 0x06000600),
        N(PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256), 0x06000709),
        N(PSA_ALG_PURE_EDDSA, 0x06000800),
        N(PSA_ALG_ED25519PH, 0x0600090B),
        N(PSA_ALG_ED448PH, 0x06000915),
        N(PSA_ALG_IS_SIGN_MESSAGE(PSA_ALG_PURE_EDDSA), 1),
        N(PSA_ALG_IS_SIGN_MESSAGE(PSA_ALG_ECDSA_ANY), 0),
        N(PSA_ALG_IS_SIGN_HASH(PSA_ALG_PURE_EDDSA), 0),
        N(PSA_ALG_IS_SIGN_HASH(PSA_ALG_ED25519PH), 1),
        N(PSA_ALG_IS_RSA_PKCS1V15_SIGN(0x06000209), 1),
        N(PSA_ALG_IS_RSA_PSS(0x06001309), 1),
        N(PSA_ALG_IS_RSA_PSS_ANY_SALT(0x06001309), 1),
        N(PSA_ALG_IS_RSA_PSS_STANDARD_SALT(0x06001309), 0),
        N(PSA_ALG_IS_ECDSA(0x06000709), 1),
        N(PSA_ALG_IS_DETERMINISTIC_ECDSA(0x06000709), 1),
        N(PSA_ALG_IS_RANDOMIZED_ECDSA(0x06000709), 0),
        N(PSA_ALG_IS_HASH_EDDSA(PSA_ALG_ED25519PH), 1),
        N(PSA_ALG_IS_HASH_AND_SIGN(0x06000609), 1),
        N(PSA_ALG_IS_HASH_AND_SIGN(PSA_ALG_ECDSA_ANY), 0),
        N(PSA_ALG_IS_HASH_AND_SIGN(PSA_ALG_ED25519PH), 1),
        N(PSA_ALG_RSA_PKCS1V15_CRYPT, 0x07000200),
        N(PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256), 0x07000309),
        N(PSA_ALG_IS_RSA_OAEP(0x07000309), 1),
        N(PSA_ALG_FFDH, 0x09010000),
        N(PSA_ALG_ECDH, 0x09020000),
        N(PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256)), 0x09020109),
        N(PSA_ALG_KEY_AGREEMENT_GET_BASE(0x09020109), PSA_ALG_ECDH),
        N(PSA_ALG_KEY_AGREEMENT_GET_KDF(0x09020109), 0x08000109),
        N(PSA_ALG_IS_STANDALONE_KEY_AGREEMENT(0x09020000), 1),
        N(PSA_ALG_IS_RAW_KEY_AGREEMENT(0x09020109), 0),
        N(PSA_ALG_IS_FFDH(0x09010109), 1),
        N(PSA_ALG_IS_ECDH(0x09020109), 1),
        N(PSA_PAKE_PRIMITIVE_TYPE_ECC, 1),
        N(PSA_PAKE_PRIMITIVE_TYPE_DH, 2),
        N(PSA_PAKE_PRIMITIVE(1, 0x12, 256), 0x01120100),
        N(PSA_PAKE_PRIMITIVE_GET_TYPE(0x01120100), 1),
        N(PSA_PAKE_PRIMITIVE_GET_FAMILY(0x01120100), 0x12),
        N(PSA_PAKE_PRIMITIVE_GET_BITS(0x01120100), 256),
        N(PSA_PAKE_CONFIRMED_KEY, 0),
        N(PSA_PAKE_UNCONFIRMED_KEY, 1),
        N(PSA_PAKE_ROLE_NONE, 0),
        N(PSA_PAKE_ROLE_FIRST, 1),
        N(PSA_PAKE_ROLE_SECOND, 2),
        N(PSA_PAKE_ROLE_CLIENT, 0x11),
        N(PSA_PAKE_ROLE_SERVER, 0x12),
        N(PSA_PAKE_STEP_KEY_SHARE, 1),
        N(PSA_PAKE_STEP_ZK_PUBLIC, 2),
        N(PSA_PAKE_STEP_ZK_PROOF, 3),
        N(PSA_PAKE_STEP_CONFIRM, 4),
        N(PSA_ALG_JPAKE(PSA_ALG_SHA_256), 0x0A000109),
        N(PSA_ALG_IS_JPAKE(0x0A000109), 1),
        N(PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_256), 0x0A000409),
        N(PSA_ALG_SPAKE2P_CMAC(PSA_ALG_SHA_256), 0x0A000509),
        N(PSA_ALG_SPAKE2P_MATTER, 0x0A000609),
        N(PSA_ALG_IS_SPAKE2P(0x0A000409), 1),
        N(PSA_ALG_IS_SPAKE2P_HMAC(0x0A000409), 1),
        N(PSA_ALG_IS_SPAKE2P_CMAC(0x0A000509), 1),
    };
    ARE(numbers);
}

/* The initialisers of every object, and its bytes. */
#define BEGINS_AS_ZEROS(type, initialiser)                     \
    do {                                                       \
        static const type zeros;                               \
        const type object = initialiser, returned = type##_OF; \
        assert_memory_equal(&object, &zeros, sizeof zeros);    \
        assert_memory_equal(&returned, &zeros, sizeof zeros);  \
    } while (0)
#define psa_key_attributes_t_OF psa_key_attributes_init()
#define psa_hash_operation_t_OF psa_hash_operation_init()
#define psa_mac_operation_t_OF psa_mac_operation_init()
#define psa_cipher_operation_t_OF psa_cipher_operation_init()
#define psa_aead_operation_t_OF psa_aead_operation_init()
#define psa_key_derivation_operation_t_OF psa_key_derivation_operation_init()
#define psa_pake_cipher_suite_t_OF psa_pake_cipher_suite_init()
#define psa_pake_operation_t_OF psa_pake_operation_init()

static void every_object_begins_as_zeros(void **state)
{
    BEGINS_AS_ZEROS(psa_key_attributes_t, PSA_KEY_ATTRIBUTES_INIT);
    BEGINS_AS_ZEROS(psa_hash_operation_t, PSA_HASH_OPERATION_INIT);
    BEGINS_AS_ZEROS(psa_mac_operation_t, PSA_MAC_OPERATION_INIT);
    BEGINS_AS_ZEROS(psa_cipher_operation_t, PSA_CIPHER_OPERATION_INIT);
    BEGINS_AS_ZEROS(psa_aead_operation_t, PSA_AEAD_OPERATION_INIT);
    BEGINS_AS_ZEROS(psa_key_derivation_operation_t, PSA_KEY_DERIVATION_OPERATION_INIT);
    BEGINS_AS_ZEROS(psa_pake_cipher_suite_t, PSA_PAKE_CIPHER_SUITE_INIT);
    BEGINS_AS_ZEROS(psa_pake_operation_t, PSA_PAKE_OPERATION_INIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_keys_are_the_specifications),
        cmocka_unit_test(numbers_of_symmetric_algorithms_are_the_specifications),
        cmocka_unit_test(numbers_of_other_algorithms_are_the_specifications),
        cmocka_unit_test(every_object_begins_as_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
