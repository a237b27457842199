/* SPDX-License-Identifier: Apache-2.0 */
/* Pair-verify, and what an admin may do at /pairings: accessory and controllers in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/accessory/internal.h"
#include "pairing/accessory/test_parties.h"

static void verify_by_an_unknown_controller_or_with_another_key_is_refused(void **state)
{
    test_pair(&alice);
    assert_int_equal(test_verify(&bob), MICO_ERR_DENIED);
    assert_int_equal(bob.client.hap_error, MICO_HAP_AUTHENTICATION);
    (void)snprintf(bob.self.id, sizeof bob.self.id, ALICE); /* her name, his key */
    assert_int_equal(test_verify(&bob), MICO_ERR_DENIED);
    assert_int_equal(bob.client.hap_error, MICO_HAP_AUTHENTICATION);
    assert_false(bob.link.conn.secure);
}

static int verify_m1(struct party *party, const uint8_t *key, size_t len, struct mico_tlv8 *answer)
{
    uint8_t bytes[64];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 1);
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, key, len);
    return test_ask(party, VERIFY, bytes, w.len, 2, answer);
}

static void verify_with_a_degenerate_key_or_out_of_order_is_refused(void **state)
{
    uint8_t key[32] = {0};
    assert_int_equal(ASK(&alice, VERIFY, "\x06\x01\x03", 4), MICO_HAP_UNKNOWN);
    assert_int_equal(verify_m1(&alice, key, 32, NULL), MICO_HAP_AUTHENTICATION);
    key[0] = 1;
    assert_int_equal(verify_m1(&alice, key, 32, NULL), MICO_HAP_AUTHENTICATION);
    key[0] = 9;
    assert_int_equal(verify_m1(&alice, key, 31, NULL), MICO_HAP_AUTHENTICATION);
    assert_int_equal(ASK(&alice, VERIFY, "\x06\x01\x03", 4), MICO_HAP_UNKNOWN);
    assert_int_equal(verify_m1(&alice, key, 32, NULL), MICO_HAP_OK);
    assert_int_equal(ASK(&alice, VERIFY, "\x06\x01\x03\x05\x0fshorter-than-16", 4), MICO_HAP_AUTHENTICATION);
    assert_int_equal(ASK(&alice, VERIFY, "\x06\x01\x07", 8), MICO_HAP_UNKNOWN);
}

static void reflected_M2_and_replayed_M3_are_refused(void **state)
{
    uint8_t key[32] = {9}, bytes[256];
    struct mico_tlv8 answer;
    test_pair(&bob);
    test_redial(&bob);
    assert_int_equal(verify_m1(&alice, key, 32, &answer), MICO_HAP_OK);
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&w, MICO_TLV8_ENCRYPTED_DATA, answer.value[MICO_TLV8_ENCRYPTED_DATA].data,
                  answer.value[MICO_TLV8_ENCRYPTED_DATA].len);
    assert_int_equal(test_ask(&alice, VERIFY, bytes, w.len, 4, NULL), MICO_HAP_AUTHENTICATION);

    assert_int_equal(test_verify(&bob), MICO_OK);
    uint8_t m3[1024];
    size_t m3_len = bob.link.sent_len;
    memcpy(m3, bob.link.sent, m3_len); /* the whole request that made the session */
    assert_int_equal(verify_m1(&alice, key, 32, NULL), MICO_HAP_OK);
    alice.link.answer_len = alice.link.answer_at = 0;
    test_link_send(&alice.link, m3, m3_len);
    assert_false(alice.link.conn.secure);
}

static void malformed_TLV_is_400(void **state)
{
    static const char *const paths[] = {SETUP, VERIFY};
    for (int i = 0; i < 2; i++) {
        struct mico_tlv8 unused;
        struct mico_span cut = {(const uint8_t *)"\x06\x01", 2}, none = {NULL, 0};
        assert_int_equal(mico_client_exchange(&alice.client, paths[i], cut, 2, &unused), MICO_ERR_DENIED);
        assert_int_equal(alice.client.reply.status, 400);
        assert_int_equal(mico_client_exchange(&alice.client, paths[i], none, 2, &unused), MICO_ERR_DENIED);
        assert_int_equal(alice.client.reply.status, 400);
    }
    test_pair(&alice); /* and the same connection goes on */
}

static int add(struct party *admin, const char *id, const uint8_t key[32], uint8_t permissions)
{
    uint8_t bytes[128];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 1);
    mico_tlv8_put_byte(&w, MICO_TLV8_METHOD, MICO_METHOD_ADD_PAIRING);
    mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, id, strlen(id));
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, key, 32);
    mico_tlv8_put_byte(&w, MICO_TLV8_PERMISSIONS, permissions);
    return test_ask(admin, "/pairings", bytes, w.len, 2, NULL);
}

static int remove_id(struct party *admin, const char *id)
{
    uint8_t bytes[128];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 1);
    mico_tlv8_put_byte(&w, MICO_TLV8_METHOD, MICO_METHOD_REMOVE_PAIRING);
    mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, id, strlen(id));
    return test_ask(admin, "/pairings", bytes, w.len, 2, NULL);
}

#define LIST "\x06\x01\x01\x00\x01\x05"

