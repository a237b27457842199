/* SPDX-License-Identifier: Apache-2.0 */
/* A device board in the emulator with the loader's firmware, and its chip's core in this program at the other end of the
 * link; for this room's tests. One board at a time; what goes wrong fails the running cmocka test. */
#ifndef BOOT_LOADER_TEST_BOARD_H
#define BOOT_LOADER_TEST_BOARD_H

#include "boot/image/image_make.h"
#include "mscp/chip/test_rig.h"

extern struct rig board_rig;                  /* the chip: it allows security counter 3 and up */
extern struct mico_image_recipe board_recipe; /* of a good image with the probe in it: version 1.2.3+4, counter 5 */
extern uint8_t *board_flash;                  /* what the board's flash will hold at power-on */
extern char board_said[16384];                /* by the console since power-on */
extern char board_digest[65];                 /* of the image that was made last, hexadecimal */

/** cmocka set-up and tear-down: a device as it leaves the factory, with a good image. */
int board_set_up(void **state);
int board_tear_down(void **state);

/** Make an image by board_recipe and put it into slot A. */
void board_make_image(void);
/** The same into slot B, with the request to install it. */
void board_ask_for_update(void);
/** The key page at the next power-on. */
void board_write_key_page(const void *page, size_t len);
/** A file of the board's build, by its path there. */
const char *board_built(const char *path);

/** Switch the board on, with the loader as it was built, or with these bytes at address 0. */
void board_power_on(const uint8_t *loader, size_t len);
void board_power_off(void);
/** Serve chip and console until the console has said a whole line with one of the words (NULL-terminated list); the index,
 * or -1 when time is up. */
int board_wait(const char *const words[], int timeout_ms);
/** The same for one, which must come. */
void board_expect(const char *words);

#endif
