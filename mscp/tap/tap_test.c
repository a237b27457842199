/* SPDX-License-Identifier: Apache-2.0 */
/* The tap between a driver and a chip in one process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/test_rig.h"
#include "mscp/tap/tap.h"

static struct rig rig; /* gives the chip; its own driver's line is not used */
static struct mscp_tap tap;
static struct mscp_host host;
static struct mscp_transport transport;
static struct mscp_binding binding;
static uint8_t inbox[8192];
static size_t inbox_len;
static char answer[192];
static unsigned answers, records;
static bool command_while_busy; /* give "replay" while a command is with the chip */

static void tap_send(void *ctx, bool to_chip, const uint8_t *bytes, size_t len)
{
    if (!to_chip) {
        assert_true(inbox_len + len <= sizeof inbox);
        memcpy(inbox + inbox_len, bytes, len);
        inbox_len += len;
        return;
    }
    if (command_while_busy && len > 1) { /* not at the delimiter in front */
        command_while_busy = false;
        mscp_tap_command(&tap, "replay", rig.now_ms);
        assert_int_equal(answers, 0); /* not before the live answer is through */
    }
    mscp_chip_input(&rig.chip, bytes, len);
    if (rig.inbox_len > 0) {
        static uint8_t copy[sizeof rig.inbox];
        size_t got = rig.inbox_len;
        memcpy(copy, rig.inbox, got);
        rig.inbox_len = 0;
        mscp_tap_bytes(&tap, false, copy, got, rig.now_ms);
    }
}

static void tap_record(void *ctx, const char *line)
{
    records++;
}

static void tap_answer(void *ctx, const char *line)
{
    answers++;
    strncpy(answer, line, sizeof answer - 1);
}

static mico_err device_write(void *ctx, const uint8_t *data, size_t len)
{
    mscp_tap_bytes(&tap, true, data, len, rig.now_ms);
    return MICO_OK;
}

static mico_err device_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = inbox_len < cap ? inbox_len : cap;
    if (*len == 0) {
        rig.now_ms += timeout_ms;
        mscp_tap_tick(&tap, rig.now_ms);
        return MICO_ERR_TIMEOUT;
    }
    memcpy(out, inbox, *len);
    memmove(inbox, inbox + *len, inbox_len - *len);
    inbox_len -= *len;
    return MICO_OK;
}

static int start(void **state)
{
    const struct mscp_tap_out out = {tap_send, tap_record, tap_answer, NULL};
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    mscp_tap_start(&tap, &out);
    transport = (struct mscp_transport){NULL, device_write, device_read};
    mscp_host_start(&host, &transport, &binding);
    inbox_len = 0;
    answers = records = 0;
    memset(answer, 0, sizeof answer);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void raise_counter(uint64_t to)
{
    uint64_t value = 0;
    assert_int_equal(mscp_host_counter_raise(&host, MSCP_ID_ROLLBACK, to), MICO_OK);
    assert_int_equal(mscp_host_counter(&host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, to);
}

static void frames_pass_and_are_written_down(void **state)
{
    raise_counter(1);
    assert_int_equal(records, 6); /* open, raise, read: there and back */
    mscp_tap_command(&tap, "stats", rig.now_ms);
    assert_non_null(strstr(answer, "device 3 frames"));
    mscp_tap_command(&tap, "dance", rig.now_ms);
    assert_non_null(strstr(answer, "error"));
}

static void a_replay_is_refused_kept_from_the_device_and_survived_by_it(void **state)
{
    mscp_tap_command(&tap, "replay", rig.now_ms);
    assert_string_equal(answer, "error: no record has passed yet");
    raise_counter(1);
    mscp_tap_command(&tap, "replay", rig.now_ms);
    assert_non_null(strstr(answer, "chip answered REPLAY (-13)"));
    assert_int_equal(inbox_len, 0);
    assert_false(rig.chip.session.open);
    raise_counter(2); /* the driver finds its session gone and opens another */
    assert_int_equal(host.sessions, 2);
    assert_int_equal(host.session.open, true);
}

static void a_replay_waits_for_the_live_answer(void **state)
{
    raise_counter(1);
    answers = 0;
    command_while_busy = true;
    assert_int_equal(mscp_host_counter_raise(&host, MSCP_ID_ROLLBACK, 2), MICO_OK);
    assert_int_equal(answers, 1);
    assert_non_null(strstr(answer, "chip answered REPLAY (-13)"));
    raise_counter(3);
}

static void a_flipped_bit_is_refused_and_survived(void **state)
{
    raise_counter(1);
    mscp_tap_command(&tap, "flip", rig.now_ms);
    assert_int_equal(answers, 0);
    raise_counter(2);
    assert_non_null(strstr(answer, "chip answered LINK_MAC (-14)"));
    assert_int_equal(host.sessions, 2);
}

static void a_chip_that_does_not_answer_ends_the_replay_in_time(void **state)
{
    raise_counter(1);
    rig.flash.dead = true; /* the rig's chip is mute then */
    mscp_tap_command(&tap, "replay", rig.now_ms);
    assert_int_equal(answers, 0);
    mscp_tap_tick(&tap, rig.now_ms + MSCP_TAP_ANSWER_MS);
    assert_string_equal(answer, "replayed: the chip did not answer");
    rig.flash.dead = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(frames_pass_and_are_written_down, start, end),
        cmocka_unit_test_setup_teardown(a_replay_is_refused_kept_from_the_device_and_survived_by_it, start, end),
        cmocka_unit_test_setup_teardown(a_replay_waits_for_the_live_answer, start, end),
        cmocka_unit_test_setup_teardown(a_flipped_bit_is_refused_and_survived, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_does_not_answer_ends_the_replay_in_time, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
