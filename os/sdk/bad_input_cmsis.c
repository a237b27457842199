/* SPDX-License-Identifier: Apache-2.0 */
/* Bad input to every call of CMSIS-RTOS2: see bad_input_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cmsis_os2.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/sdk/bad_input.h"

#define FOREVER osWaitForever
#define PARAMETER osErrorParameter
#define FLAGS_PARAMETER ((int64_t)osFlagsErrorParameter)

/* Ids that named something once. */
static osThreadId_t thread;
static osEventFlagsId_t flags;
static osMutexId_t mutex;
static osSemaphoreId_t semaphore;
static osMemoryPoolId_t pool;
static osMessageQueueId_t queue;
static osTimerId_t timer;
static uint32_t message;

static void nothing(void *arg)
{
}

static void make_void_ids(void)
{
    thread = osThreadNew(nothing, NULL, NULL);
    (void)osThreadTerminate(thread);
    flags = osEventFlagsNew(NULL);
    assert_int_equal(osEventFlagsDelete(flags), osOK);
    mutex = osMutexNew(NULL);
    assert_int_equal(osMutexDelete(mutex), osOK);
    semaphore = osSemaphoreNew(1, 1, NULL);
    assert_int_equal(osSemaphoreDelete(semaphore), osOK);
    pool = osMemoryPoolNew(1, 4, NULL);
    assert_int_equal(osMemoryPoolDelete(pool), osOK);
    queue = osMessageQueueNew(1, 4, NULL);
    assert_int_equal(osMessageQueueDelete(queue), osOK);
    timer = osTimerNew(nothing, osTimerOnce, NULL, NULL);
    assert_int_equal(osTimerDelete(timer), osOK);
}

static void the_kernel(void)
{
    TRY(osKernelInitialize(), osError); /* it runs */
    TRY(osKernelStart(), osError);
    TRY(osKernelGetInfo(NULL, NULL, 0), osOK);
    TRY(osKernelGetState(), osKernelRunning);
    TRY(osKernelLock(), 0);
    TRY(osDelay(1), osError);
    TRY(osThreadYield(), osError);
    TRY(osKernelUnlock(), 1);
    TRY(osKernelRestoreLock(2), osError);
    TRY(osKernelRestoreLock(-1), osError);
    DO(osKernelSuspend());
    DO(osKernelResume(0));
    DO(osKernelGetTickCount());
    TRY(osKernelGetTickFreq(), 1000);
    DO(osKernelGetSysTimerCount());
    TRY(osKernelGetSysTimerFreq(), 1000000);
    TRY(osKernelProtect(0), osError);
    TRY(osKernelProtect(16), PARAMETER);
    TRY(osKernelDestroyClass(0, osSafetyWithLowerClass), osError);
    TRY(osKernelDestroyClass(0, 4), PARAMETER);
    TRY(osDelay(0), PARAMETER);
    TRY(osDelayUntil(osKernelGetTickCount()), PARAMETER);
    TRY(osDelayUntil(osKernelGetTickCount() + 0x80000001u), PARAMETER);
}

