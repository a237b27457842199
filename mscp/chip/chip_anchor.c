/* SPDX-License-Identifier: Apache-2.0 */
/* The anchor: how many records the chip has written, in a place that no record lies in. docs/MSCP.md, "Storage".
 *
 * Where the platform has none of its own (a fuse, another memory), two sectors of the flash count. Of each the first 16 bytes are
 * u64 base | its complement; every unit of the flash behind them that is not erased adds one. A full sector hands over to the
 * other, whose base then is the whole count.
 *
 * Why no cut can harm: a header that was torn is not its own complement, since programming only clears bits and erasing only
 * sets them, so such a sector counts nothing and the other one holds. A unit that was torn counts or does not; its record
 * lies in flash already, so either is right. A byte for each count wears these sectors as often as the store's own. */
#include <string.h>

#include "mscp/chip/chip_internal.h"

#define HEADER 16
#define UNIT_MAX 256
#define CHUNK 64
#define SECTORS 2
#define NO_SECTOR SECTORS

static uint32_t sector_at(const struct mico_flash *flash, unsigned sector)
{
    return MSCP_CHIP_ANCHOR_ADDRESS + sector * flash->sector_size;
}

static uint32_t first_unit(const struct mico_flash *flash)
{
    return flash->program_size > HEADER ? flash->program_size : HEADER;
}

static bool erased(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0xFF) {
            return false;
        }
    }
    return true;
}

/* Bytes of the sector up to the first unit that is erased. */
static mico_err find_end(const struct mico_flash *flash, unsigned sector, uint32_t *end)
{
    uint8_t chunk[UNIT_MAX];
    const uint32_t unit = flash->program_size, step = unit > CHUNK ? unit : CHUNK;
    mico_err err = MICO_OK;
    for (*end = first_unit(flash); *end < flash->sector_size && err == MICO_OK;) {
        uint32_t take = flash->sector_size - *end < step ? flash->sector_size - *end : step;
        err = flash->read(flash, sector_at(flash, sector) + *end, chunk, take);
        for (uint32_t at = 0; at < take && err == MICO_OK; at += unit, *end += unit) {
            if (erased(chunk + at, unit)) {
                return MICO_OK;
            }
        }
    }
    return err;
}

/* *base 0 when the sector counts nothing. */
static mico_err read_base(const struct mico_flash *flash, unsigned sector, uint64_t *base)
{
    uint8_t header[HEADER];
    mico_err err = flash->read(flash, sector_at(flash, sector), header, sizeof header);
    uint64_t value = mico_load_le64(header);
    *base = err == MICO_OK && value == ~mico_load_le64(header + 8) ? value : 0;
    return err;
}

static mico_err open_region(const struct mico_flash *flash, struct mscp_chip_anchor *anchor)
{
    *anchor = (struct mscp_chip_anchor){.sector = NO_SECTOR};
    if (flash->program_size > UNIT_MAX ||
        SECTORS * flash->sector_size > MSCP_CHIP_STORE_ADDRESS - MSCP_CHIP_ANCHOR_ADDRESS) {
        return MICO_ERR_PARAM;
    }
    for (unsigned sector = 0; sector < SECTORS; sector++) {
        uint64_t base;
        uint32_t end = 0;
        mico_err err = read_base(flash, sector, &base);
        if (err == MICO_OK && base != 0) {
            err = find_end(flash, sector, &end);
        }
        if (err != MICO_OK) {
            return err;
        }
        uint64_t value = base == 0 ? 0 : base + (end - first_unit(flash)) / flash->program_size;
        if (value > anchor->value) {
            *anchor = (struct mscp_chip_anchor){.value = value, .sector = (uint8_t)sector, .end = end};
        }
    }
    return MICO_OK;
}

/* Program one unit and see that it is there. */
static mico_err program(const struct mico_flash *flash, uint32_t at, const uint8_t *unit, uint32_t len)
{
    uint8_t back[UNIT_MAX];
    mico_err err = flash->program(flash, at, unit, len);
    if (err == MICO_OK) {
        err = flash->read(flash, at, back, len);
    }
    return err == MICO_OK && memcmp(back, unit, len) != 0 ? MICO_ERR_IO : err;
}

static mico_err start_sector(const struct mico_flash *flash, struct mscp_chip_anchor *anchor, uint64_t base)
{
    uint8_t header[UNIT_MAX];
    unsigned sector = anchor->sector == 0 ? 1 : 0;
    memset(header, 0xFF, sizeof header);
    mico_store_le64(header, base);
    mico_store_le64(header + 8, ~base);
    mico_err err = flash->erase(flash, sector_at(flash, sector), flash->sector_size);
    if (err == MICO_OK) {
        err = program(flash, sector_at(flash, sector), header, first_unit(flash));
    }
    if (err == MICO_OK) {
        *anchor = (struct mscp_chip_anchor){.value = base, .sector = (uint8_t)sector, .end = first_unit(flash)};
    }
    return err;
}

static mico_err raise_region(const struct mico_flash *flash, struct mscp_chip_anchor *anchor, uint64_t to)
{
    uint8_t counted[UNIT_MAX];
    const uint32_t unit = flash->program_size;
    mico_err err = MICO_OK;
    memset(counted, 0, sizeof counted);
    if (anchor->sector == NO_SECTOR || to - anchor->value > (flash->sector_size - anchor->end) / unit) {
        return start_sector(flash, anchor, to);
    }
    while (anchor->value < to && err == MICO_OK) {
        err = program(flash, sector_at(flash, anchor->sector) + anchor->end, counted, unit);
        if (err == MICO_OK) {
            anchor->end += unit;
            anchor->value++;
        }
    }
    return err;
}

mico_err mscp_anchor_read(struct mscp_chip *chip, uint64_t *value)
{
    const struct mscp_chip_platform *platform = &chip->platform;
    if (platform->anchor_read != NULL) {
        return platform->anchor_read(platform->ctx, value);
    }
    mico_err err = open_region(platform->flash, &chip->anchor);
    *value = chip->anchor.value;
    return err;
}

mico_err mscp_anchor_raise(struct mscp_chip *chip, uint64_t to)
{
    const struct mscp_chip_platform *platform = &chip->platform;
    if (platform->anchor_raise != NULL) {
        return platform->anchor_raise(platform->ctx, to);
    }
    return to <= chip->anchor.value ? MICO_OK : raise_region(platform->flash, &chip->anchor, to);
}
