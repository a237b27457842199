/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 event descriptors, and select over them.
 *
 * Each thread that has ever selected has a flag of its own in `changed`; whoever changes a semaphore or queue that has
 * a descriptor sets all of them, and each selecting thread looks again. A flag that was set between looking and waiting
 * is still there, so nothing is missed. */
#include "os/sdk/event_fd.h"

#include <errno.h>

#include "os/kernel/kernel.h"
#include "os/port/clock.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/mico_socket.h"

#define SELECTORS 32u

static void *objects[SDK_EVENT_FDS]; /* handles; NULL: a free descriptor */
static struct mico_event changed;
static const struct mico_thread *selectors[SELECTORS]; /* which thread a flag belongs to */
static uint32_t flags_in_use;

int mico_create_event_fd(mico_event_t event_handle)
{
    int fd = -1;
    uint32_t irq = mico_irq_save();
    if (changed.waiters.next == NULL) {
        mico_event_init(&changed);
    }
    for (unsigned i = 0; i < SDK_EVENT_FDS && fd < 0; i++) {
        if (objects[i] == NULL && sdk_watch(event_handle, true)) {
            objects[i] = event_handle;
            fd = (int)(SDK_EVENT_FD_FIRST + i);
        }
    }
    mico_irq_restore(irq);
    return fd;
}

/* The object of fd's place, NULL when fd is no open event descriptor. */
static void **place_of(int fd)
{
    unsigned i = (unsigned)fd - SDK_EVENT_FD_FIRST;
    return i < SDK_EVENT_FDS && objects[i] != NULL ? &objects[i] : NULL;
}

int mico_delete_event_fd(int fd)
{
    uint32_t irq = mico_irq_save();
    void **place = place_of(fd);
    if (place != NULL) {
        (void)sdk_watch(*place, false); /* false when the object is gone already */
        *place = NULL;
    }
    mico_irq_restore(irq);
    sdk_event_changed(); /* who selects it shall notice */
    return place != NULL ? kNoErr : kGeneralErr;
}

void sdk_event_changed(void)
{
    if (flags_in_use != 0) {
        (void)mico_event_set(&changed, flags_in_use);
    }
}

/* The calling thread's flag; 0 when all are taken by threads that live. */
static uint32_t flag_of_self(void)
{
    const struct mico_thread *self = mico_thread_self();
    uint32_t flag = 0;
    uint32_t irq = mico_irq_save();
    for (unsigned i = 0; i < SELECTORS && flag == 0; i++) {
        flag = selectors[i] == self ? 1u << i : 0;
    }
    for (unsigned i = 0; i < SELECTORS && flag == 0; i++) {
        if (selectors[i] == NULL || mico_thread_ended(selectors[i])) {
            selectors[i] = self;
            flag = 1u << i;
        }
    }
    if (changed.waiters.next == NULL) {
        mico_event_init(&changed);
    }
    flags_in_use |= flag;
    mico_irq_restore(irq);
    return flag;
}

/* How many of asked are readable now, and which; negative when one is no descriptor. */
static int look(int nfds, const fd_set *asked, fd_set *ready)
{
    int count = 0;
    FD_ZERO(ready);
    for (int fd = 0; fd < nfds && asked != NULL; fd++) {
        if (!FD_ISSET(fd, asked)) {
            continue;
        }
        void **place = place_of(fd);
        int readable = place != NULL ? sdk_readable(*place) : -1;
        if (readable < 0) {
            return -1;
        }
        if (readable > 0) {
            FD_SET(fd, ready);
            count++;
        }
    }
    return count;
}

/* Milliseconds of a timeout, rounded up, at most the longest finite one; NULL waits for ever. */
static uint32_t milliseconds_of(const struct timeval *timeout)
{
    if (timeout == NULL) {
        return MICO_FOREVER;
    }
    uint64_t ms = (uint64_t)timeout->tv_sec * 1000 + ((uint64_t)timeout->tv_usec + 999) / 1000;
    return ms < MICO_FOREVER ? (uint32_t)ms : MICO_FOREVER - 1;
}

static int fail(int why)
{
    errno = why;
    return -1;
}

/* Event descriptors are never writable and have no exceptions. */
static int conclude(int count, const fd_set *ready, fd_set *readfds, fd_set *writefds, fd_set *exceptfds)
{
    if (readfds != NULL) {
        *readfds = *ready;
    }
    if (writefds != NULL) {
        FD_ZERO(writefds);
    }
    if (exceptfds != NULL) {
        FD_ZERO(exceptfds);
    }
    return count;
}

int mico_select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout)
{
    if (nfds < 0 || nfds > FD_SETSIZE || (timeout != NULL && (timeout->tv_sec < 0 || timeout->tv_usec < 0))) {
        return fail(EINVAL);
    }
    uint32_t wait_ms = milliseconds_of(timeout);
    uint64_t end_ms = mico_clock_ms() + wait_ms;
    uint32_t flag = flag_of_self();
    if (flag == 0) {
        return fail(ENOMEM);
    }
    for (;;) { /* once more for each change, until the time is over */
        fd_set ready, none;
        (void)mico_event_clear(&changed, flag);
        int count = look(nfds, readfds, &ready);
        if (count < 0 || look(nfds, writefds, &none) < 0 || look(nfds, exceptfds, &none) < 0) {
            return fail(EBADF);
        }
        if (count > 0 || wait_ms == 0) {
            return conclude(count, &ready, readfds, writefds, exceptfds);
        }
        if (mico_event_wait(&changed, flag, MICO_EVENT_ANY, NULL, wait_ms) != MICO_OK) {
            wait_ms = 0; /* look once more */
        } else if (timeout != NULL) {
            uint64_t now_ms = mico_clock_ms();
            wait_ms = now_ms < end_ms ? (uint32_t)(end_ms - now_ms) : 0;
        }
    }
}
