/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's HTTPUtils: reading messages. */
#include <stdarg.h>
#include <strings.h>

#include "os/sdk/debug.h"
#include "os/sdk/network/HTTPUtils.h"

#define FLAGS (MICO_HTTP_CHUNKED_ALLOWED)
#define PIECE 256u

static OSStatus status_of(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return kNoErr;
    case MICO_ERR_SIZE:
        return kSizeErr;
    case MICO_ERR_UNSUPPORTED:
        return kUnsupportedErr;
    case MICO_ERR_CLOSED:
        return kConnectionErr;
    default:
        return kMalformedErr;
    }
}

HTTPHeader_t *HTTPHeaderCreateWithCallback(size_t bufLen, onReceivedDataCallback received, onClearCallback cleared,
                                           void *context)
{
    HTTPHeader_t *header = bufLen < 16 || bufLen > 65535 ? NULL : calloc(1, sizeof *header);
    if (header == NULL) {
        return NULL;
    }
    header->buf = malloc(2 * (bufLen + 1));
    if (header->buf == NULL) {
        free(header);
        return NULL;
    }
    header->bufLen = bufLen;
    header->parsed = header->buf + bufLen + 1;
    header->onReceivedDataCallback = received;
    header->onClearCallback = cleared;
    header->userContext = context;
    header->isCallbackSupported = received != NULL;
    return header;
}

HTTPHeader_t *HTTPHeaderCreate(size_t bufLen)
{
    return HTTPHeaderCreateWithCallback(bufLen, NULL, NULL, NULL);
}

void HTTPHeaderClear(HTTPHeader_t *header)
{
    if (header == NULL) {
        return;
    }
    if (header->onClearCallback != NULL) {
        header->onClearCallback(header, header->userContext);
    }
    free(header->extraDataPtr);
    const HTTPHeader_t before = *header;
    memset(header, 0, sizeof *header);
    header->buf = before.buf;
    header->bufLen = before.bufLen;
    header->parsed = before.parsed;
    header->onReceivedDataCallback = before.onReceivedDataCallback;
    header->onClearCallback = before.onClearCallback;
    header->userContext = before.userContext;
    header->isCallbackSupported = before.isCallbackSupported;
}

void HTTPHeaderDestory(HTTPHeader_t **header)
{
    if (header != NULL && *header != NULL) {
        HTTPHeaderClear(*header);
        free((*header)->buf);
        free(*header);
        *header = NULL;
    }
}

/* ---- the head ---- */

/* The parts of the start line in buf, of which the parser has found the parsed copy good. */
static void note_request(HTTPHeader_t *header)
{
    const struct mico_http *http = &header->http;
    header->methodPtr = header->buf;
    header->methodLen = strlen(http->method_text);
    header->urlPtr = header->buf + header->methodLen + 1;
    header->urlLen = strcspn(header->urlPtr, " ");
    header->protocolPtr = header->urlPtr + header->urlLen + 1;
    header->protocolLen = strcspn(header->protocolPtr, "\r");
    (void)URLParseComponents(header->urlPtr, header->urlPtr + header->urlLen, &header->url, NULL);
}

static void note_response(HTTPHeader_t *header)
{
    const struct mico_http *http = &header->http;
    size_t line = strcspn(header->buf, "\r");
    header->protocolPtr = header->buf;
    header->protocolLen = strcspn(header->buf, " ");
    header->statusCode = http->status;
    header->reasonPhraseLen = strlen(http->reason);
    header->reasonPhrasePtr = header->buf + line - header->reasonPhraseLen;
}

static void note_head(HTTPHeader_t *header)
{
    const struct mico_http *http = &header->http;
    if ((http->flags & MICO_HTTP_RESPONSE) != 0) {
        note_response(header);
    } else {
        note_request(header);
    }
    header->contentLength = http->body_want;
    header->chunkedData = http->chunked;
    header->dataEndedbyClose = http->until_close;
    header->persistent = http->keep_alive;
}

/* "HTTP/…" begins a response. The kind is known with the fifth byte. */
static void begin(HTTPHeader_t *header)
{
    bool response = header->received >= 5 && memcmp(header->buf, "HTTP/", 5) == 0;
    mico_http_init(&header->http, FLAGS | (response ? MICO_HTTP_RESPONSE : 0), header->parsed, header->bufLen + 1, NULL,
                   header->isCallbackSupported ? HTTP_BODY_MAX : HTTP_BODY_KEPT_MAX);
}

