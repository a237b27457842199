/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <glob.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/registry/registry.h"

#define ID_A "A1:B2:C3:D4:E5:F6"
#define ID_B "00:11:22:33:44:55"

static char path[64];
static struct mico_registry *registry;
static struct mico_complaint complaint;

static struct mico_new_device sample(const char *id, const char *serial, uint8_t seed)
{
    struct mico_new_device device = {.id = id, .serial = serial, .certificate = MICO_SPAN("certificate")};
    memset(device.identity_key, seed, sizeof device.identity_key);
    memset(device.certificate_sha256, seed + 1, sizeof device.certificate_sha256);
    return device;
}

static void add(const char *id, const char *serial, uint8_t seed)
{
    struct mico_new_device device = sample(id, serial, seed);
    bool added;
    assert_int_equal(mico_registry_add_device(registry, "test", &device, &added, &complaint), MICO_OK);
    assert_true(added);
}

static void remove_files(void)
{
    char other[80];
    unlink(path);
    snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", path);
    unlink(other);
}

/* What killed makers have left beside the file. */
static void remove_leftovers(void)
{
    char pattern[80];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s.new-*", path);
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            unlink(found.gl_pathv[i]);
        }
        globfree(&found);
    }
}

static int fresh(void **state)
{
    snprintf(path, sizeof path, "registry-%d.db", (int)getpid());
    remove_files();
    assert_int_equal(mico_registry_create(path, &complaint), MICO_OK);
    assert_int_equal(mico_registry_open(path, &registry, &complaint), MICO_OK);
    add(ID_A, "aa01", 10);
    add(ID_B, "bb02", 20);
    return 0;
}

static int clean(void **state)
{
    mico_registry_close(registry);
    remove_files();
    return 0;
}

static struct mico_device find(const char *id)
{
    struct mico_device device;
    bool found;
    assert_int_equal(mico_registry_find(registry, id, &found, &device), MICO_OK);
    assert_true(found);
    return device;
}

/* What someone with the file and an SQL shell can do. */
static void tamper(const char *sql)
{
    sqlite3 *db;
    char *error = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s", error);
    }
    sqlite3_close(db);
}

