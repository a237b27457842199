/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: what a socket may be told and asked. */
#include <string.h>

#include "os/kernel/kernel.h"
#include "os/sdk/descriptor.h"
#include "os/sdk/mico_socket.h"
#include "os/sdk/sockets.h"

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

/* An int, or the one byte that BSD takes for multicast options. */
static bool read_number(const void *value, socklen_t len, int *out)
{
    if (value == NULL || (len != sizeof *out && len != 1)) {
        return false;
    }
    *out = len == 1 ? *(const uint8_t *)value : 0;
    if (len != 1) {
        memcpy(out, value, sizeof *out);
    }
    return true;
}

static int set_socket_option(struct sdk_descriptor *d, int name, const void *value, socklen_t len)
{
    int number = 0;
    switch (name) {
    case SO_RCVTIMEO:
        return value != NULL && read_timeout(value, len, &d->receive_ms) ? 0 : EINVAL;
    case SO_SNDTIMEO:
        return value != NULL && read_timeout(value, len, &d->send_ms) ? 0 : EINVAL;
    case SO_KEEPALIVE:
        if (!read_number(value, len, &number)) {
            return EINVAL;
        }
        d->keep_alive = number != 0;
        if (d->kind == SDK_DESCRIPTOR_CONNECTION) {
            mico_tcp_keep_alive(d->tcp, d->keep_alive);
        }
        return 0;
    case SO_REUSEADDR:
    case SO_BROADCAST:
        if (!read_number(value, len, &number)) {
            return EINVAL;
        }
        *(name == SO_REUSEADDR ? &d->datagram.shared : &d->datagram.broadcast) = number != 0;
        return sdk_datagram_apply(d);
    default:
        return ENOPROTOOPT;
    }
}

static int set_multicast_option(struct sdk_descriptor *d, int name, const void *value, socklen_t len)
{
    struct ip_mreq request;
    int number = 0;
    if (d->kind != SDK_DESCRIPTOR_DATAGRAM) {
        return ENOPROTOOPT;
    }
    switch (name) {
    case IP_ADD_MEMBERSHIP:
    case IP_DROP_MEMBERSHIP:
        if (value == NULL || len < sizeof request) {
            return EINVAL;
        }
        memcpy(&request, value, sizeof request);
        return sdk_datagram_group(d, (const uint8_t *)&request.imr_multiaddr, name == IP_ADD_MEMBERSHIP);
    case IP_MULTICAST_IF: /* there is one */
        return 0;
    case IP_MULTICAST_TTL:
    case IP_MULTICAST_LOOP:
        if (!read_number(value, len, &number) || number < 0 || number > 255) {
            return EINVAL;
        }
        if (name == IP_MULTICAST_TTL) {
            d->datagram.ttl = (uint8_t)number;
        } else {
            d->datagram.deaf = number == 0;
        }
        return sdk_datagram_apply(d);
    default:
        return ENOPROTOOPT;
    }
}

int mico_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKETS);
    if (d == NULL) {
        return -1;
    }
    int number = ENOPROTOOPT;
    if (level == SOL_SOCKET) {
        number = set_socket_option(d, name, value, len);
    } else if (level == IPPROTO_IP) {
        number = set_multicast_option(d, name, value, len);
    } else if (level == IPPROTO_TCP && name == TCP_NODELAY) {
        number = 0;
    }
    sdk_descriptor_let_go(d);
    return number == 0 ? 0 : sdk_fail(number);
}

/* False when there is no such option. */
static bool get_socket_option(const struct sdk_descriptor *d, int name, int *number)
{
    switch (name) {
    case SO_ERROR:
        *number = 0;
        return true;
    case SO_TYPE:
        *number = d->kind == SDK_DESCRIPTOR_DATAGRAM ? SOCK_DGRAM : SOCK_STREAM;
        return true;
    case SO_KEEPALIVE:
        *number = d->keep_alive;
        return true;
    case SO_BROADCAST:
        *number = d->datagram.broadcast;
        return true;
    case SO_REUSEADDR:
        *number = d->datagram.shared;
        return true;
    default:
        return false;
    }
}

int mico_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKETS);
    if (d == NULL) {
        return -1;
    }
    int number = 0;
    bool known = level == SOL_SOCKET && get_socket_option(d, name, &number);
    sdk_descriptor_let_go(d);
    if (!known) {
        return sdk_fail(ENOPROTOOPT);
    }
    if (value == NULL || len == NULL || *len < sizeof number) {
        return sdk_fail(EINVAL);
    }
    memcpy(value, &number, sizeof number);
    *len = sizeof number;
    return 0;
}

int mico_fcntl(int fd, int command, int value)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKETS);
    if (d == NULL) {
        return -1;
    }
    int result = 0;
    if (command == F_SETFL) {
        d->nonblocking = (value & O_NONBLOCK) != 0;
    } else {
        result = command == F_GETFL ? (d->nonblocking ? O_NONBLOCK : 0) : sdk_fail(EINVAL);
    }
    sdk_descriptor_let_go(d);
    return result;
}

int mico_ioctl(int fd, unsigned long command, void *value)
{
    int on;
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_SOCKETS);
    if (d == NULL) {
        return -1;
    }
    bool good = command == FIONBIO && value != NULL;
    if (good) {
        memcpy(&on, value, sizeof on);
        d->nonblocking = on != 0;
    }
    sdk_descriptor_let_go(d);
    return good ? 0 : sdk_fail(EINVAL);
}
