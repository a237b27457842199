/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's own firmware: which images it takes, that nothing else starts, and that a cut at any flash operation leaves the old
 * firmware or the new one, and every key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_firmware.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;
static uint8_t code[5000], image[TEST_FIRMWARE_MAX];
static size_t image_len;
static uint8_t identity[32];

static const struct test_firmware old_one = {{code, sizeof code}, 0, 0, 1, 0, 1, false};
static const struct test_firmware new_one = {{code, sizeof code}, 1, 0, 2, 0, 1, false};

static void make(struct test_firmware what)
{
    image_len = test_firmware_image(&what, image);
}

static mico_err update(void)
{
    uint32_t version;
    return mscp_host_update(&rig.host, (struct mico_span){image, image_len}, &version);
}

/* What the boot stage would start. */
static unsigned boots(struct mscp_firmware *firmware)
{
    return mscp_firmware_newest(&rig.flash.flash, firmware);
}

static int start(void **state)
{
    for (size_t i = 0; i < sizeof code; i++) {
        code[i] = (uint8_t)(i * 31 + i / 256);
    }
    rig_start(&rig);
    test_firmware_keys(rig.flash.bytes);
    test_firmware_install(&old_one, rig.flash.bytes);
    rig.slot = 1;
    rig_restart_chip(&rig);
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    make(new_one);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

/* As the boot stage does: the firmware of the slot that it would start. */
static void reboot(void)
{
    struct mscp_firmware firmware;
    unsigned slot = boots(&firmware);
    assert_true(slot < MSCP_FIRMWARE_SLOT_COUNT);
    rig.slot = (uint8_t)(slot + 1);
    rig_restart_chip(&rig);
}

static void expect_old(void)
{
    struct mscp_firmware firmware;
    assert_int_equal(boots(&firmware), 0);
    assert_int_equal(firmware.version, 0x00010000);
}

static void newer_firmware_is_taken_and_the_keys_stay(void **state)
{
    uint32_t address, version;
    struct mscp_info info;
    uint8_t key[32];
    assert_int_equal(mscp_host_update_ask(&rig.host, &address, &version), MICO_OK);
    assert_int_equal(address, MSCP_FIRMWARE_BASE + mscp_firmware_slot(1));
    assert_int_equal(version, 0x00010000);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_int_equal(info.firmware_version, 0x00010000);
    assert_int_equal(mscp_host_update(&rig.host, (struct mico_span){image, image_len}, &version), MICO_OK);
    assert_int_equal(version, 0x00020000);
    assert_true(rig.restarted);
    reboot();
    assert_int_equal(rig.slot, 2);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_int_equal(info.firmware_version, 0x00020000);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key), MICO_OK);
    assert_memory_equal(key, identity, 32);
    assert_int_equal(mscp_host_update_ask(&rig.host, &address, &version), MICO_OK);
    assert_int_equal(address, MSCP_FIRMWARE_BASE + mscp_firmware_slot(0)); /* the other way round next time */
}

static void older_or_equal_firmware_is_refused(void **state)
{
    static const struct {
        uint8_t minor;
        uint32_t security;
        mico_err want;
    } cases[] = {
        {1, 1, MICO_ERR_ROLLBACK}, /* what runs */
        {0, 1, MICO_ERR_ROLLBACK},
        {9, 0, MICO_ERR_ROLLBACK}, /* a later version of lower security */
        {0, 2, MICO_OK},           /* an earlier version of higher security */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct test_firmware what = new_one;
        what.minor = cases[i].minor;
        what.security = cases[i].security;
        make(what);
        assert_int_equal(update(), cases[i].want);
        struct mscp_firmware firmware;
        assert_int_equal(boots(&firmware), cases[i].want == MICO_OK ? 1 : 0);
    }
}

static void firmware_set_back_under_the_chip_only_takes_a_newer_one(void **state)
{
    uint8_t message[RIG_PAIRING_MESSAGE], signature[64];
    rig_pairing_message(message);
    assert_int_equal(update(), MICO_OK);
    reboot();
    rig.flash.bytes[mscp_firmware_slot(1) + 0x500] ^= 1; /* the new one damaged: the old one starts */
    reboot();
    assert_int_equal(rig.slot, 1);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, MICO_SPAN(message), signature), MICO_ERR_ROLLBACK);
    assert_int_equal(update(), MICO_OK);
    reboot();
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, MICO_SPAN(message), signature), MICO_OK);
}

static void an_image_of_a_stranger_or_for_the_other_slot_is_refused(void **state)
{
    struct test_firmware what = new_one;
    what.stranger = true;
    make(what);
    assert_int_equal(update(), MICO_ERR_CRYPTO);
    what = new_one;
    what.slot = 0;
    make(what);
    assert_int_equal(update(), MICO_ERR_CRYPTO);
    make(new_one);
    memset(rig.flash.bytes + MSCP_FIRMWARE_KEYS, 0xFF, 4096); /* a chip without keys trusts nobody */
    assert_int_equal(update(), MICO_ERR_CRYPTO);
    uint8_t *count = rig.flash.bytes + MSCP_FIRMWARE_KEYS + 4;
    test_firmware_keys(rig.flash.bytes);
    *count = 0;
    assert_int_equal(update(), MICO_ERR_CRYPTO);
    *count = 5; /* more than a page may name */
    assert_int_equal(update(), MICO_ERR_CRYPTO);
    *count = 1;
    expect_old();
    assert_int_equal(update(), MICO_OK);
}

