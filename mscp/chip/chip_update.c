/* SPDX-License-Identifier: Apache-2.0 */
/* UpdateFirmware: the slot that is not in use is erased and filled; only when all of it is there and verified the mark behind
 * it is set, with one program operation. Until then the chip starts what it started before. docs/MSCP.md, "Firmware update". */
#include <string.h>

#include "base/log.h"
#include "mscp/chip/chip_internal.h"

#define RECORD "firmware"

enum step { ASK = 0, BEGIN = 1, DATA = 2, COMMIT = 3 };

/* The firmware that runs: what its slot says, or what was compiled in. */
static struct mscp_firmware running(const struct mscp_chip *chip)
{
    struct mscp_firmware f;
    if (chip->platform.slot != 0 && mscp_firmware_peek(chip->platform.flash, chip->platform.slot - 1u, &f)) {
        return f;
    }
    return (struct mscp_firmware){.version = MSCP_CHIP_VERSION, .security = MSCP_CHIP_SECURITY};
}

/* The highest rank that ever ran is kept: firmware below it is a chip set back. */
mico_err mscp_update_load(struct mscp_chip *chip)
{
    struct mico_span value;
    bool found;
    uint8_t record[8];
    chip->firmware = running(chip);
    mico_err err = mscp_chip_get(chip, RECORD, 0, &value, &found);
    if (err != MICO_OK) {
        return err;
    }
    if (found && value.len != sizeof record) {
        return MICO_ERR_CORRUPT;
    }
    uint64_t rank = mscp_firmware_rank(&chip->firmware), highest = found ? mico_load_le64(value.data) : 0;
    chip->set_back = rank < highest;
    if (chip->set_back) {
        MICO_LOG("MSCP", "chip: this firmware is older than one that ran before; it only takes a newer one");
    }
    if (rank <= highest) {
        return MICO_OK;
    }
    mico_store_le64(record, rank);
    return mscp_chip_put(chip, RECORD, 0, record, sizeof record);
}

/* The slot to fill: not the one that runs. */
static unsigned target(const struct mscp_chip *chip)
{
    return 2u - chip->platform.slot;
}

static mscp_status_t ask(struct mscp_chip *chip, struct mico_writer *out)
{
    struct mscp_firmware waiting = {0};
    unsigned newest = mscp_firmware_newest(chip->platform.flash, &waiting);
    mscp_put_u64(out, MSCP_TAG_VALUE, MSCP_FIRMWARE_BASE + mscp_firmware_slot(target(chip)));
    mscp_put_u32(out, MSCP_TAG_FIRMWARE, newest < MSCP_FIRMWARE_SLOT_COUNT ? waiting.version : 0);
    mscp_put_u32(out, MSCP_TAG_SECURITY, waiting.security);
    return MSCP_OK;
}

/* The mark goes first: a slot that is half erased is none. */
static mscp_status_t begin(struct mscp_chip *chip, uint64_t size)
{
    const struct mico_flash *flash = chip->platform.flash;
    struct mscp_chip_update *update = &chip->update;
    if (size == 0 || size > MSCP_FIRMWARE_SLOT_SIZE - MSCP_FIRMWARE_MARK_SIZE) {
        return MSCP_BAD_LENGTH;
    }
    *update = (struct mscp_chip_update){.slot = (uint8_t)target(chip), .size = (uint32_t)size};
    mico_err err = MICO_OK;
    for (uint32_t at = MSCP_FIRMWARE_SLOT_SIZE; at > 0 && err == MICO_OK; at -= flash->sector_size) {
        err = flash->erase(flash, mscp_firmware_slot(update->slot) + at - flash->sector_size, flash->sector_size);
    }
    update->begun = err == MICO_OK;
    return mscp_chip_status_of(chip, err);
}

/* The piece that came last may come again: its answer got lost. */
static bool is_there(const struct mscp_chip *chip, uint32_t at, struct mico_span bytes)
{
    uint8_t there[MSCP_CHUNK_MAX];
    const struct mico_flash *flash = chip->platform.flash;
    return at + bytes.len == chip->update.done &&
           flash->read(flash, mscp_firmware_slot(chip->update.slot) + at, there, bytes.len) == MICO_OK &&
           memcmp(there, bytes.data, bytes.len) == 0;
}

