/* SPDX-License-Identifier: Apache-2.0 */
/* Pair-setup: accessory and controller in memory, and the controllers and accessories that mean harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/accessory/internal.h"
#include "pairing/accessory/test_parties.h"

/* An M3 with this A and a proof of zeros, after an M1. */
static int guess_with_A(struct party *party, const uint8_t *A, size_t len)
{
    static const uint8_t proof[64];
    uint8_t bytes[600];
    assert_int_equal(ASK(party, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, A, len);
    mico_tlv8_put(&w, MICO_TLV8_PROOF, proof, sizeof proof);
    return test_ask(party, SETUP, bytes, w.len, 4, NULL);
}

static void controller_pairs_and_verifies_with_a_certificate_and_without(void **state)
{
    for (int uncertified = 0; uncertified < 2; uncertified++) {
        assert_int_equal(test_pair_with(&alice, TEST_CODE, uncertified != 0), MICO_OK);
        assert_true(lamp.certified == (uncertified == 0));
        assert_string_equal(lamp.id, TEST_DEVICE_ID);
        assert_memory_equal(lamp.public_key, bed.config.ltpk, 32);
        assert_int_equal(test_verify(&alice), MICO_OK);
        assert_true(mico_accessory_paired(&bed.acc));
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        test_redial(&alice);
    }
}

static void pairing_works_when_bytes_come_in_pieces_of_any_size(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 17, 255, 1023};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        alice.link.piece = pieces[i];
        test_pair(&alice);
        assert_int_equal(mico_client_request(&alice.client, "GET", "/accessories", NULL, (struct mico_span){NULL, 0}),
                         MICO_OK);
        assert_int_equal(alice.client.reply.status, 200);
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        test_redial(&alice);
    }
}

static void pairing_survives_a_restart(void **state)
{
    test_pair(&alice);
    test_power_cycle();
    assert_true(mico_accessory_paired(&bed.acc));
    assert_int_equal(test_verify(&alice), MICO_OK);
}

static void pairing_that_was_never_verified_keeps_nobody_out(void **state)
{
    assert_int_equal(test_pair_with(&alice, TEST_CODE, false), MICO_OK);
    assert_false(mico_accessory_paired(&bed.acc));
    test_power_cycle();
    test_pair(&bob); /* takes its place */
    assert_true(mico_accessory_paired(&bed.acc));
    assert_int_equal(test_verify(&alice), MICO_ERR_DENIED);
    assert_int_equal(alice.client.hap_error, MICO_HAP_AUTHENTICATION);
}

static void wrong_code_is_refused_and_counted_across_a_restart_until_a_right_one(void **state)
{
    assert_int_equal(test_pair_with(&alice, "031-45-155", false), MICO_ERR_DENIED);
    assert_int_equal(alice.client.hap_error, MICO_HAP_AUTHENTICATION);
    assert_int_equal(bed.acc.tries, 1);
    test_power_cycle();
    assert_int_equal(bed.acc.tries, 1);
    assert_int_equal(test_pair_with(&alice, "03145154", false), MICO_ERR_DENIED);
    assert_int_equal(bed.acc.tries, 2);
    test_pair(&alice);
    test_power_cycle();
    assert_int_equal(bed.acc.tries, 0);
}

