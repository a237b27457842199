/* SPDX-License-Identifier: Apache-2.0 */
/* What semaphores and queues and their descriptors know of each other, inside the SDK. */
#ifndef OS_SDK_EVENT_FD_H
#define OS_SDK_EVENT_FD_H

#include <stdbool.h>

/* Above the sockets of lwIP and below 24, which applications pass as nfds. */
#define SDK_EVENT_FD_FIRST 16u
#define SDK_EVENT_FDS 8u

/** Count one descriptor more, or less, of the semaphore or queue with this handle; false when there is none. */
bool sdk_watch(void *handle, bool more);

/** 1 when it has something to take, 0 when it has not, -1 when there is none with this handle. */
int sdk_readable(void *handle);

/** Something that has a descriptor has changed. Also in interrupts. */
void sdk_event_changed(void);

#endif
