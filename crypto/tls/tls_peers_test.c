/* SPDX-License-Identifier: Apache-2.0 */
/* Other people's servers: OpenSSL, GnuTLS and Mosquitto; suites, groups, kinds of certificates, resumption, ALPN, pre-shared keys, and
 * DTLS over links that lose, shuffle and repeat. Their clients are in tls_peers_server_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/tls/tls_test_peer.h"

#define TIMEOUT_MS 20000

static struct mico_tls_config client_config(const char *name, bool datagram)
{
    return (struct mico_tls_config){
        .roots = peer_roots,
        .root_count = 3,
        .chain = peer_device.chain,
        .key = peer_device.key,
        .server_name = name,
        .now_s = peer_now_s(),
        .timeout_ms = TIMEOUT_MS,
        .version = MICO_TLS_1_2_OR_1_3,
        .datagram = datagram,
        .retransmit_ms = 1000,
    };
}

/* --- we are the client -------------------------------------------------------------------------------------------------- */

static void shake(struct mico_tls *tls, struct peer_link *link, struct mico_tls_config *config)
{
    config->io = peer_io(link);
    mico_err err = mico_tls_connect(tls, config);
    if (err != MICO_OK) {
        fail_msg("%s, version %d: %s: %s", config->suites != NULL ? config->suites : "any suite", config->version,
                 mico_err_name(err), mico_tls_reason(tls));
    }
}

