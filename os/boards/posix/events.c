/* SPDX-License-Identifier: Apache-2.0 */
/* Host file descriptors that call back; see events.h. */
#include "os/boards/posix/events.h"

#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/boards/posix/posix.h"
#include "os/port/clock.h"

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

void mico_posix_unwatch_within(const void *start, size_t size)
{
    for (int i = 0; i < MICO_POSIX_WATCH_MAX; i++) {
        if ((uintptr_t)watches[i].ctx - (uintptr_t)start < size) {
            watches[i].callback = NULL;
        }
    }
}

/* With a held clock nothing but descriptors can happen while waiting: look, and if there is none, the wait is over. */
static int wait_for(struct pollfd *fds, nfds_t count, uint32_t timeout_ms)
{
    if (timeout_ms == UINT32_MAX) {
        return poll(fds, count, -1);
    }
    if (mico_posix_clock_held()) {
        int ready = poll(fds, count, 0);
        if (ready == 0) {
            mico_posix_clock_move(timeout_ms);
        }
        return ready;
    }
    return poll(fds, count, timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms);
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
    if (wait_for(fds, count, timeout_ms) <= 0) {
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
