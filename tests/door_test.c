/* SPDX-License-Identifier: Apache-2.0 */
/* The front door, ./mico, given wrong words: it says what and what next, before it installs or builds anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

static char said[16384];

/* Run ./mico with these words, where it may install and build nothing; its exit status. */
static int run(const char *words)
{
    char line[512];
    snprintf(line, sizeof line, "MICO_DEPS=/nonexistent '" MICO_SOURCE_DIR "/mico' %s 2>&1 </dev/null", words);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    said[fread(said, 1, sizeof said - 1, pipe)] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

static void wrong_words_are_named_with_the_next_step(void **state)
{
    static const struct {
        const char *words, *said, *next;
    } wrong[] = {
        {"dmeo", "error: no command 'dmeo'", "try: ./mico help"},
        {"build hots", "error: no build 'hots'", "try: ./mico build host"},
        {"build host ''", "error: no build ''", "try: ./mico build host"},
        {"build .*", "error: no build", "try: ./mico build host"},
        {"bench nonsense", "error: no bench 'nonsense'", "try: ./mico bench sizes, or"},
        {"bench --jsn", "error: no bench '--jsn'", "try: ./mico bench sizes, or"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int status = run(wrong[i].words);
        if (status != 2 || strstr(said, wrong[i].said) == NULL || strstr(said, wrong[i].next) == NULL) {
            fail_msg("./mico %s: status %d: %s", wrong[i].words, status, said);
        }
    }
}

static void help_is_there_for_whoever_asks_in_any_way(void **state)
{
    static const char *const asks[] = {"", "help", "--help", "-h", "demo --help", "build --help", "test host --help"};
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        assert_int_equal(run(asks[i]), 0);
        assert_non_null(strstr(said, "usage: ./mico COMMAND"));
    }
}

/* A copy of ./mico whose packages, sources and build are there, with a tool that says where it runs and what it got, and a cmake that
 * notes what it is to build; then one command there. */
static const char make_house[] =
    "set -e; house=$(mktemp -d /tmp/mico-door-XXXXXX); cd $house; cp '" MICO_SOURCE_DIR "/mico' .\n"
    "mkdir -p bin build/host/micoder deps/src elsewhere\n"
    "cd deps/src; mkdir wolfssl-5.1 bearssl-0.1 lwip-2.1 json-c-0.1 mbedtls-3.6.1; cd $house\n"
    "touch build/host/build.ninja\n"
    "printf '#!/bin/sh\\nfor p in \"$@\"; do echo installed $p; done\\n' >bin/dpkg-query\n"
    "printf '#!/bin/sh\\nexit 1\\n' >bin/apt-get\n"
    "printf '#!/bin/sh\\nexit 0\\n' >bin/ninja; printf '#!/bin/sh\\necho \"$*\" >>'$house'/built\\n' >bin/cmake\n"
    "printf '#!/bin/sh\\necho \"$(pwd): $*\"\\n' >build/host/micoder/micoder\n"
    "chmod +x bin/* build/host/micoder/micoder\n"
    "cd elsewhere; PATH=$house/bin:$PATH MICO_DEPS=$house/deps ../mico %s 2>&1; cat $house/built; cd /; rm -r $house";

static void run_in_house(const char *words, const char *expected)
{
    char script[2048];
    snprintf(script, sizeof script, make_house, words);
    FILE *pipe = popen(script, "r");
    assert_non_null(pipe);
    said[fread(said, 1, sizeof said - 1, pipe)] = '\0';
    int status = pclose(pipe);
    if (status != 0 || strstr(said, expected) == NULL) {
        fail_msg("status %d: %s", status, said);
    }
}

static void file_is_looked_for_where_its_caller_stands(void **state)
{
    run_in_house("image show 'my light.img'", "/elsewhere: image show my light.img\n");
}

static void bench_is_built_wherever_its_name_stands(void **state)
{
    run_in_house("bench psa-sizes", "--target bench_psa\n");
    run_in_house("bench --json psa-sizes", "--target bench_psa\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words_are_named_with_the_next_step),
        cmocka_unit_test(help_is_there_for_whoever_asks_in_any_way),
        cmocka_unit_test(bench_is_built_wherever_its_name_stands),
        cmocka_unit_test(file_is_looked_for_where_its_caller_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
