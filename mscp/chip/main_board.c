/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's firmware: the core between the link UART and the board's flash. It sleeps while nothing comes. */
#include <string.h>

#include "base/log.h"
#include "mscp/chip/chip.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define IDLE_MS 1000

/* Names that the store's index has room for, 8 bytes each: those of some forty objects. What is beyond is looked for in the log. */
#define NAMES 128

static struct mscp_chip the_chip;
static struct mico_store_entry the_index[NAMES];

static void log_out(const char *line, size_t len)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, len);
}

static uint64_t now_ms(void *ctx)
{
    return mico_clock_ms();
}

static void reply(void *ctx, const uint8_t *bytes, size_t len)
{
    mico_uart_write(MICO_UART_LINK, bytes, len);
}

#define DRAIN_MS 50 /* the answer to the update's last command leaves in less */

static void restart(void *ctx)
{
    uint64_t until = mico_clock_ms() + DRAIN_MS;
    while (mico_clock_ms() < until) {
        mico_board_wait(DRAIN_MS);
    }
    mico_board_reset();
}

int main(void);

/* In which slot of the flash this code runs, from 1; 0 when it is in ROM. */
static uint8_t own_slot(void)
{
    uint32_t at = (uint32_t)(uintptr_t)main - (MSCP_FIRMWARE_BASE + MSCP_FIRMWARE_SLOTS);
    uint32_t slot = at / MSCP_FIRMWARE_SLOT_SIZE;
    return slot < MSCP_FIRMWARE_SLOT_COUNT ? (uint8_t)(slot + 1) : 0;
}

int main(void)
{
    const struct mscp_chip_platform platform = {.flash = mico_board_flash(),
                                                .now_ms = now_ms,
                                                .reply = reply,
                                                .index = the_index,
                                                .index_len = NAMES,
                                                .slot = own_slot(),
                                                .restart = own_slot() != 0 ? restart : NULL};
    mico_log_to(log_out, mico_clock_ms);
    if (mscp_chip_start(&the_chip, &platform) != MICO_OK) {
        mico_board_halt(1);
    }
    for (;;) {
        uint8_t bytes[256];
        size_t len = mico_uart_read(MICO_UART_LINK, bytes, sizeof bytes);
        if (len == 0) {
            mico_board_wait(IDLE_MS);
        }
        mscp_chip_input(&the_chip, bytes, len);
    }
}
