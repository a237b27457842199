/* SPDX-License-Identifier: Apache-2.0 */
/* Host file descriptors that call back; see events.h. */
#include "os/boards/posix/events.h"

#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static struct watch {
    int fd;
    short events;
    void (*callback)(void *ctx);
    void *ctx;
} watches[MICO_POSIX_WATCH_MAX];

int mico_posix_watch(int fd, short events, void (*callback)(void *ctx), void *ctx)
{
    for (int i = 0; i < MICO_POSIX_WATCH_MAX; i++) {
        if (watches[i].callback == NULL) {
            watches[i] = (struct watch){fd, events, callback, ctx};
            return i;
        }
    }
    fprintf(stderr, "posix board: more than %d descriptors are watched\n", MICO_POSIX_WATCH_MAX);
    abort();
}

void mico_posix_unwatch(int slot)
{
    if (slot >= 0) {
        watches[slot].callback = NULL;
    }
}

void mico_posix_poll(uint32_t timeout_ms)
{
    struct pollfd fds[MICO_POSIX_WATCH_MAX];
    int slots[MICO_POSIX_WATCH_MAX];
    nfds_t count = 0;
    for (int i = 0; i < MICO_POSIX_WATCH_MAX; i++) {
        if (watches[i].callback != NULL) {
            slots[count] = i;
            fds[count++] = (struct pollfd){watches[i].fd, watches[i].events, 0};
        }
    }
    int timeout = timeout_ms == UINT32_MAX ? -1 : timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms;
    if (poll(fds, count, timeout) <= 0) {
        return;
    }
    for (nfds_t i = 0; i < count; i++) {
        const struct watch *watch = &watches[slots[i]];
        /* an earlier callback may have dropped this watch or given its slot away */
        if (fds[i].revents != 0 && watch->callback != NULL && watch->fd == fds[i].fd) {
            watch->callback(watch->ctx);
        }
    }
}
