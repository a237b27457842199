/* SPDX-License-Identifier: Apache-2.0 */
/* Our client with our server: every protocol, suite and kind of key; agreement, pre-shared keys. Resumption is in tls_resume_test.c,
 * what makes a chain trusted in tls_trust_test.c; what bad wires do in tls_wire_test.c, other people's TLS in tls_peers_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls/tls_test_pair.h"

static struct mico_span ed_root, rsa_root, p384_root;
static struct identity ed, ec, rsa, under_p384, device, device_p256, device_rsa;

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    kit_make("30", "root", "Root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "middle", "Issuer", KIT_ED25519, "root", KIT_CA);
    kit_make("30", "ed", "ed.example", KIT_ED25519, "middle", KIT_SERVER("DNS:ed.example"));
    kit_make("30", "ec", "ec.example", KIT_P256, "root", KIT_SERVER("DNS:ec.example"));
    kit_make("30", "device", "device", KIT_ED25519, "root", KIT_CLIENT);
    kit_make("30", "rsaroot", "RSA root", KIT_RSA, NULL, KIT_CA);
    kit_make("30", "rsa", "rsa.example", KIT_RSA, "rsaroot", KIT_SERVER("DNS:rsa.example"));
    kit_make("30", "p384root", "P-384 root", KIT_P384, NULL, KIT_CA);
    kit_make("30", "p384", "p384.example", KIT_P256, "p384root", KIT_SERVER("DNS:p384.example"));
    kit_make("30", "device256", "device256", KIT_P256, "p384root", KIT_CLIENT);
    kit_make("30", "devicersa", "devicersa", KIT_RSA, "rsaroot", KIT_CLIENT);
    kit_run("cat ed.der middle.der > ed_chain.der");
    ed_root = kit_load("root.der");
    rsa_root = kit_load("rsaroot.der");
    p384_root = kit_load("p384root.der");
    ed = (struct identity){kit_load("ed_chain.der"), KIT_KEY_ED25519("ed")};
    ec = (struct identity){kit_load("ec.der"), KIT_KEY_P256("ec")};
    rsa = (struct identity){kit_load("rsa.der"), KIT_KEY_RSA("rsa")};
    under_p384 = (struct identity){kit_load("p384.der"), KIT_KEY_P256("p384")};
    device = (struct identity){kit_load("device.der"), KIT_KEY_ED25519("device")};
    device_p256 = (struct identity){kit_load("device256.der"), KIT_KEY_P256("device256")};
    device_rsa = (struct identity){kit_load("devicersa.der"), KIT_KEY_RSA("devicersa")};
    return 0;
}

/* --- two sides ------------------------------------------------------------------------------------------------------ */

static struct mico_tls_config client_config(bool datagram, enum mico_tls_version version)
{
    return (struct mico_tls_config){
        .roots = &ed_root, .root_count = 1, .server_name = "ed.example", .datagram = datagram, .version = version};
}

static struct mico_tls_server_config server_config(bool datagram, enum mico_tls_version version)
{
    return (struct mico_tls_server_config){
        .base = {.chain = ed.chain, .key = ed.key, .now_s = pair_now_s(), .datagram = datagram, .version = version}};
}

/* --- protocols, suites, keys ------------------------------------------------------------------------------------------ */

static void every_protocol_stands_with_an_ed25519_key_on_both_sides(void **state)
{
    static const struct {
        bool datagram;
        enum mico_tls_version client, server;
        const char *version;
    } cases[] = {
        {false, MICO_TLS_1_2, MICO_TLS_1_2, "TLSv1.2"},
        {false, MICO_TLS_1_3, MICO_TLS_1_3, "TLSv1.3"},
        {false, MICO_TLS_1_2_OR_1_3, MICO_TLS_1_2_OR_1_3, "TLSv1.3"},
        {false, MICO_TLS_1_2_OR_1_3, MICO_TLS_1_2, "TLSv1.2"},
        {false, MICO_TLS_1_2, MICO_TLS_1_2_OR_1_3, "TLSv1.2"},
        {true, MICO_TLS_1_2, MICO_TLS_1_2, "DTLSv1.2"},
        {true, MICO_TLS_1_3, MICO_TLS_1_3, "DTLSv1.3"},
        {true, MICO_TLS_1_2_OR_1_3, MICO_TLS_1_2, "DTLSv1.2"},
        {true, MICO_TLS_1_2_OR_1_3, MICO_TLS_1_2_OR_1_3, "DTLSv1.3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mico_tls_config client = client_config(cases[i].datagram, cases[i].client);
        struct mico_tls_server_config server = server_config(cases[i].datagram, cases[i].server);
        char name[32];
        client.chain = device.chain;
        client.key = device.key;
        server.base.roots = &ed_root;
        server.base.root_count = 1;
        server.clients = MICO_TLS_CLIENTS_REQUIRED;
        print_message("%s\n", cases[i].version);
        pair_serve(&server);
        pair_shake(&client);
        pair_assert_talks();
        assert_string_equal(mico_tls_version(&pair.client), cases[i].version);
        assert_string_equal(mico_tls_version(&pair.served), cases[i].version);
        mico_tls_asked_name(&pair.served, name, sizeof name);
        assert_string_equal(name, "ed.example");
        pair_end();
    }
}

static void every_suite_stands(void **state)
{
    static const char *const suites[] = {
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",  "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256",   "ECDHE-RSA-CHACHA20-POLY1305",    "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS13-AES128-GCM-SHA256",       "TLS13-CHACHA20-POLY1305-SHA256", "TLS13-AES256-GCM-SHA384",
    };
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        for (int datagram = 0; datagram < 2; datagram++) {
            bool by_rsa = strstr(suites[i], "RSA-") == suites[i] + 6, newest = suites[i][0] == 'T';
            struct mico_tls_config client = client_config(datagram, newest ? MICO_TLS_1_3 : MICO_TLS_1_2);
            struct mico_tls_server_config server = server_config(datagram, client.version);
            client.suites = suites[i];
            if (by_rsa && rsa.key == 0) {
                continue;
            }
            if (by_rsa) {
                client.roots = &rsa_root;
                client.server_name = "rsa.example";
                server.base.chain = rsa.chain;
                server.base.key = rsa.key;
            }
            pair_serve(&server);
            pair_shake(&client);
            pair_assert_talks();
            print_message("%s %s\n", mico_tls_version(&pair.client), mico_tls_suite(&pair.client));
            assert_string_equal(mico_tls_suite(&pair.client), mico_tls_suite(&pair.served));
            pair_end();
        }
    }
}

