/* SPDX-License-Identifier: Apache-2.0 */
/* Policies clause by clause, AUTH objects and their tries, use limits and rate buckets: also over cut power. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_say.h"

#define KEY_ID 0x1300u
#define DATA_ID 0x1301u
#define OWNER 0x40u /* an AUTH object that rights can name */
#define OTHER 0x41u

static struct rig rig;
static struct mscp_binding binding;
static const uint8_t owner_secret[32] = {0x0A, 0x11};
static const uint8_t bytes32[32] = {7, 7, 7};

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

/* ---- making things ---- */

static struct mscp_attributes with_policy(uint8_t type, uint16_t usage, struct mico_span policy)
{
    struct mscp_attributes a = {.type = type, .usage = usage, .policy_len = (uint8_t)policy.len};
    memcpy(a.policy, policy.data, policy.len);
    return a;
}

static mico_err make_mac_key(struct mico_span policy)
{
    struct mscp_attributes a = with_policy(MSCP_SECRET, MSCP_USE_MAC, policy);
    return mscp_host_import(&rig.host, &(struct mscp_import){.id = KEY_ID, .attributes = &a, .key = MICO_SPAN(bytes32)},
                            NULL);
}

static void make_auth(uint32_t id, uint8_t kind, uint8_t tries, struct mico_span secret, uint8_t write)
{
    const struct mscp_attributes a = {.type = MSCP_AUTH, .write = write};
    uint8_t value[34] = {kind, tries};
    memcpy(value + 2, secret.data, secret.len);
    assert_int_equal(mscp_host_create(&rig.host, id, &a, (struct mico_span){value, 2 + secret.len}), MICO_OK);
}

static mico_err use(uint8_t what)
{
    uint8_t mac[32];
    return mscp_host_mac(&rig.host, KEY_ID, (struct mico_span){&what, 1}, mac);
}

static void assert_denied(mico_err err, enum mscp_status status, uint16_t detail)
{
    assert_int_not_equal(err, MICO_OK);
    assert_int_equal(mscp_host_last_status(&rig.host), status);
    assert_int_equal(mscp_host_last_detail(&rig.host), detail);
}

/* ---- forms ---- */

static void a_policy_of_a_wrong_form_makes_no_object(void **state)
{
    static const struct {
        uint8_t len;
        uint8_t bytes[MSCP_POLICY_MAX];
    } bad[] = {
        {1, {0}},                                                        /* a branch of nothing */
        {1, {1}},                                                        /* a clause that is missing */
        {3, {1, 0, 0}},                                                  /* kind 0 */
        {3, {1, 8, 0}},                                                  /* an unknown kind */
        {3, {1, MSCP_IF_DOING, 0}},                                      /* doing nothing */
        {3, {1, MSCP_IF_DOING, 8}},                                      /* doing something unknown */
        {3, {1, MSCP_IF_STAGE, 0}},                                      /* never */
        {3, {1, MSCP_IF_STAGE, 0x20}},                                   /* no stage */
        {3, {1, MSCP_IF_LINK, 3}},                                       /* no link */
        {4, {1, MSCP_IF_AUTHENTICATED, 1, 0}},                           /* cut off */
        {8, {1, MSCP_IF_RATE, 0, 0, 1, 0, 0, 0}},                        /* no use at once */
        {8, {1, MSCP_IF_RATE, 1, 0, 0, 0, 0, 0}},                        /* no time */
        {4, {1, MSCP_IF_LINK, 2, 0}},                                    /* and a branch of nothing behind it */
        {19, {9, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2}}, /* nine clauses */
        {15, {1, 4, 2, 1, 4, 2, 1, 4, 2, 1, 4, 2, 1, 4, 2}},             /* five branches */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_denied(make_mac_key((struct mico_span){bad[i].bytes, bad[i].len}), MSCP_POLICY_DENIED,
                      MSCP_CLAUSE_ATTRIBUTES);
    }
    assert_int_equal(rig.chip.objects, 0);
}