static void new_ones(void)
{
    static uint64_t memory[64];
    const osThreadAttr_t odd_stack = {.stack_mem = (char *)memory + 4, .stack_size = 256};
    const osThreadAttr_t no_size = {.stack_mem = memory};
    const osThreadAttr_t small = {.stack_size = 8}, large = {.stack_size = UINT32_MAX};
    const osThreadAttr_t priority = {.priority = (osPriority_t)57}, bits = {.attr_bits = 8};
    const osThreadAttr_t caged = {.attr_bits = osThreadUnprivileged}, zoned = {.attr_bits = osThreadZone(0)};
    const osThreadAttr_t classed = {.attr_bits = osSafetyClass(3)}, elsewhere = {.affinity_mask = osThreadProcessor(1)};
    const osMutexAttr_t class = {.attr_bits = osSafetyClass(0)};
    const osMemoryPoolAttr_t pool_class = {.attr_bits = osSafetyClass(0)};
    const osMessageQueueAttr_t queue_class = {.attr_bits = osSafetyClass(15)};
    const osMemoryPoolAttr_t short_pool = {.mp_mem = memory, .mp_size = 7};
    const osMessageQueueAttr_t short_queue = {.mq_mem = memory, .mq_size = 7};
    TRY(osThreadNew(NULL, NULL, NULL) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &odd_stack) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &no_size) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &small) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &large) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &priority) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &bits) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &caged) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &zoned) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &classed) == NULL, true);
    TRY(osThreadNew(nothing, NULL, &elsewhere) == NULL, true);
    TRY(osMutexNew(&class) == NULL, true);
    TRY(osSemaphoreNew(1, 0, &class) == NULL, true);
    TRY(osEventFlagsNew(&class) == NULL, true);
    TRY(osTimerNew(nothing, osTimerOnce, NULL, &class) == NULL, true);
    TRY(osMemoryPoolNew(1, 4, &pool_class) == NULL, true);
    TRY(osMessageQueueNew(1, 4, &queue_class) == NULL, true);
    TRY(osSemaphoreNew(0, 0, NULL) == NULL, true);
    TRY(osSemaphoreNew(1, 2, NULL) == NULL, true);
    TRY(osMemoryPoolNew(0, 4, NULL) == NULL, true);
    TRY(osMemoryPoolNew(4, 0, NULL) == NULL, true);
    TRY(osMemoryPoolNew(UINT32_MAX, UINT32_MAX, NULL) == NULL, true);
    TRY(osMemoryPoolNew(0x40000001u, 4, NULL) == NULL, true); /* 4 bytes modulo 2^32 */
    TRY(osMemoryPoolNew(1, UINT32_MAX, NULL) == NULL, true);  /* rounded up it is 0 */
    TRY(osMemoryPoolNew(1, 8, &short_pool) == NULL, true);
    TRY(osMessageQueueNew(0, 4, NULL) == NULL, true);
    TRY(osMessageQueueNew(4, 0, NULL) == NULL, true);
    TRY(osMessageQueueNew(UINT32_MAX, UINT32_MAX, NULL) == NULL, true);
    TRY(osMessageQueueNew(0x40000001u, 4, NULL) == NULL, true);
    TRY(osMessageQueueNew(1, UINT32_MAX, NULL) == NULL, true);
    TRY(osMessageQueueNew(1, 8, &short_queue) == NULL, true);
    TRY(osTimerNew(NULL, osTimerOnce, NULL, NULL) == NULL, true);
    TRY(osTimerNew(nothing, (osTimerType_t)2, NULL, NULL) == NULL, true);
    DO(osEventFlagsDelete(osEventFlagsNew(NULL)));
    DO(osMutexDelete(osMutexNew(NULL)));
    DO(osEventFlagsNew(NULL));
    DO(osMutexNew(NULL));
}

/* Every call that takes a thread's id. */
static void threads_by(osThreadId_t id)
{
    TRY(osThreadGetName(id) == NULL, true);
    TRY(osThreadGetState(id), osThreadError);
    TRY(osThreadGetStackSize(id), 0);
    TRY(osThreadGetStackSpace(id), 0);
    TRY(osThreadGetClass(id), (int64_t)osErrorId);
    TRY(osThreadGetZone(id), (int64_t)osErrorId);
    TRY(osThreadSetAffinityMask(id, 1), PARAMETER);
    TRY(osThreadGetAffinityMask(id), 0);
    TRY(osThreadSetPriority(id, osPriorityNormal), PARAMETER);
    TRY(osThreadGetPriority(id), osPriorityError);
    TRY(osThreadSuspend(id), PARAMETER);
    TRY(osThreadResume(id), PARAMETER);
    TRY(osThreadDetach(id), PARAMETER);
    TRY(osThreadJoin(id), PARAMETER);
    TRY(osThreadTerminate(id), PARAMETER);
    TRY(osThreadFlagsSet(id, 1), FLAGS_PARAMETER);
}

