/* SPDX-License-Identifier: Apache-2.0 */
/* What bad wires do to handshakes of our client and our server: bytes one at a time, streams cut and altered at every byte,
 * datagrams lost, shuffled and repeated by a seed, small datagrams, and the cookie. Time is tls_pair.c's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls/tls_pair.h"
#include "crypto/tls/tls_test_kit.h"

#ifdef MICO_SANITIZED
#define SEEDS 12
#define STEP 29
#else
#define SEEDS 60
#define STEP 5
#endif

static struct pair pair;
static struct mico_span root, chain, device_chain;
static psa_key_id_t key, device_key;
static const uint8_t psk_key[32] = "0123456789abcdef0123456789abcde";

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    kit_make("30", "root", "Root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "middle", "Issuer", KIT_ED25519, "root", KIT_CA);
    kit_make("30", "server", "server", KIT_ED25519, "middle", KIT_SERVER("DNS:server.example"));
    kit_make("30", "device", "device", KIT_ED25519, "root", KIT_CLIENT);
    kit_run("cat server.der middle.der > chain.der");
    root = kit_load("root.der");
    chain = kit_load("chain.der");
    device_chain = kit_load("device.der");
    key = KIT_KEY_ED25519("server");
    device_key = KIT_KEY_ED25519("device");
    return 0;
}

static struct mico_tls_config client_config(bool datagram, enum mico_tls_version version, bool psk)
{
    struct mico_tls_config config = {
        .datagram = datagram, .version = version, .retransmit_ms = version == MICO_TLS_1_3 ? 1000 : 250};
    if (psk) {
        config.psk = (struct mico_tls_psk){"sensor 7", MICO_SPAN(psk_key)};
        config.suites = version == MICO_TLS_1_3 ? "TLS13-AES128-GCM-SHA256" : "PSK-AES128-GCM-SHA256";
    } else {
        config.roots = &root;
        config.root_count = 1;
        config.server_name = "server.example";
        config.chain = device_chain;
        config.key = device_key;
    }
    return config;
}

static void open_server(const struct mico_tls_config *client, uint16_t mtu)
{
    struct mico_tls_server_config config = {.base = *client};
    config.base.now_s = pair_now_s();
    config.base.mtu = mtu;
    if (client->root_count != 0) {
        config.base.chain = chain;
        config.base.key = key;
        config.clients = MICO_TLS_CLIENTS_REQUIRED;
    }
    assert_int_equal(mico_tls_server_open(&pair.server, &config), MICO_OK);
}

static void open_both(struct mico_tls_config *client)
{
    pair_wires(&pair, !client->datagram);
    assert_int_equal(pair_open(&pair, client, &pair.server), MICO_OK);
}

static bool stands(void)
{
    return pair.client_err == MICO_OK && pair.served_err == MICO_OK;
}

static void assert_stands(const char *what, unsigned seed)
{
    if (!stands()) {
        fail_msg("%s, seed %u: client %s (%s), server %s (%s)", what, seed, mico_err_name(pair.client_err),
                 mico_tls_reason(&pair.client), mico_err_name(pair.served_err), mico_tls_reason(&pair.served));
    }
}

/* --- streams ---------------------------------------------------------------------------------------------------------- */

static void a_handshake_goes_on_byte_by_byte_and_stall_by_stall(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        for (unsigned stall = 0; stall < 4; stall++) {
            struct mico_tls_config client = client_config(false, version, false);
            const char *word = "a longer word than the wire takes at once";
            uint8_t got[64];
            size_t len, sent = 0, have = 0;
            open_server(&client, 0);
            open_both(&client);
            pair.up.piece = pair.down.piece = 1 + stall;
            pair.up.stall = pair.down.stall = stall == 0 ? 0 : stall + 1;
            pair_handshake(&pair);
            assert_stands("byte by byte", stall);
            for (int i = 0; i < 2000 && have < strlen(word); i++) {
                if (sent < strlen(word)) {
                    mico_err err =
                        mico_tls_write_some(&pair.client, (const uint8_t *)word + sent, strlen(word) - sent, &len, 0);
                    assert_true(err == MICO_OK ||
                                (err == MICO_ERR_TIMEOUT && mico_tls_wants(&pair.client) == MICO_TLS_WANTS_WRITE));
                    sent += len;
                }
                mico_err err = mico_tls_read(&pair.served, got + have, sizeof got - have, &len, 0);
                assert_true(err == MICO_OK ||
                            (err == MICO_ERR_TIMEOUT && mico_tls_wants(&pair.served) == MICO_TLS_WANTS_READ));
                have += len;
            }
            assert_int_equal(have, strlen(word));
            assert_memory_equal(got, word, have);
            pair_close(&pair);
            mico_tls_server_close(&pair.server);
        }
    }
}

