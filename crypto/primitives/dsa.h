/* SPDX-License-Identifier: Apache-2.0 */
/* DSA in the sizes of FIPS 186-4 section 4.2: p and q of (1024, 160), (2048, 224), (2048, 256), (3072, 256) bits; for crypto/
 * alone. Numbers are views of bytes that the caller owns, big-endian without leading zeros. */
#ifndef CRYPTO_PRIMITIVES_DSA_H
#define CRYPTO_PRIMITIVES_DSA_H

#include "crypto/primitives/digest.h"

#define MICO_DSA_P_MAX 384 /* bytes */
#define MICO_DSA_Q_MAX 32

struct mico_dsa_domain {
    struct mico_span p, q, g;
};
struct mico_dsa_public {
    struct mico_dsa_domain domain;
    struct mico_span y;
};

/** MICO_ERR_PARAM: other sizes, even numbers, q that does not divide p - 1, g that does not have order q. That p and q are
 * prime is for who made them to know. */
MICO_MUST_USE mico_err mico_dsa_check_domain(const struct mico_dsa_domain *domain);
/** The domain too, and that y is in the group, and not 1. */
MICO_MUST_USE mico_err mico_dsa_check_public(const struct mico_dsa_public *key);
/** Of a checked domain: x has q.len bytes, y p.len. MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err mico_dsa_generate(const struct mico_dsa_domain *domain, uint8_t *x, uint8_t *y);
/** MICO_ERR_PARAM: x of q.len bytes that is 0 or not below q. */
MICO_MUST_USE mico_err mico_dsa_public(const struct mico_dsa_domain *domain, const uint8_t *x, uint8_t *y);

/** signature: r | s, q.len bytes each. digest: not empty; its leftmost bytes count. hash: with the nonce of RFC 6979 by
 * it; NULL: a random nonce. Of a checked domain. MICO_ERR_PARAM (x), MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err mico_dsa_sign(const struct mico_dsa_domain *domain, const uint8_t *x, struct mico_span digest,
                                     const struct mico_digest *hash, uint8_t *signature);
/** Under a checked key. MICO_ERR_AUTH. */
MICO_MUST_USE mico_err mico_dsa_verify(const struct mico_dsa_public *key, struct mico_span digest,
                                       struct mico_span signature);

/* DER: Dss-Parms (RFC 3279 section 2.3.2), and keys as OpenSSL's traditional format has them: SEQUENCE { 0, p, q, g, y, x }
 * of a pair, SEQUENCE { p, q, g, y } of a public key. MICO_ERR_FORMAT, MICO_ERR_SIZE. */
MICO_MUST_USE mico_err mico_dsa_read_domain(struct mico_span der, struct mico_dsa_domain *domain);
MICO_MUST_USE mico_err mico_dsa_read_public(struct mico_span der, struct mico_dsa_public *key);
MICO_MUST_USE mico_err mico_dsa_read_private(struct mico_span der, struct mico_dsa_public *key, struct mico_span *x);
MICO_MUST_USE mico_err mico_dsa_write_public(const struct mico_dsa_public *key, uint8_t *der, size_t cap, size_t *len);
MICO_MUST_USE mico_err mico_dsa_write_private(const struct mico_dsa_public *key, struct mico_span x, uint8_t *der,
                                              size_t cap, size_t *len);

#endif
