/* SPDX-License-Identifier: Apache-2.0 */
/* Suspension: a thread that is suspended does not run, whatever it was doing and whatever comes to it meanwhile. */
#include "os/kernel/test/cases.h"

static struct mico_semaphore s;
static struct mico_mutex m[2];

static void mark_and_yield(void *arg)
{
    for (int i = 0; i < 3; i++) {
        mark(*(const char *)arg);
        mico_thread_yield();
    }
}

static void suspend_itself(void *arg)
{
    mark('b');
    CHECK_INT(mico_thread_suspend(mico_thread_self()), MICO_OK);
    mark('r');
    CHECK_INT(mico_thread_suspend(mico_thread_self()), MICO_OK);
    mark('e');
}

static void sleep_a_little(void *arg)
{
    mico_thread_sleep_ms(10);
    mark(*(const char *)arg);
}

static void take(void *arg)
{
    mark(mico_semaphore_take(&s, (uint32_t)(uintptr_t)arg) == MICO_OK ? 't' : 'x');
}

static void hold_until_given(void *arg)
{
    CHECK_INT(mico_mutex_lock(&m[0], MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_semaphore_take(&s, MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&m[0]), MICO_OK);
    mark('o');
}

static void lock_first(void *arg)
{
    mark(mico_mutex_lock(&m[0], (uint32_t)(uintptr_t)arg) == MICO_OK ? 'l' : 'x');
    (void)mico_mutex_unlock(&m[0]);
}

static void hold_first_lock_second(void *arg)
{
    CHECK_INT(mico_mutex_lock(&m[0], MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_mutex_lock(&m[1], MICO_FOREVER), MICO_OK);
    mark('2');
    CHECK_INT(mico_mutex_unlock(&m[1]), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&m[0]), MICO_OK);
}

static void begin(void)
{
    mico_semaphore_init(&s, 0, 5);
    mico_mutex_init(&m[0]);
    mico_mutex_init(&m[1]);
}

static void suspend(unsigned i)
{
    CHECK_INT(mico_thread_suspend(&thread[i]), MICO_OK);
    CHECK(mico_thread_suspended(&thread[i]));
    CHECK(!mico_thread_ready(&thread[i]));
    check_kernel();
}

static void resume(unsigned i)
{
    CHECK_INT(mico_thread_resume(&thread[i]), MICO_OK); /* it may run here, and suspend itself again */
    check_kernel();
}

static void a_thread_that_suspends_itself_goes_on_where_it_was_when_it_is_resumed(void)
{
    spawn(0, MAIN_PRIORITY - 1, suspend_itself, NULL);
    CHECK_TRACE("b");
    CHECK(mico_thread_suspended(&thread[0]) && !mico_thread_ended(&thread[0]));
    let_others_run();
    CHECK_TRACE("");
    resume(0);
    CHECK_TRACE("r");
    resume(0);
    CHECK_TRACE("e");
    CHECK(mico_thread_ended(&thread[0]));
}

static void a_ready_thread_that_is_suspended_does_not_run_until_it_is_resumed(void)
{
    spawn(0, 7, mark_and_yield, "a");
    spawn(1, 7, mark_and_yield, "b");
    suspend(0);
    let_others_run();
    CHECK_TRACE("bbb");
    resume(0);
    let_others_run();
    CHECK_TRACE("aaa");
}

static void a_resumed_thread_comes_behind_its_equals_and_before_lower_ones(void)
{
    spawn(0, MAIN_PRIORITY + 1, mark_and_yield, "a");
    spawn(1, MAIN_PRIORITY + 1, mark_and_yield, "b");
    spawn(2, MAIN_PRIORITY + 2, mark_and_yield, "c");
    suspend(0);
    resume(0);
    let_others_run();
    CHECK_TRACE("bababaccc");
}

static void a_resumed_thread_of_higher_priority_runs_at_once(void)
{
    spawn(0, MAIN_PRIORITY + 1, mark_and_yield, "h");
    suspend(0);
    mico_thread_set_priority(&thread[0], MAIN_PRIORITY - 1);
    check_kernel();
    CHECK_TRACE("");
    CHECK_INT(mico_thread_priority(&thread[0]), MAIN_PRIORITY - 1);
    resume(0);
    CHECK_TRACE("hhh");
}

static void the_sleep_of_a_suspended_thread_goes_on_and_it_runs_when_both_are_over(void)
{
    uint64_t start = mico_clock_ms();
    spawn(0, 4, sleep_a_little, "s");
    spawn(1, 4, sleep_a_little, "t");
    suspend(0);
    suspend(1);
    mico_thread_sleep_ms(5);
    resume(0);
    CHECK(mico_thread_join(&thread[0], MICO_FOREVER) == MICO_OK);
    CHECK_ELAPSED(start, 10);
    CHECK_TRACE("s");
    mico_thread_sleep_ms(20);
    CHECK_TRACE("");
    resume(1);
    CHECK_TRACE("t");
}

static void waking_a_suspended_sleeper_ends_its_sleep_alone(void)
{
    spawn(0, 4, sleep_a_little, "w");
    suspend(0);
    mico_thread_wake(&thread[0]);
    check_kernel();
    CHECK_TRACE("");
    resume(0);
    CHECK_TRACE("w");
}

static void what_comes_to_a_suspended_waiter_is_its_own_though_others_wait(void)
{
    begin();
    spawn(0, 3, take, (void *)(uintptr_t)MICO_FOREVER);
    spawn(1, 4, take, (void *)(uintptr_t)MICO_FOREVER);
    suspend(0);
    CHECK_INT(mico_semaphore_give(&s), MICO_OK); /* to the first in the row, which does not run */
    check_kernel();
    CHECK_TRACE("");
    CHECK(!mico_thread_ready(&thread[0]));
    CHECK_INT(mico_semaphore_give(&s), MICO_OK);
    CHECK_TRACE("t");
    CHECK(mico_thread_ended(&thread[1]) && !mico_thread_ended(&thread[0]));
    resume(0);
    CHECK_TRACE("t");
}

static void a_suspended_waiter_times_out_when_it_would_have(void)
{
    begin();
    spawn(0, 4, take, (void *)(uintptr_t)10);
    suspend(0);
    mico_thread_sleep_ms(20);
    CHECK_TRACE("");
    CHECK_INT(mico_semaphore_give(&s), MICO_OK); /* comes too late for it */
    check_kernel();
    resume(0);
    CHECK_TRACE("x");
    CHECK_INT(mico_semaphore_take(&s, MICO_NO_WAIT), MICO_OK);
}

static void a_waiter_that_is_resumed_in_time_waits_on(void)
{
    begin();
    uint64_t start = mico_clock_ms();
    spawn(0, 4, take, (void *)(uintptr_t)10);
    suspend(0);
    resume(0);
    CHECK_TRACE("");
    CHECK_INT(mico_thread_join(&thread[0], MICO_FOREVER), MICO_OK);
    CHECK_TRACE("x");
    CHECK_ELAPSED(start, 10);
}

static void a_suspended_owner_inherits_and_gives_back_what_it_inherits(void)
{
    begin();
    spawn(0, 8, hold_until_given, NULL);
    let_others_run();
    suspend(0);
    spawn(1, 3, lock_first, (void *)(uintptr_t)10);
    check_kernel();
    CHECK_INT(mico_thread_priority(&thread[0]), 3);
    CHECK_INT(mico_semaphore_give(&s), MICO_OK);
    CHECK_TRACE(""); /* it may go on, with the highest priority of all, and does not */
    mico_thread_sleep_ms(20);
    CHECK_TRACE("x");
    CHECK_INT(mico_thread_priority(&thread[0]), 8);
    spawn(2, 4, lock_first, (void *)(uintptr_t)MICO_FOREVER);
    CHECK_INT(mico_thread_priority(&thread[0]), 4);
    resume(0);
    CHECK_TRACE("l");
    let_others_run();
    CHECK_TRACE("o");
}

static void loans_go_through_suspended_owners_of_a_chain(void)
{
    begin();
    CHECK_INT(mico_mutex_lock(&m[1], MICO_NO_WAIT), MICO_OK);
    spawn(0, 4, hold_first_lock_second, NULL);
    suspend(0);
    spawn(1, 2, lock_first, (void *)(uintptr_t)MICO_FOREVER);
    check_kernel();
    CHECK_INT(mico_thread_priority(&thread[0]), 2);
    CHECK_INT(mico_thread_priority(mico_thread_self()), 2);
    CHECK_INT(mico_mutex_unlock(&m[1]), MICO_OK); /* to the suspended one */
    check_kernel();
    CHECK_INT(mico_thread_priority(mico_thread_self()), MAIN_PRIORITY);
    CHECK(m[1].owner == &thread[0]);
    CHECK_TRACE("");
    resume(0);
    CHECK_TRACE("2l");
}

static void a_suspended_thread_can_be_joined_and_deleted_in_every_state(void)
{
    begin();
    CHECK_INT(mico_mutex_lock(&m[1], MICO_NO_WAIT), MICO_OK);
    spawn(0, 7, mark_and_yield, "!");
    spawn(1, 4, sleep_a_little, "!");
    spawn(2, 4, take, (void *)(uintptr_t)20);
    spawn(3, 4, hold_first_lock_second, NULL);
    spawn(4, 3, suspend_itself, NULL); /* the caller has 4 now */
    CHECK_TRACE("b");
    for (unsigned i = 0; i < 5; i++) {
        ignore(mico_thread_suspend(&thread[i])); /* the last one is suspended */
        CHECK(mico_thread_suspended(&thread[i]));
        CHECK_INT(mico_thread_join(&thread[i], 1), MICO_ERR_TIMEOUT);
        mico_thread_delete(&thread[i]);
        CHECK(mico_thread_ended(&thread[i]) && !mico_thread_suspended(&thread[i]));
        check_kernel();
    }
    CHECK_INT(mico_thread_priority(mico_thread_self()), MAIN_PRIORITY);
    CHECK(m[0].owner == NULL);
    CHECK_INT(mico_mutex_unlock(&m[1]), MICO_OK);
    mico_thread_sleep_ms(30);
    CHECK_TRACE("");
    spawn(4, 4, mark_and_yield, "n"); /* the storage of a suspended one serves again */
    CHECK_TRACE("nnn");
}

static void suspending_or_resuming_twice_is_an_error_that_changes_nothing(void)
{
    spawn(0, 7, mark_and_yield, "a");
    suspend(0);
    CHECK_INT(mico_thread_suspend(&thread[0]), MICO_ERR_STATE);
    resume(0);
    CHECK(!mico_thread_suspended(&thread[0]) && mico_thread_ready(&thread[0]));
    CHECK_INT(mico_thread_resume(&thread[0]), MICO_ERR_STATE);
    CHECK_INT(mico_thread_resume(mico_thread_self()), MICO_ERR_STATE);
    let_others_run();
    CHECK_TRACE("aaa");
    CHECK(mico_thread_ended(&thread[0]));
    CHECK_INT(mico_thread_suspend(&thread[0]), MICO_ERR_STATE);
    CHECK_INT(mico_thread_resume(&thread[0]), MICO_ERR_STATE);
    check_kernel();
}

/* ---- waits that others end ---- */

static bool is_semaphore(const void *at)
{
    return (uintptr_t)at - (uintptr_t)&s < sizeof s;
}

static bool is_mutex(const void *at)
{
    return (uintptr_t)at - (uintptr_t)m < sizeof m;
}

static void a_wait_that_is_ended_times_out_at_once_and_takes_its_loan_back(void)
{
    begin();
    CHECK_INT(mico_mutex_lock(&m[0], MICO_NO_WAIT), MICO_OK);
    spawn(0, 3, lock_first, (void *)(uintptr_t)MICO_FOREVER);
    spawn(1, 4, take, (void *)(uintptr_t)MICO_FOREVER);
    CHECK_INT(mico_thread_end_wait(&thread[0], is_semaphore), MICO_ERR_STATE);
    CHECK_INT(mico_thread_end_wait(&thread[1], is_mutex), MICO_ERR_STATE);
    CHECK_INT(mico_thread_priority(mico_thread_self()), 3);
    CHECK_TRACE("");
    CHECK_INT(mico_thread_end_wait(&thread[0], is_mutex), MICO_OK);
    check_kernel();
    CHECK_INT(mico_thread_priority(mico_thread_self()), MAIN_PRIORITY);
    CHECK_TRACE("x");
    CHECK_INT(mico_thread_end_wait(&thread[1], is_semaphore), MICO_OK);
    CHECK_TRACE("x");
    CHECK_INT(mico_mutex_unlock(&m[0]), MICO_OK);
}

static void a_sleep_can_be_ended_and_a_thread_that_does_not_wait_is_left_alone(void)
{
    spawn(0, 4, sleep_a_little, "s");
    spawn(1, 7, mark_and_yield, "!");
    CHECK_INT(mico_thread_end_wait(&thread[0], is_mutex), MICO_OK);
    CHECK_TRACE("s");
    CHECK_INT(mico_thread_end_wait(&thread[0], is_mutex), MICO_ERR_STATE);
    CHECK_INT(mico_thread_end_wait(&thread[1], is_mutex), MICO_ERR_STATE);
    CHECK_INT(mico_thread_end_wait(mico_thread_self(), is_mutex), MICO_ERR_STATE);
    CHECK_TRACE("");
}

static void the_ended_wait_of_a_suspended_thread_does_not_let_it_run(void)
{
    begin();
    spawn(0, 4, take, (void *)(uintptr_t)MICO_FOREVER);
    suspend(0);
    CHECK_INT(mico_thread_end_wait(&thread[0], is_semaphore), MICO_OK);
    check_kernel();
    CHECK_INT(mico_semaphore_give(&s), MICO_OK);
    CHECK_TRACE("");
    resume(0);
    CHECK_TRACE("x");
}

/* ---- in interrupts ---- */

static void suspend_in_interrupt(void *arg)
{
    CHECK_INT(mico_thread_suspend(arg), MICO_OK);
}

static void resume_in_interrupt(void *arg)
{
    CHECK_INT(mico_thread_resume(arg), MICO_OK);
}

static void be_interrupted(void *arg)
{
    mark('b');
    as_interrupt(suspend_in_interrupt, mico_thread_self());
    mark('e');
}

static void an_interrupt_suspends_the_thread_that_it_interrupts_and_another_resumes_it(void)
{
    spawn(0, 4, be_interrupted, NULL);
    CHECK_TRACE("b");
    CHECK(mico_thread_suspended(&thread[0]));
    check_kernel();
    as_interrupt(resume_in_interrupt, &thread[0]);
    CHECK_TRACE("e");
}

/* Suspends whom it interrupts, so that the idle thread is next, and then that one. */
static void suspend_all_there_are(void *arg)
{
    struct mico_thread *interrupted = mico_thread_self();
    CHECK_INT(mico_thread_suspend(interrupted), MICO_OK);
    struct mico_thread *idle = mico_thread_self();
    CHECK(mico_thread_priority(idle) > MICO_PRIORITY_LOWEST);
    CHECK_INT(mico_thread_suspend(idle), MICO_ERR_STATE);
    CHECK(!mico_thread_suspended(idle) && mico_thread_ready(idle));
    CHECK_INT(mico_thread_resume(interrupted), MICO_OK);
}

static void the_idle_thread_is_not_suspended(void)
{
    as_interrupt(suspend_all_there_are, NULL);
    check_kernel();
}

const struct kernel_case suspend_cases[] = {
    CASE(a_thread_that_suspends_itself_goes_on_where_it_was_when_it_is_resumed),
    CASE(a_ready_thread_that_is_suspended_does_not_run_until_it_is_resumed),
    CASE(a_resumed_thread_comes_behind_its_equals_and_before_lower_ones),
    CASE(a_resumed_thread_of_higher_priority_runs_at_once),
    CASE(the_sleep_of_a_suspended_thread_goes_on_and_it_runs_when_both_are_over),
    CASE(waking_a_suspended_sleeper_ends_its_sleep_alone),
    CASE(what_comes_to_a_suspended_waiter_is_its_own_though_others_wait),
    CASE(a_suspended_waiter_times_out_when_it_would_have),
    CASE(a_waiter_that_is_resumed_in_time_waits_on),
    CASE(a_suspended_owner_inherits_and_gives_back_what_it_inherits),
    CASE(loans_go_through_suspended_owners_of_a_chain),
    CASE(a_suspended_thread_can_be_joined_and_deleted_in_every_state),
    CASE(suspending_or_resuming_twice_is_an_error_that_changes_nothing),
    CASE(a_wait_that_is_ended_times_out_at_once_and_takes_its_loan_back),
    CASE(a_sleep_can_be_ended_and_a_thread_that_does_not_wait_is_left_alone),
    CASE(the_ended_wait_of_a_suspended_thread_does_not_let_it_run),
    CASE(an_interrupt_suspends_the_thread_that_it_interrupts_and_another_resumes_it),
    CASE(the_idle_thread_is_not_suspended),
};
END_OF_CASES(suspend_cases);
