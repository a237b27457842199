/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are copied, kept over a restart, purged and destroyed; what lies in the store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"

#define ALG PSA_ALG_CHACHA20_POLY1305
#define COPY PSA_KEY_USAGE_COPY
#define EXPORT PSA_KEY_USAGE_EXPORT

static const uint8_t secret[32] = "thirty-two bytes to be kept safe";
static const uint8_t sealing[32] = {9, 8, 7}, other_sealing[32] = {9, 8, 6};
static uint8_t memory[8192];
static struct test_flash rig;
static struct mico_store store;

static int fresh_store(void **state)
{
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    return 0;
}

static int no_store(void **state)
{
    return mico_psa_persist_in(NULL, NULL);
}

/* What a restart does: memory forgets, the store is opened again. */
static void restart(void)
{
    assert_int_equal(mico_psa_persist_in(NULL, NULL), PSA_SUCCESS);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
}

static psa_key_attributes_t attributes_of(psa_key_id_t id, psa_key_usage_t usage)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_CHACHA20);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, ALG);
    if (id != 0) {
        psa_set_key_id(&attributes, id);
    }
    return attributes;
}

static psa_key_id_t import(psa_key_id_t id, psa_key_usage_t usage)
{
    psa_key_attributes_t attributes = attributes_of(id, usage);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, secret, sizeof secret, &key), PSA_SUCCESS);
    return key;
}

static void assert_holds_secret(psa_key_id_t key)
{
    uint8_t out[32];
    size_t len;
    assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_SUCCESS);
    assert_int_equal(len, sizeof secret);
    assert_memory_equal(out, secret, sizeof secret);
}

static void a_persistent_key_survives_a_restart_and_a_volatile_one_keeps_its_slot(void **state)
{
    psa_key_attributes_t got;
    psa_key_id_t here = import(0, EXPORT);
    assert_int_equal(import(PSA_KEY_ID_USER_MAX, EXPORT | COPY), PSA_KEY_ID_USER_MAX);
    restart();
    assert_holds_secret(here);
    assert_holds_secret(PSA_KEY_ID_USER_MAX);
    assert_int_equal(psa_get_key_attributes(PSA_KEY_ID_USER_MAX, &got), PSA_SUCCESS);
    assert_int_equal(psa_get_key_id(&got), PSA_KEY_ID_USER_MAX);
    assert_int_equal(psa_get_key_lifetime(&got), PSA_KEY_LIFETIME_PERSISTENT);
    assert_int_equal(psa_get_key_usage_flags(&got), EXPORT | COPY);
    assert_int_equal(psa_get_key_algorithm(&got), ALG);
    assert_int_equal(psa_get_key_type(&got), PSA_KEY_TYPE_CHACHA20);
    assert_int_equal(psa_get_key_bits(&got), 256);
    assert_int_equal(psa_destroy_key(PSA_KEY_ID_USER_MAX), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(here), PSA_SUCCESS);
    restart();
    assert_int_equal(psa_get_key_attributes(PSA_KEY_ID_USER_MAX, &got), PSA_ERROR_INVALID_HANDLE);
}

static void a_signing_pair_signs_alike_after_a_restart(void **state)
{
    psa_key_attributes_t attributes = attributes_of(3, PSA_KEY_USAGE_SIGN_MESSAGE);
    uint8_t before[64], after[64];
    psa_key_id_t key;
    size_t len;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    assert_int_equal(psa_generate_key(&attributes, &key), PSA_SUCCESS);
    assert_int_equal(psa_sign_message(3, PSA_ALG_PURE_EDDSA, secret, 5, before, 64, &len), PSA_SUCCESS);
    restart();
    assert_int_equal(psa_sign_message(3, PSA_ALG_PURE_EDDSA, secret, 5, after, 64, &len), PSA_SUCCESS);
    assert_memory_equal(before, after, 64);
    assert_int_equal(psa_destroy_key(3), PSA_SUCCESS);
}