static void every_kind_of_certificate_is_verified_and_signed_by(void **state)
{
    const struct {
        const struct mico_span *root;
        const struct identity *identity;
        const char *name;
    } cases[] = {{&ed_root, &ed, "ed.example"},
                 {&ed_root, &ec, "ec.example"},
                 {&rsa_root, &rsa, "rsa.example"},
                 {&p384_root, &under_p384, "p384.example"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int kind = 0; kind < 4 && cases[i].identity->key != 0; kind++) {
            struct mico_tls_config client = client_config(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
            struct mico_tls_server_config server = server_config(kind & 1, client.version);
            print_message("%s %d\n", cases[i].name, kind);
            client.roots = cases[i].root;
            client.server_name = cases[i].name;
            server.base.chain = cases[i].identity->chain;
            server.base.key = cases[i].identity->key;
            pair_assert_good(client, server);
            client.server_name = "another.example";
            pair_assert_refused(client, server, MICO_ERR_AUTH, "wrong server name", "");
            client.server_name = cases[i].name;
            client.roots = cases[i].root == &rsa_root ? &ed_root : &rsa_root;
            pair_assert_refused(client, server, MICO_ERR_AUTH, "unknown issuer", "");
        }
    }
}

static void every_kind_of_client_is_believed_by_every_kind_of_server(void **state)
{
    const struct mico_span roots[] = {ed_root, rsa_root, p384_root};
    const struct identity *clients[] = {&device, &device_p256, &device_rsa}, *servers[] = {&ed, &ec, &rsa, &under_p384};
    static const char *const names[] = {"ed.example", "ec.example", "rsa.example", "p384.example"};
    for (size_t i = 0; i < 12; i++) {
        for (int kind = 0; kind < 4 && clients[i % 3]->key != 0 && servers[i / 3]->key != 0; kind++) {
            struct mico_tls_config client = client_config(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
            struct mico_tls_server_config server = server_config(kind & 1, client.version);
            client.roots = server.base.roots = roots;
            client.root_count = server.base.root_count = 3;
            client.server_name = names[i / 3];
            client.chain = clients[i % 3]->chain;
            client.key = clients[i % 3]->key;
            server.base.chain = servers[i / 3]->chain;
            server.base.key = servers[i / 3]->key;
            server.clients = MICO_TLS_CLIENTS_REQUIRED;
            pair_assert_good(client, server);
        }
    }
}

static void a_server_asks_as_it_is_told(void **state)
{
    struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
    struct mico_tls_server_config server = server_config(false, MICO_TLS_1_2);
    server.base.roots = &ed_root;
    server.base.root_count = 1;
    server.clients = MICO_TLS_CLIENTS_OPTIONAL;
    pair_assert_good(client, server);
    server.clients = MICO_TLS_CLIENTS_REQUIRED;
    pair_assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "peer sent no certificate");
    client.chain = device.chain;
    client.key = device.key;
    pair_assert_good(client, server);
    server.base.roots = &rsa_root;
    pair_assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "certificate: unknown issuer");
    server.clients = MICO_TLS_CLIENTS_OPTIONAL; /* what comes is checked */
    pair_assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "certificate: unknown issuer");
    client.chain = ed.chain; /* a server's */
    client.key = ed.key;
    server.base.roots = &ed_root;
    pair_assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "not for this side");
}

