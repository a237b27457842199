/* SPDX-License-Identifier: Apache-2.0 */
/* A command in this process with its output caught; see line_rig.h. */
#include "micoder/line_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WORDS_MAX 40

char line_said[LINE_TEXT_MAX], line_complained[LINE_TEXT_MAX];

void line_slurp(const char *path, char *out, unsigned long cap)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    out[fread(out, 1, cap - 1, file)] = '\0';
    fclose(file);
}

int line_run(int (*command)(int argc, char **argv), const char *line)
{
    static char words[2048];
    char *argv[WORDS_MAX];
    int argc = 0;
    snprintf(words, sizeof words, "%s", line);
    for (char *word = strtok(words, " "); word != NULL && argc < WORDS_MAX; word = strtok(NULL, " ")) {
        argv[argc++] = word;
    }
    fflush(stdout);
    fflush(stderr);
    int out = dup(1), err = dup(2);
    assert_non_null(freopen("said", "w", stdout));
    assert_non_null(freopen("complained", "w", stderr));
    int status = command(argc, argv);
    fflush(stdout);
    fflush(stderr);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    line_slurp("said", line_said, sizeof line_said);
    line_slurp("complained", line_complained, sizeof line_complained);
    return status;
}