static void every_flipped_bit_and_every_cut_of_an_image_is_refused(void **state)
{
    struct mscp_firmware firmware;
    struct test_firmware what = new_one;
    what.code.len = 64;
    make(what);
    uint8_t *slot = rig.flash.bytes + mscp_firmware_slot(1);
    memcpy(slot, image, image_len);
    assert_int_equal(mscp_firmware_check(&rig.flash.flash, 1, &firmware), MSCP_FIRMWARE_GOOD);
    for (size_t bit = 0; bit < 8 * image_len; bit++) {
        slot[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(mscp_firmware_check(&rig.flash.flash, 1, &firmware), MSCP_FIRMWARE_GOOD);
        slot[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < image_len; len++) {
        memset(slot + len, 0xFF, image_len - len);
        assert_int_not_equal(mscp_firmware_check(&rig.flash.flash, 1, &firmware), MSCP_FIRMWARE_GOOD);
        memcpy(slot, image, image_len);
    }
    assert_false(mscp_firmware_is_committed(&rig.flash.flash, 1)); /* good, but nobody committed it */
    expect_old();
}

/* A step by hand. */
static int say(uint8_t step, int64_t value, const void *bytes, size_t len)
{
    uint8_t tlvs[MSCP_BODY_MAX], random[1];
    struct mico_writer w = mico_writer_of(tlvs, sizeof tlvs - MSCP_RECORD_OVERHEAD);
    assert_int_equal(mscp_host_random(&rig.host, random, 1), MICO_OK); /* a session is open */
    mscp_put_u8(&w, MSCP_TAG_STEP, step);
    if (value >= 0) {
        mscp_put_u64(&w, MSCP_TAG_VALUE, (uint64_t)value);
    }
    if (bytes != NULL) {
        mscp_put_bytes(&w, MSCP_TAG_BYTES, bytes, len);
    }
    return rig_record(&rig, MSCP_UPDATE_FIRMWARE, (struct mico_span){tlvs, w.len}, rig.host.session.next, NULL);
}

static void steps_out_of_order_are_refused(void **state)
{
    assert_int_equal(say(4, -1, NULL, 0), MSCP_BAD_PARAM);
    assert_int_equal(say(0, 1, NULL, 0), MSCP_BAD_PARAM);
    assert_int_equal(say(1, -1, NULL, 0), MSCP_BAD_PARAM);
    assert_int_equal(say(3, -1, NULL, 0), MSCP_BAD_PARAM);
    assert_int_equal(say(2, 0, image, 10), MSCP_BAD_PARAM);
    assert_int_equal(say(1, 0, NULL, 0), MSCP_BAD_LENGTH);
    assert_int_equal(say(1, MSCP_FIRMWARE_SLOT_SIZE + 1, NULL, 0), MSCP_BAD_LENGTH);
    assert_int_equal(say(1, 100, NULL, 0), MSCP_OK);
    assert_int_equal(say(2, 1, image, 10), MSCP_BAD_PARAM); /* a gap */
    assert_int_equal(say(2, 0, image, 0), MSCP_BAD_PARAM);
    assert_int_equal(say(2, 0, image, 101), MSCP_BAD_PARAM); /* too much */
    assert_int_equal(say(2, 0, image, 60), MSCP_OK);
    assert_int_equal(say(2, 0, image, 60), MSCP_OK); /* the last one again: its answer may have got lost */
    assert_int_equal(say(2, 0, image + 1, 60), MSCP_BAD_PARAM);
    assert_int_equal(say(3, -1, NULL, 0), MSCP_BAD_PARAM); /* not all there */
    assert_int_equal(say(2, 60, image + 60, 40), MSCP_OK);
    assert_int_equal(say(3, -1, NULL, 0), MSCP_VERIFY_FAILED);
    rig_restart_chip(&rig);
    assert_int_equal(say(2, 60, image, 40), MSCP_BAD_PARAM); /* begun before the restart */
    expect_old();
}

/* The mark is the slot's last 16 bytes: as data it would start firmware of which the audit log knows nothing. */
static void data_never_reach_the_mark_that_a_commit_sets(void **state)
{
    static const uint8_t mark[16] = {0x77, 0xC2, 0x95, 0xF3, 0x60, 0xD2, 0xEF, 0x7F,
                                     0x35, 0x52, 0x50, 0x0F, 0x2C, 0xB6, 0x79, 0x80};
    static uint8_t slot[MSCP_FIRMWARE_SLOT_SIZE];
    memset(slot, 0xFF, sizeof slot);
    memcpy(slot, image, image_len);
    memcpy(slot + sizeof slot - sizeof mark, mark, sizeof mark);
    int status = say(1, MSCP_FIRMWARE_SLOT_SIZE, NULL, 0);
    for (size_t at = 0; at < sizeof slot && status == MSCP_OK; at += 1024) {
        status = say(2, (int64_t)at, slot + at, 1024);
    }
    expect_old();
    assert_int_equal(status, MSCP_BAD_LENGTH);
    assert_int_equal(say(1, MSCP_FIRMWARE_SLOT_SIZE - 15, NULL, 0), MSCP_BAD_LENGTH);
    assert_int_equal(say(1, MSCP_FIRMWARE_SLOT_SIZE - 16, NULL, 0), MSCP_OK);
}

static void a_chip_without_room_for_slots_takes_no_update(void **state)
{
    rig.flash.flash.size = MSCP_FIRMWARE_SLOTS;
    assert_int_equal(update(), MICO_ERR_UNSUPPORTED);
    rig.flash.flash.size = RIG_FLASH_SIZE;
}

static void where_the_code_comes_from_elsewhere_nothing_is_taken_and_an_older_program_is_found(void **state)
{
    uint8_t rank[8], message[RIG_PAIRING_MESSAGE], signature[64];
    struct mscp_info info;
    rig_pairing_message(message);
    memset(rig.flash.bytes + MSCP_FIRMWARE_SLOTS, 0xFF, RIG_FLASH_SIZE - MSCP_FIRMWARE_SLOTS);
    rig.slot = 0; /* as on Linux and in TrustZone: the program is what somebody else starts */
    rig_restart_chip(&rig);
    uint64_t operations = rig.flash.operations;
    assert_int_equal(update(), MICO_ERR_UNSUPPORTED);
    assert_int_equal(rig.flash.operations, operations);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_int_equal(info.firmware_version, MSCP_CHIP_VERSION);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, MICO_SPAN(message), signature), MICO_OK);
    mico_store_le64(rank, mscp_firmware_rank(&rig.chip.firmware) + 1); /* a newer one ran on this flash */
    assert_int_equal(mscp_chip_put(&rig.chip, "firmware", 0, rank, sizeof rank), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, MICO_SPAN(message), signature), MICO_ERR_ROLLBACK);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
}

