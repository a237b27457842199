/* SPDX-License-Identifier: Apache-2.0 */
/* Suspension through both faces of the SDK, and waits that osThreadResume ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmsis_os2.h"
#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

static volatile unsigned seen;
static mico_thread_t worker;
static mico_mutex_t mutex;

/* ---- SDK v3 ---- */

static void suspend_itself(mico_thread_arg_t arg)
{
    mico_rtos_suspend_thread((mico_thread_t *)arg);
    seen++;
}

static void a_thread_that_suspends_itself_is_resumed_by_another(void **state)
{
    mico_thread_t *const whose[] = {NULL, &worker};
    seen = 0;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(mico_rtos_create_thread(&worker, 3, "s", suspend_itself, 1024, (mico_thread_arg_t)whose[i]),
                         kNoErr);
        mico_thread_msleep(5);
        assert_int_equal(seen, i);
        mico_rtos_resume_thread(&worker);
        assert_int_equal(seen, i + 1);
        assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    }
}

static void hold_and_count(mico_thread_arg_t arg)
{
    assert_int_equal(mico_rtos_lock_mutex(&mutex), kNoErr);
    for (int i = 0; i < 4; i++) {
        mico_thread_msleep(10);
        seen++;
    }
    assert_int_equal(mico_rtos_unlock_mutex(&mutex), kNoErr);
}

static void suspend_worker(void *arg)
{
    mico_rtos_suspend_thread(NULL); /* no effect in an interrupt */
    mico_rtos_suspend_thread(&worker);
}

static void another_thread_is_suspended_and_resumed_and_keeps_what_it_holds(void **state)
{
    char status[600];
    seen = 0;
    assert_int_equal(mico_rtos_init_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_create_thread(&worker, 3, "held up", hold_and_count, 1024, 0), kNoErr);
    mico_thread_msleep(15);
    assert_int_equal(seen, 1);
    mico_rtos_suspend_thread(&worker);
    mico_thread_msleep(100);
    assert_int_equal(seen, 1);
    assert_int_equal(mico_rtos_print_thread_status(status, sizeof status), kNoErr);
    assert_non_null(strstr(status, "suspended"));
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kGeneralErr); /* it is locked */
    mico_rtos_resume_thread(&worker);
    assert_int_equal(seen, 2); /* its sleep was over long ago */
    mico_posix_interrupt(suspend_worker, NULL);
    mico_thread_msleep(100);
    assert_int_equal(seen, 2);
    mico_rtos_resume_thread(&worker);
    mico_rtos_resume_thread(&worker); /* once more changes nothing */
    assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    assert_int_equal(seen, 4);
    mico_rtos_suspend_thread(&worker); /* a void handle: nobody */
    mico_rtos_resume_thread(&worker);
    mico_rtos_resume_thread(NULL);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kNoErr);
}

static void a_suspended_thread_can_be_deleted(void **state)
{
    seen = 0;
    for (int i = 0; i < 100; i++) { /* its block and stack come back each time */
        assert_int_equal(mico_rtos_create_thread(&worker, 3, "s", suspend_itself, 8192, 0), kNoErr);
        assert_int_equal(mico_rtos_delete_thread(&worker), kNoErr);
        assert_int_equal(mico_rtos_thread_join(&worker), kNoErr);
    }
    assert_int_equal(seen, 0);
}

/* ---- CMSIS-RTOS2 ---- */

static osThreadId_t start(osThreadFunc_t function, void *arg, osPriority_t priority, uint32_t bits)
{
    const osThreadAttr_t attr = {.name = "t", .priority = priority, .attr_bits = bits};
    osThreadId_t id = osThreadNew(function, arg, &attr);
    assert_non_null(id);
    return id;
}

static void count_up(void *arg)
{
    for (;;) {
        seen++;
        (void)osThreadYield();
    }
}

