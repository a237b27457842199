/* SPDX-License-Identifier: Apache-2.0 */
/* Records put back one by one, taken away, moved, exchanged or spoilt in the newest flash: never an old state as new. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

#define VERSIONS_MAX 512
#ifdef MICO_SANITIZED
#define STEPS 9
#define TRIES 20
#define FLIP_STEP 997
#else
#define STEPS 30
#define TRIES 150
#define FLIP_STEP 211 /* bytes: into heads and values of all lengths */
#endif
#define FINAL_COUNTER 1000

static struct rig rig;
static struct mscp_binding binding;
static uint8_t data[2500], latest[RIG_FLASH_SIZE];

/* Every record that ever counted, in the order in which they were seen. */
static struct version {
    char name[MICO_STORE_NAME_MAX + 1];
    uint8_t *bytes;
    size_t len;
    bool newest; /* it counts now */
} versions[VERSIONS_MAX];
static unsigned version_count;

static bool note_version(void *ctx, const char *name, size_t len)
{
    struct version *v = &versions[version_count];
    uint8_t *bytes = malloc(len);
    size_t got;
    bool found;
    assert_non_null(bytes);
    assert_int_equal(mico_store_get(&rig.chip.store, name, bytes, len, &got, &found), MICO_OK);
    for (unsigned i = 0; i < version_count; i++) {
        if (versions[i].len == len && memcmp(versions[i].bytes, bytes, len) == 0) {
            versions[i].newest = true;
            free(bytes);
            return true;
        }
    }
    assert_true(version_count < VERSIONS_MAX);
    *v = (struct version){.bytes = bytes, .len = len, .newest = true};
    strcpy(v->name, name);
    version_count++;
    return true;
}

static void note_all(void)
{
    for (unsigned i = 0; i < version_count; i++) {
        versions[i].newest = false;
    }
    assert_int_equal(mico_store_each(&rig.chip.store, note_version, NULL), MICO_OK);
}

static void live(unsigned step)
{
    static const uint8_t digest[32];
    static const struct mscp_attributes counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION};
    struct mico_span none = {NULL, 0};
    uint8_t r[32] = {(uint8_t)step};
    struct mscp_login_proof proof;
    data[0] = (uint8_t)step;
    rig.now_ms += 2000;
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, step + 1), MICO_OK);
    assert_int_equal(mscp_host_write(&rig.host, 0x60, MICO_SPAN(data)), MICO_OK);
    assert_int_equal(mscp_host_measure(&rig.host, 0, digest), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_login_proof(&rig.host, r, &proof), MICO_OK);
    assert_int_equal(mscp_host_login_accept(&rig.host, proof.counter, r), MICO_OK);
    if (step % 3 == 0) {
        assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_GENERAL, &counter, none), MICO_OK);
        note_all();
        assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_GENERAL), MICO_OK);
    }
    note_all();
}

/* A chip with a past. The last thing that it wrote is the counter. */
static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x60, &rig_data, MICO_SPAN(data)), MICO_OK);
    note_all();
    for (unsigned i = 0; i < STEPS; i++) {
        live(i);
        if (i % 10 == 9) {
            rig_restart_chip(&rig);
        }
    }
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, FINAL_COUNTER), MICO_OK);
    note_all();
    memcpy(latest, rig.flash.bytes, sizeof latest);
    return 0;
}

static int end(void **state)
{
    for (unsigned i = 0; i < version_count; i++) {
        free(versions[i].bytes);
    }
    version_count = 0;
    rig_end(&rig);
    return 0;
}

/* ---- whoever can write the flash ---- */

static void from_latest(struct mico_store *store)
{
    memcpy(rig.flash.bytes, latest, sizeof latest);
    test_flash_power_on(&rig.flash);
    assert_int_equal(mico_store_open(store, &rig.flash.flash, MSCP_CHIP_STORE_ADDRESS, MSCP_CHIP_STORE_SIZE), MICO_OK);
}

static void put_raw(struct mico_store *store, const char *name, const struct version *v)
{
    assert_int_equal(mico_store_put(store, name, v->bytes, v->len), MICO_OK);
}

static int status_now(void)
{
    uint8_t random[4];
    rig_new_host(&rig, &binding);
    return mscp_host_random(&rig.host, random, sizeof random) == MICO_OK ? MSCP_OK : mscp_host_last_status(&rig.host);
}

