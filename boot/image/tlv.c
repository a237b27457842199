/* SPDX-License-Identifier: Apache-2.0 */
/* A table of the TLVs; whatever it does not list for an area is refused there. */
#include "boot/image/tlv.h"

#include <string.h>

#include "boot/image/format.h"

enum area { NOWHERE = 0, PROTECTED = 1, UNPROTECTED = 2 };

#define ANY_LENGTH 0
#define MANY 0x80 /* beside an area: may stand there more than once */

struct rule {
    uint16_t type;
    uint16_t len;
    uint8_t where;
    const char *name;
};

static const struct rule rules[] = {
    {TLV_KEY_HASH, 32, UNPROTECTED, "key hash"},
    {TLV_PUBLIC_KEY, IMAGE_SPKI_SIZE, UNPROTECTED, "public key"},
    {TLV_SHA256, 32, UNPROTECTED, "SHA-256 digest"},
    {TLV_ED25519, 64, UNPROTECTED, "Ed25519 signature"},
    {TLV_ENC_X25519, ANY_LENGTH, UNPROTECTED, "X25519-wrapped key"}, /* 80 or 96, by the flags */
    {TLV_DEPENDENCY, 12, PROTECTED | MANY, "dependency"},
    {TLV_SECURITY_COUNTER, 4, PROTECTED, "security counter"},
    {TLV_BOOT_RECORD, ANY_LENGTH, PROTECTED, "boot record"},
    {TLV_VENDOR_UUID, 16, PROTECTED, "vendor UUID"},
    {TLV_CLASS_UUID, 16, PROTECTED, "class UUID"},
    /* In the format, not in MiCO. */
    {0x11, ANY_LENGTH, NOWHERE, "SHA-384 digest"},
    {0x12, ANY_LENGTH, NOWHERE, "SHA-512 digest"},
    {0x20, ANY_LENGTH, NOWHERE, "RSA-2048 signature"},
    {0x22, ANY_LENGTH, NOWHERE, "ECDSA signature"},
    {0x23, ANY_LENGTH, NOWHERE, "RSA-3072 signature"},
    {0x25, ANY_LENGTH, NOWHERE, "pure-signature mark"},
    {0x30, ANY_LENGTH, NOWHERE, "RSA-wrapped key"},
    {0x31, ANY_LENGTH, NOWHERE, "AES-wrapped key"},
    {0x32, ANY_LENGTH, NOWHERE, "P-256-wrapped key"},
    {0x34, ANY_LENGTH, NOWHERE, "X25519-wrapped key with SHA-512"},
    {0x70, ANY_LENGTH, NOWHERE, "decompressed size"},
    {0x71, ANY_LENGTH, NOWHERE, "decompressed digest"},
    {0x72, ANY_LENGTH, NOWHERE, "decompressed signature"},
    {0x73, ANY_LENGTH, NOWHERE, "compressed dependency"},
};
#define RULES (sizeof rules / sizeof rules[0])

static const struct rule vendor_rule = {TLV_VENDOR_FIRST, ANY_LENGTH, PROTECTED | MANY, "vendor's own"};

static const struct rule *rule_of(uint16_t type)
{
    for (size_t i = 0; i < RULES; i++) {
        if (rules[i].type == type) {
            return &rules[i];
        }
    }
    return (type & 0xFF) >= TLV_VENDOR_FIRST ? &vendor_rule : NULL;
}

const char *mico_image_tlv_name(uint16_t type)
{
    const struct rule *rule = rule_of(type);
    return rule != NULL ? rule->name : NULL;
}

static const char *area_name(enum area area)
{
    return area == PROTECTED ? "protected" : "unprotected";
}

