/* SPDX-License-Identifier: Apache-2.0 */
/* Pair-setup, pair-verify and /pairings: accessory and controller in memory, and the controllers that mean harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/accessory/internal.h"
#include "pairing/test_bed.h"

#define ALICE "11111111-2222-4333-8444-555555555555"
#define BOB "99999999-2222-4333-8444-555555555555"
#define SETUP "/pair-setup"
#define VERIFY "/pair-verify"

/* A controller on its link. */
struct party {
    struct test_link link;
    struct mico_client client;
    struct mico_client_self self;
};

static struct test_bed bed;
static struct party alice, bob;
static struct mico_client_peer lamp;

static void dial(struct party *party)
{
    test_link_open(&party->link, &bed);
    struct mico_wire wire = test_link_wire(&party->link);
    mico_client_start(&party->client, &wire, 1000);
}

static void hang_up(struct party *party)
{
    mico_client_stop(&party->client);
    test_link_close(&party->link);
}

static void redial(struct party *party)
{
    hang_up(party);
    dial(party);
}

static int make(void **state)
{
    test_bed_make(&bed);
    alice.self = test_self(ALICE);
    bob.self = test_self(BOB);
    dial(&alice);
    dial(&bob);
    return 0;
}

static int unmake(void **state)
{
    hang_up(&alice);
    hang_up(&bob);
    test_bed_free(&bed);
    return psa_destroy_key(alice.self.key) == PSA_SUCCESS && psa_destroy_key(bob.self.key) == PSA_SUCCESS ? 0 : -1;
}

/* The device's power fails and comes back. */
static void power_cycle(void)
{
    hang_up(&alice);
    hang_up(&bob);
    test_bed_restart(&bed);
    dial(&alice);
    dial(&bob);
}

static mico_err pair_with(struct party *party, const char *code, bool uncertified)
{
    struct mico_client_trust trust = test_trust();
    trust.allow_uncertified = uncertified;
    return mico_client_pair(&party->client, &party->self, code, &trust, &lamp);
}

static mico_err verify(struct party *party)
{
    return mico_client_verify(&party->client, &party->self, &lamp);
}

static void pair(struct party *party)
{
    assert_int_equal(pair_with(party, TEST_CODE, false), MICO_OK);
    assert_int_equal(verify(party), MICO_OK);
}

/* Send TLV bytes to path; the HAP error of the answer, 0 for none. */
static int ask(struct party *party, const char *path, const void *tlv, size_t len, uint8_t state, struct mico_tlv8 *answer)
{
    struct mico_tlv8 unused;
    mico_err err = mico_client_exchange(&party->client, path, (struct mico_span){tlv, len}, state,
                                        answer != NULL ? answer : &unused);
    assert_true(err == MICO_OK || err == MICO_ERR_DENIED);
    assert_int_equal(party->client.reply.status, 200);
    return (int)party->client.hap_error;
}
#define ASK(party, path, literal, state) ask((party), (path), (literal), sizeof(literal) - 1, (state), NULL)
#define SETUP_M1 "\x06\x01\x01\x00\x01\x00"

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
    return ask(party, SETUP, bytes, w.len, 4, NULL);
}

static void controller_pairs_and_verifies_with_a_certificate_and_without(void **state)
{
    for (int uncertified = 0; uncertified < 2; uncertified++) {
        assert_int_equal(pair_with(&alice, TEST_CODE, uncertified != 0), MICO_OK);
        assert_true(lamp.certified == (uncertified == 0));
        assert_string_equal(lamp.id, TEST_DEVICE_ID);
        assert_memory_equal(lamp.public_key, bed.config.ltpk, 32);
        assert_int_equal(verify(&alice), MICO_OK);
        assert_true(mico_accessory_paired(&bed.acc));
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        redial(&alice);
    }
}

static void pairing_works_when_bytes_come_in_pieces_of_any_size(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 17, 255, 1023};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        alice.link.piece = pieces[i];
        pair(&alice);
        assert_int_equal(mico_client_request(&alice.client, "GET", "/accessories", NULL, (struct mico_span){NULL, 0}), MICO_OK);
        assert_int_equal(alice.client.reply.status, 200);
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        redial(&alice);
    }
}

static void pairing_survives_a_restart(void **state)
{
    pair(&alice);
    power_cycle();
    assert_true(mico_accessory_paired(&bed.acc));
    assert_int_equal(verify(&alice), MICO_OK);
}

