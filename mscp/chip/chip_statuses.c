/* SPDX-License-Identifier: Apache-2.0 */
/* Each status that a host can cause, caused; a part of chip_commands_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_bodies.h"

static bool seen[32];

static void expect(int status, int want)
{
    assert_int_equal(status, want);
    seen[-want] = true;
}

static int clear(struct rig *rig, uint8_t command)
{
    struct mscp_response answer;
    return rig_clear(rig, command, said_span(), &answer);
}

static void statuses_in_the_clear(struct rig *rig)
{
    static const uint8_t too_long[] = {9, 0, MSCP_GET_INFO, 0, 0, 0, 0, 0};
    static uint8_t wire[MSCP_WIRE_MAX];
    say_begin();
    expect(clear(rig, MSCP_GET_INFO), MSCP_OK);
    mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, wire, 48);
    expect(clear(rig, MSCP_OPEN_SESSION), MSCP_NOT_PAIRED);
    expect(clear(rig, MSCP_GET_INFO), MSCP_BAD_PARAM); /* it has no such tag */
    expect(clear(rig, 0x7E), MSCP_UNKNOWN_COMMAND);
    expect(clear(rig, MSCP_GET_RANDOM), MSCP_SESSION_REQUIRED);
    size_t len = mscp_wire_encode(MICO_SPAN(too_long), wire);
    expect(rig_inject(rig, wire, len, NULL), MSCP_BAD_LENGTH);
}

static void statuses_of_objects(struct rig *rig)
{
    static const struct mscp_attributes guarded = {.type = MSCP_DATA, .read = THE_AUTH, .write = MSCP_SESSION},
                                        once = {.type = MSCP_SECRET,
                                                .usage = MSCP_USE_MAC,
                                                .policy_len = 6,
                                                .policy = {1, 6, 1, 0, 0, 0}};
    static const uint8_t value[32] = {1}, most[8] = {255, 255, 255, 255, 255, 255, 255, 255};
    uint8_t mac[32];
    say_begin_id(0x999);
    expect(say_to(rig, MSCP_GET_ATTRIBUTES), MSCP_NO_SUCH_OBJECT);
    body_of(rig, MSCP_CREATE_OBJECT);
    expect(say_to(rig, MSCP_CREATE_OBJECT), MSCP_OK);
    body_of(rig, MSCP_CREATE_OBJECT);
    expect(say_to(rig, MSCP_CREATE_OBJECT), MSCP_OBJECT_EXISTS);
    body_of(rig, MSCP_DELETE_OBJECT);
    expect(say_to(rig, MSCP_DELETE_OBJECT), MSCP_POLICY_DENIED);
    expect(say_to(rig, MSCP_PAIR), MSCP_NOT_SUPPORTED);
    body_of(rig, MSCP_VERIFY);
    expect(say_to(rig, MSCP_VERIFY), MSCP_VERIFY_FAILED);
    assert_int_equal(mscp_host_create(&rig->host, 0x80, &guarded, MICO_SPAN(value)), MICO_OK);
    say_begin_id(0x80);
    expect(say_to(rig, MSCP_READ_DATA), MSCP_AUTH_REQUIRED);
    assert_int_equal(mscp_host_auth_secret(&rig->host, THE_AUTH, value, NULL), MICO_ERR_AUTH);
    expect(mscp_host_last_status(&rig->host), MSCP_AUTH_FAILED);
    assert_int_equal(mscp_host_import(&rig->host,
                                      &(struct mscp_import){.id = 0x81, .attributes = &once, .key = MICO_SPAN(value)},
                                      NULL),
                     MICO_OK);
    assert_int_equal(mscp_host_mac(&rig->host, 0x81, MICO_SPAN("first"), mac), MICO_OK);
    assert_int_not_equal(mscp_host_mac(&rig->host, 0x81, MICO_SPAN("second"), mac), MICO_OK);
    expect(mscp_host_last_status(&rig->host), MSCP_USE_LIMIT);
    assert_int_equal(mscp_host_create(&rig->host, 0x82, &rig_counter, MICO_SPAN(most)), MICO_OK);
    say_begin_id(0x82);
    expect(say_to(rig, MSCP_INCREMENT_COUNTER), MSCP_COUNTER_OVERFLOW);
}

