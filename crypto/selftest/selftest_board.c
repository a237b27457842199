/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware: run the self-tests and say of each what it gave and how long it took, of all how long, and how deep the stack went.
 * For the test (selftest_board_test) and for `./mico bench crypto`. */
#include <stdio.h>
#include <string.h>

#include "crypto/selftest/selftest.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define PAINT 0xC5
extern uint8_t mps2_heap_end[]; /* the main stack's lowest byte: sections.ld */

static uint64_t last_us;

static void say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
}

static void report(void *ctx, const char *name, psa_status_t status)
{
    char line[96];
    uint64_t now = mico_clock_us();
    snprintf(line, sizeof line, "%s: %ld, in %lu us\n", name, (long)status, (unsigned long)(now - last_us));
    say(line);
    last_us = mico_clock_us();
}

/* All of the stack below this function's. */
__attribute__((noinline)) static uint8_t *paint(void)
{
    uint8_t *top = (uint8_t *)__builtin_frame_address(0) - 64;
    for (volatile uint8_t *at = mps2_heap_end; at < top; at++) {
        *at = PAINT;
    }
    return top;
}

static unsigned long depth(const uint8_t *top)
{
    const volatile uint8_t *at = mps2_heap_end;
    while (at < top && *at == PAINT) {
        at++;
    }
    return (unsigned long)(top - at);
}

int main(void)
{
    char line[96];
    uint8_t *top = paint();
    psa_status_t started = psa_crypto_init();
    uint64_t before = last_us = mico_clock_us();
    psa_status_t status = mico_crypto_selftest(report, NULL);
    unsigned long us = (unsigned long)(mico_clock_us() - before);
    snprintf(line, sizeof line, "started: %ld, tested: %ld, in %lu us\n", (long)started, (long)status, us);
    say(line);
    snprintf(line, sizeof line, "stack: %lu bytes\n", depth(top));
    say(line);
    say("done\n");
    for (;;) {
        mico_board_wait(1000);
    }
}
