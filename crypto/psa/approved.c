/* SPDX-License-Identifier: Apache-2.0 */
/* The approved mode's one table: what it permits and the publication that approves it. What is not in it is refused, so an
 * algorithm that is added to PSA is refused until somebody finds its publication.
 *
 * Stricter than the publications where a number of PSA does not say what they ask for: no signature of a hash that the
 * algorithm leaves open, and nothing for legacy use alone (SP 800-131A revision 2: verification with SHA-1, DSA or RSA
 * below 2048 bits; decryption with 3DES). */
#include "crypto/psa/core.h"

enum hashes { NO_HASH, SHA_1_UP, SHA_2 }; /* which the algorithm may name; SHA-1 still serves all but signatures */

static const struct {
    psa_algorithm_t alg; /* without hash, without length of a tag or MAC */
    psa_key_type_t type; /* of a pair the public key's; NONE: any, or no key */
    uint16_t least;      /* bits of the key */
    uint8_t hashes;
} approved[] = {
    /* FIPS 180-4; SHA-1: SP 800-131A revision 2 */
    {PSA_ALG_CATEGORY_HASH, PSA_KEY_TYPE_NONE, 0, SHA_1_UP},
    /* FIPS 198-1; the key: SP 800-131A revision 2 */
    {PSA_ALG_HMAC_BASE, PSA_KEY_TYPE_HMAC, 112, SHA_1_UP},
    /* SP 800-38B */
    {PSA_ALG_CMAC, PSA_KEY_TYPE_AES, 128, NO_HASH},
    /* FIPS 197 in the modes of SP 800-38A; the padding of CBC is outside of the mode (its appendix A) */
    {PSA_ALG_ECB_NO_PADDING, PSA_KEY_TYPE_AES, 128, NO_HASH},
    {PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_AES, 128, NO_HASH},
    {PSA_ALG_CBC_PKCS7, PSA_KEY_TYPE_AES, 128, NO_HASH},
    {PSA_ALG_CTR, PSA_KEY_TYPE_AES, 128, NO_HASH},
    {PSA_ALG_CFB, PSA_KEY_TYPE_AES, 128, NO_HASH},
    {PSA_ALG_OFB, PSA_KEY_TYPE_AES, 128, NO_HASH},
    /* SP 800-38C, SP 800-38D */
    {PSA_ALG_CCM, PSA_KEY_TYPE_AES, 128, NO_HASH},
    {PSA_ALG_GCM, PSA_KEY_TYPE_AES, 128, NO_HASH},
    /* SP 800-38F */
    {PSA_ALG_KW, PSA_KEY_TYPE_AES, 128, NO_HASH},
    {PSA_ALG_KWP, PSA_KEY_TYPE_AES, 128, NO_HASH},
    /* SP 800-56C revision 2, extraction and expansion; SP 800-132; SP 800-135 revision 1 */
    {PSA_ALG_HKDF_BASE, PSA_KEY_TYPE_NONE, 0, SHA_1_UP},
    {PSA_ALG_HKDF_EXTRACT_BASE, PSA_KEY_TYPE_NONE, 0, SHA_1_UP},
    {PSA_ALG_HKDF_EXPAND_BASE, PSA_KEY_TYPE_NONE, 0, SHA_1_UP},
    {PSA_ALG_PBKDF2_HMAC_BASE, PSA_KEY_TYPE_NONE, 0, SHA_1_UP},
    {PSA_ALG_TLS12_PRF_BASE, PSA_KEY_TYPE_NONE, 0, SHA_2},
    {PSA_ALG_TLS12_PSK_TO_MS_BASE, PSA_KEY_TYPE_NONE, 0, SHA_2},
    /* SP 800-108 revision 1, section 4.1 */
    {PSA_ALG_SP800_108_COUNTER_HMAC_BASE, PSA_KEY_TYPE_NONE, 0, SHA_1_UP},
    {PSA_ALG_SP800_108_COUNTER_CMAC, PSA_KEY_TYPE_NONE, 0, NO_HASH},
    /* FIPS 186-5: RSA in section 5 (family_rsa.c has the exponent), ECDSA in section 6, EdDSA in section 7 */
    {PSA_ALG_RSA_PKCS1V15_SIGN_RAW, PSA_KEY_TYPE_RSA_PUBLIC_KEY, 2048, SHA_2},
    {PSA_ALG_RSA_PSS_BASE, PSA_KEY_TYPE_RSA_PUBLIC_KEY, 2048, SHA_2},
    {PSA_ALG_ECDSA_ANY, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256, SHA_2},
    {PSA_ALG_DETERMINISTIC_ECDSA_BASE, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256, SHA_2},
    {PSA_ALG_PURE_EDDSA, PSA_EDWARDS_PUBLIC, 255, NO_HASH},
    {PSA_ALG_HASH_EDDSA_BASE, PSA_EDWARDS_PUBLIC, 255, SHA_2},
    /* SP 800-56B revision 2; SP 800-131A revision 2 ended PKCS#1 v1.5 with 2023 */
    {PSA_ALG_RSA_OAEP_BASE, PSA_KEY_TYPE_RSA_PUBLIC_KEY, 2048, SHA_1_UP},
    /* SP 800-56A revision 3, section 5.7.1, with the curves of SP 800-186 and the groups of RFC 7919 */
    {PSA_ALG_ECDH, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256, NO_HASH},
    {PSA_ALG_FFDH, PSA_KEY_TYPE_DH_PUBLIC_KEY(PSA_DH_FAMILY_RFC7919), 2048, NO_HASH},
};

