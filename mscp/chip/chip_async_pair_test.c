/* SPDX-License-Identifier: Apache-2.0 */
/* Pairing and re-pairing by a driver that is polled: every fault of the line at every frame, a silent chip, a caller who gives up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_rig.h"
#include "mscp/host/mscp_async.h"

#define FRAMES 8 /* there and back: two of the handshake, a session, a record */

static struct rig rig;
static struct mscp_binding binding, none;
static struct mscp_async op;
static unsigned calls;
static mico_err result;

static int start(void **state)
{
    rig_start(&rig);
    memset(&binding, 0, sizeof binding);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void on_done(void *ctx, mico_err err)
{
    assert_ptr_equal(ctx, &rig);
    calls++;
    result = err;
}

static void begin(void)
{
    calls = 0;
    assert_int_equal(mscp_async_pair(&rig.host, &op, &binding, on_done, &rig), MICO_OK);
}

static void expect_linked(void)
{
    uint8_t random[4];
    assert_int_equal(mscp_host_random(&rig.host, random, sizeof random), MICO_OK);
}

/* Neither end is stranded: the chip takes another pairing. */
static void expect_pairs_again(void)
{
    uint64_t none_of_it = 0;
    rig_fault_at(&rig, 0, RIG_NONE, 0);
    rig_drop_from(&rig, 0);
    assert_memory_equal(&binding, &none, sizeof none); /* written on success only */
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &none_of_it), MICO_ERR_STATE); /* not bound */
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    expect_linked();
}

static void pairing_is_done_when_the_chip_keeps_it_and_not_before(void **state)
{
    begin();
    assert_int_equal(calls, 0);
    assert_false(rig.chip.paired);
    assert_memory_equal(&binding, &none, sizeof none);
    rig_poll_to_end(&rig);
    assert_int_equal(calls, 1);
    assert_int_equal(result, MICO_OK);
    assert_true(rig.chip.paired);
    assert_memory_equal(rig.chip.pairing.host_public, binding.host_public, 32);
    assert_memory_equal(rig.chip.serial, binding.serial, MSCP_SERIAL_SIZE);
    assert_int_equal(rig.frame_count, FRAMES);
    expect_linked();
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding); /* what a program keeps in its flash */
    expect_linked();
}

static void meanwhile_all_else_is_busy_and_disturbs_nothing(void **state)
{
    static struct mscp_async other;
    struct mscp_binding second;
    struct mscp_info info;
    uint8_t out[4];
    begin();
    assert_int_equal(mscp_async_pair(&rig.host, &other, &second, on_done, &rig), MICO_ERR_BUSY);
    assert_int_equal(mscp_async_repair_stage(&rig.host, &other, &second, on_done, &rig), MICO_ERR_BUSY);
    assert_int_equal(mscp_async_random(&rig.host, &other, out, sizeof out, on_done, &rig), MICO_ERR_BUSY);
    assert_int_equal(mscp_host_pair(&rig.host, &second), MICO_ERR_BUSY);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_ERR_BUSY);
    rig_poll_to_end(&rig);
    assert_int_equal(calls, 1);
    assert_int_equal(result, MICO_OK);
    assert_int_equal(mscp_async_pair(&rig.host, &op, &second, on_done, &rig), MICO_ERR_STATE); /* it is bound */
}

static void a_fault_at_any_frame_ends_in_a_pairing_or_in_none(void **state)
{
    unsigned paired = 0, tried = 0;
    for (int fault = RIG_NONE + 1; fault < RIG_FAULTS; fault++) {
        for (unsigned frame = 1; frame <= FRAMES; frame++) {
            start(NULL);
            rig_fault_at(&rig, frame, (enum rig_fault)fault, 8 * 9 + frame * 37);
            begin();
            rig_poll_to_end(&rig);
            assert_int_equal(calls, 1);
            tried++;
            if (result == MICO_OK) {
                expect_linked();
                paired++;
            } else {
                expect_pairs_again();
            }
        }
    }
    assert_in_range(paired, tried / 4, tried - 1);
    print_message("%u of %u pairings survived a fault\n", paired, tried);
}

