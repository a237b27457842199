/* SPDX-License-Identifier: Apache-2.0 */
/* A slot with any bytes behind a genuine image's header: it is good only when it is that image. The first two bytes of the data
 * say where the rest goes. */
#include <stdlib.h>
#include <string.h>

#include "mscp/chip/test_firmware.h"
#include "os/store/test_flash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CODE 600

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t *memory, image[TEST_FIRMWARE_MAX], code[CODE] = {1};
    static struct test_flash flash;
    static size_t image_len;
    const struct test_firmware what = {{code, sizeof code}, 0, 1, 2, 3, 4, false};
    if (memory == NULL) {
        memory = malloc(MSCP_FIRMWARE_FLASH_SIZE);
        test_flash_init(&flash, memory, MSCP_FIRMWARE_FLASH_SIZE, 4096, 1);
        test_firmware_keys(memory);
        image_len = test_firmware_image(&what, image);
    }
    uint8_t *slot = memory + mscp_firmware_slot(0);
    memcpy(slot, image, image_len);
    size_t at = len >= 2 ? mico_load_le16(data) % image_len : 0;
    size_t span = len >= 2 ? len - 2 : 0;
    span = span > image_len - at ? image_len - at : span;
    memcpy(slot + at, data + (len >= 2 ? 2 : 0), span);
    struct mscp_firmware found;
    bool good = mscp_firmware_check(&flash.flash, 0, &found) == MSCP_FIRMWARE_GOOD;
    if (good != (memcmp(slot, image, image_len) == 0)) {
        abort();
    }
    return 0;
}
