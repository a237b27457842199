/* SPDX-License-Identifier: Apache-2.0 */
/* TLS and DTLS whose private key stays behind PSA, so that it can be in the coprocessor: the connection, and the client
 * that opens one. crypto/tls/tls_server.h has the server.
 *
 * RFC 5246 and 6347 (TLS and DTLS 1.2), on request RFC 8446 and 9147 (1.3); ephemeral key exchange on X25519, P-256 or
 * P-384 with extended master secret; AES-GCM and ChaCha20-Poly1305; certificates of Ed25519, ECDSA and RSA, or a
 * pre-shared key. The peer's chain must end at one of the given roots, be valid at now_s, not be revoked, and, of a
 * server, have its name. No renegotiation, no compression, no 0-RTT.
 *
 * In the approved mode (mico_psa_approved_mode) there are AES-GCM and AES-CCM, P-256 and P-384 alone.
 * mico_psa_zeroise and the error state wipe every connection and server; each call on one is MICO_ERR_STATE from then on.
 *
 * One connection is used by one thread at a time, and the program's first must not begin beside another. An open one is in a
 * list: its struct stays where it is until it is closed. wolfSSL takes its working memory from malloc: see crypto/tls/README.md for
 * how much, and for what each part costs. */
#ifndef CRYPTO_TLS_TLS_H
#define CRYPTO_TLS_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "psa/crypto.h"

/* The connection below: a socket. Both move at least one byte and at most len or cap (for DTLS one whole datagram), or
 * fail: MICO_ERR_TIMEOUT (nothing moved within timeout_ms, which may be 0), MICO_ERR_CLOSED, MICO_ERR_IO. */
struct mico_tls_io {
    void *ctx;
    mico_err (*send)(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms);
    mico_err (*receive)(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);
};

enum mico_tls_version {
    MICO_TLS_1_2, /* the ordinary one: the whole of it works with every key and peer */
    MICO_TLS_1_2_OR_1_3,
    MICO_TLS_1_3,
};

/* How far a server is checked. Whoever can put himself in between is the server when less than all of it is. */
enum mico_tls_checks {
    MICO_TLS_CHECK_ALL,
    MICO_TLS_CHECK_CHAIN, /* any name: for roots that certify nobody but this server */
    MICO_TLS_CHECK_NOTHING,
};

/* A key that both sides have (RFC 4279, 5489): 16 to 64 random bytes, never a password. */
struct mico_tls_psk {
    const char *identity; /* names the key to the server; at most 128 bytes */
    struct mico_span key;
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
    /* What may stay zero. */
    enum mico_tls_version version;
    enum mico_tls_checks checks;
    bool datagram;                /* DTLS */
    uint16_t mtu;                 /* DTLS: most bytes of a datagram, 256 to 1500; 0: 1400 */
    uint32_t retransmit_ms;       /* DTLS: first wait for an answer, doubled six times at most; 0: 1000 (RFC 6347) */
    const char *alpn;             /* protocols such as "h2,http/1.1", most wanted first (RFC 7301) */
    const char *suites;           /* OpenSSL's names between colons, most wanted first; NULL: MICO_TLS_SUITES */
    const struct mico_span *crls; /* DER; when there are any, every issuer of a peer's chain must have a fresh one */
    size_t crl_count;
    struct mico_tls_psk psk;  /* instead of roots, or beside them */
    struct mico_span session; /* client: what mico_tls_save_session gave for this server, or nothing */
};

#define MICO_TLS_REASON_SIZE 96
struct mico_tls_server;
/* A connection. All of it is private. */
struct mico_tls {
    void *context;
    void *session;
    struct mico_tls_server *server; /* that accepted it, and owns context; NULL of a client */
    struct mico_tls_io io;
    psa_key_id_t key;
    struct mico_tls_psk psk;
    bool datagram, established, writing, good_bye;
    bool met;                      /* the client is where it says: mico_tls_met */
    bool waits;                    /* the last call had a timeout */
    uint16_t late;                 /* times that it asked io for more when its time was over */
    bool busy, doomed;             /* a call is in it; it is to be wiped when that ends */
    struct mico_tls *next, **link; /* all that are open; link NULL: not among them */
    uint8_t name_hash[8];          /* of what a session of this connection may be used for again */
    uint32_t retransmit_ms;        /* unit of the library's timer */
    uint64_t retransmit_at_ms;     /* 0: the timer is off */
    uint64_t deadline_ms;          /* of the call that is running */
    mico_err io_error;             /* what io said last */
    mico_err failed;               /* what ended the connection; MICO_OK while it stands */
    psa_status_t sign_status;      /* what PSA said last */
    char reason[MICO_TLS_REASON_SIZE];
};

