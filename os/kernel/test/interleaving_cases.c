/* SPDX-License-Identifier: Apache-2.0 */
/* Every order in which the steps of a few threads can come, each played from the start.
 *
 * A thread follows a script, one letter at a time, and sleeps before each letter. The caller, below all of them, wakes
 * one at a time, so that each of their steps is a choice of the caller's; letting a millisecond pass is a choice too.
 * All sequences of choices are tried, depth first: play one, change its last choice that has an untried alternative,
 * play again. After each step every invariant of the kernel is recomputed, and at the end no thread may be left
 * waiting. */
#include "os/kernel/test/cases.h"

#define ACTORS_MAX 3u
#define MUTEXES 3u
#define STEPS_MAX 24u

/* a b c: lock that mutex; A B C: unlock it; t: lock the first for at most 1 ms; g s: give, take a semaphore; p q: push,
 * pop; e f: set, wait for an event; x, z, r: end, suspend, resume the first thread; 1 8: take that priority. */
struct actor {
    unsigned priority;
    const char *script;
};

struct scene {
    struct actor actors[ACTORS_MAX];
    unsigned count;
    unsigned pauses; /* how often a millisecond may pass */
    unsigned orders; /* how many there are, on every board: a change needs a reason */
};

static const struct scene *scene;
static bool at_gate[ACTORS_MAX];
static struct mico_mutex mutexes[MUTEXES];
static struct mico_thread *owners[MUTEXES]; /* what the threads themselves believe */
static struct mico_semaphore semaphore;
static struct mico_queue queue;
static struct mico_event event;
static uint32_t room[1];

static void lock(struct mico_mutex *mutex, uint32_t timeout_ms)
{
    struct mico_thread **owner = &owners[mutex - mutexes];
    if (mutex->owner != mico_thread_self() && mico_mutex_lock(mutex, timeout_ms) == MICO_OK) {
        CHECK(*owner == NULL);
        *owner = mico_thread_self();
    }
}

static void unlock(struct mico_mutex *mutex)
{
    struct mico_thread **owner = &owners[mutex - mutexes];
    if (*owner == mico_thread_self()) {
        *owner = NULL;
        CHECK_INT(mico_mutex_unlock(mutex), MICO_OK);
    } else {
        CHECK_INT(mico_mutex_unlock(mutex), MICO_ERR_STATE);
    }
}

static void delete_first(void)
{
    uint32_t irq = mico_irq_save(); /* an heir must not run before the books are right */
    for (unsigned i = 0; i < MUTEXES; i++) {
        if (owners[i] == &thread[0]) {
            owners[i] = NULL;
        }
    }
    mico_thread_delete(&thread[0]);
    mico_irq_restore(irq);
}

static void act(char letter)
{
    uint32_t item = 7;
    if (letter >= 'a' && letter <= 'c') {
        lock(&mutexes[letter - 'a'], MICO_FOREVER);
    } else if (letter >= 'A' && letter <= 'C') {
        unlock(&mutexes[letter - 'A']);
    } else if (letter >= '0' && letter <= '9') {
        mico_thread_set_priority(mico_thread_self(), (unsigned)(letter - '0'));
    } else if (letter == 't') {
        lock(&mutexes[0], 1);
    } else if (letter == 'g') {
        ignore(mico_semaphore_give(&semaphore));
    } else if (letter == 's') {
        CHECK_INT(mico_semaphore_take(&semaphore, MICO_FOREVER), MICO_OK);
    } else if (letter == 'p') {
        CHECK_INT(mico_queue_push(&queue, &item, MICO_FOREVER), MICO_OK);
    } else if (letter == 'q') {
        item = 0;
        CHECK_INT(mico_queue_pop(&queue, &item, MICO_FOREVER), MICO_OK);
        CHECK_INT(item, 7);
    } else if (letter == 'e') {
        (void)mico_event_set(&event, 1);
    } else if (letter == 'f') {
        CHECK_INT(mico_event_wait(&event, 1, MICO_EVENT_KEEP, NULL, MICO_FOREVER), MICO_OK);
    } else if (letter == 'z') {
        ignore(mico_thread_suspend(&thread[0])); /* it may have ended */
    } else if (letter == 'r') {
        ignore(mico_thread_resume(&thread[0]));
    } else {
        CHECK(letter == 'x');
        delete_first();
    }
}

static void follow(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg;
    for (const char *at = scene->actors[i].script; *at != '\0'; at++) {
        at_gate[i] = true;
        mico_thread_sleep_ms(MICO_FOREVER);
        act(*at);
    }
    for (unsigned m = 0; m < MUTEXES; m++) {
        if (owners[m] == mico_thread_self()) {
            unlock(&mutexes[m]);
        }
    }
}

static void set_the_scene(void)
{
    for (unsigned m = 0; m < MUTEXES; m++) {
        mico_mutex_init(&mutexes[m]);
        owners[m] = NULL;
    }
    mico_semaphore_init(&semaphore, 0, 3);
    mico_queue_init(&queue, room, sizeof room[0], 1);
    mico_event_init(&event);
    for (unsigned i = 0; i < scene->count; i++) {
        at_gate[i] = false;
        spawn(i, scene->actors[i].priority, follow, (void *)(uintptr_t)i);
    }
}

