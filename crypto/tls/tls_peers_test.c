/* SPDX-License-Identifier: Apache-2.0 */
/* Other people's TLS on the other side, in both roles and protocols: OpenSSL, GnuTLS and Mosquitto; suites, groups, kinds of
 * certificates, resumption, ALPN, pre-shared keys, and DTLS over links that lose, shuffle and repeat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/tls/tls_server.h"
#include "crypto/tls/tls_test_kit.h"
#include "crypto/tls/tls_test_peer.h"
#include "os/port/clock.h"

#define TIMEOUT_MS 20000
#define PSK_HEX "303132333435363738396162636465663031323334353637383961626364656600"
static const uint8_t psk_key[33] = "0123456789abcdef0123456789abcdef";

static struct mico_span roots[3], device_chain;
static psa_key_id_t device_key;
static struct identity {
    const char *name;
    struct mico_span chain;
    psa_key_id_t key;
} ed = {.name = "ed"}, ec = {.name = "ec"}, rsa = {.name = "rsa"}, under_p384 = {.name = "p384"};

#define SERVER_OF(name) KIT_SERVER("DNS:" name ".example,IP:127.0.0.1")

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    kit_make("30", "root", "Root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "middle", "Issuer", KIT_ED25519, "root", KIT_CA);
    kit_make("30", "ed", "ed.example", KIT_ED25519, "middle", SERVER_OF("ed"));
    kit_make("30", "device", "device", KIT_ED25519, "middle", KIT_CLIENT);
    kit_make("30", "rsaroot", "RSA root", KIT_RSA, NULL, KIT_CA);
    kit_make("30", "rsa", "rsa.example", KIT_RSA, "rsaroot", SERVER_OF("rsa"));
    kit_make("30", "p384root", "P-384 root", KIT_P384, NULL, KIT_CA);
    kit_make("30", "p384", "p384.example", KIT_P256, "p384root", SERVER_OF("p384"));
    kit_make("30", "ec", "ec.example", KIT_P256, "rsaroot", SERVER_OF("ec"));
    kit_run("cat ed.der middle.der > ed.chain; cat device.der middle.der > device.chain; cat ed.pem middle.pem > "
            "ed_chain.pem;"
            "cat device.pem middle.pem > device_chain.pem; cat root.pem rsaroot.pem p384root.pem > roots.pem;"
            "for i in ec rsa p384; do cp $i.der $i.chain; cp $i.pem ${i}_chain.pem; done; echo 'sensor:%s' > psk.txt",
            PSK_HEX);
    roots[0] = kit_load("root.der");
    roots[1] = kit_load("rsaroot.der");
    roots[2] = kit_load("p384root.der");
    device_chain = kit_load("device.chain");
    device_key = KIT_KEY_ED25519("device");
    ed.chain = kit_load("ed.chain");
    ed.key = KIT_KEY_ED25519("ed");
    ec.chain = kit_load("ec.chain");
    ec.key = KIT_KEY_P256("ec");
    rsa.chain = kit_load("rsa.chain");
    rsa.key = KIT_KEY_RSA("rsa");
    under_p384.chain = kit_load("p384.chain");
    under_p384.key = KIT_KEY_P256("p384");
    return 0;
}

static uint64_t now_s(void)
{
    return (uint64_t)time(NULL) + 60;
}

static struct mico_tls_config client_config(const char *name, bool datagram)
{
    return (struct mico_tls_config){
        .roots = roots,
        .root_count = 3,
        .chain = device_chain,
        .key = device_key,
        .server_name = name,
        .now_s = now_s(),
        .timeout_ms = TIMEOUT_MS,
        .version = MICO_TLS_1_2_OR_1_3,
        .datagram = datagram,
        .retransmit_ms = 1000,
    };
}

/* --- we are the client -------------------------------------------------------------------------------------------------- */

static void connect_to(struct mico_tls *tls, struct peer_link *link, struct mico_tls_config *config, uint16_t port)
{
    peer_dial(link, config->datagram, port);
    config->io = peer_io(link);
    mico_err err = mico_tls_connect(tls, config);
    if (err != MICO_OK) {
        fail_msg("%s, version %d: %s: %s", config->suites, config->version, mico_err_name(err), mico_tls_reason(tls));
    }
}

