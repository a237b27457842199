/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 in both roles over any byte stream (TCP, TLS): ask a server, or serve one connection. Blocking, in the caller's
 * thread and memory. */
#ifndef OS_NET_HTTP_EXCHANGE_H
#define OS_NET_HTTP_EXCHANGE_H

#include "os/net/http/http.h"

#define MICO_HTTP_REQUESTS_MAX 100u /* on one connection; then it is closed, so that others get their turn */

/* The stream beneath. send sends all or fails. recv gives 1 to cap bytes; MICO_ERR_TIMEOUT when none came in timeout_ms,
 * MICO_ERR_CLOSED at the end. */
struct mico_http_io {
    mico_err (*send)(void *ctx, const void *data, size_t len);
    mico_err (*recv)(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms);
    void *ctx;
};

/* ---- client ---- */

/* Gives the next piece of a body: at most cap bytes into out; *len 0 is its end. Any error ends the exchange with it. */
typedef mico_err (*mico_http_source)(void *ctx, uint8_t *out, size_t cap, size_t *len);

struct mico_http_ask {
    const char *method;       /* such as "GET" */
    const char *host;         /* with a port, "10.0.2.2:8080", when that is not 80 */
    const char *target;       /* "/path?query" */
    const char *fields;       /* further fields, each with its CRLF; NULL: none */
    const char *content_type; /* of the body; NULL: none */
    struct mico_span body;
    mico_http_source source; /* instead of body: sent in chunks as it comes, in 256 bytes of memory */
    void *source_ctx;
    bool last; /* the server shall close the connection */
};

/** Send ask and receive its answer into response, made by mico_http_init with MICO_HTTP_RESPONSE; timeout_ms bounds the
 * whole answer. The connection may carry another exchange when response->keep_alive is set.
 * MICO_ERR_PARAM (control characters in ask), MICO_ERR_TIMEOUT, MICO_ERR_CLOSED (before the answer was whole),
 * MICO_ERR_FORMAT, MICO_ERR_SIZE, MICO_ERR_UNSUPPORTED as mico_http_feed, MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_http_exchange(const struct mico_http_io *io, const struct mico_http_ask *ask,
                                          struct mico_http *response, uint32_t timeout_ms);

/* ---- server ---- */

/* An answer on its way. */
struct mico_http_answer {
    const struct mico_http_io *io;
    bool head_only; /* to HEAD */
    bool keep_alive;
    bool begun, chunked, done;
    mico_err err; /* the first that sending met */
};

/** Answer whole. Does nothing when the answer has begun. */
void mico_http_answer(struct mico_http_answer *answer, int status, const char *content_type, const void *body,
                      size_t len);

/** Answer in pieces whose number is not known: begin, any number of pieces, end. An answer that was begun and not ended
 * closes the connection. */
void mico_http_answer_begin(struct mico_http_answer *answer, int status, const char *content_type);
void mico_http_answer_piece(struct mico_http_answer *answer, const void *data, size_t len);
void mico_http_answer_end(struct mico_http_answer *answer);

/* Must answer; a 500 goes out when it did not. request is whole. */
typedef void (*mico_http_handler)(void *ctx, const struct mico_http *request, struct mico_http_answer *answer);

/** Serve one connection until it ends: MICO_OK when the peer or Connection: close ended it in order, else the error, which
 * was answered where that was possible. request was made by mico_http_init; each message must be whole within
 * timeout_ms. */
MICO_MUST_USE mico_err mico_http_serve(const struct mico_http_io *io, struct mico_http *request,
                                       mico_http_handler handler, void *ctx, uint32_t timeout_ms);

#endif
