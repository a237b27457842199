/* SPDX-License-Identifier: Apache-2.0 */
/* The index: entries in no order, one for each name that has a value, until there is no more room. A look-up goes through
 * them all, which is at most entries_cap comparisons and, but for hashes that are equal by chance, one record read. */
#include "os/store/index.h"

#include <string.h>

#include "os/store/format.h"

static uint32_t hash_of(const char *name)
{
    return mico_crc32(0, (const uint8_t *)name, strlen(name));
}

/* The position of name's entry, and the record it leads to; entries_used when there is none. *sound false when a record with the
 * name's hash cannot be read, so that nobody knows whose it is. */
static size_t entry_of(const struct mico_store *store, const char *name, struct store_record *record, bool *sound)
{
    uint32_t hash = hash_of(name);
    *sound = true;
    for (size_t i = 0; i < store->entries_used; i++) {
        bool valid;
        if (store->entries[i].hash != hash) {
            continue;
        }
        mico_err err = store_record_read(store, store->entries[i].at, store->used, record, &valid);
        *sound = err == MICO_OK && valid && record->kind == STORE_KIND_PUT;
        if (!*sound || strcmp(record->name, name) == 0) {
            return i;
        }
    }
    return store->entries_used;
}

enum store_indexed store_index_find(const struct mico_store *store, const char *name, struct store_record *record)
{
    bool sound;
    size_t i = entry_of(store, name, record, &sound);
    if (!sound) {
        return STORE_INDEX_UNSURE;
    }
    return i < store->entries_used ? STORE_INDEX_HAS : store->entries_whole ? STORE_INDEX_LACKS : STORE_INDEX_UNSURE;
}

uint32_t store_index_next(const struct mico_store *store, uint32_t after)
{
    uint32_t next = 0;
    for (size_t i = 0; i < store->entries_used; i++) {
        uint32_t at = store->entries[i].at;
        next = at > after && (next == 0 || at < next) ? at : next;
    }
    return next;
}

/* Nothing is known any more; what is noted from here on is right again, but what is not noted may still be there. */
static void give_up(struct mico_store *store)
{
    store->entries_used = 0;
    store->entries_whole = false;
}

void store_index_note(struct mico_store *store, const char *name, uint32_t at)
{
    struct store_record older;
    bool sound;
    size_t i = entry_of(store, name, &older, &sound);
    if (!sound) {
        give_up(store);
        i = 0;
    }
    if (i == store->entries_cap) {
        store->entries_whole = false;
        return;
    }
    store->entries_used += i == store->entries_used;
    store->entries[i] = (struct mico_store_entry){hash_of(name), at};
}

void store_index_forget(struct mico_store *store, const char *name)
{
    struct store_record older;
    bool sound;
    size_t i = entry_of(store, name, &older, &sound);
    if (!sound) {
        give_up(store);
    } else if (i < store->entries_used) {
        store->entries[i] = store->entries[--store->entries_used];
    }
}

void store_index_build(struct mico_store *store)
{
    struct store_record record;
    give_up(store);
    if (store->entries_cap == 0) {
        return;
    }
    store->entries_whole = true;
    for (uint32_t at = store_bank_data(store); at < store->used; at = record.next) {
        bool valid;
        mico_err err = store_record_read(store, at, store->used, &record, &valid);
        if (err != MICO_OK || !valid) {
            give_up(store);
            return;
        }
        if (record.kind == STORE_KIND_PUT) {
            store_index_note(store, record.name, at);
        } else {
            store_index_forget(store, record.name);
        }
    }
}
