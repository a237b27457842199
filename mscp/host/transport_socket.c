/* SPDX-License-Identifier: Apache-2.0 */
/* A Unix stream socket as a way to the chip; see transport_socket.h. */
#include "mscp/host/transport_socket.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define WRITE_TIMEOUT_MS 5000
#define RETRY_MS 20
#define WATCH_US 60

static mico_err connect_once(struct mscp_socket *link)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, link->path, sizeof link->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return MICO_ERR_IO;
    }
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return MICO_ERR_IO;
    }
    link->fd = fd;
    return MICO_OK;
}

static mico_err lost(struct mscp_socket *link)
{
    mscp_socket_close(link);
    return MICO_ERR_CLOSED;
}

static mico_err socket_write(void *ctx, const uint8_t *data, size_t len)
{
    struct mscp_socket *link = ctx;
    if (link->fd < 0 && connect_once(link) != MICO_OK) {
        return MICO_ERR_CLOSED;
    }
    while (len > 0) {
        ssize_t sent = send(link->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd ready = {.fd = link->fd, .events = POLLOUT};
            if (poll(&ready, 1, WRITE_TIMEOUT_MS) == 0) {
                return MICO_ERR_TIMEOUT;
            }
            continue;
        }
        if (sent <= 0) {
            return lost(link);
        }
        data += sent;
        len -= (size_t)sent;
    }
    return MICO_OK;
}

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* A short while awake: an answer often comes sooner than a sleeping processor wakes. True when something is there. */
static bool watch(int fd)
{
    uint64_t until = now_us() + WATCH_US;
    uint8_t first;
    do {
        if (recv(fd, &first, 1, MSG_DONTWAIT | MSG_PEEK) >= 0) {
            return true;
        }
        sched_yield();
    } while (now_us() < until);
    return false;
}

static mico_err socket_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct mscp_socket *link = ctx;
    *len = 0;
    if (link->fd < 0) {
        return MICO_ERR_CLOSED;
    }
    struct pollfd ready = {.fd = link->fd, .events = POLLIN};
    int count = timeout_ms > 0 && watch(link->fd) ? 1 : -1;
    while (count < 0) {
        count = poll(&ready, 1, (int)timeout_ms);
        if (count < 0 && errno != EINTR) {
            return lost(link);
        }
    }
    if (count == 0) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t got = recv(link->fd, out, cap, 0);
    if (got <= 0) {
        return lost(link);
    }
    *len = (size_t)got;
    return MICO_OK;
}

mico_err mscp_socket_open(struct mscp_socket *link, const char *path, uint32_t wait_ms,
                          struct mscp_transport *transport)
{
    memset(link, 0, sizeof *link);
    link->fd = -1;
    if (strlen(path) >= sizeof link->path) {
        MICO_LOG("MSCP", "link socket path is longer than %u bytes: %s", (unsigned)sizeof link->path - 1, path);
        return MICO_ERR_SIZE;
    }
    strcpy(link->path, path);
    *transport = (struct mscp_transport){link, socket_write, socket_read};
    mico_err err;
    for (uint32_t waited = 0; (err = connect_once(link)) != MICO_OK && waited < wait_ms; waited += RETRY_MS) {
        nanosleep(&(struct timespec){.tv_nsec = RETRY_MS * 1000000L}, NULL);
    }
    if (err != MICO_OK) {
        MICO_LOG("MSCP", "no chip listens on %s (%s); start mscpd --listen there", path, strerror(errno));
    }
    return err;
}

void mscp_socket_close(struct mscp_socket *link)
{
    if (link->fd >= 0) {
        close(link->fd);
        link->fd = -1;
    }
}