#define SHA_2_NUMBER(hash) ((hash) >= (PSA_ALG_SHA_224 & 0xFF) && (hash) <= (PSA_ALG_SHA_512 & 0xFF))

static bool hash_fits(enum hashes allowed, psa_algorithm_t alg)
{
    psa_algorithm_t hash = alg & PSA_ALG_HASH_MASK;
    return allowed == NO_HASH ? hash == 0
                              : SHA_2_NUMBER(hash) || (allowed == SHA_1_UP && hash == (PSA_ALG_SHA_1 & 0xFF));
}

/* The algorithm as the table has it. */
static psa_algorithm_t base_of(psa_algorithm_t alg)
{
    bool by_length = PSA_ALG_IS_MAC(alg) || PSA_ALG_IS_AEAD(alg);
    return alg & ~PSA_ALG_HASH_MASK & ~(by_length ? PSA_ALG_MAC_TRUNCATION_MASK : 0);
}

static bool listed(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    psa_key_type_t of = PSA_KEY_TYPE_IS_KEY_PAIR(type) ? PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) : type;
    for (size_t i = 0; i < sizeof approved / sizeof approved[0]; i++) {
        bool same =
            alg == PSA_ALG_NONE || (base_of(approved[i].alg) == base_of(alg) && hash_fits(approved[i].hashes, alg));
        bool anyone = approved[i].type == PSA_KEY_TYPE_NONE && alg != PSA_ALG_NONE;
        if (same && (anyone || (approved[i].type == of && bits >= approved[i].least))) {
            return true;
        }
    }
    return false;
}

_Static_assert(PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG == PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG, "one flag for both");

psa_algorithm_t psa_closed(psa_algorithm_t alg)
{
    if (alg == MICO_PSA_ALG_RSA_TLS) {
        return PSA_ALG_RSA_PSS(PSA_ALG_SHA_256); /* approved as PKCS #1 v1.5 is */
    }
    if ((alg & PSA_ALG_HASH_MASK) == (PSA_ALG_ANY_HASH & PSA_ALG_HASH_MASK)) {
        alg = (alg & ~(psa_algorithm_t)PSA_ALG_HASH_MASK) | (PSA_ALG_SHA_256 & PSA_ALG_HASH_MASK);
    }
    bool by_length = PSA_ALG_IS_MAC(alg) || PSA_ALG_IS_AEAD(alg);
    return by_length ? alg & ~(psa_algorithm_t)PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG : alg;
}

bool psa_is_approved(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    if (alg == PSA_ALG_NONE) { /* keys that are bytes for a derivation have no algorithm of their own */
        bool bytes = type == PSA_KEY_TYPE_RAW_DATA || type == PSA_KEY_TYPE_DERIVE || type == PSA_KEY_TYPE_PASSWORD ||
                     type == PSA_KEY_TYPE_PEPPER;
        return bytes || listed(type, bits, alg);
    }
    if (PSA_ALG_IS_KEY_AGREEMENT(alg) && !PSA_ALG_IS_RAW_KEY_AGREEMENT(alg)) {
        return listed(PSA_KEY_TYPE_NONE, 0, PSA_ALG_KEY_AGREEMENT_GET_KDF(alg)) &&
               (!PSA_KEY_TYPE_IS_ASYMMETRIC(type) || listed(type, bits, PSA_ALG_KEY_AGREEMENT_GET_BASE(alg)));
    }
    return listed(type, bits, alg);
}

bool psa_is_approved_policy(psa_key_type_t type, size_t bits, psa_algorithm_t policy)
{
    return psa_is_approved(type, bits, PSA_ALG_NONE) &&
           (policy == PSA_ALG_NONE || psa_is_approved(type, bits, psa_closed(policy)));
}
