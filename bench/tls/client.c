/* SPDX-License-Identifier: Apache-2.0 */
/* What a device that speaks TLS and DTLS in the client's role takes of a chip: linked, never run. */
#include "crypto/tls/tls.h"

static mico_err move(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    *sent = len;
    return MICO_OK;
}

static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = cap;
    return MICO_OK;
}

static struct mico_tls tls;
static volatile bool datagram;

int main(void)
{
    static const struct mico_span root;
    static uint8_t out[16];
    size_t len;
    const struct mico_tls_config config = {
        .roots = &root, .root_count = 1, .server_name = "a", .io = {NULL, move, receive}, .datagram = datagram};
    mico_err err = mico_tls_connect(&tls, &config);
    if (err == MICO_OK) {
        err = mico_tls_write(&tls, out, sizeof out, 1000);
    }
    if (err == MICO_OK) {
        err = mico_tls_read(&tls, out, sizeof out, &len, 1000);
    }
    mico_tls_close(&tls);
    return (int)err;
}
