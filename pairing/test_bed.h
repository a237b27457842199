/* SPDX-License-Identifier: Apache-2.0 */
/* A whole accessory in memory for tests and fuzzers: its flash, its keys, its light, and links to it that carry bytes in
 * pieces of any size. */
#ifndef PAIRING_TEST_BED_H
#define PAIRING_TEST_BED_H

#include "os/store/test_flash.h"
#include "pairing/accessory/accessory_state.h"
#include "pairing/controller/client.h"

#define TEST_DEVICE_ID "A1:B2:C3:D4:E5:F6"
#define TEST_CODE "031-45-154"

struct test_bed {
    uint8_t memory[4 * 4096];
    struct test_flash flash;
    struct mico_store store;
    struct mico_accessory_config config;
    struct mico_accessory acc;
    uint8_t verifier[MICO_SRP_SIZE];
    uint8_t chain[17 + 32]; /* what test_trust takes for a certificate: subject | key */
    uint64_t now_ms;
    bool light;
    mico_err get_fails, set_fails;
    int identified;
};

/* One connection, seen from the controller. */
struct test_link {
    struct test_bed *bed;
    struct mico_connection conn;
    uint8_t answer[65536]; /* what the accessory sent */
    size_t answer_len, answer_at;
    size_t piece; /* bytes that arrive at the accessory at a time; 0: all */
    bool closed;
    uint8_t sent[8192]; /* the latest bytes that went to the accessory */
    size_t sent_len;
};

/** A new accessory: erased flash, new keys, unpaired, setup code TEST_CODE. */
void test_bed_make(struct test_bed *bed);
/** The same after a power cycle. */
void test_bed_restart(struct test_bed *bed);
void test_bed_free(struct test_bed *bed);

void test_link_open(struct test_link *link, struct test_bed *bed);
void test_link_close(struct test_link *link);
/** Bytes to the accessory. */
void test_link_send(struct test_link *link, const void *data, size_t len);
/** Let what is due come. */
void test_link_poll(struct test_link *link);
struct mico_wire test_link_wire(struct test_link *link);

/** A controller with keys of its own. */
struct mico_client_self test_self(const char *id);
/** Believes what test_bed shows as a certificate. */
struct mico_client_trust test_trust(void);
/** A local Ed25519 key pair. */
psa_key_id_t test_key(uint8_t public_key[32]);

#endif
