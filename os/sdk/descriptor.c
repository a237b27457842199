/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors, event fds and select; see descriptor.h.
 *
 * Whoever waits looks at all its descriptors, then waits for its selector's semaphore, which every change of an event
 * or a connection gives, then looks again: what is readable is decided by looking alone, so a change too many does no
 * harm. */
#include "os/sdk/descriptor.h"

#include <errno.h>

#include "os/kernel/kernel.h"
#include "os/port/clock.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/mico_socket.h"

#define SELECTORS 16u

static struct sdk_descriptor descriptors[SDK_DESCRIPTORS];

/* One for each thread that waits. */
static struct selector {
    struct mico_thread *thread; /* NULL: free */
    struct mico_semaphore changed;
} selectors[SELECTORS];

int sdk_descriptor_open(enum sdk_descriptor_kind kind)
{
    int fd = -1;
    uint32_t irq = mico_irq_save();
    for (int i = 0; i < SDK_DESCRIPTORS && fd < 0; i++) {
        if (descriptors[i].kind == 0) {
            descriptors[i] = (struct sdk_descriptor){
                .kind = (uint8_t)kind, .tcp = MICO_TCP_NONE, .receive_ms = MICO_FOREVER, .send_ms = MICO_FOREVER};
            descriptors[i].datagram.udp = MICO_UDP_NONE;
            descriptors[i].datagram.ttl = 1;
            fd = i + SDK_DESCRIPTOR_FIRST;
        }
    }
    mico_irq_restore(irq);
    if (fd < 0) {
        errno = EMFILE;
    }
    return fd;
}

/* With interrupts masked. */
static struct sdk_descriptor *find(int fd, unsigned kinds)
{
    if (fd < SDK_DESCRIPTOR_FIRST || fd >= SDK_DESCRIPTOR_FIRST + SDK_DESCRIPTORS) {
        return NULL;
    }
    struct sdk_descriptor *d = &descriptors[fd - SDK_DESCRIPTOR_FIRST];
    return (d->kind & kinds) != 0 && !d->closing ? d : NULL;
}

struct sdk_descriptor *sdk_descriptor_hold(int fd, unsigned kinds)
{
    uint32_t irq = mico_irq_save();
    struct sdk_descriptor *d = find(fd, kinds);
    if (d != NULL) {
        d->users++;
    }
    mico_irq_restore(irq);
    if (d == NULL) {
        errno = EBADF;
    }
    return d;
}

void sdk_descriptor_let_go(struct sdk_descriptor *d)
{
    uint32_t irq = mico_irq_save();
    bool last = --d->users == 0 && d->closing;
    mico_irq_restore(irq);
    if (last) { /* nobody else finds it */
        mico_tcp_close(d->tcp);
        mico_udp_close(d->datagram.udp);
        d->kind = 0;
    }
}

int sdk_descriptor_close(int fd, unsigned kinds)
{
    struct sdk_descriptor *d = sdk_descriptor_hold(fd, kinds);
    if (d == NULL) {
        return -1;
    }
    d->closing = true;
    sdk_wake_selectors();
    sdk_descriptor_let_go(d);
    return 0;
}

void sdk_wake_selectors(void)
{
    for (size_t i = 0; i < SELECTORS; i++) {
        uint32_t irq = mico_irq_save();
        if (selectors[i].thread != NULL) {
            (void)mico_semaphore_give(&selectors[i].changed); /* at its maximum it says the same */
        }
        mico_irq_restore(irq);
    }
}

/* A thread that was deleted while it waited has left its selector behind. NULL when all are taken. */
static struct selector *take_selector(void)
{
    struct selector *taken = NULL;
    uint32_t irq = mico_irq_save();
    for (size_t i = 0; i < SELECTORS && taken == NULL; i++) {
        struct mico_thread *thread = selectors[i].thread;
        if (thread == NULL || thread == mico_thread_self() || mico_thread_ended(thread)) {
            taken = &selectors[i];
            taken->thread = mico_thread_self();
            mico_semaphore_init(&taken->changed, 0, 1);
        }
    }
    mico_irq_restore(irq);
    mico_tcp_on_readable(sdk_wake_selectors);
    return taken;
}

static uint32_t left_of(uint32_t timeout_ms, uint64_t since_ms)
{
    uint64_t gone = mico_clock_ms() - since_ms;
    return timeout_ms == MICO_FOREVER ? timeout_ms : gone < timeout_ms ? timeout_ms - (uint32_t)gone : 0;
}

/* Watches it first, so that no change is missed between looking and waiting. */
static bool readable(const struct sdk_descriptor *d, bool *valid)
{
    *valid = true;
    switch (d->kind) {
    case SDK_DESCRIPTOR_EVENT:
        return sdk_event_readable(d->event, valid);
    case SDK_DESCRIPTOR_LISTENER:
    case SDK_DESCRIPTOR_CONNECTION:
        mico_tcp_watch(d->tcp);
        return d->read_ended || mico_tcp_readable(d->tcp);
    case SDK_DESCRIPTOR_DATAGRAM:
        if (d->datagram.udp == MICO_UDP_NONE) {
            return false;
        }
        mico_udp_watch(d->datagram.udp);
        return mico_udp_readable(d->datagram.udp);
    default:
        return false;
    }
}

mico_err sdk_descriptor_await(const struct sdk_descriptor *d, uint32_t timeout_ms)
{
    struct selector *self = take_selector();
    if (self == NULL) {
        return MICO_ERR_FULL;
    }
    uint64_t start = mico_clock_ms();
    mico_err err;
    bool valid;
    do {
        if (d->closing || readable(d, &valid)) {
            err = d->closing ? MICO_ERR_STATE : MICO_OK;
            break;
        }
        err = mico_semaphore_take(&self->changed, left_of(timeout_ms, start));
    } while (err == MICO_OK);
    self->thread = NULL;
    return err;
}

