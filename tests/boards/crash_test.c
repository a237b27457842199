/* SPDX-License-Identifier: Apache-2.0 */
/* What a crash leaves behind: the report names cause and thread, outlives the reset, and the next life reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "micoder/crash_cmd.h"
#include "micoder/crash_symbols.h"
#include "tests/boards/crash_run.h"

static int start(void **state)
{
    run_start();
    run_expect("crash firmware; before: nothing");
    return 0;
}

static int stop(void **state)
{
    run_stop();
    return 0;
}

/* Crash by letter; the report, and what the next life says of it. */
static struct mico_crash crash_by(char letter, const char *cause)
{
    struct mico_crash crash;
    char wanted[96];
    run_letter(letter);
    run_record(&crash);
    assert_string_equal(mico_crash_cause_name(crash.cause), cause);
    assert_string_equal(crash.thread, "worker");
    assert_string_equal(crash.board, run_board());
    assert_false(crash.in_interrupt);
    snprintf(wanted, sizeof wanted, "before: %s in thread worker on %s", cause, run_board());
    run_expect(wanted);
    return crash;
}

/* The tool's symbols name function among the first calls, and its caller behind it. */
static void expect_calls(const struct mico_crash *crash, const char *function)
{
    struct crash_symbol symbols[MICO_CRASH_CALLS_MAX];
    char elf[512];
    unsigned i = 0;
    run_elf(elf);
    assert_true(crash_symbols(crash, elf, symbols));
    while (i < 6 && strcmp(symbols[i].function, function) != 0) {
        i++;
    }
    if (i == 6 || strcmp(symbols[i + 1].function, "crash_as_told") != 0) {
        fail_msg("the calls begin with %s, %s, %s, %s, %s", symbols[0].function, symbols[1].function,
                 symbols[2].function, symbols[3].function, symbols[4].function);
    }
    assert_non_null(strstr(symbols[i].place, "crash.c:"));
}

static void a_fault_leaves_registers_address_and_calls(void **state)
{
    struct mico_crash crash = crash_by('f', "fault");
    assert_int_not_equal(crash.exception, 0);
    assert_in_range(crash.registers, 17, MICO_CRASH_REGISTERS_MAX);
    assert_int_equal(crash.address, strcmp(run_board(), "posix") == 0 ? 16 : 0x4FFFFFF0u);
    expect_calls(&crash, "crash_fault");
}

static void a_stack_overflow_is_told_from_other_faults(void **state)
{
    struct mico_crash crash = crash_by('s', "stack overflow");
    assert_in_range(crash.calls, 2, MICO_CRASH_CALLS_MAX);
}

static void a_stack_overflow_of_a_thread_without_a_name_is_told_too(void **state)
{
    struct mico_crash crash;
    run_letter('u');
    run_record(&crash);
    assert_string_equal(mico_crash_cause_name(crash.cause), "stack overflow");
    assert_string_equal(crash.thread, "");
    assert_in_range(crash.calls, 2, MICO_CRASH_CALLS_MAX);
}

static void a_failed_assertion_says_its_words(void **state)
{
    struct mico_crash crash = crash_by('a', "assertion");
    assert_non_null(strstr(crash.what, "crash.c:"));
    assert_non_null(strstr(crash.what, "letter == 'A'"));
    expect_calls(&crash, "crash_assert");
}

static void an_abort_leaves_a_record_too(void **state)
{
    struct mico_crash crash = crash_by('b', "misuse");
    assert_string_equal(crash.what, "abort");
    expect_calls(&crash, "crash_abort");
}

static void a_broken_rule_of_the_kernel_says_which(void **state)
{
    struct mico_crash crash = crash_by('m', "misuse");
    assert_non_null(strstr(crash.what, "mutex"));
    expect_calls(&crash, "crash_misuse");
}

static void a_crash_is_remembered_over_a_loss_of_power(void **state)
{
    char wanted[96];
    (void)crash_by('f', "fault");
    (void)crash_by('m', "misuse");
    run_cut_power();
    snprintf(wanted, sizeof wanted, "before: misuse in thread worker on %s", run_board());
    run_expect(wanted);
    run_letter('c');
    run_expect("before: nothing");
    run_cut_power();
    run_expect("before: nothing");
}

static void the_tool_reads_the_flash_of_a_board(void **state)
{
    char path[128];
    struct mico_crash crash;
    static uint8_t image[16 << 20];
    run_flash(path);
    if (path[0] == '\0') {
        skip();
    }
    struct mico_crash told = crash_by('a', "assertion");
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(image, 1, sizeof image, file);
    fclose(file);
    assert_int_equal(mico_crash_find(image, len, &crash), MICO_OK);
    assert_string_equal(crash.what, told.what);
    assert_int_equal(crash.call[0], told.call[0]);
}

static void the_last_crash_counts_until_it_is_forgotten(void **state)
{
    (void)crash_by('f', "fault");
    (void)crash_by('a', "assertion");
    run_letter('c');
    run_expect("before: nothing");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        CASE(a_fault_leaves_registers_address_and_calls),
        CASE(a_stack_overflow_is_told_from_other_faults),
        CASE(a_stack_overflow_of_a_thread_without_a_name_is_told_too),
        CASE(a_failed_assertion_says_its_words),
        CASE(an_abort_leaves_a_record_too),
        CASE(a_broken_rule_of_the_kernel_says_which),
        CASE(a_crash_is_remembered_over_a_loss_of_power),
        CASE(the_tool_reads_the_flash_of_a_board),
        CASE(the_last_crash_counts_until_it_is_forgotten),
    };
    return cmocka_run_group_tests_name("crash reports", tests, NULL, NULL);
}
