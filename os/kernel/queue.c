/* SPDX-License-Identifier: Apache-2.0 */
/* Queues by value. An item goes straight to a waiting taker; a waiting giver's item enters as soon as there is room, so
 * that takers wait only while the queue is empty and givers only while it is full. */
#include "os/kernel/internal.h"

#include <string.h>

/* Most items are a few words: this is shorter for them than the C library's copy, which must be good for long ones. */
static __attribute__((noinline)) void copy(uint8_t *to, const uint8_t *from, uint32_t size)
{
    const uint8_t *end = from + size;
    while (end - from >= 16) {
        memcpy(to, from, 16); /* of a fixed size: four loads and four stores of words, aligned or not */
        to += 16;
        from += 16;
    }
    while (from != end) {
        *to++ = *from++;
    }
}

void mico_queue_init(struct mico_queue *queue, void *items, size_t item_size, size_t capacity)
{
    mico_must(item_size > 0 && capacity > 0 && item_size <= UINT32_MAX / capacity,
              "queue: item size or capacity is 0, or both too large");
    mico_ring_init(&queue->takers);
    mico_ring_init(&queue->givers);
    queue->item_size = (uint32_t)item_size;
    queue->capacity = (uint32_t)capacity;
    queue->count = 0;
    queue->items = items;
    queue->end = queue->items + item_size * capacity;
    queue->first = items;
    queue->free = items;
}

static inline uint8_t *after(const struct mico_queue *queue, uint8_t *item)
{
    item += queue->item_size;
    return item == queue->end ? queue->items : item;
}

static inline void append(struct mico_queue *queue, const void *item)
{
    uint8_t *place = queue->free;
    queue->count++;
    queue->free = after(queue, place);
    copy(place, item, queue->item_size);
}

static mico_err push_to_taker(struct mico_queue *queue, const void *item, uint32_t irq)
{
    mico_must_be_initialised(&queue->takers, irq);
    copy(mico_ring_first(&queue->takers)->message, item, queue->item_size);
    return mico_sched_release_first(&queue->takers, irq);
}

mico_err mico_queue_push(struct mico_queue *queue, const void *item, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(timeout_ms, "queue: waits outside of a thread");
    uint32_t irq = mico_irq_save();
    if (!mico_ring_empty(&queue->takers)) {
        return push_to_taker(queue, item, irq);
    }
    if (queue->count == queue->capacity) {
        return mico_sched_await(&queue->givers, (void *)(uintptr_t)item, timeout_ms, irq); /* item is only read */
    }
    append(queue, item);
    mico_irq_restore(irq);
    return MICO_OK;
}

static mico_err append_of_giver(struct mico_queue *queue, uint32_t irq)
{
    append(queue, mico_ring_first(&queue->givers)->message);
    return mico_sched_release_first(&queue->givers, irq);
}

mico_err mico_queue_pop(struct mico_queue *queue, void *item, uint32_t timeout_ms)
{
    mico_must_be_able_to_wait(timeout_ms, "queue: waits outside of a thread");
    uint32_t irq = mico_irq_save();
    if (queue->count == 0) {
        return mico_sched_await(&queue->takers, item, timeout_ms, irq);
    }
    uint8_t *first = queue->first;
    queue->count--;
    queue->first = after(queue, first);
    copy(item, first, queue->item_size);
    if (!mico_ring_empty(&queue->givers)) {
        return append_of_giver(queue, irq);
    }
    mico_irq_restore(irq);
    return MICO_OK;
}

size_t mico_queue_count(const struct mico_queue *queue)
{
    return *(const volatile uint32_t *)&queue->count;
}

void mico_queue_deinit(struct mico_queue *queue)
{
    mico_must(!mico_in_interrupt(), "queue: deinitialised in an interrupt");
    uint32_t irq = mico_irq_save();
    mico_sched_close(&queue->takers);
    mico_sched_close(&queue->givers);
    queue->count = 0;
    mico_sched_pick();
    mico_irq_restore(irq);
}