static void threads(void)
{
    osThreadId_t self = osThreadGetId();
    DO(osThreadGetId());
    TRY(osThreadSetPriority(self, (osPriority_t)57), PARAMETER);
    TRY(osThreadSetPriority(self, osPriorityNone), PARAMETER);
    TRY(osThreadJoin(self), osErrorResource);
    TRY(osThreadDetach(self), osErrorResource);
    TRY(osThreadResume(self), osErrorResource);
    TRY(osThreadGetClass(self), 0);
    TRY(osThreadGetZone(self), 0);
    TRY(osThreadSetAffinityMask(self, 0), PARAMETER);
    TRY(osThreadSetAffinityMask(self, osThreadProcessor(1)), PARAMETER);
    TRY(osThreadSetAffinityMask(self, osThreadProcessor(0)), osOK);
    TRY(osThreadGetAffinityMask(self), 1);
    TRY(osThreadFeedWatchdog(1000), osError);
    TRY(osThreadProtectPrivileged(), osError);
    TRY(osThreadSuspendClass(16, 0), PARAMETER);
    TRY(osThreadSuspendClass(1, osSafetyWithSameClass), osError);
    TRY(osThreadResumeClass(1, 4), PARAMETER);
    TRY(osThreadResumeClass(1, osSafetyWithSameClass), osError);
    TRY(osThreadTerminateZone(64), PARAMETER);
    TRY(osThreadTerminateZone(0), osError);
    DO(osFaultResume());
    TRY(osThreadFlagsSet(self, osFlagsError), FLAGS_PARAMETER);
    TRY(osThreadFlagsClear(osFlagsError), FLAGS_PARAMETER);
    TRY(osThreadFlagsGet(), 0);
    TRY(osThreadFlagsWait(osFlagsError, osFlagsWaitAny, 0), FLAGS_PARAMETER);
    TRY(osThreadFlagsWait(1, osFlagsWaitAny, 0), (int64_t)osFlagsErrorResource);
    TRY(osThreadFlagsWait(1, osFlagsWaitAny, 1), (int64_t)osFlagsErrorTimeout);
    TRY(osThreadEnumerate(NULL, 1), 0);
    TRY(osThreadEnumerate(&self, 0), 0);
    DO(osThreadGetCount());
}

static void objects_by(osEventFlagsId_t f, osMutexId_t m, osSemaphoreId_t s, osMemoryPoolId_t p, osMessageQueueId_t q,
                       osTimerId_t t)
{
    TRY(osEventFlagsGetName(f) == NULL, true);
    TRY(osEventFlagsSet(f, 1), FLAGS_PARAMETER);
    TRY(osEventFlagsClear(f, 1), FLAGS_PARAMETER);
    TRY(osEventFlagsGet(f), 0);
    TRY(osEventFlagsWait(f, 1, osFlagsWaitAny, FOREVER), FLAGS_PARAMETER);
    TRY(osEventFlagsDelete(f), PARAMETER);
    TRY(osMutexGetName(m) == NULL, true);
    TRY(osMutexAcquire(m, FOREVER), PARAMETER);
    TRY(osMutexRelease(m), PARAMETER);
    TRY(osMutexGetOwner(m) == NULL, true);
    TRY(osMutexDelete(m), PARAMETER);
    TRY(osSemaphoreGetName(s) == NULL, true);
    TRY(osSemaphoreAcquire(s, FOREVER), PARAMETER);
    TRY(osSemaphoreRelease(s), PARAMETER);
    TRY(osSemaphoreGetCount(s), 0);
    TRY(osSemaphoreDelete(s), PARAMETER);
    TRY(osMemoryPoolGetName(p) == NULL, true);
    TRY(osMemoryPoolAlloc(p, FOREVER) == NULL, true);
    TRY(osMemoryPoolFree(p, &message), PARAMETER);
    TRY(osMemoryPoolGetCapacity(p), 0);
    TRY(osMemoryPoolGetBlockSize(p), 0);
    TRY(osMemoryPoolGetCount(p), 0);
    TRY(osMemoryPoolGetSpace(p), 0);
    TRY(osMemoryPoolDelete(p), PARAMETER);
    TRY(osMessageQueueGetName(q) == NULL, true);
    TRY(osMessageQueuePut(q, &message, 0, FOREVER), PARAMETER);
    TRY(osMessageQueueGet(q, &message, NULL, FOREVER), PARAMETER);
    TRY(osMessageQueueGetCapacity(q), 0);
    TRY(osMessageQueueGetMsgSize(q), 0);
    TRY(osMessageQueueGetCount(q), 0);
    TRY(osMessageQueueGetSpace(q), 0);
    TRY(osMessageQueueReset(q), PARAMETER);
    TRY(osMessageQueueDelete(q), PARAMETER);
    TRY(osTimerGetName(t) == NULL, true);
    TRY(osTimerStart(t, 1), PARAMETER);
    TRY(osTimerStop(t), PARAMETER);
    TRY(osTimerIsRunning(t), 0);
    TRY(osTimerDelete(t), PARAMETER);
}

