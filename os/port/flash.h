/* SPDX-License-Identifier: Apache-2.0 */
/* NOR flash as an object, so that a test can stand in one that loses power at any operation. */
#ifndef OS_PORT_FLASH_H
#define OS_PORT_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Erase sets a whole sector to 0xFF; program can only clear bits. A cut during either leaves any mixture of old and new
 * bits in the range being written and touches nothing else. Addresses count from the start of the flash. */
struct mico_flash {
    uint32_t size;         /* bytes */
    uint32_t sector_size;  /* bytes; erase unit */
    uint32_t program_size; /* bytes; alignment and unit of program; 1 where any length may be programmed */
    mico_err (*read)(const struct mico_flash *flash, uint32_t address, void *out, size_t len);
    mico_err (*program)(const struct mico_flash *flash, uint32_t address, const void *data, size_t len);
    mico_err (*erase)(const struct mico_flash *flash, uint32_t address, size_t len); /* whole sectors */
    void *ctx;
};

/** False on a posix board that was started without --flash. */
bool mico_board_has_flash(void);

/** The board's own flash. Range and alignment errors give MICO_ERR_PARAM, a failed operation MICO_ERR_IO. */
const struct mico_flash *mico_board_flash(void);

#endif
