/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes with exact, transitive priority inheritance.
 *
 * Invariant, whenever interrupts are allowed: for every thread t
 *     t.priority = min(t.base, w.priority for every w that waits for a mutex which t holds).
 * Waiters stand by priority, so the first of each held mutex is enough. The wait-for graph never has a circle (a lock
 * that would close one is refused), so the equation has one solution, and repairing it owner by owner along the chain
 * from the thread that changed ends: at a thread whose priority was right already, or that waits for no mutex. */
#include "os/kernel/internal.h"

static unsigned owed_priority(const struct mico_thread *thread)
{
    unsigned priority = thread->base;
    for (const struct mico_mutex *m = thread->held; m != NULL; m = m->next_held) {
        if (!mico_ring_empty(&m->waiters) && mico_ring_first(&m->waiters)->priority < priority) {
            priority = mico_ring_first(&m->waiters)->priority;
        }
    }
    return priority;
}

void mico_inherit(struct mico_thread *thread)
{
    for (;;) {
        unsigned priority = owed_priority(thread);
        if (priority == thread->priority) {
            return;
        }
        mico_sched_move(thread, priority);
        if (thread->state != MICO_THREAD_LOCKING) {
            return;
        }
        thread = mico_owner_awaited(thread);
    }
}

static void own(struct mico_mutex *mutex, struct mico_thread *thread)
{
    mutex->owner = thread;
    mutex->depth = 1;
    mutex->next_held = thread->held;
    thread->held = mutex;
}

/* To the first waiter, or to nobody. What the waiters behind it lend the new owner is no more than it has: they stood
 * behind it. mutex is in no list of held ones here. */
static void pass_on(struct mico_mutex *mutex)
{
    if (mico_ring_empty(&mutex->waiters)) {
        mutex->owner = NULL;
        mutex->depth = 0;
        return;
    }
    struct mico_thread *heir = mico_ring_first(&mutex->waiters);
    mico_sched_release(heir, MICO_OK);
    own(mutex, heir);
}

static void drop_from_held(struct mico_mutex *mutex)
{
    struct mico_mutex **place = &mutex->owner->held;
    while (*place != mutex) { /* ends: an owned mutex is in its owner's list */
        place = &(*place)->next_held;
    }
    *place = mutex->next_held;
}

void mico_mutex_release_held(struct mico_thread *thread)
{
    while (thread->held != NULL) {
        struct mico_mutex *mutex = thread->held;
        thread->held = mutex->next_held;
        pass_on(mutex);
    }
}

void mico_mutex_init(struct mico_mutex *mutex)
{
    mutex->owner = NULL;
    mutex->next_held = NULL;
    mutex->depth = 0;
    mico_ring_init(&mutex->waiters);
}

/* Does the chain of owners, from who holds mutex on, end at self? */
static bool would_wait_for_itself(const struct mico_mutex *mutex, const struct mico_thread *self)
{
    const struct mico_thread *owner = mutex->owner;
    while (owner->state == MICO_THREAD_LOCKING) {
        owner = mico_owner_awaited(owner);
    }
    return owner == self;
}

mico_err mico_mutex_lock(struct mico_mutex *mutex, uint32_t timeout_ms)
{
    struct mico_thread *self = mico_running();
    if (self == NULL) {
        return MICO_OK;
    }
    mico_must(!mico_in_interrupt(), "mutex: locked in an interrupt");
    mico_err err = MICO_OK;
    uint32_t irq = mico_irq_save();
    mico_must_be_initialised(&mutex->waiters, irq);
    if (mutex->owner == NULL) {
        own(mutex, self);
    } else if (mutex->owner == self) {
        mutex->depth++;
    } else if (timeout_ms == MICO_NO_WAIT) {
        err = MICO_ERR_TIMEOUT;
    } else if (would_wait_for_itself(mutex, self)) {
        err = MICO_ERR_STATE;
    } else {
        mico_sched_wait(&mutex->waiters, MICO_THREAD_LOCKING, timeout_ms);
        mico_inherit(mutex->owner);
        return mico_sched_finish_wait(irq);
    }
    mico_irq_restore(irq);
    return err;
}

mico_err mico_mutex_unlock(struct mico_mutex *mutex)
{
    struct mico_thread *self = mico_running();
    if (self == NULL) {
        return MICO_OK;
    }
    mico_must(!mico_in_interrupt(), "mutex: unlocked in an interrupt");
    if (mutex->owner != self) { /* no masking needed: nobody else can make the caller its owner or take that away */
        return MICO_ERR_STATE;
    }
    uint32_t irq = mico_irq_save();
    if (--mutex->depth == 0) {
        drop_from_held(mutex);
        pass_on(mutex);
        mico_inherit(self);
        mico_sched_pick();
    }
    mico_irq_restore(irq);
    return MICO_OK;
}

void mico_mutex_deinit(struct mico_mutex *mutex)
{
    mico_must(mutex->owner == NULL, "mutex: deinitialised while locked");
    mutex->waiters.next = NULL;
}