static void a_policy_comes_back_as_it_was_given_and_survives_a_restart(void **state)
{
    static const uint8_t policy[] = {2, MSCP_IF_DOING, 1, MSCP_IF_STAGE, 6, 1, MSCP_IF_AUTHENTICATED, 0x40, 0, 0, 0};
    struct mscp_attributes got;
    bool found = false;
    assert_int_equal(make_mac_key(MICO_SPAN(policy)), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_attributes(&rig.host, KEY_ID, &got, &found), MICO_OK);
    assert_true(found);
    assert_int_equal(got.policy_len, sizeof policy);
    assert_memory_equal(got.policy, policy, sizeof policy);
}

/* ---- clauses ---- */

static void a_branch_holds_when_all_its_clauses_do_and_one_branch_is_enough(void **state)
{
    static const uint8_t policy[] = {2, MSCP_IF_STAGE, 0x04, MSCP_IF_LINK, 2, 1, MSCP_IF_AUTHENTICATED, OWNER, 0, 0, 0};
    make_auth(OWNER, MSCP_AUTH_HMAC, 5, MICO_SPAN(owner_secret), MSCP_NEVER);
    assert_int_equal(make_mac_key(MICO_SPAN(policy)), MICO_OK);
    assert_denied(use(1), MSCP_POLICY_DENIED, MSCP_CLAUSE_LIFE); /* what the first branch lacks */
    assert_int_equal(mscp_host_auth_secret(&rig.host, OWNER, owner_secret, NULL), MICO_OK);
    assert_int_equal(use(1), MICO_OK);
    mscp_host_stop(&rig.host); /* an authentication ends with its session */
    rig_new_host(&rig, &binding);
    assert_denied(use(1), MSCP_POLICY_DENIED, MSCP_CLAUSE_LIFE);
}

static void a_clause_of_measurements_holds_for_those_alone(void **state)
{
    uint8_t policy[35] = {1, MSCP_IF_MEASURED, 0x06}, value[64], digest[32] = {1};
    struct mico_sha256 hash;
    memset(value, 0, sizeof value);
    mico_sha256_start(&hash); /* register 1 extended by digest, register 2 as it begins */
    mico_sha256_add(&hash, value, 32);
    mico_sha256_add(&hash, digest, 32);
    mico_sha256_finish(&hash, value);
    mico_sha256(value, sizeof value, policy + 3);
    assert_int_equal(make_mac_key(MICO_SPAN(policy)), MICO_OK);
    assert_denied(use(1), MSCP_POLICY_DENIED, MSCP_CLAUSE_PCR);
    assert_int_equal(mscp_host_measure(&rig.host, 1, digest), MICO_OK);
    assert_int_equal(use(1), MICO_OK);
    assert_int_equal(mscp_host_measure(&rig.host, 2, digest), MICO_OK);
    assert_denied(use(1), MSCP_POLICY_DENIED, MSCP_CLAUSE_PCR);
    rig_restart_chip(&rig);
    assert_denied(use(1), MSCP_POLICY_DENIED, MSCP_CLAUSE_PCR);
}

static void branches_are_for_the_operations_that_they_name(void **state)
{
    static const uint8_t policy[] = {
        1, MSCP_IF_DOING, MSCP_DOING_READ, 2, MSCP_IF_DOING, MSCP_DOING_WRITE, MSCP_IF_STAGE, 0x04};
    struct mscp_attributes a = with_policy(MSCP_DATA, 0, MICO_SPAN(policy));
    uint8_t back[32];
    size_t len;
    a.read = a.write = MSCP_SESSION;
    assert_int_equal(mscp_host_create(&rig.host, DATA_ID, &a, MICO_SPAN(bytes32)), MICO_OK);
    assert_int_equal(mscp_host_read(&rig.host, DATA_ID, back, sizeof back, &len), MICO_OK);
    assert_denied(mscp_host_write(&rig.host, DATA_ID, MICO_SPAN(bytes32)), MSCP_POLICY_DENIED, MSCP_CLAUSE_LIFE);
    assert_int_equal(make_mac_key((struct mico_span){policy, 3}), MICO_OK);
    assert_denied(use(1), MSCP_POLICY_DENIED, MSCP_CLAUSE_DO);
}

