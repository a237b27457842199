/* SPDX-License-Identifier: Apache-2.0 */
/* The host's monotonic clock, from the first look at it; or one that a test holds. */
#include "os/port/clock.h"

#include <time.h>

#include "os/boards/posix/posix.h"

static uint64_t held_us;
static bool held;

static uint64_t host_us(void)
{
    static uint64_t start;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    uint64_t now = (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
    if (start == 0) {
        start = now;
    }
    return now - start;
}

uint64_t mico_clock_us(void)
{
    return held ? held_us : host_us();
}

uint64_t mico_clock_ms(void)
{
    return mico_clock_us() / 1000u;
}

void mico_posix_clock_hold(void)
{
    held_us = host_us() / 1000u * 1000u;
    held = true;
}

void mico_posix_clock_move(uint32_t by_ms)
{
    held_us += (uint64_t)by_ms * 1000u;
}

bool mico_posix_clock_held(void)
{
    return held;
}
