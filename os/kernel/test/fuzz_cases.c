/* SPDX-License-Identifier: Apache-2.0 */
/* Every call of the kernel at random, on objects that come and go: threads that lock, wait, give and time out while others
 * delete them, take away what they wait for, use what is not there any more and ask for nonsense, in threads and in
 * interrupts. After each call all invariants are recomputed; what is refused must be refused as kernel.h says. */
#include "os/kernel/test/fuzz_cases.h"

#include <stdio.h>
#include <string.h>

#include "os/kernel/test/cases.h"

#define OBJECTS 3u
#define MUTEXES 5u
#define BLOCKS 4u

static struct mico_mutex mutexes[MUTEXES];
static struct mico_semaphore semaphores[OBJECTS];
static struct mico_queue queues[OBJECTS];
static struct mico_event events[OBJECTS];
static struct mico_pool pools[OBJECTS];
static struct mico_timer timers[OBJECTS];
static uint32_t rooms[OBJECTS][4][2];
static void *blocks[OBJECTS][BLOCKS][2];
static bool live[OBJECTS]; /* all four kinds of number i are initialised, or none is */
static uint64_t state;
static uint64_t operations, wanted;
static uint32_t refused, closed, timed_out, deleted, suspended, misused, in_interrupts, callbacks;

static uint32_t draw(uint32_t below)
{
    state ^= state << 13; /* xorshift64 */
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20) % below;
}

static uint32_t some_timeout(void)
{
    uint32_t kind = draw(8);
    return kind == 0 ? MICO_FOREVER : kind < 3 ? MICO_NO_WAIT : 1 + draw(5);
}

static void note(mico_err err)
{
    closed += err == MICO_ERR_CLOSED;
    timed_out += err == MICO_ERR_TIMEOUT;
    CHECK(err == MICO_OK || err == MICO_ERR_CLOSED || err == MICO_ERR_TIMEOUT || err == MICO_ERR_FULL);
}

/* ---- what threads and interrupts may do with object i ---- */

static uint32_t timeout_ms; /* of the next call; 0 in interrupts */

static void take(uint32_t i)
{
    note(mico_semaphore_take(&semaphores[i], timeout_ms));
}

static void give(uint32_t i)
{
    note(mico_semaphore_give(&semaphores[i]));
}

static void push(uint32_t i)
{
    uint32_t item[2] = {draw(1000), 0};
    item[1] = ~item[0];
    note(mico_queue_push(&queues[i], item, timeout_ms));
}

static void pop(uint32_t i)
{
    uint32_t item[2] = {0, UINT32_MAX};
    note(mico_queue_pop(&queues[i], item, timeout_ms));
    CHECK_INT(item[1], ~item[0]); /* a whole one, or untouched */
}

static void wait_for(uint32_t i)
{
    uint32_t found = 0, flags = 1 + draw(15), how = draw(4);
    mico_err err = mico_event_wait(&events[i], flags, how, &found, timeout_ms);
    note(err);
    CHECK(err != MICO_OK || ((how & MICO_EVENT_ALL) != 0 ? (found & flags) == flags : (found & flags) != 0));
}

static void set(uint32_t i)
{
    (void)mico_event_set(&events[i], 1u << draw(4));
}

static void take_block(uint32_t i)
{
    void *block = NULL;
    mico_err err = mico_pool_take(&pools[i], &block, timeout_ms);
    note(err);
    CHECK((err == MICO_OK) == (block != NULL));
}

static void (*const uses[])(uint32_t i) = {take, give, push, pop, wait_for, set, take_block};
#define USES (sizeof uses / sizeof uses[0])

struct use {
    void (*call)(uint32_t i);
    uint32_t i;
};

static void call_use(void *arg)
{
    const struct use *use = arg;
    use->call(use->i);
}

/* An object that is not there is refused, and nothing hangs; one that is there serves. */
static void use_one(uint32_t limit_ms)
{
    struct use use = {uses[draw(USES)], draw(OBJECTS)};
    uint32_t irq = mico_irq_save(); /* nobody takes it away, or brings it back, before the call has looked at it */
    timeout_ms = limit_ms;
    if (!live[use.i]) {
        CHECK(is_misuse(call_use, &use));
        misused++;
        mico_irq_restore(irq);
        return;
    }
    mico_irq_restore(irq);
    if (!mico_in_interrupt()) {
        timeout_ms = limit_ms; /* what ran at the line above has its own */
    }
    if (live[use.i]) {
        call_use(&use);
    }
}

/* ---- what has no errors ---- */

static void ask(void)
{
    uint32_t i = draw(OBJECTS);
    CHECK(mico_queue_count(&queues[i]) <= 4);
    CHECK(mico_pool_available(&pools[i]) <= BLOCKS);
    (void)mico_event_get(&events[i]);
    (void)mico_timer_running(&timers[i]);
    (void)mico_thread_ended(&thread[draw(THREADS)]);
    CHECK(!mico_thread_suspended(mico_thread_self()));
    CHECK(mico_thread_priority(&thread[draw(THREADS)]) <= MICO_PRIORITY_LOWEST);
    CHECK(mico_thread_self() != NULL && mico_kernel_running());
}