/* A whole handshake's bytes in each direction. */
static void measure(struct mico_tls_config *client, size_t *up, size_t *down)
{
    open_both(client);
    pair_handshake(&pair);
    assert_stands("whole", 0);
    *up = pair.up.sent;
    *down = pair.down.sent;
    pair_close(&pair);
}

static void cut(struct mico_tls_config *client, struct pair_wire *wire, size_t at)
{
    open_both(client);
    wire->cut_after = at;
    pair_handshake(&pair);
    mico_err waits = wire == &pair.down ? pair.client_err : pair.served_err;
    if (waits == MICO_OK || waits == MICO_ERR_TIMEOUT) {
        fail_msg("cut at %zu: %s", at, mico_err_name(waits));
    }
    pair_close(&pair);
}

static void a_stream_cut_at_any_byte_ends_the_handshake(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        for (int psk = 0; psk < 2; psk++) {
            size_t up, down, step = psk ? 1 : STEP;
            struct mico_tls_config client = client_config(false, version, psk);
            open_server(&client, 0);
            measure(&client, &up, &down);
            /* The last flight's direction: when it is cut inside, its receiver fails. TLS 1.3 sends tickets after it. */
            size_t down_most = version == MICO_TLS_1_3 ? down / 2 : down;
            for (size_t at = 0; at < up; at += step) {
                cut(&client, &pair.up, at);
            }
            for (size_t at = 0; at < down_most; at += step) {
                cut(&client, &pair.down, at);
            }
            print_message("%zu bytes up, %zu down\n", up, down);
            mico_tls_server_close(&pair.server);
        }
    }
}

static void flip(struct mico_tls_config *client, struct pair_wire *wire, size_t at)
{
    open_both(client);
    wire->flip_at = at;
    pair_handshake(&pair);
    if (stands()) {
        uint8_t byte;
        size_t len;
        mico_err err = mico_tls_write(&pair.client, (const uint8_t *)"x", 1, 0);
        err = err == MICO_OK ? mico_tls_read(&pair.served, &byte, 1, &len, 0) : err;
        if (err == MICO_OK && at > 5) { /* the first record's header: its version says nothing (RFC 8446, 5.1) */
            fail_msg("altered at %zu, and nobody saw it", at);
        }
    }
    pair_close(&pair);
}

static void a_stream_altered_at_any_byte_is_seen(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        for (int psk = 0; psk < 2; psk++) {
            size_t up, down, step = psk ? 1 : STEP;
            struct mico_tls_config client = client_config(false, version, psk);
            open_server(&client, 0);
            measure(&client, &up, &down);
            for (size_t at = 0; at < up; at += step) {
                flip(&client, &pair.up, at);
            }
            for (size_t at = 0; at < down / (version == MICO_TLS_1_3 ? 2 : 1); at += step) {
                flip(&client, &pair.down, at);
            }
            mico_tls_server_close(&pair.server);
        }
    }
}

static void an_altered_record_of_data_is_refused(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = client_config(false, version, false);
        uint8_t byte;
        size_t len;
        open_server(&client, 0);
        for (size_t at = 5; at < 40; at++) {
            open_both(&client);
            pair_handshake(&pair);
            assert_stands("data", 0);
            pair.up.flip_at = pair.up.sent + at;
            assert_int_equal(mico_tls_write(&pair.client, (const uint8_t *)"some twenty characters", 22, 0), MICO_OK);
            if (pair.up.sent > pair.up.flip_at) {
                assert_int_equal(mico_tls_read(&pair.served, &byte, 1, &len, 0), MICO_ERR_AUTH);
                assert_int_equal(len, 0);
            }
            pair_close(&pair);
        }
        mico_tls_server_close(&pair.server);
    }
}

