/* SPDX-License-Identifier: Apache-2.0 */
/* Counting semaphores. A give while somebody waits goes straight to the first waiter. */
#include "os/kernel/internal.h"

void mico_semaphore_init(struct mico_semaphore *semaphore, uint32_t initial, uint32_t max)
{
    mico_must(max > 0 && initial <= max, "semaphore: initial value above the maximum, or maximum 0");
    mico_ring_init(&semaphore->waiters);
    semaphore->count = initial;
    semaphore->max = max;
}

mico_err mico_semaphore_take(struct mico_semaphore *semaphore, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(timeout_ms, "semaphore: waited for outside of a thread");
    uint32_t irq = mico_irq_save();
    uint32_t count = semaphore->count;
    if (count == 0) {
        return mico_sched_await(&semaphore->waiters, NULL, timeout_ms, irq);
    }
    semaphore->count = count - 1;
    mico_irq_restore(irq);
    return MICO_OK;
}

mico_err mico_semaphore_give(struct mico_semaphore *semaphore)
{
    uint32_t irq = mico_irq_save();
    if (!mico_ring_empty(&semaphore->waiters)) {
        return mico_sched_release_first(&semaphore->waiters, irq);
    }
    mico_err err = MICO_ERR_FULL;
    if (semaphore->count < semaphore->max) {
        semaphore->count++;
        err = MICO_OK;
    }
    mico_irq_restore(irq);
    return err;
}

void mico_semaphore_deinit(struct mico_semaphore *semaphore)
{
    mico_must(!mico_in_interrupt(), "semaphore: deinitialised in an interrupt");
    uint32_t irq = mico_irq_save();
    mico_sched_close(&semaphore->waiters);
    semaphore->count = 0;
    semaphore->max = 0;
    mico_sched_pick();
    mico_irq_restore(irq);
}
