/* SPDX-License-Identifier: Apache-2.0 */
#include "os/crash/kept.h"

#include <string.h>

#include "base/bytes.h"

#define ERASED 0xFFFFFFFFu
#define GENERAL_REGISTERS 13u /* r0 to r12 of a Cortex-M */

/* Not on the stack of a fault's handler. */
static uint8_t record[MICO_CRASH_RECORD_MAX];
static struct mico_crash newest, blanked;

static bool is_sector(const struct mico_flash *flash, uint32_t sector)
{
    return sector % flash->sector_size == 0 && sector < flash->size && flash->sector_size >= MICO_CRASH_PLACE;
}

static bool is_blank(const struct mico_flash *flash, uint32_t place)
{
    uint32_t words[16];
    bool blank = true;
    for (uint32_t at = 0; blank && at < MICO_CRASH_PLACE; at += sizeof words) {
        blank = flash->read(flash, place + at, words, sizeof words) == MICO_OK;
        for (size_t i = 0; blank && i < sizeof words / sizeof words[0]; i++) {
            blank = words[i] == ERASED;
        }
    }
    return blank;
}

/* Places up to the last that is not blank: what a cut of power has left in pieces, of a record or of erasing, takes its place too. */
static uint32_t places_taken(const struct mico_flash *flash, uint32_t sector)
{
    uint32_t i = flash->sector_size / MICO_CRASH_PLACE;
    while (i > 0 && is_blank(flash, sector + (i - 1) * MICO_CRASH_PLACE)) {
        i--;
    }
    return i;
}

static size_t read_place(const struct mico_flash *flash, uint32_t address, uint8_t out[MICO_CRASH_RECORD_MAX],
                         struct mico_crash *crash)
{
    bool whole = flash->read(flash, address, out, MICO_CRASH_RECORD_MAX) == MICO_OK &&
                 mico_crash_decode(out, MICO_CRASH_RECORD_MAX, crash) == MICO_OK;
    return whole ? mico_load_le16(out + 4) : 0; /* the record's own length */
}

size_t mico_crash_kept(const struct mico_flash *flash, uint32_t sector, uint8_t out[MICO_CRASH_RECORD_MAX])
{
    size_t len = 0;
    for (uint32_t i = is_sector(flash, sector) ? places_taken(flash, sector) : 0; i > 0 && len == 0; i--) {
        len = read_place(flash, sector + (i - 1) * MICO_CRASH_PLACE, out, &newest);
    }
    return len;
}

static bool is_like(const struct mico_crash *a, const struct mico_crash *b)
{
    uint64_t at_a = a->calls > 0 ? a->call[0] : 0, at_b = b->calls > 0 ? b->call[0] : 0;
    return a->cause == b->cause && a->exception == b->exception && a->address == b->address && at_a == at_b &&
           strcmp(a->thread, b->thread) == 0 && strcmp(a->what, b->what) == 0;
}

/* The bytes of a record padded to flash's unit, in record. */
static size_t encode(const struct mico_flash *flash)
{
    size_t len = mico_crash_encode(&blanked, record), unit = flash->program_size;
    size_t padded = (len + unit - 1) / unit * unit;
    memset(record + len, 0xFF, (padded < sizeof record ? padded : sizeof record) - len);
    return padded <= sizeof record ? padded : 0;
}

mico_err mico_crash_keep(const struct mico_flash *flash, uint32_t sector, const struct mico_crash *crash)
{
    if (!is_sector(flash, sector)) {
        return MICO_ERR_PARAM;
    }
    if (mico_crash_kept(flash, sector, record) > 0 && is_like(&newest, crash)) {
        return MICO_OK;
    }
    blanked = *crash;
    for (unsigned i = 0; crash->processor == MICO_CRASH_CORTEX_M && i < GENERAL_REGISTERS; i++) {
        blanked.reg[i] = 0;
    }
    uint32_t place = places_taken(flash, sector);
    mico_err err = MICO_OK;
    if (place == flash->sector_size / MICO_CRASH_PLACE) {
        place = 0;
        err = flash->erase(flash, sector, flash->sector_size);
    }
    size_t len = encode(flash);
    return err != MICO_OK ? err : flash->program(flash, sector + place * MICO_CRASH_PLACE, record, len);
}

mico_err mico_crash_forget(const struct mico_flash *flash, uint32_t sector)
{
    if (!is_sector(flash, sector)) {
        return MICO_ERR_PARAM;
    }
    return places_taken(flash, sector) == 0 ? MICO_OK : flash->erase(flash, sector, flash->sector_size);
}
