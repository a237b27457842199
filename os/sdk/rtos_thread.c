/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 threads over the kernel's.
 *
 * A thread cannot free the stack it runs on: what has ended is taken back when the next thread is created, joined or
 * deleted. A thread that is being joined stays until its joiners have left. */
#include "os/kernel/kernel.h"
#include "os/port/clock.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/pool.h"
#include "os/sdk/tasks.h"

enum { STARTING, STARTED };

struct sdk_thread {
    struct sdk_slot slot;
    struct mico_thread thread;
    mico_thread_function_t function;
    mico_thread_arg_t arg;
    void *stack;
    uint8_t stage;
    uint8_t users; /* calls that are using it now */
};

static struct sdk_thread threads[SDK_THREADS];
static const struct sdk_pool pool = SDK_POOL(threads, SDK_THREAD);
static uint32_t critical_depth, critical_state;

static void take_back_ended(void)
{
    for (size_t i = 0; i < SDK_THREADS; i++) {
        struct sdk_thread *t = &threads[i];
        uint32_t irq = mico_irq_save();
        if (t->slot.generation % 2 == 1 && t->stage == STARTED && t->users == 0 && mico_thread_ended(&t->thread)) {
            sdk_arena_give_back(t->stack);
            sdk_give_back(&t->slot);
        }
        mico_irq_restore(irq);
    }
}

/* The thread of a handle, kept from being taken back until let_go; NULL when there is none. */
static struct sdk_thread *hold(const mico_thread_t *thread)
{
    uint32_t irq = mico_irq_save();
    struct sdk_thread *t = sdk_find_at(&pool, thread);
    if (t != NULL) {
        t->users++;
    }
    mico_irq_restore(irq);
    return t;
}

static void let_go(struct sdk_thread *t)
{
    uint32_t irq = mico_irq_save();
    t->users--;
    mico_irq_restore(irq);
    take_back_ended();
}

static void run(void *arg)
{
    struct sdk_thread *t = arg;
    t->function(t->arg);
}

OSStatus mico_rtos_create_thread(mico_thread_t *thread, uint8_t priority, const char *name,
                                 mico_thread_function_t function, uint32_t stack_size, mico_thread_arg_t arg)
{
    size_t size = stack_size < MICO_STACK_MIN ? MICO_STACK_MIN : stack_size;
    if (function == NULL || mico_in_interrupt()) {
        return kGeneralErr;
    }
    take_back_ended();
    struct sdk_thread *t = sdk_take(&pool);
    if (t == NULL) {
        return kNoResourcesErr;
    }
    t->stage = STARTING;
    t->stack = sdk_arena_take(size);
    if (t->stack == NULL) {
        sdk_give_back(&t->slot);
        return kNoMemoryErr;
    }
    t->function = function;
    t->arg = arg;
    t->users = 0;
    if (thread != NULL) {
        *thread = sdk_handle(&pool, &t->slot); /* before it starts: it may look */
    }
    uint32_t irq = mico_irq_save();
    mico_thread_create(&t->thread, name != NULL ? name : "", priority, run, t, t->stack, size);
    t->stage = STARTED;
    mico_irq_restore(irq);
    return kNoErr;
}

OSStatus mico_rtos_delete_thread(mico_thread_t *thread)
{
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    if (thread == NULL) {
        mico_thread_delete(NULL);
    }
    struct sdk_thread *t = hold(thread);
    if (t == NULL) {
        return *thread != NULL ? kNoErr : kGeneralErr; /* a handle that is void has ended */
    }
    if (&t->thread == mico_thread_self()) {
        t->users--;
        mico_thread_delete(NULL);
    }
    mico_thread_delete(&t->thread);
    let_go(t);
    return kNoErr;
}

OSStatus mico_rtos_thread_join(mico_thread_t *thread)
{
    if (thread == NULL || *thread == NULL || mico_in_interrupt() || mico_rtos_is_current_thread(thread)) {
        return kGeneralErr;
    }
    struct sdk_thread *t = hold(thread);
    if (t == NULL) {
        return kNoErr;
    }
    mico_err err = mico_thread_join(&t->thread, MICO_FOREVER);
    let_go(t);
    return err == MICO_OK ? kNoErr : kGeneralErr;
}

