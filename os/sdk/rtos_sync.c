/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 semaphores, mutexes and queues over the kernel's. */
#include "os/kernel/kernel.h"
#include "os/sdk/descriptor.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/pool.h"

struct sdk_semaphore {
    struct sdk_slot slot;
    struct mico_semaphore semaphore;
};

struct sdk_mutex {
    struct sdk_slot slot;
    struct mico_mutex mutex;
};

struct sdk_queue {
    struct sdk_slot slot;
    struct mico_queue queue;
    void *items;
};

static struct sdk_semaphore semaphores[SDK_SEMAPHORES];
static struct sdk_mutex mutexes[SDK_MUTEXES];
static struct sdk_queue queues[SDK_QUEUES];
static const struct sdk_pool semaphore_pool = SDK_POOL(semaphores, SDK_SEMAPHORE);
static const struct sdk_pool mutex_pool = SDK_POOL(mutexes, SDK_MUTEX);
static const struct sdk_pool queue_pool = SDK_POOL(queues, SDK_QUEUE);

static OSStatus status_of(mico_err err)
{
    return err == MICO_OK ? kNoErr : kGeneralErr;
}

/* Interrupts must not wait. */
static bool may_wait(uint32_t timeout_ms)
{
    return timeout_ms == MICO_NO_WAIT || !mico_in_interrupt();
}

bool sdk_event_readable(void *handle, bool *valid)
{
    const struct sdk_semaphore *s = sdk_find(&semaphore_pool, handle);
    const struct sdk_queue *q = sdk_find(&queue_pool, handle);
    *valid = s != NULL || q != NULL;
    if (s != NULL) {
        return *(const volatile uint32_t *)&s->semaphore.count > 0;
    }
    return q != NULL && mico_queue_count(&q->queue) > 0;
}

OSStatus mico_rtos_init_semaphore(mico_semaphore_t *semaphore, int count)
{
    if (semaphore == NULL || count <= 0) {
        return kGeneralErr;
    }
    struct sdk_semaphore *s = sdk_take(&semaphore_pool);
    if (s == NULL) {
        return kNoResourcesErr;
    }
    mico_semaphore_init(&s->semaphore, 0, (uint32_t)count);
    *semaphore = sdk_handle(&semaphore_pool, &s->slot);
    return kNoErr;
}

OSStatus mico_rtos_set_semaphore(mico_semaphore_t *semaphore)
{
    struct sdk_semaphore *s = sdk_find_at(&semaphore_pool, semaphore);
    if (s == NULL || mico_semaphore_give(&s->semaphore) != MICO_OK) {
        return kGeneralErr;
    }
    sdk_wake_selectors();
    return kNoErr;
}

OSStatus mico_rtos_get_semaphore(mico_semaphore_t *semaphore, uint32_t timeout_ms)
{
    struct sdk_semaphore *s = sdk_find_at(&semaphore_pool, semaphore);
    if (s == NULL || !may_wait(timeout_ms)) {
        return kGeneralErr;
    }
    mico_err err = mico_semaphore_take(&s->semaphore, timeout_ms);
    return err == MICO_ERR_TIMEOUT ? kTimeoutErr : status_of(err);
}

/* In one piece: who is released by it must find the handle void, and not wait for it again. */
OSStatus mico_rtos_deinit_semaphore(mico_semaphore_t *semaphore)
{
    uint32_t irq = mico_irq_save();
    struct sdk_semaphore *s = may_wait(MICO_FOREVER) ? sdk_find_at(&semaphore_pool, semaphore) : NULL;
    if (s != NULL) {
        mico_semaphore_deinit(&s->semaphore);
        sdk_give_back(&s->slot);
        *semaphore = NULL;
        sdk_wake_selectors(); /* who waits for it learns that it is gone */
    }
    mico_irq_restore(irq);
    return s != NULL ? kNoErr : kGeneralErr;
}

OSStatus mico_rtos_init_mutex(mico_mutex_t *mutex)
{
    struct sdk_mutex *m = mutex != NULL ? sdk_take(&mutex_pool) : NULL;
    if (mutex == NULL) {
        return kGeneralErr;
    }
    if (m == NULL) {
        return kNoResourcesErr;
    }
    mico_mutex_init(&m->mutex);
    *mutex = sdk_handle(&mutex_pool, &m->slot);
    return kNoErr;
}

