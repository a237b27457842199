/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 descriptors on the posix board: event fds, sockets and select, in threads of the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/sdk/descriptor.h"

#define NFDS 24

static mico_semaphore_t semaphore;
static mico_queue_t queue;
static mico_thread_t helper;
static struct sockaddr_in server;

static fd_set set_of(int first, int second)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(first, &set);
    if (second >= 0) {
        FD_SET(second, &set);
    }
    return set;
}

static int ready_within(int fd, int other, uint32_t ms)
{
    fd_set set = set_of(fd, other);
    struct timeval timeout = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000) * 1000}, before = timeout;
    int n = select(NFDS, &set, NULL, NULL, &timeout);
    assert_memory_equal(&timeout, &before, sizeof timeout);
    return n <= 0 ? n : (FD_ISSET(fd, &set) ? 1 : 0) + (other >= 0 && FD_ISSET(other, &set) ? 2 : 0);
}

static void an_event_fd_is_readable_while_its_semaphore_or_queue_is(void **state)
{
    int number = 7;
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 2), kNoErr);
    assert_int_equal(mico_rtos_init_queue(&queue, "q", sizeof number, 2), kNoErr);
    int s = mico_create_event_fd(semaphore), q = mico_rtos_init_event_fd(queue);
    assert_in_range(s, 0, NFDS - 1);
    assert_in_range(q, 0, NFDS - 1);
    assert_int_equal(ready_within(s, q, 0), 0);
    mico_rtos_set_semaphore(&semaphore);
    assert_int_equal(ready_within(s, q, 1000), 1);
    assert_int_equal(ready_within(s, q, 1000), 1); /* by level */
    mico_rtos_push_to_queue(&queue, &number, MICO_NO_WAIT);
    assert_int_equal(ready_within(s, q, 1000), 3);
    mico_rtos_get_semaphore(&semaphore, MICO_NO_WAIT);
    assert_int_equal(ready_within(s, q, 1000), 2);
    mico_rtos_pop_from_queue(&queue, &number, MICO_NO_WAIT);
    uint64_t start = mico_clock_ms();
    assert_int_equal(ready_within(s, q, 30), 0);
    assert_in_range(mico_clock_ms() - start, 30, 5000);
    assert_int_equal(mico_delete_event_fd(s), 0);
    assert_int_equal(mico_delete_event_fd(s), -1);
    assert_int_equal(mico_rtos_deinit_event_fd(q), 0);
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
    assert_int_equal(mico_rtos_deinit_queue(&queue), kNoErr);
}

static void set_in_an_interrupt(void *arg)
{
    mico_rtos_set_semaphore(&semaphore);
}

static void set_later(mico_thread_arg_t arg)
{
    mico_thread_msleep(20);
    mico_posix_interrupt(set_in_an_interrupt, NULL);
}

static void deinit_later(mico_thread_arg_t arg)
{
    mico_thread_msleep(20);
    mico_rtos_deinit_semaphore(&semaphore);
}

static void select_wakes_for_an_event_and_for_its_end(void **state)
{
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 1), kNoErr);
    int fd = mico_create_event_fd(semaphore);
    assert_int_equal(mico_rtos_create_thread(&helper, 5, "set", set_later, 2048, 0), kNoErr);
    fd_set set = set_of(fd, -1);
    assert_int_equal(select(NFDS, &set, NULL, NULL, NULL), 1);
    mico_rtos_thread_join(&helper);
    mico_rtos_get_semaphore(&semaphore, MICO_NO_WAIT);
    assert_int_equal(mico_rtos_create_thread(&helper, 5, "end", deinit_later, 2048, 0), kNoErr);
    assert_int_equal(ready_within(fd, -1, 5000), -1);
    assert_int_equal(errno, EBADF);
    mico_rtos_thread_join(&helper);
    assert_int_equal(mico_delete_event_fd(fd), 0);
    assert_int_equal(ready_within(fd, -1, 5000), -1);
    assert_int_equal(mico_create_event_fd(NULL), -1);
}

static uint16_t free_port(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof any;
    int fd = (socket)(AF_INET, SOCK_STREAM, 0); /* the host's */
    assert_int_equal((bind)(fd, (struct sockaddr *)&any, len), 0);
    assert_int_equal((getsockname)(fd, (struct sockaddr *)&any, &len), 0);
    (close)(fd);
    return ntohs(any.sin_port);
}

