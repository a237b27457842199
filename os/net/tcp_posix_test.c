/* SPDX-License-Identifier: Apache-2.0 */
/* tcp.h over the host's sockets: alone in its process, then in threads of the kernel. */
#include "os/net/tcp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "os/kernel/kernel.h"
#include "os/port/clock.h"

#define PATIENCE_MS 5000u
#define STACK 16384

static int the_failures;

/* A listener on a port that was free. */
static mico_tcp listen_somewhere(uint16_t *port)
{
    for (*port = 20000 + (uint16_t)(mico_clock_us() * 7919 % 20000);; ++*port) {
        mico_tcp listener;
        if (mico_tcp_listen(*port, &listener) == MICO_OK) {
            return listener;
        }
        assert_true(*port < 60000);
    }
}

struct pair {
    mico_tcp listener, near, far;
    uint16_t port;
};

static struct pair open_pair(void)
{
    struct pair p;
    p.listener = listen_somewhere(&p.port);
    assert_int_equal(mico_tcp_connect("127.0.0.1", p.port, PATIENCE_MS, &p.near), MICO_OK);
    assert_int_equal(mico_tcp_accept(p.listener, PATIENCE_MS, &p.far), MICO_OK);
    return p;
}

static void close_pair(struct pair *p)
{
    mico_tcp_close(p->near);
    mico_tcp_close(p->far);
    mico_tcp_close(p->listener);
}

static void bytes_go_both_ways_and_the_end_is_seen(void **state)
{
    struct pair p = open_pair();
    char in[8];
    size_t len;
    assert_int_equal(mico_tcp_send(p.near, "to", 2, PATIENCE_MS), MICO_OK);
    assert_int_equal(mico_tcp_recv(p.far, in, sizeof in, &len, PATIENCE_MS), MICO_OK);
    assert_int_equal(len, 2);
    assert_memory_equal(in, "to", 2);
    assert_int_equal(mico_tcp_send(p.far, "fro", 3, PATIENCE_MS), MICO_OK);
    assert_int_equal(mico_tcp_recv(p.near, in, 1, &len, PATIENCE_MS), MICO_OK);
    assert_int_equal(len, 1);
    mico_tcp_close(p.far);
    p.far = MICO_TCP_NONE;
    assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, PATIENCE_MS), MICO_OK);
    assert_memory_equal(in, "ro", 2);
    assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, PATIENCE_MS), MICO_ERR_CLOSED);
    assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, PATIENCE_MS), MICO_ERR_CLOSED);
    close_pair(&p);
}

static void waiting_for_nothing_times_out(void **state)
{
    struct pair p = open_pair();
    char in[8];
    size_t len;
    mico_tcp none;
    uint64_t start = mico_clock_ms();
    assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, 50), MICO_ERR_TIMEOUT);
    assert_in_range(mico_clock_ms() - start, 49, 2000);
    assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, 0), MICO_ERR_TIMEOUT);
    start = mico_clock_ms();
    assert_int_equal(mico_tcp_accept(p.listener, 50, &none), MICO_ERR_TIMEOUT);
    assert_in_range(mico_clock_ms() - start, 49, 2000);
    close_pair(&p);
}

static int option_of(mico_tcp tcp, int level, int name)
{
    int value = -1;
    socklen_t len = sizeof value;
    assert_int_equal(getsockopt(tcp, level, name, &value, &len), 0);
    return value;
}

