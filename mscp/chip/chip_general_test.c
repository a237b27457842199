/* SPDX-License-Identifier: Apache-2.0 */
/* A chip as a general token: keys that sign anything, and what keeps them out of devices; listing and deleting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_rig.h"
#include "mscp/protocol/policy.h"

#define RAW_ID MSCP_ID_GENERAL

static struct rig rig;
static struct mscp_binding binding;
static const struct mscp_attributes raw = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW};

static int start(void **state)
{
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void a_raw_key_signs_any_message(void **state)
{
    static const uint8_t message[4096] = {7};
    uint8_t key[32], signature[64];
    assert_int_equal(mscp_host_generate(&rig.host, RAW_ID, &raw, key), MICO_OK);
    for (size_t len = 0; len <= sizeof message; len = len * 4 + 1) {
        const struct mico_span span = {message, len};
        assert_int_equal(mscp_host_sign(&rig.host, RAW_ID, span, signature), MICO_OK);
        assert_int_equal(mico_ed25519_verify(key, span, signature), MICO_OK);
    }
}

static void a_digest_is_signed_by_a_raw_p256_key_alone(void **state)
{
    static const struct mscp_attributes p256 = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW},
                                        careful = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_CSR};
    uint8_t key[32], point[MSCP_P256_SIZE], digest[32], signature[64];
    const struct mico_span message = MICO_SPAN("what was hashed outside");
    mico_sha256(message.data, message.len, digest);
    assert_int_equal(mscp_host_generate_p256(&rig.host, RAW_ID, &p256, point), MICO_OK);
    assert_int_equal(mscp_host_sign_digest(&rig.host, RAW_ID, digest, signature), MICO_OK);
    assert_int_equal(mico_p256_verify(point, digest, signature), MICO_OK);
    assert_int_equal(mscp_host_verify(&rig.host, RAW_ID, message, signature), MICO_OK);
    assert_int_equal(mscp_host_generate_p256(&rig.host, RAW_ID + 1, &careful, point), MICO_OK);
    assert_int_equal(mscp_host_sign_digest(&rig.host, RAW_ID + 1, digest, signature), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_USAGE);
    assert_int_equal(mscp_host_generate(&rig.host, RAW_ID + 2, &raw, key), MICO_OK);
    assert_int_equal(mscp_host_sign_digest(&rig.host, RAW_ID + 2, digest, signature), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_TYPE);
}

static void a_raw_key_has_no_other_usage_and_no_id_of_the_profile(void **state)
{
    static const struct {
        uint32_t id;
        struct mscp_attributes a;
    } bad[] = {
        {MSCP_ID_IDENTITY, {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW}},
        {MSCP_ID_GENERAL - 1, {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW}},
        {RAW_ID, {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW | MSCP_USE_ATTEST}},
        {RAW_ID, {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW | MSCP_USE_SIGN_TLS_CLIENT}},
        {RAW_ID, {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW, .read = MSCP_SESSION}},
        {RAW_ID, {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW, .write = MSCP_SESSION}},
        {RAW_ID, {.type = MSCP_KEY_X25519, .usage = MSCP_USE_SIGN_RAW}},
    };
    uint8_t key[32];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(mscp_host_generate(&rig.host, bad[i].id, &bad[i].a, key), MICO_ERR_DENIED);
        assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_ATTRIBUTES);
    }
    assert_int_equal(rig.chip.objects, 0);
}

static void a_chip_with_a_raw_key_goes_into_no_device(void **state)
{
    uint8_t key[32], chain[1024];
    uint32_t failing = 0;
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_IDENTITY, &rig_identity, key), MICO_OK);
    size_t len = rig_certificate(key, chain, sizeof chain);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_CHAIN, &rig_cert, (struct mico_span){chain, len}), MICO_OK);
    assert_int_equal(mscp_host_generate(&rig.host, RAW_ID, &raw, key), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 32);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, &failing), MICO_ERR_DENIED);
    assert_int_equal(failing, 32);
    assert_int_equal(mscp_host_delete(&rig.host, RAW_ID), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    assert_int_equal(mscp_host_generate(&rig.host, RAW_ID, &raw, key), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
}

static void data_that_anyone_on_the_line_may_read_goes_into_no_device(void **state)
{
    static const struct mscp_attributes open = {.type = MSCP_DATA, .read = MSCP_ALWAYS, .write = MSCP_SESSION};
    uint8_t key[32], chain[1024];
    uint32_t failing = 0;
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_IDENTITY, &rig_identity, key), MICO_OK);
    size_t len = rig_certificate(key, chain, sizeof chain);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_CHAIN, &rig_cert, (struct mico_span){chain, len}), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, RAW_ID, &open, MICO_SPAN("x")), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 64);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, &failing), MICO_ERR_DENIED);
    assert_int_equal(failing, 64);
    assert_int_equal(mscp_host_delete(&rig.host, RAW_ID), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
}

static void a_raw_key_found_past_the_factory_does_not_sign(void **state)
{
    uint8_t key[32], signature[64];
    assert_int_equal(mscp_host_generate(&rig.host, RAW_ID, &raw, key), MICO_OK);
    rig.chip.life = MSCP_OPERATIONAL; /* as after a fault that skipped the clause */
    assert_int_equal(mscp_host_sign(&rig.host, RAW_ID, MICO_SPAN(key), signature), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_LIFE);
}

