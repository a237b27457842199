/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "pairing/accessory/test_parties.h"

struct test_bed bed;
struct party alice, bob;
struct mico_client_peer lamp;

static void on_event(void *ctx, const char *json, size_t len)
{
    struct party *party = ctx;
    party->events++;
    (void)snprintf(party->event, sizeof party->event, "%s", json);
}

void test_dial(struct party *party)
{
    test_link_open(&party->link, &bed);
    struct mico_wire wire = test_link_wire(&party->link);
    mico_client_start(&party->client, &wire, 1000);
    party->client.on_event = on_event;
    party->client.event_ctx = party;
    party->events = 0;
}

void test_hang_up(struct party *party)
{
    mico_client_stop(&party->client);
    test_link_close(&party->link);
}

void test_redial(struct party *party)
{
    test_hang_up(party);
    test_dial(party);
}

void test_redial_relayed(struct party *party)
{
    test_redial(party);
    mico_accessory_close(&bed.acc, &party->link.conn);
    mico_accessory_open_relayed(&bed.acc, &party->link.conn);
}

int test_parties_make(void **state)
{
    test_bed_make(&bed);
    alice.self = test_self(ALICE);
    bob.self = test_self(BOB);
    test_dial(&alice);
    test_dial(&bob);
    return 0;
}

int test_parties_unmake(void **state)
{
    test_hang_up(&alice);
    test_hang_up(&bob);
    test_bed_free(&bed);
    return psa_destroy_key(alice.self.key) == PSA_SUCCESS && psa_destroy_key(bob.self.key) == PSA_SUCCESS ? 0 : -1;
}

void test_power_cycle(void)
{
    test_hang_up(&alice);
    test_hang_up(&bob);
    test_bed_restart(&bed);
    test_dial(&alice);
    test_dial(&bob);
}

mico_err test_pair_with(struct party *party, const char *code, bool uncertified)
{
    struct mico_client_trust trust = test_trust();
    trust.allow_uncertified = uncertified;
    return mico_client_pair(&party->client, &party->self, code, &trust, &lamp);
}

mico_err test_verify(struct party *party)
{
    return mico_client_verify(&party->client, &party->self, &lamp);
}

void test_pair(struct party *party)
{
    assert_int_equal(test_pair_with(party, TEST_CODE, false), MICO_OK);
    assert_int_equal(test_verify(party), MICO_OK);
}

int test_ask(struct party *party, const char *path, const void *tlv, size_t len, uint8_t state,
             struct mico_tlv8 *answer)
{
    struct mico_tlv8 unused;
    mico_err err = mico_client_exchange(&party->client, path, (struct mico_span){tlv, len}, state,
                                        answer != NULL ? answer : &unused);
    assert_true(err == MICO_OK || err == MICO_ERR_DENIED);
    assert_int_equal(party->client.reply.status, 200);
    return (int)party->client.hap_error;
}
