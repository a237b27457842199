/* SPDX-License-Identifier: Apache-2.0 */
/* The loader's decision against the chip's real core: what may run starts, everything else is refused with its reason,
 * and nothing of it is left in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "boot/image/format.h"
#include "boot/image/image_make.h"
#include "boot/loader/loader.h"
#include "crypto/primitives/primitives.h"
#include "identity/provision.h"
#include "mscp/chip/test_rig.h"

#define FLASH_SIZE (MICO_FLASH_PROVISION + MICO_FLASH_PROVISION_SIZE)
#define LOAD_ADDR 0x40000u
#define LOAD_SIZE 0x10000u

static uint8_t flash_memory[FLASH_SIZE], load_memory[LOAD_SIZE], image_bytes[LOAD_SIZE];
static uint8_t key_page[LOADER_KEY_PAGE_SIZE];
static uint8_t payload[9000];
static const uint8_t maker_seed[32] = {0x4D, 0x69, 0x43, 0x4F};
static uint8_t maker_public[32], device_key[32];

static struct rig rig;
static struct test_flash flash;
static struct mscp_binding binding;
static struct loader loader;
static struct mico_handoff handoff;
static struct loader_place place;
static struct mico_image_recipe recipe;
static struct mico_image_key content_key;
static char said[4][MICO_REASON_MAX];
static int lines;

static void say(const char *line)
{
    snprintf(said[lines % 4], sizeof said[0], "%s", line);
    lines++;
}

static uint64_t now_ms(void)
{
    return rig.now_ms;
}

static mico_err sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    mico_ed25519_sign(maker_seed, maker_public, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

static void write_key_page(uint32_t count)
{
    uint8_t *page = key_page;
    memset(page, 0xEE, sizeof key_page);
    memcpy(page, "MOTP", 4);
    mico_store_le32(page + 4, count);
    mico_image_key_hash(maker_public, page + 8 + 32 * (count - 1));
}

static void make_image(void)
{
    struct mico_reason reason = {""};
    size_t len;
    if (mico_image_make(&recipe, image_bytes, sizeof image_bytes, &len, &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
    memset(flash_memory, 0xFF, MICO_FLASH_SLOT_SIZE);
    memcpy(flash_memory, image_bytes, len);
}

static void write_binding(void)
{
    struct mico_store store;
    uint8_t record[MSCP_BINDING_SIZE];
    mscp_binding_encode(&binding, record);
    assert_int_equal(mico_store_open(&store, &flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE), MICO_OK);
    assert_int_equal(mico_store_put(&store, MSCP_BINDING_RECORD, record, sizeof record), MICO_OK);
}

/* A device as it leaves the factory, with a good image of counter 5; the chip allows 3 and up. */
static int good_device(void **state)
{
    lines = 0;
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 3), MICO_OK);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_FIRMWARE, device_key), MICO_OK);
    test_flash_init(&flash, flash_memory, sizeof flash_memory, 4096, 1);
    write_binding();
    mico_ed25519_public(maker_seed, maker_public);
    write_key_page(1);
    for (size_t i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t)(i * 7);
    }
    mico_store_le32(payload, 0x20010000);
    mico_store_le32(payload + 4, LOAD_ADDR + 0x400 + 0x101);
    assert_int_equal(mico_image_make_key(&content_key, 16), MICO_OK);
    recipe = (struct mico_image_recipe){
        .payload = MICO_SPAN(payload), .version = {1, 2, 3, 4}, .security_counter = 5, .load_addr = LOAD_ADDR,
        .ram_load = true, .header_size = 0x400, .carry_public_key = true, .sign = sign,
        .content_key = &content_key, .device_key = device_key,
    };
    memcpy(recipe.public_key, maker_public, 32);
    make_image();
    place = (struct loader_place){
        .flash = &flash.flash, .key_page = key_page, .load = load_memory, .load_addr = LOAD_ADDR,
        .load_size = sizeof load_memory, .header_size = 0x400, .ram_start = 0x20000000, .ram_end = 0x203FFFC0,
        .transport = &rig.transport, .now_ms = now_ms, .say = say,
    };
    memset(load_memory, 0x99, sizeof load_memory);
    memset(&handoff, 0x99, sizeof handoff);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void no_key_is_left(void)
{
    assert_true(mico_ct_is_zero(&loader.content_key, sizeof loader.content_key));
    assert_true(mico_ct_is_zero(&loader.binding, sizeof loader.binding));
    assert_true(mico_ct_is_zero(&loader.host, sizeof loader.host));
}

