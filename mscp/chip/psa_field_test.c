/* SPDX-License-Identifier: Apache-2.0 */
/* psa_generate_key with a chip in the field at the other end of the line: keys that the chip makes, keeps and gives up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/psa_mscp.h"
#include "mscp/chip/test_rig.h"

#define ED25519 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define X25519 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGNS (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define MY_KEY 0x0FFFFFFFu /* the largest identifier that the chip has a name for */

static struct rig rig;
static struct mscp_binding binding;

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    assert_int_equal(mico_psa_attach_mscp(&rig.host), PSA_SUCCESS);
    return 0;
}

static int start_in_factory(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mico_psa_attach_mscp(&rig.host), PSA_SUCCESS);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static psa_key_attributes_t key_of(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, psa_key_id_t id)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_id(&a, id);
    psa_set_key_lifetime(&a, MICO_PSA_LIFETIME_MSCP);
    psa_set_key_type(&a, type);
    psa_set_key_bits(&a, type == P256 ? 256 : 255);
    psa_set_key_usage_flags(&a, usage);
    psa_set_key_algorithm(&a, alg);
    return a;
}

static psa_status_t make(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, psa_key_id_t id)
{
    psa_key_attributes_t a = key_of(type, usage, alg, id);
    psa_key_id_t key = 5;
    psa_status_t status = psa_generate_key(&a, &key);
    assert_int_equal(key, status == PSA_SUCCESS ? id : 0);
    return status;
}

static void expect_signs_for_tls_alone(psa_key_id_t key, psa_algorithm_t alg)
{
    static uint8_t transcript[1300];
    uint8_t signature[64], out[65];
    size_t size = rig_transcript(transcript, sizeof transcript), len;
    assert_int_equal(psa_sign_message(key, alg, transcript, size, signature, 64, &len), PSA_SUCCESS);
    assert_int_equal(psa_verify_message(key, alg, transcript, size, signature, len), PSA_SUCCESS);
    assert_int_equal(psa_sign_message(key, alg, transcript, 40, signature, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_ERROR_NOT_PERMITTED);
}

static void a_signing_pair_is_made_used_kept_over_restarts_and_destroyed(void **state)
{
    const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
    } kinds[] = {{ED25519, PSA_ALG_PURE_EDDSA}, {P256, ECDSA}};
    for (size_t i = 0; i < 2; i++) {
        uint8_t before[65], after[65];
        size_t len, same;
        psa_key_attributes_t a = key_of(kinds[i].type, SIGNS | PSA_KEY_USAGE_EXPORT, kinds[i].alg, MY_KEY),
                             back = PSA_KEY_ATTRIBUTES_INIT;
        psa_key_id_t key = 0;
        assert_int_equal(psa_generate_key(&a, &key), PSA_SUCCESS);
        assert_int_equal(psa_get_key_attributes(key, &back), PSA_SUCCESS);
        assert_int_equal(psa_get_key_lifetime(&back), MICO_PSA_LIFETIME_MSCP);
        expect_signs_for_tls_alone(key, kinds[i].alg);
        assert_int_equal(psa_export_public_key(key, before, sizeof before, &len), PSA_SUCCESS);
        assert_int_equal(make(kinds[i].type, SIGNS, kinds[i].alg, MY_KEY), PSA_ERROR_ALREADY_EXISTS);
        /* Both start again: the program knows nothing of the key but its identifier. */
        assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
        rig_restart_chip(&rig);
        assert_int_equal(make(kinds[i].type, SIGNS, kinds[i].alg, MY_KEY), PSA_ERROR_ALREADY_EXISTS);
        assert_int_equal(mico_psa_register_mscp_key(&a, MICO_PSA_MSCP_OBJECT(MY_KEY), &key), PSA_SUCCESS);
        assert_int_equal(key, MY_KEY);
        expect_signs_for_tls_alone(key, kinds[i].alg);
        assert_int_equal(psa_export_public_key(key, after, sizeof after, &same), PSA_SUCCESS);
        assert_int_equal(same, len);
        assert_memory_equal(after, before, len);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
        assert_int_equal(psa_export_public_key(key, after, sizeof after, &same), PSA_ERROR_INVALID_HANDLE);
        assert_int_equal(rig.chip.objects, 5);
    }
}

