/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/http/http.h"

#define BODY_MAX 4096

static struct mico_http http;
static char head[2049];
static uint8_t body[BODY_MAX];

/* Feed text in pieces; the error, or MICO_OK at its end or at the end of the first message. */
static mico_err feed(unsigned flags, const char *text, size_t piece)
{
    size_t len = strlen(text);
    mico_http_init(&http, flags, head, sizeof head, body, sizeof body);
    for (size_t at = 0; at < len && !http.complete;) {
        size_t used;
        size_t step = piece < len - at ? piece : len - at;
        mico_err err = mico_http_feed(&http, (const uint8_t *)text + at, step, &used);
        if (err != MICO_OK) {
            return err;
        }
        at += used;
    }
    return MICO_OK;
}

static void refused_as(unsigned flags, const char *text, mico_err err)
{
    for (size_t piece = 1; piece < 40; piece += 13) {
        assert_int_equal(feed(flags, text, piece), err);
    }
}

static void refused(const char *text, mico_err err)
{
    refused_as(0, text, err);
}

static void request_in_pieces_of_any_size_is_the_same_request(void **state)
{
    const char *text =
        "PUT /characteristics?id=1.9&ev=1 HTTP/1.1\r\nHost: lamp\r\nContent-Type: application/hap+json\r\n"
        "content-length:  5 \r\nX-Empty:\r\n\r\nhello";
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        assert_int_equal(feed(0, text, piece), MICO_OK);
        assert_true(http.complete);
        assert_int_equal(http.method, MICO_HTTP_PUT);
        assert_string_equal(http.path, "/characteristics");
        assert_string_equal(http.query, "id=1.9&ev=1");
        assert_int_equal(http.body_len, 5);
        assert_memory_equal(http.body, "hello", 5);
        assert_string_equal(mico_http_field(&http, "host"), "lamp");
        assert_string_equal(mico_http_field(&http, "CONTENT-type"), "application/hap+json");
        assert_string_equal(mico_http_field(&http, "Content-Length"), "5");
        assert_string_equal(mico_http_field(&http, "x-empty"), "");
        assert_null(mico_http_field(&http, "Accept"));
        assert_true(http.keep_alive);
    }
}

static void second_request_is_left_for_later(void **state)
{
    const char *text = "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
    size_t used;
    mico_http_init(&http, 0, head, sizeof head, NULL, 0);
    assert_int_equal(mico_http_feed(&http, (const uint8_t *)text, strlen(text), &used), MICO_OK);
    assert_true(http.complete);
    assert_int_equal(used, 19);
    assert_string_equal(http.path, "/a");
    assert_string_equal(http.query, "");
    mico_http_reset(&http);
    assert_false(http.complete);
    assert_int_equal(mico_http_feed(&http, (const uint8_t *)text + 19, 19, &used), MICO_OK);
    assert_string_equal(http.path, "/b");
}

static void content_length_is_one_plain_number_within_the_bound(void **state)
{
    refused("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\nContent-Length: 4097\r\n\r\n", MICO_ERR_SIZE);
    refused("POST / HTTP/1.1\r\nContent-Length: 4294967297\r\n\r\n", MICO_ERR_SIZE);
    refused("POST / HTTP/1.1\r\nContent-Length: 18446744073709551617\r\n\r\n", MICO_ERR_SIZE);
    assert_int_equal(feed(0, "POST / HTTP/1.1\r\nContent-Length: 0004096\r\n\r\n", 7), MICO_OK);
    assert_false(http.complete);
}

static void transfer_encoding_that_is_not_allowed_is_refused_with_or_without_a_length(void **state)
{
    refused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", MICO_ERR_UNSUPPORTED);
    refused("POST / HTTP/1.1\r\nContent-Length: 3\r\ntransfer-encoding: identity\r\n\r\n", MICO_ERR_UNSUPPORTED);
    refused("POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\n Transfer-Encoding: chunked\r\n\r\n", MICO_ERR_FORMAT);
}

