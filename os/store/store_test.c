/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "os/store/format.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"

#define SECTOR 4096u
#define REGION (4 * SECTOR)

static uint8_t memory[REGION];
static struct test_flash rig;
static struct mico_store store;
static struct mico_store_entry entries[32];
static uint16_t
    index_room; /* every test runs without an index, with one that is soon full, and with one that never is */

static mico_err open_store(void)
{
    mico_err err = mico_store_open(&store, &rig.flash, 0, REGION);
    mico_store_index(&store, entries, index_room);
    return err;
}

static int fresh(void **state)
{
    test_flash_init(&rig, memory, sizeof memory, SECTOR, 1);
    return open_store() == MICO_OK ? 0 : -1;
}

static void reopen(void)
{
    assert_int_equal(open_store(), MICO_OK);
}

static void put(const char *name, const char *value)
{
    assert_int_equal(mico_store_put(&store, name, value, strlen(value)), MICO_OK);
}

static void expect(const char *name, const char *value)
{
    char got[64];
    size_t len;
    bool found;
    assert_int_equal(mico_store_get(&store, name, got, sizeof got, &len, &found), MICO_OK);
    assert_true(found == (value != NULL));
    assert_int_equal(len, value != NULL ? strlen(value) : 0);
    if (value != NULL) {
        assert_memory_equal(got, value, len);
    }
}

static void erased_region_is_an_empty_store_and_opening_writes_nothing(void **state)
{
    expect("anything", NULL);
    assert_int_equal(rig.operations, 0);
    put("a", "1");
    uint64_t before = rig.operations;
    reopen();
    assert_int_equal(rig.operations, before);
}

static void foreign_region_is_an_empty_store_that_can_be_written(void **state)
{
    uint64_t seed = 9;
    for (size_t i = 0; i < sizeof memory; i++) {
        memory[i] = (uint8_t)test_flash_random(&seed);
    }
    reopen();
    expect("a", NULL);
    put("a", "1");
    reopen();
    expect("a", "1");
    assert_false(rig.misused);
}

static void values_are_replaced_deleted_and_kept_across_opening(void **state)
{
    put("a", "first");
    put("b", "");
    put("a", "second");
    expect("a", "second");
    expect("b", "");
    assert_int_equal(mico_store_delete(&store, "b"), MICO_OK);
    assert_int_equal(mico_store_delete(&store, "never was"), MICO_OK);
    reopen();
    expect("a", "second");
    expect("b", NULL);
    put("b", "back");
    expect("b", "back");
}

static void names_that_begin_alike_are_different_names(void **state)
{
    put("pairing", "1");
    put("pairing/0", "2");
    expect("pairing", "1");
    expect("pairing/0", "2");
    expect("pairing/", NULL);
}

static void sizes_are_held_to(void **state)
{
    static uint8_t big[MICO_STORE_VALUE_MAX + 1];
    char longest[MICO_STORE_NAME_MAX + 1], longer[MICO_STORE_NAME_MAX + 2];
    memset(longest, 'n', sizeof longest);
    memset(longer, 'n', sizeof longer);
    longest[MICO_STORE_NAME_MAX] = longer[MICO_STORE_NAME_MAX + 1] = '\0';
    put(longest, "v");
    expect(longest, "v");
    assert_int_equal(mico_store_put(&store, longer, "v", 1), MICO_ERR_SIZE);
    assert_int_equal(mico_store_put(&store, "", "v", 1), MICO_ERR_SIZE);
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big), MICO_ERR_SIZE);
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big - 1), MICO_OK);

    uint8_t out[4] = {1, 2, 3, 4};
    size_t len;
    bool found;
    assert_int_equal(mico_store_get(&store, "big", out, sizeof out, &len, &found), MICO_ERR_SIZE);
    assert_int_equal(len, MICO_STORE_VALUE_MAX);
    assert_int_equal(out[0], 1);
}

