/* SPDX-License-Identifier: Apache-2.0 */
/* Priority inheritance: what kernels are known to get wrong, one case each. Lower numbers are higher priorities; the main
 * thread (5) watches threads that hold and want mutexes. */
#include "os/kernel/test/cases.h"

static struct mico_mutex m[4];
static struct mico_semaphore gate;

/* A thread locks what it is told, one after another, then sleeps; each wake lets it unlock the newest. */
struct plan {
    const char *locks;   /* digits: indices of m */
    uint32_t timeout_ms; /* of the last lock */
};

static void follow(void *arg)
{
    const struct plan *plan = arg;
    const char *at = plan->locks;
    for (; *at != '\0'; at++) {
        uint32_t timeout_ms = at[1] == '\0' ? plan->timeout_ms : MICO_FOREVER;
        if (mico_mutex_lock(&m[*at - '0'], timeout_ms) != MICO_OK) {
            mark('t');
            break;
        }
    }
    while (at != plan->locks) {
        mico_thread_sleep_ms(MICO_FOREVER);
        at--;
        CHECK_INT(mico_mutex_unlock(&m[*at - '0']), MICO_OK);
    }
}

#define PLAN(...) ((void *)(uintptr_t)&(const struct plan){__VA_ARGS__})
#define LOCKS(digits) PLAN(.locks = (digits), .timeout_ms = MICO_FOREVER)

static void begin(void)
{
    for (int i = 0; i < 4; i++) {
        mico_mutex_init(&m[i]);
    }
    mico_semaphore_init(&gate, 0, 1);
}

static void let_all_run(void)
{
    let_others_run();
    check_kernel();
}

static void wake(unsigned i)
{
    mico_thread_wake(&thread[i]);
    let_all_run();
}

static void check_priorities(const char *expected)
{
    check_kernel();
    for (unsigned i = 0; expected[i] != '\0'; i++) {
        CHECK_INT(mico_thread_priority(&thread[i]), expected[i] - '0');
    }
}

static void start(unsigned i, unsigned priority, void *plan)
{
    spawn(i, priority, follow, plan);
    let_all_run();
}

static void an_owner_has_the_priority_of_its_waiter_until_it_unlocks(void)
{
    begin();
    start(0, 8, LOCKS("0"));
    start(1, 3, LOCKS("0"));
    check_priorities("33");
    wake(0);
    CHECK(mico_thread_ended(&thread[0]));
    CHECK_INT(mico_thread_priority(&thread[1]), 3);
}

static void a_higher_waiter_that_comes_later_lends_more(void)
{
    begin();
    start(0, 8, LOCKS("0"));
    start(1, 6, LOCKS("0"));
    check_priorities("6");
    start(2, 2, LOCKS("0"));
    check_priorities("262");
}

static void a_lower_waiter_lends_nothing(void)
{
    begin();
    start(0, 6, LOCKS("0"));
    start(1, 8, LOCKS("0"));
    check_priorities("68");
}

static void only_the_last_of_nested_unlocks_gives_the_loan_back(void)
{
    begin();
    start(0, 8, LOCKS("000"));
    start(1, 3, LOCKS("0"));
    wake(0);
    check_priorities("33");
    wake(0);
    check_priorities("33");
    wake(0);
    CHECK(mico_thread_ended(&thread[0]));
}

static void the_loan_through_one_mutex_ends_with_it_while_another_is_held(void)
{
    begin();
    start(0, 8, LOCKS("01"));
    start(1, 3, LOCKS("1"));
    start(2, 6, LOCKS("0"));
    check_priorities("336");
    wake(0);
    check_priorities("636");
}

static void the_loan_through_a_mutex_that_is_kept_stays(void)
{
    begin();
    start(0, 8, LOCKS("01"));
    start(1, 3, LOCKS("0"));
    start(2, 6, LOCKS("1"));
    wake(0);
    check_priorities("336");
}

