/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's side of HTTP/1.1: responses and events, parsed as they arrive, bounded. RFC 9112. */
#ifndef PAIRING_CONTROLLER_REPLY_H
#define PAIRING_CONTROLLER_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MICO_REPLY_HEAD_MAX 2048
#define MICO_REPLY_BODY_MAX 16384
#define MICO_REPLY_LINE_MAX 128 /* a chunk's size, a trailer */

/* The caller's storage; zeroed before the first byte. */
struct mico_reply {
    char head[MICO_REPLY_HEAD_MAX + 1];
    size_t head_len;
    uint8_t body[MICO_REPLY_BODY_MAX + 1]; /* a NUL follows, so that JSON can be read as text */
    size_t body_len;
    size_t body_want;
    int status;
    bool head_done;
    bool length_seen;
    bool chunked;
    bool complete;
    bool event; /* EVENT/1.0 instead of HTTP/1.1 */
    /* While chunked: the framing line that is arriving, or the bytes left of a chunk. */
    char line[MICO_REPLY_LINE_MAX + 1];
    size_t line_len;
    size_t chunk_left;
    bool chunk_ends; /* the next line is the empty one behind a chunk's data */
    bool trailer;    /* behind the last chunk */
};

/** Take bytes, at most to the end of one message; *used says how many. MICO_ERR_FORMAT, MICO_ERR_SIZE (above a bound),
 * MICO_ERR_UNSUPPORTED (a Transfer-Encoding other than chunked, which MiCO's accessories never use and others do). */
MICO_MUST_USE mico_err mico_reply_feed(struct mico_reply *reply, const uint8_t *data, size_t len, size_t *used);

void mico_reply_reset(struct mico_reply *reply);

#endif