static void identifiers_lifetimes_and_stores_that_cannot_be_are_refused(void **state)
{
    static const struct {
        psa_key_id_t id;
        psa_key_lifetime_t lifetime;
        psa_status_t status;
    } cases[] = {
        {0, PSA_KEY_LIFETIME_PERSISTENT, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_ID_USER_MAX + 1, PSA_KEY_LIFETIME_PERSISTENT, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_ID_VENDOR_MIN, PSA_KEY_LIFETIME_PERSISTENT, PSA_ERROR_INVALID_ARGUMENT},
        {5, PSA_KEY_PERSISTENCE_READ_ONLY, PSA_ERROR_INVALID_ARGUMENT},
        {5, 2, PSA_ERROR_NOT_SUPPORTED},
        {4, PSA_KEY_LIFETIME_PERSISTENT, PSA_ERROR_ALREADY_EXISTS},
    };
    psa_key_id_t key;
    (void)import(4, EXPORT);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        psa_key_attributes_t attributes = attributes_of(cases[i].id, EXPORT);
        psa_set_key_lifetime(&attributes, cases[i].lifetime);
        for (int purged = 0; purged < 2; purged++) {
            key = 99;
            assert_int_equal(psa_import_key(&attributes, secret, 32, &key), cases[i].status);
            assert_int_equal(key, PSA_KEY_ID_NULL);
            assert_int_equal(psa_purge_key(4), PSA_SUCCESS);
        }
    }
    assert_int_equal(psa_destroy_key(4), PSA_SUCCESS);
    assert_int_equal(mico_psa_persist_in(&store, NULL), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(mico_psa_persist_in(NULL, NULL), PSA_SUCCESS);
    psa_key_attributes_t attributes = attributes_of(5, EXPORT);
    assert_int_equal(psa_import_key(&attributes, secret, 32, &key), PSA_ERROR_NOT_SUPPORTED);
}

static void the_flash_never_holds_the_secret(void **state)
{
    (void)import(1, EXPORT);
    for (size_t i = 0; i + 8 <= sizeof memory; i++) {
        assert_memory_not_equal(memory + i, secret, 8);
    }
    assert_int_equal(psa_destroy_key(1), PSA_SUCCESS);
}

static void another_sealing_key_or_an_altered_record_opens_nothing(void **state)
{
    uint8_t record[256], out[32];
    size_t len, out_len = 7;
    bool found;
    psa_key_attributes_t attributes = attributes_of(1, EXPORT);
    psa_key_id_t key;
    (void)import(1, EXPORT);
    assert_int_equal(mico_psa_persist_in(&store, other_sealing), PSA_SUCCESS);
    assert_int_equal(psa_export_key(1, out, 32, &out_len), PSA_ERROR_DATA_CORRUPT);
    assert_int_equal(out_len, 0);
    assert_int_equal(psa_import_key(&attributes, secret, 32, &key), PSA_ERROR_DATA_CORRUPT);
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    assert_int_equal(mico_store_get(&store, "psa-00000001", record, sizeof record, &len, &found), MICO_OK);
    assert_true(found);
    for (size_t i = 0; i < len; i++) {
        record[i] ^= 1;
        assert_int_equal(mico_store_put(&store, "psa-00000001", record, len), MICO_OK);
        record[i] ^= 1;
        psa_status_t status = psa_export_key(1, out, 32, &out_len);
        assert_true(status == PSA_ERROR_DATA_CORRUPT || (i == 0 && status == PSA_ERROR_DATA_INVALID));
    }
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(mico_store_put(&store, "psa-00000001", record, cut), MICO_OK);
        assert_int_not_equal(psa_export_key(1, out, 32, &out_len), PSA_SUCCESS);
    }
    assert_int_equal(mico_store_put(&store, "psa-00000002", record, len), MICO_OK); /* under another's name */
    assert_int_equal(psa_export_key(2, out, 32, &out_len), PSA_ERROR_DATA_CORRUPT);
    assert_int_equal(psa_destroy_key(1), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(2), PSA_SUCCESS);
    assert_int_equal(psa_export_key(2, out, 32, &out_len), PSA_ERROR_INVALID_HANDLE);
}