static void pairing_that_was_never_verified_keeps_nobody_out(void **state)
{
    assert_int_equal(pair_with(&alice, TEST_CODE, false), MICO_OK);
    assert_false(mico_accessory_paired(&bed.acc));
    power_cycle();
    pair(&bob); /* takes its place */
    assert_true(mico_accessory_paired(&bed.acc));
    assert_int_equal(verify(&alice), MICO_ERR_DENIED);
    assert_int_equal(alice.client.hap_error, MICO_HAP_AUTHENTICATION);
}

static void wrong_code_is_refused_and_counted_across_a_restart_until_a_right_one(void **state)
{
    assert_int_equal(pair_with(&alice, "031-45-155", false), MICO_ERR_DENIED);
    assert_int_equal(alice.client.hap_error, MICO_HAP_AUTHENTICATION);
    assert_int_equal(bed.acc.tries, 1);
    power_cycle();
    assert_int_equal(bed.acc.tries, 1);
    assert_int_equal(pair_with(&alice, "03145154", false), MICO_ERR_DENIED);
    assert_int_equal(bed.acc.tries, 2);
    pair(&alice);
    power_cycle();
    assert_int_equal(bed.acc.tries, 0);
}

static void setup_locks_after_100_tries_across_a_restart_until_the_reset(void **state)
{
    static const uint8_t two[] = {2};
    assert_int_equal(mico_tries_put(&bed.acc, 98), MICO_OK);
    assert_int_equal(guess_with_A(&alice, two, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(guess_with_A(&alice, two, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_MAX_TRIES);
    power_cycle();
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_MAX_TRIES);
    assert_int_equal(pair_with(&bob, TEST_CODE, false), MICO_ERR_DENIED);
    assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
    pair(&alice);
}

static void failure_counter_that_is_malformed_counts_as_locked(void **state)
{
    assert_int_equal(mico_store_put(&bed.store, "pairing/tries", "x", 1), MICO_OK);
    power_cycle();
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_MAX_TRIES);
}

static void guess_is_charged_even_when_the_power_fails_before_the_answer(void **state)
{
    static const uint8_t two[] = {2};
    uint8_t bytes[128];
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, two, 1);
    mico_tlv8_put(&w, MICO_TLV8_PROOF, (const uint8_t[64]){0}, 64);
    bed.flash.cut = (struct test_flash_cut){.operation = bed.flash.operations + 1, .tear = TEST_TEAR_PREFIX, .amount = 4096};
    assert_int_equal(ask(&alice, SETUP, bytes, w.len, 4, NULL), MICO_HAP_UNKNOWN); /* not judged: it could not be charged */
    power_cycle();
    assert_true(bed.acc.tries <= 1);
}

static void degenerate_public_keys_are_refused(void **state)
{
    static const char prime[] = /* RFC 5054, 3072 bits */
        "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b"
        "302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6"
        "49286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d"
        "670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718"
        "3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7d"
        "b3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c"
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
    assert_int_equal(ask(&alice, SETUP, SETUP_M1, 6, 2, &answer), MICO_HAP_OK);
    assert_int_equal(mico_srp_client_start(&srp), MICO_OK);
    assert_int_equal(mico_srp_client_prove(&srp, answer.value[MICO_TLV8_SALT].data, answer.value[MICO_TLV8_PUBLIC_KEY],
                                           (struct mico_span){(const uint8_t *)TEST_CODE, strlen(TEST_CODE)}, A, proof),
                     MICO_OK);
    struct mico_writer w = mico_writer_of(m3, sizeof m3);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, A, sizeof A);
    mico_tlv8_put(&w, MICO_TLV8_PROOF, proof, sizeof proof);
    assert_int_equal(ask(&alice, SETUP, m3, w.len, 4, NULL), MICO_HAP_OK);
    assert_int_equal(ask(&alice, SETUP, m3, w.len, 4, NULL), MICO_HAP_UNKNOWN);
    assert_int_equal(ask(&alice, SETUP, SETUP_M1, 6, 2, NULL), MICO_HAP_OK);
    assert_int_equal(ask(&alice, SETUP, m3, w.len, 4, NULL), MICO_HAP_AUTHENTICATION);
    mico_srp_client_stop(&srp);
}

