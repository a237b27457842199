/* SPDX-License-Identifier: Apache-2.0 */
/* Images in the chip's slots; see firmware.h. Of MCUboot's format (docs/FIRMWARE-IMAGE.md) one form is taken, the one that
 * `mico image sign` and imgtool make for a fixed address: everything else has no business in a chip. */
#include "mscp/chip/firmware.h"

#include <string.h>

#include "crypto/primitives/primitives.h"

#define IMAGE_MAGIC 0x96F3B83Du
#define IMAGE_ROM_FIXED 0x100u
#define HEADER_READ 32
#define PROTECTED_MAGIC 0x6908
#define PROTECTED_SIZE 12 /* u16 magic | u16 12 | security counter: u16 0x50 | u16 4 | u32 */
#define AREA_MAGIC 0x6907
#define AREA_MAX 192
#define AREA_INFO 4
#define TRAILER MSCP_FIRMWARE_MARK_SIZE
#define KEYS_MAX 4
#define SPKI_SIZE 44

enum tlv { KEY_HASH = 0x01, PUBLIC_KEY = 0x02, DIGEST = 0x10, ED25519 = 0x24, SECURITY_COUNTER = 0x50 };

static const uint8_t trailer_magic[TRAILER] = {0x77, 0xC2, 0x95, 0xF3, 0x60, 0xD2, 0xEF, 0x7F,
                                               0x35, 0x52, 0x50, 0x0F, 0x2C, 0xB6, 0x79, 0x80};

/* What the unprotected area names. */
struct signature {
    uint8_t spki[SPKI_SIZE]; /* DER of the signer's key, RFC 8410 */
    uint8_t key_hash[32];
    uint8_t digest[32];
    uint8_t bytes[64];
};

uint32_t mscp_firmware_slot(unsigned slot)
{
    return MSCP_FIRMWARE_SLOTS + slot * MSCP_FIRMWARE_SLOT_SIZE;
}

uint64_t mscp_firmware_rank(const struct mscp_firmware *firmware)
{
    return (uint64_t)firmware->security << 32 | firmware->version;
}

static bool fetch(const struct mico_flash *flash, unsigned slot, uint32_t offset, void *out, size_t len)
{
    return slot < MSCP_FIRMWARE_SLOT_COUNT && flash->size >= MSCP_FIRMWARE_FLASH_SIZE &&
           offset <= MSCP_FIRMWARE_SLOT_SIZE && len <= MSCP_FIRMWARE_SLOT_SIZE - offset &&
           flash->read(flash, mscp_firmware_slot(slot) + offset, out, len) == MICO_OK;
}

bool mscp_firmware_peek(const struct mico_flash *flash, unsigned slot, struct mscp_firmware *out)
{
    uint8_t header[HEADER_READ], area[PROTECTED_SIZE];
    if (!fetch(flash, slot, 0, header, sizeof header)) {
        return false;
    }
    struct mico_reader r = mico_reader_of(header, sizeof header);
    bool form = mico_read_le32(&r) == IMAGE_MAGIC;
    form = mico_read_le32(&r) == MSCP_FIRMWARE_BASE + mscp_firmware_slot(slot) && form;
    form = mico_read_le16(&r) == MSCP_FIRMWARE_HEADER && form;
    form = mico_read_le16(&r) == PROTECTED_SIZE && form;
    uint32_t payload = mico_read_le32(&r);
    form = mico_read_le32(&r) == IMAGE_ROM_FIXED && form;
    uint8_t major = mico_read_u8(&r), minor = mico_read_u8(&r);
    uint16_t revision = mico_read_le16(&r);
    mico_read_le32(&r); /* build: does not count */
    form = mico_read_le32(&r) == 0 && form;
    const uint32_t most = MSCP_FIRMWARE_SLOT_SIZE - MSCP_FIRMWARE_HEADER - PROTECTED_SIZE - AREA_MAX - TRAILER;
    if (!form || payload < 8 || payload > most ||
        !fetch(flash, slot, MSCP_FIRMWARE_HEADER + payload, area, sizeof area)) {
        return false;
    }
    static const uint8_t front[] = {
        PROTECTED_MAGIC & 0xFF, PROTECTED_MAGIC >> 8, PROTECTED_SIZE, 0, SECURITY_COUNTER, 0, 4, 0};
    if (memcmp(area, front, sizeof front) != 0) {
        return false;
    }
    *out = (struct mscp_firmware){.size = MSCP_FIRMWARE_HEADER + payload + PROTECTED_SIZE,
                                  .version = (uint32_t)major << 24 | (uint32_t)minor << 16 | revision,
                                  .security = mico_load_le32(area + sizeof front)};
    return true;
}

/* One TLV of the unprotected area into its place; false when it is unknown, of a wrong length or there already. */
static bool take(struct signature *signature, uint16_t type, struct mico_span value, unsigned *seen)
{
    static const struct {
        uint16_t type, len, at;
    } places[] = {
        {KEY_HASH, 32, offsetof(struct signature, key_hash)},
        {PUBLIC_KEY, SPKI_SIZE, offsetof(struct signature, spki)},
        {DIGEST, 32, offsetof(struct signature, digest)},
        {ED25519, 64, offsetof(struct signature, bytes)},
    };
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i].type == type && places[i].len == value.len && (*seen & 1u << i) == 0) {
            *seen |= 1u << i;
            memcpy((uint8_t *)signature + places[i].at, value.data, value.len);
            return true;
        }
    }
    return false;
}

