/* SPDX-License-Identifier: Apache-2.0 */
/* Which algorithms a key's policy permits. */
#include "crypto/psa/core.h"

/* Of a MAC or AEAD policy "at least this length": the same algorithm with a tag of that length or a longer one. */
static bool at_least(psa_algorithm_t policy, psa_algorithm_t alg)
{
    size_t least = PSA_ALG_TAG_LENGTH_FIELD(policy), got = PSA_ALG_TAG_LENGTH_FIELD(alg);
    if ((alg & PSA_ALG_AT_LEAST_FLAG) != 0 || ((policy ^ alg) & ~PSA_ALG_TAG_MASK) != 0) {
        return false;
    }
    if (got == 0 && PSA_ALG_IS_MAC(alg)) {
        got = PSA_ALG_IS_HMAC(alg) ? PSA_HASH_LENGTH(alg) : 16;
    }
    return got >= least;
}

bool psa_permits(psa_algorithm_t policy, psa_algorithm_t alg)
{
    if (policy == alg) {
        return true;
    }
    bool by_length = PSA_ALG_IS_MAC(policy) || PSA_ALG_IS_AEAD(policy);
    return by_length && (policy & PSA_ALG_AT_LEAST_FLAG) != 0 && at_least(policy, alg);
}
