/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/tlv8.h"

static mico_err parse(const char *bytes, size_t len, struct mico_tlv8 *record)
{
    static uint8_t copy[64];
    memcpy(copy, bytes, len);
    return mico_tlv8_parse(copy, len, record, NULL);
}
#define PARSE(literal, record) parse((literal), sizeof(literal) - 1, (record))

static void value_of_any_length_survives_writing_and_parsing(void **state)
{
    static uint8_t value[1100], out[1200];
    for (size_t i = 0; i < sizeof value; i++) {
        value[i] = (uint8_t)(i * 7);
    }
    for (size_t len = 0; len <= sizeof value; len++) {
        struct mico_writer w = mico_writer_of(out, sizeof out);
        mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
        mico_tlv8_put(&w, MICO_TLV8_CERTIFICATE, value, len);
        mico_tlv8_put(&w, MICO_TLV8_PROOF, "x", 1);
        assert_false(w.failed);
        struct mico_tlv8 record;
        assert_int_equal(mico_tlv8_parse(out, w.len, &record, NULL), MICO_OK);
        assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_STATE), 3);
        assert_true(mico_tlv8_is(&record, MICO_TLV8_CERTIFICATE, len));
        assert_memory_equal(record.value[MICO_TLV8_CERTIFICATE].data, value, len);
        assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_PROOF), 'x');
    }
}

static void long_value_is_split_into_pieces_of_255(void **state)
{
    uint8_t value[256] = {0}, out[300];
    struct mico_writer w = mico_writer_of(out, sizeof out);
    mico_tlv8_put(&w, 3, value, 255);
    assert_int_equal(w.len, 257);
    w = mico_writer_of(out, sizeof out);
    mico_tlv8_put(&w, 3, value, 256);
    assert_int_equal(w.len, 260);
    assert_int_equal(out[1], 255);
    assert_int_equal(out[257], 3);
    assert_int_equal(out[258], 1);
}

static void every_cut_of_a_message_is_malformed_or_a_shorter_message(void **state)
{
    static const char whole[] = "\x06\x01\x03\x03\x02xy\x04\x00";
    struct mico_tlv8 record;
    for (size_t len = 0; len < sizeof whole; len++) {
        bool at_item = len == 0 || len == 3 || len == 7 || len == 9;
        assert_int_equal(parse(whole, len, &record), at_item ? MICO_OK : MICO_ERR_FORMAT);
        assert_true(at_item || !record.has[MICO_TLV8_STATE]); /* nothing of a malformed record is left to use */
    }
}

static void duplicate_is_malformed_even_of_an_unknown_type(void **state)
{
    struct mico_tlv8 record;
    assert_int_equal(PARSE("\x06\x01\x01\x00\x01\x00\x06\x01\x01", &record), MICO_ERR_FORMAT);
    assert_int_equal(PARSE("\x06\x01\x01\x06\x01\x01", &record), MICO_ERR_FORMAT); /* consecutive, but not after 255 */
    assert_int_equal(PARSE("\x77\x00\x06\x01\x01\x77\x00", &record), MICO_ERR_FORMAT);
}

static void unknown_type_is_left_out(void **state)
{
    struct mico_tlv8 record;
    assert_int_equal(PARSE("\x77\x02zz\x06\x01\x01\x14\x01z", &record), MICO_OK);
    assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_STATE), 1);
}

static void empty_continuation_is_malformed(void **state)
{
    uint8_t bytes[2 + 255 + 2] = {3, 255};
    struct mico_tlv8 record;
    bytes[257] = 3;
    assert_int_equal(mico_tlv8_parse(bytes, sizeof bytes, &record, NULL), MICO_ERR_FORMAT);
    bytes[257] = 4; /* another type, empty: fine */
    assert_int_equal(mico_tlv8_parse(bytes, sizeof bytes, &record, NULL), MICO_OK);
    assert_int_equal(record.value[3].len, 255);
}

static void separator_ends_a_record_and_only_where_a_list_is_wanted(void **state)
{
    uint8_t list[] = {1, 1, 'a', 0xFF, 0, 1, 1, 'b'};
    struct mico_tlv8 record;
    struct mico_span rest;
    assert_int_equal(mico_tlv8_parse(list, sizeof list, &record, NULL), MICO_ERR_FORMAT);
    assert_int_equal(mico_tlv8_parse(list, sizeof list, &record, &rest), MICO_OK);
    assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_IDENTIFIER), 'a');
    assert_int_equal(rest.len, 3);
    assert_int_equal(mico_tlv8_parse(list + 5, rest.len, &record, &rest), MICO_OK);
    assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_IDENTIFIER), 'b');
    assert_int_equal(rest.len, 0);
}

static void byte_is_absent_when_it_has_another_length(void **state)
{
    struct mico_tlv8 record;
    assert_int_equal(PARSE("\x06\x02\x01\x01", &record), MICO_OK);
    assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_STATE), -1);
    assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_ERROR), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_of_any_length_survives_writing_and_parsing),
        cmocka_unit_test(long_value_is_split_into_pieces_of_255),
        cmocka_unit_test(every_cut_of_a_message_is_malformed_or_a_shorter_message),
        cmocka_unit_test(duplicate_is_malformed_even_of_an_unknown_type),
        cmocka_unit_test(unknown_type_is_left_out),
        cmocka_unit_test(empty_continuation_is_malformed),
        cmocka_unit_test(separator_ends_a_record_and_only_where_a_list_is_wanted),
        cmocka_unit_test(byte_is_absent_when_it_has_another_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