static void setup_locks_after_100_tries_across_a_restart_until_the_reset(void **state)
{
    static const uint8_t two[] = {2};
    assert_int_equal(mico_tries_put(&bed.acc, 98), MICO_OK);
    assert_int_equal(guess_with_A(&alice, two, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(guess_with_A(&alice, two, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_MAX_TRIES);
    test_power_cycle();
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_MAX_TRIES);
    assert_int_equal(test_pair_with(&bob, TEST_CODE, false), MICO_ERR_DENIED);
    assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
    test_pair(&alice);
}

static void failure_counter_that_is_malformed_counts_as_locked(void **state)
{
    assert_int_equal(mico_store_put(&bed.store, "pairing/tries", "x", 1), MICO_OK);
    test_power_cycle();
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_MAX_TRIES);
}

/* Cut the power at each flash operation of a guess: who learns that it was wrong has paid for it. */
static void guess_is_charged_before_it_is_judged_wherever_the_power_fails(void **state)
{
    static const uint8_t two[] = {2};
    bool whole = false;
    int judged = 0, not_judged = 0;
    for (uint64_t cut = 1; !whole; cut++) {
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        test_power_cycle();
        bed.flash.cut =
            (struct test_flash_cut){.operation = bed.flash.operations + cut, .tear = TEST_TEAR_PREFIX, .amount = 0};
        int said = guess_with_A(&alice, two, 1);
        whole = !bed.flash.dead;
        test_power_cycle();
        if (said == MICO_HAP_AUTHENTICATION) {
            assert_int_equal(bed.acc.tries, 1);
            judged++;
        } else {
            assert_int_equal(said, MICO_HAP_UNKNOWN); /* it could not be charged */
            not_judged++;
        }
    }
    assert_true(judged > 0 && not_judged > 0);
}

static void degenerate_public_keys_are_refused(void **state)
{
    static const char prime[] = /* RFC 5054, 3072 bits */
        "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a43"
        "1b"
        "302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1f"
        "e6"
        "49286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed52907709696"
        "6d"
        "670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817"
        "18"
        "3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c"
        "7d"
        "b3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b20"
        "0c"
        "bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff";
    uint8_t n[384], twice[385] = {1}, zeros[384] = {0}, long_key[500];
    assert_int_equal(mico_unhex(prime, n, sizeof n), MICO_OK);
    for (size_t i = 0; i < sizeof n; i++) { /* 2N = 1 | N << 1: the top bit of N is set */
        twice[i + 1] = (uint8_t)(n[i] << 1 | (i + 1 < sizeof n ? n[i + 1] >> 7 : 0));
    }
    memset(long_key, 7, sizeof long_key);
    assert_int_equal(guess_with_A(&alice, zeros, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(guess_with_A(&alice, zeros, 384), MICO_HAP_AUTHENTICATION);
    assert_int_equal(guess_with_A(&alice, n, sizeof n), MICO_HAP_AUTHENTICATION);
    assert_int_equal(guess_with_A(&alice, twice, sizeof twice), MICO_HAP_AUTHENTICATION);
    assert_int_equal(guess_with_A(&alice, n, 0), MICO_HAP_AUTHENTICATION);
    assert_int_equal(guess_with_A(&alice, long_key, sizeof long_key), MICO_HAP_AUTHENTICATION);
    assert_int_equal(bed.acc.tries, 6);
}

static void setup_out_of_order_is_refused(void **state)
{
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x03", 4), MICO_HAP_UNKNOWN);
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x05", 6), MICO_HAP_UNKNOWN);
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x02", 3), MICO_HAP_UNKNOWN);
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x05", 6), MICO_HAP_UNKNOWN);
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x03", 4), MICO_HAP_UNKNOWN); /* the error ended the run */
    assert_int_equal(bed.acc.tries, 0);
}

static void second_guess_on_one_key_is_refused(void **state)
{
    static const uint8_t two[] = {2};
    assert_int_equal(guess_with_A(&alice, two, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x03\x03\x01\x02", 4), MICO_HAP_UNKNOWN);
    assert_int_equal(bed.acc.tries, 1);
}

static void replayed_M3_of_a_good_run_is_refused(void **state)
{
    uint8_t m3[1024];
    struct mico_srp_client srp;
    struct mico_tlv8 answer;
    uint8_t A[MICO_SRP_SIZE], proof[MICO_SRP_PROOF_SIZE];
    assert_int_equal(test_ask(&alice, SETUP, SETUP_M1, 6, 2, &answer), MICO_HAP_OK);
    assert_int_equal(mico_srp_client_start(&srp), MICO_OK);
    assert_int_equal(mico_srp_client_prove(&srp, answer.value[MICO_TLV8_SALT].data, answer.value[MICO_TLV8_PUBLIC_KEY],
                                           (struct mico_span){(const uint8_t *)TEST_CODE, strlen(TEST_CODE)}, A, proof),
                     MICO_OK);
    struct mico_writer w = mico_writer_of(m3, sizeof m3);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, A, sizeof A);
    mico_tlv8_put(&w, MICO_TLV8_PROOF, proof, sizeof proof);
    assert_int_equal(test_ask(&alice, SETUP, m3, w.len, 4, NULL), MICO_HAP_OK);
    assert_int_equal(test_ask(&alice, SETUP, m3, w.len, 4, NULL), MICO_HAP_UNKNOWN);
    assert_int_equal(test_ask(&alice, SETUP, SETUP_M1, 6, 2, NULL), MICO_HAP_OK);
    assert_int_equal(test_ask(&alice, SETUP, m3, w.len, 4, NULL), MICO_HAP_AUTHENTICATION);
    mico_srp_client_stop(&srp);
}

static void setup_while_paired_is_refused_with_6(void **state)
{
    test_pair(&alice);
    assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_UNAVAILABLE);
}

static void second_setup_is_busy_until_the_first_ends_or_30_s_are_over(void **state)
{
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_BUSY);
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK); /* again on the same connection: restarts */
    test_redial(&alice);
    assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    bed.now_ms += MICO_ACCESSORY_CLAIM_MS - 1;
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_BUSY);
    bed.now_ms += 1;
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    assert_int_equal(ASK(&bob, SETUP, "\x06\x01\x03", 4), MICO_HAP_UNKNOWN); /* the claim is Alice's now */
}

