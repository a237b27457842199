/* SPDX-License-Identifier: Apache-2.0 */
/* DTLS connections that stand, and datagrams that anybody sends to them who knows their addresses (RFC 6347 section 4.1.2.7): nothing
 * happens. Not for handshakes that are still to come to their end, whose messages nothing protects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_pair.h"

static struct pair pair;
static const uint8_t psk_key[32] = "a key that both sides have, 32 b";

static uint8_t forged[128];
static size_t forged_len;
static unsigned forgeries; /* that are still to come, before what the wire has */
static uint64_t each_ms;   /* that one takes */
static mico_err (*wire)(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);

static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    if (forgeries == 0) {
        return wire(ctx, out, cap, len, timeout_ms);
    }
    forgeries--;
    pair_clock_ms += each_ms;
    memcpy(out, forged, forged_len);
    *len = forged_len;
    return MICO_OK;
}

static void stand(enum mico_tls_version version, struct mico_tls *forged_to)
{
    struct mico_tls_config client = {.psk = {"me", MICO_SPAN(psk_key)}, .datagram = true, .version = version};
    struct mico_tls_server_config server = {.base = client};
    server.base.now_s = pair_now_s();
    assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_OK);
    pair_wires(&pair, false);
    assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
    pair_handshake(&pair);
    assert_int_equal(pair.client_err, MICO_OK);
    assert_int_equal(pair.served_err, MICO_OK);
    wire = forged_to->io.receive;
    forged_to->io.receive = receive;
}

static void end(void)
{
    pair_close(&pair);
    mico_tls_server_close(&pair.server);
}

static bool says(struct mico_tls *from, struct mico_tls *to)
{
    uint8_t got[8];
    size_t len = 0;
    mico_err err = mico_tls_write(from, (const uint8_t *)"word", 4, 0);
    for (int i = 0; i < 3 && len == 0 && err != MICO_ERR_FORMAT;
         i++) { /* 1.3 has tickets and acknowledgements beside */
        err = mico_tls_read(to, got, sizeof got, &len, 0);
    }
    return err == MICO_OK && len == 4;
}

static void talk(void)
{
    if (!says(&pair.client, &pair.served) || !says(&pair.served, &pair.client)) {
        fail_msg("client: %s, server: %s", mico_tls_reason(&pair.client), mico_tls_reason(&pair.served));
    }
}

static void take(struct mico_tls *tls)
{
    uint8_t byte;
    size_t len;
    forgeries = 1;
    mico_err err = mico_tls_read(tls, &byte, 1, &len, 0);
    if (err != MICO_ERR_TIMEOUT) {
        char bytes[2 * sizeof forged + 1];
        for (size_t i = 0; i < forged_len; i++) {
            snprintf(bytes + 2 * i, 3, "%02x", forged[i]);
        }
        fail_msg("%s, %s: %s of %s", mico_tls_version(tls), tls->server != NULL ? "server" : "client",
                 mico_tls_reason(tls), bytes);
    }
}

/* Before a side has heard from the other, after the handshake, and then. Those before keep their last flight to send it anew. */
#define FOR_EACH_SIDE(version, tls)                                                                      \
    for (enum mico_tls_version version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += MICO_TLS_1_3) \
        for (struct mico_tls *tls = &pair.client; tls != NULL; tls = tls == &pair.client ? &pair.served : NULL)

/* --- one by one ------------------------------------------------------------------------------------------------------------ */

#define RECORD(type, epoch, length) type, 0xFE, 0xFD, 0, epoch, 0, 0, 0, 0, 0, 99, 0, length
#define MESSAGE(type, number, length) type, 0, 0, length, 0, number, 0, 0, 0, 0, 0, length

static const struct {
    const char *what;
    size_t len;
    uint8_t bytes[48];
} examples[] = {
    {"a protected record too short for its tag", 14, {RECORD(23, 1, 1), 7}},
    {"one by a byte", 36, {RECORD(23, 1, 23)}},
    {"one that its tag does not fit", 45, {RECORD(23, 1, 32)}},
    {"one of an epoch to come", 45, {RECORD(23, 7, 32)}},
    {"data without protection", 17, {RECORD(23, 0, 4), 'd', 'a', 't', 'a'}},
    {"an alert without protection", 15, {RECORD(21, 0, 2), 2, 40}},
    {"a ClientHello", 27, {RECORD(22, 0, 14), MESSAGE(1, 0, 2)}},
    {"a HelloRequest", 25, {RECORD(22, 0, 12), MESSAGE(0, 0, 0)}},
    {"a HelloVerifyRequest and what follows none", 28, {RECORD(22, 0, 15), MESSAGE(3, 0, 2)}},
    {"a Finished without protection", 37, {RECORD(22, 0, 24), MESSAGE(20, 1, 12)}},
    {"the first message", 27, {RECORD(22, 0, 14), MESSAGE(2, 0, 2)}},
    {"one of another version", 27, {22, 0xFE, 3, 0, 0, 0, 0, 0, 0, 0, 99, 0, 14, MESSAGE(2, 1, 2)}},
    {"a message of a kind that is none", 27, {RECORD(22, 0, 14), MESSAGE(90, 1, 2)}},
    {"a message that is cut short", 20, {RECORD(22, 0, 7), 2, 0, 0, 9}},
    {"one that says that it is longer", 27, {RECORD(22, 0, 14), MESSAGE(2, 1, 60)}},
    {"an empty ChangeCipherSpec", 13, {RECORD(20, 0, 0)}},
    {"a long one", 15, {RECORD(20, 0, 2), 1, 1}},
    {"an acknowledgement without protection", 15, {RECORD(26, 0, 2)}},
    {"a record of a kind that is none", 17, {RECORD(99, 0, 4)}},
    {"one that looks like 1.3's, but for its first bits", 38, {0xF7, 3, 3, 0, 1, 0, 0, 0, 0, 0, 39, 0, 25}},
    {"1.3's, too short for its number to be read", 8, {0x2F, 0, 1, 0, 3, 1, 2, 3}},
    {"1.3's, that its tag does not fit", 37, {0x2F, 0, 1, 0, 32}},
    {"1.3's, of another epoch", 37, {0x2E, 0, 1, 0, 32}},
};

