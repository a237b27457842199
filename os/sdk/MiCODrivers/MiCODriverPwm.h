/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: pulse-width outputs. No board has one: every call gives kUnsupportedErr. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERPWM_H
#define OS_SDK_MICODRIVERS_MICODRIVERPWM_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int8_t mico_pwm_t;
#define MICO_PWM_NONE 0

OSStatus MicoPwmInitialize(mico_pwm_t pwm, uint32_t frequency, float duty_cycle);
OSStatus MicoPwmStart(mico_pwm_t pwm);
OSStatus MicoPwmStop(mico_pwm_t pwm);

#ifdef __cplusplus
}
#endif

#endif
