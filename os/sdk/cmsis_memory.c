/* SPDX-License-Identifier: Apache-2.0 */
/* CMSIS-RTOS2: memory pools and message queues.
 *
 * A queue is a list by priority of message slots, between two semaphores: of messages that are there, and of slots that
 * are free. */
#include "os/sdk/cmsis.h"

#include <string.h>

#define NONE 0xFFFFu
#define MESSAGES_MAX 0xFFFEu

struct memory_pool {
    struct sdk_slot slot;
    struct mico_pool pool;
    const char *name;
    uint32_t block_size, count;
    void *memory; /* from the arena, or NULL */
};

struct place {
    uint16_t next;
    uint8_t priority;
};

struct message_queue {
    struct sdk_slot slot;
    struct mico_semaphore filled, free;
    const char *name;
    uint32_t size, capacity, count;
    uint8_t *messages;
    struct place *places; /* beside each message */
    void *memory, *places_memory;
    uint16_t first, first_free;
};

static struct memory_pool memory_pools[16];
static struct message_queue message_queues[16];
static const struct sdk_pool memory_kind = SDK_POOL(memory_pools, SDK_CMSIS_MEMORY_POOL);
static const struct sdk_pool message_kind = SDK_POOL(message_queues, SDK_CMSIS_MESSAGE_QUEUE);

bool cmsis_memory_has(const void *at)
{
    return cmsis_within(at, memory_pools, sizeof memory_pools) ||
           cmsis_within(at, message_queues, sizeof message_queues);
}

static struct memory_pool *pool_of(osMemoryPoolId_t id)
{
    return sdk_find(&memory_kind, id);
}

static struct message_queue *queue_of(osMessageQueueId_t id)
{
    return sdk_find(&message_kind, id);
}

/* count * size bytes: the caller's memory when it gave some, else from the arena. False when there are none. */
static bool find_memory(void *given, uint32_t given_size, uint64_t needed, void **use, void **ours)
{
    *ours = NULL;
    if (given != NULL) {
        *use = given;
        return given_size >= needed && (uintptr_t)given % sizeof(void *) == 0;
    }
    *use = *ours = needed <= SDK_ARENA ? sdk_arena_take((size_t)needed) : NULL;
    return *use != NULL;
}

/* ---- memory pools ---- */

osMemoryPoolId_t osMemoryPoolNew(uint32_t block_count, uint32_t block_size, const osMemoryPoolAttr_t *attr)
{
    const uint32_t unit = sizeof(void *);
    void *memory;
    bool good = block_count > 0 && block_size > 0 && block_count <= SDK_ARENA * 64 && block_size <= SDK_ARENA * 64 &&
                cmsis_may_make(attr != NULL ? attr->attr_bits : 0);
    struct memory_pool *p = good ? sdk_take(&memory_kind) : NULL;
    if (p == NULL) {
        return NULL;
    }
    uint32_t rounded = (block_size + unit - 1) / unit * unit;
    if (!find_memory(attr != NULL ? attr->mp_mem : NULL, attr != NULL ? attr->mp_size : 0,
                     (uint64_t)rounded * block_count, &memory, &p->memory)) {
        sdk_give_back(&p->slot);
        return NULL;
    }
    p->block_size = block_size;
    p->count = block_count;
    p->name = attr != NULL ? attr->name : NULL;
    mico_pool_init(&p->pool, memory, rounded, block_count);
    return sdk_handle(&memory_kind, &p->slot);
}

const char *osMemoryPoolGetName(osMemoryPoolId_t mp_id)
{
    const struct memory_pool *p = pool_of(mp_id);
    return p != NULL ? p->name : NULL;
}

void *osMemoryPoolAlloc(osMemoryPoolId_t mp_id, uint32_t timeout)
{
    void *block = NULL;
    struct memory_pool *p = pool_of(mp_id);
    osStatus_t may = cmsis_may_wait(timeout);
    if (p == NULL || may == osErrorParameter) {
        return NULL;
    }
    return mico_pool_take(&p->pool, &block, may == osOK ? timeout : 0) == MICO_OK ? block : NULL;
}

