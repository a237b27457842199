/* SPDX-License-Identifier: Apache-2.0 */
/* The scenes of seed_test.c. This file and the kernel are compiled so that every branch is a point where an interrupt may come
 * and another thread may go on; what is shared here is shared without any care that the kernel does not give. */
#include "os/kernel/test/seed_scenes.h"

#include <string.h>

#include "os/kernel/test/cases.h"

#define ROUNDS 12u
#define PATIENCE_MS (MICO_FOREVER - 1) /* some seeds make milliseconds pass faster than branches */

static struct mico_mutex mutexes[2];
static struct mico_semaphore semaphore;
static struct mico_queue queue;
static struct mico_event event;
static struct mico_pool pool;
static struct mico_timer timer;
static uint32_t room[3];
static void *blocks[3][4];
static volatile unsigned shared[2], given, taken, wrong;
static volatile bool inside, givers_are_done;
static volatile unsigned interrupt_gives; /* how often interrupts still may */

/* Long enough for many points; the result of b depends on a through both variables. */
static void add_slowly(volatile unsigned *number)
{
    unsigned was = *number;
    for (volatile unsigned i = 0; i < 3; i++) {
    }
    *number = was + 1;
}

static bool all_end(unsigned count)
{
    bool ended = true;
    for (unsigned i = 0; i < count; i++) {
        ended = mico_thread_join(&thread[i], PATIENCE_MS) == MICO_OK && ended;
        check_kernel();
    }
    return ended;
}

static void actor(unsigned i, unsigned priority, void (*entry)(void *arg))
{
    spawn(i, priority, entry, (void *)(uintptr_t)i);
}

/* ---- mutexes ---- */

static void count_under_mutexes(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg % 2;
    for (unsigned n = 0; n < ROUNDS; n++) {
        while (mico_mutex_lock(&mutexes[i], 1 + n % 3) != MICO_OK) {
        }
        if (mico_mutex_lock(&mutexes[1 - i], n % 4) == MICO_OK) { /* refused or late when the other has it */
            wrong += inside;
            inside = true;
            add_slowly(&shared[0]);
            inside = false;
            given++;
            wrong += mico_mutex_unlock(&mutexes[1 - i]) != MICO_OK;
        }
        add_slowly(&shared[1]); /* guarded by the first only: one of each pair of threads at a time */
        wrong += mico_mutex_unlock(&mutexes[i]) != MICO_OK;
    }
}

static bool two_mutexes_guard_what_needs_both(void)
{
    mico_mutex_init(&mutexes[0]);
    mico_mutex_init(&mutexes[1]);
    shared[0] = given = wrong = 0;
    inside = false;
    actor(0, 6, count_under_mutexes);
    actor(1, 6, count_under_mutexes);
    actor(2, 4, count_under_mutexes);
    return all_end(3) && wrong == 0 && given > 0 && mutexes[0].owner == NULL && mutexes[1].owner == NULL;
}

static void count_under_one_mutex(void *arg)
{
    for (unsigned n = 0; n < ROUNDS; n++) {
        wrong += mico_mutex_lock(&mutexes[0], MICO_FOREVER) != MICO_OK;
        add_slowly(&shared[0]);
        wrong += mico_mutex_unlock(&mutexes[0]) != MICO_OK;
    }
}

static bool what_a_mutex_guards_is_counted_exactly(void)
{
    mico_mutex_init(&mutexes[0]);
    shared[0] = wrong = 0;
    for (unsigned i = 0; i < 4; i++) {
        actor(i, 4 + i / 2, count_under_one_mutex);
    }
    return all_end(4) && wrong == 0 && shared[0] == 4 * ROUNDS;
}

/* ---- semaphores, with gives from interrupts ---- */

static void give_some(void *arg)
{
    for (unsigned n = 0; n < ROUNDS; n++) {
        while (mico_semaphore_give(&semaphore) != MICO_OK) {
            mico_thread_sleep_ms(1);
        }
        uint32_t irq = mico_irq_save();
        given++;
        mico_irq_restore(irq);
    }
}

