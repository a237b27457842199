/* SPDX-License-Identifier: Apache-2.0 */
#include "os/store/test_flash.h"

#include <string.h>

uint64_t test_flash_random(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static bool in_range(const struct mico_flash *flash, uint32_t address, size_t len)
{
    return address <= flash->size && len <= flash->size - address;
}

static mico_err rig_read(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    const struct test_flash *rig = flash->ctx;
    if (!in_range(flash, address, len)) {
        return MICO_ERR_PARAM;
    }
    if (rig->dead) {
        return MICO_ERR_IO;
    }
    memcpy(out, rig->bytes + address, len);
    return MICO_OK;
}

/* Byte i of a torn operation: what it holds when the power has gone. */
static uint8_t torn(enum test_flash_tear tear, uint64_t amount, size_t prefix, size_t smear, uint64_t *seed, size_t i,
                    uint8_t before, uint8_t after)
{
    uint8_t mix = (uint8_t)test_flash_random(seed);
    uint8_t some = (uint8_t)((before & mix) | (after & ~mix));
    switch (tear) {
    case TEST_TEAR_PREFIX:
        return i < amount ? after : before;
    case TEST_TEAR_BITS:
        return some;
    case TEST_TEAR_MIXED:
        return i < prefix ? after : i < smear ? some : before;
    }
    return before;
}

/* Let the wanted bytes come about, or as much of them as the cut leaves. data NULL is an erase. */
static mico_err rig_change(struct test_flash *rig, uint32_t address, const uint8_t *data, size_t len)
{
    uint8_t *at = rig->bytes + address;
    if (rig->dead) {
        return MICO_ERR_IO;
    }
    rig->operations++;
    rig->last_len = len;
    rig->dead = rig->cut.operation != 0 && rig->operations >= rig->cut.operation;
    uint64_t seed = rig->cut.amount;
    size_t prefix = len != 0 ? test_flash_random(&seed) % len : 0;
    size_t smear = prefix + (len != 0 ? test_flash_random(&seed) % (len - prefix + 1) : 0);
    for (size_t i = 0; i < len; i++) {
        uint8_t before = at[i];
        uint8_t after = data != NULL ? before & data[i] : 0xFF;
        rig->misused |= data != NULL && after != data[i];
        at[i] = rig->dead ? torn(rig->cut.tear, rig->cut.amount, prefix, smear, &seed, i, before, after) : after;
    }
    return rig->dead ? MICO_ERR_IO : MICO_OK;
}

static mico_err rig_program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    struct test_flash *rig = flash->ctx;
    if (!in_range(flash, address, len) || address % flash->program_size != 0 || len % flash->program_size != 0) {
        rig->misused = true;
        return MICO_ERR_PARAM;
    }
    rig->programmed += len;
    return rig_change(rig, address, data, len);
}

static mico_err rig_erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    struct test_flash *rig = flash->ctx;
    if (!in_range(flash, address, len) || address % flash->sector_size != 0 || len % flash->sector_size != 0) {
        rig->misused = true;
        return MICO_ERR_PARAM;
    }
    rig->erased += len;
    return rig_change(rig, address, NULL, len);
}

void test_flash_init(struct test_flash *rig, uint8_t *memory, uint32_t size, uint32_t sector_size, uint32_t program_size)
{
    memset(rig, 0, sizeof *rig);
    memset(memory, 0xFF, size);
    rig->bytes = memory;
    rig->flash = (struct mico_flash){
        .size = size,
        .sector_size = sector_size,
        .program_size = program_size,
        .read = rig_read,
        .program = rig_program,
        .erase = rig_erase,
        .ctx = rig,
    };
}

void test_flash_power_on(struct test_flash *rig)
{
    rig->cut = (struct test_flash_cut){0};
    rig->operations = 0;
    rig->dead = false;
}
