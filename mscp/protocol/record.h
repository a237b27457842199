/* SPDX-License-Identifier: Apache-2.0 */
/* Link records: what stands in a frame's body inside a session. docs/MSCP.md, "Records".
 *
 * body = u64 counter | ChaCha20-Poly1305(key of the direction, nonce 0000 | counter, TLVs) | tag. The associated data
 * of a command is its frame header; of a reply its frame header and then its command's, so that a reply belongs to
 * exactly one command. */
#ifndef MSCP_PROTOCOL_RECORD_H
#define MSCP_PROTOCOL_RECORD_H

#include "base/bytes.h"
#include "base/err.h"
#include "mscp/protocol/frame.h"

#define MSCP_RECORD_COUNTER 8
#define MSCP_RECORD_TAG 16
#define MSCP_RECORD_OVERHEAD (MSCP_RECORD_COUNTER + MSCP_RECORD_TAG)
#define MSCP_REKEY_RECORDS (1u << 20) /* commands after which both keys of a session give way to new ones */

#define MSCP_PROLOGUE_PAIR "MSCP1 pair"
#define MSCP_PROLOGUE_SESSION "MSCP1 session"
#define MSCP_LABEL_BINDING "MSCP1 binding key"

/* A session of either side. Secret. */
struct mscp_session {
    bool open;
    uint32_t id;
    uint64_t next; /* counter of the next command */
    uint8_t to_chip[32];
    uint8_t to_host[32];
};

/** Seal in place: body holds MSCP_RECORD_COUNTER free bytes, text_len bytes of text, MSCP_RECORD_TAG free bytes. */
void mscp_record_seal(const uint8_t key[32], uint64_t counter, struct mico_span associated, uint8_t *body,
                      size_t text_len);

/** A command and its reply are done: the next counter, and at every MSCP_REKEY_RECORDS new keys (Noise section 11.3). */
void mscp_session_advance(struct mscp_session *session);

/** Open in place. *counter is what the record says: the caller compares it. MICO_ERR_SIZE, or MICO_ERR_AUTH with the
 * text wiped. */
MICO_MUST_USE mico_err mscp_record_open(const uint8_t key[32], struct mico_span associated, uint8_t *body,
                                        size_t body_len, uint64_t *counter, struct mico_span *text);

#endif