static int listen_somewhere(void)
{
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    assert_in_range(fd, 0, NFDS - 1);
    assert_int_equal(listen(fd, 1), -1); /* no port yet */
    server.sin_port = htons(free_port());
    assert_int_equal(bind(fd, (struct sockaddr *)&server, sizeof server), 0);
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

static void call_and_talk(mico_thread_arg_t arg)
{
    char back[8];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    mico_thread_msleep(10);
    assert_int_equal(connect(fd, (struct sockaddr *)&server, sizeof server), 0);
    assert_int_equal(send(fd, "hello", 5, 0), 5);
    assert_int_equal(recv(fd, back, sizeof back, 0), 5);
    assert_memory_equal(back, "HELLO", 5);
    assert_int_equal(SocketClose(&fd), kNoErr);
    assert_int_equal(fd, -1);
    assert_int_equal(SocketClose(&fd), kGeneralErr);
}

static void sockets_and_events_are_selected_together(void **state)
{
    char text[8];
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    int listener = listen_somewhere();
    assert_int_equal(mico_rtos_init_semaphore(&semaphore, 1), kNoErr);
    int event = mico_create_event_fd(semaphore);
    assert_int_equal(mico_rtos_create_thread(&helper, 5, "call", call_and_talk, 4096, 0), kNoErr);
    assert_int_equal(ready_within(listener, event, 5000), 1);
    int fd = accept(listener, (struct sockaddr *)&from, &len);
    assert_in_range(fd, 0, NFDS - 1);
    assert_string_equal(inet_ntoa(from.sin_addr), "127.0.0.1");
    assert_int_equal(ready_within(fd, event, 5000), 1);
    assert_int_equal(recv(fd, text, sizeof text, 0), 5);
    assert_int_equal(write(fd, "HELLO", 5), 5);
    assert_int_equal(ready_within(fd, event, 5000), 1); /* its end is readable too */
    assert_int_equal(recv(fd, text, sizeof text, 0), 0);
    mico_rtos_set_semaphore(&semaphore);
    assert_int_equal(ready_within(listener, event, 5000), 2);
    mico_rtos_thread_join(&helper);
    assert_int_equal(close(fd), 0);
    assert_int_equal(close(event), 0);
    assert_int_equal(close(listener), 0);
    assert_int_equal(mico_rtos_deinit_semaphore(&semaphore), kNoErr);
}

static void close_later(mico_thread_arg_t fd)
{
    mico_thread_msleep(20);
    assert_int_equal(close((int)fd), 0);
}

static void waiting_for_a_connection_ends_by_time_and_by_closing(void **state)
{
    int ms = 20;
    int listener = listen_somewhere();
    uint64_t start = mico_clock_ms();
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &ms, sizeof ms), 0);
    assert_int_equal(accept(listener, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
    assert_in_range(mico_clock_ms() - start, 20, 5000);
    struct timeval forever = {0, 0};
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof forever), 0);
    assert_int_equal(mico_rtos_create_thread(&helper, 5, "close", close_later, 4096, (mico_thread_arg_t)listener),
                     kNoErr);
    assert_int_equal(accept(listener, NULL, NULL), -1);
    assert_int_equal(errno, EBADF);
    mico_rtos_thread_join(&helper);
    assert_int_equal(accept(listener, NULL, NULL), -1);
}

/* A connection to oneself: what one sends the other receives. */
static void connect_pair(int listener, int *one, int *other)
{
    *one = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(*one, (struct sockaddr *)&server, sizeof server), 0);
    *other = accept(listener, NULL, NULL);
    assert_in_range(*other, 0, NFDS - 1);
}

#define MUCH (32u << 20) /* more than two sockets hold */

static char byte_at(size_t at)
{
    return (char)(at * 31 + at / 4093);
}

/* One call to send, of what comes after the first at bytes; how much went. */
static ssize_t send_from(int fd, size_t at, int flags)
{
    static char block[1 << 20];
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] = byte_at(at + i);
    }
    return send(fd, block, sizeof block, flags);
}

/* As much as comes at once, which is what was sent from byte at on. */
static size_t receive_from(int fd, size_t at)
{
    static char block[1 << 16];
    size_t have = 0;
    for (ssize_t n; (n = recv(fd, block, sizeof block, MSG_DONTWAIT)) > 0; have += (size_t)n) {
        for (size_t i = 0; i < (size_t)n; i++) {
            assert_int_equal(block[i], byte_at(at + have + i));
        }
    }
    assert_int_equal(errno, EAGAIN);
    return have;
}

