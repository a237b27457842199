/* SPDX-License-Identifier: Apache-2.0 */
/* TLS over the sockets of os/net: TCP, and DTLS over UDP. A client dials; a server takes what it accepted. */
#ifndef OS_NET_TLS_TLS_NET_H
#define OS_NET_TLS_TLS_NET_H

#include "crypto/tls/tls_server.h"
#include "os/net/tcp.h"
#include "os/net/udp.h"

#define MICO_TLS_NET_FIRST 600 /* bytes; the ClientHello of every program that we know is shorter */

/* A connection with its socket; zero is none. All of it is private, but for tls, which crypto/tls/tls.h reads and writes. */
struct mico_tls_net {
    struct mico_tls tls;
    mico_tcp tcp;
    mico_udp udp;
    uint8_t ip[4]; /* of the peer, for DTLS */
    uint16_t port;
    bool tcp_open, udp_open; /* ours to close */
    size_t first_len;
    uint8_t first[MICO_TLS_NET_FIRST]; /* what a client of UDP began with */
};

/** Connect to host (a name or a dotted address) by TCP, or UDP when config says datagram, and shake hands. config.io is
 * set here; config.timeout_ms is for each of the two. On error nothing is open, and mico_tls_reason says why when the
 * handshake failed: errors of mico_tcp_connect, mico_net_resolve, mico_udp_open and mico_tls_connect. */
MICO_MUST_USE mico_err mico_tls_dial(struct mico_tls_net *net, const char *host, uint16_t port,
                                     const struct mico_tls_config *config);

/** The same up to the handshake, for a caller that may not wait for it: mico_tls_handshake(&net->tls, 0) goes on, as crypto/tls/tls.h says
 * of mico_tls_open. Connecting by TCP takes config.timeout_ms at most. After an error of the handshake: mico_tls_hang_up. */
MICO_MUST_USE mico_err mico_tls_dial_open(struct mico_tls_net *net, const char *host, uint16_t port,
                                          const struct mico_tls_config *config);

/** Shake hands with a client that mico_tcp_accept gave; tcp is net's then, and closed on error. */
MICO_MUST_USE mico_err mico_tls_take(struct mico_tls_net *net, struct mico_tls_server *server, mico_tcp tcp,
                                     uint64_t now_s, uint32_t timeout_ms);

/** The same without the handshake, with which mico_tls_handshake(&net->tls, 0) goes on. */
MICO_MUST_USE mico_err mico_tls_take_open(struct mico_tls_net *net, struct mico_tls_server *server, mico_tcp tcp,
                                          uint64_t now_s);

/** Wait on udp, at the server's port, for a client that shows the cookie of its address, and shake hands with it; who has not
 * shown one is answered and forgotten. What others send meanwhile is dropped, and they send it again. udp stays the caller's, for the next
 * client. MICO_ERR_TIMEOUT: nobody came, or when mico_tls_met(&net->tls) says so, somebody whose handshake goes on by
 * mico_tls_handshake; with a timeout of 0 this does not wait. */
MICO_MUST_USE mico_err mico_tls_take_datagrams(struct mico_tls_net *net, struct mico_tls_server *server, mico_udp udp,
                                               uint64_t now_s, uint32_t timeout_ms);

/** Say good-bye and close what is net's. */
void mico_tls_hang_up(struct mico_tls_net *net);

/** The io of a TCP connection that its owner keeps; tcp must stay where it is. */
struct mico_tls_io mico_tls_over_tcp(mico_tcp *tcp);

#endif