static void setup_while_paired_is_refused_with_6(void **state)
{
    pair(&alice);
    assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_UNAVAILABLE);
}

static void second_setup_is_busy_until_the_first_ends_or_30_s_are_over(void **state)
{
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_BUSY);
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK); /* again on the same connection: restarts */
    redial(&alice);
    assert_int_equal(ASK(&bob, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    bed.now_ms += MICO_ACCESSORY_CLAIM_MS - 1;
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_BUSY);
    bed.now_ms += 1;
    assert_int_equal(ASK(&alice, SETUP, SETUP_M1, 2), MICO_HAP_OK);
    assert_int_equal(ASK(&bob, SETUP, "\x06\x01\x03", 4), MICO_HAP_UNKNOWN); /* the claim is Alice's now */
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
    assert_int_equal(pair_with(&alice, TEST_CODE, false), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_CERTIFICATE);
    assert_string_equal(alice.client.why, "not the maker's");
}

static void certificate_of_another_device_is_refused(void **state)
{
    bed.chain[0] = 'B';
    assert_int_equal(pair_with(&alice, TEST_CODE, false), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_CERTIFICATE);
    assert_non_null(strstr(alice.client.why, "another device"));
}

static void certificate_whose_key_did_not_sign_is_refused(void **state)
{
    bed.acc.config.identity_key = bed.config.pairing_key;
    assert_int_equal(pair_with(&alice, TEST_CODE, false), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_CERTIFICATE);
    assert_non_null(strstr(alice.client.why, "did not sign"));
    assert_false(mico_accessory_paired(&bed.acc));
}

static void accessory_with_another_long_term_key_is_refused(void **state)
{
    pair(&alice);
    bed.acc.config.pairing_key = bed.config.identity_key; /* an impostor at the same address */
    redial(&alice);
    assert_int_equal(verify(&alice), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_IDENTITY);
    (void)snprintf(lamp.id, sizeof lamp.id, "00:00:00:00:00:00");
    redial(&alice);
    assert_int_equal(verify(&alice), MICO_ERR_AUTH);
}

static void accessory_that_shows_a_key_it_does_not_hold_is_refused(void **state)
{
    bed.acc.config.ltpk[0] ^= 1;
    assert_int_equal(pair_with(&alice, TEST_CODE, true), MICO_ERR_AUTH);
    assert_int_equal(alice.client.trouble, MICO_TROUBLE_IDENTITY);
}

static void verify_by_an_unknown_controller_or_with_another_key_is_refused(void **state)
{
    pair(&alice);
    assert_int_equal(verify(&bob), MICO_ERR_DENIED);
    assert_int_equal(bob.client.hap_error, MICO_HAP_AUTHENTICATION);
    (void)snprintf(bob.self.id, sizeof bob.self.id, ALICE); /* her name, his key */
    assert_int_equal(verify(&bob), MICO_ERR_DENIED);
    assert_int_equal(bob.client.hap_error, MICO_HAP_AUTHENTICATION);
    assert_false(bob.link.conn.secure);
}

static int verify_m1(struct party *party, const uint8_t *key, size_t len, struct mico_tlv8 *answer)
{
    uint8_t bytes[64];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 1);
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, key, len);
    return ask(party, VERIFY, bytes, w.len, 2, answer);
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
    pair(&bob);
    redial(&bob);
    assert_int_equal(verify_m1(&alice, key, 32, &answer), MICO_HAP_OK);
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&w, MICO_TLV8_ENCRYPTED_DATA, answer.value[MICO_TLV8_ENCRYPTED_DATA].data,
                  answer.value[MICO_TLV8_ENCRYPTED_DATA].len);
    assert_int_equal(ask(&alice, VERIFY, bytes, w.len, 4, NULL), MICO_HAP_AUTHENTICATION);

    assert_int_equal(verify(&bob), MICO_OK);
    uint8_t m3[1024];
    size_t m3_len = bob.link.sent_len;
    memcpy(m3, bob.link.sent, m3_len); /* the whole request that made the session */
    assert_int_equal(verify_m1(&alice, key, 32, NULL), MICO_HAP_OK);
    alice.link.answer_len = alice.link.answer_at = 0;
    test_link_send(&alice.link, m3, m3_len);
    assert_false(alice.link.conn.secure);
}

