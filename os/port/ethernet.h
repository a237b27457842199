/* SPDX-License-Identifier: Apache-2.0 */
/* The board's Ethernet: whole frames without checksum, from destination address to payload. */
#ifndef OS_PORT_ETHERNET_H
#define OS_PORT_ETHERNET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MICO_ETHERNET_FRAME_MAX 1514u

/** Bring the interface up; mac gets its address. on_receive(ctx) is called in interrupt context when frames wait; it is
 * called again only after mico_ethernet_receive has found none. MICO_ERR_IO when there is no interface. */
MICO_MUST_USE mico_err mico_ethernet_start(uint8_t mac[6], void (*on_receive)(void *ctx), void *ctx);

/** Take the next received frame; its length, or 0 when there is none. frame holds MICO_ETHERNET_FRAME_MAX bytes; longer
 * or damaged frames are dropped. One thread at a time. */
size_t mico_ethernet_receive(uint8_t *frame);

/** Send one frame of 14 to MICO_ETHERNET_FRAME_MAX bytes; returns when the hardware has it. MICO_ERR_BUSY when it has had
 * no room for 100 ms. One thread at a time. */
MICO_MUST_USE mico_err mico_ethernet_send(const uint8_t *frame, size_t len);

#endif
