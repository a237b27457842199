/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware: print each section of the transcript with its digest and time, then the size of what was asked of random.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "crypto/primitives/primitives.h"
#include "crypto/tests/transcript.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

static void say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
}

int main(void)
{
    char line[160], hex[65];
    uint8_t digest[32];

    say("crypto firmware\n");
    for (size_t i = 0; i < TRANSCRIPT_SECTIONS; i++) {
        uint64_t before = mico_clock_us();
        const char *name = transcript_section(i, digest);
        uint64_t us = mico_clock_us() - before;
        mico_hex(digest, sizeof digest, hex);
        snprintf(line, sizeof line, "%s: %s in %lu us\n", name, hex, (unsigned long)us);
        say(line);
    }
    mico_err err = mico_random(digest, sizeof digest);
    snprintf(line, sizeof line, "random: %s\n", mico_err_name(err));
    say(line);
    say("done\n");
    for (;;) {
        mico_board_wait(1000);
    }
}
