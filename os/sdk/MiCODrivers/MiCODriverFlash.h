/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: flash, as partitions. Writing can only clear bits; erasing sets those of whole sectors of 4 KiB. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERFLASH_H
#define OS_SDK_MICODRIVERS_MICODRIVERFLASH_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PAR_OPT_READ_DIS 0u
#define PAR_OPT_READ_EN 1u
#define PAR_OPT_READ_MASK 1u
#define PAR_OPT_WRITE_DIS 0u
#define PAR_OPT_WRITE_EN 2u
#define PAR_OPT_WRITE_MASK 2u

typedef enum {
    MICO_FLASH_EMBEDDED,
    MICO_FLASH_MAX,
    MICO_FLASH_NONE,
} mico_flash_t;

/* Those of length 0 are not in this flash. What the factory writes, pairings and the system context have none. */
typedef enum {
    MICO_PARTITION_ERROR = -1,
    MICO_PARTITION_FILESYS,     /* 1 MiB for the application */
    MICO_PARTITION_BOOTLOADER,  /* length 0 */
    MICO_PARTITION_APPLICATION, /* the image that runs: read only */
    MICO_PARTITION_ATE,         /* length 0 */
    MICO_PARTITION_OTA_TEMP,    /* an update, for mico_ota_switch_to_new_fw */
    MICO_PARTITION_RF_FIRMWARE, /* length 0 */
    MICO_PARTITION_PARAMETER_1, /* 64 KiB each for the application */
    MICO_PARTITION_PARAMETER_2,
    MICO_PARTITION_MAX,
    MICO_PARTITION_NONE,
} mico_partition_t;

typedef struct {
    mico_flash_t partition_owner;
    const char *partition_description;
    uint32_t partition_start_addr; /* in the flash */
    uint32_t partition_length;
    uint32_t partition_options;
} mico_logic_partition_t;

/** NULL for no such partition. [interrupt] */
mico_logic_partition_t *MicoFlashGetInfo(mico_partition_t partition);

/* All of these: kParamErr for no such partition or what is not inside of it (also 0 bytes); kPermissionErr; kUnsupportedErr
 * on a posix board without flash; kReadErr, kWriteErr. One thread at a time; not in interrupts (kGeneralErr). */

/** Erase every sector that has a byte of offset .. offset + size - 1. */
OSStatus MicoFlashErase(mico_partition_t partition, uint32_t offset, uint32_t size);
/** Write at *offset, which becomes the end of what was written. */
OSStatus MicoFlashWrite(mico_partition_t partition, volatile uint32_t *offset, uint8_t *data, uint32_t len);
/** Read at *offset, which becomes the end of what was read. */
OSStatus MicoFlashRead(mico_partition_t partition, volatile uint32_t *offset, uint8_t *out, uint32_t len);
/** Always kUnsupportedErr: nothing here protects flash from reading; firmware is encrypted instead. */
OSStatus MicoFlashEnableSecurity(mico_partition_t partition, uint32_t offset, uint32_t size);

#ifdef __cplusplus
}
#endif

#endif
