/* SPDX-License-Identifier: Apache-2.0 */
/* Every command in every stage of life, in the clear and in a session, whole and spoilt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/test_say.h"

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

#define THE_AUTH 0x4Fu
#define THE_SECRET 0x73u

/* What the profile does not have and the new commands need. */
static void make_secrets(void)
{
    static const struct mscp_attributes auth = {.type = MSCP_AUTH};
    static const struct mscp_attributes secret = {
        .type = MSCP_SECRET, .usage = MSCP_USE_DERIVE | MSCP_USE_MAC | MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT};
    static const uint8_t value[34] = {MSCP_AUTH_HMAC, 9};
    assert_int_equal(mscp_host_create(&rig.host, THE_AUTH, &auth, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(
        mscp_host_import(&rig.host, &(struct mscp_import){.id = THE_SECRET, .attributes = &secret, .key = {value, 32}},
                         NULL),
        MICO_OK);
}

/* A well-formed body of each command. */
static void body_of(uint8_t command)
{
    static const uint8_t some[64] = {9};
    uint8_t pairing[RIG_PAIRING_MESSAGE];
    rig_pairing_message(pairing);
    say_begin();
    switch (command) {
    case MSCP_GET_RANDOM:
        mscp_put_u16(&said.body, MSCP_TAG_COUNT, 8);
        break;
    case MSCP_PAIR:
        mscp_put_u8(&said.body, MSCP_TAG_STEP, 1);
        mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, some, 32);
        break;
    case MSCP_OPEN_SESSION:
        mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, some, 48);
        break;
    case MSCP_SET_LIFECYCLE:
        mscp_put_u8(&said.body, MSCP_TAG_LIFECYCLE, MSCP_OPERATIONAL);
        mscp_put_u8(&said.body, MSCP_TAG_DRY_RUN, 1);
        break;
    case MSCP_GENERATE_KEY_PAIR:
        say_begin_id(0x70);
        say_attributes(&rig_pairing);
        break;
    case MSCP_CREATE_OBJECT:
        say_begin_id(0x71);
        say_attributes(&rig_data);
        say_piece(3, 0, some, 3);
        break;
    case MSCP_GET_ATTRIBUTES:
    case MSCP_GET_PUBLIC_KEY:
        say_begin_id(MSCP_ID_IDENTITY);
        break;
    case MSCP_SEAL_DATA:
    case MSCP_UNSEAL_DATA:
        mscp_put_bytes(&said.body, MSCP_TAG_BYTES, some, sizeof some);
        break;
    case MSCP_DELETE_OBJECT:
    case MSCP_READ_DATA:
        say_begin_id(MSCP_ID_CHAIN);
        break;
    case MSCP_WRITE_DATA:
        say_begin_id(0x72);
        say_piece(3, 0, some, 3);
        break;
    case MSCP_INCREMENT_COUNTER:
        say_begin_id(MSCP_ID_ROLLBACK);
        break;
    case MSCP_SIGN:
        say_begin_id(MSCP_ID_PAIRING);
        say_piece(sizeof pairing, 0, pairing, sizeof pairing);
        break;
    case MSCP_KEY_AGREEMENT:
        say_begin_id(MSCP_ID_FIRMWARE);
        mscp_put_bytes(&said.body, MSCP_TAG_PUBLIC_KEY, some, 32);
        break;
    case MSCP_AUTHENTICATE:
        say_begin_id(THE_AUTH);
        break;
    case MSCP_IMPORT_KEY:
        say_begin_id(MSCP_ID_VOLATILE);
        say_attributes(&(struct mscp_attributes){.type = MSCP_SECRET, .usage = MSCP_USE_MAC});
        mscp_put_bytes(&said.body, MSCP_TAG_KEY, some, 32);
        break;
    case MSCP_VERIFY:
        say_begin_id(MSCP_ID_PAIRING);
        mscp_put_bytes(&said.body, MSCP_TAG_SIGNATURE, some, 64);
        say_piece(3, 0, some, 3);
        break;
    case MSCP_DERIVE_KEY:
        say_begin_id(THE_SECRET);
        mscp_put_u8(&said.body, MSCP_TAG_ALGORITHM, MSCP_HKDF_SHA256);
        mscp_put_u16(&said.body, MSCP_TAG_COUNT, 32);
        break;
    case MSCP_VERIFY_MAC:
    case MSCP_COMPUTE_MAC:
        say_begin_id(THE_SECRET);
        if (command == MSCP_VERIFY_MAC) {
            mscp_put_bytes(&said.body, MSCP_TAG_MAC, some, 32);
        }
        say_piece(3, 0, some, 3);
        break;
    case MSCP_DECRYPT:
    case MSCP_ENCRYPT:
        say_begin_id(THE_SECRET);
        mscp_put_bytes(&said.body, MSCP_TAG_IV, some, 12);
        mscp_put_bytes(&said.body, MSCP_TAG_BYTES, some, 20);
        break;
    case MSCP_HASH:
        mscp_put_u8(&said.body, MSCP_TAG_ALGORITHM, MSCP_SHA512);
        say_piece(3, 0, some, 3);
        break;
    case MSCP_ATTEST_KEY:
        say_begin_id(MSCP_ID_PAIRING);
        mscp_put_bytes(&said.body, MSCP_TAG_NONCE, some, 32);
        break;
    case MSCP_REPAIR:
        mscp_put_u8(&said.body, MSCP_TAG_STEP, 2);
        break;
    case MSCP_UPDATE_FIRMWARE:
        mscp_put_u8(&said.body, MSCP_TAG_STEP, 0);
        break;
    case MSCP_RESUME_SESSION:
        mscp_put_bytes(&said.body, MSCP_TAG_NONCE, some, 32);
        mscp_put_u32(&said.body, MSCP_TAG_BOOT, rig.chip.boot_counter);
        break;
    case MSCP_GET_EVIDENCE:
    case MSCP_LOGIN_PROOF:
        mscp_put_bytes(&said.body, MSCP_TAG_NONCE, some, 32);
        break;
    case MSCP_EXTEND_MEASUREMENT:
        mscp_put_u8(&said.body, MSCP_TAG_INDEX, 1);
        mscp_put_bytes(&said.body, MSCP_TAG_DIGEST, some, 32);
        break;
    case MSCP_VERIFY_BOOT:
    case MSCP_CHECK_RECEIPT:
        mscp_put_bytes(&said.body, MSCP_TAG_DIGEST, some, 32);
        mscp_put_u64(&said.body, MSCP_TAG_VALUE, 1);
        mscp_put_bytes(&said.body, command == MSCP_VERIFY_BOOT ? MSCP_TAG_SIGNATURE : MSCP_TAG_PROOF, some,
                       command == MSCP_VERIFY_BOOT ? 64 : 32);
        break;
    case MSCP_LOGIN_ACCEPT:
        mscp_put_u64(&said.body, MSCP_TAG_VALUE, rig.chip.login.counter);
        mscp_put_bytes(&said.body, MSCP_TAG_SECRET, some, 32);
        break;
    default:
        break;
    }
}

