/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential back-off with full jitter; see retry.h. */
#include "apps/device/retry.h"

#include "base/bytes.h"
#include "crypto/primitives/primitives.h"

void mico_retry_start(struct mico_retry *retry)
{
    retry->limit_ms = MICO_RETRY_FIRST_MS;
}

/* 0 to most. Without random numbers there is no connection either: wait as long as may be. */
static uint32_t any_up_to(uint32_t most)
{
    uint8_t bytes[4];
    return mico_random(bytes, sizeof bytes) == MICO_OK ? mico_load_be32(bytes) % (most + 1) : most;
}

uint32_t mico_retry_next(struct mico_retry *retry, uint64_t stood_ms)
{
    if (stood_ms >= MICO_RETRY_STEADY_MS) {
        mico_retry_start(retry);
    }
    uint32_t limit_ms = retry->limit_ms;
    retry->limit_ms = limit_ms < MICO_RETRY_MOST_MS / 2 ? 2 * limit_ms : MICO_RETRY_MOST_MS;
    return any_up_to(limit_ms);
}