static void configs_that_make_no_sense_are_refused(void **state)
{
    struct mico_tls_server_config server = server_config(false, MICO_TLS_1_2);
    server.clients = MICO_TLS_CLIENTS_REQUIRED;
    assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_ERR_PARAM);
    assert_string_equal(pair.server.reason, "config: no root certificate to check clients by");
    server = server_config(false, MICO_TLS_1_2);
    server.base.chain.len = 0;
    assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_ERR_PARAM);
    server.base.key = 0;
    assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_ERR_PARAM);
    assert_string_equal(pair.server.reason, "config: a server needs a chain or a psk");
    struct mico_tls_config client = client_config(true, MICO_TLS_1_2);
    client.mtu = 100;
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    client.mtu = 0;
    client.suites = "NULL-MD5";
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    assert_string_equal(mico_tls_reason(&pair.client), "config: none of the suites is known here");
    client.suites = NULL;
    client.psk = (struct mico_tls_psk){"me", {(const uint8_t *)"short", 5}};
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_STATE);
}

/* --- agreement -------------------------------------------------------------------------------------------------------- */

static void alpn_agrees_or_refuses(void **state)
{
    for (int kind = 0; kind < 4; kind++) {
        struct mico_tls_config client = client_config(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
        struct mico_tls_server_config server = server_config(kind & 1, client.version);
        client.alpn = "mico/2,mqtt";
        server.base.alpn = "mqtt,http/1.1";
        pair_serve(&server);
        pair_shake(&client);
        pair_assert_talks();
        assert_string_equal(mico_tls_alpn(&pair.client), "mqtt");
        assert_string_equal(mico_tls_alpn(&pair.served), "mqtt");
        pair_end();
        client.alpn = "coap";
        pair_assert_refused(client, server, MICO_ERR_DENIED, "no_application_protocol",
                            "no application protocol in common");
    }
}

/* --- pre-shared keys -------------------------------------------------------------------------------------------------- */

static const uint8_t psk_key[32] = "0123456789abcdef0123456789abcde";

static mico_err psk_of(void *ctx, const char *identity, uint8_t *key, size_t *key_len)
{
    if (strcmp(identity, "sensor 7") != 0) {
        return MICO_ERR_DENIED;
    }
    memcpy(key, psk_key, sizeof psk_key);
    *key_len = sizeof psk_key;
    return MICO_OK;
}

static void pre_shared_keys_stand_in_each_suite(void **state)
{
    static const char *const suites[] = {
        "PSK-AES128-GCM-SHA256",       "PSK-CHACHA20-POLY1305",       "PSK-AES128-CCM-8",
        "ECDHE-PSK-AES128-GCM-SHA256", "ECDHE-PSK-CHACHA20-POLY1305", "TLS13-AES128-GCM-SHA256"};
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        for (int datagram = 0; datagram < 2; datagram++) {
            struct mico_tls_config client = {.psk = {"sensor 7", MICO_SPAN(psk_key)},
                                             .suites = suites[i],
                                             .datagram = datagram,
                                             .version = suites[i][0] == 'T' ? MICO_TLS_1_3 : MICO_TLS_1_2};
            struct mico_tls_server_config server = {.base = client};
            server.base.now_s = pair_now_s();
            print_message("%s %d\n", suites[i], datagram);
            pair_assert_good(client, server);
            server.base.psk = (struct mico_tls_psk){0};
            server.psk_of = psk_of;
            pair_assert_good(client, server);
            client.psk.identity = "sensor 8";
            pair_serve(&server);
            pair_shake(&client);
            assert_int_not_equal(pair.client_err, MICO_OK);
            assert_int_not_equal(pair.served_err, MICO_OK);
            pair_end();
        }
    }
}

static void a_wrong_pre_shared_key_is_refused(void **state)
{
    uint8_t wrong[32];
    memcpy(wrong, psk_key, sizeof wrong);
    wrong[31] ^= 1;
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = {.psk = {"sensor 7", MICO_SPAN(wrong)}, .version = version};
        struct mico_tls_server_config server = {
            .base = {.psk = {"sensor 7", MICO_SPAN(psk_key)}, .version = version, .now_s = pair_now_s()}};
        pair_serve(&server);
        pair_shake(&client);
        assert_int_not_equal(pair.client_err, MICO_OK);
        assert_int_not_equal(pair.served_err, MICO_OK);
        pair_end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_protocol_stands_with_an_ed25519_key_on_both_sides),
        cmocka_unit_test(every_suite_stands),
        cmocka_unit_test(every_kind_of_certificate_is_verified_and_signed_by),
        cmocka_unit_test(every_kind_of_client_is_believed_by_every_kind_of_server),
        cmocka_unit_test(a_server_asks_as_it_is_told),
        cmocka_unit_test(configs_that_make_no_sense_are_refused),
        cmocka_unit_test(alpn_agrees_or_refuses),
        cmocka_unit_test(pre_shared_keys_stand_in_each_suite),
        cmocka_unit_test(a_wrong_pre_shared_key_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, kit_leave);
}
