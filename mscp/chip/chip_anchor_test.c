/* SPDX-License-Identifier: Apache-2.0 */
/* A chip with an anchor: every earlier state of its flash, put back whole, is ROLLBACK, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;
static uint8_t value[3000];

static void start_anchored(void)
{
    rig_start(&rig);
    rig.anchored = true;
    test_flash_init(&rig.flash, rig.flash.bytes, RIG_FLASH_SIZE, 4096, 1); /* erased: the rig's own start was without */
    rig_restart_chip(&rig);
}

static int start(void **state)
{
    start_anchored();
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x60, &rig_data, MICO_SPAN(value)), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

/* One of the things that a chip's life has. */
static void live(unsigned step)
{
    static const uint8_t digest[32];
    static const struct mscp_attributes counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION};
    struct mico_span none = {NULL, 0};
    rig.now_ms += 2000;
    switch (step % 5) {
    case 0:
        assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, step + 1), MICO_OK);
        break;
    case 1:
        value[0] = (uint8_t)step;
        assert_int_equal(mscp_host_write(&rig.host, 0x60, MICO_SPAN(value)), MICO_OK);
        break;
    case 2:
        assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_GENERAL, &counter, none), MICO_OK);
        break;
    case 3:
        assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_GENERAL), MICO_OK);
        break;
    default:
        assert_int_equal(mscp_host_measure(&rig.host, 0, digest), MICO_ERR_DENIED); /* an audit entry */
        break;
    }
}

static mico_err any_command(void)
{
    uint8_t random[4];
    rig_new_host(&rig, &binding);
    return mscp_host_random(&rig.host, random, sizeof random);
}

#define STEPS 40

static void every_earlier_state_put_back_is_rollback(void **state)
{
    static uint8_t *snapshots[STEPS];
    struct mscp_info info;
    for (unsigned i = 0; i < STEPS; i++) {
        snapshots[i] = malloc(RIG_FLASH_SIZE);
        assert_non_null(snapshots[i]);
        memcpy(snapshots[i], rig.flash.bytes, RIG_FLASH_SIZE);
        live(i);
    }
    for (unsigned i = 0; i < STEPS; i++) {
        uint64_t operations = rig.flash.operations;
        memcpy(rig.flash.bytes, snapshots[i], RIG_FLASH_SIZE);
        rig_restart_chip(&rig);
        assert_int_equal(any_command(), MICO_ERR_ROLLBACK);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_ROLLBACK);
        assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
        assert_true(rig.flash.operations <= operations); /* nothing was written */
        free(snapshots[i]);
    }
    test_flash_init(&rig.flash, rig.flash.bytes, RIG_FLASH_SIZE, 4096, 1); /* erased is earlier still */
    rig_restart_chip(&rig);
    assert_int_equal(any_command(), MICO_ERR_ROLLBACK);
}

static void the_latest_state_is_none_over_many_moves_of_the_store(void **state)
{
    for (unsigned i = 0; i < 900; i++) { /* over the border of the store's halves */
        live(i);
        if (i % 100 == 0) {
            rig_restart_chip(&rig);
            assert_int_equal(any_command(), MICO_OK);
        }
    }
    assert_true(rig.chip.store.sequence > 1);
}

static void a_cut_at_any_operation_is_not_taken_for_a_flash_that_was_put_back(void **state)
{
    static uint8_t before[RIG_FLASH_SIZE];
    for (unsigned step = 0; step < 5; step++) {
        start(NULL);
        for (unsigned i = 0; i < step; i++) {
            live(i);
        }
        rig.host.timeout_ms = 10;
        memcpy(before, rig.flash.bytes, sizeof before);
        uint64_t anchor = rig.anchor;
        bool cut = true;
        for (unsigned operation = 1; cut; operation++) {
            memcpy(rig.flash.bytes, before, sizeof before);
            rig.anchor = anchor; /* the cut machine, not the one of the round before */
            rig_restart_chip(&rig);
            assert_int_equal(any_command(), MICO_OK);
            rig.host.timeout_ms = 10;
            uint64_t value_now = 0;
            rig.flash.cut = (struct test_flash_cut){rig.flash.operations + operation, TEST_TEAR_MIXED, operation};
            mico_err ignored = mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 99);
            (void)ignored;
            cut = rig.flash.dead;
            rig_restart_chip(&rig);
            rig_new_host(&rig, &binding);
            assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value_now), MICO_OK);
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

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(every_earlier_state_put_back_is_rollback),
        STARTED(the_latest_state_is_none_over_many_moves_of_the_store),
        STARTED(a_cut_at_any_operation_is_not_taken_for_a_flash_that_was_put_back),
        STARTED(an_anchor_that_does_not_rise_stops_the_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
