/* SPDX-License-Identifier: Apache-2.0 */
/* A program of others beside a test: its lines of output are waited for. It dies with the test. */
#ifndef TESTS_PEERS_PROGRAM_H
#define TESTS_PEERS_PROGRAM_H

#include <sys/types.h>

struct program {
    pid_t pid;
    int in, out;
    char text[16384]; /* what it has said */
    unsigned len, seen;
};

/** Start argv[0], an absolute path. */
void program_start(struct program *p, const char *const argv[]);

/** Wait until it says text, after what was waited for last; fails the test after 90 s. */
void program_expect(struct program *p, const char *text);

/** End its input, wait for it. */
void program_stop(struct program *p);

/** Kill it. */
void program_kill(struct program *p);

#endif
