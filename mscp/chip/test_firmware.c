/* SPDX-License-Identifier: Apache-2.0 */
/* See test_firmware.h. */
#include "mscp/chip/test_firmware.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/image/image_make.h"
#include "crypto/primitives/primitives.h"

static const uint8_t maker_seed[32] = {0x4D}, stranger_seed[32] = {0x53};

static mico_err sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    uint8_t public_key[32];
    mico_ed25519_public(ctx, public_key);
    mico_ed25519_sign(ctx, public_key, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

size_t test_firmware_image(const struct test_firmware *what, uint8_t out[TEST_FIRMWARE_MAX])
{
    struct mico_reason reason = {""};
    size_t len;
    const uint8_t *seed = what->stranger ? stranger_seed : maker_seed;
    struct mico_image_recipe recipe = {
        .payload = what->code,
        .version = {what->major, what->minor, what->revision, 0},
        .security_counter = what->security,
        .load_addr = MSCP_FIRMWARE_BASE + mscp_firmware_slot(what->slot),
        .rom_fixed = true,
        .header_size = MSCP_FIRMWARE_HEADER,
        .carry_public_key = true,
        .sign = sign,
        .sign_ctx = (void *)(uintptr_t)seed,
    };
    mico_ed25519_public(seed, recipe.public_key);
    if (mico_image_make(&recipe, out, TEST_FIRMWARE_MAX, &len, &reason) != MICO_OK) {
        fprintf(stderr, "test firmware: %s\n", reason.text);
        abort();
    }
    return len;
}

void test_firmware_keys(uint8_t *flash)
{
    uint8_t public_key[32];
    mico_ed25519_public(maker_seed, public_key);
    memset(flash + MSCP_FIRMWARE_KEYS, 0xFF, 4096);
    memcpy(flash + MSCP_FIRMWARE_KEYS, "MOTP\1\0\0", 8);
    mico_image_key_hash(public_key, flash + MSCP_FIRMWARE_KEYS + 8);
}

void test_firmware_install(const struct test_firmware *what, uint8_t *flash)
{
    static const uint8_t mark[16] = {0x77, 0xC2, 0x95, 0xF3, 0x60, 0xD2, 0xEF, 0x7F,
                                     0x35, 0x52, 0x50, 0x0F, 0x2C, 0xB6, 0x79, 0x80};
    static uint8_t image[TEST_FIRMWARE_MAX];
    uint8_t *slot = flash + mscp_firmware_slot(what->slot);
    size_t len = test_firmware_image(what, image);
    memset(slot, 0xFF, MSCP_FIRMWARE_SLOT_SIZE);
    memcpy(slot, image, len);
    memcpy(slot + MSCP_FIRMWARE_SLOT_SIZE - sizeof mark, mark, sizeof mark);
}