static void steer_timer(void)
{
    struct mico_timer *timer = &timers[draw(OBJECTS)];
    if (draw(3) == 0) {
        mico_timer_stop(timer);
    } else {
        mico_timer_start(timer);
    }
}

/* Any pointer: one of the pool's blocks, taken or free, or none of them. Those that are free may not be given: kernel.h. */
static void give_nonsense(void)
{
    uint32_t i = draw(OBJECTS);
    uint8_t *first = (uint8_t *)blocks[i];
    CHECK_INT(mico_pool_give(&pools[i], first + 1), MICO_ERR_PARAM);
    CHECK_INT(mico_pool_give(&pools[i], first - sizeof blocks[i][0]), MICO_ERR_PARAM);
    CHECK_INT(mico_pool_give(&pools[i], first + sizeof blocks[i]), MICO_ERR_PARAM);
    CHECK_INT(mico_pool_give(&pools[i], NULL), MICO_ERR_PARAM);
}

/* ---- interrupts ---- */

static void wait_in_interrupt(void *arg)
{
    ignore(mico_semaphore_take(&semaphores[0], 1));
}

static void pop_in_interrupt(void *arg)
{
    uint32_t item[2];
    ignore(mico_queue_pop(&queues[0], item, MICO_FOREVER));
}

static void sleep_in_interrupt(void *arg)
{
    mico_thread_sleep_ms(1);
}

static void lock_in_interrupt(void *arg)
{
    ignore(mico_mutex_lock(&mutexes[0], MICO_NO_WAIT));
}

static void delete_in_interrupt(void *arg)
{
    mico_thread_delete(&thread[0]);
}

static bool is_any(const void *at)
{
    return draw(2) == 0;
}

/* Twice as often resumed as suspended, so that most can run. */
static void hold_up_or_let_go(void)
{
    struct mico_thread *other = &thread[draw(THREADS)]; /* in threads itself too */
    if (draw(6) == 0) {
        ignore(mico_thread_end_wait(other, is_any));
    } else if (draw(3) != 0) {
        ignore(mico_thread_resume(other));
    } else if (mico_thread_suspend(other) == MICO_OK) {
        suspended++;
    }
}

static void interrupt(void *arg)
{
    static void (*const forbidden[])(void *arg) = {wait_in_interrupt, pop_in_interrupt, sleep_in_interrupt,
                                                   lock_in_interrupt, delete_in_interrupt};
    in_interrupts++;
    switch (draw(7)) {
    case 0:
        CHECK(is_misuse(forbidden[draw(sizeof forbidden / sizeof forbidden[0])], NULL));
        break;
    case 1:
        mico_thread_wake(&thread[draw(THREADS)]);
        break;
    case 2:
        steer_timer();
        break;
    case 3:
        ask();
        break;
    case 4:
        hold_up_or_let_go();
        break;
    default:
        use_one(MICO_NO_WAIT);
        break;
    }
}

void fuzz_interrupt(void *arg)
{
    if (operations < wanted) {
        interrupt(arg);
    }
}

static void on_timer(void *arg)
{
    callbacks++;
    if (operations >= wanted) {
        return; /* the run is over: what is stopped stays so */
    }
    if (draw(2) == 0) {
        steer_timer();
    } else {
        use_one(MICO_NO_WAIT);
    }
}

/* ---- what only threads do ---- */

static void lock_one(void)
{
    mico_err err = mico_mutex_lock(&mutexes[draw(MUTEXES)], some_timeout());
    refused += err == MICO_ERR_STATE;
    timed_out += err == MICO_ERR_TIMEOUT;
    CHECK(err == MICO_OK || err == MICO_ERR_STATE || err == MICO_ERR_TIMEOUT);
}

static void unlock_one(void)
{
    struct mico_mutex *mutex = &mutexes[draw(MUTEXES)];
    uint32_t irq = mico_irq_save();
    mico_err right = mutex->owner == mico_thread_self() ? MICO_OK : MICO_ERR_STATE;
    CHECK_INT(mico_mutex_unlock(mutex), right);
    mico_irq_restore(irq);
}

static void deinit_mutex(void *arg)
{
    mico_mutex_deinit(arg);
}

static void renew_mutex(void)
{
    struct mico_mutex *mutex = &mutexes[draw(MUTEXES)];
    uint32_t irq = mico_irq_save();
    CHECK(is_misuse(deinit_mutex, mutex) == (mutex->owner != NULL));
    if (mutex->owner == NULL) {
        mico_mutex_init(mutex);
    }
    mico_irq_restore(irq);
}

