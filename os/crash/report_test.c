/* SPDX-License-Identifier: Apache-2.0 */
#include "os/crash/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static struct mico_crash largest(void)
{
    struct mico_crash crash = {.cause = MICO_CRASH_ASSERT,
                               .processor = MICO_CRASH_AARCH64,
                               .in_interrupt = true,
                               .exception = 7,
                               .status = 0xFFFFFFFF,
                               .address = UINT64_MAX,
                               .uptime_ms = UINT64_MAX,
                               .registers = MICO_CRASH_REGISTERS_MAX,
                               .calls = MICO_CRASH_CALLS_MAX};
    memset(crash.board, 'b', sizeof crash.board - 1);
    memset(crash.thread, 't', sizeof crash.thread - 1);
    memset(crash.what, 'w', sizeof crash.what - 1);
    for (unsigned i = 0; i < MICO_CRASH_REGISTERS_MAX; i++) {
        crash.reg[i] = 0x0123456789ABCDEFu * (i + 1);
    }
    for (unsigned i = 0; i < MICO_CRASH_CALLS_MAX; i++) {
        crash.call[i] = 0x40000u + i;
    }
    return crash;
}

static void the_largest_report_comes_back_as_it_was(void **state)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    struct mico_crash crash = largest(), back;
    size_t len = mico_crash_encode(&crash, record);
    memset(&back, 0xEE, sizeof back);
    assert_int_equal(mico_crash_decode(record, len, &back), MICO_OK);
    assert_string_equal(back.thread, crash.thread);
    assert_string_equal(back.what, crash.what);
    assert_string_equal(back.board, crash.board);
    assert_true(back.in_interrupt && back.cause == MICO_CRASH_ASSERT && back.uptime_ms == UINT64_MAX);
    assert_memory_equal(back.reg, crash.reg, sizeof crash.reg);
    assert_memory_equal(back.call, crash.call, sizeof crash.call);
}

static void every_flipped_bit_and_every_cut_is_refused(void **state)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    struct mico_crash crash = largest(), back;
    size_t len = mico_crash_encode(&crash, record);
    for (size_t bit = 0; bit < len * 8; bit++) {
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(mico_crash_decode(record, len, &back), MICO_OK);
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_not_equal(mico_crash_decode(record, cut, &back), MICO_OK);
    }
    assert_int_equal(mico_crash_decode(record, sizeof record, &back), MICO_OK); /* what follows does not matter */
}

static mico_err decode_changed(size_t at, uint8_t value)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    struct mico_crash crash = largest(), back;
    size_t len = mico_crash_encode(&crash, record);
    record[at] = value;
    mico_store_le32(record + len - 4, mico_crc32(0, record, len - 4));
    return mico_crash_decode(record, len, &back);
}

static void fields_out_of_their_bounds_are_refused_though_the_check_is_right(void **state)
{
    assert_int_equal(decode_changed(6, 1), MICO_OK);
    assert_int_equal(decode_changed(6, 2), MICO_ERR_FORMAT);   /* version */
    assert_int_equal(decode_changed(7, 0), MICO_ERR_FORMAT);   /* cause */
    assert_int_equal(decode_changed(7, 5), MICO_ERR_FORMAT);   /* cause */
    assert_int_equal(decode_changed(8, 0), MICO_ERR_FORMAT);   /* processor */
    assert_int_equal(decode_changed(8, 5), MICO_ERR_FORMAT);   /* processor */
    assert_int_equal(decode_changed(9, 32), MICO_ERR_FORMAT);  /* registers */
    assert_int_equal(decode_changed(10, 17), MICO_ERR_FORMAT); /* calls */
    assert_int_equal(decode_changed(10, 15), MICO_ERR_FORMAT); /* calls: bytes are left */
    assert_int_equal(decode_changed(11, 2), MICO_ERR_FORMAT);  /* flags */
    assert_int_equal(decode_changed(36, 16), MICO_ERR_FORMAT); /* a text as long as its room */
    assert_int_equal(decode_changed(37, '\n'), MICO_ERR_FORMAT);
}

static void texts_are_cut_and_made_printable(void **state)
{
    char out[8];
    mico_crash_text(out, sizeof out,
                    "a\nb\x1B"
                    "cdefghij");
    assert_string_equal(out, "a?b?cde");
    mico_crash_text(out, sizeof out, NULL);
    assert_string_equal(out, "");
}

static void registers_have_names(void **state)
{
    assert_string_equal(mico_crash_register_name(MICO_CRASH_CORTEX_M, 15), "pc");
    assert_null(mico_crash_register_name(MICO_CRASH_CORTEX_M, 17));
    assert_string_equal(mico_crash_register_name(MICO_CRASH_X86_64, 16), "rip");
    assert_string_equal(mico_crash_register_name(MICO_CRASH_AARCH64, 32), "pc");
    assert_null(mico_crash_register_name(MICO_CRASH_OTHER, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_report_comes_back_as_it_was),
        cmocka_unit_test(every_flipped_bit_and_every_cut_is_refused),
        cmocka_unit_test(fields_out_of_their_bounds_are_refused_though_the_check_is_right),
        cmocka_unit_test(texts_are_cut_and_made_printable),
        cmocka_unit_test(registers_have_names),
    };
    return cmocka_run_group_tests_name("crash report", tests, NULL, NULL);
}