/* Look for the end of the head in what was received. *done when it was parsed. */
static int try_head(HTTPHeader_t *header, bool *done)
{
    size_t used = 0;
    header->buf[header->received] = '\0';
    begin(header);
    mico_err err = mico_http_feed_head(&header->http, (const uint8_t *)header->buf, header->received, &used);
    *done = err == MICO_OK && header->http.head_done;
    if (*done) {
        /* An interim response is passed over: the head begins behind it. */
        size_t skipped = used - header->http.head_len;
        memmove(header->buf, header->buf + skipped, header->received - skipped + 1);
        header->received -= skipped;
        header->len = used - skipped;
        note_head(header);
    }
    header->firstErr = status_of(err);
    return header->firstErr;
}

int HTTPHeaderParse(HTTPHeader_t *header)
{
    bool done;
    if (header == NULL || header->buf == NULL || header->len > header->bufLen) {
        return kParamErr;
    }
    header->received = header->len;
    int status = try_head(header, &done);
    return status != kNoErr ? status : done ? kNoErr : kMalformedErr;
}

/* Where a message comes from: a socket, or TLS over one. */
struct source {
    int sock;
    mico_ssl_t ssl; /* NULL: the socket alone */
};

static ssize_t receive(const struct source *from, void *out, size_t cap)
{
    return from->ssl != NULL ? ssl_recv(from->ssl, out, cap) : mico_recv(from->sock, out, cap, 0);
}

static int receive_status(const struct source *from, ssize_t got)
{
    if (got > 0) {
        return kNoErr;
    }
    bool late =
        from->ssl != NULL ? ssl_get_error(from->ssl, (int)got) == SSL_ERROR_WANT_READ : got < 0 && errno == EAGAIN;
    return late ? kTimeoutErr : kConnectionErr;
}

static int read_head(const struct source *from, HTTPHeader_t *header)
{
    bool done = false;
    if (header == NULL || header->buf == NULL) {
        return kParamErr;
    }
    header->received = header->len = 0;
    while (!done) {
        if (header->received == header->bufLen) {
            return header->firstErr = kNoSpaceErr;
        }
        ssize_t got = receive(from, header->buf + header->received, header->bufLen - header->received);
        if (got <= 0) {
            return header->firstErr = receive_status(from, got);
        }
        header->received += (size_t)got;
        /* the parser begins anew each time: a head has few pieces, and its bound is bufLen */
        int status = header->received >= 5 ? try_head(header, &done) : kNoErr;
        if (status != kNoErr) {
            return status;
        }
    }
    return kNoErr;
}

int SocketReadHTTPHeader(int sock, HTTPHeader_t *header)
{
    return read_head(&(struct source){.sock = sock}, header);
}

int SocketReadHTTPSHeader(mico_ssl_t ssl, HTTPHeader_t *header)
{
    return ssl != NULL ? read_head(&(struct source){.ssl = ssl}, header) : kParamErr;
}

/* ---- the body ---- */

static mico_err give(void *ctx, const uint8_t *data, size_t len)
{
    HTTPHeader_t *header = ctx;
    uint8_t *piece = (uint8_t *)(uintptr_t)data; /* SDK v3's callbacks do not say that they only read */
    header->taken =
        header->onReceivedDataCallback(header, (uint32_t)header->http.body_len, piece, len, header->userContext);
    return header->taken == kNoErr ? MICO_OK : MICO_ERR_DENIED;
}

static mico_err keep(void *ctx, const uint8_t *data, size_t len)
{
    HTTPHeader_t *header = ctx;
    char *more = realloc(header->extraDataPtr, header->extraDataLen + len + 1);
    if (more == NULL) {
        header->taken = kNoMemoryErr;
        return MICO_ERR_DENIED;
    }
    header->extraDataPtr = more;
    memcpy(more + header->extraDataLen, data, len);
    header->extraDataLen += len;
    more[header->extraDataLen] = '\0';
    return MICO_OK;
}

static int feed(HTTPHeader_t *header, const void *data, size_t len, size_t *used)
{
    mico_err err = mico_http_feed(&header->http, data, len, used);
    return err == MICO_ERR_DENIED ? header->taken : status_of(err);
}

/* What came behind the head first, then what comes still. */
static int read_pieces(const struct source *from, HTTPHeader_t *header)
{
    uint8_t piece[PIECE];
    size_t used;
    int status = feed(header, header->buf + header->len, header->received - header->len, &used);
    header->received = header->len;
    while (status == kNoErr && !header->http.complete) {
        ssize_t got = receive(from, piece, sizeof piece);
        if (got == 0) {
            return status_of(mico_http_closed(&header->http));
        }
        status = got < 0 ? receive_status(from, got) : feed(header, piece, (size_t)got, &used);
    }
    return status;
}