static void take_some(void *arg)
{
    bool got = true;
    while (got || !givers_are_done) {
        got = mico_semaphore_take(&semaphore, 5) == MICO_OK;
        uint32_t irq = mico_irq_save();
        taken += got;
        mico_irq_restore(irq);
    }
}

static bool as_many_are_taken_as_were_given(void)
{
    mico_semaphore_init(&semaphore, 0, 3);
    given = taken = 0;
    givers_are_done = false;
    interrupt_gives = 2 * ROUNDS;
    actor(0, 6, give_some);
    actor(1, 6, take_some);
    actor(2, 3, take_some);
    bool ended = mico_thread_join(&thread[0], PATIENCE_MS) == MICO_OK;
    interrupt_gives = 0;
    givers_are_done = true;
    ended = all_end(3) && ended;
    while (mico_semaphore_take(&semaphore, MICO_NO_WAIT) == MICO_OK) {
        taken++;
    }
    return ended && taken == given && given >= ROUNDS;
}

void seed_interrupt(void *arg)
{
    if (interrupt_gives > 0 && mico_semaphore_give(&semaphore) == MICO_OK) {
        interrupt_gives--;
        given++;
    }
}

/* ---- queues ---- */

static void push_numbers(void *arg)
{
    for (uint32_t n = 0; n < ROUNDS; n++) {
        uint32_t item = (uint32_t)(uintptr_t)arg << 16 | n;
        while (mico_queue_push(&queue, &item, n % 3) != MICO_OK) {
        }
    }
}

static void pop_numbers(void *arg)
{
    uint32_t next[2] = {0, 0}, item;
    while (next[0] < ROUNDS || next[1] < ROUNDS) {
        if (mico_queue_pop(&queue, &item, 2) == MICO_OK) {
            uint32_t from = item >> 16;
            wrong += from > 1 || (item & 0xFFFFu) != next[from % 2]++;
        }
    }
}

static bool a_queue_keeps_the_order_of_each_giver(void)
{
    mico_queue_init(&queue, room, sizeof room[0], 3);
    wrong = 0;
    actor(0, 6, push_numbers);
    actor(1, 6, push_numbers);
    actor(2, 5, pop_numbers);
    return all_end(3) && wrong == 0 && mico_queue_count(&queue) == 0;
}

/* ---- events ---- */

static void set_in_turn(void *arg)
{
    for (unsigned n = 0; n < ROUNDS; n++) {
        (void)mico_event_set(&event, 1);
        wrong += mico_event_wait(&event, 2, MICO_EVENT_ANY, NULL, PATIENCE_MS) != MICO_OK;
        add_slowly(&shared[0]);
    }
}

static void answer_in_turn(void *arg)
{
    for (unsigned n = 0; n < ROUNDS; n++) {
        wrong += mico_event_wait(&event, 1, MICO_EVENT_ALL, NULL, PATIENCE_MS) != MICO_OK;
        add_slowly(&shared[0]);
        (void)mico_event_set(&event, 2);
    }
}

static bool flags_hand_a_turn_to_and_fro(void)
{
    mico_event_init(&event);
    shared[0] = wrong = 0;
    actor(0, 6, set_in_turn);
    actor(1, 6, answer_in_turn);
    return all_end(2) && wrong == 0 && shared[0] == 2 * ROUNDS;
}

/* ---- pools ---- */

static void use_blocks(void *arg)
{
    for (unsigned n = 0; n < ROUNDS; n++) {
        void *block;
        if (mico_pool_take(&pool, &block, n % 4) == MICO_OK) {
            memset(block, (int)(uintptr_t)arg + 1, sizeof blocks[0]);
            for (volatile unsigned i = 0; i < sizeof blocks[0]; i++) {
                wrong += ((uint8_t *)block)[i] != (uintptr_t)arg + 1;
            }
            wrong += mico_pool_give(&pool, block) != MICO_OK;
        }
    }
}

static bool a_block_is_one_thread_s_at_a_time(void)
{
    mico_pool_init(&pool, blocks, sizeof blocks[0], 3);
    wrong = 0;
    for (unsigned i = 0; i < 5; i++) {
        actor(i, 4 + i / 2, use_blocks);
    }
    return all_end(5) && wrong == 0 && mico_pool_available(&pool) == 3;
}

