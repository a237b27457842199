/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 sockets over os/net. */
#include "os/sdk/mico_socket.h"

#include <stdio.h>
#include <string.h>

#include "os/kernel/kernel.h"
#include "os/sdk/descriptor.h"
#include "os/sdk/socket_port.h"

#define CONNECT_MS 20000u

static int fail(int number)
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
    default:
        return ECONNRESET;
    }
}

/* 0, or -1 with err in errno. */
static int done(struct sdk_descriptor *d, mico_err err)
{
    sdk_descriptor_let_go(d);
    return err == MICO_OK ? 0 : fail(number_of(err));
}

int mico_socket(int domain, int type, int protocol)
{
    if (domain != AF_INET) {
        return fail(EAFNOSUPPORT);
    }
    if (type != SOCK_STREAM || (protocol != 0 && protocol != IPPROTO_TCP)) {
        return fail(EPROTONOSUPPORT);
    }
    return sdk_descriptor_open(SDK_DESCRIPTOR_SOCKET);
}

static bool is_inet(const struct sockaddr *address, socklen_t len, struct sockaddr_in *out)
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
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKET);
    if (d == NULL) {
        return -1;
    }
    bool good = is_inet(address, len, &in);
    if (good) {
        d->port = ntohs(in.sin_port);
    }
    sdk_descriptor_let_go(d);
    return good ? 0 : fail(EINVAL);
}

int mico_listen(int fd, int backlog)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKET);
    if (d == NULL) {
        return -1;
    }
    if (d->port == 0) {
        sdk_descriptor_let_go(d);
        return fail(EINVAL);
    }
    mico_err err = mico_tcp_listen(sdk_listening_port(d->port), &d->tcp);
    if (err == MICO_OK) {
        d->kind = SDK_DESCRIPTOR_LISTENER;
    }
    return done(d, err == MICO_ERR_IO ? MICO_ERR_BUSY : err);
}

static void tell_peer(mico_tcp tcp, struct sockaddr *address, socklen_t *len)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    uint16_t port = 0;
    if (address == NULL || len == NULL) {
        return;
    }
    if (mico_tcp_peer(tcp, (uint8_t *)&in.sin_addr, &port) == MICO_OK) {
        in.sin_port = htons(port);
    }
    memcpy(address, &in, *len < sizeof in ? *len : sizeof in);
    *len = sizeof in;
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
            return done(d, err);
        }
        err = mico_tcp_accept(d->tcp, 0, &tcp);
    } while (err == MICO_ERR_TIMEOUT && !d->nonblocking);
    if (done(d, err) != 0) {
        return -1;
    }
    int accepted = sdk_descriptor_open(SDK_DESCRIPTOR_CONNECTION);
    struct sdk_descriptor *a = accepted < 0 ? NULL : sdk_descriptor_hold(accepted, SDK_DESCRIPTOR_CONNECTION);
    if (a == NULL) {
        mico_tcp_close(tcp);
        return fail(EMFILE);
    }
    a->tcp = tcp;
    sdk_descriptor_let_go(a);
    tell_peer(tcp, address, len);
    return accepted;
}

int mico_connect(int fd, const struct sockaddr *address, socklen_t len)
{
    char host[16];
    struct sockaddr_in in;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKET);
    if (d == NULL) {
        return -1;
    }
    if (!is_inet(address, len, &in)) {
        sdk_descriptor_let_go(d);
        return fail(EINVAL);
    }
    const uint8_t *ip = (const uint8_t *)&in.sin_addr;
    snprintf(host, sizeof host, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
    mico_err err =
        mico_tcp_connect(host, ntohs(in.sin_port), d->send_ms == MICO_FOREVER ? CONNECT_MS : d->send_ms, &d->tcp);
    if (err == MICO_OK) {
        d->kind = SDK_DESCRIPTOR_CONNECTION;
    } else {
        d->tcp = MICO_TCP_NONE;
    }
    sdk_descriptor_let_go(d);
    return err == MICO_OK ? 0
                          : fail(err == MICO_ERR_TIMEOUT ? ETIMEDOUT
                                 : err == MICO_ERR_FULL  ? ENOMEM
                                                         : ECONNREFUSED);
}

ssize_t mico_send(int fd, const void *data, size_t len, int flags)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION);
    if (d == NULL) {
        return -1;
    }
    return done(d, mico_tcp_send(d->tcp, data, len, d->send_ms)) == 0 ? (ssize_t)len : -1;
}

