/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/http.h"
#include "pairing/json.h"

static struct mico_http_request request;

/* Feed text in pieces; the error, or MICO_OK at its end or at the end of the first request. */
static mico_err feed(const char *text, size_t piece)
{
    size_t len = strlen(text);
    mico_http_reset(&request);
    for (size_t at = 0; at < len && !request.complete;) {
        size_t used;
        size_t step = piece < len - at ? piece : len - at;
        mico_err err = mico_http_feed(&request, (const uint8_t *)text + at, step, &used);
        if (err != MICO_OK) {
            return err;
        }
        at += used;
    }
    return MICO_OK;
}

static void refused(const char *text, mico_err err)
{
    for (size_t piece = 1; piece < 40; piece += 13) {
        assert_int_equal(feed(text, piece), err);
    }
}

static void request_in_pieces_of_any_size_is_the_same_request(void **state)
{
    const char *text = "PUT /characteristics?id=1.9&ev=1 HTTP/1.1\r\nHost: lamp\r\nContent-Type: application/hap+json\r\n"
                       "content-length:  5 \r\n\r\nhello";
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        assert_int_equal(feed(text, piece), MICO_OK);
        assert_true(request.complete);
        assert_int_equal(request.method, MICO_HTTP_PUT);
        assert_string_equal(request.path, "/characteristics");
        assert_string_equal(request.query, "id=1.9&ev=1");
        assert_int_equal(request.body_len, 5);
        assert_memory_equal(request.body, "hello", 5);
    }
}

static void second_request_is_left_for_later(void **state)
{
    const char *text = "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
    size_t used;
    mico_http_reset(&request);
    assert_int_equal(mico_http_feed(&request, (const uint8_t *)text, strlen(text), &used), MICO_OK);
    assert_true(request.complete);
    assert_int_equal(used, 19);
    assert_string_equal(request.path, "/a");
    assert_string_equal(request.query, "");
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
    assert_int_equal(feed("POST / HTTP/1.1\r\nContent-Length: 0004096\r\n\r\n", 7), MICO_OK);
    assert_false(request.complete);
}

static void transfer_encoding_is_refused_with_or_without_a_length(void **state)
{
    refused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", MICO_ERR_UNSUPPORTED);
    refused("POST / HTTP/1.1\r\nContent-Length: 3\r\ntransfer-encoding: identity\r\n\r\n", MICO_ERR_UNSUPPORTED);
    refused("POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n", MICO_ERR_FORMAT);
    refused("POST / HTTP/1.1\r\n Transfer-Encoding: chunked\r\n\r\n", MICO_ERR_FORMAT);
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
    mico_http_reset(&request);
    assert_int_equal(mico_http_feed(&request, (const uint8_t *)"GET /\0", 6, &used), MICO_ERR_FORMAT);
}

