/* SPDX-License-Identifier: Apache-2.0 */
/* Measurements, the signature of what the host boots, and receipts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;
static const uint8_t seed[32] = {0x51}, digest[32] = {0xD1}, other[32] = {0xD2}, zeros[32];
static const struct mscp_attributes boot_key = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_NEVER};
static uint8_t key[32];

static void sign(const uint8_t what[32], uint8_t signature[64])
{
    mico_ed25519_sign(seed, key, (struct mico_span){what, 32}, signature);
}

static int start(void **state)
{
    mico_ed25519_public(seed, key);
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_BOOT_KEY, &boot_key, MICO_SPAN(key)), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void extended(const uint8_t old[32], const uint8_t with[32], uint8_t out[32])
{
    uint8_t both[64];
    memcpy(both, old, 32);
    memcpy(both + 32, with, 32);
    mico_sha256(both, sizeof both, out);
}

static void expect_register(unsigned index, const uint8_t value[32])
{
    uint8_t got[32];
    assert_int_equal(mscp_host_measured(&rig.host, index, got), MICO_OK);
    assert_memory_equal(got, value, 32);
}

static void a_register_goes_on_from_what_it_holds_and_begins_again_with_the_chip(void **state)
{
    uint8_t want[32];
    expect_register(3, zeros);
    assert_int_equal(mscp_host_measure(&rig.host, 3, digest), MICO_OK);
    assert_int_equal(mscp_host_measure(&rig.host, 3, other), MICO_OK);
    extended(zeros, digest, want);
    extended(want, other, want);
    expect_register(3, want);
    expect_register(2, zeros);
    rig_restart_chip(&rig);
    expect_register(3, zeros);
}

static void register_0_takes_only_what_the_chip_has_checked(void **state)
{
    assert_int_equal(mscp_host_measure(&rig.host, 0, digest), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_WRITE);
    assert_int_equal(mscp_host_measure(&rig.host, MSCP_REGISTERS, digest), MICO_ERR_PARAM);
    expect_register(0, zeros);
}

static void a_digest_with_the_makers_signature_goes_into_register_0(void **state)
{
    uint8_t signature[64], want[32];
    sign(digest, signature);
    assert_int_equal(mscp_host_verify_boot(&rig.host, other, 5, signature), MICO_ERR_CRYPTO);
    signature[9] ^= 1;
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_ERR_CRYPTO);
    signature[9] ^= 1;
    expect_register(0, zeros);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_OK);
    extended(zeros, digest, want);
    expect_register(0, want);
}

static void firmware_below_the_rollback_counter_is_refused_with_signature_or_receipt(void **state)
{
    uint8_t signature[64], receipt[32];
    sign(digest, signature);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_OK);
    assert_int_equal(mscp_host_make_receipt(&rig.host, receipt), MICO_OK);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 6), MICO_OK);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_ERR_ROLLBACK);
    assert_int_equal(mscp_host_check_receipt(&rig.host, digest, 5, receipt), MICO_ERR_ROLLBACK);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 6, signature), MICO_OK);
}

static void a_receipt_is_good_for_its_digest_counter_and_chip_only(void **state)
{
    uint8_t signature[64], receipt[32], want[32];
    sign(digest, signature);
    assert_int_equal(mscp_host_make_receipt(&rig.host, receipt), MICO_ERR_CRYPTO); /* nothing was verified yet */
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_OK);
    assert_int_equal(mscp_host_make_receipt(&rig.host, receipt), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_check_receipt(&rig.host, other, 5, receipt), MICO_ERR_CRYPTO);
    assert_int_equal(mscp_host_check_receipt(&rig.host, digest, 6, receipt), MICO_ERR_CRYPTO);
    for (unsigned bit = 0; bit < 256; bit++) {
        receipt[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(mscp_host_check_receipt(&rig.host, digest, 5, receipt), MICO_ERR_CRYPTO);
        receipt[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    expect_register(0, zeros);
    assert_int_equal(mscp_host_check_receipt(&rig.host, digest, 5, receipt), MICO_OK);
    extended(zeros, digest, want);
    expect_register(0, want);
    start(NULL); /* another chip */
    assert_int_equal(mscp_host_check_receipt(&rig.host, digest, 5, receipt), MICO_ERR_CRYPTO);
}

static void a_boot_key_that_could_be_written_again_is_none(void **state)
{
    uint8_t signature[64];
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    sign(digest, signature);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_ERR_STATE);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_NO_SUCH_OBJECT);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_BOOT_KEY, &rig_data, MICO_SPAN(key)), MICO_OK);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_WRITE);
}

static void a_measurement_whose_answer_is_lost_is_not_taken_twice(void **state)
{
    uint8_t want[32], got[32];
    expect_register(1, zeros);
    rig.host.timeout_ms = 10;
    rig_fault_at(&rig, 2, RIG_DROP, 0);
    assert_int_equal(mscp_host_measure(&rig.host, 1, digest), MICO_ERR_TIMEOUT);
    rig_fault_at(&rig, 0, RIG_NONE, 0);
    extended(zeros, digest, want);
    assert_int_equal(mscp_host_measured(&rig.host, 1, got), MICO_OK);
    assert_memory_equal(got, want, 32);
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(a_register_goes_on_from_what_it_holds_and_begins_again_with_the_chip),
        STARTED(register_0_takes_only_what_the_chip_has_checked),
        STARTED(a_digest_with_the_makers_signature_goes_into_register_0),
        STARTED(firmware_below_the_rollback_counter_is_refused_with_signature_or_receipt),
        STARTED(a_receipt_is_good_for_its_digest_counter_and_chip_only),
        STARTED(a_boot_key_that_could_be_written_again_is_none),
        STARTED(a_measurement_whose_answer_is_lost_is_not_taken_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
