/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's invariants, recomputed the plain way; for tests. */
#include "os/kernel/internal.h"

static bool ring_has(const struct mico_link *ring, const struct mico_link *link)
{
    const struct mico_link *at = ring->next;
    while (at != ring && at != link) {
        at = at->next;
    }
    return at == link;
}

static bool ring_is_sorted(const struct mico_link *ring)
{
    unsigned last = 0;
    for (const struct mico_link *at = ring->next; at != ring; at = at->next) {
        unsigned priority = MICO_OF(at, struct mico_thread, link)->priority;
        if (priority < last) {
            return false;
        }
        last = priority;
    }
    return true;
}

static const char *check_place(const struct mico_thread *thread)
{
    const struct mico_link *first = mico_scheduler.ready[thread->level];
    if (thread->state != MICO_THREAD_ENDED && thread->level != MICO_LEVEL_SUSPENDED &&
        thread->level != thread->priority) {
        return "a thread's level is neither its priority nor that of suspended ones";
    }
    switch (thread->state) {
    case MICO_THREAD_ENDED:
        if (thread->level == MICO_LEVEL_SUSPENDED) {
            return "a thread that ended is suspended";
        }
        return thread->held != NULL ? "a thread that ended holds a mutex" : NULL;
    case MICO_THREAD_READY:
        return first != NULL && (first == &thread->link || ring_has(first, &thread->link))
                   ? NULL
                   : "a ready thread is not in the queue of its level";
    case MICO_THREAD_SLEEPING:
        return NULL;
    case MICO_THREAD_WAITING:
    case MICO_THREAD_LOCKING:
        if (!ring_has(thread->waits_in, &thread->link)) {
            return "a waiting thread is not among the waiters";
        }
        return ring_is_sorted(thread->waits_in) ? NULL : "waiters do not stand by priority";
    default:
        return "a thread is in no state";
    }
}

static const char *check_held(const struct mico_thread *thread)
{
    for (const struct mico_mutex *m = thread->held; m != NULL; m = m->next_held) {
        if (m->owner != thread || m->depth == 0) {
            return "a held mutex has another owner, or no depth";
        }
    }
    return NULL;
}

static size_t index_of(struct mico_thread *const thread[], size_t count, const struct mico_thread *wanted)
{
    size_t i = 0;
    while (i < count && thread[i] != wanted) {
        i++;
    }
    return i;
}

/* Priorities by their definition alone: start from the given ones and let every waiter lend until nothing changes. */
static const char *check_inheritance(struct mico_thread *const thread[], size_t count)
{
    uint8_t owed[MICO_CHECK_MAX];
    for (size_t i = 0; i < count; i++) {
        owed[i] = thread[i]->base;
    }
    for (bool changed = true; changed;) { /* ends: every round lowers a number that cannot fall below 0 */
        changed = false;
        for (size_t i = 0; i < count; i++) {
            if (thread[i]->state != MICO_THREAD_LOCKING) {
                continue;
            }
            size_t owner = index_of(thread, count, mico_owner_awaited(thread[i]));
            if (owner == count) {
                return "the owner of an awaited mutex is unknown";
            }
            if (owed[i] < owed[owner]) {
                owed[owner] = owed[i];
                changed = true;
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (thread[i]->state != MICO_THREAD_ENDED && owed[i] != thread[i]->priority) {
            return "a priority is not what is owed";
        }
    }
    return NULL;
}

/* A thread is in the list of threads until it has ended, once. */
static const char *check_listed(const struct mico_thread *thread)
{
    unsigned listed = 0;
    for (const struct mico_thread *at = mico_thread_next(NULL); at != NULL; at = mico_thread_next(at)) {
        if (at->alive.next->prev != &at->alive || at->state == MICO_THREAD_ENDED) {
            return "the list of threads has an end that is loose, or a thread that ended";
        }
        listed += at == thread;
    }
    return listed == (thread->state != MICO_THREAD_ENDED) ? NULL
                                                          : "a thread is not in the list of threads as it should be";
}

static const char *check_thread(const struct mico_thread *thread)
{
    const char *wrong = check_place(thread);
    wrong = wrong != NULL ? wrong : check_held(thread);
    return wrong != NULL ? wrong : check_listed(thread);
}

static const char *check_scheduler(void)
{
    const struct mico_scheduler *s = &mico_scheduler;
    for (unsigned p = 0; p < MICO_LEVELS; p++) {
        if ((s->ready[p] == NULL) != ((s->levels & 0x80000000u >> p) == 0)) {
            return "a level's bit does not tell whether its ring is empty";
        }
    }
    if (mico_sched_best() != mico_running()) {
        return "the running thread is not the first ready one of the highest priority";
    }
    if (mico_running()->level == MICO_LEVEL_SUSPENDED) {
        return "a suspended thread runs";
    }
    uint64_t last_ms = 0;
    for (const struct mico_link *at = s->alarms.next; at != &s->alarms; at = at->next) {
        const struct mico_thread *thread = MICO_OF(at, struct mico_thread, alarm);
        if (thread->alarm_ms < last_ms || thread->state == MICO_THREAD_READY || thread->state == MICO_THREAD_ENDED) {
            return "timeouts are not in order, or of a thread that does not wait";
        }
        last_ms = thread->alarm_ms;
    }
    return NULL;
}

const char *mico_kernel_check(struct mico_thread *const thread[], size_t count)
{
    mico_must(count <= MICO_CHECK_MAX, "check: too many threads");
    uint32_t irq = mico_irq_save();
    const char *wrong = check_scheduler();
    for (size_t i = 0; i < count && wrong == NULL; i++) {
        wrong = check_thread(thread[i]);
    }
    if (wrong == NULL) {
        wrong = check_inheritance(thread, count);
    }
    mico_irq_restore(irq);
    return wrong;
}
