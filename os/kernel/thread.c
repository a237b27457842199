/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: birth, sleep, suspension and end. */
#include "os/kernel/internal.h"

#include <string.h>

struct mico_thread *mico_thread_self(void)
{
    return mico_running();
}

const char *mico_context_name(const struct mico_context *context)
{
    return ((const struct mico_thread *)(const void *)context)->name; /* context is its first member */
}

void mico_context_stack(const struct mico_context *context, uintptr_t *low, uintptr_t *high)
{
    const struct mico_thread *thread = (const void *)context;
    *low = (uintptr_t)thread->stack;
    *high = *low + thread->stack_size;
}

/* The entry and its argument wait in fields that a thread which has not run yet does not need. */
static void run(void *arg)
{
    struct mico_thread *self = arg;
    void (*entry)(void *) = (void (*)(void *))(uintptr_t)self->waits_in;
    entry(self->message);
    mico_thread_delete(NULL);
}

static void fill_stack(void *stack, size_t stack_size)
{
    uint32_t *word = stack;
    for (size_t i = 0; i < stack_size / sizeof *word; i++) {
        word[i] = MICO_STACK_FILL;
    }
}

void mico_thread_create(struct mico_thread *thread, const char *name, unsigned priority, void (*entry)(void *arg),
                        void *arg, void *stack, size_t stack_size)
{
    mico_must(!mico_in_interrupt(), "thread: created in an interrupt");
    mico_must(stack != NULL && stack_size >= MICO_STACK_MIN && (uintptr_t)stack % 8 == 0 && entry != NULL,
              "thread: no entry, or stack too small or not aligned to 8");
    memset(thread, 0, sizeof *thread);
    mico_ring_init(&thread->joiners);
    thread->name = name;
    thread->stack = stack;
    thread->stack_size = (uint32_t)stack_size;
    thread->base = (uint8_t)(priority < MICO_PRIORITY_LOWEST ? priority : MICO_PRIORITY_LOWEST);
    thread->priority = thread->base;
    thread->level = thread->base;
    thread->waits_in = (struct mico_link *)(uintptr_t)entry;
    thread->message = arg;
    fill_stack(stack, stack_size);
    mico_context_init(&thread->context, stack, stack_size, run, thread);
    uint32_t irq = mico_irq_save();
    mico_sched_init();
    mico_ring_insert(&thread->alive, mico_scheduler.threads.prev);
    mico_sched_ready(thread);
    mico_sched_pick();
    mico_irq_restore(irq);
}

/* Out of every list: its wait lends nothing any more, its mutexes go on, its joiners know. */
static void end(struct mico_thread *thread)
{
    struct mico_thread *owner = thread->state == MICO_THREAD_LOCKING ? mico_owner_awaited(thread) : NULL;
    mico_sched_remove(thread);
    mico_ring_remove(&thread->alive);
    thread->state = MICO_THREAD_ENDED;
    thread->level = thread->priority; /* no longer suspended */
    if (owner != NULL) {
        mico_inherit(owner);
    }
    mico_mutex_release_held(thread);
    mico_sched_release_all(&thread->joiners, MICO_OK);
}

void mico_thread_delete(struct mico_thread *thread)
{
    mico_must(!mico_in_interrupt() && mico_running() != NULL, "thread: deleted outside of a thread");
    uint32_t irq = mico_irq_save();
    struct mico_thread *self = mico_running();
    if (thread == NULL) {
        thread = self;
    }
    if (thread->state != MICO_THREAD_ENDED) {
        end(thread);
        if (thread == self) {
            mico_context_leave();
        } else {
            mico_context_drop(&thread->context);
        }
        mico_sched_pick();
    }
    mico_irq_restore(irq);
}

mico_err mico_thread_join(struct mico_thread *thread, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(MICO_FOREVER, "thread: waits outside of a thread");
    mico_must(thread != mico_running(), "thread: joins itself");
    uint32_t irq = mico_irq_save();
    if (thread->state == MICO_THREAD_ENDED || timeout_ms == MICO_NO_WAIT) {
        mico_err err = thread->state == MICO_THREAD_ENDED ? MICO_OK : MICO_ERR_TIMEOUT;
        mico_irq_restore(irq);
        return err;
    }
    mico_sched_wait(&thread->joiners, MICO_THREAD_WAITING, timeout_ms);
    return mico_sched_finish_wait(irq);
}