/* A line there and what comes back for it. */
static void ask(struct mico_tls *tls, const char *line, const char *answer)
{
    char got[64] = "";
    size_t have = 0, len;
    assert_int_equal(mico_tls_write(tls, (const uint8_t *)line, strlen(line), TIMEOUT_MS), MICO_OK);
    while (have < strlen(answer)) {
        mico_err err = mico_tls_read(tls, (uint8_t *)got + have, sizeof got - 1 - have, &len, TIMEOUT_MS);
        if (err != MICO_OK) {
            fail_msg("read: %s: %s (had '%s')", mico_err_name(err), mico_tls_reason(tls), got);
        }
        have += len;
    }
    assert_string_equal(got, answer);
}

static void visit(struct mico_tls_config config, uint16_t port, const char *version, const char *answer)
{
    struct peer_link link;
    struct mico_tls tls;
    connect_to(&tls, &link, &config, port);
    ask(&tls, "lines\n", answer);
    print_message("%s %s by %s\n", mico_tls_version(&tls), mico_tls_suite(&tls), config.server_name);
    assert_string_equal(mico_tls_version(&tls), version);
    mico_tls_close(&tls);
    close(link.fd);
}

#define S_SERVER "openssl s_server -CAfile roots.pem -rev "

/* One server of two certificates, many handshakes. */
static void openssl_serves_us_in_every_suite(void **state)
{
    static const struct {
        const char *suite, *name;
        enum mico_tls_version version;
    } cases[] = {
        {"ECDHE-ECDSA-AES128-GCM-SHA256", "ec.example", MICO_TLS_1_2},
        {"ECDHE-ECDSA-CHACHA20-POLY1305", "ec.example", MICO_TLS_1_2},
        {"ECDHE-ECDSA-AES256-GCM-SHA384", "ec.example", MICO_TLS_1_2},
        {"ECDHE-RSA-AES128-GCM-SHA256", "rsa.example", MICO_TLS_1_2},
        {"ECDHE-RSA-CHACHA20-POLY1305", "rsa.example", MICO_TLS_1_2},
        {"ECDHE-RSA-AES256-GCM-SHA384", "rsa.example", MICO_TLS_1_2},
        {"TLS13-AES128-GCM-SHA256", "ec.example", MICO_TLS_1_3},
        {"TLS13-CHACHA20-POLY1305-SHA256", "ec.example", MICO_TLS_1_3},
        {"TLS13-AES256-GCM-SHA384", "ec.example", MICO_TLS_1_3},
    };
    uint16_t port = peer_free_port(false);
    struct peer server =
        peer_start(S_SERVER "-accept 127.0.0.1:%u -cert ec.pem -key ec.key -dcert rsa.pem -dkey rsa.key", port);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mico_tls_config config = client_config(cases[i].name, false);
        config.suites = cases[i].suite;
        config.version = cases[i].version;
        visit(config, port, cases[i].version == MICO_TLS_1_3 ? "TLSv1.3" : "TLSv1.2", "senil\n");
    }
    peer_stop(&server);
}

/* Each kind of certificate and group; our own certificate is asked for and checked. */
static void openssl_serves_us_with_every_certificate_and_group(void **state)
{
    static const char *const names[] = {"ed", "ec", "rsa", "p384"}, *const groups[] = {"X25519", "P-256", "P-384"};
    for (size_t i = 0; i < 4; i++) {
        char name[32];
        uint16_t port = peer_free_port(false);
        struct peer server = peer_start(
            S_SERVER "-accept 127.0.0.1:%u -cert %s_chain.pem -cert_chain %s_chain.pem -key %s.key -Verify 3 "
                     "-verify_return_error -groups %s",
            port, names[i], names[i], names[i], groups[i % 3]);
        snprintf(name, sizeof name, "%s.example", names[i]);
        for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
            struct mico_tls_config config = client_config(name, false);
            config.version = version;
            visit(config, port, version == MICO_TLS_1_3 ? "TLSv1.3" : "TLSv1.2", "senil\n");
        }
        peer_stop(&server);
    }
}

