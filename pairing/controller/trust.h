/* SPDX-License-Identifier: Apache-2.0 */
/* The check of a device certificate against the maker's root (GnuTLS): chain, validity, an Ed25519 key, one subject CN. */
#ifndef PAIRING_CONTROLLER_TRUST_H
#define PAIRING_CONTROLLER_TRUST_H

#include "pairing/controller/client.h"

struct mico_trust; /* the maker's roots */

/** Read the roots from a PEM file. MICO_ERR_IO (cannot be read), MICO_ERR_FORMAT (no certificate in it). */
MICO_MUST_USE mico_err mico_trust_load(const char *path, struct mico_trust **trust);
void mico_trust_free(struct mico_trust *trust);

/** What struct mico_client_trust wants as `check`; ctx is a struct mico_trust. */
mico_err mico_trust_check(void *ctx, struct mico_span chain, char subject[MICO_HAP_ID_MAX + 1], uint8_t key[32],
                          const char **why);

#endif