static void connect_to(struct mico_tls *tls, struct peer_link *link, struct mico_tls_config *config, uint16_t port)
{
    peer_dial(link, config->datagram, port);
    shake(tls, link, config);
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

/* bad: while the handshake goes on, datagrams are lost, shuffled and repeated. */
static void visit_badly(struct mico_tls_config config, uint16_t port, const char *version, const char *answer, bool bad)
{
    struct peer_link link;
    struct mico_tls tls;
    peer_dial(&link, config.datagram, port);
    link.lose = bad ? 10 : 0;
    link.shuffle = link.repeat = bad ? 20 : 0;
    shake(&tls, &link, &config);
    link.lose = link.shuffle = link.repeat = 0;
    ask(&tls, "lines\n", answer);
    print_message("%s %s by %s\n", mico_tls_version(&tls), mico_tls_suite(&tls), config.server_name);
    assert_string_equal(mico_tls_version(&tls), version);
    mico_tls_close(&tls);
    close(link.fd);
}

static void visit(struct mico_tls_config config, uint16_t port, const char *version, const char *answer)
{
    visit_badly(config, port, version, answer, false);
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

/* The ways to sign that a peer may insist on. */
static const char *const rsa_signatures[] = {"RSA+SHA256",
                                             "RSA+SHA384",
                                             "RSA-PSS+SHA256",
                                             "RSA-PSS+SHA512",
                                             "RSA-PSS+SHA256:RSA+SHA256",
                                             "RSA+SHA256:RSA-PSS+SHA256"};

static void openssl_checks_an_rsa_clients_signature(void **state)
{
    for (size_t i = 0; i < sizeof rsa_signatures / sizeof rsa_signatures[0]; i++) {
        uint16_t port = peer_free_port(false);
        struct peer server = peer_start(S_SERVER "-accept 127.0.0.1:%u -cert ec.pem -key ec.key -Verify 3 "
                                                 "-verify_return_error -client_sigalgs %s",
                                        port, rsa_signatures[i]);
        struct mico_tls_config config = client_config("ec.example", false);
        config.chain = peer_rsa_device.chain;
        config.key = peer_rsa_device.key;
        config.version = MICO_TLS_1_2;
        visit(config, port, "TLSv1.2", "senil\n");
        if (strstr(rsa_signatures[i], "PSS") != NULL) {
            config.version = MICO_TLS_1_3; /* by PSS alone: RFC 8446 section 4.2.3 */
            visit(config, port, "TLSv1.3", "senil\n");
        }
        peer_stop(&server);
    }
}

static void openssl_that_signs_by_pkcs1_alone_serves_us(void **state)
{
    uint16_t port = peer_free_port(false);
    struct peer server =
        peer_start(S_SERVER "-accept 127.0.0.1:%u -cert rsa.pem -key rsa.key -tls1_2 -sigalgs RSA+SHA256", port);
    struct mico_tls_config config = client_config("rsa.example", false);
    visit(config, port, "TLSv1.2", "senil\n");
    peer_stop(&server);
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

/* A server that lost the key of its tickets, or its ids, while the client kept the session. */
static void restart(const char *more, enum mico_tls_version version)
{
    static uint8_t session[MICO_TLS_SESSION_SIZE];
    uint16_t port = peer_free_port(false);
    struct mico_tls_config config = client_config("ec.example", false);
    config.version = version;
    for (int i = 0; i < 3; i++) {
        struct mico_tls tls;
        struct peer_link link;
        size_t len;
        struct peer server = peer_start(S_SERVER "-accept 127.0.0.1:%u -cert ec.pem -key ec.key %s", port, more);
        connect_to(&tls, &link, &config, port);
        ask(&tls, "lines\n", "senil\n");
        assert_false(mico_tls_resumed(&tls));
        assert_int_equal(mico_tls_save_session(&tls, session, sizeof session, &len), MICO_OK);
        config.session = (struct mico_span){session, len};
        mico_tls_close(&tls);
        close(link.fd);
        peer_stop(&server);
    }
}

static void an_openssl_that_was_restarted_costs_a_whole_handshake(void **state)
{
    restart("-tls1_2", MICO_TLS_1_2);
    restart("-tls1_2 -no_ticket", MICO_TLS_1_2);
    restart("-tls1_3", MICO_TLS_1_3);
}

static void openssl_serves_us_by_pre_shared_key(void **state)
{
    static const char *const suites[] = {"PSK-AES128-GCM-SHA256", "PSK-AES128-CCM-8", "PSK-CHACHA20-POLY1305",
                                         "ECDHE-PSK-CHACHA20-POLY1305"};
    uint16_t port = peer_free_port(false);
    struct peer server =
        peer_start("openssl s_server -accept 127.0.0.1:%u -nocert -psk_identity sensor -psk %s -tls1_2 "
                   "-cipher PSK+AESGCM:PSK-AES128-CCM8:PSK+CHACHA20 -rev",
                   port, PEER_PSK_HEX);
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        struct mico_tls_config config = {.psk = {"sensor", MICO_SPAN(peer_psk)},
                                         .suites = suites[i],
                                         .timeout_ms = TIMEOUT_MS,
                                         .now_s = peer_now_s()};
        visit(config, port, "TLSv1.2", "senil\n");
    }
    peer_stop(&server);
}

/* TLS 1.3 sends tickets, whose age a client counts; one with a pre-shared key may not know the time. */
static void a_client_without_a_clock_is_served_by_pre_shared_key(void **state)
{
    static uint8_t session[MICO_TLS_SESSION_SIZE];
    uint16_t port = peer_free_port(false);
    struct peer server = peer_start(
        "openssl s_server -accept 127.0.0.1:%u -nocert -psk_identity sensor -psk %s -tls1_3 -rev", port, PEER_PSK_HEX);
    struct mico_tls_config config = {
        .psk = {"sensor", MICO_SPAN(peer_psk)}, .timeout_ms = TIMEOUT_MS, .version = MICO_TLS_1_3};
    for (int i = 0; i < 2; i++) {
        struct mico_tls tls;
        struct peer_link link;
        size_t len;
        connect_to(&tls, &link, &config, port);
        ask(&tls, "lines\n", "senil\n");
        ask(&tls, "more\n", "erom\n");
        assert_int_equal(mico_tls_save_session(&tls, session, sizeof session, &len), MICO_OK);
        config.session = (struct mico_span){session, len};
        mico_tls_close(&tls);
        close(link.fd);
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

/* RFC 5746: a HelloRequest is answered by no_renegotiation, or ends the connection; never by a handshake. */
static void openssl_may_not_renegotiate_with_us(void **state)
{
    uint16_t port = peer_free_port(false);
    struct peer server =
        peer_start("openssl s_server -accept 127.0.0.1:%u -cert ec.pem -key ec.key -CAfile roots.pem -tls1_2", port);
    struct mico_tls_config config = client_config("ec.example", false);
    struct mico_tls tls;
    struct peer_link link;
    uint8_t byte;
    size_t len;
    config.version = MICO_TLS_1_2;
    connect_to(&tls, &link, &config, port);
    assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"first\n", 6, TIMEOUT_MS), MICO_OK);
    assert_true(peer_says(&server, "first"));
    size_t sent = link.sent;
    peer_tell(&server, "r\n");
    mico_err err = mico_tls_read(&tls, &byte, 1, &len, 2000);
    assert_int_not_equal(err, MICO_OK);
    assert_true(link.sent - sent < 60); /* an alert, or nothing: a ClientHello has more */
    mico_tls_close(&tls);
    close(link.fd);
    peer_stop(&server);
}

static void gnutls_serves_us(void **state)
{
    for (int kind = 0; kind < 3; kind++) { /* the last one's link is bad */
        bool datagram = kind != 0;
        uint16_t port = peer_free_port(datagram);
        struct peer server = peer_start("gnutls-serv --echo --port %u %s --x509cafile roots.pem --x509certfile "
                                        "ed_chain.pem --x509keyfile ed.key --x509certfile ec.pem --x509keyfile ec.key "
                                        "--require-client-cert --verify-client-cert",
                                        port, datagram ? "--udp" : "");
        assert_true(peer_says(&server, "done"));
        struct mico_tls_config config = client_config("ed.example", datagram);
        config.version = MICO_TLS_1_2;
        visit_badly(config, port, datagram ? "DTLSv1.2" : "TLSv1.2", "lines\n", kind == 2);
        if (!datagram) {
            config.version = MICO_TLS_1_3;
            visit(config, port, "TLSv1.3", "lines\n");
        }
        peer_stop(&server);
    }
}

static void gnutls_checks_an_rsa_clients_signature(void **state)
{
    static const char *const signatures[] = {"SIGN-RSA-SHA256", "SIGN-RSA-PSS-RSAE-SHA256"};
    for (size_t i = 0; i < 2; i++) {
        uint16_t port = peer_free_port(false);
        struct peer server = peer_start("gnutls-serv --echo --port %u --x509cafile roots.pem --x509certfile rsa.pem "
                                        "--x509keyfile rsa.key --require-client-cert --verify-client-cert --priority "
                                        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-SIGN-ALL:+%s",
                                        port, signatures[i]);
        assert_true(peer_says(&server, "done"));
        struct mico_tls_config config = client_config("rsa.example", false);
        config.chain = peer_rsa_device.chain;
        config.key = peer_rsa_device.key;
        config.version = MICO_TLS_1_2;
        visit(config, port, "TLSv1.2", "lines\n");
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
    /* as root it would become a user who may not see the folder of a clone in /root */
    kit_run("printf 'user root\\nper_listener_settings true\\nlistener %u 127.0.0.1\\nallow_anonymous true\\ncafile "
            "%s/roots.pem\\n"
            "certfile %s/ec.pem\\nkeyfile %s/ec.key\\nrequire_certificate true\\n"
            "listener %u 127.0.0.1\\nallow_anonymous true\\npsk_hint mico\\npsk_file %s/psk.txt\\n"
            "ciphers PSK-AES128-GCM-SHA256\\n' > mosquitto.conf",
            ports[0], here, here, here, ports[1], here);
    struct peer server = peer_start("$(command -v mosquitto || echo /usr/sbin/mosquitto) -c mosquitto.conf -v");
    for (int i = 0; i < 2; i++) {
        struct mico_tls_config config = client_config("ec.example", false);
        struct mico_tls tls;
        struct peer_link link;
        if (i == 1) {
            config = (struct mico_tls_config){.psk = {"sensor", MICO_SPAN(peer_psk)}, .timeout_ms = TIMEOUT_MS};
        }
        connect_to(&tls, &link, &config, ports[i]);
        log_in(&tls);
        print_message("%s %s\n", mico_tls_version(&tls), mico_tls_suite(&tls));
        mico_tls_close(&tls);
        close(link.fd);
    }
    peer_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openssl_serves_us_in_every_suite),
        cmocka_unit_test(openssl_serves_us_with_every_certificate_and_group),
        cmocka_unit_test(openssl_checks_an_rsa_clients_signature),
        cmocka_unit_test(openssl_that_signs_by_pkcs1_alone_serves_us),
        cmocka_unit_test(openssl_resumes_our_sessions),
        cmocka_unit_test(an_openssl_that_was_restarted_costs_a_whole_handshake),
        cmocka_unit_test(openssl_serves_us_by_pre_shared_key),
        cmocka_unit_test(a_client_without_a_clock_is_served_by_pre_shared_key),
        cmocka_unit_test(openssl_serves_us_datagrams),
        cmocka_unit_test(openssl_may_not_renegotiate_with_us),
        cmocka_unit_test(gnutls_serves_us),
        cmocka_unit_test(gnutls_checks_an_rsa_clients_signature),
        cmocka_unit_test(mosquitto_serves_us_by_certificate_and_by_pre_shared_key),
    };
    return cmocka_run_group_tests(tests, peer_set_up, kit_leave);
}
