/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes: exclusion, depth, order, misuse. Inheritance is in inheritance_cases.c. */
#include "os/kernel/test/cases.h"

static struct mico_mutex a, b;

static void lock_and_mark(void *arg)
{
    CHECK_INT(mico_mutex_lock(&a, MICO_FOREVER), MICO_OK);
    mark(*(const char *)arg);
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
}

static void a_free_mutex_is_locked_without_waiting(void)
{
    mico_mutex_init(&a);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    CHECK_INT(mico_mutex_lock(&a, MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    mico_mutex_deinit(&a);
}

static void a_mutex_is_free_after_as_many_unlocks_as_locks(void)
{
    mico_mutex_init(&a);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    }
    spawn(0, 4, lock_and_mark, "h");
    for (int i = 0; i < 3; i++) {
        CHECK_TRACE("");
        CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    }
    CHECK_TRACE("h");
    CHECK_INT(mico_mutex_unlock(&a), MICO_ERR_STATE);
}

static void waiters_come_in_by_priority_then_by_age(void)
{
    mico_mutex_init(&a);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    spawn(0, 4, lock_and_mark, "3");
    spawn(1, 2, lock_and_mark, "1");
    spawn(2, 4, lock_and_mark, "4");
    spawn(3, 3, lock_and_mark, "2");
    let_others_run(); /* the loan of the second kept the others from coming */
    check_kernel();
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    CHECK_TRACE("1234");
}

static void try_to_lock(void *arg)
{
    uint64_t start = mico_clock_ms();
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_ERR_TIMEOUT);
    CHECK_INT(mico_mutex_lock(&a, 8), MICO_ERR_TIMEOUT);
    CHECK_ELAPSED(start, 8);
    mark('t');
}

static void a_lock_gives_up_after_its_timeout(void)
{
    mico_mutex_init(&a);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    spawn(0, 4, try_to_lock, NULL);
    mico_thread_sleep_ms(12);
    CHECK_TRACE("t");
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
}

static void unlock_a(void *arg)
{
    CHECK_INT(mico_mutex_unlock(&a), MICO_ERR_STATE);
    mark('s');
}

static void who_does_not_own_a_mutex_cannot_unlock_it(void)
{
    mico_mutex_init(&a);
    CHECK_INT(mico_mutex_unlock(&a), MICO_ERR_STATE);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    spawn(0, 4, unlock_a, NULL);
    CHECK_TRACE("s");
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
}

static void mark_once(void *arg)
{
    mark(*(const char *)arg);
}

static void an_owner_that_gives_a_loan_back_keeps_its_turn_among_its_equals(void)
{
    mico_mutex_init(&a);
    spawn(0, MAIN_PRIORITY, mark_once, "e");
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    spawn(1, 4, lock_and_mark, "h");
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    mark('m');
    mico_thread_yield();
    CHECK_TRACE("hme");
}

static void unlocking_in_another_order_than_locking_works(void)
{
    mico_mutex_init(&a);
    mico_mutex_init(&b);
    for (int order = 0; order < 2; order++) {
        CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
        CHECK_INT(mico_mutex_lock(&b, MICO_NO_WAIT), MICO_OK);
        CHECK_INT(mico_mutex_unlock(order == 0 ? &a : &b), MICO_OK);
        check_kernel();
        CHECK_INT(mico_mutex_unlock(order == 0 ? &b : &a), MICO_OK);
        check_kernel();
    }
}

static void lock_b_then_a(void *arg)
{
    CHECK_INT(mico_mutex_lock(&b, MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_mutex_lock(&a, MICO_FOREVER), MICO_OK);
    mark('b');
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&b), MICO_OK);
}

static void a_lock_that_would_deadlock_is_refused_at_once(void)
{
    mico_mutex_init(&a);
    mico_mutex_init(&b);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    spawn(0, 4, lock_b_then_a, NULL);
    uint64_t start = mico_clock_ms();
    CHECK_INT(mico_mutex_lock(&b, MICO_FOREVER), MICO_ERR_STATE);
    CHECK_INT(mico_mutex_lock(&b, 100), MICO_ERR_STATE);
    CHECK_ELAPSED(start, 0);
    check_kernel();
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    CHECK_TRACE("b");
}

static void hold_until_woken(void *arg)
{
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_mutex_lock(&b, MICO_NO_WAIT), MICO_OK);
    mico_thread_sleep_ms(MICO_FOREVER);
}

static void mutexes_of_a_deleted_thread_go_to_their_waiters(void)
{
    mico_mutex_init(&a);
    mico_mutex_init(&b);
    spawn(0, 4, hold_until_woken, NULL);
    spawn(1, 3, lock_and_mark, "w");
    CHECK_TRACE("");
    mico_thread_delete(&thread[0]);
    CHECK_TRACE("w");
    CHECK_INT(mico_mutex_lock(&b, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&b), MICO_OK);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
}

static void deinit_a(void *arg)
{
    mico_mutex_deinit(&a);
}

static void deinit_of_a_locked_mutex_is_misuse(void)
{
    mico_mutex_init(&a);
    CHECK_INT(mico_mutex_lock(&a, MICO_NO_WAIT), MICO_OK);
    CHECK(is_misuse(deinit_a, NULL));
    CHECK_INT(mico_mutex_unlock(&a), MICO_OK);
    CHECK(!is_misuse(deinit_a, NULL));
}

const struct kernel_case mutex_cases[] = {
    CASE(a_free_mutex_is_locked_without_waiting),
    CASE(a_mutex_is_free_after_as_many_unlocks_as_locks),
    CASE(waiters_come_in_by_priority_then_by_age),
    CASE(a_lock_gives_up_after_its_timeout),
    CASE(who_does_not_own_a_mutex_cannot_unlock_it),
    CASE(an_owner_that_gives_a_loan_back_keeps_its_turn_among_its_equals),
    CASE(unlocking_in_another_order_than_locking_works),
    CASE(a_lock_that_would_deadlock_is_refused_at_once),
    CASE(mutexes_of_a_deleted_thread_go_to_their_waiters),
    CASE(deinit_of_a_locked_mutex_is_misuse),
};
END_OF_CASES(mutex_cases);
