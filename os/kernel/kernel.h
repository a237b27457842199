/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel: threads of fixed priority, mutexes, semaphores, queues, events, pools and timers, in storage that the
 * caller owns.
 *
 * Preemptive: the ready thread of the highest priority runs; equals take turns of MICO_SLICE_MS. Priorities count from
 * 0 (highest) to 9 (lowest). While all threads wait nothing ticks. Timeouts are milliseconds of mico_clock_ms: MICO_NO_WAIT, MICO_FOREVER or a number
 * between.
 *
 * Calls marked [interrupt] are allowed in interrupts too (with MICO_NO_WAIT where they take a timeout); all others only
 * in threads. Breaking that, or a rule given as "must", stops the system with a message (mico_kernel_on_misuse).
 *
 * An object's storage must stay while it is in use, and must not be moved or copied. Fields are the kernel's own. An object
 * whose storage is all zero, or that was deinitialised, is not usable until it is initialised: calls that would wait, give,
 * take or change something report misuse, those that only ask say that there is nothing, and deinitialising it again does
 * nothing. Initialising an object that somebody waits for is not noticed. The kernel does not look for NULL or for storage
 * that holds something else; os/sdk has handles with generations, which do. */
#ifndef OS_KERNEL_KERNEL_H
#define OS_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "os/port/context.h"

#define MICO_NO_WAIT 0u
#define MICO_FOREVER 0xFFFFFFFFu

#define MICO_PRIORITY_LOWEST 9u
#define MICO_SLICE_MS 10u /* turn of a thread while others of its priority are ready */

/* One place in a ring of objects; a ring's head is a link too. */
struct mico_link {
    struct mico_link *next;
    struct mico_link *prev;
};

struct mico_mutex;

/* Bytes stand early for short instructions. Last stands what a crash report does not need: a full stack may lie directly above,
 * and the processor may have written a frame below it. */
struct mico_thread {
    struct mico_context context;
    uint8_t base;     /* priority it was given */
    uint8_t priority; /* priority it has now: base, or what waiters of its mutexes lend it */
    uint8_t state;
    int8_t result;         /* of its last wait */
    uint8_t level;         /* of the ready queue, when it is there: its priority, or that of suspended ones */
    uint8_t turn_ms;       /* ticks that it has had of its turn */
    struct mico_link link; /* in the ready queue or in waits_in */
    const char *name;
    void *stack;
    uint32_t stack_size;
    struct mico_link alive;     /* in the list of threads */
    struct mico_link *waits_in; /* ring of waiters, of whatever it waits for */
    struct mico_link alarm;     /* in the list of timeouts; next is NULL when it has none */
    uint64_t alarm_ms;          /* when its wait ends */
    struct mico_link joiners;
    struct mico_mutex *held; /* mutexes that it owns, the newest first */
    void *message;           /* the queue item that it waits to give or take */
};

struct mico_mutex {
    struct mico_thread *owner;
    struct mico_link waiters;
    struct mico_mutex *next_held;
    uint32_t depth;
};

struct mico_semaphore {
    struct mico_link waiters;
    uint32_t count;
    uint32_t max;
};

struct mico_queue {
    struct mico_link takers; /* wait for an item */
    struct mico_link givers; /* wait for room */
    uint32_t item_size;
    uint32_t capacity;
    uint32_t count;
    uint8_t *items;
    uint8_t *end;   /* of the room for items */
    uint8_t *first; /* the oldest item */
    uint8_t *free;  /* where the next one goes */
};

struct mico_event {
    struct mico_link waiters;
    uint32_t flags;
};

struct mico_pool {
    struct mico_link waiters;
    void *first; /* free block; its first word points to the next */
    uint8_t *blocks;
    uint32_t block_size;
    uint32_t bytes; /* of all blocks */
    uint32_t taken;
};

struct mico_timer {
    struct mico_link link;
    uint64_t due_ms;
    void (*callback)(void *arg);
    void *arg;
    uint32_t period_ms;
    bool periodic;
};

