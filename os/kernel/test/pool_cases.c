/* SPDX-License-Identifier: Apache-2.0 */
/* Pools of memory blocks. */
#include <string.h>

#include "os/kernel/test/cases.h"

#define BLOCKS 3u
#define BLOCK_SIZE (3 * sizeof(void *))

static struct mico_pool p;
static void *blocks[BLOCKS * 3];

static void *take(void)
{
    void *block = NULL;
    CHECK_INT(mico_pool_take(&p, &block, MICO_NO_WAIT), MICO_OK);
    CHECK(block != NULL);
    return block;
}

static void a_pool_gives_each_block_once_and_takes_it_back(void)
{
    void *taken[BLOCKS], *none = &p;
    mico_pool_init(&p, blocks, BLOCK_SIZE, BLOCKS);
    for (int round = 0; round < 3; round++) {
        CHECK_INT(mico_pool_available(&p), BLOCKS);
        for (unsigned i = 0; i < BLOCKS; i++) {
            taken[i] = take();
            memset(taken[i], 0x5A + (int)i, BLOCK_SIZE);
        }
        CHECK_INT(mico_pool_available(&p), 0);
        CHECK_INT(mico_pool_take(&p, &none, MICO_NO_WAIT), MICO_ERR_TIMEOUT);
        CHECK(none == &p);
        for (unsigned i = 0; i < BLOCKS; i++) {
            const uint8_t *bytes = taken[i];
            CHECK(bytes[0] == 0x5A + i && bytes[BLOCK_SIZE - 1] == 0x5A + i);
        }
        for (unsigned i = 0; i < BLOCKS; i++) { /* in another order each time */
            CHECK_INT(mico_pool_give(&p, taken[(i + (unsigned)round) % BLOCKS]), MICO_OK);
        }
    }
}

static void what_is_no_block_of_the_pool_is_refused(void)
{
    mico_pool_init(&p, blocks, BLOCK_SIZE, BLOCKS);
    uint8_t *block = take();
    CHECK_INT(mico_pool_give(&p, block + sizeof(void *)), MICO_ERR_PARAM);
    CHECK_INT(mico_pool_give(&p, (void *)((uintptr_t)blocks - BLOCK_SIZE)), MICO_ERR_PARAM);
    CHECK_INT(mico_pool_give(&p, (uint8_t *)blocks + sizeof blocks), MICO_ERR_PARAM);
    CHECK_INT(mico_pool_give(&p, NULL), MICO_ERR_PARAM);
    CHECK_INT(mico_pool_available(&p), BLOCKS - 1);
    CHECK_INT(mico_pool_give(&p, block), MICO_OK);
    CHECK_INT(mico_pool_give(&p, block), MICO_ERR_FULL);
    CHECK_INT(mico_pool_available(&p), BLOCKS);
}

static void take_and_mark(void *arg)
{
    void *block;
    switch (mico_pool_take(&p, &block, 20)) {
    case MICO_OK:
        CHECK((uintptr_t)block - (uintptr_t)blocks < sizeof blocks);
        mark(*(const char *)arg);
        break;
    case MICO_ERR_TIMEOUT:
        mark('t');
        break;
    default:
        mark('c');
        break;
    }
}

static void give(void *arg)
{
    CHECK_INT(mico_pool_give(&p, arg), MICO_OK);
}

static void a_given_block_goes_straight_to_the_first_waiter(void)
{
    mico_pool_init(&p, blocks, BLOCK_SIZE, 1);
    void *block = take();
    spawn(0, 4, take_and_mark, "l");
    spawn(1, 3, take_and_mark, "h");
    give(block);
    CHECK_TRACE("h");
    CHECK_INT(mico_pool_available(&p), 0);
    as_interrupt(give, block);
    CHECK_TRACE("l");
    spawn(1, 3, take_and_mark, "n");
    mico_thread_sleep_ms(25);
    CHECK_TRACE("t");
    give(block);
    CHECK_INT(mico_pool_available(&p), 1);
}

static void deinit_of_a_pool_releases_its_waiters_with_an_error(void)
{
    mico_pool_init(&p, blocks, BLOCK_SIZE, 1);
    (void)take();
    spawn(0, 3, take_and_mark, "0");
    spawn(1, 7, take_and_mark, "1");
    let_others_run();
    mico_pool_deinit(&p);
    let_others_run();
    CHECK_TRACE("cc");
}

static void init_with(void *arg)
{
    const size_t *shape = arg;
    mico_pool_init(&p, (uint8_t *)blocks + shape[0], shape[1], shape[2]);
}

static void take_patiently(void *arg)
{
    void *block;
    ignore(mico_pool_take(&p, &block, 1));
}

static void report_wait(void *arg)
{
    *(bool *)arg = is_misuse(take_patiently, NULL);
}

static void pools_of_impossible_shape_and_waits_in_interrupts_are_misuse(void)
{
    static size_t shapes[][3] = {{0, 0, 1}, {0, sizeof(void *) + 1, 1}, {1, sizeof(void *), 1}, {0, sizeof(void *), 0}};
    for (unsigned i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        CHECK(is_misuse(init_with, shapes[i]));
    }
    bool misused = false;
    mico_pool_init(&p, blocks, BLOCK_SIZE, BLOCKS);
    as_interrupt(report_wait, &misused);
    CHECK(misused);
}

const struct kernel_case pool_cases[] = {
    CASE(a_pool_gives_each_block_once_and_takes_it_back),
    CASE(what_is_no_block_of_the_pool_is_refused),
    CASE(a_given_block_goes_straight_to_the_first_waiter),
    CASE(deinit_of_a_pool_releases_its_waiters_with_an_error),
    CASE(pools_of_impossible_shape_and_waits_in_interrupts_are_misuse),
};
END_OF_CASES(pool_cases);
