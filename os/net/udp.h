/* SPDX-License-Identifier: Apache-2.0 */
/* UDP over IPv4 beside tcp.h: the same calls over lwIP on boards and over the host's sockets on posix. They block the
 * calling kernel thread only. One thread may send on a socket while another receives. Addresses are four bytes, the most
 * significant first. */
#ifndef OS_NET_UDP_H
#define OS_NET_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef int mico_udp; /* negative is none */

#define MICO_UDP_NONE (-1)
#define MICO_UDP_MAX 6             /* sockets at a time on a board */
#define MICO_UDP_PAYLOAD_MAX 1472u /* what fits one Ethernet frame; more is not sent */

/** A socket at port of every address of the device; 0 takes a free port. shared lets others listen at the same port, as
 * multicast protocols do. MICO_ERR_FULL, MICO_ERR_BUSY (the port is taken). */
MICO_MUST_USE mico_err mico_udp_open(uint16_t port, bool shared, mico_udp *out);
void mico_udp_close(mico_udp udp);

/** Send one datagram of at most MICO_UDP_PAYLOAD_MAX bytes. MICO_ERR_SIZE; MICO_ERR_DENIED to a broadcast address that
 * was not allowed; MICO_ERR_IO when there is no way to it; MICO_ERR_FULL when memory is short now. */
MICO_MUST_USE mico_err mico_udp_send(mico_udp udp, const uint8_t ip[4], uint16_t port, const void *data, size_t len);

/** The next datagram, its sender in ip and port. What is longer than cap is cut off: *len is then above cap, the
 * datagram's whole length. MICO_ERR_TIMEOUT; MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_udp_recv(mico_udp udp, void *out, size_t cap, size_t *len, uint8_t ip[4], uint16_t *port,
                                     uint32_t timeout_ms);

/** Allow sending to broadcast addresses, or forbid it again, as it is at first. */
void mico_udp_broadcast(mico_udp udp, bool allow);

/** Receive what is sent to a multicast group, or no longer. MICO_ERR_PARAM for what is no multicast address;
 * MICO_ERR_FULL; MICO_ERR_STATE when leaving a group that was not joined. */
MICO_MUST_USE mico_err mico_udp_join(mico_udp udp, const uint8_t group[4]);
MICO_MUST_USE mico_err mico_udp_leave(mico_udp udp, const uint8_t group[4]);

/** How far multicast datagrams go (1 at first) and whether this device hears its own (it does at first, and on a loopback
 * interface always). */
void mico_udp_multicast(mico_udp udp, uint8_t ttl, bool hear_own);

/** The port that the socket is at. */
uint16_t mico_udp_port(mico_udp udp);

/** True when mico_udp_recv would not wait. Waiting for it together with others: as mico_tcp_watch in tcp.h, with the
 * callback of mico_tcp_on_readable. */
bool mico_udp_readable(mico_udp udp);
void mico_udp_watch(mico_udp udp);

#endif
