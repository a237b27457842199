/* SPDX-License-Identifier: Apache-2.0 */
/* Our client with our server: every protocol, suite and kind of key; agreement, resumption, pre-shared keys, revocation. The
 * wires are tls_pair.c's; what bad wires do to a handshake is in tls_wire_test.c, other people's TLS in tls_peers_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls/tls_pair.h"
#include "crypto/tls/tls_test_kit.h"

static struct pair pair;
static struct mico_span ed_root, rsa_root, p384_root, middle_crls[2];
static struct identity {
    struct mico_span chain;
    psa_key_id_t key;
} ed, ec, rsa, under_p384, device, revoked;

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    kit_make("30", "root", "Root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "middle", "Issuer", KIT_ED25519, "root", KIT_CA);
    kit_make("30", "ed", "ed.example", KIT_ED25519, "middle", KIT_SERVER("DNS:ed.example"));
    kit_make("30", "ec", "ec.example", KIT_P256, "root", KIT_SERVER("DNS:ec.example"));
    kit_make("30", "device", "device", KIT_ED25519, "root", KIT_CLIENT);
    kit_make("30", "revoked", "revoked", KIT_ED25519, "middle", KIT_CLIENT);
    kit_make("30", "rsaroot", "RSA root", KIT_RSA, NULL, KIT_CA);
    kit_make("30", "rsa", "rsa.example", KIT_RSA, "rsaroot", KIT_SERVER("DNS:rsa.example"));
    kit_make("30", "p384root", "P-384 root", KIT_P384, NULL, KIT_CA);
    kit_make("30", "p384", "p384.example", KIT_P256, "p384root", KIT_SERVER("DNS:p384.example"));
    kit_run("cat ed.der middle.der > ed_chain.der; cat revoked.der middle.der > revoked_chain.der");
    ed_root = kit_load("root.der");
    rsa_root = kit_load("rsaroot.der");
    p384_root = kit_load("p384root.der");
    ed = (struct identity){kit_load("ed_chain.der"), KIT_KEY_ED25519("ed")};
    ec = (struct identity){kit_load("ec.der"), KIT_KEY_P256("ec")};
    rsa = (struct identity){kit_load("rsa.der"), KIT_KEY_RSA("rsa")};
    under_p384 = (struct identity){kit_load("p384.der"), KIT_KEY_P256("p384")};
    device = (struct identity){kit_load("device.der"), KIT_KEY_ED25519("device")};
    revoked = (struct identity){kit_load("revoked_chain.der"), KIT_KEY_ED25519("revoked")};
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

static void open_server(const struct mico_tls_server_config *config)
{
    mico_err err = mico_tls_server_open(&pair.server, config);
    if (err != MICO_OK) {
        fail_msg("server: %s: %s", mico_err_name(err), pair.server.reason);
    }
}

static void shake(struct mico_tls_config *client)
{
    pair_wires(&pair, !client->datagram);
    mico_err err = pair_open(&pair, client, &pair.server);
    if (err != MICO_OK) {
        fail_msg("open: %s: %s %s", mico_err_name(err), mico_tls_reason(&pair.client), mico_tls_reason(&pair.served));
    }
    pair_handshake(&pair);
}

static void assert_stands(void)
{
    if (pair.client_err != MICO_OK || pair.served_err != MICO_OK) {
        fail_msg("client %s (%s), server %s (%s)", mico_err_name(pair.client_err), mico_tls_reason(&pair.client),
                 mico_err_name(pair.served_err), mico_tls_reason(&pair.served));
    }
}

/* A word each way. */
static void assert_talks(struct mico_tls *from, struct mico_tls *to, const char *word)
{
    uint8_t got[64];
    size_t len = 0;
    assert_int_equal(mico_tls_write(from, (const uint8_t *)word, strlen(word), 0), MICO_OK);
    mico_err err = mico_tls_read(to, got, sizeof got, &len, 0);
    if (err != MICO_OK) {
        fail_msg("read: %s: %s", mico_err_name(err), mico_tls_reason(to));
    }
    assert_int_equal(len, strlen(word));
    assert_memory_equal(got, word, len);
}

static void assert_both_talk(void)
{
    assert_stands();
    assert_talks(&pair.client, &pair.served, "question");
    assert_talks(&pair.served, &pair.client, "answer");
}

static void close_all(void)
{
    pair_close(&pair);
    mico_tls_server_close(&pair.server);
}

static void assert_pair_talks(struct mico_tls_config client, struct mico_tls_server_config server)
{
    open_server(&server);
    shake(&client);
    assert_both_talk();
    close_all();
}

