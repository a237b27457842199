/* SPDX-License-Identifier: Apache-2.0 */
/* udp.h over the host's sockets: alone in its process, then in threads of the kernel. */
#include "os/net/udp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "os/kernel/kernel.h"
#include "os/net/net.h"
#include "os/net/tcp.h"
#include "os/port/clock.h"

#define PATIENCE_MS 5000u
#define STACK 16384

static const uint8_t own[4] = {127, 0, 0, 1};
static const uint8_t group[4] = {239, 255, 77, 1};
static int the_failures;

static mico_udp open_any(void)
{
    mico_udp udp;
    assert_int_equal(mico_udp_open(0, false, &udp), MICO_OK);
    return udp;
}

/* What udp receives is text, from the port of sender. */
static void expect(mico_udp udp, const char *text, uint16_t sender)
{
    char in[64];
    size_t len;
    uint8_t ip[4];
    uint16_t port;
    assert_int_equal(mico_udp_recv(udp, in, sizeof in, &len, ip, &port, PATIENCE_MS), MICO_OK);
    assert_int_equal(len, strlen(text));
    assert_memory_equal(in, text, len);
    assert_int_equal(port, sender);
}

static void expect_nothing(mico_udp udp)
{
    char in[8];
    size_t len;
    uint8_t ip[4];
    uint16_t port;
    assert_int_equal(mico_udp_recv(udp, in, sizeof in, &len, ip, &port, 30), MICO_ERR_TIMEOUT);
}

static void datagrams_go_both_ways_each_as_it_was_sent(void **state)
{
    mico_udp a = open_any(), b = open_any();
    assert_false(mico_udp_readable(b));
    assert_int_equal(mico_udp_send(a, own, mico_udp_port(b), "one", 3), MICO_OK);
    assert_int_equal(mico_udp_send(a, own, mico_udp_port(b), "", 0), MICO_OK);
    assert_int_equal(mico_udp_send(a, own, mico_udp_port(b), "three", 5), MICO_OK);
    expect(b, "one", mico_udp_port(a));
    assert_true(mico_udp_readable(b));
    expect(b, "", mico_udp_port(a));
    expect(b, "three", mico_udp_port(a));
    assert_int_equal(mico_udp_send(b, own, mico_udp_port(a), "back", 4), MICO_OK);
    expect(a, "back", mico_udp_port(b));
    mico_udp_close(a);
    mico_udp_close(b);
}

static void datagram_that_exceeds_the_buffer_is_cut_and_tells_its_length(void **state)
{
    mico_udp a = open_any(), b = open_any();
    char in[5] = "....";
    size_t len;
    uint8_t ip[4];
    uint16_t port;
    assert_int_equal(mico_udp_send(a, own, mico_udp_port(b), "123456789", 9), MICO_OK);
    assert_int_equal(mico_udp_recv(b, in, 4, &len, ip, &port, PATIENCE_MS), MICO_OK);
    assert_int_equal(len, 9);
    assert_memory_equal(in, "1234", 5);
    assert_memory_equal(ip, own, 4);
    expect_nothing(b);
    mico_udp_close(a);
    mico_udp_close(b);
}

static void datagram_of_more_than_a_frame_is_refused(void **state)
{
    static uint8_t data[MICO_UDP_PAYLOAD_MAX + 1];
    mico_udp a = open_any();
    assert_int_equal(mico_udp_send(a, own, mico_udp_port(a), data, sizeof data), MICO_ERR_SIZE);
    assert_int_equal(mico_udp_send(a, own, mico_udp_port(a), data, sizeof data - 1), MICO_OK);
    mico_udp_close(a);
}

static void sending_to_nobody_does_not_break_the_socket(void **state)
{
    mico_udp a = open_any(), b = open_any(), gone = open_any();
    uint16_t port = mico_udp_port(gone);
    mico_udp_close(gone);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(mico_udp_send(a, own, port, "x", 1), MICO_OK);
    }
    expect_nothing(a);
    assert_int_equal(mico_udp_send(a, own, mico_udp_port(b), "y", 1), MICO_OK);
    expect(b, "y", mico_udp_port(a));
    mico_udp_close(a);
    mico_udp_close(b);
}

static void port_is_one_sockets_own_unless_it_is_shared(void **state)
{
    mico_udp a = open_any(), b;
    uint16_t port = mico_udp_port(a);
    assert_int_equal(mico_udp_open(port, false, &b), MICO_ERR_BUSY);
    assert_int_equal(mico_udp_open(port, true, &b), MICO_ERR_BUSY);
    mico_udp_close(a);
    assert_int_equal(mico_udp_open(port, true, &a), MICO_OK);
    assert_int_equal(mico_udp_open(port, true, &b), MICO_OK);
    mico_udp_close(a);
    mico_udp_close(b);
}

static void broadcast_needs_leave(void **state)
{
    static const uint8_t all[4] = {127, 255, 255, 255};
    mico_udp a = open_any(), b = open_any();
    assert_int_equal(mico_udp_send(a, all, mico_udp_port(b), "no", 2), MICO_ERR_DENIED);
    mico_udp_broadcast(a, true);
    assert_int_equal(mico_udp_send(a, all, mico_udp_port(b), "yes", 3), MICO_OK);
    expect(b, "yes", mico_udp_port(a));
    mico_udp_broadcast(a, false);
    assert_int_equal(mico_udp_send(a, all, mico_udp_port(b), "no", 2), MICO_ERR_DENIED);
    expect_nothing(b);
    mico_udp_close(a);
    mico_udp_close(b);
}