static void a_suspended_thread_is_blocked_until_it_is_resumed(void **state)
{
    seen = 0;
    osThreadId_t thread = start(count_up, NULL, osPriorityLow, 0);
    assert_int_equal(osThreadGetState(thread), osThreadReady);
    assert_int_equal(osThreadResume(thread), osErrorResource);
    assert_int_equal(osThreadSuspend(thread), osOK);
    assert_int_equal(osThreadSuspend(thread), osOK);
    assert_int_equal(osThreadGetState(thread), osThreadBlocked);
    assert_int_equal(osThreadSetPriority(thread, osPriorityHigh), osOK);
    assert_int_equal(osDelay(10), osOK);
    assert_int_equal(seen, 0);
    assert_int_equal(osThreadSetPriority(thread, osPriorityLow), osOK);
    assert_int_equal(osThreadResume(thread), osOK);
    assert_int_equal(osThreadGetState(thread), osThreadReady);
    assert_int_equal(osThreadResume(thread), osErrorResource);
    assert_int_equal(osThreadSuspend(thread), osOK);
    assert_int_equal(osThreadTerminate(thread), osOK);
}

static void what_has_ended_or_cannot_stop_now_is_not_suspended(void **state)
{
    osThreadId_t thread = start(count_up, NULL, osPriorityLow, osThreadJoinable);
    assert_int_equal(osThreadTerminate(thread), osOK);
    assert_int_equal(osThreadSuspend(thread), osErrorResource);
    assert_int_equal(osThreadResume(thread), osErrorResource);
    assert_int_equal(osThreadJoin(thread), osOK);
    assert_int_equal(osThreadSuspend(thread), osErrorParameter);
    assert_int_equal(osThreadResume(thread), osErrorParameter);
    assert_int_equal(osThreadSuspend(NULL), osErrorParameter);
    assert_int_equal(osThreadResume(NULL), osErrorParameter);
    assert_int_equal(osKernelLock(), 0);
    assert_int_equal(osThreadSuspend(osThreadGetId()), osErrorResource);
    assert_int_equal(osKernelUnlock(), 1);
}

enum { DELAY, MUTEX, SEMAPHORE, EVENT_FLAGS, THREAD_FLAGS, QUEUE_GET, QUEUE_PUT, POOL, JOIN, WAITS };

static struct {
    osMutexId_t mutex;
    osSemaphoreId_t semaphore;
    osEventFlagsId_t flags;
    osMessageQueueId_t empty, full;
    osMemoryPoolId_t pool;
    osThreadId_t joined;
} busy;

/* Each kind of wait, and what it gives when it is ended. */
static void wait_in_some_way(void *arg)
{
    uint8_t message = 1;
    switch ((uintptr_t)arg) {
    case DELAY:
        assert_int_equal(osDelay(osWaitForever), osOK);
        break;
    case MUTEX:
        assert_int_equal(osMutexAcquire(busy.mutex, osWaitForever), osErrorTimeout);
        break;
    case SEMAPHORE:
        assert_int_equal(osSemaphoreAcquire(busy.semaphore, osWaitForever), osErrorTimeout);
        break;
    case EVENT_FLAGS:
        assert_int_equal(osEventFlagsWait(busy.flags, 1, osFlagsWaitAll, osWaitForever), osFlagsErrorTimeout);
        break;
    case THREAD_FLAGS:
        assert_int_equal(osThreadFlagsWait(1, osFlagsWaitAll, osWaitForever), osFlagsErrorTimeout);
        break;
    case QUEUE_GET:
        assert_int_equal(osMessageQueueGet(busy.empty, &message, NULL, osWaitForever), osErrorTimeout);
        break;
    case QUEUE_PUT:
        assert_int_equal(osMessageQueuePut(busy.full, &message, 0, osWaitForever), osErrorTimeout);
        break;
    case POOL:
        assert_null(osMemoryPoolAlloc(busy.pool, osWaitForever));
        break;
    default:
        assert_int_equal(osThreadJoin(busy.joined), osErrorResource);
        break;
    }
    seen++;
}

static osThreadId_t start_waiter(uintptr_t how)
{
    osThreadId_t id = start(wait_in_some_way, (void *)how, osPriorityHigh, 0);
    assert_int_equal(osThreadGetState(id), osThreadBlocked);
    return id;
}

