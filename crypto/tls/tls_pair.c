/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls/tls_pair.h"

#include <string.h>
#include <time.h>

#include "os/port/clock.h"

uint64_t pair_clock_ms = 1;

uint64_t mico_clock_ms(void)
{
    return pair_clock_ms;
}

uint64_t pair_now_s(void)
{
    static uint64_t start;
    if (start == 0) {
        start = (uint64_t)time(NULL) + 3600; /* what a slow machine certifies minutes later begins before */
    }
    return start + pair_clock_ms / 1000;
}

/* xorshift32: which datagrams suffer is a matter of the seed alone. */
static unsigned chance(struct pair_wire *wire)
{
    uint32_t x = *wire->seed;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *wire->seed = x;
    return x % 100;
}

static void put(struct pair_wire *wire, const uint8_t *data, size_t len)
{
    if (wire->count == PAIR_QUEUE) {
        return; /* lost */
    }
    size_t at = (wire->head + wire->count++) % PAIR_QUEUE;
    memcpy(wire->queue[at].bytes, data, len);
    wire->queue[at].len = len;
    wire->queue[at].taken = 0;
    if (wire->flip_at != SIZE_MAX && wire->flip_at >= wire->sent && wire->flip_at < wire->sent + len) {
        wire->queue[at].bytes[wire->flip_at - wire->sent] ^= 1;
    }
    if (wire->shuffle != 0 && wire->count > 1 && chance(wire) < wire->shuffle) {
        size_t before = (at + PAIR_QUEUE - 1) % PAIR_QUEUE;
        __typeof__(wire->queue[0]) other = wire->queue[before];
        wire->queue[before] = wire->queue[at];
        wire->queue[at] = other;
    }
}

static bool stalled(struct pair_wire *wire)
{
    return wire->stall != 0 && ++wire->calls % wire->stall == 0;
}

static mico_err send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    struct pair_wire *wire = ctx;
    size_t most = wire->piece != 0 ? wire->piece : PAIR_DATAGRAM;
    size_t take = wire->stream && len > most ? most : len;
    *sent = 0;
    if (stalled(wire) || (wire->stream && wire->count == PAIR_QUEUE)) {
        return MICO_ERR_TIMEOUT;
    }
    size_t pass = wire->sent >= wire->cut_after ? 0 : wire->cut_after - wire->sent;
    if (!wire->stream) {
        wire->largest = take > wire->largest ? take : wire->largest;
        wire->datagrams++;
        if (wire->lose == 0 || chance(wire) >= wire->lose) {
            put(wire, data, take);
            if (wire->repeat != 0 && chance(wire) < wire->repeat) {
                put(wire, data, take);
            }
        }
    } else if (pass > 0) {
        put(wire, data, pass < take ? pass : take);
    }
    wire->sent += take;
    *sent = take;
    return MICO_OK;
}

static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct pair_wire *wire = ctx;
    *len = 0;
    if (wire->count == 0) {
        return wire->stream && wire->sent >= wire->cut_after ? MICO_ERR_CLOSED : MICO_ERR_TIMEOUT;
    }
    if (stalled(wire)) {
        return MICO_ERR_TIMEOUT;
    }
    size_t at = wire->head, left = wire->queue[at].len - wire->queue[at].taken;
    size_t take = left < cap ? left : cap;
    take = wire->stream && wire->piece != 0 && take > wire->piece ? wire->piece : take;
    memcpy(out, wire->queue[at].bytes + wire->queue[at].taken, take);
    wire->queue[at].taken += take;
    if (!wire->stream || take == left) {
        wire->head = (at + 1) % PAIR_QUEUE;
        wire->count--;
    }
    *len = take;
    return MICO_OK;
}

struct duplex {
    struct pair_wire *in, *out;
};

static mico_err send_out(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    return send(((struct duplex *)ctx)->out, data, len, sent, timeout_ms);
}

static mico_err receive_in(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return receive(((struct duplex *)ctx)->in, out, cap, len, timeout_ms);
}

struct mico_tls_io pair_client_io(struct pair *pair)
{
    static struct duplex both;
    both = (struct duplex){&pair->down, &pair->up};
    return (struct mico_tls_io){&both, send_out, receive_in};
}

struct mico_tls_io pair_server_io(struct pair *pair)
{
    static struct duplex both;
    both = (struct duplex){&pair->up, &pair->down};
    return (struct mico_tls_io){&both, send_out, receive_in};
}

void pair_wires(struct pair *pair, bool stream)
{
    struct pair_wire *wires[] = {&pair->up, &pair->down};
    for (size_t i = 0; i < 2; i++) {
        memset(wires[i], 0, sizeof *wires[i]);
        wires[i]->stream = stream;
        wires[i]->cut_after = wires[i]->flip_at = SIZE_MAX;
        wires[i]->seed = &pair->seed;
    }
}

mico_err pair_open(struct pair *pair, struct mico_tls_config *client, struct mico_tls_server *server)
{
    static const uint8_t address[] = {192, 0, 2, 1, 0x10, 0x92};
    struct mico_tls_io io = pair_server_io(pair);
    client->io = pair_client_io(pair);
    client->now_s = pair_now_s();
    pair->client_err = pair->served_err = MICO_ERR_TIMEOUT;
    mico_err err = mico_tls_open(&pair->client, client);
    if (err == MICO_OK) {
        err = mico_tls_accept_open(server, &pair->served, &io, MICO_SPAN(address), pair_now_s());
    }
    return err;
}

static bool failed(mico_err err)
{
    return err != MICO_OK && err != MICO_ERR_TIMEOUT;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void pair_handshake(struct pair *pair)
{
    bool idle = false;
    uint8_t byte;
    size_t len;
    for (int turns = 0; turns < 5000 && (pair->client_err != MICO_OK || pair->served_err != MICO_OK); turns++) {
        size_t before = pair->up.sent + pair->down.sent + pair->up.count + pair->down.count;
        if (pair->client_err == MICO_ERR_TIMEOUT) {
            pair->client_err = mico_tls_handshake(&pair->client, 0);
        } else if (pair->client_err == MICO_OK) {
            (void)!mico_tls_read(&pair->client, &byte, 1, &len, 0); /* to answer what is sent again */
        }
        if (pair->served_err == MICO_ERR_TIMEOUT) {
            pair->served_err = mico_tls_handshake(&pair->served, 0);
        } else if (pair->served_err == MICO_OK) {
            (void)!mico_tls_read(&pair->served, &byte, 1, &len, 0);
        }
        if (failed(pair->client_err) && failed(pair->served_err)) {
            return;
        }
        if (pair->up.sent + pair->down.sent + pair->up.count + pair->down.count != before) {
            idle = false;
            continue;
        }
        uint32_t timer = least(mico_tls_timer_ms(&pair->client), mico_tls_timer_ms(&pair->served));
        if (timer == UINT32_MAX && idle) {
            return; /* nothing will move any more */
        }
        idle = timer == UINT32_MAX;
        pair_clock_ms += idle ? 1 : timer;
    }
}

void pair_close(struct pair *pair)
{
    mico_tls_close(&pair->client);
    mico_tls_close(&pair->served);
}
