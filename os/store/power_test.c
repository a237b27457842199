/* SPDX-License-Identifier: Apache-2.0 */
/* Power cuts: at every flash operation, torn in every way the flash model allows, also while recovering from a cut.
 * After each one the store opens, holds everything that was acknowledged, and of the operation that was cut off either
 * the old value or the new one, whole. Without an index, with one for half of the names, and with one for all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/store/store.h"
#include "os/store/test_flash.h"

#define NAMES 6
#define REGION_MAX 8192
#define BEFORE \
    256 /* bytes of flash in front of the region that must stay as they are; a multiple of every sector here */

static const char *const names[NAMES] = {"a",       "pairing/00", "pairing/01",
                                         "counter", "b",          "a name of thirty-two characters!"};

/* What a name should hold: a value made of (name, version), or nothing. */
struct held {
    bool present;
    uint32_t version;
    size_t len;
};

enum action { PUT, DELETE };
struct step {
    enum action action;
    int name;
    struct held value;
};

struct world {
    uint8_t memory[BEFORE + REGION_MAX];
    struct test_flash rig;
    struct mico_store store;
    struct mico_store_entry entries[NAMES];
    struct held model[NAMES];
};

static uint16_t index_room; /* names that have room in the index, 0: there is none */
static uint64_t cuts;       /* how many were tried, for the last line */

static void fill(uint8_t *out, int name, const struct held *held)
{
    uint64_t seed = (uint64_t)name << 32 | held->version;
    for (size_t i = 0; i < held->len; i++) {
        out[i] = (uint8_t)test_flash_random(&seed);
    }
}

static bool holds(struct world *world, int name, const struct held *want)
{
    uint8_t got[MICO_STORE_VALUE_MAX], wanted[MICO_STORE_VALUE_MAX];
    size_t len;
    bool found;
    assert_int_equal(mico_store_get(&world->store, names[name], got, sizeof got, &len, &found), MICO_OK);
    if (found != want->present) {
        return false;
    }
    fill(wanted, name, want);
    return !found || (len == want->len && memcmp(got, wanted, len) == 0);
}

static bool count_one(void *ctx, const char *name, size_t len)
{
    ++*(int *)ctx;
    return true;
}

/* The store holds the model; of step, when there is one, the old or the new. The model then knows which. */
static void check(struct world *world, const struct step *step)
{
    int listed = 0, present = 0;
    assert_false(world->rig.misused);
    for (int i = 0; i < NAMES; i++) {
        if (step != NULL && step->name == i && holds(world, i, &step->value)) {
            world->model[i] = step->value;
        } else if (!holds(world, i, &world->model[i])) {
            fail_msg("'%s' holds neither the old value nor the new", names[i]);
        }
        present += world->model[i].present;
    }
    assert_int_equal(mico_store_each(&world->store, count_one, &listed), MICO_OK);
    assert_int_equal(listed, present);
}

static mico_err apply(struct world *world, const struct step *step)
{
    uint8_t value[MICO_STORE_VALUE_MAX];
    if (step->action == DELETE) {
        return mico_store_delete(&world->store, names[step->name]);
    }
    fill(value, step->name, &step->value);
    return mico_store_put(&world->store, names[step->name], value, step->value.len);
}

static void reopen(struct world *world)
{
    test_flash_power_on(&world->rig);
    assert_int_equal(mico_store_open(&world->store, &world->rig.flash, BEFORE, world->rig.flash.size - BEFORE),
                     MICO_OK);
    mico_store_index(&world->store, world->entries, index_room);
}

static void begin(struct world *world, uint32_t region, uint32_t sector, uint32_t unit)
{
    memset(world, 0, sizeof *world);
    test_flash_init(&world->rig, world->memory, BEFORE + region, sector, unit);
    memset(world->memory, 0x3C, BEFORE);
    reopen(world);
}

static void untouched_before_region(const struct world *world)
{
    for (size_t i = 0; i < BEFORE; i++) {
        assert_int_equal(world->memory[i], 0x3C);
    }
}

/* Snapshots keep their own rig, whose pointers lead into themselves. */
static void copy_world(struct world *to, const struct world *from)
{
    *to = *from;
    to->rig.bytes = to->memory;
    to->rig.flash.ctx = &to->rig;
    to->store.flash = &to->rig.flash;
    to->store.entries = to->entries;
}

