/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's pins over os/port: lamps are outputs; buttons are inputs, low while pressed. */
#include "os/port/context.h"
#include "os/port/pins.h"
#include "os/sdk/MiCODrivers/MiCODriverGpio.h"
#include "os/sdk/mico_platform.h"

static struct pin {
    bool prepared;
    bool level; /* when the last interrupt came */
    mico_gpio_irq_trigger_t trigger;
    mico_gpio_irq_handler_t handler;
    void *arg;
} pins[MICO_GPIO_MAX];

static bool exists(mico_gpio_t gpio)
{
    return (unsigned)gpio < MICO_GPIO_MAX;
}

static bool is_lamp(mico_gpio_t gpio)
{
    return (unsigned)gpio < MICO_LAMPS;
}

static unsigned button_of(mico_gpio_t gpio)
{
    return (unsigned)gpio - MICO_LAMPS;
}

OSStatus MicoGpioInitialize(mico_gpio_t gpio, mico_gpio_config_t configuration)
{
    bool output = configuration >= OUTPUT_PUSH_PULL && configuration <= OUTPUT_OPEN_DRAIN_PULL_UP;
    if (!exists(gpio) || (unsigned)configuration > OUTPUT_OPEN_DRAIN_PULL_UP || output != is_lamp(gpio)) {
        return kUnsupportedErr;
    }
    pins[gpio].prepared = true;
    return kNoErr;
}

OSStatus MicoGpioFinalize(mico_gpio_t gpio)
{
    if (!exists(gpio)) {
        return kUnsupportedErr;
    }
    if (is_lamp(gpio)) {
        mico_lamp_set((unsigned)gpio, false);
    } else {
        (void)mico_button_on_change(button_of(gpio), NULL, NULL);
    }
    pins[gpio].prepared = false;
    return kNoErr;
}

static OSStatus put(mico_gpio_t gpio, bool level)
{
    if (!exists(gpio)) {
        return kUnsupportedErr;
    }
    if (!is_lamp(gpio) || !pins[gpio].prepared) {
        return kNotInitializedErr;
    }
    mico_lamp_set((unsigned)gpio, level);
    return kNoErr;
}

OSStatus MicoGpioOutputHigh(mico_gpio_t gpio)
{
    return put(gpio, true);
}

OSStatus MicoGpioOutputLow(mico_gpio_t gpio)
{
    return put(gpio, false);
}

OSStatus MicoGpioOutputTrigger(mico_gpio_t gpio)
{
    return put(gpio, !MicoGpioInputGet(gpio));
}

bool MicoGpioInputGet(mico_gpio_t gpio)
{
    if (!exists(gpio)) {
        return false;
    }
    return is_lamp(gpio) ? mico_lamp_get((unsigned)gpio) : !mico_button_pressed(button_of(gpio));
}

static void on_change(void *ctx)
{
    struct pin *pin = ctx;
    bool level = MicoGpioInputGet((mico_gpio_t)(pin - pins));
    mico_gpio_irq_trigger_t edge = level ? IRQ_TRIGGER_RISING_EDGE : IRQ_TRIGGER_FALLING_EDGE;
    if (level != pin->level && (pin->trigger & edge) != 0) {
        pin->handler(pin->arg);
    }
    pin->level = level;
}

OSStatus MicoGpioEnableIRQ(mico_gpio_t gpio, mico_gpio_irq_trigger_t trigger, mico_gpio_irq_handler_t handler,
                           void *arg)
{
    if (!exists(gpio)) {
        return kUnsupportedErr;
    }
    if (handler == NULL || trigger < IRQ_TRIGGER_RISING_EDGE || trigger > IRQ_TRIGGER_BOTH_EDGES) {
        return kParamErr;
    }
    if (is_lamp(gpio) || !pins[gpio].prepared) {
        return kNotInitializedErr;
    }
    uint32_t irq = mico_irq_save();
    pins[gpio].trigger = trigger;
    pins[gpio].handler = handler;
    pins[gpio].arg = arg;
    pins[gpio].level = MicoGpioInputGet(gpio);
    bool watched = mico_button_on_change(button_of(gpio), on_change, &pins[gpio]);
    mico_irq_restore(irq);
    return watched ? kNoErr : kUnsupportedErr;
}

OSStatus MicoGpioDisableIRQ(mico_gpio_t gpio)
{
    if (!exists(gpio)) {
        return kUnsupportedErr;
    }
    if (is_lamp(gpio) || !pins[gpio].prepared) {
        return kNotInitializedErr;
    }
    return mico_button_on_change(button_of(gpio), NULL, NULL) ? kNoErr : kUnsupportedErr;
}

void MicoSysLed(bool onoff)
{
    mico_lamp_set(MICO_SYS_LED, onoff);
}

void MicoRfLed(bool onoff)
{
    mico_lamp_set(MICO_RF_LED, onoff);
}
