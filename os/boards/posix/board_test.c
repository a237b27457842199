/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "os/boards/posix/events.h"
#include "os/boards/posix/posix.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/flash.h"
#include "os/port/rng.h"
#include "os/port/uart.h"

static char directory[] = "board-test-XXXXXX";
static char path[64];

static int make_directory(void **state)
{
    if (mkdtemp(directory) == NULL) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/flash", directory);
    return 0;
}

static int remove_directory(void **state)
{
    unlink(path);
    return rmdir(directory);
}

static void a_new_flash_is_erased_and_16_mib(void **state)
{
    struct mico_posix_flash f;
    unlink(path);
    assert_int_equal(mico_posix_flash_open(&f, path), MICO_OK);
    assert_int_equal(f.flash.size, 16 * 1024 * 1024);
    assert_int_equal(f.flash.sector_size, 4096);
    uint8_t bytes[64];
    for (uint32_t at = 0; at < f.flash.size; at += f.flash.size / 8) {
        assert_int_equal(f.flash.read(&f.flash, at, bytes, sizeof bytes), MICO_OK);
        for (size_t i = 0; i < sizeof bytes; i++) {
            assert_int_equal(bytes[i], 0xFF);
        }
    }
    mico_posix_flash_close(&f);
}

static void programming_clears_bits_and_erasing_sets_a_sector(void **state)
{
    struct mico_posix_flash f;
    uint8_t b;
    assert_int_equal(mico_posix_flash_open(&f, path), MICO_OK);
    assert_int_equal(f.flash.program(&f.flash, 5000, &(uint8_t){0xF0}, 1), MICO_OK);
    assert_int_equal(f.flash.program(&f.flash, 5000, &(uint8_t){0x3C}, 1), MICO_OK);
    assert_int_equal(f.flash.program(&f.flash, 8192, &(uint8_t){0x00}, 1), MICO_OK);
    assert_int_equal(f.flash.read(&f.flash, 5000, &b, 1), MICO_OK);
    assert_int_equal(b, 0x30);
    assert_int_equal(f.flash.erase(&f.flash, 4096, 4096), MICO_OK);
    assert_int_equal(f.flash.read(&f.flash, 5000, &b, 1), MICO_OK);
    assert_int_equal(b, 0xFF);
    assert_int_equal(f.flash.read(&f.flash, 8192, &b, 1), MICO_OK);
    assert_int_equal(b, 0x00);
    mico_posix_flash_close(&f);
}

static void what_is_outside_of_the_flash_or_not_aligned_is_refused(void **state)
{
    struct mico_posix_flash f;
    uint8_t b[2] = {0};
    assert_int_equal(mico_posix_flash_open(&f, path), MICO_OK);
    uint32_t size = f.flash.size;
    assert_int_equal(f.flash.read(&f.flash, size - 1, b, 2), MICO_ERR_PARAM);
    assert_int_equal(f.flash.program(&f.flash, size - 1, b, 2), MICO_ERR_PARAM);
    assert_int_equal(f.flash.read(&f.flash, 0xFFFFFFFFu, b, 2), MICO_ERR_PARAM);
    assert_int_equal(f.flash.erase(&f.flash, 0, size + 4096), MICO_ERR_PARAM);
    assert_int_equal(f.flash.erase(&f.flash, 1, 4096), MICO_ERR_PARAM);
    assert_int_equal(f.flash.erase(&f.flash, 0, 1), MICO_ERR_PARAM);
    mico_posix_flash_close(&f);
}

