/* SPDX-License-Identifier: Apache-2.0 */
/* The HMAC's key, of the program and of the tool that seals it (seal.c). */
#include "crypto/selftest/integrity.h"

/* The same in cmake/integrity.cmake. */
static const uint8_t key[32] = "MiCO: the program's integrity, 1";

void integrity_start(struct mico_hmac *hmac)
{
    mico_hmac_start(hmac, &mico_sha256_digest, MICO_SPAN(key));
}
