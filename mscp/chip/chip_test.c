/* SPDX-License-Identifier: Apache-2.0 */
/* What chip and driver do when nothing disturbs them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;

static int start(void **state)
{
    rig_start(&rig);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void info_is_there_before_pairing_and_says_what_changes(void **state)
{
    struct mscp_info before, after;
    assert_int_equal(mscp_host_info(&rig.host, &before), MICO_OK);
    assert_int_equal(before.lifecycle, MSCP_CREATED);
    assert_false(before.paired);
    assert_int_equal(before.boot_counter, 1);
    assert_int_equal(before.firmware_version, MSCP_CHIP_VERSION);
    rig_provision(&rig, &binding, true);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_info(&rig.host, &after), MICO_OK);
    assert_int_equal(after.lifecycle, MSCP_OPERATIONAL);
    assert_true(after.paired);
    assert_int_equal(after.boot_counter, 2);
    assert_memory_equal(before.serial, after.serial, MSCP_SERIAL_SIZE);
    assert_memory_equal(binding.serial, after.serial, MSCP_SERIAL_SIZE);
}

static void the_binding_survives_its_encoding_and_opens_a_session(void **state)
{
    uint8_t bytes[MSCP_BINDING_SIZE], random[32];
    rig_provision(&rig, &binding, false);
    mscp_binding_encode(&binding, bytes);
    struct mscp_binding back;
    assert_int_equal(mscp_binding_decode(&back, bytes, sizeof bytes), MICO_OK);
    assert_memory_equal(&back, &binding, sizeof back);
    rig_new_host(&rig, &back);
    assert_int_equal(mscp_host_random(&rig.host, random, sizeof random), MICO_OK);
    bytes[40] ^= 1;
    assert_int_equal(mscp_binding_decode(&back, bytes, sizeof bytes), MICO_ERR_FORMAT);
    assert_true(mico_ct_is_zero(&back, sizeof back));
    assert_int_equal(mscp_binding_decode(&back, bytes, sizeof bytes - 1), MICO_ERR_SIZE);
}

static void signatures_verify_for_transcripts_of_every_size_and_for_pairing(void **state)
{
    static uint8_t message[MSCP_MESSAGE_MAX];
    uint8_t key[32], signature[64];
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key), MICO_OK);
    for (size_t want = 500; want <= MSCP_MESSAGE_MAX; want += 510) {
        struct mico_span transcript = {message, rig_transcript(message, want)};
        assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_IDENTITY, transcript, signature), MICO_OK);
        assert_int_equal(mico_ed25519_verify(key, transcript, signature), MICO_OK);
        assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, transcript, signature), MICO_ERR_DENIED);
    }
    rig_pairing_message(message);
    struct mico_span pairing = {message, RIG_PAIRING_MESSAGE};
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, pairing, signature), MICO_OK);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_PAIRING, key), MICO_OK);
    assert_int_equal(mico_ed25519_verify(key, pairing, signature), MICO_OK);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, (struct mico_span){message, 4097}, signature),
                     MICO_ERR_SIZE);
}

static void agreement_gives_what_the_other_side_calculates(void **state)
{
    uint8_t own[32], own_public[32], chip_public[32], theirs[32], ours[32], low[32] = {0};
    rig_provision(&rig, &binding, true);
    memset(own, 0x42, sizeof own);
    mico_x25519_public(own, own_public);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_FIRMWARE, chip_public), MICO_OK);
    assert_int_equal(mscp_host_agree(&rig.host, MSCP_ID_FIRMWARE, own_public, theirs), MICO_OK);
    assert_int_equal(mico_x25519(own, chip_public, ours), MICO_OK);
    assert_memory_equal(ours, theirs, 32);
    assert_int_equal(mscp_host_agree(&rig.host, MSCP_ID_FIRMWARE, low, theirs), MICO_ERR_CRYPTO);
    assert_memory_equal(ours, theirs, 32); /* untouched */
    assert_int_equal(mscp_host_agree(&rig.host, MSCP_ID_IDENTITY, own_public, theirs), MICO_ERR_DENIED);
}

static void data_of_every_size_is_read_as_written_and_survives_a_restart(void **state)
{
    static uint8_t value[MSCP_MESSAGE_MAX], back[MSCP_MESSAGE_MAX];
    const size_t sizes[] = {0, 1, 1023, 1024, 1025, 2047, 2048, 2049, 3000, 4095, 4096};
    rig_provision(&rig, &binding, false);
    for (size_t i = 0; i < sizeof value; i++) {
        value[i] = (uint8_t)(i * 13 + i / 256);
    }
    assert_int_equal(mscp_host_create(&rig.host, 0x100, &rig_data, (struct mico_span){value, 4096}), MICO_OK);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t len = 9999;
        value[0]++;
        assert_int_equal(mscp_host_write(&rig.host, 0x100, (struct mico_span){value, sizes[i]}), MICO_OK);
        rig_restart_chip(&rig);
        assert_int_equal(mscp_host_read(&rig.host, 0x100, back, sizeof back, &len), MICO_OK);
        assert_int_equal(len, sizes[i]);
        assert_memory_equal(back, value, len);
        if (len > 0) {
            assert_int_equal(mscp_host_read(&rig.host, 0x100, back, len - 1, &len), MICO_ERR_SIZE);
        }
    }
    assert_int_equal(mscp_host_write(&rig.host, 0x100, (struct mico_span){value, 4097}), MICO_ERR_SIZE);
}