static void statuses_of_space_and_boot(struct rig *rig)
{
    static const struct mscp_attributes secret = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC},
                                        boot_key = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_NEVER};
    static const uint8_t seed[32] = {7}, digest[32] = {8};
    uint8_t public_key[32], signature[64];
    mico_err err = MICO_OK;
    for (uint32_t i = 0; i <= MSCP_VOLATILE_MAX; i++) {
        err = mscp_host_import(
            &rig->host,
            &(struct mscp_import){.id = MSCP_ID_VOLATILE + i, .attributes = &secret, .key = MICO_SPAN(seed)}, NULL);
        assert_int_equal(err == MICO_OK, i < MSCP_VOLATILE_MAX);
    }
    expect(mscp_host_last_status(&rig->host), MSCP_NO_SPACE);
    mico_ed25519_public(seed, public_key);
    mico_ed25519_sign(seed, public_key, MICO_SPAN(digest), signature);
    assert_int_equal(mscp_host_create(&rig->host, MSCP_ID_BOOT_KEY, &boot_key, MICO_SPAN(public_key)), MICO_OK);
    assert_int_equal(mscp_host_counter_raise(&rig->host, MSCP_ID_ROLLBACK, 5), MICO_OK);
    assert_int_equal(mscp_host_verify_boot(&rig->host, digest, 5, signature), MICO_OK);
    assert_int_equal(mscp_host_verify_boot(&rig->host, digest, 4, signature), MICO_ERR_ROLLBACK);
    expect(mscp_host_last_status(&rig->host), MSCP_ROLLBACK);
}

/* Each but the last ends the session; the driver opens the next. */
static void statuses_of_the_link(struct rig *rig)
{
    open_session(rig);
    say_begin();
    expect(rig_record(rig, MSCP_SELF_TEST, said_span(), rig->host.session.next - 1, NULL), MSCP_REPLAY);
    rig_pass(rig, 60000);
    open_session(rig);
    say_begin();
    rig->host.session.to_chip[0] ^= 1;
    expect(rig_record(rig, MSCP_SELF_TEST, said_span(), rig->host.session.next, NULL), MSCP_LINK_MAC);
    rig_pass(rig, 60000);
    open_session(rig);
    say_begin();
    rig->host.session.id ^= 1;
    expect(rig_record(rig, MSCP_SELF_TEST, said_span(), rig->host.session.next, NULL), MSCP_SESSION_INVALID);
    rig->host.session.id ^= 1;
    say_begin();
    mscp_put_u8(&said.body, MSCP_TAG_STEP, 1);
    mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, (const uint8_t[32]){9}, 32);
    expect(clear(rig, MSCP_PAIR), MSCP_ALREADY_PAIRED);
}

static void statuses_of_the_stages(struct rig *rig)
{
    body_of(rig, MSCP_GENERATE_KEY_PAIR);
    open_session(rig);
    assert_int_equal(mscp_host_set_lifecycle(&rig->host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    body_of(rig, MSCP_GENERATE_KEY_PAIR);
    expect(say_to(rig, MSCP_GENERATE_KEY_PAIR), MSCP_WRONG_LIFECYCLE);
    assert_int_equal(mscp_host_set_lifecycle(&rig->host, MSCP_END_OF_LIFE, false, NULL), MICO_OK);
    body_of(rig, MSCP_GET_RANDOM);
    expect(say_to(rig, MSCP_GET_RANDOM), MSCP_TERMINATED);
    int status = MSCP_OK;
    for (int i = 0; i < 30 && status != MSCP_RATE_LIMITED; i++) {
        say_begin();
        mscp_put_bytes(&said.body, MSCP_TAG_HANDSHAKE, (const uint8_t[48]){9}, 48);
        status = clear(rig, MSCP_OPEN_SESSION);
    }
    expect(status, MSCP_RATE_LIMITED);
}

/* All but those that take a fault inside the chip: STORAGE, CORRUPT, ENTROPY, TAMPER, SELFTEST; and BUSY, which no command of this
 * version gives. */
void every_status_that_a_host_can_cause(struct rig *rig, struct mscp_binding *binding)
{
    static const int16_t inside[] = {MSCP_STORAGE, MSCP_CORRUPT, MSCP_ENTROPY, MSCP_TAMPER, MSCP_SELFTEST, MSCP_BUSY};
    memset(seen, 0, sizeof seen);
    statuses_in_the_clear(rig);
    rig_restart_chip(rig);
    rig_new_host(rig, NULL);
    rig_provision(rig, binding, false);
    make_secrets(rig);
    statuses_of_objects(rig);
    statuses_of_space_and_boot(rig);
    statuses_of_the_link(rig);
    rig_restart_chip(rig);
    rig_new_host(rig, binding);
    statuses_of_the_stages(rig);
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        seen[-inside[i]] = true;
    }
    for (int status = MSCP_OK; status >= MSCP_TERMINATED; status--) {
        if (!seen[-status]) {
            fail_msg("status %d was not caused", status);
        }
    }
}
