/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer, or whoever sits between, may not do: turn a hello back to an older version, compress, send heartbeats, records too long
 * or of no kind, data in the clear; and how a connection ends, well, badly or cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls/tls_test_pair.h"

/* --- hellos ------------------------------------------------------------------------------------------------------------------ */

/* Both sides are open; the client's hello is on the wire, to be looked at and altered. */
static void begin(enum mico_tls_version client_version, enum mico_tls_version server_version)
{
    struct mico_tls_config client = pair_client_of(false, client_version);
    struct mico_tls_server_config server = pair_server_of(false, server_version);
    pair_serve(&server);
    pair_wires(&pair, true);
    assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
    assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT);
}

/* The server's answer is on the wire. */
static void answer(void)
{
    pair.served_err = mico_tls_handshake(&pair.served, 0);
    assert_int_equal(pair.served_err, MICO_ERR_TIMEOUT);
}

/* Where the extensions of the hello of a wire begin: record 5, message 4, version 2, random 32, session id; then a client's suites and
 * compression methods, or the server's one of each. */
static size_t extensions_at(const struct pair_wire *wire, bool client)
{
    const uint8_t *hello = wire->queue[wire->head].bytes;
    size_t at = 5 + 4 + 2 + 32;
    at += 1u + hello[at];
    if (!client) {
        return at + 2 + 1 + 2;
    }
    at += 2u + mico_load_be16(hello + at);
    return at + 1u + hello[at] + 2;
}

/* The type field of an extension of the hello; NULL: it has none. */
static uint8_t *find_extension(struct pair_wire *wire, bool client, uint16_t type)
{
    uint8_t *hello = wire->queue[wire->head].bytes;
    size_t at = extensions_at(wire, client), end = at + mico_load_be16(hello + at - 2);
    while (at + 4 <= end && at + 4 <= wire->queue[wire->head].len) {
        if (mico_load_be16(hello + at) == type) {
            return hello + at;
        }
        at += 4u + mico_load_be16(hello + at + 2);
    }
    return NULL;
}

#define EXTENDED_MASTER_SECRET 23
#define HEARTBEAT 15
#define EARLY_DATA 42
#define SUPPORTED_VERSIONS 43
#define RENEGOTIATION_INFO 0xFF01

/* RFC 8446 section 4.1.3: whoever takes 1.3 out of the client's hello is betrayed by the end of the server's random, before anybody
 * trusts a key. */
static void a_hello_turned_back_to_tls_1_2_is_seen_at_the_servers_random(void **state)
{
    begin(MICO_TLS_1_2_OR_1_3, MICO_TLS_1_2_OR_1_3);
    uint8_t *versions = find_extension(&pair.up, true, SUPPORTED_VERSIONS);
    assert_non_null(versions);
    mico_store_be16(versions, 0xFAFA); /* an extension that nobody knows */
    answer();
    const uint8_t *hello = pair.down.queue[pair.down.head].bytes;
    assert_memory_equal(hello + 11 + 24, "DOWNGRD\x01", 8);
    pair.client_err = mico_tls_handshake(&pair.client, 0);
    assert_int_equal(pair.client_err, MICO_ERR_FORMAT);
    assert_string_equal(mico_tls_reason(&pair.client), "peer does not speak this version of TLS");
    pair.served_err = mico_tls_handshake(&pair.served, 0);
    assert_string_equal(mico_tls_reason(&pair.served), "alert from peer: illegal_parameter");
    pair_end();
    /* A server of 1.2 alone says nothing of the kind, and is no suspect. */
    begin(MICO_TLS_1_2_OR_1_3, MICO_TLS_1_2);
    answer();
    assert_memory_not_equal(pair.down.queue[pair.down.head].bytes + 11 + 24, "DOWNGRD", 7);
    pair_handshake(&pair);
    pair_assert_talks();
    pair_end();
}

static void both_sides_bind_the_master_secret_and_forbid_renegotiation(void **state)
{
    begin(MICO_TLS_1_2, MICO_TLS_1_2);
    assert_non_null(find_extension(&pair.up, true, EXTENDED_MASTER_SECRET));
    assert_null(find_extension(&pair.up, true, HEARTBEAT));
    answer();
    assert_non_null(find_extension(&pair.down, false, EXTENDED_MASTER_SECRET));
    assert_non_null(find_extension(&pair.down, false, RENEGOTIATION_INFO)); /* RFC 5746 section 3.6: empty */
    pair_handshake(&pair);
    pair_assert_talks();
    pair_end();
    begin(MICO_TLS_1_3, MICO_TLS_1_3);
    assert_null(find_extension(&pair.up, true, EARLY_DATA));
    pair_end();
}

/* Extended master secret taken out on the way: the two sides' keys differ. */
static void a_master_secret_that_was_unbound_on_the_way_ends_the_handshake(void **state)
{
    begin(MICO_TLS_1_2, MICO_TLS_1_2);
    mico_store_be16(find_extension(&pair.up, true, EXTENDED_MASTER_SECRET), 0xFAFA);
    pair_handshake(&pair);
    assert_int_not_equal(pair.client_err, MICO_OK);
    assert_int_not_equal(pair.served_err, MICO_OK);
    pair_end();
}

