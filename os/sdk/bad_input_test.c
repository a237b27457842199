/* SPDX-License-Identifier: Apache-2.0 */
/* Bad input to every call of the page: null and void handles, handles of another kind, zeros, sizes that overflow, calls of
 * interrupts that may not wait, deletion of what others wait for. Each gets the error that REFERENCE.md says.
 *
 * TRY notes the call's name; the last test holds what was noted to the page's rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bad_input.h"
#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

#define ENOUGH 0x7FFFFFFFu /* more than there is of anything */

static mico_thread_t void_thread, no_thread;
static mico_semaphore_t void_semaphore, no_semaphore, semaphore;
static mico_mutex_t void_mutex, no_mutex, mutex;
static mico_queue_t void_queue, no_queue, queue;
static mico_timer_t void_timer, no_timer, timer;
static mico_worker_thread_t no_worker;
static uint32_t message;

static void nothing(mico_thread_arg_t arg)
{
}

static void on_time(void *arg)
{
}

static OSStatus job(void *arg)
{
    return kNoErr;
}

/* One of each, and void handles that named one once. */
static void make_objects(void)
{
    mico_semaphore_t s;
    mico_mutex_t m;
    mico_queue_t q;
    mico_timer_t t;
    assert_int_equal(mico_rtos_create_thread(&void_thread, 3, "void", nothing, 1024, 0), kNoErr);
    assert_int_equal(mico_rtos_thread_join(&void_thread), kNoErr);
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 1), kNoErr);
    assert_int_equal(mico_rtos_init_semaphore(&s, 1), kNoErr);
    void_semaphore = s;
    assert_int_equal(mico_rtos_deinit_semaphore(&s), kNoErr);
    assert_int_equal(mico_rtos_init_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_init_mutex(&m), kNoErr);
    void_mutex = m;
    assert_int_equal(mico_rtos_deinit_mutex(&m), kNoErr);
    assert_int_equal(mico_rtos_init_queue(&queue, "q", sizeof message, 1), kNoErr);
    assert_int_equal(mico_rtos_init_queue(&q, "q", sizeof message, 1), kNoErr);
    void_queue = q;
    assert_int_equal(mico_rtos_deinit_queue(&q), kNoErr);
    assert_int_equal(mico_rtos_init_timer(&timer, 1000, on_time, NULL), kNoErr);
    assert_int_equal(mico_rtos_init_timer(&t, 1000, on_time, NULL), kNoErr);
    void_timer = t;
    assert_int_equal(mico_rtos_deinit_timer(&t), kNoErr);
}

static void threads(void **state)
{
    TRY(mico_rtos_create_thread(NULL, 3, "t", NULL, 1024, 0), kGeneralErr);
    TRY(mico_rtos_create_thread(NULL, 3, "t", nothing, UINT32_MAX, 0), kNoMemoryErr);
    TRY(mico_rtos_create_thread(NULL, 3, "t", nothing, ENOUGH, 0), kNoMemoryErr);
    TRY(mico_rtos_delete_thread(&no_thread), kGeneralErr);
    TRY(mico_rtos_delete_thread(&void_thread), kNoErr);
    TRY(mico_rtos_delete_thread(&semaphore), kNoErr); /* of another kind: no thread, and so none that lives */
    TRY(mico_rtos_thread_join(NULL), kGeneralErr);
    TRY(mico_rtos_thread_join(&no_thread), kGeneralErr);
    TRY(mico_rtos_thread_join(&void_thread), kNoErr);
    TRY(mico_rtos_thread_force_awake(NULL), kGeneralErr);
    TRY(mico_rtos_thread_force_awake(&void_thread), kGeneralErr);
    TRY(mico_rtos_thread_force_awake(&semaphore), kGeneralErr);
    TRY(mico_rtos_is_current_thread(NULL), false);
    TRY(mico_rtos_is_current_thread(&void_thread), false);
    TRY(mico_rtos_delay_milliseconds(0), kNoErr);
    TRY(mico_rtos_get_current_thread() == NULL, true); /* the first thread is none of the SDK's */
    TRY(mico_rtos_print_thread_status(NULL, 10), kParamErr);
    TRY(mico_rtos_print_thread_status((char[1]){0}, 0), kParamErr);
    DO(mico_rtos_thread_yield());
    DO(mico_rtos_thread_msleep(0));
    DO(mico_rtos_thread_sleep(0));
    DO(mico_thread_msleep(0));
    DO(mico_thread_sleep(0));
    DO(mico_rtos_exit_critical()); /* one too many */
    TRY(mico_rtos_resume_all_thread(), kGeneralErr);
    DO(mico_rtos_suspend_all_thread());
    TRY(mico_rtos_resume_all_thread(), kNoErr);
    DO(mico_rtos_suspend_thread(&void_thread));
    DO(mico_rtos_suspend_thread(&no_thread));
    DO(mico_rtos_suspend_thread(&semaphore));
    DO(mico_rtos_resume_thread(NULL));
    DO(mico_rtos_resume_thread(&void_thread));
    DO(mico_rtos_resume_thread(&no_thread));
    DO(mico_rtos_resume_thread(&semaphore));
    DO(mico_rtos_enter_critical());
    DO(mico_rtos_exit_critical());
    DO(mico_rtos_get_time());
}

