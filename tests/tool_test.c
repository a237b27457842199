/* SPDX-License-Identifier: Apache-2.0 */
/* The tool's `test` and `bench` given names: a copy of it in a folder of its own, with a ctest that says what it got. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

static char house[] = "/tmp/mico-tool-XXXXXX", said[8192];

static int run(const char *words)
{
    char line[512];
    snprintf(line, sizeof line, "PATH=%s/bin:$PATH %s/build/host/micoder/micoder %s 2>&1", house, house, words);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    said[fread(said, 1, sizeof said - 1, pipe)] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

static void every_name_that_is_given_is_tested(void **state)
{
    run("test store kernel");
    assert_non_null(strstr(said, "-R store|kernel\n"));
    run("test");
    assert_null(strstr(said, " -R ")); /* with the blanks: the folder may be mico-tool-R… */
}

static void name_of_no_test_fails_and_is_said(void **state)
{
    assert_int_equal(run("test strore"), 1);
    assert_non_null(strstr(said, "none has a name with strore"));
    assert_non_null(strstr(said, "0 passed, 1 failed"));
}

static void one_bench_at_a_time(void **state)
{
    assert_int_equal(run("bench sizes demo"), 2);
    assert_non_null(strstr(said, "'sizes' and 'demo'"));
}

/* ./mico refuses a wrong one before it builds; the tool has them. */
static void door_and_tool_name_the_same_benches(void **state)
{
    char door[512] = "";
    FILE *pipe = popen("MICO_DEPS=/nonexistent '" MICO_SOURCE_DIR "/mico' bench nonsense 2>&1 | grep try:", "r");
    assert_non_null(pipe);
    assert_non_null(fgets(door, sizeof door, pipe));
    pclose(pipe);
    assert_int_equal(run("bench nonsense"), 2);
    assert_non_null(strstr(said, door));
}

static int make(void **state)
{
    char line[512];
    assert_non_null(mkdtemp(house));
    snprintf(line, sizeof line,
             "cd %s && mkdir -p bin build/host/micoder && cp '" MICO_TOOL "' build/host/micoder && "
             "printf '#!/bin/sh\\necho $*\\n' >bin/ctest && chmod +x bin/ctest",
             house);
    return system(line);
}

static int unmake(void **state)
{
    char line[64];
    snprintf(line, sizeof line, "rm -r %s", house);
    return system(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_that_is_given_is_tested),
        cmocka_unit_test(name_of_no_test_fails_and_is_said),
        cmocka_unit_test(one_bench_at_a_time),
        cmocka_unit_test(door_and_tool_name_the_same_benches),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
