/* SPDX-License-Identifier: Apache-2.0 */
/* Every example says what its expected.txt says, line by line. With test_run_posix.c or test_run_board.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "apps/examples/test_expected.h"
#include "apps/examples/test_run.h"

#define CLIENT_PORT 27183 /* of tcp_client */

static void start(const char *name)
{
    expect_open(name);
    run_start(name);
}

static void an_example_says_what_is_expected(void **state)
{
    start(*state);
    expect_rest();
}

static void say(int fd, const char *text)
{
    char back[16];
    size_t len = strlen(text);
    assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), (ssize_t)len);
    assert_int_equal(recv(fd, back, len, MSG_WAITALL), (ssize_t)len);
    assert_memory_equal(back, text, len);
}

static void echo_server_serves_two_clients_until_one_says_stop(void **state)
{
    start("echo_server");
    expect_lines(2);
    int first = run_connect();
    say(first, "one");
    int second = run_connect();
    say(second, "two");
    say(first, "three");
    close(first);
    expect_lines(3);
    say(second, "stop");
    close(second);
    expect_rest();
}

static int listen_for_client(void)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(CLIENT_PORT)};
    struct timeval patience = {20, 0};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    for (int tries = 0; bind(fd, (struct sockaddr *)&at, sizeof at) != 0; tries++) {
        assert_true(tries < 200); /* another copy of this test has it, for a second at most */
        usleep(100000);
    }
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

static void tcp_client_talks_to_a_server(void **state)
{
    char text[4];
    int listener = listen_for_client();
    start("tcp_client");
    int fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    assert_int_equal(recv(fd, text, sizeof text, MSG_WAITALL), 4);
    assert_memory_equal(text, "ping", 4);
    assert_int_equal(send(fd, "pong", 4, MSG_NOSIGNAL), 4);
    close(fd);
    close(listener);
    expect_rest();
}

/* Datagrams may get lost: said again each second until answered. */
static void say_datagram(int fd, const char *text, const char *answer)
{
    char back[16] = "";
    size_t len = strlen(text);
    for (int tries = 0; tries < 20; tries++) {
        assert_int_equal(send(fd, text, len, 0), (ssize_t)len);
        if (recv(fd, back, sizeof back, 0) == (ssize_t)len) {
            break;
        }
    }
    assert_memory_equal(back, answer, len);
}

static void udp_echo_turns_datagrams_until_one_says_stop(void **state)
{
    struct timeval second = {1, 0};
    start("udp_echo");
    expect_lines(1);
    int fd = run_connect_udp();
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    say_datagram(fd, "abc", "cba");
    say_datagram(fd, "", "");
    say_datagram(fd, "stop", "pots");
    close(fd);
    expect_rest();
}

static void console_answers_what_is_typed(void **state)
{
    start("console");
    expect_lines(1);
    run_type("add 1 2 39");
    run_expect("[sum] 42");
    run_type("tasks");
    run_expect("idle  ");
    run_expect("cli  ");
    run_type("version");
    run_expect("MiCO 3.6.0 on ");
    run_type("help");
    run_expect("the sum of numbers");
    expect_rest();
}

static void uart_sends_lines_back_in_capitals(void **state)
{
    start("uart");
    expect_lines(1);
    run_type("hello");
    expect_lines(1);
    run_type("serial line");
    expect_lines(1);
    run_type("");
    expect_rest();
}

#define EXAMPLE(name)                                                                          \
    {                                                                                          \
        "example_" name, an_example_says_what_is_expected, NULL, NULL, (void *)(uintptr_t)name \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXAMPLE("hello"),
        EXAMPLE("threads"),
        EXAMPLE("semaphore"),
        EXAMPLE("mutex"),
        EXAMPLE("queue"),
        EXAMPLE("timer"),
        EXAMPLE("worker"),
        EXAMPLE("event_fd"),
        EXAMPLE("event_flags"),
        EXAMPLE("cmsis"),
        EXAMPLE("inheritance"),
        EXAMPLE("flash"),
        EXAMPLE("context"),
        EXAMPLE("watchdog"),
        EXAMPLE("clock"),
        EXAMPLE("gpio"),
        EXAMPLE("notify"),
        EXAMPLE("encode"),
        EXAMPLE("crypto"),
        EXAMPLE("rsa"),
        EXAMPLE("self_tested"),
        EXAMPLE("json"),
        EXAMPLE("ota"),
        cmocka_unit_test(console_answers_what_is_typed),
        cmocka_unit_test(uart_sends_lines_back_in_capitals),
        cmocka_unit_test(echo_server_serves_two_clients_until_one_says_stop),
        cmocka_unit_test(tcp_client_talks_to_a_server),
        cmocka_unit_test(udp_echo_turns_datagrams_until_one_says_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
