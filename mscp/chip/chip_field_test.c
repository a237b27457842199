/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs that a device makes for itself in the field: what they do, and what they cannot push aside or wear out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

#define TLS (MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_CSR)
#define A_MINUTE 60000

static struct rig rig;
static struct mscp_binding binding;
static uint8_t key[32], point[MSCP_P256_SIZE];
static const struct mscp_attributes tls = {.type = MSCP_KEY_ED25519, .usage = TLS};

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    return 0;
}

static int start_in_factory(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void go_to_the_field(void)
{
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
}

static void expect_made(uint32_t id)
{
    assert_int_equal(mscp_host_generate(&rig.host, id, &tls, key), MICO_OK);
}

static void expect_refused(uint32_t id, const struct mscp_attributes *a, enum mscp_status status, uint16_t detail)
{
    bool p256 = a->type == MSCP_KEY_P256;
    uint16_t objects = rig.chip.objects;
    mico_err err = p256 ? mscp_host_generate_p256(&rig.host, id, a, point) : mscp_host_generate(&rig.host, id, a, key);
    assert_int_not_equal(err, MICO_OK);
    assert_int_equal(mscp_host_last_status(&rig.host), status);
    assert_int_equal(rig.host.last_detail, detail);
    assert_int_equal(rig.chip.objects, objects);
}

static void a_pair_made_in_the_field_signs_for_tls_is_attested_and_stays(void **state)
{
    static uint8_t transcript[1300];
    const struct mico_span message = {transcript, rig_transcript(transcript, sizeof transcript)};
    static const uint8_t nonce[32] = {7};
    uint8_t signature[64], identity[32], token[MSCP_EVIDENCE_MAX], same[32], spki[MSCP_SPKI_25519_SIZE];
    struct mscp_evidence evidence;
    size_t len;
    expect_made(MSCP_ID_FIELD);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_FIELD, message, signature), MICO_OK);
    assert_int_equal(mico_ed25519_verify(key, message, signature), MICO_OK);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_FIELD, MICO_SPAN(nonce), signature), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_SHAPE); /* no oracle, as little as a key of the factory's */
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, MSCP_ID_FIELD, MICO_SPAN(nonce), token, &len), MICO_OK);
    assert_int_equal(mscp_evidence_verify((struct mico_span){token, len}, MICO_SPAN(identity), &evidence), MICO_OK);
    mscp_spki_25519(MSCP_KEY_ED25519, key, spki);
    assert_memory_equal(evidence.key.spki, spki, sizeof spki);
    assert_int_equal(evidence.key.attributes.origin, MSCP_GENERATED);
    assert_int_equal(evidence.key.attributes.usage, TLS);
    assert_int_equal(evidence.lifecycle, MSCP_OPERATIONAL);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_FIELD, same), MICO_OK);
    assert_memory_equal(same, key, sizeof key);
}

static void every_usage_that_a_device_may_have_is_made_and_no_other(void **state)
{
    unsigned made = 0;
    for (uint8_t type = MSCP_KEY_ED25519; type <= MSCP_KEY_P256; type++) {
        for (unsigned bit = 0; bit < 16; bit++) {
            const struct mscp_attributes a = {.type = type, .usage = (uint16_t)(1u << bit)};
            bool wanted = mscp_key_attributes_allowed(MSCP_ID_FIELD, &a) && a.usage != MSCP_USE_SIGN_RAW &&
                          a.usage != MSCP_USE_ATTEST;
            rig.now_ms += A_MINUTE;
            if (!wanted) {
                expect_refused(MSCP_ID_FIELD, &a, MSCP_POLICY_DENIED, MSCP_CLAUSE_ATTRIBUTES);
                continue;
            }
            mico_err err = type == MSCP_KEY_P256 ? mscp_host_generate_p256(&rig.host, MSCP_ID_FIELD, &a, point)
                                                 : mscp_host_generate(&rig.host, MSCP_ID_FIELD, &a, key);
            assert_int_equal(err, MICO_OK);
            assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD), MICO_OK);
            made++;
        }
    }
    assert_int_equal(made, 4 + 1 + 5); /* TLS client, pairing, CSR, TLS server; AGREE; all of them */
    const struct mscp_attributes both = {.type = MSCP_KEY_ED25519, .usage = TLS | MSCP_USE_ATTEST};
    expect_refused(MSCP_ID_FIELD, &both, MSCP_POLICY_DENIED, MSCP_CLAUSE_ATTRIBUTES);
    const struct mscp_attributes readable = {.type = MSCP_KEY_ED25519, .usage = TLS, .read = MSCP_SESSION};
    expect_refused(MSCP_ID_FIELD, &readable, MSCP_POLICY_DENIED, MSCP_CLAUSE_ATTRIBUTES);
}

