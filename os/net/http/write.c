/* SPDX-License-Identifier: Apache-2.0 */
/* Heads that a device writes, and small things around them; see http.h. */
#include <string.h>

#include "os/net/http/internal.h"

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

const char *mico_http_reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {207, "Multi-Status"},
        {301, "Moved Permanently"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {413, "Content Too Large"},
        {470, "Connection Authorization Required"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].text;
        }
    }
    return "Internal Server Error";
}

void http_put(struct mico_writer *w, const char *text)
{
    mico_write_bytes(w, text, strlen(text));
}

void http_put_number(struct mico_writer *w, uint64_t number)
{
    char text[24];
    size_t at = sizeof text;
    text[--at] = '\0';
    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    http_put(w, text + at);
}

static void put_length(struct mico_writer *w, const char *content_type, size_t body_len)
{
    http_put(w, "Content-Type: ");
    http_put(w, content_type);
    http_put(w, "\r\nContent-Length: ");
    http_put_number(w, body_len);
    http_put(w, "\r\n\r\n");
}

void mico_http_put_head(struct mico_writer *w, int status, const char *content_type, size_t body_len)
{
    http_put(w, "HTTP/1.1 ");
    http_put_number(w, (uint64_t)status);
    http_put(w, " ");
    http_put(w, mico_http_reason(status));
    http_put(w, "\r\n");
    if (body_len > 0) {
        put_length(w, content_type, body_len);
    } else {
        http_put(w, status == 204 ? "\r\n" : "Content-Length: 0\r\n\r\n"); /* a 204 has none: RFC 9110 section 8.6 */
    }
}

void mico_http_put_event_head(struct mico_writer *w, size_t body_len)
{
    http_put(w, "EVENT/1.0 200 OK\r\n");
    put_length(w, "application/hap+json", body_len);
}

bool mico_http_is_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7F) {
            return false;
        }
    }
    return true;
}
