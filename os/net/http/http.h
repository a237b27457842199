/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 messages (RFC 9112): one strict parser for requests and responses that may be fed at any byte, and the heads
 * that a device writes. It owns no memory.
 *
 * Whatever two parsers could read differently is refused, so that nothing can be smuggled: a second or signed
 * Content-Length, one beside Transfer-Encoding, encodings other than chunked, folded and bare-CR or bare-LF lines, blanks
 * before a colon, control characters, a request of another version. */
#ifndef OS_NET_HTTP_HTTP_H
#define OS_NET_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum mico_http_method {
    MICO_HTTP_GET,
    MICO_HTTP_HEAD,
    MICO_HTTP_POST,
    MICO_HTTP_PUT,
    MICO_HTTP_DELETE,
    MICO_HTTP_OTHER,
};

/* What is expected and allowed. */
#define MICO_HTTP_RESPONSE 1u /* a response; without it a request */
#define MICO_HTTP_CHUNKED_ALLOWED 2u
#define MICO_HTTP_HOST_NEEDED 4u     /* of a request: exactly one Host, as RFC 9112 section 3.2 wants */
#define MICO_HTTP_NO_BODY 8u         /* of a response: it answers a HEAD */
#define MICO_HTTP_EVENTS_ALLOWED 16u /* HAP's "EVENT/1.0 200 OK" */

#define MICO_HTTP_LINE_MAX 128u /* of a chunk's size, of a trailer */

/* Takes a piece of a body; any error but MICO_OK ends the message with it. */
typedef mico_err (*mico_http_on_body)(void *ctx, const uint8_t *data, size_t len);

/* Set up by mico_http_init. The views are set, and text ends with NUL, once head_done is. */
struct mico_http {
    char *head;
    size_t head_cap, head_len;
    uint8_t *body; /* where the body is kept, unless on_body takes it */
    size_t body_cap;
    size_t body_len; /* what has come of it */
    mico_http_on_body on_body;
    void *ctx;
    unsigned flags;

    bool head_done, complete;
    enum mico_http_method method;
    const char *method_text;
    const char *path;  /* of a request, without the query */
    const char *query; /* after '?', or "" */
    int status;        /* of a response */
    const char *reason;
    bool event;
    bool keep_alive;  /* the connection may carry another message */
    bool length_seen; /* body_want is what Content-Length says */
    bool chunked;
    bool until_close; /* of a response: the body ends with the connection, mico_http_closed */
    uint64_t body_want;

    const char *fields; /* name NUL value NUL …, up to fields_end */
    const char *fields_end;
    unsigned hosts;
    /* While chunked: the framing line that is arriving, or the bytes left of a chunk. */
    char line[MICO_HTTP_LINE_MAX + 1];
    size_t line_len;
    uint64_t chunk_left;
    bool chunk_ends; /* the next line is the empty one behind a chunk's data */
    bool trailer;    /* behind the last chunk */
};

/** Make ready for the first message. head_cap bounds the start line and the fields (with a NUL); body_cap bounds a body that is
 * kept, and body may be NULL then with 0. Both must stay. */
void mico_http_init(struct mico_http *http, unsigned flags, char *head, size_t head_cap, uint8_t *body,
                    size_t body_cap);

/** Give the body to on_body as it comes instead of keeping it; max bounds it. */
void mico_http_stream(struct mico_http *http, mico_http_on_body on_body, void *ctx, size_t max);

/** Take bytes, at most to the end of one message; *used says how many. The head is done before the first byte of the body
 * is taken when stop_at_body is true. When complete is set, act on it and call mico_http_reset before feeding the rest.
 * Interim responses (1xx) are passed over.
 * MICO_ERR_FORMAT (malformed: 400), MICO_ERR_SIZE (above a bound: 413), MICO_ERR_UNSUPPORTED (Transfer-Encoding: 501), or
 * what on_body returned: after any of them answer with mico_http_refusal and close. */
MICO_MUST_USE mico_err mico_http_feed(struct mico_http *http, const uint8_t *data, size_t len, size_t *used);
MICO_MUST_USE mico_err mico_http_feed_head(struct mico_http *http, const uint8_t *data, size_t len, size_t *used);

/** The connection is at its end: MICO_OK when the message is whole with that, MICO_ERR_CLOSED when something is missing. */
MICO_MUST_USE mico_err mico_http_closed(struct mico_http *http);

/** Forget the message, wiping it: make ready for the next one of the same kind. */
void mico_http_reset(struct mico_http *http);

/** The value of the first header field called name, in any case, or NULL. */
const char *mico_http_field(const struct mico_http *http, const char *name);

/** The status code for an error of mico_http_feed. */
int mico_http_refusal(mico_err err);

/** The value of name in a query such as "id=1.9&ev=1"; an empty span with data NULL when it is absent. */
struct mico_span mico_http_query(const char *query, const char *name);

/** The words for a status code. */
const char *mico_http_reason(int status);

/** Write the status line and header of a response; body_len is 0 for none. */
void mico_http_put_head(struct mico_writer *w, int status, const char *content_type, size_t body_len);
/** The same for HAP's event: "EVENT/1.0 200 OK". */
void mico_http_put_event_head(struct mico_writer *w, size_t body_len);

/** True when text may stand in a start line or field: no control characters, nothing outside ASCII. */
bool mico_http_is_text(const char *text);

#endif
