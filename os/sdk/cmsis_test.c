/* SPDX-License-Identifier: Apache-2.0 */
/* CMSIS-RTOS2 on the posix board with a held clock, from one thread of the kernel, from others and from interrupts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/sdk/cmsis_os2.h"

static volatile unsigned seen;
static osSemaphoreId_t semaphore;
static osMutexId_t mutex;
static osMessageQueueId_t queue;
static osMemoryPoolId_t pool;
static osEventFlagsId_t flags;
static osThreadId_t thread, first;
static osTimerId_t timer;

static void in_interrupt(void (*handler)(void *arg))
{
    mico_posix_interrupt(handler, NULL);
}

static osThreadId_t start(osThreadFunc_t function, osPriority_t priority, uint32_t bits)
{
    const osThreadAttr_t attr = {.name = "t", .priority = priority, .attr_bits = bits};
    osThreadId_t id = osThreadNew(function, NULL, &attr);
    assert_non_null(id);
    return id;
}

static void try_kernel(void *arg)
{
    assert_int_equal(osKernelInitialize(), osErrorISR);
    assert_int_equal(osKernelStart(), osErrorISR);
    assert_int_equal(osKernelLock(), osErrorISR);
    assert_int_equal(osKernelUnlock(), osErrorISR);
    assert_int_equal(osKernelRestoreLock(0), osErrorISR);
    assert_int_equal(osKernelSuspend(), 0);
    assert_int_equal(osDelay(1), osErrorISR);
    assert_int_equal(osDelayUntil(1), osErrorISR);
    assert_int_equal(osKernelGetState(), osKernelRunning);
}

static void note(void *arg)
{
    seen++;
}

static void the_kernel_runs_and_locks(void **state)
{
    osVersion_t version;
    char id[8];
    assert_int_equal(osKernelGetInfo(&version, id, sizeof id), osOK);
    assert_int_equal(version.api, 20030000);
    assert_string_equal(id, "MiCO");
    assert_int_equal(osKernelInitialize(), osError);
    assert_int_equal(osKernelStart(), osError);
    in_interrupt(try_kernel);
    uint32_t start_tick = osKernelGetTickCount();
    assert_int_equal(osDelay(7), osOK);
    assert_int_equal(osDelayUntil(start_tick + 10), osOK);
    assert_int_equal(osKernelGetTickCount() - start_tick, 10);
    assert_int_equal(osDelay(0), osErrorParameter);
    assert_int_equal(osDelayUntil(start_tick), osErrorParameter);
    assert_int_equal(osKernelGetTickFreq(), 1000);
    assert_int_equal(osKernelGetSysTimerFreq(), 1000000);

    seen = 0;
    assert_int_equal(osKernelLock(), 0);
    assert_int_equal(osKernelLock(), 1);
    assert_int_equal(osKernelGetState(), osKernelLocked);
    start(note, osPriorityRealtime, 0);
    assert_int_equal(seen, 0);
    assert_int_equal(osDelay(1), osError);
    assert_int_equal(osThreadYield(), osError);
    assert_int_equal(osKernelUnlock(), 1);
    assert_int_equal(seen, 1);
    assert_int_equal(osKernelRestoreLock(1), 1);
    assert_int_equal(osKernelRestoreLock(0), 0);
    assert_int_equal(osKernelRestoreLock(7), osError);
    assert_int_not_equal(osKernelSuspend(), 0);
    assert_int_equal(osKernelGetState(), osKernelSuspended);
    osKernelResume(0);
    assert_int_equal(osKernelGetState(), osKernelRunning);
}

static void suspend_self(void *arg)
{
    assert_int_equal(osThreadSuspend(osThreadGetId()), osOK);
    seen = 5;
}

static void try_threads(void *arg)
{
    assert_null(osThreadNew(note, NULL, NULL));
    assert_int_equal(osThreadGetState(first), osThreadError);
    assert_int_equal(osThreadSetPriority(first, osPriorityLow), osErrorISR);
    assert_int_equal(osThreadGetPriority(first), osPriorityError);
    assert_int_equal(osThreadYield(), osErrorISR);
    assert_int_equal(osThreadSuspend(first), osErrorISR);
    assert_int_equal(osThreadResume(first), osErrorISR);
    assert_int_equal(osThreadDetach(first), osErrorISR);
    assert_int_equal(osThreadJoin(first), osErrorISR);
    assert_int_equal(osThreadTerminate(first), osErrorISR);
    assert_int_equal(osThreadGetCount(), 0);
    assert_int_equal(osThreadFlagsClear(1), osFlagsErrorISR);
    assert_int_equal(osThreadFlagsWait(1, 0, 0), osFlagsErrorISR);
}

static void threads_live_wait_and_end(void **state)
{
    static uint64_t stack[128];
    const osThreadAttr_t own = {.name = "own", .stack_mem = stack, .stack_size = sizeof stack, .attr_bits = 1};
    osThreadId_t all[4];
    first = osThreadGetId();
    assert_non_null(first);
    assert_ptr_equal(osThreadGetId(), first);
    assert_int_equal(osThreadGetState(first), osThreadRunning);
    assert_int_equal(osThreadGetPriority(first), osPriorityBelowNormal);
    in_interrupt(try_threads);

    assert_null(osThreadNew(NULL, NULL, NULL));
    assert_null(osThreadNew(note, NULL, &(osThreadAttr_t){.priority = 57}));
    assert_null(osThreadNew(note, NULL, &(osThreadAttr_t){.stack_size = 8}));
    seen = 0;
    thread = osThreadNew(suspend_self, NULL, &own);
    assert_string_equal(osThreadGetName(thread), "own");
    assert_int_equal(osThreadGetStackSize(thread), sizeof stack);
    assert_in_range(osThreadGetStackSpace(thread), 1, sizeof stack);
    assert_int_equal(osThreadGetState(thread), osThreadBlocked);
    assert_int_equal(osThreadGetCount(), 2);
    assert_int_equal(osThreadEnumerate(all, 4), 2);
    assert_int_equal(osThreadSuspend(thread), osOK); /* it has done so itself */
    assert_int_equal(osThreadSetPriority(thread, osPriorityLow), osOK);
    assert_int_equal(osThreadGetPriority(thread), osPriorityLow);
    assert_int_equal(osThreadResume(thread), osOK);
    assert_int_equal(osThreadGetState(thread), osThreadReady);
    assert_int_equal(seen, 0);
    assert_int_equal(osThreadJoin(thread), osOK);
    assert_int_equal(seen, 5);
    assert_int_equal(osThreadJoin(thread), osErrorParameter);
    assert_int_equal(osThreadGetState(thread), osThreadError);

    thread = start(suspend_self, osPriorityHigh, osThreadJoinable);
    assert_int_equal(osThreadTerminate(thread), osOK);
    assert_int_equal(osThreadGetState(thread), osThreadTerminated);
    assert_int_equal(osThreadTerminate(thread), osErrorResource);
    assert_int_equal(osThreadDetach(thread), osOK);
    assert_int_equal(osThreadDetach(thread), osErrorParameter);
    thread = start(suspend_self, osPriorityHigh, 0);
    assert_int_equal(osThreadJoin(thread), osErrorResource);
    assert_int_equal(osThreadTerminate(thread), osOK);
    assert_int_equal(osThreadTerminate(thread), osErrorParameter);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(osThreadTerminate(start(suspend_self, osPriorityHigh, 0)), osOK);
    }
}

