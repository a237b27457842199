/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's side of pairing and sessions, whatever carries the bytes: pair-setup with a setup code, the check of
 * the device certificate, pair-verify, and requests inside the session. docs/PAIRING.md is the specification.
 *
 * Calls block in wire.receive. psa_crypto_init() comes first. No heap. */
#ifndef PAIRING_CONTROLLER_CLIENT_H
#define PAIRING_CONTROLLER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <psa/crypto.h>

#include "base/bytes.h"
#include "base/err.h"
#include "os/net/http/http.h"
#include "pairing/session.h"
#include "pairing/suite.h"
#include "pairing/tlv8.h"

#define MICO_CLIENT_CHAIN_MAX 4096
#define MICO_REPLY_HEAD_MAX 2048
#define MICO_REPLY_BODY_MAX 16384

/* A connection to the accessory: a socket, a relay channel, a test. */
struct mico_wire {
    void *ctx;
    mico_err (*send)(void *ctx, const uint8_t *data, size_t len);
    /* At least 1 and at most cap bytes; MICO_ERR_TIMEOUT, MICO_ERR_CLOSED, MICO_ERR_IO. */
    mico_err (*receive)(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);
};

/* Who this controller is. */
struct mico_client_self {
    char id[MICO_HAP_ID_MAX + 1]; /* a UUID */
    uint8_t public_key[32];
    psa_key_id_t key; /* Ed25519, its private half */
};

/* Whom it is paired with. */
struct mico_client_peer {
    char id[MICO_HAP_ID_MAX + 1];
    uint8_t public_key[32]; /* the accessory's LTPK */
    bool certified;         /* its device certificate was checked when it was paired */
};

/* Check a device certificate with its chain (DER one after the other) against the maker's root; give its subject CN and
 * its Ed25519 key. Anything but MICO_OK refuses the device; `why` then points to a static sentence. */
struct mico_client_trust {
    void *ctx;
    mico_err (*check)(void *ctx, struct mico_span chain, char subject[MICO_HAP_ID_MAX + 1], uint8_t key[32],
                      const char **why);
    bool allow_uncertified; /* pair by method 0, without a certificate */
};

/* What a call failed on, for the message to the user. */
enum mico_client_trouble {
    MICO_TROUBLE_NONE,
    MICO_TROUBLE_WIRE,          /* the connection failed or was closed */
    MICO_TROUBLE_PROTOCOL,      /* the answer does not follow the protocol */
    MICO_TROUBLE_REFUSED,       /* the accessory answered hap_error or http_status */
    MICO_TROUBLE_PROOF,         /* the accessory does not know the setup code */
    MICO_TROUBLE_NO_CERTIFICATE, /* it shows no device certificate */
    MICO_TROUBLE_CERTIFICATE,   /* it shows one that is not its own, or not the maker's: see why */
    MICO_TROUBLE_IDENTITY,      /* its long-term key is not the paired one */
    MICO_TROUBLE_LOCAL,         /* this side's crypto failed */
};

/* The caller's storage; about 24 KiB. */
struct mico_client {
    struct mico_wire wire;
    uint32_t timeout_ms;
    struct mico_session session;
    bool secure;
    struct mico_http reply; /* the last answer: status, body, behind which a NUL stands */
    char reply_head[MICO_REPLY_HEAD_MAX + 1];
    uint8_t reply_body[MICO_REPLY_BODY_MAX + 1];
    void (*on_event)(void *ctx, const char *json, size_t len); /* may be NULL */
    void *event_ctx;
    enum mico_client_trouble trouble;
    enum mico_hap_error hap_error;
    int step;        /* M1 … M6: where it failed */
    const char *why; /* more words, or NULL */
    uint8_t arrived[1024]; /* from the wire, not used yet */
    size_t arrived_at, arrived_len;
    uint8_t text[MICO_FRAME_TEXT_MAX]; /* out of a frame, not used yet */
    size_t text_at, text_len;
};

/** A client on an open wire: in the clear, nobody verified. */
void mico_client_start(struct mico_client *client, const struct mico_wire *wire, uint32_t timeout_ms);
/** Wipe the session; the wire is the caller's to close. */
void mico_client_stop(struct mico_client *client);

/** Pair with the code "XXX-XX-XXX". peer is filled only when everything has been checked. A message of the trouble is in
 * client->trouble and beside it. MICO_ERR_AUTH, MICO_ERR_FORMAT, MICO_ERR_DENIED (the accessory answered an error),
 * MICO_ERR_CRYPTO, or the wire's errors. */
MICO_MUST_USE mico_err mico_client_pair(struct mico_client *client, const struct mico_client_self *self, const char *code,
                                        const struct mico_client_trust *trust, struct mico_client_peer *peer);

/** Open the session with a paired accessory. MICO_ERR_AUTH when it is not the one that peer names. */
MICO_MUST_USE mico_err mico_client_verify(struct mico_client *client, const struct mico_client_self *self,
                                          const struct mico_client_peer *peer);

/** One request and its answer, which is then in client->reply. method and path as in "GET", "/characteristics?id=1.9";
 * type may be NULL when there is no body. Events that come before the answer go to on_event. */
MICO_MUST_USE mico_err mico_client_request(struct mico_client *client, const char *method, const char *path,
                                           const char *type, struct mico_span body);

/** Wait for one event; it goes to on_event. MICO_ERR_TIMEOUT when none came. */
MICO_MUST_USE mico_err mico_client_wait_event(struct mico_client *client, uint32_t timeout_ms);

/** POST tlv to path and parse the answer, which must carry state and no error. The record points into client->reply. */
MICO_MUST_USE mico_err mico_client_exchange(struct mico_client *client, const char *path, struct mico_span tlv,
                                            uint8_t state, struct mico_tlv8 *answer);

/** Note what went wrong; gives err back. */
mico_err mico_client_fail(struct mico_client *client, enum mico_client_trouble trouble, mico_err err, const char *why);

#endif
