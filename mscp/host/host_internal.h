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

/* The chip's answer as an error of ours; host->last_status and last_detail keep it. */
mico_err mscp_link_status(struct mscp_host *host, int16_t status, uint16_t detail);

/* Bytes from the transport into host->input; then responses out of it, until false: no whole one is left, or
 * *bytes_left, which counts down, is 0. The body of a response is copied to host->reply_body. */
mico_err mscp_link_read(struct mscp_host *host, uint32_t timeout_ms);
bool mscp_link_take(struct mscp_host *host, size_t *bytes_left, struct mscp_response *response);

/* ---- host_session.c: sessions and records ---- */

/* Send the handshake's first message; host->engine.handshake goes on with the answer. */
mico_err mscp_session_ask(struct mscp_host *host);
/* Take the session out of an answer that the handshake accepts; a stray leaves all as it was. */
bool mscp_session_accept(struct mscp_host *host, const struct mscp_response *response);
/* Send the piece of a call's stream from offset on as a record. */
mico_err mscp_session_send(struct mscp_host *host, const struct mscp_call *call, size_t offset, size_t len);
/* What a sealed answer says; *stray when it answers an earlier command. One that was altered closes the session. */
mico_err mscp_session_open_answer(struct mscp_host *host, const struct mscp_response *response, bool *stray);
void mscp_session_forget(struct mscp_host *host);

/* ---- host_resume.c: the same two steps of a session that is resumed ---- */
mico_err mscp_resume_ask(struct mscp_host *host);
bool mscp_resume_accept(struct mscp_host *host, const struct mscp_response *response);

#define MSCP_INFO_TAGS                                                                                    \
    (MSCP_TAG_BIT(MSCP_TAG_SERIAL) | MSCP_TAG_BIT(MSCP_TAG_FIRMWARE) | MSCP_TAG_BIT(MSCP_TAG_LIFECYCLE) | \
     MSCP_TAG_BIT(MSCP_TAG_PAIRED) | MSCP_TAG_BIT(MSCP_TAG_BOOT))

/* ---- host_engine.c: a call from its first frame to its end ---- */

/* Begin a call, which then waits for mscp_engine_input (bytes stand in host->input) and mscp_engine_failed (the line failed,
 * or engine.wait_ms passed without a byte); done, unless NULL, is called at its end. MICO_ERR_BUSY: another is under way. */
MICO_MUST_USE mico_err mscp_engine_start(struct mscp_host *host, const struct mscp_call *call,
                                         void (*done)(struct mscp_host *host, void *ctx, mico_err err), void *ctx);
void mscp_engine_input(struct mscp_host *host);
void mscp_engine_failed(struct mscp_host *host, mico_err err);

/* For host_pair.c: begin the call that stands in engine.call, end what is under way, wait for its end. */
void mscp_engine_call(struct mscp_host *host);
void mscp_engine_finish(struct mscp_host *host, mico_err err);
mico_err mscp_engine_run(struct mscp_host *host);

/* Carry it out in a session, opened if need be; host->reply has the answer's TLVs until the next call. */
mico_err mscp_call(struct mscp_host *host, const struct mscp_call *call);

/* ---- host_commands.c ---- */
struct mscp_take;
mico_err mscp_take_all(struct mscp_host *host, const struct mscp_take *take, size_t takes);

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
