/* SPDX-License-Identifier: Apache-2.0 */
/* Commands about the chip itself and its data objects. docs/MSCP.md, "Commands". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/certificate.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/protocol/evidence.h"

/* What a lifecycle step lacks; the bits of mscp_host_set_lifecycle. */
#define FAILS_NOT_PAIRED 1u
#define FAILS_NO_KEY 2u
#define FAILS_NO_CERTIFICATE 4u
#define FAILS_MISMATCH 8u
#define FAILS_STATE 16u
#define FAILS_RAW_KEY 32u
#define FAILS_OPEN_DATA 64u

mscp_status_t mscp_chip_get_info(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    if ((in->present & MSCP_TAG_BIT(MSCP_TAG_ECHO)) != 0) {
        mscp_put_bytes(out, MSCP_TAG_ECHO, in->value[MSCP_TAG_ECHO].data, 4);
    }
    mscp_put_bytes(out, MSCP_TAG_SERIAL, chip->serial, sizeof chip->serial);
    mscp_put_u32(out, MSCP_TAG_FIRMWARE, chip->firmware.version);
    mscp_put_u8(out, MSCP_TAG_LIFECYCLE, mscp_chip_lifecycle(chip));
    mscp_put_u8(out, MSCP_TAG_PAIRED, chip->paired);
    mscp_put_u32(out, MSCP_TAG_BOOT, chip->boot_counter);
    mscp_put_u32(out, MSCP_TAG_BUDGET, mscp_chip_failures(chip));
    mscp_put_u32(out, MSCP_TAG_SECURITY, chip->firmware.security);
    return MSCP_OK;
}

mscp_status_t mscp_chip_get_random(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint16_t count = mscp_tlv_u16(in, MSCP_TAG_COUNT);
    if (count == 0 || count > MSCP_CHUNK_MAX) {
        return MSCP_BAD_LENGTH;
    }
    uint8_t bytes[MSCP_CHUNK_MAX];
    mico_err err = mico_random(bytes, count);
    if (err == MICO_OK) {
        mscp_put_bytes(out, MSCP_TAG_BYTES, bytes, count);
    }
    mico_wipe(bytes, sizeof bytes);
    return err == MICO_OK ? MSCP_OK : MSCP_ENTROPY;
}

/* ---- lifecycle ---- */

static mscp_status_t certificate_clauses(struct mscp_chip *chip, uint32_t *failing)
{
    struct mscp_object key, chain;
    mscp_status_t status = mscp_object_load(chip, MSCP_ID_IDENTITY, &key);
    mico_wipe(key.private_key, sizeof key.private_key);
    bool have_key =
        status == MSCP_OK && (key.attributes.type == MSCP_KEY_ED25519 || key.attributes.type == MSCP_KEY_P256);
    if (status != MSCP_OK && status != MSCP_NO_SUCH_OBJECT) {
        return status;
    }
    *failing |= have_key ? 0 : FAILS_NO_KEY;
    status = mscp_object_load(chip, MSCP_ID_CHAIN, &chain);
    if (status == MSCP_NO_SUCH_OBJECT ||
        (status == MSCP_OK && (chain.attributes.type != MSCP_CERT || chain.total == 0))) {
        *failing |= FAILS_NO_CERTIFICATE;
        return MSCP_OK;
    }
    struct mico_span der;
    if (status == MSCP_OK) {
        status = mscp_object_value(chip, &chain, 0, &der); /* the leaf's key stands well inside the first 2 KiB */
    }
    uint8_t spki[MSCP_SPKI_MAX];
    if (status == MSCP_OK && have_key) {
        size_t len = mscp_spki((enum mscp_type)key.attributes.type, key.public_key, spki);
        *failing |= mscp_certificate_is_of(der, (struct mico_span){spki, len}) ? 0 : FAILS_MISMATCH;
    }
    return status;
}

static mscp_status_t clauses(struct mscp_chip *chip, uint8_t to, uint32_t *failing)
{
    uint8_t now = mscp_chip_lifecycle(chip);
    *failing = 0;
    if (to == MSCP_OPERATIONAL) {
        *failing |= now == MSCP_FACTORY ? 0 : FAILS_STATE;
        *failing |= chip->paired ? 0 : FAILS_NOT_PAIRED;
        bool raw, open;
        mscp_status_t status = mscp_objects_unfit(chip, &raw, &open);
        *failing |= (raw ? FAILS_RAW_KEY : 0) | (open ? FAILS_OPEN_DATA : 0);
        return status == MSCP_OK ? certificate_clauses(chip, failing) : status;
    }
    if (to == MSCP_END_OF_LIFE || to == MSCP_RETURNED) {
        *failing |= now == MSCP_OPERATIONAL ? 0 : FAILS_STATE;
        return MSCP_OK;
    }
    return MSCP_BAD_PARAM;
}

