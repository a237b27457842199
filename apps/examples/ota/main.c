/* SPDX-License-Identifier: Apache-2.0 */
/* An update as an application makes it: the image goes to the OTA partition in pieces, with its check sum, and then the
 * system is asked to switch. What is written here is no firmware, so the system says why it does not. */
#include "mico.h"
#include "CheckSumUtils.h"

#define ota_log(...) custom_log("OTA", __VA_ARGS__)

#define PIECE 1000u
#define PIECES 5u

/* In a product this comes from the network. */
static void next_piece(uint8_t piece[PIECE], unsigned number)
{
    memset(piece, (int)number, PIECE);
}

int application_start(void)
{
    static uint8_t piece[PIECE];
    CRC16_Context context;
    uint16_t crc;
    uint32_t offset = 0;
    const mico_logic_partition_t *ota = MicoFlashGetInfo(MICO_PARTITION_OTA_TEMP);
    ota_log("there are %lu KiB", (unsigned long)ota->partition_length / 1024);

    OSStatus err = MicoFlashErase(MICO_PARTITION_OTA_TEMP, 0, PIECE * PIECES);
    require_noerr(err, exit);
    CRC16_Init(&context);
    for (unsigned i = 0; i < PIECES; i++) {
        next_piece(piece, i);
        CRC16_Update(&context, piece, PIECE);
        err = MicoFlashWrite(MICO_PARTITION_OTA_TEMP, &offset, piece, PIECE);
        require_noerr(err, exit);
    }
    CRC16_Final(&context, &crc);
    ota_log("%lu bytes are written", (unsigned long)offset);
    ota_log("with another check sum: %d", mico_ota_switch_to_new_fw((int)offset, crc ^ 1));
    ota_log("with its own: %d", mico_ota_switch_to_new_fw((int)offset, crc));

exit:
    return err;
}