/* The client's error and reason, or the server's when the client's is MICO_OK or a timeout. */
static void assert_refused(struct mico_tls_config client, struct mico_tls_server_config server, mico_err client_err,
                           const char *client_reason, const char *server_reason)
{
    open_server(&server);
    shake(&client);
    if (pair.client_err != client_err || strstr(mico_tls_reason(&pair.client), client_reason) == NULL ||
        strstr(mico_tls_reason(&pair.served), server_reason) == NULL) {
        fail_msg("client %s (%s), server %s (%s)", mico_err_name(pair.client_err), mico_tls_reason(&pair.client),
                 mico_err_name(pair.served_err), mico_tls_reason(&pair.served));
    }
    close_all();
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
        open_server(&server);
        shake(&client);
        assert_both_talk();
        assert_string_equal(mico_tls_version(&pair.client), cases[i].version);
        assert_string_equal(mico_tls_version(&pair.served), cases[i].version);
        mico_tls_asked_name(&pair.served, name, sizeof name);
        assert_string_equal(name, "ed.example");
        close_all();
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
            open_server(&server);
            shake(&client);
            assert_both_talk();
            print_message("%s %s\n", mico_tls_version(&pair.client), mico_tls_suite(&pair.client));
            assert_string_equal(mico_tls_suite(&pair.client), mico_tls_suite(&pair.served));
            close_all();
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
            assert_pair_talks(client, server);
            client.server_name = "another.example";
            assert_refused(client, server, MICO_ERR_AUTH, "wrong server name", "");
            client.server_name = cases[i].name;
            client.roots = cases[i].root == &rsa_root ? &ed_root : &rsa_root;
            assert_refused(client, server, MICO_ERR_AUTH, "unknown issuer", "");
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
    assert_pair_talks(client, server);
    server.clients = MICO_TLS_CLIENTS_REQUIRED;
    assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "peer sent no certificate");
    client.chain = device.chain;
    client.key = device.key;
    assert_pair_talks(client, server);
    server.base.roots = &rsa_root;
    assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "certificate: unknown issuer");
    server.clients = MICO_TLS_CLIENTS_OPTIONAL; /* what comes is checked */
    assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "certificate: unknown issuer");
    client.chain = ed.chain; /* a server's */
    client.key = ed.key;
    server.base.roots = &ed_root;
    assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "not for this side");
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
        open_server(&server);
        shake(&client);
        assert_both_talk();
        assert_string_equal(mico_tls_alpn(&pair.client), "mqtt");
        assert_string_equal(mico_tls_alpn(&pair.served), "mqtt");
        close_all();
        client.alpn = "coap";
        assert_refused(client, server, MICO_ERR_DENIED, "no_application_protocol", "no application protocol in common");
    }
}

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
        struct mico_tls_config client = client_config(kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2);
        struct mico_tls_server_config server = server_config(kind & 1, client.version);
        open_server(&server);
        shake(&client);
        assert_both_talk();
        assert_false(mico_tls_resumed(&pair.client));
        client.session = (struct mico_span){session, save(session)};
        pair_close(&pair);
        print_message("%s: session of %zu bytes\n", kind & 2 ? "1.3" : "1.2", client.session.len);

        shake(&client);
        assert_both_talk();
        assert_true(mico_tls_resumed(&pair.client));
        assert_true(mico_tls_resumed(&pair.served));
        pair_close(&pair);

        client.server_name = "other.example"; /* a session is for one server; the whole handshake sees the wrong name */
        shake(&client);
        assert_int_equal(pair.client_err, MICO_ERR_AUTH);
        pair_close(&pair);
        client.server_name = "ed.example";

        for (size_t i = 0; i < client.session.len; i += 13) { /* an altered one is none */
            session[i] ^= 1;
            shake(&client);
            assert_both_talk();
            assert_false(mico_tls_resumed(&pair.client));
            pair_close(&pair);
            session[i] ^= 1;
        }

        pair_clock_ms += 3 * 3600 * 1000; /* the server's ticket keys have changed twice */
        shake(&client);
        assert_both_talk();
        assert_false(mico_tls_resumed(&pair.client));
        close_all();
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
            assert_pair_talks(client, server);
            server.base.psk = (struct mico_tls_psk){0};
            server.psk_of = psk_of;
            assert_pair_talks(client, server);
            client.psk.identity = "sensor 8";
            open_server(&server);
            shake(&client);
            assert_int_not_equal(pair.client_err, MICO_OK);
            assert_int_not_equal(pair.served_err, MICO_OK);
            close_all();
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
        open_server(&server);
        shake(&client);
        assert_int_not_equal(pair.client_err, MICO_OK);
        assert_int_not_equal(pair.served_err, MICO_OK);
        close_all();
    }
}

/* --- revocation ------------------------------------------------------------------------------------------------------- */

/* NAME.crl, of the certificates revoked by then; days from now until the next one. */
static struct mico_span revocation_list(const char *issuer, const char *name, const char *revoke, const char *dates)
{
    char path[64];
    kit_run("rm -rf %s.ca; mkdir %s.ca; : > %s.ca/index; echo 01 > %s.ca/number; "
            "printf '[ca]\\ndefault_ca=c\\n[c]\\ndatabase=%s.ca/index\\ncrlnumber=%s.ca/number\\ndefault_md=default\\n"
            "default_crl_days=30\\nunique_subject=no\\n' > %s.ca/conf",
            name, name, name, name, name, name, name);
    if (revoke != NULL) {
        kit_run("openssl ca -config %s.ca/conf -revoke %s.pem -keyfile %s.key -cert %s.pem 2>/dev/null", name, revoke,
                issuer, issuer);
    }
    kit_run("openssl ca -config %s.ca/conf -gencrl %s -keyfile %s.key -cert %s.pem -out %s.crl.pem 2>/dev/null", name,
            dates, issuer, issuer, name);
    kit_run("openssl crl -in %s.crl.pem -outform DER -out %s.crl", name, name);
    snprintf(path, sizeof path, "%s.crl", name);
    return kit_load(path);
}

