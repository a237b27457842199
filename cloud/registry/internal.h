/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite for the registry's own files: statements prepared once, bound by a format string; transactions. */
#ifndef CLOUD_REGISTRY_INTERNAL_H
#define CLOUD_REGISTRY_INTERNAL_H

#include <sqlite3.h>

#include "cloud/registry/registry.h"

#define REGISTRY_STATEMENTS_MAX 48

struct mico_registry {
    sqlite3 *db;
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } kept[REGISTRY_STATEMENTS_MAX];
    size_t kept_count;
    unsigned depth; /* of transactions within transactions: the outermost is SQLite's */
    bool failed;    /* one within failed: the whole is rolled back */
};

/** The statement for that string literal, reset and bound: 't' const char *, 'b' const void * and size_t, 'i' int64_t.
 * NULL (logged) when SQLite refuses it. Finish with registry_done. */
sqlite3_stmt *registry_sql(struct mico_registry *registry, const char *sql, const char *format, ...);

/** SQLite's result code in our words; the log gets SQLite's. */
mico_err registry_error(sqlite3 *db, int rc);

/** One step: *row says whether there is a row. */
MICO_MUST_USE mico_err registry_step(struct mico_registry *registry, sqlite3_stmt *statement, bool *row);
void registry_done(sqlite3_stmt *statement);

/** Run a statement that registry_sql gave (NULL is MICO_ERR_IO) and finish it. */
MICO_MUST_USE mico_err registry_run(struct mico_registry *registry, sqlite3_stmt *statement);

/** mico_registry_end, and words for an error that has none yet. */
MICO_MUST_USE mico_err registry_end(struct mico_registry *registry, mico_err err, struct mico_complaint *complaint);

/** As mico_registry_begin, to read at one moment while others write; ended by mico_registry_end too. */
MICO_MUST_USE mico_err registry_begin_read(struct mico_registry *registry);

/** Append an entry inside the caller's transaction. */
MICO_MUST_USE mico_err registry_audit_append(struct mico_registry *registry, const char *actor, const char *action,
                                             const char *subject, const char *detail);

const char *registry_text(sqlite3_stmt *statement, int column);
/** Copy a blob column of exactly len bytes, or MICO_ERR_CORRUPT. */
MICO_MUST_USE mico_err registry_blob(sqlite3_stmt *statement, int column, uint8_t *out, size_t len);

int64_t registry_now_ms(void);

#endif
