/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/log.h"

static void ct_equal_finds_a_difference_in_any_bit_of_any_byte(void **state)
{
    uint8_t a[33], b[33];
    memset(a, 0x5A, sizeof a);
    memcpy(b, a, sizeof b);
    assert_true(mico_ct_equal(a, b, sizeof a));
    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(mico_ct_equal(a, b, sizeof a));
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void ct_is_zero_sees_every_byte(void **state)
{
    uint8_t a[32] = {0};
    assert_true(mico_ct_is_zero(a, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        a[i] = 0x80;
        assert_false(mico_ct_is_zero(a, sizeof a));
        a[i] = 0;
    }
}

static void wipe_leaves_zeros(void **state)
{
    uint8_t secret[16];
    memset(secret, 0xEE, sizeof secret);
    mico_wipe(secret, sizeof secret);
    assert_true(mico_ct_is_zero(secret, sizeof secret));
}

static void reader_never_passes_its_end_and_stays_failed(void **state)
{
    const uint8_t wire[] = {1, 2, 3, 4, 5, 6, 7};
    struct mico_reader r = mico_reader_of(wire, sizeof wire);
    assert_int_equal(mico_read_u8(&r), 1);
    assert_int_equal(mico_read_be16(&r), 0x0203);
    assert_int_equal(mico_read_le16(&r), 0x0504);
    assert_int_equal(mico_read_le32(&r), 0);
    assert_true(r.failed);
    assert_int_equal(mico_read_u8(&r), 0);
    assert_int_equal(mico_read_bytes(&r, 0).len, 0);
    assert_false(mico_reader_done(&r));
}

static void writer_writes_what_the_reader_reads(void **state)
{
    uint8_t wire[32];
    struct mico_writer w = mico_writer_of(wire, sizeof wire);
    mico_write_u8(&w, 7);
    mico_write_le16(&w, 0x1234);
    mico_write_be16(&w, 0x1234);
    mico_write_le32(&w, 0x12345678);
    mico_write_be32(&w, 0x12345678);
    mico_write_le64(&w, 0x0123456789ABCDEF);
    mico_write_bytes(&w, "abc", 3);
    struct mico_reader r = mico_reader_of(wire, w.len);
    assert_int_equal(mico_read_u8(&r), 7);
    assert_int_equal(mico_read_le16(&r), 0x1234);
    assert_int_equal(mico_read_be16(&r), 0x1234);
    assert_int_equal(mico_read_le32(&r), 0x12345678);
    assert_int_equal(mico_read_be32(&r), 0x12345678);
    assert_true(mico_read_le64(&r) == 0x0123456789ABCDEF);
    assert_int_equal(mico_read_be24(&r), 0x616263);
    assert_true(mico_reader_done(&r));
}

static void writer_that_overflows_writes_nothing_more(void **state)
{
    uint8_t out[4] = {9, 9, 9, 9};
    struct mico_writer w = mico_writer_of(out, 3);
    mico_write_le16(&w, 0);
    mico_write_le16(&w, 0);
    mico_write_u8(&w, 1);
    assert_true(w.failed);
    assert_int_equal(w.len, 2);
    assert_int_equal(out[2], 9);
}

static void unhex_refuses_odd_long_and_foreign_text(void **state)
{
    uint8_t out[2] = {7, 7};
    assert_int_equal(mico_unhex("abc", out, 2), MICO_ERR_SIZE);
    assert_int_equal(mico_unhex("abcdef", out, 2), MICO_ERR_SIZE);
    assert_int_equal(mico_unhex("abcg", out, 2), MICO_ERR_FORMAT);
    assert_int_equal(out[0], 7);
    assert_int_equal(mico_unhex("aBcD", out, 2), MICO_OK);
    char hex[5];
    mico_hex(out, 2, hex);
    assert_string_equal(hex, "abcd");
}

static void crc32_is_the_check_value_of_the_catalogue(void **state)
{
    assert_int_equal(mico_crc32(0, (const uint8_t *)"123456789", 9), 0xCBF43926);
    assert_int_equal(mico_crc32(mico_crc32(0, (const uint8_t *)"1234", 4), (const uint8_t *)"56789", 5), 0xCBF43926);
}

static char logged[512];

static void keep(const char *line, size_t len)
{
    assert_true(len < sizeof logged);
    memcpy(logged, line, len);
    logged[len] = '\0';
}

static uint64_t at_42_ms(void)
{
    return 42;
}

static void log_line_has_time_tag_place_and_text_and_is_cut(void **state)
{
    mico_log_to(keep, at_42_ms);
    mico_log_line("Tag", "file.c", 7, "n = %d", 5);
    assert_string_equal(logged, "[42][Tag: file.c: 7] n = 5\n");
    char text[400];
    memset(text, 'x', sizeof text);
    text[399] = '\0';
    mico_log_line("Tag", "file.c", 7, "%s", text);
    assert_int_equal(strlen(logged), 255);
    assert_int_equal(logged[254], '\n');
    mico_log_to(NULL, NULL);
}

static void every_error_has_a_name(void **state)
{
    for (int err = MICO_OK; err >= MICO_ERR_BUSY; err--) {
        assert_string_not_equal(mico_err_name(err), "unknown");
    }
    assert_string_equal(mico_err_name(-1000), "unknown");
    assert_string_equal(mico_err_name(1), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ct_equal_finds_a_difference_in_any_bit_of_any_byte),
        cmocka_unit_test(ct_is_zero_sees_every_byte),
        cmocka_unit_test(wipe_leaves_zeros),
        cmocka_unit_test(reader_never_passes_its_end_and_stays_failed),
        cmocka_unit_test(writer_writes_what_the_reader_reads),
        cmocka_unit_test(writer_that_overflows_writes_nothing_more),
        cmocka_unit_test(unhex_refuses_odd_long_and_foreign_text),
        cmocka_unit_test(crc32_is_the_check_value_of_the_catalogue),
        cmocka_unit_test(log_line_has_time_tag_place_and_text_and_is_cut),
        cmocka_unit_test(every_error_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