static void two_framings_of_one_body_are_refused_where_chunks_are_allowed(void **state)
{
    static const char *const unsupported[] = {"gzip", "gzip, chunked", "chunked, chunked", "identity",
                                              "",     "xchunked",      "chunked;a"};
    char text[128];
    refused_as(MICO_HTTP_CHUNKED_ALLOWED,
               "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", MICO_ERR_FORMAT);
    refused_as(MICO_HTTP_CHUNKED_ALLOWED,
               "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", MICO_ERR_FORMAT);
    refused_as(MICO_HTTP_CHUNKED_ALLOWED,
               "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
               MICO_ERR_UNSUPPORTED);
    for (size_t i = 0; i < sizeof unsupported / sizeof unsupported[0]; i++) {
        snprintf(text, sizeof text, "POST / HTTP/1.1\r\nTransfer-Encoding: %s\r\n\r\n", unsupported[i]);
        refused_as(MICO_HTTP_CHUNKED_ALLOWED, text, MICO_ERR_UNSUPPORTED);
    }
}

static void chunks_become_one_body(void **state)
{
    const char *text = "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n"
                       "5\r\nhello\r\n00a;name=value\r\n, world!!!\r\n0\r\nTrailer: x\r\n\r\n";
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        assert_int_equal(feed(MICO_HTTP_CHUNKED_ALLOWED, text, piece), MICO_OK);
        assert_true(http.complete);
        assert_int_equal(http.body_len, 15);
        assert_memory_equal(http.body, "hello, world!!!", 15);
    }
}