/* Resumed, or not, as the server is told; agreed on a protocol. */
static void resume(const char *more, enum mico_tls_version version)
{
    static uint8_t session[MICO_TLS_SESSION_SIZE];
    uint16_t port = peer_free_port(false);
    struct mico_tls tls;
    struct peer_link link;
    size_t len;
    struct peer server =
        peer_start(S_SERVER "-accept 127.0.0.1:%u -cert ec.pem -key ec.key -alpn mqtt,h2 %s", port, more);
    struct mico_tls_config config = client_config("ec.example", false);
    config.version = version;
    config.alpn = "h2,mqtt";
    for (int i = 0; i < 3; i++) {
        connect_to(&tls, &link, &config, port);
        ask(&tls, "lines\n", "senil\n");
        assert_int_equal(mico_tls_resumed(&tls), i != 0);
        assert_string_equal(mico_tls_alpn(&tls), "mqtt");
        assert_int_equal(mico_tls_save_session(&tls, session, sizeof session, &len), MICO_OK);
        assert_true(len > 0);
        config.session = (struct mico_span){session, len};
        mico_tls_close(&tls);
        close(link.fd);
    }
    peer_stop(&server);
}

static void openssl_resumes_our_sessions(void **state)
{
    resume("-tls1_2", MICO_TLS_1_2);
    resume("-tls1_2 -no_ticket", MICO_TLS_1_2); /* by id */
    resume("-tls1_3", MICO_TLS_1_3);
}

static void openssl_serves_us_by_pre_shared_key(void **state)
{
    static const char *const suites[] = {"PSK-AES128-GCM-SHA256", "PSK-AES128-CCM-8", "PSK-CHACHA20-POLY1305",
                                         "ECDHE-PSK-CHACHA20-POLY1305"};
    uint16_t port = peer_free_port(false);
    struct peer server =
        peer_start("openssl s_server -accept 127.0.0.1:%u -nocert -psk_identity sensor -psk %s -tls1_2 "
                   "-cipher PSK+AESGCM:PSK-AES128-CCM8:PSK+CHACHA20 -rev",
                   port, PSK_HEX);
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        struct mico_tls_config config = {
            .psk = {"sensor", MICO_SPAN(psk_key)}, .suites = suites[i], .timeout_ms = TIMEOUT_MS, .now_s = now_s()};
        visit(config, port, "TLSv1.2", "senil\n");
    }
    peer_stop(&server);
}

/* OpenSSL 3.0 refuses Ed25519 certificates of servers in DTLS 1.2. */
static void openssl_serves_us_datagrams(void **state)
{
    static const char *const names[] = {"ec", "rsa", "ec", "ec"};
    for (unsigned i = 0; i < 4; i++) {
        char name[32];
        uint16_t port = peer_free_port(true);
        struct peer server = peer_start(
            "openssl s_server -dtls1_2 -accept 127.0.0.1:%u -cert %s.pem -key %s.key -CAfile "
            "roots.pem -Verify 3 -verify_return_error -mtu %u %s",
            port, names[i], names[i], i == 1 ? 300 : 1400, i < 2 ? "-listen" : ""); /* with a cookie, or without */
        assert_true(peer_says(&server, "ACCEPT"));
        snprintf(name, sizeof name, "%s.example", names[i]);
        struct mico_tls_config config = client_config(name, true);
        struct mico_tls tls;
        struct peer_link link;
        config.version = MICO_TLS_1_2;
        config.mtu = i == 1 ? 300 : 1400;
        config.retransmit_ms = 300;
        peer_dial(&link, true, port);
        link.seed = i;
        link.lose = i < 2 ? 0 : 10;
        link.shuffle = link.repeat = i < 2 ? 0 : 20;
        config.io = peer_io(&link);
        mico_err err = mico_tls_connect(&tls, &config);
        if (err != MICO_OK) {
            (void)peer_says(&server, "never this");
            fail_msg("%u: %s: %s\n%s", i, mico_err_name(err), mico_tls_reason(&tls), server.said);
        }
        link.lose = link.shuffle = link.repeat = 0;
        assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"lines\n", 6, TIMEOUT_MS), MICO_OK);
        assert_true(peer_says(&server, "lines\n"));
        peer_tell(&server, "senil\n");
        ask(&tls, "more\n", "senil\n");
        mico_tls_close(&tls);
        close(link.fd);
        peer_stop(&server);
    }
}

