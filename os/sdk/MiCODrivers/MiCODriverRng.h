/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: random numbers. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERRNG_H
#define OS_SDK_MICODRIVERS_MICODRIVERRNG_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** inByteCount random bytes from the system's generator. kParamErr; kGeneralErr (zeros) when there is no entropy. */
OSStatus MicoRandomNumberRead(void *inBuffer, int inByteCount);

#ifdef __cplusplus
}
#endif

#endif