/* ---- timers ---- */

static volatile bool cancelled;

static void on_timer(void *arg)
{
    wrong += cancelled;
    add_slowly(&shared[0]);
    wrong += cancelled;
}

static void start_and_cancel(void *arg)
{
    for (unsigned n = 0; n < ROUNDS; n++) {
        cancelled = false;
        mico_timer_start(&timer);
        mico_thread_sleep_ms(n % 3);
        mico_timer_cancel(&timer);
        cancelled = true;
        mico_thread_sleep_ms(1);
    }
}

static bool a_cancelled_timer_s_callback_is_over(void)
{
    mico_timer_cancel(&timer);
    mico_timer_init(&timer, on_timer, NULL, 1, true);
    wrong = 0;
    actor(0, 1, start_and_cancel); /* above the timer's thread: it interrupts callbacks */
    return all_end(1) && wrong == 0;
}

/* ---- ends ---- */

static void hold_and_linger(void *arg)
{
    for (;;) {
        if (mico_mutex_lock(&mutexes[(uintptr_t)arg % 2], 3) == MICO_OK) {
            mico_thread_sleep_ms(1);
            (void)mico_mutex_unlock(&mutexes[(uintptr_t)arg % 2]);
        }
        (void)mico_semaphore_give(&semaphore);
    }
}

static void end_them(void *arg)
{
    for (unsigned n = 0; n < ROUNDS; n++) {
        unsigned i = 1 + n % 3;
        mico_thread_delete(&thread[i]);
        wrong += mico_thread_join(&thread[i], MICO_NO_WAIT) != MICO_OK;
        check_kernel();
        actor(i, 3 + n % 5, hold_and_linger);
        ignore(mico_semaphore_take(&semaphore, 2));
        mico_thread_set_priority(&thread[1 + (n + 1) % 3], n % 10);
        wrong += mico_thread_suspend(&thread[1 + (n + 2) % 3]) != MICO_OK;
        check_kernel();
        mico_thread_sleep_ms(1);
        wrong += !mico_thread_suspended(&thread[1 + (n + 2) % 3]);
        wrong += mico_thread_resume(&thread[1 + (n + 2) % 3]) != MICO_OK;
        check_kernel();
    }
    for (unsigned i = 1; i < 4; i++) {
        mico_thread_delete(&thread[i]);
    }
}

static bool threads_end_anywhere_and_leave_nothing_held(void)
{
    mico_mutex_init(&mutexes[0]);
    mico_mutex_init(&mutexes[1]);
    mico_semaphore_init(&semaphore, 0, 5);
    wrong = 0;
    for (unsigned i = 1; i < 4; i++) {
        actor(i, 6, hold_and_linger);
    }
    actor(0, 4, end_them);
    return all_end(4) && wrong == 0 && mutexes[0].owner == NULL && mutexes[1].owner == NULL;
}

/* ---- the race ---- */

static void count_without_care(void *arg)
{
    for (unsigned n = 0; n < 3; n++) {
        add_slowly(&shared[0]);
        mico_thread_yield();
    }
}

bool seed_planted_race(void)
{
    shared[0] = 0;
    actor(0, 6, count_without_care);
    actor(1, 6, count_without_care);
    return all_end(2) && shared[0] == 6;
}

unsigned seed_planted_count(void)
{
    return shared[0];
}

#define SCENE(name) \
    {               \
#name, name \
    }
const struct seed_scene seed_scenes[] = {
    SCENE(what_a_mutex_guards_is_counted_exactly), SCENE(two_mutexes_guard_what_needs_both),
    SCENE(as_many_are_taken_as_were_given),        SCENE(a_queue_keeps_the_order_of_each_giver),
    SCENE(flags_hand_a_turn_to_and_fro),           SCENE(a_block_is_one_thread_s_at_a_time),
    SCENE(a_cancelled_timer_s_callback_is_over),   SCENE(threads_end_anywhere_and_leave_nothing_held),
};
const size_t seed_scene_count = sizeof seed_scenes / sizeof seed_scenes[0];
