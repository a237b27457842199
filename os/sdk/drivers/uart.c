/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's serial line over os/port. Bytes go from the board's ring to the application's in the interrupt; who waits is
 * woken by a semaphore and looks again. */
#include "os/port/uart.h"

#include "os/kernel/kernel.h"
#include "os/port/clock.h"
#include "os/sdk/MiCODrivers/MiCODriverUart.h"
#include "os/sdk/drivers/uart.h"

#define OWN_BUFFER 1024u

static enum sdk_uart_user user;
static ring_buffer_t *ring;
static struct mico_semaphore arrived;
static uint8_t own_bytes[OWN_BUFFER];
static ring_buffer_t own_ring;

bool sdk_uart_claim(enum sdk_uart_user by)
{
    uint32_t irq = mico_irq_save();
    bool granted = user == SDK_UART_FREE || user == by;
    user = granted ? by : user;
    mico_irq_restore(irq);
    return granted;
}

void sdk_uart_release(void)
{
    user = SDK_UART_FREE;
}

static void receive(void *ctx)
{
    uint8_t chunk[64];
    size_t len;
    while ((len = mico_uart_read(MICO_UART_CONSOLE, chunk, sizeof chunk)) > 0) {
        (void)ring_buffer_write(ring, chunk, (uint32_t)len);
    }
    (void)mico_semaphore_give(&arrived);
}

static bool is_supported(const mico_uart_config_t *config)
{
    return config->baud_rate != 0 && config->data_width == DATA_WIDTH_8BIT && config->parity == NO_PARITY &&
           config->stop_bits == STOP_BITS_1 && config->flow_control == FLOW_CONTROL_DISABLED;
}

OSStatus MicoUartInitialize(mico_uart_t uart, const mico_uart_config_t *config, ring_buffer_t *optional_rx_buffer)
{
    if (uart != MICO_UART_1) {
        return kUnsupportedErr;
    }
    if (config == NULL || (optional_rx_buffer != NULL && optional_rx_buffer->size < 2)) {
        return kParamErr;
    }
    if (!is_supported(config)) {
        return kUnsupportedErr;
    }
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    bool again = user == SDK_UART_APPLICATION;
    if (!sdk_uart_claim(SDK_UART_APPLICATION)) {
        return kAlreadyInUseErr;
    }
    mico_uart_on_receive(MICO_UART_CONSOLE, NULL, NULL);
    if (again) {
        mico_semaphore_deinit(&arrived);
    }
    (void)ring_buffer_init(&own_ring, own_bytes, sizeof own_bytes);
    ring = optional_rx_buffer != NULL ? optional_rx_buffer : &own_ring;
    mico_semaphore_init(&arrived, 0, 1);
    mico_uart_on_receive(MICO_UART_CONSOLE, receive, NULL);
    return kNoErr;
}

OSStatus MicoStdioUartInitialize(const mico_uart_config_t *config, ring_buffer_t *optional_rx_buffer)
{
    return MicoUartInitialize(STDIO_UART, config, optional_rx_buffer);
}

/* kNoErr when the application has the line. */
static OSStatus check(mico_uart_t uart)
{
    if (uart != MICO_UART_1) {
        return kUnsupportedErr;
    }
    return user == SDK_UART_APPLICATION ? kNoErr : kNotInitializedErr;
}

OSStatus MicoUartFinalize(mico_uart_t uart)
{
    OSStatus err = check(uart);
    if (err == kNoErr && mico_in_interrupt()) {
        err = kGeneralErr;
    }
    if (err == kNoErr) {
        mico_uart_on_receive(MICO_UART_CONSOLE, NULL, NULL);
        sdk_uart_release();
        mico_semaphore_deinit(&arrived);
    }
    return err;
}

OSStatus MicoUartSend(mico_uart_t uart, const void *data, uint32_t size)
{
    OSStatus err = check(uart);
    if (err != kNoErr) {
        return err;
    }
    if (data == NULL) {
        return kParamErr;
    }
    mico_uart_write(MICO_UART_CONSOLE, data, size);
    return kNoErr;
}

/* A wait that begins anew each time ends after timeout_ms in all. */
static uint32_t left_of(uint64_t start_ms, uint32_t timeout_ms)
{
    uint64_t passed = mico_clock_ms() - start_ms;
    return timeout_ms == MICO_FOREVER ? MICO_FOREVER : passed < timeout_ms ? timeout_ms - (uint32_t)passed : 0;
}

static void take(uint8_t *out, uint32_t size)
{
    while (size > 0) {
        uint8_t *from;
        uint32_t part;
        ring_buffer_get_data(ring, &from, &part);
        part = Min(part, size);
        memcpy(out, from, part);
        ring_buffer_consume(ring, part);
        out += part;
        size -= part;
    }
}

OSStatus MicoUartRecv(mico_uart_t uart, void *data, uint32_t size, uint32_t timeout)
{
    OSStatus err = check(uart);
    if (err != kNoErr) {
        return err;
    }
    if (data == NULL || size == 0) {
        return kParamErr;
    }
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    if (size > ring->size - 1) {
        return kSizeErr;
    }
    uint64_t start_ms = mico_clock_ms();
    while (ring_buffer_used_space(ring) < size) {
        mico_err waited = mico_semaphore_take(&arrived, left_of(start_ms, timeout));
        if (waited != MICO_OK) {
            return waited == MICO_ERR_TIMEOUT ? kTimeoutErr : kGeneralErr;
        }
    }
    take(data, size);
    return kNoErr;
}

uint32_t MicoUartGetLengthInBuffer(mico_uart_t uart)
{
    return check(uart) == kNoErr ? ring_buffer_used_space(ring) : 0;
}
