/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's objects as records. docs/MSCP.md, "Objects" and "Storage".
 *
 * "o/<id>" holds attributes and key, counter, or the version and length of a value; the value itself stands in records
 * "d/<id>/<version & 1>/<part>", each sealed under its version. A write puts the new parts beside the old ones and then
 * the object record, which is the one moment at which old becomes new. */
#include <stdio.h>
#include <string.h>

#include "mscp/chip/chip_internal.h"

#define PARTS (MSCP_MESSAGE_MAX / MSCP_CHIP_PART)
#define OBJECT_PREFIX "o/"

struct name {
    char text[MICO_STORE_NAME_MAX + 1];
};

static struct name object_name(uint32_t id)
{
    struct name name;
    snprintf(name.text, sizeof name.text, OBJECT_PREFIX "%08lx", (unsigned long)id);
    return name;
}

static struct name part_name(uint32_t id, uint32_t version, unsigned part)
{
    struct name name;
    snprintf(name.text, sizeof name.text, "d/%08lx/%u/%u", (unsigned long)id, (unsigned)(version & 1), part);
    return name;
}

bool mscp_object_is_key(const struct mscp_object *object)
{
    uint8_t type = object->attributes.type;
    return type == MSCP_KEY_ED25519 || type == MSCP_KEY_X25519 || type == MSCP_KEY_P256;
}

bool mscp_object_is_secret(const struct mscp_object *object)
{
    return object->attributes.type == MSCP_SECRET || object->attributes.type == MSCP_AUTH;
}

struct mico_span mscp_object_public(const struct mscp_object *object)
{
    return (struct mico_span){object->public_key, object->attributes.type == MSCP_KEY_P256 ? MSCP_P256_PUBLIC : 32};
}

static void read_into(struct mico_reader *r, uint8_t *out, size_t len)
{
    struct mico_span bytes = mico_read_bytes(r, len);
    if (!r->failed) {
        memcpy(out, bytes.data, len);
    }
}

static void decode(struct mico_span value, struct mscp_object *object, struct mico_reader *r)
{
    *r = mico_reader_of(value.data, value.len);
    struct mico_span attributes = mico_read_bytes(
        r, value.len < MSCP_ATTRIBUTES_SIZE ? MSCP_ATTRIBUTES_SIZE : MSCP_ATTRIBUTES_SIZE + (size_t)value.data[7]);
    r->failed = r->failed || mscp_attributes_parse(attributes, &object->attributes) != MICO_OK;
    if (r->failed) {
        return;
    }
    if (mscp_object_is_key(object)) {
        object->private_len = 32;
        read_into(r, object->private_key, 32);
        read_into(r, object->public_key, mscp_object_public(object).len);
    } else if (mscp_object_is_secret(object)) {
        r->failed = r->left > sizeof object->private_key;
        object->private_len = (uint8_t)r->left;
        read_into(r, object->private_key, r->failed ? 0 : r->left);
    } else if (object->attributes.type == MSCP_COUNTER) {
        object->counter = mico_read_le64(r);
    } else {
        object->version = mico_read_le32(r);
        object->total = mico_read_le16(r);
    }
}

mscp_status_t mscp_object_load(struct mscp_chip *chip, uint32_t id, struct mscp_object *object)
{
    struct mico_span value;
    bool found;
    memset(object, 0, sizeof *object);
    object->id = id;
    if (mscp_object_is_volatile(id)) {
        return mscp_volatile_load(chip, id, object);
    }
    mico_err err = mscp_chip_get(chip, object_name(id).text, 0, &value, &found);
    if (err != MICO_OK) {
        return err == MICO_ERR_CORRUPT ? MSCP_CORRUPT : MSCP_STORAGE;
    }
    if (!found) {
        return MSCP_NO_SUCH_OBJECT;
    }
    struct mico_reader r;
    decode(value, object, &r);
    mico_wipe(chip->record, sizeof chip->record);
    return mico_reader_done(&r) && object->total <= MSCP_MESSAGE_MAX ? MSCP_OK : MSCP_CORRUPT;
}

