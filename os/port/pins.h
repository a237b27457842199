/* SPDX-License-Identifier: Apache-2.0 */
/* The few pins that an evaluation board has: lamps out, buttons in. */
#ifndef OS_PORT_PINS_H
#define OS_PORT_PINS_H

#include <stdbool.h>

#define MICO_LAMPS 2u   /* lamp 0 is mico_board_lamp's */
#define MICO_BUTTONS 2u

void mico_lamp_set(unsigned lamp, bool on);

/** What it was set to last. */
bool mico_lamp_get(unsigned lamp);

/** True while it is pressed. */
bool mico_button_pressed(unsigned button);

/** Have callback(ctx) called, in interrupt context, when the button is pressed and when it is released; NULL removes it.
 * False on a board whose buttons raise no interrupt. */
bool mico_button_on_change(unsigned button, void (*callback)(void *ctx), void *ctx);

#endif
