/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's HTTP server: connections, requests and their bodies. Answers are in httpd_answer.c. */
#include "os/sdk/network/httpd_internal.h"

#include "os/port/clock.h"
#include "os/sdk/mico_rtos.h"

#define PRIORITY 6u
#define STACK_SIZE 4096u
#define MESSAGE_MS 10000u /* for a request, its body included */
#define LOOK_MS 200       /* how soon httpd_stop is seen */
#define REQUESTS_MAX 100  /* on one connection */

static struct httpd_wsgi_call *pages[HTTPD_WSGI_MAX];
static mico_thread_t thread;
static bool initialised, running;
static volatile bool stopping;

struct httpd_connection httpd_now;

/* ---- pages ---- */

int httpd_validate_uri(char *req_uri, const char *uri, int flags)
{
    size_t len = uri != NULL ? strlen(uri) : 0;
    size_t path = req_uri != NULL ? strcspn(req_uri, "?") : 0;
    bool prefix = (flags & APP_HTTP_FLAGS_NO_EXACT_MATCH) != 0;
    bool same = len > 0 && (prefix ? path >= len : path == len) && memcmp(req_uri, uri, len) == 0;
    return same ? WM_SUCCESS : -WM_FAIL;
}

static struct httpd_wsgi_call **find_page(const struct httpd_wsgi_call *page)
{
    for (int i = 0; i < HTTPD_WSGI_MAX; i++) {
        if (pages[i] == page) {
            return &pages[i];
        }
    }
    return NULL;
}

int httpd_register_wsgi_handler(struct httpd_wsgi_call *wsgi_call)
{
    struct httpd_wsgi_call **place = find_page(NULL);
    if (wsgi_call == NULL || wsgi_call->uri == NULL || wsgi_call->uri[0] != '/' || place == NULL ||
        find_page(wsgi_call) != NULL) {
        return -WM_FAIL;
    }
    *place = wsgi_call;
    return WM_SUCCESS;
}

int httpd_register_wsgi_handlers(struct httpd_wsgi_call *wsgi_call_list, int handler_cnt)
{
    for (int i = 0; i < handler_cnt; i++) {
        if (httpd_register_wsgi_handler(&wsgi_call_list[i]) != WM_SUCCESS) {
            (void)httpd_unregister_wsgi_handlers(wsgi_call_list, i);
            return -WM_FAIL;
        }
    }
    return WM_SUCCESS;
}

int httpd_unregister_wsgi_handler(struct httpd_wsgi_call *wsgi_call)
{
    struct httpd_wsgi_call **place = wsgi_call != NULL ? find_page(wsgi_call) : NULL;
    if (place == NULL) {
        return -WM_FAIL;
    }
    *place = NULL;
    return WM_SUCCESS;
}

int httpd_unregister_wsgi_handlers(struct httpd_wsgi_call *wsgi_call_list, int handler_cnt)
{
    int result = WM_SUCCESS;
    for (int i = 0; i < handler_cnt; i++) {
        result = httpd_unregister_wsgi_handler(&wsgi_call_list[i]) == WM_SUCCESS ? result : -WM_FAIL;
    }
    return result;
}

/* ---- reading ---- */

/* More bytes into rest, until the message's time is over. */
static mico_err receive(struct httpd_connection *c)
{
    uint64_t now = mico_clock_ms();
    int left = c->until_ms > now ? (int)(c->until_ms - now) : 0;
    if (left == 0 || mico_setsockopt(c->sock, SOL_SOCKET, SO_RCVTIMEO, &left, sizeof left) != 0) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t got = mico_recv(c->sock, c->rest, sizeof c->rest, 0);
    c->rest_at = 0;
    c->rest_len = got > 0 ? (size_t)got : 0;
    return got > 0 ? MICO_OK : got == 0 ? MICO_ERR_CLOSED : errno == EAGAIN ? MICO_ERR_TIMEOUT : MICO_ERR_IO;
}

static mico_err read_head(struct httpd_connection *c)
{
    mico_err err = MICO_OK;
    mico_http_reset(&c->http);
    c->until_ms = mico_clock_ms() + MESSAGE_MS;
    while (err == MICO_OK && !c->http.head_done) {
        size_t used = 0;
        err = c->rest_at == c->rest_len ? receive(c) : MICO_OK;
        if (err == MICO_OK) {
            err = mico_http_feed_head(&c->http, (uint8_t *)c->rest + c->rest_at, c->rest_len - c->rest_at, &used);
            c->rest_at += used;
        }
    }
    return err;
}

