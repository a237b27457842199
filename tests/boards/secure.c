/* SPDX-License-Identifier: Apache-2.0 */
/* Non-secure firmware for secure_test.c, on boards with a Secure world: it tries what its first line on the console says.
 *
 *     gate         call the Secure world as it wants to be called
 *     read HEX     read a word
 *     write HEX    write one
 *     jump HEX     call Non-secure callable code elsewhere than at its entry */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/boards/mps2-an505/secure/gate.h"
#include "os/port/board.h"
#include "os/port/uart.h"

static void say(const char *text, uint32_t number)
{
    char line[64];
    snprintf(line, sizeof line, "%s %lx\n", text, (unsigned long)number);
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, strlen(line));
}

static void obey(const char *command)
{
    const char *rest = strchr(command, ' ');
    uint32_t address = rest != NULL ? (uint32_t)strtoul(rest, NULL, 16) : 0;
    if (strcmp(command, "gate") == 0) {
        say("gate version", secure_gate_version());
    } else if (command[0] == 'r') {
        say("got", *(volatile uint32_t *)address);
    } else if (command[0] == 'w') {
        *(volatile uint32_t *)address = 0x5A5A5A5Au;
        say("wrote", address);
    } else if (command[0] == 'j') {
        ((void (*)(void))(address | 1u))();
        say("came back from", address);
    }
}

int main(void)
{
    static char line[64];
    size_t len = 0;
    say("secure firmware: gate at", (uint32_t)(uintptr_t)secure_gate_version);
    for (;;) {
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
        mico_board_wait(60000);
    }
}