static void names_of_users_can_be_taken_for_nothing_else(void **state)
{
    static const char *const good[] = {"a", "alice", "bob.2", "x_y-z"};
    static const char *const bad[] = {"",         "Alice", "1a",       ID_A,
                                      "a/b",      "a+",    "a#",       "mico-cloud",
                                      "operator", "a b",   "\xC3\xA9", "abcdefghijklmnopqrstuvwxyzabcdefg"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(mico_registry_user_is_good(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(mico_registry_user_is_good(bad[i]));
    }
}

static void ids_have_six_upper_case_pairs(void **state)
{
    assert_true(mico_registry_id_is_good(ID_A));
    assert_false(mico_registry_id_is_good("a1:B2:C3:D4:E5:F6"));
    assert_false(mico_registry_id_is_good("A1:B2:C3:D4:E5:F"));
    assert_false(mico_registry_id_is_good("A1:B2:C3:D4:E5:F6:"));
    assert_false(mico_registry_id_is_good("A1-B2-C3-D4-E5-F6"));
}

static void same_device_again_changes_nothing(void **state)
{
    struct mico_new_device device = sample(ID_A, "aa01", 10);
    bool added;
    assert_int_equal(mico_registry_add_device(registry, "test", &device, &added, &complaint), MICO_OK);
    assert_false(added);
}

static void double_is_refused_and_the_field_named(void **state)
{
    static const struct {
        const char *id, *serial, *field;
        uint8_t key, certificate;
    } doubles[] = {
        {ID_A, "cc03", "its id", 30, 31},
        {"00:00:00:00:00:01", "aa01", "its chip serial", 30, 31},
        {"00:00:00:00:00:01", "cc03", "its identity key", 10, 31},
        {"00:00:00:00:00:01", "cc03", "its certificate", 30, 11},
    };
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        struct mico_new_device device = sample(doubles[i].id, doubles[i].serial, doubles[i].key);
        memset(device.certificate_sha256, doubles[i].certificate, 32);
        bool added;
        assert_int_equal(mico_registry_add_device(registry, "test", &device, &added, &complaint), MICO_ERR_DENIED);
        assert_false(added);
        assert_non_null(strstr(complaint.what, doubles[i].field));
        assert_non_null(strstr(complaint.what, ID_A));
    }
}

static void device_goes_from_made_to_claimed_to_active(void **state)
{
    bool known, changed;
    assert_int_equal(find(ID_A).state, MICO_DEVICE_MADE);
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", "correct horse", &complaint), MICO_OK);
    assert_int_equal(mico_registry_claim(registry, "test", "alice", ID_A, &complaint), MICO_OK);
    assert_int_equal(find(ID_A).state, MICO_DEVICE_CLAIMED);
    assert_int_equal(mico_registry_set_online(registry, ID_A, true, 1234, &known, &changed), MICO_OK);
    assert_true(known && changed);
    struct mico_device device = find(ID_A);
    assert_int_equal(device.state, MICO_DEVICE_ACTIVE);
    assert_true(device.online);
    assert_int_equal(device.last_seen_ms, 1234);
    assert_int_equal(mico_registry_set_online(registry, ID_A, true, 1300, &known, &changed), MICO_OK);
    assert_true(known && !changed);
    assert_int_equal(mico_registry_set_online(registry, "00:00:00:00:00:09", true, 1, &known, &changed), MICO_OK);
    assert_false(known || changed);
}

static void quarantine_stays_through_online_and_retired_is_for_ever(void **state)
{
    bool known, changed;
    assert_int_equal(mico_registry_set_state(registry, "op", ID_A, MICO_DEVICE_QUARANTINED, &complaint), MICO_OK);
    assert_int_equal(mico_registry_set_online(registry, ID_A, true, 1, &known, &changed), MICO_OK);
    assert_int_equal(find(ID_A).state, MICO_DEVICE_QUARANTINED);
    assert_int_equal(mico_registry_set_state(registry, "op", ID_A, MICO_DEVICE_RETIRED, &complaint), MICO_OK);
    assert_int_equal(mico_registry_set_state(registry, "op", ID_A, MICO_DEVICE_ACTIVE, &complaint), MICO_ERR_STATE);
    assert_int_equal(mico_registry_set_state(registry, "op", "x", MICO_DEVICE_ACTIVE, &complaint), MICO_ERR_PARAM);
    assert_int_equal(mico_registry_claim(registry, "op", "alice", ID_A, &complaint), MICO_ERR_DENIED);
}

static void released_device_is_what_it_was_before(void **state)
{
    bool known, changed;
    for (int was = MICO_DEVICE_MADE; was <= MICO_DEVICE_ACTIVE; was++) {
        if (was == MICO_DEVICE_CLAIMED) {
            assert_int_equal(mico_registry_add_user(registry, "op", "alice", "correct horse", &complaint), MICO_OK);
            assert_int_equal(mico_registry_claim(registry, "op", "alice", ID_A, &complaint), MICO_OK);
        } else if (was == MICO_DEVICE_ACTIVE) {
            assert_int_equal(mico_registry_set_online(registry, ID_A, true, 1000, &known, &changed), MICO_OK);
        }
        assert_int_equal(find(ID_A).state, was);
        assert_int_equal(mico_registry_set_state(registry, "op", ID_A, MICO_DEVICE_QUARANTINED, &complaint), MICO_OK);
        assert_int_equal(mico_registry_set_state(registry, "op", ID_A, MICO_DEVICE_ACTIVE, &complaint), MICO_OK);
        assert_int_equal(find(ID_A).state, was);
    }
}

static void devices_not_seen_since_become_offline(void **state)
{
    bool known, changed;
    unsigned count;
    assert_int_equal(mico_registry_set_online(registry, ID_A, true, 100, &known, &changed), MICO_OK);
    assert_int_equal(mico_registry_set_online(registry, ID_B, true, 200, &known, &changed), MICO_OK);
    assert_int_equal(mico_registry_expire_online(registry, 200, &count), MICO_OK);
    assert_int_equal(count, 1);
    assert_false(find(ID_A).online);
    assert_true(find(ID_B).online);
}

static void password_opens_for_its_user_only(void **state)
{
    bool good;
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", "correct horse", &complaint), MICO_OK);
    assert_int_equal(mico_registry_check_password(registry, "alice", "correct horse", &good), MICO_OK);
    assert_true(good);
    assert_int_equal(mico_registry_check_password(registry, "alice", "correct horsf", &good), MICO_OK);
    assert_false(good);
    assert_int_equal(mico_registry_check_password(registry, "bob", "correct horse", &good), MICO_OK);
    assert_false(good);
    assert_int_equal(mico_registry_check_password(registry, "bob", "nobody at all, ever", &good), MICO_OK);
    assert_false(good);
    assert_int_equal(mico_registry_check_password(registry, "' OR 1=1 --", "x", &good), MICO_OK);
    assert_false(good);
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", "correct horse", &complaint), MICO_OK);
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", "another one", &complaint), MICO_ERR_AUTH);
    assert_int_equal(mico_registry_add_user(registry, "test", "carol", "short", &complaint), MICO_ERR_SIZE);
}

static void file_holds_no_password(void **state)
{
    static const char password[] = "planted-secret-9321";
    char all[200000];
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", password, &complaint), MICO_OK);
    char wal[80];
    snprintf(wal, sizeof wal, "%s-wal", path);
    const char *const files[] = {path, wal};
    for (int i = 0; i < 2; i++) {
        FILE *f = fopen(files[i], "rb");
        assert_non_null(f);
        size_t len = fread(all, 1, sizeof all, f);
        fclose(f);
        assert_null(memmem(all, len, password, strlen(password)));
    }
}

static void claim_is_one_users(void **state)
{
    bool may;
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", "correct horse", &complaint), MICO_OK);
    assert_int_equal(mico_registry_add_user(registry, "test", "bob", "battery staple", &complaint), MICO_OK);
    assert_int_equal(mico_registry_claim(registry, "test", "alice", ID_A, &complaint), MICO_OK);
    assert_int_equal(mico_registry_claim(registry, "test", "alice", ID_A, &complaint), MICO_OK);
    assert_int_equal(mico_registry_claim(registry, "test", "bob", ID_A, &complaint), MICO_ERR_DENIED);
    assert_int_equal(mico_registry_claim(registry, "test", "alice", "00:00:00:00:00:07", &complaint), MICO_ERR_PARAM);
    assert_int_equal(mico_registry_claim(registry, "test", "nobody", ID_B, &complaint), MICO_ERR_DENIED);
    assert_int_equal(mico_registry_may_use(registry, "alice", ID_A, &may), MICO_OK);
    assert_true(may);
    assert_int_equal(mico_registry_may_use(registry, "alice", ID_B, &may), MICO_OK);
    assert_false(may);
    assert_int_equal(mico_registry_may_use(registry, "bob", ID_A, &may), MICO_OK);
    assert_false(may);
}

/* ---- the log ---- */

static void fill_log(void)
{
    for (int i = 0; i < 5; i++) {
        assert_int_equal(mico_registry_audit(registry, "op", "note", ID_A, i % 2 ? "odd" : "even"), MICO_OK);
    }
}

static mico_err verify(struct mico_audit_entry *head, int64_t *bad)
{
    return mico_registry_audit_verify(registry, head, bad, &complaint);
}

static void untouched_log_verifies_and_names_its_head(void **state)
{
    struct mico_audit_entry head;
    int64_t bad;
    fill_log();
    assert_int_equal(verify(&head, &bad), MICO_OK);
    assert_int_equal(head.seq, 8); /* made, two devices, five notes */
    assert_false(mico_ct_is_zero(head.hash, 32));
}

static void log_refuses_changes_by_itself(void **state)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE audit SET actor='x' WHERE seq=1", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM audit WHERE seq=1", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
}

