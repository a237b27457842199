/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded random work of many threads on shared objects; after every single operation all invariants of the kernel are
 * recomputed and compared. */
#include <string.h>

#include "os/kernel/test/cases.h"

#ifndef RANDOM_OPERATIONS
#define RANDOM_OPERATIONS 100000u
#endif

#define MUTEXES 5u
#define HELD_MAX 4u

static struct mico_mutex mutexes[MUTEXES];
static struct mico_thread *owners[MUTEXES]; /* what the threads themselves believe */
static unsigned depths[MUTEXES];
static struct mico_semaphore semaphore;
static struct mico_queue queue;
static uint32_t room[3];
static struct mico_event event;
static uint32_t seed;
static uint32_t operations, timeouts, refusals, deletions, suspensions;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13; /* xorshift32 */
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

struct hand {
    uint8_t held[HELD_MAX];
    unsigned count;
};

static void lock_one(struct hand *hand)
{
    uint32_t i = draw(MUTEXES);
    if (hand->count == HELD_MAX) {
        return;
    }
    mico_err err = mico_mutex_lock(&mutexes[i], draw(4) == 0 ? MICO_FOREVER : draw(6));
    if (err == MICO_OK) {
        CHECK(owners[i] == NULL || owners[i] == mico_thread_self());
        owners[i] = mico_thread_self();
        depths[i]++;
        hand->held[hand->count++] = (uint8_t)i;
    } else if (err == MICO_ERR_TIMEOUT) {
        timeouts++;
    } else {
        CHECK_INT(err, MICO_ERR_STATE);
        refusals++;
    }
}

static void unlock_one(struct hand *hand)
{
    if (hand->count == 0) {
        return;
    }
    unsigned place = draw(hand->count); /* in any order */
    uint8_t i = hand->held[place];
    hand->held[place] = hand->held[--hand->count];
    CHECK(owners[i] == mico_thread_self());
    if (--depths[i] == 0) {
        owners[i] = NULL;
    }
    CHECK_INT(mico_mutex_unlock(&mutexes[i]), MICO_OK);
}

static void give(void *arg)
{
    (void)mico_semaphore_give(&semaphore);
}

static void set_some(void *arg)
{
    (void)mico_event_set(&event, 1u << draw(3));
}

static void communicate(void)
{
    uint32_t item = 7;
    switch (draw(9)) {
    case 0:
        ignore(mico_semaphore_take(&semaphore, draw(5)));
        break;
    case 1:
        give(NULL);
        break;
    case 2:
        ignore(mico_queue_push(&queue, &item, draw(5)));
        break;
    case 3:
        ignore(mico_queue_pop(&queue, &item, draw(5)));
        CHECK_INT(item, 7);
        break;
    case 4:
        as_interrupt(give, NULL);
        break;
    case 5:
        ignore(mico_event_wait(&event, 1 + draw(7), draw(4), NULL, draw(5)));
        break;
    case 6:
        set_some(NULL);
        break;
    case 7:
        as_interrupt(set_some, NULL);
        break;
    default:
        mico_thread_wake(&thread[draw(THREADS)]);
        break;
    }
}

static void resume_one(void)
{
    ignore(mico_thread_resume(&thread[draw(THREADS)]));
}

static bool is_any(const void *at)
{
    return true;
}

/* Itself too. Not after the last operation: nobody would resume it. */
static void suspend_one(void)
{
    struct mico_thread *other = &thread[draw(THREADS)];
    uint32_t irq = mico_irq_save();
    if (operations < RANDOM_OPERATIONS && mico_thread_suspend(other) == MICO_OK) {
        suspensions++;
    }
    mico_irq_restore(irq); /* here it stops when it was itself */
}

static void work(void *arg)
{
    struct hand hand = {.count = 0};
    while (operations < RANDOM_OPERATIONS) {
        operations++;
        switch (draw(12)) {
        case 0:
        case 1:
        case 2:
            lock_one(&hand);
            break;
        case 3:
        case 4:
        case 5:
            unlock_one(&hand);
            break;
        case 6:
            mico_thread_sleep_ms(draw(4));
            break;
        case 7:
            mico_thread_set_priority(&thread[draw(THREADS)], draw(10));
            break;
        case 8:
            suspend_one();
            break;
        case 9:
            resume_one();
            ignore(mico_thread_end_wait(&thread[draw(THREADS)], is_any));
            break;
        default:
            communicate();
            break;
        }
        check_kernel();
    }
    while (hand.count > 0) {
        unlock_one(&hand);
        check_kernel();
    }
}

/* What a deleted thread held is nobody's, or its heir's, which will say so itself. */
static void replace_one(void)
{
    uint32_t i = draw(THREADS);
    uint32_t irq = mico_irq_save(); /* the heir must not run before the books are right */
    for (unsigned m = 0; m < MUTEXES; m++) {
        if (owners[m] == &thread[i]) {
            owners[m] = NULL;
            depths[m] = 0;
        }
    }
    mico_thread_delete(&thread[i]);
    mico_irq_restore(irq);
    deletions++;
    check_kernel();
    spawn(i, draw(10), work, NULL);
    check_kernel();
}

static void run_with(uint32_t start_seed)
{
    seed = start_seed;
    operations = timeouts = refusals = deletions = suspensions = 0;
    memset(owners, 0, sizeof owners);
    memset(depths, 0, sizeof depths);
    for (unsigned i = 0; i < MUTEXES; i++) {
        mico_mutex_init(&mutexes[i]);
    }
    mico_semaphore_init(&semaphore, 0, 3);
    mico_queue_init(&queue, room, sizeof room[0], 3);
    mico_event_init(&event);
    for (unsigned i = 0; i < THREADS; i++) {
        spawn(i, draw(10), work, NULL);
    }
    while (operations < RANDOM_OPERATIONS) {
        mico_thread_sleep_ms(1 + draw(20));
        replace_one();
        resume_one();
    }
    for (unsigned i = 0; i < THREADS; i++) {
        ignore(mico_thread_resume(&thread[i]));
        check_kernel();
    }
    for (unsigned i = 0; i < THREADS; i++) {
        CHECK_INT(mico_thread_join(&thread[i], 10000), MICO_OK);
    }
    for (unsigned i = 0; i < MUTEXES; i++) {
        CHECK(owners[i] == NULL);
        mico_mutex_deinit(&mutexes[i]);
    }
    CHECK(timeouts > RANDOM_OPERATIONS / 1000 && refusals > 0 && deletions > RANDOM_OPERATIONS / 1000 &&
          suspensions > RANDOM_OPERATIONS / 100);
}

static void random_work_keeps_every_invariant(void)
{
    run_with(20240607);
}

static void random_work_of_another_seed_does_too(void)
{
    run_with(99);
}

const struct kernel_case random_cases[] = {
    CASE(random_work_keeps_every_invariant),
    CASE(random_work_of_another_seed_does_too),
};
END_OF_CASES(random_cases);
