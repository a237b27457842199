/* SPDX-License-Identifier: Apache-2.0 */
/* A TLS 1.2 client whose private key stays behind PSA, so that it can be in the coprocessor.
 *
 * RFC 5246 with ECDHE-ECDSA, AES-128-GCM or ChaCha20-Poly1305, X25519 or P-256, extended master secret; server and
 * client certificates Ed25519 (RFC 8422) or, for the server, ECDSA P-256. The server's chain must end at one of the
 * given roots, be valid at now_s, and name the server. No session resumption, no renegotiation.
 *
 * One connection is used by one thread at a time, and the program's first must not begin beside another. wolfSSL takes
 * its working memory from malloc: 12 KiB at most while connecting, then 6, and the size of a record (at most 16 KiB)
 * while one is received; and 16 KiB of stack. */
#ifndef CRYPTO_TLS_TLS_H
#define CRYPTO_TLS_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "psa/crypto.h"

/* The connection below: a socket. Both move at least one byte and at most len or cap, or fail: MICO_ERR_TIMEOUT
 * (nothing moved within timeout_ms), MICO_ERR_CLOSED, MICO_ERR_IO. */
struct mico_tls_io {
    void *ctx;
    mico_err (*send)(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms);
    mico_err (*receive)(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);
};

struct mico_tls_config {
    const struct mico_span *roots; /* DER certificates; the only ones trusted */
    size_t root_count;
    struct mico_span chain;  /* our certificate and its issuers, DER one after the other; empty: none */
    psa_key_id_t key;        /* the private key of chain's first; 0 with an empty chain */
    const char *server_name; /* DNS name or dotted IP address that the server's certificate must have */
    uint64_t now_s;          /* seconds since 1970, for certificate dates */
    uint32_t timeout_ms;     /* for the whole handshake */
    struct mico_tls_io io;
};

#define MICO_TLS_REASON_SIZE 96
struct mico_tls {
    void *context;
    void *session;
    struct mico_tls_io io;
    psa_key_id_t key;
    uint32_t timeout_ms;      /* of the call that is running */
    uint64_t deadline_ms;     /* of the handshake */
    mico_err io_error;        /* what io said last */
    psa_status_t sign_status; /* what PSA said last */
    char reason[MICO_TLS_REASON_SIZE];
};

/** Connect: the whole handshake. Uses config only until it returns (io and key are copied). On error everything is
 * released and reason says why in words:
 *   MICO_ERR_AUTH     the server's certificate is not acceptable (reason: unknown issuer, expired, wrong name, …)
 *   MICO_ERR_DENIED   the server refused us (reason: its alert), or PSA refused to sign
 *   MICO_ERR_PARAM    config: no root, a certificate that cannot be read
 *   MICO_ERR_FORMAT   the server does not speak this TLS, or has no suite in common
 *   MICO_ERR_TIMEOUT, MICO_ERR_CLOSED, MICO_ERR_IO, MICO_ERR_FULL (memory), MICO_ERR_ENTROPY */
MICO_MUST_USE mico_err mico_tls_connect(struct mico_tls *tls, const struct mico_tls_config *config);

/** All of data, or an error (then only mico_tls_close may follow). */
MICO_MUST_USE mico_err mico_tls_write(struct mico_tls *tls, const uint8_t *data, size_t len, uint32_t timeout_ms);

/** What has come, at least 1 and at most cap bytes. MICO_ERR_TIMEOUT (try again later), MICO_ERR_CLOSED (the server
 * said good-bye or cut the connection), MICO_ERR_AUTH (a record was altered), MICO_ERR_IO; *len 0. */
MICO_MUST_USE mico_err mico_tls_read(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);

/** Say good-bye if the connection still stands, and release everything. The socket stays the caller's. */
void mico_tls_close(struct mico_tls *tls);

/** Why the last call failed, such as "certificate: expired" or "alert from server: unknown_ca"; never NULL. */
const char *mico_tls_reason(const struct mico_tls *tls);

#endif