static void a_chip_that_falls_silent_is_a_timeout(void **state)
{
    for (unsigned frame = 1; frame <= FRAMES; frame++) {
        start(NULL);
        rig_drop_from(&rig, frame);
        begin();
        assert_true(rig_poll_to_end(&rig) > 1);
        assert_int_equal(calls, 1);
        assert_int_equal(result, MICO_ERR_TIMEOUT);
        expect_pairs_again();
    }
}

static void a_caller_may_give_up_at_any_frame(void **state)
{
    for (unsigned frame = 1; frame <= FRAMES; frame++) {
        start(NULL);
        rig_drop_from(&rig, frame);
        begin();
        assert_true(mscp_async_poll(&rig.host, rig.now_ms));
        mscp_async_cancel(&rig.host);
        assert_int_equal(calls, 1);
        assert_int_equal(result, MICO_ERR_CLOSED);
        assert_false(mscp_async_poll(&rig.host, rig.now_ms));
        expect_pairs_again();
    }
}

/* ---- another pairing, which the owner allows ---- */

static const uint8_t owner[34] = {MSCP_AUTH_HMAC, 5, 0x0E};

static void provide_an_owner(void)
{
    static const struct mscp_attributes auth = {.type = MSCP_AUTH};
    start(NULL);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_OWNER, &auth, MICO_SPAN(owner)), MICO_OK);
}

static mico_err stage(struct mscp_binding *made)
{
    calls = 0;
    assert_int_equal(mscp_async_repair_stage(&rig.host, &op, made, on_done, &rig), MICO_OK);
    rig_poll_to_end(&rig);
    assert_int_equal(calls, 1);
    return result;
}

static mico_err step(uint8_t number)
{
    const struct mscp_give give[] = {MSCP_GIVE_NUMBER(STEP, number)};
    calls = 0;
    assert_int_equal(mscp_async_do(&rig.host, &op, MSCP_REPAIR, give, 1, NULL, 0, on_done, &rig), MICO_OK);
    rig_poll_to_end(&rig);
    return result;
}

static void another_host_takes_over_without_waiting(void **state)
{
    struct mscp_binding made = {0};
    provide_an_owner();
    rig_new_host(&rig, NULL);
    assert_int_equal(stage(&made), MICO_OK);
    assert_memory_equal(made.serial, binding.serial, MSCP_SERIAL_SIZE);
    assert_memory_equal(made.chip_public, binding.chip_public, 32);
    assert_memory_not_equal(made.key, binding.key, 32);
    assert_int_equal(step(1), MICO_ERR_AUTH); /* the owner has not said so */
    assert_int_equal(mscp_host_auth_secret(&rig.host, MSCP_ID_OWNER, owner + 2, NULL), MICO_OK);
    assert_int_equal(step(1), MICO_OK);
    assert_int_equal(step(2), MICO_OK);
    expect_linked();
    rig_new_host(&rig, &binding);
    uint8_t random[4];
    assert_int_not_equal(mscp_host_random(&rig.host, random, sizeof random), MICO_OK); /* the old one is gone */
}

static void staging_that_fails_leaves_the_binding_that_stands(void **state)
{
    for (unsigned frame = 1; frame <= 4; frame++) {
        struct mscp_binding made = {0};
        provide_an_owner();
        rig_drop_from(&rig, frame);
        assert_int_equal(stage(&made), MICO_ERR_TIMEOUT);
        assert_memory_equal(&made, &none, sizeof none);
        rig_drop_from(&rig, 0);
        expect_linked();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pairing_is_done_when_the_chip_keeps_it_and_not_before, start, end),
        cmocka_unit_test_setup_teardown(meanwhile_all_else_is_busy_and_disturbs_nothing, start, end),
        cmocka_unit_test_setup_teardown(a_fault_at_any_frame_ends_in_a_pairing_or_in_none, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_falls_silent_is_a_timeout, start, end),
        cmocka_unit_test_setup_teardown(a_caller_may_give_up_at_any_frame, start, end),
        cmocka_unit_test_setup_teardown(another_host_takes_over_without_waiting, start, end),
        cmocka_unit_test_setup_teardown(staging_that_fails_leaves_the_binding_that_stands, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
