/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: serial lines. An application has one, the console's, which also carries the log; the boards' other line is the
 * security coprocessor's. It has 8 data bits, no parity, one stop bit and the board's own speed. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERUART_H
#define OS_SDK_MICODRIVERS_MICODRIVERUART_H

#include "os/sdk/common.h"
#include "os/sdk/utilities/RingBufferUtils.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    MICO_UART_1,
    MICO_UART_MAX,
    MICO_UART_NONE,
    STDIO_UART = MICO_UART_1,
    UART_FOR_APP = MICO_UART_1,
} mico_uart_t;

typedef enum {
    DATA_WIDTH_5BIT,
    DATA_WIDTH_6BIT,
    DATA_WIDTH_7BIT,
    DATA_WIDTH_8BIT,
    DATA_WIDTH_9BIT,
} platform_uart_data_width_t;

typedef enum {
    NO_PARITY,
    ODD_PARITY,
    EVEN_PARITY,
} platform_uart_parity_t;

typedef enum {
    STOP_BITS_1,
    STOP_BITS_2,
} platform_uart_stop_bits_t;

typedef enum {
    FLOW_CONTROL_DISABLED,
    FLOW_CONTROL_CTS,
    FLOW_CONTROL_RTS,
    FLOW_CONTROL_CTS_RTS,
} platform_uart_flow_control_t;

#define UART_WAKEUP_DISABLE 0u
#define UART_WAKEUP_ENABLE 1u

typedef struct {
    uint32_t baud_rate; /* not 0; the board's own is used */
    platform_uart_data_width_t data_width;
    platform_uart_parity_t parity;
    platform_uart_stop_bits_t stop_bits;
    platform_uart_flow_control_t flow_control;
    uint8_t flags;
} mico_uart_config_t;

/** Take the line. Bytes that come go to optional_rx_buffer, which must stay, or with NULL to one of 1 KiB; when it is full
 * they are lost. kUnsupportedErr: no such line or setting; kParamErr; kAlreadyInUseErr: the command console has it. */
OSStatus MicoUartInitialize(mico_uart_t uart, const mico_uart_config_t *config, ring_buffer_t *optional_rx_buffer);
/** The same for the console's line. */
OSStatus MicoStdioUartInitialize(const mico_uart_config_t *config, ring_buffer_t *optional_rx_buffer);
/** Give the line back; whoever waits gets kGeneralErr. kUnsupportedErr, kNotInitializedErr. */
OSStatus MicoUartFinalize(mico_uart_t uart);
/** Send all bytes. kUnsupportedErr, kParamErr, kNotInitializedErr. */
OSStatus MicoUartSend(mico_uart_t uart, const void *data, uint32_t size);
/** Wait until size bytes are there, at most the buffer's size - 1, and take them. kTimeoutErr: less are there, and they stay;
 * kSizeErr; kUnsupportedErr, kParamErr, kNotInitializedErr; kGeneralErr in an interrupt. */
OSStatus MicoUartRecv(mico_uart_t uart, void *data, uint32_t size, uint32_t timeout);
/** Bytes that are there. */
uint32_t MicoUartGetLengthInBuffer(mico_uart_t uart);

#ifdef __cplusplus
}
#endif

#endif