/* ---- the kernel as a whole ---- */

/** Start the kernel with main(arg) as a thread of priority 7, on stack (8-byte aligned), beside the threads that were
 * created before. Never returns; when main returns its thread ends and the others go on (mico_board_halt ends a
 * program). Call it once; stack must not be on the caller's own. */
_Noreturn void mico_kernel_start(void (*main)(void *arg), void *arg, void *stack, size_t stack_size);

/** True once mico_kernel_start has been called. [interrupt] */
bool mico_kernel_running(void);

/** How often the processor has come back from rest since the kernel started: while all threads wait there are no ticks, so
 * only interrupts and the ends of waits count. Wraps. [interrupt] */
uint32_t mico_kernel_wakeups(void);

/** Have misuse reported to handler, which must not return (a test may leave by longjmp: nothing is locked or changed).
 * NULL brings back the port's: a message and a stop. */
void mico_kernel_on_misuse(void (*handler)(const char *what));

/** NULL when the ready queue, waiters, owners, timeouts and inherited priorities are what their definitions say, else
 * what is wrong: for tests. thread[0..count) must name every thread that uses a mutex; at most MICO_CHECK_MAX. */
const char *mico_kernel_check(struct mico_thread *const thread[], size_t count);

#define MICO_CHECK_MAX 64u

/* ---- threads ---- */

/** Start entry(arg) as a thread; it ends when entry returns. It may run before this call does return.
 *
 * name            kept by pointer
 * priority        0 to 9; above is taken as 9
 * stack           8-byte aligned, at least MICO_STACK_MIN bytes; free again when the thread has ended
 * thread must not be alive. */
void mico_thread_create(struct mico_thread *thread, const char *name, unsigned priority, void (*entry)(void *arg),
                        void *arg, void *stack, size_t stack_size);

#define MICO_STACK_MIN 256u

/** End thread (NULL: the caller; then it does not return), wherever it is. Mutexes it holds go to their next waiters.
 * What it waited for is as if it had never waited. Ending a thread that has ended does nothing. */
void mico_thread_delete(struct mico_thread *thread);

/** Wait until thread has ended. MICO_ERR_TIMEOUT; a thread must not join itself. */
MICO_MUST_USE mico_err mico_thread_join(struct mico_thread *thread, uint32_t timeout_ms);

/** True when thread has ended: its storage and stack are the caller's again. [interrupt] */
bool mico_thread_ended(const struct mico_thread *thread);

void mico_thread_sleep_ms(uint32_t timeout_ms); /* MICO_FOREVER sleeps until mico_thread_wake */
void mico_thread_yield(void);

/** End the sleep of a thread in mico_thread_sleep_ms; nothing otherwise. [interrupt] */
void mico_thread_wake(struct mico_thread *thread);

/** Do not run thread, the caller or another, until mico_thread_resume, whatever it does now; the others go on. A wait or sleep of it
 * goes on too, in its place and with its timeout, and what ends it counts: a mutex that comes to it is its own from then
 * on. Mutexes it holds stay held, and it inherits what their waiters lend. It can be joined and deleted, and its priority
 * changed. MICO_ERR_STATE (nothing changed) when it is suspended already, has ended, or is the kernel's idle thread, which may
 * be mico_thread_self in an interrupt. [interrupt] */
mico_err mico_thread_suspend(struct mico_thread *thread);

/** Let a suspended thread run again; it comes behind the ready ones of its priority, or waits on. MICO_ERR_STATE when it is
 * not suspended (nothing changed). [interrupt] */
mico_err mico_thread_resume(struct mico_thread *thread);

/** True from mico_thread_suspend to mico_thread_resume or the thread's end. [interrupt] */
bool mico_thread_suspended(const struct mico_thread *thread);

