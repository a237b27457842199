/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that use private keys. A private key is loaded here, used here and wiped here; no command carries one out.
 * docs/MSCP.md, "Keys". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

bool mscp_key_attributes_allowed(uint32_t id, const struct mscp_attributes *a)
{
    const uint16_t signing = MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_PAIRING | MSCP_USE_SIGN_CSR | MSCP_USE_ATTEST;
    const uint16_t agreeing = MSCP_USE_AGREE | MSCP_RELEASE_INSIDE;
    uint16_t usage = a->usage;
    bool signs = a->type == MSCP_KEY_ED25519 || a->type == MSCP_KEY_P256;
    bool agrees = a->type == MSCP_KEY_X25519 || a->type == MSCP_KEY_P256;
    if (a->read != MSCP_NEVER || a->write != MSCP_NEVER || mscp_object_is_volatile(id)) {
        return false;
    }
    if ((usage & MSCP_USE_SIGN_RAW) != 0) { /* a key that signs anything does nothing else, and is none of a device's */
        return signs && usage == MSCP_USE_SIGN_RAW && id >= MSCP_ID_GENERAL;
    }
    if ((usage & MSCP_USE_SIGN_TLS_SERVER) !=
        0) { /* half of what it signs is whatever the two sides drew: nothing beside */
        return signs && (usage & ~(MSCP_USE_SIGN_TLS_SERVER | MSCP_USE_SIGN_CSR)) == 0;
    }
    return (signs && usage != 0 && (usage & ~signing) == 0) ||
           (agrees && (usage & MSCP_USE_AGREE) != 0 && (usage & ~agreeing) == 0);
}

bool mscp_key_complete(struct mscp_object *object)
{
    object->private_len = 32;
    switch (object->attributes.type) {
    case MSCP_KEY_ED25519:
        mico_ed25519_public(object->private_key, object->public_key);
        return true;
    case MSCP_KEY_X25519:
        mico_x25519_public(object->private_key, object->public_key);
        return true;
    default:
        return mico_p256_public(object->private_key, object->public_key) == MICO_OK;
    }
}

static mico_err make_key(struct mscp_object *object)
{
    if (object->attributes.type == MSCP_KEY_P256) {
        return mico_p256_generate(object->private_key, object->public_key);
    }
    mico_err err = mico_random(object->private_key, 32);
    return err != MICO_OK || mscp_key_complete(object) ? err : MICO_ERR_CRYPTO;
}

mscp_status_t mscp_chip_generate(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object = {.id = mscp_tlv_u32(in, MSCP_TAG_ID)};
    mscp_status_t status = mscp_object_attributes(chip, in, &object.attributes);
    if (status != MSCP_OK) {
        return status;
    }
    if (!mscp_object_is_key(&object)) {
        return MSCP_NOT_SUPPORTED;
    }
    bool field = mscp_chip_lifecycle(chip) == MSCP_OPERATIONAL;
    status = field ? mscp_field_room(chip, object.id) : mscp_object_room(chip, object.id, object.attributes.type);
    if (status == MSCP_OK && (!mscp_key_attributes_allowed(object.id, &object.attributes) ||
                              (field && !mscp_field_usage_allowed(object.attributes.usage)))) {
        status = mscp_denied(chip, MSCP_CLAUSE_ATTRIBUTES);
    }
    if (status == MSCP_OK && field) {
        status = mscp_field_charge(chip, object.id);
    }
    if (status == MSCP_OK && make_key(&object) != MICO_OK) {
        status = MSCP_ENTROPY;
    }
    if (status == MSCP_OK) {
        object.attributes.origin = MSCP_GENERATED;
        status = mscp_object_create(chip, &object);
    }
    if (status == MSCP_OK) {
        struct mico_span key = mscp_object_public(&object);
        mscp_put_bytes(out, MSCP_TAG_PUBLIC_KEY, key.data, key.len);
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
    struct mico_span key = mscp_object_public(&object);
    mscp_put_bytes(out, MSCP_TAG_PUBLIC_KEY, key.data, key.len);
    return MSCP_OK;
}

/* MSCP_ALLOWED, or the clause that forbids it; inside: the result stays in the chip. */
static uint16_t may_agree(const struct mscp_object *key, bool inside)
{
    if (key->attributes.type != MSCP_KEY_X25519 && key->attributes.type != MSCP_KEY_P256) {
        return MSCP_CLAUSE_TYPE;
    }
    if ((key->attributes.usage & MSCP_USE_AGREE) == 0) {
        return MSCP_CLAUSE_USAGE;
    }
    return inside || (key->attributes.usage & MSCP_RELEASE_INSIDE) == 0 ? MSCP_ALLOWED : MSCP_CLAUSE_RELEASE;
}

static mscp_status_t agree(const struct mscp_object *key, struct mico_span peer, uint8_t shared[32])
{
    if (peer.len != mscp_object_public(key).len) {
        return MSCP_BAD_LENGTH;
    }
    mico_err err = key->attributes.type == MSCP_KEY_P256 ? mico_p256_agree(key->private_key, peer.data, shared)
                                                         : mico_x25519(key->private_key, peer.data, shared);
    return err == MICO_OK ? MSCP_OK : MSCP_VERIFY_FAILED;
}

mscp_status_t mscp_chip_agree(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object key, target;
    uint8_t shared[32] = {0};
    bool inside = (in->present & MSCP_TAG_BIT(MSCP_TAG_TARGET)) != 0;
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &key);
    if (status == MSCP_OK) {
        uint16_t verdict = may_agree(&key, inside);
        status = verdict == MSCP_ALLOWED ? MSCP_OK : mscp_denied(chip, verdict);
    }
    if (status == MSCP_OK) {
        status = mscp_secret_target(chip, in, &key, sizeof shared, &target);
    }
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &key, MSCP_DOING_USE);
    }
    if (status == MSCP_OK) {
        status = agree(&key, in->value[MSCP_TAG_PUBLIC_KEY], shared);
    }
    if (status == MSCP_OK && (may_agree(&key, inside) != MSCP_ALLOWED || !mscp_permitted(chip, &key, MSCP_DOING_USE))) {
        status = MSCP_TAMPER;
    }
    if (status == MSCP_OK) {
        status = mscp_secret_deliver(chip, inside ? &target : NULL, MSCP_TAG_SECRET, MICO_SPAN(shared), out);
    }
    mico_wipe(&key, sizeof key);
    mico_wipe(shared, sizeof shared);
    return status;
}