static void tampering_with_the_log_is_found_and_the_row_named(void **state)
{
    static const struct {
        const char *what, *sql;
        int64_t row;
    } attacks[] = {
        {"text", "UPDATE audit SET detail='od' WHERE seq=5", 5},
        {"bytes moved between fields", "UPDATE audit SET actor='opn', action='ote' WHERE seq=4", 4},
        {"time", "UPDATE audit SET at_ms=at_ms+1 WHERE seq=6", 6},
        {"hash", "UPDATE audit SET hash=zeroblob(32) WHERE seq=3", 3},
        {"hash cut", "UPDATE audit SET hash=zeroblob(31) WHERE seq=3", 3},
        {"removed", "DELETE FROM audit WHERE seq=4", 4},
        {"first removed", "DELETE FROM audit WHERE seq=1", 1},
        {"last removed", "DELETE FROM audit WHERE seq=8", 8},
        {"swapped",
         "UPDATE audit SET seq=99 WHERE seq=5; UPDATE audit SET seq=5 WHERE seq=6;"
         "UPDATE audit SET seq=6 WHERE seq=99",
         5},
        {"added", "INSERT INTO audit SELECT 9, at_ms, actor, action, subject, detail, hash FROM audit WHERE seq=8", 9},
        {"head", "UPDATE audit_head SET hash=zeroblob(32)", 8},
    };
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        struct mico_audit_entry head;
        char number[16];
        int64_t bad;
        if (i > 0) {
            clean(state);
            fresh(state);
        }
        fill_log();
        tamper("DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_deleted;");
        tamper(attacks[i].sql);
        if (verify(&head, &bad) != MICO_ERR_CORRUPT || bad != attacks[i].row) {
            fail_msg("%s: row %d named, not %d", attacks[i].what, (int)bad, (int)attacks[i].row);
        }
        snprintf(number, sizeof number, "row %d", (int)attacks[i].row);
        assert_non_null(strstr(complaint.what, number));
    }
}

