/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/examples/test_expected.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "apps/examples/test_run.h"

static FILE *expected;

void expect_open(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/apps/examples/%s/expected.txt", MICO_SOURCE_DIR, name);
    expected = fopen(path, "r");
    assert_non_null(expected);
}

void expect_lines(int count)
{
    char wanted[256];
    for (int i = 0; i < count && fgets(wanted, sizeof wanted, expected) != NULL; i++) {
        wanted[strcspn(wanted, "\n")] = '\0';
        assert_string_equal(run_line(), wanted);
    }
}

void expect_rest(void)
{
    expect_lines(INT_MAX);
    fclose(expected);
    run_stop();
}
