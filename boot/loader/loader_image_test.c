/* SPDX-License-Identifier: Apache-2.0 */
/* Which images the loader refuses, each with its reason, and that nothing of them is left in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/image/format.h"
#include "crypto/primitives/primitives.h"
#include "boot/loader/test_loader.h"

static void empty_slot_is_refused(void **state)
{
    memset(dev.flash_memory, 0xFF, MICO_FLASH_SLOT_SIZE);
    test_loader_refuses("image: magic is 0xffffffff, not 0x96f3b83d: no image here");
}

static void image_in_the_clear_is_refused(void **state)
{
    dev.recipe.content_key = NULL;
    test_loader_make_image();
    test_loader_refuses("image: is not encrypted; this device runs encrypted images only");
}

static void image_for_another_place_is_refused(void **state)
{
    dev.recipe.load_addr = 0x50000;
    test_loader_make_image();
    test_loader_refuses("image: load address is 0x50000; this board loads to 0x40000");
    dev.recipe.load_addr = TEST_LOADER_ADDR;
    dev.recipe.ram_load = false;
    dev.recipe.rom_fixed = true;
    test_loader_make_image();
    test_loader_refuses("image: load address is 0x40000 without RAM_LOAD; this board loads to 0x40000");
    dev.recipe.ram_load = true;
    dev.recipe.rom_fixed = false;
    dev.recipe.header_size = 0x200;
    test_loader_make_image();
    test_loader_refuses("image: header size is 512; this board's programs are linked for 1024");
}

static void foreign_signer_is_refused(void **state)
{
    dev.key_page[8] ^= 1;
    test_loader_refuses("image: the key hash ");
}

static void image_without_its_signers_key_is_refused(void **state)
{
    dev.recipe.carry_public_key = false;
    test_loader_make_image();
    test_loader_refuses("image: the key hash is trusted, but the image does not carry the public key");
}

static void older_image_is_refused_with_both_figures(void **state)
{
    dev.recipe.security_counter = 2;
    test_loader_make_image();
    test_loader_refuses("image: security counter 2 is older than the chip allows (3)");
}

static void image_wrapped_for_another_chip_is_refused(void **state)
{
    uint8_t other[32];
    mico_x25519_public(test_loader_maker, other);
    dev.recipe.device_key = other;
    test_loader_make_image();
    test_loader_refuses("image: the content key is not wrapped for this device (HMAC differs)");
}

static void program_for_another_board_is_refused(void **state)
{
    mico_store_le32(dev.payload, 0x10000000);
    test_loader_make_image();
    test_loader_refuses("image: does not begin with a stack and an entry of this board");
    mico_store_le32(dev.payload, 0x20010000);
    mico_store_le32(dev.payload + 4, TEST_LOADER_ADDR + 0x400 + 0x100); /* not Thumb */
    test_loader_make_image();
    test_loader_refuses("image: does not begin with a stack and an entry");
    mico_store_le32(dev.payload + 4, 0x101); /* the loader's own code */
    test_loader_make_image();
    test_loader_refuses("image: does not begin with a stack and an entry");
}

static void image_larger_than_the_memory_is_refused(void **state)
{
    dev.place.load_size = 0x400 + 9007;
    test_loader_refuses("image: header and payload are 10032 bytes; there is room for 10031");
}

/* Also where the parser has nothing to say: the payload's bits, and the slot's bytes as a whole. */
static void every_flipped_byte_of_the_slot_is_refused(void **state)
{
    size_t len = mico_image_make_size(&dev.recipe);
    for (size_t i = 0; i < len; i += i < 0x440 || i > len - 400 ? 1 : 97) {
        uint8_t was = dev.flash_memory[i];
        dev.flash_memory[i] ^= (uint8_t)(1u << i % 8);
        if (loader_decide(&dev.loader, &dev.place, &dev.handoff) != LOADER_REFUSED) {
            fail_msg("byte %zu", i);
        }
        dev.flash_memory[i] = was;
    }
    test_loader_starts();
}

#define ON_GOOD_DEVICE(test) cmocka_unit_test_setup_teardown(test, test_loader_setup, test_loader_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GOOD_DEVICE(empty_slot_is_refused),
        ON_GOOD_DEVICE(image_in_the_clear_is_refused),
        ON_GOOD_DEVICE(image_for_another_place_is_refused),
        ON_GOOD_DEVICE(foreign_signer_is_refused),
        ON_GOOD_DEVICE(image_without_its_signers_key_is_refused),
        ON_GOOD_DEVICE(older_image_is_refused_with_both_figures),
        ON_GOOD_DEVICE(image_wrapped_for_another_chip_is_refused),
        ON_GOOD_DEVICE(program_for_another_board_is_refused),
        ON_GOOD_DEVICE(image_larger_than_the_memory_is_refused),
        ON_GOOD_DEVICE(every_flipped_byte_of_the_slot_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