/* ---- event fds ---- */

int mico_create_event_fd(mico_event_t handle)
{
    bool valid;
    (void)sdk_event_readable(handle, &valid);
    if (!valid) {
        errno = EINVAL;
        return -1;
    }
    int fd = sdk_descriptor_open(SDK_DESCRIPTOR_EVENT);
    if (fd >= 0) {
        descriptors[fd - SDK_DESCRIPTOR_FIRST].event = handle;
    }
    return fd;
}

int mico_delete_event_fd(int fd)
{
    return sdk_descriptor_close(fd, SDK_DESCRIPTOR_EVENT);
}

int mico_rtos_init_event_fd(mico_event_t handle)
{
    return mico_create_event_fd(handle);
}

int mico_rtos_deinit_event_fd(int fd)
{
    return mico_delete_event_fd(fd);
}

/* ---- select ---- */

static bool is_in(const fd_set *set, int fd)
{
    return set != NULL && FD_ISSET(fd, set);
}

/* Put what is ready of the wanted ones into the sets; its number, or -1 when one is no open descriptor. */
static int look(int nfds, const fd_set *want_read, const fd_set *want_write, fd_set *reads, fd_set *writes)
{
    int count = 0;
    FD_ZERO(reads);
    FD_ZERO(writes);
    for (int fd = 0; fd < nfds; fd++) {
        bool r = is_in(want_read, fd), w = is_in(want_write, fd), valid = true;
        struct sdk_descriptor *d = r || w ? sdk_descriptor_hold(fd, SDK_DESCRIPTOR_ANY) : NULL;
        if (d == NULL) {
            if (r || w) {
                return -1;
            }
            continue;
        }
        if (r && readable(d, &valid)) {
            FD_SET(fd, reads);
            count++;
        }
        if (w && (d->kind & (SDK_DESCRIPTOR_CONNECTION | SDK_DESCRIPTOR_DATAGRAM)) != 0) {
            FD_SET(fd, writes);
            count++;
        }
        sdk_descriptor_let_go(d);
        if (!valid) {
            errno = EBADF;
            return -1;
        }
    }
    return count;
}

static uint32_t ms_of(const struct timeval *timeout)
{
    if (timeout == NULL) {
        return MICO_FOREVER;
    }
    uint64_t ms = (uint64_t)timeout->tv_sec * 1000 + ((uint64_t)timeout->tv_usec + 999) / 1000;
    return ms < MICO_FOREVER ? (uint32_t)ms : MICO_FOREVER - 1;
}

int mico_select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timeval *timeout)
{
    if (nfds < 0 || nfds > FD_SETSIZE || (timeout != NULL && (timeout->tv_sec < 0 || timeout->tv_usec < 0))) {
        errno = EINVAL;
        return -1;
    }
    struct selector *self = take_selector();
    if (self == NULL) {
        errno = ENOMEM;
        return -1;
    }
    fd_set reads, writes;
    uint32_t timeout_ms = ms_of(timeout);
    uint64_t start = mico_clock_ms();
    int count;
    do {
        count = look(nfds, readfds, writefds, &reads, &writes);
    } while (count == 0 && mico_semaphore_take(&self->changed, left_of(timeout_ms, start)) == MICO_OK);
    self->thread = NULL;
    if (count < 0) {
        return -1;
    }
    if (readfds != NULL) {
        *readfds = reads;
    }
    if (writefds != NULL) {
        *writefds = writes;
    }
    if (exceptfds != NULL) {
        FD_ZERO(exceptfds);
    }
    return count;
}

/* Those that are no open descriptors are known at once; their number. */
static int sort_out(struct pollfd *fds, unsigned count, fd_set *reads, fd_set *writes)
{
    int wrong = 0;
    FD_ZERO(reads);
    FD_ZERO(writes);
    for (unsigned i = 0; i < count; i++) {
        fds[i].revents = 0;
        struct sdk_descriptor *d = fds[i].fd >= 0 ? sdk_descriptor_hold(fds[i].fd, SDK_DESCRIPTOR_ANY) : NULL;
        if (d != NULL) {
            if ((fds[i].events & POLLIN) != 0) {
                FD_SET(fds[i].fd, reads);
            }
            if ((fds[i].events & POLLOUT) != 0) {
                FD_SET(fds[i].fd, writes);
            }
            sdk_descriptor_let_go(d);
        } else if (fds[i].fd >= 0) {
            fds[i].revents = POLLNVAL;
            wrong++;
        }
    }
    return wrong;
}

int mico_poll(struct pollfd *fds, unsigned count, int timeout_ms)
{
    fd_set reads, writes;
    if (count > SDK_DESCRIPTORS || (fds == NULL && count > 0)) {
        errno = EINVAL;
        return -1;
    }
    int ready = sort_out(fds, count, &reads, &writes);
    int limit = ready > 0 ? 0 : timeout_ms;
    struct timeval timeout = {limit / 1000, (limit % 1000) * 1000};
    if (mico_select(SDK_DESCRIPTOR_FIRST + SDK_DESCRIPTORS, &reads, &writes, NULL, limit < 0 ? NULL : &timeout) < 0) {
        return -1;
    }
    for (unsigned i = 0; i < count; i++) {
        if (fds[i].fd >= 0 && fds[i].revents == 0) {
            fds[i].revents = (short)((FD_ISSET(fds[i].fd, &reads) ? POLLIN : 0) |
                                     (FD_ISSET(fds[i].fd, &writes) ? POLLOUT : 0));
            ready += fds[i].revents != 0;
        }
    }
    return ready;
}
