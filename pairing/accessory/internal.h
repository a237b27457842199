/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the accessory share: a request's way from accessory.c to its handler and back. */
#ifndef PAIRING_ACCESSORY_INTERNAL_H
#define PAIRING_ACCESSORY_INTERNAL_H

#include "pairing/accessory/accessory_state.h"
#include "pairing/tlv8.h"

#define MICO_TYPE_TLV8 "application/pairing+tlv8"
#define MICO_TYPE_JSON "application/hap+json"

enum mico_hap_status {
    MICO_STATUS_OK = 0,
    MICO_STATUS_PRIVILEGES = -70401,
    MICO_STATUS_UNABLE = -70402,
    MICO_STATUS_BUSY = -70403,
    MICO_STATUS_READ_ONLY = -70404,
    MICO_STATUS_WRITE_ONLY = -70405,
    MICO_STATUS_NO_NOTIFICATION = -70406,
    MICO_STATUS_RESOURCES = -70407,
    MICO_STATUS_TIMEOUT = -70408,
    MICO_STATUS_ABSENT = -70409,
    MICO_STATUS_VALUE = -70410,
};

/* A handler fills body and sets the rest; the status it starts with is 200, the type JSON. */
struct mico_response {
    int status;
    const char *type;
    struct mico_writer body;
};

/* Handlers: each answers one request whose gate has been passed. */
void mico_setup_handle(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);
void mico_verify_handle(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);
void mico_pairings_handle(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);
void mico_accessories_get(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);
void mico_characteristics_get(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);
void mico_characteristics_put(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);
void mico_prepare_put(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);

/** {"characteristics":[…]} with the values of the bits of iids. */
void mico_characteristics_event(struct mico_accessory *acc, uint32_t iids, struct mico_writer *body);

/** End the answer with {State, Error} alone. */
void mico_answer_error(struct mico_response *response, uint8_t state, enum mico_hap_error error);
/** 400: the request cannot be understood. */
void mico_answer_malformed(struct mico_response *response);

/** Read the failure counter; raise or clear it, in the store first. */
MICO_MUST_USE mico_err mico_tries_load(struct mico_accessory *acc);
MICO_MUST_USE mico_err mico_tries_put(struct mico_accessory *acc, uint32_t tries);

/** Give up conn's claim on pair-setup, wiping what it holds; nothing when it has none. */
void mico_setup_release(struct mico_accessory *acc, const struct mico_connection *conn);

/** Mark every connection for closing whose controller is no longer paired. */
void mico_end_sessions_without_pairing(struct mico_accessory *acc);

#endif