OSStatus mico_rtos_lock_mutex(mico_mutex_t *mutex)
{
    struct sdk_mutex *m = sdk_find_at(&mutex_pool, mutex);
    return m != NULL && may_wait(MICO_FOREVER) ? status_of(mico_mutex_lock(&m->mutex, MICO_FOREVER)) : kGeneralErr;
}

OSStatus mico_rtos_unlock_mutex(mico_mutex_t *mutex)
{
    struct sdk_mutex *m = sdk_find_at(&mutex_pool, mutex);
    return m != NULL && may_wait(MICO_FOREVER) ? status_of(mico_mutex_unlock(&m->mutex)) : kGeneralErr;
}

OSStatus mico_rtos_deinit_mutex(mico_mutex_t *mutex)
{
    OSStatus status = kGeneralErr;
    uint32_t irq = mico_irq_save();
    struct sdk_mutex *m = sdk_find_at(&mutex_pool, mutex);
    if (m != NULL && m->mutex.owner == NULL) {
        mico_mutex_deinit(&m->mutex);
        sdk_give_back(&m->slot);
        *mutex = NULL;
        status = kNoErr;
    }
    mico_irq_restore(irq);
    return status;
}

OSStatus mico_rtos_init_queue(mico_queue_t *queue, const char *name, uint32_t message_size, uint32_t number_of_messages)
{
    if (queue == NULL || message_size == 0 || number_of_messages == 0 || message_size > SDK_ARENA ||
        number_of_messages > SDK_ARENA) {
        return kGeneralErr;
    }
    struct sdk_queue *q = sdk_take(&queue_pool);
    if (q == NULL) {
        return kNoResourcesErr;
    }
    uint64_t size = (uint64_t)message_size * number_of_messages;
    q->items = size <= SDK_ARENA ? sdk_arena_take((size_t)size) : NULL;
    if (q->items == NULL) {
        sdk_give_back(&q->slot);
        return kNoMemoryErr;
    }
    mico_queue_init(&q->queue, q->items, message_size, number_of_messages);
    *queue = sdk_handle(&queue_pool, &q->slot);
    return kNoErr;
}

OSStatus mico_rtos_push_to_queue(mico_queue_t *queue, void *message, uint32_t timeout_ms)
{
    struct sdk_queue *q = sdk_find_at(&queue_pool, queue);
    if (q == NULL || message == NULL || !may_wait(timeout_ms) ||
        mico_queue_push(&q->queue, message, timeout_ms) != MICO_OK) {
        return kGeneralErr;
    }
    sdk_wake_selectors();
    return kNoErr;
}

OSStatus mico_rtos_pop_from_queue(mico_queue_t *queue, void *message, uint32_t timeout_ms)
{
    struct sdk_queue *q = sdk_find_at(&queue_pool, queue);
    if (q == NULL || message == NULL || !may_wait(timeout_ms)) {
        return kGeneralErr;
    }
    return status_of(mico_queue_pop(&q->queue, message, timeout_ms));
}

/* In one piece, as a semaphore. */
OSStatus mico_rtos_deinit_queue(mico_queue_t *queue)
{
    uint32_t irq = mico_irq_save();
    struct sdk_queue *q = may_wait(MICO_FOREVER) ? sdk_find_at(&queue_pool, queue) : NULL;
    if (q != NULL) {
        mico_queue_deinit(&q->queue);
        sdk_arena_give_back(q->items);
        sdk_give_back(&q->slot);
        *queue = NULL;
        sdk_wake_selectors();
    }
    mico_irq_restore(irq);
    return q != NULL ? kNoErr : kGeneralErr;
}

bool mico_rtos_is_queue_empty(mico_queue_t *queue)
{
    const struct sdk_queue *q = sdk_find_at(&queue_pool, queue);
    return q != NULL && mico_queue_count(&q->queue) == 0;
}

bool mico_rtos_is_queue_full(mico_queue_t *queue)
{
    const struct sdk_queue *q = sdk_find_at(&queue_pool, queue);
    return q != NULL && mico_queue_count(&q->queue) == q->queue.capacity;
}
