/* SPDX-License-Identifier: Apache-2.0 */
/* What of os/net/tcp.h is the same over lwIP and over the host's sockets. */
#include "os/net/tcp.h"

#include "os/net/readable.h"
#include "os/port/clock.h"

mico_err mico_tcp_send(mico_tcp tcp, const void *data, size_t len, uint32_t timeout_ms)
{
    const uint8_t *at = data;
    uint64_t start = mico_clock_ms();
    mico_err err = MICO_OK;
    while (err == MICO_OK && len > 0) {
        size_t sent;
        err = mico_tcp_send_some(tcp, at, len, &sent, mico_net_left(timeout_ms, start));
        at += sent;
        len -= sent;
    }
    return err;
}
