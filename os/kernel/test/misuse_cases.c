/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that are not there yet, or no longer: every call reports that or says that there is nothing; none hangs. */
#include "os/kernel/test/cases.h"

#include <string.h>

static struct mico_semaphore s;
static struct mico_queue q;
static struct mico_event e;
static struct mico_pool p;
static struct mico_mutex m;
static struct mico_timer t;
static struct mico_thread none;
static uint32_t room[4];
static void *blocks[4];

static void take(void *arg)
{
    ignore(mico_semaphore_take(&s, *(const uint32_t *)arg));
}

static void give(void *arg)
{
    ignore(mico_semaphore_give(&s));
}

static void push(void *arg)
{
    uint32_t item = 1;
    ignore(mico_queue_push(&q, &item, *(const uint32_t *)arg));
}

static void pop(void *arg)
{
    uint32_t item;
    ignore(mico_queue_pop(&q, &item, *(const uint32_t *)arg));
}

static void wait_for_flag(void *arg)
{
    ignore(mico_event_wait(&e, 1, 0, NULL, *(const uint32_t *)arg));
}

static void set_flag(void *arg)
{
    (void)mico_event_set(&e, 1);
}

static void take_block(void *arg)
{
    void *block;
    ignore(mico_pool_take(&p, &block, *(const uint32_t *)arg));
}

static void lock(void *arg)
{
    ignore(mico_mutex_lock(&m, *(const uint32_t *)arg));
}

/* Whether the calls on the objects above are refused, whatever their timeouts. */
static void check_that_none_is_usable(void)
{
    static void (*const calls[])(void *arg) = {take, give, push, pop, wait_for_flag, set_flag, take_block, lock};
    static uint32_t timeouts[] = {MICO_NO_WAIT, 5, MICO_FOREVER};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (size_t k = 0; k < sizeof timeouts / sizeof timeouts[0]; k++) {
            CHECK(is_misuse(calls[i], &timeouts[k]));
            check_kernel();
        }
    }
    CHECK_INT(mico_pool_give(&p, blocks), MICO_ERR_PARAM);
    CHECK_INT(mico_mutex_unlock(&m), MICO_ERR_STATE);
    CHECK_INT(mico_queue_count(&q), 0);
    CHECK_INT(mico_pool_available(&p), 0);
    CHECK_INT(mico_event_get(&e), 0);
    mico_thread_sleep_ms(1); /* interrupts are allowed as before, and the kernel goes on */
}

static void deinit_all(void)
{
    mico_semaphore_deinit(&s);
    mico_queue_deinit(&q);
    mico_event_deinit(&e);
    mico_pool_deinit(&p);
    mico_mutex_deinit(&m);
}

static void zero_all(void)
{
    memset(&s, 0, sizeof s);
    memset(&q, 0, sizeof q);
    memset(&e, 0, sizeof e);
    memset(&p, 0, sizeof p);
    memset(&m, 0, sizeof m);
    memset(&t, 0, sizeof t);
}

static void objects_of_zeros_are_refused_by_every_call(void)
{
    zero_all();
    check_that_none_is_usable();
    deinit_all();
    check_that_none_is_usable();
}

static void objects_that_were_deinitialised_are_refused_by_every_call(void)
{
    void *block;
    mico_semaphore_init(&s, 1, 1);
    mico_queue_init(&q, room, sizeof room[0], 4);
    mico_event_init(&e);
    mico_pool_init(&p, blocks, sizeof blocks[0], 4);
    mico_mutex_init(&m);
    push(&(uint32_t){0});
    set_flag(NULL);
    CHECK_INT(mico_pool_take(&p, &block, MICO_NO_WAIT), MICO_OK);
    deinit_all();
    check_that_none_is_usable();
    deinit_all();
    check_that_none_is_usable();
}

static void start_timer(void *arg)
{
    mico_timer_start(&t);
}

static void a_timer_of_zeros_can_be_asked_and_stopped_but_not_started(void)
{
    zero_all();
    CHECK(is_misuse(start_timer, NULL));
    mico_timer_stop(&t);
    mico_timer_cancel(&t);
    CHECK(!mico_timer_running(&t));
}

static void a_thread_of_zeros_has_ended(void)
{
    memset(&none, 0, sizeof none);
    CHECK(mico_thread_ended(&none));
    CHECK_INT(mico_thread_join(&none, MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_thread_stack_unused(&none), 0);
    mico_thread_wake(&none);
    mico_thread_set_priority(&none, 1);
    mico_thread_delete(&none);
}

static void create_without_stack(void *arg)
{
    mico_thread_create(&none, "none", 3, take, NULL, NULL, 1024);
}

static void create_without_entry(void *arg)
{
    static uint64_t stack[64];
    mico_thread_create(&none, "none", 3, NULL, NULL, stack, sizeof stack);
}

static void queue_too_large(void *arg)
{
    mico_queue_init(&q, room, 0x10000, 0x10000);
}

static void pool_too_large(void *arg)
{
    mico_pool_init(&p, blocks, 0x10000, 0x10000);
}

static void what_cannot_be_made_is_misuse(void)
{
    CHECK(is_misuse(create_without_stack, NULL));
    CHECK(is_misuse(create_without_entry, NULL));
    CHECK(is_misuse(queue_too_large, NULL));
    CHECK(is_misuse(pool_too_large, NULL));
    zero_all();
}

const struct kernel_case misuse_cases[] = {
    CASE(objects_of_zeros_are_refused_by_every_call),
    CASE(objects_that_were_deinitialised_are_refused_by_every_call),
    CASE(a_timer_of_zeros_can_be_asked_and_stopped_but_not_started),
    CASE(a_thread_of_zeros_has_ended),
    CASE(what_cannot_be_made_is_misuse),
};
END_OF_CASES(misuse_cases);