static void group_is_heard_by_those_that_joined_while_they_are_in_it(void **state)
{
    mico_udp a = open_any(), in, out;
    assert_int_equal(mico_udp_open(mico_udp_port(a) ^ 0x155, true, &in), MICO_OK);
    uint16_t port = mico_udp_port(in);
    assert_int_equal(mico_udp_open(port, true, &out), MICO_OK);
    assert_int_equal(mico_udp_join(in, own), MICO_ERR_PARAM);
    assert_int_equal(mico_udp_leave(in, group), MICO_ERR_STATE);
    assert_int_equal(mico_udp_join(in, group), MICO_OK);
    assert_int_equal(mico_udp_join(in, group), MICO_OK);
    assert_int_equal(mico_udp_send(a, group, port, "all", 3), MICO_OK);
    expect(in, "all", mico_udp_port(a));
    expect_nothing(out);
    assert_int_equal(mico_udp_leave(in, group), MICO_OK);
    assert_int_equal(mico_udp_send(a, group, port, "all", 3), MICO_OK);
    expect_nothing(in);
    mico_udp_close(a);
    mico_udp_close(in);
    mico_udp_close(out);
}

static void own_multicast_is_heard(void **state)
{
    mico_udp a = open_any();
    assert_int_equal(mico_udp_join(a, group), MICO_OK);
    assert_int_equal(mico_udp_send(a, group, mico_udp_port(a), "own", 3), MICO_OK);
    expect(a, "own", mico_udp_port(a));
    mico_udp_close(a);
}

static void place_in_the_network_is_known(void **state)
{
    struct mico_net_info info;
    mico_net_info(&info);
    assert_true(info.up);
    assert_memory_equal(info.ip, own, 4);
    assert_memory_equal(info.mask, "\377\0\0\0", 4);
}

static void names_resolve_and_unknown_ones_do_not(void **state)
{
    uint8_t ip[4] = {9, 9, 9, 9};
    static char longest[300];
    memset(longest, 'a', sizeof longest - 1);
    assert_int_equal(mico_net_resolve("no.such.name.invalid", ip), MICO_ERR_IO);
    assert_int_equal(mico_net_resolve("", ip), MICO_ERR_IO);
    assert_int_equal(mico_net_resolve(longest, ip), MICO_ERR_IO);
    assert_memory_equal(ip, "\11\11\11\11", 4);
    assert_int_equal(mico_net_resolve("localhost", ip), MICO_OK);
    assert_memory_equal(ip, own, 4);
    assert_int_equal(mico_net_resolve("10.1.2.3", ip), MICO_OK);
    assert_memory_equal(ip, "\12\1\2\3", 4);
}

static void count(void *arg)
{
    for (volatile unsigned *counted = arg;; ++*counted) {
        mico_thread_sleep_ms(10);
    }
}

static void waiting_blocks_the_calling_thread_only(void **state)
{
    static struct mico_thread counter;
    static uint64_t stack[STACK / sizeof(uint64_t)];
    static volatile unsigned counted;
    char in[8];
    size_t len;
    uint8_t ip[4];
    uint16_t port;
    mico_udp a = open_any();
    mico_thread_create(&counter, "count", 8, count, (void *)&counted, stack, STACK);
    assert_int_equal(mico_udp_recv(a, in, sizeof in, &len, ip, &port, 300), MICO_ERR_TIMEOUT);
    assert_true(counted >= 10);
    mico_thread_delete(&counter);
    mico_udp_close(a);
}

#define EACH_WAY                                                                                                \
    cmocka_unit_test(datagrams_go_both_ways_each_as_it_was_sent),                                               \
        cmocka_unit_test(datagram_that_exceeds_the_buffer_is_cut_and_tells_its_length),                         \
        cmocka_unit_test(datagram_of_more_than_a_frame_is_refused),                                             \
        cmocka_unit_test(sending_to_nobody_does_not_break_the_socket),                                          \
        cmocka_unit_test(port_is_one_sockets_own_unless_it_is_shared), cmocka_unit_test(broadcast_needs_leave), \
        cmocka_unit_test(group_is_heard_by_those_that_joined_while_they_are_in_it),                             \
        cmocka_unit_test(own_multicast_is_heard), cmocka_unit_test(place_in_the_network_is_known),              \
        cmocka_unit_test(names_resolve_and_unknown_ones_do_not)

static void in_a_thread(void *arg)
{
    const struct CMUnitTest tests[] = {EACH_WAY, cmocka_unit_test(waiting_blocks_the_calling_thread_only)};
    the_failures += cmocka_run_group_tests_name("udp in the kernel's threads", tests, NULL, NULL);
    exit(the_failures);
}

int main(void)
{
    static uint64_t stack[STACK / sizeof(uint64_t)];
    const struct CMUnitTest tests[] = {EACH_WAY};
    the_failures = cmocka_run_group_tests_name("udp without a kernel", tests, NULL, NULL);
    mico_kernel_start(in_a_thread, NULL, stack, sizeof stack);
}
