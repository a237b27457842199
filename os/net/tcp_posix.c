/* SPDX-License-Identifier: Apache-2.0 */
/* os/net/tcp.h over the host's sockets: non-blocking ones, waited for by the calling kernel thread alone. */
#include "os/net/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/boards/posix/posix.h"
#include "os/net/readable.h"
#include "os/net/wait_posix.h"
#include "os/port/clock.h"

static void no_delay(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static mico_err open_and_connect(const struct sockaddr_in *to, uint32_t timeout_ms, int *out)
{
    int failed = 0;
    socklen_t len = sizeof failed;
    int fd = *out = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return mico_posix_err();
    }
    if (connect(fd, (const struct sockaddr *)to, sizeof *to) == 0) {
        return MICO_OK;
    }
    mico_err err = mico_posix_again() ? mico_posix_wait(fd, POLLOUT, timeout_ms) : MICO_ERR_IO;
    if (err == MICO_OK && (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) != 0 || failed != 0)) {
        err = MICO_ERR_IO;
    }
    return err;
}

mico_err mico_tcp_connect(const char *host, uint16_t port, uint32_t timeout_ms, mico_tcp *out)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (mico_net_resolve(host, (uint8_t *)&to.sin_addr) != MICO_OK) {
        return MICO_ERR_IO;
    }
    int fd = -1;
    mico_err err = open_and_connect(&to, timeout_ms, &fd);
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
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
    mico_posix_address((uint8_t *)&own.sin_addr);
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return mico_posix_err();
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0 || listen(fd, 16) != 0) {
        mico_err err = mico_posix_err();
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
        if (!mico_posix_again() && errno != ECONNABORTED) {
            return mico_posix_err();
        }
        mico_err err = mico_posix_wait(listener, POLLIN, mico_net_left(timeout_ms, start));
        if (err != MICO_OK) {
            return err;
        }
    }
}

mico_err mico_tcp_send_some(mico_tcp tcp, const void *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    *sent = 0;
    for (uint64_t start = mico_clock_ms();;) {
        ssize_t got = send(tcp, data, len, MSG_NOSIGNAL);
        if (got >= 0) {
            *sent = (size_t)got;
            return MICO_OK;
        }
        mico_err err =
            mico_posix_again() ? mico_posix_wait(tcp, POLLOUT, mico_net_left(timeout_ms, start)) : mico_posix_err();
        if (err != MICO_OK) {
            return err;
        }
    }
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
        mico_err err =
            mico_posix_again() ? mico_posix_wait(tcp, POLLIN, mico_net_left(timeout_ms, start)) : mico_posix_err();
        if (err != MICO_OK) {
            return err;
        }
    }
}

/* The user timeout is the same bound while something that was sent waits for its confirmation, when no probe goes out. */
void mico_tcp_keep_alive(mico_tcp tcp, bool on)
{
    int wanted = on, idle_s = MICO_TCP_KEEP_IDLE_S, probe_s = MICO_TCP_KEEP_PROBE_S, probes = MICO_TCP_KEEP_PROBES;
    unsigned limit_ms = on ? 1000u * (MICO_TCP_KEEP_IDLE_S + MICO_TCP_KEEP_PROBES * MICO_TCP_KEEP_PROBE_S) : 0;
    setsockopt(tcp, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(tcp, IPPROTO_TCP, TCP_KEEPINTVL, &probe_s, sizeof probe_s);
    setsockopt(tcp, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(tcp, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms, sizeof limit_ms);
    setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, &wanted, sizeof wanted);
}

void mico_tcp_watch(mico_tcp tcp)
{
    mico_posix_tell(tcp);
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

void mico_tcp_local(mico_tcp tcp, uint8_t ip[4], uint16_t *port)
{
    struct sockaddr_in own = {0};
    socklen_t len = sizeof own;
    (void)getsockname(tcp, (struct sockaddr *)&own, &len);
    memcpy(ip, &own.sin_addr, 4);
    *port = ntohs(own.sin_port);
}

mico_err mico_tcp_finish(mico_tcp tcp)
{
    return shutdown(tcp, SHUT_WR) == 0 ? MICO_OK : mico_posix_err();
}

void mico_tcp_close(mico_tcp tcp)
{
    if (tcp >= 0) {
        mico_posix_forget(tcp);
        close(tcp);
    }
}
