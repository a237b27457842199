/* SPDX-License-Identifier: Apache-2.0 */
/* The other end of a board's Ethernet (emulator_wire): datagrams in frames, for what the emulated network does not carry,
 * such as multicast. For tests alone. */
#ifndef TESTS_BOARDS_WIRE_H
#define TESTS_BOARDS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_FRAME_MAX 1514u

/** Send a UDP datagram from 10.0.2.77 to a multicast group. */
void wire_send(int wire, uint16_t from_port, const uint8_t group[4], uint16_t to_port, const void *data, size_t len);

/** The next UDP datagram to group and port; its length, or 0 when none came in time. */
size_t wire_receive(int wire, const uint8_t group[4], uint16_t port, void *out, size_t cap, int timeout_ms);

#endif
