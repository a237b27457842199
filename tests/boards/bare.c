/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware without a kernel for boards_test.c: answers one-line commands on the console, and echoes the link. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/flash.h"
#include "os/port/rng.h"
#include "os/port/uart.h"

static void say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
}

static void say_entropy(void)
{
    uint8_t seed[16];
    char hex[2 * sizeof seed + 1];
    mico_err err = mico_entropy(seed, sizeof seed);
    mico_hex(seed, sizeof seed, hex);
    say(err == MICO_OK ? "entropy " : "entropy failed ");
    say(hex);
    say("\n");
}

/* "program ADDRESS BYTE", "erase ADDRESS", "read ADDRESS": one byte, decimal numbers. */
static void do_flash(const char *command, uint32_t address, uint8_t byte)
{
    const struct mico_flash *flash = mico_board_flash();
    mico_err err = MICO_OK;
    if (command[0] == 'p') {
        err = flash->program(flash, address, &byte, 1);
    } else if (command[0] == 'e') {
        err = flash->erase(flash, address, flash->sector_size);
    }
    uint8_t now = 0;
    if (err == MICO_OK) {
        err = flash->read(flash, address, &now, 1);
    }
    char line[64];
    snprintf(line, sizeof line, "flash %s %u\n", mico_err_name(err), now);
    say(line);
}

static void do_clock(uint32_t wait_ms)
{
    char line[64];
    uint64_t before = mico_clock_us();
    uint64_t until = before + (uint64_t)wait_ms * 1000;
    while (mico_clock_us() < until) {
        mico_board_wait(wait_ms);
    }
    snprintf(line, sizeof line, "waited %" PRIu32 "\n", (uint32_t)(mico_clock_us() - before));
    say(line);
}

/* Start the program whose vector table is at address, as rudely as a loader may: interrupts and timers are left on. */
static void start(uint32_t address)
{
    const uint32_t *vectors = (const uint32_t *)address;
    ((void (*)(void))vectors[1])();
}

static void obey(const char *command)
{
    char *rest = strchr(command, ' ');
    uint32_t first = rest != NULL ? (uint32_t)strtoul(rest, &rest, 10) : 0;
    uint32_t second = rest != NULL ? (uint32_t)strtoul(rest, NULL, 10) : 0;
    if (strcmp(command, "entropy") == 0) {
        say_entropy();
    } else if (strncmp(command, "wait", 4) == 0) {
        do_clock(first);
    } else if (strcmp(command, "reset") == 0) {
        mico_board_reset();
    } else if (strncmp(command, "start", 5) == 0) {
        start(first);
    } else if (strcmp(command, "fault") == 0) {
        *(volatile uint32_t *)0x4FFFFFF0u = 1; /* among the devices, but none */
    } else if (strchr("per", command[0]) != NULL) {
        do_flash(command, first, (uint8_t)second);
    } else {
        say("unknown\n");
    }
}

static void read_console(void)
{
    static char line[64];
    static size_t len;
    uint8_t byte;
    while (mico_uart_read(MICO_UART_CONSOLE, &byte, 1) == 1) {
        if (byte == '\n') {
            line[len] = '\0';
            len = 0;
            obey(line);
        } else if (len < sizeof line - 1) {
            line[len++] = (char)byte;
        }
    }
}

int main(void)
{
    say("bare firmware on ");
    say(mico_board_name());
    say("\n");
    for (;;) {
        uint8_t bytes[256];
        size_t len = mico_uart_read(MICO_UART_LINK, bytes, sizeof bytes);
        mico_uart_write(MICO_UART_LINK, bytes, len);
        read_console();
        if (len == 0) {
            mico_board_wait(60000);
        }
    }
}