static void what_anybody_may_send_is_as_if_it_had_not_come(void **state)
{
    FOR_EACH_SIDE(version, tls)
    {
        for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
            print_message("%s\n", examples[i].what);
            memcpy(forged, examples[i].bytes, examples[i].len);
            forged_len = examples[i].len;
            stand(version, tls);
            take(tls);
            take(tls);
            talk();
            take(tls);
            talk();
            end();
        }
    }
}

/* --- by chance ------------------------------------------------------------------------------------------------------------- */

static uint32_t seed = 1;

static unsigned below(unsigned limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % limit;
}

/* A record that is right in some of its parts. */
static void forge(enum mico_tls_version version)
{
    static const uint8_t kinds[] = {20, 21, 22, 22, 22, 23, 24, 25, 26, 0, 99, 0xF7};
    static const uint8_t messages[] = {0, 1, 2, 3, 4, 8, 11, 12, 13, 14, 15, 16, 20, 22, 24};
    size_t body = 1 + below(3) * below(30) + below(20), head = 13;
    for (size_t i = 0; i < sizeof forged; i++) {
        forged[i] = (uint8_t)below(256);
    }
    if (version == MICO_TLS_1_3 && below(2) == 0) {
        forged[0] = (uint8_t)(0x20 | (forged[0] & 0x0F));
        head = 1 + ((forged[0] & 8) != 0 ? 2 : 1);
        if ((forged[0] & 4) != 0) {
            mico_store_be16(forged + head, (uint16_t)body);
            head += 2;
        }
    } else {
        const uint8_t record[13] = {kinds[below(sizeof kinds)],
                                    below(10) == 0 ? 3 : 0xFE,
                                    below(10) == 0 ? 3 : 0xFD,
                                    0,
                                    (uint8_t)below(3),
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    (uint8_t)below(40),
                                    0,
                                    (uint8_t)body};
        const uint8_t message[12] = {messages[below(sizeof messages)],
                                     0,
                                     0,
                                     (uint8_t)(body - 12),
                                     0,
                                     (uint8_t)below(10),
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     (uint8_t)(body - 12)};
        memcpy(forged, record, sizeof record);
        if (body > 12 && below(3) != 0) {
            memcpy(forged + 13, message, sizeof message);
        }
    }
    forged_len = head + body;
}

static void nor_does_what_is_made_by_chance(void **state)
{
    FOR_EACH_SIDE(version, tls)
    {
        for (int connections = 0; connections < 100; connections++) {
            stand(version, tls);
            for (int i = 0; i < 20; i++) {
                forge(version);
                take(tls);
            }
            talk();
            for (int i = 0; i < 5; i++) {
                forge(version);
                take(tls);
                talk();
            }
            end();
        }
    }
}

/* --- many ------------------------------------------------------------------------------------------------------------------ */

/* The library asks for the next datagram when it drops one. */
static void a_flood_keeps_no_call_beyond_its_time(void **state)
{
    static const uint8_t bytes[] = {RECORD(23, 1, 32)};
    FOR_EACH_SIDE(version, tls)
    {
        for (uint32_t timeout_ms = 0; timeout_ms <= 20; timeout_ms += 10) {
            uint8_t byte;
            size_t len;
            memcpy(forged, bytes, sizeof bytes);
            forged_len = sizeof bytes + 32;
            stand(version, tls);
            talk();
            forgeries = 5000;
            each_ms = 1;
            assert_int_equal(mico_tls_read(tls, &byte, 1, &len, timeout_ms), MICO_ERR_TIMEOUT);
            assert_true(forgeries > 5000 - 100);
            forgeries = 0;
            talk();
            end();
        }
    }
    each_ms = 0;
}

/* Nor does it keep a handshake from sending anew what was lost. */
static void a_flood_stops_no_retransmission(void **state)
{
    static const uint8_t bytes[] = {RECORD(23, 1, 32)};
    struct mico_tls_config client = {.psk = {"me", MICO_SPAN(psk_key)}, .datagram = true, .retransmit_ms = 50};
    client.now_s = pair_now_s();
    memcpy(forged, bytes, sizeof bytes);
    forged_len = sizeof bytes + 32;
    pair_wires(&pair, false);
    client.io = pair_client_io(&pair);
    wire = client.io.receive;
    client.io.receive = receive;
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_OK);
    forgeries = 100000;
    each_ms = 1;
    assert_int_equal(mico_tls_handshake(&pair.client, 1000), MICO_ERR_TIMEOUT);
    assert_true(pair.up.datagrams >= 4); /* at once, and after 50, 150 and 350 ms */
    forgeries = 0;
    each_ms = 0;
    mico_tls_close(&pair.client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_anybody_may_send_is_as_if_it_had_not_come),
        cmocka_unit_test(nor_does_what_is_made_by_chance),
        cmocka_unit_test(a_flood_keeps_no_call_beyond_its_time),
        cmocka_unit_test(a_flood_stops_no_retransmission),
    };
    return psa_crypto_init() == PSA_SUCCESS ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