mscp_status_t mscp_object_save(struct mscp_chip *chip, const struct mscp_object *object)
{
    uint8_t value[MSCP_ATTRIBUTES_MAX + 32 + MSCP_P256_PUBLIC];
    if (mscp_object_is_volatile(object->id)) {
        return mscp_volatile_save(chip, object);
    }
    struct mico_writer w = mico_writer_of(value, sizeof value);
    w.len = mscp_attributes_encode(&object->attributes, value);
    if (mscp_object_is_key(object)) {
        mico_write_bytes(&w, object->private_key, 32);
        mico_write_bytes(&w, object->public_key, mscp_object_public(object).len);
    } else if (mscp_object_is_secret(object)) {
        mico_write_bytes(&w, object->private_key, object->private_len);
    } else if (object->attributes.type == MSCP_COUNTER) {
        mico_write_le64(&w, object->counter);
    } else {
        mico_write_le32(&w, object->version);
        mico_write_le16(&w, object->total);
    }
    mico_err err = mscp_chip_put(chip, object_name(object->id).text, 0, value, w.len);
    mico_wipe(value, sizeof value);
    return mscp_chip_status_of(chip, err);
}

/* Parts of a version that no object record names: they cost room only, so failing to remove them is no failure. */
static void drop_parts(struct mscp_chip *chip, uint32_t id, uint32_t version)
{
    for (unsigned part = 0; part < PARTS; part++) {
        mico_err ignored = mscp_chip_remove(chip, part_name(id, version, part).text);
        (void)ignored;
    }
}

mscp_status_t mscp_object_save_parts(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value)
{
    object->version++;
    object->total = (uint16_t)value.len;
    for (unsigned part = 0; part * MSCP_CHIP_PART < value.len; part++) {
        size_t offset = (size_t)part * MSCP_CHIP_PART;
        size_t len = value.len - offset > MSCP_CHIP_PART ? MSCP_CHIP_PART : value.len - offset;
        mico_err err = mscp_chip_put(chip, part_name(object->id, object->version, part).text, object->version,
                                     value.data + offset, len);
        if (err != MICO_OK) {
            return mscp_chip_status_of(chip, err);
        }
    }
    return MSCP_OK;
}

mscp_status_t mscp_object_save_value(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value)
{
    mscp_status_t status = mscp_object_save_parts(chip, object, value);
    if (status == MSCP_OK) {
        status = mscp_object_save(chip, object);
    }
    if (status == MSCP_OK) {
        drop_parts(chip, object->id, object->version - 1);
    }
    return status;
}

mscp_status_t mscp_object_value(struct mscp_chip *chip, const struct mscp_object *object, size_t offset,
                                struct mico_span *bytes)
{
    *bytes = (struct mico_span){chip->record, 0};
    if (offset >= object->total) {
        return offset == object->total ? MSCP_OK : MSCP_BAD_PARAM;
    }
    unsigned part = (unsigned)(offset / MSCP_CHIP_PART);
    size_t left = object->total - (size_t)part * MSCP_CHIP_PART;
    size_t expected = left > MSCP_CHIP_PART ? MSCP_CHIP_PART : left;
    struct mico_span value;
    bool found;
    mico_err err =
        mscp_chip_get(chip, part_name(object->id, object->version, part).text, object->version, &value, &found);
    if (err != MICO_OK && err != MICO_ERR_CORRUPT) {
        return MSCP_STORAGE;
    }
    if (err != MICO_OK || !found || value.len != expected) {
        return MSCP_CORRUPT;
    }
    size_t skip = offset % MSCP_CHIP_PART;
    *bytes = (struct mico_span){value.data + skip, value.len - skip};
    return MSCP_OK;
}

/* ---- new ones ---- */

mscp_status_t mscp_object_attributes(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mscp_attributes *out)
{
    return mscp_attributes_parse(in->value[MSCP_TAG_ATTRIBUTES], out) == MICO_OK
               ? MSCP_OK
               : mscp_denied(chip, MSCP_CLAUSE_ATTRIBUTES);
}

