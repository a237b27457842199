/* SPDX-License-Identifier: Apache-2.0 */
/* Power-safe records: an append-only log in one half of the region; when it is full, or when its end was torn by a power
 * cut, the records that still count move to the other half, whose header is written last and makes it the live one.
 *
 * Why no cut can harm: a half is only ever appended to while everything behind its log is erased, so at most the last
 * record can be torn, and that one was never acknowledged. The other half is erased and filled while this one stays as
 * it is; until the last bit of its header is right it is not believed, afterwards it holds everything. Where writing
 * that header failed, nobody knows which, and so nothing is appended any more: the next write moves again.
 *
 * Why the index is never stale: it says nothing that the log would not. An entry is noted when its record lies in flash and
 * was read back, at the moment at which `used` moves past it; as nothing before `used` is ever written again, the entry then
 * stays right until the name's next record or the next move.
 * - A power cut takes the index with the rest of RAM. Opening begins without one, and it is made from the log that was found.
 * - A program that failed moved neither `used` nor the index: both give the old value until the store is opened again.
 * - A move leaves both with the old half until the new one's header is whole, then makes the index anew from the new half.
 * - A record that rots is found as it is without an index: what an entry leads to must pass the header's check and bear the
 *   name, and the value its own. Where one does not, the log is walked, and says MICO_ERR_CORRUPT.
 * - A name that found no room is not in it, and then not finding a name means nothing: the log is walked.
 * Only when a record rots that nobody asked for do the two differ: the walk cannot pass it, the index need not. */
#include "os/store/store.h"

#include <string.h>

#include "os/store/format.h"
#include "os/store/index.h"
#include "os/store/log.h"

static uint32_t other_bank(const struct mico_store *store)
{
    return store->bank == store->start ? store->start + store_bank_size(store) : store->start;
}

static bool region_fits(const struct mico_flash *flash, uint32_t start, uint32_t size)
{
    uint32_t unit = flash->program_size;
    return flash->sector_size != 0 && unit != 0 && unit <= STORE_CHUNK && STORE_CHUNK % unit == 0 &&
           start % flash->sector_size == 0 && size != 0 && size % (2 * flash->sector_size) == 0 &&
           start <= flash->size && size <= flash->size - start;
}

/* Of two whole halves the one with the later sequence number counts. The difference is taken modulo 2^32. */
static mico_err find_live_half(struct mico_store *store)
{
    uint32_t first = store->start, second = store->start + store_bank_size(store);
    uint32_t sequence[2] = {0, 0};
    bool valid[2];
    mico_err err = store_bank_read(store, first, &sequence[0], &valid[0]);
    if (err == MICO_OK) {
        err = store_bank_read(store, second, &sequence[1], &valid[1]);
    }
    if (err != MICO_OK) {
        return err;
    }
    bool take_second = valid[1] && (!valid[0] || (int32_t)(sequence[1] - sequence[0]) > 0);
    store->bank = take_second ? second : first;
    store->sequence = valid[0] || valid[1] ? sequence[take_second] : 0;
    return MICO_OK;
}

/* A whole record behind `at`, where none is: what stands there was not torn, since behind a torn record nothing is ever written,
 * but rotted. The search ends where the longest record would. */
static mico_err log_goes_on(const struct mico_store *store, uint32_t at, bool *goes_on)
{
    struct store_record record;
    uint32_t unit = store->flash->program_size, bank = store_bank_size(store);
    uint32_t longest = store_record_size(store, MICO_STORE_NAME_MAX, MICO_STORE_VALUE_MAX);
    uint32_t end = longest < bank - at ? at + longest : bank;
    mico_err err = MICO_OK;
    *goes_on = false;
    for (at += unit; err == MICO_OK && !*goes_on && at <= end; at += unit) {
        err = store_record_read(store, at, bank, &record, goes_on);
    }
    return err;
}