static void full_store_refuses_and_changes_nothing(void **state)
{
    static uint8_t big[3000];
    assert_int_equal(mico_store_put(&store, "one", big, sizeof big), MICO_OK);
    assert_int_equal(mico_store_put(&store, "two", big, sizeof big), MICO_OK);
    put("small", "s");
    assert_int_equal(mico_store_put(&store, "three", big, sizeof big), MICO_ERR_FULL);
    expect("three", NULL);
    expect("small", "s");
    put("small", "t");
    assert_int_equal(mico_store_delete(&store, "one"), MICO_OK);
    assert_int_equal(mico_store_put(&store, "three", big, sizeof big), MICO_OK);
    reopen();
    expect("small", "t");
    expect("one", NULL);
}

static void store_that_is_brim_full_still_deletes(void **state)
{
    char name[8];
    static uint8_t value[500];
    int count = 0;
    for (mico_err err = MICO_OK; err == MICO_OK; count++) {
        snprintf(name, sizeof name, "n%d", count);
        err = mico_store_put(&store, name, value, sizeof value);
    }
    assert_in_range(count, 15, 17);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(mico_store_delete(&store, name), MICO_OK);
        expect(name, NULL);
    }
}

/* Flash the value of name in memory: find it by its bytes. */
static uint8_t *find_bytes(const char *text)
{
    for (size_t i = sizeof memory - strlen(text);; i--) {
        if (memcmp(memory + i, text, strlen(text)) == 0) {
            return memory + i;
        }
    }
}

static void damaged_value_is_reported_and_never_replaced_by_an_older_one(void **state)
{
    char got[64];
    size_t len;
    bool found;
    put("key", "the older value");
    put("key", "the newer value");
    put("other", "beside it");
    find_bytes("the newer value")[4] ^= 0x10;
    reopen();
    memset(got, 7, sizeof got);
    assert_int_equal(mico_store_get(&store, "key", got, sizeof got, &len, &found), MICO_ERR_CORRUPT);
    assert_false(found);
    assert_int_equal(got[0], 0);
    expect("other", "beside it");

    /* Moving house keeps the damage visible; a new value heals it. */
    for (int i = 0; i < 1000; i++) {
        put("other", i % 2 ? "beside it" : "beside it still");
    }
    assert_true(store.sequence > 1);
    assert_int_equal(mico_store_get(&store, "key", got, sizeof got, &len, &found), MICO_ERR_CORRUPT);
    put("key", "healed");
    expect("key", "healed");
}

/* The first byte of the newest record that holds this value, under a name of three characters. */
static uint8_t *find_header(const char *value)
{
    return find_bytes(value) - 3 - STORE_RECORD_HEADER;
}

static void header_that_rots_while_the_store_is_open_gives_no_older_value(void **state)
{
    char got[64];
    size_t len;
    bool found;
    put("key", "the older value");
    put("key", "the newer value");
    put("two", "another");
    for (unsigned byte = 0; byte < STORE_RECORD_HEADER + 3; byte++) {
        find_header("the newer value")[byte] ^= 0x04;
        assert_int_equal(mico_store_get(&store, "key", got, sizeof got, &len, &found), MICO_ERR_CORRUPT);
        assert_false(found);
        mico_err err = mico_store_get(&store, "two", got, sizeof got, &len, &found);
        assert_true(err == MICO_ERR_CORRUPT || (err == MICO_OK && memcmp(got, "another", 7) == 0));
        find_header("the newer value")[byte] ^= 0x04;
    }
    expect("key", "the newer value");
}

static void peek_gives_the_beginning_whether_or_not_the_value_passes_its_check(void **state)
{
    uint8_t out[4] = {0};
    size_t len = 9;
    bool found = true;
    assert_int_equal(mico_store_peek(&store, "a", out, sizeof out, &len, &found), MICO_OK);
    assert_false(found);
    put("a", "older");
    put("a", "abcdefgh");
    put("b", "x");
    assert_int_equal(mico_store_peek(&store, "a", out, sizeof out, &len, &found), MICO_OK);
    assert_true(found);
    assert_int_equal(len, 8);
    assert_memory_equal(out, "abcd", 4);
    for (size_t at = 0; at + 8 <= sizeof memory; at++) {
        memory[at + 7] ^= memcmp(memory + at, "abcdefgh", 8) == 0 ? 1 : 0;
    }
    assert_int_equal(mico_store_get(&store, "a", (uint8_t[8]){0}, 8, &len, &found), MICO_ERR_CORRUPT);
    assert_int_equal(mico_store_peek(&store, "a", out, sizeof out, &len, &found), MICO_OK);
    assert_true(found);
    assert_memory_equal(out, "abcd", 4);
    assert_int_equal(mico_store_peek(&store, "b", out, sizeof out, &len, &found), MICO_OK);
    assert_int_equal(len, 1); /* what is shorter than asked for */
}

