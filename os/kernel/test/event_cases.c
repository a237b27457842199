/* SPDX-License-Identifier: Apache-2.0 */
/* Event flags. */
#include "os/kernel/test/cases.h"

static struct mico_event e;

static mico_err wait_now(uint32_t flags, unsigned how, uint32_t *found)
{
    return mico_event_wait(&e, flags, how, found, MICO_NO_WAIT);
}

static void any_of_the_flags_ends_a_wait_and_is_taken(void)
{
    uint32_t found = 99;
    mico_event_init(&e);
    CHECK_INT(wait_now(3, MICO_EVENT_ANY, &found), MICO_ERR_TIMEOUT);
    CHECK_INT(found, 99);
    CHECK_INT(mico_event_set(&e, 6), 6);
    CHECK_INT(wait_now(3, MICO_EVENT_ANY, &found), MICO_OK);
    CHECK_INT(found, 6);
    CHECK_INT(mico_event_get(&e), 4);
    CHECK_INT(wait_now(3, MICO_EVENT_ANY, NULL), MICO_ERR_TIMEOUT);
}

static void a_wait_for_all_flags_takes_them_when_the_last_has_come(void)
{
    uint32_t found = 0;
    mico_event_init(&e);
    (void)mico_event_set(&e, 1);
    CHECK_INT(wait_now(5, MICO_EVENT_ALL, &found), MICO_ERR_TIMEOUT);
    CHECK_INT(mico_event_get(&e), 1);
    (void)mico_event_set(&e, 0x8000000C);
    CHECK_INT(wait_now(5, MICO_EVENT_ALL, &found), MICO_OK);
    CHECK(found == 0x8000000D);
    CHECK(mico_event_get(&e) == 0x80000008);
}

static void a_wait_that_keeps_leaves_the_flags_and_clear_tells_what_was(void)
{
    mico_event_init(&e);
    (void)mico_event_set(&e, 3);
    CHECK_INT(wait_now(1, MICO_EVENT_KEEP, NULL), MICO_OK);
    CHECK_INT(wait_now(3, MICO_EVENT_ALL | MICO_EVENT_KEEP, NULL), MICO_OK);
    CHECK_INT(mico_event_clear(&e, 2), 3);
    CHECK_INT(mico_event_clear(&e, 8), 1);
    CHECK_INT(mico_event_get(&e), 1);
}

struct wait {
    uint32_t flags;
    unsigned how;
    char letter;
};

static void wait_and_mark(void *arg)
{
    const struct wait *wait = arg;
    switch (mico_event_wait(&e, wait->flags, wait->how, NULL, 20)) {
    case MICO_OK:
        mark(wait->letter);
        break;
    case MICO_ERR_TIMEOUT:
        mark('t');
        break;
    default:
        mark('c');
        break;
    }
}

#define WAIT(...) ((void *)(uintptr_t) & (const struct wait){__VA_ARGS__})

static void a_flag_that_is_taken_serves_the_first_waiter_and_one_that_is_kept_serves_all(void)
{
    mico_event_init(&e);
    spawn(0, 4, wait_and_mark, WAIT(1, MICO_EVENT_ANY, 'b'));
    spawn(1, 3, wait_and_mark, WAIT(1, MICO_EVENT_KEEP, 'a'));
    spawn(2, 4, wait_and_mark, WAIT(1, MICO_EVENT_ANY, 'c'));
    spawn(3, 2, wait_and_mark, WAIT(3, MICO_EVENT_ALL, 'd'));
    CHECK_INT(mico_event_set(&e, 1), 0);
    check_kernel();
    CHECK_TRACE("ab");
    CHECK_INT(mico_event_set(&e, 2), 2);
    CHECK_TRACE("");
    CHECK_INT(mico_event_set(&e, 1), 0); /* the highest has both now */
    CHECK_TRACE("d");
    CHECK_INT(mico_event_set(&e, 1), 0);
    CHECK_TRACE("c");
}

static void a_wait_for_flags_gives_up_after_its_timeout(void)
{
    mico_event_init(&e);
    (void)mico_event_set(&e, 2);
    uint64_t start = mico_clock_ms();
    CHECK_INT(mico_event_wait(&e, 3, MICO_EVENT_ALL, NULL, 9), MICO_ERR_TIMEOUT);
    CHECK_ELAPSED(start, 9);
    CHECK_INT(mico_event_get(&e), 2);
}

static void set_one(void *arg)
{
    (void)mico_event_set(&e, 1);
}

static void take_one(void *arg)
{
    *(mico_err *)arg = wait_now(1, MICO_EVENT_ANY, NULL);
}

static void wait_for_one(void *arg)
{
    ignore(mico_event_wait(&e, 1, MICO_EVENT_ANY, NULL, 1));
}

static void report_wait(void *arg)
{
    *(bool *)arg = is_misuse(wait_for_one, NULL);
}

static void wait_for_none(void *arg)
{
    ignore(wait_now(0, MICO_EVENT_ANY, NULL));
}

static void an_interrupt_may_set_and_take_flags_but_not_wait_for_them(void)
{
    mico_err err = MICO_ERR_IO;
    bool misused = false;
    mico_event_init(&e);
    spawn(0, 3, wait_and_mark, WAIT(1, MICO_EVENT_ANY, 'w'));
    as_interrupt(set_one, NULL);
    CHECK_TRACE("w");
    as_interrupt(take_one, &err);
    CHECK_INT(err, MICO_ERR_TIMEOUT);
    as_interrupt(set_one, NULL);
    as_interrupt(take_one, &err);
    CHECK_INT(err, MICO_OK);
    as_interrupt(report_wait, &misused);
    CHECK(misused);
    CHECK(is_misuse(wait_for_none, NULL));
}

static void deinit_of_an_event_releases_its_waiters_with_an_error(void)
{
    mico_event_init(&e);
    spawn(0, 3, wait_and_mark, WAIT(1, MICO_EVENT_ANY, '!'));
    spawn(1, 7, wait_and_mark, WAIT(2, MICO_EVENT_ALL, '!'));
    let_others_run();
    mico_event_deinit(&e);
    let_others_run();
    CHECK_TRACE("cc");
}

const struct kernel_case event_cases[] = {
    CASE(any_of_the_flags_ends_a_wait_and_is_taken),
    CASE(a_wait_for_all_flags_takes_them_when_the_last_has_come),
    CASE(a_wait_that_keeps_leaves_the_flags_and_clear_tells_what_was),
    CASE(a_flag_that_is_taken_serves_the_first_waiter_and_one_that_is_kept_serves_all),
    CASE(a_wait_for_flags_gives_up_after_its_timeout),
    CASE(an_interrupt_may_set_and_take_flags_but_not_wait_for_them),
    CASE(deinit_of_an_event_releases_its_waiters_with_an_error),
};
END_OF_CASES(event_cases);
