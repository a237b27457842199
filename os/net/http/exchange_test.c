/* SPDX-License-Identifier: Apache-2.0 */
/* Client and server against texts: what the peer says is written out, what we say is compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/http/exchange.h"

static struct {
    const char *in; /* what the peer says */
    size_t at, piece;
    bool silent; /* the peer does not close at the end, it only says nothing more */
    char out[8192];
    size_t out_len;
    size_t out_max; /* then sending fails */
} wire;

static mico_err to_peer(void *ctx, const void *data, size_t len)
{
    if (wire.out_len + len > wire.out_max) {
        return MICO_ERR_CLOSED;
    }
    memcpy(wire.out + wire.out_len, data, len);
    wire.out_len += len;
    wire.out[wire.out_len] = '\0';
    return MICO_OK;
}

static mico_err from_peer(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    size_t left = strlen(wire.in) - wire.at;
    if (left == 0) {
        return wire.silent ? MICO_ERR_TIMEOUT : MICO_ERR_CLOSED;
    }
    *len = left < cap ? left : cap;
    *len = *len < wire.piece ? *len : wire.piece;
    memcpy(out, wire.in + wire.at, *len);
    wire.at += *len;
    return MICO_OK;
}

static const struct mico_http_io io = {to_peer, from_peer, NULL};
static struct mico_http http;
static char head[512];
static uint8_t body[64];

static void peer_says(const char *text)
{
    memset(&wire, 0, sizeof wire);
    wire.in = text;
    wire.piece = 1000;
    wire.out_max = sizeof wire.out - 1;
}

/* ---- client ---- */

static mico_err ask(const struct mico_http_ask *what, const char *answer)
{
    peer_says(answer);
    mico_http_init(&http, MICO_HTTP_RESPONSE | MICO_HTTP_CHUNKED_ALLOWED, head, sizeof head, body, sizeof body);
    return mico_http_exchange(&io, what, &http, 1000);
}

static void question_has_host_length_and_its_body(void **state)
{
    const struct mico_http_ask what = {.method = "POST",
                                       .host = "h:8080",
                                       .target = "/a?b",
                                       .fields = "X: y\r\n",
                                       .content_type = "text/plain",
                                       .body = MICO_SPAN("four")};
    assert_int_equal(ask(&what, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), MICO_OK);
    assert_string_equal(
        wire.out,
        "POST /a?b HTTP/1.1\r\nHost: h:8080\r\nX: y\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nfour");
    assert_int_equal(http.status, 200);
    assert_memory_equal(http.body, "hi", 2);
    assert_true(http.keep_alive);
}

static mico_err give_pieces(void *ctx, uint8_t *out, size_t cap, size_t *len)
{
    int *left = ctx;
    *len = *left > 0 ? 17 : 0;
    memset(out, 'x', *len);
    return --*left == -5 ? MICO_ERR_IO : MICO_OK;
}