/* Walk to the end of the log. A last record whose value fails its check was torn and never acknowledged. */
static mico_err find_end(struct mico_store *store)
{
    struct store_record record, last = {0};
    uint32_t at = store_bank_data(store);
    bool valid = true, any = false, intact = true;
    mico_err err = MICO_OK;
    while (err == MICO_OK && valid) {
        err = store_record_read(store, at, store_bank_size(store), &record, &valid);
        if (err == MICO_OK && valid) {
            last = record;
            any = true;
            at = record.next;
        }
    }
    if (err == MICO_OK && any) {
        err = store_record_check(store, &last, &intact);
    }
    if (err != MICO_OK) {
        return err;
    }
    store->used = intact ? at : last.at;
    bool blank, goes_on = false;
    err = store_bank_blank(store, store->bank, store->used, &blank);
    store->sealed = !blank;
    if (err == MICO_OK && !blank) {
        err = log_goes_on(store, at, &goes_on);
    }
    return err == MICO_OK && goes_on ? MICO_ERR_CORRUPT : err;
}

uint64_t mico_store_position(const struct mico_store *store)
{
    return (uint64_t)store->sequence << 32 | store->used;
}

mico_err mico_store_open(struct mico_store *store, const struct mico_flash *flash, uint32_t start, uint32_t size)
{
    memset(store, 0, sizeof *store);
    if (!region_fits(flash, start, size)) {
        return MICO_ERR_PARAM;
    }
    store->flash = flash;
    store->start = start;
    store->size = size;
    mico_err err = find_live_half(store);
    if (err != MICO_OK) {
        return err;
    }
    store->used = store_bank_data(store);
    store->sealed = true;
    if (store->sequence != 0) {
        err = find_end(store);
    }
    store->open = err == MICO_OK;
    return err;
}

void mico_store_index(struct mico_store *store, struct mico_store_entry *entries, uint16_t count)
{
    store->entries = entries;
    store->entries_cap = store->open ? count : 0;
    store_index_build(store);
}

/* The newest record of name, as the log has it; *found false when there is none. */
static mico_err walk_to_newest(const struct mico_store *store, const char *name, struct store_record *newest,
                               bool *found)
{
    struct store_record record;
    size_t name_len = strlen(name);
    bool valid = true;
    *found = false;
    for (uint32_t at = store_bank_data(store); at < store->used;) {
        mico_err err = store_record_read(store, at, store->used, &record, &valid);
        if (err != MICO_OK) {
            return err;
        }
        if (!valid) {
            return MICO_ERR_CORRUPT; /* open walked past here, so the flash has changed since */
        }
        if (record.name_len == name_len && memcmp(record.name, name, name_len) == 0) {
            *newest = record;
            *found = true;
        }
        at = record.next;
    }
    return MICO_OK;
}

static mico_err find_newest(const struct mico_store *store, const char *name, struct store_record *newest, bool *found)
{
    enum store_indexed indexed = store_index_find(store, name, newest);
    if (indexed == STORE_INDEX_UNSURE) {
        return walk_to_newest(store, name, newest, found);
    }
    *found = indexed == STORE_INDEX_HAS;
    return MICO_OK;
}

/* *counts true when record is a value that nothing later in the log replaces. A record replaced often is found to be so
 * after few steps; only the values that count walk the whole log. */
static mico_err still_counts(const struct mico_store *store, const struct store_record *record, bool *counts)
{
    struct store_record later;
    bool valid;
    *counts = false;
    if (record->kind != STORE_KIND_PUT) {
        return MICO_OK;
    }
    for (uint32_t at = record->next; at < store->used; at = later.next) {
        mico_err err = store_record_read(store, at, store->used, &later, &valid);
        if (err != MICO_OK) {
            return err;
        }
        if (!valid) {
            return MICO_ERR_CORRUPT;
        }
        if (later.name_len == record->name_len && memcmp(later.name, record->name, record->name_len) == 0) {
            return MICO_OK;
        }
    }
    *counts = true;
    return MICO_OK;
}

