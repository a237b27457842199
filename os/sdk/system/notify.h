/* SPDX-License-Identifier: Apache-2.0 */
/* Sending notifications. */
#ifndef OS_SDK_SYSTEM_NOTIFY_H
#define OS_SDK_SYSTEM_NOTIFY_H

#include "os/sdk/mico_system.h"

/** Call everything that is registered for type, in this thread. */
void sdk_notify(mico_notify_types_t type);

#endif