static void a_timed_out_waiter_takes_its_loan_back(void)
{
    begin();
    start(0, 8, LOCKS("0"));
    start(1, 3, PLAN(.locks = "0", .timeout_ms = 10));
    check_priorities("33");
    mico_thread_sleep_ms(12);
    CHECK_TRACE("t");
    check_priorities("8");
}

static void a_timed_out_waiter_takes_its_loan_back_while_a_second_mutex_is_held(void)
{
    begin();
    start(0, 8, LOCKS("01"));
    start(1, 7, LOCKS("1"));
    start(2, 3, PLAN(.locks = "0", .timeout_ms = 10));
    check_priorities("373");
    mico_thread_sleep_ms(12);
    check_priorities("77");
}

static void a_loan_goes_through_a_chain_of_owners(void)
{
    begin();
    start(0, 9, LOCKS("0"));
    start(1, 8, LOCKS("10"));
    start(2, 7, LOCKS("21"));
    check_priorities("777");
    start(3, 2, LOCKS("2"));
    check_priorities("2222");
}

static void the_end_of_a_loan_goes_through_the_chain_too(void)
{
    begin();
    start(0, 9, LOCKS("0"));
    start(1, 8, LOCKS("10"));
    start(2, 7, LOCKS("21"));
    start(3, 2, PLAN(.locks = "2", .timeout_ms = 10));
    check_priorities("2222");
    mico_thread_sleep_ms(12);
    CHECK_TRACE("t");
    check_priorities("777");
}

static void a_timeout_in_the_middle_of_a_chain_cuts_it(void)
{
    begin();
    start(0, 9, LOCKS("0"));
    start(1, 8, PLAN(.locks = "10", .timeout_ms = 10));
    start(2, 2, LOCKS("1"));
    check_priorities("222");
    mico_thread_sleep_ms(12);
    CHECK_TRACE("t");
    check_priorities("922");
}

static void deletion_of_a_waiter_takes_its_loan_back_along_the_chain(void)
{
    begin();
    start(0, 9, LOCKS("0"));
    start(1, 8, LOCKS("10"));
    start(2, 2, LOCKS("1"));
    check_priorities("222");
    mico_thread_delete(&thread[2]);
    check_priorities("88");
}

static void deletion_in_the_middle_of_a_chain_cuts_it(void)
{
    begin();
    start(0, 9, LOCKS("0"));
    start(1, 8, LOCKS("10"));
    start(2, 2, LOCKS("1"));
    mico_thread_delete(&thread[1]);
    check_kernel();
    CHECK_INT(mico_thread_priority(&thread[0]), 9);
    CHECK_INT(mico_thread_priority(&thread[2]), 2);
}

static void the_heir_of_a_mutex_owes_to_those_who_still_wait(void)
{
    begin();
    start(0, 8, LOCKS("0"));
    start(1, 7, LOCKS("0"));
    start(2, 3, PLAN(.locks = "0", .timeout_ms = MICO_FOREVER));
    start(3, 6, LOCKS("0"));
    wake(0);
    CHECK_INT(mico_thread_priority(&thread[2]), 3);
    wake(2);
    CHECK_INT(mico_thread_priority(&thread[3]), 6);
    start(4, 2, LOCKS("0"));
    CHECK_INT(mico_thread_priority(&thread[3]), 2);
    wake(3);
    CHECK_INT(mico_thread_priority(&thread[4]), 2);
}

static void a_changed_priority_of_a_waiter_reaches_the_owners(void)
{
    begin();
    start(0, 9, LOCKS("0"));
    start(1, 8, LOCKS("10"));
    start(2, 7, LOCKS("1"));
    mico_thread_set_priority(&thread[2], 1);
    check_priorities("111");
    mico_thread_set_priority(&thread[2], 9);
    check_priorities("889");
}