/* --- datagrams -------------------------------------------------------------------------------------------------------- */

static void assert_word_arrives(struct mico_tls *from, struct mico_tls *to)
{
    uint8_t got[32];
    size_t len = 0;
    assert_int_equal(mico_tls_write(from, (const uint8_t *)"word", 4, 0), MICO_OK);
    assert_int_equal(mico_tls_read(to, got, sizeof got, &len, 0), MICO_OK);
    assert_int_equal(len, 4);
}

static void lossy(enum mico_tls_version version, bool psk, uint16_t mtu, unsigned percent)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct mico_tls_config client = client_config(true, version, psk);
        client.mtu = mtu;
        open_server(&client, mtu);
        open_both(&client);
        pair.seed = seed * 2654435761u;
        pair.up.lose = pair.down.lose = percent;
        pair.up.shuffle = pair.down.shuffle = percent;
        pair.up.repeat = pair.down.repeat = percent;
        pair_handshake(&pair);
        assert_stands("lossy", seed);
        assert_true(pair.up.largest <= mtu && pair.down.largest <= mtu);
        pair.up.lose = pair.down.lose = pair.up.shuffle = pair.down.shuffle = 0;
        pair.up.count = pair.down.count = 0; /* what is still under way is lost too */
        assert_word_arrives(&pair.client, &pair.served);
        assert_word_arrives(&pair.served, &pair.client);
        pair_close(&pair);
        mico_tls_server_close(&pair.server);
    }
}

static void dtls_1_2_stands_on_wires_that_lose_shuffle_and_repeat(void **state)
{
    lossy(MICO_TLS_1_2, false, 1400, 20);
    lossy(MICO_TLS_1_2, true, 256, 30);
}

static void dtls_1_2_stands_in_small_fragments_that_get_lost(void **state)
{
    lossy(MICO_TLS_1_2, false, 512, 10);
    lossy(MICO_TLS_1_2, false, 256, 5);
}

static void dtls_1_3_stands_on_wires_that_lose_shuffle_and_repeat(void **state)
{
    lossy(MICO_TLS_1_3, false, 1400, 15);
}

static void dtls_drops_altered_datagrams_and_goes_on(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = client_config(true, version, false);
        uint8_t got[32];
        size_t len;
        open_server(&client, 0);
        open_both(&client);
        pair_handshake(&pair);
        assert_stands("altered", 0);
        for (size_t at = 0; at < 30; at++) {
            pair.up.flip_at = pair.up.sent + at;
            assert_int_equal(mico_tls_write(&pair.client, (const uint8_t *)"altered", 7, 0), MICO_OK);
            bool altered = pair.up.sent > pair.up.flip_at;
            assert_int_equal(mico_tls_read(&pair.served, got, sizeof got, &len, 0),
                             altered ? MICO_ERR_TIMEOUT : MICO_OK);
            pair.up.flip_at = SIZE_MAX;
            assert_word_arrives(&pair.client, &pair.served);
        }
        uint8_t long_one[1400] = {0};
        assert_int_equal(mico_tls_write(&pair.client, long_one, sizeof long_one, 0), MICO_ERR_SIZE);
        assert_word_arrives(&pair.client, &pair.served);
        pair_close(&pair);
        mico_tls_server_close(&pair.server);
    }
}

/* As a caller that does not wait calls it: whenever its timer asks. */
static void assert_gives_up(struct mico_tls *tls, const struct pair_wire *out)
{
    uint64_t start = pair_clock_ms;
    unsigned before = out->datagrams;
    mico_err err = MICO_ERR_TIMEOUT;
    for (int i = 0; i < 100 && err == MICO_ERR_TIMEOUT; i++) {
        uint32_t timer_ms = mico_tls_timer_ms(tls);
        pair_clock_ms += timer_ms == UINT32_MAX ? 1000 : timer_ms;
        err = mico_tls_handshake(tls, 0);
    }
    print_message("%u datagrams in %llu ms\n", out->datagrams - before, (unsigned long long)(pair_clock_ms - start));
    assert_int_equal(err, MICO_ERR_IO);
    assert_string_equal(mico_tls_reason(tls), "connection: no answer, though sent again and again");
    assert_in_range(out->datagrams - before, 3, 60);
}

