/* SPDX-License-Identifier: Apache-2.0 */
/* pairing-bench: processor time of the accessory's side, microseconds: pair-setup, pair-verify, a read in a session. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pairing/test_bed.h"

#define ROUNDS 50
#define READS 2000

static struct test_bed bed;
static struct test_link link_to;
static struct mico_client client;
static double spent_us; /* inside the accessory */

static double cpu_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static mico_err timed_send(void *ctx, const uint8_t *data, size_t len)
{
    double start = cpu_us();
    test_link_send(&link_to, data, len);
    spent_us += cpu_us() - start;
    return MICO_OK;
}

static void must(mico_err err, const char *what)
{
    if (err != MICO_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, mico_err_name(err));
        exit(1);
    }
}

static void dial(void)
{
    test_link_open(&link_to, &bed);
    struct mico_wire wire = test_link_wire(&link_to);
    wire.send = timed_send;
    mico_client_start(&client, &wire, 1000);
}

static void hang_up(void)
{
    mico_client_stop(&client);
    test_link_close(&link_to);
}

static void show(const char *what, int rounds)
{
    (void)printf("%-28s %9.1f us\n", what, spent_us / rounds);
    spent_us = 0;
}

int main(void)
{
    struct mico_client_peer lamp;
    struct mico_client_trust trust = test_trust();
    test_bed_make(&bed);
    struct mico_client_self self = test_self("11111111-2222-4333-8444-555555555555");
    for (int uncertified = 1; uncertified >= 0; uncertified--) {
        trust.allow_uncertified = uncertified != 0;
        for (int i = 0; i < ROUNDS; i++) {
            dial();
            must(mico_client_pair(&client, &self, TEST_CODE, &trust, &lamp), "pair-setup");
            hang_up();
        }
        show(uncertified ? "pair-setup" : "pair-setup with certificate", ROUNDS);
    }
    for (int i = 0; i < ROUNDS; i++) {
        dial();
        must(mico_client_verify(&client, &self, &lamp), "pair-verify");
        hang_up();
    }
    show("pair-verify", ROUNDS);
    dial();
    must(mico_client_verify(&client, &self, &lamp), "pair-verify");
    spent_us = 0;
    for (int i = 0; i < READS; i++) {
        must(mico_client_request(&client, "GET", "/characteristics?id=1.9", NULL, (struct mico_span){NULL, 0}), "read");
    }
    show("read", READS);
    hang_up();
    return 0;
}
