/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a chip over the board's link UART, for programs without a kernel: waits in mico_board_wait. */
#ifndef MSCP_HOST_TRANSPORT_UART_BARE_H
#define MSCP_HOST_TRANSPORT_UART_BARE_H

#include "mscp/host/mscp_host.h"

void mscp_uart_bare(struct mscp_transport *transport);

#endif