/* Take number i away, under whoever waits there, or bring it back. */
static void come_or_go(void)
{
    uint32_t i = draw(OBJECTS);
    uint32_t irq = mico_irq_save();
    if (live[i]) {
        mico_semaphore_deinit(&semaphores[i]);
        mico_queue_deinit(&queues[i]);
        mico_event_deinit(&events[i]);
        mico_pool_deinit(&pools[i]);
    } else {
        mico_semaphore_init(&semaphores[i], draw(3), 2 + draw(2));
        mico_queue_init(&queues[i], rooms[i], sizeof rooms[i][0], 1 + draw(4));
        mico_event_init(&events[i]);
        mico_pool_init(&pools[i], blocks[i], sizeof blocks[i][0], BLOCKS);
    }
    live[i] = !live[i];
    mico_irq_restore(irq);
}

static void queue_of_nothing(void *arg)
{
    struct mico_queue queue;
    mico_queue_init(&queue, rooms[0], 0, 1);
}

static void semaphore_of_nothing(void *arg)
{
    struct mico_semaphore semaphore;
    mico_semaphore_init(&semaphore, 0, 0);
}

static void pool_of_nothing(void *arg)
{
    struct mico_pool pool;
    mico_pool_init(&pool, blocks[0], 0, 1);
}

static void join_itself(void *arg)
{
    ignore(mico_thread_join(mico_thread_self(), MICO_NO_WAIT));
}

static void wait_for_no_flags(void *arg)
{
    ignore(mico_event_wait(&events[0], 0, 0, NULL, MICO_NO_WAIT));
}

static void ask_for_nonsense(void)
{
    static void (*const wrong[])(void *arg) = {queue_of_nothing, semaphore_of_nothing, pool_of_nothing, join_itself,
                                               wait_for_no_flags};
    uint32_t irq = mico_irq_save(); /* is_misuse is one thread's at a time */
    CHECK(is_misuse(wrong[draw(sizeof wrong / sizeof wrong[0])], NULL));
    mico_irq_restore(irq);
}

static void meet_other(void)
{
    struct mico_thread *other = &thread[draw(THREADS)];
    switch (draw(7)) {
    case 0:
        if (other != mico_thread_self()) {
            ignore(mico_thread_join(other, draw(4)));
        }
        break;
    case 1:
        if (draw(8) == 0) { /* itself too, then this is its last line */
            deleted++;
            mico_thread_delete(draw(2) == 0 ? other : NULL);
        }
        break;
    case 2:
        mico_thread_set_priority(other, draw(12));
        break;
    case 3:
    case 4:
        hold_up_or_let_go();
        break;
    default:
        mico_thread_wake(other);
        break;
    }
}

static void rest(void)
{
    if (draw(4) == 0) {
        mico_timer_cancel(&timers[draw(OBJECTS)]);
    } else if (draw(2) == 0) {
        mico_thread_yield();
    } else {
        mico_thread_sleep_ms(some_timeout());
    }
}

static void work(void *arg)
{
    static void (*const calls[])(void) = {lock_one,    lock_one,   lock_one,         unlock_one, unlock_one, unlock_one,
                                          renew_mutex, come_or_go, ask_for_nonsense, meet_other, meet_other, rest,
                                          steer_timer, ask,        give_nonsense};
    while (operations < wanted) {
        operations++;
        uint32_t which = draw(sizeof calls / sizeof calls[0] + 8);
        if (which < sizeof calls / sizeof calls[0]) {
            calls[which]();
        } else if (which % 2 == 0) {
            use_one(some_timeout());
        } else {
            as_interrupt(interrupt, NULL);
        }
        check_kernel();
    }
}

/* Whoever has ended lives again; one who lives is ended, so that nobody waits for ever. */
static void replace_some(void)
{
    mico_thread_delete(&thread[draw(THREADS)]);
    for (unsigned i = 0; i < THREADS; i++) {
        if (mico_thread_ended(&thread[i])) {
            spawn(i, draw(10), work, NULL);
        }
    }
    check_kernel();
}

void fuzz_run(uint64_t seed, uint64_t count)
{
    state = seed;
    refused = closed = timed_out = deleted = suspended = misused = in_interrupts = callbacks = 0;
    for (unsigned i = 0; i < MUTEXES; i++) {
        mico_mutex_init(&mutexes[i]);
    }
    for (unsigned i = 0; i < OBJECTS; i++) {
        mico_timer_cancel(&timers[i]);
        mico_timer_init(&timers[i], on_timer, NULL, 1 + i, i != 0);
    }
    operations = 0; /* interrupts and timers begin here */
    wanted = count;
    while (operations < wanted) {
        replace_some();
        mico_thread_sleep_ms(1 + draw(10));
    }
    for (unsigned i = 0; i < OBJECTS; i++) {
        mico_timer_cancel(&timers[i]);
    }
    reap();
    CHECK(refused > 0 && closed > 0 && timed_out > 0 && deleted > 0 && suspended > 0 && misused > 0 &&
          in_interrupts > 0 && callbacks > 0);
    printf("%llu calls: %u locks refused, %u waits closed, %u timed out, %u threads deleted, %u suspended, %u times "
           "misuse, %u "
           "interrupts\n",
           (unsigned long long)operations, (unsigned)refused, (unsigned)closed, (unsigned)timed_out, (unsigned)deleted,
           (unsigned)suspended, (unsigned)misused, (unsigned)in_interrupts);
}
