/* SPDX-License-Identifier: Apache-2.0 */
/* A device as it leaves the factory, with a good image in slot A and the chip's real core at the other end of its line, for tests of
 * the loader's core. */
#ifndef BOOT_LOADER_TEST_LOADER_H
#define BOOT_LOADER_TEST_LOADER_H

#include "boot/image/image_make.h"
#include "boot/loader/loader.h"
#include "identity/provision.h"
#include "mscp/chip/test_rig.h"

#define TEST_LOADER_FLASH_SIZE (MICO_FLASH_PROVISION + MICO_FLASH_PROVISION_SIZE)
#define TEST_LOADER_ADDR 0x40000u /* where images run */
#define TEST_LOADER_ROOM 0x10000u /* for header and payload there */

extern struct test_loader {
    uint8_t flash_memory[TEST_LOADER_FLASH_SIZE];
    uint8_t load_memory[TEST_LOADER_ROOM], image_bytes[TEST_LOADER_ROOM];
    uint8_t key_page[LOADER_KEY_PAGE_SIZE];
    uint8_t payload[9000];
    uint8_t maker_public[32], device_key[32];
    struct rig rig;
    struct test_flash flash;
    struct mscp_binding binding;
    struct loader loader;
    struct mico_handoff handoff;
    struct loader_place place;
    struct mico_image_recipe recipe; /* of the image: change it, and make it anew */
    struct mico_image_key content_key;
    char said[4][MICO_REASON_MAX]; /* the last lines; line n is n % 4 */
    int lines;
} dev;

extern const uint8_t test_loader_maker[32]; /* seed of the key that signs */

/* For cmocka: the image has the counter 5, the chip allows 3 and up. */
int test_loader_setup(void **state);
int test_loader_teardown(void **state);

/* By the recipe, into slot A. */
void test_loader_make_image(void);
void test_loader_write_binding(void);
/* The maker's key is the last of count. */
void test_loader_write_key_page(uint32_t count);

/* The loader decides; asserts that it starts, or that it refuses for a reason that begins so and leaves nothing. */
void test_loader_starts(void);
void test_loader_refuses(const char *reason);
void test_loader_left_no_key(void);

#endif