static void wrong_setup_M5_is_refused_and_ends_the_run(void **state)
{
    alice.self.public_key[3] ^= 1; /* she shows a key that she does not hold */
    assert_int_equal(pair_with(&alice, TEST_CODE, false), MICO_ERR_DENIED);
    assert_int_equal(alice.client.hap_error, MICO_HAP_AUTHENTICATION);
    alice.self.public_key[3] ^= 1;
    alice.self.id[0] = '\0'; /* an empty identifier cannot even be signed by this client */
    assert_int_equal(pair_with(&alice, TEST_CODE, false), MICO_ERR_SIZE);
    assert_false(mico_accessory_paired(&bed.acc));
    assert_int_equal(bed.acc.controllers.slot[0].id_len, 0);
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
    pair(&alice); /* and the same connection goes on */
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
    return ask(admin, "/pairings", bytes, w.len, 2, NULL);
}

static int remove_id(struct party *admin, const char *id)
{
    uint8_t bytes[128];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 1);
    mico_tlv8_put_byte(&w, MICO_TLV8_METHOD, MICO_METHOD_REMOVE_PAIRING);
    mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, id, strlen(id));
    return ask(admin, "/pairings", bytes, w.len, 2, NULL);
}

#define LIST "\x06\x01\x01\x00\x01\x05"

static void added_controller_verifies_and_may_not_change_pairings(void **state)
{
    pair(&alice);
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
    assert_int_equal(verify(&bob), MICO_OK);
    assert_int_equal(ASK(&bob, "/pairings", LIST, 2), MICO_HAP_AUTHENTICATION);
    assert_int_equal(add(&bob, "x", bob.self.public_key, 1), MICO_HAP_AUTHENTICATION);
    assert_int_equal(add(&alice, BOB, alice.self.public_key, 1), MICO_HAP_UNKNOWN); /* the id with another key */
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 1), MICO_HAP_OK);
    assert_int_equal(add(&bob, "x", bob.self.public_key, 0), MICO_HAP_OK); /* an admin now, in the same session */
}

static void sixteen_controllers_fit_and_are_listed_across_a_restart(void **state)
{
    char id[8];
    pair(&alice);
    for (int i = 1; i < MICO_CONTROLLERS_MAX; i++) {
        (void)snprintf(id, sizeof id, "c%d", i);
        assert_int_equal(add(&alice, id, bob.self.public_key, 0), MICO_HAP_OK);
    }
    assert_int_equal(add(&alice, "one more", bob.self.public_key, 0), MICO_HAP_MAX_PEERS);
    power_cycle();
    assert_int_equal(verify(&alice), MICO_OK);
    assert_int_equal(mico_client_request(&alice.client, "POST", "/pairings", MICO_TYPE_TLV8,
                                         (struct mico_span){(const uint8_t *)LIST, 6}), MICO_OK);
    struct mico_span rest = {alice.client.reply.body, alice.client.reply.body_len};
    int count = 0;
    do {
        struct mico_tlv8 record;
        assert_int_equal(mico_tlv8_parse(alice.client.reply.body + (rest.data - alice.client.reply.body), rest.len, &record, &rest),
                         MICO_OK);
        assert_true(record.has[MICO_TLV8_IDENTIFIER]);
        assert_int_equal(mico_tlv8_byte(&record, MICO_TLV8_PERMISSIONS), count == 0 ? 1 : 0);
        count++;
    } while (rest.len > 0);
    assert_int_equal(count, MICO_CONTROLLERS_MAX);
}

static void removed_controllers_sessions_end_and_others_go_on(void **state)
{
    pair(&alice);
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
    assert_int_equal(verify(&bob), MICO_OK);
    assert_int_equal(remove_id(&alice, BOB), MICO_HAP_OK);
    test_link_poll(&bob.link);
    assert_true(bob.link.closed);
    assert_int_equal(remove_id(&alice, "nobody"), MICO_HAP_OK);
    redial(&bob);
    assert_int_equal(verify(&bob), MICO_ERR_DENIED);
}

static void removing_the_last_admin_removes_all_and_ends_all_sessions(void **state)
{
    pair(&alice);
    assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
    assert_int_equal(verify(&bob), MICO_OK);
    assert_int_equal(remove_id(&alice, ALICE), MICO_HAP_OK); /* answered before the connection closes */
    assert_true(alice.link.closed);
    test_link_poll(&bob.link);
    assert_true(bob.link.closed);
    assert_false(mico_accessory_paired(&bed.acc));
    power_cycle();
    assert_false(mico_accessory_paired(&bed.acc));
    pair(&bob);
}

