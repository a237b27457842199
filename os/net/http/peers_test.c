/* SPDX-License-Identifier: Apache-2.0 */
/* curl asks our server, and our client asks libmicrohttpd, over TCP of this host. */
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/net/http/exchange.h"
#include "os/net/tcp.h"
#include "os/port/clock.h"

#define PATIENCE_MS 10000u
#define LARGE 200000

static mico_err to_peer(void *ctx, const void *data, size_t len)
{
    return mico_tcp_send(*(mico_tcp *)ctx, data, len, PATIENCE_MS);
}

static mico_err from_peer(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return mico_tcp_recv(*(mico_tcp *)ctx, out, cap, len, timeout_ms);
}

/* ---- our server, curl ---- */

static struct {
    mico_tcp listener;
    uint16_t port;
    pthread_t thread;
    unsigned connections, requests;
    size_t received;
} server;

static mico_err count_body(void *ctx, const uint8_t *data, size_t len)
{
    server.received += len;
    return MICO_OK;
}

static void handle(void *ctx, const struct mico_http *request, struct mico_http_answer *answer)
{
    char text[64];
    server.requests++;
    if (strcmp(request->path, "/pieces") == 0) {
        mico_http_answer_begin(answer, 200, "text/plain");
        for (int i = 0; i < 1000; i++) {
            int len = snprintf(text, sizeof text, "piece %d\n", i);
            mico_http_answer_piece(answer, text, (size_t)len);
        }
        mico_http_answer_end(answer);
    } else if (strcmp(request->path, "/upload") == 0) {
        int len = snprintf(text, sizeof text, "%zu", server.received);
        mico_http_answer(answer, 200, "text/plain", text, (size_t)len);
        server.received = 0;
    } else if (strcmp(request->path, "/stop") == 0) {
        answer->keep_alive = false;
        mico_http_answer(answer, 204, NULL, NULL, 0);
    } else {
        mico_http_answer(answer, 404, "text/plain", "no such page\n", 13);
    }
}

/* One connection after another, until the one that says /stop. */
static void *run_server(void *arg)
{
    static char head[1024];
    mico_tcp tcp;
    struct mico_http_io io = {to_peer, from_peer, &tcp};
    struct mico_http request;
    bool stopped = false;
    while (!stopped && mico_tcp_accept(server.listener, 60000, &tcp) == MICO_OK) {
        server.connections++;
        mico_http_init(&request, MICO_HTTP_CHUNKED_ALLOWED | MICO_HTTP_HOST_NEEDED, head, sizeof head, NULL, 0);
        mico_http_stream(&request, count_body, NULL, 1 << 20);
        mico_err err = mico_http_serve(&io, &request, handle, NULL, PATIENCE_MS);
        stopped = err == MICO_OK && request.path != NULL && strcmp(request.path, "/stop") == 0;
        mico_tcp_close(tcp);
    }
    return NULL;
}

static int start_server(void **state)
{
    memset(&server, 0, sizeof server);
    for (server.port = 22000 + (uint16_t)(mico_clock_us() * 7919 % 20000);
         mico_tcp_listen(server.port, &server.listener) != MICO_OK;) {
        server.port++;
    }
    return pthread_create(&server.thread, NULL, run_server, NULL);
}