static void rights_that_name_an_auth_object_ask_for_it(void **state)
{
    const struct mscp_attributes a = {.type = MSCP_DATA, .read = OWNER, .write = OTHER};
    uint8_t back[32];
    size_t len;
    make_auth(OWNER, MSCP_AUTH_HMAC, 5, MICO_SPAN(owner_secret), MSCP_NEVER);
    make_auth(OTHER, MSCP_AUTH_PIN, 5, MICO_SPAN("1234"), MSCP_NEVER);
    assert_int_equal(mscp_host_create(&rig.host, DATA_ID, &a, MICO_SPAN(bytes32)), MICO_OK);
    assert_denied(mscp_host_read(&rig.host, DATA_ID, back, sizeof back, &len), MSCP_AUTH_REQUIRED, MSCP_CLAUSE_AUTH);
    assert_int_equal(mscp_host_auth_secret(&rig.host, OWNER, owner_secret, NULL), MICO_OK);
    assert_int_equal(mscp_host_read(&rig.host, DATA_ID, back, sizeof back, &len), MICO_OK);
    assert_denied(mscp_host_write(&rig.host, DATA_ID, MICO_SPAN(bytes32)), MSCP_AUTH_REQUIRED, MSCP_CLAUSE_AUTH);
    assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("1234"), NULL), MICO_OK);
    assert_int_equal(mscp_host_write(&rig.host, DATA_ID, MICO_SPAN(bytes32)), MICO_OK);
}

static void in_the_clear_only_what_says_so_is_read_and_a_denial_says_nothing(void **state)
{
    static const uint8_t plain[] = {1, MSCP_IF_LINK, MSCP_LINK_PLAIN};
    struct mscp_attributes open = with_policy(MSCP_DATA, 0, MICO_SPAN(plain));
    struct mscp_response answer;
    open.read = MSCP_ALWAYS;
    assert_int_equal(mscp_host_create(&rig.host, DATA_ID, &open, MICO_SPAN(bytes32)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, DATA_ID + 1, &rig_cert, MICO_SPAN(bytes32)), MICO_OK);
    open.read = MSCP_SESSION;
    assert_int_equal(mscp_host_create(&rig.host, DATA_ID + 2, &open, MICO_SPAN(bytes32)), MICO_OK);
    make_auth(OWNER, MSCP_AUTH_HMAC, 5, MICO_SPAN(owner_secret), MSCP_NEVER);
    say_begin_id(DATA_ID);
    assert_int_equal(rig_clear(&rig, MSCP_READ_DATA, said_span(), &answer), MSCP_OK);
    assert_int_equal(answer.body.len, 5 + 3 + 32);
    const uint32_t closed[] = {DATA_ID + 1, DATA_ID + 2, OWNER, 0x9999};
    for (size_t i = 0; i < 4; i++) {
        say_begin_id(closed[i]);
        assert_int_equal(rig_clear(&rig, MSCP_READ_DATA, said_span(), &answer), MSCP_POLICY_DENIED);
        assert_int_equal(answer.detail, 0);
        assert_int_equal(answer.body.len, 0);
    }
}

/* ---- AUTH objects ---- */

static void a_pin_has_its_tries_over_restarts_and_locks_at_the_last(void **state)
{
    unsigned left = 99;
    make_auth(OWNER, MSCP_AUTH_HMAC, 9, MICO_SPAN(owner_secret), MSCP_NEVER);
    make_auth(OTHER, MSCP_AUTH_PIN, 3, MICO_SPAN("4711"), OWNER);
    assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("4712"), &left), MICO_ERR_AUTH);
    assert_int_equal(left, 2);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("4711x"), &left), MICO_ERR_AUTH);
    assert_int_equal(left, 1);
    assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("4711"), &left), MICO_OK); /* all tries again */
    for (unsigned i = 3; i-- > 0;) {
        assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("0000"), &left), MICO_ERR_AUTH);
        assert_int_equal(left, i);
        rig_restart_chip(&rig);
    }
    assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("4711"), &left), MICO_ERR_AUTH);
    assert_int_equal(left, 0);
    /* Only who may write it gives it tries again, with another PIN. */
    static const uint8_t fresh[] = {MSCP_AUTH_PIN, 2, '9', '8', '7', '6'};
    assert_denied(mscp_host_write(&rig.host, OTHER, MICO_SPAN(fresh)), MSCP_AUTH_REQUIRED, MSCP_CLAUSE_AUTH);
    assert_int_equal(mscp_host_auth_secret(&rig.host, OWNER, owner_secret, NULL), MICO_OK);
    assert_int_equal(mscp_host_write(&rig.host, OTHER, MICO_SPAN(fresh)), MICO_OK);
    assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("4711"), &left), MICO_ERR_AUTH);
    assert_int_equal(left, 1);
    assert_int_equal(mscp_host_auth_pin(&rig.host, OTHER, (struct mico_span){fresh + 2, 4}, &left), MICO_OK);
}

