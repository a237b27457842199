/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/protocol/status.h"
#include "mscp/protocol/tlv.h"

static void what_is_written_is_read(void **state)
{
    uint8_t body[128];
    struct mico_writer w = mico_writer_of(body, sizeof body);
    mscp_put_u8(&w, MSCP_TAG_STEP, 3);
    mscp_put_u16(&w, MSCP_TAG_TOTAL, 0x1234);
    mscp_put_u32(&w, MSCP_TAG_ID, 0x12345678);
    mscp_put_u64(&w, MSCP_TAG_VALUE, 0x123456789ABCDEF0);
    mscp_put_bytes(&w, MSCP_TAG_BYTES, "abc", 3);
    struct mscp_tlvs tlvs;
    assert_int_equal(mscp_tlvs_parse((struct mico_span){body, w.len}, &tlvs), MICO_OK);
    assert_int_equal(mscp_tlv_u8(&tlvs, MSCP_TAG_STEP), 3);
    assert_int_equal(mscp_tlv_u16(&tlvs, MSCP_TAG_TOTAL), 0x1234);
    assert_int_equal(mscp_tlv_u32(&tlvs, MSCP_TAG_ID), 0x12345678);
    assert_int_equal(mscp_tlv_u64(&tlvs, MSCP_TAG_VALUE), 0x123456789ABCDEF0);
    assert_int_equal(tlvs.value[MSCP_TAG_BYTES].len, 3);
    assert_int_equal(mscp_tlv_u32(&tlvs, MSCP_TAG_BOOT), 0);
    for (size_t cut = 1; cut < w.len; cut++) {
        mico_err err = mscp_tlvs_parse((struct mico_span){body, cut}, &tlvs);
        bool at_border = cut == 4 || cut == 9 || cut == 16 || cut == 27;
        assert_int_equal(err, at_border ? MICO_OK : MICO_ERR_FORMAT);
    }
}

static void a_doubled_unknown_or_missized_tag_is_refused(void **state)
{
    const uint8_t doubled[] = {MSCP_TAG_STEP, 1, 0, 1, MSCP_TAG_STEP, 1, 0, 1};
    const uint8_t unknown[] = {MSCP_TAG_LIMIT, 0, 0};
    const uint8_t gap[] = {0x12, 0, 0};
    const uint8_t zero[] = {0, 0, 0};
    const uint8_t missized[] = {MSCP_TAG_ID, 3, 0, 1, 2, 3};
    struct mscp_tlvs tlvs;
    assert_int_equal(mscp_tlvs_parse(MICO_SPAN(doubled), &tlvs), MICO_ERR_FORMAT);
    assert_int_equal(mscp_tlvs_parse(MICO_SPAN(unknown), &tlvs), MICO_ERR_FORMAT);
    assert_int_equal(mscp_tlvs_parse(MICO_SPAN(gap), &tlvs), MICO_ERR_FORMAT);
    assert_int_equal(mscp_tlvs_parse(MICO_SPAN(zero), &tlvs), MICO_ERR_FORMAT);
    assert_int_equal(mscp_tlvs_parse(MICO_SPAN(missized), &tlvs), MICO_ERR_SIZE);
    assert_int_equal(tlvs.present, 0);
}

static void statuses_and_commands_have_their_names(void **state)
{
    assert_string_equal(mscp_status_name(MSCP_OK), "OK");
    assert_string_equal(mscp_status_name(MSCP_POLICY_DENIED), "POLICY_DENIED");
    assert_string_equal(mscp_status_name(MSCP_REPLAY), "REPLAY");
    assert_string_equal(mscp_status_name(MSCP_RATE_LIMITED), "RATE_LIMITED");
    assert_string_equal(mscp_status_name(MSCP_STORAGE), "STORAGE");
    assert_string_equal(mscp_status_name(MSCP_TERMINATED), "TERMINATED");
    assert_string_equal(mscp_status_name((enum mscp_status) - 30), "UNKNOWN_STATUS");
    assert_string_equal(mscp_status_name((enum mscp_status)1), "UNKNOWN_STATUS");
    assert_string_equal(mscp_command_name(MSCP_SIGN), "SIGN");
    assert_string_equal(mscp_command_name(MSCP_GET_AUDIT_LOG), "GET_AUDIT_LOG");
    assert_string_equal(mscp_command_name(0xFF), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_doubled_unknown_or_missized_tag_is_refused),
        cmocka_unit_test(statuses_and_commands_have_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
