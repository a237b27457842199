/* SPDX-License-Identifier: Apache-2.0 */
/* mico-tap: sits on the link between a device and its chip. The device connects to --listen, the tap to --connect (the
 * chip); frames go to --record, commands come by --control, one line each, one line back. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mscp/tap/tap.h"
#include "os/port/clock.h"

#define TICK_MS 20
#define SEND_TIMEOUT_MS 5000

static struct mscp_tap tap;
static FILE *record_file;
static int device = -1, chip = -1, control = -1;
static char command[64];
static size_t command_len;
static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    stopping = 1;
}

static int address_of(const char *path, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) {
        fprintf(stderr, "error: %s: the path has more than %zu characters\n", path, sizeof address->sun_path - 1);
        return -1;
    }
    strcpy(address->sun_path, path);
    return 0;
}

static int listen_on(const char *path)
{
    struct sockaddr_un address;
    if (address_of(path, &address) != 0) {
        return -1;
    }
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4) != 0) {
        fprintf(stderr, "error: cannot listen on %s: %s\n", path, strerror(errno));
        return -1;
    }
    return fd;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address;
    if (address_of(path, &address) != 0) {
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void drop(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

static void send_all(int *fd, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    while (len > 0 && *fd >= 0) {
        struct pollfd ready = {.fd = *fd, .events = POLLOUT};
        ssize_t sent = poll(&ready, 1, SEND_TIMEOUT_MS) > 0 ? send(*fd, bytes, len, MSG_NOSIGNAL) : -1;
        if (sent <= 0) {
            drop(fd);
            return;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void tap_send(void *ctx, bool to_chip, const uint8_t *bytes, size_t len)
{
    send_all(to_chip ? &chip : &device, bytes, len);
}

static void tap_record(void *ctx, const char *line)
{
    fprintf(record_file, "%s\n", line);
    fflush(record_file);
}

static void tap_answer(void *ctx, const char *line)
{
    char text[192];
    int len = snprintf(text, sizeof text, "%s\n", line);
    send_all(&control, text, (size_t)len);
}

static void take_control(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != '\n') {
            command[command_len] = bytes[i];
            command_len += command_len < sizeof command - 1;
            continue;
        }
        command[command_len] = '\0';
        command_len = 0;
        mscp_tap_command(&tap, command, mico_clock_ms());
    }
}

/* One end has something to say, or has left. */
static void serve(int *fd)
{
    uint8_t bytes[2048];
    ssize_t len = recv(*fd, bytes, sizeof bytes, 0);
    if (len <= 0) {
        drop(fd);
        if (fd != &control) {
            mscp_tap_gone(&tap, fd == &device);
        }
        command_len = 0;
    } else if (fd == &control) {
        take_control((const char *)bytes, (size_t)len);
    } else {
        mscp_tap_bytes(&tap, fd == &device, bytes, (size_t)len, mico_clock_ms());
    }
}

static void accept_into(int *fd, int listener)
{
    int fresh = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fresh >= 0) {
        *fd = fresh;
    }
}

static void run(int device_listener, int control_listener, const char *chip_path)
{
    while (!stopping) {
        if (chip < 0) {
            chip = connect_to(chip_path);
        }
        struct pollfd ready[] = {
            {.fd = device >= 0 ? device
                   : chip >= 0 ? device_listener
                               : -1,
             .events = POLLIN},
            {.fd = chip, .events = POLLIN},
            {.fd = control >= 0 ? control : control_listener, .events = POLLIN},
        };
        if (poll(ready, 3, TICK_MS) > 0) {
            if (ready[1].revents != 0) {
                serve(&chip);
            }
            if (ready[0].revents != 0 && ready[0].fd == device_listener) {
                accept_into(&device, device_listener);
            } else if (ready[0].revents != 0 && device >= 0) {
                serve(&device);
            }
            if (ready[2].revents != 0 && ready[2].fd == control_listener) {
                accept_into(&control, control_listener);
            } else if (ready[2].revents != 0 && control >= 0) {
                serve(&control);
            }
        }
        mscp_tap_tick(&tap, mico_clock_ms());
    }
}

static int usage(void)
{
    fprintf(stderr, "usage: mico-tap --listen SOCKET --connect SOCKET --record FILE --control SOCKET\n"
                    "A tap on the link between a device (which connects to --listen) and its chip (at --connect).\n"
                    "Commands on the control socket: replay, flip, stats; one line each, one line back.\n"
                    "example: mico-tap --listen link.sock --connect chip.sock --record trace.txt --control tap.sock\n");
    return 2;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"--listen", "--connect", "--record", "--control"};
    const char *values[4] = {NULL};
    for (int i = 1; i + 1 < argc; i += 2) {
        for (int n = 0; n < 4; n++) {
            values[n] = strcmp(argv[i], names[n]) == 0 ? argv[i + 1] : values[n];
        }
    }
    if (argc != 9 || !values[0] || !values[1] || !values[2] || !values[3]) {
        return usage();
    }
    const struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    record_file = fopen(values[2], "w");
    if (record_file == NULL) {
        fprintf(stderr, "error: --record: cannot write %s: %s\n", values[2], strerror(errno));
        return 1;
    }
    const struct mscp_tap_out out = {tap_send, tap_record, tap_answer, NULL};
    mscp_tap_start(&tap, &out);
    int device_listener = listen_on(values[0]);
    int control_listener = listen_on(values[3]);
    if (device_listener < 0 || control_listener < 0) {
        return 1;
    }
    fprintf(stderr, "tap: ready\n");
    run(device_listener, control_listener, values[1]);
    unlink(values[0]);
    unlink(values[3]);
    fclose(record_file);
    return 0;
}
