/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: comparing secrets. */
#ifndef OS_SDK_UTILITIES_SECURITYUTILS_H
#define OS_SDK_UTILITIES_SECURITYUTILS_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 0 when both have the same len bytes, else not 0; its time depends on len alone. */
int memcmp_constant_time(const void *a, const void *b, size_t len);

#ifdef __cplusplus
}
#endif

#endif
