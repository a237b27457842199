/* SPDX-License-Identifier: Apache-2.0 */
/* The driver that is polled: every fault of the line at every frame, time-outs, and a chip that is reset, cut off, replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_rig.h"
#include "mscp/host/mscp_async.h"

static struct rig rig;
static struct mscp_binding binding;
static struct mscp_async op;
static uint8_t transcript[2048];
static size_t transcript_len;
static uint8_t identity_key[32];

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    transcript_len = rig_transcript(transcript, sizeof transcript);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity_key), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static unsigned calls;
static mico_err result;

static void on_done(void *ctx, mico_err err)
{
    calls++;
    result = err;
}

static mico_err begin_sign(uint8_t signature[64])
{
    calls = 0;
    return mscp_async_sign(&rig.host, &op, MSCP_ID_IDENTITY, (struct mico_span){transcript, transcript_len}, signature,
                           on_done, NULL);
}

static mico_err begin_increment(void)
{
    calls = 0;
    mscp_async_begin(&op, MSCP_INCREMENT_COUNTER);
    mscp_put_u32(&op.head, MSCP_TAG_ID, MSCP_ID_ROLLBACK);
    return mscp_async_submit(&rig.host, &op, on_done, NULL);
}

static uint64_t counter(void)
{
    uint64_t value = 0;
    rig_fault_at(&rig, 0, RIG_NONE, 0);
    rig.drop_from = 0;
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    return value;
}

static void assert_signature(const uint8_t signature[64])
{
    assert_int_equal(calls, 1);
    assert_int_equal(result, MICO_OK);
    assert_int_equal(mico_ed25519_verify(identity_key, (struct mico_span){transcript, transcript_len}, signature),
                     MICO_OK);
}

static void a_command_is_done_when_its_answer_is_there_and_not_before(void **state)
{
    uint8_t signature[64] = {0}, random[100] = {0};
    assert_false(mscp_async_poll(&rig.host, rig.now_ms)); /* nothing to do */
    assert_int_equal(begin_sign(signature), MICO_OK);
    assert_int_equal(calls, 0);
    assert_true(mscp_async_wait_ms(&rig.host, rig.now_ms) > 0);
    rig_poll_to_end(&rig);
    assert_signature(signature);
    assert_false(mscp_async_poll(&rig.host, rig.now_ms));
    assert_int_equal(mscp_async_wait_ms(&rig.host, rig.now_ms), 0);
    calls = 0;
    assert_int_equal(mscp_async_random(&rig.host, &op, random, sizeof random, on_done, NULL), MICO_OK);
    rig_poll_to_end(&rig);
    assert_int_equal(result, MICO_OK);
    assert_false(mico_ct_is_zero(random, sizeof random));
}

static void a_second_command_meanwhile_is_busy_and_disturbs_nothing(void **state)
{
    static struct mscp_async other;
    uint8_t signature[64], out[64];
    uint64_t value;
    struct mscp_info info;
    assert_int_equal(begin_sign(signature), MICO_OK);
    assert_int_equal(mscp_async_random(&rig.host, &other, out, sizeof out, on_done, NULL), MICO_ERR_BUSY);
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_ERR_BUSY);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_ERR_BUSY);
    rig_poll_to_end(&rig);
    assert_signature(signature);
}

static unsigned chained;

static void begin_next(void *ctx, mico_err err)
{
    assert_int_equal(err, MICO_OK);
    if (++chained < 5) {
        assert_int_equal(mscp_async_random(&rig.host, &op, ctx, 16, begin_next, ctx), MICO_OK);
    }
}

static void the_next_command_may_begin_where_the_last_one_ends(void **state)
{
    uint8_t random[16];
    chained = 0;
    assert_int_equal(mscp_async_random(&rig.host, &op, random, 16, begin_next, random), MICO_OK);
    rig_poll_to_end(&rig);
    assert_int_equal(chained, 5);
}

static void any_fault_at_any_frame_is_survived_and_increments_count_once(void **state)
{
    uint8_t signature[64];
    for (int fault = RIG_NONE + 1; fault < RIG_FAULTS; fault++) {
        for (unsigned frame = 1; frame <= 6; frame++) { /* the handshake, and the message's two pieces */
            mscp_host_stop(&rig.host);
            rig_new_host(&rig, &binding);
            rig_fault_at(&rig, frame, (enum rig_fault)fault, 8 * 9 + frame * 37);
            assert_int_equal(begin_sign(signature), MICO_OK);
            rig_poll_to_end(&rig);
            if (result != MICO_OK) { /* one fault costs the caller one repetition at most */
                assert_int_equal(begin_sign(signature), MICO_OK);
                rig_poll_to_end(&rig);
            }
            assert_signature(signature);
        }
        for (unsigned frame = 1; frame <= 4; frame++) {
            mscp_host_stop(&rig.host);
            rig_new_host(&rig, &binding);
            uint64_t before = counter();
            mscp_host_stop(&rig.host);
            rig_new_host(&rig, &binding);
            rig_fault_at(&rig, frame, (enum rig_fault)fault, 8 * 9 + frame * 37);
            assert_int_equal(begin_increment(), MICO_OK);
            rig_poll_to_end(&rig);
            assert_int_equal(calls, 1);
            uint64_t after = counter();
            /* Done, or lost and perhaps done; never twice. */
            assert_true(result == MICO_OK ? after == before + 1 : after <= before + 1);
        }
    }
}

