/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the board's watchdog. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERWDG_H
#define OS_SDK_MICODRIVERS_MICODRIVERWDG_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The board resets when timeout milliseconds pass without MicoWdgReload. kParamErr 0; kUnsupportedErr longer than it can
 * count (an386: 343 s). */
OSStatus MicoWdgInitialize(uint32_t timeout);
/** [interrupt] */
void MicoWdgReload(void);
OSStatus MicoWdgFinalize(void);

#define PlatformWDGInitialize MicoWdgInitialize
#define PlatformWDGReload MicoWdgReload
#define PlatformWDGFinalize MicoWdgFinalize

#ifdef __cplusplus
}
#endif

#endif
