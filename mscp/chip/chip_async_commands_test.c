/* SPDX-License-Identifier: Apache-2.0 */
/* Every command of a session through the driver that is polled: what it says, what it gives, and that a lost answer repeats nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_bodies.h"
#include "mscp/host/mscp_async.h"

static struct rig rig;
static struct mscp_binding binding;
static struct mscp_async op;
static mico_err result;
static unsigned calls;

static int start(void **state)
{
    static const uint8_t value[3] = {1, 2, 3};
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, THE_DATA, &rig_data, MICO_SPAN(value)), MICO_OK);
    make_secrets(&rig);
    rig.host.timeout_ms = 100;
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void on_done(void *ctx, mico_err err)
{
    calls++;
    result = err;
}

static mico_err finish(mico_err begun)
{
    if (begun != MICO_OK) {
        return begun;
    }
    for (unsigned polls = 0; mscp_async_poll(&rig.host, rig.now_ms); polls++) {
        uint32_t wait = mscp_async_wait_ms(&rig.host, rig.now_ms);
        rig.now_ms += wait < 50 ? wait : 50;
        assert_true(polls < 1000);
    }
    assert_int_equal(calls, 1);
    calls = 0;
    return result;
}

static mico_err run(uint8_t command, const struct mscp_give *give, size_t gives, const struct mscp_take *take,
                    size_t takes)
{
    return finish(mscp_async_do(&rig.host, &op, command, give, gives, take, takes, on_done, NULL));
}

/* What the driver says of each, and whether it may be sent again when the answer got lost: the words of docs/MSCP.md, not the
 * driver's table. */
static const struct {
    uint8_t command;
    mico_err want;
    bool again;
} expected[] = {
    {MSCP_GET_INFO, MICO_OK, true},
    {MSCP_SELF_TEST, MICO_OK, true},
    {MSCP_GET_RANDOM, MICO_OK, true},
    {MSCP_AUTHENTICATE, MICO_OK, true},
    {MSCP_REPAIR, MICO_OK, true},
    {MSCP_SET_LIFECYCLE, MICO_OK, true}, /* a dry run */
    {MSCP_UPDATE_FIRMWARE, MICO_ERR_UNSUPPORTED, true},
    {MSCP_GENERATE_KEY_PAIR, MICO_OK, false},
    {MSCP_IMPORT_KEY, MICO_OK, true}, /* of a session */
    {MSCP_CREATE_OBJECT, MICO_OK, false},
    {MSCP_DELETE_OBJECT, MICO_ERR_DENIED, false},
    {MSCP_GET_ATTRIBUTES, MICO_OK, true},
    {MSCP_GET_PUBLIC_KEY, MICO_OK, true},
    {MSCP_LIST_OBJECTS, MICO_OK, true},
    {MSCP_READ_DATA, MICO_OK, true},
    {MSCP_WRITE_DATA, MICO_OK, true},
    {MSCP_SEAL_DATA, MICO_OK, true},
    {MSCP_UNSEAL_DATA, MICO_ERR_CRYPTO, true},
    {MSCP_INCREMENT_COUNTER, MICO_OK, false},
    {MSCP_SIGN, MICO_OK, true},
    {MSCP_VERIFY, MICO_ERR_CRYPTO, true},
    {MSCP_KEY_AGREEMENT, MICO_OK, true},
    {MSCP_DERIVE_KEY, MICO_OK, true},
    {MSCP_COMPUTE_MAC, MICO_OK, true},
    {MSCP_VERIFY_MAC, MICO_ERR_CRYPTO, true},
    {MSCP_ENCRYPT, MICO_OK, true},
    {MSCP_DECRYPT, MICO_ERR_CRYPTO, true},
    {MSCP_HASH, MICO_OK, true},
    {MSCP_ATTEST_KEY, MICO_OK, true},
    {MSCP_GET_EVIDENCE, MICO_OK, true},
    {MSCP_EXTEND_MEASUREMENT, MICO_OK, false},
    {MSCP_VERIFY_BOOT, MICO_ERR_STATE, false},
    {MSCP_MAKE_RECEIPT, MICO_ERR_CRYPTO, true},
    {MSCP_CHECK_RECEIPT, MICO_ERR_CRYPTO, false},
    {MSCP_GET_AUDIT_LOG, MICO_OK, true},
    {MSCP_LOGIN_PROOF, MICO_OK, true},
    {MSCP_LOGIN_ACCEPT, MICO_OK, true},
    {MSCP_CLOSE_SESSION, MICO_OK, false},
};
#define COMMANDS (sizeof expected / sizeof expected[0])

