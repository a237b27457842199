/* SPDX-License-Identifier: Apache-2.0 */
/* Every command in every stage of life, in the clear and in a session, whole and spoilt; every status that a host can cause. Against
 * the core in this process, and (mscp/conformance) against a chip, the Secure world and the daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_bodies.h"

static struct rig rig;
static struct mscp_binding binding;

static int start(void **state)
{
    rig.place = rig_place();
    rig_start(&rig);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

/* What each command says in the clear of an unpaired chip, and in a session of each stage. Handshakes first, while the rate
 * budget is whole. */
static const struct {
    uint8_t command;
    int16_t clear, factory, operational, ended, returned;
} expected[] = {
    {MSCP_GET_INFO, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK},
    {MSCP_PAIR, MSCP_OK, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED},
    {MSCP_OPEN_SESSION, MSCP_NOT_PAIRED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED,
     MSCP_NOT_SUPPORTED},
    {MSCP_RESUME_SESSION, MSCP_NOT_PAIRED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED,
     MSCP_NOT_SUPPORTED},
    {MSCP_GET_RANDOM, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_SET_LIFECYCLE, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK},
    {MSCP_GENERATE_KEY_PAIR, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_WRONG_LIFECYCLE, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_CREATE_OBJECT, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_WRONG_LIFECYCLE, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_GET_ATTRIBUTES, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_NO_SUCH_OBJECT, MSCP_NO_SUCH_OBJECT},
    {MSCP_GET_PUBLIC_KEY, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_LIST_OBJECTS, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK},
    {MSCP_DELETE_OBJECT, MSCP_SESSION_REQUIRED, MSCP_POLICY_DENIED, MSCP_WRONG_LIFECYCLE, MSCP_TERMINATED,
     MSCP_TERMINATED},
    {MSCP_SELF_TEST, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK},
    {MSCP_SEAL_DATA, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_UNSEAL_DATA, MSCP_SESSION_REQUIRED, MSCP_VERIFY_FAILED, MSCP_VERIFY_FAILED, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_READ_DATA, MSCP_WRONG_LIFECYCLE, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_OK},
    {MSCP_WRITE_DATA, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_INCREMENT_COUNTER, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_SIGN, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_KEY_AGREEMENT, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_AUTHENTICATE, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_IMPORT_KEY, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_VERIFY, MSCP_SESSION_REQUIRED, MSCP_VERIFY_FAILED, MSCP_VERIFY_FAILED, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_DERIVE_KEY, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_COMPUTE_MAC, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_VERIFY_MAC, MSCP_SESSION_REQUIRED, MSCP_VERIFY_FAILED, MSCP_VERIFY_FAILED, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_ENCRYPT, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_DECRYPT, MSCP_SESSION_REQUIRED, MSCP_VERIFY_FAILED, MSCP_VERIFY_FAILED, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_HASH, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_ATTEST_KEY, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_REPAIR, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_UPDATE_FIRMWARE, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_GET_EVIDENCE, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_EXTEND_MEASUREMENT, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_VERIFY_BOOT, MSCP_SESSION_REQUIRED, MSCP_NO_SUCH_OBJECT, MSCP_NO_SUCH_OBJECT, MSCP_TERMINATED,
     MSCP_TERMINATED},
    {MSCP_MAKE_RECEIPT, MSCP_SESSION_REQUIRED, MSCP_VERIFY_FAILED, MSCP_VERIFY_FAILED, MSCP_TERMINATED,
     MSCP_TERMINATED},
    {MSCP_CHECK_RECEIPT, MSCP_SESSION_REQUIRED, MSCP_VERIFY_FAILED, MSCP_VERIFY_FAILED, MSCP_TERMINATED,
     MSCP_TERMINATED},
    {MSCP_GET_AUDIT_LOG, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK},
    {MSCP_LOGIN_PROOF, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_LOGIN_ACCEPT, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_CLOSE_SESSION, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK},
    {0x7E, MSCP_UNKNOWN_COMMAND, MSCP_UNKNOWN_COMMAND, MSCP_UNKNOWN_COMMAND, MSCP_UNKNOWN_COMMAND,
     MSCP_UNKNOWN_COMMAND},
};
#define COMMANDS (sizeof expected / sizeof expected[0])

