/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of HTTP/1.1 messages: counted, chunked (RFC 9112 section 7.1), or up to the end of the connection. */
#include <string.h>

#include "os/net/http/internal.h"

#define CHUNK_DIGITS_MAX 8u

/* At most want of the bytes that are left of data. */
static mico_err take(struct mico_http *http, const uint8_t *data, size_t len, uint64_t want, size_t *used)
{
    size_t left = len - *used;
    size_t n = want < left ? (size_t)want : left;
    if (n > http->body_cap - http->body_len) {
        return MICO_ERR_SIZE;
    }
    mico_err err = MICO_OK;
    if (n > 0 && http->on_body != NULL) {
        err = http->on_body(http->ctx, data + *used, n);
    } else if (n > 0) {
        memcpy(http->body + http->body_len, data + *used, n);
    }
    http->body_len += n;
    *used += n;
    return err;
}

/* A chunk's size in hexadecimal digits; extensions behind a semicolon are passed over. */
static mico_err take_size(struct mico_http *http)
{
    uint64_t size = 0;
    size_t digits = strspn(http->line, "0123456789abcdefABCDEF");
    if (digits == 0 || digits > CHUNK_DIGITS_MAX || (http->line[digits] != '\0' && http->line[digits] != ';')) {
        return MICO_ERR_FORMAT;
    }
    for (size_t i = 0; i < digits; i++) {
        int c = http->line[i];
        size = size << 4 | (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (size > http->body_cap - http->body_len) {
        return MICO_ERR_SIZE;
    }
    http->chunk_left = size;
    http->chunk_ends = size > 0;
    http->trailer = size == 0;
    return MICO_OK;
}

/* A line of the framing, without its CRLF: the empty one behind a chunk, a size, a trailer (which is not used). */
static mico_err take_line(struct mico_http *http)
{
    if (http->chunk_ends) {
        http->chunk_ends = false;
        return http->line_len == 0 ? MICO_OK : MICO_ERR_FORMAT;
    }
    if (http->trailer) {
        http->complete = http->line_len == 0;
        return MICO_OK;
    }
    return take_size(http);
}

static mico_err feed_line(struct mico_http *http, uint8_t byte)
{
    if (byte == '\0' || (http->line_len > 0 && http->line[http->line_len - 1] == '\r' && byte != '\n')) {
        return MICO_ERR_FORMAT;
    }
    if (http->line_len == MICO_HTTP_LINE_MAX) {
        return MICO_ERR_SIZE;
    }
    http->line[http->line_len++] = (char)byte;
    if (byte != '\n') {
        return MICO_OK;
    }
    if (http->line_len < 2 || http->line[http->line_len - 2] != '\r') {
        return MICO_ERR_FORMAT;
    }
    http->line_len -= 2;
    http->line[http->line_len] = '\0';
    mico_err err = take_line(http);
    http->line_len = 0;
    return err;
}

static mico_err feed_chunks(struct mico_http *http, const uint8_t *data, size_t len, size_t *used)
{
    mico_err err = MICO_OK;
    while (*used < len && err == MICO_OK && !http->complete) {
        if (http->chunk_left > 0) {
            size_t before = *used;
            err = take(http, data, len, http->chunk_left, used);
            http->chunk_left -= *used - before;
        } else {
            err = feed_line(http, data[(*used)++]);
        }
    }
    return err;
}

mico_err mico_http_feed(struct mico_http *http, const uint8_t *data, size_t len, size_t *used)
{
    *used = 0;
    if (!http->head_done) {
        mico_err err = mico_http_feed_head(http, data, len, used);
        if (err != MICO_OK || !http->head_done) {
            return err;
        }
    }
    if (http->chunked) {
        return feed_chunks(http, data, len, used);
    }
    uint64_t want = http->until_close ? UINT64_MAX : http->body_want - http->body_len;
    mico_err err = take(http, data, len, want, used);
    http->complete = err == MICO_OK && !http->until_close && http->body_len == http->body_want;
    return err;
}

mico_err mico_http_closed(struct mico_http *http)
{
    http->complete = http->complete || (http->head_done && http->until_close);
    return http->complete ? MICO_OK : MICO_ERR_CLOSED;
}
