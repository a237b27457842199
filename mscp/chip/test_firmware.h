/* SPDX-License-Identifier: Apache-2.0 */
/* Signed images of chip firmware for tests, made by boot/image as `mico image sign` makes them. */
#ifndef MSCP_CHIP_TEST_FIRMWARE_H
#define MSCP_CHIP_TEST_FIRMWARE_H

#include "base/bytes.h"
#include "mscp/chip/firmware.h"

#define TEST_FIRMWARE_MAX MSCP_FIRMWARE_SLOT_SIZE

struct test_firmware {
    struct mico_span code;
    unsigned slot;
    uint8_t major, minor;
    uint16_t revision;
    uint32_t security;
    bool stranger; /* signed by a key that is not on the key page */
};

/* The image; asserts. Returns its length. */
size_t test_firmware_image(const struct test_firmware *what, uint8_t out[TEST_FIRMWARE_MAX]);
/* The key page that trusts the maker of these images, into a chip's flash. */
void test_firmware_keys(uint8_t *flash);
/* An image into its slot, committed, as a chip's maker does before its first start. */
void test_firmware_install(const struct test_firmware *what, uint8_t *flash);

#endif
