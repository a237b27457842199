/* SPDX-License-Identifier: Apache-2.0 */
/* See update.h. The trailer: docs/FIRMWARE-IMAGE.md, MCUboot's with an alignment of 8. */
#include "boot/update/update.h"

#include <string.h>

#include "boot/image/format.h"
#include "identity/provision.h"

#define CHUNK 256u /* bytes on the stack */

#define MAGIC_AT (MICO_FLASH_SLOT_SIZE - 16)
#define IMAGE_OK_AT (MAGIC_AT - 8)
#define SWAP_INFO_AT (MAGIC_AT - 24)
#define FLAG_SET 0x01
#define SWAP_PERMANENT 0x03

static const uint8_t trailer_magic[16] = {0x77, 0xC2, 0x95, 0xF3, 0x60, 0xD2, 0xEF, 0x7F,
                                          0x35, 0x52, 0x50, 0x0F, 0x2C, 0xB6, 0x79, 0x80};

static mico_err read_slot(void *ctx, uint32_t offset, void *out, size_t len)
{
    const struct mico_update_slot *slot = ctx;
    if (offset > MICO_FLASH_SLOT_SIZE || len > MICO_FLASH_SLOT_SIZE - offset) {
        return MICO_ERR_PARAM;
    }
    return slot->flash->read(slot->flash, slot->start + offset, out, len);
}

struct mico_image_source mico_update_source(const struct mico_update_slot *slot)
{
    return (struct mico_image_source){read_slot, (void *)(uintptr_t)slot, MICO_FLASH_SLOT_SIZE};
}

static mico_err parse(const struct mico_flash *flash, uint32_t start, struct mico_image *image,
                      struct mico_reason *reason)
{
    struct mico_update_slot slot = {flash, start};
    struct mico_image_source source = mico_update_source(&slot);
    return mico_image_parse(image, &source, reason);
}

/* What runs was checked by the loader, so its signer is trusted. */
static mico_err check_like(const struct mico_image *update, const struct mico_image *running,
                           struct mico_reason *reason)
{
    const struct mico_image_trust trust = {.key_hashes = (const uint8_t(*)[32])running->key_hash, .key_hash_count = 1};
    if (mico_image_is_encrypted(running) && !mico_image_is_encrypted(update)) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "update: is not encrypted, as the firmware that runs is");
    }
    if (update->load_addr != running->load_addr || update->header_size != running->header_size) {
        return mico_refuse(reason, MICO_ERR_FORMAT,
                           "update: load address or header size is not that of the firmware that runs");
    }
    mico_err err = mico_image_verify(update, &trust, update->digest, reason);
    if (err == MICO_OK) {
        err = mico_image_check_counter(update, running->security_counter, reason);
    }
    return err;
}

mico_err mico_update_check(const struct mico_flash *flash, uint32_t *size, struct mico_reason *reason)
{
    struct mico_image update, running;
    uint8_t digest[32];
    struct mico_update_slot slot = {flash, MICO_FLASH_SLOT_B};
    struct mico_image_source source = mico_update_source(&slot);
    mico_err err = parse(flash, MICO_FLASH_SLOT_B, &update, reason);
    if (err == MICO_OK) {
        err = parse(flash, MICO_FLASH_SLOT_A, &running, reason);
    }
    if (err == MICO_OK && update.size > MICO_FLASH_SLOT_SIZE - flash->sector_size) {
        err = mico_refuse(reason, MICO_ERR_SIZE, "update: leaves no room for the trailer");
    }
    if (err == MICO_OK) {
        err = check_like(&update, &running, reason);
    }
    if (err == MICO_OK && !mico_image_is_encrypted(&update)) {
        err = mico_image_check_digest(&update, &source, NULL, digest, reason);
    }
    if (err == MICO_OK) {
        *size = update.size;
    }
    return err;
}

mico_err mico_update_forget(const struct mico_flash *flash)
{
    return flash->erase(flash, MICO_FLASH_SLOT_B + MICO_FLASH_SLOT_SIZE - flash->sector_size, flash->sector_size);
}

static mico_err write_flag(const struct mico_flash *flash, uint32_t at, uint8_t value)
{
    uint8_t field[8] = {value, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    return flash->program(flash, MICO_FLASH_SLOT_B + at, field, sizeof field);
}

mico_err mico_update_request(const struct mico_flash *flash)
{
    bool written = false;
    mico_err err = mico_update_forget(flash);
    if (err == MICO_OK) {
        err = write_flag(flash, SWAP_INFO_AT, SWAP_PERMANENT);
    }
    if (err == MICO_OK) {
        err = write_flag(flash, IMAGE_OK_AT, FLAG_SET);
    }
    if (err == MICO_OK) {
        err = flash->program(flash, MICO_FLASH_SLOT_B + MAGIC_AT, trailer_magic, sizeof trailer_magic); /* last */
    }
    if (err == MICO_OK) {
        err = mico_update_requested(flash, &written);
    }
    return err == MICO_OK && !written ? MICO_ERR_IO : err;
}

mico_err mico_update_requested(const struct mico_flash *flash, bool *requested)
{
    uint8_t magic[sizeof trailer_magic];
    mico_err err = flash->read(flash, MICO_FLASH_SLOT_B + MAGIC_AT, magic, sizeof magic);
    *requested = err == MICO_OK && memcmp(magic, trailer_magic, sizeof magic) == 0;
    return err;
}

/* Are len bytes at offset of both slots alike? */
static mico_err compare(const struct mico_flash *flash, uint32_t offset, uint32_t len, bool *alike)
{
    uint8_t a[CHUNK], b[CHUNK];
    mico_err err = MICO_OK;
    *alike = true;
    for (uint32_t at = 0; at < len && *alike && err == MICO_OK; at += CHUNK) {
        uint32_t part = len - at < CHUNK ? len - at : CHUNK;
        err = flash->read(flash, MICO_FLASH_SLOT_A + offset + at, a, part);
        if (err == MICO_OK) {
            err = flash->read(flash, MICO_FLASH_SLOT_B + offset + at, b, part);
        }
        *alike = err == MICO_OK && memcmp(a, b, part) == 0;
    }
    return err;
}

/* A sector as it lies in slot B, whole: what stands behind the image is the same then too. */
static mico_err copy_sector(const struct mico_flash *flash, uint32_t offset)
{
    uint8_t bytes[CHUNK];
    mico_err err = flash->erase(flash, MICO_FLASH_SLOT_A + offset, flash->sector_size);
    for (uint32_t at = 0; at < flash->sector_size && err == MICO_OK; at += CHUNK) {
        err = flash->read(flash, MICO_FLASH_SLOT_B + offset + at, bytes, CHUNK);
        if (err == MICO_OK) {
            err = flash->program(flash, MICO_FLASH_SLOT_A + offset + at, bytes, CHUNK);
        }
    }
    return err;
}

mico_err mico_update_install(const struct mico_flash *flash, uint32_t size)
{
    mico_err err = size <= MICO_FLASH_SLOT_SIZE - flash->sector_size ? MICO_OK : MICO_ERR_PARAM;
    for (uint32_t offset = 0; offset < size && err == MICO_OK; offset += flash->sector_size) {
        bool alike;
        err = compare(flash, offset, flash->sector_size, &alike);
        if (err == MICO_OK && !alike) {
            err = copy_sector(flash, offset);
        }
        if (err == MICO_OK && !alike) {
            err = compare(flash, offset, flash->sector_size, &alike);
            err = err == MICO_OK && !alike ? MICO_ERR_IO : err;
        }
    }
    return err == MICO_OK ? mico_update_forget(flash) : err;
}
