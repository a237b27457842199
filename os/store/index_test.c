/* SPDX-License-Identifier: Apache-2.0 */
/* The index and the log say the same, whatever has happened: random puts, deletes, power cuts, failed writes, openings, with
 * room for no name, for some and for all. After each step the store with its index is compared with itself without one, with the
 * same flash opened anew, and with a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "os/store/format.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"

#define NAMES 24
#define REGION 4096
#define SECTOR 256
#define VALUE_MAX 60
#define STEPS 400

/* What a name holds; a step that was cut off may have left the other. */
struct held {
    bool present;
    size_t len;
    uint8_t value[VALUE_MAX];
};

static uint8_t memory[REGION];
static struct test_flash rig;
static struct mico_store store;
static struct mico_store_entry entries[NAMES];
static uint16_t index_room;
static struct held model[NAMES];

static const char *name_of(int name)
{
    static char text[16];
    snprintf(text, sizeof text, "name/%d", name);
    return text;
}

static struct held got_of(struct mico_store *from, int name)
{
    struct held held = {0};
    assert_int_equal(mico_store_get(from, name_of(name), held.value, sizeof held.value, &held.len, &held.present),
                     MICO_OK);
    return held;
}

static void same(const struct held *a, const struct held *b)
{
    assert_int_equal(a->present, b->present);
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->value, b->value, a->len);
}

static bool list_one(void *ctx, const char *name, size_t len)
{
    char *list = ctx;
    sprintf(list + strlen(list), "%s=%zu ", name, len);
    return true;
}

static void same_list(struct mico_store *other)
{
    char mine[NAMES * 16] = "", theirs[NAMES * 16] = "";
    assert_int_equal(mico_store_each(&store, list_one, mine), MICO_OK);
    assert_int_equal(mico_store_each(other, list_one, theirs), MICO_OK);
    assert_string_equal(mine, theirs);
}

/* fresh: what the flash says to one who opens it now, which is the same unless the last write failed. */
static void agrees(bool fresh)
{
    struct mico_store walks = store, opened;
    mico_store_index(&walks, NULL, 0);
    assert_int_equal(mico_store_open(&opened, &rig.flash, 0, REGION), MICO_OK);
    for (int name = 0; name < NAMES; name++) {
        struct held mine = got_of(&store, name), walked = got_of(&walks, name), found = got_of(&opened, name);
        same(&mine, &walked);
        same(&mine, &model[name]);
        if (fresh) {
            same(&mine, &found);
        }
    }
    same_list(&walks);
    if (fresh) {
        same_list(&opened);
        assert_true(mico_store_position(&store) == mico_store_position(&opened));
    }
}

static void open_store(void)
{
    test_flash_power_on(&rig);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, REGION), MICO_OK);
    mico_store_index(&store, entries, index_room);
}

/* Steps that failed since the last write that was acknowledged: whoever opens the flash finds what one of them wanted, or what
 * was there before. */
static struct {
    int name;
    struct held wanted;
} pending[16];
static size_t pendings;

static bool equal(const struct held *a, const struct held *b)
{
    return a->present == b->present && a->len == b->len && memcmp(a->value, b->value, a->len) == 0;
}

/* Opened anew: what failed has come about or has not. */
static void learn(void)
{
    size_t came = 0;
    for (int name = 0; name < NAMES; name++) {
        struct held now = got_of(&store, name);
        for (size_t i = 0; i < pendings && !equal(&now, &model[name]); i++) {
            if (pending[i].name == name && equal(&now, &pending[i].wanted)) {
                model[name] = pending[i].wanted;
                came++;
            }
        }
        same(&now, &model[name]);
    }
    assert_true(came <= 1);
    pendings = 0;
}

static mico_err change(uint64_t *seed, int *name, struct held *wanted)
{
    uint64_t r = test_flash_random(seed);
    *name = (int)(r % NAMES);
    memset(wanted, 0, sizeof *wanted);
    if (r >> 8 & 1) {
        return mico_store_delete(&store, name_of(*name));
    }
    wanted->present = true;
    wanted->len = (r >> 16) % (VALUE_MAX + 1);
    memset(wanted->value, (int)(r >> 32), wanted->len);
    return mico_store_put(&store, name_of(*name), wanted->value, wanted->len);
}

/* One change, with the power cut in it now and then; or with the flash failing and working again, when nobody opens the store
 * anew. */
static void step(uint64_t *seed)
{
    struct held wanted;
    int name;
    uint64_t r = test_flash_random(seed), before = mico_store_position(&store);
    if (r % 4 == 0) {
        rig.cut = (struct test_flash_cut){rig.operations + 1 + (r >> 8) % 20, (enum test_flash_tear)(r >> 16) % 3,
                                          r >> 24 & 0x7F};
    }
    mico_err err = change(seed, &name, &wanted);
    assert_true(err == MICO_OK || err == MICO_ERR_FULL || (err == MICO_ERR_IO && rig.dead));
    if (err == MICO_OK) {
        model[name] = wanted;
        pendings = mico_store_position(&store) != before ? 0 : pendings;
    } else if (err == MICO_ERR_IO) {
        pending[pendings].name = name;
        pending[pendings++].wanted = wanted;
    }
    bool open = (rig.dead && (r >> 4) % 4 != 0) || r >> 56 < 8 || pendings == sizeof pending / sizeof pending[0];
    test_flash_power_on(&rig);
    if (open) {
        open_store();
        learn();
        agrees(true);
    }
}