/* The TLVs of body_of, as values; a piece is its message. */
static size_t values_of(uint8_t command, struct mscp_give give[8])
{
    struct mscp_tlvs tlvs;
    size_t gives = 0;
    body_of(&rig, command);
    assert_int_equal(mscp_tlvs_parse(said_span(), &tlvs), MICO_OK);
    for (unsigned tag = 1; tag < MSCP_TAG_LIMIT; tag++) {
        if ((tlvs.present & MSCP_TAG_BIT(tag)) == 0 || tag == MSCP_TAG_TOTAL || tag == MSCP_TAG_OFFSET) {
            continue;
        }
        struct mico_span value = tlvs.value[tag];
        give[gives++] = mscp_tag_width((enum mscp_tag)tag) == 4
                            ? (struct mscp_give){(enum mscp_tag)tag, mico_load_le32(value.data), NULL, 0}
                            : (struct mscp_give){(enum mscp_tag)tag, 0, value.data, value.len};
    }
    return gives;
}

static void every_command_says_what_the_blocking_one_says(void **state)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        struct mscp_give give[8];
        size_t gives = values_of(expected[i].command, give);
        mico_err got = run(expected[i].command, give, gives, NULL, 0);
        if (got != expected[i].want) {
            fail_msg("command %02x: %s", expected[i].command, mico_err_name(got));
        }
    }
}

/* The last answer's loss: what may be is done again in another session, and what may not be is told. */
static void a_lost_answer_repeats_only_what_may_be_repeated(void **state)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        struct mscp_give give[8];
        rig_restart_chip(&rig); /* what the command before made of a session is gone */
        rig_new_host(&rig, &binding);
        rig.host.timeout_ms = 100;
        open_session(&rig);
        size_t gives = values_of(expected[i].command, give);
        uint32_t sent = rig.host.round_trips;
        rig_fault_at(&rig, 2, RIG_DROP, 0);
        mico_err got = run(expected[i].command, give, gives, NULL, 0);
        rig_fault_at(&rig, 0, RIG_NONE, 0);
        mico_err want = expected[i].again ? expected[i].want : MICO_ERR_TIMEOUT;
        if (got != want) {
            fail_msg("command %02x: %s, %u sent", expected[i].command, mico_err_name(got), rig.host.round_trips - sent);
        }
    }
}

