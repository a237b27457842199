/* SPDX-License-Identifier: Apache-2.0 */
/* The server's side of TLS and DTLS. What a connection then does is in crypto/tls/tls.h.
 *
 * A server and the connections that it accepted are used by one thread at a time. Sessions are resumed by tickets (RFC 5077,
 * RFC 8446), encrypted (by AES-GCM, where the build has it) under a random key of the server's that is replaced every hour, or by
 * an id: the last MICO_TLS_SERVER_SESSIONS. A resumed session checks no certificate again. */
#ifndef CRYPTO_TLS_TLS_SERVER_H
#define CRYPTO_TLS_TLS_SERVER_H

#include "crypto/tls/tls.h"

#define MICO_TLS_SERVER_SESSIONS 4

enum mico_tls_clients {
    MICO_TLS_CLIENTS_ANONYMOUS, /* no certificate is asked for */
    MICO_TLS_CLIENTS_OPTIONAL,  /* one is asked for, and checked if it comes */
    MICO_TLS_CLIENTS_REQUIRED,
};

struct mico_tls_server_config {
    struct mico_tls_config base; /* server_name, timeout_ms, io and session do not matter here */
    enum mico_tls_clients clients;
    /** The key of a client that names itself so, or MICO_ERR_DENIED. NULL: base.psk is the only one. key has room for 64
     * bytes; one of less than 16 is none. */
    mico_err (*psk_of)(void *ctx, const char *identity, uint8_t *key, size_t *key_len);
    void *psk_ctx;
};

/* All of it is private. */
struct mico_tls_server {
    struct mico_tls_server *next, **link; /* all that are open; link NULL: not among them */
    bool busy, doomed;
    void *context;
    void *sessions[MICO_TLS_SERVER_SESSIONS];
    size_t next_session;
    psa_key_id_t key;
    struct mico_tls_psk psk;
    mico_err (*psk_of)(void *ctx, const char *identity, uint8_t *key, size_t *key_len);
    void *psk_ctx;
    enum mico_tls_version version;
    bool datagram;
    uint16_t mtu;
    uint32_t retransmit_ms;
    const char *alpn;
    uint8_t cookie_secret[32];
    char reason[MICO_TLS_REASON_SIZE];
};

/** Prepare. Uses config only until it returns, but for the psk and alpn's text. A server needs a chain and its key, or a psk. Errors as
 * mico_tls_connect has them, everything released; reason says why. */
MICO_MUST_USE mico_err mico_tls_server_open(struct mico_tls_server *server,
                                            const struct mico_tls_server_config *config);

/** Take a client that has connected: the whole handshake within timeout_ms. peer is the client's address as bytes, for
 * the cookie of DTLS (RFC 6347 section 4.2.1); anything that differs between clients. now_s is the time. The server must
 * outlive tls. Errors as mico_tls_connect has them. */
MICO_MUST_USE mico_err mico_tls_accept(struct mico_tls_server *server, struct mico_tls *tls,
                                       const struct mico_tls_io *io, struct mico_span peer, uint64_t now_s,
                                       uint32_t timeout_ms);
/** The same in steps: mico_tls_handshake then goes on. */
MICO_MUST_USE mico_err mico_tls_accept_open(struct mico_tls_server *server, struct mico_tls *tls,
                                            const struct mico_tls_io *io, struct mico_span peer, uint64_t now_s);

/** DTLS: whether the client has shown the cookie that only one at its address can have. Before, nobody may be at the other end, and
 * the server keeps nothing of it: a program that serves one client at a time should close the connection and look at the next
 * datagram, from whomever (mico_tls_take_datagrams of os/net/tls does). Without datagrams: true. */
bool mico_tls_met(const struct mico_tls *tls);

/** The name that the client asked for (SNI), at most cap - 1 bytes, NUL-terminated; "" none. */
void mico_tls_asked_name(const struct mico_tls *tls, char *out, size_t cap);

void mico_tls_server_close(struct mico_tls_server *server);

#endif