#define NEWEST "o/00000010" /* the record that was written last */

/* What is wrong with the newest record makes the flash one that is behind; all else is CORRUPT. */
static void expect_refusal(bool newest_too)
{
    struct mscp_info info;
    rig_restart_chip(&rig);
    int status = status_now();
    assert_true(status == MSCP_CORRUPT || (newest_too && status == MSCP_ROLLBACK));
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    assert_int_equal(rig.flash.operations, 0);
}

static bool is_newest(const struct version *v)
{
    return strcmp(v->name, NEWEST) == 0;
}

static void one_old_record_among_new_ones_is_found(void **state)
{
    struct mico_store store;
    unsigned old = 0;
    for (unsigned i = 0; i < version_count; i++) {
        if (!versions[i].newest) {
            from_latest(&store);
            put_raw(&store, versions[i].name, &versions[i]);
            expect_refusal(is_newest(&versions[i]));
            old++;
        }
    }
    print_message("%u old records, %u of today\n", old, version_count - old);
    assert_true(old > 2 * STEPS);
}

static void two_old_records_do_not_make_up_for_each_other(void **state)
{
    struct mico_store store;
    uint64_t seed = 3;
    for (unsigned tries = 0; tries < TRIES; tries++) {
        const struct version *a = &versions[test_flash_random(&seed) % version_count];
        const struct version *b = &versions[test_flash_random(&seed) % version_count];
        if (a->newest || b->newest) {
            continue;
        }
        from_latest(&store);
        put_raw(&store, a->name, a);
        put_raw(&store, b->name, b);
        expect_refusal(is_newest(a) || is_newest(b));
    }
}

/* All of an earlier moment but the newest record, which says what the others have to be. */
static void all_old_records_beside_the_newest_are_found(void **state)
{
    struct mico_store store;
    from_latest(&store);
    for (unsigned i = 0; i < version_count; i++) {
        if (!is_newest(&versions[i])) {
            put_raw(&store, versions[i].name, &versions[i]); /* in the end today's, so one more, older: */
        }
    }
    for (unsigned i = version_count; i-- > 0;) {
        if (strcmp(versions[i].name, "login") == 0 && !versions[i].newest) {
            put_raw(&store, "login", &versions[i]);
            break;
        }
    }
    expect_refusal(false);
}

static void a_record_taken_away_or_brought_back_is_found(void **state)
{
    struct mico_store store;
    for (unsigned i = 0; i < version_count; i++) {
        if (!versions[i].newest) {
            continue;
        }
        from_latest(&store);
        assert_int_equal(mico_store_delete(&store, versions[i].name), MICO_OK);
        expect_refusal(is_newest(&versions[i]));
    }
}

static void a_record_in_the_place_of_another_is_found(void **state)
{
    struct mico_store store;
    for (unsigned i = 0; i < version_count; i++) {
        for (unsigned j = 0; j < version_count; j++) {
            if (versions[i].newest && versions[j].newest && i != j && (i + j) % 4 == 0) {
                from_latest(&store);
                put_raw(&store, versions[i].name, &versions[j]);
                expect_refusal(is_newest(&versions[i]));
            }
        }
    }
}

static void a_stranger_s_record_is_found(void **state)
{
    static uint8_t garbage[200];
    struct mico_store store;
    for (size_t len = 0; len < sizeof garbage; len += 13) {
        from_latest(&store);
        assert_int_equal(mico_store_put(&store, "stranger", garbage, len), MICO_OK);
        expect_refusal(false);
        memset(garbage, 0xFF, len); /* the highest number of all */
    }
}

/* What a chip that serves says is the newest, or that it cannot say. */
static void nothing_old(void)
{
    static uint8_t back[sizeof data];
    struct mscp_login_proof proof;
    static const uint8_t nonce[32];
    uint64_t counter = 0;
    size_t len = 0;
    rig_new_host(&rig, &binding);
    mico_err err = mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &counter);
    if (err == MICO_ERR_ROLLBACK && mscp_host_last_status(&rig.host) == MSCP_ROLLBACK) {
        return;
    }
    assert_true(err == MICO_OK ? counter == FINAL_COUNTER : err == MICO_ERR_CORRUPT);
    err = mscp_host_read(&rig.host, 0x60, back, sizeof back, &len);
    assert_true(err == MICO_OK ? memcmp(back, data, sizeof data) == 0 : err == MICO_ERR_CORRUPT);
    err = mscp_host_login_proof(&rig.host, nonce, &proof);
    assert_true(err == MICO_OK ? proof.counter == STEPS : err == MICO_ERR_CORRUPT);
}

