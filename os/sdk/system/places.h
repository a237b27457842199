/* SPDX-License-Identifier: Apache-2.0 */
/* What of the flash is the SDK's: behind what identity/provision.h lays out. */
#ifndef OS_SDK_SYSTEM_PLACES_H
#define OS_SDK_SYSTEM_PLACES_H

#include "identity/provision.h"

#define SDK_FLASH_CONTEXT 0x450000u /* a store: the system context */
#define SDK_FLASH_CONTEXT_SIZE 0x10000u
#define SDK_FLASH_PARAMETERS 0x460000u /* two partitions */
#define SDK_FLASH_PARAMETER_SIZE 0x10000u
#define SDK_FLASH_FILESYS 0x480000u
#define SDK_FLASH_FILESYS_SIZE 0x100000u

_Static_assert(SDK_FLASH_CONTEXT >= MICO_FLASH_APP + MICO_FLASH_APP_SIZE, "the application's records end before");

#endif
