/* SPDX-License-Identifier: Apache-2.0 */
/* The posix board's serial lines: the console is standard input and output, the link a stream socket. */
#include "os/port/uart.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/boards/posix/events.h"
#include "os/boards/posix/posix.h"

#define RING 4096u

static struct line {
    int fd; /* that bytes come from; -1: not joined to anything */
    int watch;
    uint8_t ring[RING];
    size_t first, count;
    bool full;
    void (*callback)(void *ctx);
    void *ctx;
} lines[MICO_UART_COUNT] = {
    [MICO_UART_CONSOLE] = {.fd = -1, .watch = -1}, /* standard input, from when somebody wants to read it */
    [MICO_UART_LINK] = {.fd = -1, .watch = -1},
};

static void stop_watching(struct line *line)
{
    mico_posix_unwatch(line->watch);
    line->watch = -1;
}

/* "Interrupt": take what the descriptor has into the ring. A full ring leaves the rest there, unwatched until someone
 * reads. */
static void receive(void *ctx)
{
    struct line *line = ctx;
    uint8_t chunk[RING];
    size_t room = RING - line->count;
    line->full = room == 0;
    if (line->full) {
        stop_watching(line);
        return;
    }
    ssize_t got = read(line->fd, chunk, room); /* there is something, or the end: it does not wait */
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        stop_watching(line); /* the other side is gone: a dead line, as a pulled cable is */
        return;
    }
    for (ssize_t i = 0; i < got; i++) {
        line->ring[(line->first + line->count++) % RING] = chunk[i];
    }
    if (got > 0 && line->callback != NULL) {
        line->callback(line->ctx);
    }
}

static void join(enum mico_uart uart, int fd)
{
    stop_watching(&lines[uart]);
    lines[uart].fd = fd;
    lines[uart].watch = mico_posix_watch(fd, POLLIN, receive, &lines[uart]);
}

void mico_posix_board_link(int fd)
{
    join(MICO_UART_LINK, fd);
}

void mico_posix_board_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "error: the socket path %s is longer than %zu characters\n", path, sizeof address.sun_path - 1);
        exit(2);
    }
    strcpy(address.sun_path, path);
    for (int tries = 0; tries < 250; tries++) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            mico_posix_board_link(fd);
            return;
        }
        if (fd >= 0) {
            close(fd);
        }
        poll(NULL, 0, 20);
    }
    fprintf(stderr, "error: no chip listens at %s (%s)\n  try: mscpd --flash chip.flash --listen %s\n", path,
            strerror(errno), path);
    exit(2);
}

void mico_uart_write(enum mico_uart uart, const uint8_t *data, size_t len)
{
    int fd = uart == MICO_UART_CONSOLE ? STDOUT_FILENO : lines[uart].fd;
    while (len > 0 && fd >= 0) {
        ssize_t sent = uart == MICO_UART_CONSOLE ? write(fd, data, len) : send(fd, data, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd p = {fd, POLLOUT, 0};
            poll(&p, 1, 1000);
        } else if (sent < 0 && errno != EINTR) {
            return; /* bytes on a dead line are lost */
        } else if (sent > 0) {
            data += sent;
            len -= (size_t)sent;
        }
    }
}

static void open_console(enum mico_uart uart)
{
    if (uart == MICO_UART_CONSOLE && lines[uart].fd < 0) {
        join(uart, STDIN_FILENO);
    }
}

size_t mico_uart_read(enum mico_uart uart, uint8_t *out, size_t cap)
{
    struct line *line = &lines[uart];
    open_console(uart);
    size_t len = line->count < cap ? line->count : cap;
    for (size_t i = 0; i < len; i++) {
        out[i] = line->ring[(line->first + i) % RING];
    }
    line->first = (line->first + len) % RING;
    line->count -= len;
    if (line->full && len > 0) {
        line->full = false;
        line->watch = mico_posix_watch(line->fd, POLLIN, receive, line);
    }
    return len;
}

void mico_uart_on_receive(enum mico_uart uart, void (*callback)(void *ctx), void *ctx)
{
    lines[uart].callback = callback;
    lines[uart].ctx = ctx;
    if (callback != NULL) {
        open_console(uart);
    }
}
