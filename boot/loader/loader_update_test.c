/* SPDX-License-Identifier: Apache-2.0 */
/* An update in slot B: one that passes is installed, any other forgotten, and whatever happens to the power a firmware starts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loader/test_loader.h"

/* An image of version 2.0.0 and this counter in slot B, asked for. */
static void ask_for_update(uint32_t counter)
{
    struct mico_reason reason = {""};
    size_t len;
    dev.recipe.version = (struct mico_boot_version){2, 0, 0, 0};
    dev.recipe.security_counter = counter;
    dev.payload[100] ^= 1;
    assert_int_equal(mico_image_make(&dev.recipe, dev.image_bytes, sizeof dev.image_bytes, &len, &reason), MICO_OK);
    memset(dev.flash_memory + MICO_FLASH_SLOT_B, 0xFF, MICO_FLASH_SLOT_SIZE);
    memcpy(dev.flash_memory + MICO_FLASH_SLOT_B, dev.image_bytes, len);
    assert_int_equal(mico_update_request(&dev.flash.flash), MICO_OK);
}

static bool update_is_asked_for(void)
{
    bool requested;
    assert_int_equal(mico_update_requested(&dev.flash.flash, &requested), MICO_OK);
    return requested;
}

static void an_update_that_is_asked_for_is_installed_and_starts(void **state)
{
    ask_for_update(6);
    test_loader_starts();
    assert_int_equal(dev.handoff.version.major, 2);
    assert_int_equal(dev.handoff.security_counter, 6);
    assert_false(update_is_asked_for());
    assert_memory_equal(dev.flash_memory, dev.flash_memory + MICO_FLASH_SLOT_B, 9000);
    test_loader_starts(); /* from slot A alone */
    assert_int_equal(dev.handoff.version.major, 2);
}

static void a_spoilt_update_is_refused_and_the_old_firmware_starts(void **state)
{
    ask_for_update(6);
    dev.flash_memory[MICO_FLASH_SLOT_B + 5000] ^= 0x10;
    test_loader_starts();
    assert_int_equal(dev.handoff.version.major, 1);
    assert_string_equal(dev.said[1],
                        "loader: update refused: image: the SHA-256 digest is not that of header, payload and counter");
    assert_false(update_is_asked_for());
}

static void an_update_older_than_the_chip_allows_is_refused(void **state)
{
    ask_for_update(2);
    test_loader_starts();
    assert_int_equal(dev.handoff.version.major, 1);
    assert_non_null(strstr(dev.said[1], "loader: update refused: image: security counter"));
}

static void an_update_that_is_not_asked_for_stays_where_it_is(void **state)
{
    ask_for_update(6);
    assert_int_equal(mico_update_forget(&dev.flash.flash), MICO_OK);
    test_loader_starts();
    assert_int_equal(dev.handoff.version.major, 1);
}

/* Every operation of installing, each cut in four manners. */
static void a_power_cut_at_any_operation_leaves_a_device_that_starts(void **state)
{
    static uint8_t before[TEST_LOADER_FLASH_SIZE];
    ask_for_update(6);
    memcpy(before, dev.flash_memory, sizeof before);
    unsigned cuts = 0;
    for (uint64_t operation = 1;; operation++) {
        bool cut = false;
        for (unsigned tear = 0; tear < 4; tear++) {
            memcpy(dev.flash_memory, before, sizeof before);
            test_flash_power_on(&dev.flash);
            dev.flash.cut =
                (struct test_flash_cut){operation, tear == 0 ? TEST_TEAR_PREFIX : TEST_TEAR_BITS, tear * 97};
            (void)loader_decide(&dev.loader, &dev.place, &dev.handoff);
            cut = dev.flash.dead;
            test_flash_power_on(&dev.flash);
            test_loader_starts();
            assert_int_equal(dev.handoff.version.major, 2);
            assert_false(update_is_asked_for());
            cuts++;
        }
        if (!cut) {
            break;
        }
    }
    assert_true(cuts > 50);
}

#define ON_GOOD_DEVICE(test) cmocka_unit_test_setup_teardown(test, test_loader_setup, test_loader_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GOOD_DEVICE(an_update_that_is_asked_for_is_installed_and_starts),
        ON_GOOD_DEVICE(a_spoilt_update_is_refused_and_the_old_firmware_starts),
        ON_GOOD_DEVICE(an_update_older_than_the_chip_allows_is_refused),
        ON_GOOD_DEVICE(an_update_that_is_not_asked_for_stays_where_it_is),
        ON_GOOD_DEVICE(a_power_cut_at_any_operation_leaves_a_device_that_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
