/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's worker threads and event descriptors, on the posix board with a held clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/sdk/descriptor.h"

static mico_worker_thread_t worker;
static mico_timed_event_t timed;
static char trace[32];
static size_t trace_len;

static OSStatus mark(void *arg)
{
    assert_true(trace_len < sizeof trace - 1);
    trace[trace_len++] = *(const char *)arg;
    trace[trace_len] = '\0';
    return kNoErr;
}

static void assert_trace(const char *expected)
{
    trace[trace_len] = '\0';
    trace_len = 0;
    assert_string_equal(trace, expected);
}

static OSStatus post(mico_worker_thread_t *to, const char *letter)
{
    return mico_rtos_send_asynchronous_event(to, mark, (void *)(uintptr_t)letter);
}

static OSStatus status;

static void send_in_an_interrupt(void *arg)
{
    status = post(arg, "i");
}

static void the_shared_workers_start_when_a_thread_first_uses_them(void **state)
{
    mico_posix_interrupt(send_in_an_interrupt, MICO_HARDWARE_IO_WORKER_THREAD);
    assert_int_equal(status, kNotInitializedErr);
    assert_int_equal(post(MICO_HARDWARE_IO_WORKER_THREAD, "a"), kNoErr);
    assert_int_equal(post(MICO_NETWORKING_WORKER_THREAD, "b"), kNoErr);
    assert_trace("ab"); /* priority 3 is above this thread's */
    mico_posix_interrupt(send_in_an_interrupt, MICO_HARDWARE_IO_WORKER_THREAD);
    assert_int_equal(status, kNoErr);
    assert_trace("i");
}

static void a_worker_calls_in_order_and_a_full_queue_is_reported(void **state)
{
    assert_int_equal(mico_rtos_create_worker_thread(&worker, 8, 1024, 3), kNoErr);
    assert_int_equal(post(&worker, "1"), kNoErr);
    assert_int_equal(post(&worker, "2"), kNoErr);
    assert_int_equal(post(&worker, "3"), kNoErr);
    assert_int_equal(post(&worker, "4"), kGeneralErr);
    assert_trace("");
    mico_thread_msleep(1);
    assert_trace("123");
    assert_int_equal(mico_rtos_send_asynchronous_event(&worker, NULL, NULL), kParamErr);
    assert_int_equal(post(NULL, "x"), kParamErr);
    assert_int_equal(mico_rtos_delete_worker_thread(&worker), kNoErr);
    assert_int_equal(post(&worker, "x"), kNotInitializedErr);
    assert_int_equal(mico_rtos_delete_worker_thread(&worker), kNotInitializedErr);
}

static OSStatus end_own_worker(void *arg)
{
    status = mico_rtos_delete_worker_thread(arg);
    return mark("e");
}

static void a_worker_may_delete_itself_and_calls_nothing_after_that(void **state)
{
    for (int i = 0; i < 40; i++) { /* more than there are places for threads and queues: all come back */
        status = kUnknownErr;
        assert_int_equal(mico_rtos_create_worker_thread(&worker, 8, 1024, 3), kNoErr);
        assert_int_equal(mico_rtos_send_asynchronous_event(&worker, end_own_worker, &worker), kNoErr);
        assert_int_equal(post(&worker, "x"), kNoErr);
        mico_thread_msleep(1);
        assert_int_equal(status, kNoErr);
        assert_trace("e");
    }
}

static void workers_of_impossible_shape_are_refused(void **state)
{
    assert_int_equal(mico_rtos_create_worker_thread(NULL, 8, 1024, 3), kParamErr);
    assert_int_not_equal(mico_rtos_create_worker_thread(&worker, 8, 1024, 0), kNoErr);
    assert_int_not_equal(mico_rtos_create_worker_thread(&worker, 8, 1u << 30, 1), kNoErr);
    assert_int_equal(post(&worker, "x"), kNotInitializedErr);
}

static void a_timed_event_comes_every_period_until_it_is_deregistered(void **state)
{
    assert_int_equal(mico_rtos_create_worker_thread(&worker, 6, 1024, 3), kNoErr);
    assert_int_equal(mico_rtos_register_timed_event(&timed, &worker, mark, 10, "t"), kNoErr);
    mico_thread_msleep(35);
    assert_trace("ttt");
    assert_int_equal(mico_rtos_deregister_timed_event(&timed), kNoErr);
    mico_thread_msleep(35);
    assert_trace("");
    assert_int_equal(mico_rtos_deregister_timed_event(&timed), kGeneralErr);
    assert_int_equal(mico_rtos_register_timed_event(&timed, &worker, mark, 0, "t"), kGeneralErr);
    assert_int_equal(mico_rtos_delete_worker_thread(&worker), kNoErr);
}

