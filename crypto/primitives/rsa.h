/* SPDX-License-Identifier: Apache-2.0 */
/* RSA (RFC 8017) with moduli of 2048, 3072 and 4096 bits, and 1024 for verification only; for crypto/ alone.
 *
 * Keys are views of bytes that the caller owns, big-endian without leading zeros (rsa_der.h makes them from DER). Signatures
 * and ciphertexts are as long as the modulus (key.n.len). Private operations are blinded, constant time (modular.h says to
 * what) and checked with the public key before the result leaves. They take up to 45 KiB of stack.
 *
 * Errors, where not said else: MICO_ERR_PARAM for a key or a length that does not serve, MICO_ERR_ENTROPY, MICO_ERR_CRYPTO
 * for a private key whose parts do not belong together or a computation that was disturbed; outputs are then wiped. */
#ifndef CRYPTO_PRIMITIVES_RSA_H
#define CRYPTO_PRIMITIVES_RSA_H

#include "crypto/primitives/digest.h"

#define MICO_RSA_MAX 512 /* bytes of the longest modulus */

struct mico_rsa_public {
    struct mico_span n, e;
};
struct mico_rsa_private {
    struct mico_rsa_public pub;
    struct mico_span d, p, q, dp, dq, qinv; /* RFC 8017 section 3.2: two primes, p with qinv = 1 / q */
};

/* Keys: rsa_key.c. */

/** MICO_ERR_PARAM: another size, an even modulus, an exponent that is even, below 3 or above 64 bits. */
MICO_MUST_USE mico_err mico_rsa_check_public(const struct mico_rsa_public *key);
/** That the parts belong together too: n = p q, and a random number comes back by both ways of computing. Not that p and
 * q are prime. A modulus of 1024 bits is MICO_ERR_UNSUPPORTED. */
MICO_MUST_USE mico_err mico_rsa_check_private(const struct mico_rsa_private *key);

/* Room for the parts of a new key. */
struct mico_rsa_key {
    uint8_t n[MICO_RSA_MAX], d[MICO_RSA_MAX], e[4];
    uint8_t p[MICO_RSA_MAX / 2], q[MICO_RSA_MAX / 2], dp[MICO_RSA_MAX / 2], dq[MICO_RSA_MAX / 2],
        qinv[MICO_RSA_MAX / 2];
};
/** FIPS 186-4 B.3.3, with d modulo (p - 1)(q - 1). bits: 2048, 3072, 4096. exponent: odd, at least 3. view points into room,
 * which the caller wipes. MICO_ERR_UNSUPPORTED for other bits. */
MICO_MUST_USE mico_err mico_rsa_generate(size_t bits, uint32_t exponent, struct mico_rsa_key *room,
                                         struct mico_rsa_private *view);

/* The bare functions: rsa.c. */

/* in and out have n.len bytes and may be the same; in at or above n is MICO_ERR_PARAM. */
/** For public numbers: of signatures. */
MICO_MUST_USE mico_err mico_rsa_public_op(const struct mico_rsa_public *key, const uint8_t *in, uint8_t *out);
/** The same in constant time: of texts. */
MICO_MUST_USE mico_err mico_rsa_encrypt_op(const struct mico_rsa_public *key, const uint8_t *in, uint8_t *out);
MICO_MUST_USE mico_err mico_rsa_private_op(const struct mico_rsa_private *key, const uint8_t *in, uint8_t *out);

/* Signatures: rsa_sign.c. */

/** RSASSA-PKCS1-v1_5. prefix: the DER before the digest, or nothing for raw input. */
MICO_MUST_USE mico_err mico_rsa_pkcs1_sign(const struct mico_rsa_private *key, struct mico_span prefix,
                                           struct mico_span digest, uint8_t *signature);
/** MICO_ERR_AUTH for anything but the one right signature. */
MICO_MUST_USE mico_err mico_rsa_pkcs1_verify(const struct mico_rsa_public *key, struct mico_span prefix,
                                             struct mico_span digest, struct mico_span signature);
/** RSASSA-PSS, MGF1 of the same hash, a salt of the hash's length, or as much as fits: digest has hash->size bytes. */
MICO_MUST_USE mico_err mico_rsa_pss_sign(const struct mico_rsa_private *key, const struct mico_digest *hash,
                                         const uint8_t *digest, uint8_t *signature);
/** The same with a salt that the caller has: for known answers. MICO_ERR_PARAM: longer than n.len - hash->size - 2. */
MICO_MUST_USE mico_err mico_rsa_pss_sign_with(const struct mico_rsa_private *key, const struct mico_digest *hash,
                                              const uint8_t *digest, struct mico_span salt, uint8_t *signature);
/** any_salt: of any length. MICO_ERR_AUTH. */
MICO_MUST_USE mico_err mico_rsa_pss_verify(const struct mico_rsa_public *key, const struct mico_digest *hash,
                                           bool any_salt, const uint8_t *digest, struct mico_span signature);

/* Encryption: rsa_encrypt.c. */

/** RSAES-PKCS1-v1_5. MICO_ERR_SIZE: text longer than n.len - 11. */
MICO_MUST_USE mico_err mico_rsa_pkcs1_encrypt(const struct mico_rsa_public *key, struct mico_span text, uint8_t *out);
/** text has room for cap bytes. MICO_ERR_AUTH for a ciphertext or padding that is wrong in whatever way, found in constant
 * time, as is the text's length; nothing says what was wrong. MICO_ERR_SIZE: right, and longer than cap.
 *
 * That a padding is wrong is itself what Bleichenbacher's attack needs: a protocol must not let its peer know. */
MICO_MUST_USE mico_err mico_rsa_pkcs1_decrypt(const struct mico_rsa_private *key, struct mico_span in, uint8_t *text,
                                              size_t cap, size_t *text_len);
/** RSAES-OAEP, MGF1 of the same hash. MICO_ERR_SIZE: text longer than n.len - 2 * hash->size - 2. */
MICO_MUST_USE mico_err mico_rsa_oaep_encrypt(const struct mico_rsa_public *key, const struct mico_digest *hash,
                                             struct mico_span label, struct mico_span text, uint8_t *out);
/** As mico_rsa_pkcs1_decrypt. */
MICO_MUST_USE mico_err mico_rsa_oaep_decrypt(const struct mico_rsa_private *key, const struct mico_digest *hash,
                                             struct mico_span label, struct mico_span in, uint8_t *text, size_t cap,
                                             size_t *text_len);

#endif
