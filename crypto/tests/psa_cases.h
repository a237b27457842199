/* SPDX-License-Identifier: Apache-2.0 */
/* How one case of a file of vectors runs through PSA. Each function fails the test unless PSA gives the file's answer both
 * ways where there are two; it returns NULL, or why this build has no such thing and the case was skipped. */
#ifndef CRYPTO_TESTS_PSA_CASES_H
#define CRYPTO_TESTS_PSA_CASES_H

#include "crypto/psa/mico_psa.h"
#include "crypto/tests/vectors.h"

typedef const char *psa_case(struct vectors *v, psa_algorithm_t alg);

psa_case case_hash, case_monte, case_hmac, case_cmac, case_poly1305; /* psa_cases.c */
psa_case case_aes, case_des, case_chacha20;                          /* psa_cases_cipher.c */
psa_case case_gcm, case_ccm, case_chachapoly, case_wrap;             /* psa_cases_aead.c */
psa_case case_hkdf, case_pbkdf2, case_pbkdf2_cmac, case_tls12_prf;   /* psa_cases.c */
psa_case case_tls12_psk, case_counter;                               /* psa_cases.c */
psa_case case_cbc_padded;                                            /* psa_cases_cipher.c */
psa_case case_ecdsa, case_dsa, case_ffdh, case_x25519;               /* psa_cases_pairs.c */
psa_case case_ecdsa_verify;                                          /* psa_cases_pairs.c */

/** A key of all usages for one algorithm; the test fails when PSA does not take it. */
psa_key_id_t case_key(psa_key_type_t type, struct mico_span key, psa_algorithm_t alg);
/** "SHA-1" to "SHA-512"; the test fails with another. */
psa_algorithm_t case_hash_named(const char *name);
/** The case's value by the one of two names that the file has. */
struct mico_span case_either(struct vectors *v, const char *name, const char *other);
/** Fail unless a call succeeded and gave these bytes. */
void case_expect(psa_status_t status, const uint8_t *got, size_t len, struct mico_span want);

#endif
