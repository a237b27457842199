/* SPDX-License-Identifier: Apache-2.0 */
/* Events: 32 flags. Setting some goes through the waiters by priority; each whose wish holds is released and takes its
 * flags away before the next is looked at, so that a flag which is taken serves one. */
#include "os/kernel/internal.h"

/* What a thread waits for; on its own stack, found through its message. */
struct wish {
    uint32_t flags;
    uint32_t found;
    unsigned how;
};

/* Does wish hold? Then it is noted and its flags are taken. */
static bool fulfil(struct mico_event *event, struct wish *wish)
{
    uint32_t there = event->flags & wish->flags;
    if ((wish->how & MICO_EVENT_ALL) != 0 ? there != wish->flags : there == 0) {
        return false;
    }
    wish->found = event->flags;
    if ((wish->how & MICO_EVENT_KEEP) == 0) {
        event->flags &= ~wish->flags;
    }
    return true;
}

void mico_event_init(struct mico_event *event)
{
    mico_ring_init(&event->waiters);
    event->flags = 0;
}

mico_err mico_event_wait(struct mico_event *event, uint32_t flags, unsigned how, uint32_t *found, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(timeout_ms, "event: waited for outside of a thread");
    mico_must(flags != 0, "event: waited for no flags");
    struct wish wish = {.flags = flags, .how = how};
    mico_err err = MICO_OK;
    uint32_t irq = mico_irq_save();
    if (fulfil(event, &wish)) {
        mico_irq_restore(irq);
    } else {
        err = mico_sched_await(&event->waiters, &wish, timeout_ms, irq);
    }
    if (err == MICO_OK && found != NULL) {
        *found = wish.found;
    }
    return err;
}

uint32_t mico_event_set(struct mico_event *event, uint32_t flags)
{
    uint32_t irq = mico_irq_save();
    mico_must_be_initialised(&event->waiters, irq);
    event->flags |= flags;
    struct mico_link *at = event->waiters.next;
    while (at != &event->waiters) { /* as many rounds as threads wait */
        struct mico_thread *waiter = MICO_OF(at, struct mico_thread, link);
        at = at->next;
        if (fulfil(event, waiter->message)) {
            mico_sched_release(waiter, MICO_OK);
        }
    }
    uint32_t left = event->flags;
    mico_sched_pick();
    mico_irq_restore(irq);
    return left;
}

uint32_t mico_event_clear(struct mico_event *event, uint32_t flags)
{
    uint32_t irq = mico_irq_save();
    uint32_t before = event->flags;
    event->flags = before & ~flags;
    mico_irq_restore(irq);
    return before;
}

uint32_t mico_event_get(const struct mico_event *event)
{
    return *(const volatile uint32_t *)&event->flags;
}

void mico_event_deinit(struct mico_event *event)
{
    mico_must(!mico_in_interrupt(), "event: deinitialised in an interrupt");
    uint32_t irq = mico_irq_save();
    mico_sched_close(&event->waiters);
    event->flags = 0;
    mico_sched_pick();
    mico_irq_restore(irq);
}
