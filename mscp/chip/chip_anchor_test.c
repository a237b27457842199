/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's anchor, in its flash and elsewhere: every earlier state of the store, put back whole at any operation, is ROLLBACK, and
 * nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_journal.h"

#ifdef MICO_SANITIZED
#define STEPS_PUT_BACK 11 /* the last step raises the counter */
#define LIFE 300
#define COUNT_TURNS 2
#else
#define STEPS_PUT_BACK 41
#define LIFE 3200
#define COUNT_TURNS 3
#endif

static struct rig rig;
static struct mscp_binding binding;
static uint8_t value[3000];

/* With the anchor in the flash, or with one of the platform's. */
static void start_chip(bool anchored)
{
    rig_start(&rig);
    rig.anchored = anchored;
    test_flash_init(&rig.flash, rig.flash.bytes, RIG_FLASH_SIZE, 4096, 1); /* erased: the rig's own start was without */
    rig_restart_chip(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x60, &rig_data, MICO_SPAN(value)), MICO_OK);
}

static int start_inside(void **state)
{
    start_chip(false);
    return 0;
}

static int start_outside(void **state)
{
    start_chip(true);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

/* One of the things that a chip's life has; what the driver was told. */
static mico_err live(unsigned step)
{
    static const uint8_t digest[32];
    static const struct mscp_attributes counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION};
    struct mico_span none = {NULL, 0};
    rig.now_ms += 2000;
    switch (step % 5) {
    case 0:
        return mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, step + 1);
    case 1:
        value[0] = (uint8_t)step;
        return mscp_host_write(&rig.host, 0x60, MICO_SPAN(value));
    case 2:
        return mscp_host_create(&rig.host, MSCP_ID_GENERAL, &counter, none);
    case 3:
        return mscp_host_delete(&rig.host, MSCP_ID_GENERAL);
    default:
        return mscp_host_measure(&rig.host, 0, digest) == MICO_ERR_DENIED ? MICO_OK : MICO_ERR_IO; /* an audit entry */
    }
}

static mico_err any_command(void)
{
    uint8_t random[4];
    rig_new_host(&rig, &binding);
    return mscp_host_random(&rig.host, random, sizeof random);
}

static void expect_rollback(void)
{
    struct mscp_info info;
    rig_restart_chip(&rig);
    assert_int_equal(rig.flash.operations, 0);
    assert_int_equal(any_command(), MICO_ERR_ROLLBACK);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_ROLLBACK);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_int_equal(rig.flash.operations, 0); /* nothing was written */
}

/* The flash of another moment, with the anchor of this one. */
static void put_back(const uint8_t *flash)
{
    static uint8_t anchor[2 * 4096];
    memcpy(anchor, rig.flash.bytes + MSCP_CHIP_ANCHOR_ADDRESS, sizeof anchor);
    memcpy(rig.flash.bytes, flash, RIG_FLASH_SIZE);
    memcpy(rig.flash.bytes + MSCP_CHIP_ANCHOR_ADDRESS, anchor, sizeof anchor);
}

static void the_flash_after_every_earlier_operation_put_back_is_rollback(void **state)
{
    static uint8_t flash[RIG_FLASH_SIZE], latest[RIG_FLASH_SIZE];
    journal_start(&rig);
    memcpy(flash, rig.flash.bytes, sizeof flash);
    for (unsigned i = 0; i < STEPS_PUT_BACK; i++) {
        assert_int_equal(live(i), MICO_OK); /* the last one raises the counter */
    }
    journal_stop(&rig);
    memcpy(latest, rig.flash.bytes, sizeof latest);
    unsigned last = journal_last_in(MSCP_CHIP_STORE_ADDRESS, MSCP_CHIP_STORE_SIZE);
    print_message("%u operations\n", last);
    assert_true(last > 4 * STEPS_PUT_BACK);
    put_back(flash);
    expect_rollback();
    for (unsigned i = 0; i + 1 < last; i++) {
        journal_apply(i, flash);
        put_back(flash);
        expect_rollback();
    }
    put_back(latest);
    rig_restart_chip(&rig);
    assert_int_equal(any_command(), MICO_OK);
}

static void an_erased_flash_is_earlier_still(void **state)
{
    static uint8_t erased[RIG_FLASH_SIZE];
    memset(erased, 0xFF, sizeof erased);
    put_back(erased);
    expect_rollback();
}

static void the_latest_state_is_none_over_many_moves_of_the_store_and_of_the_count(void **state)
{
    for (unsigned i = 0; i < LIFE; i++) { /* over the border of the store's halves, and of the count's sectors */
        assert_int_equal(live(i), MICO_OK);
        if (i % 100 == 0) {
            rig_restart_chip(&rig);
            assert_int_equal(any_command(), MICO_OK);
        }
    }
    assert_true(rig.chip.store.sequence > 1 || LIFE < 3000);
    assert_true(rig.chip.writes > 4096 || LIFE < 3000); /* a sector of the count holds 4,080 */
}

