/* SPDX-License-Identifier: Apache-2.0 */
/* Who has the console's line. */
#ifndef OS_SDK_DRIVERS_UART_H
#define OS_SDK_DRIVERS_UART_H

#include <stdbool.h>

enum sdk_uart_user {
    SDK_UART_FREE,
    SDK_UART_APPLICATION,
    SDK_UART_CONSOLE,
};

/** Give it to user when it is free or theirs already; false otherwise. */
bool sdk_uart_claim(enum sdk_uart_user user);
void sdk_uart_release(void);

#endif
