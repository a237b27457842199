/* SPDX-License-Identifier: Apache-2.0 */
/* Images that leave a family of options out (crypto/psa/option_families.txt, each in one of three) pass the self-tests of the
 * rest on a board. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/boards/emulator.h"

static struct emulator the_board;

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void passes_without(void **state)
{
    char image[96];
    snprintf(image, sizeof image, "../../crypto/selftest/selftest_options_%s_board", (const char *)*state);
    emulator_start(&the_board, image, "/dev/urandom");
    emulator_expect(&the_board, "integrity: 0", 10000);
    emulator_expect(&the_board, "Hash_DRBG: 0", 10000);
    emulator_expect(&the_board, "started: 0, tested: 0, in ", 90000);
}

int main(void)
{
    static char families[3][16] = {"family_0", "family_1", "family_2"};
    const struct CMUnitTest tests[] = {
        {"a_board_passes_without_the_first_families", passes_without, NULL, stop, families[0]},
        {"a_board_passes_without_the_second_families", passes_without, NULL, stop, families[1]},
        {"a_board_passes_without_the_third_families", passes_without, NULL, stop, families[2]},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
