/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: order, sleep, join, end. */
#include <string.h>

#include "os/kernel/test/cases.h"

static void mark_once(void *arg)
{
    mark(*(const char *)arg);
}

static void mark_thrice_yielding(void *arg)
{
    for (int i = 0; i < 3; i++) {
        mark(*(const char *)arg);
        mico_thread_yield();
    }
}

static void sleep_long(void *arg)
{
    mico_thread_sleep_ms(MICO_FOREVER);
    mark('w');
}

static void a_higher_thread_runs_before_create_returns(void)
{
    spawn(0, MAIN_PRIORITY - 1, mark_once, "h");
    mark('m');
    CHECK_TRACE("hm");
}

static void a_lower_or_equal_thread_waits_its_turn(void)
{
    spawn(0, MAIN_PRIORITY + 1, mark_once, "l");
    spawn(1, MAIN_PRIORITY, mark_once, "e");
    mark('m');
    mico_thread_yield();
    CHECK_TRACE("me");
    mico_thread_sleep_ms(2);
    CHECK_TRACE("l");
}

static void ready_threads_run_by_priority_then_by_age(void)
{
    spawn(0, 8, mark_once, "3");
    spawn(1, 7, mark_once, "1");
    spawn(2, 9, mark_once, "4");
    spawn(3, 7, mark_once, "2");
    CHECK_INT(mico_thread_join(&thread[2], 1000), MICO_OK);
    CHECK_TRACE("1234");
}

static void equals_that_yield_take_turns(void)
{
    spawn(0, 7, mark_thrice_yielding, "a");
    spawn(1, 7, mark_thrice_yielding, "b");
    CHECK_INT(mico_thread_join(&thread[1], 1000), MICO_OK);
    CHECK_TRACE("ababab");
}

static void be_busy(void *arg)
{
    mark(*(const char *)arg);
    pass_ms(MICO_SLICE_MS + MICO_SLICE_MS / 2);
    mark(*(const char *)arg);
}

static void equals_that_do_not_yield_are_made_to_take_turns(void)
{
    spawn(0, 7, be_busy, "a");
    spawn(1, 7, be_busy, "b");
    CHECK_INT(mico_thread_join(&thread[0], 1000), MICO_OK);
    CHECK_INT(mico_thread_join(&thread[1], 1000), MICO_OK);
    CHECK_TRACE("abab");
}

static void turns_end_even_when_a_higher_thread_interrupts_them_all_the_time(void)
{
    spawn(0, 7, be_busy, "a");
    spawn(1, 7, be_busy, "b");
    for (uint32_t i = 0; i < 4 * MICO_SLICE_MS; i++) {
        mico_thread_sleep_ms(1);
    }
    CHECK_TRACE("abab");
}

static void be_busy_sleep_be_busy(void *arg)
{
    pass_ms(MICO_SLICE_MS - 3);
    mico_thread_sleep_ms(1);
    be_busy(arg);
}

static void a_thread_that_has_waited_begins_a_new_turn(void)
{
    spawn(0, 7, be_busy_sleep_be_busy, "a");
    mico_thread_sleep_ms(MICO_SLICE_MS);
    CHECK_TRACE("a"); /* now it has had two milliseconds of its second turn */
    spawn(1, 7, mark_once, "b");
    mico_thread_sleep_ms(MICO_SLICE_MS - 4);
    CHECK_TRACE("");
    mico_thread_sleep_ms(4);
    CHECK_TRACE("b");
}

static void priorities_above_9_are_taken_as_9(void)
{
    spawn(0, 200, mark_once, "x");
    CHECK_INT(mico_thread_priority(&thread[0]), 9);
}

static void sleep_lasts_as_long_as_asked(void)
{
    for (uint32_t ms = 1; ms < 40; ms += 7) {
        uint64_t start = mico_clock_ms();
        mico_thread_sleep_ms(ms);
        CHECK_ELAPSED(start, ms);
    }
}

static void sleep_then_mark(void *arg)
{
    const char *letter = arg;
    mico_thread_sleep_ms((uint32_t)(*letter - 'a') * 3 + 1);
    mark(*letter);
}

static void sleepers_wake_in_the_order_of_their_times(void)
{
    spawn(0, 4, sleep_then_mark, "c");
    spawn(1, 6, sleep_then_mark, "a");
    spawn(2, 3, sleep_then_mark, "d");
    spawn(3, 4, sleep_then_mark, "b");
    mico_thread_sleep_ms(30);
    CHECK_TRACE("abcd");
}

static void an_endless_sleep_ends_by_wake_alone(void)
{
    spawn(0, 4, sleep_long, NULL);
    mico_thread_sleep_ms(20);
    CHECK_TRACE("");
    mico_thread_wake(&thread[0]);
    CHECK_TRACE("w");
    CHECK(mico_thread_ended(&thread[0]));
}

