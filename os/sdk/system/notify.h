/* SPDX-License-Identifier: Apache-2.0 */
/* Sending notifications. */
#ifndef OS_SDK_SYSTEM_NOTIFY_H
#define OS_SDK_SYSTEM_NOTIFY_H

#include "os/sdk/mico_system.h"

/** Call everything that is registered for type, in this thread. value is what its functions get: a WiFiEvent, an
 * OSStatus, the address of a scan's result; else 0. */
void sdk_notify(mico_notify_types_t type, intptr_t value);

#endif