static void wait_for_thread_flags(void *arg)
{
    seen = osThreadFlagsWait(3, osFlagsWaitAll, osWaitForever);
}

static void set_thread_flag(void *arg)
{
    assert_int_equal(osThreadFlagsSet(thread, 2), 0); /* both are taken by the waiter */
}

static void thread_flags_wait_for_any_and_all(void **state)
{
    seen = 0;
    thread = start(wait_for_thread_flags, osPriorityHigh, osThreadJoinable);
    assert_int_equal(osThreadFlagsSet(thread, 1), 1);
    assert_int_equal(seen, 0);
    in_interrupt(set_thread_flag);
    assert_int_equal(seen, 3);
    assert_int_equal(osThreadJoin(thread), osOK);
    assert_int_equal(osThreadFlagsSet(thread, 1), osFlagsErrorParameter);
    assert_int_equal(osThreadFlagsSet(first, 0x80000000u), osFlagsErrorParameter);
    assert_int_equal(osThreadFlagsSet(first, 5), 5);
    assert_int_equal(osThreadFlagsGet(), 5);
    assert_int_equal(osThreadFlagsWait(4, osFlagsNoClear, 0), 5);
    assert_int_equal(osThreadFlagsWait(4, osFlagsWaitAny, 0), 5);
    assert_int_equal(osThreadFlagsWait(4, osFlagsWaitAny, 0), osFlagsErrorResource);
    assert_int_equal(osThreadFlagsWait(4, osFlagsWaitAny, 10), osFlagsErrorTimeout);
    assert_int_equal(osThreadFlagsClear(1), 1);
    assert_int_equal(osThreadFlagsGet(), 0);
}

