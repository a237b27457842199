/* SPDX-License-Identifier: Apache-2.0 */
/* Every command in every stage of life, in the clear and in a session, whole and spoilt; every status that a host can cause. Against
 * the core in this process, and (mscp/conformance) against a chip, the Secure world and the daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_say.h"

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

static uint32_t boot_counter(void)
{
    struct mscp_info info;
    return mscp_host_info(&rig.host, &info) == MICO_OK ? info.boot_counter : 0;
}

static uint64_t login_counter(void)
{
    static const uint8_t nonce[32];
    struct mscp_login_proof proof;
    return mscp_host_login_proof(&rig.host, nonce, &proof) == MICO_OK ? proof.counter : 0;
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
        mscp_put_u32(&said.body, MSCP_TAG_BOOT, boot_counter());
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
        mscp_put_u64(&said.body, MSCP_TAG_VALUE, login_counter());
        mscp_put_bytes(&said.body, MSCP_TAG_SECRET, some, 32);
        break;
    default:
        break;
    }
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
            rig_pass(&rig, 5000); /* each refusal costs rate budget */
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
        rig_restart_chip(&rig);
        rig_new_host(&rig, NULL);
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

/* ---- statuses ---- */

static bool seen[32];

static void expect(int status, int want)
{
    assert_int_equal(status, want);
    seen[-want] = true;
}

static int clear(uint8_t command)
{
    struct mscp_response answer;
    return rig_clear(&rig, command, said_span(), &answer);
}

static void statuses_in_the_clear(void)
{
    static const uint8_t too_long[] = {9, 0, MSCP_GET_INFO, 0, 0, 0, 0, 0};
    static uint8_t wire[MSCP_WIRE_MAX];
    say_begin();
    expect(clear(MSCP_GET_INFO), MSCP_OK);
    mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, wire, 48);
    expect(clear(MSCP_OPEN_SESSION), MSCP_NOT_PAIRED);
    expect(clear(MSCP_GET_INFO), MSCP_BAD_PARAM); /* it has no such tag */
    expect(clear(0x7E), MSCP_UNKNOWN_COMMAND);
    expect(clear(MSCP_GET_RANDOM), MSCP_SESSION_REQUIRED);
    size_t len = mscp_wire_encode(MICO_SPAN(too_long), wire);
    expect(rig_inject(&rig, wire, len, NULL), MSCP_BAD_LENGTH);
}

static void statuses_of_objects(void)
{
    static const struct mscp_attributes guarded = {.type = MSCP_DATA, .read = THE_AUTH, .write = MSCP_SESSION},
                                        once = {.type = MSCP_SECRET,
                                                .usage = MSCP_USE_MAC,
                                                .policy_len = 6,
                                                .policy = {1, 6, 1, 0, 0, 0}};
    static const uint8_t value[32] = {1}, most[8] = {255, 255, 255, 255, 255, 255, 255, 255};
    uint8_t mac[32];
    say_begin_id(0x999);
    expect(say_to(&rig, MSCP_GET_ATTRIBUTES), MSCP_NO_SUCH_OBJECT);
    body_of(MSCP_CREATE_OBJECT);
    expect(say_to(&rig, MSCP_CREATE_OBJECT), MSCP_OK);
    body_of(MSCP_CREATE_OBJECT);
    expect(say_to(&rig, MSCP_CREATE_OBJECT), MSCP_OBJECT_EXISTS);
    body_of(MSCP_DELETE_OBJECT);
    expect(say_to(&rig, MSCP_DELETE_OBJECT), MSCP_POLICY_DENIED);
    expect(say_to(&rig, MSCP_PAIR), MSCP_NOT_SUPPORTED);
    body_of(MSCP_VERIFY);
    expect(say_to(&rig, MSCP_VERIFY), MSCP_VERIFY_FAILED);
    assert_int_equal(mscp_host_create(&rig.host, 0x80, &guarded, MICO_SPAN(value)), MICO_OK);
    say_begin_id(0x80);
    expect(say_to(&rig, MSCP_READ_DATA), MSCP_AUTH_REQUIRED);
    assert_int_equal(mscp_host_auth_secret(&rig.host, THE_AUTH, value, NULL), MICO_ERR_AUTH);
    expect(mscp_host_last_status(&rig.host), MSCP_AUTH_FAILED);
    assert_int_equal(mscp_host_import(&rig.host,
                                      &(struct mscp_import){.id = 0x81, .attributes = &once, .key = MICO_SPAN(value)},
                                      NULL),
                     MICO_OK);
    assert_int_equal(mscp_host_mac(&rig.host, 0x81, MICO_SPAN("first"), mac), MICO_OK);
    assert_int_not_equal(mscp_host_mac(&rig.host, 0x81, MICO_SPAN("second"), mac), MICO_OK);
    expect(mscp_host_last_status(&rig.host), MSCP_USE_LIMIT);
    assert_int_equal(mscp_host_create(&rig.host, 0x82, &rig_counter, MICO_SPAN(most)), MICO_OK);
    say_begin_id(0x82);
    expect(say_to(&rig, MSCP_INCREMENT_COUNTER), MSCP_COUNTER_OVERFLOW);
}

