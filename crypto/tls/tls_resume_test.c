/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions that go on: tickets of each protocol, how long they and their keys live, whose they are, and what is not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_test_pair.h"

static size_t save(uint8_t out[MICO_TLS_SESSION_SIZE])
{
    size_t len;
    uint8_t byte;
    (void)!mico_tls_read(&pair.client, &byte, 1, &len, 0); /* TLS 1.3 sends tickets after the handshake */
    assert_int_equal(mico_tls_save_session(&pair.client, out, MICO_TLS_SESSION_SIZE, &len), MICO_OK);
    assert_true(len > 0);
    return len;
}

static void sessions_are_resumed_by_ticket(void **state)
{
    for (int kind = 0; kind < 4; kind++) {
        uint8_t session[MICO_TLS_SESSION_SIZE];
        struct mico_tls_config client = pair_client_of(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
        struct mico_tls_server_config server = pair_server_of(kind & 1, client.version);
        pair_serve(&server);
        pair_shake(&client);
        pair_assert_talks();
        assert_false(mico_tls_resumed(&pair.client));
        client.session = (struct mico_span){session, save(session)};
        pair_close(&pair);
        print_message("%s: session of %zu bytes\n", kind & 2 ? "1.3" : "1.2", client.session.len);

        pair_shake(&client);
        pair_assert_talks();
        assert_true(mico_tls_resumed(&pair.client));
        assert_true(mico_tls_resumed(&pair.served));
        pair_close(&pair);

        client.server_name = "wrong.example"; /* a session is for one server; the whole handshake sees the wrong name */
        pair_shake(&client);
        assert_int_equal(pair.client_err, MICO_ERR_AUTH);
        pair_close(&pair);
        client.server_name = "ed.example";

        for (size_t i = 0; i < client.session.len; i += 13) { /* an altered one is none */
            session[i] ^= 1;
            pair_shake(&client);
            pair_assert_talks();
            assert_false(mico_tls_resumed(&pair.client));
            pair_close(&pair);
            session[i] ^= 1;
        }

        pair_clock_ms += 3 * 3600 * 1000; /* the server's ticket keys have changed twice */
        pair_shake(&client);
        pair_assert_talks();
        assert_false(mico_tls_resumed(&pair.client));
        pair_end();
    }
}

/* --- whose, and how long --------------------------------------------------------------------------------------------------- */

static uint8_t session[MICO_TLS_SESSION_SIZE];

/* A whole handshake with pair.server, and its session in config. */
static void begin(struct mico_tls_config *client)
{
    client->session = (struct mico_span){0};
    pair_shake(client);
    pair_assert_talks();
    assert_false(mico_tls_resumed(&pair.client));
    client->session = (struct mico_span){session, save(session)};
    pair_close(&pair);
}

static bool resumes(struct mico_tls_config *client)
{
    pair_shake(client);
    pair_assert_talks();
    bool resumed = mico_tls_resumed(&pair.client);
    assert_int_equal(mico_tls_resumed(&pair.served), resumed);
    pair_close(&pair);
    return resumed;
}

#define FOR_EACH_PROTOCOL(kind) for (int kind = 0; kind < 4; kind++)

/* Make the client forget how long the server said that the ticket lives. */
static void live_forever(const struct mico_tls_config *client)
{
    uint8_t hash[32];
    size_t len = client->session.len;
    mico_store_be32(session + 9 + 1 + 4, UINT32_MAX / 2); /* behind side and birth: crypto/tls/tls_resume.c */
    mico_sha256(session, len - 8, hash);
    memcpy(session + len - 8, hash, 8);
}

static void a_ticket_is_good_for_minutes_whatever_the_client_thinks(void **state)
{
    FOR_EACH_PROTOCOL(kind)
    {
        struct mico_tls_config client = pair_client_of(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
        struct mico_tls_server_config server = pair_server_of(kind & 1, client.version);
        pair_serve(&server);
        begin(&client);
        for (int minutes = 2; minutes < 12; minutes += 2) {
            pair_clock_ms += 120 * 1000;
            assert_int_equal(resumes(&client), minutes * 60 < 300); /* shown again and again: it is no early data */
        }
        begin(&client);
        live_forever(&client);
        for (int minutes = 2; minutes < 12; minutes += 2) {
            pair_clock_ms += 120 * 1000;
            assert_int_equal(resumes(&client), minutes * 60 < 500);
        }
        mico_tls_server_close(&pair.server);
    }
}

/* The key of tickets is replaced every hour; whoever comes then gets a ticket of the new one. */
static void tickets_of_a_new_key_resume_as_those_of_the_old_one_did(void **state)
{
    FOR_EACH_PROTOCOL(kind)
    {
        struct mico_tls_config client = pair_client_of(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
        struct mico_tls_server_config server = pair_server_of(kind & 1, client.version);
        pair_serve(&server);
        for (int i = 0; i < 12; i++) { /* over three hours, at all distances from a change of keys */
            begin(&client);
            pair_clock_ms += 60 * 1000;
            assert_true(resumes(&client));
            pair_clock_ms += 17 * 60 * 1000;
            assert_false(resumes(&client));
        }
        mico_tls_server_close(&pair.server);
    }
}

static void a_ticket_of_another_server_costs_a_whole_handshake(void **state)
{
    FOR_EACH_PROTOCOL(kind)
    {
        struct mico_tls_config client = pair_client_of(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
        struct mico_tls_server_config server = pair_server_of(kind & 1, client.version);
        pair_serve(&server);
        begin(&client);
        mico_tls_server_close(&pair.server);
        pair_serve(&server); /* the same certificate, other secrets: as after a restart */
        assert_false(resumes(&client));
        begin(&client);
        assert_true(resumes(&client));
        mico_tls_server_close(&pair.server);
    }
}

static void a_session_of_another_protocol_costs_a_whole_handshake(void **state)
{
    FOR_EACH_PROTOCOL(kind)
    {
        enum mico_tls_version first = kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2,
                              second = kind & 2 ? MICO_TLS_1_2 : MICO_TLS_1_3;
        struct mico_tls_config client = pair_client_of(kind & 1, first);
        struct mico_tls_server_config server = pair_server_of(kind & 1, MICO_TLS_1_2_OR_1_3);
        pair_serve(&server);
        begin(&client);
        client.version = second;
        assert_false(resumes(&client));
        client.version = MICO_TLS_1_2_OR_1_3;
        (void)resumes(&client); /* stands and talks, resumed or not */
        mico_tls_server_close(&pair.server);
    }
}

static void a_session_is_for_one_name_and_one_kind_of_wire(void **state)
{
    struct mico_tls_config client = pair_client_of(false, MICO_TLS_1_2);
    struct mico_tls_server_config server = pair_server_of(false, MICO_TLS_1_2),
                                  datagrams = pair_server_of(true, MICO_TLS_1_2);
    pair_serve(&server);
    begin(&client);
    assert_true(resumes(&client));
    client.server_name = "other.example";
    assert_false(resumes(&client));
    client.server_name = "ed.example";
    mico_tls_server_close(&pair.server);
    pair_serve(&datagrams);
    client.datagram = true;
    assert_false(resumes(&client));
    mico_tls_server_close(&pair.server);
}

/* The session of a server that nobody checked is none where servers are checked, nor one that other roots vouched for. */
static void a_session_is_for_one_trust(void **state)
{
    FOR_EACH_PROTOCOL(kind)
    {
        struct mico_tls_config client = pair_client_of(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
        struct mico_tls_server_config server = pair_server_of(kind & 1, client.version);
        struct mico_span more_roots[2] = {client.roots[0], client.roots[0]};
        pair_serve(&server);
        client.checks = MICO_TLS_CHECK_NOTHING;
        begin(&client);
        assert_true(resumes(&client));
        for (enum mico_tls_checks checks = MICO_TLS_CHECK_ALL; checks < MICO_TLS_CHECK_NOTHING; checks++) {
            client.checks = checks;
            assert_false(resumes(&client));
        }
        begin(&client);
        assert_true(resumes(&client));
        client.roots = more_roots;
        client.root_count = 2;
        assert_false(resumes(&client));
        mico_tls_server_close(&pair.server);
    }
}

/* --- early data ------------------------------------------------------------------------------------------------------------ */

/* What would come with a replayed hello: a record of data before the handshake is done. */
static void data_before_the_handshake_is_never_taken(void **state)
{
    static const uint8_t early[] = {23, 3, 3, 0, 40, 'G', 'E', 'T', ' ', '/', 'o', 'p', 'e', 'n'};
    uint8_t record[45] = {0}, got[64];
    size_t sent, len;
    memcpy(record, early, sizeof early);
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        for (int resuming = 0; resuming < 2; resuming++) {
            struct mico_tls_config client = pair_client_of(false, version);
            struct mico_tls_server_config server = pair_server_of(false, version);
            pair_serve(&server);
            begin(&client);
            client.session.len = resuming ? client.session.len : 0;
            pair_wires(&pair, true);
            assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
            assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT); /* its hello */
            struct mico_tls_io io = pair_client_io(&pair);
            assert_int_equal(io.send(io.ctx, record, sizeof record, &sent, 0), MICO_OK);
            pair_handshake(&pair);
            assert_int_not_equal(pair.served_err, MICO_OK);
            assert_int_not_equal(pair.served_err, MICO_ERR_TIMEOUT);
            assert_int_equal(mico_tls_read(&pair.served, got, sizeof got, &len, 0), MICO_ERR_STATE);
            pair_end();
        }
    }
}

/* A ClientHello that went by is sent to the server again: without the client's keys it comes to nothing. */
static void a_replayed_hello_stands_for_nobody(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        static struct pair_wire heard;
        struct mico_tls_config client = pair_client_of(false, version);
        struct mico_tls_server_config server = pair_server_of(false, version);
        pair_serve(&server);
        begin(&client);
        pair_wires(&pair, true);
        assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
        assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT);
        heard = pair.up;
        pair_handshake(&pair);
        pair_assert_talks();
        assert_true(mico_tls_resumed(&pair.served));
        pair_close(&pair);
        pair_wires(&pair, true);
        assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
        pair.up = heard;
        for (int i = 0; i < 5; i++) {
            assert_int_equal(mico_tls_handshake(&pair.served, 0), MICO_ERR_TIMEOUT);
        }
        assert_false(pair.served.established);
        pair_end();
    }
}

/* --- the approved mode ----------------------------------------------------------------------------------------------------- */

static size_t length_of_hello(struct mico_tls_config *client)
{
    pair_wires(&pair, true);
    client->io = pair_client_io(&pair);
    assert_int_equal(mico_tls_open(&pair.client, client), MICO_OK);
    assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT);
    mico_tls_close(&pair.client);
    return pair.up.sent;
}

