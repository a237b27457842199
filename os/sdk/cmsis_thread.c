/* SPDX-License-Identifier: Apache-2.0 */
/* CMSIS-RTOS2: threads and their flags.
 *
 * A thread that somebody else created (the application's first, an SDK v3 one) gets a block when it first calls here.
 * Blocks of ended threads are taken back when the next is needed, of joinable ones when they have been joined. */
#include "os/sdk/cmsis.h"
#include "os/sdk/tasks.h"

#define STACK_DEFAULT 2048u

struct block {
    struct sdk_slot slot;
    struct mico_thread *thread; /* &own, or another's; NULL while it is set up */
    struct mico_thread own;
    struct mico_event flags;
    osThreadFunc_t function;
    void *arg;
    void *stack; /* from the arena, or NULL */
    osPriority_t priority;
    bool joinable;
    uint8_t joining;
};

static struct block blocks[SDK_POOL_MAX];
static const struct sdk_pool pool = SDK_POOL(blocks, SDK_CMSIS_THREAD);

static bool in_use(const struct block *b)
{
    return b->slot.generation % 2 == 1 && b->thread != NULL;
}

static void release(struct block *b)
{
    b->thread = NULL;
    sdk_arena_give_back(b->stack);
    b->stack = NULL;
    sdk_give_back(&b->slot);
}

static void take_back_ended(void)
{
    for (size_t i = 0; i < SDK_POOL_MAX; i++) {
        uint32_t irq = mico_irq_save();
        struct block *b = &blocks[i];
        if (in_use(b) && !b->joinable && b->joining == 0 && mico_thread_ended(b->thread)) {
            release(b);
        }
        mico_irq_restore(irq);
    }
}

static struct block *take(void)
{
    take_back_ended();
    struct block *b = sdk_take(&pool);
    if (b != NULL) {
        b->thread = NULL;
        b->stack = NULL;
        b->joinable = false;
        b->joining = 0;
        mico_event_init(&b->flags);
    }
    return b;
}

static struct block *block_of(struct mico_thread *thread)
{
    for (size_t i = 0; i < SDK_POOL_MAX; i++) {
        if (in_use(&blocks[i]) && blocks[i].thread == thread) {
            return &blocks[i];
        }
    }
    struct block *b = thread != NULL && !mico_in_interrupt() ? take() : NULL;
    if (b != NULL) {
        unsigned band = MICO_PRIORITY_LOWEST - mico_thread_priority(thread);
        b->priority = band == 0 ? osPriorityIdle : (osPriority_t)(band * 8);
        b->thread = thread;
    }
    return b;
}

static struct block *self(void)
{
    return block_of(mico_thread_self());
}

osThreadId_t cmsis_id_of(struct mico_thread *thread)
{
    struct block *b = block_of(thread);
    return b != NULL ? sdk_handle(&pool, &b->slot) : NULL;
}

/* NULL for the id of a detached thread that has ended too. */
static struct block *find(osThreadId_t id)
{
    struct block *b = sdk_find(&pool, id);
    return b != NULL && b->thread != NULL && (b->joinable || !mico_thread_ended(b->thread)) ? b : NULL;
}

static unsigned level_of(osPriority_t priority)
{
    return MICO_PRIORITY_LOWEST - (unsigned)priority / 8;
}

static void run(void *arg)
{
    struct block *b = arg;
    b->function(b->arg);
    cmsis_unlock_for_good();
}

