/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "pairing/controller/database.h"

static int aid, iid;

/* A bulb's On in a database with these ids, written as they are. */
static bool find(const char *aid_text, const char *iid_text, const char *type)
{
    char text[512];
    snprintf(text, sizeof text,
             "{\"accessories\":[{\"aid\":1,\"services\":[{\"characteristics\":[{\"iid\":2,\"type\":\"14\"}]}]},"
             "{\"aid\":%s,\"services\":[{},{\"characteristics\":[7,{\"iid\":%s,\"type\":\"%s\"}]}]}]}",
             aid_text, iid_text, type);
    cJSON *database = cJSON_Parse(text);
    assert_non_null(database);
    aid = iid = -1;
    bool found = mico_database_find(database, "25", &aid, &iid);
    cJSON_Delete(database);
    return found;
}

static void type_is_found_short_and_in_full(void **state)
{
    static const char *const types[] = {"25", "00000025-0000-1000-8000-0026BB765291", "00000025"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        assert_true(find("3", "9", types[i]));
        assert_int_equal(aid, 3);
        assert_int_equal(iid, 9);
    }
    assert_false(find("3", "9", "250"));
    assert_false(find("3", "9", "00000025-0000-1000-8000-0026BB765292"));
    assert_true(find("2147483647", "9", "25"));
}

static void id_that_is_no_whole_number_is_no_id(void **state)
{
    static const char *const ids[] = {"\"1\"", "null", "{}", "0", "-1", "1.5", "1e300", "2147483648", "true"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        assert_false(find(ids[i], "9", "25"));
        assert_false(find("3", ids[i], "25"));
        assert_int_equal(aid, -1);
        assert_int_equal(iid, -1);
    }
}

static void what_is_no_database_has_nothing(void **state)
{
    static const char *const texts[] = {"1", "[]", "{}", "{\"accessories\":1}",
                                        "{\"accessories\":[[],{\"services\":\"x\"}]}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cJSON *database = cJSON_Parse(texts[i]);
        assert_false(mico_database_find(database, "25", &aid, &iid));
        cJSON_Delete(database);
    }
    assert_false(mico_database_find(NULL, "25", &aid, &iid));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(type_is_found_short_and_in_full),
        cmocka_unit_test(id_that_is_no_whole_number_is_no_id),
        cmocka_unit_test(what_is_no_database_has_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
