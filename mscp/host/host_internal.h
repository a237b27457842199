/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver's files share: frames below, sessions in the middle, commands on top. */
#ifndef MSCP_HOST_HOST_INTERNAL_H
#define MSCP_HOST_HOST_INTERNAL_H

#include "mscp/host/mscp_host_state.h"

/* ---- host_link.c: frames on the transport ---- */

/* Forget what has arrived so far, then send the request whose body_len bytes stand in host->frame behind the header. */
mico_err mscp_link_send(struct mscp_host *host, uint8_t command, uint8_t flags, uint32_t session, size_t body_len);

/* The bytes that one answer may cost, strays included: a peer that sends garbage for ever cannot hold the caller. */
#define MSCP_LINK_BYTES (4 * MSCP_WIRE_MAX)

/* Next response, at most host->timeout_ms between its bytes; *bytes_left counts down from MSCP_LINK_BYTES. The body is
 * copied to host->reply_body. */
mico_err mscp_link_receive(struct mscp_host *host, size_t *bytes_left, struct mscp_response *response);

/* Let ms milliseconds pass. */
void mscp_link_pause(struct mscp_host *host, uint32_t ms);

/* The chip's answer as an error of ours; host->last_status and last_detail keep it. */
mico_err mscp_link_status(struct mscp_host *host, int16_t status, uint16_t detail);

/* ---- host_session.c: commands inside a session ---- */

struct mscp_call {
    uint8_t command;
    bool repeatable;       /* carried out twice it does no more than once: may be sent again when its answer is lost */
    bool streamed;         /* stream goes in pieces, with TOTAL, OFFSET and BYTES behind the head */
    struct mico_span head; /* TLVs, at most MSCP_HEAD_MAX bytes */
    struct mico_span stream; /* at most MSCP_MESSAGE_MAX bytes */
    uint64_t answer;         /* MSCP_TAG_BITs that a good answer must have */
};

#define MSCP_HEAD_MAX 352

/* Carry it out in a session, opened if need be; host->reply has the answer's TLVs until the next call. */
mico_err mscp_call(struct mscp_host *host, const struct mscp_call *call);

void mscp_session_forget(struct mscp_host *host);

/* A command's TLVs while they are being put together. */
struct mscp_head {
    uint8_t bytes[MSCP_HEAD_MAX];
    struct mico_writer w;
};

void mscp_head_start(struct mscp_head *head);
struct mico_span mscp_head_span(const struct mscp_head *head);
/* An object to name or to make: its id under tag, and ATTRIBUTES unless they are NULL. */
void mscp_head_object(struct mscp_head *head, enum mscp_tag tag, uint32_t id, const struct mscp_attributes *attributes);
/* Calls whose answer is a public key of len bytes, or len bytes under tag (out NULL: nothing). */
mico_err mscp_call_public(struct mscp_host *host, uint8_t command, const struct mscp_head *head, bool repeatable,
                          uint8_t *public_key, size_t len);
mico_err mscp_call_secret(struct mscp_host *host, uint8_t command, const struct mscp_head *head, bool repeatable,
                          enum mscp_tag tag, uint8_t *out, size_t len);
/* The answer may hold a secret: take it and leave none behind. */
void mscp_take_answer(struct mscp_host *host, enum mscp_tag tag, uint8_t *out, size_t len);

#endif