/* What the table says, in this place: not every one can put another firmware in its own place. */
static int16_t want_of(size_t i, size_t column)
{
    const int16_t want[] = {expected[i].clear, expected[i].factory, expected[i].operational, expected[i].ended,
                            expected[i].returned};
    bool updates = rig.place != NULL && rig.place->firmware != NULL;
    return expected[i].command == MSCP_UPDATE_FIRMWARE && want[column] == MSCP_OK && !updates ? MSCP_NOT_SUPPORTED
                                                                                              : want[column];
}

static void try_all(size_t column)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        body_of(&rig, expected[i].command);
        if (column == 0) {
            struct mico_span span = said_span();
            struct mscp_response answer;
            rig_pass(&rig, 5000); /* each refusal costs rate budget */
            assert_int_equal(rig_clear(&rig, expected[i].command, span, &answer), want_of(i, 0));
            assert_int_equal(answer.detail, 0);
        } else {
            open_session(&rig);
            assert_int_equal(say_to(&rig, expected[i].command), want_of(i, column));
        }
    }
}

static void every_command_in_every_stage_of_life_says_what_the_table_says(void **state)
{
    static const uint8_t value[3] = {1, 2, 3};
    for (size_t last_stage = 3; last_stage <= 4; last_stage++) {
        rig_start(&rig);
        try_all(0);
        rig_restart_chip(&rig);
        rig_new_host(&rig, NULL);
        rig_provision(&rig, &binding, false);
        assert_int_equal(mscp_host_create(&rig.host, THE_DATA, &rig_data, MICO_SPAN(value)), MICO_OK);
        make_secrets(&rig);
        try_all(1);
        assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
        try_all(2);
        enum mscp_lifecycle to = last_stage == 3 ? MSCP_END_OF_LIFE : MSCP_RETURNED;
        assert_int_equal(mscp_host_set_lifecycle(&rig.host, to, false, NULL), MICO_OK);
        try_all(last_stage);
        rig_restart_chip(&rig);
        try_all(last_stage);
    }
}

static void in_the_clear_a_paired_chip_gives_its_facts_and_nothing_else(void **state)
{
    rig_provision(&rig, &binding, true);
    for (size_t i = 0; i < COMMANDS; i++) {
        struct mscp_response answer;
        body_of(&rig, expected[i].command);
        int status = rig_clear(&rig, expected[i].command, said_span(), &answer);
        int want = expected[i].command == MSCP_PAIR             ? MSCP_ALREADY_PAIRED
                   : expected[i].command == MSCP_RESUME_SESSION ? MSCP_OK /* which only the host can use */
                   : expected[i].command == MSCP_OPEN_SESSION   ? MSCP_AUTH_FAILED
                   : expected[i].command == MSCP_READ_DATA      ? MSCP_POLICY_DENIED
                                                                : expected[i].clear;
        assert_int_equal(status, want);
        assert_int_equal(answer.detail, 0);
        assert_true(status == MSCP_OK || answer.body.len == 0);
    }
}

/* One TLV after the other of a good request: cut off by its last byte, doubled, without its value, or joined by one that no
 * command has. Nothing of it is carried out, and it costs rate budget. */
static bool spoil(unsigned how, size_t at, size_t len)
{
    switch (how) {
    case 0:
        said.body.len--;
        return true;
    case 1:
        mico_write_bytes(&said.body, said.bytes + at, len);
        return true;
    case 2:
        memmove(said.bytes + at + 3, said.bytes + at + len, said.body.len - at - len);
        said.body.len -= len - 3;
        mico_store_le16(said.bytes + at + 1, 0);
        return len > 3 && said.bytes[at] != MSCP_TAG_BYTES;
    default:
        mico_write_bytes(&said.body, "\x3F\x01\x00", 4);
        return true;
    }
}