OSStatus mico_rtos_thread_force_awake(mico_thread_t *thread)
{
    struct sdk_thread *t = thread != NULL ? hold(thread) : NULL;
    if (t == NULL) {
        return kGeneralErr;
    }
    mico_thread_wake(&t->thread);
    (void)mico_thread_resume(&t->thread);
    let_go(t);
    return kNoErr;
}

bool mico_rtos_is_current_thread(mico_thread_t *thread)
{
    const struct sdk_thread *t = sdk_find_at(&pool, thread);
    return t != NULL && &t->thread == mico_thread_self();
}

mico_thread_t *mico_rtos_get_current_thread(void)
{
    static mico_thread_t handles[SDK_THREADS];
    const struct mico_thread *self = mico_in_interrupt() ? NULL : mico_thread_self();
    if (self == NULL || !sdk_thread_is_own(self)) {
        return NULL;
    }
    size_t i = ((uintptr_t)self - (uintptr_t)threads) / sizeof threads[0];
    handles[i] = sdk_handle(&pool, &threads[i].slot);
    return &handles[i];
}

void mico_rtos_thread_yield(void)
{
    if (!mico_in_interrupt()) {
        mico_thread_yield();
    }
}

void mico_rtos_thread_msleep(uint32_t milliseconds)
{
    if (!mico_in_interrupt()) {
        mico_thread_sleep_ms(milliseconds);
    }
}

void mico_rtos_thread_sleep(uint32_t seconds)
{
    const uint32_t most = (MICO_FOREVER - 1) / 1000; /* seconds of one sleep of the kernel: 49 days */
    if (seconds == MICO_NEVER_TIMEOUT || mico_in_interrupt()) {
        mico_rtos_thread_msleep(MICO_FOREVER);
        return;
    }
    do {
        uint32_t part = seconds < most ? seconds : most;
        mico_thread_sleep_ms(part * 1000);
        seconds -= part;
    } while (seconds > 0);
}

void mico_thread_sleep(uint32_t seconds)
{
    mico_rtos_thread_sleep(seconds);
}

void mico_thread_msleep(uint32_t milliseconds)
{
    mico_rtos_thread_msleep(milliseconds);
}

void mico_rtos_suspend_thread(mico_thread_t *thread)
{
    if (thread == NULL && !mico_in_interrupt()) {
        (void)mico_thread_suspend(mico_thread_self());
    }
    struct sdk_thread *t = thread != NULL ? hold(thread) : NULL;
    if (t != NULL) {
        uint32_t irq = mico_irq_save(); /* when it is the caller: it lets go before it stops */
        (void)mico_thread_suspend(&t->thread);
        let_go(t);
        mico_irq_restore(irq);
    }
}

void mico_rtos_resume_thread(mico_thread_t *thread)
{
    struct sdk_thread *t = thread != NULL ? hold(thread) : NULL;
    if (t != NULL) {
        (void)mico_thread_resume(&t->thread);
        let_go(t);
    }
}

OSStatus mico_rtos_delay_milliseconds(uint32_t num_ms)
{
    mico_rtos_thread_msleep(num_ms);
    return mico_in_interrupt() ? kGeneralErr : kNoErr;
}

/* Only one thread can be inside, so plain variables do. */
void mico_rtos_enter_critical(void)
{
    uint32_t state = mico_irq_save();
    if (critical_depth++ == 0) {
        critical_state = state;
    }
}

void mico_rtos_exit_critical(void)
{
    if (critical_depth > 0 && --critical_depth == 0) {
        mico_irq_restore(critical_state);
    }
}

void mico_rtos_suspend_all_thread(void)
{
    mico_rtos_enter_critical();
}

long mico_rtos_resume_all_thread(void)
{
    if (critical_depth == 0) {
        return kGeneralErr;
    }
    mico_rtos_exit_critical();
    return kNoErr;
}

uint32_t mico_rtos_get_time(void)
{
    return (uint32_t)mico_clock_ms();
}

bool sdk_thread_is_own(const struct mico_thread *thread)
{
    return (uintptr_t)thread - (uintptr_t)threads < sizeof threads;
}