static void wait_for_event_flags(void *arg)
{
    seen = osEventFlagsWait(flags, 6, osFlagsWaitAny, osWaitForever);
}

static void try_event_flags(void *arg)
{
    assert_null(osEventFlagsNew(NULL));
    assert_int_equal(osEventFlagsWait(flags, 8, osFlagsWaitAny, 1), osFlagsErrorParameter);
    assert_int_equal(osEventFlagsWait(flags, 8, osFlagsWaitAny, 0), osFlagsErrorResource);
    assert_int_equal(osEventFlagsDelete(flags), osErrorISR);
    assert_int_equal(osEventFlagsSet(flags, 4), 0);
}

static void event_flags_wake_their_waiters(void **state)
{
    flags = osEventFlagsNew(&(osEventFlagsAttr_t){.name = "flags"});
    assert_string_equal(osEventFlagsGetName(flags), "flags");
    seen = 0;
    start(wait_for_event_flags, osPriorityHigh, 0);
    assert_int_equal(osEventFlagsSet(flags, 1), 1);
    assert_int_equal(seen, 0);
    assert_int_equal(osEventFlagsClear(flags, 1), 1);
    in_interrupt(try_event_flags);
    assert_int_equal(seen, 4);
    assert_int_equal(osEventFlagsGet(flags), 0);
    start(wait_for_event_flags, osPriorityHigh, 0);
    assert_int_equal(osEventFlagsDelete(flags), osOK);
    assert_int_equal(seen, osFlagsErrorResource);
    assert_int_equal(osEventFlagsSet(flags, 1), osFlagsErrorParameter);
    assert_int_equal(osEventFlagsDelete(flags), osErrorParameter);
}

static void acquire_mutex(void *arg)
{
    seen = (unsigned)osMutexAcquire(mutex, osWaitForever);
    osMutexRelease(mutex);
}

static void try_mutex(void *arg)
{
    assert_null(osMutexNew(NULL));
    assert_int_equal(osMutexAcquire(mutex, 0), osErrorISR);
    assert_int_equal(osMutexRelease(mutex), osErrorISR);
    assert_null(osMutexGetOwner(mutex));
    assert_int_equal(osMutexDelete(mutex), osErrorISR);
}

