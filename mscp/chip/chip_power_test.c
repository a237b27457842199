/* SPDX-License-Identifier: Apache-2.0 */
/* Power lost at every flash operation of everything that the chip keeps: it starts again, and what was promised holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;
static uint8_t before[RIG_FLASH_SIZE];
static struct mscp_binding binding_before;
static uint8_t old_value[3000], new_value[4096];

/* One thing that a device does: get the chip ready, do it, and judge what a restart finds. ok says what the driver was
 * told; after it the link is up again. */
struct action {
    const char *name;
    void (*prepare)(void);
    bool (*act)(void);
    void (*judge)(bool ok);
};

static void provision(void)
{
    rig_provision(&rig, &binding, false);
}

static void pair_only(void)
{
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
}

static void nothing(void)
{
}

static bool act_pair(void)
{
    return mscp_host_pair(&rig.host, &binding) == MICO_OK;
}

static void judge_pair(bool ok)
{
    if (!ok) { /* unpaired, or paired without an object: never stranded */
        rig_new_host(&rig, NULL);
        assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    }
    uint8_t random[4];
    assert_int_equal(mscp_host_random(&rig.host, random, sizeof random), MICO_OK);
}

static uint8_t generated[32];

static bool act_generate(void)
{
    return mscp_host_generate(&rig.host, 0x50, &rig_pairing, generated) == MICO_OK;
}

static void judge_generate(bool ok)
{
    struct mscp_attributes a;
    uint8_t key[32], signature[64], message[RIG_PAIRING_MESSAGE];
    bool found = false;
    assert_int_equal(mscp_host_attributes(&rig.host, 0x50, &a, &found), MICO_OK);
    assert_true(found || !ok);
    assert_int_equal(rig.chip.objects, found ? 1 : 0);
    if (found) { /* then it is whole */
        rig_pairing_message(message);
        assert_int_equal(mscp_host_public_key(&rig.host, 0x50, key), MICO_OK);
        assert_int_equal(mscp_host_sign(&rig.host, 0x50, MICO_SPAN(message), signature), MICO_OK);
        assert_int_equal(mico_ed25519_verify(key, MICO_SPAN(message), signature), MICO_OK);
        assert_true(!ok || memcmp(key, generated, 32) == 0);
    } else {
        assert_int_equal(mscp_host_generate(&rig.host, 0x50, &rig_pairing, key), MICO_OK);
    }
}

/* In the field, beside a pair that is there: a device makes the new one, and removes the old one when all know the new. */
#define OLD_ID MSCP_ID_FIELD
#define NEW_ID (MSCP_ID_FIELD + 1)

static void prepare_field(void)
{
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_generate(&rig.host, OLD_ID, &rig_pairing, generated), MICO_OK);
}

static bool signs(uint32_t id)
{
    uint8_t key[32], signature[64], message[RIG_PAIRING_MESSAGE];
    rig_pairing_message(message);
    return mscp_host_public_key(&rig.host, id, key) == MICO_OK &&
           mscp_host_sign(&rig.host, id, MICO_SPAN(message), signature) == MICO_OK &&
           mico_ed25519_verify(key, MICO_SPAN(message), signature) == MICO_OK;
}

static bool act_generate_in_the_field(void)
{
    uint8_t key[32];
    return mscp_host_generate(&rig.host, NEW_ID, &rig_pairing, key) == MICO_OK;
}

static void judge_generate_in_the_field(bool ok)
{
    struct mscp_attributes a;
    bool found = false;
    assert_int_equal(mscp_host_attributes(&rig.host, NEW_ID, &a, &found), MICO_OK);
    assert_true(found || !ok);
    assert_true(found || act_generate_in_the_field());
    assert_true(signs(NEW_ID) && signs(OLD_ID) && signs(MSCP_ID_PAIRING));
    assert_int_equal(rig.chip.objects, 7);
}

static bool act_remove_in_the_field(void)
{
    return mscp_host_delete(&rig.host, OLD_ID) == MICO_OK;
}

static void judge_remove_in_the_field(bool ok)
{
    struct mscp_attributes a;
    bool found = false;
    assert_int_equal(mscp_host_attributes(&rig.host, OLD_ID, &a, &found), MICO_OK);
    assert_true(!found || !ok);
    assert_true(!found || (signs(OLD_ID) && act_remove_in_the_field()));
    assert_true(signs(MSCP_ID_PAIRING));
    assert_int_equal(rig.chip.objects, 5);
    assert_int_equal(mscp_host_generate(&rig.host, OLD_ID, &rig_pairing, generated), MICO_OK);
}