static void body_of_unknown_length_goes_out_in_chunks(void **state)
{
    int left = 2;
    const struct mico_http_ask what = {
        .method = "PUT", .host = "h", .target = "/", .source = give_pieces, .source_ctx = &left, .last = true};
    assert_int_equal(ask(&what, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"), MICO_OK);
    assert_string_equal(wire.out, "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                                  "11\r\nxxxxxxxxxxxxxxxxx\r\n11\r\nxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n");
    assert_false(http.keep_alive);
}

static void answer_to_head_has_no_body(void **state)
{
    const struct mico_http_ask what = {.method = "HEAD", .host = "h", .target = "/"},
                               get = {.method = "GET", .host = "h", .target = "/"};
    assert_int_equal(ask(&what, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"), MICO_OK);
    assert_int_equal(http.body_len, 0);
    assert_int_equal(ask(&get, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), MICO_ERR_CLOSED);
}

static void bytes_behind_an_answer_end_the_connection(void **state)
{
    const struct mico_http_ask what = {.method = "GET", .host = "h", .target = "/"};
    assert_int_equal(ask(&what, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n"), MICO_OK);
    assert_int_equal(http.body_len, 1);
    assert_false(http.keep_alive);
}

static void bad_answers_get_their_errors(void **state)
{
    const struct mico_http_ask what = {.method = "GET", .host = "h", .target = "/"};
    assert_int_equal(ask(&what, ""), MICO_ERR_CLOSED);
    assert_int_equal(ask(&what, "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n"), MICO_ERR_SIZE);
    assert_int_equal(
        ask(&what, "HTTP/1.1 200 OK\r\n\r\n0123456789012345678901234567890123456789012345678901234567890123456789"),
        MICO_ERR_SIZE);
    assert_int_equal(ask(&what, "SSH-2.0-OpenSSH\r\n\r\n"), MICO_ERR_FORMAT);
    assert_int_equal(ask(&what, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"), MICO_ERR_UNSUPPORTED);
    assert_int_equal(ask(&what, "HTTP/1.1 200 OK\r\n\r\nto the end"), MICO_OK);
    peer_says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    wire.silent = true;
    assert_int_equal(mico_http_exchange(&io, &what, &http, 10), MICO_ERR_TIMEOUT);
    peer_says("");
    wire.out_max = 10;
    assert_int_equal(mico_http_exchange(&io, &what, &http, 10), MICO_ERR_CLOSED);
}

static void question_that_would_smuggle_is_not_sent(void **state)
{
    static const struct mico_http_ask wrong[] = {
        {.method = "GET", .host = "h", .target = "/ HTTP/1.1\r\nX: y"},
        {.method = "GET", .host = "h", .target = "/a b"},
        {.method = "GET", .host = "h\r\nX: y", .target = "/"},
        {.method = "GET x", .host = "h", .target = "/"},
        {.method = "GET", .host = "h", .target = "a"},
        {.method = "GET", .host = "h", .target = "/", .fields = "X: y"},
        {.method = "GET", .host = "h", .target = "/", .fields = "X: y\n"},
        {.method = "GET", .host = "h", .target = "/", .fields = "\r\n"},
        {.method = "GET", .host = "h", .target = "/", .fields = "X: y\r\n\r\nGET /b"},
        {.method = "POST", .host = "h", .target = "/", .content_type = "a\r\nb: c"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(ask(&wrong[i], ""), MICO_ERR_PARAM);
        assert_int_equal(wire.out_len, 0);
    }
}

/* ---- server ---- */

static unsigned served;

static void handle(void *ctx, const struct mico_http *request, struct mico_http_answer *answer)
{
    served++;
    if (strcmp(request->path, "/pieces") == 0) {
        mico_http_answer_begin(answer, 200, "text/plain");
        mico_http_answer_piece(answer, "one", 3);
        mico_http_answer_piece(answer, "", 0); /* no end of the body */
        mico_http_answer_piece(answer, "three", 5);
        mico_http_answer_end(answer);
    } else if (strcmp(request->path, "/begun") == 0) {
        mico_http_answer_begin(answer, 200, NULL);
    } else if (strcmp(request->path, "/echo") == 0) {
        mico_http_answer(answer, 200, "text/plain", request->body, request->body_len);
        mico_http_answer(answer, 500, NULL, NULL, 0); /* too late */
    }
}

static mico_err serve(const char *text, size_t piece)
{
    peer_says(text);
    wire.piece = piece;
    served = 0;
    mico_http_init(&http, MICO_HTTP_CHUNKED_ALLOWED | MICO_HTTP_HOST_NEEDED, head, sizeof head, body, sizeof body);
    return mico_http_serve(&io, &http, handle, NULL, 1000);
}

static void requests_on_one_connection_are_answered_in_order(void **state)
{
    static const char text[] =
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\noneGET /pieces HTTP/1.1\r\nHost: h\r\n\r\n"
        "HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /not-read";
    for (size_t piece = 1; piece < sizeof text; piece += 7) {
        assert_int_equal(serve(text, piece), MICO_OK);
        assert_int_equal(served, 4);
        assert_string_equal(wire.out,
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\none"
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: "
                            "chunked\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
                            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
}

static void smuggled_second_request_is_not_served(void **state)
{
    assert_int_equal(serve("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: "
                           "chunked\r\n\r\n0\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n",
                           500),
                     MICO_ERR_FORMAT);
    assert_int_equal(served, 0);
    assert_string_equal(wire.out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_int_equal(serve("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 4\r\n\r\nGET /echo "
                           "HTTP/1.1\r\nHost: h\r\n\r\n",
                           500),
                     MICO_ERR_FORMAT);
    assert_int_equal(served, 0);
}

static void refusals_have_their_status(void **state)
{
    assert_int_equal(serve("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 65\r\n\r\n", 500), MICO_ERR_SIZE);
    assert_memory_equal(wire.out, "HTTP/1.1 413 ", 13);
    assert_int_equal(serve("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 500),
                     MICO_ERR_UNSUPPORTED);
    assert_memory_equal(wire.out, "HTTP/1.1 501 ", 13);
    assert_int_equal(serve("GET /echo HTTP/1.1\r\n\r\n", 500), MICO_ERR_FORMAT);
    assert_memory_equal(wire.out, "HTTP/1.1 400 ", 13);
}

static void peer_that_asks_before_it_sends_is_told_to_go_on(void **state)
{
    assert_int_equal(serve("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: "
                           "close\r\nContent-Length: 2\r\n\r\nhi",
                           9),
                     MICO_OK);
    assert_memory_equal(wire.out, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", 42);
}

static void connections_end_in_order_only_between_messages(void **state)
{
    assert_int_equal(serve("", 1), MICO_OK);
    assert_int_equal(serve("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n", 5), MICO_OK);
    assert_int_equal(serve("GET /echo HTTP/1.1\r\nHost: h\r\n\r\nGE", 5), MICO_ERR_CLOSED);
    assert_int_equal(serve("GET /begun HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 5),
                     MICO_ERR_STATE);
    assert_int_equal(served, 1);
}

static void connection_ends_after_a_hundred_requests(void **state)
{
    static char text[200 * 40];
    for (int i = 0; i < 200; i++) {
        strcat(text, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    peer_says(text);
    wire.out_max = 7999;
    served = 0;
    mico_http_init(&http, MICO_HTTP_HOST_NEEDED, head, sizeof head, body, sizeof body);
    assert_int_equal(mico_http_serve(&io, &http, handle, NULL, 1000), MICO_OK);
    assert_int_equal(served, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(question_has_host_length_and_its_body),
        cmocka_unit_test(body_of_unknown_length_goes_out_in_chunks),
        cmocka_unit_test(answer_to_head_has_no_body),
        cmocka_unit_test(bytes_behind_an_answer_end_the_connection),
        cmocka_unit_test(bad_answers_get_their_errors),
        cmocka_unit_test(question_that_would_smuggle_is_not_sent),
        cmocka_unit_test(requests_on_one_connection_are_answered_in_order),
        cmocka_unit_test(smuggled_second_request_is_not_served),
        cmocka_unit_test(refusals_have_their_status),
        cmocka_unit_test(peer_that_asks_before_it_sends_is_told_to_go_on),
        cmocka_unit_test(connections_end_in_order_only_between_messages),
        cmocka_unit_test(connection_ends_after_a_hundred_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