/* Carry step out in a copy of `before` with the power cut as told; open again and check. */
static void cut_once(struct world *after, const struct world *before, const struct step *step,
                     struct test_flash_cut cut)
{
    copy_world(after, before);
    test_flash_power_on(&after->rig);
    after->rig.cut = cut;
    mico_err err = apply(after, step);
    assert_true(after->rig.dead);
    assert_int_equal(err, MICO_ERR_IO);
    reopen(after);
    check(after, step);
    cuts++;
}

/* How many flash operations step takes from `before`, and how long operation n is. */
static uint64_t operations_of(const struct world *before, const struct step *step)
{
    static struct world trial;
    copy_world(&trial, before);
    test_flash_power_on(&trial.rig);
    mico_err err = apply(&trial, step);
    assert_true(err == MICO_OK || err == MICO_ERR_FULL);
    return trial.rig.operations;
}

static size_t length_of(const struct world *before, const struct step *step, uint64_t operation)
{
    static struct world trial;
    copy_world(&trial, before);
    test_flash_power_on(&trial.rig);
    trial.rig.cut = (struct test_flash_cut){operation, TEST_TEAR_PREFIX, 0};
    (void)!apply(&trial, step);
    return trial.rig.last_len;
}

/* After a cut the next write recovers: cut that one too, at each of its operations, then let it pass. */
static void cut_the_recovery(const struct world *hurt, const struct step *next, uint64_t seed)
{
    static struct world again;
    uint64_t count = operations_of(hurt, next);
    for (uint64_t op = 1; op <= count; op++) {
        cut_once(&again, hurt, next, (struct test_flash_cut){op, TEST_TEAR_PREFIX, SIZE_MAX});
        cut_once(&again, hurt, next, (struct test_flash_cut){op, TEST_TEAR_BITS, seed + op});
        cut_once(&again, hurt, next, (struct test_flash_cut){op, TEST_TEAR_MIXED, seed + op});
        mico_err err = apply(&again, next);
        assert_true(err == MICO_OK || err == MICO_ERR_FULL);
        if (err == MICO_OK) {
            again.model[next->name] = next->value;
        }
        check(&again, NULL);
        reopen(&again);
        check(&again, NULL);
    }
}

/* Every way to cut one step. stride thins the prefixes out where lengths are great. */
static void cut_everywhere(const struct world *before, const struct step *step, const struct step *next, size_t stride)
{
    static struct world hurt;
    uint64_t count = operations_of(before, step);
    for (uint64_t op = 1; op <= count; op++) {
        size_t len = length_of(before, step, op);
        for (size_t prefix = 0; prefix <= len; prefix += stride) {
            cut_once(&hurt, before, step, (struct test_flash_cut){op, TEST_TEAR_PREFIX, prefix});
        }
        for (uint64_t seed = 1; seed <= 6; seed++) {
            cut_once(&hurt, before, step, (struct test_flash_cut){op, TEST_TEAR_BITS, seed * 977 + op});
            if (seed <= 2) {
                cut_the_recovery(&hurt, next, seed);
            }
            cut_once(&hurt, before, step, (struct test_flash_cut){op, TEST_TEAR_MIXED, seed * 991 + op});
            if (seed <= 2) {
                cut_the_recovery(&hurt, next, seed);
            }
        }
        cut_once(&hurt, before, step, (struct test_flash_cut){op, TEST_TEAR_PREFIX, len});
        cut_the_recovery(&hurt, next, op);
    }
}

/* Carry the steps out, and each of them in every cut manner first. */
static void walk(struct world *world, const struct step *steps, size_t count, size_t stride)
{
    for (size_t i = 0; i < count; i++) {
        cut_everywhere(world, &steps[i], &steps[(i + 1) % count], stride);
        mico_err err = apply(world, &steps[i]);
        assert_true(err == MICO_OK || err == MICO_ERR_FULL);
        if (err == MICO_OK) {
            world->model[steps[i].name] = steps[i].value;
        }
        check(world, NULL);
    }
    untouched_before_region(world);
}

static struct step random_step(uint64_t *seed, size_t longest)
{
    static uint32_t version;
    uint64_t r = test_flash_random(seed);
    struct step step = {.action = r % 5 == 0 ? DELETE : PUT, .name = (int)((r >> 8) % NAMES)};
    if (step.action == PUT) {
        step.value = (struct held){true, ++version, (size_t)(r >> 16) % (longest + 1)};
    }
    return step;
}

