/* SPDX-License-Identifier: Apache-2.0 */
/* A network of the test's own (a Linux namespace): ports below 1024, multicast, a name server, and nobody else's traffic.
 * Processes that the test starts are in it too. */
#ifndef TESTS_PEERS_PRIVATE_NET_H
#define TESTS_PEERS_PRIVATE_NET_H

#include <stdbool.h>
#include <stdint.h>

/** Move this process, before it has threads, into a network with a loopback interface alone, where names are asked for at
 * 127.0.0.1. False, and a sentence on stderr, when this machine does not let it: tests that need it are then skipped. */
bool private_net_enter(void);

/** True when private_net_enter has succeeded. */
bool private_net_entered(void);

/** Another interface, called name, at address with 24 bits of network: an Ethernet whose frames are read from and written
 * to the descriptor. -1 when there are none (/dev/net/tun). */
int private_net_tap(const char *name, const char *address);

/** An address more for an interface: name is such as "peer0:1". */
bool private_net_address(const char *name, const char *address);

/** Answer questions of names at 127.0.0.1 port 53 from now on, in a thread: name is at address, everything else does not
 * exist. A question for "silent.test" gets no answer, for "broken.test" bytes that are none. */
void private_net_name(const char *name, const char *address);

/** Answer SNTP at 127.0.0.1 port 123 from now on, in a thread: it is utc_s seconds since 1970. */
void private_net_time(uint32_t utc_s);

#endif
