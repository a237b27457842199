/* SPDX-License-Identifier: Apache-2.0 */
/* The name that late 3.x applications have for common.h: types and error codes. */
#ifndef OS_SDK_MICO_COMMON_H
#define OS_SDK_MICO_COMMON_H

#include "os/sdk/common.h"

#endif