static void compression_is_refused_on_both_sides(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        begin(version, version);
        uint8_t *hello = pair.up.queue[pair.up.head].bytes;
        size_t methods = extensions_at(&pair.up, true) - 4;
        assert_int_equal(hello[methods], 1);
        assert_int_equal(hello[methods + 1], 0); /* we offer none but null */
        hello[methods + 1] = 1;                  /* DEFLATE alone: RFC 3749 */
        pair_handshake(&pair);
        assert_int_not_equal(pair.served_err, MICO_OK);
        assert_int_not_equal(pair.client_err, MICO_OK);
        pair_end();

        begin(version, version);
        answer();
        hello = pair.down.queue[pair.down.head].bytes;
        hello[extensions_at(&pair.down, false) - 3] = 1; /* the server chose it */
        pair.client_err = mico_tls_handshake(&pair.client, 0);
        assert_int_not_equal(pair.client_err, MICO_OK);
        assert_int_not_equal(pair.client_err, MICO_ERR_TIMEOUT);
        pair_end();
    }
}

/* A server may not answer what was not asked: RFC 5246 section 7.4.1.4. */
static void an_extension_that_was_not_asked_for_is_refused(void **state)
{
    begin(MICO_TLS_1_2, MICO_TLS_1_2);
    answer();
    mico_store_be16(find_extension(&pair.down, false, EXTENDED_MASTER_SECRET), 16); /* ALPN */
    pair.client_err = mico_tls_handshake(&pair.client, 0);
    assert_int_not_equal(pair.client_err, MICO_OK);
    assert_int_not_equal(pair.client_err, MICO_ERR_TIMEOUT);
    pair_end();
}

/* --- records ----------------------------------------------------------------------------------------------------------------- */

/* Put bytes on the way to a side, as the one in between. */
static void inject(struct pair_wire *to, const uint8_t *record, size_t len)
{
    struct mico_tls_io io = to == &pair.up ? pair_client_io(&pair) : pair_server_io(&pair);
    size_t sent;
    assert_int_equal(io.send(io.ctx, record, len, &sent, 0), MICO_OK);
    assert_int_equal(sent, len);
}

static void stand(enum mico_tls_version version)
{
    uint8_t byte;
    size_t len;
    begin(version, version);
    pair_handshake(&pair);
    pair_assert_talks();
    (void)!mico_tls_read(&pair.client, &byte, 1, &len, 0);
}

/* Before the handshake, in its middle, and behind it, to either side. */
static void records_that_may_not_be_end_the_connection(void **state)
{
    static const struct {
        const char *what;
        uint8_t bytes[8];
        size_t len;
    } records[] = {
        {"a heartbeat (RFC 6520)", {24, 3, 3, 0, 3, 1, 0x40, 0}, 8},
        {"a kind that there is not", {99, 3, 3, 0, 1, 0}, 6},
        {"data in the clear", {23, 3, 3, 0, 2, 'h', 'i'}, 7},
        {"a record longer than any", {22, 3, 3, 0x48, 0x01, 1}, 6},
        {"an HTTP request", {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'}, 8},
        {"SSL 2", {0x80, 0x2E, 1, 0, 2, 0, 0, 0}, 8},
    };
    uint8_t got[32];
    size_t len;
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        for (int kind = 0; kind < 8; kind++) {
            enum mico_tls_version version = kind & 1 ? MICO_TLS_1_3 : MICO_TLS_1_2;
            struct pair_wire *to = kind & 2 ? &pair.up : &pair.down;
            struct mico_tls *hit = kind & 2 ? &pair.served : &pair.client;
            mico_err err;
            if (kind & 4) {
                stand(version);
                inject(to, records[i].bytes, records[i].len);
                err = mico_tls_read(hit, got, sizeof got, &len, 0);
                assert_int_equal(len, 0);
            } else {
                begin(version, version);
                pair.up.count = 0; /* this instead of what is under way */
                inject(to, records[i].bytes, records[i].len);
                err = mico_tls_handshake(hit, 0);
            }
            if (err == MICO_OK || err == MICO_ERR_TIMEOUT) {
                fail_msg("%s, %d: %s (%s)", records[i].what, kind, mico_err_name(err), mico_tls_reason(hit));
            }
            pair_end();
        }
    }
}

/* What is larger than a record goes in several, and no record is larger than TLS allows: RFC 5246 section 6.2.1. */
static void much_data_goes_in_records_of_16_kib_at_most(void **state)
{
    static uint8_t data[40000], got[40000];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 7 + i / 251);
    }
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        size_t sent = 0, have = 0, len;
        stand(version);
        while (have < sizeof data) {
            if (sent < sizeof data) {
                mico_err err = mico_tls_write_some(&pair.client, data + sent, sizeof data - sent, &len, 0);
                assert_true(err == MICO_OK || err == MICO_ERR_TIMEOUT);
                assert_true(len <= 16384);
                sent += len;
            }
            mico_err err = mico_tls_read(&pair.served, got + have, sizeof got - have, &len, 0);
            assert_true(err == MICO_OK || err == MICO_ERR_TIMEOUT);
            have += len;
        }
        assert_memory_equal(got, data, sizeof data);
        pair_end();
    }
}

