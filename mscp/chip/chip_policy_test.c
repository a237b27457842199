/* SPDX-License-Identifier: Apache-2.0 */
/* Every command in every state of life, and everything that a policy must refuse inside a session. */
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
        int want = expected[i].command == MSCP_PAIR           ? MSCP_ALREADY_PAIRED
                   : expected[i].command == MSCP_OPEN_SESSION ? MSCP_AUTH_FAILED
                   : expected[i].command == MSCP_READ_DATA    ? MSCP_POLICY_DENIED
                                                              : expected[i].clear;
        assert_int_equal(status, want);
        assert_int_equal(answer.detail, 0);
        assert_true(status == MSCP_OK || answer.body.len == 0);
    }
}

static void lifecycle_goes_up_only(void **state)
{
    static const uint8_t steps[] = {MSCP_CREATED, MSCP_FACTORY, 0x00, 0x05, 0xFF};
    rig_provision(&rig, &binding, true);
    for (size_t i = 0; i < sizeof steps; i++) {
        say_begin();
        mscp_put_u8(&said.body, MSCP_TAG_LIFECYCLE, steps[i]);
        assert_int_equal(say_to(&rig, MSCP_SET_LIFECYCLE), MSCP_BAD_PARAM);
    }
    uint32_t failing = 0;
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, &failing), MICO_ERR_DENIED);
    assert_int_equal(failing, 16);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_END_OF_LIFE, false, NULL), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, &failing), MICO_ERR_DENIED);
    assert_int_equal(failing, 16);
}

static void a_factory_chip_cannot_be_ended_and_a_bad_dry_run_flag_is_refused(void **state)
{
    uint32_t failing = 0;
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_END_OF_LIFE, true, &failing), MICO_OK);
    assert_int_equal(failing, 16);
    say_begin();
    mscp_put_u8(&said.body, MSCP_TAG_LIFECYCLE, MSCP_OPERATIONAL);
    mscp_put_u8(&said.body, MSCP_TAG_DRY_RUN, 2);
    assert_int_equal(say_to(&rig, MSCP_SET_LIFECYCLE), MSCP_BAD_PARAM);
    assert_int_equal(rig.chip.life, 0);
}

static void a_returned_chip_has_no_keys_left_but_says_who_it_was(void **state)
{
    uint8_t chain[512];
    size_t len = 0;
    rig_provision(&rig, &binding, true);
    assert_int_equal(rig.chip.objects, 5);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, NULL), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(rig.chip.objects, 2);
    assert_int_equal(mscp_host_read(&rig.host, MSCP_ID_CHAIN, chain, sizeof chain, &len), MICO_OK);
    assert_true(len > 100);
}

static void attributes_that_do_not_go_with_the_type_are_refused(void **state)
{
    static const struct mscp_attributes bad_keys[] = {
        {.type = MSCP_KEY_ED25519},                          /* no usage */
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_AGREE}, /* of the other curve */
        {.type = MSCP_KEY_X25519, .usage = MSCP_USE_SIGN_PAIRING},
        {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE | MSCP_USE_ATTEST},
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST | 0x8000},              /* unknown */
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST, .read = MSCP_SESSION}, /* a way out */
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST, .write = MSCP_SESSION},
    };
    static const struct mscp_attributes bad_data[] = {
        {.type = MSCP_DATA, .usage = MSCP_USE_AGREE},
        {.type = MSCP_DATA, .read = 3},
        {.type = MSCP_DATA, .read = MSCP_AUTH_FIRST - 1},
        {.type = MSCP_DATA, .write = MSCP_AUTH_LAST + 1},
        {.type = MSCP_AUTH, .read = MSCP_SESSION},
        {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_ALWAYS},
        {.type = MSCP_COUNTER, .write = 9},
    };
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    for (size_t i = 0; i < sizeof bad_keys / sizeof bad_keys[0]; i++) {
        say_begin_id(1);
        say_attributes(&bad_keys[i]);
        assert_int_equal(say_to(&rig, MSCP_GENERATE_KEY_PAIR), MSCP_POLICY_DENIED);
        assert_int_equal(said.answer.detail, MSCP_CLAUSE_ATTRIBUTES);
    }
    for (size_t i = 0; i < sizeof bad_data / sizeof bad_data[0]; i++) {
        say_begin_id(1);
        say_attributes(&bad_data[i]);
        say_piece(0, 0, "", 0);
        assert_int_equal(say_to(&rig, MSCP_CREATE_OBJECT), MSCP_POLICY_DENIED);
        assert_int_equal(said.answer.detail, MSCP_CLAUSE_ATTRIBUTES);
    }
    say_begin_id(1);
    say_attributes(&rig_data);
    assert_int_equal(say_to(&rig, MSCP_GENERATE_KEY_PAIR), MSCP_NOT_SUPPORTED);
    say_begin_id(1);
    say_attributes(&rig_pairing); /* a key from outside: no such command */
    say_piece(32, 0, "a private key from somewhere else", 32);
    assert_int_equal(say_to(&rig, MSCP_CREATE_OBJECT), MSCP_NOT_SUPPORTED);
    assert_int_equal(rig.chip.objects, 0);
}