static void purging_frees_the_slot_but_not_the_key(void **state)
{
    psa_key_attributes_t got;
    for (psa_key_id_t id = 1; id <= MICO_PSA_KEYS + 4; id++) {
        assert_int_equal(import(id, EXPORT), id);
        assert_int_equal(psa_purge_key(id), PSA_SUCCESS);
    }
    for (psa_key_id_t id = 1; id <= MICO_PSA_KEYS; id++) {
        assert_int_equal(psa_get_key_attributes(id, &got), PSA_SUCCESS);
    }
    assert_int_equal(psa_get_key_attributes(MICO_PSA_KEYS + 1, &got), PSA_ERROR_INSUFFICIENT_MEMORY);
    assert_int_equal(psa_purge_key(1), PSA_SUCCESS);
    assert_holds_secret(MICO_PSA_KEYS + 1);
    assert_int_equal(psa_purge_key(PSA_KEY_ID_NULL), PSA_ERROR_INVALID_HANDLE);
}

static void a_full_store_makes_no_key(void **state)
{
    psa_key_attributes_t attributes;
    psa_key_id_t id = 1, key;
    psa_status_t status;
    do {
        attributes = attributes_of(id, EXPORT);
        status = psa_import_key(&attributes, secret, 32, &key);
        if (status == PSA_SUCCESS) {
            assert_int_equal(psa_purge_key(id++), PSA_SUCCESS);
        }
    } while (status == PSA_SUCCESS && id < 1000);
    assert_int_equal(status, PSA_ERROR_INSUFFICIENT_STORAGE);
    assert_int_equal(key, PSA_KEY_ID_NULL);
    assert_int_equal(psa_get_key_attributes(id, &attributes), PSA_ERROR_INVALID_HANDLE);
    assert_holds_secret(id - 1);
}

static psa_status_t import_6(void)
{
    psa_key_attributes_t attributes = attributes_of(6, EXPORT);
    psa_key_id_t key;
    return psa_import_key(&attributes, secret, 32, &key);
}

static psa_status_t copy_5_to_6(void)
{
    psa_key_attributes_t attributes = attributes_of(6, EXPORT);
    psa_key_id_t key;
    return psa_copy_key(5, &attributes, &key);
}

static psa_status_t destroy_5(void)
{
    return psa_destroy_key(5);
}

static bool is_there(psa_key_id_t key)
{
    psa_key_attributes_t got;
    psa_status_t status = psa_get_key_attributes(key, &got);
    assert_true(status == PSA_SUCCESS || status == PSA_ERROR_INVALID_HANDLE);
    if (status == PSA_SUCCESS) {
        assert_holds_secret(key);
    }
    return status == PSA_SUCCESS;
}

/* Cut in each operation of the flash in turn, in two manners, until there is none left to cut: afterwards a key is whole or
 * absent, and what was done before the cut is done. */
static void a_power_cut_leaves_each_key_whole_or_absent(void **state)
{
    static const struct {
        psa_status_t (*work)(void);
        psa_key_id_t changes;
        bool there_before;
    } works[] = {{import_6, 6, false}, {copy_5_to_6, 6, false}, {destroy_5, 5, true}};
    for (size_t i = 0; i < 3; i++) {
        for (enum test_flash_tear tear = TEST_TEAR_PREFIX; tear <= TEST_TEAR_BITS; tear++) {
            bool was_cut = true;
            for (unsigned operation = 1; was_cut; operation++) {
                (void)fresh_store(state);
                assert_int_equal(import(5, EXPORT | COPY), 5);
                rig.cut = (struct test_flash_cut){rig.operations + operation, tear, operation};
                was_cut = works[i].work() != PSA_SUCCESS;
                test_flash_power_on(&rig);
                restart();
                bool there = is_there(works[i].changes);
                assert_true(was_cut || there != works[i].there_before);
                assert_true(works[i].changes == 5 || is_there(5));
                assert_true(was_cut || operation > 1);
            }
        }
    }
}

