/* SPDX-License-Identifier: Apache-2.0 */
/* A board's watchdog: resets it unless it is fed in time, whatever the program does. */
#ifndef OS_PORT_WATCHDOG_H
#define OS_PORT_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

/** Start it, or start it anew: the board resets when timeout_ms (at least 1) pass without mico_watchdog_feed. False when
 * the board has none, or it cannot count as long. */
bool mico_watchdog_start(uint32_t timeout_ms);

/** Count from the beginning. Nothing when it does not run. [interrupt] */
void mico_watchdog_feed(void);

void mico_watchdog_stop(void);

#endif
