/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's HTTPUtils: making messages. */
#include "os/sdk/network/HTTPUtils.h"

#define HEAD_MAX 1024u

/* head, then data when there is any. */
static OSStatus make(const struct mico_writer *head, const uint8_t *data, size_t data_len, uint8_t **out,
                     size_t *out_len)
{
    if (head->failed) {
        return kSizeErr;
    }
    uint8_t *message = malloc(head->len + data_len);
    if (message == NULL) {
        return kNoMemoryErr;
    }
    memcpy(message, head->out, head->len);
    if (data_len > 0) {
        memcpy(message + head->len, data, data_len);
    }
    *out = message;
    *out_len = head->len + data_len;
    return kNoErr;
}

static OSStatus respond(int status, const char *content_type, const uint8_t *data, size_t data_len, bool copy,
                        uint8_t **out, size_t *out_len)
{
    uint8_t bytes[HEAD_MAX];
    struct mico_writer head = mico_writer_of(bytes, sizeof bytes);
    if (out == NULL || out_len == NULL || status < 100 || status > 999 || (copy && data == NULL && data_len > 0) ||
        (content_type != NULL && !mico_http_is_text(content_type))) {
        return kParamErr;
    }
    mico_http_put_head(&head, status, content_type != NULL ? content_type : kMIMEType_Binary, data_len);
    return make(&head, data, copy ? data_len : 0, out, out_len);
}

int CreateSimpleHTTPOKMessage(uint8_t **out, size_t *out_len)
{
    return respond(kStatusOK, NULL, NULL, 0, false, out, out_len);
}

OSStatus CreateSimpleHTTPMessage(const char *content_type, uint8_t *data, size_t data_len, uint8_t **out,
                                 size_t *out_len)
{
    return respond(kStatusOK, content_type, data, data_len, true, out, out_len);
}

OSStatus CreateSimpleHTTPMessageNoCopy(const char *content_type, size_t data_len, uint8_t **out, size_t *out_len)
{
    return respond(kStatusOK, content_type, NULL, data_len, false, out, out_len);
}

OSStatus CreateHTTPRespondMessageNoCopy(int status, const char *content_type, size_t data_len, uint8_t **out,
                                        size_t *out_len)
{
    return respond(status, content_type, NULL, data_len, false, out, out_len);
}

static bool is_word(const char *text)
{
    return text != NULL && text[0] != '\0' && strchr(text, ' ') == NULL && mico_http_is_text(text);
}

static void put(struct mico_writer *w, const char *text)
{
    mico_write_bytes(w, text, strlen(text));
}

static void put_field(struct mico_writer *w, const char *name, const char *value)
{
    put(w, name);
    put(w, ": ");
    put(w, value);
    put(w, "\r\n");
}

static OSStatus request(const char *method, const char *url, const char *host, const char *content_type, uint8_t *data,
                        size_t data_len, uint8_t **out, size_t *out_len)
{
    uint8_t bytes[HEAD_MAX];
    char number[24];
    struct mico_writer head = mico_writer_of(bytes, sizeof bytes);
    if (out == NULL || out_len == NULL || !is_word(method) || !is_word(url) || (host != NULL && !is_word(host)) ||
        (data == NULL && data_len > 0) || (content_type != NULL && !mico_http_is_text(content_type))) {
        return kParamErr;
    }
    put(&head, method);
    put(&head, " ");
    put(&head, url);
    put(&head, " HTTP/1.1\r\n");
    if (host != NULL) {
        put_field(&head, "Host", host);
    }
    if (data_len > 0 && content_type != NULL) {
        put_field(&head, "Content-Type", content_type);
    }
    snprintf(number, sizeof number, "%u", (unsigned)data_len);
    put_field(&head, "Content-Length", number);
    put(&head, "\r\n");
    return make(&head, data, data_len, out, out_len);
}

OSStatus CreateHTTPMessage(const char *method, const char *url, const char *content_type, uint8_t *data,
                           size_t data_len, uint8_t **out, size_t *out_len)
{
    return request(method, url, NULL, content_type, data, data_len, out, out_len);
}

OSStatus CreateHTTPMessageWithHost(const char *method, const char *url, const char *host, uint16_t port,
                                   const char *content_type, uint8_t *data, size_t data_len, uint8_t **out,
                                   size_t *out_len)
{
    char whole[256 + 8];
    if (host == NULL || strlen(host) > 255) {
        return kParamErr;
    }
    if (port == 80) {
        snprintf(whole, sizeof whole, "%s", host);
    } else {
        snprintf(whole, sizeof whole, "%s:%u", host, port);
    }
    return request(method, url, whole, content_type, data, data_len, out, out_len);
}