/** End the sleep of thread, or its wait for an object at an address for which may(address in the object) is true, as if the
 * time were over; a suspended thread stays suspended. may is called with interrupts masked. Whoever waits must be ready for
 * MICO_ERR_TIMEOUT, even of MICO_FOREVER. MICO_ERR_STATE when there is no such wait (nothing changed). [interrupt] */
mico_err mico_thread_end_wait(struct mico_thread *thread, bool (*may)(const void *at));

/** The running thread; NULL before the kernel starts. In an interrupt the thread that will run after it. [interrupt] */
struct mico_thread *mico_thread_self(void);

/** True when thread runs, or waits for nothing but its turn; false while it is suspended. [interrupt] */
bool mico_thread_ready(const struct mico_thread *thread);

/** Priority that thread has now, inheritance included. [interrupt] */
unsigned mico_thread_priority(const struct mico_thread *thread);

/** Change the priority that thread was given; what it inherits stays exact. */
void mico_thread_set_priority(struct mico_thread *thread, unsigned priority);

/** Every thread that has not ended, the kernel's own too, the oldest first: the first for NULL, then the one after thread; NULL
 * after the last. A thread may end as soon as interrupts are allowed: to walk, mask them (mico_irq_save) from the call that gives
 * a thread to the last use of it. [interrupt] */
struct mico_thread *mico_thread_next(const struct mico_thread *thread);

/** Bytes of thread's stack that were never touched (posix: threads run on stacks of the host; all but a few bytes). */
size_t mico_thread_stack_unused(const struct mico_thread *thread);

/* ---- mutexes: recursive, with exact and transitive priority inheritance ----
 *
 * Before the kernel starts lock and unlock do nothing, so that code which needs them serves programs without a kernel
 * too. At every moment a thread's priority is the highest of the one it was given and those of all threads that wait,
 * directly or through further mutexes, for one it holds. Unlocking hands a mutex to its first waiter of the highest
 * priority. */

void mico_mutex_init(struct mico_mutex *mutex);

/** MICO_ERR_TIMEOUT; MICO_ERR_STATE when waiting could never end, because the owner waits, directly or through others,
 * for a mutex of the caller (found at once, nothing changed). */
MICO_MUST_USE mico_err mico_mutex_lock(struct mico_mutex *mutex, uint32_t timeout_ms);

/** One unlock for each lock. MICO_ERR_STATE when the caller does not own it (nothing changed). */
mico_err mico_mutex_unlock(struct mico_mutex *mutex);

/** mutex must have no owner. Afterwards it must be initialised before use. */
void mico_mutex_deinit(struct mico_mutex *mutex);

/* ---- semaphores ---- */

/** initial must be at most max, max at least 1. */
void mico_semaphore_init(struct mico_semaphore *semaphore, uint32_t initial, uint32_t max);

/** MICO_ERR_TIMEOUT; MICO_ERR_CLOSED when it was deinitialised meanwhile. [interrupt with MICO_NO_WAIT] */
MICO_MUST_USE mico_err mico_semaphore_take(struct mico_semaphore *semaphore, uint32_t timeout_ms);

/** MICO_ERR_FULL at the maximum. [interrupt] */
mico_err mico_semaphore_give(struct mico_semaphore *semaphore);

/** Waiters return with MICO_ERR_CLOSED. */
void mico_semaphore_deinit(struct mico_semaphore *semaphore);

/* ---- queues of items of one size, copied in and out, first in first out ---- */

/** items is room for capacity * item_size bytes; both at least 1. */
void mico_queue_init(struct mico_queue *queue, void *items, size_t item_size, size_t capacity);

/** MICO_ERR_TIMEOUT (also when full and MICO_NO_WAIT); MICO_ERR_CLOSED. [interrupt with MICO_NO_WAIT] */
MICO_MUST_USE mico_err mico_queue_push(struct mico_queue *queue, const void *item, uint32_t timeout_ms);

/** MICO_ERR_TIMEOUT (item untouched); MICO_ERR_CLOSED. [interrupt with MICO_NO_WAIT] */
MICO_MUST_USE mico_err mico_queue_pop(struct mico_queue *queue, void *item, uint32_t timeout_ms);

