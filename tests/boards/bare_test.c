/* SPDX-License-Identifier: Apache-2.0 */
/* The board without a kernel, in the real emulator: bare.c answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/boards/emulator.h"

#define BOOT_MS 10000
#define ANSWER_MS 15000

static struct emulator the_board;

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void expect_greeting(int timeout_ms)
{
    char greeting[64];
    snprintf(greeting, sizeof greeting, "bare firmware on %s", emulator_board());
    emulator_expect(&the_board, greeting, timeout_ms);
}

static void boot(const char *entropy)
{
    emulator_start(&the_board, "board_bare", entropy);
    expect_greeting(BOOT_MS);
}

static void ask(const char *command, const char *answer)
{
    emulator_type(&the_board, command);
    emulator_expect(&the_board, answer, ANSWER_MS);
}

static void bare_firmware_starts_and_starts_again_on_reset(void **state)
{
    boot("/dev/urandom");
    emulator_type(&the_board, "reset");
    expect_greeting(ANSWER_MS);
    ask("x", "unknown");
}

/* How long "wait 1000" takes: by the board's clock, the result, and by the host's. */
static long wait_a_second(long *host_ms)
{
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    emulator_type(&the_board, "wait 1000");
    long us = strtol(emulator_expect(&the_board, "waited ", ANSWER_MS), NULL, 10);
    clock_gettime(CLOCK_MONOTONIC, &after);
    *host_ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    return us;
}

/* Never shorter, and the best of a few not much longer: a busy host lets the board wait. */
static void clock_waits_as_long_as_it_is_asked(void **state)
{
    bool exact = false;
    boot("/dev/urandom");
    for (int tries = 0; tries < 8 && !exact; tries++) {
        long host_ms, us = wait_a_second(&host_ms);
        assert_true(us >= 1000000 && host_ms >= 990);
        exact = us <= 1500000 && host_ms <= 2000;
    }
    assert_true(exact);
}

static void flash_clears_bits_only_and_keeps_them_over_a_kill(void **state)
{
    boot("/dev/urandom");
    ask("erase 8192", "flash ok 255");
    ask("program 8192 240", "flash ok 240");
    ask("program 8192 60", "flash ok 48"); /* 240 & 60 */
    ask("program 12287 1", "flash ok 1");
    emulator_restart(&the_board);
    emulator_expect(&the_board, "bare firmware", BOOT_MS);
    ask("read 8192", "flash ok 48");
    ask("erase 12288", "flash ok 255");
    ask("read 12287", "flash ok 1");
    ask("erase 8192", "flash ok 255");
    ask("read 12287", "flash ok 255");
}

static void flash_refuses_what_is_outside_or_unaligned(void **state)
{
    bool secure_part =
        strcmp(emulator_board(), "mps2-an505") == 0; /* the last 4 of the 16 MiB are the Secure world's */
    boot("/dev/urandom");
    ask(secure_part ? "read 12582911" : "read 16777215", "flash ok");
    ask(secure_part ? "read 12582912" : "read 16777216", "flash param");
    ask(secure_part ? "program 12582912 0" : "program 16777216 0", "flash param");
    ask(secure_part ? "erase 12582912" : "erase 16777216", "flash param");
    ask("erase 4095", "flash param");
    ask("read 4294967295", "flash param");
}

static void entropy_differs_from_read_to_read(void **state)
{
    char first[33];
    boot("/dev/urandom");
    emulator_type(&the_board, "entropy");
    snprintf(first, sizeof first, "%s", emulator_expect(&the_board, "entropy ", ANSWER_MS));
    assert_null(strstr(first, "failed"));
    emulator_type(&the_board, "entropy");
    assert_int_not_equal(strncmp(first, emulator_expect(&the_board, "entropy ", ANSWER_MS), 32), 0);
}

static void entropy_of_a_stuck_source_fails_and_gives_nothing(void **state)
{
    boot("/dev/zero");
    ask("entropy", "entropy failed 00000000000000000000000000000000");
    ask("entropy", "entropy failed 00000000000000000000000000000000");
}

static void entropy_of_a_dry_source_fails_within_a_second(void **state)
{
    boot(NULL);
    ask("entropy", "entropy failed 00000000000000000000000000000000");
    ask("x", "unknown");
}

/* All is under way at once: rings and interrupts have to keep up. At most half a receive ring is sent ahead of its echo, as
 * on the real link, where nobody sends a second frame before the answer to the first. */
static void link_echoes_64_kib_without_loss(void **state)
{
    enum { TOTAL = 65536, AHEAD = 1024 };
    static uint8_t out[TOTAL], in[TOTAL];
    boot("/dev/urandom");
    for (size_t i = 0; i < TOTAL; i++) {
        out[i] = (uint8_t)(i * 7 + i / 251);
    }
    int link = emulator_link(&the_board);
    for (size_t sent = 0, got = 0; got < TOTAL;) {
        size_t part = got + AHEAD < TOTAL ? got + AHEAD - sent : TOTAL - sent;
        assert_int_equal(send(link, out + sent, part, 0), part);
        sent += part;
        ssize_t len = recv(link, in + got, TOTAL - got, 0);
        if (len <= 0) {
            fail_msg("the link fell silent after %zu of %d bytes", got, TOTAL);
        }
        got += (size_t)len;
    }
    close(link);
    assert_memory_equal(in, out, TOTAL);
}

static void fault_says_where_and_why(void **state)
{
    boot("/dev/urandom");
    ask("fault", "*** fault: exception 5");
    emulator_expect(&the_board, "*** pc 00", ANSWER_MS);
    emulator_expect(&the_board, "*** r0 ", ANSWER_MS);
}

static void idle_firmware_lets_the_host_sleep(void **state)
{
    boot("/dev/urandom");
    usleep(500000);
    long before = emulator_cpu_ms(&the_board);
    sleep(2);
    assert_in_range(emulator_cpu_ms(&the_board) - before, 0, 100); /* 5 % */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(bare_firmware_starts_and_starts_again_on_reset, stop),
        cmocka_unit_test_teardown(clock_waits_as_long_as_it_is_asked, stop),
        cmocka_unit_test_teardown(flash_clears_bits_only_and_keeps_them_over_a_kill, stop),
        cmocka_unit_test_teardown(flash_refuses_what_is_outside_or_unaligned, stop),
        cmocka_unit_test_teardown(entropy_differs_from_read_to_read, stop),
        cmocka_unit_test_teardown(entropy_of_a_stuck_source_fails_and_gives_nothing, stop),
        cmocka_unit_test_teardown(entropy_of_a_dry_source_fails_within_a_second, stop),
        cmocka_unit_test_teardown(link_echoes_64_kib_without_loss, stop),
        cmocka_unit_test_teardown(fault_says_where_and_why, stop),
        cmocka_unit_test_teardown(idle_firmware_lets_the_host_sleep, stop),
    };
    return cmocka_run_group_tests_name("board without a kernel", tests, NULL, NULL);
}
