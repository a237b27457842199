/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware: run the self-tests and say what each gave, and how long all took. */
#include <stdio.h>
#include <string.h>

#include "crypto/selftest/selftest.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

static void say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
}

static void report(void *ctx, const char *name, psa_status_t status)
{
    char line[80];
    snprintf(line, sizeof line, "%s: %ld\n", name, (long)status);
    say(line);
}

int main(void)
{
    char line[80];
    psa_status_t started = psa_crypto_init();
    uint64_t before = mico_clock_us();
    psa_status_t status = mico_crypto_selftest(report, NULL);
    unsigned long us = (unsigned long)(mico_clock_us() - before);
    snprintf(line, sizeof line, "started: %ld, tested: %ld, in %lu us\n", (long)started, (long)status, us);
    say(line);
    for (;;) {
        mico_board_wait(1000);
    }
}
