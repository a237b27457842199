/* SPDX-License-Identifier: Apache-2.0 */
/* An example as a process of this machine; see test_run.h. */
#include "apps/examples/test_run.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000

static pid_t child;
static int out_fd, type_fd;
static uint16_t port;
static char flash[32]; /* its file, in the tests' directory: each test has its own */

static uint16_t free_port(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof any;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &len), 0);
    close(fd);
    return ntohs(any.sin_port);
}

void run_start(const char *name)
{
    char path[512], number[8];
    int ends[2], typing[2];
    port = free_port();
    snprintf(flash, sizeof flash, "examples-%d.flash", (int)getpid());
    unlink(flash);
    snprintf(path, sizeof path, EXAMPLES_DIR "/example_%s", name);
    snprintf(number, sizeof number, "%u", port);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(typing), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], 1);
        dup2(typing[0], 0);
        close(ends[0]);
        close(ends[1]);
        close(typing[0]);
        close(typing[1]);
        execl(path, path, "--port", number, "--flash", flash, (char *)NULL);
        perror(path);
        _exit(127);
    }
    close(ends[1]);
    close(typing[0]);
    out_fd = ends[0];
    type_fd = typing[1];
}

void run_type(const char *line)
{
    size_t len = strlen(line);
    assert_int_equal(write(type_fd, line, len), (ssize_t)len);
    assert_int_equal(write(type_fd, "\n", 1), 1);
}

void run_expect(const char *text)
{
    char seen[4096] = "";
    for (size_t len = 0; strstr(seen, text) == NULL; len++) {
        struct pollfd ready = {out_fd, POLLIN, 0};
        if (len == sizeof seen - 1 || poll(&ready, 1, PATIENCE_MS) <= 0 || read(out_fd, seen + len, 1) != 1) {
            fail_msg("it does not say %s but: %.*s", text, (int)len, seen);
        }
        seen[len + 1] = '\0';
    }
}

static int wire = -1;

/* A member of the group on the loopback interface, as the example is. */
void run_start_wired(const char *name)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(5353)};
    struct in_addr own = {htonl(INADDR_LOOPBACK)};
    struct ip_mreq group = {.imr_multiaddr.s_addr = inet_addr("224.0.0.251"), .imr_interface = own};
    int on = 1;
    if (wire >= 0) {
        close(wire);
    }
    wire = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(wire, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    assert_int_equal(bind(wire, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(setsockopt(wire, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), 0);
    assert_int_equal(setsockopt(wire, IPPROTO_IP, IP_MULTICAST_IF, &own, sizeof own), 0);
    run_start(name);
}

size_t run_mdns(const uint8_t *query, size_t len, uint8_t *answer, size_t cap)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr.s_addr = inet_addr("224.0.0.251"), .sin_port = htons(5353)};
    struct pollfd ready = {wire, POLLIN, 0};
    assert_int_equal(sendto(wire, query, len, 0, (struct sockaddr *)&to, sizeof to), (ssize_t)len);
    while (poll(&ready, 1, 1000) > 0) {
        ssize_t got = recv(wire, answer, cap, 0);
        if (got > 2 && (answer[2] & 0x80) != 0) {
            return (size_t)got;
        }
    }
    return 0;
}

const char *run_line(void)
{
    static char line[512];
    size_t len = 0;
    for (;;) {
        struct pollfd ready = {out_fd, POLLIN, 0};
        if (len == sizeof line - 1 || poll(&ready, 1, PATIENCE_MS) <= 0 || read(out_fd, line + len, 1) != 1) {
            fail_msg("no whole line of log; so far: %.*s", (int)len, line);
        }
        if (line[len] == '\n') {
            break;
        }
        len++;
    }
    line[len] = '\0';
    const char *text = strstr(line, "] ");
    return text != NULL ? text + 2 : line;
}

static int connect_by(int type)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = socket(AF_INET, type, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

uint16_t run_port(void)
{
    return port;
}

int run_connect(void)
{
    return connect_by(SOCK_STREAM);
}

int run_connect_udp(void)
{
    return connect_by(SOCK_DGRAM);
}

void run_stop(void)
{
    int status;
    assert_int_equal(waitpid(child, &status, WNOHANG), 0); /* it goes on, even when application_start has returned */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(out_fd);
    close(type_fd);
    unlink(flash);
}