static void other_ids_are_the_factorys(void **state)
{
    static const uint32_t ids[] = {0,       MSCP_ID_IDENTITY,  MSCP_ID_OWNER,    0x50, 0x1000,
                                   0x20000, MSCP_ID_FIELD - 1, MSCP_ID_VOLATILE, ~0u};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        expect_refused(ids[i], &tls, MSCP_WRONG_LIFECYCLE, 0);
    }
    expect_made(MSCP_ID_FIELD);
    expect_made(MSCP_ID_VOLATILE - 1);
    expect_refused(MSCP_ID_VOLATILE - 1, &tls, MSCP_OBJECT_EXISTS, 0);
}

static void only_pairs_made_inside_have_such_an_id_in_the_field(void **state)
{
    static const struct mscp_attributes secret = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC};
    static const uint8_t bytes[32] = {1}, value[3] = {1, 2, 3};
    struct mscp_import import = {.id = MSCP_ID_FIELD, .attributes = &tls, .key = MICO_SPAN(bytes)};
    assert_int_equal(mscp_host_import(&rig.host, &import, key), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
    import.attributes = &secret;
    assert_int_equal(mscp_host_import(&rig.host, &import, NULL), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_FIELD, &rig_data, MICO_SPAN(value)), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
    const uint8_t peer[32] = {9};
    assert_int_equal(mscp_host_agree_inside(&rig.host, MSCP_ID_FIRMWARE, MICO_SPAN(peer), MSCP_ID_FIELD, &secret),
                     MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
    expect_refused(MSCP_ID_FIELD, &secret, MSCP_NOT_SUPPORTED, 0);
}

static void nothing_of_the_factorys_goes(void **state)
{
    static const struct mscp_attributes imported = {.type = MSCP_KEY_ED25519, .usage = TLS};
    static const uint8_t value[3] = {1, 2, 3}, seed[32] = {5};
    const struct mscp_import import = {.id = MSCP_ID_FIELD + 1, .attributes = &imported, .key = MICO_SPAN(seed)};
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_FIELD, &rig_data, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_import(&rig.host, &import, key), MICO_OK);
    expect_made(MSCP_ID_FIELD + 2); /* which the factory made for the field to replace */
    expect_made(MSCP_ID_FIELD - 1);
    go_to_the_field();
    static const uint32_t kept[] = {MSCP_ID_IDENTITY, MSCP_ID_PAIRING, MSCP_ID_FIRMWARE,  MSCP_ID_ROLLBACK,
                                    MSCP_ID_CHAIN,    MSCP_ID_FIELD,   MSCP_ID_FIELD + 1, MSCP_ID_FIELD - 1};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        assert_int_equal(mscp_host_delete(&rig.host, kept[i]), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
        expect_refused(kept[i], &tls, kept[i] >= MSCP_ID_FIELD ? MSCP_OBJECT_EXISTS : MSCP_WRONG_LIFECYCLE, 0);
    }
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD + 2), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD + 2), MICO_ERR_STATE); /* there is none */
    assert_int_equal(rig.chip.objects, sizeof kept / sizeof kept[0]);
}

