/* SPDX-License-Identifier: Apache-2.0 */
/* Key slots over one pool of bytes. Notes lie in the pool in the order in which keys were made; wiping one moves down
 * those above it, so the pool never falls into pieces. A key that is being made has the tail; it exists from the moment
 * that its slot has an identifier. */
#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/psa/persist.h"

#define NOTE_ALIGNMENT 8
_Static_assert(MICO_PSA_POOL >= MICO_PSA_KEY_SIZE, "the pool holds at least one key of the largest size");

static struct psa_slot slots[MICO_PSA_KEYS];
static _Alignas(NOTE_ALIGNMENT) uint8_t pool[MICO_PSA_POOL];
static size_t used;   /* bytes of the pool, a multiple of NOTE_ALIGNMENT */
static uint32_t made; /* slots filled so far: makes identifiers that a destroyed key's holder cannot meet again soon */

static size_t rounded(size_t len)
{
    return (len + NOTE_ALIGNMENT - 1) / NOTE_ALIGNMENT * NOTE_ALIGNMENT;
}

#define PLACE_MASK \
    0xFFu /* the part of an identifier of ours that is its slot's place; others' is as good as any to look first */
_Static_assert(MICO_PSA_KEYS <= PLACE_MASK + 1, "an identifier has room for its slot");

static struct psa_slot *slot_of(psa_key_id_t id)
{
    size_t place = id & PLACE_MASK;
    if (place < MICO_PSA_KEYS && slots[place].id == id) {
        return &slots[place];
    }
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        if (slots[i].id == id) {
            return &slots[i];
        }
    }
    return NULL;
}

bool psa_slot_is_persistent_here(const struct psa_slot *slot)
{
    return slot->driver == &psa_software && !PSA_KEY_LIFETIME_IS_VOLATILE(slot->key.attributes.lifetime);
}

void psa_slot_wipe(struct psa_slot *slot)
{
    uint8_t *note = slot->key.note;
    size_t len = rounded(slot->key.note_len);

    mico_wipe(slot, sizeof *slot);
    memmove(note, note + len, (size_t)(pool + used - (note + len)));
    used -= len;
    mico_wipe(pool + used, len);
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        if (slots[i].id != 0 && slots[i].key.note > note) {
            slots[i].key.note -= len;
        }
    }
}

void psa_forget_persistent(void)
{
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        if (slots[i].id != 0 && psa_slot_is_persistent_here(&slots[i])) {
            psa_slot_wipe(&slots[i]);
        }
    }
}

void psa_forget_all(void)
{
    mico_wipe(slots, sizeof slots);
    mico_wipe(pool, sizeof pool);
    used = 0;
}

void psa_slots_use_driver(const struct mico_psa_driver *driver, void *ctx)
{
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        if (slots[i].id != 0 && slots[i].driver->location == driver->location) {
            slots[i].driver = driver;
            slots[i].ctx = ctx;
        }
    }
}

/* A free slot with the pool's tail; NULL when there is none. */
static struct psa_slot *fresh(void)
{
    struct psa_slot *slot = slot_of(0);
    if (slot != NULL) {
        size_t room = MICO_PSA_POOL - used;
        memset(slot, 0, sizeof *slot);
        slot->key.note = pool + used;
        slot->key.note_cap = room < MICO_PSA_KEY_SIZE ? room : MICO_PSA_KEY_SIZE;
    }
    return slot;
}

/* The slot exists, and the tail begins after its note; what else a driver has left there goes. */
static void keep(struct psa_slot *slot, psa_key_id_t id)
{
    slot->id = id;
    slot->key.note_cap = slot->key.note_len;
    used += rounded(slot->key.note_len);
}

/* Bring a persistent key from the store into a free slot. */
static psa_status_t load(psa_key_id_t id, struct psa_slot **found)
{
    struct mico_psa_key none = {.note_cap = 0};
    struct psa_slot *slot = fresh();
    psa_status_t status = psa_persist_load(id, slot != NULL ? &slot->key : &none);
    if (slot == NULL) {
        return status == PSA_ERROR_INVALID_HANDLE ? status : PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (status == PSA_SUCCESS) {
        slot->driver = &psa_software;
        keep(slot, id);
        *found = slot;
    } else {
        mico_wipe(slot, sizeof *slot);
    }
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
    if ((has->usage & usage) != usage || (alg != 0 && !psa_permits(has->type, has->alg, alg))) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    status = alg == 0 ? PSA_SUCCESS : psa_may(has->type, has->bits, alg);
    *slot = status == PSA_SUCCESS ? found : NULL;
    return status;
}

/* May a key of these attributes have its identifier? */
static psa_status_t check_identifier(const psa_key_attributes_t *attributes)
{
    struct psa_slot *other;
    if (PSA_KEY_LIFETIME_IS_VOLATILE(attributes->lifetime)) {
        return attributes->id == 0 ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
    }
    if (attributes->id > PSA_KEY_ID_USER_MAX) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = PSA_SUCCESS;
    if (PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime) == PSA_KEY_LOCATION_LOCAL_STORAGE) {
        status = psa_persist_check(attributes->lifetime, attributes->id);
    }
    if (status != PSA_SUCCESS || attributes->id == 0) {
        return status;
    }
    status = psa_find(attributes->id, 0, 0, &other);
    return status == PSA_ERROR_INVALID_HANDLE ? PSA_SUCCESS : status == PSA_SUCCESS ? PSA_ERROR_ALREADY_EXISTS : status;
}

psa_status_t psa_slot_reserve(const psa_key_attributes_t *attributes, struct psa_slot **slot)
{
    const struct mico_psa_driver *driver;
    void *ctx;
    if (!psa_location(PSA_KEY_LIFETIME_GET_LOCATION(attributes->lifetime), &driver, &ctx)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_may_make(attributes, attributes->bits != 0 ? attributes->bits : SIZE_MAX);
    if (status == PSA_SUCCESS) {
        status = check_identifier(attributes);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    struct psa_slot *free_slot = fresh();
    if (free_slot == NULL) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    free_slot->key.attributes = *attributes;
    if (attributes->id == 0) {
        free_slot->key.attributes.id =
            PSA_KEY_ID_VENDOR_MIN | (++made & 0x3FFFFF) << 8 | (psa_key_id_t)(free_slot - slots);
    }
    free_slot->driver = driver;
    free_slot->ctx = ctx;
    *slot = free_slot;
    return PSA_SUCCESS;
}

psa_status_t psa_slot_commit(struct psa_slot *slot, psa_status_t status, psa_key_id_t *id)
{
    if (status == PSA_SUCCESS && slot->driver == &psa_software) { /* an import has said only now how long the key is */
        status = psa_may_make(&slot->key.attributes, slot->key.attributes.bits);
    }
    if (status == PSA_SUCCESS && psa_slot_is_persistent_here(slot)) {
        status = psa_persist_save(&slot->key);
    }
    if (status == PSA_SUCCESS) {
        keep(slot, slot->key.attributes.id);
        *id = slot->id;
    } else {
        mico_wipe(slot->key.note, slot->key.note_cap);
        mico_wipe(slot, sizeof *slot);
    }
    return status;
}
