/* SPDX-License-Identifier: Apache-2.0 */
/* The storage of an accessory and of its connections, for whoever allocates them. The fields are the room's own. */
#ifndef PAIRING_ACCESSORY_ACCESSORY_STATE_H
#define PAIRING_ACCESSORY_ACCESSORY_STATE_H

#include "crypto/srp/srp.h"
#include "os/net/http/http.h"
#include "pairing/accessory/accessory.h"
#include "pairing/json.h"
#include "pairing/session.h"

/* Pair-setup: one at a time for the whole accessory. */
enum mico_setup_phase { MICO_SETUP_IDLE, MICO_SETUP_WANTS_M3, MICO_SETUP_WANTS_M5 };

struct mico_setup {
    struct mico_connection *owner; /* whose claim it is; NULL when idle */
    uint64_t claimed_ms;
    enum mico_setup_phase phase;
    uint8_t method;
    struct mico_srp_server srp;
    uint8_t secret[MICO_SRP_KEY_SIZE]; /* SRP's K */
    uint8_t key[32];                   /* for EncryptedData */
};

/* Pair-verify between M1 and M3. */
struct mico_verify {
    bool wants_m3;
    uint8_t own_public[32];
    uint8_t peer_public[32];
    uint8_t shared[32];
    uint8_t key[32];
};

#define MICO_REQUEST_HEAD_MAX 2048 /* request line and header fields */
#define MICO_REQUEST_BODY_MAX 4096

struct mico_connection {
    struct mico_connection *next;
    struct mico_http request; /* in head and body */
    char head[MICO_REQUEST_HEAD_MAX + 1];
    uint8_t body[MICO_REQUEST_BODY_MAX];
    struct mico_session session;
    struct mico_verify verify;
    int controller;         /* slot of who verified; -1: nobody */
    bool secure;            /* what arrives and leaves is in frames */
    bool relayed;           /* it comes through the cloud's relay */
    bool closing;
    uint32_t subscribed;    /* bit iid */
    uint32_t changed;       /* bit iid: subscribed values to tell */
    uint64_t last_event_ms;
    bool told;              /* last_event_ms is set */
    bool prepared;          /* a timed write was announced */
    uint64_t prepared_pid;
    uint64_t prepared_until_ms;
};

#define MICO_RESPONSE_HEAD_MAX 128
#define MICO_RESPONSE_BODY_MAX 4096
/* One answer as it leaves, cut into frames. */
#define MICO_ANSWER_TEXT_MAX (MICO_RESPONSE_HEAD_MAX + MICO_RESPONSE_BODY_MAX)
#define MICO_ANSWER_MAX                                                                                                   \
    (MICO_ANSWER_TEXT_MAX + (MICO_FRAME_MAX - MICO_FRAME_TEXT_MAX) *                                                      \
                                ((MICO_ANSWER_TEXT_MAX + MICO_FRAME_TEXT_MAX - 1) / MICO_FRAME_TEXT_MAX))
#define MICO_SEALED_MAX (MICO_ACCESSORY_CHAIN_MAX + 256) /* an EncryptedData value, at most M4's */

struct mico_accessory {
    struct mico_accessory_config config;
    struct mico_controllers controllers;
    struct mico_connection *connections;
    const struct mico_connection *writer; /* whose PUT is being carried out */
    uint32_t tries;                       /* wrong proofs since the last right one */
    struct mico_setup setup;
    uint8_t text[MICO_FRAME_TEXT_MAX];
    uint8_t frame[MICO_FRAME_MAX];
    uint8_t response[MICO_ANSWER_TEXT_MAX];
    union { /* while one request is carried out */
        struct {
            uint8_t text[MICO_SEALED_MAX];
            uint8_t sealed[MICO_SEALED_MAX];
        } tlv;
        struct mico_json json;
    } work;
};

#endif
