/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 on the posix board with a held clock, in one thread of the kernel; other threads report by variables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/sdk/pool.h"

OSStatus application_start(void *arg);
extern int application_sum;

static volatile uint32_t seen;
static mico_semaphore_t semaphore;
static mico_mutex_t mutex;
static mico_queue_t queue;
static mico_thread_t worker;

static void note(mico_thread_arg_t arg)
{
    seen = (uint32_t)arg;
}

static void sleep_for_ever(mico_thread_arg_t arg)
{
    mico_thread_sleep(MICO_NEVER_TIMEOUT);
    seen = 99;
}

static void a_thread_gets_its_argument_and_can_be_joined(void **state)
{
    seen = 0;
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "note", note, 1024, 42), kNoErr);
    assert_int_equal(seen, 42);
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    assert_int_equal(mico_rtos_create_thread(NULL, 200, NULL, note, 1, 43), kNoErr);
    mico_thread_msleep(1);
    assert_int_equal(seen, 43);
}

static void a_handle_of_a_thread_that_ended_never_means_another(void **state)
{
    mico_thread_t old, now;
    assert_int_equal(mico_rtos_create_thread(&old, 3, "old", note, 1024, 1), kNoErr);
    assert_int_equal(mico_rtos_create_thread(&now, 3, "now", sleep_for_ever, 1024, 2), kNoErr);
    assert_ptr_not_equal(old, now);
    assert_int_equal(mico_rtos_thread_join(&old), kNoErr); /* at once, although its place is taken again */
    assert_int_equal(mico_rtos_delete_thread(&old), kNoErr);
    assert_int_equal(mico_rtos_thread_force_awake(&old), kGeneralErr);
    assert_int_equal(mico_rtos_thread_force_awake(&now), kNoErr);
    assert_int_equal(seen, 99);
    mico_thread_t never = NULL;
    assert_int_equal(mico_rtos_thread_join(&never), kGeneralErr);
    assert_int_equal(mico_rtos_delete_thread(&never), kGeneralErr);
}

static void sleeping_for_ever_is_longer_than_49_days(void **state)
{
    seen = 0;
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "sleep", sleep_for_ever, 1024, 0), kNoErr);
    mico_thread_sleep(60u * 24 * 3600);
    assert_int_equal(seen, 0);
    assert_int_equal(mico_rtos_delete_thread(&worker), kNoErr);
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
}

static void sleeps_take_seconds_and_milliseconds(void **state)
{
    uint64_t start = mico_clock_ms();
    mico_thread_sleep(2);
    mico_rtos_thread_sleep(1);
    mico_thread_msleep(30);
    mico_rtos_thread_msleep(4);
    mico_rtos_delay_milliseconds(3);
    assert_true(mico_clock_ms() - start == 3037);
    assert_int_equal(mico_rtos_get_time(), (uint32_t)mico_clock_ms());
    start = mico_clock_ms();
    mico_thread_sleep(4300000); /* times 1000 this does not fit 32 bits */
    assert_true(mico_clock_ms() - start == 4300000000u);
}

static void delete_itself(mico_thread_arg_t arg)
{
    seen = mico_rtos_is_current_thread(&worker) ? 1 : 2;
    mico_rtos_delete_thread(arg != 0 ? &worker : NULL);
    seen = 3;
}

static void a_thread_may_delete_itself_by_null_or_by_handle(void **state)
{
    for (uint32_t by_handle = 0; by_handle < 2; by_handle++) {
        assert_int_equal(mico_rtos_create_thread(&worker, 3, "delete", delete_itself, 1024, by_handle), kNoErr);
        assert_int_equal(seen, 1);
        assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    }
    assert_false(mico_rtos_is_current_thread(&worker));
}

static void threads_and_their_memory_come_back(void **state)
{
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(mico_rtos_create_thread(&worker, 3, "again", i % 2 ? note : sleep_for_ever, 30000, 0), kNoErr);
        assert_int_equal(mico_rtos_delete_thread(&worker), kNoErr);
    }
}

