/* SPDX-License-Identifier: Apache-2.0 */
/* A key's attributes in one line, for tests: those that are asked for, of a volatile key of location 0. */
#ifndef CRYPTO_PSA_TEST_ATTRIBUTES_H
#define CRYPTO_PSA_TEST_ATTRIBUTES_H

#include "psa/crypto.h"

/** bits 0: those of the key's bytes. */
static inline psa_key_attributes_t test_attributes(psa_key_type_t type, size_t bits, psa_key_usage_t usage,
                                                   psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_bits(&attributes, bits);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, alg);
    return attributes;
}

#endif
