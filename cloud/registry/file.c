/* SPDX-License-Identifier: Apache-2.0 */
/* The registry's file: schema, create, open, close. */
#include "cloud/registry/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID "1296647023" /* "MICo" */
#define SCHEMA_VERSION "2"
#define BUSY_MS 5000

/* The triggers stop an honest program's mistake; against someone who edits the file stands the hash chain (audit.c). */
static const char schema[] =
    "BEGIN EXCLUSIVE;"
    "PRAGMA application_id=" APPLICATION_ID "; PRAGMA user_version=1;"
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

/* What version 2 has beside that. */
static const char schema_2[] =
    "PRAGMA user_version=2;"
    "CREATE TABLE presence(device TEXT PRIMARY KEY REFERENCES devices(id), peaceful_ms INTEGER NOT NULL,"
    " left_out INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE revoked_issuers(key_sha256 BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;";

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
    if (sqlite3_exec(registry->db, schema, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(registry->db, schema_2, NULL, NULL, NULL) != SQLITE_OK) {
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

static mico_err read_kind(struct mico_registry *registry, bool *ours, int *version)
{
    bool row = false;
    sqlite3_stmt *s = registry_sql(registry,
                                   "SELECT application_id, user_version FROM pragma_application_id, "
                                   "pragma_user_version",
                                   "");
    mico_err err = registry_step(registry, s, &row);
    *ours = !err && row && sqlite3_column_int(s, 0) == atoi(APPLICATION_ID);
    *version = *ours ? sqlite3_column_int(s, 1) : 0;
    registry_done(s);
    return err;
}

/* Bring a registry of version 1 to this one. Of two programs that open it at once, one does. */
static mico_err upgrade(struct mico_registry *registry)
{
    int version;
    bool ours;
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return err;
    }
    err = read_kind(registry, &ours, &version);
    if (!err && version == 1) {
        int rc = sqlite3_exec(registry->db, schema_2, NULL, NULL, NULL);
        err = rc == SQLITE_OK
                  ? registry_audit_append(registry, "cloud", "registry.upgraded", "", "version " SCHEMA_VERSION)
                  : registry_error(registry->db, rc);
    }
    return mico_registry_end(registry, err);
}

static mico_err check_kind(struct mico_registry *registry, const char *path, struct mico_complaint *complaint)
{
    int version;
    bool ours;
    (void)read_kind(registry, &ours, &version); /* an error: not ours */
    if (!ours) {
        return mico_complain(complaint, MICO_ERR_FORMAT, "make one with: mico-cloud init --db FILE",
                             "%s: this is no MiCO registry", path);
    }
    if (version < 1 || version > atoi(SCHEMA_VERSION)) {
        return mico_complain(complaint, MICO_ERR_UNSUPPORTED, "use the mico-cloud that made it",
                             "%s: registry of version %d, this program reads " SCHEMA_VERSION, path, version);
    }
    mico_err err = version == 1 ? upgrade(registry) : MICO_OK;
    return err ? mico_complain(complaint, err, "check its folder's permissions and free space",
                               "%s: cannot be brought to version " SCHEMA_VERSION ": %s", path, mico_err_name(err))
               : MICO_OK;
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