static void wake_does_nothing_to_a_thread_that_does_not_sleep(void)
{
    struct mico_semaphore never;
    mico_semaphore_init(&never, 0, 1);
    mico_thread_wake(mico_thread_self());
    CHECK_INT(mico_semaphore_take(&never, 5), MICO_ERR_TIMEOUT);
    spawn(0, 7, mark_once, "r");
    mico_thread_wake(&thread[0]);
    CHECK_TRACE("");
}

static void join_waits_for_the_end_and_not_longer_than_asked(void)
{
    spawn(0, 4, sleep_long, NULL);
    uint64_t start = mico_clock_ms();
    CHECK_INT(mico_thread_join(&thread[0], MICO_NO_WAIT), MICO_ERR_TIMEOUT);
    CHECK_INT(mico_thread_join(&thread[0], 10), MICO_ERR_TIMEOUT);
    CHECK_ELAPSED(start, 10);
    spawn(1, 4, sleep_then_mark, "d");
    CHECK_INT(mico_thread_join(&thread[1], MICO_FOREVER), MICO_OK);
    CHECK_TRACE("d");
    CHECK_INT(mico_thread_join(&thread[1], MICO_FOREVER), MICO_OK);
}

static void join_first(void *arg)
{
    CHECK_INT(mico_thread_join(&thread[0], MICO_FOREVER), MICO_OK);
    mark(*(const char *)arg);
}

static void all_joiners_learn_of_the_end_by_priority(void)
{
    spawn(0, 7, sleep_long, NULL);
    let_others_run();
    spawn(1, 4, join_first, "b");
    spawn(2, 3, join_first, "a");
    spawn(3, 4, join_first, "c");
    mico_thread_delete(&thread[0]);
    CHECK_TRACE("abc");
}

static void delete_itself(void *arg)
{
    mark('d');
    mico_thread_delete(NULL);
    mark('!');
}

static void a_thread_that_deletes_itself_does_not_go_on(void)
{
    spawn(0, 4, delete_itself, NULL);
    CHECK(mico_thread_ended(&thread[0]));
    CHECK_TRACE("d");
    mico_thread_delete(&thread[0]);
}

static struct mico_semaphore some_semaphore;
static struct mico_mutex some_mutex;

static void wait_for_semaphore(void *arg)
{
    ignore(mico_semaphore_take(&some_semaphore, *(const uint32_t *)arg));
    mark('!');
}

static void wait_for_mutex(void *arg)
{
    ignore(mico_mutex_lock(&some_mutex, *(const uint32_t *)arg));
    mark('!');
}

static void a_thread_can_be_deleted_in_every_state(void)
{
    static const uint32_t some_ms = 20, forever = MICO_FOREVER;
    mico_semaphore_init(&some_semaphore, 0, 1);
    mico_mutex_init(&some_mutex);
    CHECK_INT(mico_mutex_lock(&some_mutex, MICO_NO_WAIT), MICO_OK);
    spawn(0, 7, mark_once, "!");
    spawn(1, 4, sleep_then_mark, "e");
    spawn(2, 4, wait_for_semaphore, (void *)(uintptr_t)&some_ms);
    spawn(3, 4, wait_for_semaphore, (void *)(uintptr_t)&forever);
    spawn(4, 4, wait_for_mutex, (void *)(uintptr_t)&some_ms);
    spawn(5, 4, wait_for_mutex, (void *)(uintptr_t)&forever);
    CHECK_INT(mico_thread_priority(mico_thread_self()), 4);
    for (unsigned i = 0; i < 6; i++) {
        mico_thread_delete(&thread[i]);
        CHECK(mico_thread_ended(&thread[i]));
        check_kernel();
    }
    CHECK_INT(mico_thread_priority(mico_thread_self()), MAIN_PRIORITY);
    CHECK_INT(mico_semaphore_give(&some_semaphore), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&some_mutex), MICO_OK);
    mico_thread_sleep_ms(30);
    CHECK_INT(mico_semaphore_take(&some_semaphore, MICO_NO_WAIT), MICO_OK);
    CHECK_TRACE("");
}

static void be_busy_shortly(void *arg)
{
    mico_thread_yield();
}

static void storage_and_stack_of_an_ended_thread_serve_again_at_once(void)
{
    for (int i = 0; i < 200; i++) {
        spawn(0, i % 2 == 0 ? 4 : 6, i % 3 == 0 ? sleep_long : be_busy_shortly, NULL);
        mico_thread_delete(&thread[0]);
    }
    CHECK(mico_thread_ended(&thread[0]));
}

static void set_priority_takes_effect_at_once(void)
{
    spawn(0, 7, mark_once, "l");
    mico_thread_set_priority(&thread[0], 4);
    CHECK_TRACE("l");
    spawn(1, 7, mark_once, "l");
    mico_thread_set_priority(mico_thread_self(), 8);
    mark('m');
    mico_thread_set_priority(mico_thread_self(), MAIN_PRIORITY);
    CHECK_TRACE("lm");
}

