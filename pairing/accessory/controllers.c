/* SPDX-License-Identifier: Apache-2.0 */
/* The controllers of an accessory; see controllers.h. */
#include "pairing/accessory/controllers.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define RECORD_VERSION 1
#define RECORD_ADMIN 0x01
#define RECORD_CONFIRMED 0x02
#define RECORD_MAX (1 + 1 + 32 + MICO_HAP_ID_MAX) /* version | flags | public key | id */
#define RECORD_MIN (1 + 1 + 32 + 1)

static void record_name(int slot, char name[MICO_STORE_NAME_MAX + 1])
{
    (void)snprintf(name, MICO_STORE_NAME_MAX + 1, "pairing/ctl/%d", slot);
}

static bool decode(const uint8_t *record, size_t len, struct mico_controller *controller)
{
    if (len < RECORD_MIN || len > RECORD_MAX || record[0] != RECORD_VERSION) {
        return false;
    }
    controller->admin = (record[1] & RECORD_ADMIN) != 0;
    controller->confirmed = (record[1] & RECORD_CONFIRMED) != 0;
    memcpy(controller->public_key, record + 2, 32);
    controller->id_len = (uint8_t)(len - RECORD_MIN + 1);
    memcpy(controller->id, record + 34, controller->id_len);
    return true;
}

/* The record first, the table only when that is safe in the store. */
static mico_err put(struct mico_controllers *all, int slot, const struct mico_controller *controller)
{
    char name[MICO_STORE_NAME_MAX + 1];
    uint8_t record[RECORD_MAX];
    record_name(slot, name);
    struct mico_writer w = mico_writer_of(record, sizeof record);
    mico_write_u8(&w, RECORD_VERSION);
    mico_write_u8(&w, (uint8_t)((controller->admin ? RECORD_ADMIN : 0) | (controller->confirmed ? RECORD_CONFIRMED : 0)));
    mico_write_bytes(&w, controller->public_key, 32);
    mico_write_bytes(&w, controller->id, controller->id_len);
    mico_err err = mico_store_put(all->store, name, record, w.len);
    if (err == MICO_OK) {
        all->slot[slot] = *controller;
    } else {
        MICO_LOG("Pairing", "record %s: not written (%s)", name, mico_err_name(err));
    }
    return err;
}

static mico_err drop(struct mico_controllers *all, int slot)
{
    char name[MICO_STORE_NAME_MAX + 1];
    record_name(slot, name);
    mico_err err = mico_store_delete(all->store, name);
    if (err == MICO_OK) {
        memset(&all->slot[slot], 0, sizeof all->slot[slot]);
    } else {
        MICO_LOG("Pairing", "record %s: not deleted (%s)", name, mico_err_name(err));
    }
    return err;
}

static bool any_admin(const struct mico_controllers *all)
{
    for (int i = 0; i < MICO_CONTROLLERS_MAX; i++) {
        if (all->slot[i].id_len > 0 && all->slot[i].admin) {
            return true;
        }
    }
    return false;
}

mico_err mico_controllers_load(struct mico_controllers *all, struct mico_store *store)
{
    memset(all, 0, sizeof *all);
    all->store = store;
    for (int i = 0; i < MICO_CONTROLLERS_MAX; i++) {
        char name[MICO_STORE_NAME_MAX + 1];
        uint8_t record[RECORD_MAX];
        size_t len = 0;
        bool found = false;
        record_name(i, name);
        mico_err err = mico_store_get(store, name, record, sizeof record, &len, &found);
        if (err != MICO_OK && err != MICO_ERR_SIZE) {
            return err;
        }
        if (err == MICO_ERR_SIZE || (found && !decode(record, len, &all->slot[i]))) {
            MICO_LOG("Pairing", "record %s: malformed, dropped", name);
        }
    }
    return any_admin(all) ? MICO_OK : mico_controllers_clear(all);
}

bool mico_controllers_paired(const struct mico_controllers *all)
{
    for (int i = 0; i < MICO_CONTROLLERS_MAX; i++) {
        if (all->slot[i].id_len > 0 && all->slot[i].confirmed) {
            return true;
        }
    }
    return false;
}

int mico_controllers_find(const struct mico_controllers *all, struct mico_span id)
{
    for (int i = 0; i < MICO_CONTROLLERS_MAX; i++) {
        if (id.len > 0 && all->slot[i].id_len == id.len && memcmp(all->slot[i].id, id.data, id.len) == 0) {
            return i;
        }
    }
    return -1;
}

static struct mico_controller controller_of(struct mico_span id, const uint8_t public_key[32], bool admin, bool confirmed)
{
    struct mico_controller controller = {.id_len = (uint8_t)id.len, .admin = admin, .confirmed = confirmed};
    memcpy(controller.id, id.data, id.len);
    memcpy(controller.public_key, public_key, 32);
    return controller;
}

mico_err mico_controllers_begin(struct mico_controllers *all, struct mico_span id, const uint8_t public_key[32])
{
    if (mico_controllers_paired(all)) {
        return MICO_ERR_STATE;
    }
    if (id.len == 0 || id.len > MICO_HAP_ID_MAX) {
        return MICO_ERR_SIZE;
    }
    for (int i = 1; i < MICO_CONTROLLERS_MAX; i++) { /* pending ones lie in slot 0, which is replaced in one step */
        if (all->slot[i].id_len > 0) {
            mico_err err = drop(all, i);
            if (err != MICO_OK) {
                return err;
            }
        }
    }
    struct mico_controller controller = controller_of(id, public_key, true, false);
    return put(all, 0, &controller);
}

mico_err mico_controllers_confirm(struct mico_controllers *all, int slot)
{
    struct mico_controller controller = all->slot[slot];
    if (controller.confirmed) {
        return MICO_OK;
    }
    controller.confirmed = true;
    return put(all, slot, &controller);
}

static int free_slot(const struct mico_controllers *all)
{
    for (int i = 0; i < MICO_CONTROLLERS_MAX; i++) {
        if (all->slot[i].id_len == 0) {
            return i;
        }
    }
    return -1;
}

mico_err mico_controllers_add(struct mico_controllers *all, struct mico_span id, const uint8_t public_key[32], bool admin)
{
    if (id.len == 0 || id.len > MICO_HAP_ID_MAX) {
        return MICO_ERR_SIZE;
    }
    int slot = mico_controllers_find(all, id);
    if (slot >= 0 && memcmp(all->slot[slot].public_key, public_key, 32) != 0) {
        return MICO_ERR_AUTH;
    }
    slot = slot >= 0 ? slot : free_slot(all);
    if (slot < 0) {
        return MICO_ERR_FULL;
    }
    struct mico_controller controller = controller_of(id, public_key, admin, true);
    mico_err err = put(all, slot, &controller);
    return err == MICO_OK && !any_admin(all) ? mico_controllers_clear(all) : err; /* the last admin resigned */
}

mico_err mico_controllers_remove(struct mico_controllers *all, struct mico_span id)
{
    int slot = mico_controllers_find(all, id);
    if (slot < 0) {
        return MICO_OK;
    }
    mico_err err = drop(all, slot);
    return err == MICO_OK && !any_admin(all) ? mico_controllers_clear(all) : err;
}

mico_err mico_controllers_clear(struct mico_controllers *all)
{
    mico_err first = MICO_OK;
    for (int i = 0; i < MICO_CONTROLLERS_MAX; i++) {
        if (all->slot[i].id_len > 0) {
            mico_err err = drop(all, i);
            first = first != MICO_OK ? first : err;
        }
    }
    return first;
}
