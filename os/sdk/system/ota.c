/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's switch to new firmware, over boot/update. */
#include "base/log.h"
#include "boot/update/update.h"
#include "os/port/context.h"
#include "os/port/flash.h"
#include "os/sdk/MiCODrivers/MiCODriverFlash.h"
#include "os/sdk/mico_system.h"
#include "os/sdk/utilities/CheckSumUtils.h"

static OSStatus check_sum(uint32_t len, uint16_t wanted)
{
    uint8_t chunk[256];
    CRC16_Context crc;
    uint16_t found;
    CRC16_Init(&crc);
    for (uint32_t at = 0; at < len;) {
        uint32_t part = Min(len - at, (uint32_t)sizeof chunk);
        OSStatus err = MicoFlashRead(MICO_PARTITION_OTA_TEMP, &at, chunk, part);
        if (err != kNoErr) {
            return err;
        }
        CRC16_Update(&crc, chunk, part);
    }
    CRC16_Final(&crc, &found);
    return found == wanted ? kNoErr : kChecksumErr;
}

static OSStatus status_of(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return kNoErr;
    case MICO_ERR_FORMAT:
        return kFormatErr;
    case MICO_ERR_SIZE:
        return kSizeErr;
    case MICO_ERR_UNSUPPORTED:
        return kUnsupportedErr;
    case MICO_ERR_AUTH:
        return kSignatureErr;
    case MICO_ERR_ROLLBACK:
        return kVersionErr;
    default:
        return kReadErr;
    }
}

static OSStatus check_image(uint32_t len)
{
    struct mico_reason reason = {""};
    uint32_t size = 0;
    mico_err err = mico_update_check(mico_board_flash(), &size, &reason);
    if (err == MICO_OK && size > len) {
        err = mico_refuse(&reason, MICO_ERR_SIZE, "update: the image has %u bytes, of which %u were written",
                          (unsigned)size, (unsigned)len);
    }
    if (err != MICO_OK) {
        MICO_LOG("ota", "%s", reason.text);
    }
    return status_of(err);
}

OSStatus mico_ota_switch_to_new_fw(int ota_data_len, uint16_t ota_data_crc)
{
    const mico_logic_partition_t *ota = MicoFlashGetInfo(MICO_PARTITION_OTA_TEMP);
    mico_Context_t *context = mico_system_context_get();
    if (ota_data_len <= 0 || (uint32_t)ota_data_len > ota->partition_length) {
        return kParamErr;
    }
    uint32_t len = (uint32_t)ota_data_len;
    OSStatus err = check_sum(len, ota_data_crc);
    if (err == kNoErr) {
        err = check_image(len);
    }
    if (err == kNoErr) {
        err = mico_update_request(mico_board_flash()) == MICO_OK ? kNoErr : kWriteErr;
    }
    if (err == kNoErr && context != NULL) {
        context->bootTable = (boot_table_t){.start_address = ota->partition_start_addr,
                                            .length = len,
                                            .type = 'A',
                                            .upgrade_type = 'U',
                                            .crc = ota_data_crc};
    }
    return err;
}
