/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: what location 0 does with key pairs and public keys; the entries of struct mico_psa_driver (see
 * mico_psa.h for their contracts) without their first argument. software.c hands over keys of asymmetric types.
 *
 * The note of a public key is its export format: other locations' public keys are checked through it. */
#ifndef CRYPTO_PSA_ASYMMETRIC_H
#define CRYPTO_PSA_ASYMMETRIC_H

#include "crypto/psa/mico_psa.h"

/* attributes.bits are 0 or what they must be; set on success. PSA_ERROR_NOT_SUPPORTED, PSA_ERROR_INVALID_ARGUMENT,
 * PSA_ERROR_INSUFFICIENT_MEMORY (note_cap). */
psa_status_t psa_asymmetric_import(struct mico_psa_key *key, struct mico_span data);
/* custom: for RSA the public exponent, big-endian; empty is 65537. */
psa_status_t psa_asymmetric_generate(struct mico_psa_key *key, struct mico_span custom);
psa_status_t psa_asymmetric_export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_asymmetric_export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);

/* sign_message is asked first and gives PSA_ERROR_NOT_SUPPORTED where the core shall hash and ask sign_hash. */
psa_status_t psa_asymmetric_sign_message(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                         uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_asymmetric_sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                      uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_asymmetric_verify_message(const struct mico_psa_key *key, psa_algorithm_t alg,
                                           struct mico_span message, struct mico_span signature);
psa_status_t psa_asymmetric_verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                        struct mico_span signature);

psa_status_t psa_asymmetric_encrypt_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                                         struct mico_span salt, uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_asymmetric_decrypt_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                                         struct mico_span salt, uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_asymmetric_agree_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                                       uint8_t *out, size_t cap, size_t *len);

#endif