static mico_semaphore_t semaphore;
static mico_queue_t queue;

/* Select on two descriptors; the result in *first and *second. */
static int select_two(int first, int second, struct timeval *timeout, bool readable[2])
{
    fd_set set, writable;
    FD_ZERO(&set);
    FD_SET(first, &set);
    FD_SET(second, &set);
    FD_ZERO(&writable);
    FD_SET(first, &writable);
    int count = select(24, &set, &writable, NULL, timeout);
    readable[0] = FD_ISSET(first, &set);
    readable[1] = FD_ISSET(second, &set);
    assert_true(count < 0 || !FD_ISSET(first, &writable));
    return count;
}

static int fds[2];

static void make_two(void)
{
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 3), kNoErr);
    assert_int_equal(mico_rtos_init_queue(&queue, "q", sizeof(int), 2), kNoErr);
    fds[0] = mico_create_event_fd(semaphore);
    fds[1] = mico_rtos_init_event_fd(queue);
    assert_true(fds[0] >= 0 && fds[0] < 24 && fds[1] >= 0 && fds[1] < 24 && fds[0] != fds[1]);
}

static void end_two(void)
{
    assert_int_equal(mico_delete_event_fd(fds[0]), kNoErr);
    assert_int_equal(mico_rtos_deinit_event_fd(fds[1]), kNoErr);
    assert_int_equal(mico_delete_event_fd(fds[1]), kGeneralErr);
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_deinit_queue(&queue), kNoErr);
}

static void a_descriptor_is_readable_as_long_as_there_is_something_to_take(void **state)
{
    struct timeval none = {0, 0};
    bool readable[2];
    int item = 5;
    make_two();
    assert_int_equal(select_two(fds[0], fds[1], &none, readable), 0);
    assert_false(readable[0] || readable[1]);
    assert_int_equal(mico_rtos_set_semaphore(&semaphore), kNoErr);
    assert_int_equal(select_two(fds[0], fds[1], &none, readable), 1);
    assert_true(readable[0] && !readable[1]);
    assert_int_equal(mico_rtos_push_to_queue(&queue, &item, MICO_NO_WAIT), kNoErr);
    for (int i = 0; i < 2; i++) { /* looking takes nothing away */
        assert_int_equal(select_two(fds[0], fds[1], NULL, readable), 2);
        assert_true(readable[0] && readable[1]);
    }
    assert_int_equal(mico_rtos_get_semaphore(&semaphore, MICO_NO_WAIT), kNoErr);
    assert_int_equal(mico_rtos_pop_from_queue(&queue, &item, MICO_NO_WAIT), kNoErr);
    assert_int_equal(select_two(fds[0], fds[1], &none, readable), 0);
    end_two();
}

static void select_waits_as_long_as_asked_and_leaves_the_timeout_alone(void **state)
{
    struct timeval t = {1, 500100};
    bool readable[2];
    make_two();
    uint64_t start = mico_clock_ms();
    assert_int_equal(select_two(fds[0], fds[1], &t, readable), 0);
    assert_int_equal(mico_clock_ms() - start, 1501);
    assert_true(t.tv_sec == 1 && t.tv_usec == 500100);
    assert_int_equal(select(0, NULL, NULL, NULL, &t), 0);
    assert_int_equal(mico_clock_ms() - start, 3002);
    end_two();
}

static volatile int selected[2];

static void select_and_note(mico_thread_arg_t arg)
{
    bool readable[2];
    struct timeval t = {5, 0};
    int count = select_two(fds[0], fds[1], &t, readable);
    selected[arg] = count < 0 ? -errno : readable[0] + 2 * readable[1];
}

static void two_select(void)
{
    for (mico_thread_arg_t i = 0; i < 2; i++) {
        selected[i] = 99;
        assert_int_equal(mico_rtos_create_thread(NULL, 3, "select", select_and_note, 4096, i), kNoErr);
        assert_int_equal(selected[i], 99);
    }
}

static void push_one(void *arg)
{
    assert_int_equal(mico_rtos_push_to_queue(&queue, arg, MICO_NO_WAIT), kNoErr);
}

static void all_who_select_wake_when_an_interrupt_pushes(void **state)
{
    int item = 5;
    make_two();
    for (int round = 0; round < 20; round++) {
        uint64_t start = mico_clock_ms();
        two_select();
        mico_posix_interrupt(push_one, &item);
        assert_true(selected[0] == 2 && selected[1] == 2);
        assert_int_equal(mico_clock_ms(), start);
        assert_int_equal(mico_rtos_pop_from_queue(&queue, &item, MICO_NO_WAIT), kNoErr);
    }
    end_two();
}

