/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever lies in flash, the store opens, tells what it has without reading outside its region, and works from there;
 * a cut while it does loses nothing it acknowledged. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "os/store/format.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"

#define SECTOR 256u
#define REGION (4 * SECTOR)

static struct mico_store store;
static struct mico_store_entry entries[8];
static uint16_t index_room;

/* Checksums that no chance would hit: give a half a right header, and its records right ones as far as their lengths
 * lead, so that what lies behind the checks is reached too. */
static void make_plausible(uint8_t *bank, uint32_t sequence)
{
    mico_store_le32(bank, STORE_BANK_MAGIC);
    mico_store_le32(bank + 4, STORE_FORMAT);
    mico_store_le32(bank + 8, sequence);
    mico_store_le32(bank + 12, mico_crc32(0, bank, 12));
    for (uint32_t at = STORE_BANK_HEADER; at + STORE_RECORD_HEADER <= REGION / 2;) {
        uint8_t *record = bank + at;
        uint32_t left = REGION / 2 - at - STORE_RECORD_HEADER;
        uint32_t name_len = record[1], value_len = mico_load_le16(record + 2);
        if ((record[0] != STORE_KIND_PUT && record[0] != STORE_KIND_DELETE) || name_len + value_len > left) {
            return;
        }
        if (record[4] % 4 != 0) {
            mico_store_le32(record + 4, mico_crc32(0, record + STORE_RECORD_HEADER + name_len, value_len));
        }
        mico_store_le32(record + 8, mico_crc32(mico_crc32(0, record, 8), record + STORE_RECORD_HEADER, name_len));
        at += STORE_RECORD_HEADER + name_len + value_len;
    }
}

static mico_err open_store(const struct test_flash *rig)
{
    mico_err err = mico_store_open(&store, &rig->flash, 0, REGION);
    mico_store_index(&store, entries, index_room);
    return err;
}

static bool read_back(void *ctx, const char *name, size_t len)
{
    uint8_t out[MICO_STORE_VALUE_MAX];
    size_t got;
    bool found;
    mico_err err = mico_store_get(&store, name, out, sizeof out, &got, &found);
    if (err != MICO_ERR_CORRUPT && (err != MICO_OK || !found || got != len)) {
        abort();
    }
    return true;
}

static void must_hold(const char *name, uint8_t one, uint8_t other)
{
    uint8_t out[40] = {0};
    size_t len;
    bool found;
    if (mico_store_get(&store, name, out, sizeof out, &len, &found) != MICO_OK || !found || len != sizeof out ||
        (out[0] != one && out[0] != other) || out[39] != out[0]) {
        abort();
    }
}

static void must_go(const char *name)
{
    uint8_t out[40];
    size_t len;
    bool found;
    if (mico_store_delete(&store, name) != MICO_OK ||
        mico_store_get(&store, name, out, sizeof out, &len, &found) != MICO_OK || found) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[REGION];
    static struct test_flash rig;
    uint8_t value[40];
    uint64_t seed = size;
    test_flash_init(&rig, memory, REGION, SECTOR, 1);
    memcpy(memory, data, size < REGION ? size : REGION);
    for (size_t i = 0; i < size; i++) {
        seed = seed * 31 + data[i];
    }
    if (size != 0 && data[size - 1] & 1) {
        make_plausible(memory, data[size - 1]);
    }
    if (size != 0 && data[size - 1] & 2) {
        make_plausible(memory + REGION / 2, data[size - 1] ^ 0x44);
    }

    index_room = (uint16_t)(seed % 3 * 4); /* none, for some of the names, or for most */
    mico_err err = open_store(&rig);
    if (err == MICO_ERR_CORRUPT && mico_store_put(&store, "fuzz", value, 0) == MICO_ERR_STATE) {
        return 0;
    }
    if (err != MICO_OK || mico_store_each(&store, read_back, NULL) != MICO_OK) {
        abort();
    }
    memset(value, 0, sizeof value);
    err = mico_store_put(&store, "fuzz", value, sizeof value);
    if (err == MICO_ERR_FULL) {
        return 0;
    }
    if (err != MICO_OK) {
        abort();
    }
    must_hold("fuzz", 0, 0);
    uint8_t acknowledged = 0;
    rig.operations = 0;
    rig.cut = (struct test_flash_cut){1 + seed % 40, (enum test_flash_tear)(seed >> 8) % 3, seed >> 16 & 0xFF};
    while (!rig.dead) {
        memset(value, acknowledged + 1, sizeof value);
        err = mico_store_put(&store, "fuzz", value, sizeof value);
        if (err == MICO_OK) {
            acknowledged++;
        } else if (!rig.dead) {
            abort();
        }
    }
    test_flash_power_on(&rig);
    if (open_store(&rig) != MICO_OK) {
        abort();
    }
    must_hold("fuzz", acknowledged, acknowledged + 1);
    must_go("fuzz");
    if (mico_store_each(&store, read_back, NULL) != MICO_OK || rig.misused) {
        abort();
    }
    return 0;
}