static bool act_create(void)
{
    return mscp_host_create(&rig.host, 0x60, &rig_data, MICO_SPAN(old_value)) == MICO_OK;
}

static void expect_either(struct mico_span a, struct mico_span b)
{
    uint8_t back[MSCP_MESSAGE_MAX];
    size_t len = 0;
    assert_int_equal(mscp_host_read(&rig.host, 0x60, back, sizeof back, &len), MICO_OK);
    bool is_a = len == a.len && memcmp(back, a.data, len) == 0;
    bool is_b = len == b.len && memcmp(back, b.data, len) == 0;
    assert_true(is_a || is_b);
}

static void judge_create(bool ok)
{
    struct mscp_attributes a;
    bool found = false;
    assert_int_equal(mscp_host_attributes(&rig.host, 0x60, &a, &found), MICO_OK);
    assert_true(found || !ok);
    if (!found) {
        assert_true(act_create());
    }
    expect_either(MICO_SPAN(old_value), MICO_SPAN(old_value));
}

static void prepare_write(void)
{
    pair_only();
    assert_true(act_create());
}

static bool act_write(void)
{
    return mscp_host_write(&rig.host, 0x60, MICO_SPAN(new_value)) == MICO_OK;
}

static void judge_write(bool ok)
{
    expect_either(MICO_SPAN(new_value), ok ? MICO_SPAN(new_value) : MICO_SPAN(old_value));
    assert_int_equal(mscp_host_write(&rig.host, 0x60, MICO_SPAN(old_value)), MICO_OK);
    expect_either(MICO_SPAN(old_value), MICO_SPAN(old_value));
}

static bool act_raise(void)
{
    return mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 7) == MICO_OK;
}

static void judge_raise(bool ok)
{
    uint64_t value = 99;
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_true(value == 7 || (value == 0 && !ok));
    assert_true(act_raise());
}

static bool act_lifecycle(void)
{
    return mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL) == MICO_OK;
}

static void judge_lifecycle(bool ok)
{
    uint8_t life = mscp_chip_lifecycle(&rig.chip);
    assert_true(life == MSCP_OPERATIONAL || (life == MSCP_FACTORY && !ok));
    assert_true(life == MSCP_OPERATIONAL || act_lifecycle());
}

static void prepare_return(void)
{
    rig_provision(&rig, &binding, true);
}

static bool act_return(void)
{
    return mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, NULL) == MICO_OK;
}

static void judge_return(bool ok)
{
    uint8_t life = mscp_chip_lifecycle(&rig.chip);
    assert_true(life == MSCP_RETURNED || (life == MSCP_OPERATIONAL && !ok));
    assert_int_equal(rig.chip.objects, life == MSCP_RETURNED ? 2 : 5); /* no half of the keys is left over */
}

static const struct action actions[] = {
    {"pairing", nothing, act_pair, judge_pair},
    {"key generation", pair_only, act_generate, judge_generate},
    {"key generation in the field", prepare_field, act_generate_in_the_field, judge_generate_in_the_field},
    {"removing a key in the field", prepare_field, act_remove_in_the_field, judge_remove_in_the_field},
    {"creating 3000 bytes", pair_only, act_create, judge_create},
    {"writing 4096 bytes", prepare_write, act_write, judge_write},
    {"raising a counter", provision, act_raise, judge_raise},
    {"the lifecycle step", provision, act_lifecycle, judge_lifecycle},
    {"return", prepare_return, act_return, judge_return},
};

static const struct test_flash_cut tears[] = {
    {0, TEST_TEAR_PREFIX, 0},  {0, TEST_TEAR_PREFIX, 1},        {0, TEST_TEAR_PREFIX, 9},
    {0, TEST_TEAR_PREFIX, 40}, {0, TEST_TEAR_PREFIX, 1u << 20}, {0, TEST_TEAR_BITS, 1},
    {0, TEST_TEAR_BITS, 2},    {0, TEST_TEAR_MIXED, 3},         {0, TEST_TEAR_MIXED, 4},
};
#define TEARS (sizeof tears / sizeof tears[0])