/* Power lost at each operation of each kind of step: never taken for a flash that was put back, and what was acknowledged stands. */
static void a_cut_at_any_operation_is_not_taken_for_a_flash_that_was_put_back(void **state)
{
    static uint8_t before[RIG_FLASH_SIZE];
    for (unsigned step = 10; step < 15; step++) {
        memcpy(before, rig.flash.bytes, sizeof before);
        uint64_t anchor = rig.anchor;
        bool cut = true;
        for (unsigned operation = 1; cut; operation++) {
            memcpy(rig.flash.bytes, before, sizeof before);
            rig.anchor = anchor; /* the cut machine, not the one of the round before */
            rig_restart_chip(&rig);
            assert_int_equal(any_command(), MICO_OK);
            rig.host.timeout_ms = 10;
            rig.flash.cut = (struct test_flash_cut){rig.flash.operations + operation, TEST_TEAR_MIXED, operation};
            mico_err err = live(step);
            cut = rig.flash.dead;
            assert_true(cut || err == MICO_OK);
            uint64_t writes = rig.chip.writes, counter = 0;
            rig_restart_chip(&rig);
            assert_int_equal(rig.chip.untrusted, MSCP_OK);
            assert_true(rig.chip.writes >= writes);
            rig_new_host(&rig, &binding);
            assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &counter), MICO_OK);
            assert_true(step != 10 || err != MICO_OK || counter == 11);
        }
    }
}

static void an_anchor_that_does_not_rise_stops_the_chip(void **state)
{
    assert_int_equal(any_command(), MICO_OK);
    rig.anchor_broken = true;
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 50), MICO_ERR_IO);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_STORAGE);
    assert_int_equal(any_command(), MICO_ERR_IO);
    rig.anchor_broken = false;
    rig_restart_chip(&rig);
    assert_int_equal(any_command(), MICO_OK);
}

/* ---- the count in the flash, by itself ---- */

static uint8_t memory[MSCP_CHIP_STORE_ADDRESS];
static struct test_flash flash;
static struct mscp_chip chip;

static uint64_t count_now(void)
{
    uint64_t count = 0;
    test_flash_power_on(&flash);
    memset(&chip, 0, sizeof chip);
    chip.platform.flash = &flash.flash;
    assert_int_equal(mscp_anchor_read(&chip, &count), MICO_OK);
    return count;
}

/* Raise by one with power lost at one operation, and again as the next start does. False when it ended before. */
static bool raise_cut(uint64_t from, uint64_t operation, enum test_flash_tear tear)
{
    assert_int_equal(count_now(), from);
    flash.cut = (struct test_flash_cut){operation, tear, from * 31 + operation};
    mico_err err = mscp_anchor_raise(&chip, from + 1);
    bool cut = flash.dead;
    assert_true(cut ? err != MICO_OK : err == MICO_OK);
    uint64_t now = count_now();
    assert_true(now == from + 1 || (cut && now == from));
    assert_int_equal(mscp_anchor_raise(&chip, from + 1), MICO_OK);
    assert_int_equal(count_now(), from + 1);
    return cut;
}

static void the_count_in_flash_survives_a_cut_at_every_operation(void **state)
{
    static const struct {
        uint32_t sector, unit;
    } shapes[] = {{256, 1}, {512, 8}, {4096, 256}, {1024, 32}};
    static uint8_t before[sizeof memory];
    for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++) {
        test_flash_init(&flash, memory, sizeof memory, shapes[shape].sector, shapes[shape].unit);
        const uint32_t enough =
            COUNT_TURNS * shapes[shape].sector / shapes[shape].unit; /* both sectors, and over their border */
        for (uint64_t count = 0; count < enough; count++) {
            memcpy(before, memory, sizeof before);
            for (enum test_flash_tear tear = TEST_TEAR_PREFIX; tear <= TEST_TEAR_MIXED; tear++) {
                bool cut = true;
                for (uint64_t operation = 1; cut; operation++) {
                    memcpy(memory, before, sizeof before);
                    cut = raise_cut(count, operation, tear);
                }
            }
        }
        assert_false(flash.misused);
    }
}

static void a_count_that_is_far_behind_is_raised_at_once(void **state)
{
    test_flash_init(&flash, memory, sizeof memory, 4096, 1);
    count_now();
    assert_int_equal(mscp_anchor_raise(&chip, 5), MICO_OK);
    assert_int_equal(mscp_anchor_raise(&chip, UINT64_C(0x123456789ABC)), MICO_OK);
    assert_int_equal(mscp_anchor_raise(&chip, 7), MICO_OK); /* never falls */
    assert_int_equal(count_now(), UINT64_C(0x123456789ABC));
}

static void a_flash_whose_sectors_leave_no_room_for_the_count_is_refused(void **state)
{
    uint64_t count;
    test_flash_init(&flash, memory, sizeof memory, 32768, 1);
    memset(&chip, 0, sizeof chip);
    chip.platform.flash = &flash.flash;
    assert_int_equal(mscp_anchor_read(&chip, &count), MICO_ERR_PARAM);
}

#define INSIDE(test) cmocka_unit_test_setup_teardown(test, start_inside, end)
#define OUTSIDE(test) cmocka_unit_test_setup_teardown(test, start_outside, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        INSIDE(the_flash_after_every_earlier_operation_put_back_is_rollback),
        OUTSIDE(the_flash_after_every_earlier_operation_put_back_is_rollback),
        INSIDE(an_erased_flash_is_earlier_still),
        OUTSIDE(an_erased_flash_is_earlier_still),
        INSIDE(the_latest_state_is_none_over_many_moves_of_the_store_and_of_the_count),
        INSIDE(a_cut_at_any_operation_is_not_taken_for_a_flash_that_was_put_back),
        OUTSIDE(a_cut_at_any_operation_is_not_taken_for_a_flash_that_was_put_back),
        OUTSIDE(an_anchor_that_does_not_rise_stops_the_chip),
        cmocka_unit_test(the_count_in_flash_survives_a_cut_at_every_operation),
        cmocka_unit_test(a_count_that_is_far_behind_is_raised_at_once),
        cmocka_unit_test(a_flash_whose_sectors_leave_no_room_for_the_count_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
