/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite in the registry's manner. */
#include "cloud/registry/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

mico_err mico_complain(struct mico_complaint *complaint, mico_err err, const char *next, const char *format, ...)
{
    if (complaint) {
        va_list args;
        va_start(args, format);
        vsnprintf(complaint->what, sizeof complaint->what, format, args);
        va_end(args);
        snprintf(complaint->next, sizeof complaint->next, "%s", next ? next : "");
    }
    return err;
}

mico_err mico_complain_registry(struct mico_complaint *complaint, mico_err err)
{
    const char *next = err == MICO_ERR_BUSY ? "again: another program is writing"
                       : err == MICO_ERR_CORRUPT
                           ? "bring back a copy: mico-cloud audit says whether one is good"
                           : "check the disk, its free space, and that you may write the file and its folder";
    return mico_complain(complaint, err, next, "the registry is %s", mico_err_name(err));
}

int64_t registry_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

mico_err registry_error(sqlite3 *db, int rc)
{
    MICO_LOG("registry", "SQLite says: %s", sqlite3_errmsg(db));
    switch (rc & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return MICO_ERR_BUSY;
    case SQLITE_CONSTRAINT:
        return MICO_ERR_DENIED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return MICO_ERR_CORRUPT;
    case SQLITE_FULL:
        return MICO_ERR_FULL;
    default:
        return MICO_ERR_IO;
    }
}

static sqlite3_stmt *kept_statement(struct mico_registry *registry, const char *sql)
{
    for (size_t i = 0; i < registry->kept_count; i++) {
        if (registry->kept[i].sql == sql) {
            return registry->kept[i].statement;
        }
    }
    sqlite3_stmt *statement = NULL;
    int rc = registry->kept_count == REGISTRY_STATEMENTS_MAX
                 ? SQLITE_FULL
                 : sqlite3_prepare_v3(registry->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (rc != SQLITE_OK) {
        (void)registry_error(registry->db, rc);
        return NULL;
    }
    registry->kept[registry->kept_count].sql = sql;
    registry->kept[registry->kept_count++].statement = statement;
    return statement;
}

sqlite3_stmt *registry_sql(struct mico_registry *registry, const char *sql, const char *format, ...)
{
    sqlite3_stmt *statement = kept_statement(registry, sql);
    if (!statement) {
        return NULL;
    }
    va_list args;
    va_start(args, format);
    for (int i = 1; *format; format++, i++) {
        if (*format == 't') {
            sqlite3_bind_text(statement, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
        } else if (*format == 'b') {
            const void *data = va_arg(args, const void *);
            size_t len = va_arg(args, size_t);
            sqlite3_bind_blob64(statement, i, len ? data : "", len, SQLITE_TRANSIENT);
        } else {
            sqlite3_bind_int64(statement, i, va_arg(args, int64_t));
        }
    }
    va_end(args);
    return statement;
}

mico_err registry_step(struct mico_registry *registry, sqlite3_stmt *statement, bool *row)
{
    *row = false;
    if (!statement) {
        return MICO_ERR_IO;
    }
    int rc = sqlite3_step(statement);
    *row = rc == SQLITE_ROW;
    return *row || rc == SQLITE_DONE ? MICO_OK : registry_error(registry->db, rc);
}

void registry_done(sqlite3_stmt *statement)
{
    if (statement) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
}

mico_err registry_run(struct mico_registry *registry, sqlite3_stmt *statement)
{
    bool row;
    mico_err err = registry_step(registry, statement, &row);
    registry_done(statement);
    return err;
}

/* how is a string literal: "BEGIN …" */
static mico_err begin(struct mico_registry *registry, const char *how)
{
    if (registry->depth == 0) {
        mico_err err = registry_run(registry, registry_sql(registry, how, ""));
        if (err) {
            return err;
        }
        registry->failed = false;
    }
    registry->depth++;
    return MICO_OK;
}

mico_err mico_registry_begin(struct mico_registry *registry)
{
    return begin(registry, "BEGIN IMMEDIATE");
}

mico_err registry_begin_read(struct mico_registry *registry)
{
    return begin(registry, "BEGIN");
}

mico_err mico_registry_end(struct mico_registry *registry, mico_err err)
{
    registry->failed = registry->failed || err;
    if (--registry->depth > 0) {
        return err;
    }
    if (!registry->failed) {
        err = registry_run(registry, registry_sql(registry, "COMMIT", ""));
    }
    if (!sqlite3_get_autocommit(registry->db)) {
        (void)!registry_run(registry, registry_sql(registry, "ROLLBACK", ""));
    }
    return err ? err : registry->failed ? MICO_ERR_STATE : MICO_OK;
}

const char *registry_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? text : "";
}

mico_err registry_blob(sqlite3_stmt *statement, int column, uint8_t *out, size_t len)
{
    const void *blob = sqlite3_column_blob(statement, column);
    if (!blob || (size_t)sqlite3_column_bytes(statement, column) != len) {
        return MICO_ERR_CORRUPT;
    }
    memcpy(out, blob, len);
    return MICO_OK;
}

/* ---- the file ---- */

mico_err registry_end(struct mico_registry *registry, mico_err err, struct mico_complaint *complaint)
{
    err = mico_registry_end(registry, err);
    return err && complaint && !complaint->what[0] ? mico_complain_registry(complaint, err) : err;
}