/** Connect: the whole handshake. Uses config only until it returns (io, key and the psk's pointers are copied: the psk
 * itself must stay). On error everything is released and reason says why in words:
 *   MICO_ERR_AUTH     the server's certificate is not acceptable (reason: unknown issuer, expired, revoked, wrong name, …)
 *   MICO_ERR_DENIED   the server refused us (reason: its alert), or PSA refused to sign
 *   MICO_ERR_PARAM    config: no root, a certificate or list that cannot be read
 *   MICO_ERR_FORMAT   the server does not speak this TLS, or has no suite in common
 *   MICO_ERR_DENIED   also: config asks for a suite that the approved mode refuses
 *   MICO_ERR_STATE    a self-test has failed, or the power-on tests are still to come; zeroised meanwhile
 *   MICO_ERR_UNSUPPORTED  config asks for what this build leaves out
 *   MICO_ERR_TIMEOUT, MICO_ERR_CLOSED, MICO_ERR_IO, MICO_ERR_FULL (memory), MICO_ERR_ENTROPY */
MICO_MUST_USE mico_err mico_tls_connect(struct mico_tls *tls, const struct mico_tls_config *config);

/** The same in steps, for a caller that may not wait: open checks config and sends nothing; handshake goes on for
 * timeout_ms (0: as far as io lets it now). MICO_ERR_TIMEOUT: call it again when io can do what mico_tls_wants says, or
 * after mico_tls_timer_ms; any other error as above, everything released. DTLS gives up by itself (MICO_ERR_IO) when what it
 * sent again as often as .retransmit_ms says has had no answer; how long a silent peer by TCP is waited for is the caller's. */
MICO_MUST_USE mico_err mico_tls_open(struct mico_tls *tls, const struct mico_tls_config *config);
MICO_MUST_USE mico_err mico_tls_handshake(struct mico_tls *tls, uint32_t timeout_ms);

enum mico_tls_want { MICO_TLS_WANTS_READ, MICO_TLS_WANTS_WRITE };
/** After MICO_ERR_TIMEOUT: what io could not do at once. */
enum mico_tls_want mico_tls_wants(const struct mico_tls *tls);

/** DTLS: milliseconds until mico_tls_handshake or mico_tls_read must be called again though nothing has come, to send
 * anew what was lost. UINT32_MAX: never. */
uint32_t mico_tls_timer_ms(const struct mico_tls *tls);

/** All of data, or an error (then only mico_tls_close may follow). DTLS: data goes as one datagram, or MICO_ERR_SIZE
 * with nothing sent when it does not fit mtu. */
MICO_MUST_USE mico_err mico_tls_write(struct mico_tls *tls, const uint8_t *data, size_t len, uint32_t timeout_ms);

/** At least one byte of data, *sent says how many. MICO_ERR_TIMEOUT (*sent 0): call again later with the same data. */
MICO_MUST_USE mico_err mico_tls_write_some(struct mico_tls *tls, const uint8_t *data, size_t len, size_t *sent,
                                           uint32_t timeout_ms);

/** What has come, at least 1 and at most cap bytes. MICO_ERR_TIMEOUT (try again later), MICO_ERR_CLOSED (the peer said
 * good-bye or the connection ended: mico_tls_ended_well), MICO_ERR_AUTH (a record was altered; DTLS drops such a one and waits on), MICO_ERR_DENIED
 * (an alert), MICO_ERR_IO; *len 0. After such an error reading and writing give it again. */
MICO_MUST_USE mico_err mico_tls_read(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);

/** After MICO_ERR_CLOSED: true when the peer said good-bye, so that all it sent has come; false when the connection was cut, by it
 * or by somebody in between. A protocol whose messages do not say where they end must ask this. */
bool mico_tls_ended_well(const struct mico_tls *tls);

/** Bytes that mico_tls_read gives without asking io. A caller that waits on sockets asks this first. */
size_t mico_tls_pending(const struct mico_tls *tls);

/** Say good-bye if the connection still stands, and release everything. The socket stays the caller's. Waits for a full socket
 * 1 s at most, and not at all after a call with a timeout of 0. */
void mico_tls_close(struct mico_tls *tls);

/** Why the last call failed, such as "certificate: expired" or "alert from peer: unknown_ca"; never NULL. */
const char *mico_tls_reason(const struct mico_tls *tls);

/* Of an established connection. */
const char *mico_tls_version(const struct mico_tls *tls); /* "TLSv1.2", "DTLSv1.3", … */
const char *mico_tls_suite(const struct mico_tls *tls);   /* "ECDHE-ECDSA-AES128-GCM-SHA256", … */
const char *mico_tls_alpn(const struct mico_tls *tls);    /* what both agreed on; "" nothing; valid until close or zeroisation */
bool mico_tls_resumed(const struct mico_tls *tls);

#define MICO_TLS_SESSION_SIZE 4096 /* what no session is larger than; most have 300 to 1500 bytes */
/** Take from a client's connection what config.session wants, for the next one to the same server under the same roots and
 * checks (under others it is not used): that one checks no certificate, so keep it no longer than you would trust this one, and
 * keep it secret. TLS 1.3 servers
 * send it after the handshake: save just before mico_tls_close. *len 0: there is none, which is no error. MICO_ERR_SIZE:
 * cap is too small. */
MICO_MUST_USE mico_err mico_tls_save_session(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len);

#endif