static void rights_of_an_object_are_kept(void **state)
{
    static const struct mscp_attributes hidden = {.type = MSCP_DATA, .read = MSCP_NEVER, .write = MSCP_SESSION};
    static const struct mscp_attributes later = {.type = MSCP_DATA, .read = MSCP_SESSION, .life = 0x04};
    static const struct mscp_attributes frozen = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_NEVER};
    static const uint8_t value[5] = {1, 2, 3, 4, 5};
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x20A, &hidden, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x20B, &later, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x20C, &frozen, (struct mico_span){NULL, 0}), MICO_OK);
    const struct {
        uint32_t id;
        uint8_t command;
        uint16_t clause;
    } cases[] = {
        {0x20A, MSCP_READ_DATA, MSCP_CLAUSE_READ},
        {0x20B, MSCP_READ_DATA, MSCP_CLAUSE_LIFE},
        {0x20C, MSCP_INCREMENT_COUNTER, MSCP_CLAUSE_WRITE},
        {0x20A, MSCP_INCREMENT_COUNTER, MSCP_CLAUSE_TYPE},
        {MSCP_ID_IDENTITY, MSCP_READ_DATA, MSCP_CLAUSE_TYPE},
        {MSCP_ID_IDENTITY, MSCP_INCREMENT_COUNTER, MSCP_CLAUSE_TYPE},
        {0x20A, MSCP_GET_PUBLIC_KEY, MSCP_CLAUSE_TYPE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        say_begin_id(cases[i].id);
        assert_int_equal(say_to(&rig, cases[i].command), MSCP_POLICY_DENIED);
        assert_int_equal(said.answer.detail, cases[i].clause);
    }
    for (size_t i = 0; i < 3; i++) { /* a certificate never written, a counter and a key not written as data */
        const uint32_t ids[] = {MSCP_ID_CHAIN, MSCP_ID_ROLLBACK, MSCP_ID_IDENTITY};
        say_begin_id(ids[i]);
        say_piece(1, 0, value, 1);
        assert_int_equal(say_to(&rig, MSCP_WRITE_DATA), MSCP_POLICY_DENIED);
    }
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    uint8_t back[5];
    size_t len;
    assert_int_equal(mscp_host_read(&rig.host, 0x20B, back, sizeof back, &len), MICO_OK);
}

static int sign_whole(uint32_t id, const uint8_t *message, uint16_t len)
{
    say_begin_id(id);
    say_piece(len, 0, message, len);
    return say_to(&rig, MSCP_SIGN);
}

static void a_key_signs_only_what_its_usage_is_for(void **state)
{
    static const struct mscp_attributes tls_only = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_TLS_CLIENT};
    static const struct mscp_attributes attest_only = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST};
    static uint8_t transcript[MSCP_MESSAGE_MAX];
    uint8_t pairing[RIG_PAIRING_MESSAGE], key[32];
    uint16_t len = (uint16_t)rig_transcript(transcript, 600);
    rig_pairing_message(pairing);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_generate(&rig.host, 0x300, &tls_only, key), MICO_OK);
    assert_int_equal(mscp_host_generate(&rig.host, 0x301, &attest_only, key), MICO_OK);
    assert_int_equal(sign_whole(0x300, transcript, len), MSCP_OK);
    assert_int_equal(sign_whole(0x300, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, sizeof pairing), MSCP_OK);
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, transcript, len), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
    assert_int_equal(sign_whole(0x301, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_USAGE);
    assert_int_equal(sign_whole(MSCP_ID_FIRMWARE, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_TYPE);
    assert_int_equal(sign_whole(MSCP_ID_CHAIN, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(sign_whole(0x999, pairing, sizeof pairing), MSCP_NO_SUCH_OBJECT);
    for (size_t i = 32; i < 49; i++) { /* every character of the device id */
        uint8_t kept = pairing[i];
        pairing[i] = 'a';
        assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, sizeof pairing), MSCP_POLICY_DENIED);
        pairing[i] = kept;
    }
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, sizeof pairing - 1), MSCP_POLICY_DENIED);
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, 0), MSCP_POLICY_DENIED);
}

