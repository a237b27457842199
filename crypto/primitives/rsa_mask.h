/* SPDX-License-Identifier: Apache-2.0 */
/* MGF1, for RSA's paddings. */
#ifndef CRYPTO_PRIMITIVES_RSA_MASK_H
#define CRYPTO_PRIMITIVES_RSA_MASK_H

#include "crypto/primitives/rsa.h"

#define RSA_HASH_MAX 64 /* bytes */

/** data ^= MGF1(seed, len): RFC 8017 section B.2.1. */
void rsa_mask(const struct mico_rsa_hash *hash, struct mico_span seed, uint8_t *data, size_t len);

#endif