static void pools_that_are_used_up_say_so(void **state)
{
    mico_thread_t many[SDK_THREADS + 1];
    for (unsigned i = 0; i < SDK_THREADS; i++) {
        assert_int_equal(mico_rtos_create_thread(&many[i], 3, "many", sleep_for_ever, 512, 0), kNoErr);
    }
    assert_int_equal(mico_rtos_create_thread(&many[SDK_THREADS], 3, "more", note, 512, 0), kNoResourcesErr);
    for (unsigned i = 0; i < SDK_THREADS; i++) {
        assert_int_equal(mico_rtos_delete_thread(&many[i]), kNoErr);
    }
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "large", note, SDK_ARENA, 0), kNoMemoryErr);
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "huge", note, 0xFFFFFFFFu, 0), kNoMemoryErr);
    assert_int_equal(mico_rtos_init_queue(&queue, NULL, 60000, 60000), kNoMemoryErr);
}

static void a_semaphore_starts_at_0_and_ends_at_its_count(void **state)
{
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 0), kGeneralErr);
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 2), kNoErr);
    uint64_t start = mico_clock_ms();
    assert_int_equal(mico_rtos_get_semaphore(&semaphore, 15), kTimeoutErr);
    assert_true(mico_clock_ms() - start == 15);
    assert_int_equal(mico_rtos_get_semaphore(&semaphore, MICO_NO_WAIT), kTimeoutErr);
    assert_int_equal(mico_rtos_set_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_set_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_set_semaphore(&semaphore), kGeneralErr);
    assert_int_equal(mico_rtos_get_semaphore(&semaphore, MICO_WAIT_FOREVER), kNoErr);
    mico_semaphore_t stale = semaphore;
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_deinit_semaphore(&stale), kGeneralErr);
    assert_int_equal(mico_rtos_set_semaphore(&stale), kGeneralErr);
    assert_int_equal(mico_rtos_get_semaphore(&stale, MICO_WAIT_FOREVER), kGeneralErr);
}

static void lock_and_note(mico_thread_arg_t arg)
{
    seen = mico_rtos_lock_mutex(&mutex) == kNoErr ? 1 : 2;
    mico_rtos_unlock_mutex(&mutex);
}

static void a_mutex_nests_and_excludes(void **state)
{
    seen = 0;
    assert_int_equal(mico_rtos_init_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_lock_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_lock_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "lock", lock_and_note, 1024, 0), kNoErr);
    assert_int_equal(mico_rtos_unlock_mutex(&mutex), kNoErr);
    assert_int_equal(seen, 0);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kGeneralErr);
    assert_int_equal(mico_rtos_unlock_mutex(&mutex), kNoErr);
    assert_int_equal(seen, 1);
    assert_int_equal(mico_rtos_unlock_mutex(&mutex), kGeneralErr);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_lock_mutex(&mutex), kGeneralErr);
}

static void push_in_an_interrupt(void *arg)
{
    seen = mico_rtos_push_to_queue(&queue, arg, MICO_NO_WAIT) == kNoErr ? 1 : 2;
}

static void a_queue_copies_and_times_out_with_a_general_error(void **state)
{
    struct message {
        char text[5];
    } in = {"abcd"}, out;
    assert_int_equal(mico_rtos_init_queue(&queue, "q", 0, 3), kGeneralErr);
    assert_int_equal(mico_rtos_init_queue(&queue, "q", sizeof in, 2), kNoErr);
    assert_true(mico_rtos_is_queue_empty(&queue));
    assert_int_equal(mico_rtos_pop_from_queue(&queue, &out, 5), kGeneralErr);
    assert_int_equal(mico_rtos_push_to_queue(&queue, &in, MICO_WAIT_FOREVER), kNoErr);
    in.text[0] = 'x';
    mico_posix_interrupt(push_in_an_interrupt, &in);
    assert_int_equal(seen, 1);
    mico_posix_interrupt(push_in_an_interrupt, &in);
    assert_int_equal(seen, 2);
    assert_true(mico_rtos_is_queue_full(&queue));
    assert_int_equal(mico_rtos_push_to_queue(&queue, &in, 5), kGeneralErr);
    assert_int_equal(mico_rtos_pop_from_queue(&queue, &out, MICO_NO_WAIT), kNoErr);
    assert_string_equal(out.text, "abcd");
    assert_int_equal(mico_rtos_pop_from_queue(&queue, &out, MICO_NO_WAIT), kNoErr);
    assert_string_equal(out.text, "xbcd");
    assert_int_equal(mico_rtos_deinit_queue(&queue), kNoErr);
    assert_int_equal(mico_rtos_push_to_queue(&queue, &in, MICO_NO_WAIT), kGeneralErr);
}

