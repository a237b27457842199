/* SPDX-License-Identifier: Apache-2.0 */
/* A NOR flash in memory for tests: it loses power at the operation it is told to, in the manner it is told to, and stays
 * dead until it is switched on again. It also catches what real flash would not forgive: setting a bit by programming.
 *
 *     struct test_flash rig;
 *     test_flash_init(&rig, memory, sizeof memory, 4096, 1);
 *     rig.cut = (struct test_flash_cut){.operation = 7, .tear = TEST_TEAR_PREFIX, .amount = 3};
 *     ... use &rig.flash: everything from the 7th program or erase on fails ...
 *     test_flash_power_on(&rig);
 */
#ifndef OS_STORE_TEST_FLASH_H
#define OS_STORE_TEST_FLASH_H

#include <stdbool.h>

#include "os/port/flash.h"

enum test_flash_tear {
    TEST_TEAR_PREFIX, /* the first `amount` bytes are as wanted, the rest as before; an amount past the end: all done */
    TEST_TEAR_BITS,   /* each bit that should change does so by the throw of a coin seeded with `amount` */
    TEST_TEAR_MIXED,  /* a prefix by chance, then bits by chance, then nothing; seeded with `amount` */
};

struct test_flash_cut {
    uint64_t operation; /* programs and erases are counted from 1; 0 never cuts */
    enum test_flash_tear tear;
    uint64_t amount;
};

struct test_flash {
    struct mico_flash flash; /* hand this to the code under test */
    uint8_t *bytes;
    struct test_flash_cut cut;
    uint64_t operations; /* programs and erases so far */
    size_t last_len;     /* length of the latest program or erase: bounds the prefixes worth trying */
    uint64_t erased, programmed; /* bytes, for reports on wear */
    bool dead;           /* the cut has happened */
    bool misused;        /* a bit was to be set by programming, or a unit ignored */
};

/** memory is the caller's, size bytes; it is set to erased. */
void test_flash_init(struct test_flash *rig, uint8_t *memory, uint32_t size, uint32_t sector_size, uint32_t program_size);
/** Power comes back: no further cut is planned, the count starts again. */
void test_flash_power_on(struct test_flash *rig);
/** Numbers for seeded workloads: splitmix64. */
uint64_t test_flash_random(uint64_t *seed);

#endif