static bool can_go(unsigned i)
{
    return at_gate[i] && !mico_thread_ended(&thread[i]);
}

/* The which-th of the choices there are now; false when there are not so many. */
static bool choose(unsigned which, unsigned *pauses)
{
    for (unsigned i = 0; i < scene->count; i++) {
        if (can_go(i) && which-- == 0) {
            at_gate[i] = false;
            mico_thread_wake(&thread[i]);
            return true;
        }
    }
    if (*pauses > 0 && which == 0) {
        (*pauses)--;
        pass_ms(1);
        return true;
    }
    return false;
}

static unsigned choices(unsigned pauses)
{
    unsigned count = pauses > 0 ? 1 : 0;
    for (unsigned i = 0; i < scene->count; i++) {
        count += can_go(i);
    }
    return count;
}

/* Play the choices in order[0..*len), then always the first; notes the alternatives at each step. */
static void play(uint8_t *order, uint8_t *alternatives, unsigned *len)
{
    unsigned pauses = scene->pauses, step = 0;
    set_the_scene();
    for (unsigned count = choices(pauses); count > 0; count = choices(pauses)) {
        CHECK(step < STEPS_MAX);
        if (step >= *len) {
            order[step] = 0;
        }
        alternatives[step] = (uint8_t)count;
        CHECK(choose(order[step], &pauses));
        check_kernel();
        step++;
    }
    *len = step;
    for (unsigned i = 0; i < scene->count; i++) { /* whoever waited for a mutex has had it */
        CHECK(mico_thread_ended(&thread[i]));
    }
}

static void play_all_orders(const struct scene *of)
{
    uint8_t order[STEPS_MAX], alternatives[STEPS_MAX];
    unsigned len = 0, orders = 0;
    scene = of;
    mico_thread_set_priority(mico_thread_self(), MICO_PRIORITY_LOWEST);
    do {
        play(order, alternatives, &len);
        orders++;
        while (len > 0 && order[len - 1] + 1u == alternatives[len - 1]) {
            len--;
        }
        if (len > 0) {
            order[len - 1]++;
        }
    } while (len > 0);
    mico_thread_set_priority(mico_thread_self(), MAIN_PRIORITY);
    CHECK_INT(orders, of->orders);
}

static void two_who_lock_in_opposite_orders_never_deadlock(void)
{
    static const struct scene s = {{{6, "abBA"}, {4, "baAB"}}, 2, 0, 14};
    play_all_orders(&s);
}

static void loans_through_a_chain_of_three_are_exact_in_every_order(void)
{
    static const struct scene s = {{{7, "aAaA"}, {5, "baAB"}, {3, "bBbB"}}, 3, 0, 4404};
    play_all_orders(&s);
}

static void three_who_lock_in_a_circle_all_come_to_their_end(void)
{
    static const struct scene s = {{{7, "abBA"}, {5, "bcCB"}, {3, "caAC"}}, 3, 0, 1239};
    play_all_orders(&s);
}

static void locks_that_time_out_take_back_what_they_lent_in_every_order(void)
{
    static const struct scene s = {{{7, "abAB"}, {5, "bt"}, {3, "t"}}, 3, 2, 2016};
    play_all_orders(&s);
}

static void ends_and_new_priorities_keep_loans_exact_in_every_order(void)
{
    static const struct scene s = {{{3, "abBA"}, {5, "b1a8AB"}, {7, "axAb"}}, 3, 0, 1310};
    play_all_orders(&s);
}

static void what_is_given_pushed_or_set_is_never_lost_in_any_order(void)
{
    static const struct scene s = {{{7, "gpe"}, {5, "qfs"}, {3, "pqg"}}, 3, 0, 633};
    play_all_orders(&s);
}

static void a_suspended_thread_keeps_loans_exact_and_loses_nothing_in_any_order(void)
{
    static const struct scene s = {{{7, "abBA"}, {5, "zr"}, {3, "baAB"}}, 3, 0, 349};
    play_all_orders(&s);
}

static void waits_of_a_suspended_thread_end_in_time_in_every_order(void)
{
    static const struct scene s = {{{7, "st"}, {5, "zr"}, {3, "agA"}}, 3, 1, 928};
    play_all_orders(&s);
}

const struct kernel_case interleaving_cases[] = {
    CASE(two_who_lock_in_opposite_orders_never_deadlock),
    CASE(loans_through_a_chain_of_three_are_exact_in_every_order),
    CASE(three_who_lock_in_a_circle_all_come_to_their_end),
    CASE(locks_that_time_out_take_back_what_they_lent_in_every_order),
    CASE(ends_and_new_priorities_keep_loans_exact_in_every_order),
    CASE(what_is_given_pushed_or_set_is_never_lost_in_any_order),
    CASE(a_suspended_thread_keeps_loans_exact_and_loses_nothing_in_any_order),
    CASE(waits_of_a_suspended_thread_end_in_time_in_every_order),
};
END_OF_CASES(interleaving_cases);
