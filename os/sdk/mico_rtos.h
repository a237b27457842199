/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: threads, semaphores, mutexes, queues, timers.
 *
 * Calls return kNoErr or, unless they say otherwise, kGeneralErr. Timeouts are milliseconds. mico_rtos_set_semaphore,
 * mico_rtos_set_event_flags, mico_rtos_push_to_queue with MICO_NO_WAIT, and starting or stopping a timer are allowed in interrupts. */
#ifndef OS_SDK_MICO_RTOS_H
#define OS_SDK_MICO_RTOS_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MICO_NEVER_TIMEOUT 0xFFFFFFFFu
#define MICO_WAIT_FOREVER 0xFFFFFFFFu
#define MICO_NO_WAIT 0u

/* 0 is the highest, 9 the lowest; above is taken as 9. */
#define MICO_RTOS_HIGEST_PRIORITY 0
#define MICO_NETWORK_WORKER_PRIORITY 3
#define MICO_DEFAULT_WORKER_PRIORITY 5
#define MICO_DEFAULT_LIBRARY_PRIORITY 5
#define MICO_APPLICATION_PRIORITY 7

typedef void *mico_thread_t;
typedef void *mico_semaphore_t;
typedef void *mico_mutex_t;
typedef void *mico_queue_t;
typedef void *mico_event_t;
typedef void *mico_event_flags_t;

typedef enum {
    WAIT_FOR_ANY_EVENT,
    WAIT_FOR_ALL_EVENTS,
} mico_event_flags_wait_option_t;

typedef void (*timer_handler_t)(void *arg);

typedef struct {
    void *handle;
    timer_handler_t function;
    void *arg;
} mico_timer_t;

/* Holds a pointer; on 32 bits the very type that applications write in their threads' prototypes. */
#if UINTPTR_MAX == UINT32_MAX
typedef uint32_t mico_thread_arg_t;
#else
typedef uintptr_t mico_thread_arg_t;
#endif
typedef void (*mico_thread_function_t)(mico_thread_arg_t arg);

/* ---- threads ---- */

/** Start function(arg) with stack_size bytes of stack. thread and name may be NULL; name is kept by pointer.
 * kNoResourcesErr, kNoMemoryErr when the pools are used up. */
OSStatus mico_rtos_create_thread(mico_thread_t *thread, uint8_t priority, const char *name,
                                 mico_thread_function_t function, uint32_t stack_size, mico_thread_arg_t arg);
/** End *thread; NULL ends the caller and does not return. One that has ended already is no error. */
OSStatus mico_rtos_delete_thread(mico_thread_t *thread);
/** Wait until *thread has ended. */
OSStatus mico_rtos_thread_join(mico_thread_t *thread);
/** End the sleep of *thread, and its suspension. */
OSStatus mico_rtos_thread_force_awake(mico_thread_t *thread);
/** *thread (NULL: the caller) does not run until it is resumed. What it waits for it goes on waiting for, and what it holds it
 * keeps. Suspending it again does nothing. */
void mico_rtos_suspend_thread(mico_thread_t *thread);
/** Let *thread run again; one that is not suspended goes on as it does. */
void mico_rtos_resume_thread(mico_thread_t *thread);
bool mico_rtos_is_current_thread(mico_thread_t *thread);
/** Where the caller's handle lies, until it ends; NULL for a thread that SDK v3 did not make. */
mico_thread_t *mico_rtos_get_current_thread(void);
/** A line of text for each thread: name, priority, state, stack size and how much of it was never used. kSizeErr: cut. */
OSStatus mico_rtos_print_thread_status(char *buffer, int length);
void mico_rtos_thread_yield(void);
void mico_rtos_thread_sleep(uint32_t seconds); /* MICO_NEVER_TIMEOUT sleeps for ever */
void mico_rtos_thread_msleep(uint32_t milliseconds);
void mico_thread_sleep(uint32_t seconds);
void mico_thread_msleep(uint32_t milliseconds);
OSStatus mico_rtos_delay_milliseconds(uint32_t num_ms);

/** Mask interrupts, and allow them again. Pairs nest. */
void mico_rtos_enter_critical(void);
void mico_rtos_exit_critical(void);
/** The same; kGeneralErr: nothing was suspended. */
void mico_rtos_suspend_all_thread(void);
long mico_rtos_resume_all_thread(void);

/** Milliseconds since the start; wraps after 49 days. */
uint32_t mico_rtos_get_time(void);

/* ---- semaphores: count is the maximum, the first value is 0 ---- */

OSStatus mico_rtos_init_semaphore(mico_semaphore_t *semaphore, int count);
/** kGeneralErr at the maximum. */
OSStatus mico_rtos_set_semaphore(mico_semaphore_t *semaphore);
/** kTimeoutErr. */
OSStatus mico_rtos_get_semaphore(mico_semaphore_t *semaphore, uint32_t timeout_ms);
OSStatus mico_rtos_deinit_semaphore(mico_semaphore_t *semaphore);

/* ---- mutexes: may be locked again by their owner ---- */