static void every_command_refuses_each_spoilt_tlv_and_changes_nothing(void **state)
{
    unsigned tried = 0;
    rig_provision(&rig, &binding, false);
    make_secrets(&rig);
    for (size_t i = 0; i < COMMANDS; i++) {
        uint8_t command = expected[i].command;
        if (expected[i].factory == MSCP_NOT_SUPPORTED || expected[i].factory == MSCP_UNKNOWN_COMMAND) {
            continue;
        }
        for (unsigned how = 0; how < 4; how++) {
            body_of(&rig, command);
            size_t whole = said.body.len, len;
            for (size_t at = 0; at < whole; at += len) {
                body_of(&rig, command);
                len = 3 + (size_t)mico_load_le16(said.bytes + at + 1);
                if (!spoil(how, at, len)) {
                    continue;
                }
                open_session(&rig);
                rig.now_ms += 60000;
                uint16_t objects = rig.chip.objects;
                int status = say_to(&rig, command);
                if (status != MSCP_BAD_PARAM && status != MSCP_BAD_LENGTH) {
                    fail_msg("command %02x, TLV %02x, spoilt in manner %u: %d", command, said.bytes[at], how, status);
                }
                assert_int_equal(rig.chip.failures, 1);
                assert_int_equal(rig.chip.objects, objects);
                tried++;
            }
        }
    }
    print_message("%u spoilt requests\n", tried);
}

static void every_status(void **state)
{
    every_status_that_a_host_can_cause(&rig, &binding);
}

static int with_nonce(uint8_t command, uint32_t id, size_t len)
{
    static const uint8_t nonce[MSCP_CHALLENGE_MAX + 1] = {9};
    say_begin();
    if (id != 0) {
        say_begin_id(id);
    }
    mscp_put_bytes(&said.body, MSCP_TAG_NONCE, nonce, len);
    return say_to(&rig, command);
}

static void evidence_takes_challenges_of_32_48_and_64_bytes_and_nothing_else_takes_such_a_nonce(void **state)
{
    static const size_t lengths[] = {0, 31, 32, 33, 47, 48, 49, 63, 64, 65};
    static const uint8_t nonce[MSCP_CHALLENGE_MAX] = {9};
    uint8_t identity[32], token[MSCP_EVIDENCE_MAX];
    struct mscp_evidence evidence;
    size_t token_len;
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t len = lengths[i];
        int want = mscp_challenge_fits(len) ? MSCP_OK : MSCP_BAD_LENGTH;
        assert_int_equal(with_nonce(MSCP_GET_EVIDENCE, 0, len), want);
        assert_int_equal(with_nonce(MSCP_ATTEST_KEY, MSCP_ID_IDENTITY, len), want);
        assert_int_equal(with_nonce(MSCP_LOGIN_PROOF, 0, len), len == 32 ? MSCP_OK : MSCP_BAD_LENGTH);
        mico_err err = mscp_host_evidence(&rig.host, 0, (struct mico_span){nonce, len}, token, &token_len);
        assert_int_equal(err, want == MSCP_OK ? MICO_OK : MICO_ERR_SIZE);
        if (err == MICO_OK) {
            const struct mico_span made = {token, token_len};
            assert_int_equal(mscp_evidence_verify(made, MICO_SPAN(identity), &evidence), MICO_OK);
            assert_int_equal(evidence.nonce_len, len);
            assert_memory_equal(evidence.nonce, nonce, len);
        }
    }
    struct mscp_response answer;
    body_of(&rig, MSCP_RESUME_SESSION);
    memmove(said.bytes + 3 + 48, said.bytes + 3 + 32, said.body.len - 3 - 32);
    said.body.len += 16;
    said.bytes[1] = 48;
    rig_pass(&rig, 60000);
    assert_int_equal(rig_clear(&rig, MSCP_RESUME_SESSION, said_span(), &answer), MSCP_BAD_LENGTH);
}