/* --- ends -------------------------------------------------------------------------------------------------------------------- */

static void a_good_bye_is_told_from_a_cut_connection(void **state)
{
    uint8_t got[8];
    size_t len;
    for (int kind = 0; kind < 4; kind++) {
        enum mico_tls_version version = kind & 1 ? MICO_TLS_1_3 : MICO_TLS_1_2;
        struct mico_tls *leaves = kind & 2 ? &pair.served : &pair.client,
                        *stays = kind & 2 ? &pair.client : &pair.served;
        struct pair_wire *wire = kind & 2 ? &pair.down : &pair.up;
        stand(version);
        assert_int_equal(mico_tls_write(leaves, (const uint8_t *)"last", 4, 0), MICO_OK);
        mico_tls_close(leaves);
        assert_int_equal(mico_tls_read(stays, got, sizeof got, &len, 0), MICO_OK); /* what was said before */
        assert_int_equal(len, 4);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(mico_tls_read(stays, got, sizeof got, &len, 0), MICO_ERR_CLOSED);
            assert_int_equal(len, 0);
            assert_true(mico_tls_ended_well(stays));
        }
        pair_end();

        stand(version);
        wire->cut_after = wire->sent; /* the TCP connection ends without a word: RFC 5246 section 7.2.1's truncation */
        assert_int_equal(mico_tls_read(stays, got, sizeof got, &len, 0), MICO_ERR_CLOSED);
        assert_false(mico_tls_ended_well(stays));
        pair_end();
    }
}

/* A close_notify that is not the peer's: in the clear, after the handshake. */
static void a_forged_good_bye_is_no_good_end(void **state)
{
    static const uint8_t forged[] = {21, 3, 3, 0, 2, 1, 0};
    uint8_t got[8];
    size_t len;
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        stand(version);
        inject(&pair.down, forged, sizeof forged);
        mico_err err = mico_tls_read(&pair.client, got, sizeof got, &len, 0);
        assert_int_not_equal(err, MICO_OK);
        assert_int_not_equal(err, MICO_ERR_CLOSED);
        assert_false(mico_tls_ended_well(&pair.client));
        pair_end();
    }
}

/* Warnings without end would keep a reader busy. */
static void a_flood_of_warnings_ends_the_handshake(void **state)
{
    static const uint8_t warning[] = {21, 3, 3, 0, 2, 1, 90};
    begin(MICO_TLS_1_2, MICO_TLS_1_2);
    pair.up.count = 0;
    for (int i = 0; i < 40; i++) {
        inject(&pair.up, warning, sizeof warning);
    }
    mico_err err = mico_tls_handshake(&pair.served, 0);
    assert_int_not_equal(err, MICO_OK);
    assert_int_not_equal(err, MICO_ERR_TIMEOUT);
    pair_end();
}

/* What failed stays failed, whatever is tried. */
static void nothing_comes_or_goes_after_an_error(void **state)
{
    static const uint8_t nonsense[45] = {23, 3, 3, 0, 40};
    uint8_t got[8];
    size_t len;
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        stand(version);
        inject(&pair.up, nonsense, sizeof nonsense);
        assert_int_equal(mico_tls_read(&pair.served, got, sizeof got, &len, 0), MICO_ERR_AUTH);
        size_t sent = pair.down.sent;
        assert_int_equal(mico_tls_write(&pair.client, (const uint8_t *)"later", 5, 0), MICO_OK);
        assert_int_not_equal(mico_tls_read(&pair.served, got, sizeof got, &len, 0), MICO_OK);
        assert_int_equal(len, 0);
        assert_int_not_equal(mico_tls_write(&pair.served, (const uint8_t *)"back", 4, 0), MICO_OK);
        assert_int_equal(pair.down.sent, sent);
        assert_int_equal(mico_tls_read(&pair.client, got, sizeof got, &len, 0), MICO_ERR_DENIED);
        assert_string_equal(mico_tls_reason(&pair.client), "alert from peer: bad_record_mac");
        pair_end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_turned_back_to_tls_1_2_is_seen_at_the_servers_random),
        cmocka_unit_test(both_sides_bind_the_master_secret_and_forbid_renegotiation),
        cmocka_unit_test(a_master_secret_that_was_unbound_on_the_way_ends_the_handshake),
        cmocka_unit_test(compression_is_refused_on_both_sides),
        cmocka_unit_test(an_extension_that_was_not_asked_for_is_refused),
        cmocka_unit_test(records_that_may_not_be_end_the_connection),
        cmocka_unit_test(much_data_goes_in_records_of_16_kib_at_most),
        cmocka_unit_test(a_good_bye_is_told_from_a_cut_connection),
        cmocka_unit_test(a_forged_good_bye_is_no_good_end),
        cmocka_unit_test(a_flood_of_warnings_ends_the_handshake),
        cmocka_unit_test(nothing_comes_or_goes_after_an_error),
    };
    return cmocka_run_group_tests(tests, pair_enter_ed25519, kit_leave);
}