int mico_boot_version_compare(const struct mico_boot_version *a, const struct mico_boot_version *b)
{
    const uint32_t x[4] = {a->major, a->minor, a->revision, a->build};
    const uint32_t y[4] = {b->major, b->minor, b->revision, b->build};
    for (int i = 0; i < 4; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

/* image id u8 | 3 zero bytes | lowest version. A device of ours has one image: itself, number 0. */
static mico_err take_dependency(const struct mico_image *image, const uint8_t *value, struct mico_reason *reason)
{
    struct mico_boot_version least = {value[4], value[5], mico_load_le16(value + 6), mico_load_le32(value + 8)};
    if (value[1] != 0 || value[2] != 0 || value[3] != 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: dependency: the reserved bytes are not zero");
    }
    if (value[0] != 0) {
        return mico_refuse(reason, MICO_ERR_UNSUPPORTED, "image: dependency on image %u: this device has image 0 only",
                           value[0]);
    }
    if (mico_boot_version_compare(&image->version, &least) < 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT,
                           "image: dependency: image 0 must be %u.%u.%u or newer and is %u.%u.%u", least.major,
                           least.minor, least.revision, image->version.major, image->version.minor,
                           image->version.revision);
    }
    return MICO_OK;
}

static mico_err take_public_key(struct mico_image *image, const uint8_t *value, struct mico_reason *reason)
{
    static const uint8_t prefix[IMAGE_SPKI_PREFIX_SIZE] = IMAGE_SPKI_PREFIX;
    if (memcmp(value, prefix, sizeof prefix) != 0) {
        return mico_refuse(reason, MICO_ERR_UNSUPPORTED, "image: public key is not an Ed25519 SubjectPublicKeyInfo");
    }
    memcpy(image->public_key, value + sizeof prefix, 32);
    image->has_public_key = true;
    return MICO_OK;
}

/* RFC 7748 has the top bit ignored: then two spellings of one wrapped key would pass. */
static mico_err take_wrap(struct mico_image *image, struct mico_span value, struct mico_reason *reason)
{
    unsigned want = image->flags & IMAGE_AES256 ? 96 : 80;
    if (!mico_image_is_encrypted(image)) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: X25519-wrapped key, but the flags say not encrypted");
    }
    if (value.len != want) {
        return mico_refuse(reason, MICO_ERR_FORMAT,
                           "image: X25519-wrapped key is %u bytes; by the flags (%s) it must be %u",
                           (unsigned)value.len, want == 96 ? "AES-256" : "AES-128", want);
    }
    if (value.data[31] & 0x80) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: X25519-wrapped key: the ephemeral key's top bit is set");
    }
    memcpy(image->wrap, value.data, value.len);
    image->wrap_len = (uint8_t)value.len;
    return MICO_OK;
}

static mico_err take_one(struct mico_image *image, uint16_t type, struct mico_span value, struct mico_reason *reason)
{
    switch (type) {
    case TLV_KEY_HASH:
        memcpy(image->key_hash, value.data, 32);
        return MICO_OK;
    case TLV_SHA256:
        memcpy(image->digest, value.data, 32);
        return MICO_OK;
    case TLV_ED25519:
        memcpy(image->signature, value.data, 64);
        return MICO_OK;
    case TLV_SECURITY_COUNTER:
        image->security_counter = mico_load_le32(value.data);
        return MICO_OK;
    case TLV_PUBLIC_KEY:
        return take_public_key(image, value.data, reason);
    case TLV_DEPENDENCY:
        return take_dependency(image, value.data, reason);
    case TLV_ENC_X25519:
        return take_wrap(image, value, reason);
    default:
        return MICO_OK; /* carried for others; the table allows it */
    }
}

static mico_err check_rule(uint16_t type, size_t len, enum area area, uint32_t *seen, struct mico_reason *reason)
{
    const struct rule *rule = rule_of(type);
    if (rule == NULL) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: TLV %x in the %s area is unknown", type, area_name(area));
    }
    if (rule->where == NOWHERE) {
        return mico_refuse(reason, MICO_ERR_UNSUPPORTED, "image: TLV %x (%s) is not taken by MiCO", type, rule->name);
    }
    if ((rule->where & area) == 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: TLV %x (%s) may not stand in the %s area", type, rule->name,
                           area_name(area));
    }
    if (rule->len != ANY_LENGTH && rule->len != len) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: TLV %x (%s) is %u bytes, not %u", type, rule->name,
                           (unsigned)len, rule->len);
    }
    if ((rule->where & MANY) == 0) {
        uint32_t bit = 1u << (rule - rules);
        if (*seen & bit) {
            return mico_refuse(reason, MICO_ERR_FORMAT, "image: TLV %x (%s) stands there twice", type, rule->name);
        }
        *seen |= bit;
    }
    return MICO_OK;
}

/* Bit of type in the set of those seen. The table has fewer than 32 rows. */
static bool was_seen(uint32_t seen, uint16_t type)
{
    return (seen & 1u << (rule_of(type) - rules)) != 0;
}
_Static_assert(RULES <= 32, "a set of rules is a uint32_t");

