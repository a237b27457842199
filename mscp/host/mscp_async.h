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

/* A value that a command is given, by its tag (docs/MSCP.md, "TLVs"): a number, or bytes. */
struct mscp_give {
    enum mscp_tag tag;
    uint64_t number; /* where bytes is NULL and the tag's value has 1, 2, 4 or 8 bytes */
    const void *bytes;
    size_t len;
};
#define MSCP_GIVE_NUMBER(tag, number)   \
    {                                   \
        MSCP_TAG_##tag, number, NULL, 0 \
    }
#define MSCP_GIVE_BYTES(tag, bytes, len) \
    {                                    \
        MSCP_TAG_##tag, 0, bytes, len    \
    }

/* A value that its answer must have, and where it goes: to *number, or to bytes, at most cap, with its length in *len. */
struct mscp_take {
    enum mscp_tag tag;
    uint64_t *number;
    uint8_t *bytes;
    size_t cap;
    size_t *len; /* NULL: exactly cap bytes */
};
#define MSCP_TAKE_NUMBER(tag, number)         \
    {                                         \
        MSCP_TAG_##tag, number, NULL, 0, NULL \
    }
#define MSCP_TAKE_BYTES(tag, bytes, cap, len) \
    {                                         \
        MSCP_TAG_##tag, NULL, bytes, cap, len \
    }

/* A command's storage; its fields are the driver's, but for mscp_async_begin. */
struct mscp_async {
    uint8_t head_bytes[MSCP_BODY_MAX];
    struct mico_writer head;
    struct mscp_call call;
    enum mscp_tag tag; /* of the answer: out takes its value, which must have out_len bytes */
    uint8_t *out;
    size_t out_len;
    const struct mscp_take *take; /* of mscp_async_do */
    size_t takes;
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

/** Any command of a session, with what it is given and what its answer gives; both arrays stay the caller's, and `take` and what it
 * points to until done was called. Of a command in pieces (Sign, WriteData and the like) BYTES is the whole message, up to
 * MSCP_MESSAGE_MAX. It is sent again when its answer is lost if that does no more than once, as with the blocking call.
 *
 *     const struct mscp_give give[] = {MSCP_GIVE_NUMBER(ID, 0x10)};
 *     static const struct mscp_take take[] = {MSCP_TAKE_BYTES(BYTES, eight, 8, NULL)};
 *     mscp_async_do(&host, &op, MSCP_READ_DATA, give, 1, take, 1, on_read, NULL);
 *
 * done hears MICO_ERR_FORMAT when the answer lacks a value or it does not fit; outputs are then in part written.
 * MICO_ERR_PARAM: no command of a session. */
MICO_MUST_USE mico_err mscp_async_do(struct mscp_host *host, struct mscp_async *op, uint8_t command,
                                     const struct mscp_give *give, size_t gives, const struct mscp_take *take,
                                     size_t takes, mscp_async_done done, void *ctx);

/** As mscp_host_pair and mscp_host_repair_stage. The binding is written on MICO_OK only, and a driver that was not bound is not bound
 * after an error; one that staged then keeps its binding. MICO_ERR_STATE: already bound. The steps behind staging are
 * mscp_async_do with MSCP_AUTHENTICATE and MSCP_REPAIR. */
MICO_MUST_USE mico_err mscp_async_pair(struct mscp_host *host, struct mscp_async *op, struct mscp_binding *binding,
                                       mscp_async_done done, void *ctx);
MICO_MUST_USE mico_err mscp_async_repair_stage(struct mscp_host *host, struct mscp_async *op, struct mscp_binding *made,
                                               mscp_async_done done, void *ctx);

/** By hand: begin, put TLVs into op->head, set op->call.repeatable, .streamed and .stream as the command is,
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
