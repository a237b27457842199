/* SPDX-License-Identifier: Apache-2.0 */
/* Which algorithms a key's policy permits. */
#include "crypto/psa/core.h"

#define TAG_BITS (PSA_ALG_AEAD_TAG_LENGTH_MASK | PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG)
_Static_assert(TAG_BITS == (PSA_ALG_MAC_TRUNCATION_MASK | PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG),
               "MACs and AEADs keep the length in the same place");

static bool by_length(psa_algorithm_t alg)
{
    return PSA_ALG_IS_MAC(alg) || PSA_ALG_IS_AEAD(alg);
}

static bool at_least(psa_algorithm_t alg)
{
    return by_length(alg) && (alg & PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG) != 0;
}

/* The bytes of tag or MAC that an algorithm or policy names, the whole one when it names none. */
static size_t length_of(psa_key_type_t type, psa_algorithm_t alg)
{
    return PSA_ALG_IS_MAC(alg) ? PSA_MAC_LENGTH(type, 0, alg) : PSA_ALG_AEAD_GET_TAG_LENGTH(alg);
}

_Static_assert((PSA_ALG_CCM_STAR_ANY_TAG & PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG) != 0 &&
                   (MICO_PSA_ALG_RSA_TLS & PSA_ALG_HASH_MASK) == (PSA_ALG_ANY_HASH & PSA_ALG_HASH_MASK),
               "psa_may_stand_for_several");

bool psa_permits_closely(psa_key_type_t type, psa_algorithm_t policy, psa_algorithm_t alg)
{
    if (psa_may_stand_for_several(alg) && (PSA_ALG_IS_WILDCARD(alg) || alg == MICO_PSA_ALG_RSA_TLS)) {
        return false;
    }
    return alg != PSA_ALG_NONE && (alg == policy || psa_policies_meet(type, policy, alg) == alg);
}

static psa_algorithm_t shorter_or_longer(psa_key_type_t type, psa_algorithm_t a, psa_algorithm_t b)
{
    size_t of_a = length_of(type, a), of_b = length_of(type, b), longest = of_a > of_b ? of_a : of_b;
    if (((a ^ b) & ~TAG_BITS) != 0) {
        return PSA_ALG_NONE;
    }
    if (at_least(a) && at_least(b)) {
        return (psa_algorithm_t)((a & ~TAG_BITS) | (psa_algorithm_t)longest << 16 |
                                 PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG);
    }
    if (at_least(a)) {
        return of_b >= of_a ? b : PSA_ALG_NONE;
    }
    if (at_least(b)) {
        return of_a >= of_b ? a : PSA_ALG_NONE;
    }
    return of_a == of_b ? b : PSA_ALG_NONE; /* the whole MAC, said in two ways */
}

/* One is PSA_ALG_CCM_STAR_ANY_TAG: it stands for CCM with any tag and for CCM* without one. */
static psa_algorithm_t ccm_star(psa_algorithm_t other)
{
    bool fits = other == PSA_ALG_CCM_STAR_NO_TAG || (other & ~TAG_BITS) == (PSA_ALG_CCM & ~TAG_BITS);
    return fits ? other : PSA_ALG_NONE;
}

/* One is MICO_PSA_ALG_RSA_TLS. */
static psa_algorithm_t rsa_signature(psa_algorithm_t other)
{
    bool signs = PSA_ALG_IS_RSA_PSS_STANDARD_SALT(other) || PSA_ALG_IS_RSA_PKCS1V15_SIGN(other);
    return signs && PSA_ALG_GET_HASH(other) != PSA_ALG_NONE ? other : PSA_ALG_NONE;
}

psa_algorithm_t psa_policies_meet(psa_key_type_t type, psa_algorithm_t a, psa_algorithm_t b)
{
    if (a == b) {
        return a;
    }
    if (PSA_ALG_IS_SIGN_HASH(a) && PSA_ALG_IS_SIGN_HASH(b) && ((a ^ b) & ~PSA_ALG_HASH_MASK) == 0) {
        return PSA_ALG_GET_HASH(a) == PSA_ALG_ANY_HASH ? b : PSA_ALG_GET_HASH(b) == PSA_ALG_ANY_HASH ? a : PSA_ALG_NONE;
    }
    if (a == MICO_PSA_ALG_RSA_TLS || b == MICO_PSA_ALG_RSA_TLS) {
        return rsa_signature(a == MICO_PSA_ALG_RSA_TLS ? b : a);
    }
    if (a == PSA_ALG_CCM_STAR_ANY_TAG || b == PSA_ALG_CCM_STAR_ANY_TAG) {
        return ccm_star(a == PSA_ALG_CCM_STAR_ANY_TAG ? b : a);
    }
    if (by_length(a) && by_length(b)) {
        return shorter_or_longer(type, a, b);
    }
    /* Who may have the secret itself may have it derived from. */
    if (PSA_ALG_IS_RAW_KEY_AGREEMENT(a) && PSA_ALG_IS_KEY_AGREEMENT(b) && PSA_ALG_KEY_AGREEMENT_GET_BASE(b) == a) {
        return b;
    }
    return PSA_ALG_NONE;
}
