/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic modulo an odd public number of 20 to MODULAR_MAX bytes, whose top bit is set: under RSA, DSA, Diffie-Hellman
 * and SRP. For crypto/ alone.
 *
 * Numbers are big-endian and as long as the modulus; a, b and base are below it; out may be any of the inputs. Time depends
 * on lengths and on how many leading zero words (32 bits on a board) base has, or how many bits an exponent of one word. An
 * exponentiation takes a table of powers on the stack (on a board 28 KiB in all for 4096 bits, 24 to 3072), which it cleans. */
#ifndef CRYPTO_PRIMITIVES_MODULAR_H
#define CRYPTO_PRIMITIVES_MODULAR_H

#include "base/bytes.h"

#if defined(__arm__)
#define MODULAR_MAX 512
#else
#define MODULAR_MAX 1024
#endif

/** out = base ^ exponent; the exponent is at most as long as the modulus. */
void modular_exp(uint8_t *out, const uint8_t *base, struct mico_span exponent, struct mico_span modulus);
void modular_mul(uint8_t *out, const uint8_t *a, const uint8_t *b, struct mico_span modulus);
void modular_add(uint8_t *out, const uint8_t *a, const uint8_t *b, struct mico_span modulus);
void modular_sub(uint8_t *out, const uint8_t *a, const uint8_t *b, struct mico_span modulus);
/** out = 1 / a for a prime modulus and a other than 0. */
void modular_invert(uint8_t *out, const uint8_t *a, struct mico_span modulus);
/** a < modulus. Public numbers. */
bool modular_below(const uint8_t *a, struct mico_span modulus);

#endif
