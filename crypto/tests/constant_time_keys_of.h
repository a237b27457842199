/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of PSA for the cases of constant_time_*.c: constant_time_psa.c. */
#ifndef CRYPTO_TESTS_CONSTANT_TIME_KEYS_OF_H
#define CRYPTO_TESTS_CONSTANT_TIME_KEYS_OF_H

#include "crypto/psa/mico_psa.h"

/* With every permission. */
psa_key_attributes_t ct_attributes(psa_key_type_t type, size_t bits, psa_algorithm_t alg);
psa_key_id_t ct_import(psa_key_type_t type, psa_algorithm_t alg, const uint8_t *data, size_t len);
/* len secret bytes, at most 200. */
psa_key_id_t ct_secret_key(psa_key_type_t type, psa_algorithm_t alg, size_t len);
void ct_destroy(psa_key_id_t key);

#endif