static void a_device_in_the_field_makes_pairs_of_its_own_and_removes_them(void **state)
{
    static const struct mscp_attributes tls = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_TLS_CLIENT},
                                        p256 = {.type = MSCP_KEY_P256, .usage = MSCP_USE_AGREE};
    uint8_t key[32], point[MSCP_P256_SIZE], shared[32], back[32], private_key[32];
    static uint8_t transcript[1300], signature[64];
    const struct mico_span message = {transcript, rig_transcript(transcript, sizeof transcript)};
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_FIELD, &tls, key), MICO_OK);
    assert_int_equal(mscp_host_generate_p256(&rig.host, MSCP_ID_FIELD + 1, &p256, point), MICO_OK);
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_FIELD, message, signature), MICO_OK);
    assert_int_equal(mico_ed25519_verify(key, message, signature), MICO_OK);
    memset(private_key, 3, sizeof private_key);
    assert_int_equal(mico_p256_agree(private_key, point, shared), MICO_OK);
    assert_int_equal(mico_p256_public(private_key, point), MICO_OK);
    assert_int_equal(mscp_host_agree_p256(&rig.host, MSCP_ID_FIELD + 1, point, back), MICO_OK);
    assert_memory_equal(back, shared, sizeof shared);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_FIELD), MICO_OK);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_FIELD, message, signature), MICO_ERR_STATE);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_IDENTITY), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_GENERAL, &tls, key), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
}

/* ---- an old flash ---- */

static void a_flash_that_was_put_back_is_rollback_and_the_newest_is_not(void **state)
{
    uint64_t value = 0;
    if (rig.place == NULL) {
        return; /* chip_anchor_test.c, at every operation */
    }
    rig_provision(&rig, &binding, true);
    rig.place->keep_flash(0);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 7), MICO_OK);
    rig.place->keep_flash(1);
    rig.place->put_back(0);
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding);
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_ERR_ROLLBACK);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_ROLLBACK);
    rig.place->put_back(1);
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding);
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 7);
}

/* ---- another firmware ---- */

static uint32_t version_now(void)
{
    struct mscp_info info;
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    return info.firmware_version;
}

static mico_err update_to(uint8_t minor)
{
    static uint8_t image[MSCP_FIRMWARE_SLOT_SIZE];
    uint32_t address, version;
    mico_err err = mscp_host_update_ask(&rig.host, &address, &version);
    if (err != MICO_OK) {
        return err;
    }
    size_t len = rig.place->firmware(address, minor, image);
    return mscp_host_update(&rig.host, (struct mico_span){image, len}, &version);
}

static void a_place_that_can_be_updated_is_and_the_others_say_that_they_cannot(void **state)
{
    uint8_t key[32], same[32];
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key), MICO_OK);
    if (rig.place == NULL || rig.place->firmware == NULL) {
        assert_int_equal(update_to(9), MICO_ERR_UNSUPPORTED);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_NOT_SUPPORTED);
        return;
    }
    uint32_t before = version_now();
    assert_int_equal(update_to(9), MICO_OK);
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding);
    assert_int_equal(version_now(), 9u << 16);
    assert_int_not_equal(before, 9u << 16);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, same), MICO_OK);
    assert_memory_equal(key, same, sizeof key);
    assert_int_equal(update_to(8), MICO_ERR_ROLLBACK);
    assert_int_equal(update_to(9), MICO_ERR_ROLLBACK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_command_in_every_stage_of_life_says_what_the_table_says, start, end),
        cmocka_unit_test_setup_teardown(in_the_clear_a_paired_chip_gives_its_facts_and_nothing_else, start, end),
        cmocka_unit_test_setup_teardown(every_status, start, end),
        cmocka_unit_test_setup_teardown(
            evidence_takes_challenges_of_32_48_and_64_bytes_and_nothing_else_takes_such_a_nonce, start, end),
        cmocka_unit_test_setup_teardown(a_device_in_the_field_makes_pairs_of_its_own_and_removes_them, start, end),
        cmocka_unit_test_setup_teardown(a_flash_that_was_put_back_is_rollback_and_the_newest_is_not, start, end),
        cmocka_unit_test_setup_teardown(a_place_that_can_be_updated_is_and_the_others_say_that_they_cannot, start, end),
    };
    const struct CMUnitTest inside[] = {
        cmocka_unit_test_setup_teardown(every_command_refuses_each_spoilt_tlv_and_changes_nothing, start, end),
    };
    int failed = cmocka_run_group_tests_name("conformance", tests, NULL, NULL);
    return rig_place() != NULL || failed != 0 ? failed : cmocka_run_group_tests_name("inside", inside, NULL, NULL);
}