/* Do it once from the same beginning, with power lost at . False when it ended before. */
static bool one_cut(const struct action *action, uint64_t operation, const struct test_flash_cut *tear)
{
    memcpy(rig.flash.bytes, before, RIG_FLASH_SIZE);
    binding = binding_before;
    rig_restart_chip(&rig);
    rig_new_host(&rig, action->prepare == nothing ? NULL : &binding);
    rig.host.timeout_ms = 10;
    rig.flash.cut = *tear;
    rig.flash.cut.operation = rig.flash.operations + operation;
    bool ok = action->act();
    bool cut = rig.flash.dead;
    rig_restart_chip(&rig);
    action->judge(ok);
    assert_false(rig.flash.misused);
    return cut;
}

static void power_lost_at_every_operation_leaves_old_or_new(void **state)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        rig_start(&rig);
        actions[i].prepare();
        memcpy(before, rig.flash.bytes, RIG_FLASH_SIZE);
        binding_before = binding;
        uint64_t operation = 1;
        while (one_cut(&actions[i], operation, &tears[0])) {
            for (size_t tear = 1; tear < TEARS; tear++) {
                assert_true(one_cut(&actions[i], operation, &tears[tear]));
            }
            operation++;
        }
        assert_true(operation > 1);
        print_message("%s: %u operations, %u ways to lose power at each\n", actions[i].name, (unsigned)operation - 1,
                      (unsigned)TEARS);
        rig_end(&rig);
    }
}

static uint64_t no_time(void *ctx)
{
    return 0;
}

static void no_answer(void *ctx, const uint8_t *bytes, size_t len)
{
}

static void power_lost_at_the_first_start_leaves_a_chip_that_can_be_born(void **state)
{
    const struct mscp_chip_platform platform = {.flash = &rig.flash.flash, .now_ms = no_time, .reply = no_answer};
    for (size_t tear = 0; tear < TEARS; tear++) {
        uint64_t operation = 1;
        bool cut;
        do {
            rig_start(&rig); /* for the memory; it is erased again */
            test_flash_init(&rig.flash, rig.flash.bytes, RIG_FLASH_SIZE, 4096, 1);
            rig.flash.cut = tears[tear];
            rig.flash.cut.operation = operation++;
            mico_err err = mscp_chip_start(&rig.chip, &platform);
            cut = rig.flash.dead;
            assert_true(cut || err == MICO_OK);
            rig_restart_chip(&rig);
            uint8_t serial[MSCP_SERIAL_SIZE];
            memcpy(serial, rig.chip.serial, sizeof serial);
            rig_provision(&rig, &binding, true);
            rig_restart_chip(&rig);
            assert_memory_equal(serial, rig.chip.serial, sizeof serial);
        } while (cut);
    }
    rig_end(&rig);
}

static void a_damaged_root_beside_records_is_refused_and_not_replaced(void **state)
{
    const struct mscp_chip_platform platform = {.flash = &rig.flash.flash, .now_ms = no_time, .reply = no_answer};
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    rig.flash.bytes[MSCP_CHIP_ROOT_ADDRESS + 20] ^= 1;
    uint64_t operations = rig.flash.operations;
    assert_int_equal(mscp_chip_start(&rig.chip, &platform), MICO_ERR_CORRUPT);
    assert_int_equal(rig.flash.operations, operations);
    rig_end(&rig);
}

static void after_a_failed_write_the_chip_refuses_all_until_it_restarts(void **state)
{
    uint64_t value = 0;
    uint8_t bytes[4];
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    rig.flash.cut = (struct test_flash_cut){.operation = rig.flash.operations + 1, .tear = TEST_TEAR_PREFIX};
    rig.host.timeout_ms = 10;
    assert_int_not_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 9), MICO_OK);
    assert_true(rig.chip.storage_broken);
    rig.flash.dead = false; /* the flash works again: the chip must not go on from what it believes */
    assert_int_equal(mscp_host_random(&rig.host, bytes, sizeof bytes), MICO_ERR_IO);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_STORAGE);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    rig_end(&rig);
}

int main(void)
{
    for (size_t i = 0; i < sizeof new_value; i++) {
        new_value[i] = (uint8_t)(i * 7);
        old_value[i % sizeof old_value] = (uint8_t)(i * 11 + 1);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_lost_at_every_operation_leaves_old_or_new),
        cmocka_unit_test(power_lost_at_the_first_start_leaves_a_chip_that_can_be_born),
        cmocka_unit_test(a_damaged_root_beside_records_is_refused_and_not_replaced),
        cmocka_unit_test(after_a_failed_write_the_chip_refuses_all_until_it_restarts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
