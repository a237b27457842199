/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico test`: every test of every build, counted one by one. */
#include "micoder/commands.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

struct tally {
    long passed;
    long failed;
};

/* cmocka's closing lines count single tests; a program without them counts as one. */
static void count_line(const char *line, struct tally *here, bool *cmocka)
{
    long n;
    const char *at = strstr(line, "[  PASSED  ] ");
    if (at != NULL && sscanf(at, "[  PASSED  ] %ld test(s)", &n) == 1) {
        here->passed += n;
        *cmocka = true;
    }
    at = strstr(line, "[  FAILED  ] ");
    if (at != NULL && sscanf(at, "[  FAILED  ] %ld test(s)", &n) == 1) {
        here->failed += n;
        *cmocka = true;
    }
}

/* Add up ctest's log: "N/M Testing: NAME" begins a test, "Test Passed." or "Test Failed." ends it. */
static bool count_log(const char *path, struct tally *all)
{
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        return false;
    }
    char line[4096];
    struct tally here = {0, 0};
    bool cmocka = false;
    while (fgets(line, sizeof line, f) != NULL) {
        count_line(line, &here, &cmocka);
        bool passed = strncmp(line, "Test Passed.", 12) == 0;
        bool failed = strncmp(line, "Test Failed.", 12) == 0 || strncmp(line, "Unable to find executable", 25) == 0;
        if (passed && !cmocka) {
            here.passed = 1;
        }
        if (failed && here.failed == 0) {
            here.failed = 1; /* it crashed, hung or leaked after its last line */
        }
        if (passed || failed) {
            all->passed += here.passed;
            all->failed += here.failed;
            here = (struct tally){0, 0};
            cmocka = false;
        }
    }
    fclose(f);
    return true;
}

/* One expression for tests whose name has one of the words: of several -R ctest heeds the last alone. */
static void any_of(int argc, char **argv, char *out, size_t cap)
{
    size_t len = 0;
    out[0] = '\0';
    for (int i = 1; i < argc && len < cap; i++) {
        len += (size_t)snprintf(out + len, cap - len, "%s%s", i > 1 ? "|" : "", argv[i]);
    }
}

/* Run ctest in one build tree; its own output goes to stderr as it comes. names "" stands for all. */
static int run_ctest(const char *build, const char *names)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        bool all = names[0] == '\0';
        /* A name may be of one build only; the sum below notices none at all. */
        const char *const args[] = {"ctest",
                                    "--test-dir",
                                    build,
                                    "-j2",
                                    "--output-on-failure",
                                    all ? "--no-tests=error" : "--no-tests=ignore",
                                    all ? NULL : "-R",
                                    names,
                                    NULL};
        execvp(args[0], (char *const *)(uintptr_t)args);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int mico_test_command(int argc, char **argv)
{
    static const char *const builds[] = {"asan", "host"};
    struct tally all = {0, 0};
    bool ran = true;
    char names[4096];
    any_of(argc, argv, names, sizeof names);
    for (size_t i = 0; i < sizeof builds / sizeof builds[0]; i++) {
        char build[600], log[700];
        snprintf(build, sizeof build, "%s/build/%s", mico_top(), builds[i]);
        snprintf(log, sizeof log, "%s/Testing/Temporary/LastTest.log", build);
        unlink(log);
        fprintf(stderr, "mico: tests of the %s build\n", builds[i]);
        struct tally before = all;
        int status = run_ctest(build, names);
        bool counted = count_log(log, &all);
        if (status != 0 && all.failed == before.failed) {
            all.failed++; /* ctest itself failed: never a green line */
        }
        ran = ran && (counted || argc > 1);
    }
    if (!ran || all.passed + all.failed == 0) {
        fprintf(stderr, "error: no test was run%s%s\n  try: %s\n", argc > 1 ? ": none has a name with " : "", names,
                argc > 1 ? "ctest --test-dir build/host -N names them" : "rm -rf build, then ./mico test");
        all.failed++;
    }
    printf("%ld passed, %ld failed\n", all.passed, all.failed);
    return all.failed == 0 ? 0 : 1;
}