static void gnutls_serves_us(void **state)
{
    for (int datagram = 0; datagram < 2; datagram++) {
        uint16_t port = peer_free_port(datagram);
        struct peer server = peer_start("gnutls-serv --echo --port %u %s --x509cafile roots.pem --x509certfile "
                                        "ed_chain.pem --x509keyfile ed.key --x509certfile ec.pem --x509keyfile ec.key "
                                        "--require-client-cert --verify-client-cert",
                                        port, datagram ? "--udp" : "");
        assert_true(peer_says(&server, "done"));
        struct mico_tls_config config = client_config("ed.example", datagram);
        config.version = MICO_TLS_1_2;
        visit(config, port, datagram ? "DTLSv1.2" : "TLSv1.2", "lines\n");
        if (!datagram) {
            config.version = MICO_TLS_1_3;
            visit(config, port, "TLSv1.3", "lines\n");
        }
        peer_stop(&server);
    }
}

/* MQTT 3.1.1: CONNECT as "d", and CONNACK. */
static void log_in(struct mico_tls *tls)
{
    static const uint8_t hello[] = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 30, 0, 1, 'd'};
    uint8_t got[4];
    size_t have = 0, len;
    assert_int_equal(mico_tls_write(tls, hello, sizeof hello, TIMEOUT_MS), MICO_OK);
    while (have < 4) {
        assert_int_equal(mico_tls_read(tls, got + have, 4 - have, &len, TIMEOUT_MS), MICO_OK);
        have += len;
    }
    assert_memory_equal(got, "\x20\x02\x00\x00", 4);
}

static void mosquitto_serves_us_by_certificate_and_by_pre_shared_key(void **state)
{
    char here[256];
    uint16_t ports[2] = {peer_free_port(false), peer_free_port(false)};
    assert_non_null(getcwd(here, sizeof here));
    kit_run("printf 'per_listener_settings true\\nlistener %u 127.0.0.1\\nallow_anonymous true\\ncafile %s/roots.pem\\n"
            "certfile %s/ec.pem\\nkeyfile %s/ec.key\\nrequire_certificate true\\n"
            "listener %u 127.0.0.1\\nallow_anonymous true\\npsk_hint mico\\npsk_file %s/psk.txt\\n"
            "ciphers PSK-AES128-GCM-SHA256\\n' > mosquitto.conf; chmod a+rx . && chmod a+r *",
            ports[0], here, here, here, ports[1], here);
    struct peer server = peer_start("$(command -v mosquitto || echo /usr/sbin/mosquitto) -c mosquitto.conf -v");
    for (int i = 0; i < 2; i++) {
        struct mico_tls_config config = client_config("ec.example", false);
        struct mico_tls tls;
        struct peer_link link;
        if (i == 1) {
            config = (struct mico_tls_config){.psk = {"sensor", MICO_SPAN(psk_key)}, .timeout_ms = TIMEOUT_MS};
        }
        connect_to(&tls, &link, &config, ports[i]);
        log_in(&tls);
        print_message("%s %s\n", mico_tls_version(&tls), mico_tls_suite(&tls));
        mico_tls_close(&tls);
        close(link.fd);
    }
    peer_stop(&server);
}

/* --- we are the server -------------------------------------------------------------------------------------------------- */

static void open_server(struct mico_tls_server *server, const struct identity *identity, bool datagram,
                        enum mico_tls_version version, enum mico_tls_clients clients)
{
    struct mico_tls_server_config config = {
        .base = {.roots = roots,
                 .root_count = 3,
                 .chain = identity->chain,
                 .key = identity->key,
                 .now_s = now_s(),
                 .version = version,
                 .datagram = datagram,
                 .alpn = NULL,
                 .retransmit_ms = 300},
        .clients = clients,
    };
    mico_err err = mico_tls_server_open(server, &config);
    if (err != MICO_OK) {
        fail_msg("server: %s: %s", mico_err_name(err), server->reason);
    }
}

