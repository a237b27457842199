/* SPDX-License-Identifier: Apache-2.0 */
/* A program of others beside a test; see program.h. */
#include "tests/peers/program.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_S 90 /* the demo under sanitizers takes long */

void program_start(struct program *p, const char *const argv[])
{
    int in[2], out[2];
    assert_int_equal(access(argv[0], X_OK), 0);
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    memset(p, 0, sizeof *p);
    p->pid = fork();
    assert_true(p->pid >= 0);
    if (p->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    p->in = in[1];
    p->out = out[0];
}

void program_expect(struct program *p, const char *text)
{
    time_t until = time(NULL) + PATIENCE_S;
    for (;;) {
        const char *found = strstr(p->text + p->seen, text);
        if (found != NULL) {
            p->seen = (unsigned)(found - p->text + strlen(text));
            return;
        }
        struct pollfd ready = {p->out, POLLIN, 0};
        ssize_t got = 0;
        if (time(NULL) < until && poll(&ready, 1, 1000) > 0) {
            got = read(p->out, p->text + p->len, sizeof p->text - 1 - p->len);
        }
        if (got <= 0 && (time(NULL) >= until || ready.revents != 0)) {
            fail_msg("the program did not say \"%s\"; it said:\n%s", text, p->text);
        }
        p->len += got > 0 ? (unsigned)got : 0;
        p->text[p->len] = '\0';
    }
}

void program_stop(struct program *p)
{
    close(p->in);
    waitpid(p->pid, NULL, 0);
    close(p->out);
}

void program_kill(struct program *p)
{
    kill(p->pid, SIGKILL);
    program_stop(p);
}
