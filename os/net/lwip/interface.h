/* SPDX-License-Identifier: Apache-2.0 */
/* The board's Ethernet interface under lwIP. */
#ifndef OS_NET_LWIP_INTERFACE_H
#define OS_NET_LWIP_INTERFACE_H

#include <stdint.h>

#include "base/err.h"
#include "os/net/net.h"

/** Start lwIP and the interface at the first call, and wait for an address by DHCP. MICO_ERR_TIMEOUT, MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_interface_up(uint32_t timeout_ms);

/** The address as text; "0.0.0.0" while there is none. */
void mico_interface_address(char out[16]);

void mico_interface_info(struct mico_net_info *out);

#endif
