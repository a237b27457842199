/* SPDX-License-Identifier: Apache-2.0 */
/* See test_journal.h. */
#include "mscp/chip/test_journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define OPERATIONS 4096
#define BYTES (1u << 20)

static struct {
    uint32_t address, len;
    size_t at; /* in bytes; of a program */
    bool erase;
} operations[OPERATIONS];
static unsigned count;
static uint8_t bytes[BYTES];
static size_t used;
static struct mico_flash real;

static void note(uint32_t address, const void *data, size_t len)
{
    assert_true(count < OPERATIONS && used + len <= BYTES);
    operations[count].address = address;
    operations[count].len = (uint32_t)len;
    operations[count].at = used;
    operations[count++].erase = data == NULL;
    if (data != NULL) {
        memcpy(bytes + used, data, len);
        used += len;
    }
}

static mico_err program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    note(address, data, len);
    return real.program(flash, address, data, len);
}

static mico_err erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    note(address, NULL, len);
    return real.erase(flash, address, len);
}

void journal_start(struct rig *rig)
{
    count = 0;
    used = 0;
    real = rig->flash.flash;
    rig->flash.flash.program = program;
    rig->flash.flash.erase = erase;
}

void journal_stop(struct rig *rig)
{
    rig->flash.flash = real;
}

unsigned journal_count(void)
{
    return count;
}

unsigned journal_last_in(uint32_t start, uint32_t size)
{
    unsigned i = count;
    while (i > 0 && operations[i - 1].address - start >= size) {
        i--;
    }
    return i;
}

void journal_apply(unsigned i, uint8_t *flash)
{
    if (operations[i].erase) {
        memset(flash + operations[i].address, 0xFF, operations[i].len);
    }
    for (uint32_t n = 0; n < operations[i].len && !operations[i].erase; n++) {
        flash[operations[i].address + n] &= bytes[operations[i].at + n];
    }
}
