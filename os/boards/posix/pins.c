/* SPDX-License-Identifier: Apache-2.0 */
/* Lamps that nobody sees and buttons that only a test presses. */
#include "os/port/pins.h"

#include <assert.h>
#include <stddef.h>

#include "os/boards/posix/posix.h"

static bool lamps[MICO_LAMPS];

static struct {
    bool pressed;
    void (*callback)(void *ctx);
    void *ctx;
} buttons[MICO_BUTTONS];

void mico_lamp_set(unsigned lamp, bool on)
{
    assert(lamp < MICO_LAMPS);
    lamps[lamp] = on;
}

bool mico_lamp_get(unsigned lamp)
{
    assert(lamp < MICO_LAMPS);
    return lamps[lamp];
}

bool mico_button_pressed(unsigned button)
{
    assert(button < MICO_BUTTONS);
    return buttons[button].pressed;
}

bool mico_button_on_change(unsigned button, void (*callback)(void *ctx), void *ctx)
{
    assert(button < MICO_BUTTONS);
    buttons[button].callback = callback;
    buttons[button].ctx = ctx;
    return true;
}

void mico_posix_press(unsigned button, bool pressed)
{
    assert(button < MICO_BUTTONS);
    bool changed = buttons[button].pressed != pressed;
    buttons[button].pressed = pressed;
    if (changed && buttons[button].callback != NULL) {
        mico_posix_interrupt(buttons[button].callback, buttons[button].ctx);
    }
}
