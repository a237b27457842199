/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel's files share: rings, the ready queue, waiting. All of it is called with interrupts masked. */
#ifndef OS_KERNEL_INTERNAL_H
#define OS_KERNEL_INTERNAL_H

#include "os/kernel/kernel.h"

#define MICO_LEVELS 12u /* priorities 0 to 9, and two more */
#define MICO_LEVEL_IDLE 10u
#define MICO_LEVEL_SUSPENDED 11u /* below the idle thread, which is always ready: who stands here is never the best */
#define MICO_STACK_FILL 0xA5A5A5A5u

enum {
    MICO_THREAD_ENDED, /* 0, so that zeroed storage counts as a thread that has ended */
    MICO_THREAD_READY, /* in the ready queue, at its level: the running thread too, and suspended ones that do not wait */
    MICO_THREAD_SLEEPING, /* those after it are in waits_in */
    MICO_THREAD_WAITING, /* in waits_in */
    MICO_THREAD_LOCKING, /* in waits_in, which is a mutex's waiters */
};

struct mico_scheduler {
    uint32_t levels;                      /* bit 31 - p: ready[p] is not NULL */
    struct mico_link *ready[MICO_LEVELS]; /* first of the ring of ready threads, which has no head; or NULL */
    struct mico_link alarms;              /* threads with a timeout, the earliest first */
    struct mico_link threads;             /* those that have not ended, the oldest first */
};

extern struct mico_scheduler mico_scheduler;

#define MICO_OF(link_, type, member) ((type *)(void *)((uint8_t *)(link_)-offsetof(type, member)))

static inline void mico_ring_init(struct mico_link *ring)
{
    ring->next = ring;
    ring->prev = ring;
}

static inline bool mico_ring_empty(const struct mico_link *ring)
{
    return ring->next == ring;
}

static inline void mico_ring_insert(struct mico_link *link, struct mico_link *after)
{
    link->prev = after;
    link->next = after->next;
    after->next->prev = link;
    after->next = link;
}

static inline void mico_ring_remove(struct mico_link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
}

static inline struct mico_thread *mico_ring_first(const struct mico_link *ring)
{
    return MICO_OF(ring->next, struct mico_thread, link);
}

static inline struct mico_thread *mico_running(void)
{
    return (struct mico_thread *)(void *)mico_context_next; /* context is a thread's first member */
}

_Noreturn void mico_kernel_misuse(const char *what);

static inline void mico_must(bool held, const char *what)
{
    if (!held) {
        mico_kernel_misuse(what);
    }
}

/* The rule of every call that may wait. */
static inline void mico_must_be_able_to_wait(uint32_t timeout_ms, const char *what)
{
    mico_must(timeout_ms == MICO_NO_WAIT || (mico_context_next != NULL && !mico_in_interrupt()), what);
}

/* Objects whose storage is zero or that were deinitialised: a ring without links. They count as having nothing to take, give
 * or hand on, so that only the long ways of the calls need to look. Allows interrupts as at irq before it reports. */
static inline void mico_must_be_initialised(const struct mico_link *ring, uint32_t irq)
{
    if (ring->next == NULL) {
        mico_irq_restore(irq);
        mico_kernel_misuse("an object that is not initialised, or no longer, was used");
    }
}

/* Make the ready queue usable; called before anything is put into it, any number of times. */
void mico_sched_init(void);

/* The first ready thread of the highest priority. Once the kernel runs there is one: the idle thread never waits. */
static inline struct mico_thread *mico_sched_best(void)
{
    return MICO_OF(mico_scheduler.ready[__builtin_clz(mico_scheduler.levels)], struct mico_thread, link);
}

/* Let thread run instead of running once interrupts are allowed. */
static inline void mico_sched_switch(const struct mico_thread *running, struct mico_thread *thread)
{
    if (*(const uint32_t *)running->stack != MICO_STACK_FILL) {
        mico_context_panic(running->name); /* its stack has overflowed: nothing near it can be trusted */
    }
    mico_context_next = &thread->context;
    mico_context_pend();
}

/* Let the first ready thread of the highest priority be what runs once interrupts are allowed. */
void mico_sched_pick(void);

/* Put thread behind the ready ones of its level, with a new turn before it. */
void mico_sched_ready(struct mico_thread *thread);

/* Take thread out of whatever it stands in: ready queue or wait, and its timeout. */
void mico_sched_remove(struct mico_thread *thread);

/* The running thread waits in ring (NULL: in none), with that state; after the next mico_sched_pick it does not run.
 * Its result becomes MICO_ERR_TIMEOUT unless somebody releases it earlier. */
void mico_sched_wait(struct mico_link *ring, uint8_t state, uint32_t timeout_ms);

/* End the wait of thread with result. Does not pick. */
void mico_sched_release(struct mico_thread *thread, mico_err result);

/* End all waits in ring with result. Does not pick. */
void mico_sched_release_all(struct mico_link *ring, mico_err result);

/* The same with MICO_ERR_CLOSED, for the last time: then ring is as of an object that is not initialised. */
void mico_sched_close(struct mico_link *ring);

/* Give thread another priority, at the right place of what it stands in. */
void mico_sched_move(struct mico_thread *thread, unsigned priority);

/* Give thread another level: in the ready queue at once, or when its wait ends. Does not pick. */
void mico_sched_set_level(struct mico_thread *thread, unsigned level);

/* The running thread waits in ring for at most timeout_ms, with message for whoever releases it; allows interrupts as
 * at irq and returns the result. MICO_ERR_TIMEOUT at once for MICO_NO_WAIT. */
mico_err mico_sched_await(struct mico_link *ring, void *message, uint32_t timeout_ms, uint32_t irq);

/* End the wait of the first in ring with MICO_OK, pick, allow interrupts as at irq; returns MICO_OK. */
mico_err mico_sched_release_first(struct mico_link *ring, uint32_t irq);

/* Pick, allow interrupts as at irq (here the running thread stops if it waits), and return the result of its wait. */
mico_err mico_sched_finish_wait(uint32_t irq);

/* The owner of the mutex that thread waits for. */
static inline struct mico_thread *mico_owner_awaited(const struct mico_thread *thread)
{
    return MICO_OF(thread->waits_in, struct mico_mutex, waiters)->owner;
}

/* Bring thread's priority, and then those of the owners it waits for, to what they are owed. Does not pick. */
void mico_inherit(struct mico_thread *thread);

/* Let go of all mutexes of a thread that ends. Does not pick. */
void mico_mutex_release_held(struct mico_thread *thread);

#endif