mscp_status_t mscp_chip_set_lifecycle(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint8_t to = mscp_tlv_u8(in, MSCP_TAG_LIFECYCLE);
    uint8_t dry_run = mscp_tlv_u8(in, MSCP_TAG_DRY_RUN);
    uint32_t failing;
    if (dry_run > 1) {
        return MSCP_BAD_PARAM;
    }
    mscp_status_t status = clauses(chip, to, &failing);
    if (status != MSCP_OK) {
        return status;
    }
    mscp_put_u32(out, MSCP_TAG_FAILING, failing);
    if (dry_run == 1) {
        return MSCP_OK;
    }
    if (failing != 0) {
        return mscp_denied(chip, (uint16_t)failing);
    }
    mscp_audit_log(chip, MSCP_AUDIT_LIFECYCLE, MSCP_SET_LIFECYCLE, MSCP_OK, to);
    mico_err err = mscp_chip_put(chip, "life", 0, &to, 1);
    if (err == MICO_OK) {
        chip->life = to;
        if (to != MSCP_OPERATIONAL) {
            mico_wipe(&chip->volatiles, sizeof chip->volatiles);
            err = mscp_objects_erase_keys(chip); /* cut off here, the next start goes on */
        }
    }
    return mscp_chip_status_of(chip, err);
}

/* ---- values that come in pieces ---- */

mscp_status_t mscp_chip_collect(struct mscp_chip *chip, uint8_t command, const struct mscp_tlvs *in, bool *complete)
{
    struct mscp_chip_transfer *t = &chip->transfer;
    uint32_t id = mscp_tlv_u32(in, MSCP_TAG_ID);
    uint16_t total = mscp_tlv_u16(in, MSCP_TAG_TOTAL);
    uint16_t offset = mscp_tlv_u16(in, MSCP_TAG_OFFSET);
    struct mico_span bytes = in->value[MSCP_TAG_BYTES];
    uint8_t attributes[MSCP_ATTRIBUTES_MAX] = {0};
    if ((in->present & MSCP_TAG_BIT(MSCP_TAG_ATTRIBUTES)) != 0) {
        memcpy(attributes, in->value[MSCP_TAG_ATTRIBUTES].data, in->value[MSCP_TAG_ATTRIBUTES].len);
    }
    *complete = false;
    if (total > MSCP_MESSAGE_MAX || bytes.len > (size_t)total - (offset > total ? total : offset) ||
        (bytes.len == 0 && total > 0)) {
        return MSCP_BAD_LENGTH;
    }
    if (offset == 0) {
        *t = (struct mscp_chip_transfer){.command = command, .id = id, .total = total};
        memcpy(t->attributes, attributes, sizeof attributes);
    } else if (t->command != command || t->id != id || t->total != total || t->len != offset ||
               memcmp(t->attributes, attributes, sizeof attributes) != 0) {
        t->command = 0;
        return MSCP_BAD_PARAM;
    }
    if (bytes.len > 0) {
        memcpy(chip->message + offset, bytes.data, bytes.len);
    }
    t->len = (uint16_t)(offset + bytes.len);
    *complete = t->len == total;
    if (*complete) {
        chip->message_len = total;
        t->command = 0;
    }
    return MSCP_OK;
}

/* ---- data, certificates, counters ---- */

static bool right_known(uint8_t right, uint8_t most)
{
    return right <= most || (right >= MSCP_AUTH_FIRST && right <= MSCP_AUTH_LAST);
}

static bool data_attributes_allowed(const struct mscp_attributes *a)
{
    uint8_t most = a->type == MSCP_AUTH ? MSCP_NEVER : MSCP_ALWAYS;
    return a->usage == 0 && right_known(a->read, most) && right_known(a->write, MSCP_SESSION) &&
           (a->type != MSCP_AUTH || a->read == MSCP_NEVER);
}

/* A value longer than what an object record holds is written first; all become an object with the last write. */
static mscp_status_t save_new(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value)
{
    mscp_status_t status = MSCP_OK;
    switch (object->attributes.type) {
    case MSCP_COUNTER:
        if (value.len != 0 && value.len != 8) {
            return MSCP_BAD_LENGTH;
        }
        object->counter = value.len == 8 ? mico_load_le64(value.data) : 0;
        break;
    case MSCP_AUTH:
        status = mscp_auth_value(chip, object, value);
        break;
    default:
        status = mscp_object_save_parts(chip, object, value);
        break;
    }
    return status == MSCP_OK ? mscp_object_create(chip, object) : status;
}

mscp_status_t mscp_chip_create(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object = {.id = mscp_tlv_u32(in, MSCP_TAG_ID)};
    struct mscp_attributes *a = &object.attributes;
    mscp_status_t status = mscp_object_attributes(chip, in, a);
    if (status != MSCP_OK) {
        return status;
    }
    if (a->type != MSCP_DATA && a->type != MSCP_CERT && a->type != MSCP_COUNTER && a->type != MSCP_AUTH) {
        return MSCP_NOT_SUPPORTED;
    }
    status = mscp_object_room(chip, object.id, a->type);
    if (status != MSCP_OK) {
        return status;
    }
    if (!data_attributes_allowed(a)) {
        return mscp_denied(chip, MSCP_CLAUSE_ATTRIBUTES);
    }
    bool complete;
    status = mscp_chip_collect(chip, MSCP_CREATE_OBJECT, in, &complete);
    if (status != MSCP_OK || !complete) {
        return status;
    }
    a->origin = MSCP_FROM_FACTORY; /* objects can be created in that stage of life only */
    status = save_new(chip, &object, (struct mico_span){chip->message, chip->transfer.total});
    mico_wipe(&object, sizeof object);
    return status;
}