osThreadId_t osThreadNew(osThreadFunc_t func, void *argument, const osThreadAttr_t *attr)
{
    static const osThreadAttr_t none;
    const osThreadAttr_t *a = attr != NULL ? attr : &none;
    osPriority_t priority = a->priority == osPriorityNone ? osPriorityNormal : a->priority;
    uint32_t size = a->stack_size != 0 ? a->stack_size : STACK_DEFAULT;
    if (func == NULL || mico_in_interrupt() || priority < osPriorityIdle || priority > osPriorityISR ||
        size < MICO_STACK_MIN || (uintptr_t)a->stack_mem % 8 != 0 || (a->stack_mem != NULL && a->stack_size == 0) ||
        (a->attr_bits & ~(osThreadJoinable | osThreadPrivileged)) != 0 ||
        !cmsis_processors_are_there(a->affinity_mask)) {
        return NULL;
    }
    struct block *b = take();
    if (b == NULL) {
        return NULL;
    }
    b->stack = a->stack_mem == NULL ? sdk_arena_take(size) : NULL;
    if (a->stack_mem == NULL && b->stack == NULL) {
        sdk_give_back(&b->slot);
        return NULL;
    }
    b->function = func;
    b->arg = argument;
    b->priority = priority;
    b->joinable = (a->attr_bits & osThreadJoinable) != 0;
    osThreadId_t id = sdk_handle(&pool, &b->slot);
    uint32_t irq = mico_irq_save();
    mico_thread_create(&b->own, a->name, level_of(priority), run, b, a->stack_mem != NULL ? a->stack_mem : b->stack,
                       size);
    b->thread = &b->own;
    mico_irq_restore(irq);
    return id;
}

const char *osThreadGetName(osThreadId_t thread_id)
{
    struct block *b = find(thread_id);
    return b != NULL ? b->thread->name : NULL;
}

osThreadId_t osThreadGetId(void)
{
    return cmsis_id_of(mico_thread_self());
}

osThreadState_t osThreadGetState(osThreadId_t thread_id)
{
    struct block *b = mico_in_interrupt() ? NULL : find(thread_id);
    if (b == NULL) {
        return osThreadError;
    }
    if (mico_thread_ended(b->thread)) {
        return osThreadTerminated;
    }
    if (b->thread == mico_thread_self()) {
        return osThreadRunning;
    }
    return mico_thread_ready(b->thread) ? osThreadReady : osThreadBlocked;
}

uint32_t osThreadGetStackSize(osThreadId_t thread_id)
{
    struct block *b = mico_in_interrupt() ? NULL : find(thread_id);
    return b != NULL ? b->thread->stack_size : 0;
}

uint32_t osThreadGetStackSpace(osThreadId_t thread_id)
{
    struct block *b = mico_in_interrupt() ? NULL : find(thread_id);
    return b != NULL ? (uint32_t)mico_thread_stack_unused(b->thread) : 0;
}

osStatus_t osThreadSetPriority(osThreadId_t thread_id, osPriority_t priority)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    struct block *b = find(thread_id);
    if (b == NULL || priority < osPriorityIdle || priority > osPriorityISR) {
        return osErrorParameter;
    }
    if (mico_thread_ended(b->thread)) {
        return osErrorResource;
    }
    b->priority = priority;
    mico_thread_set_priority(b->thread, level_of(priority));
    return osOK;
}

osPriority_t osThreadGetPriority(osThreadId_t thread_id)
{
    struct block *b = mico_in_interrupt() ? NULL : find(thread_id);
    return b != NULL && !mico_thread_ended(b->thread) ? b->priority : osPriorityError;
}

osStatus_t osThreadYield(void)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    if (cmsis_may_wait(1) != osOK) {
        return osError;
    }
    mico_thread_yield();
    return osOK;
}

/* Thread flags and joins here, and what the other files have. */
static bool may_end(const void *at)
{
    return cmsis_within(at, blocks, sizeof blocks) || cmsis_sync_has(at) || cmsis_memory_has(at);
}

/* A thread that waits already leaves the row it waits in, as the standard has it, and goes on when it is resumed. */
osStatus_t osThreadSuspend(osThreadId_t thread_id)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    struct block *b = find(thread_id);
    if (b == NULL) {
        return osErrorParameter;
    }
    if (mico_thread_ended(b->thread) || (b->thread == mico_thread_self() && cmsis_may_wait(1) != osOK)) {
        return osErrorResource;
    }
    (void)mico_thread_suspend(b->thread); /* or it is suspended already */
    (void)mico_thread_end_wait(b->thread, may_end);
    return osOK;
}

