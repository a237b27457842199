/* SPDX-License-Identifier: Apache-2.0 */
/* The scheduler: which thread runs, who waits, and until when.
 *
 * The ready queue is one ring for each priority and a word with a bit for each ring that is not empty, so that the
 * choice is a count of leading zeros. A ring has no head, only a pointer to its first: a turn passes on by moving that.
 * The running thread stays in its ring, as the first. A thread's ring is that of its level, which is its priority unless it
 * is suspended: that level is below the idle thread's, so that nothing else here needs to know of it. Every change of
 * these is made with interrupts masked and followed by mico_sched_pick; the processor's port switches when masking ends. */
#include "os/kernel/internal.h"

#include "os/port/clock.h"

struct mico_scheduler mico_scheduler;

static struct mico_thread idle_thread, main_thread;
static uint64_t idle_stack[MICO_STACK_MIN / sizeof(uint64_t)];
static volatile uint32_t wakeups;
static void (*on_misuse)(const char *what);

void mico_kernel_on_misuse(void (*handler)(const char *what))
{
    on_misuse = handler;
}

void mico_kernel_misuse(const char *what)
{
    if (on_misuse != NULL) {
        on_misuse(what);
    }
    mico_context_panic(what);
}

void mico_sched_init(void)
{
    if (mico_scheduler.alarms.next == NULL) {
        mico_ring_init(&mico_scheduler.alarms);
        mico_ring_init(&mico_scheduler.threads);
    }
}

void mico_sched_pick(void)
{
    struct mico_thread *running = mico_running();
    struct mico_thread *best = mico_sched_best();
    if (best != running && running != NULL) {
        mico_sched_switch(running, best);
    }
}

void mico_sched_ready(struct mico_thread *thread)
{
    thread->state = MICO_THREAD_READY;
    thread->turn_ms = 0;
    struct mico_link **first = &mico_scheduler.ready[thread->level];
    if (*first != NULL) {
        mico_ring_insert(&thread->link, (*first)->prev);
    } else {
        mico_ring_init(&thread->link);
        *first = &thread->link;
        mico_scheduler.levels |= 0x80000000u >> thread->level;
    }
}

static void unready(struct mico_thread *thread)
{
    struct mico_link **first = &mico_scheduler.ready[thread->level];
    struct mico_link *next = thread->link.next;
    if (next == &thread->link) {
        *first = NULL;
        mico_scheduler.levels &= ~(0x80000000u >> thread->level);
        return;
    }
    mico_ring_remove(&thread->link);
    if (*first == &thread->link) {
        *first = next;
    }
}

/* Waiters stand by priority, and by arrival among equals. */
static void stand_in(struct mico_thread *thread, struct mico_link *ring)
{
    struct mico_link *after = ring->prev;
    while (after != ring && MICO_OF(after, struct mico_thread, link)->priority > thread->priority) {
        after = after->prev;
    }
    mico_ring_insert(&thread->link, after);
    thread->waits_in = ring;
}

static void set_alarm(struct mico_thread *thread, uint32_t timeout_ms)
{
    struct mico_link *alarms = &mico_scheduler.alarms;
    thread->alarm_ms = mico_clock_ms() + timeout_ms;
    struct mico_link *after = alarms->prev;
    while (after != alarms && MICO_OF(after, struct mico_thread, alarm)->alarm_ms > thread->alarm_ms) {
        after = after->prev;
    }
    mico_ring_insert(&thread->alarm, after);
}

void mico_sched_remove(struct mico_thread *thread)
{
    if (thread->state == MICO_THREAD_READY) {
        unready(thread);
        return;
    }
    if (thread->state != MICO_THREAD_SLEEPING) {
        mico_ring_remove(&thread->link);
    }
    if (thread->alarm.next != NULL) {
        mico_ring_remove(&thread->alarm);
        thread->alarm.next = NULL;
    }
}

void mico_sched_wait(struct mico_link *ring, uint8_t state, uint32_t timeout_ms)
{
    struct mico_thread *self = mico_running();
    unready(self);
    self->state = state;
    self->result = MICO_ERR_TIMEOUT;
    if (ring != NULL) {
        stand_in(self, ring);
    }
    if (timeout_ms != MICO_FOREVER) {
        set_alarm(self, timeout_ms);
    }
}

void mico_sched_release(struct mico_thread *thread, mico_err result)
{
    mico_sched_remove(thread);
    thread->result = (int8_t)result;
    mico_sched_ready(thread);
}

mico_err mico_sched_release_first(struct mico_link *ring, uint32_t irq)
{
    mico_must_be_initialised(ring, irq);
    mico_sched_release(mico_ring_first(ring), MICO_OK);
    mico_sched_pick();
    mico_irq_restore(irq);
    return MICO_OK;
}

void mico_sched_release_all(struct mico_link *ring, mico_err result)
{
    while (!mico_ring_empty(ring)) {
        mico_sched_release(mico_ring_first(ring), result);
    }
}

