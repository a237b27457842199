/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 sockets on the posix board: UDP, names, poll and shutdown, in threads of the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mico.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

#define NFDS 24

static mico_thread_t helper;

static struct sockaddr_in address_of(const char *ip, uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(ip), .sin_port = htons(port)};
}

static uint16_t port_of(int fd)
{
    struct sockaddr_in own;
    socklen_t len = sizeof own;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &len), 0);
    assert_int_equal(len, sizeof own);
    return ntohs(own.sin_port);
}

/* A UDP socket that waits at most ms; bound to a free port when bound. */
static int udp(bool bound, int ms)
{
    struct sockaddr_in any = address_of("0.0.0.0", 0);
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    assert_in_range(fd, 3, NFDS - 1);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &ms, sizeof ms), 0);
    if (bound) {
        assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    }
    return fd;
}

static int say_to(int fd, const char *ip, uint16_t port, const char *text)
{
    struct sockaddr_in to = address_of(ip, port);
    return (int)sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, sizeof to);
}

static bool wait_readable(int fd, uint32_t ms)
{
    fd_set set;
    struct timeval limit = {0, (suseconds_t)ms * 1000};
    FD_ZERO(&set);
    FD_SET(fd, &set);
    return select(NFDS, &set, NULL, NULL, &limit) == 1 && FD_ISSET(fd, &set);
}

static void datagrams_arrive_with_their_senders_address(void **state)
{
    char text[8];
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    int a = udp(false, 1000), b = udp(true, 1000);
    assert_int_equal(port_of(a), 0);
    assert_false(wait_readable(a, 0)); /* it has no port yet */
    assert_int_equal(say_to(a, "127.0.0.1", port_of(b), "hello"), 5);
    assert_true(wait_readable(b, 900));
    assert_int_equal(recvfrom(b, text, sizeof text, 0, (struct sockaddr *)&from, &len), 5);
    assert_memory_equal(text, "hello", 5);
    assert_string_equal(inet_ntoa(from.sin_addr), "127.0.0.1");
    assert_int_equal(ntohs(from.sin_port), port_of(a));
    assert_int_equal(sendto(b, "longer than it", 14, 0, (struct sockaddr *)&from, len), 14);
    assert_int_equal(recv(a, text, sizeof text, 0), 8); /* the rest is lost */
    assert_int_equal(recv(a, text, sizeof text, MSG_DONTWAIT), -1);
    assert_int_equal(errno, EAGAIN);
    close(a);
    close(b);
}

static void connected_socket_talks_to_its_peer_alone(void **state)
{
    char text[8];
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;
    int a = udp(true, 1000), b = udp(true, 1000), stranger = udp(true, 1000);
    struct sockaddr_in to_b = address_of("127.0.0.1", port_of(b)), nobody = address_of("0.0.0.0", 0);
    assert_int_equal(send(a, "x", 1, 0), -1);
    assert_int_equal(errno, EDESTADDRREQ);
    assert_int_equal(getpeername(a, (struct sockaddr *)&peer, &len), -1);
    assert_int_equal(errno, ENOTCONN);
    assert_int_equal(connect(a, (struct sockaddr *)&to_b, sizeof to_b), 0);
    assert_int_equal(getpeername(a, (struct sockaddr *)&peer, &len), 0);
    assert_int_equal(peer.sin_port, to_b.sin_port);
    assert_int_equal(send(a, "x", 1, 0), 1);
    assert_int_equal(recv(b, text, sizeof text, 0), 1);
    assert_int_equal(say_to(stranger, "127.0.0.1", port_of(a), "no"), 2);
    assert_int_equal(say_to(b, "127.0.0.1", port_of(a), "yes"), 3);
    assert_int_equal(recv(a, text, sizeof text, 0), 3);
    assert_int_equal(connect(a, (struct sockaddr *)&nobody, sizeof nobody), 0);
    assert_int_equal(say_to(stranger, "127.0.0.1", port_of(a), "no"), 2);
    assert_int_equal(recv(a, text, sizeof text, 0), 2);
    close(a);
    close(b);
    close(stranger);
}