static void sender_is_told_how_much_went_when_its_peer_does_not_read(void **state)
{
    int listener = listen_somewhere(), fd, peer, ms = 50;
    size_t sent = 0, got;
    ssize_t n;
    connect_pair(listener, &fd, &peer);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    while (sent < MUCH && (n = send_from(fd, sent, 0)) > 0) {
        sent += (size_t)n;
    }
    assert_in_range(sent, 1, MUCH - 1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
    assert_int_equal(send_from(fd, sent, MSG_DONTWAIT), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &ms, sizeof ms), 0);
    got = receive_from(peer, 0);
    while (sent < 2 * MUCH && (n = send_from(fd, sent, 0)) > 0) {
        sent += (size_t)n;
    }
    assert_int_equal(errno, EAGAIN);               /* the time was over */
    for (int i = 0; i < 1000 && got < sent; i++) { /* the host moves it on its own time */
        got += receive_from(peer, got);
        mico_thread_msleep(1);
    }
    assert_int_equal(got, sent);
    assert_int_equal(close(fd), 0);
    assert_int_equal(close(peer), 0);
    assert_int_equal(close(listener), 0);
}

/* Whether the connection below has it, and the SDK says so. */
static int keeps_alive(int fd)
{
    int below = -1, above = -1;
    socklen_t len = sizeof above;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION);
    assert_non_null(d);
    assert_int_equal((getsockopt)(d->tcp, SOL_SOCKET, SO_KEEPALIVE, &below, &len), 0);
    sdk_descriptor_let_go(d);
    assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &above, &len), 0);
    assert_int_equal(above, below);
    return above;
}

static void keep_alive_is_off_until_it_is_asked_for(void **state)
{
    int listener = listen_somewhere(), fd, peer, on = 1, off = 0;
    connect_pair(listener, &fd, &peer);
    assert_int_equal(keeps_alive(fd) + keeps_alive(peer), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on), 0);
    assert_int_equal(keeps_alive(fd), 1);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof off), 0);
    assert_int_equal(keeps_alive(fd), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, NULL, sizeof on), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(close(fd), 0);
    assert_int_equal(close(peer), 0);
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on), 0);
    connect_pair(listener, &fd, &peer);
    assert_int_equal(keeps_alive(fd), 0);
    assert_int_equal(keeps_alive(peer), 1); /* as its listener */
    assert_int_equal(close(fd), 0);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&server, sizeof server), 0);
    assert_int_equal(keeps_alive(fd), 1);
    assert_int_equal(close(fd), 0);
    assert_int_equal(close(peer), 0);
    assert_int_equal(close(listener), 0);
}

static void wrong_uses_of_sockets_get_their_errors(void **state)
{
    char octet;
    int fds[30], n = 0;
    assert_int_equal(socket(AF_UNIX, SOCK_STREAM, 0), -1);
    assert_int_equal(errno, EAFNOSUPPORT);
    assert_int_equal(socket(AF_INET, SOCK_RAW, 0), -1);
    assert_int_equal(errno, EPROTONOSUPPORT);
    assert_int_equal(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), -1);
    assert_int_equal(errno, EPROTONOSUPPORT);
    while (n < 30 && (fds[n] = socket(AF_INET, SOCK_STREAM, 0)) >= 0) {
        assert_true(fds[n++] < NFDS);
    }
    assert_int_equal(n, 21);
    assert_int_equal(errno, EMFILE);
    assert_int_equal(recv(fds[0], &octet, 1, 0), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(send(-1, "x", 1, 0), -1);
    assert_int_equal(bind(fds[0], NULL, 0), -1);
    assert_int_equal(setsockopt(fds[0], SOL_SOCKET, 12345, &n, sizeof n), -1);
    assert_int_equal(errno, ENOPROTOOPT);
    assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(fcntl(fds[0], F_GETFL, 0), O_NONBLOCK);
    server.sin_port = htons(free_port()); /* nobody listens there */
    assert_int_equal(connect(fds[0], (struct sockaddr *)&server, sizeof server), -1);
    assert_int_equal(errno, ECONNREFUSED);
    while (n > 0) {
        assert_int_equal(close(fds[--n]), 0);
    }
    assert_int_equal(select(FD_SETSIZE + 1, NULL, NULL, NULL, NULL), -1);
    assert_null(gethostbyname(NULL));
    struct hostent *found = gethostbyname("127.0.0.1");
    assert_non_null(found);
    assert_memory_equal(found->h_addr, "\177\0\0\1", 4);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_fd_is_readable_while_its_semaphore_or_queue_is),
        cmocka_unit_test(select_wakes_for_an_event_and_for_its_end),
        cmocka_unit_test(sockets_and_events_are_selected_together),
        cmocka_unit_test(waiting_for_a_connection_ends_by_time_and_by_closing),
        cmocka_unit_test(sender_is_told_how_much_went_when_its_peer_does_not_read),
        cmocka_unit_test(keep_alive_is_off_until_it_is_asked_for),
        cmocka_unit_test(wrong_uses_of_sockets_get_their_errors),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