osStatus_t osMemoryPoolFree(osMemoryPoolId_t mp_id, void *block)
{
    struct memory_pool *p = pool_of(mp_id);
    mico_err err = p != NULL && block != NULL ? mico_pool_give(&p->pool, block) : MICO_ERR_PARAM;
    return err == MICO_OK ? osOK : err == MICO_ERR_PARAM ? osErrorParameter : osErrorResource;
}

uint32_t osMemoryPoolGetCapacity(osMemoryPoolId_t mp_id)
{
    const struct memory_pool *p = pool_of(mp_id);
    return p != NULL ? p->count : 0;
}

uint32_t osMemoryPoolGetBlockSize(osMemoryPoolId_t mp_id)
{
    const struct memory_pool *p = pool_of(mp_id);
    return p != NULL ? p->block_size : 0;
}

uint32_t osMemoryPoolGetSpace(osMemoryPoolId_t mp_id)
{
    const struct memory_pool *p = pool_of(mp_id);
    return p != NULL ? (uint32_t)mico_pool_available(&p->pool) : 0;
}

uint32_t osMemoryPoolGetCount(osMemoryPoolId_t mp_id)
{
    return osMemoryPoolGetCapacity(mp_id) - osMemoryPoolGetSpace(mp_id);
}

osStatus_t osMemoryPoolDelete(osMemoryPoolId_t mp_id)
{
    struct memory_pool *p = pool_of(mp_id);
    if (mico_in_interrupt() || p == NULL) {
        return mico_in_interrupt() ? osErrorISR : osErrorParameter;
    }
    mico_pool_deinit(&p->pool);
    sdk_arena_give_back(p->memory);
    sdk_give_back(&p->slot);
    return osOK;
}

/* ---- message queues ---- */

static void make_empty(struct message_queue *q)
{
    q->count = 0;
    q->first = NONE;
    q->first_free = 0;
    for (uint32_t i = 0; i < q->capacity; i++) {
        q->places[i].next = (uint16_t)(i + 1 < q->capacity ? i + 1 : NONE);
    }
}

osMessageQueueId_t osMessageQueueNew(uint32_t msg_count, uint32_t msg_size, const osMessageQueueAttr_t *attr)
{
    void *messages, *places;
    bool good = msg_count > 0 && msg_size > 0 && msg_count <= MESSAGES_MAX &&
                cmsis_may_make(attr != NULL ? attr->attr_bits : 0);
    struct message_queue *q = good ? sdk_take(&message_kind) : NULL;
    if (q == NULL) {
        return NULL;
    }
    bool found = find_memory(attr != NULL ? attr->mq_mem : NULL, attr != NULL ? attr->mq_size : 0,
                             (uint64_t)msg_size * msg_count, &messages, &q->memory);
    if (!found || !find_memory(NULL, 0, (uint64_t)msg_count * sizeof(struct place), &places, &q->places_memory)) {
        sdk_arena_give_back(q->memory);
        sdk_give_back(&q->slot);
        return NULL;
    }
    q->messages = messages;
    q->places = places;
    q->size = msg_size;
    q->capacity = msg_count;
    q->name = attr != NULL ? attr->name : NULL;
    make_empty(q);
    mico_semaphore_init(&q->filled, 0, msg_count);
    mico_semaphore_init(&q->free, msg_count, msg_count);
    return sdk_handle(&message_kind, &q->slot);
}

const char *osMessageQueueGetName(osMessageQueueId_t mq_id)
{
    const struct message_queue *q = queue_of(mq_id);
    return q != NULL ? q->name : NULL;
}

/* Behind those of its priority and above. A free slot is there: the semaphore said so. */
static void insert(struct message_queue *q, const void *message, uint8_t priority)
{
    uint16_t place = q->first_free, *link = &q->first;
    q->first_free = q->places[place].next;
    memcpy(q->messages + (size_t)place * q->size, message, q->size);
    while (*link != NONE && q->places[*link].priority >= priority) {
        link = &q->places[*link].next;
    }
    q->places[place] = (struct place){.next = *link, .priority = priority};
    *link = place;
    q->count++;
}

static void remove_first(struct message_queue *q, void *message, uint8_t *priority)
{
    uint16_t place = q->first;
    memcpy(message, q->messages + (size_t)place * q->size, q->size);
    if (priority != NULL) {
        *priority = q->places[place].priority;
    }
    q->first = q->places[place].next;
    q->places[place].next = q->first_free;
    q->first_free = place;
    q->count--;
}

