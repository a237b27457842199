/* SPDX-License-Identifier: Apache-2.0 */
/* A TCP connection to the accessory; see wires.h. */
#include <stdlib.h>
#include <string.h>

#include "os/net/tcp.h"
#include "pairing/controller/wires.h"

#define SEND_TIMEOUT_MS 10000

mico_err mico_address_split(const char *address, char host[MICO_ADDRESS_MAX], uint16_t *port)
{
    const char *colon = strrchr(address, ':');
    char *end;
    if (colon == NULL || colon == address || colon - address >= MICO_ADDRESS_MAX) {
        return MICO_ERR_FORMAT;
    }
    unsigned long number = strtoul(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || number == 0 || number > 65535) {
        return MICO_ERR_FORMAT;
    }
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = '\0';
    *port = (uint16_t)number;
    return MICO_OK;
}

static mico_tcp tcp_of(void *ctx)
{
    return (mico_tcp)(intptr_t)ctx;
}

static mico_err send_bytes(void *ctx, const uint8_t *data, size_t len)
{
    return mico_tcp_send(tcp_of(ctx), data, len, SEND_TIMEOUT_MS);
}

static mico_err receive_bytes(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return mico_tcp_recv(tcp_of(ctx), out, cap, len, timeout_ms);
}

mico_err mico_wire_tcp_open(const char *address, uint32_t timeout_ms, struct mico_wire *wire)
{
    char host[MICO_ADDRESS_MAX];
    uint16_t port;
    mico_tcp tcp;
    mico_err err = mico_address_split(address, host, &port);
    if (err == MICO_OK) {
        err = mico_tcp_connect(host, port, timeout_ms, &tcp);
    }
    if (err == MICO_OK) {
        *wire = (struct mico_wire){(void *)(intptr_t)tcp, send_bytes, receive_bytes};
    }
    return err;
}

void mico_wire_tcp_close(struct mico_wire *wire)
{
    mico_tcp_close(tcp_of(wire->ctx));
}