static void mutexes_nest_only_when_asked_to(void **state)
{
    mutex = osMutexNew(&(osMutexAttr_t){.name = "m", .attr_bits = osMutexRecursive | osMutexPrioInherit});
    assert_int_equal(osMutexAcquire(mutex, 0), osOK);
    assert_int_equal(osMutexAcquire(mutex, 0), osOK);
    assert_ptr_equal(osMutexGetOwner(mutex), first);
    in_interrupt(try_mutex);
    seen = 77;
    start(acquire_mutex, osPriorityHigh, 0);
    assert_int_equal(mico_thread_priority(mico_thread_self()), 4); /* lent by the waiter */
    assert_int_equal(osMutexRelease(mutex), osOK);
    assert_int_equal(seen, 77);
    assert_int_equal(osMutexRelease(mutex), osOK);
    assert_int_equal(seen, osOK);
    assert_int_equal(osMutexRelease(mutex), osErrorResource);
    assert_int_equal(osMutexAcquire(mutex, 0), osOK);
    start(acquire_mutex, osPriorityHigh, 0);
    assert_int_equal(osMutexDelete(mutex), osOK); /* its waiter learns it */
    assert_int_equal((int)seen, osErrorResource);
    assert_int_equal(osMutexDelete(mutex), osErrorParameter);
    mutex = osMutexNew(NULL);
    assert_null(osMutexGetName(mutex));
    assert_int_equal(osMutexAcquire(mutex, 0), osOK);
    assert_int_equal(osMutexAcquire(mutex, 10), osErrorResource);
    assert_int_equal(osMutexDelete(mutex), osOK);
}

static void acquire_semaphore(void *arg)
{
    seen = (unsigned)osSemaphoreAcquire(semaphore, osWaitForever);
}

static void try_semaphore(void *arg)
{
    assert_null(osSemaphoreNew(1, 1, NULL));
    assert_int_equal(osSemaphoreAcquire(semaphore, 1), osErrorParameter);
    assert_int_equal(osSemaphoreAcquire(semaphore, 0), osOK);
    assert_int_equal(osSemaphoreRelease(semaphore), osOK);
    assert_int_equal(osSemaphoreDelete(semaphore), osErrorISR);
}

static void semaphores_count(void **state)
{
    assert_null(osSemaphoreNew(0, 0, NULL));
    assert_null(osSemaphoreNew(1, 2, NULL));
    semaphore = osSemaphoreNew(2, 1, &(osSemaphoreAttr_t){.name = "s"});
    assert_string_equal(osSemaphoreGetName(semaphore), "s");
    in_interrupt(try_semaphore);
    assert_int_equal(osSemaphoreRelease(semaphore), osOK);
    assert_int_equal(osSemaphoreGetCount(semaphore), 2);
    assert_int_equal(osSemaphoreRelease(semaphore), osErrorResource);
    assert_int_equal(osSemaphoreAcquire(semaphore, 0), osOK);
    assert_int_equal(osSemaphoreAcquire(semaphore, 5), osOK);
    assert_int_equal(osSemaphoreAcquire(semaphore, 0), osErrorResource);
    assert_int_equal(osSemaphoreAcquire(semaphore, 5), osErrorTimeout);
    assert_int_equal(osSemaphoreAcquire(flags, 0), osErrorParameter);
    start(acquire_semaphore, osPriorityHigh, 0);
    assert_int_equal(osSemaphoreDelete(semaphore), osOK);
    assert_int_equal((int)seen, osErrorResource);
    assert_int_equal(osSemaphoreGetCount(semaphore), 0);
}

static void try_pool(void *arg)
{
    assert_null(osMemoryPoolNew(1, 1, NULL));
    assert_null(osMemoryPoolAlloc(pool, 1));
    void *block = osMemoryPoolAlloc(pool, 0);
    assert_non_null(block);
    assert_int_equal(osMemoryPoolFree(pool, block), osOK);
    assert_int_equal(osMemoryPoolDelete(pool), osErrorISR);
}

