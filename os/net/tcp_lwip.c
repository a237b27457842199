/* SPDX-License-Identifier: Apache-2.0 */
/* os/net/tcp.h over lwIP's sockets. */
#include "os/net/tcp.h"

#include <errno.h>
#include <string.h>

#include <lwip/netdb.h>
#include <lwip/sockets.h>

#include "os/net/lwip/interface.h"

static mico_err err_of(int number)
{
    switch (number) {
    case EWOULDBLOCK:
    case ETIMEDOUT:
        return MICO_ERR_TIMEOUT;
    case ENOMEM:
    case ENFILE:
    case ENOBUFS:
        return MICO_ERR_FULL;
    case ENOTCONN:
    case ECONNRESET:
    case ECONNABORTED:
        return MICO_ERR_CLOSED;
    default:
        return MICO_ERR_IO;
    }
}

mico_err mico_net_up(uint32_t timeout_ms)
{
    return mico_interface_up(timeout_ms);
}

void mico_net_address(char out[16])
{
    mico_interface_address(out);
}

/* lwIP's timeouts: 0 is for ever, so "at once" is a millisecond. */
static void set_timeout(int fd, int option, uint32_t timeout_ms)
{
    uint32_t ms = timeout_ms == 0 ? 1 : timeout_ms == MICO_NET_FOREVER ? 0 : timeout_ms;
    struct timeval limit = {(long)(ms / 1000), (long)(ms % 1000) * 1000};
    lwip_setsockopt(fd, SOL_SOCKET, option, &limit, sizeof limit);
}

static void no_delay(int fd)
{
    int on = 1;
    lwip_setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Connect without blocking, then wait for the outcome at most timeout_ms. */
static mico_err connect_within(int fd, const struct sockaddr_in *to, uint32_t timeout_ms)
{
    lwip_fcntl(fd, F_SETFL, O_NONBLOCK);
    if (lwip_connect(fd, (const struct sockaddr *)to, sizeof *to) != 0 && errno != EINPROGRESS) {
        return err_of(errno);
    }
    fd_set writable;
    FD_ZERO(&writable);
    FD_SET(fd, &writable);
    struct timeval limit = {(long)(timeout_ms / 1000), (long)(timeout_ms % 1000) * 1000};
    int ready = lwip_select(fd + 1, NULL, &writable, NULL, timeout_ms == MICO_NET_FOREVER ? NULL : &limit);
    int failed = 0;
    socklen_t len = sizeof failed;
    if (ready <= 0) {
        return MICO_ERR_TIMEOUT;
    }
    if (lwip_getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) != 0 || failed != 0) {
        return MICO_ERR_IO;
    }
    lwip_fcntl(fd, F_SETFL, 0);
    return MICO_OK;
}

mico_err mico_tcp_connect(const char *host, uint16_t port, uint32_t timeout_ms, mico_tcp *out)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = lwip_htons(port)};
    if (inet_aton(host, &to.sin_addr) == 0) {
        struct hostent *entry = lwip_gethostbyname(host);
        if (entry == NULL) {
            return MICO_ERR_IO;
        }
        memcpy(&to.sin_addr, entry->h_addr, sizeof to.sin_addr);
    }
    int fd = lwip_socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        return MICO_ERR_FULL;
    }
    mico_err err = connect_within(fd, &to, timeout_ms);
    if (err != MICO_OK) {
        lwip_close(fd);
        return err;
    }
    no_delay(fd);
    *out = fd;
    return MICO_OK;
}

mico_err mico_tcp_listen(uint16_t port, mico_tcp *out)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = lwip_htons(port)};
    int fd = lwip_socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        return MICO_ERR_FULL;
    }
    if (lwip_bind(fd, (struct sockaddr *)&any, sizeof any) != 0 || lwip_listen(fd, TCP_DEFAULT_LISTEN_BACKLOG) != 0) {
        mico_err err = err_of(errno);
        lwip_close(fd);
        return err;
    }
    *out = fd;
    return MICO_OK;
}

mico_err mico_tcp_accept(mico_tcp listener, uint32_t timeout_ms, mico_tcp *out)
{
    set_timeout(listener, SO_RCVTIMEO, timeout_ms);
    int fd = lwip_accept(listener, NULL, NULL);
    if (fd < 0) {
        return err_of(errno);
    }
    no_delay(fd);
    *out = fd;
    return MICO_OK;
}

mico_err mico_tcp_send(mico_tcp tcp, const void *data, size_t len, uint32_t timeout_ms)
{
    const uint8_t *at = data;
    set_timeout(tcp, SO_SNDTIMEO, timeout_ms);
    while (len > 0) {
        ssize_t sent = lwip_send(tcp, at, len, 0);
        if (sent <= 0) {
            return err_of(errno);
        }
        at += sent;
        len -= (size_t)sent;
    }
    return MICO_OK;
}

mico_err mico_tcp_recv(mico_tcp tcp, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    set_timeout(tcp, SO_RCVTIMEO, timeout_ms);
    ssize_t got = lwip_recv(tcp, out, cap, 0);
    if (got == 0) {
        return MICO_ERR_CLOSED;
    }
    if (got < 0) {
        return err_of(errno);
    }
    *len = (size_t)got;
    return MICO_OK;
}

void mico_tcp_close(mico_tcp tcp)
{
    if (tcp >= 0) {
        lwip_close(tcp);
    }
}
