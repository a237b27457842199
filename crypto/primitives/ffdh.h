/* SPDX-License-Identifier: Apache-2.0 */
/* Finite-field Diffie-Hellman (SP 800-56A) in RFC 7919's groups of 2048, 3072 and 4096 bits, on hosts 6144 and 8192 too; for
 * crypto/ alone. size: the prime's bytes, that of every number here; big-endian, leading zeros kept. */
#ifndef CRYPTO_PRIMITIVES_FFDH_H
#define CRYPTO_PRIMITIVES_FFDH_H

#include "base/bytes.h"

bool ffdh_known(size_t size);
/* The rest takes only a size that is known. */
void ffdh_prime(size_t size, uint8_t *p);
/** MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err ffdh_generate(size_t size, uint8_t *private_key);
/** MICO_ERR_PARAM: a private key that is not from 1 to p - 2. */
MICO_MUST_USE mico_err ffdh_check_private(size_t size, const uint8_t *private_key);
MICO_MUST_USE mico_err ffdh_public(size_t size, const uint8_t *private_key, uint8_t *public_key);
/** MICO_ERR_CRYPTO: a public key that is not from 2 to p - 2. */
MICO_MUST_USE mico_err ffdh_check(size_t size, const uint8_t *public_key);
/** Both errors; secret then untouched. */
MICO_MUST_USE mico_err ffdh_agree(size_t size, const uint8_t *private_key, const uint8_t *peer, uint8_t *secret);

#endif
