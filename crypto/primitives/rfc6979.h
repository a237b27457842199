/* SPDX-License-Identifier: Apache-2.0 */
/* Nonces of deterministic signatures (RFC 6979), for group orders of whole bytes, which all of ours are. */
#ifndef CRYPTO_PRIMITIVES_RFC6979_H
#define CRYPTO_PRIMITIVES_RFC6979_H

#include "crypto/primitives/digest.h"

#define RFC6979_ORDER_MAX 48 /* bytes */

/* Secret: the caller wipes it. */
struct rfc6979 {
    const struct mico_digest *hash;
    bool refused; /* a candidate was given, and another is asked for */
    uint8_t k[MICO_DIGEST_MAX], v[MICO_DIGEST_MAX];
};

/** Steps a to g of section 3.2. private_key and order have the same length, at most RFC6979_ORDER_MAX; digest is not empty.
 */
void rfc6979_start(struct rfc6979 *drbg, const struct mico_digest *hash, struct mico_span private_key,
                   struct mico_span digest, struct mico_span order);

/** The next candidate, of the order's length; the caller refuses one that is 0 or not below the order, and asks again. */
void rfc6979_next(struct rfc6979 *drbg, uint8_t *nonce, size_t len);

#endif
