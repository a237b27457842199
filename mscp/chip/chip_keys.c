/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that use private keys. A private key is loaded here, used here and wiped here; no command carries one out.
 * docs/MSCP.md, "Keys". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/tls_transcript.h"

#define DEVICE_ID_SIZE 17                          /* "XX:XX:XX:XX:XX:XX" */
#define PAIRING_MESSAGE (32 + DEVICE_ID_SIZE + 32) /* session key or proof | device id | controller's or own key */

static bool key_attributes_allowed(uint32_t id, const struct mscp_attributes *a)
{
    if (a->type == MSCP_KEY_ED25519 && (a->usage & MSCP_USE_SIGN_RAW) != 0) {
        /* A key that signs anything does nothing else, and is none of a device's. */
        return a->usage == MSCP_USE_SIGN_RAW && id >= MSCP_ID_GENERAL && a->read == MSCP_NEVER &&
               a->write == MSCP_NEVER;
    }
    const uint16_t signing = MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_PAIRING | MSCP_USE_ATTEST;
    uint16_t possible = a->type == MSCP_KEY_ED25519 ? signing : MSCP_USE_AGREE;
    return a->usage != 0 && (a->usage & ~possible) == 0 && a->read == MSCP_NEVER && a->write == MSCP_NEVER;
}

static mico_err make_key(struct mscp_object *object)
{
    mico_err err = mico_random(object->private_key, 32);
    if (err != MICO_OK) {
        return err;
    }
    if (object->attributes.type == MSCP_KEY_ED25519) {
        mico_ed25519_public(object->private_key, object->public_key);
    } else {
        mico_x25519_public(object->private_key, object->public_key);
    }
    return MICO_OK;
}

mscp_status_t mscp_chip_generate(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    uint32_t id = mscp_tlv_u32(in, MSCP_TAG_ID);
    mscp_status_t status = mscp_object_load(chip, id, &object);
    mico_wipe(&object, sizeof object);
    if (status != MSCP_NO_SUCH_OBJECT) {
        return status == MSCP_OK ? MSCP_OBJECT_EXISTS : status;
    }
    struct mscp_attributes a = mscp_attributes_decode(in->value[MSCP_TAG_ATTRIBUTES].data);
    if (a.type != MSCP_KEY_ED25519 && a.type != MSCP_KEY_X25519) {
        return MSCP_NOT_SUPPORTED;
    }
    if (!key_attributes_allowed(id, &a)) {
        return mscp_denied(chip, MSCP_CLAUSE_ATTRIBUTES);
    }
    if (chip->objects >= MSCP_CHIP_OBJECTS) {
        return MSCP_NO_SPACE;
    }
    a.origin = MSCP_GENERATED;
    object.id = id;
    object.attributes = a;
    mico_err err = make_key(&object);
    status = err == MICO_OK ? mscp_object_save(chip, &object) : MSCP_ENTROPY;
    if (status == MSCP_OK) {
        chip->objects++;
        mscp_put_bytes(out, MSCP_TAG_PUBLIC_KEY, object.public_key, 32);
    }
    mico_wipe(&object, sizeof object);
    return status;
}

mscp_status_t mscp_chip_public_key(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &object);
    mico_wipe(object.private_key, sizeof object.private_key);
    if (status != MSCP_OK) {
        return status;
    }
    if (!mscp_object_is_key(&object)) {
        return mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    mscp_put_bytes(out, MSCP_TAG_PUBLIC_KEY, object.public_key, 32);
    return MSCP_OK;
}

static bool is_device_id(const uint8_t *text)
{
    for (unsigned i = 0; i < DEVICE_ID_SIZE; i++) {
        char c = (char)text[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
        if (i % 3 == 2 ? c != ':' : !hex) {
            return false;
        }
    }
    return true;
}

/* MSCP_ALLOWED, or the clause that forbids this key to sign this message. */
static uint16_t may_sign(const struct mscp_chip *chip, const struct mscp_object *key, struct mico_span message)
{
    const uint16_t signing = MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_PAIRING | MSCP_USE_SIGN_RAW;
    if (key->attributes.type != MSCP_KEY_ED25519) {
        return MSCP_CLAUSE_TYPE;
    }
    if (mscp_object_in_life(chip, key) != MSCP_ALLOWED) {
        return MSCP_CLAUSE_LIFE;
    }
    if ((key->attributes.usage & signing) == 0) {
        return MSCP_CLAUSE_USAGE;
    }
    if ((key->attributes.usage & MSCP_USE_SIGN_RAW) != 0) {
        return mscp_chip_lifecycle(chip) == MSCP_FACTORY ? MSCP_ALLOWED : MSCP_CLAUSE_LIFE;
    }
    if ((key->attributes.usage & MSCP_USE_SIGN_PAIRING) != 0 && message.len == PAIRING_MESSAGE &&
        is_device_id(message.data + 32)) {
        return MSCP_ALLOWED;
    }
    if ((key->attributes.usage & MSCP_USE_SIGN_TLS_CLIENT) != 0 && mscp_is_tls_client_transcript(message)) {
        return MSCP_ALLOWED;
    }
    return MSCP_CLAUSE_SHAPE;
}

mscp_status_t mscp_chip_sign(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    bool complete;
    mscp_status_t status = mscp_chip_collect(chip, MSCP_SIGN, in, &complete);
    if (status != MSCP_OK || !complete) {
        return status;
    }
    struct mscp_object key;
    struct mico_span message = {chip->message, chip->transfer.total};
    uint8_t signature[64];
    status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &key);
    if (status == MSCP_OK) {
        uint16_t verdict = may_sign(chip, &key, message);
        status = verdict == MSCP_ALLOWED ? MSCP_OK : mscp_denied(chip, verdict);
    }
    if (status == MSCP_OK) {
        mico_ed25519_sign(key.private_key, key.public_key, message, signature);
        /* Asked a second time, on the other side of the work: one skipped instruction does not open the door. */
        if (may_sign(chip, &key, message) != MSCP_ALLOWED) {
            status = MSCP_TAMPER;
        } else {
            mscp_put_bytes(out, MSCP_TAG_SIGNATURE, signature, sizeof signature);
        }
    }
    mico_wipe(&key, sizeof key);
    mico_wipe(signature, sizeof signature);
    return status;
}

static uint16_t may_agree(const struct mscp_chip *chip, const struct mscp_object *key)
{
    if (key->attributes.type != MSCP_KEY_X25519) {
        return MSCP_CLAUSE_TYPE;
    }
    if ((key->attributes.usage & MSCP_USE_AGREE) == 0) {
        return MSCP_CLAUSE_USAGE;
    }
    return mscp_object_in_life(chip, key);
}

mscp_status_t mscp_chip_agree(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object key;
    uint8_t shared[32] = {0};
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &key);
    if (status == MSCP_OK) {
        uint16_t verdict = may_agree(chip, &key);
        status = verdict == MSCP_ALLOWED ? MSCP_OK : mscp_denied(chip, verdict);
    }
    if (status == MSCP_OK && mico_x25519(key.private_key, in->value[MSCP_TAG_PUBLIC_KEY].data, shared) != MICO_OK) {
        status = MSCP_VERIFY_FAILED;
    }
    if (status == MSCP_OK && may_agree(chip, &key) != MSCP_ALLOWED) {
        status = MSCP_TAMPER;
    }
    if (status == MSCP_OK) {
        mscp_put_bytes(out, MSCP_TAG_SECRET, shared, sizeof shared);
    }
    mico_wipe(&key, sizeof key);
    mico_wipe(shared, sizeof shared);
    return status;
}
