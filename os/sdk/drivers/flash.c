/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's flash over os/port: partitions, and nothing outside of them. */
#include "identity/provision.h"
#include "os/kernel/kernel.h"
#include "os/port/flash.h"
#include "os/sdk/MiCODrivers/MiCODriverFlash.h"
#include "os/sdk/system/places.h"

#define READ PAR_OPT_READ_EN
#define READ_WRITE (PAR_OPT_READ_EN | PAR_OPT_WRITE_EN)

static mico_logic_partition_t partitions[MICO_PARTITION_MAX] = {
    [MICO_PARTITION_FILESYS] = {MICO_FLASH_EMBEDDED, "filesys", SDK_FLASH_FILESYS, SDK_FLASH_FILESYS_SIZE, READ_WRITE},
    [MICO_PARTITION_BOOTLOADER] = {MICO_FLASH_NONE, "bootloader", 0, 0, 0},
    [MICO_PARTITION_APPLICATION] = {MICO_FLASH_EMBEDDED, "application", MICO_FLASH_SLOT_A, MICO_FLASH_SLOT_SIZE, READ},
    [MICO_PARTITION_ATE] = {MICO_FLASH_NONE, "ate", 0, 0, 0},
    [MICO_PARTITION_OTA_TEMP] = {MICO_FLASH_EMBEDDED, "ota", MICO_FLASH_SLOT_B, MICO_FLASH_SLOT_SIZE, READ_WRITE},
    [MICO_PARTITION_RF_FIRMWARE] = {MICO_FLASH_NONE, "rf firmware", 0, 0, 0},
    [MICO_PARTITION_PARAMETER_1] = {MICO_FLASH_EMBEDDED, "parameter 1", SDK_FLASH_PARAMETERS, SDK_FLASH_PARAMETER_SIZE,
                                    READ_WRITE},
    [MICO_PARTITION_PARAMETER_2] = {MICO_FLASH_EMBEDDED, "parameter 2", SDK_FLASH_PARAMETERS + SDK_FLASH_PARAMETER_SIZE,
                                    SDK_FLASH_PARAMETER_SIZE, READ_WRITE},
};

mico_logic_partition_t *MicoFlashGetInfo(mico_partition_t partition)
{
    return (unsigned)partition < MICO_PARTITION_MAX ? &partitions[partition] : NULL;
}

/* Whether len bytes at offset of the partition may be used so; *address is where they lie in the flash. */
static OSStatus place(mico_partition_t partition, uint32_t offset, uint32_t len, uint32_t option, uint32_t *address)
{
    const mico_logic_partition_t *p = MicoFlashGetInfo(partition);
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    if (p == NULL || len == 0 || offset > p->partition_length || len > p->partition_length - offset) {
        return kParamErr;
    }
    if ((p->partition_options & option) == 0) {
        return kPermissionErr;
    }
    if (!mico_board_has_flash()) {
        return kUnsupportedErr;
    }
    *address = p->partition_start_addr + offset;
    return kNoErr;
}

OSStatus MicoFlashErase(mico_partition_t partition, uint32_t offset, uint32_t size)
{
    uint32_t address = 0;
    OSStatus err = place(partition, offset, size, PAR_OPT_WRITE_EN, &address);
    if (err != kNoErr) {
        return err;
    }
    const struct mico_flash *flash = mico_board_flash();
    uint32_t first = address / flash->sector_size, last = (address + size - 1) / flash->sector_size;
    return flash->erase(flash, first * flash->sector_size, (last - first + 1) * flash->sector_size) == MICO_OK
               ? kNoErr
               : kWriteErr;
}

OSStatus MicoFlashWrite(mico_partition_t partition, volatile uint32_t *offset, uint8_t *data, uint32_t len)
{
    uint32_t address = 0;
    if (offset == NULL || data == NULL) {
        return kParamErr;
    }
    OSStatus err = place(partition, *offset, len, PAR_OPT_WRITE_EN, &address);
    if (err != kNoErr) {
        return err;
    }
    const struct mico_flash *flash = mico_board_flash();
    if (flash->program(flash, address, data, len) != MICO_OK) {
        return kWriteErr;
    }
    *offset += len;
    return kNoErr;
}

OSStatus MicoFlashRead(mico_partition_t partition, volatile uint32_t *offset, uint8_t *out, uint32_t len)
{
    uint32_t address = 0;
    if (offset == NULL || out == NULL) {
        return kParamErr;
    }
    OSStatus err = place(partition, *offset, len, PAR_OPT_READ_EN, &address);
    if (err != kNoErr) {
        return err;
    }
    const struct mico_flash *flash = mico_board_flash();
    if (flash->read(flash, address, out, len) != MICO_OK) {
        return kReadErr;
    }
    *offset += len;
    return kNoErr;
}

OSStatus MicoFlashEnableSecurity(mico_partition_t partition, uint32_t offset, uint32_t size)
{
    return kUnsupportedErr;
}