static void broken_chunks_are_refused(void **state)
{
    static const struct {
        const char *body;
        mico_err err;
    } broken[] = {
        {"5\nhello\r\n0\r\n\r\n", MICO_ERR_FORMAT},
        {"5\r\nhello0\r\n\r\n", MICO_ERR_FORMAT},
        {"5\r\nhello\r\r\n0\r\n\r\n", MICO_ERR_FORMAT},
        {"x\r\n", MICO_ERR_FORMAT},
        {"\r\n", MICO_ERR_FORMAT},
        {"-1\r\n", MICO_ERR_FORMAT},
        {"+5\r\n", MICO_ERR_FORMAT},
        {"5 \r\nhello\r\n", MICO_ERR_FORMAT},
        {"000000005\r\n", MICO_ERR_FORMAT},
        {"1001\r\n", MICO_ERR_SIZE},
        {"ffffffff\r\n", MICO_ERR_SIZE},
        {"5\rx\nhello", MICO_ERR_FORMAT},
    };
    char text[256];
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        snprintf(text, sizeof text, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n%s", broken[i].body);
        refused_as(MICO_HTTP_CHUNKED_ALLOWED, text, broken[i].err);
    }
    snprintf(text, sizeof text, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;%0150d\r\n", 1);
    refused_as(MICO_HTTP_CHUNKED_ALLOWED, text, MICO_ERR_SIZE);
}

static void ambiguous_lines_are_refused(void **state)
{
    refused("GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET / HTTP/1.1\r\nA: b\nContent-Length: 3\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET / HTTP/1.1\r\nno colon\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET / HTTP/1.1\r\n: empty\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET / HTTP/1.0\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET / HTTP/1.1 \r\n\r\n", MICO_ERR_FORMAT);
    refused("GET  / HTTP/1.1\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET http://x/ HTTP/1.1\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET /\r\n\r\n", MICO_ERR_FORMAT);
    refused("\r\n\r\n", MICO_ERR_FORMAT);
    refused("GET /\xc3\xa4 HTTP/1.1\r\n\r\n", MICO_ERR_FORMAT);
    size_t used;
    mico_http_init(&http, 0, head, sizeof head, NULL, 0);
    assert_int_equal(mico_http_feed(&http, (const uint8_t *)"GET /\0", 6, &used), MICO_ERR_FORMAT);
}

static void one_host_is_needed_where_it_is_asked_for(void **state)
{
    refused_as(MICO_HTTP_HOST_NEEDED, "GET / HTTP/1.1\r\n\r\n", MICO_ERR_FORMAT);
    refused_as(MICO_HTTP_HOST_NEEDED, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", MICO_ERR_FORMAT);
    assert_int_equal(feed(MICO_HTTP_HOST_NEEDED, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 9), MICO_OK);
}

static void connection_close_ends_keeping_alive(void **state)
{
    assert_int_equal(feed(0, "GET / HTTP/1.1\r\nConnection: upgrade, Close\r\n\r\n", 5), MICO_OK);
    assert_false(http.keep_alive);
    assert_int_equal(feed(0, "GET / HTTP/1.1\r\nConnection: closed\r\n\r\n", 5), MICO_OK);
    assert_true(http.keep_alive);
}

static void head_longer_than_its_bound_is_refused_at_the_bound(void **state)
{
    static uint8_t long_head[1 << 20];
    size_t used;
    memset(long_head, 'a', sizeof long_head);
    memcpy(long_head, "GET /", 5);
    mico_http_init(&http, 0, head, sizeof head, NULL, 0);
    assert_int_equal(mico_http_feed(&http, long_head, sizeof long_head, &used), MICO_ERR_SIZE);
    assert_int_equal(used, sizeof head);
}

static mico_err add_up(void *ctx, const uint8_t *data, size_t len)
{
    size_t *sum = ctx;
    *sum += len;
    return *sum > 20000 ? MICO_ERR_FULL : MICO_OK;
}

static void streamed_body_is_given_as_it_comes_within_its_bound(void **state)
{
    static char text[64 + 30000];
    size_t sum = 0, used;
    int start = snprintf(text, sizeof text, "PUT / HTTP/1.1\r\nContent-Length: 16000\r\n\r\n");
    mico_http_init(&http, 0, head, sizeof head, NULL, 0);
    mico_http_stream(&http, add_up, &sum, 16000);
    assert_int_equal(mico_http_feed(&http, (const uint8_t *)text, (size_t)start + 16000, &used), MICO_OK);
    assert_true(http.complete);
    assert_int_equal(sum, 16000);
    mico_http_reset(&http);
    assert_int_equal(mico_http_feed(&http, (const uint8_t *)text, (size_t)start + 8000, &used),
                     MICO_ERR_FULL); /* its taker's */
    mico_http_init(&http, 0, head, sizeof head, NULL, 0);
    mico_http_stream(&http, add_up, &sum, 15999);
    assert_int_equal(mico_http_feed(&http, (const uint8_t *)text, (size_t)start, &used), MICO_ERR_SIZE);
}

static void response_is_read_with_its_status_and_body(void **state)
{
    const char *text = "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        assert_int_equal(feed(MICO_HTTP_RESPONSE, text, piece), MICO_OK);
        assert_true(http.complete);
        assert_int_equal(http.status, 404);
        assert_string_equal(http.reason, "Not Found");
        assert_memory_equal(http.body, "no", 2);
        assert_true(http.keep_alive);
    }
}

static void response_without_length_ends_with_its_connection(void **state)
{
    assert_int_equal(feed(MICO_HTTP_RESPONSE, "HTTP/1.0 200 OK\r\n\r\nall of it", 4), MICO_OK);
    assert_false(http.complete);
    assert_int_equal(mico_http_closed(&http), MICO_OK);
    assert_true(http.complete);
    assert_false(http.keep_alive);
    assert_int_equal(http.body_len, 9);
    assert_int_equal(feed(MICO_HTTP_RESPONSE, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 4), MICO_OK);
    assert_int_equal(mico_http_closed(&http), MICO_ERR_CLOSED);
    assert_int_equal(feed(MICO_HTTP_RESPONSE, "HTTP/1.1 200 OK\r\nContent", 4), MICO_OK);
    assert_int_equal(mico_http_closed(&http), MICO_ERR_CLOSED);
}

static void responses_that_have_no_body_need_no_length(void **state)
{
    assert_int_equal(feed(MICO_HTTP_RESPONSE, "HTTP/1.1 204 No Content\r\n\r\n", 4), MICO_OK);
    assert_true(http.complete);
    assert_int_equal(feed(MICO_HTTP_RESPONSE, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 4), MICO_OK);
    assert_true(http.complete);
    assert_int_equal(feed(MICO_HTTP_RESPONSE | MICO_HTTP_NO_BODY, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 4),
                     MICO_OK);
    assert_true(http.complete);
}

static void wrong_status_lines_are_refused(void **state)
{
    static const char *const wrong[] = {
        "HTTP/1.1 20 OK",  "HTTP/1.1 2000 OK", "HTTP/2 200 OK",   "HTTP/1.1  200 OK", "HTTP/1.1 099 x",
        "http/1.1 200 OK", "EVENT/1.0 200 OK", "HTTP/1.1 20x OK", "200 OK",           ""};
    char text[64];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(text, sizeof text, "%s\r\nContent-Length: 0\r\n\r\n", wrong[i]);
        refused_as(MICO_HTTP_RESPONSE, text, MICO_ERR_FORMAT);
    }
    assert_int_equal(
        feed(MICO_HTTP_RESPONSE | MICO_HTTP_EVENTS_ALLOWED, "EVENT/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 3),
        MICO_OK);
    assert_true(http.event && http.complete);
}

static void query_gives_the_value_of_a_whole_name(void **state)
{
    struct mico_span value = mico_http_query("xid=0&id=1.9,1.10&ev=1", "id");
    assert_int_equal(value.len, 8);
    assert_memory_equal(value.data, "1.9,1.10", 8);
    assert_null(mico_http_query("id", "id").data);
    assert_null(mico_http_query("", "id").data);
    assert_int_equal(mico_http_query("id=", "id").len, 0);
    assert_null(mico_http_query("id2=1", "id").data);
}

static void written_head_has_a_length_unless_it_is_204(void **state)
{
    uint8_t out[256];
    struct mico_writer w = mico_writer_of(out, sizeof out);
    mico_http_put_head(&w, 200, "application/hap+json", 12);
    mico_http_put_head(&w, 204, "application/hap+json", 0);
    mico_http_put_event_head(&w, 7);
    static const char want[] = "HTTP/1.1 200 OK\r\nContent-Type: application/hap+json\r\nContent-Length: 12\r\n\r\n"
                               "HTTP/1.1 204 No Content\r\n\r\n"
                               "EVENT/1.0 200 OK\r\nContent-Type: application/hap+json\r\nContent-Length: 7\r\n\r\n";
    assert_int_equal(w.len, sizeof want - 1);
    assert_memory_equal(out, want, w.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_in_pieces_of_any_size_is_the_same_request),
        cmocka_unit_test(second_request_is_left_for_later),
        cmocka_unit_test(content_length_is_one_plain_number_within_the_bound),
        cmocka_unit_test(transfer_encoding_that_is_not_allowed_is_refused_with_or_without_a_length),
        cmocka_unit_test(two_framings_of_one_body_are_refused_where_chunks_are_allowed),
        cmocka_unit_test(chunks_become_one_body),
        cmocka_unit_test(broken_chunks_are_refused),
        cmocka_unit_test(ambiguous_lines_are_refused),
        cmocka_unit_test(one_host_is_needed_where_it_is_asked_for),
        cmocka_unit_test(connection_close_ends_keeping_alive),
        cmocka_unit_test(head_longer_than_its_bound_is_refused_at_the_bound),
        cmocka_unit_test(streamed_body_is_given_as_it_comes_within_its_bound),
        cmocka_unit_test(response_is_read_with_its_status_and_body),
        cmocka_unit_test(response_without_length_ends_with_its_connection),
        cmocka_unit_test(responses_that_have_no_body_need_no_length),
        cmocka_unit_test(wrong_status_lines_are_refused),
        cmocka_unit_test(query_gives_the_value_of_a_whole_name),
        cmocka_unit_test(written_head_has_a_length_unless_it_is_204),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
