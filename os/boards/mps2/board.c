/* SPDX-License-Identifier: Apache-2.0 */
/* The board as a whole: start, wait, reset, halt, lamp. */
#include "os/port/board.h"

#include "os/boards/mps2/mps2.h"

volatile bool mps2_event;

void TIMER1_Handler(void);
void mps2_exit(int status); /* halt_semihosting.c or halt_silent.c */

void TIMER1_Handler(void)
{
    MPS2_TIMER1->interrupt = 1; /* its work is to end a sleep */
}

void mico_board_init(void)
{
    static bool done;
    if (!done) {
        done = true;
        mps2_clock_init();
        mps2_uart_init();
    }
}

/* Timer 1 runs down once; a value of 0 in reload stops it there. */
void mps2_wait_masked_us(uint64_t timeout_us)
{
    const uint32_t ticks_per_us = MPS2_CLOCK_HZ / 1000000;
    const uint32_t most_us = 0xFFFFFFFFu / ticks_per_us - 1;
    MPS2_TIMER1->ctrl = 0;
    MPS2_TIMER1->reload = 0;
    MPS2_TIMER1->value =
        ((timeout_us < most_us ? (uint32_t)timeout_us : most_us) + 1) * ticks_per_us; /* not a step early */
    MPS2_TIMER1->interrupt = 1;
    mps2_irq_enable(MPS2_IRQ_TIMER1);
    MPS2_TIMER1->ctrl = TIMER_ENABLE | TIMER_INTERRUPT;
    mps2_sleep();
    MPS2_TIMER1->ctrl = 0;
}

void mps2_wait_masked(uint32_t timeout_ms)
{
    mps2_wait_masked_us((uint64_t)timeout_ms * 1000);
}

/* Bytes that came after the caller had looked and before it waits must not be slept over: the drivers' handlers note
 * them. The note is taken away only when the caller is about to look again. */
void mico_board_wait(uint32_t timeout_ms)
{
    uint32_t state = mps2_lock();
    if (timeout_ms > 0 && !mps2_event) {
        mps2_wait_masked(timeout_ms);
    }
    mps2_unlock(state);
    __asm volatile("isb" ::: "memory"); /* the handler runs here */
    mps2_event = false;
}

void mico_board_reset(void)
{
    mps2_console_say(""); /* what is still in the ring */
    __asm volatile("dsb" ::: "memory");
    SCB_AIRCR = 0x05FAu << 16 | 1u << 2; /* SYSRESETREQ */
    for (;;) {
        mps2_sleep();
    }
}

void mico_board_halt(int status)
{
    mps2_console_say(""); /* what is still in the ring */
    mps2_lock();
    SYSTICK_CSR = 0;
    mps2_irq_disable_all();
    mps2_exit(status);
    for (;;) {
        mps2_sleep();
    }
}

void mico_board_lamp(bool on)
{
    MPS2_FPGAIO_LEDS = on ? 1 : 0;
}

const char *mico_board_name(void)
{
    return MPS2_NAME;
}
