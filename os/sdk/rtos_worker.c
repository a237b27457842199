/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 worker threads: a queue of functions to call and a thread that calls them. Two are there for everybody
 * and start when a thread first uses them. */
#include "base/log.h"
#include "os/kernel/kernel.h"
#include "os/sdk/mico_rtos.h"

#define SHARED_PRIORITY MICO_NETWORK_WORKER_PRIORITY
#define SHARED_STACK 2048u
#define SHARED_SLOTS 15u

struct job {
    event_handler_t function;
    void *arg;
};

mico_worker_thread_t mico_hardware_io_worker_thread;
mico_worker_thread_t mico_worker_thread;

static struct mico_mutex starting;
static bool starting_ready;

/* The queue's handle is all it needs: it ends when that is void, and in a job its worker may be deleted and gone. */
static void work(mico_thread_arg_t arg)
{
    mico_queue_t queue = (mico_queue_t)(uintptr_t)arg;
    struct job job;
    while (mico_rtos_pop_from_queue(&queue, &job, MICO_WAIT_FOREVER) == kNoErr) {
        (void)job.function(job.arg);
    }
}

OSStatus mico_rtos_create_worker_thread(mico_worker_thread_t *worker_thread, uint8_t priority, uint32_t stack_size,
                                        uint32_t event_queue_size)
{
    if (worker_thread == NULL) {
        return kParamErr;
    }
    memset(worker_thread, 0, sizeof *worker_thread);
    mico_queue_t queue;
    OSStatus err = mico_rtos_init_queue(&queue, "worker", sizeof(struct job), event_queue_size);
    if (err != kNoErr) {
        return err;
    }
    worker_thread->event_queue = queue; /* before the thread starts: it may be of a higher priority */
    err = mico_rtos_create_thread(&worker_thread->thread, priority, "worker", work, stack_size,
                                  (mico_thread_arg_t)(uintptr_t)queue);
    if (err != kNoErr) {
        (void)mico_rtos_deinit_queue(&worker_thread->event_queue);
    }
    return err;
}

OSStatus mico_rtos_delete_worker_thread(mico_worker_thread_t *worker_thread)
{
    if (worker_thread == NULL || worker_thread->thread == NULL) {
        return kNotInitializedErr;
    }
    mico_thread_t thread = worker_thread->thread;
    worker_thread->thread = NULL;
    (void)mico_rtos_deinit_queue(&worker_thread->event_queue);
    return mico_rtos_is_current_thread(&thread) ? kNoErr : mico_rtos_delete_thread(&thread);
}

/* One of the two is started here, once. In an interrupt that is not possible. */
static OSStatus start_shared(mico_worker_thread_t *worker)
{
    if ((worker != &mico_worker_thread && worker != &mico_hardware_io_worker_thread) || mico_in_interrupt() ||
        !mico_kernel_running()) {
        return kNotInitializedErr;
    }
    uint32_t irq = mico_irq_save();
    if (!starting_ready) {
        mico_mutex_init(&starting);
        starting_ready = true;
    }
    mico_irq_restore(irq);
    OSStatus err = kNoErr;
    if (mico_mutex_lock(&starting, MICO_FOREVER) != MICO_OK) {
        return kGeneralErr;
    }
    if (worker->thread == NULL) {
        err = mico_rtos_create_worker_thread(worker, SHARED_PRIORITY, SHARED_STACK, SHARED_SLOTS);
    }
    (void)mico_mutex_unlock(&starting);
    return err;
}

OSStatus mico_rtos_send_asynchronous_event(mico_worker_thread_t *worker_thread, event_handler_t function, void *arg)
{
    struct job job = {function, arg};
    if (worker_thread == NULL || function == NULL) {
        return kParamErr;
    }
    if (worker_thread->thread == NULL) {
        OSStatus err = start_shared(worker_thread);
        if (err != kNoErr) {
            return err;
        }
    }
    return mico_rtos_push_to_queue(&worker_thread->event_queue, &job, MICO_NO_WAIT);
}

static void on_time(void *arg)
{
    mico_timed_event_t *event = arg;
    if (mico_rtos_send_asynchronous_event(event->thread, event->function, event->arg) != kNoErr) {
        MICO_LOG("rtos", "a timed event is lost: its worker's queue is full, or the worker is gone");
    }
}

OSStatus mico_rtos_register_timed_event(mico_timed_event_t *event_object, mico_worker_thread_t *worker_thread,
                                        event_handler_t function, uint32_t time_ms, void *arg)
{
    if (event_object == NULL || worker_thread == NULL || function == NULL) {
        return kParamErr;
    }
    OSStatus err = worker_thread->thread == NULL ? start_shared(worker_thread) : kNoErr;
    if (err != kNoErr) {
        return err;
    }
    event_object->function = function;
    event_object->arg = arg;
    event_object->thread = worker_thread;
    err = mico_rtos_init_timer(&event_object->timer, time_ms, on_time, event_object);
    return err == kNoErr ? mico_rtos_start_timer(&event_object->timer) : err;
}

OSStatus mico_rtos_deregister_timed_event(mico_timed_event_t *event_object)
{
    return event_object != NULL ? mico_rtos_deinit_timer(&event_object->timer) : kParamErr;
}