static void answers_come_as_numbers_and_bytes(void **state)
{
    static const uint8_t message[3000] = {7};
    uint64_t firmware = 0, lifecycle = 0, boot = 0, value = 0, total = 0;
    uint8_t serial[8], iv[12], sealed[64], text[64], signature[64], key[65], pairing[RIG_PAIRING_MESSAGE], back[1024];
    size_t sealed_len = 0, text_len = 0, key_len = 0, back_len = 0;
    const struct mscp_take info[] = {MSCP_TAKE_BYTES(SERIAL, serial, 8, NULL), MSCP_TAKE_NUMBER(FIRMWARE, &firmware),
                                     MSCP_TAKE_NUMBER(LIFECYCLE, &lifecycle), MSCP_TAKE_NUMBER(BOOT, &boot)};
    assert_int_equal(run(MSCP_GET_INFO, NULL, 0, info, 4), MICO_OK);
    assert_memory_equal(serial, rig.chip.serial, 8);
    assert_int_equal(firmware, MSCP_CHIP_VERSION);
    assert_int_equal(lifecycle, MSCP_FACTORY);
    assert_int_equal(boot, rig.chip.boot_counter);

    const struct mscp_give plain[] = {MSCP_GIVE_NUMBER(ID, THE_SECRET), MSCP_GIVE_BYTES(BYTES, "hello", 5)};
    const struct mscp_take ciphertext[] = {MSCP_TAKE_BYTES(IV, iv, 12, NULL),
                                           MSCP_TAKE_BYTES(BYTES, sealed, sizeof sealed, &sealed_len)};
    assert_int_equal(run(MSCP_ENCRYPT, plain, 2, ciphertext, 2), MICO_OK);
    assert_int_equal(sealed_len, 5 + 16);
    const struct mscp_give hidden[] = {MSCP_GIVE_NUMBER(ID, THE_SECRET), MSCP_GIVE_BYTES(IV, iv, 12),
                                       MSCP_GIVE_BYTES(BYTES, sealed, sealed_len)};
    const struct mscp_take opened[] = {MSCP_TAKE_BYTES(BYTES, text, sizeof text, &text_len)};
    assert_int_equal(run(MSCP_DECRYPT, hidden, 3, opened, 1), MICO_OK);
    assert_int_equal(text_len, 5);
    assert_memory_equal(text, "hello", 5);

    const struct mscp_give raise[] = {MSCP_GIVE_NUMBER(ID, MSCP_ID_ROLLBACK), MSCP_GIVE_NUMBER(VALUE, 1u << 20)};
    const struct mscp_take raised[] = {MSCP_TAKE_NUMBER(VALUE, &value)};
    assert_int_equal(run(MSCP_INCREMENT_COUNTER, raise, 2, raised, 1), MICO_OK);
    assert_int_equal(value, 1u << 20);

    rig_pairing_message(pairing);
    const struct mscp_give sign[] = {MSCP_GIVE_NUMBER(ID, MSCP_ID_PAIRING),
                                     MSCP_GIVE_BYTES(BYTES, pairing, sizeof pairing)};
    const struct mscp_take signed_it[] = {MSCP_TAKE_BYTES(SIGNATURE, signature, 64, NULL)};
    const struct mscp_take public_key[] = {MSCP_TAKE_BYTES(PUBLIC_KEY, key, sizeof key, &key_len)};
    assert_int_equal(run(MSCP_SIGN, sign, 2, signed_it, 1), MICO_OK);
    assert_int_equal(run(MSCP_GET_PUBLIC_KEY, sign, 1, public_key, 1), MICO_OK);
    assert_int_equal(key_len, 32);
    assert_int_equal(mico_ed25519_verify(key, MICO_SPAN(pairing), signature), MICO_OK);

    const struct mscp_give write[] = {MSCP_GIVE_NUMBER(ID, THE_DATA), MSCP_GIVE_BYTES(BYTES, message, sizeof message)};
    assert_int_equal(run(MSCP_WRITE_DATA, write, 2, NULL, 0), MICO_OK); /* in pieces */
    const struct mscp_take read[] = {MSCP_TAKE_NUMBER(TOTAL, &total),
                                     MSCP_TAKE_BYTES(BYTES, back, sizeof back, &back_len)};
    assert_int_equal(run(MSCP_READ_DATA, write, 1, read, 2), MICO_OK);
    assert_int_equal(total, sizeof message);
    assert_memory_equal(back, message, back_len);
}

static void what_does_not_fit_is_refused(void **state)
{
    uint8_t small[4], big[1100] = {0};
    const struct mscp_give key[] = {MSCP_GIVE_NUMBER(ID, MSCP_ID_PAIRING)};
    const struct mscp_take short_take[] = {MSCP_TAKE_BYTES(PUBLIC_KEY, small, sizeof small, NULL)};
    const struct mscp_take no_such[] = {MSCP_TAKE_BYTES(EVIDENCE, small, sizeof small, NULL)};
    const struct mscp_give wide[] = {MSCP_GIVE_NUMBER(COUNT, 0x10000)};
    const struct mscp_give long_one[] = {MSCP_GIVE_BYTES(BYTES, big, sizeof big)};
    assert_int_equal(run(0x7E, NULL, 0, NULL, 0), MICO_ERR_PARAM);
    assert_int_equal(run(MSCP_PAIR, NULL, 0, NULL, 0), MICO_ERR_PARAM);
    assert_int_equal(run(MSCP_GET_PUBLIC_KEY, key, 1, short_take, 1), MICO_ERR_FORMAT);
    assert_int_equal(run(MSCP_GET_PUBLIC_KEY, key, 1, no_such, 1), MICO_ERR_FORMAT);
    assert_int_equal(run(MSCP_GET_RANDOM, wide, 1, NULL, 0), MICO_ERR_SIZE);
    assert_int_not_equal(run(MSCP_SEAL_DATA, long_one, 1, NULL, 0), MICO_OK);
    assert_int_equal(run(MSCP_GET_PUBLIC_KEY, key, 1, NULL, 0), MICO_OK);
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(every_command_says_what_the_blocking_one_says),
        STARTED(a_lost_answer_repeats_only_what_may_be_repeated),
        STARTED(answers_come_as_numbers_and_bytes),
        STARTED(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
