/* SPDX-License-Identifier: Apache-2.0 */
/* Keys for tests: each of one usage set and one algorithm. The test fails when PSA does not make them. */
#ifndef CRYPTO_TESTS_TEST_KEY_H
#define CRYPTO_TESTS_TEST_KEY_H

#include "crypto/psa/mico_psa.h"

#define TEST_P PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define TEST_P_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1)
#define TEST_ED PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define TEST_ED_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define TEST_X PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define TEST_X_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_MONTGOMERY)
#define TEST_DH PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)
#define TEST_DH_PUBLIC PSA_KEY_TYPE_DH_PUBLIC_KEY(PSA_DH_FAMILY_RFC7919)

psa_key_id_t test_key(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, struct mico_span data);
/** As PSA says about it. A key that was made is destroyed. */
psa_status_t test_import(psa_key_type_t type, size_t bits, struct mico_span data);
/** A new pair; DSA's in crypto/psa's domain for tests. */
psa_key_id_t test_pair(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg);
/** A pair's public key: its bytes, in out; and as a key of its own. */
size_t test_public(psa_key_id_t pair, uint8_t *out, size_t cap);
psa_key_id_t test_public_key(psa_key_id_t pair, psa_key_usage_t usage, psa_algorithm_t alg);
/** Of 2048 bits, the same every time: making one takes long. */
psa_key_id_t test_rsa(psa_key_usage_t usage, psa_algorithm_t alg);
void test_destroy(psa_key_id_t key);

#endif
