/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: pins. The boards have two lamps (out) and two buttons (in, low while pressed). */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERGPIO_H
#define OS_SDK_MICODRIVERS_MICODRIVERGPIO_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    MICO_GPIO_UNUSED = -1,
    MICO_SYS_LED,
    MICO_RF_LED,
    EasyLink_BUTTON,
    STANDBY_BUTTON,
    MICO_GPIO_MAX,
    MICO_GPIO_NONE,
    MICO_GPIO_1 = MICO_SYS_LED,
    MICO_GPIO_2 = MICO_RF_LED,
    MICO_GPIO_3 = EasyLink_BUTTON,
    MICO_GPIO_4 = STANDBY_BUTTON,
} mico_gpio_t;

typedef enum {
    INPUT_PULL_UP,
    INPUT_PULL_DOWN,
    INPUT_HIGH_IMPEDANCE,
    OUTPUT_PUSH_PULL,
    OUTPUT_OPEN_DRAIN_NO_PULL,
    OUTPUT_OPEN_DRAIN_PULL_UP,
} mico_gpio_config_t;

typedef enum {
    IRQ_TRIGGER_RISING_EDGE = 1,
    IRQ_TRIGGER_FALLING_EDGE = 2,
    IRQ_TRIGGER_BOTH_EDGES = 3,
} mico_gpio_irq_trigger_t;

typedef void (*mico_gpio_irq_handler_t)(void *arg);

/** Prepare a pin. kUnsupportedErr: no such pin, or one of the other direction. [interrupt, as all here but Enable and
 * DisableIRQ] */
OSStatus MicoGpioInitialize(mico_gpio_t gpio, mico_gpio_config_t configuration);
/** An output goes low, an input's interrupt is off. kUnsupportedErr. */
OSStatus MicoGpioFinalize(mico_gpio_t gpio);
/** kUnsupportedErr: no such pin; kNotInitializedErr: not prepared as an output. */
OSStatus MicoGpioOutputHigh(mico_gpio_t gpio);
OSStatus MicoGpioOutputLow(mico_gpio_t gpio);
OSStatus MicoGpioOutputTrigger(mico_gpio_t gpio); /* the other way round */
/** The level of an input, and of an output what it was set to; false for no such pin. */
bool MicoGpioInputGet(mico_gpio_t gpio);
/** Have handler(arg) called in the interrupt at such an edge. kUnsupportedErr: no such pin, or a board whose buttons raise
 * none; kNotInitializedErr: not prepared as an input; kParamErr. */
OSStatus MicoGpioEnableIRQ(mico_gpio_t gpio, mico_gpio_irq_trigger_t trigger, mico_gpio_irq_handler_t handler,
                           void *arg);
OSStatus MicoGpioDisableIRQ(mico_gpio_t gpio);

#ifdef __cplusplus
}
#endif

#endif
