/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded random sequences of MiCO SDK v3's calls by many threads and by interrupts, on handles that may be live, void or
 * of another kind. Whatever comes: only documented results, mutexes exclude, the kernel's invariants hold,
 * and in the end everything can be given back. A failing seed replays: os_sdk_random_test SEED [OPERATIONS]. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/sdk/pool.h"
#include "os/sdk/tasks.h"

#define WORKERS 8u
#define HANDLES 6u /* of each kind */
#define STACK 2048u
#define HELD_MAX 3u
#define LETTER_MAX 70000u /* bytes; more than the arena */

enum kind { SEMAPHORES, MUTEXES, QUEUES, KINDS };

/* What a worker holds: mutexes by the handle that it locked. */
struct worker {
    mico_thread_t thread;
    mico_mutex_t held[HELD_MAX];
    unsigned count;
};

static uint32_t seed = 1, operations = 300000, done_operations;
static void *handles[KINDS][HANDLES]; /* live, void, or never made */
static mico_timer_t timers[HANDLES];
static struct worker workers[WORKERS];
static struct mico_thread *main_thread;
static uint32_t results[4]; /* kNoErr, kTimeoutErr, kGeneralErr, used up: all of them must have come */

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13; /* xorshift32 */
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static void fail_with(const char *what)
{
    fail_msg("operation %u: %s", (unsigned)done_operations, what);
}

/* An SDK call's result, which must be one of those that it may have. */
static OSStatus note(OSStatus status)
{
    switch (status) {
    case kNoErr:
        results[0]++;
        return status;
    case kTimeoutErr:
        results[1]++;
        return status;
    case kGeneralErr:
        results[2]++;
        return status;
    case kNoResourcesErr:
    case kNoMemoryErr:
        results[3]++;
        return status;
    default:
        fail_with("a result that is not documented");
        return status;
    }
}

/* A place for a handle, mostly of the kind that is wanted. */
static void **place(enum kind wanted)
{
    enum kind kind = draw(20) == 0 ? (enum kind)draw(KINDS) : wanted;
    return &handles[kind][draw(HANDLES)];
}

static bool somebody_holds(mico_mutex_t mutex, const struct worker *but)
{
    for (unsigned i = 0; i < WORKERS; i++) {
        for (unsigned k = 0; &workers[i] != but && k < workers[i].count; k++) {
            if (workers[i].held[k] == mutex) {
                return true;
            }
        }
    }
    return false;
}

static void lock_one(struct worker *worker)
{
    mico_mutex_t mutex = *place(MUTEXES);
    if (worker->count < HELD_MAX && note(mico_rtos_lock_mutex(&mutex)) == kNoErr) {
        if (somebody_holds(mutex, worker)) {
            fail_with("two threads hold one mutex");
        }
        worker->held[worker->count++] = mutex;
    }
}

static void unlock_one(struct worker *worker)
{
    if (worker->count == 0) {
        mico_mutex_t mutex = *place(MUTEXES);
        (void)note(mico_rtos_unlock_mutex(&mutex));
        return;
    }
    mico_mutex_t mutex = worker->held[--worker->count];
    if (note(mico_rtos_unlock_mutex(&mutex)) != kNoErr) {
        fail_with("a mutex that was locked cannot be unlocked");
    }
}

/* Gives an old one back, and makes a new one in its place; a mutex that is locked stays. */
static void make_one(void)
{
    static bool made[HANDLES];
    unsigned i = draw(HANDLES);
    void *old;
    uint32_t irq = mico_irq_save(); /* nobody else makes one in this place meanwhile */
    switch (draw(3)) {
    case 0:
        old = handles[SEMAPHORES][i];
        (void)note(mico_rtos_deinit_semaphore(&old));
        (void)note(mico_rtos_init_semaphore(&handles[SEMAPHORES][i], (int)draw(4)));
        break;
    case 1:
        old = handles[MUTEXES][i];
        if (note(mico_rtos_deinit_mutex(&old)) == kNoErr || !made[i]) {
            made[i] = note(mico_rtos_init_mutex(&handles[MUTEXES][i])) == kNoErr;
        }
        break;
    default:
        old = handles[QUEUES][i];
        (void)note(mico_rtos_deinit_queue(&old));
        (void)note(mico_rtos_init_queue(&handles[QUEUES][i], "q", draw(20) == 0 ? draw(LETTER_MAX) : 8, draw(5)));
        break;
    }
    mico_irq_restore(irq);
}

