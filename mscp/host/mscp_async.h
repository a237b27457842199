/* SPDX-License-Identifier: Apache-2.0 */
/* The driver without waiting: begin a command, poll from an event loop, be called when it is done. What happens on the line,
 * and what is sent again when, is the same as with the blocking calls of mscp_host.h: one engine is under both.
 *
 *     static struct mscp_async op;
 *     mscp_async_sign(&host, &op, MSCP_ID_IDENTITY, message, signature, on_signed, NULL);
 *     ...
 *     while (mscp_async_poll(&host, now_ms())) { other work, at most mscp_async_wait_ms(&host, now_ms()) of it }
 *
 * One command at a time: a second, and every blocking call meanwhile, is MICO_ERR_BUSY. Beginning and polling block only as
 * long as the transport takes to send a frame; they ask it to read with a time-out of 0. The op, the message and the
 * output are the caller's, and must stay until done was called. */
#ifndef MSCP_HOST_MSCP_ASYNC_H
#define MSCP_HOST_MSCP_ASYNC_H

#include "mscp/host/mscp_host_state.h"

/** err as the blocking call would return it; the output is written on MICO_OK only. The next command may be begun here. */
typedef void (*mscp_async_done)(void *ctx, mico_err err);

/* A command's storage; its fields are the driver's, but for mscp_async_begin. */
struct mscp_async {
    uint8_t head_bytes[MSCP_HEAD_MAX];
    struct mico_writer head;
    struct mscp_call call;
    enum mscp_tag tag; /* of the answer: out takes its value, which must have out_len bytes */
    uint8_t *out;
    size_t out_len;
    mscp_async_done done;
    void *ctx;
};

MICO_MUST_USE mico_err mscp_async_sign(struct mscp_host *host, struct mscp_async *op, uint32_t id,
                                       struct mico_span message, uint8_t out[64], mscp_async_done done, void *ctx);
/** peer: 32 bytes, or 65 for a P-256 key. */
MICO_MUST_USE mico_err mscp_async_agree(struct mscp_host *host, struct mscp_async *op, uint32_t id,
                                        struct mico_span peer, uint8_t out[32], mscp_async_done done, void *ctx);
MICO_MUST_USE mico_err mscp_async_mac(struct mscp_host *host, struct mscp_async *op, uint32_t id,
                                      struct mico_span message, uint8_t out[32], mscp_async_done done, void *ctx);
/** At most 1,024 bytes. */
MICO_MUST_USE mico_err mscp_async_random(struct mscp_host *host, struct mscp_async *op, uint8_t *out, size_t len,
                                         mscp_async_done done, void *ctx);

/** Any other command: begin, put TLVs into op->head, set op->call.repeatable, .streamed and .stream as the command is,
 * op->tag, out and out_len for what its answer gives, and submit. */
void mscp_async_begin(struct mscp_async *op, uint8_t command);
MICO_MUST_USE mico_err mscp_async_submit(struct mscp_host *host, struct mscp_async *op, mscp_async_done done,
                                         void *ctx);

/** Move on with what has arrived and with what has not: now_ms is any clock that only rises. True while a command is under
 * way. done is called from here. */
bool mscp_async_poll(struct mscp_host *host, uint64_t now_ms);
/** After how long to poll again at the latest when no byte arrives; 0 without a command under way. */
uint32_t mscp_async_wait_ms(const struct mscp_host *host, uint64_t now_ms);
/** Give up the command under way: done hears MICO_ERR_CLOSED, and the session ends, for the chip may still do it. */
void mscp_async_cancel(struct mscp_host *host);

#endif
