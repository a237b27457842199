/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/controller/reply.h"

static struct mico_reply reply;

static mico_err feed(const char *text, size_t piece)
{
    size_t len = strlen(text);
    mico_reply_reset(&reply);
    for (size_t at = 0; at < len && !reply.complete;) {
        size_t used;
        mico_err err = mico_reply_feed(&reply, (const uint8_t *)text + at, piece < len - at ? piece : len - at, &used);
        if (err != MICO_OK) {
            return err;
        }
        at += used;
    }
    return MICO_OK;
}

static void expect(const char *text, int status, const char *body)
{
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        assert_int_equal(feed(text, piece), MICO_OK);
        assert_true(reply.complete);
        assert_int_equal(reply.status, status);
        assert_string_equal((const char *)reply.body, body);
    }
}

static void refused(const char *text, mico_err err)
{
    assert_int_equal(feed(text, 1), err);
    assert_int_equal(feed(text, 1000), err);
}

static void answer_in_pieces_of_any_size_is_the_same_answer(void **state)
{
    expect("HTTP/1.1 200 OK\r\nX: y\r\ncontent-length: 5\r\n\r\nhello", 200, "hello");
    assert_false(reply.event);
    expect("HTTP/1.1 204 No Content\r\n\r\n", 204, "");
    expect("HTTP/1.1 470\r\nContent-Length: 0\r\n\r\n", 470, "");
    expect("EVENT/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}");
    assert_true(reply.event);
}

static void chunked_answer_is_joined(void **state)
{
    expect("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00A;x=y\r\n, lamp man\r\n0\r\n\r\n", 200,
           "hello, lamp man");
    expect("HTTP/1.1 207 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n", 207, "");
}

static void ambiguous_or_oversized_answers_are_refused(void **state)
{
    refused("HTTP/1.0 200 OK\r\n\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 2000 OK\r\n\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 20 OK\r\n\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nContent-Length: 16385\r\n\r\n", MICO_ERR_SIZE);
    refused("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", MICO_ERR_UNSUPPORTED);
    refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n", MICO_ERR_SIZE);
    refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000001\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", MICO_ERR_FORMAT);
    refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx", MICO_ERR_FORMAT);
    static char long_head[4000] = "HTTP/1.1 200 OK\r\nX: ";
    memset(long_head + 20, 'y', sizeof long_head - 21);
    refused(long_head, MICO_ERR_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_in_pieces_of_any_size_is_the_same_answer),
        cmocka_unit_test(chunked_answer_is_joined),
        cmocka_unit_test(ambiguous_or_oversized_answers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
