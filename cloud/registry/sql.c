/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite in the registry's manner, and the file itself: schema, create, open, close. */
#include "cloud/registry/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define APPLICATION_ID "1296647023" /* "MICo" */
#define SCHEMA_VERSION "1"
#define BUSY_MS 5000

/* The triggers stop an honest program's mistake; against someone who edits the file stands the hash chain (audit.c). */
static const char schema[] =
    "BEGIN EXCLUSIVE;"
    "PRAGMA application_id=" APPLICATION_ID "; PRAGMA user_version=" SCHEMA_VERSION ";"
    "CREATE TABLE devices(id TEXT PRIMARY KEY, serial TEXT NOT NULL UNIQUE, identity_key BLOB NOT NULL UNIQUE,"
    " certificate BLOB NOT NULL, certificate_sha256 BLOB NOT NULL UNIQUE, state INTEGER NOT NULL CHECK(state BETWEEN 0 "
    "AND 4),"
    " online INTEGER NOT NULL DEFAULT 0, last_seen_ms INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE INDEX devices_online ON devices(last_seen_ms) WHERE online = 1;"
    "CREATE TABLE users(name TEXT PRIMARY KEY, password TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claims(device TEXT PRIMARY KEY REFERENCES devices(id), user TEXT NOT NULL REFERENCES users(name))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE manifests(issuer_sha256 BLOB PRIMARY KEY, count INTEGER NOT NULL, head BLOB NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,"
    " subject TEXT NOT NULL, detail TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE audit_head(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;"
    "INSERT INTO audit_head VALUES(1, 0, zeroblob(32));"
    "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
    "CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
    "COMMIT;";

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

int64_t registry_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static mico_err sql_error(sqlite3 *db, int rc)
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
        (void)sql_error(registry->db, rc);
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
    return *row || rc == SQLITE_DONE ? MICO_OK : sql_error(registry->db, rc);
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

static mico_err open_file(const char *path, int flags, struct mico_registry **out, struct mico_complaint *complaint)
{
    struct mico_registry *registry = calloc(1, sizeof *registry);
    *out = NULL;
    if (!registry) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    int rc = sqlite3_open_v2(path, &registry->db, flags | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(registry->db, BUSY_MS);
        rc = sqlite3_exec(registry->db,
                          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                          "PRAGMA trusted_schema=OFF;",
                          NULL, NULL, NULL);
    }
    if (rc != SQLITE_OK) {
        mico_complain(complaint, MICO_ERR_IO,
                      "the file must be a registry that you may write, in a folder that you may "
                      "write; make one with: mico-cloud init --db FILE",
                      "%s: cannot open the registry: %s", path, sqlite3_errmsg(registry->db));
        mico_registry_close(registry);
        return MICO_ERR_IO;
    }
    *out = registry;
    return MICO_OK;
}

static mico_err there_already(const char *path, struct mico_complaint *complaint)
{
    return mico_complain(complaint, MICO_ERR_STATE, "use it as it is, or name another file with --db",
                         "%s: there is a file already", path);
}

/* A whole registry in a file of its own; closing it leaves nothing of it in SQLite's other files. */
static mico_err make(const char *path, struct mico_complaint *complaint)
{
    struct mico_registry *registry;
    mode_t before = umask(077); /* password hashes: the owner's eyes only */
    mico_err err = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &registry, complaint);
    umask(before);
    if (err) {
        return err;
    }
    if (sqlite3_exec(registry->db, schema, NULL, NULL, NULL) != SQLITE_OK) {
        err = mico_complain(complaint, MICO_ERR_IO, "check the free space", "%s: cannot make the registry: %s", path,
                            sqlite3_errmsg(registry->db));
    } else {
        err = mico_registry_audit(registry, "cloud", "registry.made", "", "");
    }
    mico_registry_close(registry);
    return err;
}

static const char *const journals[] = {"-journal", "-wal", "-shm"};
#define JOURNALS (sizeof journals / sizeof *journals)

