/* SPDX-License-Identifier: Apache-2.0 */
/* Flash: 16 MiB of memory that the emulator keeps in a file, driven with the manners of NOR flash. */
#include "os/port/flash.h"

#include <string.h>

#include "os/boards/mps2/mps2.h"

#define SECTOR_SIZE 4096u

static bool in_range(uint32_t address, size_t len)
{
    return address <= MPS2_FLASH_SIZE && len <= MPS2_FLASH_SIZE - address;
}

static uint8_t *at(uint32_t address)
{
    return (uint8_t *)(MPS2_FLASH_BASE + address);
}

static mico_err flash_read(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    if (!in_range(address, len)) {
        return MICO_ERR_PARAM;
    }
    memcpy(out, at(address), len);
    return MICO_OK;
}

static mico_err flash_program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    if (!in_range(address, len)) {
        return MICO_ERR_PARAM;
    }
    volatile uint8_t *cell = at(address);
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++) {
        cell[i] &= bytes[i];
    }
    return MICO_OK;
}

static mico_err flash_erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    if (!in_range(address, len) || address % SECTOR_SIZE != 0 || len % SECTOR_SIZE != 0) {
        return MICO_ERR_PARAM;
    }
    memset(at(address), 0xFF, len);
    return MICO_OK;
}

bool mico_board_has_flash(void)
{
    return true;
}

const struct mico_flash *mico_board_flash(void)
{
    static const struct mico_flash flash = {
        .size = MPS2_FLASH_SIZE,
        .sector_size = SECTOR_SIZE,
        .program_size = 1,
        .read = flash_read,
        .program = flash_program,
        .erase = flash_erase,
    };
    return &flash;
}