osStatus_t osMessageQueuePut(osMessageQueueId_t mq_id, const void *msg_ptr, uint8_t msg_prio, uint32_t timeout)
{
    struct message_queue *q = queue_of(mq_id);
    osStatus_t may = cmsis_may_wait(timeout);
    if (q == NULL || msg_ptr == NULL || may == osErrorParameter) {
        return osErrorParameter;
    }
    uint32_t wait = may == osOK ? timeout : 0;
    mico_err err = mico_semaphore_take(&q->free, wait);
    if (err != MICO_OK) {
        return cmsis_status(err, wait);
    }
    uint32_t irq = mico_irq_save();
    bool there = queue_of(mq_id) == q; /* it may have been deleted since */
    if (there) {
        insert(q, msg_ptr, msg_prio);
        (void)mico_semaphore_give(&q->filled);
    }
    mico_irq_restore(irq);
    return there ? osOK : osErrorResource;
}

osStatus_t osMessageQueueGet(osMessageQueueId_t mq_id, void *msg_ptr, uint8_t *msg_prio, uint32_t timeout)
{
    struct message_queue *q = queue_of(mq_id);
    osStatus_t may = cmsis_may_wait(timeout);
    if (q == NULL || msg_ptr == NULL || may == osErrorParameter) {
        return osErrorParameter;
    }
    uint32_t wait = may == osOK ? timeout : 0;
    mico_err err = mico_semaphore_take(&q->filled, wait);
    if (err != MICO_OK) {
        return cmsis_status(err, wait);
    }
    uint32_t irq = mico_irq_save();
    bool there = queue_of(mq_id) == q && q->count > 0; /* it may have been deleted or emptied since */
    if (there) {
        remove_first(q, msg_ptr, msg_prio);
        (void)mico_semaphore_give(&q->free);
    }
    mico_irq_restore(irq);
    return there ? osOK : osErrorResource;
}

uint32_t osMessageQueueGetCapacity(osMessageQueueId_t mq_id)
{
    const struct message_queue *q = queue_of(mq_id);
    return q != NULL ? q->capacity : 0;
}

uint32_t osMessageQueueGetMsgSize(osMessageQueueId_t mq_id)
{
    const struct message_queue *q = queue_of(mq_id);
    return q != NULL ? q->size : 0;
}

uint32_t osMessageQueueGetCount(osMessageQueueId_t mq_id)
{
    const struct message_queue *q = queue_of(mq_id);
    return q != NULL ? *(const volatile uint32_t *)&q->count : 0;
}

uint32_t osMessageQueueGetSpace(osMessageQueueId_t mq_id)
{
    return osMessageQueueGetCapacity(mq_id) - osMessageQueueGetCount(mq_id);
}

/* Message by message, so that those who wait for room get it in turn. */
osStatus_t osMessageQueueReset(osMessageQueueId_t mq_id)
{
    struct message_queue *q = queue_of(mq_id);
    if (mico_in_interrupt() || q == NULL) {
        return mico_in_interrupt() ? osErrorISR : osErrorParameter;
    }
    uint32_t irq = mico_irq_save();
    while (mico_semaphore_take(&q->filled, 0) == MICO_OK) { /* ends: nobody else runs, and each take lowers it */
        uint16_t place = q->first;
        q->first = q->places[place].next;
        q->places[place].next = q->first_free;
        q->first_free = place;
        q->count--;
        (void)mico_semaphore_give(&q->free);
    }
    mico_irq_restore(irq);
    return osOK;
}

osStatus_t osMessageQueueDelete(osMessageQueueId_t mq_id)
{
    struct message_queue *q = queue_of(mq_id);
    if (mico_in_interrupt() || q == NULL) {
        return mico_in_interrupt() ? osErrorISR : osErrorParameter;
    }
    uint32_t irq = mico_irq_save();
    mico_semaphore_deinit(&q->filled);
    mico_semaphore_deinit(&q->free);
    sdk_arena_give_back(q->memory);
    sdk_arena_give_back(q->places_memory);
    sdk_give_back(&q->slot);
    mico_irq_restore(irq);
    return osOK;
}
