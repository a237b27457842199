/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/protocol/frame.h"

static struct mscp_deframer line;

/* Feed wire bytes; returns the number of frames, the last one in *frame. */
static unsigned feed(const uint8_t *wire, size_t len, struct mico_span *frame)
{
    unsigned frames = 0;
    for (size_t i = 0; i < len; i++) {
        struct mico_span got;
        if (mscp_deframe(&line, wire[i], &got)) {
            *frame = got;
            frames++;
        }
    }
    return frames;
}

static size_t example(uint8_t frame[MSCP_FRAME_MAX], size_t body_len)
{
    mscp_request_header(frame, body_len, MSCP_SIGN, MSCP_FLAG_SEALED, 0x11002233);
    for (size_t i = 0; i < body_len; i++) {
        frame[MSCP_REQUEST_HEADER + i] = (uint8_t)(i * 7 + i / 256); /* zeros and long runs without one */
    }
    return MSCP_REQUEST_HEADER + body_len;
}

static void every_length_of_frame_comes_back_and_has_no_zero_inside(void **state)
{
    uint8_t frame[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX];
    for (size_t body = 0; body <= MSCP_BODY_MAX; body++) {
        size_t len = example(frame, body);
        if (body % 2 == 1) {
            memset(frame + MSCP_REQUEST_HEADER, 0xAA, body); /* no zeros at all: the longest wire */
        }
        size_t wire_len = mscp_wire_encode((struct mico_span){frame, len}, wire);
        assert_true(wire_len <= sizeof wire);
        for (size_t i = 1; i + 1 < wire_len; i++) {
            assert_int_not_equal(wire[i], 0);
        }
        struct mico_span got;
        assert_int_equal(feed(wire, wire_len, &got), 1);
        assert_int_equal(got.len, len);
        assert_memory_equal(got.data, frame, len);
    }
}

static void a_flipped_bit_anywhere_gives_no_frame_and_the_next_frame_arrives(void **state)
{
    uint8_t frame[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX];
    size_t len = example(frame, 90);
    size_t wire_len = mscp_wire_encode((struct mico_span){frame, len}, wire);
    for (size_t bit = 8; bit < 8 * (wire_len - 1); bit++) {
        struct mico_span got;
        wire[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(feed(wire, wire_len, &got), 0);
        wire[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(feed(wire, wire_len, &got), 1);
        assert_memory_equal(got.data, frame, len);
    }
}

static void a_cut_or_doubled_byte_gives_no_frame_and_the_next_frame_arrives(void **state)
{
    uint8_t frame[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX], bad[MSCP_WIRE_MAX + 1];
    size_t len = example(frame, 300);
    size_t wire_len = mscp_wire_encode((struct mico_span){frame, len}, wire);
    for (size_t at = 1; at + 1 < wire_len; at++) {
        struct mico_span got;
        memcpy(bad, wire, at);
        memcpy(bad + at, wire + at + 1, wire_len - at - 1);
        assert_int_equal(feed(bad, wire_len - 1, &got), 0);
        memcpy(bad, wire, at + 1);
        memcpy(bad + at + 1, wire + at, wire_len - at);
        assert_int_equal(feed(bad, wire_len + 1, &got), 0);
        assert_int_equal(feed(wire, at, &got), 0); /* cut off, and then the whole */
        assert_int_equal(feed(wire, wire_len, &got), 1);
        assert_memory_equal(got.data, frame, len);
    }
}

static void garbage_longer_than_any_frame_is_skipped_to_the_next_zero(void **state)
{
    uint8_t frame[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX], garbage[5000];
    memset(garbage, 0xFF, sizeof garbage);
    size_t len = example(frame, 20);
    size_t wire_len = mscp_wire_encode((struct mico_span){frame, len}, wire);
    struct mico_span got;
    assert_int_equal(feed(garbage, sizeof garbage, &got), 0);
    assert_int_equal(feed(wire, wire_len, &got), 1);
    assert_memory_equal(got.data, frame, len);
}

static void headers_come_back_and_a_wrong_length_is_refused(void **state)
{
    uint8_t frame[MSCP_FRAME_MAX];
    size_t len = example(frame, 40);
    struct mscp_request request;
    assert_int_equal(mscp_request_parse((struct mico_span){frame, len}, &request), MICO_OK);
    assert_int_equal(request.command, MSCP_SIGN);
    assert_int_equal(request.flags, MSCP_FLAG_SEALED);
    assert_int_equal(request.session, 0x11002233);
    assert_int_equal(request.body.len, 40);
    assert_int_equal(mscp_request_parse((struct mico_span){frame, len - 1}, &request), MICO_ERR_SIZE);
    assert_int_equal(mscp_request_parse((struct mico_span){frame, len + 1}, &request), MICO_ERR_SIZE);
    assert_int_equal(mscp_request_parse((struct mico_span){frame, 7}, &request), MICO_ERR_SIZE);

    mscp_response_header(frame, 3, MSCP_REPLAY, 500);
    struct mscp_response response;
    assert_int_equal(mscp_response_parse((struct mico_span){frame, 9}, &response), MICO_OK);
    assert_int_equal(response.status, MSCP_REPLAY);
    assert_int_equal(response.detail, 500);
    assert_int_equal(mscp_response_parse((struct mico_span){frame, 8}, &response), MICO_ERR_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_of_frame_comes_back_and_has_no_zero_inside),
        cmocka_unit_test(a_flipped_bit_anywhere_gives_no_frame_and_the_next_frame_arrives),
        cmocka_unit_test(a_cut_or_doubled_byte_gives_no_frame_and_the_next_frame_arrives),
        cmocka_unit_test(garbage_longer_than_any_frame_is_skipped_to_the_next_zero),
        cmocka_unit_test(headers_come_back_and_a_wrong_length_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
