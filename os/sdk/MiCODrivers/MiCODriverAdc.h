/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: analogue inputs. No board has one: every call gives kUnsupportedErr. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERADC_H
#define OS_SDK_MICODRIVERS_MICODRIVERADC_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int8_t mico_adc_t;
#define MICO_ADC_NONE 0

OSStatus MicoAdcInitialize(mico_adc_t adc, uint32_t sampling_cycle);
OSStatus MicoAdcTakeSample(mico_adc_t adc, uint16_t *output);
OSStatus MicoAdcTakeSampleStreram(mico_adc_t adc, void *buffer, uint16_t buffer_length);
OSStatus MicoAdcFinalize(mico_adc_t adc);

#ifdef __cplusplus
}
#endif

#endif