static void a_counter_only_rises_and_remembers(void **state)
{
    uint64_t value = 99;
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 0);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 7), MICO_OK);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 7), MICO_OK);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 3), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 7);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, UINT64_MAX), MICO_OK);
    const uint8_t id[] = {0x09, 4, 0, MSCP_ID_ROLLBACK, 0, 0, 0};
    assert_int_equal(rig_record(&rig, MSCP_INCREMENT_COUNTER, MICO_SPAN(id), rig.host.session.next, NULL),
                     MSCP_COUNTER_OVERFLOW);
}

static void attributes_are_what_was_asked_with_the_chips_own_origin(void **state)
{
    struct mscp_attributes a = rig_identity, got;
    bool found = true;
    uint8_t key[32], same[32];
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(mscp_host_attributes(&rig.host, 5, &got, &found), MICO_OK);
    assert_false(found);
    a.origin = MSCP_IMPORTED; /* a lie */
    assert_int_equal(mscp_host_generate(&rig.host, 5, &a, key), MICO_OK);
    assert_int_equal(mscp_host_attributes(&rig.host, 5, &got, &found), MICO_OK);
    assert_true(found);
    assert_int_equal(got.origin, MSCP_GENERATED);
    assert_int_equal(got.usage, a.usage);
    assert_int_equal(mscp_host_generate(&rig.host, 5, &a, same), MICO_ERR_STATE);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_OBJECT_EXISTS);
    assert_int_equal(mscp_host_public_key(&rig.host, 5, same), MICO_OK);
    assert_memory_equal(key, same, 32);
}

static void a_dry_run_names_each_clause_and_changes_nothing(void **state)
{
    uint32_t failing = 0;
    uint8_t key[32], wrong[32] = {1}, der[512];
    struct mscp_host *h = &rig.host;
    assert_int_equal(mscp_host_pair(h, &binding), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(h, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 2 | 4);
    assert_int_equal(mscp_host_generate(h, MSCP_ID_IDENTITY, &rig_identity, key), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(h, MSCP_OPERATIONAL, false, &failing), MICO_ERR_DENIED);
    assert_int_equal(failing, 4);
    struct mscp_attributes writable = rig_cert;
    writable.write = MSCP_SESSION;
    struct mico_span chain = {der, rig_certificate(wrong, der, sizeof der)};
    assert_int_equal(mscp_host_create(h, MSCP_ID_CHAIN, &writable, chain), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(h, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 8);
    (void)rig_certificate(key, der, sizeof der);
    assert_int_equal(mscp_host_write(h, MSCP_ID_CHAIN, chain), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(h, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 0);
    struct mscp_info info;
    assert_int_equal(mscp_host_info(h, &info), MICO_OK);
    assert_int_equal(info.lifecycle, MSCP_FACTORY);
    assert_int_equal(mscp_host_set_lifecycle(h, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(h, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 16);
}

static void a_session_is_opened_by_itself_and_again_after_the_chip_restarts(void **state)
{
    uint8_t random[40], zeros[40] = {0};
    rig_provision(&rig, &binding, true);
    for (unsigned i = 0; i < 3; i++) {
        rig_restart_chip(&rig);
        memset(random, 0, sizeof random);
        assert_int_equal(mscp_host_random(&rig.host, random, sizeof random), MICO_OK);
        assert_memory_not_equal(random, zeros, sizeof random);
    }
    assert_int_equal(rig.host.sessions, 4);
    mscp_host_stop(&rig.host);
    assert_false(rig.chip.session.open);
}

static void the_cost_on_the_wire_is_known(void **state)
{
    static uint8_t message[MSCP_MESSAGE_MAX];
    uint8_t signature[64];
    rig_provision(&rig, &binding, true);
    rig_new_host(&rig, &binding);
    uint64_t value;
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    uint32_t trips = rig.host.round_trips, sent = rig.host.bytes_sent, received = rig.host.bytes_received;
    struct mico_span transcript = {message, rig_transcript(message, 2048)};
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_IDENTITY, transcript, signature), MICO_OK);
    print_message("open session and read a counter: %u round trips, %u bytes out, %u in\n", trips, sent, received);
    print_message(
        "sign %u bytes: %u round trips, %u bytes out, %u in; struct mscp_chip %u, struct mscp_host %u bytes\n",
        (unsigned)transcript.len, rig.host.round_trips - trips, rig.host.bytes_sent - sent,
        rig.host.bytes_received - received, (unsigned)sizeof(struct mscp_chip), (unsigned)sizeof(struct mscp_host));
    assert_int_equal(trips, 2);
    assert_int_equal(sent + received, 134 + 108); /* as docs/MSCP.md says */
    assert_int_equal(rig.host.round_trips - trips, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(info_is_there_before_pairing_and_says_what_changes, start, end),
        cmocka_unit_test_setup_teardown(the_binding_survives_its_encoding_and_opens_a_session, start, end),
        cmocka_unit_test_setup_teardown(signatures_verify_for_transcripts_of_every_size_and_for_pairing, start, end),
        cmocka_unit_test_setup_teardown(agreement_gives_what_the_other_side_calculates, start, end),
        cmocka_unit_test_setup_teardown(data_of_every_size_is_read_as_written_and_survives_a_restart, start, end),
        cmocka_unit_test_setup_teardown(a_counter_only_rises_and_remembers, start, end),
        cmocka_unit_test_setup_teardown(attributes_are_what_was_asked_with_the_chips_own_origin, start, end),
        cmocka_unit_test_setup_teardown(a_dry_run_names_each_clause_and_changes_nothing, start, end),
        cmocka_unit_test_setup_teardown(a_session_is_opened_by_itself_and_again_after_the_chip_restarts, start, end),
        cmocka_unit_test_setup_teardown(the_cost_on_the_wire_is_known, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
