/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of HTTP/1.1 messages; see http.h. Bodies are in body.c. */
#include "os/net/http/http.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "os/net/http/internal.h"

#define CONTENT_LENGTH_MAX (UINT64_C(1) << 53)

static bool is_token_char(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
        return true;
    }
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static size_t token_len(const char *text)
{
    size_t len = 0;
    while (is_token_char(text[len])) {
        len++;
    }
    return len;
}

static enum mico_http_method method_of(const char *name)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i], name) == 0) {
            return (enum mico_http_method)i;
        }
    }
    return MICO_HTTP_OTHER;
}

/* "METHOD SP /path[?query] SP HTTP/1.1"; ends its parts in place. */
static mico_err parse_request_line(struct mico_http *http, char *line)
{
    size_t method_len = token_len(line);
    if (method_len == 0 || line[method_len] != ' ' || line[method_len + 1] != '/') {
        return MICO_ERR_FORMAT;
    }
    char *target = line + method_len + 1;
    size_t target_len = 0;
    while (target[target_len] > ' ' && target[target_len] < 0x7F) {
        target_len++;
    }
    if (strcmp(target + target_len, " HTTP/1.1") != 0) {
        return MICO_ERR_FORMAT;
    }
    line[method_len] = target[target_len] = '\0';
    http->method_text = line;
    http->method = method_of(line);
    http->path = target;
    char *question = strchr(target, '?');
    if (question != NULL) {
        *question = '\0';
    }
    http->query = question != NULL ? question + 1 : target + target_len;
    http->keep_alive = true;
    return MICO_OK;
}

/* "HTTP/1.1 200 OK", of an old server "HTTP/1.0", of HAP "EVENT/1.0". */
static mico_err parse_status_line(struct mico_http *http, char *line)
{
    http->event = (http->flags & MICO_HTTP_EVENTS_ALLOWED) != 0 && strncmp(line, "EVENT/1.0 ", 10) == 0;
    http->keep_alive = http->event || strncmp(line, "HTTP/1.1 ", 9) == 0;
    if (!http->keep_alive && strncmp(line, "HTTP/1.0 ", 9) != 0) {
        return MICO_ERR_FORMAT;
    }
    char *code = line + (http->event ? 10 : 9);
    http->status = 0;
    for (int i = 0; i < 3; i++) {
        if (code[i] < '0' || code[i] > '9') {
            return MICO_ERR_FORMAT;
        }
        http->status = http->status * 10 + (code[i] - '0');
    }
    if (http->status < 100 || (code[3] != ' ' && code[3] != '\0')) {
        return MICO_ERR_FORMAT;
    }
    http->reason = code[3] == ' ' ? code + 4 : code + 3;
    return MICO_OK;
}

/* Digits only, nothing around them, no more than can be counted. */
static mico_err parse_length(struct mico_http *http, const char *value)
{
    uint64_t length = 0;
    if (http->length_seen || *value == '\0') {
        return MICO_ERR_FORMAT;
    }
    for (const char *at = value; *at != '\0'; at++) {
        if (*at < '0' || *at > '9') {
            return MICO_ERR_FORMAT;
        }
        length = length * 10 + (uint64_t)(*at - '0');
        if (length > CONTENT_LENGTH_MAX) {
            return MICO_ERR_SIZE; /* before the next digit could wrap it */
        }
    }
    http->length_seen = true;
    http->body_want = length;
    return MICO_OK;
}

static mico_err parse_encoding(struct mico_http *http, const char *value)
{
    if ((http->flags & MICO_HTTP_CHUNKED_ALLOWED) == 0 || http->chunked || strcasecmp(value, "chunked") != 0) {
        return MICO_ERR_UNSUPPORTED;
    }
    http->chunked = true;
    return MICO_OK;
}

/* Of "Connection: a, b": is word one of them? */
static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    while (*list != '\0') {
        list += strspn(list, " \t,");
        size_t part = strcspn(list, " \t,");
        if (part == len && strncasecmp(list, word, len) == 0) {
            return true;
        }
        list += part;
    }
    return false;
}

static mico_err note_field(struct mico_http *http, const char *name, const char *value)
{
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        return parse_encoding(http, value);
    }
    if (strcasecmp(name, "Content-Length") == 0) {
        return parse_length(http, value);
    }
    if (strcasecmp(name, "Connection") == 0 && has_word(value, "close")) {
        http->keep_alive = false;
    }
    http->hosts += strcasecmp(name, "Host") == 0;
    return MICO_OK;
}