static void options_that_are_set_before_binding_count_after_it(void **state)
{
    char text[8];
    int on = 1, off = 0;
    struct ip_mreq group = {.imr_multiaddr.s_addr = inet_addr("239.255.77.2")};
    int a = udp(false, 1000), b = udp(false, 1000), sender = udp(true, 1000);
    struct sockaddr_in any = address_of("0.0.0.0", port_of(sender) ^ 0x2AA);
    assert_int_equal(setsockopt(a, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    assert_int_equal(setsockopt(b, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    assert_int_equal(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), 0);
    assert_int_equal(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), -1);
    assert_int_equal(errno, EADDRINUSE);
    assert_int_equal(bind(a, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(bind(b, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(setsockopt(b, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group), -1);
    assert_int_equal(errno, EADDRNOTAVAIL);
    assert_int_equal(say_to(sender, "239.255.77.2", ntohs(any.sin_port), "all"), 3);
    assert_int_equal(recv(a, text, sizeof text, 0), 3);
    assert_int_equal(recv(b, text, sizeof text, MSG_DONTWAIT), -1);
    assert_int_equal(setsockopt(a, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group), 0);
    assert_int_equal(say_to(sender, "239.255.77.2", ntohs(any.sin_port), "all"), 3);
    assert_false(wait_readable(a, 50));
    assert_int_equal(say_to(sender, "127.255.255.255", ntohs(any.sin_port), "x"), -1);
    assert_int_equal(errno, EACCES);
    assert_int_equal(setsockopt(sender, SOL_SOCKET, SO_BROADCAST, &on, sizeof on), 0);
    assert_int_equal(say_to(sender, "127.255.255.255", ntohs(any.sin_port), "x"), 1);
    assert_int_equal(setsockopt(sender, SOL_SOCKET, SO_BROADCAST, &off, sizeof off), 0);
    assert_int_equal(say_to(sender, "127.255.255.255", ntohs(any.sin_port), "x"), -1);
    close(a);
    close(b);
    close(sender);
}

static void wrong_uses_of_datagram_sockets_get_their_errors(void **state)
{
    static char large[1473];
    int number = 300, type;
    socklen_t len = sizeof type;
    uint8_t ttl = 4;
    struct ip_mreq group = {.imr_multiaddr.s_addr = inet_addr("10.0.0.1")};
    struct sockaddr_in own;
    int a = udp(true, 10), b = udp(false, 10);
    own = address_of("0.0.0.0", port_of(a));
    assert_int_equal(bind(b, (struct sockaddr *)&own, sizeof own), -1);
    assert_int_equal(errno, EADDRINUSE);
    assert_int_equal(bind(a, (struct sockaddr *)&own, sizeof own), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(listen(a, 1), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(sendto(a, large, sizeof large, 0, (struct sockaddr *)&own, sizeof own), -1);
    own = address_of("127.0.0.1", port_of(a));
    assert_int_equal(sendto(a, large, sizeof large, 0, (struct sockaddr *)&own, sizeof own), -1);
    assert_int_equal(errno, EMSGSIZE);
    assert_int_equal(sendto(a, NULL, 1, 0, (struct sockaddr *)&own, sizeof own), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(setsockopt(a, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(setsockopt(a, IPPROTO_IP, IP_MULTICAST_TTL, &number, sizeof number), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(setsockopt(a, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, 1), 0);
    assert_int_equal(setsockopt(a, IPPROTO_IP, 12345, &ttl, 1), -1);
    assert_int_equal(errno, ENOPROTOOPT);
    assert_int_equal(getsockopt(a, SOL_SOCKET, SO_TYPE, &type, &len), 0);
    assert_int_equal(type, SOCK_DGRAM);
    assert_int_equal(recv(a, large, 1, 0), -1); /* SO_RCVTIMEO */
    assert_int_equal(errno, EAGAIN);
    close(a);
    close(b);
}

static void close_later(mico_thread_arg_t fd)
{
    mico_thread_msleep(20);
    close((int)fd);
}

static void waiting_for_a_datagram_ends_by_closing(void **state)
{
    char octet;
    int a = udp(true, 0);
    assert_int_equal(mico_rtos_create_thread(&helper, 5, "close", close_later, 4096, (mico_thread_arg_t)a), kNoErr);
    assert_int_equal(recv(a, &octet, 1, 0), -1);
    assert_int_equal(errno, EBADF);
    mico_rtos_thread_join(&helper);
}

static void poll_tells_what_is_ready_and_what_is_no_descriptor(void **state)
{
    int on = 1;
    char octet;
    int a = udp(true, 0), b = udp(true, 0);
    struct pollfd fds[] = {{a, POLLIN, 9}, {b, POLLIN | POLLOUT, 9}, {-1, POLLIN, 9}};
    assert_int_equal(poll(fds, 1, 0), 0);
    assert_int_equal(poll(fds, 3, 10), 1);
    assert_int_equal(fds[0].revents, 0);
    assert_int_equal(fds[1].revents, POLLOUT);
    assert_int_equal(fds[2].revents, 0);
    assert_int_equal(say_to(b, "127.0.0.1", port_of(a), "x"), 1);
    assert_int_equal(poll(fds, 1, -1), 1);
    assert_int_equal(fds[0].revents, POLLIN);
    fds[2].fd = 23;
    assert_int_equal(poll(fds, 3, -1), 3);
    assert_int_equal(fds[2].revents, POLLNVAL);
    assert_int_equal(poll(fds, 22, 0), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(recv(a, &octet, 1, 0), 1);
    assert_int_equal(ioctl(a, FIONBIO, &on), 0);
    assert_int_equal(recv(a, &octet, 1, 0), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(ioctl(a, 1, &on), -1);
    assert_int_equal(errno, EINVAL);
    close(a);
    close(b);
}

static int listen_somewhere(struct sockaddr_in *at)
{
    for (uint16_t port = 21000;; port++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        *at = address_of("127.0.0.1", port);
        assert_int_equal(bind(fd, (struct sockaddr *)at, sizeof *at), 0);
        if (listen(fd, 1) == 0) {
            assert_int_equal(port_of(fd), port);
            return fd;
        }
        close(fd);
        assert_true(port < 60000);
    }
}

static void shutdown_ends_one_direction_or_both(void **state)
{
    char text[8];
    struct sockaddr_in at;
    int listener = listen_somewhere(&at), near = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(shutdown(near, SHUT_WR), -1);
    assert_int_equal(errno, ENOTCONN);
    assert_int_equal(connect(near, (struct sockaddr *)&at, sizeof at), 0);
    int far = accept(listener, NULL, NULL);
    assert_int_equal(send(near, "last", 4, 0), 4);
    assert_int_equal(shutdown(near, SHUT_WR), 0);
    assert_int_equal(recv(far, text, sizeof text, 0), 4);
    assert_int_equal(recv(far, text, sizeof text, 0), 0);
    assert_int_equal(send(far, "still", 5, 0), 5);
    assert_int_equal(recv(near, text, sizeof text, 0), 5);
    assert_int_equal(shutdown(near, 99), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(shutdown(near, SHUT_RD), 0);
    assert_int_equal(recv(near, text, sizeof text, 0), 0);
    close(near);
    close(far);
    close(listener);
}

static void getaddrinfo_gives_one_ipv4_address(void **state)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *found[5];
    for (int i = 0; i < 4; i++) {
        assert_int_equal(getaddrinfo("localhost", "5353", &hints, &found[i]), 0);
    }
    assert_int_equal(getaddrinfo("localhost", "5353", &hints, &found[4]), EAI_MEMORY);
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)found[0]->ai_addr;
    assert_int_equal(found[0]->ai_socktype, SOCK_DGRAM);
    assert_int_equal(ntohs(in->sin_port), 5353);
    assert_string_equal(inet_ntoa(in->sin_addr), "127.0.0.1");
    assert_null(found[0]->ai_next);
    for (int i = 0; i < 4; i++) {
        freeaddrinfo(found[i]);
    }
    assert_int_equal(getaddrinfo("no.such.name.invalid", NULL, NULL, &found[0]), EAI_NONAME);
    assert_int_equal(getaddrinfo("127.0.0.1", "http", NULL, &found[0]), EAI_SERVICE);
    assert_int_equal(getaddrinfo("127.0.0.1", "65536", NULL, &found[0]), EAI_SERVICE);
    hints.ai_family = AF_INET6;
    assert_int_equal(getaddrinfo("127.0.0.1", NULL, &hints, &found[0]), EAI_FAMILY);
    assert_int_equal(getaddrinfo(NULL, NULL, NULL, &found[0]), EAI_NONAME);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_arrive_with_their_senders_address),
        cmocka_unit_test(connected_socket_talks_to_its_peer_alone),
        cmocka_unit_test(options_that_are_set_before_binding_count_after_it),
        cmocka_unit_test(wrong_uses_of_datagram_sockets_get_their_errors),
        cmocka_unit_test(waiting_for_a_datagram_ends_by_closing),
        cmocka_unit_test(poll_tells_what_is_ready_and_what_is_no_descriptor),
        cmocka_unit_test(shutdown_ends_one_direction_or_both),
        cmocka_unit_test(getaddrinfo_gives_one_ipv4_address),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
