/* SPDX-License-Identifier: Apache-2.0 */
/* What ./mico bench prints for programs: the shape that README.md promises, with null where there is no figure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_non_null(item);
    return item;
}

static void check_row(const cJSON *row)
{
    assert_true(cJSON_IsString(member(row, "name")) && cJSON_IsString(member(row, "unit")));
    assert_true(member(row, "value")->valuedouble > 0);
    bool peer = cJSON_IsString(member(row, "peer"));
    assert_int_equal(cJSON_IsNumber(member(row, "peer_value")), peer);
    assert_int_equal(cJSON_IsNumber(member(row, "ratio")), peer);
    bool bound = cJSON_IsNumber(member(row, "bound"));
    assert_int_equal(cJSON_IsBool(member(row, "ok")), bound);
    if (bound) {
        assert_int_equal(cJSON_IsTrue(member(row, "ok")),
                         member(row, "value")->valuedouble <= member(row, "bound")->valuedouble);
    }
}

static void bench_sizes_prints_rows_for_programs(void **state)
{
    static char text[65536];
    FILE *pipe = popen(MICO_TOOL " bench sizes --json", "r");
    assert_non_null(pipe);
    size_t len = fread(text, 1, sizeof text - 1, pipe);
    text[len] = '\0';
    int status = pclose(pipe);
    cJSON *object = cJSON_Parse(text);
    assert_non_null(object);
    assert_string_equal(member(object, "bench")->valuestring, "sizes");
    const cJSON *row;
    int count = 0;
    bool kept = true;
    cJSON_ArrayForEach(row, member(object, "rows"))
    {
        check_row(row);
        kept = kept && !cJSON_IsFalse(member(row, "ok"));
        count++;
    }
    assert_int_equal(count, 8); /* ROM and RAM of loader, chip, its boot stage and light */
    assert_int_equal(status == 0, kept);
    cJSON_Delete(object);
}

static void answer_that_cannot_be_written_is_no_success(void **state)
{
    int status = system("'" MICO_TOOL "' crash --help >/dev/full 2>/dev/null");
    assert_int_equal(WEXITSTATUS(status), 1);
}

static void bench_that_does_not_exist_is_refused(void **state)
{
    FILE *pipe = popen(MICO_TOOL " bench nonsense 2>&1", "r");
    char line[256];
    assert_non_null(fgets(line, sizeof line, pipe));
    assert_non_null(strstr(line, "nonsense"));
    while (fgets(line, sizeof line, pipe) != NULL) {
    }
    assert_int_not_equal(pclose(pipe), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bench_sizes_prints_rows_for_programs),
        cmocka_unit_test(bench_that_does_not_exist_is_refused),
        cmocka_unit_test(answer_that_cannot_be_written_is_no_success),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
