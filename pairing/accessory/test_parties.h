/* SPDX-License-Identifier: Apache-2.0 */
/* An accessory and two controllers on links to it, for tests. Include it behind cmocka.h. */
#ifndef PAIRING_ACCESSORY_TEST_PARTIES_H
#define PAIRING_ACCESSORY_TEST_PARTIES_H

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
    char event[256]; /* the latest */
    int events;      /* since it dialled */
};

extern struct test_bed bed;
extern struct party alice, bob;
extern struct mico_client_peer lamp; /* as the last pairing gave it */

/** A test's setup and teardown: a new accessory, unpaired; alice and bob have dialled. */
int test_parties_make(void **state);
int test_parties_unmake(void **state);

void test_dial(struct party *party);
void test_hang_up(struct party *party);
void test_redial(struct party *party);
/** Through the cloud's relay. */
void test_redial_relayed(struct party *party);
/** The device's power fails and comes back; both dial again. */
void test_power_cycle(void);

mico_err test_pair_with(struct party *party, const char *code, bool uncertified);
mico_err test_verify(struct party *party);
/** Pair with the right code, then verify. */
void test_pair(struct party *party);

/** Send TLV bytes to path; the HAP error of the answer, 0 for none. answer may be NULL. */
int test_ask(struct party *party, const char *path, const void *tlv, size_t len, uint8_t state,
             struct mico_tlv8 *answer);
#define ASK(party, path, literal, state) test_ask((party), (path), (literal), sizeof(literal) - 1, (state), NULL)
#define SETUP_M1 "\x06\x01\x01\x00\x01\x00"

#endif
