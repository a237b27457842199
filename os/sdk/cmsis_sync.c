/* SPDX-License-Identifier: Apache-2.0 */
/* CMSIS-RTOS2: event flags, mutexes, semaphores and timers. */
#include "os/sdk/cmsis.h"

struct event_flags {
    struct sdk_slot slot;
    struct mico_event event;
    const char *name;
};

struct mutex {
    struct sdk_slot slot;
    struct mico_mutex mutex;
    const char *name;
    bool recursive;
    bool deleted;  /* who gets it now gives it up again */
    uint8_t users; /* threads that wait for it */
};

struct semaphore {
    struct sdk_slot slot;
    struct mico_semaphore semaphore;
    const char *name;
};

struct timer {
    struct sdk_slot slot;
    struct mico_timer timer;
    const char *name;
    osTimerFunc_t function;
    void *arg;
    osTimerType_t type;
};

static struct event_flags all_flags[SDK_POOL_MAX];
static struct mutex mutexes[SDK_POOL_MAX];
static struct semaphore semaphores[SDK_POOL_MAX];
static struct timer timers[SDK_POOL_MAX];
static const struct sdk_pool flags_pool = SDK_POOL(all_flags, SDK_CMSIS_EVENT_FLAGS);
static const struct sdk_pool mutex_pool = SDK_POOL(mutexes, SDK_CMSIS_MUTEX);
static const struct sdk_pool semaphore_pool = SDK_POOL(semaphores, SDK_CMSIS_SEMAPHORE);
static const struct sdk_pool timer_pool = SDK_POOL(timers, SDK_CMSIS_TIMER);

bool cmsis_sync_has(const void *at)
{
    return cmsis_within(at, all_flags, sizeof all_flags) || cmsis_within(at, mutexes, sizeof mutexes) ||
           cmsis_within(at, semaphores, sizeof semaphores);
}

static const char *name_of(const osTimerAttr_t *attr)
{
    return attr != NULL ? attr->name : NULL;
}

static uint32_t bits_of(const osTimerAttr_t *attr)
{
    return attr != NULL ? attr->attr_bits : 0;
}

/* ---- event flags ---- */

uint32_t cmsis_wait_flags(struct mico_event *event, uint32_t flags, uint32_t options, uint32_t timeout)
{
    uint32_t found = 0;
    unsigned how = ((options & osFlagsWaitAll) != 0 ? MICO_EVENT_ALL : 0) |
                   ((options & osFlagsNoClear) != 0 ? MICO_EVENT_KEEP : 0);
    osStatus_t may = cmsis_may_wait(timeout);
    if (flags == 0 || (flags & osFlagsError) != 0 || may == osErrorParameter) {
        return osFlagsErrorParameter;
    }
    mico_err err = mico_event_wait(event, flags, how, &found, may == osOK ? timeout : 0);
    return err == MICO_OK ? found : (uint32_t)cmsis_status(err, may == osOK ? timeout : 0);
}

osEventFlagsId_t osEventFlagsNew(const osEventFlagsAttr_t *attr)
{
    struct event_flags *f = cmsis_may_make(bits_of(attr)) ? sdk_take(&flags_pool) : NULL;
    if (f == NULL) {
        return NULL;
    }
    mico_event_init(&f->event);
    f->name = name_of(attr);
    return sdk_handle(&flags_pool, &f->slot);
}

const char *osEventFlagsGetName(osEventFlagsId_t ef_id)
{
    const struct event_flags *f = sdk_find(&flags_pool, ef_id);
    return f != NULL ? f->name : NULL;
}

uint32_t osEventFlagsSet(osEventFlagsId_t ef_id, uint32_t flags)
{
    struct event_flags *f = sdk_find(&flags_pool, ef_id);
    return f != NULL && (flags & osFlagsError) == 0 ? mico_event_set(&f->event, flags) : osFlagsErrorParameter;
}

uint32_t osEventFlagsClear(osEventFlagsId_t ef_id, uint32_t flags)
{
    struct event_flags *f = sdk_find(&flags_pool, ef_id);
    return f != NULL && (flags & osFlagsError) == 0 ? mico_event_clear(&f->event, flags) : osFlagsErrorParameter;
}

uint32_t osEventFlagsGet(osEventFlagsId_t ef_id)
{
    const struct event_flags *f = sdk_find(&flags_pool, ef_id);
    return f != NULL ? mico_event_get(&f->event) : 0;
}

