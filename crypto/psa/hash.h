/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: the hash that an algorithm names. */
#ifndef CRYPTO_PSA_HASH_H
#define CRYPTO_PSA_HASH_H

#include "crypto/primitives/digest.h"
#include "psa/crypto.h"

/* The hash of any algorithm that names one (PSA_ALG_GET_HASH); NULL when this build has none such. */
const struct mico_digest *psa_digest_of(psa_algorithm_t alg);

#endif