static void a_pair_that_agrees_gives_what_its_public_half_gives(void **state)
{
    const psa_key_type_t types[] = {X25519, P256};
    for (psa_key_id_t i = 0; i < 2; i++) {
        psa_key_attributes_t a = key_of(types[i], PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, 1 + i);
        psa_key_id_t inside = 0, own = 0;
        uint8_t chips[65], ours[65], there[32], here[32];
        size_t len, ours_len, there_len, here_len;
        assert_int_equal(psa_generate_key(&a, &inside), PSA_SUCCESS);
        psa_set_key_id(&a, 0);
        psa_set_key_lifetime(&a, PSA_KEY_LIFETIME_VOLATILE);
        assert_int_equal(psa_generate_key(&a, &own), PSA_SUCCESS);
        assert_int_equal(psa_export_public_key(inside, chips, sizeof chips, &len), PSA_SUCCESS);
        assert_int_equal(psa_export_public_key(own, ours, sizeof ours, &ours_len), PSA_SUCCESS);
        assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, inside, ours, ours_len, there, 32, &there_len),
                         PSA_SUCCESS);
        assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, own, chips, len, here, 32, &here_len), PSA_SUCCESS);
        assert_memory_equal(there, here, 32);
        assert_int_equal(psa_destroy_key(own), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(inside), PSA_SUCCESS);
    }
}

static void in_the_factory_it_is_the_same(void **state)
{
    assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 1), PSA_SUCCESS);
    expect_signs_for_tls_alone(1, PSA_ALG_PURE_EDDSA);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    expect_signs_for_tls_alone(1, PSA_ALG_PURE_EDDSA);
    assert_int_equal(psa_destroy_key(1), PSA_SUCCESS);
}

static void what_no_key_of_the_chips_can_be_is_refused_before_it_is_asked(void **state)
{
    const struct {
        psa_key_type_t type;
        psa_key_usage_t usage;
        psa_algorithm_t alg;
        psa_key_id_t id;
        psa_status_t status;
    } bad[] = {
        {ED25519, SIGNS, PSA_ALG_PURE_EDDSA, MY_KEY + 1, PSA_ERROR_INVALID_ARGUMENT},
        {ED25519, SIGNS, PSA_ALG_PURE_EDDSA, PSA_KEY_ID_USER_MAX, PSA_ERROR_INVALID_ARGUMENT},
        {ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 0, PSA_ERROR_INVALID_ARGUMENT}, /* it would not be found again */
        {P256, PSA_KEY_USAGE_SIGN_HASH, ECDSA, 1, PSA_ERROR_NOT_SUPPORTED},
        {P256, SIGNS | PSA_KEY_USAGE_DERIVE, ECDSA, 1, PSA_ERROR_NOT_SUPPORTED},
        {P256, PSA_KEY_USAGE_VERIFY_MESSAGE, ECDSA, 1, PSA_ERROR_NOT_SUPPORTED},
        {X25519, SIGNS, PSA_ALG_ECDH, 1, PSA_ERROR_NOT_SUPPORTED},
        {ED25519, PSA_KEY_USAGE_DERIVE, PSA_ALG_PURE_EDDSA, 1, PSA_ERROR_NOT_SUPPORTED},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_K1), SIGNS, ECDSA, 1, PSA_ERROR_NOT_SUPPORTED},
    };
    unsigned frames = rig.frame_count;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(make(bad[i].type, bad[i].usage, bad[i].alg, bad[i].id), bad[i].status);
    }
    psa_key_attributes_t a = key_of(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 0);
    psa_key_id_t key;
    psa_set_key_lifetime(
        &a, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE, MICO_PSA_LOCATION_MSCP));
    assert_int_equal(psa_generate_key(&a, &key), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(rig.frame_count, frames);
    assert_int_equal(rig.chip.objects, 5);
}