/** Items that are in it now. [interrupt] */
size_t mico_queue_count(const struct mico_queue *queue);

/** Waiters return with MICO_ERR_CLOSED. */
void mico_queue_deinit(struct mico_queue *queue);

/* ---- events: 32 flags to wait for ---- */

void mico_event_init(struct mico_event *event);

/* How to wait: for any of the flags, or with MICO_EVENT_ALL for all; they are taken away, or with MICO_EVENT_KEEP left.
 */
#define MICO_EVENT_ANY 0u
#define MICO_EVENT_ALL 1u
#define MICO_EVENT_KEEP 2u

/** found: all flags that were set when the wait ended, before it took any; may be NULL, untouched on error. flags must
 * not be 0. MICO_ERR_TIMEOUT; MICO_ERR_CLOSED. [interrupt with MICO_NO_WAIT] */
MICO_MUST_USE mico_err mico_event_wait(struct mico_event *event, uint32_t flags, unsigned how, uint32_t *found,
                                       uint32_t timeout_ms);

/** Set flags; returns those that are left after waiters, by priority, have taken theirs. [interrupt] */
uint32_t mico_event_set(struct mico_event *event, uint32_t flags);

/** Clear flags; returns all as they were before. [interrupt] */
uint32_t mico_event_clear(struct mico_event *event, uint32_t flags);

/** The flags that are set now. [interrupt] */
uint32_t mico_event_get(const struct mico_event *event);

/** Waiters return with MICO_ERR_CLOSED. */
void mico_event_deinit(struct mico_event *event);

/* ---- pools of memory blocks of one size ---- */

/** blocks is room for count * block_size bytes, aligned as a pointer, and so must block_size be; both at least 1. */
void mico_pool_init(struct mico_pool *pool, void *blocks, size_t block_size, size_t count);

/** *block is the caller's until it is given back. MICO_ERR_TIMEOUT; MICO_ERR_CLOSED; *block is untouched then.
 * [interrupt with MICO_NO_WAIT] */
MICO_MUST_USE mico_err mico_pool_take(struct mico_pool *pool, void **block, uint32_t timeout_ms);

/** block must have been taken and not given since. MICO_ERR_PARAM for what is no block of pool; MICO_ERR_FULL when none
 * is taken (nothing changed in both). [interrupt] */
mico_err mico_pool_give(struct mico_pool *pool, void *block);

/** Blocks that are free now. [interrupt] */
size_t mico_pool_available(const struct mico_pool *pool);

/** Waiters return with MICO_ERR_CLOSED. Blocks that are still taken stay the caller's. */
void mico_pool_deinit(struct mico_pool *pool);

/* ---- timers: callbacks run one after another in a thread of priority MICO_TIMER_PRIORITY ----
 *
 * A callback may start and stop any timer, its own too, and must not wait for long: others wait behind it. */

#define MICO_TIMER_PRIORITY 2u

/** timer must not be running. period_ms at least 1. Not in interrupts; the first call creates the timer thread. */
void mico_timer_init(struct mico_timer *timer, void (*callback)(void *arg), void *arg, uint32_t period_ms,
                     bool periodic);

/** Call callback period_ms from now, and if periodic every period_ms after that, without drift; periods that were
 * missed altogether are skipped. Starts anew when it runs. [interrupt] */
void mico_timer_start(struct mico_timer *timer);

/** After it returns callback will not begin (one that has begun in the timer thread may still be going on: see
 * mico_timer_cancel). [interrupt] */
void mico_timer_stop(struct mico_timer *timer);

/** Stop and wait until a callback of timer that has begun is over, so that its storage can go. In a timer's callback it
 * does not wait. */
void mico_timer_cancel(struct mico_timer *timer);

/** True from start to stop, for a one-shot until its callback begins. [interrupt] */
bool mico_timer_running(const struct mico_timer *timer);

#endif
