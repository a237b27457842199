/* SPDX-License-Identifier: Apache-2.0 */
/* The index of an open store: in which record of the live half each name's value lies. What it may say, and why it is
 * never stale, stands at the head of store.c. */
#ifndef OS_STORE_INDEX_H
#define OS_STORE_INDEX_H

#include "os/store/log.h"

enum store_indexed {
    STORE_INDEX_HAS,    /* the name's newest record holds a value */
    STORE_INDEX_LACKS,  /* the name has none */
    STORE_INDEX_UNSURE, /* the log must be walked */
};

/** Where name's newest record lies; *record is it when it is STORE_INDEX_HAS. A record that cannot be read, or is no
 * longer the one that was noted, is STORE_INDEX_UNSURE. */
enum store_indexed store_index_find(const struct mico_store *store, const char *name, struct store_record *record);

/** The least offset above `after` at which a value that counts lies, 0 behind the last. Only of an index that is whole. */
uint32_t store_index_next(const struct mico_store *store, uint32_t after);

/** Make the index of the live half anew, from its log. */
void store_index_build(struct mico_store *store);

/** Name's newest record is now the value at offset `at`. */
void store_index_note(struct mico_store *store, const char *name, uint32_t at);
/** Name's newest record is now a deletion. */
void store_index_forget(struct mico_store *store, const char *name);

#endif
