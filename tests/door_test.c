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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words_are_named_with_the_next_step),
        cmocka_unit_test(help_is_there_for_whoever_asks_in_any_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
