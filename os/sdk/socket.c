/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 sockets over os/net. */
#include "os/sdk/mico_socket.h"

#include <stdio.h>
#include <string.h>

#include "os/kernel/kernel.h"
#include "os/net/readable.h"
#include "os/port/clock.h"
#include "os/sdk/descriptor.h"
#include "os/sdk/socket_port.h"
#include "os/sdk/sockets.h"

#define CONNECT_MS 20000u

int sdk_fail(int number)
{
    errno = number;
    return -1;
}

static int number_of(mico_err err)
{
    switch (err) {
    case MICO_ERR_TIMEOUT:
        return EAGAIN;
    case MICO_ERR_STATE:
        return EBADF;
    case MICO_ERR_CLOSED:
        return EPIPE;
    case MICO_ERR_FULL:
        return ENOMEM;
    case MICO_ERR_BUSY:
        return EADDRINUSE;
    case MICO_ERR_SIZE:
        return EMSGSIZE;
    case MICO_ERR_DENIED:
        return EACCES;
    default:
        return ECONNRESET;
    }
}

int sdk_done(struct sdk_descriptor *d, mico_err err)
{
    sdk_descriptor_let_go(d);
    return err == MICO_OK ? 0 : sdk_fail(number_of(err));
}

int mico_socket(int domain, int type, int protocol)
{
    if (domain != AF_INET) {
        return sdk_fail(EAFNOSUPPORT);
    }
    if (type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP)) {
        return sdk_descriptor_open(SDK_DESCRIPTOR_SOCKET);
    }
    if (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP)) {
        return sdk_descriptor_open(SDK_DESCRIPTOR_DATAGRAM);
    }
    return sdk_fail(EPROTONOSUPPORT);
}

bool sdk_is_inet(const struct sockaddr *address, socklen_t len, struct sockaddr_in *out)
{
    if (address == NULL || len < sizeof *out) {
        return false;
    }
    memcpy(out, address, sizeof *out);
    return out->sin_family == AF_INET;
}

int mico_bind(int fd, const struct sockaddr *address, socklen_t len)
{
    struct sockaddr_in in;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKET | SDK_DESCRIPTOR_DATAGRAM);
    if (d == NULL) {
        return -1;
    }
    bool good = sdk_is_inet(address, len, &in) && d->datagram.udp == MICO_UDP_NONE;
    if (good) {
        d->port = ntohs(in.sin_port);
    }
    mico_err err = good && d->kind == SDK_DESCRIPTOR_DATAGRAM ? sdk_datagram_open(d) : MICO_OK;
    return sdk_done(d, err) != 0 ? -1 : good ? 0 : sdk_fail(EINVAL);
}

int mico_listen(int fd, int backlog)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKET);
    if (d == NULL) {
        return -1;
    }
    if (d->port == 0) {
        sdk_descriptor_let_go(d);
        return sdk_fail(EINVAL);
    }
    mico_err err = mico_tcp_listen(sdk_listening_port(d->port), &d->tcp);
    if (err == MICO_OK) {
        d->kind = SDK_DESCRIPTOR_LISTENER;
    }
    return sdk_done(d, err == MICO_ERR_IO ? MICO_ERR_BUSY : err);
}

void sdk_tell_address(const uint8_t ip[4], uint16_t port, struct sockaddr *address, socklen_t *len)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (address == NULL || len == NULL) {
        return;
    }
    memcpy(&in.sin_addr, ip, 4);
    memcpy(address, &in, *len < sizeof in ? *len : sizeof in);
    *len = sizeof in;
}

static void tell_peer(mico_tcp tcp, struct sockaddr *address, socklen_t *len)
{
    uint8_t ip[4] = {0};
    uint16_t port = 0;
    if (mico_tcp_peer(tcp, ip, &port) != MICO_OK) {
        port = 0;
    }
    sdk_tell_address(ip, port, address, len);
}

int mico_accept(int fd, struct sockaddr *address, socklen_t *len)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_LISTENER);
    if (d == NULL) {
        return -1;
    }
    mico_tcp tcp = MICO_TCP_NONE;
    mico_err err;
    do { /* a connection that went again before it was accepted is waited past */
        err = sdk_descriptor_await(d, d->nonblocking ? 0 : d->receive_ms);
        if (err != MICO_OK) {
            return sdk_done(d, err);
        }
        err = mico_tcp_accept(d->tcp, 0, &tcp);
    } while (err == MICO_ERR_TIMEOUT && !d->nonblocking);
    bool keep_alive = d->keep_alive;
    if (sdk_done(d, err) != 0) {
        return -1;
    }
    int accepted = sdk_descriptor_open(SDK_DESCRIPTOR_CONNECTION);
    struct sdk_descriptor *a = accepted < 0 ? NULL : sdk_descriptor_hold(accepted, SDK_DESCRIPTOR_CONNECTION);
    if (a == NULL) {
        mico_tcp_close(tcp);
        return sdk_fail(EMFILE);
    }
    a->tcp = tcp;
    a->keep_alive = keep_alive;
    mico_tcp_keep_alive(tcp, keep_alive);
    sdk_descriptor_let_go(a);
    tell_peer(tcp, address, len);
    return accepted;
}