/* A queue takes what its messages have. */
static uint8_t letter[LETTER_MAX];

static void push_one(uint32_t timeout_ms)
{
    mico_queue_t queue = *place(QUEUES);
    (void)note(mico_rtos_push_to_queue(&queue, letter, timeout_ms));
}

static void pop_one(uint32_t timeout_ms)
{
    mico_queue_t queue = *place(QUEUES);
    (void)note(mico_rtos_pop_from_queue(&queue, letter, timeout_ms));
    (void)mico_rtos_is_queue_empty(&queue);
    (void)mico_rtos_is_queue_full(&queue);
}

static void on_time(void *arg)
{
    mico_semaphore_t semaphore = *place(SEMAPHORES);
    (void)note(mico_rtos_set_semaphore(&semaphore));
}

static void timer_one(void)
{
    mico_timer_t *timer = &timers[draw(HANDLES)];
    switch (draw(6)) {
    case 0:
        if (!mico_rtos_is_timer_running(timer)) {
            mico_timer_t old = *timer;
            (void)note(mico_rtos_deinit_timer(&old));
            (void)note(mico_rtos_init_timer(timer, draw(10), on_time, NULL));
        }
        break;
    case 1:
    case 2:
        (void)note(mico_rtos_start_timer(timer));
        break;
    case 3:
        (void)note(mico_rtos_reload_timer(timer));
        break;
    default:
        (void)note(mico_rtos_stop_timer(timer));
        break;
    }
}

/* Also in interrupts, where waiting is refused. */
static void one_without_waiting(void *arg)
{
    mico_semaphore_t semaphore = *place(SEMAPHORES);
    switch (draw(5)) {
    case 0:
        (void)note(mico_rtos_set_semaphore(&semaphore));
        break;
    case 1:
        (void)note(mico_rtos_get_semaphore(&semaphore, draw(2)));
        break;
    case 2:
        push_one(draw(2));
        break;
    case 3:
        pop_one(draw(2));
        break;
    default:
        timer_one();
        break;
    }
}

static void event_fd_one(void)
{
    struct timeval soon = {0, (long)draw(3000)};
    fd_set reads;
    int fd = mico_create_event_fd(*place(draw(2) == 0 ? SEMAPHORES : QUEUES));
    if (fd < 0) {
        return;
    }
    FD_ZERO(&reads);
    FD_SET(fd, &reads);
    (void)select(fd + 1, &reads, NULL, NULL, &soon);
    if (mico_delete_event_fd(fd) != 0) {
        fail_with("an event descriptor cannot be closed");
    }
}

static void one(struct worker *worker)
{
    mico_semaphore_t semaphore = *place(SEMAPHORES);
    switch (draw(12)) {
    case 0:
    case 1:
        lock_one(worker);
        break;
    case 2:
    case 3:
        unlock_one(worker);
        break;
    case 4:
        make_one();
        break;
    case 5:
        push_one(draw(5));
        break;
    case 6:
        pop_one(draw(5));
        break;
    case 7:
        (void)note(mico_rtos_get_semaphore(&semaphore, draw(5)));
        break;
    case 8:
        mico_rtos_thread_msleep(draw(4));
        break;
    case 9:
        mico_posix_interrupt(one_without_waiting, NULL);
        break;
    case 10:
        event_fd_one();
        break;
    default:
        one_without_waiting(NULL);
        break;
    }
}

