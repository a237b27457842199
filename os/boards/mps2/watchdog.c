/* SPDX-License-Identifier: Apache-2.0 */
/* The CMSDK watchdog (DDI 0479 section 4.4): counts down at the board's clock; its first zero raises an interrupt that
 * nobody serves (an386: a fault, so the console says which thread ran), the second one resets. So half of the time is
 * loaded. */
#include "os/port/watchdog.h"

#include "os/boards/mps2/mps2.h"

#define UNLOCK 0x1ACCE551u
#define COUNT_AND_RESET 3u

struct watchdog {
    volatile uint32_t load;
    volatile uint32_t value;
    volatile uint32_t ctrl;
    volatile uint32_t clear;
    volatile uint32_t raw;
    volatile uint32_t masked;
    uint32_t unused[0xC00 / 4 - 6];
    volatile uint32_t lock;
};

static struct watchdog *const the_watchdog = (struct watchdog *)MPS2_WATCHDOG_BASE;

bool mico_watchdog_start(uint32_t timeout_ms)
{
    uint64_t ticks = (uint64_t)timeout_ms * (MPS2_CLOCK_HZ / 1000) / 2;
    if (ticks > UINT32_MAX) {
        return false;
    }
    the_watchdog->lock = UNLOCK;
    the_watchdog->load = (uint32_t)ticks;
    the_watchdog->ctrl = COUNT_AND_RESET;
    the_watchdog->clear = 1;
    the_watchdog->lock = 0;
    return true;
}

void mico_watchdog_feed(void)
{
    the_watchdog->lock = UNLOCK;
    the_watchdog->clear = 1; /* loads it again as well */
    the_watchdog->lock = 0;
}

void mico_watchdog_stop(void)
{
    the_watchdog->lock = UNLOCK;
    the_watchdog->ctrl = 0;
    the_watchdog->clear = 1;
    the_watchdog->lock = 0;
}