/* The host keeps its promise in its own time, which no test holds: what it was asked for is all that is looked at. */
static void silent_peer_is_probed_when_asked_for_alone(void **state)
{
    struct pair p = open_pair();
    assert_int_equal(option_of(p.far, SOL_SOCKET, SO_KEEPALIVE), 0);
    mico_tcp_keep_alive(p.far, true);
    assert_int_equal(option_of(p.far, SOL_SOCKET, SO_KEEPALIVE), 1);
    assert_int_equal(option_of(p.far, IPPROTO_TCP, TCP_KEEPIDLE), MICO_TCP_KEEP_IDLE_S);
    assert_int_equal(option_of(p.far, IPPROTO_TCP, TCP_KEEPINTVL), MICO_TCP_KEEP_PROBE_S);
    assert_int_equal(option_of(p.far, IPPROTO_TCP, TCP_KEEPCNT), MICO_TCP_KEEP_PROBES);
    assert_int_equal(option_of(p.far, IPPROTO_TCP, TCP_USER_TIMEOUT), 60000);
    mico_tcp_keep_alive(p.far, false);
    assert_int_equal(option_of(p.far, SOL_SOCKET, SO_KEEPALIVE), 0);
    assert_int_equal(option_of(p.far, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
    close_pair(&p);
}

/* A peer that takes a little now and then must not stretch the time that the caller gave. */
static void sending_to_one_who_does_not_read_times_out(void **state)
{
    struct pair p = open_pair();
    size_t len = 64u << 20;
    uint8_t *much = calloc(1, len);
    assert_non_null(much);
    uint64_t start = mico_clock_ms();
    assert_int_equal(mico_tcp_send(p.near, much, len, 200), MICO_ERR_TIMEOUT);
    assert_in_range(mico_clock_ms() - start, 199, 3000);
    free(much);
    close_pair(&p);
}

/* What went out is known to the byte, so that a sender goes on where it was. */
static void sending_some_says_how_much_and_goes_on(void **state)
{
    static uint8_t data[16u << 20], got[sizeof data]; /* more than two sockets hold */
    struct pair p = open_pair();
    size_t sent = 0, have = 0, some;
    bool full = false;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 31 + i / 4093);
    }
    while (have < sizeof data) {
        mico_err err = MICO_OK;
        while (err == MICO_OK && sent < sizeof data) {
            err = mico_tcp_send_some(p.near, data + sent, sizeof data - sent, &some, 0);
            sent += some;
        }
        full = full || err == MICO_ERR_TIMEOUT;
        assert_true(err == MICO_OK || (err == MICO_ERR_TIMEOUT && some == 0));
        assert_int_equal(mico_tcp_recv(p.far, got + have, sizeof got - have, &some, PATIENCE_MS), MICO_OK);
        have += some;
    }
    assert_memory_equal(got, data, sizeof data);
    assert_true(full); /* it did have to wait */
    close_pair(&p);
}

static void peer_that_resets_is_an_error_not_an_end(void **state)
{
    struct pair p = open_pair();
    struct linger now = {1, 0};
    char in[8];
    size_t len;
    assert_int_equal(setsockopt(p.far, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    mico_tcp_close(p.far);
    p.far = MICO_TCP_NONE;
    assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, PATIENCE_MS), MICO_ERR_IO);
    mico_err err = mico_tcp_send(p.near, "x", 1, PATIENCE_MS);
    assert_true(err == MICO_ERR_IO || err == MICO_ERR_CLOSED);
    close_pair(&p);
}

static void connecting_to_nobody_fails(void **state)
{
    uint16_t port;
    mico_tcp none = MICO_TCP_NONE, listener = listen_somewhere(&port);
    mico_tcp_close(listener);
    assert_int_equal(mico_tcp_connect("127.0.0.1", port, PATIENCE_MS, &none), MICO_ERR_IO);
    assert_int_equal(mico_tcp_connect("no.such.name.invalid", port, PATIENCE_MS, &none), MICO_ERR_IO);
    assert_int_equal(none, MICO_TCP_NONE);
}

static void port_in_use_cannot_be_taken(void **state)
{
    uint16_t port;
    mico_tcp none = MICO_TCP_NONE, listener = listen_somewhere(&port);
    assert_int_not_equal(mico_tcp_listen(port, &none), MICO_OK);
    assert_int_equal(none, MICO_TCP_NONE);
    mico_tcp_close(listener);
}

static void net_is_up_and_has_an_address(void **state)
{
    char address[16];
    assert_int_equal(mico_net_up(1000), MICO_OK);
    mico_net_address(address);
    assert_true(strlen(address) >= 7 && strlen(address) <= 15);
}

/* ---- in threads ---- */

