/* SPDX-License-Identifier: Apache-2.0 */
/* mico-chip: the security coprocessor as a Linux process. Its link is a Unix stream socket, one client at a time. While
 * another waits, one that has asked nothing for IDLE_MS is let go; its driver comes back with its next command. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "mscp/chip/chip.h"
#include "os/boards/posix/posix.h"
#include "os/port/clock.h"

#define SEND_TIMEOUT_MS 5000
#define IDLE_MS 20

static struct mscp_chip the_chip;
static int client = -1;
static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    stopping = 1;
}

static void log_out(const char *line, size_t len)
{
    fwrite(line, 1, len, stdout);
    fflush(stdout);
}

static uint64_t now_ms(void *ctx)
{
    return mico_clock_ms();
}

static void leave(void)
{
    if (client >= 0) {
        close(client);
        client = -1;
    }
}

static void reply(void *ctx, const uint8_t *bytes, size_t len)
{
    while (len > 0 && client >= 0) {
        ssize_t sent = send(client, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd ready = {.fd = client, .events = POLLOUT};
            if (poll(&ready, 1, SEND_TIMEOUT_MS) > 0) {
                continue;
            }
        }
        if (sent <= 0) {
            leave();
            return;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
}

/* The name appears when it listens, not before: whoever sees the socket can connect. */
static int listen_on(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int len = snprintf(address.sun_path, sizeof address.sun_path, "%s~", path);
    if (len < 0 || (size_t)len >= sizeof address.sun_path) {
        fprintf(stderr, "error: --listen: the path has more than %zu characters\n", sizeof address.sun_path - 2);
        return -1;
    }
    unlink(address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4) != 0 ||
        rename(address.sun_path, path) != 0) {
        fprintf(stderr, "error: --listen: cannot listen on %s: %s\n", path, strerror(errno));
        return -1;
    }
    return fd;
}

/* Until the client asks something, or has been let go for the next one. */
static bool await_client(int listener)
{
    struct pollfd ready[2] = {{.fd = client, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
    if (poll(ready, 2, -1) <= 0) {
        return false;
    }
    if (ready[0].revents == 0 && poll(ready, 1, IDLE_MS) == 0) {
        leave();
        return false;
    }
    return client >= 0 && ready[0].revents != 0;
}

static void serve(int listener)
{
    while (!stopping) {
        if (client < 0) {
            struct pollfd next = {.fd = listener, .events = POLLIN};
            client = poll(&next, 1, -1) > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
            continue;
        }
        if (!await_client(listener)) {
            continue;
        }
        uint8_t bytes[2048];
        ssize_t len = recv(client, bytes, sizeof bytes, 0);
        if (len <= 0) {
            leave();
            continue;
        }
        mscp_chip_input(&the_chip, bytes, (size_t)len);
    }
}

/* Two processes on one flash would each be half a chip. The lock ends with the process. */
static mico_err open_flash(struct mico_posix_flash *flash, const char *path)
{
    mico_err err = mico_posix_flash_open(flash, path);
    if (err != MICO_OK) {
        fprintf(stderr, "error: --flash: cannot use %s (%s)\n  try: another file; one that does not exist is made\n",
                path, mico_err_name(err));
    } else if (flock(flash->fd, LOCK_EX | LOCK_NB) != 0) {
        fprintf(stderr, "error: --flash: another chip runs on %s\n  try: stop that one first\n", path);
        err = MICO_ERR_BUSY;
    } else if (flash->flash.size < MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE) {
        fprintf(stderr, "error: --flash: %s is shorter than %u bytes\n", path,
                MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE);
        err = MICO_ERR_SIZE;
    }
    return err;
}

static int usage(void)
{
    fprintf(stderr, "usage: mico-chip --flash FILE --listen SOCKET\n"
                    "The security coprocessor as a process. FILE (16 MiB) is made when it does not exist.\n"
                    "example: mico-chip --flash chip.bin --listen chip.sock\n");
    return 2;
}

int main(int argc, char **argv)
{
    const char *flash_path = NULL, *socket_path = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--flash") == 0) {
            flash_path = argv[i + 1];
        } else if (strcmp(argv[i], "--listen") == 0) {
            socket_path = argv[i + 1];
        } else {
            return usage();
        }
    }
    if (argc != 5 || flash_path == NULL || socket_path == NULL) {
        return usage();
    }
    mico_log_to(log_out, mico_clock_ms);
    const struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    static struct mico_posix_flash flash;
    const struct mscp_chip_platform platform = {&flash.flash, now_ms, reply, NULL};
    if (open_flash(&flash, flash_path) != MICO_OK || mscp_chip_start(&the_chip, &platform) != MICO_OK) {
        return 1;
    }
    int listener = listen_on(socket_path);
    if (listener >= 0) {
        serve(listener);
        unlink(socket_path);
    }
    leave();
    mscp_chip_stop(&the_chip);
    return listener >= 0 ? 0 : 1;
}
