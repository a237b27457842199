/* SPDX-License-Identifier: Apache-2.0 */
/* Power-safe records on NOR flash: small values under short names.
 *
 * A put or delete that has returned MICO_OK survives any later power cut; one that was cut off leaves the old value or
 * the new one, whole. Corrupt records are found by their check and never returned. Not thread-safe: one owner. */
#ifndef OS_STORE_STORE_H
#define OS_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "os/port/flash.h"

#define MICO_STORE_NAME_MAX 32    /* characters of a name, without NUL */
#define MICO_STORE_VALUE_MAX 4096 /* bytes of a value */

/* One name in an index: 8 bytes of the caller's memory. */
struct mico_store_entry {
    uint32_t hash; /* of the name */
    uint32_t at;   /* offset of its newest record in the live half */
};

/* The caller's storage for an open store; its fields are the store's own. */
struct mico_store {
    const struct mico_flash *flash;
    uint32_t start;    /* first byte of the region in flash */
    uint32_t size;     /* bytes of the region: two or more sectors, an even number */
    uint32_t bank;     /* address of the live half */
    uint32_t used;     /* bytes of the live half that are written */
    uint32_t sequence; /* generation of the live half; 0 when there is none yet */
    bool sealed;       /* the live half takes no more records: the next write moves to the other half */
    bool open;
    struct mico_store_entry *entries; /* the index; NULL and no room when there is none */
    uint16_t entries_cap, entries_used;
    bool entries_whole; /* each name that has a value stands in it */
};

/** Open the region [start, start + size) of flash: finds the live half and the end of its log, past what a power cut left
 * half-done; an erased or foreign region is an empty store. Reads only: what is half-done goes at the next write.
 * Returns MICO_OK, MICO_ERR_PARAM (region not aligned or too small), MICO_ERR_IO, MICO_ERR_CORRUPT (a record in the middle of
 * the log rotted so that nobody knows whose it was: each value before it may be an older one). */
MICO_MUST_USE mico_err mico_store_open(struct mico_store *store, const struct mico_flash *flash, uint32_t start,
                                       uint32_t size);

/** Give an open store room for an index of `count` names, so that a look-up reads one record in the place of the whole log.
 * Names beyond count are found by walking the log, as all are without an index. entries stays the caller's, and is the store's
 * alone until mico_store_open, which forgets it. Reads only; where it cannot read, the store goes on without. */
void mico_store_index(struct mico_store *store, struct mico_store_entry *entries, uint16_t count);

/** Write value under name, replacing what was there. Returns MICO_ERR_FULL or MICO_ERR_SIZE (a name of 1 to
 * MICO_STORE_NAME_MAX characters, a value of at most MICO_STORE_VALUE_MAX bytes), nothing changed; MICO_ERR_IO, after
 * which the old value or the new one is there. */
MICO_MUST_USE mico_err mico_store_put(struct mico_store *store, const char *name, const void *value, size_t len);

/** Read the value of name into out. *found false (and *len 0) when there is none. MICO_ERR_SIZE when cap is too small:
 * *len then says what is needed, out untouched. MICO_ERR_CORRUPT when the newest value fails its check (out wiped): an
 * older one is never given in its place. */
MICO_MUST_USE mico_err mico_store_get(struct mico_store *store, const char *name, void *out, size_t cap, size_t *len,
                                      bool *found);

/** Remove name; removing what is not there is no error. */
MICO_MUST_USE mico_err mico_store_delete(struct mico_store *store, const char *name);

/** How far the log has come: higher after every put and delete that returned MICO_OK, and the same after opening it again. A flash
 * that was put back to an earlier state has come less far. */
uint64_t mico_store_position(const struct mico_store *store);

/** Read the first bytes of the value of name, at most cap, into out; *len is the whole value's length. Whether the value passes its
 * check is not looked at: for what has a check of its own. *found false when there is none. */
MICO_MUST_USE mico_err mico_store_peek(struct mico_store *store, const char *name, void *out, size_t cap, size_t *len,
                                       bool *found);

/** Call visit(ctx, name, len) for every record until it returns false. visit must not write to the store. */
MICO_MUST_USE mico_err mico_store_each(struct mico_store *store, bool (*visit)(void *ctx, const char *name, size_t len),
                                       void *ctx);

#endif
