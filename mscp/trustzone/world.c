/* SPDX-License-Identifier: Apache-2.0 */
/* The coprocessor's core as this board's Secure world: keys, flash, entropy and time that Non-secure does not reach. It starts
 * before Non-secure does, and after that runs only when called. */
#include "mscp/trustzone/world.h"

#include <string.h>

#include "mscp/chip/chip.h"
#include "os/boards/mps2-an505/secure/start.h"
#include "os/port/clock.h"

#define ATTEMPTS 10 /* an entropy source that is slow to begin gives an error after a second */

#define NAMES 128 /* as the chip of its own has: see mscp/chip/main_board.c */

static struct mscp_chip the_chip;
static struct mico_store_entry the_index[NAMES];

/* What Non-secure has not yet fetched; an answer that has no room is lost, as on a line that nobody reads. */
static struct {
    uint8_t bytes[2 * MSCP_WIRE_MAX];
    size_t len;
} answers;

static uint64_t now_ms(void *ctx)
{
    return mico_clock_ms();
}

static void reply(void *ctx, const uint8_t *bytes, size_t len)
{
    if (len <= sizeof answers.bytes - answers.len) {
        memcpy(answers.bytes + answers.len, bytes, len);
        answers.len += len;
    }
}

void mscp_world_input(const uint8_t *bytes, size_t len)
{
    mscp_chip_input(&the_chip, bytes, len);
}

size_t mscp_world_output(uint8_t *out, size_t cap)
{
    size_t n = answers.len < cap ? answers.len : cap;
    memcpy(out, answers.bytes, n);
    memmove(answers.bytes, answers.bytes + n, answers.len - n);
    answers.len -= n;
    return n;
}

void secure_start(void)
{
    const struct mscp_chip_platform platform = {
        .flash = mico_board_flash(), .now_ms = now_ms, .reply = reply, .index = the_index, .index_len = NAMES};
    __asm volatile("cpsie i" ::: "memory"); /* the entropy source interrupts */
    mico_err err = mscp_chip_start(&the_chip, &platform);
    for (int i = 1; err == MICO_ERR_ENTROPY && i < ATTEMPTS; i++) {
        err = mscp_chip_start(&the_chip, &platform);
    }
    if (err != MICO_OK) {
        secure_halt("the coprocessor does not start");
    }
    __asm volatile("cpsid i" ::: "memory");
}
