/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure world's time, from the CMSDK dual timer (DDI 0479 section 4.2), which Non-secure has no share of. Its first half
 * runs free at 20 MHz / 256 and wraps after 15 hours; it is read whenever somebody asks, and a wrap that nobody saw makes this
 * clock late, never early: what waits for time to pass waits longer. The second half ends a sleep. */
#include "os/port/clock.h"

#include "os/boards/mps2/mps2.h"

struct dual_timer_half {
    volatile uint32_t load, value, control, clear, raw_status, status, background_load, reserved;
};
#define FREE_RUNNING ((struct dual_timer_half *)MPS2_DUAL_TIMER_BASE)
#define ONE_SHOT ((struct dual_timer_half *)(MPS2_DUAL_TIMER_BASE + 0x20u))
#define CONTROL_ON 0x80u
#define CONTROL_INTERRUPT 0x20u
#define CONTROL_BY_256 0x08u
#define CONTROL_32_BITS 0x02u
#define CONTROL_ONE_SHOT 0x01u
#define TICKS_PER_SECOND (MPS2_CLOCK_HZ / 256)

void DUAL_TIMER_Handler(void);

void DUAL_TIMER_Handler(void)
{
    ONE_SHOT->clear = 1;
}

uint64_t mico_clock_us(void)
{
    static uint64_t ticks;
    static uint32_t last; /* ticks that had passed, modulo 2^32 */
    uint32_t state = mps2_lock();
    if ((FREE_RUNNING->control & CONTROL_ON) == 0) {
        FREE_RUNNING->load = 0xFFFFFFFFu;
        FREE_RUNNING->control = CONTROL_ON | CONTROL_BY_256 | CONTROL_32_BITS;
    }
    uint32_t now = 0xFFFFFFFFu - FREE_RUNNING->value;
    ticks += now - last;
    last = now;
    uint64_t us = ticks * 1000000u / TICKS_PER_SECOND;
    mps2_unlock(state);
    return us;
}

uint64_t mico_clock_ms(void)
{
    return mico_clock_us() / 1000;
}

void mps2_wait_masked(uint32_t timeout_ms)
{
    const uint32_t most_ms = 0xFFFFFFFFu / (MPS2_CLOCK_HZ / 1000);
    ONE_SHOT->control = 0;
    ONE_SHOT->clear = 1;
    ONE_SHOT->load = (timeout_ms < most_ms ? timeout_ms : most_ms) * (MPS2_CLOCK_HZ / 1000);
    mps2_irq_enable(MPS2_IRQ_DUAL_TIMER);
    ONE_SHOT->control = CONTROL_ON | CONTROL_INTERRUPT | CONTROL_32_BITS | CONTROL_ONE_SHOT;
    mps2_sleep();
    ONE_SHOT->control = 0;
}
