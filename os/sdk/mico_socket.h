/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: descriptors of events, and select. Descriptors are small integers, below 24. */
#ifndef OS_SDK_MICO_SOCKET_H
#define OS_SDK_MICO_SOCKET_H

#include <sys/select.h>
#include <sys/time.h>

#include "os/sdk/mico_rtos.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A descriptor of a semaphore or queue, readable while there is something to take; -1 when there is none left, or no
 * such semaphore or queue. */
int mico_create_event_fd(mico_event_t event_handle);
/** The semaphore or queue stays. kGeneralErr when fd is no event descriptor. */
int mico_delete_event_fd(int fd);
#define mico_rtos_init_event_fd mico_create_event_fd
#define mico_rtos_deinit_event_fd mico_delete_event_fd

/** Wait until a descriptor of readfds is readable; the sets are left with those that are. Returns how many; 0 after
 * timeout (NULL: never), which is not modified; -1 with errno EBADF when one is no descriptor (any more), EINVAL, or
 * ENOMEM when more than 32 threads select. Event descriptors are never writable. Not in interrupts. */
int mico_select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout);
#define select mico_select /* the host's has the same name */

#ifdef __cplusplus
}
#endif

#endif
