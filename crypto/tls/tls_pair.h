/* SPDX-License-Identifier: Apache-2.0 */
/* A client and a server of ours in one program, on wires that the test may cut, alter, and lose or shuffle datagrams on,
 * under a clock that only the test moves. */
#ifndef CRYPTO_TLS_TLS_PAIR_H
#define CRYPTO_TLS_TLS_PAIR_H

#include "crypto/tls/tls_server.h"

#define PAIR_DATAGRAM 2048
#define PAIR_QUEUE 64

/* One direction. A stream's datagrams are its pieces. */
struct pair_wire {
    struct {
        size_t len, taken;
        uint8_t bytes[PAIR_DATAGRAM];
    } queue[PAIR_QUEUE];
    size_t head, count;
    bool stream;
    size_t sent;      /* bytes that went in */
    size_t cut_after; /* bytes; what comes after is lost, and the stream ends. SIZE_MAX never */
    size_t flip_at;   /* turn a bit of this byte; SIZE_MAX never */
    size_t piece;     /* at most so many bytes go in or out at once; 0: any number */
    unsigned stall;   /* every so many calls do nothing; 0 never */
    unsigned calls;
    unsigned lose, shuffle, repeat; /* out of 100 datagrams */
    uint32_t *seed;
    size_t largest; /* datagram */
    unsigned datagrams;
};

struct pair {
    struct mico_tls_server server;
    struct mico_tls client, served;
    struct pair_wire up, down; /* to the server, to the client */
    uint32_t seed;
    mico_err client_err, served_err; /* of the handshake: MICO_ERR_TIMEOUT while it goes on */
};

/* The time of mico_clock_ms. */
extern uint64_t pair_clock_ms;
#define PAIR_NOW_S 1800000000u /* after a test's certificates begin; see pair_now_s */

void pair_wires(struct pair *pair, bool stream);
/* Open the client's side and the server's on fresh wires. io and now_s of config are set here. */
mico_err pair_open(struct pair *pair, struct mico_tls_config *client, struct mico_tls_server *server);
/* Both handshakes as far as they come: until both stand, one fails, or nothing moves and no timer runs. */
void pair_handshake(struct pair *pair);
void pair_close(struct pair *pair);

struct mico_tls_io pair_client_io(struct pair *pair);
struct mico_tls_io pair_server_io(struct pair *pair);
uint64_t pair_now_s(void);

#endif
