/* SPDX-License-Identifier: Apache-2.0 */
/* Pins: a lamp that is set and read back, a button that nobody presses. */
#include "mico.h"

#define gpio_log(...) custom_log("GPIO", __VA_ARGS__)

int application_start(void)
{
    OSStatus err = MicoGpioInitialize(MICO_SYS_LED, OUTPUT_PUSH_PULL);
    require_noerr(err, exit);
    err = MicoGpioInitialize(EasyLink_BUTTON, INPUT_PULL_UP);
    require_noerr(err, exit);
    MicoGpioOutputHigh(MICO_SYS_LED);
    gpio_log("high: %d", MicoGpioInputGet(MICO_SYS_LED));
    MicoGpioOutputTrigger(MICO_SYS_LED);
    gpio_log("triggered: %d", MicoGpioInputGet(MICO_SYS_LED));
    MicoRfLed(true);
    gpio_log("the other lamp: %d", MicoGpioInputGet(MICO_RF_LED));
    gpio_log("button: %s", MicoGpioInputGet(EasyLink_BUTTON) ? "released" : "pressed");
    gpio_log("no such pin: %d", MicoGpioOutputHigh(MICO_GPIO_NONE));
    gpio_log("a button is no lamp: %d", MicoGpioInitialize(EasyLink_BUTTON, OUTPUT_PUSH_PULL));

exit:
    return err;
}
