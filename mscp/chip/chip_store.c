/* SPDX-License-Identifier: Apache-2.0 */
/* What the chip keeps: the root secret, and sealed records in a store. docs/MSCP.md, "Storage". */
#include <string.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

/* The root, alone in its sector: magic | serial | secret | CRC-32 of what stands before. */
#define ROOT_MAGIC 0x5243534Du /* "MSCR" */
#define ROOT_SECRET 32
#define ROOT_SIZE (4 + MSCP_SERIAL_SIZE + ROOT_SECRET + 4)

#define NONCE_SIZE 12
#define TAG_SIZE 16

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

/* A root is made only where no record exists: records of a lost root could never be opened again. */
static mico_err find_root(struct mscp_chip *chip, uint8_t root[ROOT_SIZE])
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
    return err == MICO_OK ? make_root(flash, root) : err;
}

static mico_err derive(const uint8_t *secret, const char *label, uint8_t out[32])
{
    return mico_hkdf_sha256((struct mico_span){NULL, 0}, (struct mico_span){secret, ROOT_SECRET},
                            (struct mico_span){(const uint8_t *)label, strlen(label)}, out, 32);
}

/* The flash as it is now becomes the least that a later start may find. A cut before it leaves the anchor behind the flash, which
 * the next start accepts. */
static mico_err hold_fast(struct mscp_chip *chip, mico_err err)
{
    if (err != MICO_OK || chip->platform.anchor_raise == NULL) {
        return err;
    }
    return chip->platform.anchor_raise(chip->platform.ctx, mico_store_position(&chip->store)) == MICO_OK ? MICO_OK
                                                                                                         : MICO_ERR_IO;
}

static mico_err compare_anchor(struct mscp_chip *chip)
{
    uint64_t least = 0;
    if (chip->platform.anchor_read == NULL) {
        return MICO_OK;
    }
    if (chip->platform.anchor_read(chip->platform.ctx, &least) != MICO_OK) {
        return MICO_ERR_IO;
    }
    chip->put_back = mico_store_position(&chip->store) < least;
    if (chip->put_back) {
        MICO_LOG("MSCP", "chip: its flash was put back to an earlier state; it does nothing more");
    }
    return MICO_OK;
}

mico_err mscp_chip_birth(struct mscp_chip *chip)
{
    uint8_t root[ROOT_SIZE];
    mico_err err = mico_store_open(&chip->store, chip->platform.flash, MSCP_CHIP_STORE_ADDRESS, MSCP_CHIP_STORE_SIZE);
    if (err == MICO_OK) {
        mico_store_index(&chip->store, chip->platform.index, chip->platform.index_len);
        err = compare_anchor(chip);
    }
    if (err != MICO_OK || chip->put_back) {
        return err;
    }
    err = find_root(chip, root);
    if (err == MICO_OK) {
        const uint8_t *secret = root + 4 + MSCP_SERIAL_SIZE;
        memcpy(chip->serial, root + 4, MSCP_SERIAL_SIZE);
        err = derive(secret, "MSCP1 store", chip->store_key);
        if (err == MICO_OK) {
            err = derive(secret, "MSCP1 link", chip->link_private);
        }
    }
    mico_wipe(root, sizeof root);
    return err;
}

void mscp_chip_derive(const struct mscp_chip *chip, const char *label, uint8_t out[32])
{
    mico_err err = derive(chip->store_key, label, out);
    (void)err; /* fails for long outputs only */
}

/* Associated data of a record: its name, padded with zeros, and its version. */
struct place {
    uint8_t bytes[MICO_STORE_NAME_MAX + 4];
};

static struct place place_of(const char *name, uint32_t version)
{
    struct place place = {{0}};
    memcpy(place.bytes, name, strlen(name));
    mico_store_le32(place.bytes + MICO_STORE_NAME_MAX, version);
    return place;
}

mico_err mscp_chip_put(struct mscp_chip *chip, const char *name, uint32_t version, const void *value, size_t len)
{
    if (len > MSCP_CHIP_PART) {
        return MICO_ERR_SIZE;
    }
    uint8_t *nonce = chip->record;
    mico_err err = mico_random(nonce, NONCE_SIZE);
    if (err != MICO_OK) {
        return err;
    }
    struct place place = place_of(name, version);
    mico_chachapoly_seal(chip->store_key, nonce, MICO_SPAN(place.bytes), (struct mico_span){value, len},
                         chip->record + NONCE_SIZE);
    return hold_fast(chip, mico_store_put(&chip->store, name, chip->record, NONCE_SIZE + len + TAG_SIZE));
}

mico_err mscp_chip_remove(struct mscp_chip *chip, const char *name)
{
    return hold_fast(chip, mico_store_delete(&chip->store, name));
}

mico_err mscp_chip_get(struct mscp_chip *chip, const char *name, uint32_t version, struct mico_span *value, bool *found)
{
    size_t len = 0;
    *value = (struct mico_span){chip->record, 0};
    mico_err err = mico_store_get(&chip->store, name, chip->record, sizeof chip->record, &len, found);
    if (err != MICO_OK || !*found) {
        return err;
    }
    if (len < NONCE_SIZE + TAG_SIZE) {
        return MICO_ERR_CORRUPT;
    }
    struct place place = place_of(name, version);
    uint8_t *sealed = chip->record + NONCE_SIZE;
    err = mico_chachapoly_open(chip->store_key, chip->record, MICO_SPAN(place.bytes),
                               (struct mico_span){sealed, len - NONCE_SIZE}, sealed);
    if (err != MICO_OK) {
        MICO_LOG("MSCP", "chip: record %s was altered in flash", name);
        return MICO_ERR_CORRUPT;
    }
    *value = (struct mico_span){sealed, len - NONCE_SIZE - TAG_SIZE};
    return MICO_OK;
}
