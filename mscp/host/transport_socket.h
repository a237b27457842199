/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a chip that is a process on this Linux machine, or an emulated one: a Unix stream socket, client side. */
#ifndef MSCP_HOST_TRANSPORT_SOCKET_H
#define MSCP_HOST_TRANSPORT_SOCKET_H

#include "mscp/host/mscp_host.h"

/* The caller's storage. */
struct mscp_socket {
    int fd; /* -1: not connected */
    char path[108];
};

/** Connect to the socket at path, trying again for up to wait_ms while nobody listens there. transport points at
 * `link`, which must outlive it. When the chip goes away, calls give MICO_ERR_CLOSED and the next write connects again.
 * Returns MICO_ERR_SIZE (path too long), MICO_ERR_IO. */
MICO_MUST_USE mico_err mscp_socket_open(struct mscp_socket *link, const char *path, uint32_t wait_ms,
                                        struct mscp_transport *transport);
void mscp_socket_close(struct mscp_socket *link);

#endif