static void revoked_clients_are_refused(void **state)
{
    struct mico_span lists[2] = {revocation_list("root", "good", NULL, ""),
                                 revocation_list("middle", "bad", "revoked", "")};
    struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
    struct mico_tls_server_config server = server_config(false, MICO_TLS_1_2);
    server.base.roots = &ed_root;
    server.base.root_count = 1;
    server.base.crls = lists;
    server.base.crl_count = 2;
    server.clients = MICO_TLS_CLIENTS_REQUIRED;
    client.chain = device.chain;
    client.key = device.key;
    assert_pair_talks(client, server);
    client.chain = revoked.chain;
    client.key = revoked.key;
    assert_refused(client, server, MICO_ERR_DENIED, "bad_certificate", "certificate: revoked");
    server.base.crl_count = 0; /* nobody asks */
    assert_pair_talks(client, server);
    server.base.crl_count = 1; /* the issuer's own list is missing */
    assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "no usable revocation list");
    middle_crls[0] = lists[0];
    middle_crls[1] = revocation_list("middle", "none", NULL, "");
    server.base.crls = middle_crls;
    server.base.crl_count = 2;
    assert_pair_talks(client, server);
}

static void a_revoked_issuer_is_refused(void **state)
{
    struct mico_span lists[2] = {revocation_list("root", "rootbad", "middle", ""), middle_crls[1]};
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = client_config(false, version);
        client.crls = lists;
        client.crl_count = 2;
        assert_refused(client, server_config(false, version), MICO_ERR_AUTH, "certificate: revoked", "");
    }
}

static void lists_that_cannot_be_believed_do_not_count(void **state)
{
    struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
    struct mico_tls_server_config server = server_config(false, MICO_TLS_1_2);
    struct mico_span lists[2] = {middle_crls[0], middle_crls[1]};
    uint8_t altered[2048];
    client.crls = lists;
    client.crl_count = 2;
    assert_pair_talks(client, server);
    lists[1] = revocation_list("root", "forged", NULL, ""); /* another's list in the issuer's place */
    assert_refused(client, server, MICO_ERR_AUTH, "no usable revocation list", "");
    memcpy(altered, middle_crls[1].data, middle_crls[1].len);
    altered[middle_crls[1].len - 1] ^= 1;
    lists[1] = (struct mico_span){altered, middle_crls[1].len};
    assert_refused(client, server, MICO_ERR_AUTH, "no usable revocation list", "");
    lists[1] = middle_crls[1];
    memcpy(altered, middle_crls[0].data, middle_crls[0].len);
    altered[middle_crls[0].len - 1] ^= 1; /* the root's is checked at once */
    client.now_s = pair_now_s();
    lists[0] = (struct mico_span){altered, middle_crls[0].len};
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    assert_non_null(strstr(mico_tls_reason(&pair.client), "revocation list: "));
    lists[0] = (struct mico_span){altered, middle_crls[0].len / 2};
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    lists[0] =
        revocation_list("root", "early", NULL, "-crl_lastupdate 20900101000000Z -crl_nextupdate 20910101000000Z");
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    assert_string_equal(mico_tls_reason(&pair.client), "revocation list: not yet valid");
    lists[0] = revocation_list("root", "late", NULL, "-crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z");
    mico_err err = mico_tls_open(&pair.client, &client);
    if (err == MICO_OK) {
        mico_tls_close(&pair.client);
        assert_refused(client, server, MICO_ERR_AUTH, "revocation list", "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_protocol_stands_with_an_ed25519_key_on_both_sides),
        cmocka_unit_test(every_suite_stands),
        cmocka_unit_test(every_kind_of_certificate_is_verified_and_signed_by),
        cmocka_unit_test(a_server_asks_as_it_is_told),
        cmocka_unit_test(configs_that_make_no_sense_are_refused),
        cmocka_unit_test(alpn_agrees_or_refuses),
        cmocka_unit_test(sessions_are_resumed_by_ticket),
        cmocka_unit_test(pre_shared_keys_stand_in_each_suite),
        cmocka_unit_test(a_wrong_pre_shared_key_is_refused),
        cmocka_unit_test(revoked_clients_are_refused),
        cmocka_unit_test(a_revoked_issuer_is_refused),
        cmocka_unit_test(lists_that_cannot_be_believed_do_not_count),
    };
    return cmocka_run_group_tests(tests, set_up, kit_leave);
}
