/* SPDX-License-Identifier: Apache-2.0 */
/* What the device knows of its place in the network. See tcp.h for bringing it up and for resolving names. */
#ifndef OS_NET_NET_H
#define OS_NET_NET_H

#include <stdbool.h>
#include <stdint.h>

/* IPv4 addresses, most significant byte first; all zero: not known. */
struct mico_net_info {
    uint8_t ip[4];
    uint8_t mask[4];
    uint8_t gateway[4];
    uint8_t dns[4]; /* the first name server */
    uint8_t mac[6];
    bool up; /* there is an address */
};

void mico_net_info(struct mico_net_info *out);

#endif
