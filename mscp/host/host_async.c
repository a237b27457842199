/* SPDX-License-Identifier: Apache-2.0 */
/* The driver without waiting; see mscp_async.h. */
#include "mscp/host/mscp_async.h"

#include <string.h>

#include "mscp/host/host_internal.h"

#define READS_PER_POLL 16 /* of 256 bytes: three whole frames */

static void take_result(struct mscp_host *host, void *ctx, mico_err err)
{
    struct mscp_async *op = ctx;
    if (err == MICO_OK && op->out != NULL) {
        if (host->reply.value[op->tag].len == op->out_len) {
            mscp_take_answer(host, op->tag, op->out, op->out_len);
        } else {
            err = MICO_ERR_FORMAT;
        }
    }
    if (op->takes > 0) {
        err = err == MICO_OK ? mscp_take_all(host, op->take, op->takes) : err;
        mico_wipe(host->reply_body, sizeof host->reply_body);
    }
    mico_wipe(op->head_bytes, sizeof op->head_bytes);
    op->done(op->ctx, err);
}

void mscp_async_begin(struct mscp_async *op, uint8_t command)
{
    *op = (struct mscp_async){.call = {.command = command}};
    op->head = mico_writer_of(op->head_bytes, sizeof op->head_bytes);
}

mico_err mscp_async_submit(struct mscp_host *host, struct mscp_async *op, mscp_async_done done, void *ctx)
{
    if (op->head.failed) {
        return MICO_ERR_SIZE;
    }
    op->call.head = (struct mico_span){op->head_bytes, op->head.len};
    op->call.answer |= op->out != NULL ? MSCP_TAG_BIT(op->tag) : 0;
    op->done = done;
    op->ctx = ctx;
    return mscp_engine_start(host, &op->call, take_result, op);
}

/* A key's use, which may be sent again: id, then what else put adds. */
static void begin_use(struct mscp_async *op, uint8_t command, uint32_t id, enum mscp_tag tag, uint8_t *out, size_t len)
{
    mscp_async_begin(op, command);
    mscp_put_u32(&op->head, MSCP_TAG_ID, id);
    op->call.repeatable = true;
    op->tag = tag;
    op->out = out;
    op->out_len = len;
}

mico_err mscp_async_sign(struct mscp_host *host, struct mscp_async *op, uint32_t id, struct mico_span message,
                         uint8_t out[64], mscp_async_done done, void *ctx)
{
    begin_use(op, MSCP_SIGN, id, MSCP_TAG_SIGNATURE, out, 64);
    op->call.streamed = true;
    op->call.stream = message;
    return mscp_async_submit(host, op, done, ctx);
}

mico_err mscp_async_agree(struct mscp_host *host, struct mscp_async *op, uint32_t id, struct mico_span peer,
                          uint8_t out[32], mscp_async_done done, void *ctx)
{
    begin_use(op, MSCP_KEY_AGREEMENT, id, MSCP_TAG_SECRET, out, 32);
    mscp_put_bytes(&op->head, MSCP_TAG_PUBLIC_KEY, peer.data, peer.len);
    return mscp_async_submit(host, op, done, ctx);
}

mico_err mscp_async_mac(struct mscp_host *host, struct mscp_async *op, uint32_t id, struct mico_span message,
                        uint8_t out[32], mscp_async_done done, void *ctx)
{
    begin_use(op, MSCP_COMPUTE_MAC, id, MSCP_TAG_MAC, out, 32);
    op->call.streamed = true;
    op->call.stream = message;
    return mscp_async_submit(host, op, done, ctx);
}

mico_err mscp_async_random(struct mscp_host *host, struct mscp_async *op, uint8_t *out, size_t len,
                           mscp_async_done done, void *ctx)
{
    if (len == 0 || len > MSCP_CHUNK_MAX) {
        return MICO_ERR_SIZE;
    }
    mscp_async_begin(op, MSCP_GET_RANDOM);
    mscp_put_u16(&op->head, MSCP_TAG_COUNT, (uint16_t)len);
    op->call.repeatable = true;
    op->tag = MSCP_TAG_BYTES;
    op->out = out;
    op->out_len = len;
    return mscp_async_submit(host, op, done, ctx);
}

/* ---- moving on ---- */

/* Without a byte for so long, the state is over. Sending, and each byte, begins a new wait. */
static bool over(struct mscp_engine *e, uint64_t now_ms)
{
    if (!e->timed) {
        e->timed = true;
        e->since_ms = now_ms;
    }
    return now_ms - e->since_ms >= e->wait_ms;
}

bool mscp_async_poll(struct mscp_host *host, uint64_t now_ms)
{
    struct mscp_engine *e = &host->engine;
    for (unsigned i = 0; i < READS_PER_POLL && e->state != MSCP_ENGINE_IDLE; i++) {
        mico_err err = mscp_link_read(host, 0);
        if (err == MICO_OK) {
            e->timed = e->timed && e->state == MSCP_ENGINE_PAUSED; /* strays do not make a pause longer */
            mscp_engine_input(host);
        } else if (err != MICO_ERR_TIMEOUT || over(e, now_ms)) {
            e->timed = false;
            mscp_engine_failed(host, err);
        } else {
            break;
        }
    }
    return e->state != MSCP_ENGINE_IDLE;
}

uint32_t mscp_async_wait_ms(const struct mscp_host *host, uint64_t now_ms)
{
    const struct mscp_engine *e = &host->engine;
    if (e->state == MSCP_ENGINE_IDLE) {
        return 0;
    }
    uint64_t gone = e->timed ? now_ms - e->since_ms : 0;
    return gone < e->wait_ms ? (uint32_t)(e->wait_ms - gone) : 0;
}

void mscp_async_cancel(struct mscp_host *host)
{
    if (host->engine.state == MSCP_ENGINE_IDLE) {
        return;
    }
    mscp_session_forget(host);
    mscp_engine_finish(host, MICO_ERR_CLOSED);
}
