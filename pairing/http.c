/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 requests; see http.h. */
#include "pairing/http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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

static enum mico_http_method method_of(const char *name, size_t len)
{
    static const struct {
        const char *name;
        enum mico_http_method method;
    } known[] = {{"GET", MICO_HTTP_GET}, {"POST", MICO_HTTP_POST}, {"PUT", MICO_HTTP_PUT}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].name) == len && memcmp(known[i].name, name, len) == 0) {
            return known[i].method;
        }
    }
    return MICO_HTTP_OTHER;
}

/* "METHOD SP /path[?query] SP HTTP/1.1"; ends the path and the query in place. */
static mico_err parse_request_line(struct mico_http_request *request, char *line)
{
    size_t method_len = token_len(line);
    if (method_len == 0 || line[method_len] != ' ' || line[method_len + 1] != '/') {
        return MICO_ERR_FORMAT;
    }
    request->method = method_of(line, method_len);
    char *target = line + method_len + 1;
    size_t target_len = 0;
    while (target[target_len] > ' ' && target[target_len] < 0x7F) {
        target_len++;
    }
    if (strcmp(target + target_len, " HTTP/1.1") != 0) {
        return MICO_ERR_FORMAT;
    }
    target[target_len] = '\0';
    request->path = target;
    char *question = strchr(target, '?');
    if (question != NULL) {
        *question = '\0';
    }
    request->query = question != NULL ? question + 1 : target + target_len;
    return MICO_OK;
}

/* Digits only, nothing around them, no more than a body may have. */
static mico_err parse_length(struct mico_http_request *request, const char *value)
{
    size_t length = 0;
    if (request->length_seen || *value == '\0') {
        return MICO_ERR_FORMAT;
    }
    for (const char *at = value; *at != '\0'; at++) {
        if (*at < '0' || *at > '9') {
            return MICO_ERR_FORMAT;
        }
        length = length * 10 + (size_t)(*at - '0');
        if (length > MICO_HTTP_BODY_MAX) {
            return MICO_ERR_SIZE; /* before the next digit could wrap it */
        }
    }
    request->length_seen = true;
    request->body_want = length;
    return MICO_OK;
}

static mico_err parse_field(struct mico_http_request *request, char *line)
{
    size_t name_len = token_len(line);
    if (name_len == 0 || line[name_len] != ':') {
        return MICO_ERR_FORMAT; /* folded lines and blanks before the colon end here */
    }
    char *value = line + name_len + 1;
    value += strspn(value, " \t");
    size_t value_len = strlen(value);
    while (value_len > 0 && (value[value_len - 1] == ' ' || value[value_len - 1] == '\t')) {
        value[--value_len] = '\0';
    }
    for (size_t i = 0; i < value_len; i++) {
        unsigned char c = (unsigned char)value[i];
        if ((c < ' ' && c != '\t') || c == 0x7F) {
            return MICO_ERR_FORMAT; /* a bare CR or LF, another control character */
        }
    }
    line[name_len] = '\0';
    if (strcasecmp(line, "Transfer-Encoding") == 0) {
        return MICO_ERR_UNSUPPORTED;
    }
    return strcasecmp(line, "Content-Length") == 0 ? parse_length(request, value) : MICO_OK;
}

/* head ends with the CRLF CRLF that was just seen and holds no NUL. */
static mico_err parse_head(struct mico_http_request *request)
{
    request->head[request->head_len - 2] = '\0'; /* the empty line's CRLF goes; each other line still has its own */
    char *line = request->head;
    bool first = true;
    while (*line != '\0') {
        char *end = strstr(line, "\r\n");
        *end = '\0'; /* there is one: the text ends with CRLF */
        mico_err err = first ? parse_request_line(request, line) : parse_field(request, line);
        if (err != MICO_OK) {
            return err;
        }
        first = false;
        line = end + 2;
    }
    return first ? MICO_ERR_FORMAT : MICO_OK;
}