static void there_are_eight_at_most(void **state)
{
    for (uint32_t i = 0; i < MSCP_FIELD_KEYS; i++) {
        expect_made(MSCP_ID_FIELD + 0x1000 * i);
    }
    rig.now_ms += 8 * A_MINUTE;
    expect_refused(MSCP_ID_FIELD + 1, &tls, MSCP_NO_SPACE, 0);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD), MICO_OK);
    expect_made(MSCP_ID_FIELD + 1);
    rig_restart_chip(&rig);
    expect_refused(MSCP_ID_FIELD, &tls, MSCP_NO_SPACE, 0);
}

static void a_chip_that_is_full_makes_none(void **state)
{
    for (uint32_t i = rig.chip.objects; i < MSCP_OBJECTS_MAX; i++) {
        assert_int_equal(mscp_host_create(&rig.host, 0x100 + i, &rig_counter, (struct mico_span){NULL, 0}), MICO_OK);
    }
    go_to_the_field();
    expect_refused(MSCP_ID_FIELD, &tls, MSCP_NO_SPACE, 0);
}

static void after_eight_at_once_there_is_one_a_minute(void **state)
{
    uint64_t operations;
    for (unsigned i = 0; i < MSCP_FIELD_KEYS; i++) {
        expect_made(MSCP_ID_FIELD);
        assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD), MICO_OK);
    }
    operations = rig.flash.operations;
    expect_refused(MSCP_ID_FIELD, &tls, MSCP_RATE_LIMITED, A_MINUTE);
    rig.now_ms += A_MINUTE - 1;
    expect_refused(MSCP_ID_FIELD, &tls, MSCP_RATE_LIMITED, 1);
    assert_int_equal(rig.flash.operations, operations);
    rig.now_ms += 1;
    expect_made(MSCP_ID_FIELD);
    expect_refused(MSCP_ID_FIELD + 1, &tls, MSCP_RATE_LIMITED, A_MINUTE);
    rig.now_ms += 3 * A_MINUTE;
    for (unsigned i = 1; i <= 3; i++) {
        expect_made(MSCP_ID_FIELD + i);
    }
    expect_refused(MSCP_ID_FIELD + 4, &tls, MSCP_RATE_LIMITED, A_MINUTE);
}

/* Who can take the chip's power, and give it back, makes the flash bear no more of them. */
static void a_restart_gives_none_of_them_back(void **state)
{
    for (unsigned i = 0; i < MSCP_FIELD_KEYS; i++) {
        expect_made(MSCP_ID_FIELD);
        assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD), MICO_OK);
        rig.now_ms += A_MINUTE - 1; /* of each start */
        rig_restart_chip(&rig);
    }
    expect_refused(MSCP_ID_FIELD, &tls, MSCP_RATE_LIMITED, A_MINUTE);
    rig.now_ms += A_MINUTE;
    expect_made(MSCP_ID_FIELD);
    expect_refused(MSCP_ID_FIELD + 1, &tls, MSCP_RATE_LIMITED, A_MINUTE);
}

/* As docs/MSCP.md reckons what the flash has to bear. */
static void a_pair_made_and_removed_writes_at_most_what_the_page_says(void **state)
{
    const unsigned pairs = 2 * MSCP_AUDIT_PAGE;
    uint32_t before = rig.chip.store.used;
    for (unsigned i = 0; i < pairs; i++) {
        expect_made(MSCP_ID_FIELD);
        assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD), MICO_OK);
        rig.now_ms += A_MINUTE;
    }
    print_message("a pair made and removed: %u bytes\n", (rig.chip.store.used - before) / pairs);
    assert_in_range((rig.chip.store.used - before) / pairs, 900, 1000);
}