static void a_waiter_whose_priority_changes_finds_its_new_place(void)
{
    static const uint32_t forever = MICO_FOREVER;
    mico_semaphore_init(&some_semaphore, 0, 1);
    spawn(0, 3, wait_for_semaphore, (void *)(uintptr_t)&forever);
    spawn(1, 4, wait_for_semaphore, (void *)(uintptr_t)&forever);
    mico_thread_set_priority(&thread[1], 2);
    check_kernel();
    CHECK_INT(mico_semaphore_give(&some_semaphore), MICO_OK);
    CHECK(mico_thread_ended(&thread[1]));
    CHECK(!mico_thread_ended(&thread[0]));
}

static void unused_stack_is_less_than_the_stack_and_more_than_nothing(void)
{
    spawn(0, 4, sleep_long, NULL);
    size_t unused = mico_thread_stack_unused(&thread[0]);
    CHECK(unused > 0 && unused <= 2048);
}

/* The place of wanted in the list of threads, counted from 1; 0 when it is not there. */
static unsigned place_of(const struct mico_thread *wanted)
{
    unsigned place = 0;
    uint32_t irq = mico_irq_save();
    const struct mico_thread *at = mico_thread_next(NULL);
    while (at != NULL && at != wanted) {
        at = mico_thread_next(at);
        place++;
    }
    mico_irq_restore(irq);
    return at != NULL ? place + 1 : 0;
}

static bool is_listed(const char *name)
{
    const struct mico_thread *at = mico_thread_next(NULL);
    while (at != NULL && strcmp(at->name, name) != 0) {
        at = mico_thread_next(at);
    }
    return at != NULL;
}

static void every_thread_is_listed_from_its_start_to_its_end(void)
{
    spawn(0, 4, sleep_long, NULL);
    spawn(1, 6, mark_once, "b");
    spawn(2, 6, mark_once, "c");
    CHECK_INT(place_of(&thread[1]), place_of(&thread[0]) + 1);
    CHECK_INT(place_of(&thread[2]), place_of(&thread[0]) + 2);
    CHECK(place_of(mico_thread_self()) > 0 && place_of(mico_thread_self()) < place_of(&thread[0]));
    CHECK(is_listed("idle") && is_listed("main"));
    mico_thread_delete(&thread[1]);
    CHECK_INT(place_of(&thread[1]), 0);
    CHECK_INT(place_of(&thread[2]), place_of(&thread[0]) + 1);
    let_others_run();
    CHECK_INT(place_of(&thread[2]), 0);
    mico_thread_delete(&thread[0]);
    CHECK_INT(place_of(&thread[0]), 0);
    check_kernel();
}

static void join_self(void *arg)
{
    ignore(mico_thread_join(mico_thread_self(), 1));
}

static void create_with_tiny_stack(void *arg)
{
    static uint64_t tiny[2];
    mico_thread_create(&thread[9], "tiny", 5, mark_once, NULL, tiny, sizeof tiny);
}

static void create_with_crooked_stack(void *arg)
{
    static uint64_t stack[128];
    mico_thread_create(&thread[9], "crooked", 5, mark_once, NULL, (uint8_t *)stack + 4, sizeof stack - 8);
}

static void start_again(void *arg)
{
    static uint64_t stack[128];
    mico_kernel_start(mark_once, NULL, stack, sizeof stack);
}

static void misuse_of_threads_is_reported_and_changes_nothing(void)
{
    CHECK(is_misuse(join_self, NULL));
    CHECK(is_misuse(create_with_tiny_stack, NULL));
    CHECK(is_misuse(create_with_crooked_stack, NULL));
    CHECK(is_misuse(start_again, NULL));
    CHECK(mico_thread_ended(&thread[9]));
}

const struct kernel_case thread_cases[] = {
    CASE(a_higher_thread_runs_before_create_returns),
    CASE(a_lower_or_equal_thread_waits_its_turn),
    CASE(ready_threads_run_by_priority_then_by_age),
    CASE(equals_that_yield_take_turns),
    CASE(equals_that_do_not_yield_are_made_to_take_turns),
    CASE(turns_end_even_when_a_higher_thread_interrupts_them_all_the_time),
    CASE(a_thread_that_has_waited_begins_a_new_turn),
    CASE(priorities_above_9_are_taken_as_9),
    CASE(sleep_lasts_as_long_as_asked),
    CASE(sleepers_wake_in_the_order_of_their_times),
    CASE(an_endless_sleep_ends_by_wake_alone),
    CASE(wake_does_nothing_to_a_thread_that_does_not_sleep),
    CASE(join_waits_for_the_end_and_not_longer_than_asked),
    CASE(all_joiners_learn_of_the_end_by_priority),
    CASE(a_thread_that_deletes_itself_does_not_go_on),
    CASE(a_thread_can_be_deleted_in_every_state),
    CASE(storage_and_stack_of_an_ended_thread_serve_again_at_once),
    CASE(set_priority_takes_effect_at_once),
    CASE(a_waiter_whose_priority_changes_finds_its_new_place),
    CASE(unused_stack_is_less_than_the_stack_and_more_than_nothing),
    CASE(every_thread_is_listed_from_its_start_to_its_end),
    CASE(misuse_of_threads_is_reported_and_changes_nothing),
};
END_OF_CASES(thread_cases);