static void a_changed_priority_of_an_owner_does_not_cost_its_loan(void)
{
    begin();
    start(0, 8, LOCKS("0"));
    start(1, 3, LOCKS("0"));
    mico_thread_set_priority(&thread[0], 9);
    check_priorities("33");
    mico_thread_set_priority(&thread[0], 2);
    check_priorities("23");
    mico_thread_set_priority(&thread[0], 9);
    check_priorities("33");
}

static void pass_the_gate(void *arg)
{
    CHECK_INT(mico_mutex_lock(&m[0], MICO_FOREVER), MICO_OK);
    CHECK_INT(mico_semaphore_take(&gate, MICO_FOREVER), MICO_OK);
    mark('o');
    CHECK_INT(mico_mutex_unlock(&m[0]), MICO_OK);
}

static void pass_the_gate_alone(void *arg)
{
    CHECK_INT(mico_semaphore_take(&gate, MICO_FOREVER), MICO_OK);
    mark('x');
}

static void an_owner_that_waits_for_a_semaphore_moves_up_among_its_waiters(void)
{
    begin();
    spawn(0, 8, pass_the_gate, NULL);
    let_all_run();
    spawn(1, 7, pass_the_gate_alone, NULL);
    let_all_run();
    start(2, 3, LOCKS("0"));
    CHECK_INT(mico_semaphore_give(&gate), MICO_OK);
    CHECK_TRACE("o");
    let_all_run();
    CHECK_TRACE("");
}

static void be_a_nuisance(void *arg)
{
    mark('n');
    pass_ms(30);
    mark('n');
}

static void hold_shortly(void *arg)
{
    CHECK_INT(mico_mutex_lock(&m[0], MICO_FOREVER), MICO_OK);
    mico_thread_sleep_ms(10);
    mark(*(const char *)arg);
    CHECK_INT(mico_mutex_unlock(&m[0]), MICO_OK);
}

/* The inversion itself: a middle thread must not keep a high one waiting for a low one. The low one is woken while the
 * middle one is busy. */
static void a_thread_between_waiter_and_owner_does_not_come_first(void)
{
    begin();
    spawn(0, 9, hold_shortly, "l");
    let_others_run();
    spawn(1, 6, hold_shortly, "h");
    let_others_run();
    spawn(2, 7, be_a_nuisance, NULL);
    mico_thread_sleep_ms(60);
    CHECK_TRACE("nlhn"); /* without inheritance: nnlh */
}

const struct kernel_case inheritance_cases[] = {
    CASE(an_owner_has_the_priority_of_its_waiter_until_it_unlocks),
    CASE(a_higher_waiter_that_comes_later_lends_more),
    CASE(a_lower_waiter_lends_nothing),
    CASE(only_the_last_of_nested_unlocks_gives_the_loan_back),
    CASE(the_loan_through_one_mutex_ends_with_it_while_another_is_held),
    CASE(the_loan_through_a_mutex_that_is_kept_stays),
    CASE(a_timed_out_waiter_takes_its_loan_back),
    CASE(a_timed_out_waiter_takes_its_loan_back_while_a_second_mutex_is_held),
    CASE(a_loan_goes_through_a_chain_of_owners),
    CASE(the_end_of_a_loan_goes_through_the_chain_too),
    CASE(a_timeout_in_the_middle_of_a_chain_cuts_it),
    CASE(deletion_of_a_waiter_takes_its_loan_back_along_the_chain),
    CASE(deletion_in_the_middle_of_a_chain_cuts_it),
    CASE(the_heir_of_a_mutex_owes_to_those_who_still_wait),
    CASE(a_changed_priority_of_a_waiter_reaches_the_owners),
    CASE(a_changed_priority_of_an_owner_does_not_cost_its_loan),
    CASE(an_owner_that_waits_for_a_semaphore_moves_up_among_its_waiters),
    CASE(a_thread_between_waiter_and_owner_does_not_come_first),
};
END_OF_CASES(inheritance_cases);