static void index_and_log_agree_after_any_sequence(void **state)
{
    static const uint16_t rooms[] = {0, 1, NAMES / 2, NAMES};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        uint64_t seed = 7 + i;
        index_room = rooms[i];
        memset(model, 0, sizeof model);
        pendings = 0;
        test_flash_init(&rig, memory, REGION, SECTOR, 1);
        open_store();
        for (int n = 0; n < STEPS; n++) {
            step(&seed);
            agrees(false);
        }
        assert_true(store.sequence > 5);
        assert_false(rig.misused);
    }
}

/* ---- one case each ---- */

static void begin(uint16_t room)
{
    index_room = room;
    test_flash_init(&rig, memory, REGION, SECTOR, 1);
    open_store();
}

static void put(const char *name, const char *value)
{
    assert_int_equal(mico_store_put(&store, name, value, strlen(value)), MICO_OK);
}

static bool has(const char *name, const char *value)
{
    char got[64] = "";
    size_t len;
    bool found;
    assert_int_equal(mico_store_get(&store, name, got, sizeof got, &len, &found), MICO_OK);
    return found && strlen(value) == len && memcmp(got, value, len) == 0;
}

/* A flash that counts the bytes that are read. */
static mico_err (*real_read)(const struct mico_flash *flash, uint32_t address, void *out, size_t len);
static size_t bytes_read;
static unsigned read_to_fail; /* which of those that come, from 1; 0: none */

static mico_err counted_read(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    bytes_read += len;
    bool fails = read_to_fail == 1;
    read_to_fail -= read_to_fail > 0;
    return fails ? MICO_ERR_IO : real_read(flash, address, out, len);
}

static void watch_reads(void)
{
    real_read = rig.flash.read;
    rig.flash.read = counted_read;
    bytes_read = 0;
}

static size_t cost_of(const char *name)
{
    uint8_t out[64];
    size_t len;
    bool found;
    bytes_read = 0;
    assert_int_equal(mico_store_get(&store, name, out, sizeof out, &len, &found), MICO_OK);
    return bytes_read;
}

static void look_up_reads_one_record_whether_it_finds_or_not(void **state)
{
    begin(8);
    for (int i = 0; i < 20; i++) {
        put("often", "a value of 20 bytes.");
        put(i % 2 ? "b" : "c", "x");
    }
    watch_reads();
    assert_int_equal(cost_of("often"), STORE_RECORD_HEADER + 5 + 20);
    assert_int_equal(cost_of("never was"), 0);
    assert_int_equal(mico_store_delete(&store, "b"), MICO_OK);
    assert_int_equal(cost_of("b"), 0);
    index_room = 0;
    open_store();
    assert_true(cost_of("often") > 20 * STORE_RECORD_HEADER);
}

static void name_without_room_is_found_by_walking(void **state)
{
    begin(2);
    put("a", "1");
    put("b", "2");
    put("c", "3");
    assert_true(has("a", "1") && has("b", "2") && has("c", "3"));
    put("c", "4");
    assert_int_equal(mico_store_delete(&store, "a"), MICO_OK);
    put("c", "5"); /* now there is room */
    assert_true(!has("a", "1") && has("b", "2") && has("c", "5"));
    assert_int_equal(mico_store_delete(&store, "c"), MICO_OK);
    assert_false(has("c", "5"));
}

/* The two words' CRC-32 is the same. */
static void names_with_the_same_hash_are_told_apart(void **state)
{
    static const char *const names[] = {"plumless", "buckeroo"};
    assert_true(mico_crc32(0, (const uint8_t *)names[0], 8) == mico_crc32(0, (const uint8_t *)names[1], 8));
    begin(8);
    put(names[0], "first");
    assert_false(has(names[1], ""));
    put(names[1], "second");
    assert_true(has(names[0], "first") && has(names[1], "second"));
    put(names[0], "third");
    assert_int_equal(mico_store_delete(&store, names[1]), MICO_OK);
    assert_true(has(names[0], "third") && !has(names[1], "second"));
    open_store();
    assert_true(has(names[0], "third") && !has(names[1], "second"));
}

/* Each read of a put fails once, that of the index too, which looks at the older record to know whose it is. */
static void flash_that_cannot_be_read_for_once_makes_nothing_stale(void **state)
{
    begin(8);
    put("a", "0");
    put("b", "beside");
    watch_reads();
    for (char value = '1'; value < '9'; value++) {
        char got[64];
        size_t len;
        bool found;
        read_to_fail = (unsigned)(value - '0');
        mico_err err = mico_store_put(&store, "a", &value, 1);
        read_to_fail = 0;
        assert_int_equal(mico_store_get(&store, "a", got, sizeof got, &len, &found), MICO_OK);
        assert_true(found && got[0] == (err == MICO_OK ? value : '0'));
        assert_true(has("b", "beside") && !has("c", ""));
        open_store();
        put("a", "0");
    }
    for (unsigned nth = 1; nth < 16; nth++) { /* while it is made */
        open_store();
        read_to_fail = nth;
        mico_store_index(&store, entries, index_room);
        read_to_fail = 0;
        assert_true(has("a", "0") && has("b", "beside"));
        put("b", "anew");
        assert_true(has("b", "anew") && !has("c", ""));
        put("b", "beside");
    }
}

static void store_that_is_not_open_gets_no_index(void **state)
{
    memset(&store, 0, sizeof store);
    mico_store_index(&store, entries, NAMES);
    assert_int_equal(store.entries_cap, 0);
    assert_int_equal(mico_store_delete(&store, "a"), MICO_ERR_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_and_log_agree_after_any_sequence),
        cmocka_unit_test(look_up_reads_one_record_whether_it_finds_or_not),
        cmocka_unit_test(name_without_room_is_found_by_walking),
        cmocka_unit_test(names_with_the_same_hash_are_told_apart),
        cmocka_unit_test(flash_that_cannot_be_read_for_once_makes_nothing_stale),
        cmocka_unit_test(store_that_is_not_open_gets_no_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
