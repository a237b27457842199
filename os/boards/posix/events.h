/* SPDX-License-Identifier: Apache-2.0 */
/* The posix board's "interrupt controller": host file descriptors that call back when they are ready. */
#ifndef OS_BOARDS_POSIX_EVENTS_H
#define OS_BOARDS_POSIX_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#define MICO_POSIX_WATCH_MAX 64

/** Have callback(ctx) called by mico_posix_poll whenever fd has one of events (poll(2): POLLIN, POLLOUT), or an error.
 * Returns a slot for mico_posix_unwatch; aborts when all MICO_POSIX_WATCH_MAX are taken. */
int mico_posix_watch(int fd, short events, void (*callback)(void *ctx), void *ctx);

/** Forget a watch; it is not called again. Allowed in its own callback. A negative slot does nothing. */
void mico_posix_unwatch(int slot);

/** Forget every watch whose ctx lies in memory that goes away: the stack of a thread that was deleted while it waited. */
void mico_posix_unwatch_within(const void *start, size_t size);

/** Wait at most timeout_ms (UINT32_MAX: for ever) for a watched descriptor, and call back for those that are ready. */
void mico_posix_poll(uint32_t timeout_ms);

#endif
