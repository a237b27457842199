/* SPDX-License-Identifier: Apache-2.0 */
/* TLS over the sockets of os/net. */
#include "os/net/tls/tls_net.h"

#include <string.h>

#include "os/net/readable.h"
#include "os/port/clock.h"

static mico_err tcp_send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    return mico_tcp_send_some(*(mico_tcp *)ctx, data, len, sent, timeout_ms);
}

static mico_err tcp_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return mico_tcp_recv(*(mico_tcp *)ctx, out, cap, len, timeout_ms);
}

struct mico_tls_io mico_tls_over_tcp(mico_tcp *tcp)
{
    return (struct mico_tls_io){tcp, tcp_send, tcp_receive};
}

static mico_err udp_send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    struct mico_tls_net *net = ctx;
    mico_err err = mico_udp_send(net->udp, net->ip, net->port, data, len);
    *sent = len; /* what memory was short for is lost, like any datagram */
    return err == MICO_ERR_FULL ? MICO_OK : err;
}

/* Of the peer alone: other senders' datagrams are as if they had not come. */
static mico_err udp_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct mico_tls_net *net = ctx;
    uint8_t ip[4];
    uint16_t port;
    if (net->first_len != 0 && net->first_len <= cap) {
        memcpy(out, net->first, net->first_len);
        *len = net->first_len;
        net->first_len = 0;
        return MICO_OK;
    }
    mico_err err = mico_udp_recv(net->udp, out, cap, len, ip, &port, timeout_ms);
    bool usable = err == MICO_OK && *len <= cap && port == net->port && memcmp(ip, net->ip, sizeof ip) == 0;
    return usable ? MICO_OK : err == MICO_OK ? MICO_ERR_TIMEOUT : err;
}

static struct mico_tls_io over_udp(struct mico_tls_net *net)
{
    return (struct mico_tls_io){net, udp_send, udp_receive};
}

static void close_sockets(struct mico_tls_net *net)
{
    if (net->tcp_open) {
        mico_tcp_close(net->tcp);
    }
    if (net->udp_open) {
        mico_udp_close(net->udp);
    }
    net->tcp_open = net->udp_open = false;
}

static mico_err open_socket(struct mico_tls_net *net, const char *host, uint16_t port,
                            const struct mico_tls_config *config)
{
    mico_err err;
    if (!config->datagram) {
        err = mico_tcp_connect(host, port, config->timeout_ms, &net->tcp);
        net->tcp_open = err == MICO_OK;
        return err;
    }
    net->port = port;
    err = mico_net_resolve(host, net->ip);
    if (err == MICO_OK) {
        err = mico_udp_open(0, false, &net->udp);
        net->udp_open = err == MICO_OK;
    }
    return err;
}

mico_err mico_tls_dial_open(struct mico_tls_net *net, const char *host, uint16_t port,
                            const struct mico_tls_config *config)
{
    struct mico_tls_config mine = *config;
    memset(net, 0, sizeof *net);
    mico_err err = open_socket(net, host, port, config);
    if (err == MICO_OK) {
        mine.io = config->datagram ? over_udp(net) : mico_tls_over_tcp(&net->tcp);
        err = mico_tls_open(&net->tls, &mine);
    }
    if (err != MICO_OK) {
        close_sockets(net);
    }
    return err;
}

mico_err mico_tls_take_open(struct mico_tls_net *net, struct mico_tls_server *server, mico_tcp tcp, uint64_t now_s)
{
    memset(net, 0, sizeof *net);
    net->tcp = tcp;
    net->tcp_open = true;
    struct mico_tls_io io = mico_tls_over_tcp(&net->tcp);
    mico_err err = mico_tls_accept_open(server, &net->tls, &io, (struct mico_span){0}, now_s);
    if (err != MICO_OK) {
        close_sockets(net);
    }
    return err;
}

/* The rest of one that was opened: err. Nothing stays open when it fails. */
static mico_err shake_hands(struct mico_tls_net *net, mico_err err, uint32_t timeout_ms)
{
    if (err == MICO_OK) {
        err = mico_tls_handshake(&net->tls, timeout_ms);
        if (err != MICO_OK) {
            mico_tls_hang_up(net);
        }
    }
    return err;
}

mico_err mico_tls_dial(struct mico_tls_net *net, const char *host, uint16_t port, const struct mico_tls_config *config)
{
    return shake_hands(net, mico_tls_dial_open(net, host, port, config), config->timeout_ms);
}

mico_err mico_tls_take(struct mico_tls_net *net, struct mico_tls_server *server, mico_tcp tcp, uint64_t now_s,
                       uint32_t timeout_ms)
{
    return shake_hands(net, mico_tls_take_open(net, server, tcp, now_s), timeout_ms);
}

/* The client whose datagram is next. One that is longer than we hold is lost, and comes again. */
static mico_err meet(struct mico_tls_net *net, uint32_t timeout_ms)
{
    mico_err err =
        mico_udp_recv(net->udp, net->first, sizeof net->first, &net->first_len, net->ip, &net->port, timeout_ms);
    if (err != MICO_OK || net->first_len > sizeof net->first) {
        net->first_len = 0;
    }
    return err;
}

/* Answer it. MICO_ERR_TIMEOUT: not done. */
static mico_err answer(struct mico_tls_net *net, struct mico_tls_server *server, uint64_t now_s)
{
    uint8_t peer[6];
    struct mico_tls_io io = over_udp(net);
    memcpy(peer, net->ip, 4);
    mico_store_be16(peer + 4, net->port);
    mico_err err = mico_tls_accept_open(server, &net->tls, &io, MICO_SPAN(peer), now_s);
    return err == MICO_OK ? mico_tls_handshake(&net->tls, 0) : err;
}

/* Whoever has not shown a cookie may be nobody, and must not keep others waiting: each datagram is looked at anew. */
mico_err mico_tls_take_datagrams(struct mico_tls_net *net, struct mico_tls_server *server, mico_udp udp, uint64_t now_s,
                                 uint32_t timeout_ms)
{
    uint64_t start = mico_clock_ms();
    memset(net, 0, sizeof *net);
    net->udp = udp;
    for (;;) {
        mico_err err = meet(net, mico_net_left(timeout_ms, start));
        if (err != MICO_OK) {
            return err;
        }
        err = answer(net, server, now_s);
        uint32_t left = mico_net_left(timeout_ms, start);
        if (mico_tls_met(&net->tls)) {
            return err == MICO_ERR_TIMEOUT ? mico_tls_handshake(&net->tls, left) : err;
        }
        mico_tls_close(&net->tls);
        if (left == 0) {
            return MICO_ERR_TIMEOUT;
        }
    }
}

void mico_tls_hang_up(struct mico_tls_net *net)
{
    mico_tls_close(&net->tls);
    close_sockets(net);
}
