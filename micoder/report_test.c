/* SPDX-License-Identifier: Apache-2.0 */
/* What a bench's table tells people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "micoder/report.h"

static char said[4096];

static void print(const struct mico_bench_row *row)
{
    FILE *caught = tmpfile();
    assert_non_null(caught);
    fflush(stdout);
    int out = dup(1);
    dup2(fileno(caught), 1);
    mico_bench_print("test", row, 1, false);
    fflush(stdout);
    dup2(out, 1);
    close(out);
    rewind(caught);
    said[fread(said, 1, sizeof said - 1, caught)] = '\0';
    fclose(caught);
}

static void figures_below_ten_are_not_told_as_whole_numbers(void **state)
{
    const struct mico_bench_row row = {
        .name = "psa-sha256-1k", .value = 0.614, .unit = "us", .peer = "primitive", .peer_value = 0.602, .bound = 0.62};
    print(&row);
    assert_non_null(strstr(said, "0.61 us"));
    assert_non_null(strstr(said, "primitive: 0.60 (ratio 1.02)"));
    assert_non_null(strstr(said, "bound 0.62: kept"));
}

static void broken_bound_can_be_seen_in_the_figures(void **state)
{
    const struct mico_bench_row row = {.name = "psa-call", .value = 1.3, .unit = "us", .bound = 1.25};
    print(&row);
    assert_non_null(strstr(said, "1.30 us"));
    assert_non_null(strstr(said, "bound 1.25: BROKEN"));
}

static void bytes_are_whole(void **state)
{
    const struct mico_bench_row row = {
        .name = "loader ROM", .value = 63336, .unit = "bytes", .peer = "MCUboot", .peer_value = 24840, .bound = -1};
    print(&row);
    assert_non_null(strstr(said, "63336 bytes"));
    assert_non_null(strstr(said, "MCUboot: 24840 (ratio 2.55)"));
    assert_null(strstr(said, "bound"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_below_ten_are_not_told_as_whole_numbers),
        cmocka_unit_test(broken_bound_can_be_seen_in_the_figures),
        cmocka_unit_test(bytes_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
