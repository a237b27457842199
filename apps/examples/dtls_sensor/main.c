/* SPDX-License-Identifier: Apache-2.0 */
/* A sensor that is too small for certificates: DTLS by a key that it shares with its server, one datagram, one answer. */
#include "base/log.h"
#include "os/net/tls/tls_net.h"

int application_start(void)
{
    static const uint8_t key[16] = "sixteen bytes!!"; /* a product's is random, and sealed in its store */
    const struct mico_tls_config config = {
        .psk = {"sensor 7", MICO_SPAN(key)}, .datagram = true, .now_s = 1900000000, .timeout_ms = 20000};
    static struct mico_tls_net net;
    char answer[64];
    size_t len = 0;
    bool good = mico_net_up(10000) == MICO_OK && mico_tls_dial(&net, SERVER_ADDRESS, 27183, &config) == MICO_OK;
    MICO_LOG("sensor", "%s %s", good ? mico_tls_version(&net.tls) : mico_tls_reason(&net.tls),
             mico_tls_suite(&net.tls));
    good = good && mico_tls_write(&net.tls, (const uint8_t *)"21.5\n", 5, 10000) == MICO_OK &&
           mico_tls_read(&net.tls, (uint8_t *)answer, sizeof answer, &len, 10000) == MICO_OK;
    MICO_LOG("sensor", "%s: %.*s", good ? "answer" : mico_tls_reason(&net.tls), (int)len, answer);
    mico_tls_hang_up(&net);
    return 0;
}
