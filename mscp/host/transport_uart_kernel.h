/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a chip over the board's link UART, for programs with the kernel: the calling thread sleeps on a semaphore
 * that the receive interrupt gives. */
#ifndef MSCP_HOST_TRANSPORT_UART_KERNEL_H
#define MSCP_HOST_TRANSPORT_UART_KERNEL_H

#include "mscp/host/mscp_host.h"

/** Take over the link UART's receive callback. Once; the kernel may not yet run, but must when the transport reads. */
void mscp_uart_kernel(struct mscp_transport *transport);

#endif