uint32_t osEventFlagsWait(osEventFlagsId_t ef_id, uint32_t flags, uint32_t options, uint32_t timeout)
{
    struct event_flags *f = sdk_find(&flags_pool, ef_id);
    return f != NULL ? cmsis_wait_flags(&f->event, flags, options, timeout) : osFlagsErrorParameter;
}

osStatus_t osEventFlagsDelete(osEventFlagsId_t ef_id)
{
    struct event_flags *f = sdk_find(&flags_pool, ef_id);
    if (mico_in_interrupt() || f == NULL) {
        return mico_in_interrupt() ? osErrorISR : osErrorParameter;
    }
    mico_event_deinit(&f->event);
    sdk_give_back(&f->slot);
    return osOK;
}

/* ---- mutexes ---- */

osMutexId_t osMutexNew(const osMutexAttr_t *attr)
{
    struct mutex *m = cmsis_may_make(bits_of(attr)) ? sdk_take(&mutex_pool) : NULL;
    if (m == NULL) {
        return NULL;
    }
    mico_mutex_init(&m->mutex);
    m->name = name_of(attr);
    m->recursive = (bits_of(attr) & osMutexRecursive) != 0;
    m->deleted = false;
    m->users = 0;
    return sdk_handle(&mutex_pool, &m->slot);
}

/* NULL for one that is being deleted too. */
static struct mutex *mutex_of(osMutexId_t id)
{
    struct mutex *m = sdk_find(&mutex_pool, id);
    return m != NULL && !m->deleted ? m : NULL;
}

const char *osMutexGetName(osMutexId_t mutex_id)
{
    const struct mutex *m = mutex_of(mutex_id);
    return m != NULL ? m->name : NULL;
}

/* With interrupts masked. */
static void end_when_unused(struct mutex *m)
{
    if (m->deleted && m->users == 0) {
        mico_mutex_deinit(&m->mutex);
        sdk_give_back(&m->slot);
    }
}

static osStatus_t acquire(struct mutex *m, uint32_t timeout)
{
    uint32_t irq = mico_irq_save();
    m->users++;
    mico_irq_restore(irq);
    osStatus_t status = cmsis_status(mico_mutex_lock(&m->mutex, timeout), timeout);
    irq = mico_irq_save();
    m->users--;
    if (m->deleted) {
        if (status == osOK) {
            (void)mico_mutex_unlock(&m->mutex);
        }
        status = osErrorResource;
        end_when_unused(m);
    }
    mico_irq_restore(irq);
    return status;
}

osStatus_t osMutexAcquire(osMutexId_t mutex_id, uint32_t timeout)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    struct mutex *m = mutex_of(mutex_id);
    if (m == NULL) {
        return osErrorParameter;
    }
    if (m->mutex.owner != NULL && m->mutex.owner == mico_thread_self() && !m->recursive) {
        return osErrorResource;
    }
    return acquire(m, cmsis_may_wait(timeout) == osOK ? timeout : 0);
}

osStatus_t osMutexRelease(osMutexId_t mutex_id)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    struct mutex *m = mutex_of(mutex_id);
    return m == NULL ? osErrorParameter : mico_mutex_unlock(&m->mutex) == MICO_OK ? osOK : osErrorResource;
}

osThreadId_t osMutexGetOwner(osMutexId_t mutex_id)
{
    const struct mutex *m = mico_in_interrupt() ? NULL : mutex_of(mutex_id);
    return m != NULL && m->mutex.owner != NULL ? cmsis_id_of(m->mutex.owner) : NULL;
}

osStatus_t osMutexDelete(osMutexId_t mutex_id)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    osStatus_t status = osErrorParameter;
    uint32_t irq = mico_irq_save();
    struct mutex *m = mutex_of(mutex_id);
    if (m != NULL && m->mutex.owner != NULL && m->mutex.owner != mico_thread_self()) {
        status = osErrorResource;
    } else if (m != NULL) {
        m->deleted = true;
        while (m->mutex.owner == mico_thread_self() && mico_mutex_unlock(&m->mutex) == MICO_OK) {
        }
        end_when_unused(m);
        status = osOK;
    }
    mico_irq_restore(irq);
    return status;
}

/* ---- semaphores ---- */

osSemaphoreId_t osSemaphoreNew(uint32_t max_count, uint32_t initial_count, const osSemaphoreAttr_t *attr)
{
    bool good = max_count > 0 && initial_count <= max_count && cmsis_may_make(bits_of(attr));
    struct semaphore *s = good ? sdk_take(&semaphore_pool) : NULL;
    if (s == NULL) {
        return NULL;
    }
    mico_semaphore_init(&s->semaphore, initial_count, max_count);
    s->name = name_of(attr);
    return sdk_handle(&semaphore_pool, &s->slot);
}

