/* SPDX-License-Identifier: Apache-2.0 */
/* The entropy source under test, every sample that it gives, from the first on: NIST SP 800-90B section 4.4's two tests, and one of
 * our own for a source that goes round, which those two do not see. For crypto/primitives alone: the generator's seed.
 *
 * The claim: os/port/rng.h promises full entropy, H = 8 bits of min-entropy in a sample of one byte: no byte is likelier than
 * p = 2^-H. Each cut-off is the least that a source as good as the claim reaches with probability at most 2^-40 a sample or
 * window (section 4.3 recommends 2^-20 to 2^-40), so that a million devices that start daily see one or two false alarms a year
 * (wolfCrypt's comparison of a seed's words is in that), which a new start mends. A source that begins to give less than about 5 bits a byte reaches them soon: entropy_test says how
 * soon. What the tests see of a source that Linux has conditioned is the conditioner's output: there they find a broken way to
 * it, not a weak source behind it. */
#ifndef CRYPTO_PRIMITIVES_ENTROPY_H
#define CRYPTO_PRIMITIVES_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MICO_ENTROPY_H 8
#define MICO_ENTROPY_ALPHA 40 /* -log2 of a false alarm */
/* Section 4.4.1: equal bytes in a row. The chance that the C - 1 after one equal it is p^(C - 1): C = 1 + ceil(alpha / H). */
#define MICO_ENTROPY_REPEATS (1 + (MICO_ENTROPY_ALPHA + MICO_ENTROPY_H - 1) / MICO_ENTROPY_H)
/* Section 4.4.2: in a window of W = 512 (more than two values), those equal to its first. The least C with P[X >= C] <= 2^-40
 * for X binomial of W and p = 2^-8; the test computes it. */
#define MICO_ENTROPY_WINDOW 512
#define MICO_ENTROPY_PROPORTION 19
/* Section 4.3: samples tested before the first is used; 1024 is its least. */
#define MICO_ENTROPY_STARTUP 1024
/* Our own: 8 samples that come again in their order, 2^-64 a sample in a good source. They are compared with 8 of before, which
 * are chosen anew 8, 16, 32 … 2^16 samples on and so round (Brent's way of finding cycles), so a cycle of whatever length up to
 * 2^16 is seen after at most some rounds of it, whenever it begins. */
#define MICO_ENTROPY_CYCLE 65536

/* All zeros is the start. */
struct mico_entropy_health {
    uint32_t seen;           /* samples, up to MICO_ENTROPY_STARTUP */
    uint32_t since;          /* samples since before was chosen; anew after 8 << doublings */
    uint64_t recent, before; /* the last 8 samples, and the 8 that they may not equal */
    uint16_t in_window, matches;
    uint8_t last, repeats, first, doublings;
    bool failed;
};

/** Test samples; false from the first failure on. */
bool mico_entropy_check(struct mico_entropy_health *health, const uint8_t *samples, size_t len);

/** len bytes of the board's entropy source that have passed the tests, which go on over calls; the first call tests
 * MICO_ENTROPY_STARTUP bytes more. Under the generator's lock. MICO_ERR_ENTROPY, out wiped: the source is dry, and the next call
 * begins with the start-up test again; or it failed a test, and the module is in its error state (trust.h). */
MICO_MUST_USE mico_err mico_entropy_tested(uint8_t *out, size_t len);

/** Forget what the source has given: the next call begins with the start-up test. For a fuzzer, whose source begins anew with each
 * input and would seem to repeat itself. */
void mico_entropy_forget(void);

#endif
