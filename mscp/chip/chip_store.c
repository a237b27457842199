/* SPDX-License-Identifier: Apache-2.0 */
/* What the chip's start finds in flash: the root secret, and records that are the newest or none. docs/MSCP.md, "Storage". */
#include <string.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

/* The root, alone in its sector: magic | serial | secret | CRC-32 of what stands before. */
#define ROOT_MAGIC 0x5243534Du /* "MSCR" */
#define ROOT_SECRET 32
#define ROOT_SIZE (4 + MSCP_SERIAL_SIZE + ROOT_SECRET + 4)

static bool root_valid(const uint8_t root[ROOT_SIZE])
{
    return mico_load_le32(root) == ROOT_MAGIC &&
           mico_load_le32(root + ROOT_SIZE - 4) == mico_crc32(0, root, ROOT_SIZE - 4);
}

static mico_err make_root(const struct mico_flash *flash, uint8_t root[ROOT_SIZE])
{
    mico_store_le32(root, ROOT_MAGIC);
    mico_err err = mico_random(root + 4, MSCP_SERIAL_SIZE + ROOT_SECRET);
    if (err != MICO_OK) {
        return err;
    }
    mico_store_le32(root + ROOT_SIZE - 4, mico_crc32(0, root, ROOT_SIZE - 4));
    err = flash->erase(flash, MSCP_CHIP_ROOT_ADDRESS, flash->sector_size);
    return err == MICO_OK ? flash->program(flash, MSCP_CHIP_ROOT_ADDRESS, root, ROOT_SIZE) : err;
}

static bool stop_at_first(void *ctx, const char *name, size_t len)
{
    *(bool *)ctx = true;
    return false;
}

/* A root is made only where no record exists: records of a lost root could never be opened again. And only where none was ever
 * written: an erased flash is an earlier state too. */
static mico_err find_root(struct mscp_chip *chip, uint64_t least, uint8_t root[ROOT_SIZE])
{
    const struct mico_flash *flash = chip->platform.flash;
    mico_err err = flash->read(flash, MSCP_CHIP_ROOT_ADDRESS, root, ROOT_SIZE);
    if (err != MICO_OK || root_valid(root)) {
        return err;
    }
    bool any = false;
    err = mico_store_each(&chip->store, stop_at_first, &any);
    if (err == MICO_OK && any) {
        MICO_LOG("MSCP", "chip: the root secret is damaged, but records exist; this chip cannot be used again");
        return MICO_ERR_CORRUPT;
    }
    if (err == MICO_OK && least > 0) {
        chip->untrusted = MSCP_ROLLBACK;
        return MICO_OK;
    }
    return err == MICO_OK ? make_root(flash, root) : err;
}

static mico_err derive(const uint8_t *secret, const char *label, uint8_t out[32])
{
    return mico_hkdf_sha256((struct mico_span){NULL, 0}, (struct mico_span){secret, ROOT_SECRET},
                            (struct mico_span){(const uint8_t *)label, strlen(label)}, out, 32);
}

/* The records against each other, and against the anchor: what does not fit is not served. */
static mico_err judge(struct mscp_chip *chip, uint64_t least)
{
    mico_err err = mscp_records_load(chip, least);
    if (err == MICO_ERR_CORRUPT || err == MICO_ERR_ROLLBACK) {
        chip->untrusted = err == MICO_ERR_CORRUPT ? MSCP_CORRUPT : MSCP_ROLLBACK;
        return MICO_OK;
    }
    if (err != MICO_OK) {
        return err;
    }
    return chip->writes == 0 ? mscp_records_begin(chip) : mscp_anchor_raise(chip, chip->writes);
}

static mico_err derive_keys(struct mscp_chip *chip, const uint8_t *secret)
{
    mico_err err = derive(secret, "MSCP1 store", chip->store_key);
    if (err == MICO_OK) {
        err = derive(secret, "MSCP1 state", chip->state_key);
    }
    return err == MICO_OK ? derive(secret, "MSCP1 link", chip->link_private) : err;
}

mico_err mscp_chip_birth(struct mscp_chip *chip)
{
    uint8_t root[ROOT_SIZE];
    uint64_t least = 0;
    mico_err err = mico_store_open(&chip->store, chip->platform.flash, MSCP_CHIP_STORE_ADDRESS, MSCP_CHIP_STORE_SIZE);
    if (err == MICO_OK) {
        mico_store_index(&chip->store, chip->platform.index, chip->platform.index_len);
        err = mscp_anchor_read(chip, &least);
    }
    if (err == MICO_OK) {
        err = find_root(chip, least, root);
    }
    if (err == MICO_OK && chip->untrusted == MSCP_OK) {
        memcpy(chip->serial, root + 4, MSCP_SERIAL_SIZE);
        err = derive_keys(chip, root + 4 + MSCP_SERIAL_SIZE);
        err = err == MICO_OK ? judge(chip, least) : err;
    }
    if (chip->untrusted != MSCP_OK) {
        MICO_LOG("MSCP", "chip: its flash %s; it does nothing more",
                 chip->untrusted == MSCP_ROLLBACK ? "was put back to an earlier state"
                                                  : "holds records that do not belong together");
    }
    mico_wipe(root, sizeof root);
    return err;
}

void mscp_chip_derive(const struct mscp_chip *chip, const char *label, uint8_t out[32])
{
    mico_err err = derive(chip->store_key, label, out);
    (void)err; /* fails for long outputs only */
}
