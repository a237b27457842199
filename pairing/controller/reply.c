/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 responses; see reply.h. */
#include "pairing/controller/reply.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"

/* "HTTP/1.1 200 …" or "EVENT/1.0 200 …" */
static mico_err parse_status_line(struct mico_reply *reply, const char *line)
{
    reply->event = strncmp(line, "EVENT/1.0 ", 10) == 0;
    if (!reply->event && strncmp(line, "HTTP/1.1 ", 9) != 0) {
        return MICO_ERR_FORMAT;
    }
    const char *code = line + (reply->event ? 10 : 9);
    reply->status = 0;
    for (int i = 0; i < 3; i++) {
        if (code[i] < '0' || code[i] > '9') {
            return MICO_ERR_FORMAT;
        }
        reply->status = reply->status * 10 + (code[i] - '0');
    }
    return code[3] == ' ' || code[3] == '\0' ? MICO_OK : MICO_ERR_FORMAT;
}

static mico_err parse_length(struct mico_reply *reply, const char *value)
{
    size_t length = 0;
    if (reply->length_seen || *value == '\0') {
        return MICO_ERR_FORMAT;
    }
    for (; *value != '\0'; value++) {
        if (*value < '0' || *value > '9') {
            return MICO_ERR_FORMAT;
        }
        length = length * 10 + (size_t)(*value - '0');
        if (length > MICO_REPLY_BODY_MAX) {
            return MICO_ERR_SIZE;
        }
    }
    reply->length_seen = true;
    reply->body_want = length;
    return MICO_OK;
}

static mico_err parse_field(struct mico_reply *reply, char *line)
{
    char *colon = strchr(line, ':');
    if (colon == NULL || colon == line || line[0] == ' ' || line[0] == '\t') {
        return MICO_ERR_FORMAT;
    }
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t");
    if (strcasecmp(line, "Transfer-Encoding") == 0) {
        bool known = !reply->chunked && strcasecmp(value, "chunked") == 0;
        reply->chunked = known;
        return known ? MICO_OK : MICO_ERR_UNSUPPORTED;
    }
    return strcasecmp(line, "Content-Length") == 0 ? parse_length(reply, value) : MICO_OK;
}

static mico_err parse_head(struct mico_reply *reply)
{
    reply->head[reply->head_len - 2] = '\0'; /* the empty line's CRLF goes; each other line still has its own */
    bool first = true;
    char *line = reply->head;
    while (*line != '\0') {
        char *end = strstr(line, "\r\n");
        *end = '\0';
        mico_err err = first ? parse_status_line(reply, line) : parse_field(reply, line);
        if (err != MICO_OK) {
            return err;
        }
        first = false;
        line = end + 2;
    }
    return first || (reply->chunked && reply->length_seen) ? MICO_ERR_FORMAT : MICO_OK;
}

static mico_err feed_head(struct mico_reply *reply, const uint8_t *data, size_t len, size_t *used)
{
    while (*used < len && !reply->head_done) {
        uint8_t byte = data[(*used)++];
        if (byte == '\0') {
            return MICO_ERR_FORMAT;
        }
        if (reply->head_len == MICO_REPLY_HEAD_MAX) {
            return MICO_ERR_SIZE;
        }
        reply->head[reply->head_len++] = (char)byte;
        reply->head_done = reply->head_len >= 4 && memcmp(reply->head + reply->head_len - 4, "\r\n\r\n", 4) == 0;
    }
    return reply->head_done ? parse_head(reply) : MICO_OK;
}

static void feed_body(struct mico_reply *reply, const uint8_t *data, size_t len, size_t want, size_t *used)
{
    size_t take = want < len - *used ? want : len - *used;
    if (take > 0) {
        memcpy(reply->body + reply->body_len, data + *used, take);
    }
    reply->body_len += take;
    *used += take;
}

/* A line of chunked framing, without its CRLF: the empty one behind a chunk, a size, a trailer. RFC 9112 section 7.1. */
static mico_err take_line(struct mico_reply *reply)
{
    size_t size = 0, digits = strspn(reply->line, "0123456789abcdefABCDEF");
    if (reply->chunk_ends) {
        reply->chunk_ends = false;
        return reply->line_len == 0 ? MICO_OK : MICO_ERR_FORMAT;
    }
    if (reply->trailer) {
        reply->complete = reply->line_len == 0;
        return MICO_OK;
    }
    if (digits == 0 || digits > 6 || (reply->line[digits] != '\0' && reply->line[digits] != ';')) {
        return MICO_ERR_FORMAT;
    }
    for (size_t i = 0; i < digits; i++) {
        int c = reply->line[i];
        size = size << 4 | (size_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (size > MICO_REPLY_BODY_MAX - reply->body_len) {
        return MICO_ERR_SIZE;
    }
    reply->chunk_left = size;
    reply->chunk_ends = size > 0;
    reply->trailer = size == 0;
    return MICO_OK;
}

static mico_err feed_line(struct mico_reply *reply, uint8_t byte)
{
    if (byte == '\0' || reply->line_len == MICO_REPLY_LINE_MAX) {
        return byte == '\0' ? MICO_ERR_FORMAT : MICO_ERR_SIZE;
    }
    reply->line[reply->line_len++] = (char)byte;
    if (byte != '\n') {
        return MICO_OK;
    }
    if (reply->line_len < 2 || reply->line[reply->line_len - 2] != '\r') {
        return MICO_ERR_FORMAT;
    }
    reply->line_len -= 2;
    reply->line[reply->line_len] = '\0';
    mico_err err = take_line(reply);
    reply->line_len = 0;
    return err;
}

static mico_err feed_chunks(struct mico_reply *reply, const uint8_t *data, size_t len, size_t *used)
{
    mico_err err = MICO_OK;
    while (*used < len && err == MICO_OK && !reply->complete) {
        if (reply->chunk_left > 0) {
            size_t before = *used;
            feed_body(reply, data, len, reply->chunk_left, used);
            reply->chunk_left -= *used - before;
        } else {
            err = feed_line(reply, data[(*used)++]);
        }
    }
    return err;
}

mico_err mico_reply_feed(struct mico_reply *reply, const uint8_t *data, size_t len, size_t *used)
{
    *used = 0;
    if (!reply->head_done) {
        mico_err err = feed_head(reply, data, len, used);
        if (err != MICO_OK || !reply->head_done) {
            return err;
        }
    }
    if (reply->chunked) {
        return feed_chunks(reply, data, len, used);
    }
    feed_body(reply, data, len, reply->body_want - reply->body_len, used);
    reply->complete = reply->body_len == reply->body_want;
    return MICO_OK;
}

void mico_reply_reset(struct mico_reply *reply)
{
    mico_wipe(reply, sizeof *reply);
}