/* Call act on each record that counts, in the order of the log. A whole index knows them all. */
static mico_err each_counting(const struct mico_store *store, mico_err (*act)(void *ctx, const struct store_record *),
                              void *ctx)
{
    struct store_record record;
    bool valid, counts = true, indexed = store->entries_whole;
    uint32_t at = indexed ? store_index_next(store, 0) : store_bank_data(store);
    for (; at != 0 && at < store->used; at = indexed ? store_index_next(store, at) : record.next) {
        mico_err err = store_record_read(store, at, store->used, &record, &valid);
        if (err == MICO_OK && !valid) {
            err = MICO_ERR_CORRUPT;
        }
        if (err == MICO_OK && !indexed) {
            err = still_counts(store, &record, &counts);
        }
        if (err == MICO_OK && counts) {
            err = act(ctx, &record);
        }
        if (err != MICO_OK) {
            return err;
        }
    }
    return MICO_OK;
}

/* A move to the other half, less the record that is being replaced. */
struct move {
    const struct mico_store *store;
    const char *without;
    uint32_t bank;
    uint32_t at;
};

static mico_err move_measure(void *ctx, const struct store_record *record)
{
    struct move *move = ctx;
    if (strncmp(record->name, move->without, sizeof record->name) != 0) {
        move->at += record->next - record->at;
    }
    return MICO_OK;
}

static mico_err move_copy(void *ctx, const struct store_record *record)
{
    struct move *move = ctx;
    if (strncmp(record->name, move->without, sizeof record->name) == 0) {
        return MICO_OK;
    }
    mico_err err = store_record_copy(move->store, record, move->bank, move->at);
    move->at += record->next - record->at;
    return err;
}

/* Move to the other half with name replaced by value, or with value.data NULL without it. */
static mico_err move_with(struct mico_store *store, const char *name, const struct mico_span *value)
{
    struct move move = {.store = store, .without = name, .bank = other_bank(store), .at = store_bank_data(store)};
    uint32_t room = value != NULL ? store_record_size(store, strlen(name), value->len) : 0;
    mico_err err = each_counting(store, move_measure, &move);
    if (err != MICO_OK) {
        return err;
    }
    if (room > store_bank_size(store) - move.at) {
        return MICO_ERR_FULL;
    }
    move.at = store_bank_data(store);
    err = store_bank_erase(store, move.bank);
    if (err == MICO_OK) {
        err = each_counting(store, move_copy, &move);
    }
    if (err == MICO_OK && value != NULL) {
        err = store_record_write(store, move.bank, move.at, STORE_KIND_PUT, name, *value);
    }
    uint32_t sequence = store->sequence + 1 != 0 ? store->sequence + 1 : 1;
    if (err == MICO_OK) {
        err = store_bank_commit(store, move.bank, sequence);
        /* A header that failed may be whole all the same, and then it counts at the next opening: nothing more goes in here. */
        store->sealed = store->sealed || err != MICO_OK;
    }
    if (err != MICO_OK) {
        return err;
    }
    store->bank = move.bank;
    store->used = move.at + room;
    store->sequence = sequence;
    store->sealed = false;
    store_index_build(store);
    return MICO_OK;
}

static mico_err append(struct mico_store *store, uint8_t kind, const char *name, struct mico_span value)
{
    uint32_t at = store->used;
    mico_err err = store_record_write(store, store->bank, at, kind, name, value);
    if (err != MICO_OK) {
        store->sealed = true;
        return err;
    }
    store->used += store_record_size(store, strlen(name), value.len);
    if (kind == STORE_KIND_PUT) {
        store_index_note(store, name, at);
    } else {
        store_index_forget(store, name);
    }
    return MICO_OK;
}

static bool has_room(const struct mico_store *store, size_t name_len, size_t value_len)
{
    return !store->sealed && store_record_size(store, name_len, value_len) <= store_bank_size(store) - store->used;
}

