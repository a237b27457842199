/* SPDX-License-Identifier: Apache-2.0 */
/* An update in slot B: asked for by the application, copied to slot A by the loader, whatever happens to the power meanwhile.
 *
 * The request is MCUboot's trailer at the end of slot B. It is written last, after the image was checked, and taken away
 * last, after slot A holds the same bytes: until then slot B keeps the image whole and the loader begins again. The loader
 * checks the image as strictly as one that it starts before it touches slot A. */
#ifndef BOOT_UPDATE_UPDATE_H
#define BOOT_UPDATE_UPDATE_H

#include "boot/image/image.h"
#include "os/port/flash.h"

/** A source over the slot that begins at *start in flash; both must outlive it. */
struct mico_update_slot {
    const struct mico_flash *flash;
    uint32_t start; /* MICO_FLASH_SLOT_A or MICO_FLASH_SLOT_B */
};
struct mico_image_source mico_update_source(const struct mico_update_slot *slot);

/** The application's check of slot B against the image in slot A, which runs: same form, same signer, not encrypted less,
 * no older security counter, room for the trailer, and of an image in the clear the digest too (only the chip can decrypt
 * another). size gets the image's bytes. MICO_ERR_FORMAT, MICO_ERR_SIZE, MICO_ERR_UNSUPPORTED, MICO_ERR_AUTH,
 * MICO_ERR_ROLLBACK, MICO_ERR_IO; *reason names the field. */
MICO_MUST_USE mico_err mico_update_check(const struct mico_flash *flash, uint32_t *size, struct mico_reason *reason);

/** Have the loader install slot B at the next start. A power cut leaves no request or a whole one. MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_update_request(const struct mico_flash *flash);

/** Is slot B to be installed? */
MICO_MUST_USE mico_err mico_update_requested(const struct mico_flash *flash, bool *requested);

/** Take the request back. */
MICO_MUST_USE mico_err mico_update_forget(const struct mico_flash *flash);

/** Copy the image of size bytes from slot B to slot A, read it back, and forget the request. To be called again after a
 * power cut for as long as it is requested; what is the same already is not written again. MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_update_install(const struct mico_flash *flash, uint32_t size);

#endif
