/* SPDX-License-Identifier: Apache-2.0 */
/* The header of an image, and the order in which the rest is looked at. */
#include "boot/image/image.h"

#include <string.h>

#include "boot/image/format.h"
#include "boot/image/tlv.h"

#define UNPROTECTED_MAX 512 /* bytes; what the table in tlv.c allows is at most 292, the rest is room to say what is wrong */

#define FLAGS_TAKEN (IMAGE_AES128 | IMAGE_AES256 | IMAGE_RAM_LOAD | IMAGE_ROM_FIXED)

static mico_err memory_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    const struct mico_span *span = ctx;
    if (offset > span->len || len > span->len - offset) {
        return MICO_ERR_IO;
    }
    memcpy(out, span->data + offset, len);
    return MICO_OK;
}

struct mico_image_source mico_image_in_memory(const struct mico_span *span)
{
    uint32_t size = span->len < UINT32_MAX ? (uint32_t)span->len : UINT32_MAX;
    return (struct mico_image_source){memory_read, (void *)(uintptr_t)span, size};
}

bool mico_image_is_encrypted(const struct mico_image *image)
{
    return (image->flags & (IMAGE_AES128 | IMAGE_AES256)) != 0;
}

static mico_err check_flags(const struct mico_image *image, struct mico_reason *reason)
{
    static const struct { uint32_t bit; const char *name; } known[] = {
        {IMAGE_PIC, "PIC"},       {IMAGE_NON_BOOTABLE, "NON_BOOTABLE"}, {IMAGE_LZMA1, "LZMA1"},
        {IMAGE_LZMA2, "LZMA2"},   {IMAGE_LZMA_THUMB, "LZMA ARM-thumb"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (image->flags & known[i].bit) {
            return mico_refuse(reason, MICO_ERR_UNSUPPORTED, "image: flag %s is not taken by MiCO", known[i].name);
        }
    }
    if (image->flags & ~(uint32_t)FLAGS_TAKEN) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: flags %x: unknown bits %x", (unsigned)image->flags,
                           (unsigned)(image->flags & ~(uint32_t)FLAGS_TAKEN));
    }
    if ((image->flags & IMAGE_AES128) && (image->flags & IMAGE_AES256)) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: flags name both AES-128 and AES-256");
    }
    if ((image->flags & IMAGE_RAM_LOAD) && (image->flags & IMAGE_ROM_FIXED)) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: flags name both RAM_LOAD and ROM_FIXED");
    }
    return MICO_OK;
}

static mico_err check_header(const struct mico_image *image, uint32_t magic, uint32_t pad, struct mico_reason *reason)
{
    if (magic != IMAGE_MAGIC) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: magic is %x, not %x: no image here", (unsigned)magic, IMAGE_MAGIC);
    }
    if (image->header_size < MICO_IMAGE_HEADER_SIZE) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: header size is %u; it must be %u or more", image->header_size,
                           MICO_IMAGE_HEADER_SIZE);
    }
    mico_err err = check_flags(image, reason);
    if (err != MICO_OK) {
        return err;
    }
    if (pad != 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: the header's last word is %x, not zero", (unsigned)pad);
    }
    if (image->payload_size == 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: payload size is 0");
    }
    if (mico_image_is_encrypted(image) && image->payload_size % 16 != 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: payload size %u of an encrypted image is not a multiple of 16",
                           (unsigned)image->payload_size);
    }
    bool placed = (image->flags & (IMAGE_RAM_LOAD | IMAGE_ROM_FIXED)) != 0;
    if (!placed && image->load_addr != 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: load address is %x, but no flag says what it is",
                           (unsigned)image->load_addr);
    }
    if ((uint64_t)image->load_addr + image->header_size + image->payload_size > UINT32_MAX) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: load address %x and payload size %u pass the end of memory",
                           (unsigned)image->load_addr, (unsigned)image->payload_size);
    }
    if (image->protected_size == 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT,
                           "image: protected TLV size is 0: the security counter, which must be signed, is missing");
    }
    if (image->protected_size > MICO_IMAGE_PROTECTED_MAX) {
        return mico_refuse(reason, MICO_ERR_UNSUPPORTED, "image: protected TLV size is %u; at most %u are taken",
                           image->protected_size, MICO_IMAGE_PROTECTED_MAX);
    }
    return MICO_OK;
}

static mico_err take_header(struct mico_image *image, struct mico_reason *reason)
{
    struct mico_reader r = mico_reader_of(image->header, sizeof image->header);
    uint32_t magic = mico_read_le32(&r);
    image->load_addr = mico_read_le32(&r);
    image->header_size = mico_read_le16(&r);
    image->protected_size = mico_read_le16(&r);
    image->payload_size = mico_read_le32(&r);
    image->flags = mico_read_le32(&r);
    image->version.major = mico_read_u8(&r);
    image->version.minor = mico_read_u8(&r);
    image->version.revision = mico_read_le16(&r);
    image->version.build = mico_read_le32(&r);
    uint32_t pad = mico_read_le32(&r);
    return check_header(image, magic, pad, reason);
}

/* Read [offset, offset + len) into out, when the source is long enough. */
static mico_err fetch(const struct mico_image_source *source, uint64_t offset, void *out, size_t len, const char *what,
                      struct mico_reason *reason)
{
    if (offset + len > source->size) {
        return mico_refuse(reason, MICO_ERR_SIZE, "image: cut off: the %s would end at byte %u of %u", what,
                           (unsigned)(offset + len), (unsigned)source->size);
    }
    if (source->read(source->ctx, (uint32_t)offset, out, len) != MICO_OK) {
        return mico_refuse(reason, MICO_ERR_IO, "image: the %s could not be read", what);
    }
    return MICO_OK;
}

static mico_err parse(struct mico_image *image, const struct mico_image_source *source, struct mico_reason *reason)
{
    uint8_t area[UNPROTECTED_MAX];
    mico_err err = fetch(source, 0, image->header, sizeof image->header, "header", reason);
    if (err == MICO_OK) {
        err = take_header(image, reason);
    }
    if (err != MICO_OK) {
        return err;
    }
    /* Three 32-bit values at most: no overflow in 64 bits. */
    uint64_t at = (uint64_t)image->header_size + image->payload_size;
    err = fetch(source, at, image->protected_area, image->protected_size, "protected area", reason);
    if (err == MICO_OK) {
        err = image_take_protected(image, reason);
    }
    at += image->protected_size;
    if (err == MICO_OK) {
        err = fetch(source, at, area, IMAGE_AREA_INFO, "unprotected area", reason);
    }
    if (err != MICO_OK) {
        return err;
    }
    uint16_t total = mico_load_le16(area + 2);
    if (total < IMAGE_AREA_INFO || total > sizeof area) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: the unprotected area says it is %u bytes; %u is the most",
                           total, (unsigned)sizeof area);
    }
    err = fetch(source, at + IMAGE_AREA_INFO, area + IMAGE_AREA_INFO, total - IMAGE_AREA_INFO, "unprotected area", reason);
    if (err == MICO_OK) {
        err = image_take_unprotected(image, (struct mico_span){area, total}, reason);
    }
    image->size = (uint32_t)(at + total);
    return err;
}

mico_err mico_image_parse(struct mico_image *image, const struct mico_image_source *source, struct mico_reason *reason)
{
    memset(image, 0, sizeof *image);
    mico_err err = parse(image, source, reason);
    if (err != MICO_OK) {
        mico_wipe(image, sizeof *image);
    }
    return err;
}