static void a_client_that_hears_nothing_gives_up(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = client_config(true, version, false);
        pair_wires(&pair, false);
        client.io = pair_client_io(&pair);
        client.now_s = pair_now_s();
        client.retransmit_ms = 1000;
        assert_int_equal(mico_tls_open(&pair.client, &client), MICO_OK);
        assert_gives_up(&pair.client, &pair.up);
        mico_tls_close(&pair.client);
    }
}

/* A server with one place at a time would be kept for ever. */
static void a_server_whose_client_has_shown_its_cookie_and_gone_gives_up(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = client_config(true, version, false);
        open_server(&client, 0);
        open_both(&client);
        for (int i = 0; i < 10 && !mico_tls_met(&pair.served); i++) {
            assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT);
            assert_int_equal(mico_tls_handshake(&pair.served, 0), MICO_ERR_TIMEOUT);
        }
        assert_true(mico_tls_met(&pair.served));
        pair.up.count = 0;
        assert_gives_up(&pair.served, &pair.down);
        pair_close(&pair);
        mico_tls_server_close(&pair.server);
    }
}

/* RFC 6347 section 4.2.1: without the cookie of its address, a client costs the server one answer that is not longer than
 * the question by much, and no signature. */
static void a_client_hello_without_a_cookie_is_answered_by_one(void **state)
{
    static const uint8_t elsewhere[] = {203, 0, 113, 9, 0, 1};
    struct mico_tls_config client = client_config(true, MICO_TLS_1_2, false);
    open_server(&client, 0);
    open_both(&client);
    assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT);
    size_t hello = pair.up.sent;
    assert_int_equal(mico_tls_handshake(&pair.served, 0), MICO_ERR_TIMEOUT);
    assert_int_equal(pair.down.datagrams, 1);
    assert_true(pair.down.sent <= 60 && pair.down.sent < hello); /* a HelloVerifyRequest */
    assert_int_equal(pair.down.queue[pair.down.head].bytes[13], 3);
    /* The answer to it, from elsewhere: asked again, for another cookie. */
    assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT);
    mico_tls_close(&pair.served);
    struct mico_tls_io io = pair_server_io(&pair);
    assert_int_equal(mico_tls_accept_open(&pair.server, &pair.served, &io, MICO_SPAN(elsewhere), pair_now_s()),
                     MICO_OK);
    assert_int_equal(mico_tls_handshake(&pair.served, 0), MICO_ERR_TIMEOUT);
    assert_int_equal(pair.down.datagrams, 2);
    assert_true(pair.down.sent <= 120);
    pair_close(&pair);
    mico_tls_server_close(&pair.server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_goes_on_byte_by_byte_and_stall_by_stall),
        cmocka_unit_test(a_stream_cut_at_any_byte_ends_the_handshake),
        cmocka_unit_test(a_stream_altered_at_any_byte_is_seen),
        cmocka_unit_test(an_altered_record_of_data_is_refused),
        cmocka_unit_test(dtls_1_2_stands_on_wires_that_lose_shuffle_and_repeat),
        cmocka_unit_test(dtls_1_2_stands_in_small_fragments_that_get_lost),
        cmocka_unit_test(dtls_1_3_stands_on_wires_that_lose_shuffle_and_repeat),
        cmocka_unit_test(dtls_drops_altered_datagrams_and_goes_on),
        cmocka_unit_test(a_client_that_hears_nothing_gives_up),
        cmocka_unit_test(a_server_whose_client_has_shown_its_cookie_and_gone_gives_up),
        cmocka_unit_test(a_client_hello_without_a_cookie_is_answered_by_one),
    };
    return cmocka_run_group_tests(tests, set_up, kit_leave);
}
