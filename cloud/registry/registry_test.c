/* SPDX-License-Identifier: Apache-2.0 */
/* Devices, users and claims. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <unistd.h>

#include <cmocka.h>

#include "cloud/registry/test_registry.h"

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
    struct mico_new_device device = test_sample(ID_A, "aa01", 10);
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
        struct mico_new_device device = test_sample(doubles[i].id, doubles[i].serial, doubles[i].key);
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
    assert_int_equal(test_find(ID_A).state, MICO_DEVICE_MADE);
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", "correct horse", &complaint), MICO_OK);
    assert_int_equal(mico_registry_claim(registry, "test", "alice", ID_A, &complaint), MICO_OK);
    assert_int_equal(test_find(ID_A).state, MICO_DEVICE_CLAIMED);
    assert_int_equal(mico_registry_set_online(registry, ID_A, true, 1234, &known, &changed), MICO_OK);
    assert_true(known && changed);
    struct mico_device device = test_find(ID_A);
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
    assert_int_equal(test_find(ID_A).state, MICO_DEVICE_QUARANTINED);
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
        assert_int_equal(test_find(ID_A).state, was);
        assert_int_equal(mico_registry_set_state(registry, "op", ID_A, MICO_DEVICE_QUARANTINED, &complaint), MICO_OK);
        assert_int_equal(mico_registry_set_state(registry, "op", ID_A, MICO_DEVICE_ACTIVE, &complaint), MICO_OK);
        assert_int_equal(test_find(ID_A).state, was);
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
    assert_false(test_find(ID_A).online);
    assert_true(test_find(ID_B).online);
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

#define FRESH(test) cmocka_unit_test_setup_teardown(test, test_fresh, test_clean)

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
