/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware: the cases of constant_time.h, each some times with other secrets and other random numbers. trace_plugin.c, in
 * the emulator, compares what the processor does. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/constant_time.h"
#include "os/port/board.h"
#include "os/port/rng.h"
#include "os/port/uart.h"

#ifdef MICO_TRACE_SMALL
#define SMALL true
#else
#define SMALL false
#endif

bool entropy_is_public;
static unsigned run;
static uint32_t entropy_state;

/* Where the plugin listens. */
#define MARK __attribute__((noinline, noclone, used))
MARK void trace_case(void);
MARK void trace_begin(void);
MARK void trace_end(void);
MARK void trace_done(void);

void trace_case(void)
{
    __asm__ volatile("nop");
}
void trace_begin(void)
{
    __asm__ volatile("cpsid i");
}
void trace_end(void)
{
    __asm__ volatile("cpsie i");
}
void trace_done(void)
{
    __asm__ volatile("nop\n\tnop");
}

static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Random ones, and such that have few or many bits, or always the same digit in any window. Each of them is in the range of
 * every scalar. */
__attribute__((noinline)) void *secret(void *data, size_t len)
{
    static const uint8_t patterns[] = {0, 0, 0x01, 0x7F, 0x80, 0, 0x55, 0xAA};
    static uint32_t state;
    uint8_t *bytes = data, pattern = patterns[run % sizeof patterns];
    state = (state & 0xFFFFu) + 0x9E3779B9u * (run + 1);
    for (size_t i = 0; i < len; i++) {
        uint8_t random = (uint8_t)next(&state);
        bytes[i] = pattern != 0 ? pattern : random;
    }
    return data;
}

void secret_as_is(const void *data, size_t len)
{
}

void open_up(const void *data, size_t len)
{
}

size_t choice(size_t count)
{
    return run % count;
}

__attribute__((noinline)) mico_err mico_entropy(uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)(next(&entropy_state) >> 11);
    }
    if (entropy_is_public) {
        entropy_state = 0x12345678;
    }
    return MICO_OK;
}

static void say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
}

int main(void)
{
    for (size_t i = 0; i < ct_case_count; i++) {
        if (SMALL && ct_cases[i].same) {
            continue;
        }
        say("case ");
        say(ct_cases[i].name);
        say("\n");
        trace_case();
        for (run = 0; run < ct_cases[i].runs; run++) {
            entropy_state = 0xC0FFEE + 77 * run;
            ct_reset();
            trace_begin();
            ct_cases[i].run();
            trace_end();
        }
    }
    trace_done();
    say("all done\n");
    for (;;) {
        mico_board_wait(1000);
    }
}