static void a_wrong_proof_ends_an_authentication_that_stood(void **state)
{
    const struct mscp_attributes a = {.type = MSCP_DATA, .read = OWNER};
    uint8_t back[32], wrong[32] = {0};
    size_t len;
    make_auth(OWNER, MSCP_AUTH_HMAC, 9, MICO_SPAN(owner_secret), MSCP_NEVER);
    assert_int_equal(mscp_host_create(&rig.host, DATA_ID, &a, MICO_SPAN(bytes32)), MICO_OK);
    assert_int_equal(mscp_host_auth_secret(&rig.host, OWNER, owner_secret, NULL), MICO_OK);
    assert_int_equal(mscp_host_auth_secret(&rig.host, OWNER, wrong, NULL), MICO_ERR_AUTH);
    assert_denied(mscp_host_read(&rig.host, DATA_ID, back, sizeof back, &len), MSCP_AUTH_REQUIRED, MSCP_CLAUSE_AUTH);
}

/* The nonce is good for one answer, of the AUTH object that it was drawn for, in its session. */
static void a_proof_does_not_serve_twice(void **state)
{
    static const char label[] = "MSCP1 auth";
    uint8_t message[10 + 4 + 32], proof[32];
    make_auth(OWNER, MSCP_AUTH_HMAC, 9, MICO_SPAN(owner_secret), MSCP_NEVER);
    make_auth(OTHER, MSCP_AUTH_HMAC, 9, MICO_SPAN(owner_secret), MSCP_NEVER);
    say_begin_id(OWNER);
    mscp_put_bytes(&said.body, MSCP_TAG_CREDENTIAL, proof, 32);
    assert_int_equal(say_to(&rig, MSCP_AUTHENTICATE), MSCP_BAD_PARAM); /* nobody asked */
    say_begin_id(OWNER);
    assert_int_equal(say_to(&rig, MSCP_AUTHENTICATE), MSCP_OK);
    memcpy(message, label, 10);
    mico_store_le32(message + 10, OWNER);
    memcpy(message + 14, said.answer.body.data + 3, 32);
    mico_hmac_sha256(MICO_SPAN(owner_secret), MICO_SPAN(message), proof);
    say_begin_id(OTHER);
    mscp_put_bytes(&said.body, MSCP_TAG_CREDENTIAL, proof, 32);
    assert_int_equal(say_to(&rig, MSCP_AUTHENTICATE), MSCP_BAD_PARAM);
    say_begin_id(OWNER);
    mscp_put_bytes(&said.body, MSCP_TAG_CREDENTIAL, proof, 32);
    assert_int_equal(say_to(&rig, MSCP_AUTHENTICATE), MSCP_OK);
    assert_int_equal(say_to(&rig, MSCP_AUTHENTICATE), MSCP_BAD_PARAM);
}

static void an_auth_object_of_a_wrong_form_is_not_made_and_none_is_read(void **state)
{
    static const struct mscp_attributes a = {.type = MSCP_AUTH};
    static const struct {
        uint8_t bytes[40];
        size_t len;
    } bad[] = {{{3, 5, 1, 2, 3, 4}, 6},  {{MSCP_AUTH_PIN, 0, 1, 2, 3, 4}, 6},  {{MSCP_AUTH_PIN, 5, 1, 2, 3}, 5},
               {{MSCP_AUTH_PIN, 5}, 35}, {{MSCP_AUTH_HMAC, 5, 1, 2, 3, 4}, 6}, {{0}, 0},
               {{MSCP_AUTH_HMAC, 5}, 33}};
    uint8_t back[64];
    size_t len;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mico_err err = mscp_host_create(&rig.host, OWNER, &a, (struct mico_span){bad[i].bytes, bad[i].len});
        assert_true(err == MICO_ERR_PARAM || err == MICO_ERR_SIZE);
    }
    assert_int_equal(rig.chip.objects, 0);
    make_auth(OWNER, MSCP_AUTH_PIN, 3, MICO_SPAN("1234"), MSCP_NEVER);
    assert_denied(mscp_host_read(&rig.host, OWNER, back, sizeof back, &len), MSCP_POLICY_DENIED, MSCP_CLAUSE_TYPE);
}