mscp_status_t mscp_chip_get_attributes(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &object);
    mico_wipe(object.private_key, sizeof object.private_key);
    if (status == MSCP_OK) {
        uint8_t attributes[MSCP_ATTRIBUTES_MAX];
        size_t len = mscp_attributes_encode(&object.attributes, attributes);
        mscp_put_bytes(out, MSCP_TAG_ATTRIBUTES, attributes, len);
    }
    return status;
}

mscp_status_t mscp_chip_read(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    uint16_t offset = mscp_tlv_u16(in, MSCP_TAG_OFFSET);
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &object);
    mico_wipe(object.private_key, sizeof object.private_key);
    if (status != MSCP_OK) {
        return status;
    }
    if (mscp_object_is_key(&object) || mscp_object_is_secret(&object)) {
        return mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    status = mscp_permit(chip, &object, MSCP_DOING_READ);
    if (status != MSCP_OK) {
        return status;
    }
    uint8_t counter[8];
    struct mico_span bytes = MICO_SPAN(counter);
    if (object.attributes.type == MSCP_COUNTER) {
        if (offset != 0) {
            return MSCP_BAD_PARAM;
        }
        object.total = sizeof counter;
        mico_store_le64(counter, object.counter);
    } else if ((status = mscp_object_value(chip, &object, offset, &bytes)) != MSCP_OK) {
        return status;
    }
    mscp_put_u16(out, MSCP_TAG_TOTAL, object.total);
    mscp_put_bytes(out, MSCP_TAG_BYTES, bytes.data, bytes.len > MSCP_CHUNK_MAX ? MSCP_CHUNK_MAX : bytes.len);
    mico_wipe(chip->record, sizeof chip->record);
    return MSCP_OK;
}

static mscp_status_t load_for_write(struct mscp_chip *chip, const struct mscp_tlvs *in, bool counter,
                                    struct mscp_object *object)
{
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), object);
    uint8_t type = object->attributes.type;
    mico_wipe(object->private_key, sizeof object->private_key);
    if (status != MSCP_OK) {
        return status;
    }
    if (counter ? type != MSCP_COUNTER : type != MSCP_DATA && type != MSCP_CERT && type != MSCP_AUTH) {
        return mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    return MSCP_OK;
}

/* A new secret for an AUTH object gives it all its tries back. */
static mscp_status_t write_auth(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value)
{
    struct mscp_ledger ledger;
    mscp_status_t status = mscp_auth_value(chip, object, value);
    if (status == MSCP_OK) {
        status = mscp_object_save(chip, object);
    }
    if (status == MSCP_OK) {
        status = mscp_ledger_load(chip, object->id, &ledger);
    }
    if (status == MSCP_OK) {
        ledger.failures = 0;
        status = mscp_ledger_save(chip, object->id, &ledger);
    }
    mico_wipe(object, sizeof *object);
    return status;
}

mscp_status_t mscp_chip_write(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    bool complete = false;
    mscp_status_t status = load_for_write(chip, in, false, &object);
    if (status == MSCP_OK) {
        status = mscp_chip_collect(chip, MSCP_WRITE_DATA, in, &complete);
    }
    if (status == MSCP_OK && complete) {
        status = mscp_permit(chip, &object, MSCP_DOING_WRITE);
    }
    if (status != MSCP_OK || !complete) {
        return status;
    }
    struct mico_span value = {chip->message, chip->transfer.total};
    return object.attributes.type == MSCP_AUTH ? write_auth(chip, &object, value)
                                               : mscp_object_save_value(chip, &object, value);
}

mscp_status_t mscp_chip_increment(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    mscp_status_t status = load_for_write(chip, in, true, &object);
    bool plus_one = (in->present & MSCP_TAG_BIT(MSCP_TAG_VALUE)) == 0;
    if (status == MSCP_OK && plus_one && object.counter == UINT64_MAX) {
        return MSCP_COUNTER_OVERFLOW;
    }
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &object, MSCP_DOING_WRITE | (plus_one ? MSCP_DOING_ANEW : 0));
    }
    if (status != MSCP_OK) {
        return status;
    }
    uint64_t to = plus_one ? object.counter + 1 : mscp_tlv_u64(in, MSCP_TAG_VALUE);
    if (to > object.counter) {
        object.counter = to;
        status = mscp_object_save(chip, &object);
    }
    mscp_put_u64(out, MSCP_TAG_VALUE, object.counter);
    return status;
}