/* Take the next client, read its line and answer. */
static void serve_one(struct mico_tls_server *server, int listener, bool datagram, unsigned badness,
                      struct peer *client, bool *resumed)
{
    struct peer_link link;
    struct mico_tls tls;
    uint8_t line[64];
    size_t len = 0, have = 0;
    peer_accept(listener, datagram, &link);
    link.seed = badness;
    link.lose = badness == 0 ? 0 : 10;
    link.shuffle = link.repeat = badness == 0 ? 0 : 20;
    struct mico_tls_io io = peer_io(&link);
    mico_err err = mico_tls_accept(server, &tls, &io, MICO_SPAN("somebody"), now_s(), TIMEOUT_MS);
    if (err != MICO_OK) {
        (void)peer_says(client, "never this");
        fail_msg("accept: %s: %s\n%s", mico_err_name(err), mico_tls_reason(&tls), client->said);
    }
    link.lose = link.shuffle = link.repeat = 0;
    print_message("%s %s\n", mico_tls_version(&tls), mico_tls_suite(&tls));
    peer_tell(client, "question\n");
    while (have < 9) {
        assert_int_equal(mico_tls_read(&tls, line + have, sizeof line - have, &len, TIMEOUT_MS), MICO_OK);
        have += len;
    }
    assert_memory_equal(line, "question\n", 9);
    assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"an answer\n", 10, TIMEOUT_MS), MICO_OK);
    assert_true(peer_says(client, "an answer"));
    if (resumed != NULL) {
        *resumed = mico_tls_resumed(&tls);
    }
    mico_tls_close(&tls);
    close(link.fd);
}

static void openssl_is_our_client(void **state)
{
    const struct identity *const identities[] = {&ed, &ec, &rsa, &under_p384};
    static const char *const options[] = {"-tls1_2 -curves X25519:P-256", "-tls1_2 -curves P-256",
                                          "-tls1_2 -cipher ECDHE+CHACHA20", "-tls1_3",
                                          "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256 -curves P-256"};
    for (size_t i = 0; i < 4; i++) {
        struct mico_tls_server server;
        uint16_t port;
        if (identities[i]->key == 0) {
            continue;
        }
        int listener = peer_listen(false, &port);
        open_server(&server, identities[i], false, MICO_TLS_1_2_OR_1_3, MICO_TLS_CLIENTS_REQUIRED);
        for (size_t k = 0; k < sizeof options / sizeof options[0]; k++) {
            struct peer client = peer_start(
                "openssl s_client -connect 127.0.0.1:%u -CAfile roots.pem -verify_return_error -verify_hostname "
                "%s.example -cert device.pem -cert_chain middle.pem -key device.key -quiet %s",
                port, identities[i]->name, options[k]);
            serve_one(&server, listener, false, 0, &client, NULL);
            peer_stop(&client);
        }
        mico_tls_server_close(&server);
        close(listener);
    }
}

static void openssl_resumes_with_us(void **state)
{
    static const char *const options[] = {"-tls1_2", "-tls1_2 -no_ticket", "-tls1_3"};
    for (size_t i = 0; i < 3; i++) {
        struct mico_tls_server server;
        uint16_t port;
        int listener = peer_listen(false, &port);
        open_server(&server, &ed, false, MICO_TLS_1_2_OR_1_3, MICO_TLS_CLIENTS_ANONYMOUS);
        for (int k = 0; k < 2; k++) {
            bool resumed;
            struct peer client = peer_start("openssl s_client -connect 127.0.0.1:%u -CAfile roots.pem "
                                            "-verify_return_error -servername ed.example -quiet %s -sess_%s session%zu",
                                            port, options[i], k == 0 ? "out" : "in", i);
            serve_one(&server, listener, false, 0, &client, &resumed);
            assert_int_equal(resumed, k);
            peer_stop(&client);
        }
        mico_tls_server_close(&server);
        close(listener);
    }
}