static void objects_are_listed_with_their_attributes(void **state)
{
    static struct mscp_listed list[MSCP_OBJECTS_MAX];
    size_t count = 99;
    uint8_t key[32];
    assert_int_equal(mscp_host_list(&rig.host, list, &count), MICO_OK);
    assert_int_equal(count, 0);
    for (uint32_t i = 0; i < MSCP_OBJECTS_MAX; i++) {
        assert_int_equal(mscp_host_generate(&rig.host, RAW_ID + i, &raw, key), MICO_OK);
    }
    assert_int_equal(mscp_host_list(&rig.host, list, &count), MICO_OK);
    assert_int_equal(count, MSCP_OBJECTS_MAX);
    uint64_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(list[i].id - RAW_ID < MSCP_OBJECTS_MAX);
        seen |= 1ull << (list[i].id - RAW_ID);
        assert_int_equal(list[i].attributes.usage, MSCP_USE_SIGN_RAW);
        assert_int_equal(list[i].attributes.origin, MSCP_GENERATED);
    }
    assert_true(seen == UINT64_MAX);
}

static void a_deleted_object_is_gone_after_a_restart_too_and_its_id_is_free(void **state)
{
    static const uint8_t value[4096] = {5};
    uint8_t key[32], other[32], out[8];
    size_t len;
    assert_int_equal(mscp_host_generate(&rig.host, RAW_ID, &raw, key), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, RAW_ID + 1, &rig_data, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, RAW_ID), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, RAW_ID + 1), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, RAW_ID), MICO_ERR_STATE);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_NO_SUCH_OBJECT);
    rig_restart_chip(&rig);
    assert_int_equal(rig.chip.objects, 0);
    assert_int_equal(mscp_host_read(&rig.host, RAW_ID + 1, out, sizeof out, &len), MICO_ERR_STATE);
    assert_int_equal(mscp_host_generate(&rig.host, RAW_ID, &raw, other), MICO_OK);
    assert_memory_not_equal(key, other, 32);
}

static void objects_of_the_profile_cannot_be_deleted(void **state)
{
    uint8_t key[32];
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_IDENTITY, &rig_identity, key), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_IDENTITY), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_WRITE);
    assert_int_equal(rig.chip.objects, 1);
}

/* Else whoever has a session puts an AUTH object of his own in the place of the one that others ask for. */
static void an_auth_object_goes_only_by_who_knows_its_secret(void **state)
{
    static const uint8_t value[] = {MSCP_AUTH_PIN, 3, '1', '2', '3', '4'},
                         other[] = {MSCP_AUTH_PIN, 3, '9', '9', '9', '9'};
    const struct mico_span pin = {value + 2, 4};
    const uint32_t id = RAW_ID + 1;
    static const struct mscp_attributes auth = {.type = MSCP_AUTH};
    struct mscp_attributes guarded = {
        .type = MSCP_DATA, .read = MSCP_SESSION, .policy = {1, MSCP_IF_AUTHENTICATED}, .policy_len = 6};
    uint8_t back[8];
    size_t len;
    mico_store_le32(guarded.policy + 2, id);
    assert_int_equal(mscp_host_create(&rig.host, id, &auth, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x60, &guarded, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, id), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_AUTH);
    assert_int_equal(mscp_host_auth_pin(&rig.host, id, pin, NULL), MICO_OK);
    assert_int_equal(mscp_host_read(&rig.host, 0x60, back, sizeof back, &len), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, id), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, id, &auth, MICO_SPAN(other)), MICO_OK);
    assert_int_equal(mscp_host_read(&rig.host, 0x60, back, sizeof back, &len),
                     MICO_ERR_AUTH); /* not by the old proof */
}

static void at_the_end_of_life_nothing_lives_on_with_the_session(void **state)
{
    static const struct mscp_chip_volatiles none;
    static const struct mscp_attributes secret = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC};
    static const uint8_t bytes[32] = {7};
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    assert_int_equal(
        mscp_host_import(&rig.host,
                         &(struct mscp_import){.id = MSCP_ID_VOLATILE, .attributes = &secret, .key = MICO_SPAN(bytes)},
                         NULL),
        MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_END_OF_LIFE, false, NULL), MICO_OK);
    assert_memory_equal(&rig.chip.volatiles, &none, sizeof none);
}