static void last_admin_may_not_resign_and_leave_orphans(void **state)
{
    pair(&alice);
    assert_int_equal(add(&alice, ALICE, alice.self.public_key, 0), MICO_HAP_OK);
    assert_false(mico_accessory_paired(&bed.acc));
    assert_true(alice.link.closed);
}

/* Cut the power at each flash operation of a pairing: afterwards the accessory is paired with her, or can be. */
static void power_cut_anywhere_in_a_pairing_leaves_a_device_that_can_be_used(void **state)
{
    bool whole = false;
    for (uint64_t cut = 1; !whole; cut++) {
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        power_cycle();
        bed.flash.cut = (struct test_flash_cut){.operation = cut, .tear = TEST_TEAR_MIXED, .amount = cut};
        bool done = pair_with(&alice, TEST_CODE, true) == MICO_OK && verify(&alice) == MICO_OK;
        whole = !bed.flash.dead;
        assert_true(done || !whole);
        power_cycle();
        bool paired = mico_accessory_paired(&bed.acc);
        assert_true(paired || !done);
        if (paired) {
            assert_int_equal(verify(&alice), MICO_OK);
        } else {
            pair(&alice);
        }
    }
}

static void power_cut_while_the_last_admin_is_removed_leaves_no_orphans(void **state)
{
    bool whole = false;
    for (uint64_t cut = 1; !whole; cut++) {
        assert_int_equal(mico_accessory_forget(&bed.acc), MICO_OK);
        power_cycle();
        pair(&alice);
        assert_int_equal(add(&alice, BOB, bob.self.public_key, 0), MICO_HAP_OK);
        bed.flash.cut = (struct test_flash_cut){.operation = bed.flash.operations + cut, .tear = TEST_TEAR_PREFIX, .amount = 0};
        (void)remove_id(&alice, ALICE);
        whole = !bed.flash.dead;
        power_cycle();
        bool alice_is_there = mico_controllers_find(&bed.acc.controllers, (struct mico_span){(const uint8_t *)ALICE, 36}) >= 0;
        bool bob_is_there = mico_controllers_find(&bed.acc.controllers, (struct mico_span){(const uint8_t *)BOB, 36}) >= 0;
        assert_true(alice_is_there == bob_is_there);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, unmake)

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
        CASE(guess_is_charged_even_when_the_power_fails_before_the_answer),
        CASE(degenerate_public_keys_are_refused),
        CASE(setup_out_of_order_is_refused),
        CASE(second_guess_on_one_key_is_refused),
        CASE(replayed_M3_of_a_good_run_is_refused),
        CASE(setup_while_paired_is_refused_with_6),
        CASE(second_setup_is_busy_until_the_first_ends_or_30_s_are_over),
        CASE(unknown_methods_and_transient_setup_are_refused),
        CASE(certificate_that_is_not_the_makers_is_refused),
        CASE(certificate_of_another_device_is_refused),
        CASE(certificate_whose_key_did_not_sign_is_refused),
        CASE(accessory_with_another_long_term_key_is_refused),
        CASE(accessory_that_shows_a_key_it_does_not_hold_is_refused),
        CASE(verify_by_an_unknown_controller_or_with_another_key_is_refused),
        CASE(verify_with_a_degenerate_key_or_out_of_order_is_refused),
        CASE(reflected_M2_and_replayed_M3_are_refused),
        CASE(wrong_setup_M5_is_refused_and_ends_the_run),
        CASE(malformed_TLV_is_400),
        CASE(added_controller_verifies_and_may_not_change_pairings),
        CASE(sixteen_controllers_fit_and_are_listed_across_a_restart),
        CASE(removed_controllers_sessions_end_and_others_go_on),
        CASE(removing_the_last_admin_removes_all_and_ends_all_sessions),
        CASE(last_admin_may_not_resign_and_leave_orphans),
        CASE(power_cut_anywhere_in_a_pairing_leaves_a_device_that_can_be_used),
        CASE(power_cut_while_the_last_admin_is_removed_leaves_no_orphans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
