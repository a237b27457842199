/* SPDX-License-Identifier: Apache-2.0 */
/* The loader's firmware in the emulator, with a chip at the other end of its link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loader/test_board.h"

static void genuine_firmware_starts_and_knows_what_it_is(void **state)
{
    char line[100];
    board_power_on(NULL, 0);
    board_expect("session open");
    board_expect("loader: starting 1.2.3+4 (security counter 5), verified and decrypted in ");
    board_expect("probe: magic right, 1.2.3+4, counter 5");
    snprintf(line, sizeof line, "probe: digest %s", board_digest);
    board_expect(line);
}

static void altered_firmware_does_not_start(void **state)
{
    board_flash[0x2000] ^= 0x10;
    board_power_on(NULL, 0);
    board_expect("loader: refused: image: the SHA-256 digest is not that of header, payload and counter");
    assert_null(strstr(board_said, "probe:"));
}

static void older_firmware_does_not_start(void **state)
{
    board_recipe.security_counter = 2;
    board_make_image();
    board_power_on(NULL, 0);
    board_expect("loader: refused: image: security counter 2 is older than the chip allows (3)");
    assert_null(strstr(board_said, "probe:"));
}

static void copied_flash_does_not_start_with_another_chip(void **state)
{
    static struct mscp_binding other;
    rig_start(&board_rig);
    rig_provision(&board_rig, &other, true);
    board_power_on(NULL, 0);
    board_expect("loader: refused: chip: is not the one that this device is bound to");
    assert_null(strstr(board_said, "probe:"));
}

static void empty_key_page_trusts_nobody(void **state)
{
    board_write_key_page("\xFF\xFF\xFF\xFF", 4);
    board_power_on(NULL, 0);
    board_expect("loader: refused: key page: no trusted firmware keys there");
}

static void an_update_that_was_asked_for_is_installed_before_the_start(void **state)
{
    board_recipe.version = (struct mico_boot_version){2, 0, 0, 0};
    board_recipe.security_counter = 6;
    board_ask_for_update();
    board_power_on(NULL, 0);
    board_expect("loader: update installed");
    board_expect("loader: starting 2.0.0 (security counter 6)");
    board_expect("probe:");
}

int main(void)
{
#define ON_BOARD(test) cmocka_unit_test_setup_teardown(test, board_set_up, board_tear_down)
    const struct CMUnitTest tests[] = {
        ON_BOARD(genuine_firmware_starts_and_knows_what_it_is),
        ON_BOARD(altered_firmware_does_not_start),
        ON_BOARD(older_firmware_does_not_start),
        ON_BOARD(copied_flash_does_not_start_with_another_chip),
        ON_BOARD(empty_key_page_trusts_nobody),
        ON_BOARD(an_update_that_was_asked_for_is_installed_before_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