/* A field's line becomes "name NUL value NUL" at out, which is not behind the line. Returns what follows. */
static mico_err parse_field(struct mico_http *http, char *line, char **out)
{
    size_t name_len = token_len(line);
    if (name_len == 0 || line[name_len] != ':') {
        return MICO_ERR_FORMAT; /* folded lines and blanks before the colon end here */
    }
    const char *value = line + name_len + 1;
    value += strspn(value, " \t");
    size_t value_len = strlen(value);
    while (value_len > 0 && (value[value_len - 1] == ' ' || value[value_len - 1] == '\t')) {
        value_len--;
    }
    for (size_t i = 0; i < value_len; i++) {
        unsigned char c = (unsigned char)value[i];
        if ((c < ' ' && c != '\t') || c == 0x7F) {
            return MICO_ERR_FORMAT; /* a bare CR or LF, another control character */
        }
    }
    char *name = *out, *kept = *out + name_len + 1;
    memmove(name, line, name_len);
    name[name_len] = '\0';
    memmove(kept, value, value_len);
    kept[value_len] = '\0';
    *out = kept + value_len + 1;
    return note_field(http, name, kept);
}

/* What follows the head, by RFC 9112 section 6.3. */
static mico_err plan_body(struct mico_http *http)
{
    bool response = (http->flags & MICO_HTTP_RESPONSE) != 0;
    if (http->chunked && http->length_seen) {
        return MICO_ERR_FORMAT;
    }
    if (!response && (http->flags & MICO_HTTP_HOST_NEEDED) != 0 && http->hosts != 1) {
        return MICO_ERR_FORMAT;
    }
    if (response && ((http->flags & MICO_HTTP_NO_BODY) != 0 || http->status == 204 || http->status == 304)) {
        http->chunked = false;
        http->body_want = 0;
        return MICO_OK;
    }
    if (response && !http->chunked && !http->length_seen) {
        http->until_close = !http->event;
        http->keep_alive = false;
    }
    return http->body_want > http->body_cap ? MICO_ERR_SIZE : MICO_OK;
}

/* head ends with the CRLF CRLF that was just seen and holds no NUL. */
static mico_err parse_head(struct mico_http *http)
{
    bool first = true, response = (http->flags & MICO_HTTP_RESPONSE) != 0;
    http->head[http->head_len - 2] = '\0'; /* the empty line's CRLF goes; each other line still has its own */
    char *line = http->head, *out = http->head;
    while (*line != '\0') {
        char *end = strstr(line, "\r\n");
        char *next = end + 2; /* there is one: the text ends with CRLF */
        *end = '\0';
        mico_err err;
        if (first) {
            err = response ? parse_status_line(http, line) : parse_request_line(http, line);
            http->fields = out = next;
        } else {
            err = parse_field(http, line, &out);
        }
        if (err != MICO_OK) {
            return err;
        }
        first = false;
        line = next;
    }
    http->fields_end = out;
    return first ? MICO_ERR_FORMAT : plan_body(http);
}

static bool head_ended(const struct mico_http *http)
{
    return http->head_len >= 4 && memcmp(http->head + http->head_len - 4, "\r\n\r\n", 4) == 0;
}

/* 1xx but for 101, which would end HTTP on this connection and was not asked for. */
static bool is_interim(const struct mico_http *http)
{
    return (http->flags & MICO_HTTP_RESPONSE) != 0 && http->status < 200 && http->status != 101;
}

mico_err mico_http_feed_head(struct mico_http *http, const uint8_t *data, size_t len, size_t *used)
{
    *used = 0;
    while (*used < len && !http->head_done) {
        uint8_t byte = data[(*used)++];
        if (byte == '\0') {
            return MICO_ERR_FORMAT;
        }
        if (http->head_len == http->head_cap - 1) {
            return MICO_ERR_SIZE;
        }
        http->head[http->head_len++] = (char)byte;
        if (!head_ended(http)) {
            continue;
        }
        mico_err err = parse_head(http);
        if (err != MICO_OK) {
            return err;
        }
        if (is_interim(http)) {
            mico_http_reset(http);
        } else {
            http->head_done = true;
        }
    }
    return MICO_OK;
}

void mico_http_init(struct mico_http *http, unsigned flags, char *head, size_t head_cap, uint8_t *body, size_t body_cap)
{
    assert(head_cap >= 8);
    memset(http, 0, sizeof *http);
    http->flags = flags;
    http->head = head;
    http->head_cap = head_cap;
    http->body = body;
    http->body_cap = body_cap;
}

void mico_http_stream(struct mico_http *http, mico_http_on_body on_body, void *ctx, size_t max)
{
    http->on_body = on_body;
    http->ctx = ctx;
    http->body_cap = max;
}

void mico_http_reset(struct mico_http *http)
{
    const struct mico_http before = *http;
    mico_wipe(before.head, before.head_len);
    if (before.on_body == NULL && before.body != NULL) {
        mico_wipe(before.body, before.body_len);
    }
    mico_wipe(http, sizeof *http);
    mico_http_init(http, before.flags, before.head, before.head_cap, before.body, before.body_cap);
    http->on_body = before.on_body;
    http->ctx = before.ctx;
}

const char *mico_http_field(const struct mico_http *http, const char *name)
{
    for (const char *at = http->fields; at != NULL && at < http->fields_end;) {
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, name) == 0) {
            return value;
        }
        at = value + strlen(value) + 1;
    }
    return NULL;
}
