/* SPDX-License-Identifier: Apache-2.0 */
/* The board with kernel and network, in the real emulator: network.c echoes and connects out. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
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

#define BOOT_MS 15000
#define ANSWER_MS 15000
#define MIB (1u << 20)

static struct emulator the_board;

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void expect_greeting(void)
{
    char greeting[64];
    snprintf(greeting, sizeof greeting, "network firmware on %s", emulator_board());
    emulator_expect(&the_board, greeting, BOOT_MS);
    emulator_expect(&the_board, "listening", BOOT_MS);
}

static void boot(void)
{
    emulator_start(&the_board, "board_network", "/dev/urandom");
    expect_greeting();
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* One connection's exchange: a thread sends len pseudo-random bytes, this one compares what comes back. No cmocka in
 * threads: the result says how many bytes came back right. */
struct exchange {
    int fd;
    size_t len;
    uint32_t seed;
    size_t right;
};

static uint8_t pattern(uint32_t seed, size_t i)
{
    uint32_t x = seed + (uint32_t)i * 2654435761u;
    return (uint8_t)(x >> 24 ^ x >> 11);
}

static void *send_all(void *arg)
{
    const struct exchange *x = arg;
    uint8_t part[4096];
    for (size_t done = 0; done < x->len;) {
        size_t n = x->len - done < sizeof part ? x->len - done : sizeof part;
        for (size_t i = 0; i < n; i++) {
            part[i] = pattern(x->seed, done + i);
        }
        if (send(x->fd, part, n, MSG_NOSIGNAL) != (ssize_t)n) {
            break;
        }
        done += n;
    }
    return NULL;
}

static void *exchange(void *arg)
{
    struct exchange *x = arg;
    uint8_t part[8192];
    pthread_t sender;
    ssize_t got = 0;
    if (pthread_create(&sender, NULL, send_all, x) != 0) {
        return NULL;
    }
    do {
        x->right += (size_t)got;
        got = x->right < x->len ? recv(x->fd, part, sizeof part, 0) : 0;
        for (ssize_t i = 0; i < got; i++) {
            got = part[i] == pattern(x->seed, x->right + (size_t)i) ? got : -1;
        }
    } while (got > 0);
    pthread_join(sender, NULL);
    return NULL;
}

static void board_gets_an_address_by_dhcp(void **state)
{
    emulator_start(&the_board, "board_network", "/dev/urandom");
    const char *address = emulator_expect(&the_board, "address ", BOOT_MS);
    assert_memory_equal(address, "10.0.2.15\n", 10);
}

static void application_starts_from_a_program_that_left_interrupts_on(void **state)
{
    emulator_start_two(&the_board, "board_bare", "board_network", "/dev/urandom");
    emulator_expect(&the_board, "bare firmware", BOOT_MS);
    char command[32];
    snprintf(command, sizeof command, "start %u", EMULATOR_APPLICATION);
    emulator_type(&the_board, command);
    expect_greeting();
}

static void echo_of_1_mib_is_intact(void **state)
{
    boot();
    struct exchange x = {.fd = emulator_connect(&the_board), .len = MIB, .seed = 1};
    int64_t start = now_us();
    exchange(&x);
    print_message("echo: 1 MiB in %lld ms\n", (long long)(now_us() - start) / 1000);
    close(x.fd);
    assert_int_equal(x.right, MIB);
}

static void connections_at_once_do_not_mix(int count, size_t len)
{
    struct exchange x[8] = {{0}};
    pthread_t threads[8];
    for (int i = 0; i < count; i++) {
        x[i] = (struct exchange){.fd = emulator_connect(&the_board), .len = len, .seed = 77u * (unsigned)i + 5};
        assert_int_equal(pthread_create(&threads[i], NULL, exchange, &x[i]), 0);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        close(x[i].fd);
        assert_int_equal(x[i].right, len);
    }
}

static void two_connections_at_once_do_not_mix(void **state)
{
    boot();
    connections_at_once_do_not_mix(2, MIB);
}

static void eight_connections_at_once_do_not_mix(void **state)
{
    boot();
    connections_at_once_do_not_mix(8, MIB / 4);
}