static mico_event_flags_t flags;
static uint32_t flags_seen;
static OSStatus flags_outcome;

static void wait_for_both(mico_thread_arg_t arg)
{
    mico_event_flags_t mine = flags;
    flags_outcome =
        mico_rtos_wait_for_event_flags(&mine, 3, &flags_seen, MICO_TRUE, WAIT_FOR_ALL_EVENTS, (uint32_t)arg);
}

static void flags_are_waited_for_by_any_and_by_all(void **state)
{
    assert_int_equal(mico_rtos_init_event_flags(&flags), kNoErr);
    flags_outcome = 77;
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "w", wait_for_both, 1024, MICO_WAIT_FOREVER), kNoErr);
    assert_int_equal(mico_rtos_set_event_flags(&flags, 1), kNoErr);
    assert_int_equal(flags_outcome, 77);
    assert_int_equal(mico_rtos_set_event_flags(&flags, 6), kNoErr);
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    assert_int_equal(flags_outcome, kNoErr);
    assert_int_equal(flags_seen, 7);
    assert_int_equal(mico_rtos_wait_for_event_flags(&flags, 7, &flags_seen, MICO_FALSE, WAIT_FOR_ANY_EVENT, 0), kNoErr);
    assert_int_equal(flags_seen, 4); /* 1 and 2 were cleared, 4 stays */
    assert_int_equal(mico_rtos_wait_for_event_flags(&flags, 4, NULL, MICO_TRUE, WAIT_FOR_ANY_EVENT, 0), kNoErr);
    assert_int_equal(mico_rtos_wait_for_event_flags(&flags, 4, NULL, MICO_TRUE, WAIT_FOR_ANY_EVENT, 5), kTimeoutErr);
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "w", wait_for_both, 1024, 5), kNoErr);
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    assert_int_equal(flags_outcome, kTimeoutErr);
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "w", wait_for_both, 1024, MICO_WAIT_FOREVER), kNoErr);
    assert_int_equal(mico_rtos_deinit_event_flags(&flags), kNoErr);
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    assert_int_equal(flags_outcome, kGeneralErr);
    assert_null(flags);
}

static mico_timer_t timer;
static unsigned calls;

static void count(void *arg)
{
    calls += *(unsigned *)arg;
}

static void timers_are_periodic_in_both_spellings(void **state)
{
    unsigned one = 1;
    calls = 0;
    assert_int_equal(mico_rtos_init_timer(&timer, 0, count, &one), kGeneralErr);
    assert_int_equal(mico_rtos_init_timer(&timer, 10, count, &one), kNoErr);
    assert_false(mico_rtos_is_timer_running(&timer));
    assert_int_equal(mico_rtos_start_timer(&timer), kNoErr);
    mico_thread_msleep(35);
    assert_int_equal(calls, 3);
    assert_true(mico_rtos_is_timer_running(&timer));
    assert_int_equal(mico_rtos_reload_timer(&timer), kNoErr);
    mico_thread_msleep(9);
    assert_int_equal(calls, 3);
    assert_int_equal(mico_rtos_stop_timer(&timer), kNoErr);
    mico_thread_msleep(20);
    assert_int_equal(calls, 3);
    assert_int_equal(mico_rtos_deinit_timer(&timer), kNoErr);
    assert_int_equal(mico_rtos_start_timer(&timer), kGeneralErr);

    assert_int_equal(mico_init_timer(&timer, 10, count, &one), kNoErr);
    assert_int_equal(mico_start_timer(&timer), kNoErr);
    mico_thread_msleep(15);
    assert_int_equal(mico_reload_timer(&timer), kNoErr);
    mico_thread_msleep(12);
    assert_true(mico_is_timer_running(&timer));
    assert_int_equal(mico_stop_timer(&timer), kNoErr);
    assert_int_equal(calls, 5);
    assert_int_equal(mico_deinit_timer(&timer), kNoErr);
}

static void suspend(mico_thread_arg_t arg)
{
    mico_rtos_suspend_thread((mico_thread_t *)arg);
    seen++;
}

