/* SPDX-License-Identifier: Apache-2.0 */
/* TLS and DTLS at once in one thread, which waits for neither: a server that sends each of its clients back what it says; "stop" ends
 * it. Both are at one port. */
#include <string.h>

#include "base/log.h"
#include "os/kernel/kernel.h"
#include "os/net/tls/tls_net.h"
#include "os/port/clock.h"

#define NOW_S 1900000000 /* a product takes it from SNTP */
#define PAUSE_MS 5       /* one that has to save power waits by mico_tcp_on_readable and mico_tls_timer_ms */
#define PATIENCE_MS \
    5000 /* with a client that shakes no hands, says nothing or takes nothing: others wait for its place */

/* One way to the server, and who is there. */
struct side {
    struct mico_tls_server server;
    struct mico_tls_net net;
    enum { NOBODY, SHAKES_HANDS, TALKS } state;
    uint64_t since_ms; /* its last step */
    mico_tcp listener;
    mico_udp udp;
};

static bool stop;

/* MICO_ERR_TIMEOUT: nobody is there, or a client that has shown no cookie yet. */
static mico_err meet(struct side *side)
{
    mico_tcp tcp;
    if (side->server.datagram) {
        return mico_tls_take_datagrams(&side->net, &side->server, side->udp, NOW_S, 0);
    }
    mico_err err = mico_tcp_accept(side->listener, 0, &tcp);
    return err == MICO_OK ? mico_tls_take_open(&side->net, &side->server, tcp, NOW_S) : err;
}

static mico_err talk(struct side *side)
{
    uint8_t text[64];
    size_t len, sent;
    mico_err err = mico_tls_read(&side->net.tls, text, sizeof text, &len, 0);
    if (err == MICO_OK) {
        MICO_LOG("server", "%s, got %u bytes", mico_tls_version(&side->net.tls), (unsigned)len);
        stop = len >= 4 && memcmp(text, "stop", 4) == 0;
        err = mico_tls_write_some(&side->net.tls, text, len, &sent, 0);
        err = err == MICO_ERR_TIMEOUT ? MICO_ERR_FULL : err; /* so little goes at once, or the client takes nothing */
    }
    return err;
}

static bool is_late(const struct side *side)
{
    return side->state != NOBODY && mico_clock_ms() - side->since_ms > PATIENCE_MS;
}

static void step(struct side *side)
{
    mico_err err = side->state == NOBODY         ? meet(side)
                   : side->state == SHAKES_HANDS ? mico_tls_handshake(&side->net.tls, 0)
                                                 : talk(side);
    bool new = side->state == NOBODY, datagram = side->server.datagram;
    bool met = new &&datagram &&err == MICO_ERR_TIMEOUT &&mico_tls_met(&side->net.tls);
    if (err == MICO_OK || met) {
        bool shakes = met || (new && !datagram);
        side->state = shakes ? SHAKES_HANDS : TALKS;
        side->since_ms = mico_clock_ms();
    } else if (err != MICO_ERR_TIMEOUT || is_late(side)) {
        mico_tls_hang_up(&side->net);
        side->state = NOBODY;
    }
}

static mico_err open(struct side *side, bool datagram, uint16_t port)
{
    static const uint8_t key[16] = "sixteen bytes!!"; /* a product's is random, and sealed in its store */
    const struct mico_tls_server_config config = {
        .base = {.psk = {"sensor 7", MICO_SPAN(key)}, .datagram = datagram, .now_s = NOW_S}};
    mico_err err = datagram ? mico_udp_open(port, false, &side->udp) : mico_tcp_listen(port, &side->listener);
    return err == MICO_OK ? mico_tls_server_open(&side->server, &config) : err;
}

int application_start(void)
{
    static struct side streams, datagrams;
    uint8_t ip[4];
    uint16_t port;
    if (mico_net_up(10000) != MICO_OK || open(&streams, false, SERVER_PORT) != MICO_OK) {
        return 1;
    }
    mico_tcp_local(streams.listener, ip, &port);
    if (open(&datagrams, true, port) != MICO_OK) {
        return 1;
    }
    MICO_LOG("server", "waits at port %u", port);
    while (!stop) {
        step(&streams);
        step(&datagrams);
        mico_thread_sleep_ms(PAUSE_MS);
    }
    mico_tls_hang_up(&streams.net);
    mico_tls_hang_up(&datagrams.net);
    MICO_LOG("server", "stopped");
    return 0;
}