static void remove_with_journals(const char *path)
{
    char name[PATH_MAX + 16];
    unlink(path);
    for (size_t i = 0; i < JOURNALS; i++) {
        snprintf(name, sizeof name, "%s%s", path, journals[i]);
        unlink(name);
    }
}

/* A journal of a registry that was removed alone: SQLite would play it into the new one. */
static mico_err refuse_old_journals(const char *path, struct mico_complaint *complaint)
{
    char name[PATH_MAX + 16];
    for (size_t i = 0; i < JOURNALS; i++) {
        snprintf(name, sizeof name, "%s%s", path, journals[i]);
        if (access(name, F_OK) == 0) {
            return mico_complain(complaint, MICO_ERR_STATE, "remove it, or bring its registry back",
                                 "%s belongs to a registry that is gone", name);
        }
    }
    return MICO_OK;
}

/* A link refuses a name that is taken, where a rename would replace it. */
static mico_err give_name(const char *beside, const char *path, struct mico_complaint *complaint)
{
    char folder[PATH_MAX];
    if (link(beside, path) != 0) {
        return errno == EEXIST ? there_already(path, complaint)
                               : mico_complain(complaint, MICO_ERR_IO, "check --db and its folder", "%s: %s", path,
                                               strerror(errno));
    }
    snprintf(folder, sizeof folder, "%s", path);
    int fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return synced ? MICO_OK
                  : mico_complain(complaint, MICO_ERR_IO, "check the disk", "%s: its folder cannot be synced", path);
}

/* Made beside its place and linked there when it is whole: a run that is cut off leaves no half of a registry that
 * neither opens nor may be made again. */
mico_err mico_registry_create(const char *path, struct mico_complaint *complaint)
{
    struct stat there;
    char beside[PATH_MAX];
    if (stat(path, &there) == 0) {
        return there_already(path, complaint);
    }
    if (snprintf(beside, sizeof beside, "%s.new-%ld", path, (long)getpid()) >= (int)sizeof beside) {
        return mico_complain(complaint, MICO_ERR_SIZE, "a shorter --db", "%s: the path is too long", path);
    }
    remove_with_journals(beside);
    mico_err err = make(beside, complaint);
    err = err ? err : refuse_old_journals(path, complaint);
    if (!err) {
        err = give_name(beside, path, complaint);
    }
    remove_with_journals(beside);
    return err;
}

static mico_err check_kind(struct mico_registry *registry, const char *path, struct mico_complaint *complaint)
{
    bool row = false;
    sqlite3_stmt *s = registry_sql(registry,
                                   "SELECT application_id, user_version FROM pragma_application_id, "
                                   "pragma_user_version",
                                   "");
    mico_err err = registry_step(registry, s, &row);
    bool ours = !err && row && sqlite3_column_int(s, 0) == atoi(APPLICATION_ID);
    int version = ours ? sqlite3_column_int(s, 1) : 0;
    registry_done(s);
    if (!ours) {
        return mico_complain(complaint, MICO_ERR_FORMAT, "make one with: mico-cloud init --db FILE",
                             "%s: this is no MiCO registry", path);
    }
    if (version != atoi(SCHEMA_VERSION)) {
        return mico_complain(complaint, MICO_ERR_UNSUPPORTED, "use the mico-cloud that made it",
                             "%s: registry of version %d, this program reads " SCHEMA_VERSION, path, version);
    }
    return MICO_OK;
}

mico_err mico_registry_open(const char *path, struct mico_registry **out, struct mico_complaint *complaint)
{
    mico_err err = open_file(path, SQLITE_OPEN_READWRITE, out, complaint);
    if (err) {
        return err;
    }
    err = check_kind(*out, path, complaint);
    if (err) {
        mico_registry_close(*out);
        *out = NULL;
    }
    return err;
}

void mico_registry_close(struct mico_registry *registry)
{
    if (!registry) {
        return;
    }
    for (size_t i = 0; i < registry->kept_count; i++) {
        sqlite3_finalize(registry->kept[i].statement);
    }
    sqlite3_close(registry->db);
    free(registry);
}