/* ---- counted uses ---- */

static const uint8_t three_uses[] = {1, MSCP_IF_USES_LEFT, 3, 0, 0, 0};

static void a_use_limit_holds_over_restarts_and_a_repeated_request_is_one_use(void **state)
{
    assert_int_equal(make_mac_key(MICO_SPAN(three_uses)), MICO_OK);
    for (uint8_t i = 0; i < 3; i++) {
        for (unsigned again = 0; again < 3; again++) {
            assert_int_equal(use(i), MICO_OK);
            rig_restart_chip(&rig);
        }
    }
    assert_denied(use(7), MSCP_USE_LIMIT, MSCP_CLAUSE_USES);
    assert_int_equal(use(2), MICO_OK); /* the last one, once more */
    assert_denied(use(1), MSCP_USE_LIMIT, MSCP_CLAUSE_USES);
    rig_restart_chip(&rig);
    assert_denied(use(7), MSCP_USE_LIMIT, MSCP_CLAUSE_USES);
}

static void a_new_object_of_an_old_id_begins_to_count_anew(void **state)
{
    assert_int_equal(make_mac_key(MICO_SPAN(three_uses)), MICO_OK);
    for (uint8_t i = 0; i < 3; i++) {
        assert_int_equal(use(i), MICO_OK);
    }
    assert_denied(use(9), MSCP_USE_LIMIT, MSCP_CLAUSE_USES);
    assert_int_equal(mscp_host_delete(&rig.host, KEY_ID), MICO_OK);
    assert_int_equal(make_mac_key(MICO_SPAN(three_uses)), MICO_OK);
    assert_int_equal(use(9), MICO_OK);
}

static void a_refused_use_costs_nothing(void **state)
{
    uint8_t out[64];
    assert_int_equal(make_mac_key(MICO_SPAN(three_uses)), MICO_OK);
    for (unsigned i = 0; i < 5; i++) {
        assert_denied(mscp_host_sign(&rig.host, KEY_ID, MICO_SPAN(bytes32), out), MSCP_POLICY_DENIED, MSCP_CLAUSE_TYPE);
        const struct mscp_derivation d = {KEY_ID, MSCP_HKDF_SHA256, {NULL, 0}, {NULL, 0}, 32, 0, NULL};
        assert_denied(mscp_host_derive(&rig.host, &d, out), MSCP_POLICY_DENIED, MSCP_CLAUSE_USAGE);
    }
    for (uint8_t i = 0; i < 3; i++) {
        assert_int_equal(use(i), MICO_OK);
    }
}

static void a_rate_bucket_gives_uses_back_with_time_and_none_for_a_restart(void **state)
{
    static const uint8_t two_at_once[] = {1, MSCP_IF_RATE, 2, 0, 0xE8, 3, 0, 0}; /* one a second */
    uint8_t i = 0;
    assert_int_equal(make_mac_key(MICO_SPAN(two_at_once)), MICO_OK);
    assert_int_equal(use(i++), MICO_OK);
    assert_int_equal(use(i++), MICO_OK);
    assert_denied(use(i++), MSCP_RATE_LIMITED, 1000);
    rig.now_ms += 400;
    assert_denied(use(i++), MSCP_RATE_LIMITED, 600);
    rig_restart_chip(&rig); /* the chip does not know how long it was off, so it was not */
    assert_denied(use(i++), MSCP_RATE_LIMITED, 1000);
    rig.now_ms += 1000;
    assert_int_equal(use(i++), MICO_OK);
    assert_denied(use(i++), MSCP_RATE_LIMITED, 1000);
    rig.now_ms += 100000; /* never more than two */
    assert_int_equal(use(i++), MICO_OK);
    assert_int_equal(use(i++), MICO_OK);
    assert_denied(use(i++), MSCP_RATE_LIMITED, 1000);
}