static void starts(void)
{
    if (loader_decide(&loader, &place, &handoff) != LOADER_START) {
        fail_msg("%s", said[(lines - 1) % 4]);
    }
    no_key_is_left();
}

static void refuses(const char *reason)
{
    char line[MICO_REASON_MAX + 32];
    snprintf(line, sizeof line, "loader: refused: %s", reason);
    assert_int_equal(loader_decide(&loader, &place, &handoff), LOADER_REFUSED);
    if (strncmp(said[(lines - 1) % 4], line, strlen(line)) != 0) {
        fail_msg("expected '%s', got '%s'", line, said[(lines - 1) % 4]);
    }
    no_key_is_left();
    assert_true(mico_ct_is_zero(load_memory, place.load_size));
    assert_true(mico_ct_is_zero(&handoff, sizeof handoff));
}

static void good_image_is_loaded_and_handed_over(void **state)
{
    char expected[64], serial[17];
    starts();
    assert_memory_equal(load_memory + 0x400, payload, sizeof payload);
    assert_int_equal(handoff.magic, MICO_HANDOFF_MAGIC);
    assert_int_equal(handoff.security_counter, 5);
    assert_int_equal(handoff.version.minor, 2);
    assert_int_equal(handoff.version.build, 4);
    assert_memory_equal(handoff.digest, loader.image.digest, 32);
    assert_int_equal(loader_vectors(&loader), 0x40400);
    mico_hex(binding.serial, MSCP_SERIAL_SIZE, serial);
    snprintf(expected, sizeof expected, "loader: chip %s, session open", serial);
    assert_string_equal(said[0], expected);
    assert_string_equal(said[1], "loader: starting 1.2.3+4 (security counter 5), verified and decrypted in 0 ms");
    assert_int_equal(flash.operations, 3); /* the binding's; the loader writes nothing */
}

static void the_chip_is_told_what_starts_and_nothing_else(void **state)
{
    uint8_t extended[64] = {0}, want[32];
    starts();
    memcpy(extended + 32, handoff.digest, 32);
    mico_sha256(extended, sizeof extended, want);
    assert_memory_equal(rig.chip.boot.registers[LOADER_REGISTER], want, 32);
    rig_restart_chip(&rig);
    flash_memory[0x800] ^= 1;
    refuses("image: the SHA-256 digest is not that of header, payload and counter");
    assert_true(mico_ct_is_zero(rig.chip.boot.registers, sizeof rig.chip.boot.registers));
}

static void aes_256_and_the_lowest_allowed_counter_start_too(void **state)
{
    content_key.len = 32;
    recipe.security_counter = 3;
    make_image();
    starts();
}

static void loader_opens_a_session_again_after_each_start(void **state)
{
    for (int i = 0; i < 3; i++) {
        starts();
    }
    rig_restart_chip(&rig);
    starts();
}

static void any_of_four_trusted_keys_may_have_signed(void **state)
{
    for (uint32_t count = 1; count <= 4; count++) {
        write_key_page(count);
        starts();
    }
}

static void flash_without_a_binding_is_refused(void **state)
{
    memset(flash_memory + MICO_FLASH_PROVISION, 0xFF, MICO_FLASH_PROVISION_SIZE);
    refuses("provision: flash holds no binding to a chip: provision the device at the station");
}

static void damaged_binding_is_refused(void **state)
{
    binding.host_public[3] ^= 1;
    write_binding();
    refuses("provision: the binding to the chip is damaged");
}

static void empty_or_foreign_key_page_is_refused(void **state)
{
    memset(key_page, 0xFF, sizeof key_page);
    refuses("key page: no trusted firmware keys there: write it with mico image otp");
    write_key_page(1);
    mico_store_le32(key_page + 4, 0);
    refuses("key page: no trusted firmware keys there");
    mico_store_le32(key_page + 4, 5);
    refuses("key page: no trusted firmware keys there");
    write_key_page(2);
    memset(key_page + 8, 0xFF, 32);
    refuses("key page: key 1 of 2 is empty");
    memset(key_page + 8, 0, 32);
    refuses("key page: key 1 of 2 is empty");
}