ssize_t mico_sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t to_len)
{
    return mico_send(fd, data, len, flags);
}

ssize_t mico_recv(int fd, void *out, size_t cap, int flags)
{
    size_t len = 0;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION);
    if (d == NULL) {
        return -1;
    }
    bool at_once = d->nonblocking || (flags & MSG_DONTWAIT) != 0;
    mico_err err = cap == 0 ? MICO_OK : sdk_descriptor_await(d, at_once ? 0 : d->receive_ms);
    if (err == MICO_OK && cap > 0) {
        err = mico_tcp_recv(d->tcp, out, cap, &len, 0);
    }
    return done(d, err == MICO_ERR_CLOSED ? MICO_OK : err) == 0 ? (ssize_t)len : -1;
}

ssize_t mico_recvfrom(int fd, void *out, size_t cap, int flags, struct sockaddr *from, socklen_t *from_len)
{
    ssize_t got = mico_recv(fd, out, cap, flags);
    if (got > 0) {
        (void)mico_getpeername(fd, from, from_len);
    }
    return got;
}

/* False when value has no such length. */
static bool read_timeout(const void *value, socklen_t len, uint32_t *out_ms)
{
    uint64_t ms;
    struct timeval time;
    int number;
    if (len == sizeof time) {
        memcpy(&time, value, sizeof time);
        ms = (uint64_t)time.tv_sec * 1000 + ((uint64_t)time.tv_usec + 999) / 1000;
    } else if (len == sizeof number) {
        memcpy(&number, value, sizeof number);
        ms = number < 0 ? 0 : (uint64_t)number;
    } else {
        return false;
    }
    *out_ms = ms == 0 || ms >= MICO_FOREVER ? MICO_FOREVER : (uint32_t)ms;
    return true;
}

int mico_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_ANY & ~(unsigned)SDK_DESCRIPTOR_EVENT);
    if (d == NULL) {
        return -1;
    }
    int number = 0;
    if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO)) {
        uint32_t *limit = name == SO_RCVTIMEO ? &d->receive_ms : &d->send_ms;
        number = value != NULL && read_timeout(value, len, limit) ? 0 : EINVAL;
    } else if (!(level == SOL_SOCKET && (name == SO_REUSEADDR || name == SO_KEEPALIVE)) &&
               !(level == IPPROTO_TCP && name == TCP_NODELAY)) {
        number = ENOPROTOOPT;
    }
    sdk_descriptor_let_go(d);
    return number == 0 ? 0 : fail(number);
}

int mico_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    int none = 0;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_ANY & ~(unsigned)SDK_DESCRIPTOR_EVENT);
    if (d == NULL) {
        return -1;
    }
    sdk_descriptor_let_go(d);
    if (level != SOL_SOCKET || name != SO_ERROR) {
        return fail(ENOPROTOOPT);
    }
    if (value == NULL || len == NULL || *len < sizeof none) {
        return fail(EINVAL);
    }
    memcpy(value, &none, sizeof none);
    *len = sizeof none;
    return 0;
}

int mico_fcntl(int fd, int command, int value)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_ANY & ~(unsigned)SDK_DESCRIPTOR_EVENT);
    if (d == NULL) {
        return -1;
    }
    int result = 0;
    if (command == F_SETFL) {
        d->nonblocking = (value & O_NONBLOCK) != 0;
    } else {
        result = command == F_GETFL ? (d->nonblocking ? O_NONBLOCK : 0) : fail(EINVAL);
    }
    sdk_descriptor_let_go(d);
    return result;
}

int mico_getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_CONNECTION);
    if (d == NULL) {
        return fail(ENOTCONN);
    }
    tell_peer(d->tcp, address, len);
    sdk_descriptor_let_go(d);
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

struct hostent *mico_gethostbyname(const char *name)
{
    static char ip[4], text[64], *addresses[2], *none[1];
    static struct hostent found;
    if (name == NULL || mico_net_resolve(name, (uint8_t *)ip) != MICO_OK) {
        return NULL;
    }
    snprintf(text, sizeof text, "%s", name);
    addresses[0] = ip;
    found = (struct hostent){
        .h_name = text, .h_aliases = none, .h_addrtype = AF_INET, .h_length = sizeof ip, .h_addr_list = addresses};
    return &found;
}