static void pools_give_and_take_blocks(void **state)
{
    static uint64_t memory[4];
    assert_null(osMemoryPoolNew(0, 1, NULL));
    assert_null(osMemoryPoolNew(0xFFFFFFFFu, 0xFFFFFFFFu, NULL));
    assert_null(osMemoryPoolNew(3, 16, &(osMemoryPoolAttr_t){.mp_mem = memory, .mp_size = sizeof memory}));
    pool = osMemoryPoolNew(2, 13, &(osMemoryPoolAttr_t){.name = "p", .mp_mem = memory, .mp_size = sizeof memory});
    assert_string_equal(osMemoryPoolGetName(pool), "p");
    in_interrupt(try_pool);
    void *a = osMemoryPoolAlloc(pool, 0), *b = osMemoryPoolAlloc(pool, osWaitForever);
    assert_true(a != NULL && b != NULL && a != b);
    assert_null(osMemoryPoolAlloc(pool, 5));
    assert_int_equal(osMemoryPoolGetCount(pool), 2);
    assert_int_equal(osMemoryPoolGetSpace(pool), 0);
    assert_int_equal(osMemoryPoolGetCapacity(pool), 2);
    assert_int_equal(osMemoryPoolGetBlockSize(pool), 13);
    assert_int_equal(osMemoryPoolFree(pool, (char *)a + 1), osErrorParameter);
    assert_int_equal(osMemoryPoolFree(pool, a), osOK);
    assert_int_equal(osMemoryPoolFree(pool, b), osOK);
    assert_int_equal(osMemoryPoolFree(pool, b), osErrorResource);
    assert_int_equal(osMemoryPoolDelete(pool), osOK);
    assert_null(osMemoryPoolAlloc(pool, 0));
}

static void try_queue(void *arg)
{
    char letter = 'i';
    assert_null(osMessageQueueNew(1, 1, NULL));
    assert_int_equal(osMessageQueuePut(queue, &letter, 0, 1), osErrorParameter);
    assert_int_equal(osMessageQueueGet(queue, &letter, NULL, 1), osErrorParameter);
    assert_int_equal(osMessageQueuePut(queue, &letter, 1, 0), osOK);
    assert_int_equal(osMessageQueueReset(queue), osErrorISR);
    assert_int_equal(osMessageQueueDelete(queue), osErrorISR);
}

static void get_message(void *arg)
{
    char letter = 0;
    osStatus_t status = osMessageQueueGet(queue, &letter, NULL, osWaitForever);
    seen = status == osOK ? (unsigned)letter : (unsigned)status;
}

static void messages_come_by_priority_and_age(void **state)
{
    char out[5] = "", low = 'l', high = 'h';
    uint8_t priority = 0;
    assert_null(osMessageQueueNew(0, 1, NULL));
    assert_null(osMessageQueueNew(60000, 60000, NULL));
    queue = osMessageQueueNew(4, 1, &(osMessageQueueAttr_t){.name = "q"});
    assert_string_equal(osMessageQueueGetName(queue), "q");
    assert_int_equal(osMessageQueueGet(queue, out, NULL, 0), osErrorResource);
    assert_int_equal(osMessageQueueGet(queue, out, NULL, 5), osErrorTimeout);
    assert_int_equal(osMessageQueuePut(queue, NULL, 0, 0), osErrorParameter);
    assert_int_equal(osMessageQueuePut(queue, &low, 0, 0), osOK);
    in_interrupt(try_queue);
    assert_int_equal(osMessageQueuePut(queue, &high, 2, 0), osOK);
    high = 'H';
    assert_int_equal(osMessageQueuePut(queue, &high, 2, 0), osOK);
    assert_int_equal(osMessageQueuePut(queue, &high, 2, 0), osErrorResource);
    assert_int_equal(osMessageQueuePut(queue, &high, 2, 5), osErrorTimeout);
    assert_int_equal(osMessageQueueGetCount(queue), 4);
    assert_int_equal(osMessageQueueGetSpace(queue), 0);
    assert_int_equal(osMessageQueueGetCapacity(queue), 4);
    assert_int_equal(osMessageQueueGetMsgSize(queue), 1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(osMessageQueueGet(queue, &out[i], &priority, 0), osOK);
    }
    assert_string_equal(out, "hHil");
    assert_int_equal(priority, 0);
    start(get_message, osPriorityHigh, 0);
    assert_int_equal(osMessageQueuePut(queue, &low, 0, 0), osOK);
    assert_int_equal(seen, 'l');
    assert_int_equal(osMessageQueuePut(queue, &low, 0, 0), osOK);
    assert_int_equal(osMessageQueueReset(queue), osOK);
    assert_int_equal(osMessageQueueGetSpace(queue), 4);
    start(get_message, osPriorityHigh, 0);
    assert_int_equal(osMessageQueueDelete(queue), osOK);
    assert_int_equal((int)seen, osErrorResource);
    assert_int_equal(osMessageQueuePut(queue, &low, 0, 0), osErrorParameter);
}