/* Objects that live, and values that are wrong. */
static osSemaphoreId_t live_semaphore;
static osEventFlagsId_t live_flags;
static osMutexId_t live_mutex;
static osMessageQueueId_t live_queue;
static osTimerId_t live_timer;
static osMemoryPoolId_t live_pool;

static void make_live_ones(void)
{
    live_semaphore = osSemaphoreNew(1, 1, NULL);
    live_flags = osEventFlagsNew(NULL);
    live_mutex = osMutexNew(NULL);
    live_queue = osMessageQueueNew(1, 4, NULL);
    live_timer = osTimerNew(nothing, osTimerOnce, NULL, NULL);
    live_pool = osMemoryPoolNew(1, 8, NULL);
}

static void wrong_values(void)
{
    void *block = osMemoryPoolAlloc(live_pool, 0);
    TRY(osSemaphoreRelease(live_semaphore), osErrorResource);
    TRY(osSemaphoreAcquire(live_semaphore, 0), osOK);
    TRY(osSemaphoreAcquire(live_semaphore, 0), osErrorResource);
    TRY(osSemaphoreAcquire(live_semaphore, 1), osErrorTimeout);
    TRY(osEventFlagsSet(live_flags, osFlagsError), FLAGS_PARAMETER);
    TRY(osEventFlagsWait(live_flags, osFlagsError, 0, 0), FLAGS_PARAMETER);
    TRY(osEventFlagsWait(live_flags, 1, 0, 0), (int64_t)osFlagsErrorResource);
    TRY(osMutexRelease(live_mutex), osErrorResource);
    TRY(osMutexAcquire(live_mutex, 0), osOK);
    TRY(osMutexAcquire(live_mutex, FOREVER), osErrorResource); /* not recursive */
    TRY(osMutexRelease(live_mutex), osOK);
    TRY(osMessageQueuePut(live_queue, NULL, 0, 0), PARAMETER);
    TRY(osMessageQueueGet(live_queue, NULL, NULL, 0), PARAMETER);
    TRY(osMessageQueueGet(live_queue, &message, NULL, 0), osErrorResource);
    TRY(osMessageQueuePut(live_queue, &message, 0, 0), osOK);
    TRY(osMessageQueuePut(live_queue, &message, 0, 1), osErrorTimeout);
    TRY(osTimerStart(live_timer, 0), PARAMETER);
    TRY(osTimerStop(live_timer), osErrorResource);
    TRY(osMemoryPoolAlloc(live_pool, 1) == NULL, true);
    TRY(osMemoryPoolFree(live_pool, NULL), PARAMETER);
    TRY(osMemoryPoolFree(live_pool, (char *)block + 1), PARAMETER);
    TRY(osMemoryPoolFree(live_pool, block), osOK);
    TRY(osMemoryPoolFree(live_pool, block), osErrorResource);
}

