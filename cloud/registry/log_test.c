/* SPDX-License-Identifier: Apache-2.0 */
/* The chained log, and the file that holds it all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/registry/test_registry.h"

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
            test_clean(state);
            test_fresh(state);
        }
        fill_log();
        test_tamper("DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_deleted;");
        test_tamper(attacks[i].sql);
        if (verify(&head, &bad) != MICO_ERR_CORRUPT || bad != attacks[i].row) {
            fail_msg("%s: row %d named, not %d", attacks[i].what, (int)bad, (int)attacks[i].row);
        }
        snprintf(number, sizeof number, "row %d", (int)attacks[i].row);
        assert_non_null(strstr(complaint.what, number));
    }
}

#define HOUR_MS INT64_C(3600000)

static int turn_on_and_off(const char *id)
{
    struct mico_registry *mine;
    bool known, changed;
    if (mico_registry_open(path, &mine, NULL)) {
        return 1;
    }
    for (int i = 0; i < 100; i++) {
        if (mico_registry_set_online(mine, id, i % 2 == 0, i * HOUR_MS, &known, &changed) || !changed) {
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

static int64_t log_length(void)
{
    int64_t seq;
    assert_int_equal(mico_registry_audit_last(registry, &seq), MICO_OK);
    return seq;
}

static void change(int64_t at_ms)
{
    bool known, changed;
    assert_int_equal(mico_registry_set_online(registry, ID_A, !test_find(ID_A).online, at_ms, &known, &changed),
                     MICO_OK);
    assert_true(known && changed);
}

static char last_detail[160];

static bool keep_detail(void *ctx, const struct mico_audit_entry *entry)
{
    snprintf(last_detail, sizeof last_detail, "%s", entry->detail);
    return true;
}

static bool last_entry_says(const char *text)
{
    assert_int_equal(mico_registry_audit_each(registry, 0, keep_detail, NULL), MICO_OK);
    return strstr(last_detail, text) != NULL;
}

/* It is shown as it is at any moment all the same. */
static void device_that_comes_and_goes_does_not_fill_the_log(void **state)
{
    change(1000); /* also: active */
    int64_t before = log_length();
    assert_int_equal(mico_registry_begin(registry), MICO_OK); /* as one: the disk is asked once */
    for (int i = 1; i < 1000; i++) {
        change(1000 + i);
    }
    assert_int_equal(log_length(), before + MICO_REGISTRY_PRESENCE_ENTRIES - 1);
    assert_true(last_entry_says("one change an hour"));
    change(1999 + HOUR_MS);
    assert_int_equal(log_length(), before + MICO_REGISTRY_PRESENCE_ENTRIES);
    assert_true(last_entry_says("976 changes before this one were left out"));
    for (int i = 0; i < 1000; i++) { /* a day */
        change(2000 + HOUR_MS + i * (24 * HOUR_MS / 1000));
    }
    assert_in_range(log_length() - before - MICO_REGISTRY_PRESENCE_ENTRIES, 23, 24);
    change(2000 + 100 * HOUR_MS);
    assert_true(last_entry_says("left out"));
    change(2001 + 100 * HOUR_MS);
    assert_false(last_entry_says("left out"));
    assert_int_equal(mico_registry_end(registry, MICO_OK), MICO_OK);
    struct mico_audit_entry head;
    int64_t bad;
    assert_int_equal(verify(&head, &bad), MICO_OK);
}

static void clock_that_is_put_back_silences_no_device_for_long(void **state)
{
    change(1000 * HOUR_MS);
    change(10 * HOUR_MS);
    int64_t before = log_length();
    change(11 * HOUR_MS);
    change(12 * HOUR_MS);
    assert_int_equal(log_length(), before + 2);
}

/* ---- the file ---- */

static void registry_of_version_1_is_brought_to_this_one(void **state)
{
    struct mico_registry *two[2];
    test_tamper("DROP TABLE presence; DROP TABLE revoked_issuers; PRAGMA user_version=1");
    mico_registry_close(registry);
    assert_int_equal(mico_registry_open(path, &registry, &complaint), MICO_OK);
    change(1000);
    assert_int_equal(mico_registry_open(path, &two[0], &complaint), MICO_OK);
    assert_int_equal(mico_registry_open(path, &two[1], &complaint), MICO_OK);
    mico_registry_close(two[0]);
    mico_registry_close(two[1]);
    struct mico_audit_entry head;
    int64_t bad;
    assert_int_equal(verify(&head, &bad), MICO_OK);
    assert_int_equal(head.seq, 3 + 1 + 2); /* upgraded once; active, online */
}

static void wrong_files_are_refused_with_the_next_step(void **state)
{
    struct mico_registry *other;
    assert_int_equal(mico_registry_create(path, &complaint), MICO_ERR_STATE);
    assert_int_equal(mico_registry_open("no-such-file.db", &other, &complaint), MICO_ERR_IO);
    assert_non_null(strstr(complaint.next, "mico-cloud init"));
    assert_null(other);
    test_tamper("PRAGMA user_version=77");
    assert_int_equal(mico_registry_open(path, &other, &complaint), MICO_ERR_UNSUPPORTED);
    test_tamper("PRAGMA application_id=1");
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
        test_remove_files();
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
    test_remove_leftovers();
    assert_true(absent > 0); /* both were seen, unless this machine takes longer to make one than the longest wait */
    print_message("killed %u times before it was there, %u times after\n", absent, whole);
}

static void failed_making_leaves_no_file(void **state)
{
    struct rlimit before, tiny;
    mico_registry_close(registry);
    registry = NULL;
    test_remove_files();
    getrlimit(RLIMIT_FSIZE, &before);
    tiny = (struct rlimit){8192, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tiny);
    mico_err err = mico_registry_create(path, &complaint);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_not_equal(err, MICO_OK);
    assert_int_equal(mico_registry_create(path, &complaint), MICO_OK);
}

static void journal_of_a_registry_that_is_gone_is_not_played_into_a_new_one(void **state)
{
    char journal[80];
    mico_registry_close(registry);
    registry = NULL;
    test_remove_files();
    snprintf(journal, sizeof journal, "%s-wal", path);
    FILE *f = fopen(journal, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(mico_registry_create(path, &complaint), MICO_ERR_STATE);
    assert_non_null(strstr(complaint.what, journal));
    assert_int_equal(access(path, F_OK), -1);
    unlink(journal);
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

#define FRESH(test) cmocka_unit_test_setup_teardown(test, test_fresh, test_clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(untouched_log_verifies_and_names_its_head),
        FRESH(log_refuses_changes_by_itself),
        FRESH(tampering_with_the_log_is_found_and_the_row_named),
        FRESH(two_processes_write_one_chain),
        FRESH(device_that_comes_and_goes_does_not_fill_the_log),
        FRESH(clock_that_is_put_back_silences_no_device_for_long),
        FRESH(registry_of_version_1_is_brought_to_this_one),
        FRESH(wrong_files_are_refused_with_the_next_step),
        FRESH(making_it_killed_at_any_moment_leaves_nothing_or_all),
        FRESH(failed_making_leaves_no_file),
        FRESH(journal_of_a_registry_that_is_gone_is_not_played_into_a_new_one),
        FRESH(log_is_verified_while_another_program_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