/* As many again as there are control blocks, twice over: closing must give everything back. */
static void connections_come_and_go_without_loss(void **state)
{
    boot();
    for (unsigned i = 0; i < 64; i++) {
        struct exchange x = {.fd = emulator_connect(&the_board), .len = 100, .seed = i};
        exchange(&x);
        if (i % 2 == 0) { /* every other one ends by a reset */
            struct linger now = {1, 0};
            setsockopt(x.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        close(x.fd);
        assert_int_equal(x.right, 100);
    }
}

static long long mean_round_trip_us(int fd)
{
    enum { ROUNDS = 20 };
    int64_t start = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        char byte = (char)i, back = 0;
        assert_int_equal(send(fd, &byte, 1, 0), 1);
        assert_int_equal(recv(fd, &back, 1, 0), 1);
        assert_int_equal(back, byte);
    }
    return (now_us() - start) / ROUNDS;
}

/* The best of ten: the host may be busy. */
static void round_trip_of_a_byte_is_short(void **state)
{
    long long best_us = INT64_MAX;
    boot();
    int fd = emulator_connect(&the_board);
    for (int i = 0; i < 10; i++) {
        long long mean_us = mean_round_trip_us(fd);
        best_us = mean_us < best_us ? mean_us : best_us;
    }
    close(fd);
    print_message("round trip: %lld us\n", best_us);
    assert_in_range(best_us, 0, 20000); /* a delayed acknowledgement would be 200 ms, each time */
}

static void echo_once(int listener, size_t len)
{
    char bytes[4096];
    int fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    while (len > 0) {
        ssize_t got = recv(fd, bytes, sizeof bytes, 0);
        assert_true(got > 0);
        assert_int_equal(send(fd, bytes, (size_t)got, MSG_NOSIGNAL), got);
        len -= (size_t)got;
    }
    close(fd);
}

static void connect_port(uint16_t port, unsigned len, unsigned timeout_ms)
{
    char command[64];
    snprintf(command, sizeof command, "connect %u %u %u", port, len, timeout_ms);
    emulator_type(&the_board, command);
}

static void board_connects_out_and_exchanges_100000_bytes(void **state)
{
    uint16_t port;
    boot();
    int listener = emulator_host_listener(&port);
    connect_port(port, 100000, 10000);
    echo_once(listener, 100000);
    close(listener);
    emulator_expect(&the_board, "exchange ok", ANSWER_MS);
}

static void connecting_to_nobody_fails_and_can_be_tried_again(void **state)
{
    uint16_t port;
    boot();
    int listener = emulator_host_listener(&port);
    close(listener);
    for (int i = 0; i < 20; i++) {
        connect_port(port, 10, 2000);
        emulator_expect(&the_board, "exchange io", ANSWER_MS);
    }
}

static void silent_peer_times_out(void **state)
{
    uint16_t port;
    boot();
    int listener = emulator_host_listener(&port);
    int64_t start = now_us();
    connect_port(port, 10, 700); /* the host accepts for the listener, which never answers */
    emulator_expect(&the_board, "exchange timeout", ANSWER_MS);
    close(listener);
    assert_in_range(now_us() - start, 690000, ANSWER_MS * 1000);
}

static void datagrams_of_every_kind_stay_within_their_rules(void **state)
{
    boot();
    emulator_type(&the_board, "udp");
    assert_memory_equal(emulator_expect(&the_board, "udp trouble in line ", ANSWER_MS), "0", 1);
}

/* As many small frames as there are buffers for, while lwIP's thread has no turn: what the chip has delivered must wait, not go. */
static void frames_that_come_faster_than_lwip_takes_them_are_not_lost(void **state)
{
    enum { FRAMES = 24 };
    boot();
    int fd = emulator_connect_udp(&the_board);
    emulator_type(&the_board, "starve");
    emulator_expect(&the_board, "starving", ANSWER_MS);
    for (int i = 0; i < FRAMES; i++) {
        assert_int_equal(send(fd, "x", 1, 0), 1);
    }
    close(fd);
    assert_memory_equal(emulator_expect(&the_board, "starved and heard ", ANSWER_MS), "24", 2);
}

static void idle_firmware_lets_the_host_sleep(void **state)
{
    boot();
    usleep(500000);
    long before = emulator_cpu_ms(&the_board);
    sleep(3);
    long used = emulator_cpu_ms(&the_board) - before;
    print_message("idle: %ld ms of 3000\n", used);
    assert_in_range(used, 0, 150); /* 5 %: nothing ticks */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(board_gets_an_address_by_dhcp, stop),
        cmocka_unit_test_teardown(application_starts_from_a_program_that_left_interrupts_on, stop),
        cmocka_unit_test_teardown(echo_of_1_mib_is_intact, stop),
        cmocka_unit_test_teardown(two_connections_at_once_do_not_mix, stop),
        cmocka_unit_test_teardown(eight_connections_at_once_do_not_mix, stop),
        cmocka_unit_test_teardown(connections_come_and_go_without_loss, stop),
        cmocka_unit_test_teardown(round_trip_of_a_byte_is_short, stop),
        cmocka_unit_test_teardown(board_connects_out_and_exchanges_100000_bytes, stop),
        cmocka_unit_test_teardown(connecting_to_nobody_fails_and_can_be_tried_again, stop),
        cmocka_unit_test_teardown(silent_peer_times_out, stop),
        cmocka_unit_test_teardown(datagrams_of_every_kind_stay_within_their_rules, stop),
        cmocka_unit_test_teardown(frames_that_come_faster_than_lwip_takes_them_are_not_lost, stop),
        cmocka_unit_test_teardown(idle_firmware_lets_the_host_sleep, stop),
    };
    return cmocka_run_group_tests_name("board with network", tests, NULL, NULL);
}
