/* SPDX-License-Identifier: Apache-2.0 */
/* os/net/tcp.h over the host's sockets: non-blocking ones, waited for by the calling kernel thread alone. */
#include "os/net/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/boards/posix/events.h"
#include "os/kernel/kernel.h"
#include "os/port/clock.h"

/* One thread's wait for a descriptor. */
struct wait {
    struct mico_semaphore ready;
    int watch;
};

static void on_ready(void *ctx)
{
    struct wait *wait = ctx;
    mico_posix_unwatch(wait->watch);
    wait->watch = -1;
    (void)mico_semaphore_give(&wait->ready);
}

/* MICO_OK when fd has one of events, MICO_ERR_TIMEOUT when it has none in time. */
static mico_err wait_for(int fd, short events, uint32_t timeout_ms)
{
    struct pollfd now = {fd, events, 0};
    bool threads = mico_kernel_running();
    int limit = threads ? 0 : timeout_ms > 0x7FFFFFFF ? -1 : (int)timeout_ms;
    if (poll(&now, 1, limit) > 0) {
        return MICO_OK;
    }
    if (!threads) {
        return MICO_ERR_TIMEOUT;
    }
    struct wait wait;
    mico_semaphore_init(&wait.ready, 0, 1);
    wait.watch = mico_posix_watch(fd, events, on_ready, &wait);
    mico_err err = mico_semaphore_take(&wait.ready, timeout_ms);
    mico_posix_unwatch(wait.watch);
    mico_semaphore_deinit(&wait.ready);
    return err == MICO_OK ? MICO_OK : MICO_ERR_TIMEOUT;
}

static uint32_t left_of(uint32_t timeout_ms, uint64_t since_ms)
{
    uint64_t gone = mico_clock_ms() - since_ms;
    return timeout_ms == MICO_NET_FOREVER ? timeout_ms : gone < timeout_ms ? timeout_ms - (uint32_t)gone : 0;
}

static bool again(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == EINPROGRESS;
}

static mico_err err_of(int number)
{
    switch (number) {
    case EPIPE:
    case ENOTCONN:
        return MICO_ERR_CLOSED;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return MICO_ERR_FULL;
    default:
        return MICO_ERR_IO;
    }
}

mico_err mico_net_up(uint32_t timeout_ms)
{
    return MICO_OK; /* the host's network is there */
}

void mico_net_address(char out[16])
{
    snprintf(out, 16, "127.0.0.1");
}

static void no_delay(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static mico_err open_and_connect(const struct addrinfo *to, uint32_t timeout_ms, int *out)
{
    int failed = 0;
    socklen_t len = sizeof failed;
    int fd = *out = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return err_of(errno);
    }
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0) {
        return MICO_OK;
    }
    mico_err err = again() ? wait_for(fd, POLLOUT, timeout_ms) : MICO_ERR_IO;
    if (err == MICO_OK && (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) != 0 || failed != 0)) {
        err = MICO_ERR_IO;
    }
    return err;
}

mico_err mico_tcp_connect(const char *host, uint16_t port, uint32_t timeout_ms, mico_tcp *out)
{
    char service[8];
    struct addrinfo want = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(host, service, &want, &found) != 0) {
        return MICO_ERR_IO;
    }
    int fd = -1;
    mico_err err = open_and_connect(found, timeout_ms, &fd);
    freeaddrinfo(found);
    if (err != MICO_OK) {
        mico_tcp_close(fd);
        return err;
    }
    no_delay(fd);
    *out = fd;
    return MICO_OK;
}

mico_err mico_tcp_listen(uint16_t port, mico_tcp *out)
{
    struct sockaddr_in any = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return err_of(errno);
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&any, sizeof any) != 0 || listen(fd, 16) != 0) {
        mico_err err = err_of(errno);
        close(fd);
        return err;
    }
    *out = fd;
    return MICO_OK;
}

