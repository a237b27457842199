/* SPDX-License-Identifier: Apache-2.0 */
/* The name that late 3.x applications have for debug.h: the log. */
#ifndef OS_SDK_MICO_DEBUG_H
#define OS_SDK_MICO_DEBUG_H

#include "os/sdk/debug.h"

#endif