static void openssl_is_our_client_by_datagrams(void **state)
{
    for (unsigned badness = 0; badness < 3 && ec.key != 0; badness++) {
        struct mico_tls_server server;
        uint16_t port;
        int listener = peer_listen(true, &port);
        open_server(&server, &ec, true, MICO_TLS_1_2, MICO_TLS_CLIENTS_REQUIRED);
        struct peer client =
            peer_start("openssl s_client -dtls1_2 -connect 127.0.0.1:%u -CAfile roots.pem -verify_return_error "
                       "-cert device.pem -cert_chain middle.pem -key device.key -quiet -mtu %u",
                       port, badness == 0 ? 1400 : 400);
        serve_one(&server, listener, true, badness, &client, NULL);
        peer_stop(&client);
        mico_tls_server_close(&server);
        close(listener);
    }
}

static void gnutls_is_our_client(void **state)
{
    static const char *const options[] = {"--priority NORMAL:-VERS-ALL:+VERS-TLS1.2",
                                          "--priority NORMAL:-VERS-ALL:+VERS-TLS1.3",
                                          "--udp --priority NORMAL:-VERS-ALL:+VERS-DTLS1.2"};
    for (size_t i = 0; i < 3; i++) {
        struct mico_tls_server server;
        uint16_t port;
        bool datagram = i == 2;
        int listener = peer_listen(datagram, &port);
        open_server(&server, &ed, datagram, datagram ? MICO_TLS_1_2 : MICO_TLS_1_2_OR_1_3, MICO_TLS_CLIENTS_REQUIRED);
        struct peer client =
            peer_start("gnutls-cli 127.0.0.1 --port %u --x509cafile roots.pem --verify-hostname ed.example "
                       "--x509certfile device_chain.pem --x509keyfile device.key %s",
                       port, options[i]);
        serve_one(&server, listener, datagram, 0, &client, NULL);
        peer_stop(&client);
        mico_tls_server_close(&server);
        close(listener);
    }
}

/* A broker of one message. */
static void mosquitto_publishes_to_us(void **state)
{
    struct mico_tls_server server;
    struct mico_tls tls;
    struct peer_link link;
    uint8_t got[256];
    size_t len, have = 0;
    uint16_t port;
    int listener = peer_listen(false, &port);
    open_server(&server, &ed, false, MICO_TLS_1_2_OR_1_3, MICO_TLS_CLIENTS_REQUIRED);
    struct peer client = peer_start("mosquitto_pub -h 127.0.0.1 -p %u --cafile roots.pem --cert device_chain.pem --key "
                                    "device.key -t light -m on",
                                    port);
    peer_accept(listener, false, &link);
    struct mico_tls_io io = peer_io(&link);
    assert_int_equal(mico_tls_accept(&server, &tls, &io, MICO_SPAN("x"), now_s(), TIMEOUT_MS), MICO_OK);
    assert_int_equal(mico_tls_read(&tls, got, sizeof got, &len, TIMEOUT_MS), MICO_OK);
    assert_int_equal(got[0], 0x10); /* CONNECT */
    assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"\x20\x02\x00\x00", 4, TIMEOUT_MS), MICO_OK);
    while (have < 11 && mico_tls_read(&tls, got + have, sizeof got - have, &len, TIMEOUT_MS) == MICO_OK) {
        have += len;
    }
    assert_memory_equal(got, "\x30\x09\x00\x05lighton", 11); /* PUBLISH */
    mico_tls_close(&tls);
    close(link.fd);
    peer_stop(&client);
    mico_tls_server_close(&server);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openssl_serves_us_in_every_suite),
        cmocka_unit_test(openssl_serves_us_with_every_certificate_and_group),
        cmocka_unit_test(openssl_resumes_our_sessions),
        cmocka_unit_test(openssl_serves_us_by_pre_shared_key),
        cmocka_unit_test(openssl_serves_us_datagrams),
        cmocka_unit_test(gnutls_serves_us),
        cmocka_unit_test(mosquitto_serves_us_by_certificate_and_by_pre_shared_key),
        cmocka_unit_test(openssl_is_our_client),
        cmocka_unit_test(openssl_resumes_with_us),
        cmocka_unit_test(openssl_is_our_client_by_datagrams),
        cmocka_unit_test(gnutls_is_our_client),
        cmocka_unit_test(mosquitto_publishes_to_us),
    };
    return cmocka_run_group_tests(tests, set_up, kit_leave);
}