static void added_controller_verifies_and_may_not_change_pairings(void **state)
{
    test_pair(&alice);
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
    assert_int_equal(test_verify(&bob), MICO_OK);
    assert_int_equal(ASK(&bob, "/pairings", LIST, 2), MICO_HAP_AUTHENTICATION);
    assert_int_equal(add(&bob, "x", bob.self.public_key, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(add(&alice, BOB, alice.self.public_key, 1), MICO_HAP_UNKNOWN); /* the id with another key */
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 1), MICO_HAP_OK);
    assert_int_equal(add(&bob, "x", bob.self.public_key, 0), MICO_HAP_OK); /* an admin now, in the same session */
}

static void sixteen_controllers_fit_and_are_listed_across_a_restart(void **state)
{
    char id[8];
    test_pair(&alice);
    for (int i = 1; i < MICO_CONTROLLERS_MAX; i++) {
        (void)snprintf(id, sizeof id, "c%d", i);
        assert_int_equal(add(&alice, id, bob.self.public_key, 0), MICO_HAP_OK);
    }
    assert_int_equal(add(&alice, "one more", bob.self.public_key, 0), MICO_HAP_MAX_PEERS);
    test_power_cycle();
    assert_int_equal(test_verify(&alice), MICO_OK);
    assert_int_equal(mico_client_request(&alice.client, "POST", "/pairings", MICO_TYPE_TLV8,
                                         (struct mico_span){(const uint8_t *)LIST, 6}),
                     MICO_OK);
    struct mico_span rest = {alice.client.reply.body, alice.client.reply.body_len};
    int count = 0;
    do {
        struct mico_tlv8 record;
        assert_int_equal(
            mico_tlv8_parse(alice.client.reply.body + (rest.data - alice.client.reply.body), rest.len, &record, &rest),
            MICO_OK);
        assert_true(record.has[MICO_TLV8_IDENTIFIER]);
        assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_PERMISSIONS), count == 0 ? 1 : 0);
        count++;
    } while (rest.len > 0);
    assert_int_equal(count, MICO_CONTROLLERS_MAX);
}

static void removed_controllers_sessions_end_and_others_go_on(void **state)
{
    test_pair(&alice);
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
    assert_int_equal(test_verify(&bob), MICO_OK);
    assert_int_equal(remove_id(&alice, BOB), MICO_HAP_OK);
    test_link_poll(&bob.link);
    assert_true(bob.link.closed);
    assert_int_equal(remove_id(&alice, "nobody"), MICO_HAP_OK);
    test_redial(&bob);
    assert_int_equal(test_verify(&bob), MICO_ERR_DENIED);
}

static void removing_the_last_admin_removes_all_and_ends_all_sessions(void **state)
{
    test_pair(&alice);
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
    assert_int_equal(test_verify(&bob), MICO_OK);
    assert_int_equal(remove_id(&alice, ALICE), MICO_HAP_OK); /* answered before the connection closes */
    assert_true(alice.link.closed);
    test_link_poll(&bob.link);
    assert_true(bob.link.closed);
    assert_false(mico_accessory_paired(&bed.acc));
    test_power_cycle();
    assert_false(mico_accessory_paired(&bed.acc));
    test_pair(&bob);
}

static void last_admin_may_not_resign_and_leave_orphans(void **state)
{
    test_pair(&alice);
    assert_int_equal(add(&alice, ALICE, alice.self.public_key, 0), MICO_HAP_OK);
    assert_false(mico_accessory_paired(&bed.acc));
    assert_true(alice.link.closed);
}

static void power_cut_while_the_last_admin_is_removed_leaves_no_orphans(void **state)
{
    bool whole = false;
    for (uint64_t cut = 1; !whole; cut++) {
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        test_power_cycle();
        test_pair(&alice);
        assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
        bed.flash.cut =
            (struct test_flash_cut){.operation = bed.flash.operations + cut, .tear = TEST_TEAR_PREFIX, .amount = 0};
        (void)remove_id(&alice, ALICE);
        whole = !bed.flash.dead;
        test_power_cycle();
        bool alice_is_there =
            mico_controllers_find(&bed.acc.controllers, (struct mico_span){(const uint8_t *)ALICE, 36}) >= 0;
        bool bob_is_there =
            mico_controllers_find(&bed.acc.controllers, (struct mico_span){(const uint8_t *)BOB, 36}) >= 0;
        assert_true(alice_is_there == bob_is_there);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, test_parties_make, test_parties_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(verify_by_an_unknown_controller_or_with_another_key_is_refused),
        CASE(verify_with_a_degenerate_key_or_out_of_order_is_refused),
        CASE(reflected_M2_and_replayed_M3_are_refused),
        CASE(malformed_TLV_is_400),
        CASE(added_controller_verifies_and_may_not_change_pairings),
        CASE(sixteen_controllers_fit_and_are_listed_across_a_restart),
        CASE(removed_controllers_sessions_end_and_others_go_on),
        CASE(removing_the_last_admin_removes_all_and_ends_all_sessions),
        CASE(last_admin_may_not_resign_and_leave_orphans),
        CASE(power_cut_while_the_last_admin_is_removed_leaves_no_orphans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
