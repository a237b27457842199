/* SPDX-License-Identifier: Apache-2.0 */
/* A call from its first frame to its end, whoever waits for it: mscp_call here, or a caller that polls (host_async.c).
 *
 *   state    | an answer that fits          | none in time, or the line fails      | the chip refuses
 *   ---------+------------------------------+--------------------------------------+--------------------------------
 *   PAIRING  | its next message, CALLING or | the end                             | the end
 *            | the end: host_pair.c           |                                     |
 *   OPENING  | CALLING, the first piece     | OPENING once more, then the end      | PAUSED for RATE_LIMITED, else the end
 *   PAUSED   | passed over                  | OPENING                              | passed over
 *   CALLING  | the next piece, or the end   | the session is lost: see below       | the session is lost
 *
 * When a session is lost in the middle of a call, the call begins again in another one, once, if the chip said that it did
 * not take it or if doing it twice does no more than once; else the caller hears it, and looks. */
#include <string.h>

#include "mscp/host/host_internal.h"
#include "mscp/protocol/record.h"

#define ATTEMPTS 2
#define OPEN_TRIES 4           /* each after the wait that the chip asks for */
#define PIECE_TLVS (5 + 5 + 3) /* TOTAL, OFFSET, and the head of BYTES */

static void opened(struct mscp_host *host, mico_err err);

void mscp_engine_finish(struct mscp_host *host, mico_err err)
{
    struct mscp_engine *e = &host->engine;
    if (err == MICO_OK && (host->reply.present & e->call.answer) != e->call.answer) {
        err = MICO_ERR_FORMAT;
    }
    if (e->pairing.ended != NULL) {
        err = e->pairing.ended(host, err);
    }
    mscp_noise_wipe(&e->handshake);
    e->state = MSCP_ENGINE_IDLE;
    e->result = err;
    if (e->done != NULL) {
        e->done(host, e->ctx, err); /* may start the next call */
    }
}

static void try_again(struct mscp_host *host, mico_err err)
{
    if (++host->engine.attempt < ATTEMPTS) {
        mscp_engine_call(host);
    } else {
        mscp_engine_finish(host, err);
    }
}

/* ---- in a session ---- */

static void lost(struct mscp_host *host, mico_err err)
{
    mscp_session_forget(host);
    if (host->engine.call.repeatable || host->refused_on_link) {
        try_again(host, err);
    } else {
        mscp_engine_finish(host, err); /* it may have been carried out: the caller must look */
    }
}

static void send_piece(struct mscp_host *host)
{
    struct mscp_engine *e = &host->engine;
    size_t room = MSCP_BODY_MAX - MSCP_RECORD_OVERHEAD - PIECE_TLVS - e->call.head.len;
    size_t len = e->call.stream.len - e->offset;
    room = room > MSCP_CHUNK_MAX ? MSCP_CHUNK_MAX : room;
    len = len > room ? room : len;
    e->state = MSCP_ENGINE_CALLING;
    e->wait_ms = host->timeout_ms;
    e->bytes_left = MSCP_LINK_BYTES;
    mico_err err = mscp_session_send(host, &e->call, e->offset, len);
    e->offset += len;
    if (err != MICO_OK) {
        lost(host, err);
    }
}

static void answered(struct mscp_host *host, const struct mscp_response *response)
{
    struct mscp_engine *e = &host->engine;
    bool stray;
    if (response->status != MSCP_OK) {
        host->refused_on_link = true;
        lost(host, mscp_link_status(host, response->status, response->detail));
        return;
    }
    mico_err err = mscp_session_open_answer(host, response, &stray);
    if (stray) {
        return;
    }
    if (!host->session.open) {
        lost(host, err);
    } else if (err == MICO_OK && e->offset < e->call.stream.len) {
        send_piece(host);
    } else {
        mscp_engine_finish(host, err);
    }
}

/* ---- opening one ---- */

static void ask_for_session(struct mscp_host *host)
{
    struct mscp_engine *e = &host->engine;
    e->state = MSCP_ENGINE_OPENING;
    e->wait_ms = host->timeout_ms;
    e->bytes_left = MSCP_LINK_BYTES;
    mico_err err = mscp_session_ask(host);
    if (err != MICO_OK) {
        opened(host, err);
    }
}

