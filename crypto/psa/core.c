/* SPDX-License-Identifier: Apache-2.0 */
/* Key slots, policies, locations and the lock of the PSA Certified Crypto API. */
#include "crypto/psa/core.h"

#include <string.h>

#include "crypto/psa/persist.h"

static struct psa_slot slots[MICO_PSA_KEYS];
static uint32_t made; /* slots filled so far: makes identifiers that a destroyed key's holder cannot meet again soon */
static bool ready;

static struct {
    const struct mico_psa_driver *driver;
    void *ctx;
} locations[MICO_PSA_LOCATIONS] = {{&psa_software, NULL}};

static void (*lock_hook)(void);
static void (*unlock_hook)(void);

void mico_psa_lock_with(void (*lock)(void), void (*unlock)(void))
{
    lock_hook = lock;
    unlock_hook = unlock;
}

psa_status_t psa_enter(void)
{
    if (lock_hook != NULL) {
        lock_hook();
    }
    return ready ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

psa_status_t psa_leave(psa_status_t status)
{
    if (unlock_hook != NULL) {
        unlock_hook();
    }
    return status;
}

psa_status_t psa_crypto_init(void)
{
    uint8_t drawn;
    psa_status_t status = psa_enter();
    if (status != PSA_SUCCESS) {
        status = psa_status_of(mico_random(&drawn, 1));
        ready = status == PSA_SUCCESS;
    }
    return psa_leave(status);
}

psa_status_t psa_generate_random(uint8_t *output, size_t output_size)
{
    if (!psa_pointer_ok(output, output_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_status_of(mico_random(output, output_size));
    }
    return psa_leave(status);
}

psa_status_t mico_psa_attach_driver(const struct mico_psa_driver *driver, void *ctx)
{
    psa_status_t status = PSA_ERROR_INSUFFICIENT_MEMORY;
    if (driver == NULL || driver->location == PSA_KEY_LOCATION_LOCAL_STORAGE) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    (void)psa_enter(); /* allowed before psa_crypto_init */
    for (size_t i = 1; i < MICO_PSA_LOCATIONS; i++) {
        if (locations[i].driver == NULL || locations[i].driver->location == driver->location) {
            locations[i].driver = driver;
            locations[i].ctx = ctx;
            status = PSA_SUCCESS;
            break;
        }
    }
    for (size_t i = 0; status == PSA_SUCCESS && i < MICO_PSA_KEYS; i++) {
        if (slots[i].id != 0 && slots[i].driver->location == driver->location) {
            slots[i].driver = driver;
            slots[i].ctx = ctx;
        }
    }
    return psa_leave(status);
}

static struct psa_slot *slot_of(psa_key_id_t id)
{
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        if (slots[i].id == id) {
            return &slots[i];
        }
    }
    return NULL;
}

static bool is_persistent_here(const struct psa_slot *slot)
{
    return slot->driver == &psa_software && !PSA_KEY_LIFETIME_IS_VOLATILE(slot->key.attributes.lifetime);
}

void psa_forget_persistent(void)
{
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        if (slots[i].id != 0 && is_persistent_here(&slots[i])) {
            mico_wipe(&slots[i], sizeof slots[i]);
        }
    }
}

/* Bring a persistent key from the store into a free slot. */
static psa_status_t load(psa_key_id_t id, struct psa_slot **found)
{
    struct mico_psa_key key = {0};
    psa_status_t status = psa_persist_load(id, &key);
    struct psa_slot *slot = slot_of(0);
    if (status == PSA_SUCCESS && slot == NULL) {
        status = PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (status == PSA_SUCCESS) {
        *slot = (struct psa_slot){.id = id, .key = key, .driver = &psa_software};
        *found = slot;
    }
    mico_wipe(&key, sizeof key);
    return status;
}

psa_status_t psa_find(psa_key_id_t id, psa_key_usage_t usage, psa_algorithm_t alg, struct psa_slot **slot)
{
    *slot = NULL;
    struct psa_slot *found = id == 0 ? NULL : slot_of(id);
    psa_status_t status = found != NULL ? PSA_SUCCESS : load(id, &found);
    if (status != PSA_SUCCESS) {
        return status;
    }
    const psa_key_attributes_t *has = &found->key.attributes;
    if ((has->usage & usage) != usage || (alg != 0 && !psa_permits(has->alg, alg))) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    *slot = found;
    return PSA_SUCCESS;
}

/* A free slot for attributes, filled but for its note, and with a new identifier unless attributes name one. Until its
 * id is set it does not exist. */
static psa_status_t reserve(const psa_key_attributes_t *attributes, struct psa_slot **slot, psa_key_id_t *id)
{
    struct psa_slot *other, *free_slot;
    size_t place = 0;
    psa_status_t status;

    while (place < MICO_PSA_LOCATIONS &&
           (locations[place].driver == NULL ||
            locations[place].driver->location != PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime))) {
        place++;
    }
    if (place == MICO_PSA_LOCATIONS) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *id = PSA_KEY_LIFETIME_IS_VOLATILE(attributes->lifetime) ? 0 : attributes->id;
    if (*id > PSA_KEY_ID_USER_MAX) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (place == 0 && !PSA_KEY_LIFETIME_IS_VOLATILE(attributes->lifetime)) {
        status = psa_persist_check(attributes->lifetime, *id);
        if (status != PSA_SUCCESS) {
            return status;
        }
    }
    status = *id == 0 ? PSA_ERROR_INVALID_HANDLE : psa_find(*id, 0, 0, &other);
    if (status != PSA_ERROR_INVALID_HANDLE) {
        return status == PSA_SUCCESS ? PSA_ERROR_ALREADY_EXISTS : status;
    }
    free_slot = slot_of(0);
    if (free_slot == NULL) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (*id == 0) {
        *id = PSA_KEY_ID_VENDOR_MIN | (++made & 0x3FFFFF) << 8 | (psa_key_id_t)(free_slot - slots);
    }
    *slot = free_slot;
    memset(*slot, 0, sizeof **slot);
    (*slot)->key.attributes = *attributes;
    (*slot)->key.attributes.id = *id;
    (*slot)->driver = locations[place].driver;
    (*slot)->ctx = locations[place].ctx;
    return PSA_SUCCESS;
}

