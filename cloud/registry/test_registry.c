/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <glob.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/registry/test_registry.h"

char path[64];
struct mico_registry *registry;
struct mico_complaint complaint;

struct mico_new_device test_sample(const char *id, const char *serial, uint8_t seed)
{
    struct mico_new_device device = {.id = id, .serial = serial, .certificate = MICO_SPAN("certificate")};
    memset(device.identity_key, seed, sizeof device.identity_key);
    memset(device.certificate_sha256, seed + 1, sizeof device.certificate_sha256);
    return device;
}

void test_add(const char *id, const char *serial, uint8_t seed)
{
    struct mico_new_device device = test_sample(id, serial, seed);
    bool added;
    assert_int_equal(mico_registry_add_device(registry, "test", &device, &added, &complaint), MICO_OK);
    assert_true(added);
}

void test_remove_files(void)
{
    char other[80];
    unlink(path);
    snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", path);
    unlink(other);
}

void test_remove_leftovers(void)
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

int test_fresh(void **state)
{
    snprintf(path, sizeof path, "registry-%d.db", (int)getpid());
    test_remove_files();
    assert_int_equal(mico_registry_create(path, &complaint), MICO_OK);
    assert_int_equal(mico_registry_open(path, &registry, &complaint), MICO_OK);
    test_add(ID_A, "aa01", 10);
    test_add(ID_B, "bb02", 20);
    return 0;
}

int test_clean(void **state)
{
    mico_registry_close(registry);
    test_remove_files();
    return 0;
}

struct mico_device test_find(const char *id)
{
    struct mico_device device;
    bool found;
    assert_int_equal(mico_registry_find(registry, id, &found, &device), MICO_OK);
    assert_true(found);
    return device;
}

void test_tamper(const char *sql)
{
    sqlite3 *db;
    char *error = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s", error);
    }
    sqlite3_close(db);
}