static void a_thread_suspends_itself_until_it_is_awoken(void **state)
{
    mico_thread_t *const whose[] = {NULL, &worker};
    seen = 0;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(mico_rtos_create_thread(&worker, 3, "suspend", suspend, 1024, (mico_thread_arg_t)whose[i]),
                         kNoErr);
        mico_thread_msleep(5);
        assert_int_equal(seen, i);
        mico_rtos_suspend_thread(&worker); /* once more changes nothing */
        assert_int_equal(mico_rtos_thread_force_awake(&worker), kNoErr);
        assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
        assert_int_equal(seen, i + 1);
    }
}

static void all_threads_wait_while_they_are_suspended(void **state)
{
    seen = 0;
    assert_int_equal(mico_rtos_resume_all_thread(), kGeneralErr);
    mico_rtos_suspend_all_thread();
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "note", note, 1024, 7), kNoErr);
    assert_int_equal(seen, 0);
    assert_int_equal(mico_rtos_resume_all_thread(), kNoErr);
    assert_int_equal(seen, 7);
}

static void critical_sections_nest_and_hold_off_other_threads(void **state)
{
    seen = 0;
    mico_rtos_exit_critical(); /* one too many does nothing */
    mico_rtos_enter_critical();
    mico_rtos_enter_critical();
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "note", note, 1024, 7), kNoErr);
    mico_rtos_exit_critical();
    assert_int_equal(seen, 0);
    mico_rtos_exit_critical();
    assert_int_equal(seen, 7);
}

/* Everything that an interrupt must not do is refused there, and so are null pointers everywhere. */
static void try_in_an_interrupt(void *arg)
{
    unsigned *refused = arg;
    int message = 0;
    *refused += mico_rtos_get_semaphore(&semaphore, 10) == kGeneralErr;
    *refused += mico_rtos_lock_mutex(&mutex) == kGeneralErr;
    *refused += mico_rtos_unlock_mutex(&mutex) == kGeneralErr;
    *refused += mico_rtos_pop_from_queue(&queue, &message, 10) == kGeneralErr;
    *refused += mico_rtos_push_to_queue(&queue, &message, 10) == kGeneralErr;
    *refused += mico_rtos_create_thread(&worker, 3, "t", note, 1024, 0) == kGeneralErr;
    *refused += mico_rtos_delete_thread(NULL) == kGeneralErr;
    *refused += mico_rtos_thread_join(&worker) == kGeneralErr;
    *refused += mico_rtos_delay_milliseconds(1) == kGeneralErr;
    mico_rtos_thread_msleep(MICO_NEVER_TIMEOUT);
    mico_rtos_thread_sleep(MICO_NEVER_TIMEOUT);
    mico_rtos_thread_yield();
    *refused += mico_rtos_deinit_semaphore(&semaphore) == kGeneralErr;
    *refused += mico_rtos_deinit_queue(&queue) == kGeneralErr;
    *refused += mico_rtos_init_timer(&(mico_timer_t){0}, 1, count, NULL) == kGeneralErr;
}

static void interrupts_are_refused_what_may_wait(void **state)
{
    unsigned refused = 0;
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 1), kNoErr);
    assert_int_equal(mico_rtos_init_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_init_queue(&queue, "q", sizeof(int), 1), kNoErr);
    mico_posix_interrupt(try_in_an_interrupt, &refused);
    assert_int_equal(refused, 12);
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_deinit_queue(&queue), kNoErr);
}