static void echo_until_closed(void *arg)
{
    mico_tcp tcp = *(mico_tcp *)arg;
    uint8_t bytes[1000];
    size_t len;
    while (mico_tcp_recv(tcp, bytes, sizeof bytes, &len, MICO_NET_FOREVER) == MICO_OK) {
        if (mico_tcp_send(tcp, bytes, len, PATIENCE_MS) != MICO_OK) {
            return;
        }
    }
}

static void send_a_mib(void *arg)
{
    mico_tcp tcp = *(mico_tcp *)arg;
    uint8_t bytes[1024];
    for (int i = 0; i < 1024; i++) {
        memset(bytes, i, sizeof bytes);
        if (mico_tcp_send(tcp, bytes, sizeof bytes, PATIENCE_MS) != MICO_OK) {
            return;
        }
    }
}

static void threads_exchange_1_mib_at_once(void **state)
{
    static struct mico_thread echoer, sender;
    static uint64_t stacks[2][STACK / sizeof(uint64_t)];
    struct pair p = open_pair();
    mico_thread_create(&echoer, "echo", 6, echo_until_closed, &p.far, stacks[0], STACK);
    mico_thread_create(&sender, "send", 6, send_a_mib, &p.near, stacks[1], STACK);
    for (size_t done = 0; done < 1u << 20;) {
        uint8_t in[777];
        size_t len;
        assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, PATIENCE_MS), MICO_OK);
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(in[i], (uint8_t)((done + i) / 1024));
        }
        done += len;
    }
    assert_int_equal(mico_thread_join(&sender, PATIENCE_MS), MICO_OK);
    mico_tcp_close(p.near);
    p.near = MICO_TCP_NONE;
    assert_int_equal(mico_thread_join(&echoer, PATIENCE_MS), MICO_OK);
    close_pair(&p);
}

static void count(void *arg)
{
    for (volatile unsigned *counter = arg;; ++*counter) {
        mico_thread_sleep_ms(5);
    }
}

static void waiting_blocks_the_calling_thread_only(void **state)
{
    static struct mico_thread counter;
    static uint64_t stack[STACK / sizeof(uint64_t)];
    static volatile unsigned counted;
    struct pair p = open_pair();
    char in[8];
    size_t len;
    mico_thread_create(&counter, "count", 8, count, (void *)&counted, stack, STACK);
    assert_int_equal(mico_tcp_recv(p.near, in, sizeof in, &len, 300), MICO_ERR_TIMEOUT);
    assert_true(counted >= 10);
    mico_thread_delete(&counter);
    close_pair(&p);
}

#define EACH_WAY                                                                                                 \
    cmocka_unit_test(bytes_go_both_ways_and_the_end_is_seen), cmocka_unit_test(waiting_for_nothing_times_out),   \
        cmocka_unit_test(silent_peer_is_probed_when_asked_for_alone),                                            \
        cmocka_unit_test(sending_to_one_who_does_not_read_times_out),                                            \
        cmocka_unit_test(sending_some_says_how_much_and_goes_on),                                                \
        cmocka_unit_test(peer_that_resets_is_an_error_not_an_end), cmocka_unit_test(connecting_to_nobody_fails), \
        cmocka_unit_test(port_in_use_cannot_be_taken), cmocka_unit_test(net_is_up_and_has_an_address)

static void in_a_thread(void *arg)
{
    const struct CMUnitTest tests[] = {
        EACH_WAY,
        cmocka_unit_test(threads_exchange_1_mib_at_once),
        cmocka_unit_test(waiting_blocks_the_calling_thread_only),
    };
    the_failures += cmocka_run_group_tests_name("tcp in the kernel's threads", tests, NULL, NULL);
    exit(the_failures);
}

int main(void)
{
    static uint64_t stack[STACK / sizeof(uint64_t)];
    const struct CMUnitTest tests[] = {EACH_WAY};
    the_failures = cmocka_run_group_tests_name("tcp without a kernel", tests, NULL, NULL);
    mico_kernel_start(in_a_thread, NULL, stack, sizeof stack);
}
