/* SPDX-License-Identifier: Apache-2.0 */
/* The link UART under the kernel; see transport_uart_kernel.h. */
#include "mscp/host/transport_uart_kernel.h"

#include "os/kernel/kernel.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

static struct mico_semaphore arrived;

static void on_receive(void *ctx)
{
    (void)mico_semaphore_give(&arrived); /* already given is as good */
}

static mico_err uart_write(void *ctx, const uint8_t *data, size_t len)
{
    mico_uart_write(MICO_UART_LINK, data, len);
    return MICO_OK;
}

static mico_err uart_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    uint64_t deadline = mico_clock_ms() + timeout_ms;
    /* A give from bytes that were read already ends one wait too early; the loop looks again. */
    while ((*len = mico_uart_read(MICO_UART_LINK, out, cap)) == 0) {
        uint64_t now = mico_clock_ms();
        if (now >= deadline) {
            return MICO_ERR_TIMEOUT;
        }
        mico_err err = mico_semaphore_take(&arrived, (uint32_t)(deadline - now));
        if (err != MICO_OK && err != MICO_ERR_TIMEOUT) {
            return MICO_ERR_IO;
        }
    }
    return MICO_OK;
}

void mscp_uart_kernel(struct mscp_transport *transport)
{
    mico_semaphore_init(&arrived, 0, 1);
    mico_uart_on_receive(MICO_UART_LINK, on_receive, NULL);
    *transport = (struct mscp_transport){NULL, uart_write, uart_read};
}
