/* SPDX-License-Identifier: Apache-2.0 */
/* os/store/test_flash.h without its faults: a flash whose work is moving bytes. */
#include "os/store/test_flash.h"

#include <string.h>

static mico_err flash_read(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    memcpy(out, (const uint8_t *)flash->ctx + address, len);
    return MICO_OK;
}

static mico_err flash_program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    memcpy((uint8_t *)flash->ctx + address, data, len);
    return MICO_OK;
}

static mico_err flash_erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    memset((uint8_t *)flash->ctx + address, 0xFF, len);
    return MICO_OK;
}

void test_flash_init(struct test_flash *rig, uint8_t *memory, uint32_t size, uint32_t sector_size,
                     uint32_t program_size)
{
    memset(rig, 0, sizeof *rig);
    memset(memory, 0xFF, size);
    rig->bytes = memory;
    rig->flash = (struct mico_flash){.size = size,
                                     .sector_size = sector_size,
                                     .program_size = program_size,
                                     .read = flash_read,
                                     .program = flash_program,
                                     .erase = flash_erase,
                                     .ctx = memory};
}

void test_flash_power_on(struct test_flash *rig)
{
    rig->dead = false;
}
