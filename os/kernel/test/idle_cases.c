/* SPDX-License-Identifier: Apache-2.0 */
/* Rest: nothing ticks while all threads wait, and time is right afterwards, however long it was. */
#include "os/kernel/test/cases.h"

#define LONGEST_MS (MICO_FOREVER - 1)

/* Wake-ups while the caller sleeps for ms. */
static uint32_t wakeups_in(uint32_t ms)
{
    uint32_t before = mico_kernel_wakeups();
    mico_thread_sleep_ms(ms);
    return mico_kernel_wakeups() - before;
}

static void a_minute_of_sleep_takes_at_most_three_wakeups(void)
{
    (void)wakeups_in(2); /* what earlier cases have left */
    CHECK(wakeups_in(60000) <= 3);
    CHECK(wakeups_in(60000) >= 1);
}

static void sleep_every(void *arg)
{
    uint32_t period_ms = (uint32_t)(uintptr_t)arg;
    for (uint32_t slept = 0; slept < 6000; slept += period_ms) {
        mico_thread_sleep_ms(period_ms);
    }
}

static void wakeups_are_as_many_as_ends_of_waits(void)
{
    uint32_t before = mico_kernel_wakeups();
    spawn(0, 3, sleep_every, (void *)1000);
    spawn(1, 4, sleep_every, (void *)2000);
    spawn(2, 6, sleep_every, (void *)3000);
    uint64_t start = mico_clock_ms();
    for (int i = 0; i < 3; i++) {
        CHECK_INT(mico_thread_join(&thread[i], MICO_FOREVER), MICO_OK);
    }
    CHECK(mico_clock_ms() - start >= 6000 && mico_clock_ms() - start <= 6020);
    uint32_t wakeups = mico_kernel_wakeups() - before;
    CHECK(wakeups >= 6 && wakeups <= 11 + 3); /* 6, 3 and 2 ends; on a real clock equal ones may part */
}

static void time_is_exact_after_a_hundred_days(void)
{
    uint64_t start = mico_clock_ms();
    uint32_t wakeups = wakeups_in(LONGEST_MS);
    CHECK_ELAPSED(start, LONGEST_MS);
    CHECK(wakeups <= LONGEST_MS / 100000);
    uint64_t again = mico_clock_ms();
    mico_thread_sleep_ms(LONGEST_MS);
    CHECK_ELAPSED(again, LONGEST_MS);
    CHECK(mico_clock_ms() - start >= 2ull * LONGEST_MS && mico_clock_ms() - start <= 2ull * LONGEST_MS + 4);
    CHECK(mico_clock_ms() > UINT32_MAX);
}

static volatile uint64_t woken_us;

static void sleep_and_note(void *arg)
{
    mico_thread_sleep_ms(5);
    woken_us = mico_clock_us();
}

/* After a rest that ended anywhere, ticks are at whole milliseconds again: a wait ends as soon as it may. */
static void ticks_come_back_in_step_with_the_clock(void)
{
    for (uint32_t i = 1; i < 8; i++) {
        mico_thread_sleep_ms(i);
        woken_us = 0;
        spawn(0, 3, sleep_and_note, NULL);
        pass_ms(10);
        CHECK(woken_us != 0 && woken_us % 1000 < 200);
        CHECK_INT(mico_thread_join(&thread[0], MICO_FOREVER), MICO_OK);
    }
}

const struct kernel_case idle_cases[] = {
    CASE(a_minute_of_sleep_takes_at_most_three_wakeups),
    CASE(wakeups_are_as_many_as_ends_of_waits),
    CASE(ticks_come_back_in_step_with_the_clock),
    CASE(time_is_exact_after_a_hundred_days),
};
END_OF_CASES(idle_cases);
