/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions from the binding key alone, and new keys inside a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    rig_new_host(&rig, &binding);
    assert_int_equal(mscp_host_resume_sessions(&rig.host, true), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static mico_err any_command(void)
{
    uint8_t random[8];
    return mscp_host_random(&rig.host, random, sizeof random);
}

static void a_resumed_session_works_and_each_has_keys_of_its_own(void **state)
{
    assert_int_equal(any_command(), MICO_OK);
    struct mscp_session first = rig.host.session;
    assert_memory_equal(first.to_chip, rig.chip.session.to_chip, 32);
    mscp_host_stop(&rig.host);
    start(NULL);
    assert_int_equal(any_command(), MICO_OK);
    assert_memory_not_equal(first.to_chip, rig.host.session.to_chip, 32);
    assert_memory_not_equal(rig.host.session.to_chip, rig.host.session.to_host, 32);
    uint32_t trips = rig.host.round_trips;
    rig.host.session.open = false;
    assert_int_equal(any_command(), MICO_OK);
    assert_int_equal(rig.host.round_trips - trips, 2); /* the session, the command */
}

static void after_a_restart_of_the_chip_a_handshake_comes_first_and_resuming_again_when_its_boot_counter_is_known(
    void **state)
{
    struct mscp_info info;
    assert_int_equal(any_command(), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(any_command(), MICO_OK);
    assert_int_equal(rig.host.sessions, 2);
    assert_int_equal(rig.host.boot_counter, 0);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_int_equal(rig.host.boot_counter, rig.chip.boot_counter);
    rig.host.session.open = false;
    assert_int_equal(any_command(), MICO_OK);
    assert_true(rig.host.resuming);
}

static void a_host_of_another_binding_gets_no_session(void **state)
{
    struct mscp_binding other = binding;
    uint32_t before = rig.chip.session.id;
    other.key[7] ^= 1;
    rig_new_host(&rig, &other);
    assert_int_equal(mscp_host_resume_sessions(&rig.host, true), MICO_OK);
    rig.host.timeout_ms = 10;
    assert_int_not_equal(any_command(), MICO_OK);
    assert_false(rig.host.session.open);
    assert_int_equal(rig.chip.session.id, before);
}

/* What the attacker can send without a key. */
static int resume_by_hand(uint32_t boot, struct mscp_response *answer)
{
    uint8_t bytes[64];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mscp_put_bytes(&w, MSCP_TAG_NONCE, (const uint8_t[32]){1}, 32);
    mscp_put_u32(&w, MSCP_TAG_BOOT, boot);
    return rig_clear(&rig, MSCP_RESUME_SESSION, (struct mico_span){bytes, w.len}, answer);
}

static void resuming_alone_costs_nobody_a_session_and_every_answer_is_another(void **state)
{
    struct mscp_response answer;
    uint8_t first[128];
    assert_int_equal(any_command(), MICO_OK);
    assert_int_equal(resume_by_hand(rig.chip.boot_counter, &answer), MSCP_OK);
    size_t len = answer.body.len;
    memcpy(first, answer.body.data, len);
    assert_int_equal(resume_by_hand(rig.chip.boot_counter, &answer), MSCP_OK); /* replayed */
    assert_int_equal(answer.body.len, len);
    assert_memory_not_equal(answer.body.data, first, len);
    assert_int_equal(any_command(), MICO_OK);
    assert_int_equal(rig.host.sessions, 1);
    assert_int_equal(resume_by_hand(rig.chip.boot_counter - 1, &answer), MSCP_SESSION_INVALID);
}

/* A piece of a value for object 0x60, past the driver. */
static int write_piece(uint16_t offset)
{
    static const uint8_t piece[1000] = {7};
    uint8_t bytes[1100];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mscp_put_u32(&w, MSCP_TAG_ID, 0x60);
    mscp_put_u16(&w, MSCP_TAG_TOTAL, 2 * sizeof piece);
    mscp_put_u16(&w, MSCP_TAG_OFFSET, offset);
    mscp_put_bytes(&w, MSCP_TAG_BYTES, piece, sizeof piece);
    return rig_record(&rig, MSCP_WRITE_DATA, (struct mico_span){bytes, w.len}, rig.host.session.next, NULL);
}

static void a_handshake_between_the_pieces_of_a_value_disturbs_nothing(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x60, &rig_data, MICO_SPAN("x")), MICO_OK);
    assert_int_equal(write_piece(0), MSCP_OK);
    assert_int_equal(resume_by_hand(rig.chip.boot_counter, NULL), MSCP_OK);
    assert_int_equal(resume_by_hand(rig.chip.boot_counter, NULL), MSCP_OK);
    assert_int_equal(write_piece(1000), MSCP_OK);
}

static void an_unpaired_chip_resumes_nothing(void **state)
{
    rig_start(&rig);
    assert_int_equal(resume_by_hand(rig.chip.boot_counter, NULL), MSCP_NOT_PAIRED);
}

static void every_fault_on_the_line_is_survived(void **state)
{
    for (unsigned fault = RIG_DROP; fault < RIG_FAULTS; fault++) {
        for (unsigned frame = 1; frame <= 6; frame++) {
            start(NULL);
            rig.host.timeout_ms = 10;
            rig_fault_at(&rig, frame, (enum rig_fault)fault, 300);
            mico_err err = any_command();
            rig_fault_at(&rig, 0, RIG_NONE, 0);
            rig.now_ms += 60000;
            assert_true(err == MICO_OK || any_command() == MICO_OK);
        }
    }
}

static void keys_change_inside_a_session_and_it_goes_on(void **state)
{
    for (unsigned border = 1; border < 4; border++) {
        assert_int_equal(any_command(), MICO_OK);
        struct mscp_session before = rig.host.session;
        rig.host.session.next = border * (uint64_t)MSCP_REKEY_RECORDS - 1;
        rig.chip.session.next = rig.host.session.next;
        assert_int_equal(any_command(), MICO_OK); /* the last under the old keys */
        assert_int_equal(rig.host.session.next, border * (uint64_t)MSCP_REKEY_RECORDS);
        assert_memory_not_equal(rig.host.session.to_chip, before.to_chip, 32);
        assert_memory_not_equal(rig.host.session.to_host, before.to_host, 32);
        assert_int_equal(any_command(), MICO_OK);
        assert_memory_equal(rig.host.session.to_chip, rig.chip.session.to_chip, 32);
        assert_memory_equal(rig.host.session.to_host, rig.chip.session.to_host, 32);
    }
    assert_int_equal(rig.host.sessions, 1);
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(a_resumed_session_works_and_each_has_keys_of_its_own),
        STARTED(after_a_restart_of_the_chip_a_handshake_comes_first_and_resuming_again_when_its_boot_counter_is_known),
        STARTED(a_host_of_another_binding_gets_no_session),
        STARTED(resuming_alone_costs_nobody_a_session_and_every_answer_is_another),
        STARTED(a_handshake_between_the_pieces_of_a_value_disturbs_nothing),
        STARTED(an_unpaired_chip_resumes_nothing),
        STARTED(every_fault_on_the_line_is_survived),
        STARTED(keys_change_inside_a_session_and_it_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