int mico_connect(int fd, const struct sockaddr *address, socklen_t len)
{
    char host[16];
    struct sockaddr_in in;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKET | SDK_DESCRIPTOR_DATAGRAM);
    if (d == NULL) {
        return -1;
    }
    if (!sdk_is_inet(address, len, &in)) {
        sdk_descriptor_let_go(d);
        return sdk_fail(EINVAL);
    }
    if (d->kind == SDK_DESCRIPTOR_DATAGRAM) {
        return sdk_done(d, sdk_datagram_connect(d, &in));
    }
    const uint8_t *ip = (const uint8_t *)&in.sin_addr;
    snprintf(host, sizeof host, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
    mico_err err =
        mico_tcp_connect(host, ntohs(in.sin_port), d->send_ms == MICO_FOREVER ? CONNECT_MS : d->send_ms, &d->tcp);
    if (err == MICO_OK) {
        d->kind = SDK_DESCRIPTOR_CONNECTION;
        mico_tcp_keep_alive(d->tcp, d->keep_alive);
    } else {
        d->tcp = MICO_TCP_NONE;
    }
    sdk_descriptor_let_go(d);
    return err == MICO_OK ? 0
                          : sdk_fail(err == MICO_ERR_TIMEOUT ? ETIMEDOUT
                                     : err == MICO_ERR_FULL  ? ENOMEM
                                                             : ECONNREFUSED);
}

ssize_t mico_send(int fd, const void *data, size_t len, int flags)
{
    return mico_sendto(fd, data, len, flags, NULL, 0);
}

/* What goes in that time. It is an error only when that is nothing: who is not told how much went would send it twice. */
static mico_err send_within(const struct sdk_descriptor *d, const void *data, size_t len, size_t *sent,
                            uint32_t timeout_ms)
{
    uint64_t start = mico_clock_ms();
    mico_err err = MICO_OK;
    while (err == MICO_OK && *sent < len) {
        size_t some = 0;
        err = mico_tcp_send_some(d->tcp, (const uint8_t *)data + *sent, len - *sent, &some,
                                 mico_net_left(timeout_ms, start));
        *sent += some;
    }
    return *sent > 0 ? MICO_OK : err;
}

ssize_t mico_sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t to_len)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION | SDK_DESCRIPTOR_DATAGRAM);
    if (d == NULL) {
        return -1;
    }
    if (d->kind == SDK_DESCRIPTOR_DATAGRAM) {
        return sdk_datagram_send(d, data, len, to, to_len);
    }
    size_t sent = 0;
    uint32_t timeout_ms = d->nonblocking || (flags & MSG_DONTWAIT) != 0 ? 0 : d->send_ms;
    return sdk_done(d, send_within(d, data, len, &sent, timeout_ms)) == 0 ? (ssize_t)sent : -1;
}

ssize_t mico_recv(int fd, void *out, size_t cap, int flags)
{
    return mico_recvfrom(fd, out, cap, flags, NULL, NULL);
}

/* The end is no error: *len stays 0. */
static mico_err receive(struct sdk_descriptor *d, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    mico_err err = cap == 0 ? MICO_OK : sdk_descriptor_await(d, timeout_ms);
    if (err == MICO_OK && cap > 0 && !d->read_ended) {
        err = mico_tcp_recv(d->tcp, out, cap, len, 0);
    }
    return err == MICO_ERR_CLOSED ? MICO_OK : err;
}

ssize_t mico_recvfrom(int fd, void *out, size_t cap, int flags, struct sockaddr *from, socklen_t *from_len)
{
    size_t len = 0;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION | SDK_DESCRIPTOR_DATAGRAM);
    if (d == NULL) {
        return -1;
    }
    uint32_t timeout_ms = d->nonblocking || (flags & MSG_DONTWAIT) != 0 ? 0 : d->receive_ms;
    if (d->kind == SDK_DESCRIPTOR_DATAGRAM) {
        return sdk_datagram_receive(d, out, cap, timeout_ms, from, from_len);
    }
    mico_err err = receive(d, out, cap, &len, timeout_ms);
    if (len > 0) {
        tell_peer(d->tcp, from, from_len);
    }
    return sdk_done(d, err) == 0 ? (ssize_t)len : -1;
}

int mico_shutdown(int fd, int how)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION);
    if (d == NULL) {
        return sdk_fail(ENOTCONN);
    }
    if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR) {
        sdk_descriptor_let_go(d);
        return sdk_fail(EINVAL);
    }
    if (how != SHUT_WR) {
        d->read_ended = true;
        sdk_wake_selectors();
    }
    return sdk_done(d, how == SHUT_RD ? MICO_OK : mico_tcp_finish(d->tcp));
}

int mico_getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION | SDK_DESCRIPTOR_DATAGRAM);
    if (d == NULL) {
        return sdk_fail(ENOTCONN);
    }
    bool connected = d->kind == SDK_DESCRIPTOR_CONNECTION || d->datagram.peer_port != 0;
    if (d->kind == SDK_DESCRIPTOR_CONNECTION) {
        tell_peer(d->tcp, address, len);
    } else if (connected) {
        sdk_tell_address(d->datagram.peer_ip, d->datagram.peer_port, address, len);
    }
    sdk_descriptor_let_go(d);
    return connected ? 0 : sdk_fail(ENOTCONN);
}

int mico_getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
    uint8_t ip[4] = {0};
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKETS);
    if (d == NULL) {
        return -1;
    }
    uint16_t port = d->port;
    if (d->tcp != MICO_TCP_NONE) {
        mico_tcp_local(d->tcp, ip, &port);
    } else if (d->datagram.udp != MICO_UDP_NONE) {
        port = mico_udp_port(d->datagram.udp);
    }
    sdk_descriptor_let_go(d);
    sdk_tell_address(ip, port, address, len);
    return 0;
}

int mico_close(int fd)
{
    return sdk_descriptor_close(fd, SDK_DESCRIPTOR_ANY);
}

OSStatus SocketClose(int *fd)
{
    if (fd == NULL || mico_close(*fd) != 0) {
        return kGeneralErr;
    }
    *fd = -1;
    return kNoErr;
}
