/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection has to send, kept until the accessory is unlocked: whoever is slow to take it delays nobody else. */
#ifndef APPS_DEVICE_OUTBOX_H
#define APPS_DEVICE_OUTBOX_H

#include "pairing/accessory/accessory_state.h"

/* Zeroed memory is empty. */
struct mico_outbox {
    uint8_t bytes[MICO_ANSWER_MAX]; /* one answer, the longest */
    size_t len;
    bool overfull; /* some did not fit: the session is spoilt, for a frame is missing */
};

/** Keep bytes behind those that are there; all of them, or none and the outbox is overfull. */
void mico_outbox_put(struct mico_outbox *outbox, const uint8_t *data, size_t len);

/** It has nothing to send and is not overfull. */
void mico_outbox_empty(struct mico_outbox *outbox);

#endif
