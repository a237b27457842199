/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a button; see hold.h. Not every board's buttons interrupt. */
#include "apps/device/hold.h"

#include "os/port/clock.h"
#include "os/port/pins.h"

#define LOOK_MS 100u
#define PRIORITY 6u

static void watch(void *arg)
{
    struct mico_hold *hold = arg;
    uint64_t since_ms = 0;
    bool down = true, told = true;
    for (;;) {
        mico_thread_sleep_ms(LOOK_MS);
        uint64_t now_ms = mico_clock_ms();
        bool pressed = mico_button_pressed(hold->button);
        if (!pressed || !down) {
            since_ms = now_ms;
            told = false;
        }
        down = pressed;
        if (pressed && !told && now_ms - since_ms >= hold->hold_ms) {
            told = true;
            hold->held(hold->ctx);
        }
    }
}

void mico_hold_start(struct mico_hold *hold)
{
    mico_thread_create(&hold->thread, "button", PRIORITY, watch, hold, hold->stack, sizeof hold->stack);
}