/* Offset in the live half of the last record. */
static uint32_t last_record(void)
{
    uint32_t at = STORE_BANK_HEADER;
    for (uint32_t next = at; next < store.used;) {
        const uint8_t *record = memory + store.bank + next;
        at = next;
        next += STORE_RECORD_HEADER + record[1] + mico_load_le16(record + 2);
    }
    return at;
}

static void any_bit_that_rots_before_the_last_record_gives_an_error_and_no_older_value(void **state)
{
    static const char *const names[] = {"a", "b", "c"}, *const newest[] = {"a3", "b2", NULL};
    put("a", "a1");
    put("b", "b1");
    put("c", "c1");
    put("a", "a2");
    put("b", "b2");
    assert_int_equal(mico_store_delete(&store, "c"), MICO_OK);
    put("a", "a3");
    put("last", "z");
    uint8_t *half = memory + store.bank;
    uint32_t last = last_record();
    for (uint32_t bit = 8 * STORE_BANK_HEADER; bit < 8 * last; bit++) {
        half[bit / 8] ^= (uint8_t)(1u << bit % 8);
        mico_err opened = open_store();
        assert_true(opened == MICO_OK || opened == MICO_ERR_CORRUPT);
        for (int i = 0; opened == MICO_OK && i < 3; i++) {
            char got[8];
            size_t len;
            bool found;
            mico_err err = mico_store_get(&store, names[i], got, sizeof got, &len, &found);
            assert_true(err == MICO_ERR_CORRUPT || (err == MICO_OK && found == (newest[i] != NULL)));
            assert_true(err != MICO_OK || !found || memcmp(got, newest[i], 2) == 0);
        }
        half[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(last > STORE_BANK_HEADER + 7 * STORE_RECORD_HEADER);
    reopen();
    expect("a", "a3");
}

static void region_that_does_not_fit_is_refused(void **state)
{
    struct mico_store bad;
    assert_int_equal(mico_store_open(&bad, &rig.flash, 0, 0), MICO_ERR_PARAM);
    assert_int_equal(mico_store_open(&bad, &rig.flash, 0, SECTOR), MICO_ERR_PARAM);
    assert_int_equal(mico_store_open(&bad, &rig.flash, 0, 3 * SECTOR), MICO_ERR_PARAM);
    assert_int_equal(mico_store_open(&bad, &rig.flash, 100, 2 * SECTOR), MICO_ERR_PARAM);
    assert_int_equal(mico_store_open(&bad, &rig.flash, 3 * SECTOR, 2 * SECTOR), MICO_ERR_PARAM);
    assert_int_equal(mico_store_open(&bad, &rig.flash, 0xFFFFF000u, 2 * SECTOR), MICO_ERR_PARAM);
    assert_int_equal(mico_store_put(&bad, "a", "1", 1), MICO_ERR_STATE);
}

static void half_with_the_later_number_counts_also_when_numbers_wrap(void **state)
{
    put("a", "1");
    store.sequence = UINT32_MAX - 1; /* the next two moves are numbered 2^32 - 1 and, 0 being no number, 1 */
    store.sealed = true;
    put("a", "2");
    store.sealed = true;
    put("a", "3");
    assert_int_equal(store.sequence, 1);
    reopen();
    expect("a", "3");
}

/* A program that reports success and did nothing, as worn flash may. */
static mico_err lying_program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    return MICO_OK;
}

static void write_that_did_not_take_is_not_acknowledged(void **state)
{
    put("a", "1");
    mico_err (*honest)(const struct mico_flash *, uint32_t, const void *, size_t) = rig.flash.program;
    rig.flash.program = lying_program;
    assert_int_equal(mico_store_put(&store, "a", "2", 1), MICO_ERR_IO);
    assert_int_equal(mico_store_put(&store, "a", "3", 1), MICO_ERR_IO);
    expect("a", "1");
    rig.flash.program = honest;
    put("a", "4");
    reopen();
    expect("a", "4");
}

static void store_goes_on_in_the_other_half_after_a_write_failed_half_way(void **state)
{
    put("a", "1");
    rig.cut = (struct test_flash_cut){rig.operations + 1, TEST_TEAR_PREFIX, 9};
    assert_int_equal(mico_store_put(&store, "a", "2", 1), MICO_ERR_IO);
    test_flash_power_on(&rig); /* the flash works again; nobody opened the store anew */
    expect("a", "1");
    put("a", "3");
    expect("a", "3");
    assert_false(rig.misused);
}

/* The last program of a move, its header, comes about and is reported as failed. */
static void write_behind_a_move_that_was_whole_after_all_is_not_lost(void **state)
{
    static uint8_t big[3000];
    put("a", "1");
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big), MICO_OK);
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big), MICO_OK);
    struct mico_store before = store;
    uint64_t from = rig.operations;
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big), MICO_OK);
    uint64_t took = rig.operations - from;
    assert_true(store.sequence == before.sequence + 1);

    fresh(state);
    put("a", "1");
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big), MICO_OK);
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big), MICO_OK);
    rig.cut = (struct test_flash_cut){rig.operations + took, TEST_TEAR_PREFIX, SIZE_MAX};
    assert_int_equal(mico_store_put(&store, "big", big, sizeof big), MICO_ERR_IO);
    test_flash_power_on(&rig); /* the flash works again; nobody opened the store anew */
    put("a", "2");
    reopen();
    expect("a", "2");
}

