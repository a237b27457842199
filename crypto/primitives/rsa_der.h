/* SPDX-License-Identifier: Apache-2.0 */
/* RSA keys in DER: RFC 8017 appendix A.1, which is PSA's format too. */
#ifndef CRYPTO_PRIMITIVES_RSA_DER_H
#define CRYPTO_PRIMITIVES_RSA_DER_H

#include "crypto/primitives/rsa.h"

/* Bytes that the longest keys take: eight numbers of headers of 4 and a sign, and version and SEQUENCE. */
#define MICO_RSA_PUBLIC_DER_MAX (4 + 5 + MICO_RSA_MAX + 3 + 8)
#define MICO_RSA_PRIVATE_DER_MAX (4 + 3 + 2 * (5 + MICO_RSA_MAX) + 3 + 8 + 5 * (5 + MICO_RSA_MAX / 2))

/** Views into der. MICO_ERR_FORMAT: not exactly one RSAPublicKey. That it is a good key is mico_rsa_check_public's. */
MICO_MUST_USE mico_err mico_rsa_read_public(struct mico_span der, struct mico_rsa_public *key);
/** RSAPrivateKey of two primes (version 0). */
MICO_MUST_USE mico_err mico_rsa_read_private(struct mico_span der, struct mico_rsa_private *key);
/** MICO_ERR_SIZE: cap is too small. */
MICO_MUST_USE mico_err mico_rsa_write_public(const struct mico_rsa_public *key, uint8_t *der, size_t cap, size_t *len);
MICO_MUST_USE mico_err mico_rsa_write_private(const struct mico_rsa_private *key, uint8_t *der, size_t cap,
                                              size_t *len);

#endif
