/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/protocol/record.h"

static void a_record_opens_only_whole_with_its_key_counter_and_header(void **state)
{
    uint8_t key[32], header[MSCP_REQUEST_HEADER], body[MSCP_RECORD_OVERHEAD + 40], work[sizeof body];
    memset(key, 9, sizeof key);
    memset(body + MSCP_RECORD_COUNTER, 0x77, 40);
    mscp_request_header(header, sizeof body, MSCP_SIGN, MSCP_FLAG_SEALED, 5);
    mscp_record_seal(key, 0x0102030405060708, MICO_SPAN(header), body, 40);
    uint64_t counter = 0;
    struct mico_span text;
    memcpy(work, body, sizeof body);
    assert_int_equal(mscp_record_open(key, MICO_SPAN(header), work, sizeof work, &counter, &text), MICO_OK);
    assert_int_equal(counter, 0x0102030405060708);
    assert_int_equal(text.len, 40);
    assert_int_equal(text.data[39], 0x77);
    for (size_t bit = 0; bit < 8 * sizeof body; bit++) {
        memcpy(work, body, sizeof body);
        work[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(mscp_record_open(key, MICO_SPAN(header), work, sizeof work, &counter, &text), MICO_ERR_AUTH);
    }
    for (size_t bit = 0; bit < 8 * sizeof header; bit++) {
        memcpy(work, body, sizeof body);
        header[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(mscp_record_open(key, MICO_SPAN(header), work, sizeof work, &counter, &text), MICO_ERR_AUTH);
        header[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < sizeof body; len++) {
        memcpy(work, body, sizeof body);
        mico_err expected = len < MSCP_RECORD_OVERHEAD ? MICO_ERR_SIZE : MICO_ERR_AUTH;
        assert_int_equal(mscp_record_open(key, MICO_SPAN(header), work, len, &counter, &text), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_opens_only_whole_with_its_key_counter_and_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
