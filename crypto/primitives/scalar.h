/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers modulo a group's order, as big-endian bytes; constant time. For crypto/primitives alone. */
#ifndef CRYPTO_PRIMITIVES_SCALAR_H
#define CRYPTO_PRIMITIVES_SCALAR_H

#include "base/bytes.h"

/** 0 < a < bound; all of len bytes. */
bool scalar_in_range(const uint8_t *a, const uint8_t *bound, size_t len);

/** RFC 6979's bits2octets: the digest's leftmost bytes, as many as order has, modulo order, whose top bit is set. A
 * shorter digest has zeros before it. */
void scalar_of_digest(uint8_t *out, struct mico_span digest, struct mico_span order);

#endif
