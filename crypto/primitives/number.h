/* SPDX-License-Identifier: Apache-2.0 */
/* Big-endian bytes to wolfCrypt's integers and back; for crypto/primitives alone. */
#ifndef CRYPTO_PRIMITIVES_NUMBER_H
#define CRYPTO_PRIMITIVES_NUMBER_H

#include "base/bytes.h"

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/sp_int.h>

/** All digits that len bytes take count as used, zero or not: wolfCrypt loops so often, and no length tells of a secret.
 * len is not 0 and at most SP_INT_BITS / 8. */
void number_load(mp_int *to, const uint8_t *bytes, size_t len);
/** For public values: leading zero digits are left out, as wolfCrypt itself does. */
void number_load_public(mp_int *to, struct mico_span bytes);
/** The number fits len bytes. */
void number_store(const mp_int *from, uint8_t *bytes, size_t len);

#endif