bool mico_thread_ended(const struct mico_thread *thread)
{
    return *(const volatile uint8_t *)&thread->state == MICO_THREAD_ENDED;
}

void mico_thread_sleep_ms(uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(MICO_FOREVER, "thread: waits outside of a thread");
    if (timeout_ms == MICO_NO_WAIT) {
        mico_thread_yield();
        return;
    }
    uint32_t irq = mico_irq_save();
    mico_sched_wait(NULL, MICO_THREAD_SLEEPING, timeout_ms);
    (void)mico_sched_finish_wait(irq);
}

void mico_thread_wake(struct mico_thread *thread)
{
    uint32_t irq = mico_irq_save();
    if (thread->state == MICO_THREAD_SLEEPING) {
        mico_sched_release(thread, MICO_OK);
        mico_sched_pick();
    }
    mico_irq_restore(irq);
}

void mico_thread_yield(void)
{
    mico_must_be_able_to_wait(MICO_FOREVER, "thread: waits outside of a thread");
    uint32_t irq = mico_irq_save();
    struct mico_thread *self = mico_running();
    struct mico_link *next = self->link.next;
    self->turn_ms = 0;
    if (next != &self->link) { /* nobody above it is ready, so that the next of its equals is the best */
        mico_scheduler.ready[self->level] = next;
        mico_sched_switch(self, MICO_OF(next, struct mico_thread, link));
    }
    mico_irq_restore(irq);
}

/* Suspend thread, or resume it, when it can be; the idle thread, alone at its level, can be neither. Once for both calls: inlined
 * it would be in the image twice. */
static __attribute__((noinline)) mico_err set_suspended(struct mico_thread *thread, bool suspended)
{
    uint32_t irq = mico_irq_save();
    mico_err err = MICO_ERR_STATE;
    if (suspended ? thread->state != MICO_THREAD_ENDED && thread->level < MICO_LEVEL_IDLE
                  : thread->level == MICO_LEVEL_SUSPENDED) {
        mico_sched_set_level(thread, suspended ? MICO_LEVEL_SUSPENDED : thread->priority);
        mico_sched_pick();
        err = MICO_OK;
    }
    mico_irq_restore(irq);
    return err;
}

mico_err mico_thread_suspend(struct mico_thread *thread)
{
    return set_suspended(thread, true);
}

mico_err mico_thread_resume(struct mico_thread *thread)
{
    return set_suspended(thread, false);
}

bool mico_thread_suspended(const struct mico_thread *thread)
{
    return *(const volatile uint8_t *)&thread->level == MICO_LEVEL_SUSPENDED;
}

bool mico_thread_ready(const struct mico_thread *thread)
{
    return *(const volatile uint8_t *)&thread->state == MICO_THREAD_READY && !mico_thread_suspended(thread);
}

unsigned mico_thread_priority(const struct mico_thread *thread)
{
    return *(const volatile uint8_t *)&thread->priority;
}

void mico_thread_set_priority(struct mico_thread *thread, unsigned priority)
{
    mico_must(!mico_in_interrupt(), "thread: priority set in an interrupt");
    uint32_t irq = mico_irq_save();
    if (thread->state != MICO_THREAD_ENDED) {
        thread->base = (uint8_t)(priority < MICO_PRIORITY_LOWEST ? priority : MICO_PRIORITY_LOWEST);
        mico_inherit(thread);
        mico_sched_pick();
    }
    mico_irq_restore(irq);
}

struct mico_thread *mico_thread_next(const struct mico_thread *thread)
{
    const struct mico_link *threads = &mico_scheduler.threads;
    const struct mico_link *next = thread != NULL ? thread->alive.next : threads->next;
    return next != threads && next != NULL ? MICO_OF(next, struct mico_thread, alive) : NULL;
}

size_t mico_thread_stack_unused(const struct mico_thread *thread)
{
    const uint32_t *word = thread->stack;
    size_t words = thread->stack_size / sizeof *word;
    size_t unused = 0;
    while (unused < words && word[unused] == MICO_STACK_FILL) {
        unused++;
    }
    return unused * sizeof *word;
}
