/* SPDX-License-Identifier: Apache-2.0 */
/* Serial lines of a board: received by interrupt into a ring, so that nobody has to poll. */
#ifndef OS_PORT_UART_H
#define OS_PORT_UART_H

#include <stddef.h>
#include <stdint.h>

enum mico_uart {
    MICO_UART_CONSOLE, /* log lines out, commands in */
    MICO_UART_LINK,    /* device <-> security coprocessor */
    MICO_UART_COUNT,
};

/** Send all of data; returns when the last byte has been handed to the hardware or its ring. */
void mico_uart_write(enum mico_uart uart, const uint8_t *data, size_t len);

/** Take what has arrived, at most cap bytes; 0 when there is nothing. Never waits. A full ring (4 KiB) drops new bytes. */
size_t mico_uart_read(enum mico_uart uart, uint8_t *out, size_t cap);

/** Have callback(ctx) called, in interrupt context, after bytes arrive. NULL removes it. */
void mico_uart_on_receive(enum mico_uart uart, void (*callback)(void *ctx), void *ctx);

#endif
