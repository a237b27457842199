/* SPDX-License-Identifier: Apache-2.0 */
/* Key management: making keys, giving them out, destroying them. */
#include <string.h>

#include "crypto/primitives/trust.h"
#include "crypto/psa/core.h"
#include "crypto/psa/persist.h"

#define USAGES                                                                                                         \
    (PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_CACHE | PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | \
     PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | \
     PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_VERIFY_DERIVATION | PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP)

psa_status_t psa_check_attributes(const psa_key_attributes_t *attributes)
{
    return (attributes->usage & ~USAGES) == 0 ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

psa_status_t psa_add_key(const psa_key_attributes_t *attributes, struct mico_span data, psa_key_id_t *id)
{
    struct psa_slot *slot;
    psa_status_t status = psa_check_attributes(attributes);
    if (status == PSA_SUCCESS) {
        status = psa_slot_reserve(attributes, &slot);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = slot->driver->import == NULL ? PSA_ERROR_NOT_SUPPORTED : slot->driver->import(slot->ctx, &slot->key, data);
    return psa_slot_commit(slot, status, id);
}

/* Begin a call that gives a key: *key is none until it is made. */
static psa_status_t enter_to_make(const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (attributes == NULL || key == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    return status == PSA_SUCCESS ? status : psa_leave(status);
}

psa_status_t psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t data_length,
                            psa_key_id_t *key)
{
    psa_status_t status = enter_to_make(attributes, key);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (data == NULL || data_length == 0) {
        return psa_leave(PSA_ERROR_INVALID_ARGUMENT);
    }
    return psa_leave(psa_add_key(attributes, (struct mico_span){data, data_length}, key));
}

static psa_status_t generate(const psa_key_attributes_t *attributes, struct mico_span custom, psa_key_id_t *key)
{
    struct psa_slot *slot;
    if (attributes->bits == 0 || PSA_KEY_TYPE_IS_PUBLIC_KEY(attributes->type)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (attributes->bits == 0xFFFF) { /* more than psa_set_key_bits could say */
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = psa_check_attributes(attributes);
    if (status == PSA_SUCCESS) {
        status = psa_slot_reserve(attributes, &slot);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = slot->driver->generate == NULL ? PSA_ERROR_NOT_SUPPORTED
                                            : slot->driver->generate(slot->ctx, &slot->key, custom);
    if (status == PSA_SUCCESS) {
        status = psa_may_keep_pair(slot);
        if (status != PSA_SUCCESS && slot->driver->destroy != NULL) {
            (void)slot->driver->destroy(slot->ctx, &slot->key);
        }
    }
    if (status == PSA_ERROR_CORRUPTION_DETECTED) {
        mico_trust_fail(); /* the pair-wise test of the new pair: FIPS 140-2 section 4.9.2 */
    }
    return psa_slot_commit(slot, status, key);
}

psa_status_t psa_generate_key(const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    psa_status_t status = enter_to_make(attributes, key);
    return status == PSA_SUCCESS ? psa_leave(generate(attributes, (struct mico_span){NULL, 0}, key)) : status;
}

psa_status_t psa_generate_key_custom(const psa_key_attributes_t *attributes, const psa_custom_key_parameters_t *custom,
                                     const uint8_t *custom_data, size_t custom_data_length, psa_key_id_t *key)
{
    psa_status_t status = enter_to_make(attributes, key);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (custom == NULL || custom->flags != 0 || !psa_pointer_ok(custom_data, custom_data_length) ||
        (custom_data_length != 0 && attributes->type != PSA_KEY_TYPE_RSA_KEY_PAIR &&
         attributes->type != PSA_KEY_TYPE_DSA_KEY_PAIR)) {
        return psa_leave(PSA_ERROR_INVALID_ARGUMENT);
    }
    return psa_leave(generate(attributes, (struct mico_span){custom_data, custom_data_length}, key));
}

psa_status_t mico_psa_register_key(const psa_key_attributes_t *attributes, struct mico_span note, psa_key_id_t *key)
{
    struct psa_slot *slot;
    psa_status_t status = enter_to_make(attributes, key);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (note.len > MICO_PSA_KEY_SIZE || attributes->type == PSA_KEY_TYPE_NONE || attributes->bits == 0 ||
        PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime) == PSA_KEY_LOCATION_LOCAL_STORAGE) {
        return psa_leave(PSA_ERROR_INVALID_ARGUMENT);
    }
    status = psa_check_attributes(attributes);
    if (status == PSA_SUCCESS) {
        status = psa_slot_reserve(attributes, &slot);
    }
    if (status != PSA_SUCCESS) {
        return psa_leave(status);
    }
    if (note.len > slot->key.note_cap) {
        status = PSA_ERROR_INSUFFICIENT_MEMORY;
    } else if (note.len != 0) {
        memcpy(slot->key.note, note.data, note.len);
        slot->key.note_len = note.len;
    }
    return psa_leave(psa_slot_commit(slot, status, key));
}

psa_status_t mico_psa_forget_key(psa_key_id_t key)
{
    struct psa_slot *slot;
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, 0, 0, &slot);
    }
    if (status == PSA_SUCCESS && slot->driver == &psa_software) {
        status = PSA_ERROR_NOT_PERMITTED;
    }
    if (status == PSA_SUCCESS) {
        psa_slot_wipe(slot);
    }
    return psa_leave(status);
}

/* A persistent key's record goes first: after a power cut the key is whole, or gone. A record that cannot be read any
 * more, that is of the other mode, or for which memory has no room, goes too. */
static psa_status_t destroy(psa_key_id_t key)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, 0, 0, &slot);
    if (status == PSA_ERROR_DATA_CORRUPT || status == PSA_ERROR_DATA_INVALID || status == PSA_ERROR_NOT_PERMITTED ||
        status == PSA_ERROR_INSUFFICIENT_MEMORY) {
        return psa_persist_delete(key);
    }
    if (status == PSA_SUCCESS && PSA_KEY_LIFETIME_IS_READ_ONLY(slot->key.attributes.lifetime)) {
        status = PSA_ERROR_NOT_PERMITTED;
    }
    if (status == PSA_SUCCESS && psa_slot_is_persistent_here(slot)) {
        status = psa_persist_delete(key);
    }
    if (status == PSA_SUCCESS) {
        status = slot->driver->destroy == NULL ? PSA_ERROR_NOT_PERMITTED : slot->driver->destroy(slot->ctx, &slot->key);
    }
    if (status == PSA_SUCCESS) {
        psa_slot_wipe(slot);
    }
    return status;
}