static void chip_that_does_not_answer_is_refused(void **state)
{
    rig.off = true;
    refuses("chip: does not answer (timeout): check its link and supply");
}

static void copied_flash_with_another_chip_is_refused(void **state)
{
    static struct mscp_binding other;
    struct mscp_binding copied = binding;
    rig_start(&rig); /* another genuine chip, bound to another device */
    rig_provision(&rig, &other, true);
    binding = copied;
    refuses("chip: is not the one that this device is bound to");
}

static void chip_without_a_rollback_counter_is_refused(void **state)
{
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    write_binding();
    refuses("chip: does not give the rollback counter (state, status ");
}

static void empty_slot_is_refused(void **state)
{
    memset(flash_memory, 0xFF, MICO_FLASH_SLOT_SIZE);
    refuses("image: magic is 0xffffffff, not 0x96f3b83d: no image here");
}

static void image_in_the_clear_is_refused(void **state)
{
    recipe.content_key = NULL;
    make_image();
    refuses("image: is not encrypted; this device runs encrypted images only");
}

static void image_for_another_place_is_refused(void **state)
{
    recipe.load_addr = 0x50000;
    make_image();
    refuses("image: load address is 0x50000; this board loads to 0x40000");
    recipe.load_addr = LOAD_ADDR;
    recipe.ram_load = false;
    recipe.rom_fixed = true;
    make_image();
    refuses("image: load address is 0x40000 without RAM_LOAD; this board loads to 0x40000");
    recipe.ram_load = true;
    recipe.rom_fixed = false;
    recipe.header_size = 0x200;
    make_image();
    refuses("image: header size is 512; this board's programs are linked for 1024");
}

static void foreign_signer_is_refused(void **state)
{
    key_page[8] ^= 1;
    refuses("image: the key hash ");
}

static void image_without_its_signers_key_is_refused(void **state)
{
    recipe.carry_public_key = false;
    make_image();
    refuses("image: the key hash is trusted, but the image does not carry the public key");
}

static void older_image_is_refused_with_both_figures(void **state)
{
    recipe.security_counter = 2;
    make_image();
    refuses("image: security counter 2 is older than the chip allows (3)");
}

static void image_wrapped_for_another_chip_is_refused(void **state)
{
    uint8_t other[32];
    mico_x25519_public(maker_seed, other);
    recipe.device_key = other;
    make_image();
    refuses("image: the content key is not wrapped for this device (HMAC differs)");
}

static void program_for_another_board_is_refused(void **state)
{
    mico_store_le32(payload, 0x10000000);
    make_image();
    refuses("image: does not begin with a stack and an entry of this board");
    mico_store_le32(payload, 0x20010000);
    mico_store_le32(payload + 4, LOAD_ADDR + 0x400 + 0x100); /* not Thumb */
    make_image();
    refuses("image: does not begin with a stack and an entry");
    mico_store_le32(payload + 4, 0x101); /* the loader's own code */
    make_image();
    refuses("image: does not begin with a stack and an entry");
}

static void image_larger_than_the_memory_is_refused(void **state)
{
    place.load_size = 0x400 + 9007;
    refuses("image: header and payload are 10032 bytes; there is room for 10031");
}

/* Also where the parser has nothing to say: the payload's bits, and the slot's bytes as a whole. */
static void every_flipped_byte_of_the_slot_is_refused(void **state)
{
    size_t len = mico_image_make_size(&recipe);
    for (size_t i = 0; i < len; i += i < 0x440 || i > len - 400 ? 1 : 97) {
        uint8_t was = flash_memory[i];
        flash_memory[i] ^= (uint8_t)(1u << i % 8);
        if (loader_decide(&loader, &place, &handoff) != LOADER_REFUSED) {
            fail_msg("byte %zu", i);
        }
        flash_memory[i] = was;
    }
    starts();
}

static void every_fault_on_the_link_starts_the_image_or_refuses_it(void **state)
{
    int started = 0;
    for (unsigned frame = 1; frame <= 12; frame++) {
        for (int fault = RIG_DROP; fault < RIG_FAULTS; fault++) {
            for (unsigned bit = 0; bit < 400; bit += 37) {
                rig_fault_at(&rig, frame, (enum rig_fault)fault, bit);
                rig.inbox_at = rig.inbox_len = 0;
                if (loader_decide(&loader, &place, &handoff) == LOADER_START) {
                    assert_memory_equal(load_memory + 0x400, payload, sizeof payload);
                    started++;
                } else {
                    assert_true(mico_ct_is_zero(load_memory, sizeof load_memory));
                }
                no_key_is_left();
            }
        }
    }
    assert_true(started > 0);
}

