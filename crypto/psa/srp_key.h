/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: location 0's keys of SRP-6a. A pair is the password's hash x, as long as a hash; its public half is
 * the verifier v = g^x, as long as the prime of its group of RFC 5054. */
#ifndef CRYPTO_PSA_SRP_KEY_H
#define CRYPTO_PSA_SRP_KEY_H

#include "crypto/psa/mico_psa.h"

/* Bits are the group's in both; a pair without any is of 3072, a verifier's length says its group. A verifier is neither 0
 * nor N or above. */
psa_status_t psa_srp_import(struct mico_psa_key *key, struct mico_span data);
psa_status_t psa_srp_export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_srp_export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);

#endif