static void the_identity_key_does_not_sign_a_statement_that_the_host_wrote(void **state)
{
    uint8_t forged[20 + 126] = "MSCP attestation v1";
    rig_provision(&rig, &binding, true);
    assert_int_equal(sign_whole(MSCP_ID_IDENTITY, forged, sizeof forged), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
}

static void pieces_out_of_order_or_of_two_messages_are_refused(void **state)
{
    static uint8_t bytes[MSCP_CHUNK_MAX];
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x400, &rig_data, MICO_SPAN(bytes)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x401, &rig_data, MICO_SPAN(bytes)), MICO_OK);
    const struct {
        uint32_t id;
        uint16_t total, offset, len;
        int want;
    } steps[] = {
        {0x400, 2000, 10, 100, MSCP_BAD_PARAM},                                                /* no beginning */
        {0x400, 2000, 0, 1000, MSCP_OK},                                                       /* begins */
        {0x400, 2000, 900, 1000, MSCP_BAD_PARAM},                                              /* overlaps */
        {0x400, 2000, 1000, 1000, MSCP_BAD_PARAM},                                             /* the error ended it */
        {0x400, 2000, 0, 1000, MSCP_OK},           {0x401, 2000, 1000, 1000, MSCP_BAD_PARAM},  /* another object */
        {0x400, 2000, 0, 1000, MSCP_OK},           {0x400, 2001, 1000, 1000, MSCP_BAD_PARAM},  /* another total */
        {0x400, 2000, 0, 1000, MSCP_OK},           {0x400, 2000, 1000, 1001, MSCP_BAD_LENGTH}, /* too long */
        {0x400, 100, 0, 0, MSCP_BAD_LENGTH},                                                   /* nothing */
        {0x400, 4097, 0, 1000, MSCP_BAD_LENGTH},                                               /* too large */
        {0x400, 100, 101, 1, MSCP_BAD_LENGTH},                                                 /* behind the end */
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        say_begin_id(steps[i].id);
        say_piece(steps[i].total, steps[i].offset, bytes, steps[i].len);
        assert_int_equal(say_to(&rig, MSCP_WRITE_DATA), steps[i].want);
    }
    say_begin_id(0x400);
    say_piece(2000, 0, bytes, 1000);
    assert_int_equal(say_to(&rig, MSCP_WRITE_DATA), MSCP_OK);
    say_begin_id(0x400);
    say_piece(2000, 1000, bytes, 1000);
    assert_int_equal(say_to(&rig, MSCP_SIGN), MSCP_BAD_PARAM); /* another command */
    uint8_t back[2000];
    size_t len = 0;
    assert_int_equal(mscp_host_read(&rig.host, 0x400, back, sizeof back, &len), MICO_OK);
    assert_int_equal(len, sizeof bytes); /* the first value still */
}

