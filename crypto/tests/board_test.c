/* SPDX-License-Identifier: Apache-2.0 */
/* The board's assembly computes what this machine's does: the same transcript, run in the emulator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "crypto/tests/transcript.h"
#include "tests/boards/emulator.h"

static struct emulator the_board;

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void a_cortex_m_computes_what_this_machine_does(void **state)
{
    uint8_t digest[32];
    char hex[65], want[128];

    emulator_start(&the_board, "../../crypto/tests/crypto_board", "/dev/urandom");
    emulator_expect(&the_board, "crypto firmware", 10000);
    for (size_t i = 0; i < TRANSCRIPT_SECTIONS; i++) {
        const char *name = transcript_section(i, digest);
        mico_hex(digest, sizeof digest, hex);
        snprintf(want, sizeof want, "%s: %s in ", name, hex);
        emulator_expect(&the_board, want, 60000);
    }
    emulator_expect(&the_board, "random: ok", 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_cortex_m_computes_what_this_machine_does, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