static void what_was_programmed_survives_a_killed_process(void **state)
{
    pid_t child = fork();
    if (child == 0) {
        struct mico_posix_flash f;
        if (mico_posix_flash_open(&f, path) != MICO_OK ||
            f.flash.program(&f.flash, 123456, "acknowledged", 12) != MICO_OK) {
            _exit(1);
        }
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    struct mico_posix_flash f;
    char text[12];
    assert_int_equal(mico_posix_flash_open(&f, path), MICO_OK);
    assert_int_equal(f.flash.read(&f.flash, 123456, text, 12), MICO_OK);
    assert_memory_equal(text, "acknowledged", 12);
    mico_posix_flash_close(&f);
}

static void a_file_of_an_odd_length_is_refused(void **state)
{
    struct mico_posix_flash f;
    assert_int_equal(truncate(path, 5000), 0);
    assert_int_equal(mico_posix_flash_open(&f, path), MICO_ERR_SIZE);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(mico_posix_flash_open(&f, path), MICO_ERR_SIZE);
    unlink(path);
}

static void entropy_fills_all_and_differs(void **state)
{
    uint8_t a[64] = {0}, b[64] = {0};
    assert_int_equal(mico_entropy(a, sizeof a), MICO_OK);
    assert_int_equal(mico_entropy(b, sizeof b), MICO_OK);
    assert_memory_not_equal(a, b, sizeof a);
    assert_false(mico_ct_is_zero(a + 32, 32));
    assert_int_equal(mico_entropy(a, 0), MICO_OK);
}

static void the_clock_goes_forward_and_wait_returns_in_time(void **state)
{
    uint64_t start = mico_clock_us();
    mico_board_wait(20);
    uint64_t waited = mico_clock_us() - start;
    assert_true(waited >= 19000 && waited < 5000000);
}

static unsigned received;

static void count(void *ctx)
{
    received += *(unsigned *)ctx;
}

static void bytes_go_both_ways_over_the_link(void **state)
{
    int pair[2];
    unsigned one = 1;
    uint8_t in[16];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    mico_posix_board_link(pair[0]);
    mico_uart_on_receive(MICO_UART_LINK, count, &one);
    assert_int_equal(mico_uart_read(MICO_UART_LINK, in, sizeof in), 0);
    assert_int_equal(write(pair[1], "hello", 5), 5);
    mico_board_wait(1000);
    assert_int_equal(received, 1);
    assert_int_equal(mico_uart_read(MICO_UART_LINK, in, 2), 2);
    assert_int_equal(mico_uart_read(MICO_UART_LINK, in + 2, sizeof in - 2), 3);
    assert_memory_equal(in, "hello", 5);
    mico_uart_write(MICO_UART_LINK, (const uint8_t *)"answer", 6);
    assert_int_equal(read(pair[1], in, sizeof in), 6);
    assert_memory_equal(in, "answer", 6);
    mico_uart_on_receive(MICO_UART_LINK, NULL, NULL);
    close(pair[1]);
    mico_board_wait(1000);
    mico_uart_write(MICO_UART_LINK, (const uint8_t *)"lost", 4); /* no signal ends the process */
}

static void a_full_ring_leaves_the_rest_in_the_socket_and_lets_the_host_sleep(void **state)
{
    enum { TOTAL = 6000 };
    static uint8_t out[TOTAL], in[TOTAL];
    int pair[2];
    for (size_t i = 0; i < TOTAL; i++) {
        out[i] = (uint8_t)(i * 31 + i / 256);
    }
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    mico_posix_board_link(pair[0]);
    assert_int_equal(write(pair[1], out, TOTAL), TOTAL);
    mico_board_wait(1000);
    mico_board_wait(1000); /* finds the ring full */
    uint64_t start = mico_clock_us();
    mico_board_wait(20);
    assert_true(mico_clock_us() - start >= 19000);
    size_t got = mico_uart_read(MICO_UART_LINK, in, TOTAL);
    assert_true(got > 0 && got < TOTAL);
    mico_board_wait(1000);
    got += mico_uart_read(MICO_UART_LINK, in + got, TOTAL - got);
    assert_int_equal(got, TOTAL);
    assert_memory_equal(in, out, TOTAL);
    close(pair[1]);
    mico_board_wait(1000);
}

static int watch_slot;

static void unwatch_itself(void *ctx)
{
    mico_posix_unwatch(watch_slot);
    ++*(unsigned *)ctx;
}

static void a_watch_calls_back_until_it_is_removed(void **state)
{
    int ends[2];
    unsigned calls = 0;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    watch_slot = mico_posix_watch(ends[0], POLLIN, unwatch_itself, &calls);
    mico_posix_poll(1000);
    mico_posix_poll(1);
    assert_int_equal(calls, 1);
    watch_slot = mico_posix_watch(ends[0], POLLIN, unwatch_itself, &calls);
    mico_posix_unwatch_within(&calls + 1, sizeof calls);
    mico_posix_unwatch_within(&calls, sizeof calls);
    mico_posix_poll(1);
    assert_int_equal(calls, 1);
    close(ends[0]);
    close(ends[1]);
}

/* Last of all: there is no way back. */
static void a_held_clock_moves_only_by_waiting(void **state)
{
    mico_posix_clock_hold();
    uint64_t start = mico_clock_ms();
    usleep(3000);
    assert_true(mico_clock_ms() == start);
    mico_board_wait(100000000);
    assert_true(mico_clock_ms() == start + 100000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_flash_is_erased_and_16_mib),
        cmocka_unit_test(programming_clears_bits_and_erasing_sets_a_sector),
        cmocka_unit_test(what_is_outside_of_the_flash_or_not_aligned_is_refused),
        cmocka_unit_test(what_was_programmed_survives_a_killed_process),
        cmocka_unit_test(a_file_of_an_odd_length_is_refused),
        cmocka_unit_test(entropy_fills_all_and_differs),
        cmocka_unit_test(the_clock_goes_forward_and_wait_returns_in_time),
        cmocka_unit_test(bytes_go_both_ways_over_the_link),
        cmocka_unit_test(a_full_ring_leaves_the_rest_in_the_socket_and_lets_the_host_sleep),
        cmocka_unit_test(a_watch_calls_back_until_it_is_removed),
        cmocka_unit_test(a_held_clock_moves_only_by_waiting),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
