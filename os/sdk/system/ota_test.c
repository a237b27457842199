/* SPDX-License-Identifier: Apache-2.0 */
/* An application's update as SDK v3 does it: written to the OTA partition in pieces, check-summed, switched to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "boot/image/image_make.h"
#include "boot/update/update.h"
#include "identity/provision.h"
#include "CheckSumUtils.h"
#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

static uint8_t seed[32] = {1}, image[32768], payload[5000];
static size_t image_len;
static char logged[300];

static mico_err sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    uint8_t public_key[32];
    mico_ed25519_public(seed, public_key);
    mico_ed25519_sign(seed, public_key, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

static void make_image(uint32_t counter)
{
    struct mico_reason reason = {""};
    struct mico_image_recipe recipe = {
        .payload = MICO_SPAN(payload),
        .version = {1, 0, 0, counter},
        .security_counter = counter,
        .load_addr = 0x40000,
        .ram_load = true,
        .header_size = 0x400,
        .carry_public_key = true,
        .sign = sign,
    };
    mico_ed25519_public(seed, recipe.public_key);
    if (mico_image_make(&recipe, image, sizeof image, &image_len, &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
}

/* As the factory does: not through the SDK, which cannot write there. */
static void put_running_image(void)
{
    const struct mico_flash *flash = mico_board_flash();
    make_image(3);
    assert_int_equal(flash->erase(flash, MICO_FLASH_SLOT_A, 65536), MICO_OK);
    assert_int_equal(flash->program(flash, MICO_FLASH_SLOT_A, image, image_len), MICO_OK);
}

/* In pieces of 1000 bytes, as they would come from the network; the check sum of what was written. */
static uint16_t download(void)
{
    uint32_t offset = 0;
    CRC16_Context crc;
    uint16_t sum;
    CRC16_Init(&crc);
    assert_int_equal(MicoFlashErase(MICO_PARTITION_OTA_TEMP, 0, 65536), kNoErr);
    while (offset < image_len) {
        uint32_t part = Min((uint32_t)image_len - offset, 1000u);
        CRC16_Update(&crc, image + offset, part);
        assert_int_equal(MicoFlashWrite(MICO_PARTITION_OTA_TEMP, &offset, image + offset, part), kNoErr);
    }
    CRC16_Final(&crc, &sum);
    return sum;
}

static bool requested(void)
{
    bool is;
    assert_int_equal(mico_update_requested(mico_board_flash(), &is), MICO_OK);
    return is;
}

static void keep_line(const char *line, size_t len)
{
    memcpy(logged, line, len);
    logged[len] = '\0';
}

static void refused(OSStatus wanted, uint16_t crc, const char *words)
{
    logged[0] = '\0';
    mico_log_to(keep_line, NULL);
    assert_int_equal(mico_ota_switch_to_new_fw((int)image_len, crc), wanted);
    mico_log_to(NULL, NULL);
    assert_non_null(strstr(logged, words));
    assert_false(requested());
}

static void without_flash_there_is_no_update(void **state)
{
    assert_int_equal(mico_ota_switch_to_new_fw(1, 0), kUnsupportedErr);
    mico_posix_board_flash("ota_test.flash");
    put_running_image();
}

static void a_good_update_is_switched_to(void **state)
{
    mico_Context_t *context = mico_system_context_init(0);
    make_image(4);
    uint16_t crc = download();
    assert_int_equal(mico_ota_switch_to_new_fw((int)image_len, crc), kNoErr);
    assert_true(requested());
    assert_int_equal(context->bootTable.length, image_len);
    assert_int_equal(mico_update_forget(mico_board_flash()), MICO_OK);
}

static void what_arrived_spoilt_is_refused(void **state)
{
    make_image(4);
    uint16_t crc = download();
    refused(kChecksumErr, crc ^ 1, "");
    image[3000] ^= 4; /* before the check sum was made: a server that lies */
    crc = download();
    refused(kSignatureErr, crc, "SHA-256");
    image[0] ^= 1;
    crc = download();
    refused(kFormatErr, crc, "magic");
}

static void older_firmware_is_refused(void **state)
{
    make_image(2);
    uint16_t crc = download();
    refused(kVersionErr, crc, "counter");
}

static void firmware_of_another_maker_is_refused(void **state)
{
    seed[0] = 2;
    make_image(9);
    seed[0] = 1;
    uint16_t crc = download();
    refused(kSignatureErr, crc, "key");
}

static void an_image_that_was_not_written_to_its_end_is_refused(void **state)
{
    CRC16_Context crc;
    uint16_t sum;
    make_image(4);
    (void)download();
    CRC16_Init(&crc);
    CRC16_Update(&crc, image, image_len - 1);
    CRC16_Final(&crc, &sum);
    assert_int_equal(mico_ota_switch_to_new_fw((int)image_len - 1, sum), kSizeErr);
    assert_false(requested());
    assert_int_equal(mico_ota_switch_to_new_fw(0, 0), kParamErr);
    assert_int_equal(mico_ota_switch_to_new_fw(-1, 0), kParamErr);
    assert_int_equal(mico_ota_switch_to_new_fw(MICO_FLASH_SLOT_SIZE + 1, 0), kParamErr);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_flash_there_is_no_update),
        cmocka_unit_test(a_good_update_is_switched_to),
        cmocka_unit_test(what_arrived_spoilt_is_refused),
        cmocka_unit_test(older_firmware_is_refused),
        cmocka_unit_test(firmware_of_another_maker_is_refused),
        cmocka_unit_test(an_image_that_was_not_written_to_its_end_is_refused),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[8192];
    unlink("ota_test.flash");
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