psa_status_t psa_destroy_key(psa_key_id_t key)
{
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS && key != PSA_KEY_ID_NULL) {
        status = destroy(key);
    }
    return psa_leave(status);
}

/* A persistent key's copy in memory goes; the next use reads it again. Of any other key the slot is all there is. */
psa_status_t psa_purge_key(psa_key_id_t key)
{
    struct psa_slot *slot;
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, 0, 0, &slot);
    }
    if (status == PSA_SUCCESS && psa_slot_is_persistent_here(slot)) {
        psa_slot_wipe(slot);
    }
    return psa_leave(status);
}

/* The copy's attributes: the source's type and size, what both policies allow. PSA_ERROR_INVALID_ARGUMENT when attributes
 * say otherwise. */
static psa_status_t copy_attributes(const psa_key_attributes_t *source, const psa_key_attributes_t *wanted,
                                    psa_key_attributes_t *full)
{
    psa_algorithm_t alg = psa_policies_meet(source->type, source->alg, wanted->alg);
    if ((wanted->type != 0 && wanted->type != source->type) || (wanted->bits != 0 && wanted->bits != source->bits) ||
        (alg == 0 && (source->alg != 0 || wanted->alg != 0))) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *full = *wanted;
    full->type = source->type;
    full->bits = source->bits;
    full->alg = alg;
    full->usage &= source->usage;
    return psa_check_attributes(wanted);
}

