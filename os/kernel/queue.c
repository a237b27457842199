/* SPDX-License-Identifier: Apache-2.0 */
/* Queues by value. An item goes straight to a waiting taker; a waiting giver's item enters as soon as there is room, so
 * that takers wait only while the queue is empty and givers only while it is full. */
#include "os/kernel/internal.h"

#include <string.h>

void mico_queue_init(struct mico_queue *queue, void *items, size_t item_size, size_t capacity)
{
    mico_must(item_size > 0 && capacity > 0, "queue: item size or capacity is 0");
    mico_ring_init(&queue->takers);
    mico_ring_init(&queue->givers);
    queue->items = items;
    queue->item_size = (uint32_t)item_size;
    queue->capacity = (uint32_t)capacity;
    queue->count = 0;
    queue->first = 0;
}

static void append(struct mico_queue *queue, const void *item)
{
    uint32_t place = queue->first + queue->count;
    if (place >= queue->capacity) {
        place -= queue->capacity;
    }
    memcpy(queue->items + (size_t)place * queue->item_size, item, queue->item_size);
    queue->count++;
}

static void take_first(struct mico_queue *queue, void *item)
{
    memcpy(item, queue->items + (size_t)queue->first * queue->item_size, queue->item_size);
    queue->first = queue->first + 1 == queue->capacity ? 0 : queue->first + 1;
    queue->count--;
}

mico_err mico_queue_push(struct mico_queue *queue, const void *item, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(timeout_ms, "queue: push waits outside of a thread");
    mico_err err = MICO_OK;
    uint32_t irq = mico_irq_save();
    if (!mico_ring_empty(&queue->takers)) {
        struct mico_thread *taker = mico_ring_first(&queue->takers);
        memcpy(taker->message, item, queue->item_size);
        mico_sched_release(taker, MICO_OK);
        mico_sched_pick();
    } else if (queue->count < queue->capacity) {
        append(queue, item);
    } else if (timeout_ms == MICO_NO_WAIT) {
        err = MICO_ERR_TIMEOUT;
    } else {
        mico_running()->message = (void *)(uintptr_t)item; /* only read */
        mico_sched_wait(&queue->givers, MICO_THREAD_WAITING, timeout_ms);
        return mico_sched_finish_wait(irq);
    }
    mico_irq_restore(irq);
    return err;
}

mico_err mico_queue_pop(struct mico_queue *queue, void *item, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(timeout_ms, "queue: pop waits outside of a thread");
    mico_err err = MICO_OK;
    uint32_t irq = mico_irq_save();
    if (queue->count > 0) {
        take_first(queue, item);
        if (!mico_ring_empty(&queue->givers)) {
            struct mico_thread *giver = mico_ring_first(&queue->givers);
            append(queue, giver->message);
            mico_sched_release(giver, MICO_OK);
            mico_sched_pick();
        }
    } else if (timeout_ms == MICO_NO_WAIT) {
        err = MICO_ERR_TIMEOUT;
    } else {
        mico_running()->message = item;
        mico_sched_wait(&queue->takers, MICO_THREAD_WAITING, timeout_ms);
        return mico_sched_finish_wait(irq);
    }
    mico_irq_restore(irq);
    return err;
}

size_t mico_queue_count(const struct mico_queue *queue)
{
    return *(const volatile uint32_t *)&queue->count;
}

void mico_queue_deinit(struct mico_queue *queue)
{
    mico_must(!mico_in_interrupt(), "queue: deinitialised in an interrupt");
    uint32_t irq = mico_irq_save();
    mico_sched_release_all(&queue->takers, MICO_ERR_CLOSED);
    mico_sched_release_all(&queue->givers, MICO_ERR_CLOSED);
    queue->count = 0;
    mico_sched_pick();
    mico_irq_restore(irq);
}