static void semaphores(void **state)
{
    mico_semaphore_t made;
    TRY(mico_rtos_init_semaphore(NULL, 1), kGeneralErr);
    TRY(mico_rtos_init_semaphore(&made, 0), kGeneralErr);
    TRY(mico_rtos_init_semaphore(&made, -1), kGeneralErr);
    TRY(mico_rtos_set_semaphore(NULL), kGeneralErr);
    TRY(mico_rtos_set_semaphore(&no_semaphore), kGeneralErr);
    TRY(mico_rtos_set_semaphore(&void_semaphore), kGeneralErr);
    TRY(mico_rtos_set_semaphore(&mutex), kGeneralErr);
    TRY(mico_rtos_set_semaphore(&semaphore), kNoErr);
    TRY(mico_rtos_set_semaphore(&semaphore), kGeneralErr); /* at its maximum */
    TRY(mico_rtos_get_semaphore(&semaphore, 0), kNoErr);
    TRY(mico_rtos_get_semaphore(&semaphore, 0), kTimeoutErr);
    TRY(mico_rtos_get_semaphore(NULL, 0), kGeneralErr);
    TRY(mico_rtos_get_semaphore(&void_semaphore, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_get_semaphore(&queue, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_deinit_semaphore(NULL), kGeneralErr);
    TRY(mico_rtos_deinit_semaphore(&void_semaphore), kGeneralErr);
    TRY(mico_rtos_deinit_semaphore(&timer.handle), kGeneralErr);
}

static void event_flags(void **state)
{
    mico_event_flags_t made = NULL, gone;
    TRY(mico_rtos_init_event_flags(NULL), kGeneralErr);
    TRY(mico_rtos_init_event_flags(&made), kNoErr);
    TRY(mico_rtos_wait_for_event_flags(NULL, 1, NULL, 0, WAIT_FOR_ANY_EVENT, 0), kGeneralErr);
    TRY(mico_rtos_wait_for_event_flags(&semaphore, 1, NULL, 0, WAIT_FOR_ANY_EVENT, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_wait_for_event_flags(&made, 0, NULL, 0, WAIT_FOR_ALL_EVENTS, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_wait_for_event_flags(&made, 1, NULL, 0, (mico_event_flags_wait_option_t)2, 0), kGeneralErr);
    TRY(mico_rtos_wait_for_event_flags(&made, 1, NULL, 0, WAIT_FOR_ALL_EVENTS, 0), kTimeoutErr);
    TRY(mico_rtos_set_event_flags(NULL, 1), kGeneralErr);
    TRY(mico_rtos_set_event_flags(&void_semaphore, 1), kGeneralErr);
    gone = made;
    TRY(mico_rtos_deinit_event_flags(&made), kNoErr);
    TRY(mico_rtos_deinit_event_flags(&made), kGeneralErr);
    TRY(mico_rtos_deinit_event_flags(&gone), kGeneralErr);
    TRY(mico_rtos_set_event_flags(&gone, 1), kGeneralErr);
    TRY(mico_rtos_wait_for_event_flags(&gone, 1, NULL, 0, WAIT_FOR_ANY_EVENT, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_deinit_event_flags(NULL), kGeneralErr);
}

static void mutexes(void **state)
{
    TRY(mico_rtos_init_mutex(NULL), kGeneralErr);
    TRY(mico_rtos_lock_mutex(NULL), kGeneralErr);
    TRY(mico_rtos_lock_mutex(&no_mutex), kGeneralErr);
    TRY(mico_rtos_lock_mutex(&void_mutex), kGeneralErr);
    TRY(mico_rtos_lock_mutex(&semaphore), kGeneralErr);
    TRY(mico_rtos_unlock_mutex(NULL), kGeneralErr);
    TRY(mico_rtos_unlock_mutex(&void_mutex), kGeneralErr);
    TRY(mico_rtos_unlock_mutex(&mutex), kGeneralErr); /* not the owner */
    TRY(mico_rtos_lock_mutex(&mutex), kNoErr);
    TRY(mico_rtos_deinit_mutex(&mutex), kGeneralErr); /* locked */
    TRY(mico_rtos_unlock_mutex(&mutex), kNoErr);
    TRY(mico_rtos_deinit_mutex(NULL), kGeneralErr);
    TRY(mico_rtos_deinit_mutex(&void_mutex), kGeneralErr);
}

static void queues(void **state)
{
    mico_queue_t made;
    TRY(mico_rtos_init_queue(NULL, "q", 4, 1), kGeneralErr);
    TRY(mico_rtos_init_queue(&made, "q", 0, 1), kGeneralErr);
    TRY(mico_rtos_init_queue(&made, "q", 4, 0), kGeneralErr);
    TRY(mico_rtos_init_queue(&made, "q", 65536, 65536), kNoMemoryErr); /* 2^32 */
    TRY(mico_rtos_init_queue(&made, "q", ENOUGH, 2), kGeneralErr);
    TRY(mico_rtos_push_to_queue(NULL, &message, 0), kGeneralErr);
    TRY(mico_rtos_push_to_queue(&void_queue, &message, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_push_to_queue(&semaphore, &message, 0), kGeneralErr);
    TRY(mico_rtos_push_to_queue(&queue, NULL, 0), kGeneralErr);
    TRY(mico_rtos_pop_from_queue(NULL, &message, 0), kGeneralErr);
    TRY(mico_rtos_pop_from_queue(&no_queue, &message, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_pop_from_queue(&void_queue, &message, MICO_WAIT_FOREVER), kGeneralErr);
    TRY(mico_rtos_pop_from_queue(&queue, NULL, 0), kGeneralErr);
    TRY(mico_rtos_pop_from_queue(&queue, &message, 0), kGeneralErr); /* empty */
    TRY(mico_rtos_deinit_queue(NULL), kGeneralErr);
    TRY(mico_rtos_deinit_queue(&void_queue), kGeneralErr);
    TRY(mico_rtos_is_queue_empty(NULL), false);
    TRY(mico_rtos_is_queue_empty(&void_queue), false);
    TRY(mico_rtos_is_queue_full(NULL), false);
    TRY(mico_rtos_is_queue_full(&void_queue), false);
}

static void timers(void **state)
{
    mico_timer_t made;
    TRY(mico_rtos_init_timer(NULL, 1, on_time, NULL), kGeneralErr);
    TRY(mico_rtos_init_timer(&made, 0, on_time, NULL), kGeneralErr);
    TRY(mico_rtos_init_timer(&made, 1, NULL, NULL), kGeneralErr);
    TRY(mico_rtos_start_timer(NULL), kGeneralErr);
    TRY(mico_rtos_start_timer(&no_timer), kGeneralErr);
    TRY(mico_rtos_start_timer(&void_timer), kGeneralErr);
    TRY(mico_rtos_stop_timer(NULL), kGeneralErr);
    TRY(mico_rtos_stop_timer(&void_timer), kGeneralErr);
    TRY(mico_rtos_reload_timer(NULL), kGeneralErr);
    TRY(mico_rtos_reload_timer(&void_timer), kGeneralErr);
    TRY(mico_rtos_deinit_timer(NULL), kGeneralErr);
    TRY(mico_rtos_deinit_timer(&void_timer), kGeneralErr);
    TRY(mico_rtos_is_timer_running(NULL), false);
    TRY(mico_rtos_is_timer_running(&void_timer), false);
    TRY(mico_init_timer(NULL, 1, on_time, NULL), kGeneralErr);
    TRY(mico_start_timer(&void_timer), kGeneralErr);
    TRY(mico_stop_timer(&void_timer), kGeneralErr);
    TRY(mico_reload_timer(&void_timer), kGeneralErr);
    TRY(mico_deinit_timer(&void_timer), kGeneralErr);
    TRY(mico_is_timer_running(&void_timer), false);
}

static void workers(void **state)
{
    mico_worker_thread_t made;
    mico_timed_event_t event;
    TRY(mico_rtos_create_worker_thread(NULL, 3, 1024, 1), kParamErr);
    TRY(mico_rtos_create_worker_thread(&made, 3, 1024, 0), kGeneralErr);
    TRY(mico_rtos_create_worker_thread(&made, 3, ENOUGH, 1), kNoMemoryErr);
    TRY(mico_rtos_delete_worker_thread(NULL), kNotInitializedErr);
    TRY(mico_rtos_delete_worker_thread(&no_worker), kNotInitializedErr);
    TRY(mico_rtos_send_asynchronous_event(NULL, job, NULL), kParamErr);
    TRY(mico_rtos_send_asynchronous_event(&no_worker, job, NULL), kNotInitializedErr);
    TRY(mico_rtos_send_asynchronous_event(MICO_WORKER_THREAD, NULL, NULL), kParamErr);
    TRY(mico_rtos_register_timed_event(NULL, MICO_WORKER_THREAD, job, 1, NULL), kParamErr);
    TRY(mico_rtos_register_timed_event(&event, NULL, job, 1, NULL), kParamErr);
    TRY(mico_rtos_register_timed_event(&event, MICO_WORKER_THREAD, NULL, 1, NULL), kParamErr);
    TRY(mico_rtos_register_timed_event(&event, MICO_WORKER_THREAD, job, 0, NULL), kGeneralErr);
    TRY(mico_rtos_deregister_timed_event(NULL), kParamErr);
}

/* What an interrupt must not do. */
static void try_in_an_interrupt(void *arg)
{
    mico_semaphore_t s;
    mico_event_flags_t flags;
    mico_uart_config_t uart = {115200, DATA_WIDTH_8BIT, NO_PARITY, STOP_BITS_1, FLOW_CONTROL_DISABLED, 0};
    uint32_t offset = 0;
    uint8_t octet = 0;
    TRY(mico_rtos_create_thread(NULL, 3, "t", nothing, 1024, 0), kGeneralErr);
    TRY(mico_rtos_delete_thread(&void_thread), kGeneralErr);
    TRY(mico_rtos_delete_thread(NULL), kGeneralErr);
    TRY(mico_rtos_thread_join(&void_thread), kGeneralErr);
    TRY(mico_rtos_delay_milliseconds(1), kGeneralErr);
    DO(mico_rtos_thread_msleep(1));
    DO(mico_rtos_suspend_thread(NULL));
    DO(mico_rtos_resume_thread(NULL));
    DO(mico_rtos_thread_sleep(MICO_NEVER_TIMEOUT));
    DO(mico_rtos_thread_yield());
    TRY(mico_rtos_init_semaphore(&s, 1), kNoErr);
    TRY(mico_rtos_deinit_semaphore(&s), kGeneralErr);
    TRY(mico_rtos_get_semaphore(&s, 1), kGeneralErr);
    TRY(mico_rtos_get_semaphore(&s, 0), kTimeoutErr);
    TRY(mico_rtos_init_event_flags(&flags), kNoErr);
    TRY(mico_rtos_set_event_flags(&flags, 2), kNoErr);
    TRY(mico_rtos_wait_for_event_flags(&flags, 2, NULL, 1, WAIT_FOR_ANY_EVENT, 1), kGeneralErr);
    TRY(mico_rtos_wait_for_event_flags(&flags, 2, NULL, 1, WAIT_FOR_ANY_EVENT, 0), kNoErr);
    TRY(mico_rtos_deinit_event_flags(&flags), kGeneralErr);
    TRY(mico_rtos_lock_mutex(&mutex), kGeneralErr);
    TRY(mico_rtos_unlock_mutex(&mutex), kGeneralErr);
    TRY(mico_rtos_pop_from_queue(&queue, &message, 1), kGeneralErr);
    TRY(mico_rtos_deinit_queue(&queue), kGeneralErr);
    TRY(mico_rtos_init_timer(&no_timer, 1, on_time, NULL), kGeneralErr);
    TRY(mico_rtos_deinit_timer(&timer), kGeneralErr);
    TRY(mico_rtos_create_worker_thread(&no_worker, 3, 1024, 1), kGeneralErr);
    TRY(mico_system_context_init(1) == NULL, true);
    TRY(mico_system_monitor_daemen_start(), kGeneralErr);
    TRY(MicoFlashRead(MICO_PARTITION_FILESYS, &offset, &octet, 1), kGeneralErr);
    TRY(MicoFlashWrite(MICO_PARTITION_FILESYS, &offset, &octet, 1), kGeneralErr);
    TRY(MicoFlashErase(MICO_PARTITION_FILESYS, 0, 1), kGeneralErr);
    TRY(MicoUartInitialize(MICO_UART_1, &uart, NULL), kGeneralErr);
    TRY(cli_init(), -1);
    TRY(cli_stop(), -1);
    *(mico_semaphore_t *)arg = s;
}

static void interrupts(void **state)
{
    mico_semaphore_t made;
    memset(&no_worker, 0, sizeof no_worker);
    mico_posix_interrupt(try_in_an_interrupt, &made);
    assert_int_equal(mico_rtos_deinit_semaphore(&made), kNoErr);
}

static volatile OSStatus ended[3];

static void wait_for_semaphore(mico_thread_arg_t arg)
{
    mico_semaphore_t mine = semaphore;
    ended[0] = mico_rtos_get_semaphore(&mine, MICO_WAIT_FOREVER);
}

static void wait_to_pop(mico_thread_arg_t arg)
{
    mico_queue_t mine = queue;
    uint32_t got;
    ended[1] = mico_rtos_pop_from_queue(&mine, &got, MICO_WAIT_FOREVER);
}

static void wait_to_push(mico_thread_arg_t arg)
{
    mico_queue_t mine = (mico_queue_t)(uintptr_t)arg;
    (void)mico_rtos_push_to_queue(&mine, &message, MICO_WAIT_FOREVER);
    ended[2] = mico_rtos_push_to_queue(&mine, &message, MICO_WAIT_FOREVER);
}

static void what_others_wait_for(void **state)
{
    mico_queue_t full;
    mico_thread_t waiters[3];
    assert_int_equal(mico_rtos_init_queue(&full, "full", sizeof message, 1), kNoErr);
    (void)mico_rtos_create_thread(&waiters[0], 3, "w", wait_for_semaphore, 1024, 0);
    (void)mico_rtos_create_thread(&waiters[1], 3, "w", wait_to_pop, 1024, 0);
    (void)mico_rtos_create_thread(&waiters[2], 3, "w", wait_to_push, 1024, (mico_thread_arg_t)(uintptr_t)full);
    ended[0] = ended[1] = ended[2] = 77;
    TRY(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    TRY(mico_rtos_deinit_queue(&queue), kNoErr);
    TRY(mico_rtos_deinit_queue(&full), kNoErr);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mico_rtos_thread_join(&waiters[i]), kNoErr);
        assert_int_equal(ended[i], kGeneralErr);
    }
}

/* These sections are other tests': every call of theirs is given bad input there. Those with nothing that could be wrong are
 * left out by name. */
static const char *const elsewhere[] = {"Descriptors and sockets",
                                        "Hashes, HMAC, HKDF",
                                        "wolfCrypt's classic names, and the curves",
                                        "The network interface",
                                        "mDNS",
                                        "Network time",
                                        "HTTP messages",
                                        "HTTP server",
                                        "MQTT",
                                        "TLS"};
static const char *const harmless[] = {"MicoSystemReboot",
                                       "CRC8_Init",
                                       "CRC8_Update",
                                       "CRC8_Final",
                                       "CRC16_Init",
                                       "CRC16_Update",
                                       "CRC16_Final",
                                       "ring_buffer_free_space",
                                       "ring_buffer_used_space",
                                       "ring_buffer_get_data",
                                       "ring_buffer_consume",
                                       "ring_buffer_write",
                                       "osThreadExit"};

static void every_call_of_the_page_was_tried(void **state)
{
    assert_int_equal(
        untried(elsewhere, sizeof elsewhere / sizeof elsewhere[0], harmless, sizeof harmless / sizeof harmless[0]), 0);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads),
        cmocka_unit_test(semaphores),
        cmocka_unit_test(event_flags),
        cmocka_unit_test(mutexes),
        cmocka_unit_test(queues),
        cmocka_unit_test(timers),
        cmocka_unit_test(workers),
        cmocka_unit_test(the_system),
        cmocka_unit_test(the_board),
        cmocka_unit_test(the_console),
        cmocka_unit_test(text_bytes_and_urls),
        cmocka_unit_test(interrupts),
        cmocka_unit_test(cmsis_bad_input),
        cmocka_unit_test(what_others_wait_for),
        cmocka_unit_test(every_call_of_the_page_was_tried),
    };
    make_objects();
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