static int read_body(const struct source *from, HTTPHeader_t *header)
{
    if (header == NULL || header->len == 0 || !header->http.head_done) {
        return kParamErr;
    }
    mico_http_stream(&header->http, header->isCallbackSupported ? give : keep, header,
                     header->isCallbackSupported ? HTTP_BODY_MAX : HTTP_BODY_KEPT_MAX);
    header->firstErr = read_pieces(from, header);
    if (header->firstErr == kNoErr) {
        header->chunkedData = false;
    }
    return header->firstErr;
}

int SocketReadHTTPBody(int sock, HTTPHeader_t *header)
{
    return read_body(&(struct source){.sock = sock}, header);
}

int SocketReadHTTPSBody(mico_ssl_t ssl, HTTPHeader_t *header)
{
    return ssl != NULL ? read_body(&(struct source){.ssl = ssl}, header) : kParamErr;
}

/* ---- looking at it ---- */

int HTTPHeaderMatchMethod(HTTPHeader_t *header, const char *method)
{
    bool same = header != NULL && method != NULL && header->methodLen == strlen(method) &&
                strncasecmp(header->methodPtr, method, header->methodLen) == 0;
    return same ? kNoErr : kNotFoundErr;
}

int HTTPHeaderMatchURL(HTTPHeader_t *header, const char *url)
{
    bool same = header != NULL && url != NULL && header->url.pathPtr != NULL && header->url.pathLen == strlen(url) &&
                memcmp(header->url.pathPtr, url, header->url.pathLen) == 0;
    return same ? kNoErr : kNotFoundErr;
}

char *HTTPHeaderMatchPartialURL(HTTPHeader_t *header, const char *url)
{
    size_t len = url != NULL ? strlen(url) : 0;
    const char *path = header != NULL ? header->url.pathPtr : NULL;
    for (size_t i = 0; path != NULL && url != NULL && i + len <= header->url.pathLen; i++) {
        if (memcmp(path + i, url, len) == 0) {
            return (char *)(uintptr_t)(path + i);
        }
    }
    return NULL;
}

static size_t line_len(const char *at, const char *end)
{
    size_t len = 0;
    while (at + len < end && at[len] != '\r' && at[len] != '\n') {
        len++;
    }
    return len;
}

static void set(const char **pointer, const char *value)
{
    if (pointer != NULL) {
        *pointer = value;
    }
}

static void set_len(size_t *len, size_t value)
{
    if (len != NULL) {
        *len = value;
    }
}

int HTTPGetHeaderField(const char *text, size_t len, const char *name, const char **out_name, size_t *out_name_len,
                       const char **out_value, size_t *out_value_len, const char **out_next)
{
    if (text == NULL || name == NULL) {
        return kParamErr;
    }
    size_t name_len = strlen(name);
    for (const char *at = text, *end = text + len; at < end;) {
        size_t line = line_len(at, end);
        const char *next = at + line;
        next += next < end && *next == '\r';
        next += next < end && *next == '\n';
        if (line > name_len && at[name_len] == ':' && strncasecmp(at, name, name_len) == 0) {
            const char *value = at + name_len + 1, *value_end = at + line;
            while (value < value_end && (*value == ' ' || *value == '\t')) {
                value++;
            }
            while (value_end > value && (value_end[-1] == ' ' || value_end[-1] == '\t')) {
                value_end--;
            }
            set(out_name, at);
            set_len(out_name_len, name_len);
            set(out_value, value);
            set_len(out_value_len, (size_t)(value_end - value));
            set(out_next, next);
            return kNoErr;
        }
        at = next;
    }
    return kNotFoundErr;
}

int HTTPScanFHeaderValue(const char *text, size_t len, const char *name, const char *format, ...)
{
    char copy[256];
    const char *value;
    size_t value_len;
    va_list args;
    if (HTTPGetHeaderField(text, len, name, NULL, NULL, &value, &value_len, NULL) != kNoErr ||
        value_len >= sizeof copy) {
        return kNotFoundErr;
    }
    memcpy(copy, value, value_len);
    copy[value_len] = '\0';
    va_start(args, format);
    int count = vsscanf(copy, format, args);
    va_end(args);
    return count;
}

void PrintHTTPHeader(HTTPHeader_t *header)
{
    if (header != NULL && header->buf != NULL) {
        custom_log("HTTP", "%.*s, %u bytes", (int)line_len(header->buf, header->buf + header->len), header->buf,
                   (unsigned)header->len);
    }
}