static void restarting_a_setup_keeps_others_out_for_no_longer(void **state)
{
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    for (int i = 0; i < 2; i++) {
        bed.now_ms += MICO_ACCESSORY_CLAIM_MS / 2 - 1;
        assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_BUSY);
        assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    }
    bed.now_ms += 2;
    assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_OK);
}

/* Whoever runs the cloud gets no guess at the code, and cannot use the owner's up. */
static void setup_through_the_relay_is_refused_and_costs_no_try(void **state)
{
    test_redial_relayed(&alice);
    assert_int_equal(test_pair_with(&alice, TEST_CODE, false), MICO_ERR_DENIED);
    assert_int_equal(alice.client.reply.status, 470);
    assert_int_equal(bed.acc.tries, 0);
    test_pair(&bob); /* at the device itself */
    test_redial_relayed(&bob);
    assert_int_equal(test_verify(&bob), MICO_OK); /* and then through the relay */
}

static void unknown_methods_and_transient_setup_are_refused(void **state)
{
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x01\x00\x01\x02", 2), MICO_HAP_UNKNOWN);
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x01", 2), MICO_HAP_UNKNOWN);
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x01\x00\x01\x00\x13\x04\x10\x00\x00\x00", 2), MICO_HAP_UNKNOWN);
    bed.acc.config.chain.len = 0;
    assert_int_equal(ASK(&alice, SETUP, "\x06\x01\x01\x00\x01\x01", 2), MICO_HAP_UNKNOWN); /* no certificate to show */
}

static void certificate_that_is_not_the_makers_is_refused(void **state)
{
    bed.acc.config.chain.len--;
    assert_int_equal(test_pair_with(&alice, TEST_CODE, false), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_CERTIFICATE);
    assert_string_equal(alice.client.why, "not the maker's");
}

static void certificate_of_another_device_is_refused(void **state)
{
    bed.chain[0] = 'B';
    assert_int_equal(test_pair_with(&alice, TEST_CODE, false), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_CERTIFICATE);
    assert_non_null(strstr(alice.client.why, "another device"));
}

static void certificate_whose_key_did_not_sign_is_refused(void **state)
{
    bed.acc.config.identity_key = bed.config.pairing_key;
    assert_int_equal(test_pair_with(&alice, TEST_CODE, false), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_CERTIFICATE);
    assert_non_null(strstr(alice.client.why, "did not sign"));
    assert_false(mico_accessory_paired(&bed.acc));
}

static void accessory_with_another_long_term_key_is_refused(void **state)
{
    test_pair(&alice);
    bed.acc.config.pairing_key = bed.config.identity_key; /* an impostor at the same address */
    test_redial(&alice);
    assert_int_equal(test_verify(&alice), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_IDENTITY);
    (void)snprintf(lamp.id, sizeof lamp.id, "00:00:00:00:00:00");
    test_redial(&alice);
    assert_int_equal(test_verify(&alice), MICO_ERR_AUTH);
}

