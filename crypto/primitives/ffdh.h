/* SPDX-License-Identifier: Apache-2.0 */
/* Finite-field Diffie-Hellman (SP 800-56A) in RFC 7919's groups of 2048, 3072 and 4096 bits, on hosts 6144 and 8192 too; for
 * crypto/ alone. Every number here has as many bytes as its group's prime; big-endian, leading zeros kept. */
#ifndef CRYPTO_PRIMITIVES_FFDH_H
#define CRYPTO_PRIMITIVES_FFDH_H

#include "base/bytes.h"

/* A group is linked when it is named, with the digits of the shorter ones. */
struct ffdh_group;
extern const struct ffdh_group ffdh_2048, ffdh_3072, ffdh_4096;
#if !defined(__arm__)
extern const struct ffdh_group ffdh_6144, ffdh_8192;
#endif
/** The group whose prime has so many bytes, of all that there are; NULL: none. */
const struct ffdh_group *ffdh_of(size_t size);
void ffdh_prime(const struct ffdh_group *group, uint8_t *p);
/** MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err ffdh_generate(const struct ffdh_group *group, uint8_t *private_key);
/** MICO_ERR_PARAM: a private key that is not from 1 to p - 2. */
MICO_MUST_USE mico_err ffdh_check_private(const struct ffdh_group *group, const uint8_t *private_key);
MICO_MUST_USE mico_err ffdh_public(const struct ffdh_group *group, const uint8_t *private_key, uint8_t *public_key);
/** MICO_ERR_CRYPTO: a public key that is not from 2 to p - 2. */
MICO_MUST_USE mico_err ffdh_check(const struct ffdh_group *group, const uint8_t *public_key);
/** What ffdh_agree computes by: peer to an exponent that is in range, as long as it likes to be. MICO_ERR_CRYPTO as ffdh_check. */
MICO_MUST_USE mico_err ffdh_raise(const struct ffdh_group *group, struct mico_span exponent, const uint8_t *peer,
                                  uint8_t *secret);
/** Both errors; secret then untouched. */
MICO_MUST_USE mico_err ffdh_agree(const struct ffdh_group *group, const uint8_t *private_key, const uint8_t *peer,
                                  uint8_t *secret);

#endif