static mico_err put_body(void *ctx, const uint8_t *data, size_t len)
{
    struct httpd_connection *c = ctx;
    memcpy(c->out + c->out_len, data, len); /* no more is fed than there is room for */
    c->out_len += len;
    return MICO_OK;
}

/* At most cap bytes of the body; none at its end. */
static mico_err read_body(struct httpd_connection *c, void *out, size_t cap, size_t *len)
{
    mico_err err = MICO_OK;
    c->out = out;
    c->out_len = 0;
    if (!c->http.complete && c->http.body_len == 0) {
        size_t used;
        err = mico_http_feed(&c->http, NULL, 0, &used); /* an empty body is complete with this */
    }
    while (err == MICO_OK && c->out_len < cap && !c->http.complete) {
        if (c->rest_at == c->rest_len) {
            err = receive(c);
            continue;
        }
        size_t used, part = c->rest_len - c->rest_at;
        part = part < cap - c->out_len ? part : cap - c->out_len;
        err = mico_http_feed(&c->http, (uint8_t *)c->rest + c->rest_at, part, &used);
        c->rest_at += used;
    }
    *len = c->out_len;
    return err;
}

int httpd_recv(int sock, void *buf, size_t n, int flags)
{
    size_t len = 0;
    if (sock != httpd_now.sock || buf == NULL || httpd_now.failed) {
        return -WM_FAIL;
    }
    httpd_now.failed = read_body(&httpd_now, buf, n, &len) != MICO_OK;
    return httpd_now.failed ? -WM_FAIL : (int)len;
}

int httpd_get_data(httpd_request_t *req, char *content, int length)
{
    if (req == NULL || length < 0) {
        return -WM_FAIL;
    }
    int got = httpd_recv(req->sock, content, (size_t)length, 0);
    if (got < 0) {
        return -WM_FAIL;
    }
    const struct mico_http *http = &httpd_now.http;
    req->remaining_bytes = http->chunked ? !http->complete : (int)(http->body_want - http->body_len);
    if (http->chunked) {
        req->body_nbytes = (int)http->body_len;
    }
    return req->remaining_bytes;
}

int httpd_purge_headers(int sock)
{
    return WM_SUCCESS;
}

int httpd_parse_hdr_tags(httpd_request_t *req, int sock, char *scratch, int len)
{
    return req != NULL ? WM_SUCCESS : -WM_FAIL;
}

/* ---- serving ---- */

static int type_of(enum mico_http_method method)
{
    static const int types[] = {[MICO_HTTP_GET] = HTTPD_REQ_TYPE_GET,       [MICO_HTTP_HEAD] = HTTPD_REQ_TYPE_HEAD,
                                [MICO_HTTP_POST] = HTTPD_REQ_TYPE_POST,     [MICO_HTTP_PUT] = HTTPD_REQ_TYPE_PUT,
                                [MICO_HTTP_DELETE] = HTTPD_REQ_TYPE_DELETE, [MICO_HTTP_OTHER] = HTTPD_REQ_TYPE_UNKNOWN};
    return types[method];
}

static bool fill_request(const struct httpd_connection *c, httpd_request_t *req)
{
    const char *type = mico_http_field(&c->http, "Content-Type");
    memset(req, 0, sizeof *req);
    req->type = type_of(c->http.method);
    req->sock = c->sock;
    req->hdr_parsed = 1;
    req->chunked = c->http.chunked;
    req->body_nbytes = (int)c->http.body_want;
    req->remaining_bytes = c->http.chunked ? 1 : req->body_nbytes;
    req->if_none_match = mico_http_field(&c->http, "If-None-Match") != NULL;
    snprintf(req->content_type, sizeof req->content_type, "%s", type != NULL ? type : "");
    if (strlen(c->http.path) > HTTPD_MAX_URI_LENGTH) {
        return false;
    }
    bool query = c->http.query[0] != '\0' && strlen(c->http.path) + 1 + strlen(c->http.query) <= HTTPD_MAX_URI_LENGTH;
    snprintf(req->filename, sizeof req->filename, "%s%s%s", c->http.path, query ? "?" : "", query ? c->http.query : "");
    return true;
}

static int (*handler_of(const struct httpd_wsgi_call *page, int type))(httpd_request_t *)
{
    switch (type) {
    case HTTPD_REQ_TYPE_GET:
    case HTTPD_REQ_TYPE_HEAD:
        return page->get_handler;
    case HTTPD_REQ_TYPE_POST:
        return page->set_handler;
    case HTTPD_REQ_TYPE_PUT:
        return page->put_handler;
    case HTTPD_REQ_TYPE_DELETE:
        return page->delete_handler;
    default:
        return NULL;
    }
}

