/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between the two worlds of a board with TrustZone: secure.c tries, the core and the controllers refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/boards/emulator.h"

#define BOOT_MS 10000
#define ANSWER_MS 5000

static struct emulator the_board;
static uint32_t gate;

static int boot(void **state)
{
    emulator_start(&the_board, "board_secure", "/dev/urandom");
    gate = (uint32_t)strtoul(emulator_expect(&the_board, "gate at ", BOOT_MS), NULL, 16);
    return 0;
}

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void ask(const char *command, const char *answer)
{
    emulator_type(&the_board, command);
    emulator_expect(&the_board, answer, ANSWER_MS);
}

/* The fault that the core gives to the Secure world comes back to the program that made it, with its registers. */
static void expect_fault(const char *command, const char *exception)
{
    ask(command, exception);
    emulator_expect(&the_board, "*** pc 00", ANSWER_MS);
}

static void secure_code_answers_through_its_gate(void **state)
{
    ask("gate", "gate version 1");
    ask("gate", "gate version 1");
    ask("read 28000000", "got ");
    ask("write 80000000", "wrote 80000000");
}

static void secure_ram_cannot_be_read_by_its_own_address(void **state)
{
    expect_fault("read 383c0000", "*** fault: exception 7");
}

static void secure_ram_cannot_be_read_by_the_nonsecure_address(void **state)
{
    expect_fault("read 283c0000", "*** fault: exception ");
}

static void secure_ram_cannot_be_written(void **state)
{
    expect_fault("write 383ffff0", "*** fault: exception 7");
}

static void secure_code_cannot_be_read(void **state)
{
    expect_fault("read 10000800", "*** fault: exception 7");
}

static void secure_code_cannot_be_read_by_the_nonsecure_address(void **state)
{
    expect_fault("read 00000800", "*** fault: exception ");
}

static void nonsecure_ram_is_not_reached_by_its_secure_address(void **state)
{
    expect_fault("read 38000000", "*** fault: exception 7");
}

static void the_end_of_flash_cannot_be_read(void **state)
{
    ask("read 80bffffc", "got ");
    expect_fault("read 80c00000", "*** fault: exception 7");
}

static void a_secure_uart_cannot_be_read(void **state)
{
    expect_fault("read 50203004", "*** fault: exception 7");
}

static void the_controllers_of_the_partition_cannot_be_changed(void **state)
{
    expect_fault("write 58008014", "*** fault: exception 7");
}

static void a_jump_past_the_gate_s_entry_is_a_fault(void **state)
{
    char command[32];
    snprintf(command, sizeof command, "jump %x", gate + 4); /* behind the SG instruction */
    emulator_type(&the_board, command);
    emulator_expect(&the_board, "*** fault: exception 7", ANSWER_MS);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, boot, stop)
    const struct CMUnitTest tests[] = {
        CASE(secure_code_answers_through_its_gate),
        CASE(secure_ram_cannot_be_read_by_its_own_address),
        CASE(secure_ram_cannot_be_read_by_the_nonsecure_address),
        CASE(secure_ram_cannot_be_written),
        CASE(secure_code_cannot_be_read),
        CASE(secure_code_cannot_be_read_by_the_nonsecure_address),
        CASE(nonsecure_ram_is_not_reached_by_its_secure_address),
        CASE(the_end_of_flash_cannot_be_read),
        CASE(a_secure_uart_cannot_be_read),
        CASE(the_controllers_of_the_partition_cannot_be_changed),
        CASE(a_jump_past_the_gate_s_entry_is_a_fault),
    };
    return cmocka_run_group_tests_name("two worlds on one board", tests, NULL, NULL);
}