osStatus_t osThreadResume(osThreadId_t thread_id)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    struct block *b = find(thread_id);
    if (b == NULL) {
        return osErrorParameter;
    }
    uint32_t irq = mico_irq_save(); /* it does not run, and wait anew, between the two */
    bool waited = mico_thread_end_wait(b->thread, may_end) == MICO_OK;
    bool was_suspended = mico_thread_resume(b->thread) == MICO_OK;
    mico_irq_restore(irq);
    return waited || was_suspended ? osOK : osErrorResource;
}

osStatus_t osThreadDetach(osThreadId_t thread_id)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    struct block *b = find(thread_id);
    if (b == NULL) {
        return osErrorParameter;
    }
    if (!b->joinable) {
        return osErrorResource;
    }
    b->joinable = false; /* taken back once it has ended */
    return osOK;
}

osStatus_t osThreadJoin(osThreadId_t thread_id)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    uint32_t irq = mico_irq_save();
    struct block *b = find(thread_id);
    bool can = b != NULL && b->joinable && b->thread != mico_thread_self() && b->joining == 0;
    if (can) {
        b->joining = 1;
    }
    mico_irq_restore(irq);
    if (!can) {
        return b == NULL ? osErrorParameter : osErrorResource;
    }
    bool waits = !mico_thread_ended(b->thread);
    mico_err err = waits && cmsis_may_wait(1) != osOK ? MICO_ERR_STATE : mico_thread_join(b->thread, MICO_FOREVER);
    b->joining = 0;
    if (err != MICO_OK) {
        return osErrorResource;
    }
    irq = mico_irq_save();
    release(b);
    mico_irq_restore(irq);
    return osOK;
}

void osThreadExit(void)
{
    cmsis_unlock_for_good();
    mico_thread_delete(NULL);
    for (;;) { /* not reached */
    }
}

osStatus_t osThreadTerminate(osThreadId_t thread_id)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    struct block *b = find(thread_id);
    if (b == NULL) {
        return osErrorParameter;
    }
    if (mico_thread_ended(b->thread)) {
        return osErrorResource;
    }
    if (b->thread == mico_thread_self()) {
        osThreadExit();
    }
    mico_thread_delete(b->thread);
    return osOK;
}

uint32_t osThreadGetCount(void)
{
    uint32_t count = 0;
    for (size_t i = 0; i < SDK_POOL_MAX && !mico_in_interrupt(); i++) {
        count += in_use(&blocks[i]) && !mico_thread_ended(blocks[i].thread);
    }
    return count;
}

uint32_t osThreadEnumerate(osThreadId_t *thread_array, uint32_t array_items)
{
    uint32_t count = 0;
    for (size_t i = 0; i < SDK_POOL_MAX && !mico_in_interrupt() && thread_array != NULL && count < array_items; i++) {
        if (in_use(&blocks[i]) && !mico_thread_ended(blocks[i].thread)) {
            thread_array[count++] = sdk_handle(&pool, &blocks[i].slot);
        }
    }
    return count;
}

/* ---- flags ---- */

uint32_t osThreadFlagsSet(osThreadId_t thread_id, uint32_t flags)
{
    struct block *b = find(thread_id);
    if (b == NULL || (flags & osFlagsError) != 0) {
        return osFlagsErrorParameter;
    }
    return mico_thread_ended(b->thread) ? osFlagsErrorResource : mico_event_set(&b->flags, flags);
}

uint32_t osThreadFlagsClear(uint32_t flags)
{
    struct block *b = mico_in_interrupt() ? NULL : self();
    if (b == NULL) {
        return mico_in_interrupt() ? osFlagsErrorISR : osFlagsErrorUnknown;
    }
    return (flags & osFlagsError) != 0 ? osFlagsErrorParameter : mico_event_clear(&b->flags, flags);
}

uint32_t osThreadFlagsGet(void)
{
    struct block *b = mico_in_interrupt() ? NULL : self();
    return b != NULL ? mico_event_get(&b->flags) : 0;
}

uint32_t osThreadFlagsWait(uint32_t flags, uint32_t options, uint32_t timeout)
{
    struct block *b = mico_in_interrupt() ? NULL : self();
    if (b == NULL) {
        return mico_in_interrupt() ? osFlagsErrorISR : osFlagsErrorUnknown;
    }
    return cmsis_wait_flags(&b->flags, flags, options, timeout);
}
