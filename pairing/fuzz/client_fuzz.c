/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's side against an accessory whose answers are changed on the way, or are any bytes: pair-setup, pair-verify,
 * a request. The first byte chooses what is called, the second whether a real accessory answers and the rest changes its
 * bytes (position 2, value 1; each time), or the rest is the answer. A controller that believes, believes in the right one. */
#include <stdlib.h>
#include <string.h>

#include "pairing/test_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct test_bed bed;
static struct test_link link_to;
static struct mico_wire real;
static struct mico_client_self self;
static struct mico_reader input;
static bool answers; /* the real accessory does */
static size_t received;

static mico_err send(void *ctx, const uint8_t *data, size_t len)
{
    return answers ? real.send(real.ctx, data, len) : MICO_OK;
}

/* The next change, where it falls into these bytes. */
static void change(uint8_t *bytes, size_t len)
{
    while (input.left >= 3) {
        struct mico_reader ahead = input;
        size_t at = mico_read_be16(&ahead) % 4096;
        uint8_t value = mico_read_u8(&ahead);
        if (at < received || at >= received + len) {
            break;
        }
        bytes[at - received] ^= value;
        input = ahead;
    }
    received += len;
}

static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    if (answers) {
        mico_err err = real.receive(real.ctx, out, cap, len, timeout_ms);
        if (err == MICO_OK) {
            change(out, *len);
        }
        return err;
    }
    *len = input.left < cap ? input.left : cap;
    if (*len == 0) {
        return MICO_ERR_CLOSED;
    }
    memcpy(out, mico_read_bytes(&input, *len).data, *len);
    return MICO_OK;
}

static void call(uint8_t which)
{
    static struct mico_client client;
    struct mico_wire wire = {NULL, send, receive};
    struct mico_client_trust trust = test_trust();
    struct mico_client_peer peer = {.id = TEST_DEVICE_ID};
    mico_err err;
    mico_client_start(&client, &wire, 0);
    switch (which) {
    case 0:
        err = mico_client_pair(&client, &self, TEST_CODE, &trust, &peer);
        if (err == MICO_OK && memcmp(peer.public_key, bed.config.ltpk, 32) != 0) {
            abort();
        }
        break;
    case 1:
        memcpy(peer.public_key, bed.config.ltpk, 32);
        err = mico_client_verify(&client, &self, &peer);
        if (err == MICO_OK && !answers) {
            abort();
        }
        if (err == MICO_OK) { /* in the session */
            err = mico_client_request(&client, "GET", "/accessories", NULL, (struct mico_span){NULL, 0});
        }
        break;
    default:
        err = mico_client_request(&client, "GET", "/accessories", NULL, (struct mico_span){NULL, 0});
    }
    (void)err;
    mico_client_stop(&client);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (self.key == PSA_KEY_ID_NULL) {
        test_bed_make(&bed);
        self = test_self("controller");
    }
    input = mico_reader_of(data, size);
    uint8_t which = mico_read_u8(&input) % 3;
    answers = mico_read_u8(&input) % 2 == 0;
    received = 0;
    if (input.failed || mico_controllers_clear(&bed.acc.controllers) != MICO_OK) {
        return 0;
    }
    if (which == 1 &&
        mico_controllers_add(&bed.acc.controllers, (struct mico_span){(const uint8_t *)self.id, strlen(self.id)},
                             self.public_key, true) != MICO_OK) {
        abort();
    }
    bed.acc.tries = 0;
    test_link_open(&link_to, &bed);
    real = test_link_wire(&link_to);
    call(which);
    test_link_close(&link_to);
    return 0;
}
