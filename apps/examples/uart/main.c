/* SPDX-License-Identifier: Apache-2.0 */
/* The serial line: what comes is sent back in capitals, line by line, until there is an empty one. */
#include "mico.h"

#define uart_log(...) custom_log("UART", __VA_ARGS__)

static uint32_t read_line(char *out, uint32_t cap)
{
    uint32_t len = 0;
    char octet;
    while (MicoUartRecv(UART_FOR_APP, &octet, 1, MICO_WAIT_FOREVER) == kNoErr && octet != '\n' && octet != '\r') {
        if (len < cap - 1) {
            out[len++] = (char)toupper_safe(octet);
        }
    }
    out[len] = '\0';
    return len;
}

int application_start(void)
{
    static uint8_t storage[256];
    static ring_buffer_t ring;
    const mico_uart_config_t config = {115200, DATA_WIDTH_8BIT, NO_PARITY, STOP_BITS_1, FLOW_CONTROL_DISABLED, 0};
    char line[32], octet;
    ring_buffer_init(&ring, storage, sizeof storage);
    OSStatus err = MicoUartInitialize(UART_FOR_APP, &config, &ring);
    require_noerr(err, exit);
    uart_log("nobody typed: %d", MicoUartRecv(UART_FOR_APP, &octet, 1, 20));
    while (read_line(line, sizeof line) > 0) {
        uart_log("%s", line);
    }
    err = MicoUartFinalize(UART_FOR_APP);
    require_noerr(err, exit);
    uart_log("closed: %d", MicoUartSend(UART_FOR_APP, "x", 1));

exit:
    return err;
}
