/* SPDX-License-Identifier: Apache-2.0 */
/* Who may pair and open sessions, when, and what failing at it costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;

static int start(void **state)
{
    rig_start(&rig);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static mico_err any_command(void)
{
    uint8_t bytes[8];
    return mscp_host_random(&rig.host, bytes, sizeof bytes);
}

static void a_binding_of_another_chip_or_a_changed_key_opens_nothing(void **state)
{
    rig_provision(&rig, &binding, true);
    for (unsigned part = 0; part < 3; part++) {
        struct mscp_binding wrong = binding;
        uint8_t *field = part == 0 ? wrong.key : part == 1 ? wrong.chip_public : wrong.host_private;
        field[7] ^= 4;
        rig_new_host(&rig, &wrong);
        rig.host.timeout_ms = 100;
        assert_int_equal(any_command(), MICO_ERR_AUTH);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_FAILED);
    }
    rig_new_host(&rig, &binding);
    assert_int_equal(any_command(), MICO_OK);
}

static void without_a_binding_only_info_and_pair_work(void **state)
{
    struct mscp_info info;
    assert_int_equal(any_command(), MICO_ERR_STATE);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
}

static void a_second_pairing_is_refused_once_there_is_an_object(void **state)
{
    struct mscp_binding other, before = binding;
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_pair(&rig.host, &other), MICO_ERR_STATE); /* by the driver, which is bound */
    before = binding;
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_pair(&rig.host, &other), MICO_ERR_STATE); /* by the chip */
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_ALREADY_PAIRED);
    rig_new_host(&rig, &before);
    assert_int_equal(any_command(), MICO_OK);
}

static void a_host_that_lost_its_half_before_the_first_object_may_pair_again(void **state)
{
    struct mscp_binding lost;
    assert_int_equal(mscp_host_pair(&rig.host, &lost), MICO_OK);
    rig_restart_chip(&rig);
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(any_command(), MICO_OK);
    rig_new_host(&rig, &lost);
    rig.host.timeout_ms = 100;
    assert_int_equal(any_command(), MICO_ERR_AUTH);
}

/* Go through XX as a second host, and stop before the confirming session. */
static void stage(void)
{
    rig_new_host(&rig, NULL);
    rig.host.timeout_ms = 10;
    rig_drop_from(&rig, 5); /* 1..4 are XX; 5 would open the session */
    struct mscp_binding never;
    assert_int_not_equal(mscp_host_pair(&rig.host, &never), MICO_OK);
    rig_drop_from(&rig, 0);
    assert_true(rig.chip.staged);
}

static void a_staged_pairing_is_forgotten_when_power_goes(void **state)
{
    struct mscp_info info;
    stage();
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_false(info.paired);
    rig_restart_chip(&rig);
    assert_false(rig.chip.staged);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_false(info.paired);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
}

static void a_pairing_staged_before_the_first_object_cannot_be_committed_after_it(void **state)
{
    uint8_t key[32];
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    stage(); /* somebody else, in the factory, who waits */
    rig_new_host(&rig, &binding);
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_IDENTITY, &rig_identity, key), MICO_OK);
    uint8_t message[48] = {9};
    uint8_t body[51] = {0x16, 48, 0};
    memcpy(body + 3, message, 48);
    assert_int_equal(rig_clear(&rig, MSCP_OPEN_SESSION, MICO_SPAN(body), NULL), MSCP_AUTH_FAILED);
    assert_false(rig.chip.staged); /* the first handshake after it throws the staged pairing away */
    assert_true(mico_ct_is_zero(&rig.chip.staged_pairing, sizeof rig.chip.staged_pairing));
}

static void a_candidate_of_one_staged_pairing_does_not_commit_another(void **state)
{
    struct mscp_binding mine;
    rig_new_host(&rig, NULL);
    rig.host.timeout_ms = 10;
    rig_drop_from(&rig, 7); /* XX is 1..4, the session 5 and 6, the confirming record 7 */
    assert_int_not_equal(mscp_host_pair(&rig.host, &mine), MICO_OK);
    rig_drop_from(&rig, 0);
    assert_true(rig.chip.candidate.open && rig.chip.candidate_by == MSCP_BY_STAGED);
    uint32_t id = rig.chip.candidate.id;
    struct mscp_session keys = rig.chip.candidate;
    stage(); /* another host's XX takes its place */
    assert_false(rig.chip.candidate.open);
    rig.host.session = keys;
    assert_int_equal(rig.host.session.id, id);
    assert_int_equal(rig_record(&rig, MSCP_GET_INFO, (struct mico_span){NULL, 0}, 0, NULL), MSCP_SESSION_INVALID);
    assert_false(rig.chip.paired);
}

