/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/json.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_members_elements_and_values_are_found),
        cmocka_unit_test(json_numbers_that_are_no_plain_integers_are_not_taken),
        cmocka_unit_test(json_that_is_malformed_too_deep_or_too_long_is_refused),
        cmocka_unit_test(json_text_out_is_escaped_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