static void a_counted_counter_counts_each_increment(void **state)
{
    struct mscp_attributes a = with_policy(MSCP_COUNTER, 0, MICO_SPAN(three_uses));
    a.read = a.write = MSCP_SESSION;
    assert_int_equal(mscp_host_create(&rig.host, DATA_ID, &a, (struct mico_span){NULL, 0}), MICO_OK);
    for (unsigned i = 0; i < 4; i++) {
        say_begin_id(DATA_ID);
        assert_int_equal(say_to(&rig, MSCP_INCREMENT_COUNTER), i < 3 ? MSCP_OK : MSCP_USE_LIMIT);
    }
}

/* Power is cut at each flash operation of a use, of a right and of a wrong authentication: whoever cuts gets no answer
 * that was not counted, and no try for nothing. */
static void cutting_the_power_buys_no_use_and_no_try(void **state)
{
    for (uint64_t cut = 1;; cut++) {
        unsigned answers = 0, left = 0;
        rig_start(&rig);
        assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
        assert_int_equal(make_mac_key(MICO_SPAN(three_uses)), MICO_OK);
        make_auth(OTHER, MSCP_AUTH_PIN, 3, MICO_SPAN("4711"), MSCP_NEVER);
        rig.host.timeout_ms = 50;
        rig.flash.cut = (struct test_flash_cut){rig.flash.operations + cut, TEST_TEAR_MIXED, cut * 7};
        bool one = use(1) == MICO_OK;
        bool wrong = mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("4712"), &left) == MICO_ERR_AUTH && left == 2;
        bool was_cut = rig.flash.dead;
        rig_restart_chip(&rig);
        for (uint8_t i = 2; i < 9; i++) {
            answers += use(i) == MICO_OK;
        }
        assert_true(answers + one <= 3 && answers >= 2);
        unsigned tries = 0;
        while (mscp_host_auth_pin(&rig.host, OTHER, MICO_SPAN("4712"), &left) == MICO_ERR_AUTH && left > 0) {
            tries++;
        }
        assert_true(tries + 1 + wrong <= 3 && tries + 1 >= 2);
        if (!was_cut) {
            assert_true(one && wrong && answers == 2 && tries == 1);
            print_message("%u operations of flash cut\n", (unsigned)(cut - 1));
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_policy_of_a_wrong_form_makes_no_object, start, end),
        cmocka_unit_test_setup_teardown(a_policy_comes_back_as_it_was_given_and_survives_a_restart, start, end),
        cmocka_unit_test_setup_teardown(a_branch_holds_when_all_its_clauses_do_and_one_branch_is_enough, start, end),
        cmocka_unit_test_setup_teardown(a_clause_of_measurements_holds_for_those_alone, start, end),
        cmocka_unit_test_setup_teardown(branches_are_for_the_operations_that_they_name, start, end),
        cmocka_unit_test_setup_teardown(rights_that_name_an_auth_object_ask_for_it, start, end),
        cmocka_unit_test_setup_teardown(in_the_clear_only_what_says_so_is_read_and_a_denial_says_nothing, start, end),
        cmocka_unit_test_setup_teardown(a_pin_has_its_tries_over_restarts_and_locks_at_the_last, start, end),
        cmocka_unit_test_setup_teardown(a_wrong_proof_ends_an_authentication_that_stood, start, end),
        cmocka_unit_test_setup_teardown(a_proof_does_not_serve_twice, start, end),
        cmocka_unit_test_setup_teardown(an_auth_object_of_a_wrong_form_is_not_made_and_none_is_read, start, end),
        cmocka_unit_test_setup_teardown(a_use_limit_holds_over_restarts_and_a_repeated_request_is_one_use, start, end),
        cmocka_unit_test_setup_teardown(a_new_object_of_an_old_id_begins_to_count_anew, start, end),
        cmocka_unit_test_setup_teardown(a_refused_use_costs_nothing, start, end),
        cmocka_unit_test_setup_teardown(a_rate_bucket_gives_uses_back_with_time_and_none_for_a_restart, start, end),
        cmocka_unit_test_setup_teardown(a_counted_counter_counts_each_increment, start, end),
        cmocka_unit_test_setup_teardown(cutting_the_power_buys_no_use_and_no_try, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
