/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 exchanges; see exchange.h. */
#include "os/net/http/exchange.h"

#include <string.h>

#include "os/net/http/internal.h"
#include "os/port/clock.h"

#define PIECE 256u
#define HEAD_MAX 1024u

static uint32_t ms_left(uint64_t until_ms)
{
    uint64_t now = mico_clock_ms();
    return now >= until_ms ? 0 : (uint32_t)(until_ms - now);
}

/* The size of a chunk and CRLF; out has room for it. */
static size_t chunk_head(char out[12], size_t len)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;
    for (int shift = 28; shift >= 0; shift -= 4) {
        if (n > 0 || (len >> shift & 15) != 0 || shift == 0) {
            out[n++] = digits[len >> shift & 15];
        }
    }
    out[n++] = '\r';
    out[n++] = '\n';
    return n;
}

static mico_err send_chunk(const struct mico_http_io *io, const void *data, size_t len)
{
    char head[12];
    mico_err err = io->send(io->ctx, head, chunk_head(head, len));
    if (err == MICO_OK && len > 0) {
        err = io->send(io->ctx, data, len);
    }
    return err == MICO_OK ? io->send(io->ctx, "\r\n", 2) : err;
}

/* ---- client ---- */

static bool is_sound(const struct mico_http_ask *ask)
{
    if (strchr(ask->method, ' ') != NULL || strchr(ask->target, ' ') != NULL || ask->target[0] != '/' ||
        !mico_http_is_text(ask->method) || !mico_http_is_text(ask->target) || !mico_http_is_text(ask->host) ||
        (ask->content_type != NULL && !mico_http_is_text(ask->content_type))) {
        return false;
    }
    for (const char *at = ask->fields; at != NULL && *at != '\0';) { /* each line has its CRLF, and no other */
        size_t len = strcspn(at, "\r\n");
        if (len == 0 || at[len] != '\r' || at[len + 1] != '\n') {
            return false;
        }
        at += len + 2;
    }
    return true;
}

static void put_field(struct mico_writer *w, const char *name, const char *value)
{
    http_put(w, name);
    http_put(w, ": ");
    http_put(w, value);
    http_put(w, "\r\n");
}

static mico_err send_head(const struct mico_http_io *io, const struct mico_http_ask *ask)
{
    uint8_t head[HEAD_MAX];
    struct mico_writer w = mico_writer_of(head, sizeof head);
    http_put(&w, ask->method);
    http_put(&w, " ");
    http_put(&w, ask->target);
    http_put(&w, " HTTP/1.1\r\n");
    put_field(&w, "Host", ask->host);
    http_put(&w, ask->fields != NULL ? ask->fields : "");
    if (ask->content_type != NULL) {
        put_field(&w, "Content-Type", ask->content_type);
    }
    if (ask->source != NULL) {
        put_field(&w, "Transfer-Encoding", "chunked");
    } else if (ask->body.len > 0 || (strcmp(ask->method, "GET") != 0 && strcmp(ask->method, "HEAD") != 0)) {
        http_put(&w, "Content-Length: ");
        http_put_number(&w, ask->body.len);
        http_put(&w, "\r\n");
    }
    http_put(&w, ask->last ? "Connection: close\r\n\r\n" : "\r\n");
    return w.failed ? MICO_ERR_SIZE : io->send(io->ctx, head, w.len);
}

static mico_err send_body(const struct mico_http_io *io, const struct mico_http_ask *ask)
{
    uint8_t piece[PIECE];
    size_t len = 0;
    if (ask->source == NULL) {
        return ask->body.len > 0 ? io->send(io->ctx, ask->body.data, ask->body.len) : MICO_OK;
    }
    do {
        mico_err err = ask->source(ask->source_ctx, piece, sizeof piece, &len);
        if (err == MICO_OK) {
            err = send_chunk(io, piece, len); /* the empty one is the end */
        }
        if (err != MICO_OK) {
            return err;
        }
    } while (len > 0);
    return MICO_OK;
}

static mico_err receive(const struct mico_http_io *io, struct mico_http *response, uint32_t timeout_ms)
{
    uint64_t until_ms = mico_clock_ms() + timeout_ms;
    uint8_t piece[PIECE];
    while (!response->complete) {
        size_t len = 0, used = 0;
        mico_err err = io->recv(io->ctx, piece, sizeof piece, &len, ms_left(until_ms));
        if (err == MICO_ERR_CLOSED) {
            return mico_http_closed(response);
        }
        if (err == MICO_OK) {
            err = mico_http_feed(response, piece, len, &used);
        }
        if (err != MICO_OK) {
            return err;
        }
        response->keep_alive = response->keep_alive && used == len; /* nothing was asked for behind it */
    }
    return MICO_OK;
}

mico_err mico_http_exchange(const struct mico_http_io *io, const struct mico_http_ask *ask, struct mico_http *response,
                            uint32_t timeout_ms)
{
    if (!is_sound(ask)) {
        return MICO_ERR_PARAM;
    }
    mico_http_reset(response);
    response->flags =
        strcmp(ask->method, "HEAD") == 0 ? response->flags | MICO_HTTP_NO_BODY : response->flags & ~MICO_HTTP_NO_BODY;
    mico_err err = send_head(io, ask);
    if (err == MICO_OK) {
        err = send_body(io, ask);
    }
    if (err == MICO_OK) {
        err = receive(io, response, timeout_ms);
    }
    response->keep_alive = response->keep_alive && err == MICO_OK && !ask->last;
    return err;
}