void mico_sched_close(struct mico_link *ring)
{
    if (ring->next != NULL) {
        mico_sched_release_all(ring, MICO_ERR_CLOSED);
        ring->next = NULL;
    }
}

void mico_sched_move(struct mico_thread *thread, unsigned priority)
{
    bool waits = thread->state == MICO_THREAD_WAITING || thread->state == MICO_THREAD_LOCKING;
    thread->priority = (uint8_t)priority;
    if (waits) {
        mico_ring_remove(&thread->link);
        stand_in(thread, thread->waits_in);
    }
    if (thread->level != MICO_LEVEL_SUSPENDED) {
        mico_sched_set_level(thread, priority);
    }
}

void mico_sched_set_level(struct mico_thread *thread, unsigned level)
{
    bool ready = thread->state == MICO_THREAD_READY;
    if (ready) {
        unready(thread);
    }
    thread->level = (uint8_t)level;
    if (ready) {
        mico_sched_ready(thread);
        if (thread == mico_running()) { /* it keeps its turn among its new equals */
            mico_scheduler.ready[level] = &thread->link;
        }
    }
}

mico_err mico_sched_finish_wait(uint32_t irq)
{
    struct mico_thread *self = mico_running();
    mico_sched_pick();
    mico_irq_restore(irq);
    return (mico_err)self->result;
}

mico_err mico_sched_await(struct mico_link *ring, void *message, uint32_t timeout_ms, uint32_t irq)
{
    mico_must_be_initialised(ring, irq);
    if (timeout_ms == MICO_NO_WAIT) {
        mico_irq_restore(irq);
        return MICO_ERR_TIMEOUT;
    }
    mico_running()->message = message;
    mico_sched_wait(ring, MICO_THREAD_WAITING, timeout_ms);
    return mico_sched_finish_wait(irq);
}

/* The time of a wait is over. One for a mutex takes back what it lent. */
static void alarm_rings(struct mico_thread *thread)
{
    struct mico_thread *owner = thread->state == MICO_THREAD_LOCKING ? mico_owner_awaited(thread) : NULL;
    mico_sched_release(thread, MICO_ERR_TIMEOUT);
    if (owner != NULL) {
        mico_inherit(owner);
    }
}

mico_err mico_thread_end_wait(struct mico_thread *thread, bool (*may)(const void *at))
{
    uint32_t irq = mico_irq_save();
    bool can = thread->state == MICO_THREAD_SLEEPING || (thread->state > MICO_THREAD_SLEEPING && may(thread->waits_in));
    if (can) {
        alarm_rings(thread);
        mico_sched_pick();
    }
    mico_irq_restore(irq);
    return can ? MICO_OK : MICO_ERR_STATE;
}

/* A turn goes on where it was after a higher thread has run; otherwise frequent interruptions would make it endless. */
static void end_turn_when_it_is_over(void)
{
    struct mico_thread *running = mico_running();
    if (running->state == MICO_THREAD_READY && ++running->turn_ms >= MICO_SLICE_MS) {
        running->turn_ms = 0;
        mico_scheduler.ready[running->level] = running->link.next;
    }
}

static void tick(void)
{
    struct mico_link *alarms = &mico_scheduler.alarms;
    uint64_t now_ms = mico_clock_ms();
    uint32_t irq = mico_irq_save();
    while (!mico_ring_empty(alarms)) {
        struct mico_thread *first = MICO_OF(alarms->next, struct mico_thread, alarm);
        if (first->alarm_ms > now_ms) {
            break;
        }
        alarm_rings(first);
    }
    end_turn_when_it_is_over();
    mico_sched_pick();
    mico_irq_restore(irq);
}

uint32_t mico_kernel_wakeups(void)
{
    return wakeups;
}

static void idle(void *arg)
{
    for (;;) {
        uint32_t irq = mico_irq_save();
        struct mico_link *alarms = &mico_scheduler.alarms;
        mico_context_idle(mico_ring_empty(alarms) ? UINT64_MAX
                                                  : MICO_OF(alarms->next, struct mico_thread, alarm)->alarm_ms);
        wakeups++;
        mico_irq_restore(irq);
    }
}

void mico_kernel_start(void (*main)(void *arg), void *arg, void *stack, size_t stack_size)
{
    mico_must(mico_context_next == NULL, "kernel: started twice");
    mico_thread_create(&main_thread, "main", 7, main, arg, stack, stack_size);
    mico_thread_create(&idle_thread, "idle", MICO_PRIORITY_LOWEST, idle, NULL, idle_stack, sizeof idle_stack);
    mico_irq_save();
    mico_sched_move(&idle_thread, MICO_LEVEL_IDLE);
    idle_thread.base = MICO_LEVEL_IDLE;
    mico_context_next = &mico_sched_best()->context;
    mico_context_start(tick);
}

bool mico_kernel_running(void)
{
    return mico_context_next != NULL;
}
