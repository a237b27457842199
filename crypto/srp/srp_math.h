/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic in RFC 5054's 3072-bit group, g = 5; numbers are 384 bytes, big-endian. For crypto/srp and crypto/psa only.
 *
 * Exponents and factors are secret: time depends on an exponent's length in bytes only. Needs about 20 KiB of stack,
 * which srp_scrub_stack cleans. */
#ifndef CRYPTO_SRP_SRP_MATH_H
#define CRYPTO_SRP_SRP_MATH_H

#include <stdbool.h>

#include "crypto/srp/srp.h"

extern const uint8_t srp_N[MICO_SRP_SIZE];
extern const uint8_t srp_g[MICO_SRP_SIZE]; /* 5, padded */

/* out = base ^ exponent mod N; base below N; exponent at most 384 bytes, big-endian, not 0. out may be base. */
void srp_exp(uint8_t out[MICO_SRP_SIZE], const uint8_t base[MICO_SRP_SIZE], struct mico_span exponent);
/* out = a * b mod N, and so on; operands below N; out may be one of them. */
void srp_mul(uint8_t out[MICO_SRP_SIZE], const uint8_t a[MICO_SRP_SIZE], const uint8_t b[MICO_SRP_SIZE]);
void srp_add(uint8_t out[MICO_SRP_SIZE], const uint8_t a[MICO_SRP_SIZE], const uint8_t b[MICO_SRP_SIZE]);
void srp_sub(uint8_t out[MICO_SRP_SIZE], const uint8_t a[MICO_SRP_SIZE], const uint8_t b[MICO_SRP_SIZE]);
/* out = in mod N for any 384 bytes (below 2N, since N's top bit is set). Public values only. */
void srp_reduce(uint8_t out[MICO_SRP_SIZE], const uint8_t in[MICO_SRP_SIZE]);
/* out = a + u * x as an integer of 130 bytes: the client's exponent. a has 32 bytes, u and x 64. */
#define SRP_EXPONENT_SIZE 130
void srp_exponent(uint8_t out[SRP_EXPONENT_SIZE], const uint8_t a[32], const uint8_t u[64], const uint8_t x[64]);

/* True for big-endian numbers below N. */
bool srp_below_N(const uint8_t number[MICO_SRP_SIZE]);

/* Overwrite what the calls above have left below the caller's frame. */
void srp_scrub_stack(void);

#endif