/* An image of version 2.0.0 and this counter in slot B, asked for. */
static void ask_for_update(uint32_t counter)
{
    struct mico_reason reason = {""};
    size_t len;
    recipe.version = (struct mico_boot_version){2, 0, 0, 0};
    recipe.security_counter = counter;
    payload[100] ^= 1;
    assert_int_equal(mico_image_make(&recipe, image_bytes, sizeof image_bytes, &len, &reason), MICO_OK);
    memset(flash_memory + MICO_FLASH_SLOT_B, 0xFF, MICO_FLASH_SLOT_SIZE);
    memcpy(flash_memory + MICO_FLASH_SLOT_B, image_bytes, len);
    assert_int_equal(mico_update_request(&flash.flash), MICO_OK);
}

static bool update_is_asked_for(void)
{
    bool requested;
    assert_int_equal(mico_update_requested(&flash.flash, &requested), MICO_OK);
    return requested;
}

static void an_update_that_is_asked_for_is_installed_and_starts(void **state)
{
    ask_for_update(6);
    starts();
    assert_int_equal(handoff.version.major, 2);
    assert_int_equal(handoff.security_counter, 6);
    assert_false(update_is_asked_for());
    assert_memory_equal(flash_memory, flash_memory + MICO_FLASH_SLOT_B, 9000);
    starts(); /* from slot A alone */
    assert_int_equal(handoff.version.major, 2);
}

static void a_spoilt_update_is_refused_and_the_old_firmware_starts(void **state)
{
    ask_for_update(6);
    flash_memory[MICO_FLASH_SLOT_B + 5000] ^= 0x10;
    starts();
    assert_int_equal(handoff.version.major, 1);
    assert_string_equal(said[1], "loader: update refused: image: the SHA-256 digest is not that of header, payload and counter");
    assert_false(update_is_asked_for());
}

static void an_update_older_than_the_chip_allows_is_refused(void **state)
{
    ask_for_update(2);
    starts();
    assert_int_equal(handoff.version.major, 1);
    assert_non_null(strstr(said[1], "loader: update refused: image: security counter"));
}

static void an_update_that_is_not_asked_for_stays_where_it_is(void **state)
{
    ask_for_update(6);
    assert_int_equal(mico_update_forget(&flash.flash), MICO_OK);
    starts();
    assert_int_equal(handoff.version.major, 1);
}

/* Every operation of installing, each cut in four manners. */
static void a_power_cut_at_any_operation_leaves_a_device_that_starts(void **state)
{
    static uint8_t before[FLASH_SIZE];
    ask_for_update(6);
    memcpy(before, flash_memory, sizeof before);
    unsigned cuts = 0;
    for (uint64_t operation = 1;; operation++) {
        bool cut = false;
        for (unsigned tear = 0; tear < 4; tear++) {
            memcpy(flash_memory, before, sizeof before);
            test_flash_power_on(&flash);
            flash.cut = (struct test_flash_cut){operation, tear == 0 ? TEST_TEAR_PREFIX : TEST_TEAR_BITS, tear * 97};
            (void)loader_decide(&loader, &place, &handoff);
            cut = flash.dead;
            test_flash_power_on(&flash);
            starts();
            assert_int_equal(handoff.version.major, 2);
            assert_false(update_is_asked_for());
            cuts++;
        }
        if (!cut) {
            break;
        }
    }
    assert_true(cuts > 50);
}

int main(void)
{
#define ON_GOOD_DEVICE(test) cmocka_unit_test_setup_teardown(test, good_device, end)
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
        ON_GOOD_DEVICE(every_fault_on_the_link_starts_the_image_or_refuses_it),
        ON_GOOD_DEVICE(an_update_that_is_asked_for_is_installed_and_starts),
        ON_GOOD_DEVICE(a_spoilt_update_is_refused_and_the_old_firmware_starts),
        ON_GOOD_DEVICE(an_update_older_than_the_chip_allows_is_refused),
        ON_GOOD_DEVICE(an_update_that_is_not_asked_for_stays_where_it_is),
        ON_GOOD_DEVICE(a_power_cut_at_any_operation_leaves_a_device_that_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
