/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: UDP sockets over os/net. A socket takes its port from the network only when it is bound or sends, so what
 * it is told before is kept in its descriptor. */
#include <string.h>

#include "os/kernel/kernel.h"
#include "os/port/clock.h"
#include "os/sdk/socket_port.h"
#include "os/sdk/sockets.h"

static const uint8_t none[4];

int sdk_datagram_apply(struct sdk_descriptor *d)
{
    struct sdk_datagram *g = &d->datagram;
    if (g->udp != MICO_UDP_NONE) {
        mico_udp_broadcast(g->udp, g->broadcast);
        mico_udp_multicast(g->udp, g->ttl, !g->deaf);
    }
    return 0;
}

mico_err sdk_datagram_open(struct sdk_descriptor *d)
{
    struct sdk_datagram *g = &d->datagram;
    mico_err err = mico_udp_open(sdk_listening_port(d->port), g->shared, &g->udp);
    if (err != MICO_OK) {
        g->udp = MICO_UDP_NONE;
        return err;
    }
    (void)sdk_datagram_apply(d);
    for (size_t i = 0; err == MICO_OK && i < SDK_GROUPS; i++) {
        if (memcmp(g->groups[i], none, 4) != 0) {
            err = mico_udp_join(g->udp, g->groups[i]);
        }
    }
    if (err != MICO_OK) {
        mico_udp_close(g->udp);
        g->udp = MICO_UDP_NONE;
    }
    return err;
}

/* By a port that is free, when it has none yet. */
static mico_err ensure_open(struct sdk_descriptor *d)
{
    return d->datagram.udp == MICO_UDP_NONE ? sdk_datagram_open(d) : MICO_OK;
}

/* Port 0 ends the connection. */
mico_err sdk_datagram_connect(struct sdk_descriptor *d, const struct sockaddr_in *to)
{
    memcpy(d->datagram.peer_ip, &to->sin_addr, 4);
    d->datagram.peer_port = ntohs(to->sin_port);
    return ensure_open(d);
}

ssize_t sdk_datagram_send(struct sdk_descriptor *d, const void *data, size_t len, const struct sockaddr *to,
                          socklen_t to_len)
{
    struct sdk_datagram *g = &d->datagram;
    struct sockaddr_in in = {.sin_port = htons(g->peer_port)};
    memcpy(&in.sin_addr, g->peer_ip, 4);
    if ((to != NULL && !sdk_is_inet(to, to_len, &in)) || (data == NULL && len > 0)) {
        sdk_descriptor_let_go(d);
        return sdk_fail(EINVAL);
    }
    if (in.sin_port == 0) {
        sdk_descriptor_let_go(d);
        return sdk_fail(EDESTADDRREQ);
    }
    mico_err err = ensure_open(d);
    if (err == MICO_OK) {
        err = mico_udp_send(g->udp, (const uint8_t *)&in.sin_addr, ntohs(in.sin_port), data, len);
    }
    if (err == MICO_ERR_IO) {
        sdk_descriptor_let_go(d);
        return sdk_fail(EHOSTUNREACH);
    }
    return sdk_done(d, err) == 0 ? (ssize_t)len : -1;
}

static bool is_from_peer(const struct sdk_datagram *g, const uint8_t ip[4], uint16_t port)
{
    return g->peer_port == 0 || (g->peer_port == port && memcmp(g->peer_ip, ip, 4) == 0);
}

/* What is not from the connected peer is dropped; waiting goes on for what is left of the time. */
static mico_err receive(struct sdk_descriptor *d, void *out, size_t cap, size_t *len, uint8_t ip[4], uint16_t *port,
                        uint32_t timeout_ms)
{
    uint64_t start = mico_clock_ms();
    for (;;) {
        uint64_t gone = mico_clock_ms() - start;
        uint32_t left = timeout_ms == MICO_FOREVER ? timeout_ms : gone < timeout_ms ? timeout_ms - (uint32_t)gone : 0;
        mico_err err = sdk_descriptor_await(d, left);
        if (err != MICO_OK) {
            return err;
        }
        err = mico_udp_recv(d->datagram.udp, out, cap, len, ip, port, 0);
        if (err != MICO_ERR_TIMEOUT && (err != MICO_OK || is_from_peer(&d->datagram, ip, *port))) {
            return err;
        }
    }
}

ssize_t sdk_datagram_receive(struct sdk_descriptor *d, void *out, size_t cap, uint32_t timeout_ms,
                             struct sockaddr *from, socklen_t *from_len)
{
    size_t len = 0;
    uint8_t ip[4];
    uint16_t port;
    mico_err err = receive(d, out, cap, &len, ip, &port, timeout_ms);
    if (sdk_done(d, err) != 0) {
        return -1;
    }
    sdk_tell_address(ip, port, from, from_len);
    return (ssize_t)(len < cap ? len : cap);
}

static uint8_t *find(struct sdk_datagram *g, const uint8_t group[4])
{
    for (size_t i = 0; i < SDK_GROUPS; i++) {
        if (memcmp(g->groups[i], group, 4) == 0) {
            return g->groups[i];
        }
    }
    return NULL;
}

int sdk_datagram_group(struct sdk_descriptor *d, const uint8_t group[4], bool join)
{
    struct sdk_datagram *g = &d->datagram;
    uint8_t *known = find(g, group);
    uint8_t *place = join ? find(g, none) : known;
    mico_err err = MICO_OK;
    if (group[0] < 224 || group[0] > 239) {
        return EINVAL;
    }
    if (join && known != NULL) {
        return EADDRINUSE;
    }
    if (place == NULL) {
        return join ? ENOBUFS : EADDRNOTAVAIL;
    }
    if (g->udp != MICO_UDP_NONE) {
        err = join ? mico_udp_join(g->udp, group) : mico_udp_leave(g->udp, group);
    }
    if (err != MICO_OK) {
        return ENOBUFS;
    }
    memcpy(place, join ? group : none, 4);
    return 0;
}