static bool collect(void *ctx, const char *name, size_t len)
{
    char *list = ctx;
    sprintf(list + strlen(list), "%s=%zu ", name, len);
    return strcmp(name, "stop") != 0;
}

static void each_visits_what_counts_and_stops_when_told(void **state)
{
    char list[128] = "";
    put("a", "1");
    put("b", "22");
    put("a", "333");
    put("c", "");
    assert_int_equal(mico_store_delete(&store, "b"), MICO_OK);
    assert_int_equal(mico_store_each(&store, collect, list), MICO_OK);
    assert_string_equal(list, "a=3 c=0 ");
    put("stop", "");
    put("z", "");
    list[0] = '\0';
    assert_int_equal(mico_store_each(&store, collect, list), MICO_OK);
    assert_string_equal(list, "a=3 c=0 stop=0 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(erased_region_is_an_empty_store_and_opening_writes_nothing, fresh),
        cmocka_unit_test_setup(foreign_region_is_an_empty_store_that_can_be_written, fresh),
        cmocka_unit_test_setup(values_are_replaced_deleted_and_kept_across_opening, fresh),
        cmocka_unit_test_setup(names_that_begin_alike_are_different_names, fresh),
        cmocka_unit_test_setup(sizes_are_held_to, fresh),
        cmocka_unit_test_setup(full_store_refuses_and_changes_nothing, fresh),
        cmocka_unit_test_setup(store_that_is_brim_full_still_deletes, fresh),
        cmocka_unit_test_setup(damaged_value_is_reported_and_never_replaced_by_an_older_one, fresh),
        cmocka_unit_test_setup(header_that_rots_while_the_store_is_open_gives_no_older_value, fresh),
        cmocka_unit_test_setup(peek_gives_the_beginning_whether_or_not_the_value_passes_its_check, fresh),
        cmocka_unit_test_setup(any_bit_that_rots_before_the_last_record_gives_an_error_and_no_older_value, fresh),
        cmocka_unit_test_setup(region_that_does_not_fit_is_refused, fresh),
        cmocka_unit_test_setup(half_with_the_later_number_counts_also_when_numbers_wrap, fresh),
        cmocka_unit_test_setup(write_that_did_not_take_is_not_acknowledged, fresh),
        cmocka_unit_test_setup(store_goes_on_in_the_other_half_after_a_write_failed_half_way, fresh),
        cmocka_unit_test_setup(write_behind_a_move_that_was_whole_after_all_is_not_lost, fresh),
        cmocka_unit_test_setup(each_visits_what_counts_and_stops_when_told, fresh),
    };
    static const uint16_t rooms[] = {0, 2, 32};
    int failed = 0;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        index_room = rooms[i];
        failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