static void null_pointers_and_handles_of_another_kind_are_refused(void **state)
{
    int message = 0;
    assert_int_equal(mico_rtos_init_semaphore(NULL, 1), kGeneralErr);
    assert_int_equal(mico_rtos_set_semaphore(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_get_semaphore(NULL, 0), kGeneralErr);
    assert_int_equal(mico_rtos_deinit_semaphore(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_init_mutex(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_lock_mutex(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_unlock_mutex(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_deinit_mutex(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_init_queue(NULL, "q", 1, 1), kGeneralErr);
    assert_int_equal(mico_rtos_push_to_queue(NULL, &message, 0), kGeneralErr);
    assert_int_equal(mico_rtos_pop_from_queue(NULL, &message, 0), kGeneralErr);
    assert_int_equal(mico_rtos_deinit_queue(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "t", NULL, 1024, 0), kGeneralErr);
    assert_int_equal(mico_rtos_thread_join(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_thread_force_awake(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_init_timer(NULL, 1, count, NULL), kGeneralErr);
    assert_int_equal(mico_rtos_start_timer(NULL), kGeneralErr);
    assert_int_equal(mico_rtos_init_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_set_semaphore((mico_semaphore_t *)&mutex), kGeneralErr);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kNoErr);
}

static char logged[256];

static mico_thread_t *own_place;
static char status[512];

static void look_at_itself(mico_thread_arg_t arg)
{
    own_place = mico_rtos_get_current_thread();
    seen = (uint32_t)(own_place != NULL && mico_rtos_is_current_thread(own_place) && *own_place == worker);
    (void)mico_rtos_print_thread_status(status, sizeof status);
}

static void a_thread_finds_its_handle_and_is_listed(void **state)
{
    assert_int_equal(mico_rtos_create_thread(&worker, 4, "looker", look_at_itself, 2048, 0), kNoErr);
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    assert_int_equal(seen, 1);
    assert_null(mico_rtos_get_current_thread());
    assert_non_null(strstr(status, "looker           4 running  2048 "));
    assert_int_equal(mico_rtos_create_thread(&worker, 4, "sleeper", sleep_for_ever, 2048, 0), kNoErr);
    assert_int_equal(mico_rtos_print_thread_status(status, 10), kSizeErr);
    assert_int_equal(mico_rtos_delete_thread(&worker), kNoErr);
}

static void wait_twice(mico_thread_arg_t arg)
{
    mico_semaphore_t mine = semaphore;
    OSStatus first = mico_rtos_get_semaphore(&mine, MICO_WAIT_FOREVER);
    OSStatus second = mico_rtos_get_semaphore(&mine, MICO_WAIT_FOREVER); /* at once, while deinit still goes on */
    seen = first == kGeneralErr && second == kGeneralErr;
}

static void who_is_released_by_deinit_cannot_wait_for_it_again(void **state)
{
    seen = 0;
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 1), kNoErr);
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "twice", wait_twice, 1024, 0), kNoErr);
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    mico_rtos_thread_msleep(1);
    assert_int_equal(seen, 1);
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
}

static void keep_line(const char *line, size_t len)
{
    memcpy(logged, line, len);
    logged[len] = '\0';
}

static void an_application_of_sdk_v3_runs(void **state)
{
    mico_log_to(keep_line, NULL);
    assert_int_equal(application_start(NULL), kNoErr);
    mico_log_to(NULL, NULL);
    assert_int_equal(application_sum, 1 + 2 + 3 + 4);
    assert_non_null(strstr(logged, "[APP: application_test.c: "));
    assert_non_null(strstr(logged, "] start\n"));
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_gets_its_argument_and_can_be_joined),
        cmocka_unit_test(a_handle_of_a_thread_that_ended_never_means_another),
        cmocka_unit_test(sleeping_for_ever_is_longer_than_49_days),
        cmocka_unit_test(sleeps_take_seconds_and_milliseconds),
        cmocka_unit_test(a_thread_may_delete_itself_by_null_or_by_handle),
        cmocka_unit_test(threads_and_their_memory_come_back),
        cmocka_unit_test(pools_that_are_used_up_say_so),
        cmocka_unit_test(a_semaphore_starts_at_0_and_ends_at_its_count),
        cmocka_unit_test(a_mutex_nests_and_excludes),
        cmocka_unit_test(a_queue_copies_and_times_out_with_a_general_error),
        cmocka_unit_test(flags_are_waited_for_by_any_and_by_all),
        cmocka_unit_test(timers_are_periodic_in_both_spellings),
        cmocka_unit_test(interrupts_are_refused_what_may_wait),
        cmocka_unit_test(null_pointers_and_handles_of_another_kind_are_refused),
        cmocka_unit_test(a_thread_suspends_itself_until_it_is_awoken),
        cmocka_unit_test(all_threads_wait_while_they_are_suspended),
        cmocka_unit_test(critical_sections_nest_and_hold_off_other_threads),
        cmocka_unit_test(a_thread_finds_its_handle_and_is_listed),
        cmocka_unit_test(who_is_released_by_deinit_cannot_wait_for_it_again),
        cmocka_unit_test(an_application_of_sdk_v3_runs),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[1024];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