#define SEEN_ALL 0xFu
#define SEEN_NO_HASH 0xEu /* imgtool writes the key or its hash, ours both */

static bool read_signature(const struct mico_flash *flash, unsigned slot, uint32_t at, struct signature *signature)
{
    uint8_t area[AREA_MAX];
    unsigned seen = 0;
    if (!fetch(flash, slot, at, area, AREA_INFO) || mico_load_le16(area) != AREA_MAGIC) {
        return false;
    }
    size_t len = mico_load_le16(area + 2);
    if (len < AREA_INFO || len > AREA_MAX || !fetch(flash, slot, at, area, len)) {
        return false;
    }
    struct mico_reader r = mico_reader_of(area + AREA_INFO, len - AREA_INFO);
    while (r.left > 0) {
        uint16_t type = mico_read_le16(&r);
        struct mico_span value = mico_read_bytes(&r, mico_read_le16(&r));
        if (r.failed || !take(signature, type, value, &seen)) {
            return false;
        }
    }
    if (seen == SEEN_NO_HASH) {
        mico_sha256(signature->spki, SPKI_SIZE, signature->key_hash);
    }
    return seen == SEEN_ALL || seen == SEEN_NO_HASH;
}

/* The signer's key is what its hash says, of the one kind, and the key page names it. */
static bool signer_is_trusted(const struct mico_flash *flash, const struct signature *signature)
{
    static const uint8_t front[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    uint8_t page[8 + 32 * KEYS_MAX], hash[32];
    mico_sha256(signature->spki, SPKI_SIZE, hash);
    if (memcmp(signature->spki, front, sizeof front) != 0 || !mico_ct_equal(hash, signature->key_hash, 32) ||
        flash->read(flash, MSCP_FIRMWARE_KEYS, page, sizeof page) != MICO_OK || memcmp(page, "MOTP", 4) != 0) {
        return false;
    }
    uint32_t count = mico_load_le32(page + 4);
    bool trusted = false;
    for (uint32_t i = 0; i < count && count <= KEYS_MAX; i++) {
        trusted = trusted || mico_ct_equal(hash, page + 8 + 32 * i, 32);
    }
    return trusted;
}

static bool hash_slot(const struct mico_flash *flash, unsigned slot, uint32_t size, uint8_t digest[32])
{
    uint8_t piece[256];
    struct mico_sha256 hash;
    bool good = true;
    mico_sha256_start(&hash);
    for (uint32_t at = 0; at < size && good; at += sizeof piece) {
        size_t len = size - at < sizeof piece ? size - at : sizeof piece;
        good = fetch(flash, slot, at, piece, len);
        mico_sha256_add(&hash, piece, len);
    }
    mico_sha256_finish(&hash, digest);
    return good;
}

uint32_t mscp_firmware_check(const struct mico_flash *flash, unsigned slot, struct mscp_firmware *out)
{
    struct mscp_firmware found;
    struct signature signature;
    uint8_t digest[32];
    if (!mscp_firmware_peek(flash, slot, &found) || !read_signature(flash, slot, found.size, &signature) ||
        !signer_is_trusted(flash, &signature) || !hash_slot(flash, slot, found.size, digest) ||
        !mico_ct_equal(digest, signature.digest, 32)) {
        return 0;
    }
    const uint8_t *key = signature.spki + SPKI_SIZE - 32;
    if (mico_ed25519_verify(key, MICO_SPAN(digest), signature.bytes) != MICO_OK ||
        memcmp(digest, signature.digest, 32) != 0) {
        return 0;
    }
    *out = found;
    return MSCP_FIRMWARE_GOOD;
}

#define MARK (MSCP_FIRMWARE_SLOT_SIZE - TRAILER)

bool mscp_firmware_is_committed(const struct mico_flash *flash, unsigned slot)
{
    uint8_t mark[TRAILER];
    return fetch(flash, slot, MARK, mark, sizeof mark) && memcmp(mark, trailer_magic, sizeof mark) == 0;
}

mico_err mscp_firmware_commit(const struct mico_flash *flash, unsigned slot)
{
    return flash->program(flash, mscp_firmware_slot(slot) + MARK, trailer_magic, sizeof trailer_magic);
}

unsigned mscp_firmware_newest(const struct mico_flash *flash, struct mscp_firmware *out)
{
    unsigned newest = MSCP_FIRMWARE_SLOT_COUNT;
    for (unsigned slot = 0; slot < MSCP_FIRMWARE_SLOT_COUNT; slot++) {
        struct mscp_firmware found;
        if (mscp_firmware_is_committed(flash, slot) && mscp_firmware_check(flash, slot, &found) == MSCP_FIRMWARE_GOOD &&
            (newest == MSCP_FIRMWARE_SLOT_COUNT || mscp_firmware_rank(&found) > mscp_firmware_rank(out))) {
            newest = slot;
            *out = found;
        }
    }
    return newest;
}