static void a_flipped_bit_in_any_head_of_today_is_found_or_harmless(void **state)
{
    for (unsigned i = 0; i < version_count; i++) {
        if (!versions[i].newest) {
            continue;
        }
        memcpy(rig.flash.bytes, latest, sizeof latest);
        rig_restart_chip(&rig); /* so that its store knows where things lie */
        size_t at = (size_t)(rig_stored(&rig, versions[i].name).data - rig.flash.bytes);
        for (unsigned byte = 0; byte < 24; byte++) {
            memcpy(rig.flash.bytes, latest, sizeof latest);
            rig.flash.bytes[at + byte] ^= (uint8_t)(1u << (byte + i) % 8);
            if (rig_power_cycle(&rig) == MICO_OK) {
                nothing_old();
            }
        }
        memcpy(rig.flash.bytes, latest, sizeof latest);
    }
}

static void a_flipped_bit_anywhere_is_found_or_harmless(void **state)
{
    uint32_t bank = rig.chip.store.bank, used = rig.chip.store.used;
    unsigned served = 0, refused = 0, silent = 0;
    const uint32_t step = FLIP_STEP;
    for (uint32_t at = 0; at < used + 64; at += step) {
        memcpy(rig.flash.bytes, latest, sizeof latest);
        rig.flash.bytes[bank + at] ^= (uint8_t)(1u << at / step % 8);
        if (rig_power_cycle(&rig) != MICO_OK) { /* a record that it needs to start */
            silent++;
            continue;
        }
        *(rig.chip.untrusted == MSCP_OK ? &served : &refused) += 1;
        nothing_old();
    }
    print_message("%u flips: %u served, %u refused, %u did not start\n", served + refused + silent, served, refused,
                  silent);
    assert_true(served > 0 && refused > 0);
}

/* ---- a removal takes two writes ---- */

static void a_removal_that_was_cut_off_goes_on_and_cannot_be_undone(void **state)
{
    static const struct mscp_attributes counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION};
    struct mico_span none = {NULL, 0};
    struct mscp_attributes a;
    struct mico_store store;
    bool found;
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_GENERAL, &counter, none), MICO_OK);
    struct mico_span stored = rig_stored(&rig, "o/00001000");
    struct version object = {.bytes = (uint8_t *)stored.data, .len = stored.len};
    assert_int_equal(mscp_chip_remove(&rig.chip, "o/00001000"), MICO_OK);
    for (unsigned again = 0; again < 2;
         again++) { /* brought back at once, it is what a cut would leave: it goes again */
        test_flash_power_on(&rig.flash);
        assert_int_equal(mico_store_open(&store, &rig.flash.flash, MSCP_CHIP_STORE_ADDRESS, MSCP_CHIP_STORE_SIZE),
                         MICO_OK);
        put_raw(&store, "o/00001000", &object);
        if (again == 0) {
            rig_restart_chip(&rig);
            assert_int_equal(rig.chip.untrusted, MSCP_OK);
            assert_int_equal(mscp_host_attributes(&rig.host, MSCP_ID_GENERAL, &a, &found), MICO_OK);
            assert_false(found);
        } else {
            expect_refusal(false); /* another record has been written since: that of the start */
        }
    }
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(one_old_record_among_new_ones_is_found),
        STARTED(two_old_records_do_not_make_up_for_each_other),
        STARTED(all_old_records_beside_the_newest_are_found),
        STARTED(a_record_taken_away_or_brought_back_is_found),
        STARTED(a_record_in_the_place_of_another_is_found),
        STARTED(a_stranger_s_record_is_found),
        STARTED(a_flipped_bit_in_any_head_of_today_is_found_or_harmless),
        STARTED(a_flipped_bit_anywhere_is_found_or_harmless),
        STARTED(a_removal_that_was_cut_off_goes_on_and_cannot_be_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
