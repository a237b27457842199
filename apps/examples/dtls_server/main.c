/* SPDX-License-Identifier: Apache-2.0 */
/* A server of DTLS by pre-shared keys, one client after the other: each datagram comes back to its sender; "stop" ends it. */
#include <string.h>

#include "base/log.h"
#include "os/net/tls/tls_net.h"

#define NOW_S 1900000000 /* a product takes it from SNTP */
#define PATIENCE_MS 20000

/* True when the client said stop. */
static bool serve(struct mico_tls *tls)
{
    uint8_t text[64];
    size_t len;
    while (mico_tls_read(tls, text, sizeof text, &len, PATIENCE_MS) == MICO_OK) {
        MICO_LOG("server", "%s, got %u bytes", mico_tls_version(tls), (unsigned)len);
        if (mico_tls_write(tls, text, len, PATIENCE_MS) != MICO_OK) {
            return false;
        }
        if (len >= 4 && memcmp(text, "stop", 4) == 0) {
            return true;
        }
    }
    return false;
}

int application_start(void)
{
    static const uint8_t key[16] = "sixteen bytes!!"; /* a product's is random, and sealed in its store */
    const struct mico_tls_server_config config = {
        .base = {.psk = {"sensor 7", MICO_SPAN(key)}, .datagram = true, .now_s = NOW_S}};
    static struct mico_tls_server server;
    static struct mico_tls_net net;
    mico_udp udp;
    bool stop = false;
    if (mico_net_up(10000) != MICO_OK || mico_udp_open(SERVER_PORT, false, &udp) != MICO_OK) {
        return 1;
    }
    bool good = mico_tls_server_open(&server, &config) == MICO_OK;
    MICO_LOG("server", "%s %u", good ? "waits at port" : server.reason, mico_udp_port(udp));
    while (good && !stop) {
        if (mico_tls_take_datagrams(&net, &server, udp, NOW_S, PATIENCE_MS) == MICO_OK) {
            stop = serve(&net.tls);
        }
        mico_tls_hang_up(&net);
    }
    MICO_LOG("server", "stopped");
    mico_tls_server_close(&server);
    mico_udp_close(udp);
    return 0;
}
