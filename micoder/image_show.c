/* SPDX-License-Identifier: Apache-2.0 */
#include "micoder/image_show.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "boot/image/format.h"
#include "micoder/subcommand.h"

#define HEX_MAX (2 * MICO_IMAGE_PROTECTED_MAX + 1)

void image_version_text(const struct mico_boot_version *version, char out[32])
{
    snprintf(out, 32, "%u.%u.%u+%u", version->major, version->minor, version->revision, version->build);
}

static const char *encryption(const struct mico_image *image)
{
    return image->flags & IMAGE_AES256 ? "AES-256-CTR" : image->flags & IMAGE_AES128 ? "AES-128-CTR" : "none";
}

static const char *placing(const struct mico_image *image)
{
    return image->flags & IMAGE_RAM_LOAD ? "RAM_LOAD" : image->flags & IMAGE_ROM_FIXED ? "ROM_FIXED" : "none";
}

/* The fields in the order they are shown; text and JSON are made from the same list. */
struct field {
    const char *name;
    bool number;
    double value;
    char text[HEX_MAX];
};

struct fields {
    struct field field[40];
    size_t count;
};

static struct field *next_field(struct fields *fields, const char *name)
{
    struct field *field = &fields->field[fields->count];
    if (fields->count + 1 < sizeof fields->field / sizeof fields->field[0]) {
        fields->count++;
    }
    field->name = name;
    field->number = false;
    return field;
}

static void add_text(struct fields *fields, const char *name, const char *text)
{
    snprintf(next_field(fields, name)->text, HEX_MAX, "%s", text);
}

static void add_number(struct fields *fields, const char *name, uint32_t value)
{
    struct field *field = next_field(fields, name);
    field->number = true;
    field->value = value;
}

static void add_hex(struct fields *fields, const char *name, const uint8_t *bytes, size_t len)
{
    mico_hex(bytes, len, next_field(fields, name)->text);
}

static bool add_protected(void *ctx, uint16_t type, struct mico_span value)
{
    if (type != TLV_SECURITY_COUNTER) {
        add_hex(ctx, mico_image_tlv_name(type), value.data, value.len);
    }
    return true;
}

static void print_fields_json(const struct fields *fields)
{
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->field[i];
        if (field->number) {
            cJSON_AddNumberToObject(object, field->name, field->value);
        } else {
            cJSON_AddStringToObject(object, field->name, field->text);
        }
    }
    mico_print_json(object);
}

void image_show(const char *path, const struct mico_image *image, size_t trailing, bool json)
{
    static struct fields fields;
    char version[32];
    fields.count = 0;
    image_version_text(&image->version, version);
    add_text(&fields, "file", path);
    add_text(&fields, "version", version);
    add_number(&fields, "security counter", image->security_counter);
    add_number(&fields, "image size", image->size);
    add_number(&fields, "header size", image->header_size);
    add_number(&fields, "payload size", image->payload_size);
    add_text(&fields, "placing", placing(image));
    add_number(&fields, "load address", image->load_addr);
    add_text(&fields, "encryption", encryption(image));
    if (image->wrap_len != 0) {
        add_hex(&fields, "ephemeral key", image->wrap, 32);
    }
    mico_image_each_protected(image, add_protected, &fields);
    add_hex(&fields, "digest", image->digest, sizeof image->digest);
    add_hex(&fields, "key hash", image->key_hash, sizeof image->key_hash);
    if (image->has_public_key) {
        add_hex(&fields, "public key", image->public_key, sizeof image->public_key);
    }
    add_hex(&fields, "signature", image->signature, sizeof image->signature);
    add_number(&fields, "bytes after the image", (uint32_t)trailing);
    if (json) {
        print_fields_json(&fields);
        return;
    }
    for (size_t i = 0; i < fields.count; i++) {
        const struct field *field = &fields.field[i];
        if (field->number) {
            printf("%-22s %.0f\n", field->name, field->value);
        } else {
            printf("%-22s %s\n", field->name, field->text);
        }
    }
}