/* What curl says, without a trailing newline. */
static const char *curl(const char *options, const char *path)
{
    static char out[1 << 16];
    char command[512];
    snprintf(command, sizeof command, "curl -sS --max-time 20 %s http://127.0.0.1:%u%s 2>&1", options, server.port,
             path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t len = fread(out, 1, sizeof out - 1, pipe);
    out[len] = '\0';
    assert_int_equal(pclose(pipe), 0);
    return out;
}

static int stop_server(void **state)
{
    curl("", "/stop");
    pthread_join(server.thread, NULL);
    mico_tcp_close(server.listener);
    return 0;
}

static void curl_reads_pieces_and_refusals(void **state)
{
    const char *text = curl("", "/pieces");
    assert_memory_equal(text, "piece 0\npiece 1\n", 16);
    assert_non_null(strstr(text, "piece 999\n"));
    assert_string_equal(curl("-w '%{http_code}'", "/else"), "no such page\n404");
    assert_string_equal(curl("-I -w '%{http_code}' -o /dev/null", "/pieces"), "200");
    assert_string_equal(curl("-H 'Host:'  -w '%{http_code}'", "/else"), "400");
    assert_string_equal(curl("--http1.0 -w '%{http_code}'", "/else"), "400");
    assert_string_equal(
        curl("-H 'Content-Length: 1' -H 'Transfer-Encoding: chunked' -d x -w '%{http_code}'", "/upload"), "400");
}

static void curl_uploads_with_a_length_and_in_chunks(void **state)
{
    char options[256], want[16], file[] = "/tmp/mico-http-XXXXXX";
    int fd = mkstemp(file);
    assert_int_equal(ftruncate(fd, LARGE), 0);
    close(fd);
    snprintf(want, sizeof want, "%d", LARGE);
    snprintf(options, sizeof options, "--data-binary @%s", file);
    assert_string_equal(curl(options, "/upload"), want);
    snprintf(options, sizeof options, "-H 'Transfer-Encoding: chunked' --data-binary @%s", file);
    assert_string_equal(curl(options, "/upload"), want);
    unlink(file);
}

static void curl_keeps_its_connection_for_more_requests(void **state)
{
    char more[128];
    snprintf(more, sizeof more,
             "-o /dev/null http://127.0.0.1:%u/pieces -o /dev/null http://127.0.0.1:%u/else -o /dev/null", server.port,
             server.port);
    curl(more, "/pieces");
    assert_int_equal(server.connections, 1);
    assert_int_equal(server.requests, 3);
}

/* ---- libmicrohttpd, our client ---- */

struct upload {
    size_t len;
    uint32_t crc;
};

static ssize_t give_more(void *cls, uint64_t pos, char *out, size_t max)
{
    if (pos >= LARGE) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    out[0] = (char)('a' + pos % 26);
    return 1;
}

static enum MHD_Result reply(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                             const char *version, const char *data, size_t *len, void **con_cls)
{
    char text[64];
    struct upload *upload = *con_cls;
    if (upload == NULL) {
        *con_cls = calloc(1, sizeof *upload);
        return MHD_YES;
    }
    if (*len > 0) {
        upload->len += *len;
        upload->crc = mico_crc32(upload->crc, (const uint8_t *)data, *len);
        *len = 0;
        return MHD_YES;
    }
    struct MHD_Response *response;
    if (strcmp(url, "/stream") == 0) {
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, give_more, NULL, NULL);
    } else {
        int n = snprintf(text, sizeof text, "%s %s %zu %08x", method, url, upload->len, upload->crc);
        response = MHD_create_response_from_buffer((size_t)n, text, MHD_RESPMEM_MUST_COPY);
    }
    free(upload);
    *con_cls = NULL;
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static struct MHD_Daemon *start_daemon(uint16_t *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, reply, NULL,
                                                 MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);
    assert_non_null(daemon);
    *port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return daemon;
}

static mico_err give_piece(void *ctx, uint8_t *out, size_t cap, size_t *len)
{
    size_t *left = ctx;
    *len = *left < cap ? *left : cap;
    memset(out, 'u', *len);
    *left -= *len;
    return MICO_OK;
}

static mico_err take_piece(void *ctx, const uint8_t *data, size_t len)
{
    size_t *taken = ctx;
    for (size_t i = 0; i < len; i++) {
        if (data[i] != 'a' + (*taken + i) % 26) {
            return MICO_ERR_CORRUPT;
        }
    }
    *taken += len;
    return MICO_OK;
}

static void libmicrohttpd_answers_several_questions_on_one_connection(void **state)
{
    static char head[1024];
    static uint8_t body[128];
    uint16_t port;
    mico_tcp tcp;
    struct mico_http response;
    size_t left = LARGE, taken = 0;
    struct MHD_Daemon *daemon = start_daemon(&port);
    const struct mico_http_io io = {to_peer, from_peer, &tcp};
    struct mico_http_ask ask = {.method = "GET", .host = "127.0.0.1", .target = "/x?y=1"};
    assert_int_equal(mico_tcp_connect("127.0.0.1", port, PATIENCE_MS, &tcp), MICO_OK);
    mico_http_init(&response, MICO_HTTP_RESPONSE | MICO_HTTP_CHUNKED_ALLOWED, head, sizeof head, body, sizeof body);
    assert_int_equal(mico_http_exchange(&io, &ask, &response, PATIENCE_MS), MICO_OK);
    assert_int_equal(response.status, 200);
    assert_memory_equal(body, "GET /x 0 00000000", response.body_len);
    assert_true(response.keep_alive);
    ask = (struct mico_http_ask){
        .method = "PUT", .host = "127.0.0.1", .target = "/u", .source = give_piece, .source_ctx = &left};
    assert_int_equal(mico_http_exchange(&io, &ask, &response, PATIENCE_MS), MICO_OK);
    assert_memory_equal(body, "PUT /u 200000 ", 14); /* it came in chunks */
    ask = (struct mico_http_ask){.method = "HEAD", .host = "127.0.0.1", .target = "/h"};
    assert_int_equal(mico_http_exchange(&io, &ask, &response, PATIENCE_MS), MICO_OK);
    assert_int_equal(response.body_len, 0);
    mico_http_stream(&response, take_piece, &taken, 1 << 20);
    ask = (struct mico_http_ask){.method = "GET", .host = "127.0.0.1", .target = "/stream", .last = true};
    assert_int_equal(mico_http_exchange(&io, &ask, &response, PATIENCE_MS), MICO_OK);
    assert_int_equal(taken, LARGE);
    assert_false(response.keep_alive);
    mico_tcp_close(tcp);
    MHD_stop_daemon(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(curl_reads_pieces_and_refusals, start_server, stop_server),
        cmocka_unit_test_setup_teardown(curl_uploads_with_a_length_and_in_chunks, start_server, stop_server),
        cmocka_unit_test_setup_teardown(curl_keeps_its_connection_for_more_requests, start_server, stop_server),
        cmocka_unit_test(libmicrohttpd_answers_several_questions_on_one_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