static void each_one_made_or_removed_is_entered_in_the_audit_log(void **state)
{
    struct mscp_audit_part part;
    uint64_t from = rig.chip.audit.now.count;
    expect_made(MSCP_ID_FIELD + 7);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD + 7), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD + 7), MICO_ERR_STATE); /* nothing to remove */
    static const uint8_t commands[] = {MSCP_GENERATE_KEY_PAIR, MSCP_DELETE_OBJECT};
    assert_int_equal(rig.chip.audit.now.count, from + sizeof commands);
    assert_int_equal(mscp_host_audit(&rig.host, from, &part), MICO_OK);
    for (unsigned i = 0; i < sizeof commands; i++) {
        struct mscp_audit_entry e = mscp_audit_decode(part.entries + (from - part.first + i) * MSCP_AUDIT_ENTRY);
        assert_int_equal(e.event, MSCP_AUDIT_FIELD);
        assert_int_equal(e.command, commands[i]);
        assert_int_equal(e.status, MSCP_OK);
        assert_int_equal(e.subject, MSCP_ID_FIELD + 7);
        assert_string_equal(mscp_audit_event_name(e.event), "field");
    }
}

static void refusals_cost_none_of_them(void **state)
{
    static const struct mscp_attributes bad = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST};
    for (unsigned i = 0; i < 2 * MSCP_FIELD_KEYS; i++) {
        expect_refused(MSCP_ID_FIELD, &bad, MSCP_POLICY_DENIED, MSCP_CLAUSE_ATTRIBUTES);
        expect_refused(MSCP_ID_FIELD - 1, &tls, MSCP_WRONG_LIFECYCLE, 0);
    }
    for (uint32_t i = 0; i < MSCP_FIELD_KEYS; i++) {
        expect_made(MSCP_ID_FIELD + i);
    }
}

static void a_new_pair_begins_with_all_its_uses(void **state)
{
    static const struct mscp_attributes once = {
        .type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_PAIRING, .policy_len = 6, .policy = {1, MSCP_IF_USES_LEFT, 1}};
    uint8_t message[RIG_PAIRING_MESSAGE], signature[64], first[32];
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_FIELD, &once, key), MICO_OK);
        assert_true(i == 0 || memcmp(first, key, sizeof key) != 0);
        memcpy(first, key, sizeof key);
        rig_pairing_message(message);
        assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_FIELD, MICO_SPAN(message), signature), MICO_OK);
        assert_int_equal(mico_ed25519_verify(key, MICO_SPAN(message), signature), MICO_OK);
        message[0] ^= 1;
        assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_FIELD, MICO_SPAN(message), signature), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_USE_LIMIT);
        assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD), MICO_OK);
    }
}

static void they_end_with_the_device(void **state)
{
    struct mscp_attributes a;
    bool found = true;
    expect_made(MSCP_ID_FIELD);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, NULL), MICO_OK);
    assert_int_equal(mscp_host_attributes(&rig.host, MSCP_ID_FIELD, &a, &found), MICO_OK);
    assert_false(found);
    expect_refused(MSCP_ID_FIELD, &tls, MSCP_TERMINATED, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pair_made_in_the_field_signs_for_tls_is_attested_and_stays, start, end),
        cmocka_unit_test_setup_teardown(every_usage_that_a_device_may_have_is_made_and_no_other, start, end),
        cmocka_unit_test_setup_teardown(other_ids_are_the_factorys, start, end),
        cmocka_unit_test_setup_teardown(only_pairs_made_inside_have_such_an_id_in_the_field, start, end),
        cmocka_unit_test_setup_teardown(nothing_of_the_factorys_goes, start_in_factory, end),
        cmocka_unit_test_setup_teardown(there_are_eight_at_most, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_is_full_makes_none, start_in_factory, end),
        cmocka_unit_test_setup_teardown(after_eight_at_once_there_is_one_a_minute, start, end),
        cmocka_unit_test_setup_teardown(a_restart_gives_none_of_them_back, start, end),
        cmocka_unit_test_setup_teardown(a_pair_made_and_removed_writes_at_most_what_the_page_says, start, end),
        cmocka_unit_test_setup_teardown(each_one_made_or_removed_is_entered_in_the_audit_log, start, end),
        cmocka_unit_test_setup_teardown(refusals_cost_none_of_them, start, end),
        cmocka_unit_test_setup_teardown(a_new_pair_begins_with_all_its_uses, start, end),
        cmocka_unit_test_setup_teardown(they_end_with_the_device, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