OSStatus mico_rtos_init_mutex(mico_mutex_t *mutex);
/** kGeneralErr instead of a deadlock, too. */
OSStatus mico_rtos_lock_mutex(mico_mutex_t *mutex);
OSStatus mico_rtos_unlock_mutex(mico_mutex_t *mutex);
/** kGeneralErr while it is locked. */
OSStatus mico_rtos_deinit_mutex(mico_mutex_t *mutex);

/* ---- queues: messages are copied; a timeout gives kGeneralErr ---- */

OSStatus mico_rtos_init_queue(mico_queue_t *queue, const char *name, uint32_t message_size,
                              uint32_t number_of_messages);
OSStatus mico_rtos_push_to_queue(mico_queue_t *queue, void *message, uint32_t timeout_ms);
OSStatus mico_rtos_pop_from_queue(mico_queue_t *queue, void *message, uint32_t timeout_ms);
OSStatus mico_rtos_deinit_queue(mico_queue_t *queue);
bool mico_rtos_is_queue_empty(mico_queue_t *queue);
bool mico_rtos_is_queue_full(mico_queue_t *queue);

/* ---- event flags: 32 in one ---- */

OSStatus mico_rtos_init_event_flags(mico_event_flags_t *event_flags);
/** Wait for any or all of flags_to_wait_for. flags_set (may be NULL) is what was set then, untouched on error; with clear_set_flags those
 * waited for are cleared. kTimeoutErr. */
OSStatus mico_rtos_wait_for_event_flags(mico_event_flags_t *event_flags, uint32_t flags_to_wait_for,
                                        uint32_t *flags_set, mico_bool_t clear_set_flags,
                                        mico_event_flags_wait_option_t wait_option, uint32_t timeout_ms);
OSStatus mico_rtos_set_event_flags(mico_event_flags_t *event_flags, uint32_t flags_to_set);
/** Waiters get kGeneralErr. */
OSStatus mico_rtos_deinit_event_flags(mico_event_flags_t *event_flags);

/* ---- timers: periodic; function runs in the timer thread and may stop and deinit its own timer ---- */

OSStatus mico_rtos_init_timer(mico_timer_t *timer, uint32_t time_ms, timer_handler_t function, void *arg);
OSStatus mico_rtos_start_timer(mico_timer_t *timer);
OSStatus mico_rtos_stop_timer(mico_timer_t *timer);
OSStatus mico_rtos_reload_timer(mico_timer_t *timer); /* begin the period anew */
OSStatus mico_rtos_deinit_timer(mico_timer_t *timer);
bool mico_rtos_is_timer_running(mico_timer_t *timer);

OSStatus mico_init_timer(mico_timer_t *timer, uint32_t time_ms, timer_handler_t function, void *arg);
OSStatus mico_start_timer(mico_timer_t *timer);
OSStatus mico_stop_timer(mico_timer_t *timer);
OSStatus mico_reload_timer(mico_timer_t *timer);
OSStatus mico_deinit_timer(mico_timer_t *timer);
bool mico_is_timer_running(mico_timer_t *timer);

/* ---- worker threads: call functions one after another ---- */

typedef OSStatus (*event_handler_t)(void *arg);

typedef struct {
    mico_thread_t thread;
    mico_queue_t event_queue;
} mico_worker_thread_t;

typedef struct {
    event_handler_t function;
    void *arg;
    mico_timer_t timer;
    mico_worker_thread_t *thread;
} mico_timed_event_t;

/* For everybody: priority 3, 2 KiB of stack, 15 functions may wait. They start when a thread first uses them; in an
 * interrupt before that kNotInitializedErr. */
extern mico_worker_thread_t mico_hardware_io_worker_thread;
extern mico_worker_thread_t mico_worker_thread;
#define MICO_HARDWARE_IO_WORKER_THREAD (&mico_hardware_io_worker_thread)
#define MICO_NETWORKING_WORKER_THREAD (&mico_worker_thread)
#define MICO_WORKER_THREAD (&mico_worker_thread)

/** kNoResourcesErr, kNoMemoryErr, kParamErr. */
OSStatus mico_rtos_create_worker_thread(mico_worker_thread_t *worker_thread, uint8_t priority, uint32_t stack_size,
                                        uint32_t event_queue_size);
/** Functions that wait are not called any more. Deregister its timed events first. In one of its own functions: it ends
 * when that returns. */
OSStatus mico_rtos_delete_worker_thread(mico_worker_thread_t *worker_thread);
/** Have the worker call function(arg) once. kGeneralErr when its queue is full. [interrupt] */
OSStatus mico_rtos_send_asynchronous_event(mico_worker_thread_t *worker_thread, event_handler_t function, void *arg);
/** Have the worker call function(arg) every time_ms. A time at which its queue is full is logged and left out. */
OSStatus mico_rtos_register_timed_event(mico_timed_event_t *event_object, mico_worker_thread_t *worker_thread,
                                        event_handler_t function, uint32_t time_ms, void *arg);
/** A call that stands in the worker's queue already is still made. */
OSStatus mico_rtos_deregister_timed_event(mico_timed_event_t *event_object);

#ifdef __cplusplus
}
#endif

#endif
