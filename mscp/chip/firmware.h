/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's own firmware as it lies in its flash: two slots, each for an image in MCUboot's format that runs where it lies. The
 * chip's core fills them, its boot stage starts the newest good one. docs/MSCP.md, "Firmware update". */
#ifndef MSCP_CHIP_FIRMWARE_H
#define MSCP_CHIP_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "os/port/flash.h"

#define MSCP_FIRMWARE_KEYS \
    0x1000u /* where in flash the key page stands: "MOTP" | u32 count | SHA-256 of each trusted key */
#define MSCP_FIRMWARE_SLOTS 0x110000u /* where the first slot begins */
#define MSCP_FIRMWARE_SLOT_SIZE 0x20000u
#define MSCP_FIRMWARE_MARK_SIZE 16 /* of a slot, at its end: what says that its image is to be started */
#define MSCP_FIRMWARE_SLOT_COUNT 2
#define MSCP_FIRMWARE_FLASH_SIZE (MSCP_FIRMWARE_SLOTS + MSCP_FIRMWARE_SLOT_COUNT * MSCP_FIRMWARE_SLOT_SIZE)
#define MSCP_FIRMWARE_BASE 0x21000000u /* where a chip sees its flash: images are linked for their slot */
#define MSCP_FIRMWARE_HEADER 0x400u    /* bytes in front of the code */

struct mscp_firmware {
    uint32_t size;     /* of header, code and protected area */
    uint32_t version;  /* major << 24 | minor << 16 | revision */
    uint32_t security; /* its security counter */
};

/* Where slot 0 or 1 begins in flash. */
uint32_t mscp_firmware_slot(unsigned slot);

/** What the header and the security counter in a slot say, unchecked: of code that runs there. False when there is none. */
bool mscp_firmware_peek(const struct mico_flash *flash, unsigned slot, struct mscp_firmware *out);

/** MSCP_FIRMWARE_GOOD when the slot holds a whole image of the one form taken, linked for this slot, signed by a key of the key
 * page; anything else when not. out is set only then. */
#define MSCP_FIRMWARE_GOOD 0x6A95C3D2u
uint32_t mscp_firmware_check(const struct mico_flash *flash, unsigned slot, struct mscp_firmware *out);

/** The slot's image is to be started: the mark behind it, MCUboot's trailer magic, stands. */
bool mscp_firmware_is_committed(const struct mico_flash *flash, unsigned slot);
/** Set the mark. What was there must be erased. */
MICO_MUST_USE mico_err mscp_firmware_commit(const struct mico_flash *flash, unsigned slot);

/** Security counter, then version: the order in which firmware may follow firmware. */
uint64_t mscp_firmware_rank(const struct mscp_firmware *firmware);

/** The committed good slot of the highest rank; MSCP_FIRMWARE_SLOT_COUNT when there is none. */
unsigned mscp_firmware_newest(const struct mico_flash *flash, struct mscp_firmware *out);

#endif
