/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA (FIPS 186-4 section 6) and ECDH (SP 800-56A) on the NIST curves that are in the build, with the curve as a
 * parameter; for crypto/ alone. primitives.h says what each function does, and has the same with fixed shapes. A digest may
 * have any length but 0: its leftmost bits count. */
#ifndef CRYPTO_PRIMITIVES_EC_H
#define CRYPTO_PRIMITIVES_EC_H

#include "crypto/primitives/digest.h"

/* The small P-256 (crypto_small) has numbers of another size: its objects may stand beside those of another curve. */
#ifdef MICO_WOLF_SMALL_P256
#define mico_ec_generate mico_small_ec_generate
#define mico_ec_public mico_small_ec_public
#define mico_ec_check mico_small_ec_check
#define mico_ec_sign mico_small_ec_sign
#define mico_ec_sign_deterministic mico_small_ec_sign_deterministic
#define mico_ec_verify mico_small_ec_verify
#define mico_ec_agree mico_small_ec_agree
#endif

struct mico_ec;    /* a curve */
struct mico_ecdsa; /* signatures on it */
struct mico_ecdh;  /* agreement on it */
extern const struct mico_ec mico_ec_p256, mico_ec_p384;
extern const struct mico_ecdsa mico_ecdsa_p256, mico_ecdsa_p384;
extern const struct mico_ecdh mico_ecdh_p256, mico_ecdh_p384;

MICO_MUST_USE mico_err mico_ec_generate(const struct mico_ec *curve, uint8_t *private_key, uint8_t *public_key);
MICO_MUST_USE mico_err mico_ec_public(const struct mico_ec *curve, const uint8_t *private_key, uint8_t *public_key);
MICO_MUST_USE mico_err mico_ec_check(const struct mico_ec *curve, const uint8_t *public_key);
MICO_MUST_USE mico_err mico_ec_sign(const struct mico_ecdsa *on, const uint8_t *private_key, struct mico_span digest,
                                    uint8_t *signature);
/** hash: the one that made the digest, or another (RFC 6979 section 3.6). */
MICO_MUST_USE mico_err mico_ec_sign_deterministic(const struct mico_ecdsa *on, const uint8_t *private_key,
                                                  struct mico_span digest, const struct mico_digest *hash,
                                                  uint8_t *signature);
MICO_MUST_USE mico_err mico_ec_verify(const struct mico_ecdsa *on, const uint8_t *public_key, struct mico_span digest,
                                      const uint8_t *signature);
MICO_MUST_USE mico_err mico_ec_agree(const struct mico_ecdh *on, const uint8_t *private_key, const uint8_t *public_key,
                                     uint8_t *secret);

#endif