/* Last step of making a key: it exists from here, or leaves nothing. */
static psa_status_t commit(struct psa_slot *slot, psa_key_id_t id, psa_status_t status, psa_key_id_t *key)
{
    if (status == PSA_SUCCESS && is_persistent_here(slot)) {
        status = psa_persist_save(&slot->key);
    }
    if (status == PSA_SUCCESS) {
        slot->id = id;
        *key = id;
    } else {
        mico_wipe(slot, sizeof *slot);
    }
    return status;
}

size_t psa_key_bytes(psa_key_type_t type, size_t bits)
{
    switch (type) {
    case PSA_KEY_TYPE_RAW_DATA:
    case PSA_KEY_TYPE_HMAC:
    case PSA_KEY_TYPE_DERIVE:
        return bits % 8 == 0 && bits / 8 <= MICO_PSA_KEY_SIZE ? bits / 8 : 0;
    case PSA_KEY_TYPE_AES:
        return bits == 128 || bits == 256 ? bits / 8 : 0;
    case PSA_KEY_TYPE_CHACHA20:
        return bits == 256 ? 32 : 0;
    case PSA_EDWARDS_PAIR:
    case PSA_EDWARDS_PUBLIC:
    case PSA_MONTGOMERY_PAIR:
    case PSA_MONTGOMERY_PUBLIC:
        return bits == 255 ? 32 : 0;
    default:
        return 0;
    }
}

/* The size in bits that len bytes of this type have; 0 when they cannot be such a key. */
static size_t bits_of(psa_key_type_t type, size_t len)
{
    size_t bits = PSA_KEY_TYPE_IS_ECC(type) ? 255 : len > MICO_PSA_KEY_SIZE ? 0 : len * 8;
    return bits != 0 && psa_key_bytes(type, bits) == len ? bits : 0;
}

static bool type_known(psa_key_type_t type)
{
    return psa_key_bytes(type, 255) != 0 || psa_key_bytes(type, 256) != 0;
}

psa_status_t psa_add_key(const psa_key_attributes_t *attributes, struct mico_span data, psa_key_id_t *id)
{
    struct psa_slot *slot;
    psa_key_id_t fresh;
    psa_key_attributes_t full = *attributes;
    size_t bits = bits_of(full.type, data.len);

    if (!type_known(full.type)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (bits == 0) {
        bool large = !PSA_KEY_TYPE_IS_ECC(full.type) && data.len > MICO_PSA_KEY_SIZE;
        return large ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
    }
    if (full.bits != 0 && full.bits != bits) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    full.bits = (uint16_t)bits;
    psa_status_t status = reserve(&full, &slot, &fresh);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = slot->driver->import == NULL ? PSA_ERROR_NOT_SUPPORTED : slot->driver->import(slot->ctx, &slot->key, data);
    return commit(slot, fresh, status, id);
}

psa_status_t psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t data_length,
                            psa_key_id_t *key)
{
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (attributes == NULL || data == NULL || data_length == 0 || key == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_add_key(attributes, (struct mico_span){data, data_length}, key);
    }
    return psa_leave(status);
}