mscp_status_t mscp_object_room(struct mscp_chip *chip, uint32_t id, uint8_t type)
{
    if (mscp_object_is_volatile(id) ? type != MSCP_SECRET : mscp_chip_lifecycle(chip) != MSCP_FACTORY) {
        return mscp_object_is_volatile(id) ? mscp_denied(chip, MSCP_CLAUSE_TYPE) : MSCP_WRONG_LIFECYCLE;
    }
    return mscp_object_free(chip, id);
}

mscp_status_t mscp_object_free(struct mscp_chip *chip, uint32_t id)
{
    struct mscp_object object;
    mscp_status_t status = mscp_object_load(chip, id, &object);
    mico_wipe(&object, sizeof object);
    if (status != MSCP_NO_SUCH_OBJECT) {
        return status == MSCP_OK ? MSCP_OBJECT_EXISTS : status;
    }
    return !mscp_object_is_volatile(id) && chip->objects >= MSCP_CHIP_OBJECTS ? MSCP_NO_SPACE : MSCP_OK;
}

mscp_status_t mscp_object_create(struct mscp_chip *chip, const struct mscp_object *object)
{
    mscp_status_t status = MSCP_OK;
    if (!mscp_object_is_volatile(object->id)) {
        /* What an object of that id once counted; deleting it may have been cut off. */
        status = mscp_chip_status_of(chip, mscp_ledger_drop(chip, object->id));
    }
    if (status == MSCP_OK) {
        status = mscp_object_save(chip, object);
    }
    chip->objects += status == MSCP_OK && !mscp_object_is_volatile(object->id);
    return status;
}

uint16_t mscp_object_in_life(const struct mscp_chip *chip, const struct mscp_object *object)
{
    uint8_t life = object->attributes.life;
    return life == 0 || (life & mscp_chip_stage(chip)) != 0 ? MSCP_ALLOWED : MSCP_CLAUSE_LIFE;
}

mscp_status_t mscp_denied(struct mscp_chip *chip, uint16_t clause)
{
    chip->detail = clause;
    return MSCP_POLICY_DENIED;
}

/* ---- all of them ---- */

struct census {
    uint32_t ids[MSCP_CHIP_OBJECTS];
    uint16_t count;
};

static bool count_one(void *ctx, const char *name, size_t len)
{
    struct census *census = ctx;
    uint8_t id[4];
    if (strncmp(name, OBJECT_PREFIX, strlen(OBJECT_PREFIX)) == 0 && strlen(name) == strlen(OBJECT_PREFIX) + 8 &&
        mico_unhex(name + strlen(OBJECT_PREFIX), id, sizeof id) == MICO_OK) {
        census->ids[census->count++] = mico_load_be32(id);
    }
    return census->count < MSCP_CHIP_OBJECTS;
}

mico_err mscp_objects_count(struct mscp_chip *chip)
{
    struct census census = {.count = 0};
    mico_err err = mico_store_each(&chip->store, count_one, &census);
    chip->objects = census.count;
    return err;
}

mscp_status_t mscp_objects_in_field(struct mscp_chip *chip, unsigned *count)
{
    struct census census = {.count = 0};
    mico_err err = mico_store_each(&chip->store, count_one, &census);
    *count = 0;
    for (unsigned i = 0; i < census.count; i++) {
        *count += mscp_object_is_field(census.ids[i]);
    }
    return mscp_chip_status_of(chip, err);
}

mico_err mscp_objects_erase_keys(struct mscp_chip *chip)
{
    struct census census = {.count = 0};
    mico_err err = mico_store_each(&chip->store, count_one, &census);
    for (unsigned i = 0; i < census.count && err == MICO_OK; i++) {
        struct mscp_object object;
        mscp_status_t status = mscp_object_load(chip, census.ids[i], &object);
        /* What cannot be read any more goes too. */
        if (status == MSCP_CORRUPT ||
            (status == MSCP_OK && (mscp_object_is_key(&object) || mscp_object_is_secret(&object)))) {
            err = mscp_chip_remove(chip, object_name(census.ids[i]).text);
        } else if (status != MSCP_OK) {
            err = MICO_ERR_IO;
        }
        mico_wipe(&object, sizeof object);
    }
    return err == MICO_OK ? mscp_objects_count(chip) : err;
}

