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
    mico_err err = MICO_OK;
    uint32_t irq = mico_irq_save();
    if (semaphore->count > 0) {
        semaphore->count--;
    } else if (timeout_ms == MICO_NO_WAIT) {
        err = MICO_ERR_TIMEOUT;
    } else {
        mico_sched_wait(&semaphore->waiters, MICO_THREAD_WAITING, timeout_ms);
        return mico_sched_finish_wait(irq);
    }
    mico_irq_restore(irq);
    return err;
}

mico_err mico_semaphore_give(struct mico_semaphore *semaphore)
{
    mico_err err = MICO_OK;
    uint32_t irq = mico_irq_save();
    if (!mico_ring_empty(&semaphore->waiters)) {
        mico_sched_release(mico_ring_first(&semaphore->waiters), MICO_OK);
        mico_sched_pick();
    } else if (semaphore->count < semaphore->max) {
        semaphore->count++;
    } else {
        err = MICO_ERR_FULL;
    }
    mico_irq_restore(irq);
    return err;
}

void mico_semaphore_deinit(struct mico_semaphore *semaphore)
{
    mico_must(!mico_in_interrupt(), "semaphore: deinitialised in an interrupt");
    uint32_t irq = mico_irq_save();
    mico_sched_release_all(&semaphore->waiters, MICO_ERR_CLOSED);
    semaphore->count = 0;
    mico_sched_pick();
    mico_irq_restore(irq);
}