static int turn_on_and_off(const char *id)
{
    struct mico_registry *mine;
    bool known, changed;
    if (mico_registry_open(path, &mine, NULL)) {
        return 1;
    }
    for (int i = 0; i < 100; i++) {
        if (mico_registry_set_online(mine, id, i % 2 == 0, i, &known, &changed) || !changed) {
            return 2;
        }
    }
    mico_registry_close(mine);
    return 0;
}

static void two_processes_write_one_chain(void **state)
{
    pid_t child[2];
    for (int i = 0; i < 2; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            _exit(turn_on_and_off(i ? ID_A : ID_B));
        }
    }
    for (int i = 0; i < 2; i++) {
        int status;
        waitpid(child[i], &status, 0);
        assert_int_equal(status, 0);
    }
    struct mico_audit_entry head;
    int64_t bad;
    assert_int_equal(verify(&head, &bad), MICO_OK);
    assert_int_equal(head.seq, 3 + 2 * 101);
}

/* ---- the file ---- */

static void wrong_files_are_refused_with_the_next_step(void **state)
{
    struct mico_registry *other;
    assert_int_equal(mico_registry_create(path, &complaint), MICO_ERR_STATE);
    assert_int_equal(mico_registry_open("no-such-file.db", &other, &complaint), MICO_ERR_IO);
    assert_non_null(strstr(complaint.next, "mico-cloud init"));
    assert_null(other);
    tamper("PRAGMA user_version=77");
    assert_int_equal(mico_registry_open(path, &other, &complaint), MICO_ERR_UNSUPPORTED);
    tamper("PRAGMA application_id=1");
    assert_int_equal(mico_registry_open(path, &other, &complaint), MICO_ERR_FORMAT);
}

/* Cut off at any moment, `mico-cloud init` may be given again, or has made the whole registry. */
static void making_it_killed_at_any_moment_leaves_nothing_or_all(void **state)
{
    struct mico_registry *made;
    unsigned whole = 0, absent = 0;
    for (useconds_t wait_us = 0; wait_us < 30000; wait_us += 1000) {
        mico_registry_close(registry);
        registry = NULL;
        remove_files();
        pid_t child = fork();
        if (child == 0) {
            _exit(mico_registry_create(path, NULL) != MICO_OK);
        }
        usleep(wait_us);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        mico_err err = mico_registry_create(path, &complaint);
        if (err != MICO_OK && err != MICO_ERR_STATE) {
            fail_msg("killed after %u us: %s", (unsigned)wait_us, complaint.what);
        }
        whole += err == MICO_ERR_STATE;
        absent += err == MICO_OK;
        if (mico_registry_open(path, &made, &complaint) != MICO_OK) {
            fail_msg("killed after %u us: %s", (unsigned)wait_us, complaint.what);
        }
        mico_registry_close(made);
    }
    remove_leftovers();
    assert_true(absent > 0); /* both were seen, unless this machine takes longer to make one than the longest wait */
    print_message("killed %u times before it was there, %u times after\n", absent, whole);
}

static void failed_making_leaves_no_file(void **state)
{
    struct rlimit before, tiny;
    mico_registry_close(registry);
    registry = NULL;
    remove_files();
    getrlimit(RLIMIT_FSIZE, &before);
    tiny = (struct rlimit){8192, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tiny);
    mico_err err = mico_registry_create(path, &complaint);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_not_equal(err, MICO_OK);
    assert_int_equal(mico_registry_create(path, &complaint), MICO_OK);
}

static void log_is_verified_while_another_program_writes(void **state)
{
    struct mico_audit_entry head;
    int64_t bad;
    sqlite3 *db;
    fill_log();
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(verify(&head, &bad), MICO_OK);
    sqlite3_close(db);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, fresh, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_users_can_be_taken_for_nothing_else),
        cmocka_unit_test(ids_have_six_upper_case_pairs),
        FRESH(same_device_again_changes_nothing),
        FRESH(double_is_refused_and_the_field_named),
        FRESH(device_goes_from_made_to_claimed_to_active),
        FRESH(quarantine_stays_through_online_and_retired_is_for_ever),
        FRESH(released_device_is_what_it_was_before),
        FRESH(devices_not_seen_since_become_offline),
        FRESH(password_opens_for_its_user_only),
        FRESH(file_holds_no_password),
        FRESH(claim_is_one_users),
        FRESH(untouched_log_verifies_and_names_its_head),
        FRESH(log_refuses_changes_by_itself),
        FRESH(tampering_with_the_log_is_found_and_the_row_named),
        FRESH(two_processes_write_one_chain),
        FRESH(wrong_files_are_refused_with_the_next_step),
        FRESH(making_it_killed_at_any_moment_leaves_nothing_or_all),
        FRESH(failed_making_leaves_no_file),
        FRESH(log_is_verified_while_another_program_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