static mico_err take_area(struct mico_image *image, struct mico_span bytes, enum area area, uint32_t *seen,
                          struct mico_reason *reason)
{
    struct mico_reader r = mico_reader_of(bytes.data, bytes.len);
    uint16_t magic = mico_read_le16(&r);
    uint16_t total = mico_read_le16(&r);
    *seen = 0;
    if (r.failed || magic != (area == PROTECTED ? IMAGE_PROTECTED_MAGIC : IMAGE_UNPROTECTED_MAGIC)) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: the %s area does not begin with its magic (found %x)",
                           area_name(area), magic);
    }
    if (total != bytes.len) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: the %s area says it is %u bytes, not %u", area_name(area),
                           total, (unsigned)bytes.len);
    }
    while (r.left != 0) {
        uint16_t type = mico_read_le16(&r);
        uint16_t len = mico_read_le16(&r);
        struct mico_span value = mico_read_bytes(&r, len);
        if (r.failed) {
            return mico_refuse(reason, MICO_ERR_FORMAT, "image: a TLV runs past the end of the %s area",
                               area_name(area));
        }
        mico_err err = check_rule(type, len, area, seen, reason);
        if (err == MICO_OK) {
            err = take_one(image, type, value, reason);
        }
        if (err != MICO_OK) {
            return err;
        }
    }
    return MICO_OK;
}

mico_err image_take_protected(struct mico_image *image, struct mico_reason *reason)
{
    uint32_t seen;
    struct mico_span area = {image->protected_area, image->protected_size};
    mico_err err = take_area(image, area, PROTECTED, &seen, reason);
    if (err == MICO_OK && !was_seen(seen, TLV_SECURITY_COUNTER)) {
        err = mico_refuse(reason, MICO_ERR_FORMAT,
                          "image: TLV 0x50 (security counter) is missing from the protected area");
    }
    return err;
}

static mico_err missing(struct mico_reason *reason, uint16_t type)
{
    return mico_refuse(reason, MICO_ERR_FORMAT, "image: TLV %x (%s) is missing", type, mico_image_tlv_name(type));
}

mico_err image_take_unprotected(struct mico_image *image, struct mico_span area, struct mico_reason *reason)
{
    uint32_t seen;
    mico_err err = take_area(image, area, UNPROTECTED, &seen, reason);
    if (err != MICO_OK) {
        return err;
    }
    if (!was_seen(seen, TLV_SHA256)) {
        return missing(reason, TLV_SHA256);
    }
    if (!was_seen(seen, TLV_ED25519)) {
        return missing(reason, TLV_ED25519);
    }
    if (mico_image_is_encrypted(image) && !was_seen(seen, TLV_ENC_X25519)) {
        return missing(reason, TLV_ENC_X25519);
    }
    if (!image->has_public_key) {
        return was_seen(seen, TLV_KEY_HASH) ? MICO_OK : missing(reason, TLV_KEY_HASH);
    }
    uint8_t hash[32];
    mico_image_key_hash(image->public_key, hash);
    if (was_seen(seen, TLV_KEY_HASH) && !mico_ct_equal(hash, image->key_hash, sizeof hash)) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: key hash is not that of the public key beside it");
    }
    memcpy(image->key_hash, hash, sizeof hash);
    return MICO_OK;
}

void mico_image_each_protected(const struct mico_image *image,
                               bool (*visit)(void *ctx, uint16_t type, struct mico_span value), void *ctx)
{
    struct mico_reader r = mico_reader_of(image->protected_area, image->protected_size);
    (void)mico_read_le32(&r);
    while (!r.failed && r.left != 0) {
        uint16_t type = mico_read_le16(&r);
        uint16_t len = mico_read_le16(&r);
        struct mico_span value = mico_read_bytes(&r, len);
        if (!r.failed && !visit(ctx, type, value)) {
            return;
        }
    }
}

static bool note_counter(void *ctx, uint16_t type, struct mico_span value)
{
    bool found = type == TLV_SECURITY_COUNTER && value.len == 4;
    if (found) {
        *(uint32_t *)ctx = mico_load_le32(value.data);
    }
    return !found;
}

uint32_t mico_image_counter(const struct mico_image *image)
{
    uint32_t counter = 0;
    mico_image_each_protected(image, note_counter, &counter);
    return counter;
}