/* It would go to the user's terminal and into the relay's topics. */
static void accessory_whose_id_is_no_plain_text_is_refused(void **state)
{
    static const char *const ids[] = {"\x1b[31mB2:C3:D4:E5F", "A1/B2/C3/D4/E5/+#"};
    for (size_t i = 0; i < 2; i++) {
        bed.config.device_id = ids[i];
        test_power_cycle();
        assert_int_equal(test_pair_with(&alice, TEST_CODE, true), MICO_ERR_FORMAT);
        assert_int_equal(alice.client.trouble, MICO_TROUBLE_PROTOCOL);
    }
}

static void accessory_that_shows_a_key_it_does_not_hold_is_refused(void **state)
{
    bed.acc.config.ltpk[0] ^= 1;
    assert_int_equal(test_pair_with(&alice, TEST_CODE, true), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_IDENTITY);
}

static void wrong_setup_M5_is_refused_and_ends_the_run(void **state)
{
    alice.self.public_key[3] ^= 1; /* she shows a key that she does not hold */
    assert_int_equal(test_pair_with(&alice, TEST_CODE, false), MICO_ERR_DENIED);
    assert_int_equal(alice.client.hap_error, MICO_HAP_AUTHENTICATION);
    alice.self.public_key[3] ^= 1;
    alice.self.id[0] = '\0'; /* an empty identifier cannot even be signed by this client */
    assert_int_equal(test_pair_with(&alice, TEST_CODE, false), MICO_ERR_SIZE);
    assert_false(mico_accessory_paired(&bed.acc));
    assert_int_equal(bed.acc.controllers.slot[0].id_len, 0);
}

/* Cut the power at each flash operation of a pairing: afterwards the accessory is paired with her, or can be. */
static void power_cut_anywhere_in_a_pairing_leaves_a_device_that_can_be_used(void **state)
{
    bool whole = false;
    for (uint64_t cut = 1; !whole; cut++) {
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        test_power_cycle();
        bed.flash.cut = (struct test_flash_cut){.operation = cut, .tear = TEST_TEAR_MIXED, .amount = cut};
        bool done = test_pair_with(&alice, TEST_CODE, true) == MICO_OK && test_verify(&alice) == MICO_OK;
        whole = !bed.flash.dead;
        assert_true(done || !whole);
        test_power_cycle();
        bool paired = mico_accessory_paired(&bed.acc);
        assert_true(paired || !done);
        if (paired) {
            assert_int_equal(test_verify(&alice), MICO_OK);
        } else {
            test_pair(&alice);
        }
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, test_parties_make, test_parties_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(controller_pairs_and_verifies_with_a_certificate_and_without),
        CASE(pairing_works_when_bytes_come_in_pieces_of_any_size),
        CASE(pairing_survives_a_restart),
        CASE(pairing_that_was_never_verified_keeps_nobody_out),
        CASE(wrong_code_is_refused_and_counted_across_a_restart_until_a_right_one),
        CASE(setup_locks_after_100_tries_across_a_restart_until_the_reset),
        CASE(failure_counter_that_is_malformed_counts_as_locked),
        CASE(guess_is_charged_before_it_is_judged_wherever_the_power_fails),
        CASE(degenerate_public_keys_are_refused),
        CASE(setup_out_of_order_is_refused),
        CASE(second_guess_on_one_key_is_refused),
        CASE(replayed_M3_of_a_good_run_is_refused),
        CASE(setup_while_paired_is_refused_with_6),
        CASE(second_setup_is_busy_until_the_first_ends_or_30_s_are_over),
        CASE(restarting_a_setup_keeps_others_out_for_no_longer),
        CASE(setup_through_the_relay_is_refused_and_costs_no_try),
        CASE(unknown_methods_and_transient_setup_are_refused),
        CASE(certificate_that_is_not_the_makers_is_refused),
        CASE(certificate_of_another_device_is_refused),
        CASE(certificate_whose_key_did_not_sign_is_refused),
        CASE(accessory_with_another_long_term_key_is_refused),
        CASE(accessory_whose_id_is_no_plain_text_is_refused),
        CASE(accessory_that_shows_a_key_it_does_not_hold_is_refused),
        CASE(wrong_setup_M5_is_refused_and_ends_the_run),
        CASE(power_cut_anywhere_in_a_pairing_leaves_a_device_that_can_be_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
