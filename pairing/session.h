/* SPDX-License-Identifier: Apache-2.0 */
/* The end-to-end session after pair-verify: a key and a counter for each direction, and frames that may arrive split at
 * any byte. LE16 length (at most 1024, authenticated) | ciphertext | tag. Facts: docs/PAIRING.md. */
#ifndef PAIRING_SESSION_H
#define PAIRING_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <psa/crypto.h>

#include "base/bytes.h"
#include "base/err.h"

#define MICO_FRAME_TEXT_MAX 1024
#define MICO_FRAME_MAX (2 + MICO_FRAME_TEXT_MAX + 16)

enum mico_session_role { MICO_SESSION_ACCESSORY, MICO_SESSION_CONTROLLER };

/* The caller's storage; its fields are the session's own. Zeroed memory is a session that is not open. */
struct mico_session {
    psa_key_id_t receive_key;
    psa_key_id_t send_key;
    uint64_t received; /* frames so far; the next nonce */
    uint64_t sent;
    uint8_t frame[MICO_FRAME_MAX]; /* the frame that is arriving */
    size_t have;
    bool open;
};

/** Derive both keys from pair-verify's shared secret and count from 0. On error nothing is open. */
MICO_MUST_USE mico_err mico_session_start(struct mico_session *session, const uint8_t shared[32],
                                          enum mico_session_role role);

/** Destroy the keys. A session that is not open is left alone. */
void mico_session_end(struct mico_session *session);

/** Take bytes of the peer, at most to the end of one frame.
 *
 * used       how many of the len bytes were taken; call again with the others
 * text       gets the frame's plaintext, MICO_FRAME_TEXT_MAX bytes of room
 * text_len   0 while the frame is incomplete
 * Returns MICO_ERR_FORMAT (length 0 or above 1024), MICO_ERR_AUTH (altered, replayed, skipped, another session's), or
 * MICO_ERR_STATE (not open, or the counter is used up); after any of them end the session: what follows cannot be
 * trusted. */
MICO_MUST_USE mico_err mico_session_receive(struct mico_session *session, const uint8_t *data, size_t len, size_t *used,
                                            uint8_t text[MICO_FRAME_TEXT_MAX], size_t *text_len);

/** Seal 1 to MICO_FRAME_TEXT_MAX bytes into one frame. MICO_ERR_SIZE, MICO_ERR_STATE, MICO_ERR_CRYPTO. */
MICO_MUST_USE mico_err mico_session_seal(struct mico_session *session, const uint8_t *text, size_t text_len,
                                         uint8_t frame[MICO_FRAME_MAX], size_t *frame_len);

#endif
