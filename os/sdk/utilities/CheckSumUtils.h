/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the check sums of its protocols and of mico_ota_switch_to_new_fw. Allowed in interrupts. */
#ifndef OS_SDK_UTILITIES_CHECKSUMUTILS_H
#define OS_SDK_UTILITIES_CHECKSUMUTILS_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint8_t crc;
} CRC8_Context;

typedef struct {
    uint16_t crc;
} CRC16_Context;

/* CRC-8/MAXIM: x8 + x5 + x4 + 1, bits from the lowest, from 0. */
void CRC8_Init(CRC8_Context *context);
void CRC8_Update(CRC8_Context *context, const void *data, size_t len);
void CRC8_Final(CRC8_Context *context, uint8_t *out);

/* CRC-16/XMODEM: x16 + x12 + x5 + 1, bits from the highest, from 0. After Final the context must be begun anew. */
void CRC16_Init(CRC16_Context *context);
void CRC16_Update(CRC16_Context *context, const void *data, size_t len);
void CRC16_Final(CRC16_Context *context, uint16_t *out);

#ifdef __cplusplus
}
#endif

#endif
