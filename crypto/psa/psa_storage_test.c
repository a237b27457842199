/* SPDX-License-Identifier: Apache-2.0 */
/* psa_its_* and psa_ps_*: what is kept, what the flags forbid, altered records, power cuts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"
#include "psa/internal_trusted_storage.h"
#include "psa/protected_storage.h"

static const uint8_t sealing[32] = {9, 8, 7}, other_sealing[32] = {9, 8, 6};
static uint8_t memory[16384];
static struct test_flash rig;
static struct mico_store store;

/* Both services, which shall behave alike. */
static const struct service {
    const char *record;
    psa_status_t (*set)(psa_storage_uid_t, size_t, const void *, psa_storage_create_flags_t);
    psa_status_t (*get)(psa_storage_uid_t, size_t, size_t, void *, size_t *);
    psa_status_t (*get_info)(psa_storage_uid_t, struct psa_storage_info_t *);
    psa_status_t (*remove)(psa_storage_uid_t);
} services[] = {
    {"its-0000000000000007", psa_its_set, psa_its_get, psa_its_get_info, psa_its_remove},
    {"ps-0000000000000007", psa_ps_set, psa_ps_get, psa_ps_get_info, psa_ps_remove},
};
#define EACH_SERVICE(s) for (const struct service *s = services; s < services + 2; s++)

static int fresh_store(void **state)
{
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    return 0;
}

static void restart(void)
{
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
}

static void assert_holds(const struct service *s, psa_storage_uid_t uid, const char *want)
{
    uint8_t got[64];
    size_t len;
    assert_int_equal(s->get(uid, 0, sizeof got, got, &len), PSA_SUCCESS);
    assert_int_equal(len, strlen(want));
    assert_memory_equal(got, want, len);
}

