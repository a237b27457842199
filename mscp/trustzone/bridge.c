/* SPDX-License-Identifier: Apache-2.0 */
/* Non-secure firmware that carries bytes between the link UART and the coprocessor in the Secure world: a chip for a host on the
 * other end of the line, so that the tests of chips run against this place too. */
#include "mscp/trustzone/gate.h"
#include "os/port/board.h"
#include "os/port/uart.h"

#define IDLE_MS 1000

static void say(const char *text, size_t len)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, len);
}

int main(void)
{
    static const char ready[] = "bridge: ready\n", refused[] = "bridge: the gate refused\n";
    say(ready, sizeof ready - 1);
    for (;;) {
        static uint8_t bytes[512];
        size_t len = mico_uart_read(MICO_UART_LINK, bytes, sizeof bytes);
        if (len == 0) {
            mico_board_wait(IDLE_MS);
            continue;
        }
        if (mscp_secure_write(bytes, len) != MICO_OK) {
            say(refused, sizeof refused - 1);
        }
        for (int32_t n; (n = mscp_secure_read(bytes, sizeof bytes)) > 0;) {
            mico_uart_write(MICO_UART_LINK, bytes, (size_t)n);
        }
    }
}
