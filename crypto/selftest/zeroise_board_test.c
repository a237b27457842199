/* SPDX-License-Identifier: Apache-2.0 */
/* Zeroisation on a board: its memory, read through the emulator's monitor, has keys and the generator's state before, and not
 * after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "crypto/primitives/primitives.h"
#include "tests/boards/emulator.h"

static struct emulator the_board;
static uint32_t from, to;
static uint8_t *memory;

static int stop(void **state)
{
    emulator_stop(&the_board);
    free(memory);
    memory = NULL;
    return 0;
}

static void look(void)
{
    emulator_memory(&the_board, from, memory, to - from);
}

static size_t count(const uint8_t *what, size_t len)
{
    size_t found = 0;
    for (const uint8_t *at = memory; (at = memmem(at, (size_t)(memory + (to - from) - at), what, len)) != NULL; at++) {
        found++;
    }
    return found;
}

/* Where the generator's V is, of which SHA-256 is what it gives next (SP 800-90A section 10.1.1.4); wolfCrypt's is a multiple of 4. */
static size_t state_that_gives(const uint8_t next[32])
{
    for (size_t at = 0; at + 55 <= to - from; at += 4) {
        uint8_t hash[32];
        mico_sha256(memory + at, 55, hash);
        if (memcmp(hash, next, sizeof hash) == 0) {
            return at;
        }
    }
    return SIZE_MAX;
}

static void zeroisation_leaves_no_secret_in_the_boards_memory(void **state)
{
    uint8_t planted[32], next[32], v[55];
    char digits[2 * sizeof next + 1] = "";
    emulator_start(&the_board, "../../crypto/selftest/zeroise_board", "/dev/urandom");
    assert_int_equal(sscanf(emulator_expect(&the_board, "ram: ", 10000), "%x %x", &from, &to), 2);
    memory = malloc(to - from);
    assert_non_null(memory);
    emulator_expect(&the_board, "planted", 10000);
    for (size_t i = 0; i < sizeof planted; i++) {
        planted[i] = 0xFF;
    }
    planted[0] = 0xEE, planted[1] = 0xDD, planted[2] = 0xCC, planted[3] = 0xBB;
    look();
    assert_true(count(planted, sizeof planted) >= 2); /* the key, and the sealing key */
    emulator_type(&the_board, "");
    memcpy(digits, emulator_expect(&the_board, "next: ", 10000), sizeof digits - 1);
    assert_int_equal(mico_unhex(digits, next, sizeof next), MICO_OK);
    size_t at = state_that_gives(next);
    assert_true(at != SIZE_MAX); /* in memory as it was before */
    look();
    memcpy(v, memory + at, sizeof v);
    assert_true(count(v, sizeof v) >= 1);

    emulator_type(&the_board, "");
    emulator_expect(&the_board, "zeroised", 10000);
    look();
    assert_int_equal(count(planted, sizeof planted), 0);
    assert_int_equal(count(v, sizeof v), 0);
    assert_int_equal(count(v, 32), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(zeroisation_leaves_no_secret_in_the_boards_memory, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
