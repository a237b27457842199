/* SPDX-License-Identifier: Apache-2.0 */
/* Flash in partitions: erasing gives ones, writing can only make zeros of them, and nothing outside is reached. */
#include "mico.h"

#define flash_log(...) custom_log("FLASH", __VA_ARGS__)

#define WHERE MICO_PARTITION_PARAMETER_1

static uint8_t read_at(uint32_t offset)
{
    uint8_t octet = 0;
    MicoFlashRead(WHERE, &offset, &octet, 1);
    return octet;
}

int application_start(void)
{
    uint8_t text[] = "hello";
    uint8_t back[sizeof text];
    uint32_t offset = 100;
    mico_logic_partition_t *info = MicoFlashGetInfo(WHERE);
    flash_log("%s has %lu KiB", info->partition_description, (unsigned long)info->partition_length / 1024);

    OSStatus err = MicoFlashErase(WHERE, 0, info->partition_length);
    require_noerr(err, exit);
    flash_log("erased: %02x", read_at(100));
    err = MicoFlashWrite(WHERE, &offset, text, sizeof text);
    require_noerr(err, exit);
    flash_log("the next byte goes to %lu", (unsigned long)offset);
    offset = 100;
    err = MicoFlashRead(WHERE, &offset, back, sizeof back);
    require_noerr(err, exit);
    flash_log("read: %s", back);

    offset = 100;
    text[0] = 0x0F;
    err = MicoFlashWrite(WHERE, &offset, text, 1);
    require_noerr(err, exit);
    flash_log("0F over 'h' (68) gives %02x", read_at(100));
    offset = info->partition_length;
    flash_log("behind the end: %d", MicoFlashWrite(WHERE, &offset, text, 1));
    offset = 0;
    flash_log("the image that runs: %d", MicoFlashWrite(MICO_PARTITION_APPLICATION, &offset, text, 1));

exit:
    return err;
}
