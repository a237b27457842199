/* SPDX-License-Identifier: Apache-2.0 */
/* crash.c as a process; see crash_run.h. */
#include "tests/boards/crash_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 20000

static char dir[64], socket_path[96], crash_path[96], text[65536];
static size_t len, seen;
static int listener, link_fd, out_fd;
static pid_t pid;

static void accept_link(void)
{
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
    link_fd = accept(listener, NULL, NULL);
    assert_true(link_fd >= 0);
}

static void launch(int out)
{
    char *const arguments[] = {CRASH_FIRMWARE, "--link", socket_path, "--crash", crash_path, NULL};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, 1);
    dup2(out, 2);
    execv(arguments[0], arguments);
    perror("error: " CRASH_FIRMWARE);
    _exit(127);
}

static void begin(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        launch(ends[1]);
    }
    close(ends[1]);
    out_fd = ends[0];
    len = seen = 0;
    accept_link();
}

static void end(void)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(out_fd);
    close(link_fd);
}

void run_start(void)
{
    snprintf(dir, sizeof dir, "/tmp/mico-crash-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(socket_path, sizeof socket_path, "%s/link", dir);
    snprintf(crash_path, sizeof crash_path, "%s/crash", dir);
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    strcpy(at.sun_path, socket_path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 4), 0);
    begin();
}

void run_cut_power(void)
{
    end();
    begin();
}

void run_flash(char path[128])
{
    path[0] = '\0';
}

void run_stop(void)
{
    end();
    close(listener);
    unlink(socket_path);
    unlink(crash_path);
    rmdir(dir);
}

/* A new life connects anew. */
void run_letter(char letter)
{
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    if (poll(&ready, 1, 0) == 1) {
        close(link_fd);
        accept_link();
    }
    assert_int_equal(send(link_fd, &letter, 1, MSG_NOSIGNAL), 1);
}

const char *run_expect(const char *wanted)
{
    for (;;) {
        text[len] = '\0';
        char *at = strstr(text + seen, wanted);
        if (at != NULL) {
            seen = (size_t)(at - text) + strlen(wanted);
            return text + seen;
        }
        struct pollfd ready = {.fd = out_fd, .events = POLLIN};
        ssize_t got = poll(&ready, 1, PATIENCE_MS) == 1 ? read(out_fd, text + len, sizeof text - 1 - len) : 0;
        if (got <= 0) {
            fail_msg("the process did not say '%s' but:\n%s", wanted, text + seen);
        }
        len += (size_t)got;
    }
}

void run_record(struct mico_crash *crash)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    run_expect("in thread ");
    run_expect("crash firmware; ");
    seen -= strlen("crash firmware; ");
    FILE *file = fopen(crash_path, "rb");
    assert_non_null(file);
    size_t size = fread(record, 1, sizeof record, file);
    fclose(file);
    assert_int_equal(mico_crash_decode(record, size, crash), MICO_OK);
}

void run_elf(char path[512])
{
    snprintf(path, 512, "%s", CRASH_FIRMWARE);
}

const char *run_board(void)
{
    return "posix";
}