const char *osSemaphoreGetName(osSemaphoreId_t semaphore_id)
{
    const struct semaphore *s = sdk_find(&semaphore_pool, semaphore_id);
    return s != NULL ? s->name : NULL;
}

osStatus_t osSemaphoreAcquire(osSemaphoreId_t semaphore_id, uint32_t timeout)
{
    struct semaphore *s = sdk_find(&semaphore_pool, semaphore_id);
    osStatus_t may = cmsis_may_wait(timeout);
    if (s == NULL || may == osErrorParameter) {
        return osErrorParameter;
    }
    uint32_t wait = may == osOK ? timeout : 0;
    return cmsis_status(mico_semaphore_take(&s->semaphore, wait), wait);
}

osStatus_t osSemaphoreRelease(osSemaphoreId_t semaphore_id)
{
    struct semaphore *s = sdk_find(&semaphore_pool, semaphore_id);
    return s == NULL ? osErrorParameter : mico_semaphore_give(&s->semaphore) == MICO_OK ? osOK : osErrorResource;
}

uint32_t osSemaphoreGetCount(osSemaphoreId_t semaphore_id)
{
    const struct semaphore *s = sdk_find(&semaphore_pool, semaphore_id);
    return s != NULL ? *(const volatile uint32_t *)&s->semaphore.count : 0;
}

osStatus_t osSemaphoreDelete(osSemaphoreId_t semaphore_id)
{
    struct semaphore *s = sdk_find(&semaphore_pool, semaphore_id);
    if (mico_in_interrupt() || s == NULL) {
        return mico_in_interrupt() ? osErrorISR : osErrorParameter;
    }
    mico_semaphore_deinit(&s->semaphore);
    sdk_give_back(&s->slot);
    return osOK;
}

/* ---- timers ---- */

osTimerId_t osTimerNew(osTimerFunc_t func, osTimerType_t type, void *argument, const osTimerAttr_t *attr)
{
    bool good = func != NULL && (type == osTimerOnce || type == osTimerPeriodic) && cmsis_may_make(bits_of(attr));
    struct timer *t = good ? sdk_take(&timer_pool) : NULL;
    if (t == NULL) {
        return NULL;
    }
    t->function = func;
    t->arg = argument;
    t->type = type;
    t->name = name_of(attr);
    mico_timer_init(&t->timer, func, argument, 1, type == osTimerPeriodic);
    return sdk_handle(&timer_pool, &t->slot);
}

const char *osTimerGetName(osTimerId_t timer_id)
{
    const struct timer *t = sdk_find(&timer_pool, timer_id);
    return t != NULL ? t->name : NULL;
}

osStatus_t osTimerStart(osTimerId_t timer_id, uint32_t ticks)
{
    struct timer *t = sdk_find(&timer_pool, timer_id);
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    if (t == NULL || ticks == 0) {
        return osErrorParameter;
    }
    uint32_t irq = mico_irq_save();
    mico_timer_stop(&t->timer);
    mico_timer_init(&t->timer, t->function, t->arg, ticks, t->type == osTimerPeriodic);
    mico_timer_start(&t->timer);
    mico_irq_restore(irq);
    return osOK;
}

osStatus_t osTimerStop(osTimerId_t timer_id)
{
    struct timer *t = sdk_find(&timer_pool, timer_id);
    if (mico_in_interrupt() || t == NULL) {
        return mico_in_interrupt() ? osErrorISR : osErrorParameter;
    }
    if (!mico_timer_running(&t->timer)) {
        return osErrorResource;
    }
    mico_timer_stop(&t->timer);
    return osOK;
}

uint32_t osTimerIsRunning(osTimerId_t timer_id)
{
    const struct timer *t = mico_in_interrupt() ? NULL : sdk_find(&timer_pool, timer_id);
    return t != NULL && mico_timer_running(&t->timer) ? 1 : 0;
}

osStatus_t osTimerDelete(osTimerId_t timer_id)
{
    struct timer *t = sdk_find(&timer_pool, timer_id);
    if (mico_in_interrupt() || t == NULL) {
        return mico_in_interrupt() ? osErrorISR : osErrorParameter;
    }
    if (cmsis_may_wait(1) == osOK) {
        mico_timer_cancel(&t->timer);
    } else {
        mico_timer_stop(&t->timer);
    }
    sdk_give_back(&t->slot);
    return osOK;
}