/* The objects' attributes one after the other; next gives false behind the last, or what went wrong. */
struct walk {
    struct census census;
    unsigned at;
    mscp_status_t status;
    struct mscp_object object; /* without its private key */
};

static void walk_start(struct mscp_chip *chip, struct walk *walk)
{
    memset(walk, 0, sizeof *walk);
    walk->status = mscp_chip_status_of(chip, mico_store_each(&chip->store, count_one, &walk->census));
}

static bool walk_next(struct mscp_chip *chip, struct walk *walk)
{
    if (walk->status != MSCP_OK || walk->at == walk->census.count) {
        return false;
    }
    walk->status = mscp_object_load(chip, walk->census.ids[walk->at++], &walk->object);
    mico_wipe(walk->object.private_key, sizeof walk->object.private_key);
    return walk->status == MSCP_OK;
}

mscp_status_t mscp_objects_unfit(struct mscp_chip *chip, bool *raw, bool *open)
{
    struct walk walk;
    *raw = *open = false;
    walk_start(chip, &walk);
    while (walk_next(chip, &walk)) {
        const struct mscp_attributes *a = &walk.object.attributes;
        *raw = *raw || (a->usage & MSCP_USE_SIGN_RAW) != 0;
        *open = *open || (a->type == MSCP_DATA && a->read == MSCP_ALWAYS);
    }
    return walk.status;
}

mscp_status_t mscp_chip_list(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct walk walk;
    uint8_t bytes[MSCP_CHIP_OBJECTS * MSCP_LISTED_SIZE];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    walk_start(chip, &walk);
    while (walk_next(chip, &walk)) {
        uint8_t attributes[MSCP_ATTRIBUTES_MAX];
        (void)mscp_attributes_encode(&walk.object.attributes, attributes);
        mico_write_le32(&w, walk.object.id);
        mico_write_bytes(&w, attributes, MSCP_ATTRIBUTES_SIZE);
    }
    if (walk.status == MSCP_OK) {
        mscp_put_bytes(out, MSCP_TAG_BYTES, bytes, w.len);
    }
    return walk.status;
}

mscp_status_t mscp_chip_delete(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    uint32_t id = mscp_tlv_u32(in, MSCP_TAG_ID);
    mscp_status_t status = mscp_object_load(chip, id, &object);
    mico_wipe(object.private_key, sizeof object.private_key);
    if (mscp_object_is_volatile(id)) {
        return mscp_volatile_delete(chip, id);
    }
    bool field = mscp_chip_lifecycle(chip) == MSCP_OPERATIONAL && mscp_object_is_field(id);
    if (!field && mscp_chip_lifecycle(chip) != MSCP_FACTORY) {
        return MSCP_WRONG_LIFECYCLE;
    }
    if (status != MSCP_OK) {
        return status;
    }
    if (field && !mscp_field_owns(&object)) {
        return MSCP_WRONG_LIFECYCLE;
    }
    if (field) {
        mscp_field_removes(chip, id);
    }
    if (id < MSCP_ID_GENERAL) {
        return mscp_denied(chip, MSCP_CLAUSE_WRITE);
    }
    if (object.attributes.type == MSCP_AUTH && !mscp_authenticated(chip, id)) {
        chip->detail = MSCP_CLAUSE_AUTH; /* else another in its place would open what names it */
        return MSCP_AUTH_REQUIRED;
    }
    status = mscp_chip_status_of(chip, mscp_chip_remove(chip, object_name(id).text));
    mscp_auth_forget(chip, id);
    if (status == MSCP_OK) {
        chip->objects--;
        status = mscp_chip_status_of(chip, mscp_ledger_drop(chip, id)); /* behind the object, never before it */
        if (object.attributes.type == MSCP_DATA || object.attributes.type == MSCP_CERT) {
            drop_parts(chip, id, object.version);
        }
    }
    return status;
}
