/* SPDX-License-Identifier: Apache-2.0 */
/* Timers: a list by due time, and one thread that sleeps until the first is due and calls it. */
#include "os/kernel/internal.h"

#include "os/port/clock.h"

#define MICO_TIMER_STACK 2048u

static struct mico_thread timer_thread;
static uint64_t timer_stack[MICO_TIMER_STACK / sizeof(uint64_t)];
static struct mico_link timers;          /* running ones, the first due first */
static struct mico_link cancellers;      /* threads that wait for the end of a callback */
static const struct mico_timer *serving; /* its callback goes on */

static void insert(struct mico_timer *timer)
{
    struct mico_link *after = timers.prev;
    while (after != &timers && MICO_OF(after, struct mico_timer, link)->due_ms > timer->due_ms) {
        after = after->prev;
    }
    mico_ring_insert(&timer->link, after);
}

static void take_out(struct mico_timer *timer)
{
    if (timer->link.next != NULL) {
        mico_ring_remove(&timer->link);
        timer->link.next = NULL;
    }
}

/* The first timer when it is due at now_ms, put back for its next period; NULL when none is. */
static struct mico_timer *take_due(uint64_t now_ms)
{
    if (mico_ring_empty(&timers)) {
        return NULL;
    }
    struct mico_timer *timer = MICO_OF(timers.next, struct mico_timer, link);
    if (timer->due_ms > now_ms) {
        return NULL;
    }
    take_out(timer);
    if (timer->periodic) {
        uint32_t late_ms = (uint32_t)(now_ms - timer->due_ms);
        timer->due_ms = now_ms + timer->period_ms - late_ms % timer->period_ms;
        insert(timer);
    }
    return timer;
}

/* Milliseconds to the first timer, at most the longest finite timeout; it is after now_ms. */
static uint32_t until_first(uint64_t now_ms)
{
    if (mico_ring_empty(&timers)) {
        return MICO_FOREVER;
    }
    uint64_t left_ms = MICO_OF(timers.next, struct mico_timer, link)->due_ms - now_ms;
    return left_ms < MICO_FOREVER ? (uint32_t)left_ms : MICO_FOREVER - 1;
}

static void serve_timers(void *arg)
{
    for (;;) {
        uint32_t irq = mico_irq_save();
        uint64_t now_ms = mico_clock_ms();
        struct mico_timer *timer = take_due(now_ms);
        if (timer == NULL) {
            mico_sched_wait(NULL, MICO_THREAD_SLEEPING, until_first(now_ms));
            (void)mico_sched_finish_wait(irq);
            continue;
        }
        serving = timer;
        void (*callback)(void *) = timer->callback;
        void *callback_arg = timer->arg;
        mico_irq_restore(irq);
        callback(callback_arg);
        irq = mico_irq_save();
        serving = NULL;
        mico_sched_release_all(&cancellers, MICO_OK);
        mico_sched_pick();
        mico_irq_restore(irq);
    }
}

void mico_timer_init(struct mico_timer *timer, void (*callback)(void *arg), void *arg, uint32_t period_ms,
                     bool periodic)
{
    mico_must(period_ms > 0, "timer: period is 0");
    uint32_t irq = mico_irq_save();
    if (timers.next == NULL) {
        mico_ring_init(&timers);
        mico_ring_init(&cancellers);
        mico_thread_create(&timer_thread, "timer", MICO_TIMER_PRIORITY, serve_timers, NULL, timer_stack,
                           sizeof timer_stack);
    }
    mico_irq_restore(irq);
    timer->link.next = NULL;
    timer->callback = callback;
    timer->arg = arg;
    timer->period_ms = period_ms;
    timer->periodic = periodic;
}

void mico_timer_start(struct mico_timer *timer)
{
    mico_must(timer->period_ms > 0, "timer: started before it was initialised");
    uint32_t irq = mico_irq_save();
    take_out(timer);
    timer->due_ms = mico_clock_ms() + timer->period_ms;
    insert(timer);
    if (timers.next == &timer->link) {
        mico_thread_wake(&timer_thread);
    }
    mico_irq_restore(irq);
}

void mico_timer_stop(struct mico_timer *timer)
{
    uint32_t irq = mico_irq_save();
    take_out(timer);
    mico_irq_restore(irq);
}

void mico_timer_cancel(struct mico_timer *timer)
{
    mico_must_be_able_to_wait(MICO_FOREVER, "timer: cancelled outside of a thread");
    uint32_t irq = mico_irq_save();
    take_out(timer);
    while (serving == timer && mico_running() != &timer_thread) {
        mico_sched_wait(&cancellers, MICO_THREAD_WAITING, MICO_FOREVER);
        (void)mico_sched_finish_wait(irq);
        irq = mico_irq_save();
        take_out(timer); /* the callback may have started it again */
    }
    mico_irq_restore(irq);
}

bool mico_timer_running(const struct mico_timer *timer)
{
    return *(struct mico_link *const volatile *)&timer->link.next != NULL;
}