static mscp_status_t take_data(struct mscp_chip *chip, uint64_t at, struct mico_span bytes)
{
    struct mscp_chip_update *update = &chip->update;
    const struct mico_flash *flash = chip->platform.flash;
    if (!update->begun || bytes.len == 0 || at > update->size || bytes.len > update->size - at) {
        return MSCP_BAD_PARAM;
    }
    if (at != update->done) {
        return is_there(chip, (uint32_t)at, bytes) ? MSCP_OK : MSCP_BAD_PARAM;
    }
    uint32_t tail = (uint32_t)bytes.len % flash->program_size;
    if (tail != 0 && update->done + bytes.len < update->size) {
        return MSCP_BAD_LENGTH; /* only the last piece may end inside a unit of the flash */
    }
    uint32_t address = mscp_firmware_slot(update->slot) + update->done;
    mico_err err = bytes.len > tail ? flash->program(flash, address, bytes.data, bytes.len - tail) : MICO_OK;
    if (err == MICO_OK && tail != 0) {
        uint8_t unit[MSCP_CHUNK_MAX];
        memset(unit, 0xFF, flash->program_size);
        memcpy(unit, bytes.data + bytes.len - tail, tail);
        err = flash->program(flash, address + (uint32_t)bytes.len - tail, unit, flash->program_size);
    }
    if (err == MICO_OK) {
        update->done += (uint32_t)bytes.len;
    }
    return mscp_chip_status_of(chip, err);
}

static mscp_status_t commit(struct mscp_chip *chip, struct mico_writer *out)
{
    struct mscp_chip_update *update = &chip->update;
    struct mscp_firmware staged;
    if (!update->begun || update->done != update->size) {
        return MSCP_BAD_PARAM;
    }
    volatile uint32_t verdict = mscp_firmware_check(chip->platform.flash, update->slot, &staged);
    if (verdict != MSCP_FIRMWARE_GOOD) {
        return MSCP_VERIFY_FAILED;
    }
    if (mscp_firmware_rank(&staged) <= mscp_firmware_rank(&chip->firmware)) {
        return MSCP_ROLLBACK;
    }
    mscp_audit_log(chip, MSCP_AUDIT_UPDATE, MSCP_UPDATE_FIRMWARE, MSCP_OK, staged.version);
    if (verdict != MSCP_FIRMWARE_GOOD) {
        return MSCP_TAMPER;
    }
    mico_err err = mscp_firmware_commit(chip->platform.flash, update->slot);
    update->begun = false;
    if (err == MICO_OK) {
        chip->restart = chip->platform.restart != NULL;
        mscp_put_u32(out, MSCP_TAG_FIRMWARE, staged.version);
        mscp_put_u32(out, MSCP_TAG_SECURITY, staged.security);
    }
    return mscp_chip_status_of(chip, err);
}

mscp_status_t mscp_chip_update_firmware(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    const uint64_t value_tag = MSCP_TAG_BIT(MSCP_TAG_VALUE), bytes_tag = MSCP_TAG_BIT(MSCP_TAG_BYTES);
    static const struct {
        bool value, bytes;
    } wants[] = {[ASK] = {false, false}, [BEGIN] = {true, false}, [DATA] = {true, true}, [COMMIT] = {false, false}};
    uint8_t step = mscp_tlv_u8(in, MSCP_TAG_STEP);
    if (chip->platform.slot == 0 || chip->platform.flash->size < MSCP_FIRMWARE_FLASH_SIZE) {
        return MSCP_NOT_SUPPORTED; /* what runs does not come from here, so nothing put here would ever run */
    }
    if (step > COMMIT || wants[step].value != ((in->present & value_tag) != 0) ||
        wants[step].bytes != ((in->present & bytes_tag) != 0)) {
        return MSCP_BAD_PARAM;
    }
    switch (step) {
    case ASK:
        return ask(chip, out);
    case BEGIN:
        return begin(chip, mscp_tlv_u64(in, MSCP_TAG_VALUE));
    case DATA:
        return take_data(chip, mscp_tlv_u64(in, MSCP_TAG_VALUE), in->value[MSCP_TAG_BYTES]);
    default:
        return commit(chip, out);
    }
}