static void an_asset_is_kept_in_pieces_and_over_a_restart(void **state)
{
    uint8_t got[8];
    size_t len;
    struct psa_storage_info_t info;
    EACH_SERVICE(s)
    {
        assert_int_equal(s->set(7, 5, "hello", PSA_STORAGE_FLAG_NONE), PSA_SUCCESS);
        assert_int_equal(s->set(7, 11, "hello world", PSA_STORAGE_FLAG_NO_CONFIDENTIALITY), PSA_SUCCESS);
        restart();
        assert_holds(s, 7, "hello world");
        assert_int_equal(s->get(7, 6, 3, got, &len), PSA_SUCCESS);
        assert_int_equal(len, 3);
        assert_memory_equal(got, "wor", 3);
        assert_int_equal(s->get(7, 9, sizeof got, got, &len), PSA_SUCCESS);
        assert_int_equal(len, 2);
        assert_int_equal(s->get(7, 11, sizeof got, got, &len), PSA_SUCCESS);
        assert_int_equal(len, 0);
        assert_int_equal(s->get(7, 12, sizeof got, got, &len), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(s->get_info(7, &info), PSA_SUCCESS);
        assert_int_equal(info.size, 11);
        assert_int_equal(info.capacity, 11);
        assert_int_equal(info.flags, PSA_STORAGE_FLAG_NO_CONFIDENTIALITY);
        assert_int_equal(s->set(8, 0, NULL, 0), PSA_SUCCESS);
        assert_holds(s, 8, "");
        assert_int_equal(s->remove(7), PSA_SUCCESS);
        assert_int_equal(s->get(7, 0, 1, got, &len), PSA_ERROR_DOES_NOT_EXIST);
        assert_int_equal(s->get_info(7, &info), PSA_ERROR_DOES_NOT_EXIST);
        assert_int_equal(s->remove(7), PSA_ERROR_DOES_NOT_EXIST);
    }
}

static void both_services_have_names_of_their_own(void **state)
{
    assert_int_equal(psa_its_set(7, 3, "its", 0), PSA_SUCCESS);
    assert_int_equal(psa_ps_set(7, 2, "ps", 0), PSA_SUCCESS);
    assert_holds(&services[0], 7, "its");
    assert_holds(&services[1], 7, "ps");
    assert_int_equal(psa_ps_remove(7), PSA_SUCCESS);
    assert_holds(&services[0], 7, "its");
}

static void what_is_written_once_stays(void **state)
{
    EACH_SERVICE(s)
    {
        assert_int_equal(s->set(7, 4, "once", PSA_STORAGE_FLAG_WRITE_ONCE), PSA_SUCCESS);
        assert_int_equal(s->set(7, 5, "twice", 0), PSA_ERROR_NOT_PERMITTED);
        assert_int_equal(s->remove(7), PSA_ERROR_NOT_PERMITTED);
        restart();
        assert_int_equal(s->set(7, 5, "twice", PSA_STORAGE_FLAG_WRITE_ONCE), PSA_ERROR_NOT_PERMITTED);
        assert_holds(s, 7, "once");
    }
}

static void arguments_that_cannot_be_are_refused_and_change_nothing(void **state)
{
    static const uint8_t large[MICO_PSA_STORAGE_MAX + 1];
    uint8_t got[4];
    size_t len = 9;
    struct psa_storage_info_t info;
    EACH_SERVICE(s)
    {
        assert_int_equal(s->set(7, 4, "kept", 0), PSA_SUCCESS);
        assert_int_equal(s->set(0, 4, "none", 0), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(s->set(7, 4, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(s->set(7, 4, "flag", 8), PSA_ERROR_NOT_SUPPORTED);
        assert_int_equal(s->set(7, sizeof large, large, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
        assert_int_equal(s->get(0, 0, 4, got, &len), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(s->get(7, 0, 4, NULL, &len), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(len, 0);
        assert_int_equal(s->get(7, 0, 4, got, NULL), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(s->get_info(0, &info), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(s->get_info(7, NULL), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(s->remove(0), PSA_ERROR_INVALID_ARGUMENT);
        assert_holds(s, 7, "kept");
        assert_int_equal(s->set(9, MICO_PSA_STORAGE_MAX, large, 0), PSA_SUCCESS);
        assert_int_equal(s->remove(9), PSA_SUCCESS);
    }
    assert_int_equal(psa_ps_create(7, 4, 0), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(psa_ps_set_extended(7, 0, 4, "kept"), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(psa_ps_get_support() & PSA_STORAGE_SUPPORT_SET_EXTENDED, 0);
}

static void a_full_store_keeps_the_old_value(void **state)
{
    static uint8_t data[2000];
    psa_storage_uid_t uid = 1;
    psa_status_t status;
    assert_int_equal(psa_its_set(1000, 3, "old", 0), PSA_SUCCESS);
    do {
        status = psa_its_set(uid++, sizeof data, data, 0);
    } while (status == PSA_SUCCESS && uid < 100);
    assert_int_equal(status, PSA_ERROR_INSUFFICIENT_STORAGE);
    assert_int_equal(psa_its_set(1000, sizeof data, data, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
    assert_holds(&services[0], 1000, "old");
}

static void an_altered_or_foreign_record_is_corrupt_and_can_be_removed(void **state)
{
    uint8_t record[128], got[16];
    size_t len, got_len;
    bool found;
    EACH_SERVICE(s)
    {
        assert_int_equal(s->set(7, 6, "secret", PSA_STORAGE_FLAG_WRITE_ONCE), PSA_SUCCESS);
        assert_int_equal(mico_store_get(&store, s->record, record, sizeof record, &len, &found), MICO_OK);
        assert_true(found && memmem(record, len, "secret", 6) == NULL);
        for (size_t i = 0; i < len; i++) {
            record[i] ^= 1;
            assert_int_equal(mico_store_put(&store, s->record, record, len), MICO_OK);
            assert_int_equal(s->get(7, 0, sizeof got, got, &got_len),
                             i == 0 ? PSA_ERROR_DATA_INVALID : PSA_ERROR_DATA_CORRUPT);
            assert_int_equal(got_len, 0);
            record[i] ^= 1;
        }
        assert_int_equal(s->remove(7), PSA_SUCCESS);
        assert_int_equal(s->set(7, 6, "secret", 0), PSA_SUCCESS);
        assert_int_equal(mico_psa_persist_in(&store, other_sealing), PSA_SUCCESS);
        assert_int_equal(s->get(7, 0, sizeof got, got, &got_len), PSA_ERROR_DATA_CORRUPT);
        assert_int_equal(s->set(7, 3, "new", 0), PSA_ERROR_DATA_CORRUPT);
        assert_int_equal(s->remove(7), PSA_SUCCESS);
        assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    }
}

/* With a cut in each operation of the flash, until there is none left to cut. */
static void a_power_cut_leaves_the_old_value_or_the_new_one(void **state)
{
    bool was_cut = true;
    for (unsigned operation = 1; was_cut; operation++) {
        uint8_t got[8];
        size_t len;
        (void)fresh_store(state);
        assert_int_equal(psa_its_set(7, 3, "old", 0), PSA_SUCCESS);
        rig.cut = (struct test_flash_cut){rig.operations + operation, TEST_TEAR_BITS, operation};
        was_cut = psa_its_set(7, 3, "new", 0) != PSA_SUCCESS;
        test_flash_power_on(&rig);
        restart();
        assert_int_equal(psa_its_get(7, 0, sizeof got, got, &len), PSA_SUCCESS);
        assert_true(len == 3 && (memcmp(got, "new", 3) == 0 || (was_cut && memcmp(got, "old", 3) == 0)));
        assert_true(was_cut || operation > 1);
    }
}

static void without_a_store_nothing_is_kept(void **state)
{
    uint8_t got[4];
    size_t len;
    assert_int_equal(mico_psa_persist_in(NULL, NULL), PSA_SUCCESS);
    EACH_SERVICE(s)
    {
        assert_int_equal(s->set(7, 3, "new", 0), PSA_ERROR_STORAGE_FAILURE);
        assert_int_equal(s->get(7, 0, 4, got, &len), PSA_ERROR_STORAGE_FAILURE);
        assert_int_equal(s->remove(7), PSA_ERROR_STORAGE_FAILURE);
    }
    mico_psa_zeroise();
    assert_int_equal(psa_its_set(7, 3, "new", 0), PSA_ERROR_BAD_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_asset_is_kept_in_pieces_and_over_a_restart, fresh_store),
        cmocka_unit_test_setup(both_services_have_names_of_their_own, fresh_store),
        cmocka_unit_test_setup(what_is_written_once_stays, fresh_store),
        cmocka_unit_test_setup(arguments_that_cannot_be_are_refused_and_change_nothing, fresh_store),
        cmocka_unit_test_setup(a_full_store_keeps_the_old_value, fresh_store),
        cmocka_unit_test_setup(an_altered_or_foreign_record_is_corrupt_and_can_be_removed, fresh_store),
        cmocka_unit_test_setup(a_power_cut_leaves_the_old_value_or_the_new_one, fresh_store),
        cmocka_unit_test_setup(without_a_store_nothing_is_kept, fresh_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
