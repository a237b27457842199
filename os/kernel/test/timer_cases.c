/* SPDX-License-Identifier: Apache-2.0 */
/* Timers. */
#include "os/kernel/test/cases.h"

static struct mico_timer t, u;
static unsigned calls;
static uint64_t called_ms[16];

static void note(void *arg)
{
    if (calls < 16) {
        called_ms[calls] = mico_clock_ms();
    }
    calls++;
}

static void a_one_shot_timer_calls_once_on_time(void)
{
    calls = 0;
    mico_timer_init(&t, note, NULL, 7, false);
    CHECK(!mico_timer_running(&t));
    uint64_t start = mico_clock_ms();
    mico_timer_start(&t);
    CHECK(mico_timer_running(&t));
    mico_thread_sleep_ms(30);
    CHECK_INT(calls, 1);
    CHECK(called_ms[0] >= start + 7 && called_ms[0] <= start + 9);
    CHECK(!mico_timer_running(&t));
}

static void a_periodic_timer_calls_every_period_without_drift(void)
{
    calls = 0;
    mico_timer_init(&t, note, NULL, 5, true);
    uint64_t start = mico_clock_ms();
    mico_timer_start(&t);
    mico_thread_sleep_ms(53);
    mico_timer_stop(&t);
    CHECK_INT(calls, 10);
    for (unsigned i = 0; i < 10; i++) {
        CHECK(called_ms[i] >= start + 5 * (i + 1) && called_ms[i] <= start + 5 * (i + 1) + 2);
    }
    mico_thread_sleep_ms(20);
    CHECK_INT(calls, 10);
}

static void a_stopped_timer_does_not_call(void)
{
    calls = 0;
    mico_timer_init(&t, note, NULL, 5, false);
    mico_timer_start(&t);
    mico_timer_stop(&t);
    mico_timer_stop(&t);
    mico_thread_sleep_ms(10);
    CHECK_INT(calls, 0);
}

static void a_started_timer_that_is_started_again_begins_anew(void)
{
    calls = 0;
    mico_timer_init(&t, note, NULL, 10, false);
    mico_timer_start(&t);
    mico_thread_sleep_ms(6);
    mico_timer_start(&t);
    mico_thread_sleep_ms(6);
    CHECK_INT(calls, 0);
    mico_thread_sleep_ms(6);
    CHECK_INT(calls, 1);
}

static void mark_letter(void *arg)
{
    mark(*(const char *)arg);
}

static void timers_call_in_the_order_of_their_times(void)
{
    mico_timer_init(&t, mark_letter, "2", 8, false);
    mico_timer_init(&u, mark_letter, "1", 4, false);
    mico_timer_start(&t);
    mico_timer_start(&u);
    mico_thread_sleep_ms(12);
    CHECK_TRACE("12");
}

static void stop_after_three(void *arg)
{
    if (++calls == 3) {
        mico_timer_stop(&t);
    }
}

static void a_timer_may_stop_itself(void)
{
    calls = 0;
    mico_timer_init(&t, stop_after_three, NULL, 2, true);
    mico_timer_start(&t);
    mico_thread_sleep_ms(20);
    CHECK_INT(calls, 3);
    CHECK(!mico_timer_running(&t));
}

static void start_again(void *arg)
{
    if (++calls < 4) {
        mico_timer_start(&t);
    }
}

static void a_one_shot_timer_may_start_itself_again(void)
{
    calls = 0;
    mico_timer_init(&t, start_again, NULL, 2, false);
    mico_timer_start(&t);
    mico_thread_sleep_ms(20);
    CHECK_INT(calls, 4);
}

static void be_slow(void *arg)
{
    mark('b');
    mico_thread_sleep_ms(5);
    mark('e');
}

static void cancel_waits_for_the_end_of_a_callback(void)
{
    mico_timer_init(&t, be_slow, NULL, 2, true);
    mico_timer_start(&t);
    mico_thread_sleep_ms(4);
    mico_timer_cancel(&t);
    CHECK_TRACE("be");
    mico_thread_sleep_ms(10);
    CHECK_TRACE("");
    mico_timer_cancel(&t);
}

static void cancel_itself(void *arg)
{
    calls++;
    mico_timer_cancel(&t);
}

static void a_timer_may_cancel_itself(void)
{
    calls = 0;
    mico_timer_init(&t, cancel_itself, NULL, 2, true);
    mico_timer_start(&t);
    mico_thread_sleep_ms(10);
    CHECK_INT(calls, 1);
}

static void be_late_once(void *arg)
{
    note(NULL);
    if (calls == 1) {
        mico_thread_sleep_ms(27);
    }
}

static void missed_periods_are_skipped_and_the_beat_is_kept(void)
{
    calls = 0;
    mico_timer_init(&t, be_late_once, NULL, 10, true);
    uint64_t start = mico_clock_ms();
    mico_timer_start(&t);
    mico_thread_sleep_ms(55);
    mico_timer_cancel(&t);
    CHECK_INT(calls, 4); /* at 10 (until 37), at 37 for 20 and 30, at 40, at 50 */
    CHECK(called_ms[1] >= start + 37 && called_ms[1] <= start + 39);
    CHECK(called_ms[2] >= start + 40 && called_ms[2] <= start + 42);
}

static void init_without_period(void *arg)
{
    mico_timer_init(&u, note, NULL, 0, true);
}

static void a_period_of_0_is_misuse(void)
{
    CHECK(is_misuse(init_without_period, NULL));
}

const struct kernel_case timer_cases[] = {
    CASE(a_one_shot_timer_calls_once_on_time),
    CASE(a_periodic_timer_calls_every_period_without_drift),
    CASE(a_stopped_timer_does_not_call),
    CASE(a_started_timer_that_is_started_again_begins_anew),
    CASE(timers_call_in_the_order_of_their_times),
    CASE(a_timer_may_stop_itself),
    CASE(a_one_shot_timer_may_start_itself_again),
    CASE(cancel_waits_for_the_end_of_a_callback),
    CASE(a_timer_may_cancel_itself),
    CASE(missed_periods_are_skipped_and_the_beat_is_kept),
    CASE(a_period_of_0_is_misuse),
};
END_OF_CASES(timer_cases);