static void take(mico_thread_arg_t arg)
{
    assert_int_equal(mico_rtos_get_semaphore(&semaphore, MICO_WAIT_FOREVER), kNoErr);
}

static void what_a_waiter_takes_at_once_does_not_end_a_select(void **state)
{
    make_two();
    assert_int_equal(mico_rtos_create_thread(NULL, 3, "take", take, 4096, 0), kNoErr);
    two_select();
    assert_int_equal(mico_rtos_set_semaphore(&semaphore), kNoErr);
    assert_int_equal(selected[0], 99);
    assert_int_equal(mico_rtos_set_semaphore(&semaphore), kNoErr);
    assert_true(selected[0] == 1 && selected[1] == 1);
    end_two();
}

static void select_ends_when_a_descriptor_or_its_object_goes(void **state)
{
    make_two();
    two_select();
    assert_int_equal(mico_delete_event_fd(fds[1]), kNoErr);
    assert_true(selected[0] == -EBADF && selected[1] == -EBADF);
    fds[1] = mico_create_event_fd(queue);
    two_select();
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    assert_true(selected[0] == -EBADF && selected[1] == -EBADF);
    assert_int_equal(mico_delete_event_fd(fds[0]), kNoErr);
    assert_int_equal(mico_delete_event_fd(fds[1]), kNoErr);
    assert_int_equal(mico_rtos_deinit_queue(&queue), kNoErr);
}

static void what_has_no_descriptor_is_refused(void **state)
{
    mico_mutex_t mutex;
    fd_set set;
    int many[SDK_DESCRIPTORS];
    struct timeval none = {0, 0}, before = {-1, 0};
    assert_int_equal(mico_rtos_init_mutex(&mutex), kNoErr);
    assert_int_equal(mico_create_event_fd(mutex), -1);
    assert_int_equal(mico_create_event_fd(NULL), -1);
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 1), kNoErr);
    for (unsigned i = 0; i < SDK_DESCRIPTORS; i++) {
        many[i] = mico_create_event_fd(semaphore);
        assert_true(many[i] >= 0);
    }
    assert_int_equal(mico_create_event_fd(semaphore), -1);
    for (unsigned i = 0; i < SDK_DESCRIPTORS; i++) {
        assert_int_equal(mico_delete_event_fd(many[i]), kNoErr);
    }
    assert_int_equal(mico_delete_event_fd(-1), kGeneralErr);
    assert_int_equal(mico_delete_event_fd(1000), kGeneralErr);
    FD_ZERO(&set);
    FD_SET(many[0], &set);
    assert_int_equal(select(24, &set, NULL, NULL, &none), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(select(-1, NULL, NULL, NULL, &none), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(select(24, NULL, NULL, NULL, &before), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kNoErr);
}

static void a_handle_of_one_kind_is_none_of_another(void **state)
{
    mico_mutex_t mutex;
    mico_rtos_init_semaphore(&semaphore, 1);
    mico_rtos_init_mutex(&mutex);
    mico_rtos_init_queue(&queue, "q", 4, 1);
    assert_int_equal(mico_rtos_set_semaphore((mico_semaphore_t *)&mutex), kGeneralErr);
    assert_int_equal(mico_rtos_set_semaphore((mico_semaphore_t *)&queue), kGeneralErr);
    assert_int_equal(mico_rtos_lock_mutex((mico_mutex_t *)&semaphore), kGeneralErr);
    assert_int_equal(mico_rtos_push_to_queue((mico_queue_t *)&semaphore, trace, MICO_NO_WAIT), kGeneralErr);
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_deinit_queue(&queue), kNoErr);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shared_workers_start_when_a_thread_first_uses_them),
        cmocka_unit_test(a_worker_calls_in_order_and_a_full_queue_is_reported),
        cmocka_unit_test(a_worker_may_delete_itself_and_calls_nothing_after_that),
        cmocka_unit_test(workers_of_impossible_shape_are_refused),
        cmocka_unit_test(a_timed_event_comes_every_period_until_it_is_deregistered),
        cmocka_unit_test(a_descriptor_is_readable_as_long_as_there_is_something_to_take),
        cmocka_unit_test(select_waits_as_long_as_asked_and_leaves_the_timeout_alone),
        cmocka_unit_test(all_who_select_wake_when_an_interrupt_pushes),
        cmocka_unit_test(what_a_waiter_takes_at_once_does_not_end_a_select),
        cmocka_unit_test(select_ends_when_a_descriptor_or_its_object_goes),
        cmocka_unit_test(what_has_no_descriptor_is_refused),
        cmocka_unit_test(a_handle_of_one_kind_is_none_of_another),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[1024];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