/* It is open, or why it is not. */
static void opened(struct mscp_host *host, mico_err err)
{
    struct mscp_engine *e = &host->engine;
    mscp_noise_wipe(&e->handshake);
    if (err == MICO_OK) {
        send_piece(host);
    } else if (err == MICO_ERR_BUSY && ++e->open_tries < OPEN_TRIES) {
        e->state = MSCP_ENGINE_PAUSED;
        e->wait_ms = host->last_detail;
    } else if (err == MICO_ERR_TIMEOUT || err == MICO_ERR_CLOSED) {
        try_again(host, err);
    } else {
        mscp_engine_finish(host, err);
    }
}

/* Answers that do not belong to this handshake are strays of earlier commands or of an attacker: wait on. */
static void session_answered(struct mscp_host *host, const struct mscp_response *response)
{
    if (response->status != MSCP_OK && host->resuming) {
        host->boot_counter = 0; /* the chip has started again: a handshake, then */
        ask_for_session(host);
    } else if (response->status != MSCP_OK) {
        opened(host, mscp_link_status(host, response->status, response->detail));
    } else if (mscp_session_accept(host, response)) {
        opened(host, mscp_link_status(host, MSCP_OK, 0));
    }
}

void mscp_engine_call(struct mscp_host *host)
{
    host->refused_on_link = false;
    host->engine.offset = 0;
    host->engine.open_tries = 0;
    if (host->session.open) {
        send_piece(host);
    } else {
        ask_for_session(host);
    }
}

/* ---- events ---- */

mico_err mscp_engine_start(struct mscp_host *host, const struct mscp_call *call,
                           void (*done)(struct mscp_host *host, void *ctx, mico_err err), void *ctx)
{
    struct mscp_engine *e = &host->engine;
    if (e->state != MSCP_ENGINE_IDLE) {
        return MICO_ERR_BUSY;
    }
    if (!host->bound) {
        return MICO_ERR_STATE;
    }
    if (call->stream.len > MSCP_MESSAGE_MAX || (call->streamed && call->head.len > MSCP_HEAD_MAX)) {
        return MICO_ERR_SIZE;
    }
    *e = (struct mscp_engine){.call = *call, .done = done, .ctx = ctx};
    mscp_engine_call(host);
    return MICO_OK;
}

void mscp_engine_failed(struct mscp_host *host, mico_err err)
{
    switch (host->engine.state) {
    case MSCP_ENGINE_PAIRING:
        mscp_engine_finish(host, err);
        break;
    case MSCP_ENGINE_OPENING:
        opened(host, err);
        break;
    case MSCP_ENGINE_PAUSED:
        ask_for_session(host);
        break;
    case MSCP_ENGINE_CALLING:
        lost(host, err);
        break;
    default:
        break;
    }
}

void mscp_engine_input(struct mscp_host *host)
{
    struct mscp_engine *e = &host->engine;
    struct mscp_response response;
    /* Each turn takes at least one byte of the input, which a frame that is sent throws away. */
    while (e->state != MSCP_ENGINE_IDLE && mscp_link_take(host, &e->bytes_left, &response)) {
        if (e->state == MSCP_ENGINE_PAIRING) {
            e->pairing.answered(host, &response);
        } else if (e->state == MSCP_ENGINE_OPENING) {
            session_answered(host, &response);
        } else if (e->state == MSCP_ENGINE_CALLING) {
            answered(host, &response);
        }
    }
    if (e->state != MSCP_ENGINE_IDLE && e->state != MSCP_ENGINE_PAUSED && e->bytes_left == 0) {
        mscp_engine_failed(host, MICO_ERR_TIMEOUT);
    }
}

mico_err mscp_call(struct mscp_host *host, const struct mscp_call *call)
{
    mico_err err = mscp_engine_start(host, call, NULL, NULL);
    return err == MICO_OK ? mscp_engine_run(host) : err;
}

mico_err mscp_engine_run(struct mscp_host *host)
{
    while (host->engine.state != MSCP_ENGINE_IDLE) {
        mico_err err = mscp_link_read(host, host->engine.wait_ms);
        if (err != MICO_OK || host->engine.state == MSCP_ENGINE_PAUSED) {
            mscp_engine_failed(host, err); /* a stray shortens a pause: the chip then names the rest of it */
        } else {
            mscp_engine_input(host);
        }
    }
    return host->engine.result;
}