static void try_in_an_interrupt(void *arg)
{
    const int64_t isr = osErrorISR, flags_isr = (int64_t)osFlagsErrorISR;
    TRY(osKernelInitialize(), isr);
    TRY(osKernelStart(), isr);
    TRY(osKernelLock(), isr);
    TRY(osKernelUnlock(), isr);
    TRY(osKernelRestoreLock(0), isr);
    TRY(osKernelSuspend(), 0);
    DO(osKernelResume(0));
    TRY(osKernelProtect(16), isr);
    TRY(osKernelDestroyClass(0, 0), isr);
    TRY(osThreadFeedWatchdog(1), isr);
    TRY(osThreadProtectPrivileged(), isr);
    TRY(osThreadSuspendClass(0, 0), isr);
    TRY(osThreadResumeClass(0, 0), isr);
    TRY(osThreadTerminateZone(0), isr);
    TRY(osThreadSetAffinityMask(arg, 1), isr);
    TRY(osThreadGetAffinityMask(arg), 0);
    TRY(osThreadGetClass(arg), (int64_t)osErrorId);
    TRY(osThreadGetZone(arg), (int64_t)osErrorId);
    TRY(osDelay(1), isr);
    TRY(osDelayUntil(1), isr);
    TRY(osThreadNew(nothing, NULL, NULL) == NULL, true);
    TRY(osThreadSetPriority(arg, osPriorityNormal), isr);
    TRY(osThreadYield(), isr);
    TRY(osThreadSuspend(arg), isr);
    TRY(osThreadResume(arg), isr);
    TRY(osThreadDetach(arg), isr);
    TRY(osThreadJoin(arg), isr);
    TRY(osThreadTerminate(arg), isr);
    TRY(osThreadGetState(arg), osThreadError);
    TRY(osThreadFlagsClear(1), flags_isr);
    TRY(osThreadFlagsWait(1, 0, 0), flags_isr);
    TRY(osThreadGetCount(), 0);
    TRY(osEventFlagsNew(NULL) == NULL, true);
    TRY(osEventFlagsWait(live_flags, 1, 0, 1), FLAGS_PARAMETER);
    TRY(osEventFlagsDelete(live_flags), isr);
    TRY(osMutexNew(NULL) == NULL, true);
    TRY(osMutexAcquire(live_mutex, 0), isr);
    TRY(osMutexRelease(live_mutex), isr);
    TRY(osMutexGetOwner(live_mutex) == NULL, true);
    TRY(osMutexDelete(live_mutex), isr);
    TRY(osSemaphoreNew(1, 1, NULL) == NULL, true);
    TRY(osSemaphoreAcquire(live_semaphore, 1), PARAMETER);
    TRY(osSemaphoreDelete(live_semaphore), isr);
    TRY(osMemoryPoolNew(1, 4, NULL) == NULL, true);
    TRY(osMemoryPoolAlloc(live_pool, 1) == NULL, true);
    TRY(osMemoryPoolDelete(live_pool), isr);
    TRY(osMessageQueueNew(1, 4, NULL) == NULL, true);
    TRY(osMessageQueuePut(live_queue, &message, 0, 1), PARAMETER);
    TRY(osMessageQueueGet(live_queue, &message, NULL, 1), PARAMETER);
    TRY(osMessageQueueReset(live_queue), isr);
    TRY(osMessageQueueDelete(live_queue), isr);
    TRY(osTimerNew(nothing, osTimerOnce, NULL, NULL) == NULL, true);
    TRY(osTimerStart(live_timer, 1), isr);
    TRY(osTimerStop(live_timer), isr);
    TRY(osTimerIsRunning(live_timer), 0);
    TRY(osTimerDelete(live_timer), isr);
}

static volatile int64_t ended[4];

static void wait_for_flags(void *arg)
{
    ended[0] = osEventFlagsWait(live_flags, 1, 0, FOREVER);
}

static void wait_for_semaphore(void *arg)
{
    ended[1] = osSemaphoreAcquire(live_semaphore, FOREVER);
}

static void wait_for_room(void *arg)
{
    ended[2] = osMessageQueuePut(live_queue, &message, 0, FOREVER);
}

static void wait_for_mutex(void *arg)
{
    ended[3] = osMutexAcquire(live_mutex, FOREVER);
}

static void what_others_wait_for(void)
{
    static const osThreadFunc_t waiters[] = {wait_for_flags, wait_for_semaphore, wait_for_room, wait_for_mutex};
    const osThreadAttr_t attr = {.attr_bits = osThreadJoinable, .priority = osPriorityHigh, .stack_size = 1024};
    osThreadId_t ids[4];
    TRY(osMutexAcquire(live_mutex, 0), osOK);
    for (int i = 0; i < 4; i++) {
        ids[i] = osThreadNew(waiters[i], NULL, &attr);
    }
    TRY(osEventFlagsDelete(live_flags), osOK);
    TRY(osSemaphoreDelete(live_semaphore), osOK);
    TRY(osMessageQueueDelete(live_queue), osOK);
    TRY(osMutexDelete(live_mutex), osOK);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(osThreadJoin(ids[i]), osOK);
        assert_int_equal(ended[i], i == 0 ? (int64_t)osFlagsErrorResource : (int64_t)osErrorResource);
    }
}

void cmsis_bad_input(void **state)
{
    make_void_ids();
    make_live_ones();
    the_kernel();
    new_ones();
    threads_by(NULL);
    threads_by(thread);
    threads_by(live_semaphore); /* of another kind */
    threads();
    objects_by(NULL, NULL, NULL, NULL, NULL, NULL);
    objects_by(flags, mutex, semaphore, pool, queue, timer);
    objects_by(live_mutex, live_semaphore, live_pool, live_queue, live_timer, live_flags); /* each of another kind */
    wrong_values();
    mico_posix_interrupt(try_in_an_interrupt, osThreadGetId());
    what_others_wait_for();
}
