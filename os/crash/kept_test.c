/* SPDX-License-Identifier: Apache-2.0 */
/* Crash records in flash that can lose power at any byte. */
#include "os/crash/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECTOR_SIZE 4096u
#define SECTOR SECTOR_SIZE /* the second of three */

static uint8_t cells[3 * SECTOR_SIZE];
static unsigned erases, programs;
static long bytes_left; /* until the power is cut */

static mico_err read_cells(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    memcpy(out, cells + address, len);
    return MICO_OK;
}

static mico_err program_cells(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    programs++;
    assert_int_equal(address % flash->program_size + len % flash->program_size, 0);
    for (size_t i = 0; i < len && bytes_left-- > 0; i++) {
        cells[address + i] &= ((const uint8_t *)data)[i];
    }
    return bytes_left > 0 ? MICO_OK : MICO_ERR_IO;
}

static mico_err erase_cells(const struct mico_flash *flash, uint32_t address, size_t len)
{
    erases++;
    for (size_t i = 0; i < len && bytes_left-- > 0; i++) {
        cells[address + i] = 0xFF;
    }
    return bytes_left > 0 ? MICO_OK : MICO_ERR_IO;
}

static const struct mico_flash flash = {.size = sizeof cells,
                                        .sector_size = SECTOR_SIZE,
                                        .program_size = 8,
                                        .read = read_cells,
                                        .program = program_cells,
                                        .erase = erase_cells};

static int blank(void **state)
{
    memset(cells, 0xFF, sizeof cells);
    erases = programs = 0;
    bytes_left = 1 << 20;
    return 0;
}

static struct mico_crash crash_at(uint32_t pc)
{
    struct mico_crash crash = {.cause = MICO_CRASH_FAULT,
                               .processor = MICO_CRASH_CORTEX_M,
                               .exception = 3,
                               .registers = 17,
                               .calls = 1,
                               .uptime_ms = 5};
    for (unsigned i = 0; i < 17; i++) {
        crash.reg[i] = 0x5EC2E700u + i;
    }
    crash.call[0] = pc;
    strcpy(crash.board, "mps2-an386");
    strcpy(crash.thread, "worker");
    return crash;
}

static void keep(uint32_t pc)
{
    struct mico_crash crash = crash_at(pc);
    assert_int_equal(mico_crash_keep(&flash, SECTOR, &crash), MICO_OK);
}

/* The place of the newest crash, 0 when there is none. */
static uint32_t newest_pc(void)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    struct mico_crash crash;
    size_t len = mico_crash_kept(&flash, SECTOR, record);
    if (len == 0) {
        return 0;
    }
    assert_int_equal(mico_crash_decode(record, len, &crash), MICO_OK);
    return (uint32_t)crash.call[0];
}

static void the_newest_counts_and_nothing_else_is_touched(void **state)
{
    assert_int_equal(newest_pc(), 0);
    for (uint32_t pc = 1; pc <= 11; pc++) {
        keep(pc);
        assert_int_equal(newest_pc(), pc);
    }
    assert_int_equal(erases, 2);
    for (size_t i = 0; i < SECTOR_SIZE; i++) {
        assert_int_equal(cells[i] & cells[2 * SECTOR_SIZE + i], 0xFF);
    }
}

static void the_same_crash_again_wears_nothing(void **state)
{
    keep(7);
    for (int i = 0; i < 1000; i++) {
        keep(7);
    }
    assert_int_equal(programs, 1);
    keep(8);
    keep(7);
    assert_int_equal(programs, 3);
}

static void registers_that_may_hold_secrets_are_left_out(void **state)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    struct mico_crash crash;
    keep(7);
    size_t len = mico_crash_kept(&flash, SECTOR, record);
    assert_int_equal(mico_crash_decode(record, len, &crash), MICO_OK);
    for (unsigned i = 0; i < 17; i++) {
        assert_int_equal(crash.reg[i], i < 13 ? 0 : 0x5EC2E700u + i);
    }
    assert_int_equal(crash.uptime_ms, 5);
    assert_string_equal(crash.thread, "worker");
}

static void what_is_forgotten_is_gone(void **state)
{
    assert_int_equal(mico_crash_forget(&flash, SECTOR), MICO_OK);
    assert_int_equal(erases, 0);
    keep(7);
    assert_int_equal(mico_crash_forget(&flash, SECTOR), MICO_OK);
    assert_int_equal(newest_pc(), 0);
    keep(7);
    assert_int_equal(newest_pc(), 7);
}

/* The newest that was written whole before counts, or the one that was being written, or, when the sector was being erased,
 * none; and the next crash is kept. */
static void power_may_be_cut_at_any_byte(void **state)
{
    for (uint32_t before = 0; before <= 4; before++) {
        for (long cut = 0; cut < 4096 + 300; cut += cut < 4096 ? 61 : 7) {
            blank(NULL);
            for (uint32_t pc = 1; pc <= before; pc++) {
                keep(pc);
            }
            bytes_left = cut;
            struct mico_crash crash = crash_at(99);
            (void)mico_crash_keep(&flash, SECTOR, &crash);
            bytes_left = 1 << 20;
            uint32_t pc = newest_pc();
            assert_true(pc == 99 || pc == before || (before == 4 && pc < 4));
            keep(100);
            assert_int_equal(newest_pc(), 100);
        }
    }
}

static void a_place_that_is_no_sector_is_refused(void **state)
{
    struct mico_crash crash = crash_at(1);
    uint8_t record[MICO_CRASH_RECORD_MAX];
    assert_int_equal(mico_crash_keep(&flash, 100, &crash), MICO_ERR_PARAM);
    assert_int_equal(mico_crash_keep(&flash, sizeof cells, &crash), MICO_ERR_PARAM);
    assert_int_equal(mico_crash_forget(&flash, 100), MICO_ERR_PARAM);
    assert_int_equal(mico_crash_kept(&flash, 100, record), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_newest_counts_and_nothing_else_is_touched, blank),
        cmocka_unit_test_setup(the_same_crash_again_wears_nothing, blank),
        cmocka_unit_test_setup(registers_that_may_hold_secrets_are_left_out, blank),
        cmocka_unit_test_setup(what_is_forgotten_is_gone, blank),
        cmocka_unit_test_setup(power_may_be_cut_at_any_byte, blank),
        cmocka_unit_test_setup(a_place_that_is_no_sector_is_refused, blank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