static mico_err check_name(const struct mico_store *store, const char *name)
{
    size_t len = strnlen(name, MICO_STORE_NAME_MAX + 1);
    if (!store->open) {
        return MICO_ERR_STATE;
    }
    return len >= 1 && len <= MICO_STORE_NAME_MAX ? MICO_OK : MICO_ERR_SIZE;
}

mico_err mico_store_put(struct mico_store *store, const char *name, const void *value, size_t len)
{
    struct mico_span span = {value, len};
    mico_err err = check_name(store, name);
    if (err != MICO_OK) {
        return err;
    }
    if (len > MICO_STORE_VALUE_MAX) {
        return MICO_ERR_SIZE;
    }
    if (has_room(store, strlen(name), len)) {
        return append(store, STORE_KIND_PUT, name, span);
    }
    return move_with(store, name, &span);
}

/* The record of name, if it is a value. */
static mico_err find_value(struct mico_store *store, const char *name, struct store_record *record, bool *found)
{
    *found = false;
    mico_err err = check_name(store, name);
    if (err == MICO_OK) {
        err = find_newest(store, name, record, found);
    }
    *found = err == MICO_OK && *found && record->kind == STORE_KIND_PUT;
    return err;
}

mico_err mico_store_get(struct mico_store *store, const char *name, void *out, size_t cap, size_t *len, bool *found)
{
    struct store_record record;
    *len = 0;
    mico_err err = find_value(store, name, &record, found);
    if (err != MICO_OK || !*found) {
        return err;
    }
    *len = record.value_len;
    if (record.value_len > cap) {
        return MICO_ERR_SIZE;
    }
    if (record.value_len == 0) {
        return MICO_OK;
    }
    if (store->flash->read(store->flash, store_record_value(store, &record), out, record.value_len) != MICO_OK) {
        err = MICO_ERR_IO;
    } else if (mico_crc32(0, out, record.value_len) != record.value_crc) {
        err = MICO_ERR_CORRUPT;
    }
    if (err != MICO_OK) {
        mico_wipe(out, record.value_len);
        *found = false;
        *len = 0;
    }
    return err;
}

mico_err mico_store_peek(struct mico_store *store, const char *name, void *out, size_t cap, size_t *len, bool *found)
{
    struct store_record record;
    *len = 0;
    mico_err err = find_value(store, name, &record, found);
    if (err != MICO_OK || !*found) {
        return err;
    }
    size_t take = record.value_len < cap ? record.value_len : cap;
    *len = record.value_len;
    return store->flash->read(store->flash, store_record_value(store, &record), out, take) == MICO_OK ? MICO_OK
                                                                                                      : MICO_ERR_IO;
}

mico_err mico_store_delete(struct mico_store *store, const char *name)
{
    struct store_record record;
    bool found;
    mico_err err = find_value(store, name, &record, &found);
    if (err != MICO_OK || !found) {
        return err;
    }
    if (has_room(store, strlen(name), 0)) {
        return append(store, STORE_KIND_DELETE, name, (struct mico_span){0});
    }
    return move_with(store, name, NULL);
}

struct visitor {
    bool (*visit)(void *ctx, const char *name, size_t len);
    void *ctx;
    bool stopped;
};

static mico_err visit_one(void *ctx, const struct store_record *record)
{
    struct visitor *visitor = ctx;
    if (!visitor->stopped) {
        visitor->stopped = !visitor->visit(visitor->ctx, record->name, record->value_len);
    }
    return MICO_OK;
}

mico_err mico_store_each(struct mico_store *store, bool (*visit)(void *ctx, const char *name, size_t len), void *ctx)
{
    struct visitor visitor = {.visit = visit, .ctx = ctx};
    if (!store->open) {
        return MICO_ERR_STATE;
    }
    return each_counting(store, visit_one, &visitor);
}
