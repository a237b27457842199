/* SPDX-License-Identifier: Apache-2.0 */
/* Semaphores and queues. */
#include <string.h>

#include "os/kernel/test/cases.h"

#define CAPACITY 3u

struct item {
    uint32_t number;
    char text[9]; /* an odd size, so that items are not aligned */
};

static struct mico_semaphore s;
static struct mico_queue q;
static uint8_t room[CAPACITY * sizeof(struct item)];

static struct item item_of(uint32_t number)
{
    struct item item = {.number = number};
    memset(item.text, (int)number, sizeof item.text);
    return item;
}

static mico_err push(uint32_t number, uint32_t timeout_ms)
{
    struct item item = item_of(number);
    return mico_queue_push(&q, &item, timeout_ms);
}

static uint32_t pop(void)
{
    struct item item = {0};
    CHECK_INT(mico_queue_pop(&q, &item, MICO_NO_WAIT), MICO_OK);
    struct item expected = item_of(item.number);
    CHECK(memcmp(item.text, expected.text, sizeof item.text) == 0);
    return item.number;
}

static void a_semaphore_counts_from_its_initial_value_to_its_maximum(void)
{
    mico_semaphore_init(&s, 1, 2);
    CHECK_INT(mico_semaphore_give(&s), MICO_OK);
    CHECK_INT(mico_semaphore_give(&s), MICO_ERR_FULL);
    CHECK_INT(mico_semaphore_take(&s, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_semaphore_take(&s, MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_semaphore_take(&s, MICO_NO_WAIT), MICO_ERR_TIMEOUT);
    uint64_t start = mico_clock_ms();
    CHECK_INT(mico_semaphore_take(&s, 9), MICO_ERR_TIMEOUT);
    CHECK_ELAPSED(start, 9);
    CHECK_INT(mico_semaphore_give(&s), MICO_OK);
}

static void take_and_mark(void *arg)
{
    mark(mico_semaphore_take(&s, MICO_FOREVER) == MICO_OK ? *(const char *)arg : 'c');
}

static void gives_wake_takers_by_priority_then_by_age(void)
{
    mico_semaphore_init(&s, 0, 1);
    spawn(0, 4, take_and_mark, "2");
    spawn(1, 3, take_and_mark, "1");
    spawn(2, 4, take_and_mark, "3");
    for (int i = 0; i < 3; i++) {
        CHECK_INT(mico_semaphore_give(&s), MICO_OK);
    }
    CHECK_TRACE("123");
    CHECK_INT(mico_semaphore_take(&s, MICO_NO_WAIT), MICO_ERR_TIMEOUT);
}

static void deinit_of_a_semaphore_releases_its_waiters_with_an_error(void)
{
    mico_semaphore_init(&s, 0, 1);
    spawn(0, 4, take_and_mark, "!");
    spawn(1, 7, take_and_mark, "!");
    let_others_run();
    mico_semaphore_deinit(&s);
    let_others_run();
    CHECK_TRACE("cc");
}

static void init_with_maximum_0(void *arg)
{
    mico_semaphore_init(&s, 0, 0);
}

static void init_above_maximum(void *arg)
{
    mico_semaphore_init(&s, 3, 2);
}

static void a_semaphore_with_impossible_bounds_is_misuse(void)
{
    CHECK(is_misuse(init_with_maximum_0, NULL));
    CHECK(is_misuse(init_above_maximum, NULL));
}

static void a_queue_gives_back_copies_in_order(void)
{
    mico_queue_init(&q, room, sizeof(struct item), CAPACITY);
    uint32_t in = 0, out = 0;
    for (int round = 0; round < 7; round++) { /* 7 and 3 have no common divisor: every place is first once */
        while (push(in, MICO_NO_WAIT) == MICO_OK) {
            in++;
        }
        CHECK_INT(mico_queue_count(&q), CAPACITY);
        CHECK_INT(pop(), out);
        out++;
        CHECK_INT(pop(), out);
        out++;
    }
    CHECK_INT(in - out, mico_queue_count(&q));
}

static void push_and_pop_give_up_after_their_timeout(void)
{
    mico_queue_init(&q, room, sizeof(struct item), 1);
    struct item item = item_of(77);
    uint64_t start = mico_clock_ms();
    CHECK_INT(mico_queue_pop(&q, &item, 6), MICO_ERR_TIMEOUT);
    CHECK_ELAPSED(start, 6);
    CHECK_INT(item.number, 77);
    CHECK_INT(push(1, MICO_NO_WAIT), MICO_OK);
    start = mico_clock_ms();
    CHECK_INT(push(2, MICO_NO_WAIT), MICO_ERR_TIMEOUT);
    CHECK_INT(push(3, 6), MICO_ERR_TIMEOUT);
    CHECK_ELAPSED(start, 6);
    CHECK_INT(pop(), 1);
    CHECK_INT(mico_queue_count(&q), 0);
}

static void pop_and_mark(void *arg)
{
    struct item item;
    mico_err err = mico_queue_pop(&q, &item, MICO_FOREVER);
    mark(err == MICO_OK ? (char)('0' + item.number) : 'c');
}

static void push_own_number(void *arg)
{
    mark(push((uint32_t)(uintptr_t)arg, MICO_FOREVER) == MICO_OK ? 'p' : 'c');
}

static void an_item_goes_straight_to_the_first_waiting_taker(void)
{
    mico_queue_init(&q, room, sizeof(struct item), CAPACITY);
    spawn(0, 4, pop_and_mark, NULL);
    spawn(1, 3, pop_and_mark, NULL);
    CHECK_INT(push(1, MICO_NO_WAIT), MICO_OK);
    CHECK(mico_thread_ended(&thread[1]));
    CHECK_INT(push(2, MICO_NO_WAIT), MICO_OK);
    CHECK_TRACE("12");
    CHECK_INT(mico_queue_count(&q), 0);
}

static void items_of_waiting_givers_enter_by_priority_behind_those_inside(void)
{
    mico_queue_init(&q, room, sizeof(struct item), 2);
    CHECK_INT(push(1, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(push(2, MICO_NO_WAIT), MICO_OK);
    spawn(0, 4, push_own_number, (void *)4);
    spawn(1, 3, push_own_number, (void *)3);
    CHECK_TRACE("");
    for (uint32_t n = 1; n <= 4; n++) {
        CHECK_INT(pop(), n);
        check_kernel();
    }
    CHECK_TRACE("pp");
}

static void deinit_of_a_queue_releases_givers_and_takers_with_an_error(void)
{
    mico_queue_init(&q, room, sizeof(struct item), 1);
    spawn(0, 4, pop_and_mark, NULL);
    mico_queue_deinit(&q);
    CHECK_TRACE("c");
    mico_queue_init(&q, room, sizeof(struct item), 1);
    CHECK_INT(push(1, MICO_NO_WAIT), MICO_OK);
    spawn(1, 4, push_own_number, (void *)2);
    mico_queue_deinit(&q);
    CHECK_TRACE("c");
}

static void init_without_items(void *arg)
{
    mico_queue_init(&q, room, sizeof(struct item), 0);
}

static void a_queue_without_room_is_misuse(void)
{
    CHECK(is_misuse(init_without_items, NULL));
}

static void produce(void *arg)
{
    for (uint32_t i = 0; i < 500; i++) {
        CHECK_INT(push(i, MICO_FOREVER), MICO_OK);
    }
}

static void a_queue_between_threads_of_any_priorities_loses_nothing(void)
{
    for (unsigned priority = MAIN_PRIORITY - 1; priority <= MAIN_PRIORITY + 1; priority++) {
        mico_queue_init(&q, room, sizeof(struct item), CAPACITY);
        spawn(0, priority, produce, NULL);
        for (uint32_t i = 0; i < 500; i++) {
            struct item item;
            CHECK_INT(mico_queue_pop(&q, &item, MICO_FOREVER), MICO_OK);
            CHECK_INT(item.number, i);
        }
        CHECK_INT(mico_thread_join(&thread[0], 10), MICO_OK);
    }
}

const struct kernel_case ipc_cases[] = {
    CASE(a_semaphore_counts_from_its_initial_value_to_its_maximum),
    CASE(gives_wake_takers_by_priority_then_by_age),
    CASE(deinit_of_a_semaphore_releases_its_waiters_with_an_error),
    CASE(a_semaphore_with_impossible_bounds_is_misuse),
    CASE(a_queue_gives_back_copies_in_order),
    CASE(push_and_pop_give_up_after_their_timeout),
    CASE(an_item_goes_straight_to_the_first_waiting_taker),
    CASE(items_of_waiting_givers_enter_by_priority_behind_those_inside),
    CASE(deinit_of_a_queue_releases_givers_and_takers_with_an_error),
    CASE(a_queue_without_room_is_misuse),
    CASE(a_queue_between_threads_of_any_priorities_loses_nothing),
};
END_OF_CASES(ipc_cases);
