/* SPDX-License-Identifier: Apache-2.0 */
/* What RSA's two paddings share: a hash of pieces, and MGF1. */
#ifndef CRYPTO_PRIMITIVES_RSA_MASK_H
#define CRYPTO_PRIMITIVES_RSA_MASK_H

#include "crypto/primitives/rsa.h"

/** Of the pieces in a row. */
void rsa_hash(const struct mico_digest *hash, const struct mico_span *pieces, size_t count, uint8_t *out);

/** data ^= MGF1(seed, len): RFC 8017 section B.2.1. */
void rsa_mask(const struct mico_digest *hash, struct mico_span seed, uint8_t *data, size_t len);

#endif
