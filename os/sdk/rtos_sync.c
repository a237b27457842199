/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 semaphores, mutexes and queues over the kernel's. */
#include "os/kernel/kernel.h"
#include "os/sdk/event_fd.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/pool.h"

struct sdk_semaphore {
    struct sdk_slot slot;
    struct mico_semaphore semaphore;
    uint8_t fds; /* its event descriptors */
};

struct sdk_mutex {
    struct sdk_slot slot;
    struct mico_mutex mutex;
};

struct sdk_queue {
    struct sdk_slot slot;
    struct mico_queue queue;
    void *items;
    uint8_t fds;
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

/* The same for what makes an object readable, or ends it. */
static OSStatus tell(mico_err err, uint8_t fds)
{
    if (fds > 0) {
        sdk_event_changed();
    }
    return status_of(err);
}

bool sdk_watch(void *handle, bool more)
{
    struct sdk_semaphore *s = sdk_find(&semaphore_pool, handle);
    struct sdk_queue *q = sdk_find(&queue_pool, handle);
    uint8_t *fds = s != NULL ? &s->fds : q != NULL ? &q->fds : NULL;
    if (fds != NULL) {
        *fds = (uint8_t)(more ? *fds + 1 : *fds - 1);
    }
    return fds != NULL;
}

int sdk_readable(void *handle)
{
    const struct sdk_semaphore *s = sdk_find(&semaphore_pool, handle);
    const struct sdk_queue *q = sdk_find(&queue_pool, handle);
    if (s != NULL) {
        return *(const volatile uint32_t *)&s->semaphore.count > 0;
    }
    return q != NULL ? mico_queue_count(&q->queue) > 0 : -1;
}

OSStatus mico_rtos_init_semaphore(mico_semaphore_t *semaphore, int count)
{
    if (count <= 0) {
        return kGeneralErr;
    }
    struct sdk_semaphore *s = sdk_take(&semaphore_pool);
    if (s == NULL) {
        return kNoResourcesErr;
    }
    mico_semaphore_init(&s->semaphore, 0, (uint32_t)count);
    s->fds = 0;
    *semaphore = sdk_handle(&semaphore_pool, &s->slot);
    return kNoErr;
}

OSStatus mico_rtos_set_semaphore(mico_semaphore_t *semaphore)
{
    struct sdk_semaphore *s = sdk_find(&semaphore_pool, *semaphore);
    return s != NULL ? tell(mico_semaphore_give(&s->semaphore), s->fds) : kGeneralErr;
}

OSStatus mico_rtos_get_semaphore(mico_semaphore_t *semaphore, uint32_t timeout_ms)
{
    struct sdk_semaphore *s = sdk_find(&semaphore_pool, *semaphore);
    if (s == NULL) {
        return kGeneralErr;
    }
    mico_err err = mico_semaphore_take(&s->semaphore, timeout_ms);
    return err == MICO_ERR_TIMEOUT ? kTimeoutErr : status_of(err);
}

OSStatus mico_rtos_deinit_semaphore(mico_semaphore_t *semaphore)
{
    struct sdk_semaphore *s = sdk_find(&semaphore_pool, *semaphore);
    if (s == NULL) {
        return kGeneralErr;
    }
    uint8_t fds = s->fds;
    mico_semaphore_deinit(&s->semaphore);
    sdk_give_back(&s->slot);
    *semaphore = NULL;
    return tell(MICO_OK, fds);
}

OSStatus mico_rtos_init_mutex(mico_mutex_t *mutex)
{
    struct sdk_mutex *m = sdk_take(&mutex_pool);
    if (m == NULL) {
        return kNoResourcesErr;
    }
    mico_mutex_init(&m->mutex);
    *mutex = sdk_handle(&mutex_pool, &m->slot);
    return kNoErr;
}

OSStatus mico_rtos_lock_mutex(mico_mutex_t *mutex)
{
    struct sdk_mutex *m = sdk_find(&mutex_pool, *mutex);
    return m != NULL ? status_of(mico_mutex_lock(&m->mutex, MICO_FOREVER)) : kGeneralErr;
}

OSStatus mico_rtos_unlock_mutex(mico_mutex_t *mutex)
{
    struct sdk_mutex *m = sdk_find(&mutex_pool, *mutex);
    return m != NULL ? status_of(mico_mutex_unlock(&m->mutex)) : kGeneralErr;
}

OSStatus mico_rtos_deinit_mutex(mico_mutex_t *mutex)
{
    OSStatus status = kGeneralErr;
    uint32_t irq = mico_irq_save();
    struct sdk_mutex *m = sdk_find(&mutex_pool, *mutex);
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
    if (message_size == 0 || number_of_messages == 0 || message_size > SDK_ARENA || number_of_messages > SDK_ARENA) {
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
    q->fds = 0;
    *queue = sdk_handle(&queue_pool, &q->slot);
    return kNoErr;
}

OSStatus mico_rtos_push_to_queue(mico_queue_t *queue, void *message, uint32_t timeout_ms)
{
    struct sdk_queue *q = sdk_find(&queue_pool, *queue);
    return q != NULL ? tell(mico_queue_push(&q->queue, message, timeout_ms), q->fds) : kGeneralErr;
}

OSStatus mico_rtos_pop_from_queue(mico_queue_t *queue, void *message, uint32_t timeout_ms)
{
    struct sdk_queue *q = sdk_find(&queue_pool, *queue);
    return q != NULL ? status_of(mico_queue_pop(&q->queue, message, timeout_ms)) : kGeneralErr;
}

OSStatus mico_rtos_deinit_queue(mico_queue_t *queue)
{
    struct sdk_queue *q = sdk_find(&queue_pool, *queue);
    if (q == NULL) {
        return kGeneralErr;
    }
    uint8_t fds = q->fds;
    mico_queue_deinit(&q->queue);
    sdk_arena_give_back(q->items);
    sdk_give_back(&q->slot);
    *queue = NULL;
    return tell(MICO_OK, fds);
}

bool mico_rtos_is_queue_empty(mico_queue_t *queue)
{
    const struct sdk_queue *q = sdk_find(&queue_pool, *queue);
    return q != NULL && mico_queue_count(&q->queue) == 0;
}

bool mico_rtos_is_queue_full(mico_queue_t *queue)
{
    const struct sdk_queue *q = sdk_find(&queue_pool, *queue);
    return q != NULL && mico_queue_count(&q->queue) == q->queue.capacity;
}
