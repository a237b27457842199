/* SPDX-License-Identifier: Apache-2.0 */
/* What TCP and UDP share inside os/net: the one callback for what has become readable, and time that is left. */
#ifndef OS_NET_READABLE_H
#define OS_NET_READABLE_H

#include <stdint.h>

/** Call what mico_tcp_on_readable was given, if anything. */
void mico_net_tell_readable(void);

/** What is left of timeout_ms that began at since_ms of mico_clock_ms; MICO_NET_FOREVER stays. */
uint32_t mico_net_left(uint32_t timeout_ms, uint64_t since_ms);

#endif
