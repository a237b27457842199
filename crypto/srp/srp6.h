/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a in any group of RFC 5054 with any hash: what both sides compute, without state. For crypto/psa, which is its door.
 *
 *   k = H(N | pad g)   u = H(pad A | pad B)   v = g^x   A = g^a   B = k v + g^b
 *   S = (A v^u)^b = (B - k v)^(a + u x)       K = H(S)
 *   M1 = H(H(N) xor H(g) | H(I) | s | A | B | K)        M2 = H(A | M1 | K)      (RFC 2945 section 3)
 *
 * Every number is big-endian and as long as N; x and u are as long as a hash, a and b as group.private_size. N is hashed
 * whole and g, by itself, in one byte. A, B and S are hashed padded (RFC 5054 section 2.1) or, by the other rule, without
 * their leading zero bytes (RFC 2945). x, a, b, v and S are secret: time depends on what modular.h says. */
#ifndef CRYPTO_SRP_SRP6_H
#define CRYPTO_SRP_SRP6_H

#include "crypto/primitives/digest.h"
#include "crypto/srp/srp_group.h"

struct srp6 {
    const struct mico_digest *digest;
    struct srp_group group;
};
enum srp6_rule { SRP6_PADDED, SRP6_STRIPPED };

/* Both shares of an exchange. */
struct srp6_shares {
    const uint8_t *A, *B;
};

/** out = g ^ exponent: a verifier of x, A of a. */
void srp6_raise(const struct srp6 *srp, struct mico_span exponent, uint8_t *out);
/** Draw a or b: its top bit is set, so all are as long. MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err srp6_draw(const struct srp6 *srp, uint8_t exponent[SRP_PRIVATE_MAX]);
/** B of b and v. */
void srp6_server_share(const struct srp6 *srp, const uint8_t *b, const uint8_t *verifier, uint8_t *B);
/** A peer's A or B, padded but not reduced: it is hashed as it came. MICO_ERR_SIZE (empty or longer than N),
 * MICO_ERR_CRYPTO (0 mod N). */
MICO_MUST_USE mico_err srp6_take_share(const struct srp6 *srp, struct mico_span in, uint8_t *share);
/** True for a number from 1 to N - 1, which a verifier is. */
bool srp6_is_verifier(const struct srp6 *srp, const uint8_t *number);

/** S, on either side. MICO_ERR_CRYPTO: u is 0; S then untouched. */
MICO_MUST_USE mico_err srp6_client_secret(const struct srp6 *srp, struct srp6_shares shares, const uint8_t *a,
                                          struct mico_span x, uint8_t *S);
MICO_MUST_USE mico_err srp6_server_secret(const struct srp6 *srp, struct srp6_shares shares, const uint8_t *b,
                                          const uint8_t *verifier, uint8_t *S);

/** K of S. */
void srp6_key(const struct srp6 *srp, const uint8_t *S, enum srp6_rule rule, uint8_t K[MICO_DIGEST_MAX]);
void srp6_first_proof(const struct srp6 *srp, struct mico_span user, struct mico_span salt, struct srp6_shares shares,
                      const uint8_t *K, enum srp6_rule rule, uint8_t M1[MICO_DIGEST_MAX]);
void srp6_second_proof(const struct srp6 *srp, const uint8_t *A, const uint8_t *M1, const uint8_t *K,
                       uint8_t M2[MICO_DIGEST_MAX]);

#endif
