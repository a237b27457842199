/* SPDX-License-Identifier: Apache-2.0 */
/* Nonces of deterministic signatures (RFC 6979), for group orders of whole bytes, which all of ours are. */
#ifndef CRYPTO_PRIMITIVES_RFC6979_H
#define CRYPTO_PRIMITIVES_RFC6979_H

#include "base/bytes.h"

#define RFC6979_ORDER_MAX 48 /* bytes */
#define RFC6979_HASH_MAX 64

/* Secret: the caller wipes it. */
struct rfc6979 {
    void (*hmac)(struct mico_span key, struct mico_span data, uint8_t *out);
    size_t hash_len;
    bool refused; /* a candidate was given, and another is asked for */
    uint8_t k[RFC6979_HASH_MAX], v[RFC6979_HASH_MAX];
};

/** Steps a to g of section 3.2. private_key and order have the same length, at most RFC6979_ORDER_MAX; digest is not empty.
 */
void rfc6979_start(struct rfc6979 *drbg, void (*hmac)(struct mico_span key, struct mico_span data, uint8_t *out),
                   size_t hash_len, struct mico_span private_key, struct mico_span digest, struct mico_span order);

/** The next candidate, of the order's length; the caller refuses one that is 0 or not below the order, and asks again. */
void rfc6979_next(struct rfc6979 *drbg, uint8_t *nonce, size_t len);

#endif
