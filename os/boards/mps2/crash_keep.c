/* SPDX-License-Identifier: Apache-2.0 */
/* A crash in flash, where it outlives the loss of power: os/crash/kept.h, in the last sector. Linked where it is asked for. */
#include <string.h>

#include "os/boards/mps2/crash.h"
#include "os/crash/kept.h"
#include "os/port/flash.h"

static uint32_t sector_of(const struct mico_flash *flash)
{
    return flash->size - flash->sector_size;
}

/* Interrupts are masked, and this flash is never busy: an operation that the crash has cut off is over. */
static void keep(const struct mico_crash *crash)
{
    const struct mico_flash *flash = mico_board_flash();
    (void)mico_crash_keep(flash, sector_of(flash), crash); /* console and RAM have it already */
}

static size_t kept(uint8_t *out, size_t cap)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    const struct mico_flash *flash = mico_board_flash();
    size_t len = mico_crash_kept(flash, sector_of(flash), record);
    len = len < cap ? len : cap;
    memcpy(out, record, len);
    return len;
}

static void forget(void)
{
    const struct mico_flash *flash = mico_board_flash();
    (void)mico_crash_forget(flash, sector_of(flash));
}

void mps2_crash_keep(void)
{
    static const struct mps2_crash_keeper keeper = {keep, kept, forget};
    mps2_crash_keeper = &keeper;
}
