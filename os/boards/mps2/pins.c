/* SPDX-License-Identifier: Apache-2.0 */
/* Lamps and buttons of the board's FPGA (DAI 0386 section 4.2). Its buttons raise no interrupt. */
#include "os/port/pins.h"

#include <assert.h>

#include "os/boards/mps2/mps2.h"

#define BUTTONS ((&MPS2_FPGAIO_LEDS)[2])

void mico_lamp_set(unsigned lamp, bool on)
{
    assert(lamp < MICO_LAMPS);
    uint32_t state = mps2_lock();
    MPS2_FPGAIO_LEDS = (MPS2_FPGAIO_LEDS & ~(1u << lamp)) | (uint32_t)on << lamp;
    mps2_unlock(state);
}

bool mico_lamp_get(unsigned lamp)
{
    assert(lamp < MICO_LAMPS);
    return (MPS2_FPGAIO_LEDS >> lamp & 1) != 0;
}

bool mico_button_pressed(unsigned button)
{
    assert(button < MICO_BUTTONS);
    return (BUTTONS >> button & 1) != 0;
}

bool mico_button_on_change(unsigned button, void (*callback)(void *ctx), void *ctx)
{
    return false;
}