static void check_kernel(void)
{
    struct mico_thread *threads[MICO_CHECK_MAX];
    size_t count = 0;
    uint32_t irq = mico_irq_save();
    for (struct mico_thread *at = mico_thread_next(NULL); at != NULL && count < MICO_CHECK_MAX;
         at = mico_thread_next(at)) {
        threads[count++] = at;
    }
    const char *wrong = mico_kernel_check(threads, count);
    mico_irq_restore(irq);
    if (wrong != NULL) {
        fail_with(wrong);
    }
}

static void work(mico_thread_arg_t arg)
{
    struct worker *worker = &workers[arg];
    while (done_operations < operations) {
        done_operations++;
        one(worker);
        check_kernel();
    }
    while (worker->count > 0) {
        unlock_one(worker);
    }
}

static void start(unsigned i)
{
    workers[i].count = 0;
    while (mico_rtos_create_thread(&workers[i].thread, (uint8_t)(3 + draw(6)), "worker", work, STACK, i) != kNoErr) {
        mico_rtos_thread_msleep(1); /* the arena is taken by queues */
        make_one();
    }
}

/* Worker i does not run until it is the turn of another; WORKERS: none. */
static void hold_up(unsigned i)
{
    static unsigned held_up = WORKERS;
    if (held_up < WORKERS) {
        mico_rtos_resume_thread(&workers[held_up].thread);
    }
    held_up = i;
    if (held_up < WORKERS) {
        mico_rtos_suspend_thread(&workers[held_up].thread);
    }
}

/* Now and then a worker is deleted wherever it is, or woken, and another one takes its place. */
static void threads_that_come_and_go_call_whatever_they_like(void **state)
{
    for (unsigned i = 0; i < WORKERS; i++) {
        start(i);
    }
    while (done_operations < operations) {
        mico_rtos_thread_msleep(1 + draw(20));
        unsigned i = draw(WORKERS);
        (void)note(mico_rtos_thread_force_awake(&workers[i].thread));
        hold_up(draw(WORKERS));
        if (draw(8) == 0) {
            (void)note(mico_rtos_delete_thread(&workers[i].thread));
            workers[i].count = 0; /* its mutexes are others' now */
            start(i);
        }
    }
    hold_up(WORKERS);
    for (unsigned i = 0; i < WORKERS; i++) {
        assert_int_equal(mico_rtos_thread_join(&workers[i].thread), kNoErr);
    }
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        assert_true(results[i] > operations / 5000);
    }
}

static void everything_can_be_given_back(void **state)
{
    mico_semaphore_t all_semaphores[SDK_SEMAPHORES];
    mico_mutex_t all_mutexes[SDK_MUTEXES];
    mico_queue_t all_queues[SDK_QUEUES];
    for (unsigned i = 0; i < HANDLES; i++) {
        (void)mico_rtos_deinit_timer(&timers[i]);
        (void)mico_rtos_deinit_semaphore(&handles[SEMAPHORES][i]);
        (void)mico_rtos_deinit_mutex(&handles[MUTEXES][i]);
        (void)mico_rtos_deinit_queue(&handles[QUEUES][i]);
    }
    mico_rtos_thread_msleep(100);
    for (size_t i = 0; i < SDK_SEMAPHORES; i++) {
        assert_int_equal(mico_rtos_init_semaphore(&all_semaphores[i], 1), kNoErr);
    }
    for (size_t i = 0; i < SDK_MUTEXES; i++) {
        assert_int_equal(mico_rtos_init_mutex(&all_mutexes[i]), kNoErr);
    }
    for (size_t i = 0; i < SDK_QUEUES; i++) {
        assert_int_equal(mico_rtos_init_queue(&all_queues[i], "q", 3000, 1), kNoErr);
    }
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_come_and_go_call_whatever_they_like),
        cmocka_unit_test(everything_can_be_given_back),
    };
    main_thread = mico_thread_self();
    mico_thread_set_priority(main_thread, 2);
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(int argc, char **argv)
{
    static uint64_t stack[1 << 15];
    seed = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) | 1 : seed;
    operations = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : operations;
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