static const enum test_flash_tear tears[] = {TEST_TEAR_PREFIX, TEST_TEAR_BITS, TEST_TEAR_MIXED};

/* One update with power lost at an operation; false when it ended before. */
static bool one_cut(const uint8_t *before, uint64_t operation, enum test_flash_tear tear)
{
    uint8_t key[32];
    struct mscp_info info;
    memcpy(rig.flash.bytes, before, RIG_FLASH_SIZE);
    rig.slot = 1;
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding);
    rig.host.timeout_ms = 10;
    rig.flash.cut = (struct test_flash_cut){rig.flash.operations + operation, tear, operation * 7};
    bool ok = update() == MICO_OK;
    bool cut = rig.flash.dead;
    assert_true(ok || cut);
    test_flash_power_on(&rig.flash);
    reboot();
    assert_true(!ok || rig.slot == 2);
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_int_equal(info.firmware_version, rig.slot == 2 ? 0x00020000 : 0x00010000);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key), MICO_OK);
    assert_memory_equal(key, identity, 32);
    if (rig.slot == 1) { /* and once more, to the end */
        assert_int_equal(update(), MICO_OK);
        reboot();
        assert_int_equal(rig.slot, 2);
    }
    assert_false(rig.flash.misused);
    return cut;
}

static void power_lost_at_every_operation_leaves_old_or_new_firmware_and_every_key(void **state)
{
    static uint8_t before[RIG_FLASH_SIZE];
    memset(rig.flash.bytes + mscp_firmware_slot(1), 0x5A, MSCP_FIRMWARE_SLOT_SIZE - 4096); /* the rest of something */
    memcpy(before, rig.flash.bytes, sizeof before);
    for (size_t tear = 0; tear < sizeof tears / sizeof tears[0]; tear++) {
        uint64_t operation = 1;
        while (one_cut(before, operation, tears[tear])) {
            operation++;
        }
        assert_true(operation > 30); /* erases, pieces, audit entry, mark */
    }
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(newer_firmware_is_taken_and_the_keys_stay),
        STARTED(older_or_equal_firmware_is_refused),
        STARTED(firmware_set_back_under_the_chip_only_takes_a_newer_one),
        STARTED(an_image_of_a_stranger_or_for_the_other_slot_is_refused),
        STARTED(every_flipped_bit_and_every_cut_of_an_image_is_refused),
        STARTED(steps_out_of_order_are_refused),
        STARTED(data_never_reach_the_mark_that_a_commit_sets),
        STARTED(a_chip_without_room_for_slots_takes_no_update),
        STARTED(where_the_code_comes_from_elsewhere_nothing_is_taken_and_an_older_program_is_found),
        STARTED(power_lost_at_every_operation_leaves_old_or_new_firmware_and_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
