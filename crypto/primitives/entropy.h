/* SPDX-License-Identifier: Apache-2.0 */
/* The entropy source under test: NIST SP 800-90B section 4.4, for a source of bytes with full entropy (H = 8), as os/port/rng.h
 * promises one. Both tests call a good source bad once in 2^40 samples. For crypto/primitives alone: the generator's seed. */
#ifndef CRYPTO_PRIMITIVES_ENTROPY_H
#define CRYPTO_PRIMITIVES_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MICO_ENTROPY_REPEATS 6     /* equal bytes in a row; section 4.4.1: 1 + 40 / H */
#define MICO_ENTROPY_WINDOW 512    /* section 4.4.2, for more than one bit a sample */
#define MICO_ENTROPY_PROPORTION 19 /* of a window equal to its first: the test computes it */
#define MICO_ENTROPY_STARTUP 1024  /* samples tested before the first is used; section 4.3 */

/* All zeros is the start. */
struct mico_entropy_health {
    uint32_t seen; /* samples, up to MICO_ENTROPY_STARTUP */
    uint16_t in_window, matches;
    uint8_t last, repeats, first;
    bool failed;
};

/** Test samples; false from the first failure on. */
bool mico_entropy_check(struct mico_entropy_health *health, const uint8_t *samples, size_t len);

/** len bytes of the board's entropy source that have passed the tests, which go on over calls; the first call tests
 * MICO_ENTROPY_STARTUP bytes more. MICO_ERR_ENTROPY, out wiped: the source is dry or failed a test; the next call begins with the
 * start-up test again. */
MICO_MUST_USE mico_err mico_entropy_tested(uint8_t *out, size_t len);

/** Forget what the source has given: the next call begins with the start-up test. For a fuzzer, whose source begins anew with each
 * input and would seem to repeat itself. */
void mico_entropy_forget(void);

#endif