static psa_status_t generate(const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    struct psa_slot *slot;
    psa_key_id_t fresh;

    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(attributes->type)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (psa_key_bytes(attributes->type, attributes->bits) == 0) {
        return attributes->bits == 0 ? PSA_ERROR_INVALID_ARGUMENT : PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = reserve(attributes, &slot, &fresh);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = slot->driver->generate == NULL ? PSA_ERROR_NOT_SUPPORTED : slot->driver->generate(slot->ctx, &slot->key);
    return commit(slot, fresh, status, key);
}

psa_status_t psa_generate_key(const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (attributes == NULL || key == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = generate(attributes, key);
    }
    return psa_leave(status);
}

psa_status_t mico_psa_register_key(const psa_key_attributes_t *attributes, struct mico_span note, psa_key_id_t *key)
{
    struct psa_slot *slot;
    psa_key_id_t id;

    if (attributes == NULL || key == NULL || note.len > MICO_PSA_KEY_SIZE ||
        PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime) == PSA_KEY_LOCATION_LOCAL_STORAGE) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (psa_key_bytes(attributes->type, attributes->bits) == 0) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    *key = PSA_KEY_ID_NULL;
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = reserve(attributes, &slot, &id);
    }
    if (status == PSA_SUCCESS) {
        if (note.len != 0) {
            memcpy(slot->key.note, note.data, note.len);
        }
        slot->key.note_len = note.len;
        status = commit(slot, id, PSA_SUCCESS, key);
    }
    return psa_leave(status);
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
        mico_wipe(slot, sizeof *slot);
    }
    return psa_leave(status);
}

/* A persistent key's record goes first: after a power cut the key is whole, or gone. A record that cannot be read any
 * more goes too. */
static psa_status_t destroy(psa_key_id_t key)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, 0, 0, &slot);
    if (status == PSA_ERROR_DATA_CORRUPT || status == PSA_ERROR_DATA_INVALID) {
        return psa_persist_delete(key);
    }
    if (status == PSA_SUCCESS && is_persistent_here(slot)) {
        status = psa_persist_delete(key);
    }
    if (status == PSA_SUCCESS) {
        status = slot->driver->destroy == NULL ? PSA_ERROR_NOT_PERMITTED : slot->driver->destroy(slot->ctx, &slot->key);
    }
    if (status == PSA_SUCCESS) {
        mico_wipe(slot, sizeof *slot);
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
    if (status == PSA_SUCCESS && is_persistent_here(slot)) {
        mico_wipe(slot, sizeof *slot);
    }
    return psa_leave(status);
}

/* The copy's attributes: the source's type and size, what both policies allow. PSA_ERROR_INVALID_ARGUMENT when attributes
 * say otherwise. */
static psa_status_t copy_attributes(const psa_key_attributes_t *source, const psa_key_attributes_t *wanted,
                                    psa_key_attributes_t *full)
{
    if ((wanted->type != 0 && wanted->type != source->type) || (wanted->bits != 0 && wanted->bits != source->bits) ||
        wanted->alg != source->alg) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *full = *wanted;
    full->type = source->type;
    full->bits = source->bits;
    full->usage &= source->usage;
    return PSA_SUCCESS;
}

/* Within location 0 only: nothing is copied out of another one, and none here takes a copy. */
static psa_status_t copy(psa_key_id_t source, const psa_key_attributes_t *wanted, psa_key_id_t *key)
{
    struct psa_slot *from, *to;
    psa_key_attributes_t full;
    psa_key_id_t fresh;
    psa_status_t status = psa_find(source, PSA_KEY_USAGE_COPY, 0, &from);
    if (status == PSA_SUCCESS) {
        psa_key_location_t there = PSA_KEY_LIFETIME_GET_LOCATION(wanted->lifetime);
        bool exported = (from->key.attributes.usage & PSA_KEY_USAGE_EXPORT) != 0;
        status = from->driver->location != there && !exported  ? PSA_ERROR_NOT_PERMITTED
                 : from->driver != &psa_software || there != 0 ? PSA_ERROR_NOT_SUPPORTED
                                                               : copy_attributes(&from->key.attributes, wanted, &full);
    }
    if (status == PSA_SUCCESS) {
        status = reserve(&full, &to, &fresh);
    }
    if (status == PSA_SUCCESS) {
        memcpy(to->key.note, from->key.note, from->key.note_len);
        to->key.note_len = from->key.note_len;
        status = commit(to, fresh, PSA_SUCCESS, key);
    }
    return status;
}

psa_status_t psa_copy_key(psa_key_id_t source_key, const psa_key_attributes_t *attributes, psa_key_id_t *target_key)
{
    if (target_key != NULL) {
        *target_key = PSA_KEY_ID_NULL;
    }
    if (attributes == NULL || target_key == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = copy(source_key, attributes, target_key);
    }
    return psa_leave(status);
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
