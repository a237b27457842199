/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's boot stage, in ROM: verifies the firmware in the two slots of its flash and starts the newest. It writes nothing,
 * so there is nothing that a power cut could leave half-done. */
#include "base/log.h"
#include "mscp/chip/firmware.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define LINE_DRAIN_MS 5 /* the one line that it says */

static void log_out(const char *line, size_t len)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, len);
}

/* An asynchronous line still has its last bytes in a ring that the firmware will clear. */
static void drain_line(void)
{
    uint64_t until = mico_clock_ms() + LINE_DRAIN_MS;
    while (mico_clock_ms() < until) {
        mico_board_wait(LINE_DRAIN_MS);
    }
}

/* The firmware's own start puts the core into the state after reset: stack, interrupts, vector table. */
static void start(unsigned slot)
{
    const uint32_t *vectors =
        (const uint32_t *)(uintptr_t)(MSCP_FIRMWARE_BASE + mscp_firmware_slot(slot) + MSCP_FIRMWARE_HEADER);
    ((void (*)(void))(uintptr_t)vectors[1])();
}

int main(void)
{
    const struct mico_flash *flash = mico_board_flash();
    struct mscp_firmware firmware;
    mico_log_to(log_out, mico_clock_ms);
    unsigned slot = mscp_firmware_newest(flash, &firmware);
    if (slot >= MSCP_FIRMWARE_SLOT_COUNT) {
        MICO_LOG("BOOT", "chip: no firmware in its flash that its maker signed");
        mico_board_halt(1);
    }
    MICO_LOG("BOOT", "chip: starting %u.%u.%u (security version %u) from slot %u", (unsigned)(firmware.version >> 24),
             (unsigned)(firmware.version >> 16 & 0xFF), (unsigned)(firmware.version & 0xFFFF),
             (unsigned)firmware.security, slot + 1);
    drain_line();
    /* Once more, on the other side of all that: one skipped instruction does not start what is not the maker's. */
    if (mscp_firmware_check(flash, slot, &firmware) == MSCP_FIRMWARE_GOOD) {
        start(slot);
    }
    mico_board_halt(1);
}
