/* SPDX-License-Identifier: Apache-2.0 */
/* See test_loader.h. */
#include "boot/loader/test_loader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"

struct test_loader dev;
const uint8_t test_loader_maker[32] = {0x4D, 0x69, 0x43, 0x4F};

static void say(const char *line)
{
    snprintf(dev.said[dev.lines % 4], sizeof dev.said[0], "%s", line);
    dev.lines++;
}

static uint64_t now_ms(void)
{
    return dev.rig.now_ms;
}

static mico_err sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    mico_ed25519_sign(test_loader_maker, dev.maker_public, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

void test_loader_write_key_page(uint32_t count)
{
    uint8_t *page = dev.key_page;
    memset(page, 0xEE, sizeof dev.key_page);
    memcpy(page, "MOTP", 4);
    mico_store_le32(page + 4, count);
    mico_image_key_hash(dev.maker_public, page + 8 + 32 * (count - 1));
}

void test_loader_make_image(void)
{
    struct mico_reason reason = {""};
    size_t len;
    if (mico_image_make(&dev.recipe, dev.image_bytes, sizeof dev.image_bytes, &len, &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
    memset(dev.flash_memory, 0xFF, MICO_FLASH_SLOT_SIZE);
    memcpy(dev.flash_memory, dev.image_bytes, len);
}

void test_loader_write_binding(void)
{
    struct mico_store store;
    uint8_t record[MSCP_BINDING_SIZE];
    mscp_binding_encode(&dev.binding, record);
    assert_int_equal(mico_store_open(&store, &dev.flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE),
                     MICO_OK);
    assert_int_equal(mico_store_put(&store, MSCP_BINDING_RECORD, record, sizeof record), MICO_OK);
}

/* A device as it leaves the factory, with a good image of counter 5; the chip allows 3 and up. */
int test_loader_setup(void **state)
{
    dev.lines = 0;
    rig_start(&dev.rig);
    rig_provision(&dev.rig, &dev.binding, true);
    assert_int_equal(mscp_host_counter_raise(&dev.rig.host, MSCP_ID_ROLLBACK, 3), MICO_OK);
    assert_int_equal(mscp_host_public_key(&dev.rig.host, MSCP_ID_FIRMWARE, dev.device_key), MICO_OK);
    test_flash_init(&dev.flash, dev.flash_memory, sizeof dev.flash_memory, 4096, 1);
    test_loader_write_binding();
    mico_ed25519_public(test_loader_maker, dev.maker_public);
    test_loader_write_key_page(1);
    for (size_t i = 0; i < sizeof dev.payload; i++) {
        dev.payload[i] = (uint8_t)(i * 7);
    }
    mico_store_le32(dev.payload, 0x20010000);
    mico_store_le32(dev.payload + 4, TEST_LOADER_ADDR + 0x400 + 0x101);
    assert_int_equal(mico_image_make_key(&dev.content_key, 16), MICO_OK);
    dev.recipe = (struct mico_image_recipe){
        .payload = MICO_SPAN(dev.payload),
        .version = {1, 2, 3, 4},
        .security_counter = 5,
        .load_addr = TEST_LOADER_ADDR,
        .ram_load = true,
        .header_size = 0x400,
        .carry_public_key = true,
        .sign = sign,
        .content_key = &dev.content_key,
        .device_key = dev.device_key,
    };
    memcpy(dev.recipe.public_key, dev.maker_public, 32);
    test_loader_make_image();
    dev.place = (struct loader_place){
        .flash = &dev.flash.flash,
        .key_page = dev.key_page,
        .load = dev.load_memory,
        .load_addr = TEST_LOADER_ADDR,
        .load_size = sizeof dev.load_memory,
        .header_size = 0x400,
        .ram_start = 0x20000000,
        .ram_end = 0x203FFFC0,
        .transport = &dev.rig.transport,
        .now_ms = now_ms,
        .say = say,
    };
    memset(dev.load_memory, 0x99, sizeof dev.load_memory);
    memset(&dev.handoff, 0x99, sizeof dev.handoff);
    return 0;
}

int test_loader_teardown(void **state)
{
    rig_end(&dev.rig);
    return 0;
}

void test_loader_left_no_key(void)
{
    assert_true(mico_ct_is_zero(&dev.loader.content_key, sizeof dev.loader.content_key));
    assert_true(mico_ct_is_zero(&dev.loader.binding, sizeof dev.loader.binding));
    assert_true(mico_ct_is_zero(&dev.loader.host, sizeof dev.loader.host));
}

void test_loader_starts(void)
{
    if (loader_decide(&dev.loader, &dev.place, &dev.handoff) != LOADER_START) {
        fail_msg("%s", dev.said[(dev.lines - 1) % 4]);
    }
    test_loader_left_no_key();
}

void test_loader_refuses(const char *reason)
{
    char line[MICO_REASON_MAX + 32];
    snprintf(line, sizeof line, "loader: refused: %s", reason);
    assert_int_equal(loader_decide(&dev.loader, &dev.place, &dev.handoff), LOADER_REFUSED);
    if (strncmp(dev.said[(dev.lines - 1) % 4], line, strlen(line)) != 0) {
        fail_msg("expected '%s', got '%s'", line, dev.said[(dev.lines - 1) % 4]);
    }
    test_loader_left_no_key();
    assert_true(mico_ct_is_zero(dev.load_memory, dev.place.load_size));
    assert_true(mico_ct_is_zero(&dev.handoff, sizeof dev.handoff));
}