mico_err mico_tcp_accept(mico_tcp listener, uint32_t timeout_ms, mico_tcp *out)
{
    for (uint64_t start = mico_clock_ms();;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            no_delay(fd);
            *out = fd;
            return MICO_OK;
        }
        if (!again() && errno != ECONNABORTED) {
            return err_of(errno);
        }
        mico_err err = wait_for(listener, POLLIN, left_of(timeout_ms, start));
        if (err != MICO_OK) {
            return err;
        }
    }
}

mico_err mico_tcp_send(mico_tcp tcp, const void *data, size_t len, uint32_t timeout_ms)
{
    const uint8_t *at = data;
    uint64_t start = mico_clock_ms();
    while (len > 0) {
        ssize_t sent = send(tcp, at, len, MSG_NOSIGNAL);
        if (sent < 0 && !again()) {
            return err_of(errno);
        }
        mico_err err = sent < 0 ? wait_for(tcp, POLLOUT, left_of(timeout_ms, start)) : MICO_OK;
        if (err != MICO_OK) {
            return err;
        }
        at += sent > 0 ? sent : 0;
        len -= sent > 0 ? (size_t)sent : 0;
    }
    return MICO_OK;
}

mico_err mico_tcp_recv(mico_tcp tcp, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    for (uint64_t start = mico_clock_ms();;) {
        ssize_t got = recv(tcp, out, cap, 0);
        if (got == 0) {
            return MICO_ERR_CLOSED;
        }
        if (got > 0) {
            *len = (size_t)got;
            return MICO_OK;
        }
        mico_err err = again() ? wait_for(tcp, POLLIN, left_of(timeout_ms, start)) : err_of(errno);
        if (err != MICO_OK) {
            return err;
        }
    }
}

/* Watched descriptors. More cannot be watched than the board has room for. */
static struct watched {
    int fd;
    int watch;
    bool used;
} the_watched[MICO_POSIX_WATCH_MAX / 2];

static void (*on_readable)(void);

static void unwatch(struct watched *w)
{
    mico_posix_unwatch(w->watch);
    w->used = false;
}

static void on_watched(void *ctx)
{
    unwatch(ctx);
    if (on_readable != NULL) {
        on_readable();
    }
}

static struct watched *watched_of(int fd)
{
    for (size_t i = 0; i < sizeof the_watched / sizeof the_watched[0]; i++) {
        if (the_watched[i].used && the_watched[i].fd == fd) {
            return &the_watched[i];
        }
    }
    return NULL;
}

void mico_tcp_on_readable(void (*callback)(void))
{
    on_readable = callback;
}

void mico_tcp_watch(mico_tcp tcp)
{
    struct watched *w = watched_of(tcp);
    for (size_t i = 0; w == NULL && i < sizeof the_watched / sizeof the_watched[0]; i++) {
        if (!the_watched[i].used) {
            w = &the_watched[i];
            *w = (struct watched){.fd = tcp, .used = true};
            w->watch = mico_posix_watch(tcp, POLLIN, on_watched, w);
        }
    }
}

bool mico_tcp_readable(mico_tcp tcp)
{
    struct pollfd now = {tcp, POLLIN, 0};
    return poll(&now, 1, 0) > 0;
}

mico_err mico_tcp_peer(mico_tcp tcp, uint8_t ip[4], uint16_t *port)
{
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;
    if (getpeername(tcp, (struct sockaddr *)&peer, &len) != 0) {
        return MICO_ERR_CLOSED;
    }
    memcpy(ip, &peer.sin_addr, 4);
    *port = ntohs(peer.sin_port);
    return MICO_OK;
}

mico_err mico_net_resolve(const char *host, uint8_t ip[4])
{
    struct addrinfo want = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    if (getaddrinfo(host, NULL, &want, &found) != 0) {
        return MICO_ERR_IO;
    }
    memcpy(ip, &((const struct sockaddr_in *)(const void *)found->ai_addr)->sin_addr, 4);
    freeaddrinfo(found);
    return MICO_OK;
}

void mico_tcp_close(mico_tcp tcp)
{
    struct watched *w = watched_of(tcp);
    if (w != NULL) {
        unwatch(w);
    }
    if (tcp >= 0) {
        close(tcp);
    }
}
