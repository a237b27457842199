/* SPDX-License-Identifier: Apache-2.0 */
/* os/net/udp.h over the host's sockets. */
#include "os/net/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/boards/posix/posix.h"
#include "os/net/readable.h"
#include "os/net/wait_posix.h"
#include "os/port/clock.h"

static void set_number(int fd, int level, int name, int value)
{
    (void)setsockopt(fd, level, name, &value, sizeof value);
}

/* Multicast leaves by the interface of the device's address. */
static void choose_interface(int fd)
{
    struct in_addr own;
    mico_posix_address((uint8_t *)&own);
    (void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &own, sizeof own);
    set_number(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0); /* only groups that this socket has joined */
}

mico_err mico_udp_open(uint16_t port, bool shared, mico_udp *out)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return mico_posix_err();
    }
    if (shared) {
        set_number(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    }
    choose_interface(fd);
    if (bind(fd, (struct sockaddr *)&any, sizeof any) != 0) {
        mico_err err = mico_posix_err();
        close(fd);
        return err;
    }
    *out = fd;
    return MICO_OK;
}

void mico_udp_close(mico_udp udp)
{
    if (udp >= 0) {
        mico_posix_forget(udp);
        close(udp);
    }
}

mico_err mico_udp_send(mico_udp udp, const uint8_t ip[4], uint16_t port, const void *data, size_t len)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    memcpy(&to.sin_addr, ip, 4);
    if (len > MICO_UDP_PAYLOAD_MAX) {
        return MICO_ERR_SIZE;
    }
    for (int tries = 0; tries < 3; tries++) {
        if (sendto(udp, data, len, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to) >= 0) {
            return MICO_OK;
        }
        if (errno != ECONNREFUSED && errno != EINTR) { /* the first tells of an earlier datagram */
            break;
        }
    }
    return errno == EAGAIN ? MICO_ERR_FULL : mico_posix_err();
}

mico_err mico_udp_recv(mico_udp udp, void *out, size_t cap, size_t *len, uint8_t ip[4], uint16_t *port,
                       uint32_t timeout_ms)
{
    struct sockaddr_in from;
    for (uint64_t start = mico_clock_ms();;) {
        socklen_t from_len = sizeof from;
        ssize_t got = recvfrom(udp, out, cap, MSG_TRUNC, (struct sockaddr *)&from, &from_len);
        if (got >= 0) {
            *len = (size_t)got;
            memcpy(ip, &from.sin_addr, 4);
            *port = ntohs(from.sin_port);
            return MICO_OK;
        }
        if (!mico_posix_again() && errno != ECONNREFUSED) {
            return mico_posix_err();
        }
        mico_err err = mico_posix_wait(udp, POLLIN, mico_net_left(timeout_ms, start));
        if (err != MICO_OK) {
            return err;
        }
    }
}

void mico_udp_broadcast(mico_udp udp, bool allow)
{
    set_number(udp, SOL_SOCKET, SO_BROADCAST, allow);
}

static mico_err change_group(mico_udp udp, const uint8_t group[4], int change)
{
    struct ip_mreq request;
    memcpy(&request.imr_multiaddr, group, 4);
    mico_posix_address((uint8_t *)&request.imr_interface);
    if (group[0] < 224 || group[0] > 239) {
        return MICO_ERR_PARAM;
    }
    if (setsockopt(udp, IPPROTO_IP, change, &request, sizeof request) == 0 || errno == EADDRINUSE) {
        return MICO_OK; /* joined twice is joined */
    }
    return errno == ENOBUFS ? MICO_ERR_FULL : errno == EADDRNOTAVAIL ? MICO_ERR_STATE : mico_posix_err();
}

mico_err mico_udp_join(mico_udp udp, const uint8_t group[4])
{
    return change_group(udp, group, IP_ADD_MEMBERSHIP);
}

mico_err mico_udp_leave(mico_udp udp, const uint8_t group[4])
{
    return change_group(udp, group, IP_DROP_MEMBERSHIP);
}

void mico_udp_multicast(mico_udp udp, uint8_t ttl, bool hear_own)
{
    set_number(udp, IPPROTO_IP, IP_MULTICAST_TTL, ttl);
    set_number(udp, IPPROTO_IP, IP_MULTICAST_LOOP, hear_own);
}

uint16_t mico_udp_port(mico_udp udp)
{
    struct sockaddr_in own = {0};
    socklen_t len = sizeof own;
    (void)getsockname(udp, (struct sockaddr *)&own, &len);
    return ntohs(own.sin_port);
}

bool mico_udp_readable(mico_udp udp)
{
    struct pollfd now = {udp, POLLIN, 0};
    return poll(&now, 1, 0) > 0;
}

void mico_udp_watch(mico_udp udp)
{
    mico_posix_tell(udp);
}