static void copies_have_what_both_policies_allow(void **state)
{
    psa_key_attributes_t attributes = attributes_of(0, PSA_KEY_USAGE_ENCRYPT | EXPORT | PSA_KEY_USAGE_DECRYPT), got;
    psa_key_id_t source = import(0, COPY | EXPORT | PSA_KEY_USAGE_ENCRYPT), copy;
    assert_int_equal(psa_copy_key(source, &attributes, &copy), PSA_SUCCESS);
    assert_int_not_equal(copy, source);
    assert_int_equal(psa_get_key_attributes(copy, &got), PSA_SUCCESS);
    assert_int_equal(psa_get_key_usage_flags(&got), EXPORT | PSA_KEY_USAGE_ENCRYPT);
    assert_int_equal(psa_get_key_bits(&got), 256);
    assert_int_equal(psa_destroy_key(source), PSA_SUCCESS);
    assert_holds_secret(copy);
    assert_int_equal(psa_copy_key(copy, &attributes, &source), PSA_ERROR_NOT_PERMITTED); /* a copy without COPY */
    assert_int_equal(source, PSA_KEY_ID_NULL);
    assert_int_equal(psa_destroy_key(copy), PSA_SUCCESS);
}

static void a_copy_may_be_kept_and_a_kept_key_copied_back(void **state)
{
    psa_key_attributes_t kept = attributes_of(11, COPY | EXPORT), loose = attributes_of(0, EXPORT);
    psa_key_id_t source = import(0, COPY | EXPORT), copy;
    assert_int_equal(psa_copy_key(source, &kept, &copy), PSA_SUCCESS);
    assert_int_equal(copy, 11);
    assert_int_equal(psa_copy_key(source, &kept, &copy), PSA_ERROR_ALREADY_EXISTS);
    assert_int_equal(psa_destroy_key(source), PSA_SUCCESS);
    restart();
    assert_int_equal(psa_copy_key(11, &loose, &copy), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(11), PSA_SUCCESS);
    assert_holds_secret(copy);
    assert_int_equal(psa_destroy_key(copy), PSA_SUCCESS);
}

static void copies_that_change_the_key_or_its_place_are_refused(void **state)
{
    psa_key_id_t source = import(0, COPY), copy = 5;
    psa_key_attributes_t attributes = attributes_of(0, 0);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    assert_int_equal(psa_copy_key(source, &attributes, &copy), PSA_ERROR_INVALID_ARGUMENT);
    attributes = attributes_of(0, 0);
    psa_set_key_bits(&attributes, 128);
    assert_int_equal(psa_copy_key(source, &attributes, &copy), PSA_ERROR_INVALID_ARGUMENT);
    attributes = attributes_of(0, 0);
    psa_set_key_algorithm(&attributes, PSA_ALG_CTR);
    assert_int_equal(psa_copy_key(source, &attributes, &copy), PSA_ERROR_INVALID_ARGUMENT);
    attributes = attributes_of(0, 0);
    psa_set_key_lifetime(&attributes, 0x80000100);
    assert_int_equal(psa_copy_key(source, &attributes, &copy), PSA_ERROR_NOT_PERMITTED); /* moving asks for EXPORT */
    assert_int_equal(psa_copy_key(source, NULL, &copy), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_copy_key(source, &attributes, NULL), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_copy_key(source + 1, &attributes, &copy), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(copy, PSA_KEY_ID_NULL);
    assert_int_equal(psa_destroy_key(source), PSA_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_persistent_key_survives_a_restart_and_a_volatile_one_keeps_its_slot,
                                        fresh_store, no_store),
        cmocka_unit_test_setup_teardown(a_signing_pair_signs_alike_after_a_restart, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(identifiers_lifetimes_and_stores_that_cannot_be_are_refused, fresh_store,
                                        no_store),
        cmocka_unit_test_setup_teardown(the_flash_never_holds_the_secret, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(another_sealing_key_or_an_altered_record_opens_nothing, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(purging_frees_the_slot_but_not_the_key, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(a_full_store_makes_no_key, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(a_power_cut_leaves_each_key_whole_or_absent, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(copies_have_what_both_policies_allow, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(a_copy_may_be_kept_and_a_kept_key_copied_back, fresh_store, no_store),
        cmocka_unit_test_setup_teardown(copies_that_change_the_key_or_its_place_are_refused, fresh_store, no_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
