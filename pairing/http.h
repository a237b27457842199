/* SPDX-License-Identifier: Apache-2.0 */
/* The accessory's side of HTTP/1.1: a strict request parser that may be fed at any byte, and the head of a response.
 *
 * Only what a HomeKit controller sends is understood; whatever two parsers could read differently (duplicate or signed
 * Content-Length, Transfer-Encoding, folded or bare-CR lines) is refused, so that nothing can be smuggled. RFC 9112. */
#ifndef PAIRING_HTTP_H
#define PAIRING_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

#define MICO_HTTP_HEAD_MAX 2048 /* request line and header fields */
#define MICO_HTTP_BODY_MAX 4096

enum mico_http_method { MICO_HTTP_GET, MICO_HTTP_POST, MICO_HTTP_PUT, MICO_HTTP_OTHER };

/* The caller's storage; zeroed before the first byte. After `complete` the four views below are set. */
struct mico_http_request {
    char head[MICO_HTTP_HEAD_MAX + 1];
    size_t head_len;
    uint8_t body[MICO_HTTP_BODY_MAX];
    size_t body_len;
    size_t body_want;
    bool head_done;
    bool length_seen;
    bool complete;
    enum mico_http_method method;
    const char *path;  /* into head, NUL-terminated, without the query */
    const char *query; /* after '?', or "" */
};

/** Take bytes, at most to the end of one request; *used says how many. When request->complete is set, act on it and call
 * mico_http_reset before feeding the rest.
 * Returns MICO_ERR_FORMAT (malformed: 400), MICO_ERR_SIZE (head or body above its bound: 413), MICO_ERR_UNSUPPORTED
 * (Transfer-Encoding: 501); after any of them answer with mico_http_refusal and close. */
MICO_MUST_USE mico_err mico_http_feed(struct mico_http_request *request, const uint8_t *data, size_t len, size_t *used);

/** Forget the request, wiping its body: make ready for the next one. */
void mico_http_reset(struct mico_http_request *request);

/** The status code for an error of mico_http_feed. */
int mico_http_refusal(mico_err err);

/** The value of name in a query such as "id=1.9&ev=1"; an empty span with data NULL when it is absent. */
struct mico_span mico_http_query(const char *query, const char *name);

/** Write the status line and header of a response; body_len is 0 for none. */
void mico_http_put_head(struct mico_writer *w, int status, const char *content_type, size_t body_len);
/** The same for an event: "EVENT/1.0 200 OK". */
void mico_http_put_event_head(struct mico_writer *w, size_t body_len);

#endif
