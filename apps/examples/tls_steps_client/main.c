/* SPDX-License-Identifier: Apache-2.0 */
/* TLS and DTLS at once in one thread, which waits for neither: a client of two servers that says hello to both. */
#include <string.h>

#include "base/log.h"
#include "os/kernel/kernel.h"
#include "os/net/tls/tls_net.h"

#define NOW_S 1900000000 /* a product takes it from SNTP */
#define PAUSE_MS 5       /* one that has to save power waits by mico_tcp_on_readable and mico_tls_timer_ms */
#define STEPS 4000       /* 20 s */

struct side {
    struct mico_tls_net net;
    enum { SHAKES_HANDS, SPEAKS, HEARS, DONE } state;
    const char *name;
    char answer[64];
};

static mico_err hear(struct side *side)
{
    size_t len;
    mico_err err = mico_tls_read(&side->net.tls, (uint8_t *)side->answer, sizeof side->answer - 1, &len, 0);
    side->answer[len] = '\0';
    side->answer[strcspn(side->answer, "\r\n")] = '\0';
    return err;
}

static void step(struct side *side)
{
    size_t sent;
    struct mico_tls *tls = &side->net.tls;
    if (side->state == DONE) {
        return;
    }
    mico_err err = side->state == SHAKES_HANDS ? mico_tls_handshake(tls, 0)
                   : side->state == SPEAKS     ? mico_tls_write_some(tls, (const uint8_t *)"hello\n", 6, &sent, 0)
                                               : hear(side);
    if (err == MICO_ERR_TIMEOUT) {
        return; /* not now */
    }
    side->state = err == MICO_OK ? side->state + 1 : DONE;
    if (side->state == DONE) {
        MICO_LOG("client", "%s: %s", side->name, err == MICO_OK ? side->answer : mico_tls_reason(tls));
        mico_tls_hang_up(&side->net);
    }
}

int application_start(void)
{
    static const uint8_t key[16] = "sixteen bytes!!"; /* a product's is random, and sealed in its store */
    struct mico_tls_config config = {.psk = {"sensor 7", MICO_SPAN(key)}, .now_s = NOW_S, .timeout_ms = 10000};
    static struct side stream = {.name = "TLS"}, datagrams = {.name = "DTLS"};
    bool good =
        mico_net_up(10000) == MICO_OK && mico_tls_dial_open(&stream.net, SERVER_ADDRESS, 27183, &config) == MICO_OK;
    config.datagram = true;
    good = good && mico_tls_dial_open(&datagrams.net, SERVER_ADDRESS, 27183, &config) == MICO_OK;
    for (int i = 0; good && i < STEPS && (stream.state != DONE || datagrams.state != DONE); i++) {
        step(&stream);
        step(&datagrams);
        mico_thread_sleep_ms(PAUSE_MS);
    }
    MICO_LOG("client", "%s", stream.state == DONE && datagrams.state == DONE ? "done" : "too late");
    return 0;
}
