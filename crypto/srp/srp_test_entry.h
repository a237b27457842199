/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a with chosen secrets: for test vectors, and for tests that play a faulty peer. Never in a product: the random
 * numbers, and the redrawing that keeps leading zeros away, are what these leave out. */
#ifndef CRYPTO_SRP_SRP_TEST_ENTRY_H
#define CRYPTO_SRP_SRP_TEST_ENTRY_H

#include "crypto/srp/srp.h"

void mico_srp_server_start_with(struct mico_srp_server *server, const uint8_t salt[MICO_SRP_SALT_SIZE],
                                const uint8_t verifier[MICO_SRP_SIZE], const uint8_t b[MICO_SRP_PRIVATE_SIZE],
                                uint8_t B[MICO_SRP_SIZE]);
void mico_srp_client_start_with(struct mico_srp_client *client, const uint8_t a[MICO_SRP_PRIVATE_SIZE]);

#endif