static struct world world;

static void scripted_put_replace_delete_cut_at_every_operation_keeps_old_or_new(void **state)
{
    const struct step steps[] = {
        {PUT, 0, {true, 1, 5}},   {PUT, 1, {true, 1, 40}}, {PUT, 0, {true, 2, 17}}, {DELETE, 1, {0}},
        {PUT, 2, {true, 1, 0}},   {PUT, 5, {true, 1, 33}}, {PUT, 0, {true, 3, 60}}, {PUT, 3, {true, 1, 8}},
        {PUT, 3, {true, 2, 8}},   {PUT, 3, {true, 3, 8}},  {DELETE, 5, {0}},        {PUT, 3, {true, 4, 8}},
        {PUT, 1, {true, 2, 100}}, {DELETE, 0, {0}},        {PUT, 1, {true, 3, 90}}, {PUT, 4, {true, 1, 64}},
        {PUT, 1, {true, 4, 20}},  {PUT, 4, {true, 2, 1}},  {DELETE, 1, {0}},        {PUT, 2, {true, 2, 70}},
    };
    begin(&world, 1024, 256, 1);
    walk(&world, steps, sizeof steps / sizeof steps[0], 1);
    assert_true(world.store.sequence >= 2);
}

static void counter_rewritten_often_survives_every_cut(void **state)
{
    struct step steps[48];
    for (uint32_t i = 0; i < 48; i++) {
        steps[i] = (struct step){PUT, 3, {true, i, 8}};
    }
    begin(&world, 512, 256, 1);
    walk(&world, steps, 48, 1);
    assert_true(world.store.sequence >= 4);
}

static void random_workloads_survive_every_cut_on_each_geometry(void **state)
{
    static const struct {
        uint32_t region, sector, unit;
        size_t longest, stride;
    } shapes[] = {
        {1024, 256, 1, 60, 1},    {1024, 128, 8, 60, 1},  {2048, 256, 32, 80, 1},
        {8192, 256, 256, 300, 7}, {4096, 256, 4, 700, 5},
    };
    /* An index knows nothing of geometry: the first two are enough for it. */
    size_t count = index_room == 0 ? sizeof shapes / sizeof shapes[0] : 2;
    for (size_t shape = 0; shape < count; shape++) {
        uint64_t seed = 1000 + shape;
        struct step steps[24];
        begin(&world, shapes[shape].region, shapes[shape].sector, shapes[shape].unit);
        for (size_t i = 0; i < 24; i++) {
            steps[i] = random_step(&seed, shapes[shape].longest);
        }
        walk(&world, steps, 24, shapes[shape].stride);
    }
}

/* Long life: thousands of steps, a cut every few operations, nothing ever put right by hand. */
static void thousands_of_random_cuts_in_one_life_lose_nothing(void **state)
{
    uint64_t seed = 42;
    begin(&world, 2048, 256, 1);
    for (int lives = 0; lives < (index_room == 0 ? 10000 : 4000); lives++) {
        uint64_t r = test_flash_random(&seed);
        world.rig.cut = (struct test_flash_cut){1 + r % 9, (enum test_flash_tear)(r >> 8) % 3, r >> 16};
        if (world.rig.cut.tear == TEST_TEAR_PREFIX) {
            world.rig.cut.amount %= 300;
        }
        for (;;) {
            struct step step = random_step(&seed, 90);
            mico_err err = apply(&world, &step);
            if (err == MICO_OK) {
                world.model[step.name] = step.value;
            }
            if (!world.rig.dead) {
                assert_true(err == MICO_OK || err == MICO_ERR_FULL);
                continue;
            }
            assert_int_equal(err, MICO_ERR_IO);
            reopen(&world);
            check(&world, &step);
            break;
        }
        cuts++;
    }
    untouched_before_region(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripted_put_replace_delete_cut_at_every_operation_keeps_old_or_new),
        cmocka_unit_test(counter_rewritten_often_survives_every_cut),
        cmocka_unit_test(random_workloads_survive_every_cut_on_each_geometry),
        cmocka_unit_test(thousands_of_random_cuts_in_one_life_lose_nothing),
    };
    static const uint16_t rooms[] = {0, NAMES / 2, NAMES};
    int failed = 0;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        index_room = rooms[i];
        failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    printf("%llu power cuts\n", (unsigned long long)cuts);
    return failed;
}