/* The answer's status when no page gave one; 0 when one did. */
static int run_page(httpd_request_t *req)
{
    bool known = false;
    for (int i = 0; i < HTTPD_WSGI_MAX; i++) {
        const struct httpd_wsgi_call *page = pages[i];
        if (page == NULL || httpd_validate_uri(req->filename, page->uri, page->http_flags) != WM_SUCCESS) {
            continue;
        }
        known = true;
        if (handler_of(page, req->type) != NULL) {
            req->wsgi = page;
            bool done = handler_of(page, req->type)(req) == WM_SUCCESS;
            return done || httpd_now.begun ? 0 : 500;
        }
    }
    return known ? 405 : 404;
}

/* One request; true when the connection may carry another. */
static bool serve_request(struct httpd_connection *c)
{
    httpd_request_t req;
    char scrap[64];
    size_t len;
    c->begun = c->failed = false;
    c->keep_alive = true;
    mico_err err = read_head(c);
    bool refused = err == MICO_ERR_FORMAT || err == MICO_ERR_SIZE || err == MICO_ERR_UNSUPPORTED;
    if (err != MICO_OK) {
        if (refused) {
            httpd_refuse(c, mico_http_refusal(err));
        }
        return false;
    }
    c->keep_alive = c->http.keep_alive;
    c->head_only = c->http.method == MICO_HTTP_HEAD;
    const char *expect = mico_http_field(&c->http, "Expect");
    if (expect != NULL && strcmp(expect, "100-continue") == 0) {
        (void)mico_send(c->sock, "HTTP/1.1 100 Continue\r\n\r\n", 25, 0);
    }
    int status = fill_request(c, &req) ? run_page(&req) : 400;
    if (status != 0) {
        httpd_refuse(c, status);
    }
    /* What the page left of the body is read past, so that the next request begins where it does. */
    while (err == MICO_OK && c->keep_alive && !c->failed && !c->http.complete) {
        err = read_body(c, scrap, sizeof scrap, &len);
    }
    return err == MICO_OK && c->keep_alive && !c->failed;
}

static void serve(int sock)
{
    static char head[1024];
    struct httpd_connection *c = &httpd_now;
    memset(c, 0, sizeof *c);
    c->sock = sock;
    mico_http_init(&c->http, MICO_HTTP_CHUNKED_ALLOWED | MICO_HTTP_HOST_NEEDED, head, sizeof head, NULL, 0);
    mico_http_stream(&c->http, put_body, c, HTTPD_BODY_MAX);
    for (int i = 0; i < REQUESTS_MAX && !stopping && serve_request(c); i++) {
    }
    (void)SocketClose(&c->sock);
}

static void run(mico_thread_arg_t listener)
{
    int fd = (int)listener;
    while (!stopping) {
        int sock = mico_accept(fd, NULL, NULL); /* for LOOK_MS at most */
        if (sock >= 0) {
            serve(sock);
        }
    }
    mico_close(fd);
    running = false;
    mico_rtos_delete_thread(NULL);
}

static int open_listener(void)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(HTTP_PORT)};
    int look = LOOK_MS, fd = mico_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (fd >= 0 && (mico_bind(fd, (struct sockaddr *)&own, sizeof own) != 0 || mico_listen(fd, 4) != 0 ||
                    mico_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look) != 0)) {
        mico_close(fd);
        fd = -1;
    }
    return fd;
}

int httpd_init(void)
{
    initialised = true;
    return WM_SUCCESS;
}

int httpd_start(void)
{
    if (!initialised || running) {
        return -WM_FAIL;
    }
    int fd = open_listener();
    if (fd < 0) {
        return -WM_FAIL;
    }
    stopping = false;
    running = true;
    if (mico_rtos_create_thread(&thread, PRIORITY, "httpd", run, STACK_SIZE, (mico_thread_arg_t)fd) != kNoErr) {
        running = false;
        mico_close(fd);
        return -WM_FAIL;
    }
    return WM_SUCCESS;
}

int httpd_stop(void)
{
    if (!running) {
        return -WM_FAIL;
    }
    stopping = true;
    return mico_rtos_thread_join(&thread) == kNoErr ? WM_SUCCESS : -WM_FAIL;
}

int httpd_shutdown(void)
{
    if (!initialised) {
        return -WM_FAIL;
    }
    if (running) {
        (void)httpd_stop();
    }
    memset(pages, 0, sizeof pages);
    initialised = false;
    return WM_SUCCESS;
}

int httpd_is_running(void)
{
    return running;
}
