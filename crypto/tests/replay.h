/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers for comparisons with OpenSSL that can be had again: every number of a run, the generator's entropy (so keys
 * and nonces) and OpenSSL's own included, comes of one seed. A run prints `seed N`; MICO_SEED=N repeats it. */
#ifndef CRYPTO_TESTS_REPLAY_H
#define CRYPTO_TESTS_REPLAY_H

#include <stddef.h>
#include <stdint.h>

/** First thing in main: a seed of MICO_SEED, or a new one. Ends the program when MICO_SEED is no number. */
void replay_start(void);
/** From the beginning of a seed's numbers. */
void replay_start_with(uint64_t seed);
void replay_draw(void *out, size_t len);
/** From 0 to limit - 1. */
size_t replay_below(size_t limit);

#endif
