/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: everything of the board in one header. */
#ifndef OS_SDK_MICO_PLATFORM_H
#define OS_SDK_MICO_PLATFORM_H

#include "os/sdk/MiCODrivers/MiCODriverAdc.h"
#include "os/sdk/MiCODrivers/MiCODriverFlash.h"
#include "os/sdk/MiCODrivers/MiCODriverGpio.h"
#include "os/sdk/MiCODrivers/MiCODriverI2c.h"
#include "os/sdk/MiCODrivers/MiCODriverPwm.h"
#include "os/sdk/MiCODrivers/MiCODriverRng.h"
#include "os/sdk/MiCODrivers/MiCODriverRtc.h"
#include "os/sdk/MiCODrivers/MiCODriverSpi.h"
#include "os/sdk/MiCODrivers/MiCODriverUart.h"
#include "os/sdk/MiCODrivers/MiCODriverWdg.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Start the board again; does not return. */
void MicoSystemReboot(void);
/** No board can stand by: returns at once. */
void MicoSystemStandBy(uint32_t secondsToWakeup);
/** Sleep between interrupts is always on: nothing changes. */
void MicoMcuPowerSaveConfig(int enable);
/** The two lamps. [interrupt] */
void MicoSysLed(bool onoff);
void MicoRfLed(bool onoff);
/** false: there is no manufacturing or test mode, and no waiting in the boot loader. */
bool MicoShouldEnterMFGMode(void);
bool MicoShouldEnterATEMode(void);
bool MicoShouldEnterBootloader(void);

/* The spelling of late 3.x. */
#define mico_system_reboot MicoSystemReboot
#define mico_mcu_powersave_config MicoMcuPowerSaveConfig

#ifdef __cplusplus
}
#endif

#endif
