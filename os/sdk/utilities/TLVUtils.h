/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: walk over records of one byte of type, one of length, and the value. */
#ifndef OS_SDK_UTILITIES_TLVUTILS_H
#define OS_SDK_UTILITIES_TLVUTILS_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The record at src; *next is where the one behind it begins. kNotFoundErr at end; kUnderrunErr when the record reaches
 * past end. Any of id, data, len, next may be NULL. */
OSStatus TLVGetNext(const uint8_t *src, const uint8_t *end, uint8_t *id, const uint8_t **data, size_t *len,
                    const uint8_t **next);

#ifdef __cplusplus
}
#endif

#endif