static void head_longer_than_its_bound_is_refused_at_the_bound(void **state)
{
    static uint8_t head[1 << 20];
    size_t used;
    memset(head, 'a', sizeof head);
    memcpy(head, "GET /", 5);
    mico_http_reset(&request);
    assert_int_equal(mico_http_feed(&request, head, sizeof head, &used), MICO_ERR_SIZE);
    assert_int_equal(used, MICO_HTTP_HEAD_MAX + 1);
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

static mico_err parse(struct mico_json *json, const char *text)
{
    return mico_json_parse(json, text, strlen(text));
}

static void json_members_elements_and_values_are_found(void **state)
{
    struct mico_json json;
    assert_int_equal(parse(&json, "{\"a\":[{\"x\":{\"on\":1}},{\"on\":true}], \"on\":9007199254740992}"), MICO_OK);
    int list = mico_json_member(&json, 0, "a");
    int second = mico_json_next(&json, mico_json_first(&json, list));
    bool on = false;
    uint64_t number = 0;
    assert_int_equal(mico_json_member(&json, mico_json_first(&json, list), "on"), -1); /* it lies deeper */
    assert_true(mico_json_get_bool(&json, mico_json_member(&json, second, "on"), &on));
    assert_true(on);
    assert_int_equal(mico_json_next(&json, second), -1);
    assert_true(mico_json_get_uint(&json, mico_json_member(&json, 0, "on"), &number));
    assert_true(number == UINT64_C(1) << 53);
    assert_int_equal(mico_json_member(&json, -1, "on"), -1);
    assert_int_equal(mico_json_first(&json, -1), -1);
}

static void json_numbers_that_are_no_plain_integers_are_not_taken(void **state)
{
    struct mico_json json;
    uint64_t number = 7;
    assert_int_equal(parse(&json, "[-1,1.5,1e3,9007199254740993,99999999999999999999,\"1\",null]"), MICO_OK);
    for (int i = 1; i < json.count; i++) {
        assert_false(mico_json_get_uint(&json, i, &number));
    }
    assert_int_equal(number, 7);
}

static void json_that_is_malformed_too_deep_or_too_long_is_refused(void **state)
{
    static const char *const malformed[] = {
        "", " ", "{", "[1", "{\"a\"}", "{\"a\":1,\"b\"}", "{1:2}", "[truE]", "[tru]", "[0x1]", "{} {}", "[\"\xff\"]",
        "[\"\xc0\x80\"]", "[\"\xed\xa0\x80\"]", "[\"\xf4\x90\x80\x80\"]", "[\"\\x\"]", "{\"a\":1}}", "[\"a\":1]", "[abc]",
    };
    static char deep[64], wide[4096];
    struct mico_json json;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        if (parse(&json, malformed[i]) != MICO_ERR_FORMAT) {
            fail_msg("taken: %s", malformed[i]);
        }
    }
    memset(deep, '[', 30);
    memset(deep + 30, ']', 30);
    assert_int_equal(parse(&json, deep), MICO_ERR_SIZE);
    wide[0] = '[';
    for (size_t i = 1; i + 2 < sizeof wide; i += 2) {
        memcpy(wide + i, "1,", 2);
    }
    wide[sizeof wide - 3] = '1';
    wide[sizeof wide - 2] = ']';
    assert_int_equal(parse(&json, wide), MICO_ERR_SIZE);
}

static void json_text_out_is_escaped_and_bounded(void **state)
{
    char out[32];
    struct mico_writer w = mico_writer_of((uint8_t *)out, sizeof out);
    mico_json_string(&w, "a\"b\\c\n");
    assert_int_equal(w.len, 15);
    assert_memory_equal(out, "\"a\\\"b\\\\c\\u000a\"", w.len);
    mico_json_string(&w, "does not fit any more");
    assert_true(w.failed);
}

static void response_head_has_a_length_unless_it_is_204(void **state)
{
    uint8_t out[256];
    struct mico_writer w = mico_writer_of(out, sizeof out);
    mico_http_put_head(&w, 200, "application/hap+json", 12);
    mico_http_put_head(&w, 204, "application/hap+json", 0);
    mico_http_put_event_head(&w, 7);
    static const char want[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/hap+json\r\nContent-Length: 12\r\n\r\n"
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
        cmocka_unit_test(transfer_encoding_is_refused_with_or_without_a_length),
        cmocka_unit_test(ambiguous_lines_are_refused),
        cmocka_unit_test(head_longer_than_its_bound_is_refused_at_the_bound),
        cmocka_unit_test(query_gives_the_value_of_a_whole_name),
        cmocka_unit_test(json_members_elements_and_values_are_found),
        cmocka_unit_test(json_numbers_that_are_no_plain_integers_are_not_taken),
        cmocka_unit_test(json_that_is_malformed_too_deep_or_too_long_is_refused),
        cmocka_unit_test(json_text_out_is_escaped_and_bounded),
        cmocka_unit_test(response_head_has_a_length_unless_it_is_204),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
