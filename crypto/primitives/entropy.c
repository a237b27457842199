/* SPDX-License-Identifier: Apache-2.0 */
/* Repetition count, adaptive proportion, cycles; see entropy.h. */
#include "crypto/primitives/entropy.h"

#include "base/bytes.h"
#include "crypto/primitives/trust.h"
#include "os/port/rng.h"

#define PIECE 128

static struct mico_entropy_health the_health;

/* Samples become seeds: what is counted of them, is counted without branches. 1 when both are equal. */
static unsigned equal(uint8_t a, uint8_t b)
{
    return ((unsigned)(a ^ b) - 1) >> 31;
}

static bool repetition_good(struct mico_entropy_health *health, uint8_t sample)
{
    unsigned again = health->seen > 0 ? equal(sample, health->last) : 0;
    health->repeats = 1 + (health->repeats & (0 - again));
    health->last = sample;
    return health->repeats < MICO_ENTROPY_REPEATS;
}

static bool proportion_good(struct mico_entropy_health *health, uint8_t sample)
{
    if (health->in_window == 0) {
        health->first = sample;
        health->matches = 0;
    }
    health->matches += equal(sample, health->first);
    health->in_window = health->in_window + 1 < MICO_ENTROPY_WINDOW ? health->in_window + 1 : 0;
    return health->matches < MICO_ENTROPY_PROPORTION;
}

/* Until there are 8 there is nothing to compare. */
static bool cycle_good(struct mico_entropy_health *health, uint8_t sample)
{
    health->recent = health->recent << 8 | sample;
    health->since++;
    bool good = health->since < sizeof health->recent || health->recent != health->before;
    if (health->since >= 8u << health->doublings) {
        health->before = health->recent;
        health->since = 0;
        health->doublings = 8u << health->doublings < MICO_ENTROPY_CYCLE ? health->doublings + 1 : 0;
    }
    return good;
}

bool mico_entropy_check(struct mico_entropy_health *health, const uint8_t *samples, size_t len)
{
    for (size_t i = 0; i < len && !health->failed; i++) {
        bool repetition = repetition_good(health, samples[i]), proportion = proportion_good(health, samples[i]);
        health->failed = !cycle_good(health, samples[i]) || !repetition || !proportion;
        health->seen += health->seen < MICO_ENTROPY_STARTUP;
    }
    return !health->failed;
}

/* From the source, through the tests; one that fails them is not asked again. */
static mico_err take(uint8_t *out, size_t len)
{
    mico_err err = mico_entropy(out, len);
    if (err == MICO_OK && !mico_entropy_check(&the_health, out, len)) {
        mico_trust_fail();
        err = MICO_ERR_ENTROPY;
    }
    return err;
}

/* The samples of the start-up test are not used. */
static mico_err start_up(void)
{
    uint8_t piece[PIECE];
    mico_err err = MICO_OK;
    while (err == MICO_OK && the_health.seen < MICO_ENTROPY_STARTUP) {
        err = take(piece, sizeof piece);
    }
    mico_wipe(piece, sizeof piece);
    return err;
}

void mico_entropy_forget(void)
{
    mico_wipe(&the_health, sizeof the_health);
}

mico_err mico_entropy_tested(uint8_t *out, size_t len)
{
    mico_err err = start_up();
    if (err == MICO_OK) {
        err = take(out, len);
    }
    if (err != MICO_OK) {
        mico_entropy_forget();
        mico_wipe(out, len);
    }
    return err;
}