static bool head_ended(const struct mico_http_request *request)
{
    return request->head_len >= 4 && memcmp(request->head + request->head_len - 4, "\r\n\r\n", 4) == 0;
}

static mico_err feed_head(struct mico_http_request *request, const uint8_t *data, size_t len, size_t *used)
{
    while (*used < len) {
        uint8_t byte = data[(*used)++];
        if (byte == '\0') {
            return MICO_ERR_FORMAT;
        }
        if (request->head_len == MICO_HTTP_HEAD_MAX) {
            return MICO_ERR_SIZE;
        }
        request->head[request->head_len++] = (char)byte;
        if (head_ended(request)) {
            request->head_done = true;
            return parse_head(request);
        }
    }
    return MICO_OK;
}

mico_err mico_http_feed(struct mico_http_request *request, const uint8_t *data, size_t len, size_t *used)
{
    *used = 0;
    if (!request->head_done) {
        mico_err err = feed_head(request, data, len, used);
        if (err != MICO_OK) {
            return err;
        }
    }
    if (request->head_done) {
        size_t missing = request->body_want - request->body_len;
        size_t take = missing < len - *used ? missing : len - *used;
        if (take > 0) {
            memcpy(request->body + request->body_len, data + *used, take);
        }
        request->body_len += take;
        *used += take;
        request->complete = request->body_len == request->body_want;
    }
    return MICO_OK;
}

void mico_http_reset(struct mico_http_request *request)
{
    mico_wipe(request->head, request->head_len);
    mico_wipe(request->body, request->body_len);
    request->head_len = 0;
    request->body_len = 0;
    request->body_want = 0;
    request->head_done = false;
    request->length_seen = false;
    request->complete = false;
}

int mico_http_refusal(mico_err err)
{
    switch (err) {
    case MICO_ERR_SIZE:
        return 413;
    case MICO_ERR_UNSUPPORTED:
        return 501;
    default:
        return 400;
    }
}

struct mico_span mico_http_query(const char *query, const char *name)
{
    size_t name_len = strlen(name);
    const char *at = query;
    while (*at != '\0') {
        size_t part = strcspn(at, "&");
        if (part > name_len && memcmp(at, name, name_len) == 0 && at[name_len] == '=') {
            return (struct mico_span){(const uint8_t *)at + name_len + 1, part - name_len - 1};
        }
        at += part;
        at += *at == '&';
    }
    return (struct mico_span){NULL, 0};
}

static const char *reason_of(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 207:
        return "Multi-Status";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 470:
        return "Connection Authorization Required";
    case 501:
        return "Not Implemented";
    default:
        return "Internal Server Error";
    }
}

static void put_text(struct mico_writer *w, const char *text)
{
    mico_write_bytes(w, text, strlen(text));
}

static void put_length(struct mico_writer *w, const char *content_type, size_t body_len)
{
    char number[16];
    put_text(w, "Content-Type: ");
    put_text(w, content_type);
    put_text(w, "\r\nContent-Length: ");
    (void)snprintf(number, sizeof number, "%u", (unsigned)body_len);
    put_text(w, number);
    put_text(w, "\r\n\r\n");
}

void mico_http_put_head(struct mico_writer *w, int status, const char *content_type, size_t body_len)
{
    char line[16];
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    put_text(w, line);
    put_text(w, reason_of(status));
    put_text(w, "\r\n");
    if (body_len > 0) {
        put_length(w, content_type, body_len);
    } else {
        put_text(w, status == 204 ? "\r\n" : "Content-Length: 0\r\n\r\n"); /* a 204 has none: RFC 9110 section 8.6 */
    }
}

void mico_http_put_event_head(struct mico_writer *w, size_t body_len)
{
    put_text(w, "EVENT/1.0 200 OK\r\n");
    put_length(w, "application/hap+json", body_len);
}
