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
        return MICO_ERR_UNSUPPORTED;
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
    return first ? MICO_ERR_FORMAT : MICO_OK;
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

mico_err mico_reply_feed(struct mico_reply *reply, const uint8_t *data, size_t len, size_t *used)
{
    *used = 0;
    if (!reply->head_done) {
        mico_err err = feed_head(reply, data, len, used);
        if (err != MICO_OK || !reply->head_done) {
            return err;
        }
    }
    size_t missing = reply->body_want - reply->body_len;
    size_t take = missing < len - *used ? missing : len - *used;
    if (take > 0) {
        memcpy(reply->body + reply->body_len, data + *used, take);
    }
    reply->body_len += take;
    *used += take;
    reply->complete = reply->body_len == reply->body_want;
    return MICO_OK;
}

void mico_reply_reset(struct mico_reply *reply)
{
    mico_wipe(reply, sizeof *reply);
}
