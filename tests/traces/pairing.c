/* SPDX-License-Identifier: Apache-2.0 */
/* An accessory and its controller: pair-setup with a code that is secret, pair-verify, and requests in their session. */
#include <string.h>

#include "crypto/srp/srp_test_entry.h"
#include "pairing/test_bed.h"
#include "tests/traces/cases.h"

static struct test_bed bed;
static struct test_link link;
static struct mico_client client;
static struct mico_client_self self;

/* The bed's heap, of one piece at a time, so that no address changes by what was asked for before: CMakeLists.txt. */
void *__wrap_malloc(size_t size);
void __wrap_free(void *piece);
static bool lent;

void *__wrap_malloc(size_t size)
{
    static uint64_t piece[2048];
    ct_must(!lent && size <= sizeof piece ? MICO_OK : MICO_ERR_SIZE);
    lent = true;
    return piece;
}

void __wrap_free(void *piece)
{
    lent = false;
}

/* SRP draws anew when a number begins with a zero byte, which would differ in one run of a hundred: here it does not draw. */
mico_err __wrap_mico_srp_server_start(struct mico_srp_server *server, const uint8_t salt[MICO_SRP_SALT_SIZE],
                                      const uint8_t verifier[MICO_SRP_SIZE], uint8_t B[MICO_SRP_SIZE]);
mico_err __wrap_mico_srp_client_start(struct mico_srp_client *srp);

mico_err __wrap_mico_srp_server_start(struct mico_srp_server *server, const uint8_t salt[MICO_SRP_SALT_SIZE],
                                      const uint8_t verifier[MICO_SRP_SIZE], uint8_t B[MICO_SRP_SIZE])
{
    uint8_t b[MICO_SRP_PRIVATE_SIZE];
    mico_srp_server_start_with(server, salt, verifier, secret(b, sizeof b), B);
    return MICO_OK;
}

mico_err __wrap_mico_srp_client_start(struct mico_srp_client *srp)
{
    uint8_t a[MICO_SRP_PRIVATE_SIZE];
    mico_srp_client_start_with(srp, secret(a, sizeof a));
    return MICO_OK;
}

void pairing_reset(void)
{
    test_bed_make(&bed);
    self = test_self("0A1B2C3D-0000-4000-8000-000000000000");
}

static void connect(void)
{
    test_link_open(&link, &bed);
    const struct mico_wire wire = test_link_wire(&link);
    mico_client_start(&client, &wire, 1000);
}

/* A proof of which one bit is wrong. */
static void fail(const char *code)
{
    static struct mico_srp_client srp;
    uint8_t A[MICO_SRP_SIZE], proof[MICO_SRP_PROOF_SIZE], bytes[600];
    struct mico_tlv8 answer;
    connect();
    ct_must(mico_client_exchange(&client, "/pair-setup", (struct mico_span){(const uint8_t *)"\6\1\1\0\1\0", 6}, 2,
                                 &answer));
    ct_must(mico_srp_client_start(&srp));
    ct_must(mico_srp_client_prove(&srp, answer.value[MICO_TLV8_SALT].data, answer.value[MICO_TLV8_PUBLIC_KEY],
                                  (struct mico_span){(const uint8_t *)code, strlen(code)}, A, proof));
    spoil(proof, sizeof proof);
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, A, sizeof A);
    mico_tlv8_put(&w, MICO_TLV8_PROOF, proof, sizeof proof);
    mico_err err = mico_client_exchange(&client, "/pair-setup", (struct mico_span){bytes, w.len}, 4, &answer);
    ct_must(err == MICO_ERR_DENIED && client.hap_error == MICO_HAP_AUTHENTICATION ? MICO_OK : MICO_ERR_STATE);
    test_link_close(&link);
}

void pairing_setup(void)
{
    uint8_t digits[3];
    char code[sizeof TEST_CODE];
    struct mico_client_peer peer;
    struct mico_client_trust trust = test_trust();
    secret(digits, sizeof digits);
    memcpy(code, TEST_CODE, sizeof code);
    for (size_t i = 0; i < sizeof digits; i++) {
        code[7 + i] = (char)('0' + (digits[i] >> 5));
    }
    ct_must(mico_srp_verifier((struct mico_span){(const uint8_t *)code, sizeof code - 1}, bed.config.setup_salt,
                              bed.verifier));
    fail(code);
    connect();
    ct_must(mico_client_pair(&client, &self, code, &trust, &peer));
    mico_client_stop(&client);
    test_link_close(&link);
}

static void request(const char *method, const char *path, const char *body)
{
    const struct mico_span span = {(const uint8_t *)body, strlen(body)};
    ct_must(mico_client_request(&client, method, path, span.len > 0 ? "application/hap+json" : NULL, span));
}

void pairing_verify(void)
{
    struct mico_client_peer peer = {.id = TEST_DEVICE_ID};
    const struct mico_span id = {(const uint8_t *)self.id, strlen(self.id)};
    memcpy(peer.public_key, bed.config.ltpk, 32);
    ct_must(mico_controllers_add(&bed.acc.controllers, id, self.public_key, true));
    connect();
    ct_must(mico_client_verify(&client, &self, &peer));
    request("GET", "/accessories", "");
    request("PUT", "/characteristics", "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}]}");
    request("GET", "/characteristics?id=1.9", "");
    mico_client_stop(&client);
    test_link_close(&link);
}
