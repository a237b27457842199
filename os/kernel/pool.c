/* SPDX-License-Identifier: Apache-2.0 */
/* Pools of blocks of one size. Free blocks are linked through their own first words; a block that is given while
 * somebody waits goes straight to the first waiter, so threads wait only while no block is free. */
#include "os/kernel/internal.h"

void mico_pool_init(struct mico_pool *pool, void *blocks, size_t block_size, size_t count)
{
    mico_must(block_size > 0 && block_size % sizeof(void *) == 0 && (uintptr_t)blocks % sizeof(void *) == 0,
              "pool: blocks or their size not aligned to a pointer");
    mico_must(count > 0 && block_size <= UINT32_MAX / count, "pool: no blocks, or too many");
    mico_ring_init(&pool->waiters);
    pool->blocks = blocks;
    pool->block_size = (uint32_t)block_size;
    pool->bytes = (uint32_t)(count * block_size);
    pool->taken = 0;
    pool->first = NULL;
    for (size_t i = count; i-- > 0;) {
        void **block = (void **)(void *)(pool->blocks + i * block_size);
        *block = pool->first;
        pool->first = block;
    }
}

mico_err mico_pool_take(struct mico_pool *pool, void **block, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(timeout_ms, "pool: waited for outside of a thread");
    uint32_t irq = mico_irq_save();
    void **first = pool->first;
    if (first == NULL) {
        return mico_sched_await(&pool->waiters, block, timeout_ms, irq);
    }
    pool->first = *first;
    pool->taken++;
    mico_irq_restore(irq);
    *block = first;
    return MICO_OK;
}

/* To the first waiter, where the number of taken ones stays; without one, none is taken. */
static __attribute__((noinline)) mico_err hand_on(struct mico_pool *pool, void *block, uint32_t irq)
{
    if (mico_ring_empty(&pool->waiters)) {
        mico_irq_restore(irq);
        return MICO_ERR_FULL;
    }
    mico_must_be_initialised(&pool->waiters, irq);
    *(void **)mico_ring_first(&pool->waiters)->message = block;
    return mico_sched_release_first(&pool->waiters, irq);
}

mico_err mico_pool_give(struct mico_pool *pool, void *block)
{
    uintptr_t offset = (uintptr_t)block - (uintptr_t)pool->blocks; /* of a block before them: huge */
    if (offset >= pool->bytes || (uint32_t)offset % pool->block_size != 0) {
        return MICO_ERR_PARAM;
    }
    uint32_t irq = mico_irq_save();
    uint32_t taken = pool->taken;
    if (taken == 0 || !mico_ring_empty(&pool->waiters)) {
        return hand_on(pool, block, irq);
    }
    *(void **)block = pool->first;
    pool->first = block;
    pool->taken = taken - 1;
    mico_irq_restore(irq);
    return MICO_OK;
}

size_t mico_pool_available(const struct mico_pool *pool)
{
    uint32_t size = pool->block_size;
    return size == 0 ? 0 : pool->bytes / size - *(const volatile uint32_t *)&pool->taken;
}

void mico_pool_deinit(struct mico_pool *pool)
{
    mico_must(!mico_in_interrupt(), "pool: deinitialised in an interrupt");
    uint32_t irq = mico_irq_save();
    mico_sched_close(&pool->waiters);
    pool->first = NULL;
    pool->taken = 0;
    pool->bytes = 0; /* no block is one of it now */
    mico_sched_pick();
    mico_irq_restore(irq);
}
