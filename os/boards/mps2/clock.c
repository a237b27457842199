/* SPDX-License-Identifier: Apache-2.0 */
/* The clock: CMSDK timer 0 counts down at the board's 20 or 25 MHz and wraps every 2^27 microseconds (134 s); its interrupt counts the
 * wraps. Reading needs no tick, so an idle processor sleeps as long as it likes. SysTick serves the kernel alone. */
#include "os/port/clock.h"

#include "os/boards/mps2/mps2.h"
#include "os/port/context.h"

#define TICKS_PER_US (MPS2_CLOCK_HZ / 1000000u)
#define WRAP_SHIFT 27
#define WRAP_TICKS (TICKS_PER_US << WRAP_SHIFT) /* 31 * 2^27 would fit 32 bits */

void TIMER0_Handler(void);
void SysTick_Handler(void);
void mico_port_tick(void) __attribute__((weak)); /* programs without a kernel have none */

static volatile uint32_t the_wraps;

void TIMER0_Handler(void)
{
    MPS2_TIMER0->interrupt = 1;
    the_wraps++;
}

void SysTick_Handler(void)
{
    mico_port_tick();
}

/* Tick from now on at every whole millisecond of the clock: the first period is what is left of this one. */
static void start_tick(uint64_t now_us)
{
    SYSTICK_RVR = (1000 - (uint32_t)(now_us % 1000)) * TICKS_PER_US - 1;
    SYSTICK_CVR = 0;   /* any write loads the counter, at its next step */
    SYSTICK_CSR = 0x7; /* processor clock, interrupt, on */
    for (int tries = 0; tries < 100 && SYSTICK_CVR == 0; tries++) {
    }
    SYSTICK_RVR = MPS2_CLOCK_HZ / 1000 - 1; /* taken when the counter is loaded next */
}

/* Ticks rest while all threads do: timer 1 ends the sleep. A sleep may be longer than its 2^32 steps, or than timer 0's round;
 * then the idle thread comes back. */
void mico_port_idle(uint64_t until_ms)
{
    uint64_t now_us = mico_clock_us();
    if (until_ms <= now_us / 1000) {
        SCB_ICSR = SCB_ICSR_PEND_SYSTICK;
        return;
    }
    SYSTICK_CSR = 0;
    mps2_wait_masked_us(until_ms < UINT64_MAX / 1000 ? until_ms * 1000 - now_us : UINT64_MAX);
    now_us = mico_clock_us();
    start_tick(now_us);
    if (until_ms <= now_us / 1000) {
        SCB_ICSR = SCB_ICSR_PEND_SYSTICK; /* the tick that wakes whoever waited for this */
    }
}

void mps2_clock_init(void)
{
    MPS2_TIMER0->ctrl = 0;
    MPS2_TIMER0->reload = WRAP_TICKS - 1;
    MPS2_TIMER0->value = WRAP_TICKS - 1;
    MPS2_TIMER0->interrupt = 1;
    MPS2_TIMER0->ctrl = TIMER_ENABLE | TIMER_INTERRUPT;
    mps2_irq_enable(MPS2_IRQ_TIMER0);
    if (mico_port_tick != NULL) {
        SCB_SHPR3 = (SCB_SHPR3 & 0x00FFFFFFu) | MPS2_IRQ_PRIORITY << 24;
        start_tick(mico_clock_us());
    }
}

uint64_t mico_clock_us(void)
{
    /* A wrap whose interrupt has not been served (masked, or about to) shows as pending: count it, and read the value
     * again, which is then surely of the new round. */
    uint32_t state = mps2_lock();
    uint32_t wraps = the_wraps;
    uint32_t left = MPS2_TIMER0->value;
    if (MPS2_TIMER0->interrupt != 0) {
        wraps++;
        left = MPS2_TIMER0->value;
    }
    mps2_unlock(state);
    return ((uint64_t)wraps << WRAP_SHIFT) + (WRAP_TICKS - 1 - left) / TICKS_PER_US;
}

uint64_t mico_clock_ms(void)
{
    return mico_clock_us() / 1000;
}