static void statuses_of_space_and_boot(void)
{
    static const struct mscp_attributes secret = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC},
                                        boot_key = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_NEVER};
    static const uint8_t seed[32] = {7}, digest[32] = {8};
    uint8_t public_key[32], signature[64];
    mico_err err = MICO_OK;
    for (uint32_t i = 0; i <= MSCP_VOLATILE_MAX; i++) {
        err = mscp_host_import(
            &rig.host, &(struct mscp_import){.id = MSCP_ID_VOLATILE + i, .attributes = &secret, .key = MICO_SPAN(seed)},
            NULL);
        assert_int_equal(err == MICO_OK, i < MSCP_VOLATILE_MAX);
    }
    expect(mscp_host_last_status(&rig.host), MSCP_NO_SPACE);
    mico_ed25519_public(seed, public_key);
    mico_ed25519_sign(seed, public_key, MICO_SPAN(digest), signature);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_BOOT_KEY, &boot_key, MICO_SPAN(public_key)), MICO_OK);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 5), MICO_OK);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 5, signature), MICO_OK);
    assert_int_equal(mscp_host_verify_boot(&rig.host, digest, 4, signature), MICO_ERR_ROLLBACK);
    expect(mscp_host_last_status(&rig.host), MSCP_ROLLBACK);
}

/* Each but the last ends the session; the driver opens the next. */
static void statuses_of_the_link(void)
{
    open_session();
    say_begin();
    expect(rig_record(&rig, MSCP_SELF_TEST, said_span(), rig.host.session.next - 1, NULL), MSCP_REPLAY);
    rig_pass(&rig, 60000);
    open_session();
    say_begin();
    rig.host.session.to_chip[0] ^= 1;
    expect(rig_record(&rig, MSCP_SELF_TEST, said_span(), rig.host.session.next, NULL), MSCP_LINK_MAC);
    rig_pass(&rig, 60000);
    open_session();
    say_begin();
    rig.host.session.id ^= 1;
    expect(rig_record(&rig, MSCP_SELF_TEST, said_span(), rig.host.session.next, NULL), MSCP_SESSION_INVALID);
    rig.host.session.id ^= 1;
    say_begin();
    mscp_put_u8(&said.body, MSCP_TAG_STEP, 1);
    mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, (const uint8_t[32]){9}, 32);
    expect(clear(MSCP_PAIR), MSCP_ALREADY_PAIRED);
}

static void statuses_of_the_stages(void)
{
    body_of(MSCP_GENERATE_KEY_PAIR);
    open_session();
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    body_of(MSCP_GENERATE_KEY_PAIR);
    expect(say_to(&rig, MSCP_GENERATE_KEY_PAIR), MSCP_WRONG_LIFECYCLE);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_END_OF_LIFE, false, NULL), MICO_OK);
    body_of(MSCP_GET_RANDOM);
    expect(say_to(&rig, MSCP_GET_RANDOM), MSCP_TERMINATED);
    int status = MSCP_OK;
    for (int i = 0; i < 30 && status != MSCP_RATE_LIMITED; i++) {
        say_begin();
        mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, (const uint8_t[48]){9}, 48);
        status = clear(MSCP_OPEN_SESSION);
    }
    expect(status, MSCP_RATE_LIMITED);
}

/* All but those that take a fault inside the chip: STORAGE, CORRUPT, ENTROPY, TAMPER, SELFTEST; and BUSY, which no command of this
 * version gives. */
static void every_status_that_a_host_can_cause(void **state)
{
    static const int16_t inside[] = {MSCP_STORAGE, MSCP_CORRUPT, MSCP_ENTROPY, MSCP_TAMPER, MSCP_SELFTEST, MSCP_BUSY};
    memset(seen, 0, sizeof seen);
    statuses_in_the_clear();
    rig_restart_chip(&rig);
    rig_new_host(&rig, NULL);
    rig_provision(&rig, &binding, false);
    make_secrets();
    statuses_of_objects();
    statuses_of_space_and_boot();
    statuses_of_the_link();
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding);
    statuses_of_the_stages();
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        seen[-inside[i]] = true;
    }
    for (int status = MSCP_OK; status >= MSCP_TERMINATED; status--) {
        if (!seen[-status]) {
            fail_msg("status %d was not caused", status);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_command_in_every_stage_of_life_says_what_the_table_says, start, end),
        cmocka_unit_test_setup_teardown(in_the_clear_a_paired_chip_gives_its_facts_and_nothing_else, start, end),
        cmocka_unit_test_setup_teardown(every_status_that_a_host_can_cause, start, end),
    };
    const struct CMUnitTest inside[] = {
        cmocka_unit_test_setup_teardown(every_command_refuses_each_spoilt_tlv_and_changes_nothing, start, end),
    };
    int failed = cmocka_run_group_tests_name("conformance", tests, NULL, NULL);
    return rig_place() != NULL || failed != 0 ? failed : cmocka_run_group_tests_name("inside", inside, NULL, NULL);
}
