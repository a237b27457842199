/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions from the binding key alone, and new keys inside a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"
#include "mscp/protocol/resume.h"

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

static void expect_hex(const uint8_t *got, const char *want)
{
    char hex[65];
    mico_hex(got, 32, hex);
    assert_string_equal(hex, want);
}

/* The test vector of docs/MSCP.md, worked out with Python's hmac and a ChaCha20 written after RFC 8439. */
static void keys_are_those_of_the_test_vector(void **state)
{
    struct mscp_resumption r = {.boot_counter = 7};
    struct mscp_session session = {.id = 0x01020304};
    uint8_t key[32], proof[32];
    memset(r.host_nonce, 0x11, 32);
    memset(r.chip_nonce, 0x22, 32);
    memset(key, 0x33, 32);
    mscp_resume(&r, key, &session, proof);
    expect_hex(session.to_chip, "3760162e5393ffdbe391afd26084d416275dc4cdc67edd2dafca799154cad56c");
    expect_hex(session.to_host, "d673500e53de305ac2caf5032521f05b7b9ac106456bf7d92c80172566c53bc0");
    expect_hex(proof, "210bfb6522798b88097fae7272fdf18fe153b99f5373e56dfa500739dc91a527");
    session.next = MSCP_REKEY_RECORDS - 1;
    mscp_session_advance(&session);
    expect_hex(session.to_chip, "2f96edba4eccdebf3fbc60244b09fb1a826b9500959d63c8f2a8ab930b1887b4");
    expect_hex(session.to_host, "2665acbf225ab94f9df44da065becd0a4510fa6c3011ad0a0f6b4b600b40d2ff");
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(a_resumed_session_works_and_each_has_keys_of_its_own),
        STARTED(after_a_restart_of_the_chip_a_handshake_comes_first_and_resuming_again_when_its_boot_counter_is_known),
        STARTED(a_host_of_another_binding_gets_no_session),
        STARTED(resuming_alone_costs_nobody_a_session_and_every_answer_is_another),
        STARTED(an_unpaired_chip_resumes_nothing),
        STARTED(every_fault_on_the_line_is_survived),
        STARTED(keys_change_inside_a_session_and_it_goes_on),
        STARTED(keys_are_those_of_the_test_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