/* Within location 0 only: nothing is copied out of another one, and none here takes a copy. */
static psa_status_t copy(psa_key_id_t source, const psa_key_attributes_t *wanted, psa_key_id_t *key)
{
    struct psa_slot *from, *to;
    psa_key_attributes_t full;
    psa_status_t status = psa_find(source, PSA_KEY_USAGE_COPY, 0, &from);
    if (status == PSA_SUCCESS) {
        psa_key_location_t there = PSA_KEY_LIFETIME_GET_LOCATION(wanted->lifetime);
        bool exported = (from->key.attributes.usage & PSA_KEY_USAGE_EXPORT) != 0;
        status = from->driver->location != there && !exported  ? PSA_ERROR_NOT_PERMITTED
                 : from->driver != &psa_software || there != 0 ? PSA_ERROR_NOT_SUPPORTED
                                                               : copy_attributes(&from->key.attributes, wanted, &full);
    }
    if (status == PSA_SUCCESS) {
        status = psa_slot_reserve(&full, &to);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (from->key.note_len > to->key.note_cap) {
        return psa_slot_commit(to, PSA_ERROR_INSUFFICIENT_MEMORY, key);
    }
    memcpy(to->key.note, from->key.note, from->key.note_len);
    to->key.note_len = from->key.note_len;
    return psa_slot_commit(to, PSA_SUCCESS, key);
}

psa_status_t psa_copy_key(psa_key_id_t source_key, const psa_key_attributes_t *attributes, psa_key_id_t *target_key)
{
    psa_status_t status = enter_to_make(attributes, target_key);
    return status == PSA_SUCCESS ? psa_leave(copy(source_key, attributes, target_key)) : status;
}

psa_status_t psa_get_key_attributes(psa_key_id_t key, psa_key_attributes_t *attributes)
{
    struct psa_slot *slot;
    if (attributes == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_reset_key_attributes(attributes);
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, 0, 0, &slot);
    }
    if (status == PSA_SUCCESS) {
        *attributes = slot->key.attributes;
    }
    return psa_leave(status);
}

typedef psa_status_t exporter(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);

/* What both exports share: lock, key, and a driver's answer, refused with absent when the driver has none. */
static psa_status_t export(psa_key_id_t key, bool private_too, uint8_t *data, size_t data_size, size_t *data_length)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, 0, 0, &slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    psa_key_type_t type = slot->key.attributes.type;
    if (private_too && !PSA_KEY_TYPE_IS_PUBLIC_KEY(type) && (slot->key.attributes.usage & PSA_KEY_USAGE_EXPORT) == 0) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    if (!private_too && !PSA_KEY_TYPE_IS_ASYMMETRIC(type)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    exporter *give = private_too ? slot->driver->export_private : slot->driver->export_public;
    if (give == NULL) {
        return private_too ? PSA_ERROR_NOT_PERMITTED : PSA_ERROR_NOT_SUPPORTED;
    }
    status = give(slot->ctx, &slot->key, data, data_size, data_length);
    return psa_settle(status, data, status == PSA_ERROR_BUFFER_TOO_SMALL ? 0 : data_size, data_length);
}

static psa_status_t export_locked(psa_key_id_t key, bool private_too, uint8_t *data, size_t data_size,
                                  size_t *data_length)
{
    if (data_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *data_length = 0;
    if (!psa_pointer_ok(data, data_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = export(key, private_too, data, data_size, data_length);
    }
    return psa_leave(status);
}

psa_status_t psa_export_key(psa_key_id_t key, uint8_t *data, size_t data_size, size_t *data_length)
{
    return export_locked(key, true, data, data_size, data_length);
}

psa_status_t psa_export_public_key(psa_key_id_t key, uint8_t *data, size_t data_size, size_t *data_length)
{
    return export_locked(key, false, data, data_size, data_length);
}
