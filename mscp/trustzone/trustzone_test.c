/* SPDX-License-Identifier: Apache-2.0 */
/* The coprocessor in the Secure world: it serves whom it should, and what Non-secure tries against it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "tests/boards/emulator.h"

#define BOOT_MS 20000
#define ANSWER_MS 20000
#define STORM_MS 60000

static struct emulator the_board;

static void start(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "../../mscp/trustzone/%s", name);
    emulator_start(&the_board, path, "/dev/urandom");
}

static int boot_attacker(void **state)
{
    start("mscp_attack");
    emulator_expect(&the_board, "attacker: ready", BOOT_MS);
    return 0;
}

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void answers(const char *command, const char *text)
{
    emulator_type(&the_board, command);
    emulator_expect(&the_board, text, ANSWER_MS);
}

static long number(const char *text, int timeout_ms)
{
    return strtol(emulator_expect(&the_board, text, timeout_ms), NULL, 10);
}

/* Where Secure things are: os/boards/mps2-an505/secure/partition.h. */
static void pointers_into_the_secure_world_are_refused(void **state)
{
    static const char *const places[] = {
        "383c0000 10",               /* Secure RAM */
        "283c0000 10",               /* by its Non-secure alias */
        "283bfff8 10",               /* from Non-secure RAM into it */
        "10000800 10",               /* Secure code */
        "80c00000 10",               /* the chip's flash */
        "80bffff8 10",               /* from Non-secure flash into it */
        "50203000 4",                /* the entropy source */
        "fffffff0 20",               /* around the end of the address space */
        "28000000 ffffffff", "0 10", /* nothing there for Non-secure */
    };
    char command[64], gave[32], took[32];
    snprintf(gave, sizeof gave, "gave %d", MICO_ERR_PARAM);
    snprintf(took, sizeof took, "took %d", MICO_ERR_PARAM);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        snprintf(command, sizeof command, "give %s", places[i]);
        answers(command, gave);
        snprintf(command, sizeof command, "take %s", places[i]);
        answers(command, took);
    }
    answers("own 100", "gave 0"); /* and it goes on serving */
    emulator_expect(&the_board, "took ", ANSWER_MS);
}

static void lengths_of_nothing_are_nothing(void **state)
{
    answers("own 0", "gave 0");
    emulator_expect(&the_board, "took 0", ANSWER_MS);
    answers("give 383c0000 0", "gave 0");
}

static void keys_and_storage_cannot_be_read(void **state)
{
    answers("load 383c0000", "*** fault: exception 7");
    stop(state);
    boot_attacker(state);
    answers("load 80c00000", "*** fault: exception 7");
    stop(state);
    boot_attacker(state);
    answers("load 10000800", "*** fault: exception 7");
}

static void secure_code_cannot_be_entered_but_by_the_gate(void **state)
{
    answers("jump 10000900", "*** fault: exception 7");
}

static void interrupts_in_the_middle_of_a_call_change_nothing_and_see_nothing(void **state)
{
    emulator_type(&the_board, "storm");
    assert_int_equal(number("paired ", STORM_MS), 0);
    assert_int_equal(number("tests good ", STORM_MS), 20);
    assert_true(number("interrupts in the middle of a call ", ANSWER_MS) > 100);
    assert_int_equal(number("refused by one call of two ", ANSWER_MS), 0);
    long inside = number("interrupts while the chip works ", ANSWER_MS);
    assert_true(inside > 100);
    long refused = number("of them refused ", ANSWER_MS);
    print_message("%ld of %ld refused\n", refused, inside);
    /* the rest came before the call was taken, or after it was done */
    assert_in_range(refused, inside * 9 / 10, inside);
    assert_int_equal(number("registers left over ", ANSWER_MS), 0);
}

static void a_device_signs_by_psa_while_its_threads_keep_their_time(void **state)
{
    start("mscp_device");
    emulator_expect(&the_board, "key: 0, 0", BOOT_MS);
    assert_true(number("signatures good: ", STORM_MS) > 0);
    assert_true(number("wakes meanwhile: ", ANSWER_MS) > 20); /* 300 where the host keeps up */
    assert_int_equal(number("export: ", ANSWER_MS), -133); /* PSA_ERROR_NOT_PERMITTED */
}

int main(void)
{
#define ATTACK(name) cmocka_unit_test_setup_teardown(name, boot_attacker, stop)
    const struct CMUnitTest tests[] = {
        ATTACK(pointers_into_the_secure_world_are_refused),
        ATTACK(lengths_of_nothing_are_nothing),
        ATTACK(keys_and_storage_cannot_be_read),
        ATTACK(secure_code_cannot_be_entered_but_by_the_gate),
        ATTACK(interrupts_in_the_middle_of_a_call_change_nothing_and_see_nothing),
        cmocka_unit_test_teardown(a_device_signs_by_psa_while_its_threads_keep_their_time, stop),
    };
    return cmocka_run_group_tests_name("the coprocessor in TrustZone", tests, NULL, NULL);
}
