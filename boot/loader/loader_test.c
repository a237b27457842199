/* SPDX-License-Identifier: Apache-2.0 */
/* The loader's decision against the chip's real core: what may run starts, a device that is not whole and a chip that is not its own
 * are refused with their reason, and nothing is left in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "boot/loader/test_loader.h"

static void good_image_is_loaded_and_handed_over(void **state)
{
    char expected[64], serial[17];
    test_loader_starts();
    assert_memory_equal(dev.load_memory + 0x400, dev.payload, sizeof dev.payload);
    assert_int_equal(dev.handoff.magic, MICO_HANDOFF_MAGIC);
    assert_int_equal(dev.handoff.security_counter, 5);
    assert_int_equal(dev.handoff.version.minor, 2);
    assert_int_equal(dev.handoff.version.build, 4);
    assert_memory_equal(dev.handoff.digest, dev.loader.image.digest, 32);
    assert_int_equal(loader_vectors(&dev.loader), 0x40400);
    mico_hex(dev.binding.serial, MSCP_SERIAL_SIZE, serial);
    snprintf(expected, sizeof expected, "loader: chip %s, session open", serial);
    assert_string_equal(dev.said[0], expected);
    assert_string_equal(dev.said[1], "loader: starting 1.2.3+4 (security counter 5), verified and decrypted in 0 ms");
    assert_int_equal(dev.flash.operations, 3); /* the binding's; the loader writes nothing */
}

static void the_chip_is_told_what_starts_and_nothing_else(void **state)
{
    uint8_t extended[64] = {0}, want[32];
    test_loader_starts();
    memcpy(extended + 32, dev.handoff.digest, 32);
    mico_sha256(extended, sizeof extended, want);
    assert_memory_equal(dev.rig.chip.boot.registers[LOADER_REGISTER], want, 32);
    rig_restart_chip(&dev.rig);
    dev.flash_memory[0x800] ^= 1;
    test_loader_refuses("image: the SHA-256 digest is not that of header, payload and counter");
    assert_true(mico_ct_is_zero(dev.rig.chip.boot.registers, sizeof dev.rig.chip.boot.registers));
}

static void aes_256_and_the_lowest_allowed_counter_start_too(void **state)
{
    dev.content_key.len = 32;
    dev.recipe.security_counter = 3;
    test_loader_make_image();
    test_loader_starts();
}

static void loader_opens_a_session_again_after_each_start(void **state)
{
    for (int i = 0; i < 3; i++) {
        test_loader_starts();
    }
    rig_restart_chip(&dev.rig);
    test_loader_starts();
}

static void any_of_four_trusted_keys_may_have_signed(void **state)
{
    for (uint32_t count = 1; count <= 4; count++) {
        test_loader_write_key_page(count);
        test_loader_starts();
    }
}

static void flash_without_a_binding_is_refused(void **state)
{
    memset(dev.flash_memory + MICO_FLASH_PROVISION, 0xFF, MICO_FLASH_PROVISION_SIZE);
    test_loader_refuses("provision: flash holds no binding to a chip: provision the device at the station");
}

static void damaged_binding_is_refused(void **state)
{
    dev.binding.host_public[3] ^= 1;
    test_loader_write_binding();
    test_loader_refuses("provision: the binding to the chip is damaged");
}

static void empty_or_foreign_key_page_is_refused(void **state)
{
    memset(dev.key_page, 0xFF, sizeof dev.key_page);
    test_loader_refuses("key page: no trusted firmware keys there: write it with mico image otp");
    test_loader_write_key_page(1);
    mico_store_le32(dev.key_page + 4, 0);
    test_loader_refuses("key page: no trusted firmware keys there");
    mico_store_le32(dev.key_page + 4, 5);
    test_loader_refuses("key page: no trusted firmware keys there");
    test_loader_write_key_page(2);
    memset(dev.key_page + 8, 0xFF, 32);
    test_loader_refuses("key page: key 1 of 2 is empty");
    memset(dev.key_page + 8, 0, 32);
    test_loader_refuses("key page: key 1 of 2 is empty");
}

static void chip_that_does_not_answer_is_refused(void **state)
{
    dev.rig.off = true;
    test_loader_refuses("chip: does not answer (timeout): check its link and supply");
}

static void copied_flash_with_another_chip_is_refused(void **state)
{
    static struct mscp_binding other;
    struct mscp_binding copied = dev.binding;
    rig_start(&dev.rig); /* another genuine chip, bound to another device */
    rig_provision(&dev.rig, &other, true);
    dev.binding = copied;
    test_loader_refuses("chip: is not the one that this device is bound to");
}

static void chip_without_a_rollback_counter_is_refused(void **state)
{
    rig_start(&dev.rig);
    assert_int_equal(mscp_host_pair(&dev.rig.host, &dev.binding), MICO_OK);
    test_loader_write_binding();
    test_loader_refuses("chip: does not give the rollback counter (state, status ");
}

static void every_fault_on_the_link_starts_the_image_or_refuses_it(void **state)
{
    int started = 0;
    for (unsigned frame = 1; frame <= 12; frame++) {
        for (int fault = RIG_DROP; fault < RIG_FAULTS; fault++) {
            for (unsigned bit = 0; bit < 400; bit += 37) {
                rig_fault_at(&dev.rig, frame, (enum rig_fault)fault, bit);
                dev.rig.inbox_at = dev.rig.inbox_len = 0;
                if (loader_decide(&dev.loader, &dev.place, &dev.handoff) == LOADER_START) {
                    assert_memory_equal(dev.load_memory + 0x400, dev.payload, sizeof dev.payload);
                    started++;
                } else {
                    assert_true(mico_ct_is_zero(dev.load_memory, sizeof dev.load_memory));
                }
                test_loader_left_no_key();
            }
        }
    }
    assert_true(started > 0);
}

#define ON_GOOD_DEVICE(test) cmocka_unit_test_setup_teardown(test, test_loader_setup, test_loader_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GOOD_DEVICE(good_image_is_loaded_and_handed_over),
        ON_GOOD_DEVICE(the_chip_is_told_what_starts_and_nothing_else),
        ON_GOOD_DEVICE(aes_256_and_the_lowest_allowed_counter_start_too),
        ON_GOOD_DEVICE(loader_opens_a_session_again_after_each_start),
        ON_GOOD_DEVICE(any_of_four_trusted_keys_may_have_signed),
        ON_GOOD_DEVICE(flash_without_a_binding_is_refused),
        ON_GOOD_DEVICE(damaged_binding_is_refused),
        ON_GOOD_DEVICE(empty_or_foreign_key_page_is_refused),
        ON_GOOD_DEVICE(chip_that_does_not_answer_is_refused),
        ON_GOOD_DEVICE(copied_flash_with_another_chip_is_refused),
        ON_GOOD_DEVICE(chip_without_a_rollback_counter_is_refused),
        ON_GOOD_DEVICE(every_fault_on_the_link_starts_the_image_or_refuses_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
