/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the pairing room on a device: a HomeKit accessory over IP, whatever carries its bytes.
 *
 * The caller owns all storage and all transport: for each TCP connection or relay channel it opens a mico_connection,
 * feeds it what arrives, and sends what the reply callback gives it. No sockets, no threads, no heap in here. One thread
 * at a time per mico_accessory (the caller serialises). Both long-term keys are PSA keys and may live in the
 * coprocessor: everything they sign is 32 bytes | device id | 32 bytes. psa_crypto_init() comes first. Give the calling
 * thread 32 KiB of stack: pair-setup takes 27 (SRP's arithmetic), everything else 9.
 * docs/PAIRING.md is the specification. */
#ifndef PAIRING_ACCESSORY_ACCESSORY_H
#define PAIRING_ACCESSORY_ACCESSORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <psa/crypto.h>

#include "base/bytes.h"
#include "base/err.h"
#include "os/store/store.h"
#include "pairing/accessory/controllers.h"
#include "pairing/accessory/database.h"

#define MICO_ACCESSORY_ID_SIZE 17     /* "A1:B2:C3:D4:E5:F6" */
#define MICO_ACCESSORY_CHAIN_MAX 2048 /* bytes of the device certificate and its issuer, DER one after the other */
#define MICO_ACCESSORY_TRIES_MAX 100  /* wrong setup codes before pair-setup is locked */
#define MICO_ACCESSORY_EVENT_GAP_MS 250
#define MICO_ACCESSORY_CLAIM_MS 30000 /* how long an unfinished pair-setup keeps others out */

/* What the application brings. The accessory keeps the pointers: everything they point to outlives it. */
struct mico_accessory_config {
    const char *device_id; /* also the subject CN of the device certificate */
    const char *name;
    const char *manufacturer;
    const char *model;
    const char *serial;
    const char *firmware;                /* "1.0.0" */
    const uint8_t *setup_salt;           /* 16 bytes */
    const uint8_t *setup_verifier;       /* 384 bytes */
    psa_key_id_t identity_key;           /* Ed25519; signs the certificate's statement in M4 */
    psa_key_id_t pairing_key;            /* Ed25519; the accessory's long-term key (LTPK) */
    uint8_t ltpk[32];                    /* its public half */
    struct mico_span chain;              /* empty: pairing method 1 is refused */
    struct mico_store *store;            /* pairings and the failure counter */
    const struct mico_service *product;  /* &mico_service_light or &mico_service_lock */
    /* A characteristic's value: 0 or 1 for a bool. MICO_ERR_BUSY, MICO_ERR_PARAM, MICO_ERR_IO … become HAP statuses. */
    mico_err (*get)(void *ctx, uint16_t iid, uint8_t *value);
    mico_err (*set)(void *ctx, uint16_t iid, uint8_t value);
    void (*identify)(void *ctx); /* let the user see which device this is; may be NULL */
    void *ctx;
    uint64_t (*now_ms)(void);
};

/* The caller's storage; complete in accessory_state.h, which only whoever allocates them includes. */
struct mico_accessory;  /* about 13 KiB */
struct mico_connection; /* about 7.5 KiB */

/* Bytes for the peer, to be sent in order; called once or more during an input or a poll. */
typedef void (*mico_accessory_reply)(void *ctx, const uint8_t *data, size_t len);

/** Check the configuration and read pairings and failure counter from the store.
 * MICO_ERR_PARAM (the log names the field), MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_accessory_start(struct mico_accessory *acc, const struct mico_accessory_config *config);

/** A connection begins: in the clear, nobody verified. As many at once as the caller has storage for. */
void mico_accessory_open(struct mico_accessory *acc, struct mico_connection *conn);

/** The same for a connection through the relay. Pair-setup is refused there: else whoever runs the cloud could guess at
 * the setup code, or use its tries up, from afar. */
void mico_accessory_open_relayed(struct mico_accessory *acc, struct mico_connection *conn);

/** Bytes from the peer; answers through reply. MICO_ERR_CLOSED: send what reply gave, then close the transport and call
 * mico_accessory_close. Bytes behind the cause of a close are dropped. */
MICO_MUST_USE mico_err mico_accessory_input(struct mico_accessory *acc, struct mico_connection *conn, const uint8_t *data,
                                            size_t len, mico_accessory_reply reply, void *reply_ctx);

/** Send what is due without being asked: events. Call it for each connection at least every 250 ms, or after
 * mico_accessory_changed. MICO_ERR_CLOSED as above (such as when this controller's pairing was removed elsewhere). */
MICO_MUST_USE mico_err mico_accessory_poll(struct mico_accessory *acc, struct mico_connection *conn,
                                           mico_accessory_reply reply, void *reply_ctx);

/** The connection is over; wipes it. */
void mico_accessory_close(struct mico_accessory *acc, struct mico_connection *conn);

/** A value changed by itself (a button, a timer): tell those who subscribed at their next poll. Inside `set` the writer
 * is left out. */
void mico_accessory_changed(struct mico_accessory *acc, uint16_t iid);

/** True while the peer is a paired controller that has verified and has not been sent away. */
bool mico_accessory_verified(const struct mico_connection *conn);

/** True when some controller is paired: what mDNS says with sf=0. */
bool mico_accessory_paired(const struct mico_accessory *acc);

/** The physical reset: forget all controllers and the failure counter, end their sessions. MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_accessory_forget(struct mico_accessory *acc);

#endif