static void what_is_sealed_opens_in_its_stages_of_life_only(void **state)
{
    static const uint8_t text[MSCP_SEAL_MAX] = {3, 1, 4};
    uint8_t sealed[MSCP_SEAL_MAX + MSCP_SEAL_OVERHEAD], again[sizeof sealed], out[MSCP_SEAL_MAX];
    size_t len = 0;
    for (size_t size = 1; size <= sizeof text; size = size * 31 + 1) {
        const struct mico_span view = {sealed, size + MSCP_SEAL_OVERHEAD};
        assert_int_equal(mscp_host_seal(&rig.host, 0, (struct mico_span){text, size}, sealed), MICO_OK);
        assert_int_equal(mscp_host_unseal(&rig.host, view, out, &len), MICO_OK);
        assert_int_equal(len, size);
        assert_memory_equal(out, text, size);
    }
    assert_int_equal(mscp_host_seal(&rig.host, 0x04, MICO_SPAN(text), sealed), MICO_OK);
    assert_int_equal(mscp_host_seal(&rig.host, 0x04, MICO_SPAN(text), again), MICO_OK);
    assert_memory_not_equal(sealed, again, sizeof sealed);
    assert_int_equal(mscp_host_unseal(&rig.host, MICO_SPAN(sealed), out, &len), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_LIFE);
    assert_int_equal(len, 0);
    rig.chip.life = MSCP_OPERATIONAL;
    rig_restart_chip(&rig); /* the stage was in RAM alone: it is FACTORY again, and the key the same */
    assert_int_equal(mscp_host_seal(&rig.host, 0x02, MICO_SPAN(text), sealed), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_unseal(&rig.host, MICO_SPAN(sealed), out, &len), MICO_OK);
}

static void no_altered_or_foreign_sealed_text_opens(void **state)
{
    static struct rig other;
    static struct mscp_binding other_binding;
    uint8_t sealed[8 + MSCP_SEAL_OVERHEAD], out[8];
    size_t len;
    assert_int_equal(mscp_host_seal(&rig.host, 0, (struct mico_span){(const uint8_t *)"a secret", 8}, sealed), MICO_OK);
    for (size_t bit = 0; bit < sizeof sealed * 8; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(mscp_host_unseal(&rig.host, MICO_SPAN(sealed), out, &len), MICO_OK);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_VERIFY_FAILED);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = MSCP_SEAL_OVERHEAD + 1; cut < sizeof sealed; cut++) {
        assert_int_not_equal(mscp_host_unseal(&rig.host, (struct mico_span){sealed, cut}, out, &len), MICO_OK);
    }
    assert_int_equal(mscp_host_seal(&rig.host, 0, (struct mico_span){sealed, 0}, out), MICO_ERR_SIZE);
    rig_start(&other);
    assert_int_equal(mscp_host_pair(&other.host, &other_binding), MICO_OK);
    assert_int_not_equal(mscp_host_unseal(&other.host, MICO_SPAN(sealed), out, &len), MICO_OK);
    assert_int_equal(mscp_host_last_status(&other.host), MSCP_VERIFY_FAILED);
    rig_end(&other);
}

static void the_self_test_passes(void **state)
{
    assert_int_equal(mscp_host_self_test(&rig.host), MICO_OK);
    assert_int_equal(rig.host.last_detail, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_raw_key_signs_any_message, start, end),
        cmocka_unit_test_setup_teardown(a_digest_is_signed_by_a_raw_p256_key_alone, start, end),
        cmocka_unit_test_setup_teardown(a_raw_key_has_no_other_usage_and_no_id_of_the_profile, start, end),
        cmocka_unit_test_setup_teardown(a_chip_with_a_raw_key_goes_into_no_device, start, end),
        cmocka_unit_test_setup_teardown(data_that_anyone_on_the_line_may_read_goes_into_no_device, start, end),
        cmocka_unit_test_setup_teardown(a_raw_key_found_past_the_factory_does_not_sign, start, end),
        cmocka_unit_test_setup_teardown(objects_are_listed_with_their_attributes, start, end),
        cmocka_unit_test_setup_teardown(a_deleted_object_is_gone_after_a_restart_too_and_its_id_is_free, start, end),
        cmocka_unit_test_setup_teardown(objects_of_the_profile_cannot_be_deleted, start, end),
        cmocka_unit_test_setup_teardown(an_auth_object_goes_only_by_who_knows_its_secret, start, end),
        cmocka_unit_test_setup_teardown(at_the_end_of_life_nothing_lives_on_with_the_session, start, end),
        cmocka_unit_test_setup_teardown(what_is_sealed_opens_in_its_stages_of_life_only, start, end),
        cmocka_unit_test_setup_teardown(no_altered_or_foreign_sealed_text_opens, start, end),
        cmocka_unit_test_setup_teardown(the_self_test_passes, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