/* What each command says in the clear of an unpaired chip, and in a session of each stage. */
static const struct {
    uint8_t command;
    int16_t clear, factory, operational, ended, returned;
} expected[] = {
    {MSCP_GET_INFO, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK, MSCP_OK},
    {MSCP_GET_RANDOM, MSCP_SESSION_REQUIRED, MSCP_OK, MSCP_OK, MSCP_TERMINATED, MSCP_TERMINATED},
    {MSCP_PAIR, MSCP_OK, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED},
    {MSCP_OPEN_SESSION, MSCP_NOT_PAIRED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED,
     MSCP_NOT_SUPPORTED},
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
    {MSCP_RESUME_SESSION, MSCP_NOT_PAIRED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED, MSCP_NOT_SUPPORTED,
     MSCP_NOT_SUPPORTED},
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

static void open_session(void)
{
    uint32_t failing; /* a dry run is taken in every stage */
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, true, &failing), MICO_OK);
}

static void try_all(size_t column)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        const int16_t want[] = {expected[i].clear, expected[i].factory, expected[i].operational, expected[i].ended,
                                expected[i].returned};
        body_of(expected[i].command);
        if (column == 0) {
            struct mico_span span = said_span();
            struct mscp_response answer;
            rig.now_ms += 5000; /* each refusal costs rate budget */
            assert_int_equal(rig_clear(&rig, expected[i].command, span, &answer), want[0]);
            assert_int_equal(answer.detail, 0);
        } else {
            open_session();
            assert_int_equal(say_to(&rig, expected[i].command), want[column]);
        }
    }
}

static void every_command_in_every_stage_of_life_says_what_the_table_says(void **state)
{
    static const uint8_t value[3] = {1, 2, 3};
    for (size_t last_stage = 3; last_stage <= 4; last_stage++) {
        rig_start(&rig);
        try_all(0);
        rig_provision(&rig, &binding, false);
        assert_int_equal(mscp_host_create(&rig.host, 0x72, &rig_data, MICO_SPAN(value)), MICO_OK);
        make_secrets();
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
        body_of(expected[i].command);
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
    make_secrets();
    for (size_t i = 0; i < COMMANDS; i++) {
        uint8_t command = expected[i].command;
        if (expected[i].factory == MSCP_NOT_SUPPORTED || expected[i].factory == MSCP_UNKNOWN_COMMAND) {
            continue;
        }
        for (unsigned how = 0; how < 4; how++) {
            body_of(command);
            size_t whole = said.body.len, len;
            for (size_t at = 0; at < whole; at += len) {
                body_of(command);
                len = 3 + (size_t)mico_load_le16(said.bytes + at + 1);
                if (!spoil(how, at, len)) {
                    continue;
                }
                open_session();
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_command_in_every_stage_of_life_says_what_the_table_says, start, end),
        cmocka_unit_test_setup_teardown(in_the_clear_a_paired_chip_gives_its_facts_and_nothing_else, start, end),
        cmocka_unit_test_setup_teardown(every_command_refuses_each_spoilt_tlv_and_changes_nothing, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
