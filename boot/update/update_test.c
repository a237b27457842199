/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for an update and installing it, with the power cut at every flash operation; what the application refuses to ask
 * for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/image/image_make.h"
#include "boot/update/update.h"
#include "crypto/primitives/primitives.h"
#include "identity/provision.h"
#include "os/store/test_flash.h"

#define FLASH_SIZE (MICO_FLASH_SLOT_B + MICO_FLASH_SLOT_SIZE)
#define SECTOR 4096u

static uint8_t memory[FLASH_SIZE], before[FLASH_SIZE], image[64 * 1024];
static struct test_flash rig;
static uint8_t payload[10000];
static uint8_t maker_seed[32] = {0x4D}, other_seed[32] = {0x4F};
static uint32_t image_len;

static mico_err sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    uint8_t public_key[32];
    mico_ed25519_public(ctx, public_key);
    mico_ed25519_sign(ctx, public_key, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

static struct mico_image_recipe recipe_of(uint8_t *seed, uint32_t counter)
{
    struct mico_image_recipe recipe = {
        .payload = MICO_SPAN(payload),
        .version = {1, 0, 0, 0},
        .security_counter = counter,
        .load_addr = 0x40000,
        .ram_load = true,
        .header_size = 0x400,
        .carry_public_key = true,
        .sign = sign,
        .sign_ctx = seed,
    };
    mico_ed25519_public(seed, recipe.public_key);
    return recipe;
}

static void put(uint32_t slot, const struct mico_image_recipe *recipe)
{
    struct mico_reason reason = {""};
    size_t len;
    if (mico_image_make(recipe, image, sizeof image, &len, &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
    memset(memory + slot, 0xFF, MICO_FLASH_SLOT_SIZE);
    memcpy(memory + slot, image, len);
    image_len = (uint32_t)len;
}

/* Firmware of counter 3 runs; one of counter 4, with another payload, lies in slot B. */
static int good_update(void **state)
{
    test_flash_init(&rig, memory, sizeof memory, SECTOR, 1);
    memset(payload, 0x11, sizeof payload);
    struct mico_image_recipe recipe = recipe_of(maker_seed, 3);
    put(MICO_FLASH_SLOT_A, &recipe);
    memset(payload, 0x22, sizeof payload);
    recipe = recipe_of(maker_seed, 4);
    put(MICO_FLASH_SLOT_B, &recipe);
    return 0;
}

static bool requested(void)
{
    bool is;
    assert_int_equal(mico_update_requested(&rig.flash, &is), MICO_OK);
    return is;
}

static void a_good_update_is_accepted_requested_and_installed(void **state)
{
    struct mico_reason reason = {""};
    uint32_t size = 0;
    assert_false(requested());
    assert_int_equal(mico_update_check(&rig.flash, &size, &reason), MICO_OK);
    assert_int_equal(size, image_len);
    assert_int_equal(mico_update_request(&rig.flash), MICO_OK);
    assert_true(requested());
    assert_int_equal(mico_update_install(&rig.flash, size), MICO_OK);
    assert_memory_equal(memory, image, image_len);
    assert_false(requested());
    assert_false(rig.misused);
}

/* MCUboot's own constants, which its imgtool and update services write. */
static void the_request_is_mcuboots_trailer(void **state)
{
    static const uint8_t trailer[40] = {
        3,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 1,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x77, 0xC2, 0x95, 0xF3,
        0x60, 0xD2, 0xEF, 0x7F, 0x35, 0x52, 0x50, 0x0F, 0x2C, 0xB6, 0x79, 0x80,
    };
    assert_int_equal(mico_update_request(&rig.flash), MICO_OK);
    assert_memory_equal(memory + FLASH_SIZE - sizeof trailer, trailer, sizeof trailer);
    assert_int_equal(memory[FLASH_SIZE - sizeof trailer - 1], 0xFF);
}

static void assert_refused(mico_err wanted, const char *words)
{
    struct mico_reason reason = {""};
    uint32_t size = 77;
    assert_int_equal(mico_update_check(&rig.flash, &size, &reason), wanted);
    assert_int_equal(size, 77);
    if (strstr(reason.text, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", reason.text, words);
    }
}

static void what_the_loader_would_refuse_is_not_requested(void **state)
{
    struct mico_image_recipe recipe = recipe_of(maker_seed, 2);
    put(MICO_FLASH_SLOT_B, &recipe);
    assert_refused(MICO_ERR_ROLLBACK, "counter");
    recipe = recipe_of(other_seed, 4);
    put(MICO_FLASH_SLOT_B, &recipe);
    assert_refused(MICO_ERR_AUTH, "key");
    recipe = recipe_of(maker_seed, 4);
    recipe.load_addr = 0x50000;
    put(MICO_FLASH_SLOT_B, &recipe);
    assert_refused(MICO_ERR_FORMAT, "load address");
    recipe = recipe_of(maker_seed, 4);
    put(MICO_FLASH_SLOT_B, &recipe);
    memory[MICO_FLASH_SLOT_B + 5000] ^= 1;
    assert_refused(MICO_ERR_AUTH, "SHA-256");
    memset(memory + MICO_FLASH_SLOT_B, 0xFF, MICO_FLASH_SLOT_SIZE);
    assert_refused(MICO_ERR_FORMAT, "magic");
}

static void an_update_in_the_clear_is_refused_where_the_firmware_is_encrypted(void **state)
{
    struct mico_image_key key;
    static const uint8_t device_private[32] = {5};
    uint8_t device_key[32];
    mico_x25519_public(device_private, device_key);
    assert_int_equal(mico_image_make_key(&key, 16), MICO_OK);
    struct mico_image_recipe recipe = recipe_of(maker_seed, 3);
    recipe.content_key = &key;
    recipe.device_key = device_key;
    put(MICO_FLASH_SLOT_A, &recipe);
    assert_refused(MICO_ERR_FORMAT, "encrypted");
    put(MICO_FLASH_SLOT_B, &recipe);
    struct mico_reason reason = {""};
    uint32_t size;
    assert_int_equal(mico_update_check(&rig.flash, &size, &reason), MICO_OK);
}

/* Calls work until it was not cut; after each cut the power comes back and check looks at what is there. */
static unsigned cut_everywhere(mico_err (*work)(void), void (*check)(void))
{
    unsigned cuts = 0;
    bool cut = true;
    memcpy(before, memory, sizeof before);
    for (uint64_t operation = 1; cut; operation++) {
        for (unsigned tear = 0; tear < 40; tear++) {
            memcpy(memory, before, sizeof before);
            test_flash_power_on(&rig);
            rig.cut = (struct test_flash_cut){operation, (enum test_flash_tear)(tear % 3), tear < 3 ? 0 : tear * 5};
            mico_err err = work();
            cut = rig.dead;
            assert_int_equal(err == MICO_OK, !cut);
            test_flash_power_on(&rig);
            check();
            cuts += cut;
        }
    }
    return cuts;
}

static mico_err request(void)
{
    return mico_update_request(&rig.flash);
}

static void slot_b_is_whole_whatever_was_requested(void)
{
    (void)requested();
    assert_memory_equal(memory, before, MICO_FLASH_SLOT_SIZE);
    assert_memory_equal(memory + MICO_FLASH_SLOT_B, image, image_len);
    assert_int_equal(mico_update_request(&rig.flash), MICO_OK); /* the application tries again */
    assert_true(requested());
}

static void a_power_cut_while_requesting_harms_nothing(void **state)
{
    assert_true(cut_everywhere(request, slot_b_is_whole_whatever_was_requested) >= 4 * 40);
    assert_false(rig.misused);
}

static mico_err install(void)
{
    return mico_update_install(&rig.flash, image_len);
}

/* Either the request stands, and installing anew succeeds, or the update is there already. */
static void installing_ends_well(void)
{
    assert_memory_equal(memory + MICO_FLASH_SLOT_B, image, image_len);
    if (requested()) {
        assert_int_equal(install(), MICO_OK);
    }
    assert_memory_equal(memory, image, image_len);
    assert_false(requested());
}

static void a_power_cut_while_installing_is_made_good_at_the_next_start(void **state)
{
    assert_int_equal(mico_update_request(&rig.flash), MICO_OK);
    assert_true(cut_everywhere(install, installing_ends_well) > 40 * 40);
    assert_false(rig.misused);
}

static void an_image_that_leaves_no_room_is_not_installed(void **state)
{
    assert_int_equal(mico_update_install(&rig.flash, MICO_FLASH_SLOT_SIZE - SECTOR + 1), MICO_ERR_PARAM);
    assert_int_equal(rig.operations, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_good_update_is_accepted_requested_and_installed, good_update),
        cmocka_unit_test_setup(the_request_is_mcuboots_trailer, good_update),
        cmocka_unit_test_setup(what_the_loader_would_refuse_is_not_requested, good_update),
        cmocka_unit_test_setup(an_update_in_the_clear_is_refused_where_the_firmware_is_encrypted, good_update),
        cmocka_unit_test_setup(a_power_cut_while_requesting_harms_nothing, good_update),
        cmocka_unit_test_setup(a_power_cut_while_installing_is_made_good_at_the_next_start, good_update),
        cmocka_unit_test_setup(an_image_that_leaves_no_room_is_not_installed, good_update),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