static void a_request_or_answer_that_got_lost_makes_no_second_key_and_no_error(void **state)
{
    for (unsigned frame = 1; frame <= 6; frame++) {
        rig_fault_at(&rig, frame, RIG_DROP, 0);
        assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 1), PSA_SUCCESS);
        assert_int_equal(rig.chip.objects, 6);
        rig_fault_at(&rig, 0, RIG_NONE, 0);
        expect_signs_for_tls_alone(1, PSA_ALG_PURE_EDDSA);
        rig_fault_at(&rig, frame, RIG_DROP, 0);
        psa_status_t status = psa_destroy_key(1);
        assert_true(status == PSA_SUCCESS || status == PSA_ERROR_COMMUNICATION_FAILURE);
        rig_fault_at(&rig, 0, RIG_NONE, 0);
        if (status != PSA_SUCCESS) {
            assert_int_equal(psa_destroy_key(1), PSA_SUCCESS);
        }
        assert_int_equal(rig.chip.objects, 5);
        rig.now_ms += 60000;
    }
}

static void a_chip_that_says_nothing_gives_no_key(void **state)
{
    rig_drop_from(&rig, 1);
    assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 1), PSA_ERROR_COMMUNICATION_FAILURE);
    rig_drop_from(&rig, 0);
    assert_int_equal(rig.chip.objects, 5);
}

static void the_chips_bounds_have_errors_of_their_own(void **state)
{
    for (psa_key_id_t id = 1; id <= MSCP_FIELD_KEYS; id++) {
        assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, id), PSA_SUCCESS);
    }
    assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 100), PSA_ERROR_INSUFFICIENT_STORAGE);
    assert_int_equal(psa_destroy_key(1), PSA_SUCCESS);
    assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 100), PSA_ERROR_NOT_PERMITTED); /* not so soon */
    rig.now_ms += 60000;
    assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 100), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(100), PSA_SUCCESS);
    for (psa_key_id_t id = 2; id <= MSCP_FIELD_KEYS; id++) {
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    }
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, NULL), MICO_OK);
    assert_int_equal(make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 1), PSA_ERROR_NOT_PERMITTED);
}

static void what_the_factory_made_cannot_be_destroyed(void **state)
{
    psa_key_attributes_t a = key_of(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 7);
    psa_key_id_t key = 0;
    assert_int_equal(mico_psa_register_mscp_key(&a, MSCP_ID_IDENTITY, &key), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
    assert_int_equal(rig.chip.objects, 5);
}

/* In the approved mode, which no program leaves with keys in it: in a process of its own. */
static int make_approved(void)
{
    mico_psa_self_tested(true);
    if (mico_psa_approved_mode(true) != PSA_SUCCESS) {
        return 1;
    }
    return make(P256, SIGNS, ECDSA, 1) != PSA_SUCCESS                         ? 2
           : make(ED25519, SIGNS, PSA_ALG_PURE_EDDSA, 2) != PSA_SUCCESS       ? 3
           : make(P256, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, 3) != PSA_SUCCESS ? 4
           : rig.chip.objects != 8                                            ? 5
                                                                              : 0;
}

static void the_pair_wise_test_of_the_approved_mode_is_a_use_that_the_chip_allows(void **state)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(make_approved());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_signing_pair_is_made_used_kept_over_restarts_and_destroyed, start, end),
        cmocka_unit_test_setup_teardown(a_pair_that_agrees_gives_what_its_public_half_gives, start, end),
        cmocka_unit_test_setup_teardown(in_the_factory_it_is_the_same, start_in_factory, end),
        cmocka_unit_test_setup_teardown(what_no_key_of_the_chips_can_be_is_refused_before_it_is_asked, start, end),
        cmocka_unit_test_setup_teardown(a_request_or_answer_that_got_lost_makes_no_second_key_and_no_error, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_says_nothing_gives_no_key, start, end),
        cmocka_unit_test_setup_teardown(the_chips_bounds_have_errors_of_their_own, start, end),
        cmocka_unit_test_setup_teardown(what_the_factory_made_cannot_be_destroyed, start, end),
        cmocka_unit_test_setup_teardown(the_pair_wise_test_of_the_approved_mode_is_a_use_that_the_chip_allows, start,
                                        end),
    };
    if (psa_crypto_init() != PSA_SUCCESS) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
