/* SPDX-License-Identifier: Apache-2.0 */
/* The self-tests pass on the boards, where the code is other code: Thumb-2 assembly, and the value of the image in flash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/boards/emulator.h"

static struct emulator the_board;

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void the_boards_self_tests_pass(void **state)
{
    emulator_start(&the_board, "../../crypto/selftest/selftest_board", "/dev/urandom");
    emulator_expect(&the_board, "integrity: 0", 10000);
    emulator_expect(&the_board, "Hash_DRBG: 0", 10000);
    emulator_expect(&the_board, "TLS 1.3 key schedule: 0", 90000);
    emulator_expect(&the_board, "started: 0, tested: 0, in ", 90000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_boards_self_tests_pass, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
