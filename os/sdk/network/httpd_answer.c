/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's HTTP server: answers. */
#include "os/sdk/network/httpd_internal.h"

int httpd_send(int sock, const char *buf, int len)
{
    if (buf == NULL || len < 0 || sock != httpd_now.sock || httpd_now.failed) {
        return -WM_FAIL;
    }
    httpd_now.begun = true;
    httpd_now.failed = len > 0 && mico_send(sock, buf, (size_t)len, 0) != len;
    return httpd_now.failed ? -WM_FAIL : WM_SUCCESS;
}

static bool send_text(int sock, const char *text)
{
    return httpd_send(sock, text, (int)strlen(text)) == WM_SUCCESS;
}

/* A name or value that would end its line early is refused. */
int httpd_send_header(int sock, const char *name, const char *value)
{
    if (name == NULL || value == NULL || !mico_http_is_text(name) || !mico_http_is_text(value)) {
        return -WM_FAIL;
    }
    bool sent = send_text(sock, name) && send_text(sock, ": ") && send_text(sock, value) && send_text(sock, "\r\n");
    return sent ? WM_SUCCESS : -WM_FAIL;
}

int httpd_send_default_headers(int sock, int hdr_fields)
{
    static const struct {
        int flag;
        const char *text;
    } fields[] = {
        {HTTPD_HDR_ADD_SERVER, "Server: MiCO\r\n"},
        {HTTPD_HDR_ADD_CONN_KEEP_ALIVE, "Connection: keep-alive\r\n"},
        {HTTPD_HDR_ADD_CONN_CLOSE, "Connection: close\r\n"},
        {HTTPD_HDR_ADD_TYPE_CHUNKED, "Transfer-Encoding: chunked\r\n"},
        {HTTPD_HDR_ADD_CACHE_CTRL, "Cache-Control: no-store, no-cache, must-revalidate\r\n"},
        {HTTPD_HDR_ADD_CACHE_CTRL_NO_CHK, "Cache-Control: post-check=0, pre-check=0\r\n"},
        {HTTPD_HDR_ADD_PRAGMA_NO_CACHE, "Pragma: no-cache\r\n"},
    };
    bool sent = true;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0] && sent; i++) {
        sent = (hdr_fields & fields[i].flag) == 0 || send_text(sock, fields[i].text);
    }
    if ((hdr_fields & HTTPD_HDR_ADD_CONN_CLOSE) != 0 && sock == httpd_now.sock) {
        httpd_now.keep_alive = false;
    }
    return sent ? WM_SUCCESS : -WM_FAIL;
}

int httpd_send_chunk_begin(int sock, int size)
{
    char line[16];
    snprintf(line, sizeof line, "%x\r\n", (unsigned)size);
    return size >= 0 && send_text(sock, line) ? WM_SUCCESS : -WM_FAIL;
}

int httpd_send_chunk(int sock, const char *buf, int len)
{
    bool sent = httpd_send_chunk_begin(sock, len) == WM_SUCCESS &&
                (len == 0 || httpd_send(sock, buf, len) == WM_SUCCESS) && send_text(sock, "\r\n");
    return sent ? WM_SUCCESS : -WM_FAIL;
}

static bool send_length(int sock, int length)
{
    char number[16];
    snprintf(number, sizeof number, "%d", length);
    return httpd_send_header(sock, "Content-Length", number) == WM_SUCCESS;
}

/* First line and fields, up to the empty line. location may be NULL. A page without fields of its own closes. */
static bool send_head(httpd_request_t *req, const char *first_line, int hdr_fields, int length, const char *location,
                      const char *content_type)
{
    bool chunked = (hdr_fields & HTTPD_HDR_ADD_TYPE_CHUNKED) != 0;
    return send_text(req->sock, first_line) && httpd_send_default_headers(req->sock, hdr_fields) == WM_SUCCESS &&
           (chunked || send_length(req->sock, length)) &&
           (location == NULL || httpd_send_header(req->sock, "Location", location) == WM_SUCCESS) &&
           (content_type == NULL || httpd_send_header(req->sock, "Content-Type", content_type) == WM_SUCCESS) &&
           send_text(req->sock, "\r\n");
}

static int fields_of(const httpd_request_t *req)
{
    return req->wsgi != NULL ? req->wsgi->hdr_fields : HTTPD_DEFAULT_HDR_FLAGS;
}

static int send_answer(httpd_request_t *req, const char *first_line, const char *location, const char *content,
                       int length, const char *content_type)
{
    if (req == NULL || first_line == NULL || length < 0 || (content == NULL && length > 0)) {
        return -WM_FAIL;
    }
    int fields = fields_of(req);
    if (!send_head(req, first_line, fields, length, location, content_type)) {
        return -WM_FAIL;
    }
    if (req->type == HTTPD_REQ_TYPE_HEAD) {
        return WM_SUCCESS;
    }
    if ((fields & HTTPD_HDR_ADD_TYPE_CHUNKED) == 0) {
        return length > 0 ? httpd_send(req->sock, content, length) : WM_SUCCESS;
    }
    if (length > 0 && httpd_send_chunk(req->sock, content, length) != WM_SUCCESS) {
        return -WM_FAIL;
    }
    return httpd_send_chunk(req->sock, NULL, 0);
}

int httpd_send_response(httpd_request_t *req, const char *first_line, char *content, int length,
                        const char *content_type)
{
    return send_answer(req, first_line, NULL, content, length, content_type);
}

int httpd_send_response_301(httpd_request_t *req, char *location, const char *content_type, char *content,
                            int content_len)
{
    return location == NULL ? -WM_FAIL : send_answer(req, HTTP_RES_301, location, content, content_len, content_type);
}

int httpd_send_all_header(httpd_request_t *req, const char *first_line, int body_length, const char *content_type)
{
    if (req == NULL || first_line == NULL || body_length < 0) {
        return -WM_FAIL;
    }
    int fields = fields_of(req) & ~HTTPD_HDR_ADD_TYPE_CHUNKED;
    return send_head(req, first_line, fields, body_length, NULL, content_type) ? WM_SUCCESS : -WM_FAIL;
}

int httpd_send_body(int sock, const unsigned char *body, uint32_t body_size)
{
    for (uint32_t at = 0; at < body_size; at += HTTPD_SEND_BODY_DATA_MAX_LEN) {
        uint32_t left = body_size - at;
        int part = (int)(left < HTTPD_SEND_BODY_DATA_MAX_LEN ? left : HTTPD_SEND_BODY_DATA_MAX_LEN);
        if (httpd_send(sock, (const char *)body + at, part) != WM_SUCCESS) {
            return -WM_FAIL;
        }
    }
    return WM_SUCCESS;
}

void httpd_refuse(struct httpd_connection *c, int status)
{
    uint8_t head[256];
    struct mico_writer w = mico_writer_of(head, sizeof head);
    c->keep_alive = false;
    if (c->begun) {
        return;
    }
    mico_http_put_head(&w, status, NULL, 0);
    w.len -= 2; /* the empty line; one more field */
    mico_write_bytes(&w, "Connection: close\r\n\r\n", 21);
    (void)httpd_send(c->sock, (const char *)head, (int)w.len);
}
