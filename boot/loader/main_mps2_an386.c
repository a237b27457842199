/* SPDX-License-Identifier: Apache-2.0 */
/* The loader on mps2-an386: where things lie there, and the jump. */
#include "boot/loader/loader.h"
#include "mscp/host/transport_uart_bare.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define KEY_PAGE 0x3F000u
#define LOAD_ADDR 0x40000u
#define CODE_END 0x400000u /* of the code memory */
#define HEADER_SIZE 0x400u
#define RAM_START 0x20000000u
#define RAM_END 0x203FFFC0u /* the hand-off lies above */

#define LINE_DRAIN_MS 5 /* 780 bytes leave in that time; the loader's last lines and the session's end are 200 */

extern struct mico_handoff mico_handoff_area; /* the board's linker script, like the two below */
extern uint32_t mps2_heap_start[], mps2_stack_top[];

static struct loader the_loader;

static void say(const char *line)
{
    size_t len = 0;
    while (line[len] != '\0') {
        len++;
    }
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, len);
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)"\r\n", 2);
}

/* Leave: interrupts off, the loader's variables and stack wiped, for they held keys; then the image's own start. Runs in
 * registers only. The hand-off is above the stack and stays. */
__attribute__((naked, noreturn)) static void jump(uint32_t vectors, uint32_t ram_start, uint32_t variables_end,
                                                  uint32_t stack_top)
{
    __asm volatile("cpsid i\n\t"
                   "movs r4, #0\n\t"
                   "sub r5, r3, #0x10000\n\t" /* the stack is 64 KiB */
                   "1: cmp r1, r2\n\t"
                   "bhs 2f\n\t"
                   "str r4, [r1], #4\n\t"
                   "b 1b\n\t"
                   "2: cmp r5, r3\n\t"
                   "bhs 3f\n\t"
                   "str r4, [r5], #4\n\t"
                   "b 2b\n\t"
                   "3: ldr r1, =0xE000ED08\n\t" /* VTOR */
                   "str r0, [r1]\n\t"
                   "dsb\n\t"
                   "isb\n\t"
                   "ldr r1, [r0]\n\t"
                   "msr msp, r1\n\t"
                   "ldr r2, [r0, #4]\n\t"
                   "movs r0, #0\n\t"
                   "movs r1, #0\n\t"
                   "movs r3, #0\n\t"
                   "movs r5, #0\n\t"
                   "bx r2\n\t"
                   ".ltorg");
}

/* An asynchronous line still has the loader's last bytes in its ring. */
static void drain_lines(void)
{
    uint64_t until = mico_clock_ms() + LINE_DRAIN_MS;
    while (mico_clock_ms() < until) {
        mico_board_wait(LINE_DRAIN_MS);
    }
}

int main(void)
{
    struct mscp_transport transport;
    mscp_uart_bare(&transport);
    const struct loader_place place = {
        .flash = mico_board_flash(),
        .key_page = (const uint8_t *)KEY_PAGE,
        .load = (uint8_t *)LOAD_ADDR,
        .load_addr = LOAD_ADDR,
        .load_size = CODE_END - LOAD_ADDR,
        .header_size = HEADER_SIZE,
        .ram_start = RAM_START,
        .ram_end = RAM_END,
        .transport = &transport,
        .now_ms = mico_clock_ms,
        .say = say,
    };
    volatile enum loader_verdict verdict = loader_decide(&the_loader, &place, &mico_handoff_area);
    if (verdict != LOADER_START) {
        mico_board_halt(1);
    }
    drain_lines();
    if (verdict == LOADER_START && mico_handoff_area.magic == MICO_HANDOFF_MAGIC) {
        jump(loader_vectors(&the_loader), RAM_START, (uint32_t)mps2_heap_start, (uint32_t)mps2_stack_top);
    }
    mico_board_halt(1);
}
