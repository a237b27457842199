/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/examples/tls_twenty/root.h"
#include "base/log.h"
#include "os/net/tls/tls_net.h"

int application_start(void)
{
    const struct mico_span root = MICO_SPAN(root_der);
    const struct mico_tls_config config = {
        .roots = &root, .root_count = 1, .server_name = "a.example", .now_s = 1900000000, .timeout_ms = 10000};
    static struct mico_tls_net net;
    char answer[64];
    size_t len = 0;
    bool good = mico_net_up(10000) == MICO_OK && mico_tls_dial(&net, SERVER_ADDRESS, 27183, &config) == MICO_OK &&
                mico_tls_write(&net.tls, (const uint8_t *)"hello\n", 6, 10000) == MICO_OK &&
                mico_tls_read(&net.tls, (uint8_t *)answer, sizeof answer, &len, 10000) == MICO_OK;
    MICO_LOG("client", "%s: %.*s", good ? "the server says" : mico_tls_reason(&net.tls), (int)len, answer);
    mico_tls_hang_up(&net);
    return 0;
}
