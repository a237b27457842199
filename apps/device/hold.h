/* SPDX-License-Identifier: Apache-2.0 */
/* A button that is held down for a while, as people ask a device for its reset. */
#ifndef APPS_DEVICE_HOLD_H
#define APPS_DEVICE_HOLD_H

#include <stdint.h>

#include "os/kernel/kernel.h"

#define MICO_HOLD_STACK 8192u /* for `held`; the device's reset takes 1.6 KB on a Cortex-M4: tests/reset_board_test.c */

struct mico_hold {
    unsigned button;  /* os/port/pins.h */
    uint32_t hold_ms; /* how long, give or take 100 */
    void (*held)(void *ctx);
    void *ctx;
    struct mico_thread thread;
    uint64_t stack[MICO_HOLD_STACK / sizeof(uint64_t)];
};

/** Watch the button in a thread of its own, in which held(ctx) is called once each time the button has been down for
 * hold_ms without a break. A button that is down at the start, stuck perhaps, counts from its first release on.
 * hold must stay. */
void mico_hold_start(struct mico_hold *hold);

#endif
