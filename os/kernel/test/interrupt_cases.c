/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel in interrupts: what may be called, what may not, and that a woken thread takes over at the end of one. */
#include "os/kernel/test/cases.h"

static struct mico_semaphore s;
static struct mico_queue q;
static struct mico_mutex m;
static uint32_t room[2];

static void give_twice(void *arg)
{
    CHECK(mico_in_interrupt());
    mark('i');
    CHECK_INT(mico_semaphore_give(&s), MICO_OK);
    CHECK_INT(mico_semaphore_give(&s), MICO_OK);
    mark('j');
}

static void take_and_mark(void *arg)
{
    for (;;) {
        CHECK_INT(mico_semaphore_take(&s, MICO_FOREVER), MICO_OK);
        mark(*(const char *)arg);
    }
}

static void a_thread_woken_in_an_interrupt_takes_over_at_its_end(void)
{
    mico_semaphore_init(&s, 0, 2);
    spawn(0, 3, take_and_mark, "h");
    spawn(1, 7, take_and_mark, "l");
    let_others_run();
    CHECK(!mico_in_interrupt());
    as_interrupt(give_twice, NULL);
    mark('m');
    CHECK_TRACE("ijhm");
    let_others_run();
    CHECK_TRACE("l");
}

static void push_one(void *arg)
{
    uint32_t item = *(const uint32_t *)arg;
    ignore(mico_queue_push(&q, &item, MICO_NO_WAIT));
}

static void pop_and_mark(void *arg)
{
    uint32_t item;
    while (mico_queue_pop(&q, &item, MICO_FOREVER) == MICO_OK) {
        mark((char)item);
    }
}

static void a_push_in_an_interrupt_reaches_a_taker_and_a_full_queue_refuses_it(void)
{
    uint32_t item = 'a';
    mico_queue_init(&q, room, sizeof item, 2);
    spawn(0, 3, pop_and_mark, NULL);
    as_interrupt(push_one, &item);
    CHECK_TRACE("a");
    reap();
    for (item = 'b'; item <= 'd'; item++) {
        as_interrupt(push_one, &item);
    }
    CHECK_INT(mico_queue_count(&q), 2);
    spawn(0, 3, pop_and_mark, NULL);
    CHECK_TRACE("bc");
}

static bool misused[6];

static void wait_for_semaphore(void *arg)
{
    ignore(mico_semaphore_take(&s, 1));
}

static void wait_for_queue(void *arg)
{
    uint32_t item;
    ignore(mico_queue_pop(&q, &item, MICO_FOREVER));
}

static void lock(void *arg)
{
    ignore(mico_mutex_lock(&m, MICO_NO_WAIT));
}

static void sleep_one(void *arg)
{
    mico_thread_sleep_ms(1);
}

static void delete_a_thread(void *arg)
{
    mico_thread_delete(&thread[0]);
}

static void create_a_thread(void *arg)
{
    static uint64_t stack[64];
    mico_thread_create(&thread[9], "interrupt", 3, lock, NULL, stack, sizeof stack);
}

static void misuse_all(void *arg)
{
    void (*const actions[])(void *) = {wait_for_semaphore, wait_for_queue, lock, sleep_one, delete_a_thread,
                                       create_a_thread};
    for (int i = 0; i < 6; i++) {
        misused[i] = is_misuse(actions[i], NULL);
    }
}

static void calls_that_may_wait_are_misuse_in_interrupts(void)
{
    mico_semaphore_init(&s, 1, 1);
    mico_queue_init(&q, room, sizeof room[0], 2);
    mico_mutex_init(&m);
    as_interrupt(misuse_all, NULL);
    for (int i = 0; i < 6; i++) {
        CHECK(misused[i]);
    }
    CHECK_INT(mico_semaphore_take(&s, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_mutex_lock(&m, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&m), MICO_OK);
}

static void take_at_once(void *arg)
{
    *(mico_err *)arg = mico_semaphore_take(&s, MICO_NO_WAIT);
}

static void an_interrupt_may_take_what_is_there(void)
{
    mico_err err = MICO_ERR_IO;
    mico_semaphore_init(&s, 1, 1);
    as_interrupt(take_at_once, &err);
    CHECK_INT(err, MICO_OK);
    as_interrupt(take_at_once, &err);
    CHECK_INT(err, MICO_ERR_TIMEOUT);
}

static void start_timer(void *arg)
{
    mico_timer_start(arg);
}

static void mark_t(void *arg)
{
    mark('t');
}

static void an_interrupt_may_start_a_timer(void)
{
    static struct mico_timer timer;
    mico_timer_init(&timer, mark_t, NULL, 3, false);
    as_interrupt(start_timer, &timer);
    mico_thread_sleep_ms(6);
    CHECK_TRACE("t");
}

static void wake_first(void *arg)
{
    mico_thread_wake(&thread[0]);
}

static void sleep_and_mark(void *arg)
{
    mico_thread_sleep_ms(MICO_FOREVER);
    mark('w');
}

static void no_switch_happens_while_interrupts_are_masked(void)
{
    spawn(0, 3, sleep_and_mark, NULL);
    uint32_t outer = mico_irq_save();
    uint32_t inner = mico_irq_save();
    wake_first(NULL);
    mico_irq_restore(inner);
    CHECK_TRACE("");
    mico_irq_restore(outer);
    CHECK_TRACE("w");
}

const struct kernel_case interrupt_cases[] = {
    CASE(a_thread_woken_in_an_interrupt_takes_over_at_its_end),
    CASE(a_push_in_an_interrupt_reaches_a_taker_and_a_full_queue_refuses_it),
    CASE(calls_that_may_wait_are_misuse_in_interrupts),
    CASE(an_interrupt_may_take_what_is_there),
    CASE(an_interrupt_may_start_a_timer),
    CASE(no_switch_happens_while_interrupts_are_masked),
};
END_OF_CASES(interrupt_cases);