static void a_chip_that_is_cut_off_is_waited_for_twice_as_long_as_said(void **state)
{
    uint8_t signature[64];
    rig.host.timeout_ms = 300;
    rig.off = true;
    uint64_t from = rig.now_ms;
    assert_int_equal(begin_sign(signature), MICO_OK);
    rig_poll_to_end(&rig);
    assert_int_equal(calls, 1);
    assert_int_equal(result, MICO_ERR_TIMEOUT);
    assert_in_range(rig.now_ms - from, 600, 700);
    rig.off = false;
    assert_int_equal(begin_sign(signature), MICO_OK);
    rig_poll_to_end(&rig);
    assert_signature(signature);
}

static void an_increment_whose_answer_is_lost_is_not_sent_again(void **state)
{
    uint64_t before = counter();
    rig_fault_at(&rig, 2, RIG_DROP, 0);
    assert_int_equal(begin_increment(), MICO_OK);
    rig_poll_to_end(&rig);
    assert_int_equal(result, MICO_ERR_TIMEOUT);
    assert_int_equal(counter(), before + 1);
}

static void a_chip_that_is_reset_in_the_middle_is_asked_again(void **state)
{
    uint8_t signature[64];
    assert_int_equal(begin_sign(signature), MICO_OK); /* the first piece is there, its answer on the way */
    rig_restart_chip(&rig);
    rig_poll_to_end(&rig);
    assert_signature(signature);
    rig_restart_chip(&rig);
    assert_int_equal(begin_sign(signature), MICO_OK);
    rig_poll_to_end(&rig);
    assert_signature(signature);
}

static void a_chip_in_the_place_of_the_bound_one_gets_nothing_signed(void **state)
{
    static struct mscp_binding others;
    uint8_t signature[64];
    rig_start(&rig); /* another root, another pairing */
    rig_provision(&rig, &others, true);
    rig_new_host(&rig, &binding);
    assert_int_equal(begin_sign(signature), MICO_OK);
    rig_poll_to_end(&rig);
    assert_int_equal(calls, 1);
    assert_int_equal(result, MICO_ERR_AUTH);
}

static void a_chip_that_asks_to_wait_is_waited_for(void **state)
{
    uint8_t signature[64], nonsense[48 + 3] = {0x16, 48, 0};
    for (unsigned i = 0; i < 12; i++) { /* somebody else guesses */
        (void)rig_clear(&rig, MSCP_OPEN_SESSION, MICO_SPAN(nonsense), NULL);
        rig.now_ms += i < 9 ? 10 : 200;
    }
    mscp_host_stop(&rig.host);
    rig_new_host(&rig, &binding);
    (void)rig_clear(&rig, MSCP_OPEN_SESSION, MICO_SPAN(nonsense), NULL);
    uint64_t from = rig.now_ms;
    assert_int_equal(begin_sign(signature), MICO_OK);
    rig_poll_to_end(&rig);
    assert_signature(signature);
    assert_true(rig.now_ms > from);
}

static void a_cancelled_command_says_so_and_the_next_one_works(void **state)
{
    uint8_t signature[64];
    uint32_t sessions = rig.host.sessions;
    assert_int_equal(begin_sign(signature), MICO_OK);
    mscp_async_cancel(&rig.host);
    assert_int_equal(calls, 1);
    assert_int_equal(result, MICO_ERR_CLOSED);
    mscp_async_cancel(&rig.host); /* nothing to cancel */
    assert_int_equal(calls, 1);
    assert_int_equal(begin_sign(signature), MICO_OK);
    rig_poll_to_end(&rig);
    assert_signature(signature);
    assert_int_equal(rig.host.sessions, sessions + 1);
    assert_int_equal(begin_sign(signature), MICO_OK);
    mscp_host_stop(&rig.host); /* cancels too */
    assert_int_equal(result, MICO_ERR_CLOSED);
}

static void what_the_chip_denies_is_denied_and_what_does_not_fit_is_not_sent(void **state)
{
    uint8_t out[64];
    calls = 0;
    assert_int_equal(mscp_async_sign(&rig.host, &op, MSCP_ID_PAIRING, MICO_SPAN(transcript), out, on_done, NULL),
                     MICO_OK);
    rig_poll_to_end(&rig);
    assert_int_equal(result, MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_SHAPE);
    assert_int_equal(mscp_async_random(&rig.host, &op, out, 1025, on_done, NULL), MICO_ERR_SIZE);
    static const uint8_t long_message[MSCP_MESSAGE_MAX + 1];
    assert_int_equal(mscp_async_mac(&rig.host, &op, 1, MICO_SPAN(long_message), out, on_done, NULL), MICO_ERR_SIZE);
    rig_new_host(&rig, NULL);
    assert_int_equal(begin_sign(out), MICO_ERR_STATE);
    assert_int_equal(calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_is_done_when_its_answer_is_there_and_not_before, start, end),
        cmocka_unit_test_setup_teardown(a_second_command_meanwhile_is_busy_and_disturbs_nothing, start, end),
        cmocka_unit_test_setup_teardown(the_next_command_may_begin_where_the_last_one_ends, start, end),
        cmocka_unit_test_setup_teardown(any_fault_at_any_frame_is_survived_and_increments_count_once, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_is_cut_off_is_waited_for_twice_as_long_as_said, start, end),
        cmocka_unit_test_setup_teardown(an_increment_whose_answer_is_lost_is_not_sent_again, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_is_reset_in_the_middle_is_asked_again, start, end),
        cmocka_unit_test_setup_teardown(a_chip_in_the_place_of_the_bound_one_gets_nothing_signed, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_asks_to_wait_is_waited_for, start, end),
        cmocka_unit_test_setup_teardown(a_cancelled_command_says_so_and_the_next_one_works, start, end),
        cmocka_unit_test_setup_teardown(what_the_chip_denies_is_denied_and_what_does_not_fit_is_not_sent, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
