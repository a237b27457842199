/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for a host descriptor in the calling kernel thread alone, and watching several; for the posix side of os/net. */
#ifndef OS_NET_WAIT_POSIX_H
#define OS_NET_WAIT_POSIX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/** MICO_OK when fd has one of events (poll(2)), MICO_ERR_TIMEOUT when it has none in time. */
MICO_MUST_USE mico_err mico_posix_wait(int fd, short events, uint32_t timeout_ms);

/** The mico_err of errno. */
mico_err mico_posix_err(void);

/** True when errno only says "not yet". */
bool mico_posix_again(void);

/** Tell once when fd has become readable (mico_tcp_on_readable). */
void mico_posix_tell(int fd);
void mico_posix_forget(int fd);

#endif
