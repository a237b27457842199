/* SPDX-License-Identifier: Apache-2.0 */
/* Host descriptors as kernel threads wait for them; see wait_posix.h. */
#include "os/net/wait_posix.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>

#include "os/boards/posix/events.h"
#include "os/kernel/kernel.h"
#include "os/net/readable.h"

/* One thread's wait for a descriptor. */
struct wait {
    struct mico_semaphore ready;
    int watch;
};

static void on_ready(void *ctx)
{
    struct wait *wait = ctx;
    mico_posix_unwatch(wait->watch);
    wait->watch = -1;
    (void)mico_semaphore_give(&wait->ready);
}

mico_err mico_posix_wait(int fd, short events, uint32_t timeout_ms)
{
    struct pollfd now = {fd, events, 0};
    bool threads = mico_kernel_running();
    int limit = threads ? 0 : timeout_ms > 0x7FFFFFFF ? -1 : (int)timeout_ms;
    if (poll(&now, 1, limit) > 0) {
        return MICO_OK;
    }
    if (!threads) {
        return MICO_ERR_TIMEOUT;
    }
    struct wait wait;
    mico_semaphore_init(&wait.ready, 0, 1);
    wait.watch = mico_posix_watch(fd, events, on_ready, &wait);
    mico_err err = mico_semaphore_take(&wait.ready, timeout_ms);
    mico_posix_unwatch(wait.watch);
    mico_semaphore_deinit(&wait.ready);
    return err == MICO_OK ? MICO_OK : MICO_ERR_TIMEOUT;
}

bool mico_posix_again(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == EINPROGRESS;
}

mico_err mico_posix_err(void)
{
    switch (errno) {
    case EPIPE:
    case ENOTCONN:
        return MICO_ERR_CLOSED;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
        return MICO_ERR_FULL;
    case EADDRINUSE:
        return MICO_ERR_BUSY;
    case EACCES:
        return MICO_ERR_DENIED;
    case EMSGSIZE:
        return MICO_ERR_SIZE;
    default:
        return MICO_ERR_IO;
    }
}

/* Watched descriptors. More cannot be watched than the board has room for. */
static struct watched {
    int fd;
    int watch;
    bool used;
} the_watched[MICO_POSIX_WATCH_MAX / 2];

static void unwatch(struct watched *w)
{
    mico_posix_unwatch(w->watch);
    w->used = false;
}

static void on_watched(void *ctx)
{
    unwatch(ctx);
    mico_net_tell_readable();
}

static struct watched *watched_of(int fd)
{
    for (size_t i = 0; i < sizeof the_watched / sizeof the_watched[0]; i++) {
        if (the_watched[i].used && the_watched[i].fd == fd) {
            return &the_watched[i];
        }
    }
    return NULL;
}

void mico_posix_tell(int fd)
{
    struct watched *w = watched_of(fd);
    for (size_t i = 0; w == NULL && i < sizeof the_watched / sizeof the_watched[0]; i++) {
        if (!the_watched[i].used) {
            w = &the_watched[i];
            *w = (struct watched){.fd = fd, .used = true};
            w->watch = mico_posix_watch(fd, POLLIN, on_watched, w);
        }
    }
}

void mico_posix_forget(int fd)
{
    struct watched *w = watched_of(fd);
    if (w != NULL) {
        unwatch(w);
    }
}