/* ---- server ---- */

static void send_out(struct mico_http_answer *answer, const void *data, size_t len)
{
    if (answer->err == MICO_OK && len > 0) {
        answer->err = answer->io->send(answer->io->ctx, data, len);
    }
}

static void begin(struct mico_http_answer *answer, int status, const char *content_type, bool chunked, size_t len)
{
    uint8_t head[HEAD_MAX];
    struct mico_writer w = mico_writer_of(head, sizeof head);
    http_put(&w, "HTTP/1.1 ");
    http_put_number(&w, (uint64_t)status);
    http_put(&w, " ");
    http_put(&w, mico_http_reason(status));
    http_put(&w, "\r\n");
    if (content_type != NULL) {
        put_field(&w, "Content-Type", content_type);
    }
    if (chunked) {
        put_field(&w, "Transfer-Encoding", "chunked");
    } else if (status != 204) { /* RFC 9110 section 8.6 */
        http_put(&w, "Content-Length: ");
        http_put_number(&w, len);
        http_put(&w, "\r\n");
    }
    http_put(&w, answer->keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
    answer->begun = true;
    answer->chunked = chunked;
    answer->err = w.failed ? MICO_ERR_SIZE : answer->err;
    send_out(answer, head, w.len);
}

void mico_http_answer(struct mico_http_answer *answer, int status, const char *content_type, const void *body,
                      size_t len)
{
    if (answer->begun) {
        return;
    }
    begin(answer, status, content_type, false, len);
    send_out(answer, body, answer->head_only || status == 204 ? 0 : len);
    answer->done = true;
}

void mico_http_answer_begin(struct mico_http_answer *answer, int status, const char *content_type)
{
    if (!answer->begun) {
        begin(answer, status, content_type, true, 0);
    }
}

void mico_http_answer_piece(struct mico_http_answer *answer, const void *data, size_t len)
{
    if (answer->chunked && !answer->done && !answer->head_only && len > 0 && answer->err == MICO_OK) {
        answer->err = send_chunk(answer->io, data, len);
    }
}

void mico_http_answer_end(struct mico_http_answer *answer)
{
    if (answer->chunked && !answer->done) {
        if (!answer->head_only && answer->err == MICO_OK) {
            answer->err = send_chunk(answer->io, NULL, 0);
        }
        answer->done = true;
    }
}

/* A peer that asks first whether the body is wanted is told to go on: RFC 9110 section 10.1.1. */
static mico_err encourage(const struct mico_http_io *io, const struct mico_http *request)
{
    const char *expect = mico_http_field(request, "Expect");
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    return expect != NULL && strcmp(expect, "100-continue") == 0 ? io->send(io->ctx, go_on, sizeof go_on - 1) : MICO_OK;
}

/* What came and is not used yet. */
struct rest {
    uint8_t bytes[PIECE];
    size_t at, len;
};

/* The next message; *quiet when the connection ended before its first byte. */
static mico_err next_request(const struct mico_http_io *io, struct mico_http *request, struct rest *rest,
                             uint32_t timeout_ms, bool *quiet)
{
    uint64_t until_ms = mico_clock_ms() + timeout_ms;
    while (!request->complete) {
        size_t used = 0;
        mico_err err = MICO_OK;
        if (rest->at == rest->len) {
            rest->at = rest->len = 0;
            err = io->recv(io->ctx, rest->bytes, sizeof rest->bytes, &rest->len, ms_left(until_ms));
            *quiet = request->head_len == 0;
        }
        bool had_head = request->head_done;
        if (err == MICO_OK && !had_head) {
            err = mico_http_feed_head(request, rest->bytes + rest->at, rest->len - rest->at, &used);
            rest->at += used;
        }
        if (err == MICO_OK && !had_head && request->head_done) {
            err = encourage(io, request);
        }
        if (err == MICO_OK && request->head_done) {
            err = mico_http_feed(request, rest->bytes + rest->at, rest->len - rest->at, &used);
            rest->at += used;
        }
        if (err != MICO_OK) {
            return err;
        }
    }
    return MICO_OK;
}

static bool is_refused(mico_err err)
{
    return err == MICO_ERR_FORMAT || err == MICO_ERR_SIZE || err == MICO_ERR_UNSUPPORTED;
}

mico_err mico_http_serve(const struct mico_http_io *io, struct mico_http *request, mico_http_handler handler, void *ctx,
                         uint32_t timeout_ms)
{
    struct rest rest = {.len = 0};
    for (unsigned served = 1;; served++) {
        bool quiet = false;
        mico_http_reset(request);
        mico_err err = next_request(io, request, &rest, timeout_ms, &quiet);
        struct mico_http_answer answer = {.io = io, .keep_alive = false};
        if (err != MICO_OK) {
            if (is_refused(err)) {
                mico_http_answer(&answer, mico_http_refusal(err), NULL, NULL, 0);
            }
            return quiet && (err == MICO_ERR_CLOSED || err == MICO_ERR_TIMEOUT) ? MICO_OK : err;
        }
        answer.keep_alive = request->keep_alive && served < MICO_HTTP_REQUESTS_MAX;
        answer.head_only = request->method == MICO_HTTP_HEAD;
        handler(ctx, request, &answer);
        mico_http_answer(&answer, 500, NULL, NULL, 0); /* unless it has */
        if (answer.err != MICO_OK || !answer.done || !answer.keep_alive) {
            return answer.err != MICO_OK ? answer.err : answer.done ? MICO_OK : MICO_ERR_STATE;
        }
    }
}