static void try_timer(void *arg)
{
    assert_null(osTimerNew(note, osTimerOnce, NULL, NULL));
    assert_int_equal(osTimerStart(timer, 1), osErrorISR);
    assert_int_equal(osTimerStop(timer), osErrorISR);
    assert_int_equal(osTimerIsRunning(timer), 0);
    assert_int_equal(osTimerDelete(timer), osErrorISR);
}

static void timers_ring_once_or_again_and_again(void **state)
{
    seen = 0;
    assert_null(osTimerNew(NULL, osTimerOnce, NULL, NULL));
    timer = osTimerNew(note, osTimerPeriodic, NULL, &(osTimerAttr_t){.name = "t"});
    assert_string_equal(osTimerGetName(timer), "t");
    assert_int_equal(osTimerStart(timer, 0), osErrorParameter);
    assert_int_equal(osTimerStop(timer), osErrorResource);
    assert_int_equal(osTimerStart(timer, 10), osOK);
    in_interrupt(try_timer);
    osDelay(35);
    assert_int_equal(seen, 3);
    assert_int_equal(osTimerStart(timer, 20), osOK);
    osDelay(25);
    assert_int_equal(seen, 4);
    assert_int_equal(osTimerIsRunning(timer), 1);
    assert_int_equal(osTimerStop(timer), osOK);
    assert_int_equal(osTimerDelete(timer), osOK);
    assert_int_equal(osTimerStart(timer, 20), osErrorParameter);
    timer = osTimerNew(note, osTimerOnce, NULL, NULL);
    assert_int_equal(osTimerStart(timer, 10), osOK);
    osDelay(50);
    assert_int_equal(seen, 5);
    assert_int_equal(osTimerIsRunning(timer), 0);
    assert_int_equal(osTimerDelete(timer), osOK);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_runs_and_locks),           cmocka_unit_test(threads_live_wait_and_end),
        cmocka_unit_test(thread_flags_wait_for_any_and_all),   cmocka_unit_test(event_flags_wake_their_waiters),
        cmocka_unit_test(mutexes_nest_only_when_asked_to),     cmocka_unit_test(semaphores_count),
        cmocka_unit_test(pools_give_and_take_blocks),          cmocka_unit_test(messages_come_by_priority_and_age),
        cmocka_unit_test(timers_ring_once_or_again_and_again),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

/* As software for Arm's interface starts: a thread, then the kernel. */
int main(void)
{
    static uint64_t stack[4096];
    const osThreadAttr_t attr = {
        .name = "main", .stack_mem = stack, .stack_size = sizeof stack, .priority = osPriorityBelowNormal};
    mico_posix_clock_hold();
    if (osKernelGetState() != osKernelInactive || osKernelInitialize() != osOK || osKernelGetState() != osKernelReady ||
        osThreadNew(run_all, NULL, &attr) == NULL) {
        return 1;
    }
    return osKernelStart() == osOK ? 0 : 1;
}