/* Its secret came from what the mode may not permit. Last: the mode is one way. */
static void a_session_does_not_go_over_into_the_approved_mode(void **state)
{
    struct mico_tls_config client = pair_client_of(false, MICO_TLS_1_2);
    struct mico_tls_server_config server = pair_server_of(false, MICO_TLS_1_2);
    pair_serve(&server);
    begin(&client);
    mico_tls_server_close(&pair.server);
    struct mico_tls_config fresh = client;
    fresh.session = (struct mico_span){0};
    assert_true(length_of_hello(&client) > length_of_hello(&fresh));
    mico_psa_self_tested(true);
    assert_int_equal(mico_psa_approved_mode(true), PSA_SUCCESS);
    assert_int_equal(length_of_hello(&client), length_of_hello(&fresh));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_resumed_by_ticket),
        cmocka_unit_test(a_ticket_is_good_for_minutes_whatever_the_client_thinks),
        cmocka_unit_test(tickets_of_a_new_key_resume_as_those_of_the_old_one_did),
        cmocka_unit_test(a_ticket_of_another_server_costs_a_whole_handshake),
        cmocka_unit_test(a_session_of_another_protocol_costs_a_whole_handshake),
        cmocka_unit_test(a_session_is_for_one_name_and_one_kind_of_wire),
        cmocka_unit_test(a_session_is_for_one_trust),
        cmocka_unit_test(data_before_the_handshake_is_never_taken),
        cmocka_unit_test(a_replayed_hello_stands_for_nobody),
        cmocka_unit_test(a_session_does_not_go_over_into_the_approved_mode),
    };
    return cmocka_run_group_tests(tests, pair_enter_ed25519, kit_leave);
}