static void malformed_bodies_change_nothing_and_keep_the_session(void **state)
{
    rig_provision(&rig, &binding, true);
    uint64_t before = rig.flash.operations;
    const struct {
        uint8_t command;
        uint8_t bytes[16];
        uint8_t len;
        int want;
    } cases[] = {
        {MSCP_INCREMENT_COUNTER, {0}, 0, MSCP_BAD_PARAM},                                          /* id missing */
        {MSCP_INCREMENT_COUNTER, {0x09, 3, 0, 1, 0, 0}, 6, MSCP_BAD_LENGTH},                       /* id too short */
        {MSCP_INCREMENT_COUNTER, {0x09, 4, 0, 0x10, 0, 0}, 6, MSCP_BAD_PARAM},                     /* cut off */
        {MSCP_INCREMENT_COUNTER, {0x09, 4, 0, 0x10, 0, 0, 0, 0x15, 1, 0, 1}, 11, MSCP_BAD_PARAM},  /* not its tag */
        {MSCP_INCREMENT_COUNTER, {0x7F, 0, 0}, 3, MSCP_BAD_PARAM},                                 /* unknown tag */
        {MSCP_GET_RANDOM, {0x07, 2, 0, 0, 0}, 5, MSCP_BAD_LENGTH},                                 /* none */
        {MSCP_GET_RANDOM, {0x07, 2, 0, 1, 4}, 5, MSCP_BAD_LENGTH},                                 /* 1025 */
        {MSCP_READ_DATA, {0x09, 4, 0, 0x20, 0, 0, 0, 0x0C, 2, 0, 0xFF, 0x0F}, 12, MSCP_BAD_PARAM}, /* behind the end */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        say_begin();
        mico_write_bytes(&said.body, cases[i].bytes, cases[i].len);
        assert_int_equal(say_to(&rig, cases[i].command), cases[i].want);
    }
    assert_int_equal(rig.flash.operations, before);
    assert_int_equal(rig.host.sessions, 1);
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

static void the_sixty_fifth_object_is_refused(void **state)
{
    static const uint8_t value[4] = {1};
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    for (uint32_t i = 0; i < MSCP_CHIP_OBJECTS; i++) {
        assert_int_equal(mscp_host_create(&rig.host, 0x1000 + i, &rig_data, MICO_SPAN(value)), MICO_OK);
    }
    assert_int_equal(mscp_host_create(&rig.host, 0x2000, &rig_data, MICO_SPAN(value)), MICO_ERR_FULL);
    uint8_t key[32];
    assert_int_equal(mscp_host_generate(&rig.host, 0x2000, &rig_pairing, key), MICO_ERR_FULL);
    rig_restart_chip(&rig);
    assert_int_equal(rig.chip.objects, MSCP_CHIP_OBJECTS);
    assert_int_equal(mscp_host_generate(&rig.host, 0x2000, &rig_pairing, key), MICO_ERR_FULL);
}

static void a_record_altered_or_moved_in_flash_is_corrupt_never_used(void **state)
{
    rig_provision(&rig, &binding, true);
    /* Records of other chips, of other names, or altered: each sealed value is bound to the root and to its name. */
    uint8_t sealed[256];
    size_t len = 0;
    bool found = false;
    struct mico_store *store = &rig.chip.store;
    assert_int_equal(mico_store_get(store, "o/00000002", sealed, sizeof sealed, &len, &found), MICO_OK);
    assert_true(found);
    assert_int_equal(mico_store_put(store, "o/00000001", sealed, len), MICO_OK);
    uint8_t signature[64], pairing[RIG_PAIRING_MESSAGE];
    rig_pairing_message(pairing);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_IDENTITY, MICO_SPAN(pairing), signature), MICO_ERR_CORRUPT);
    sealed[len / 2] ^= 1;
    assert_int_equal(mico_store_put(store, "o/00000002", sealed, len), MICO_OK);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, MICO_SPAN(pairing), signature), MICO_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_command_in_every_stage_of_life_says_what_the_table_says, start, end),
        cmocka_unit_test_setup_teardown(in_the_clear_a_paired_chip_gives_its_facts_and_nothing_else, start, end),
        cmocka_unit_test_setup_teardown(lifecycle_goes_up_only, start, end),
        cmocka_unit_test_setup_teardown(a_factory_chip_cannot_be_ended_and_a_bad_dry_run_flag_is_refused, start, end),
        cmocka_unit_test_setup_teardown(a_returned_chip_has_no_keys_left_but_says_who_it_was, start, end),
        cmocka_unit_test_setup_teardown(attributes_that_do_not_go_with_the_type_are_refused, start, end),
        cmocka_unit_test_setup_teardown(rights_of_an_object_are_kept, start, end),
        cmocka_unit_test_setup_teardown(a_key_signs_only_what_its_usage_is_for, start, end),
        cmocka_unit_test_setup_teardown(the_identity_key_does_not_sign_a_statement_that_the_host_wrote, start, end),
        cmocka_unit_test_setup_teardown(pieces_out_of_order_or_of_two_messages_are_refused, start, end),
        cmocka_unit_test_setup_teardown(malformed_bodies_change_nothing_and_keep_the_session, start, end),
        cmocka_unit_test_setup_teardown(every_command_refuses_each_spoilt_tlv_and_changes_nothing, start, end),
        cmocka_unit_test_setup_teardown(the_sixty_fifth_object_is_refused, start, end),
        cmocka_unit_test_setup_teardown(a_record_altered_or_moved_in_flash_is_corrupt_never_used, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
