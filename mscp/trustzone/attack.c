/* SPDX-License-Identifier: Apache-2.0 */
/* Non-secure firmware that has turned against the coprocessor behind the gate, for trustzone_test.c. It does what its next line
 * on the console says:
 *
 *     give HEX LEN    mscp_secure_write(HEX, LEN)
 *     take HEX LEN    mscp_secure_read(HEX, LEN)
 *     own LEN         both calls with LEN bytes of this program's memory
 *     load HEX        read a word
 *     jump HEX        call it
 *     storm           pair, then test the chip while an interrupt every 50 us calls the gate, and looks at the registers
 *                     that it finds */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_trustzone.h"
#include "mscp/trustzone/gate.h"
#include "os/port/board.h"
#include "os/port/uart.h"

#define VTOR (*(volatile uint32_t *)0xE000ED08u)
#define VECTORS 144 /* 16 of the core, 128 devices */
#define SYSTICK_VECTOR 15
#define SYSTICK_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYSTICK_RVR (*(volatile uint32_t *)0xE000E014u)
#define STORM_TICKS 1000 /* 50 us at 20 MHz */
#define STORM_ROUNDS 20

static struct mscp_host host;
static struct mscp_transport the_gate;
static volatile bool the_chip_works; /* in the call that hands a request over, which returns when it is answered */
static volatile uint32_t the_inside, the_work, the_busy, the_torn, the_leaks;
static uint8_t the_memory[4096];

static uint32_t the_vectors[VECTORS] __attribute__((aligned(1024)));

void storm_handler(void);
void storm(const uint32_t *registers);

static void say(const char *text, int32_t number)
{
    char line[80];
    snprintf(line, sizeof line, "%s %ld\n", text, (long)number);
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, strlen(line));
}

/* r4 to r11 as the handler found them, and EXC_RETURN, whose bit 6 says that the Secure world was interrupted. */
__attribute__((naked)) void storm_handler(void)
{
    __asm volatile("push {r4-r11, lr}\n\t"
                   "mov r0, sp\n\t"
                   "sub sp, #4\n\t"
                   "bl storm\n\t"
                   "add sp, #4\n\t"
                   "pop {r4-r11, pc}");
}

void storm(const uint32_t *registers)
{
    uint8_t byte = 0x5A;
    if ((registers[8] & 0x40u) == 0) {
        return;
    }
    the_inside++;
    for (int i = 0; i < 8; i++) {
        the_leaks += registers[i] != 0;
    }
    bool refused = mscp_secure_write(&byte, 1) == MICO_ERR_BUSY;
    if (refused) { /* else a read would take some of the answer; what was interrupted stands still between the two */
        the_torn += mscp_secure_read(&byte, 1) != MICO_ERR_BUSY;
    }
    the_work += the_chip_works;
    the_busy += the_chip_works && refused;
}

static mico_err write_and_note(void *ctx, const uint8_t *data, size_t len)
{
    the_chip_works = true;
    mico_err err = the_gate.write(ctx, data, len);
    the_chip_works = false;
    return err;
}

static void make_storm(void)
{
    struct mscp_binding binding;
    int32_t good = 0;
    mscp_trustzone_open(&the_gate);
    const struct mscp_transport transport = {the_gate.ctx, write_and_note, the_gate.read};
    mscp_host_start(&host, &transport, NULL);
    memcpy(the_vectors, (const void *)VTOR, sizeof the_vectors);
    the_vectors[SYSTICK_VECTOR] = (uint32_t)storm_handler;
    VTOR = (uint32_t)the_vectors;
    SYSTICK_RVR = STORM_TICKS - 1;
    SYSTICK_CSR = 7;
    say("paired", mscp_host_pair(&host, &binding));
    for (int i = 0; i < STORM_ROUNDS; i++) {
        good += mscp_host_self_test(&host) == MICO_OK;
    }
    SYSTICK_CSR = 0;
    mscp_host_stop(&host);
    say("tests good", good);
    say("interrupts in the middle of a call", (int32_t)the_inside);
    say("refused by one call of two", (int32_t)the_torn);
    say("interrupts while the chip works", (int32_t)the_work);
    say("of them refused", (int32_t)the_busy);
    say("registers left over", (int32_t)the_leaks);
}

static void obey(char *command)
{
    char *rest = strchr(command, ' ');
    uintptr_t address = rest != NULL ? strtoul(rest, &rest, 16) : 0;
    uint32_t len = rest != NULL ? (uint32_t)strtoul(rest, NULL, 16) : 0;
    if (strncmp(command, "give", 4) == 0) {
        say("gave", mscp_secure_write((const uint8_t *)address, len));
    } else if (strncmp(command, "take", 4) == 0) {
        say("took", mscp_secure_read((uint8_t *)address, len));
    } else if (strncmp(command, "own", 3) == 0) {
        say("gave", mscp_secure_write(the_memory, address));
        say("took", mscp_secure_read(the_memory, address));
    } else if (strncmp(command, "load", 4) == 0) {
        say("loaded", *(volatile int32_t *)address);
    } else if (strncmp(command, "jump", 4) == 0) {
        ((void (*)(void))(address | 1u))();
        say("came back", 0);
    } else if (strncmp(command, "storm", 5) == 0) {
        make_storm();
    }
}

int main(void)
{
    static char line[64];
    size_t len = 0;
    say("attacker: ready", 0);
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