static void an_opened_but_unused_session_replaces_nothing(void **state)
{
    rig_provision(&rig, &binding, true);
    uint32_t id = rig.chip.session.id;
    for (unsigned i = 0; i < rig.frame_count; i++) { /* replay every handshake that passed */
        if (rig.frames[i].to_chip) {
            (void)rig_inject(&rig, rig.trace + rig.frames[i].at, rig.frames[i].len, NULL);
        }
        if (!rig.chip.session.open) {
            break; /* a record of the live session was among them: that one does close it */
        }
        assert_int_equal(rig.chip.session.id, id);
    }
    assert_int_equal(any_command(), MICO_OK);
}

static void guessing_is_slowed_and_the_rightful_host_waits_at_most_a_second(void **state)
{
    uint8_t body[51] = {0x16, 48, 0, 9};
    unsigned limited = 0, longest = 0;
    rig_provision(&rig, &binding, true);
    for (unsigned i = 0; i < 2000; i++) {
        struct mscp_response answer;
        int status = rig_clear(&rig, MSCP_OPEN_SESSION, MICO_SPAN(body), &answer);
        assert_true(status == MSCP_AUTH_FAILED || status == MSCP_RATE_LIMITED);
        if (status == MSCP_RATE_LIMITED) {
            limited++;
            longest = answer.detail > longest ? answer.detail : longest;
        }
        rig.now_ms += 1;
    }
    assert_true(limited > 1900); /* two seconds of guessing, one guess a millisecond */
    assert_in_range(longest, 1, 1000);
    assert_int_equal(any_command(), MICO_OK); /* the live session was never held up */
    assert_int_equal(rig.host.sessions, 1);
    rig_new_host(&rig, &binding); /* and a new one waits, by itself */
    uint64_t before = rig.now_ms;
    assert_int_equal(any_command(), MICO_OK);
    assert_in_range(rig.now_ms - before, 0, 1000);
    rig.now_ms += 30000;
    (void)rig_clear(&rig, MSCP_GET_INFO, (struct mico_span){NULL, 0}, NULL);
    assert_int_equal(rig.chip.failures, 0);
}

static void records_out_of_order_close_the_session(void **state)
{
    const uint8_t count[] = {0x07, 2, 0, 4, 0};
    rig_provision(&rig, &binding, true);
    uint64_t next = rig.host.session.next;
    assert_int_equal(rig_record(&rig, MSCP_GET_RANDOM, MICO_SPAN(count), next + 1, NULL), MSCP_REPLAY);
    assert_int_equal(rig_record(&rig, MSCP_GET_RANDOM, MICO_SPAN(count), next, NULL), MSCP_SESSION_INVALID);
    assert_int_equal(any_command(), MICO_OK);
    assert_int_equal(rig.host.sessions, 2);
    next = rig.host.session.next;
    assert_int_equal(rig_record(&rig, MSCP_GET_RANDOM, MICO_SPAN(count), next, NULL), MSCP_OK);
    assert_int_equal(rig_record(&rig, MSCP_GET_RANDOM, MICO_SPAN(count), next, NULL), MSCP_REPLAY);
    assert_false(rig.chip.session.open);
    assert_true(mico_ct_is_zero(&rig.chip.session, sizeof rig.chip.session));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_binding_of_another_chip_or_a_changed_key_opens_nothing, start, end),
        cmocka_unit_test_setup_teardown(without_a_binding_only_info_and_pair_work, start, end),
        cmocka_unit_test_setup_teardown(a_second_pairing_is_refused_once_there_is_an_object, start, end),
        cmocka_unit_test_setup_teardown(a_host_that_lost_its_half_before_the_first_object_may_pair_again, start, end),
        cmocka_unit_test_setup_teardown(a_staged_pairing_is_forgotten_when_power_goes, start, end),
        cmocka_unit_test_setup_teardown(a_pairing_staged_before_the_first_object_cannot_be_committed_after_it, start,
                                        end),
        cmocka_unit_test_setup_teardown(a_candidate_of_one_staged_pairing_does_not_commit_another, start, end),
        cmocka_unit_test_setup_teardown(an_opened_but_unused_session_replaces_nothing, start, end),
        cmocka_unit_test_setup_teardown(guessing_is_slowed_and_the_rightful_host_waits_at_most_a_second, start, end),
        cmocka_unit_test_setup_teardown(records_out_of_order_close_the_session, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
