/* SPDX-License-Identifier: Apache-2.0 */
/* The link UART without a kernel; see transport_uart_bare.h. */
#include "mscp/host/transport_uart_bare.h"

#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define SLICE_MS 10 /* an interrupt between the look and the wait costs at most this */

static mico_err uart_write(void *ctx, const uint8_t *data, size_t len)
{
    mico_uart_write(MICO_UART_LINK, data, len);
    return MICO_OK;
}

static mico_err uart_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    uint64_t deadline = mico_clock_ms() + timeout_ms;
    while ((*len = mico_uart_read(MICO_UART_LINK, out, cap)) == 0) {
        if (mico_clock_ms() >= deadline) {
            return MICO_ERR_TIMEOUT;
        }
        mico_board_wait(SLICE_MS);
    }
    return MICO_OK;
}

void mscp_uart_bare(struct mscp_transport *transport)
{
    *transport = (struct mscp_transport){NULL, uart_write, uart_read};
}