static void make_all_busy(void)
{
    uint8_t message = 1;
    busy.mutex = osMutexNew(NULL);
    busy.semaphore = osSemaphoreNew(1, 0, NULL);
    busy.flags = osEventFlagsNew(NULL);
    busy.empty = osMessageQueueNew(1, 1, NULL);
    busy.full = osMessageQueueNew(1, 1, NULL);
    busy.pool = osMemoryPoolNew(1, 8, NULL);
    busy.joined = start(count_up, NULL, osPriorityLow, osThreadJoinable);
    assert_int_equal(osMutexAcquire(busy.mutex, 0), osOK);
    assert_int_equal(osMessageQueuePut(busy.full, &message, 0, 0), osOK);
    assert_non_null(osMemoryPoolAlloc(busy.pool, 0));
    assert_int_equal(osThreadSuspend(busy.joined), osOK);
}

static void delete_all_busy(void)
{
    assert_int_equal(osThreadTerminate(busy.joined), osOK);
    assert_int_equal(osThreadJoin(busy.joined), osOK);
    assert_int_equal(osMutexDelete(busy.mutex), osOK);
    assert_int_equal(osSemaphoreDelete(busy.semaphore), osOK);
    assert_int_equal(osEventFlagsDelete(busy.flags), osOK);
    assert_int_equal(osMessageQueueDelete(busy.empty), osOK);
    assert_int_equal(osMessageQueueDelete(busy.full), osOK);
    assert_int_equal(osMemoryPoolDelete(busy.pool), osOK);
}

static void resume_ends_every_kind_of_wait(void **state)
{
    make_all_busy();
    for (uintptr_t how = 0; how < WAITS; how++) {
        seen = 0;
        osThreadId_t waiter = start_waiter(how);
        assert_int_equal(osThreadResume(waiter), osOK);
        assert_int_equal(seen, 1);
        assert_int_equal(osThreadResume(waiter), osErrorParameter); /* it has ended */
    }
    delete_all_busy();
}

static void a_waiter_that_is_suspended_leaves_its_row_and_goes_on_when_it_is_resumed(void **state)
{
    make_all_busy();
    for (uintptr_t how = 0; how < WAITS; how++) {
        seen = 0;
        osThreadId_t waiter = start_waiter(how);
        assert_int_equal(osThreadSuspend(waiter), osOK);
        assert_int_equal(osThreadGetState(waiter), osThreadBlocked);
        assert_int_equal(osDelay(2), osOK);
        assert_int_equal(seen, 0);
        assert_int_equal(osSemaphoreRelease(busy.semaphore), osOK); /* for nobody */
        assert_int_equal(osSemaphoreAcquire(busy.semaphore, 0), osOK);
        assert_int_equal(osThreadResume(waiter), osOK);
        assert_int_equal(seen, 1);
    }
    delete_all_busy();
}

static void lock_of_sdk_v3(void *arg)
{
    assert_int_equal(mico_rtos_lock_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_unlock_mutex(&mutex), kNoErr);
    seen++;
}

static void a_wait_that_is_not_the_standard_s_goes_on_while_its_thread_is_suspended(void **state)
{
    seen = 0;
    assert_int_equal(mico_rtos_init_mutex(&mutex), kNoErr);
    assert_int_equal(mico_rtos_lock_mutex(&mutex), kNoErr);
    osThreadId_t thread = start(lock_of_sdk_v3, NULL, osPriorityHigh, 0);
    assert_int_equal(osThreadResume(thread), osErrorResource);
    assert_int_equal(osThreadSuspend(thread), osOK);
    assert_int_equal(mico_rtos_unlock_mutex(&mutex), kNoErr); /* to the suspended one */
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kGeneralErr);
    assert_int_equal(seen, 0);
    assert_int_equal(osThreadResume(thread), osOK);
    assert_int_equal(seen, 1);
    assert_int_equal(mico_rtos_deinit_mutex(&mutex), kNoErr);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_that_suspends_itself_is_resumed_by_another),
        cmocka_unit_test(another_thread_is_suspended_and_resumed_and_keeps_what_it_holds),
        cmocka_unit_test(a_suspended_thread_can_be_deleted),
        cmocka_unit_test(a_suspended_thread_is_blocked_until_it_is_resumed),
        cmocka_unit_test(what_has_ended_or_cannot_stop_now_is_not_suspended),
        cmocka_unit_test(resume_ends_every_kind_of_wait),
        cmocka_unit_test(a_waiter_that_is_suspended_leaves_its_row_and_goes_on_when_it_is_resumed),
        cmocka_unit_test(a_wait_that_is_not_the_standard_s_goes_on_while_its_thread_is_suspended),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
