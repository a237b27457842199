/* SPDX-License-Identifier: Apache-2.0 */
/* Other people's clients: OpenSSL, GnuTLS and Mosquitto; suites, groups, kinds of certificates and signatures, resumption, pre-shared
 * keys, DTLS over links that lose, shuffle and repeat, and what a client may not do. Their servers are in tls_peers_test.c. */
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

static void open_server(struct mico_tls_server *server, const struct peer_identity *identity, bool datagram,
                        enum mico_tls_version version, enum mico_tls_clients clients)
{
    struct mico_tls_server_config config = {
        .base = {.roots = peer_roots,
                 .root_count = 3,
                 .chain = identity->chain,
                 .key = identity->key,
                 .now_s = peer_now_s(),
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
    mico_err err = mico_tls_accept(server, &tls, &io, MICO_SPAN("somebody"), peer_now_s(), TIMEOUT_MS);
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
    const struct peer_identity *const identities[] = {&peer_ed, &peer_ec, &peer_rsa, &peer_p384};
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

static void clients_that_know_pkcs1_alone_are_served(void **state)
{
    static const char *const commands[] = {
        "exec openssl s_client -connect 127.0.0.1:$port -CAfile roots.pem -verify_return_error -quiet -tls1_2 -sigalgs "
        "RSA+SHA256",
        "exec openssl s_client -connect 127.0.0.1:$port -CAfile roots.pem -verify_return_error -quiet -tls1_2 -sigalgs "
        "RSA+SHA512",
        "exec openssl s_client -connect 127.0.0.1:$port -CAfile roots.pem -verify_return_error -quiet -tls1_2 -sigalgs "
        "RSA-PSS+SHA256",
        "exec gnutls-cli 127.0.0.1 --port $port --x509cafile roots.pem --verify-hostname rsa.example --priority "
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-SIGN-ALL:+SIGN-RSA-SHA256",
        "exec gnutls-cli 127.0.0.1 --port $port --x509cafile roots.pem --verify-hostname rsa.example --priority "
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-SIGN-ALL:+SIGN-RSA-SHA384",
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct mico_tls_server server;
        uint16_t port;
        int listener = peer_listen(false, &port);
        open_server(&server, &peer_rsa, false, MICO_TLS_1_2_OR_1_3, MICO_TLS_CLIENTS_ANONYMOUS);
        struct peer client = peer_start("env port=%u sh -c '%s'", port, commands[i]);
        serve_one(&server, listener, false, 0, &client, NULL);
        peer_stop(&client);
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
        open_server(&server, &peer_ed, false, MICO_TLS_1_2_OR_1_3, MICO_TLS_CLIENTS_ANONYMOUS);
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

/* The ids of the last four sessions are known; OpenSSL keeps to them when it has no tickets. */
static void four_sessions_are_kept_by_id(void **state)
{
    struct mico_tls_server server;
    uint16_t port;
    int listener = peer_listen(false, &port);
    open_server(&server, &peer_ec, false, MICO_TLS_1_2, MICO_TLS_CLIENTS_ANONYMOUS);
    for (int i = 0; i < 7; i++) {
        int which = i < 5 ? i : i == 5 ? 1 : 0;
        bool resumed;
        struct peer client =
            peer_start("openssl s_client -connect 127.0.0.1:%u -CAfile roots.pem -verify_return_error -quiet -tls1_2 "
                       "-no_ticket -sess_%s id%d",
                       port, i < 5 ? "out" : "in", which);
        serve_one(&server, listener, false, 0, &client, &resumed);
        assert_int_equal(resumed, i == 5);
        peer_stop(&client);
    }
    mico_tls_server_close(&server);
    close(listener);
}

static void openssl_is_our_client_by_datagrams(void **state)
{
    for (unsigned badness = 0; badness < 3 && peer_ec.key != 0; badness++) {
        struct mico_tls_server server;
        uint16_t port;
        int listener = peer_listen(true, &port);
        open_server(&server, &peer_ec, true, MICO_TLS_1_2, MICO_TLS_CLIENTS_REQUIRED);
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

/* Take the next client, and give it to the test when its first line has come. */
static void meet(struct mico_tls_server *server, int listener, struct peer *client, struct peer_link *link,
                 struct mico_tls *tls)
{
    uint8_t line[64];
    size_t len;
    peer_accept(listener, false, link);
    struct mico_tls_io io = peer_io(link);
    mico_err err = mico_tls_accept(server, tls, &io, MICO_SPAN("somebody"), peer_now_s(), TIMEOUT_MS);
    if (err != MICO_OK) {
        fail_msg("accept: %s: %s", mico_err_name(err), mico_tls_reason(tls));
    }
    peer_tell(client, "question\n");
    assert_int_equal(mico_tls_read(tls, line, sizeof line, &len, TIMEOUT_MS), MICO_OK);
    assert_memory_equal(line, "question\n", 9);
}

/* RFC 5746: refused, with an alert or for good; never a second handshake. */
static void openssl_may_not_renegotiate(void **state)
{
    struct mico_tls_server server;
    struct mico_tls tls;
    struct peer_link link;
    uint8_t byte;
    size_t len;
    uint16_t port;
    int listener = peer_listen(false, &port);
    open_server(&server, &peer_ec, false, MICO_TLS_1_2, MICO_TLS_CLIENTS_ANONYMOUS);
    struct peer client =
        peer_start("openssl s_client -connect 127.0.0.1:%u -CAfile roots.pem -verify_return_error -tls1_2", port);
    meet(&server, listener, &client, &link, &tls);
    size_t sent = link.sent;
    peer_tell(&client, "R\n");
    mico_err err = mico_tls_read(&tls, &byte, 1, &len, 3000);
    assert_int_not_equal(err, MICO_OK);
    assert_true(link.sent - sent < 60); /* an alert: a ServerHello has more */
    mico_tls_close(&tls);
    close(link.fd);
    peer_stop(&client);
    mico_tls_server_close(&server);
    close(listener);
}

/* TLS 1.3: new keys as often as the other side likes, which a server follows and is asked to do as well. */
static void openssl_updates_its_keys(void **state)
{
    struct mico_tls_server server;
    struct mico_tls tls;
    struct peer_link link;
    uint8_t line[64];
    size_t len;
    uint16_t port;
    int listener = peer_listen(false, &port);
    open_server(&server, &peer_ec, false, MICO_TLS_1_3, MICO_TLS_CLIENTS_ANONYMOUS);
    struct peer client =
        peer_start("openssl s_client -connect 127.0.0.1:%u -CAfile roots.pem -verify_return_error -tls1_3", port);
    meet(&server, listener, &client, &link, &tls);
    for (int i = 0; i < 4; i++) {
        peer_tell(&client, i % 2 ? "k\n" : "K\n"); /* its own, or both sides' */
        assert_true(peer_says(&client, "KEYUPDATE"));
        client.said_len = 0;
        peer_tell(&client, "again\n");
        assert_int_equal(mico_tls_read(&tls, line, sizeof line, &len, TIMEOUT_MS), MICO_OK);
        assert_memory_equal(line, "again\n", 6);
        assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"an answer\n", 10, TIMEOUT_MS), MICO_OK);
        assert_true(peer_says(&client, "an answer"));
        client.said_len = 0;
    }
    mico_tls_close(&tls);
    close(link.fd);
    peer_stop(&client);
    mico_tls_server_close(&server);
    close(listener);
}

/* Early data that another server promised to take, sent to us as whoever replays it would. */
static void openssl_may_not_send_early_data(void **state)
{
    struct mico_tls_server server;
    struct mico_tls tls;
    struct peer_link link;
    uint8_t line[64];
    size_t len;
    uint16_t port = peer_free_port(false);
    struct peer other =
        peer_start("openssl s_server -accept 127.0.0.1:%u -cert ec.pem -key ec.key -tls1_3 -early_data -quiet", port);
    peer_dial(&link, false, port); /* it is there */
    close(link.fd);
    kit_run("echo open the door > early; (echo hello; sleep 1) | openssl s_client -connect 127.0.0.1:%u -CAfile "
            "roots.pem -tls1_3 "
            "-sess_out promised >/dev/null 2>&1; test -s promised",
            port);
    peer_stop(&other);
    int listener = peer_listen(false, &port);
    open_server(&server, &peer_ec, false, MICO_TLS_1_3, MICO_TLS_CLIENTS_ANONYMOUS);
    struct peer client =
        peer_start("openssl s_client -connect 127.0.0.1:%u -CAfile roots.pem -tls1_3 -sess_in promised "
                   "-early_data early",
                   port);
    peer_accept(listener, false, &link);
    struct mico_tls_io io = peer_io(&link);
    mico_err err = mico_tls_accept(&server, &tls, &io, MICO_SPAN("somebody"), peer_now_s(), TIMEOUT_MS);
    print_message("%s: %s\n", mico_err_name(err), mico_tls_reason(&tls));
    if (err == MICO_OK) { /* it may have been passed over, but is never given to us */
        err = mico_tls_read(&tls, line, sizeof line, &len, 1000);
        assert_int_not_equal(err, MICO_OK);
        mico_tls_close(&tls);
    }
    close(link.fd);
    peer_stop(&client);
    mico_tls_server_close(&server);
    close(listener);
}

static void openssl_is_our_client_by_pre_shared_key(void **state)
{
    static const char *const suites[] = {"PSK-AES128-GCM-SHA256", "PSK-AES128-CCM8", "PSK-CHACHA20-POLY1305",
                                         "ECDHE-PSK-CHACHA20-POLY1305"};
    struct mico_tls_server server;
    uint16_t port;
    int listener = peer_listen(false, &port);
    const struct mico_tls_server_config config = {
        .base = {.psk = {"sensor", MICO_SPAN(peer_psk)}, .now_s = peer_now_s(), .version = MICO_TLS_1_2}};
    assert_int_equal(mico_tls_server_open(&server, &config), MICO_OK);
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        struct peer client = peer_start("openssl s_client -connect 127.0.0.1:%u -psk_identity sensor -psk %s -tls1_2 "
                                        "-cipher %s -quiet",
                                        port, PEER_PSK_HEX, suites[i]);
        serve_one(&server, listener, false, 0, &client, NULL);
        peer_stop(&client);
    }
    for (int i = 0; i < 2; i++) { /* another identity; another key */
        struct peer_link link;
        struct mico_tls tls;
        struct peer client =
            peer_start("openssl s_client -connect 127.0.0.1:%u -psk_identity %s -psk %s -tls1_2 -cipher "
                       "PSK-AES128-GCM-SHA256 -quiet",
                       port, i == 0 ? "nobody" : "sensor", i == 0 ? PEER_PSK_HEX : "00" PEER_PSK_HEX);
        peer_accept(listener, false, &link);
        struct mico_tls_io io = peer_io(&link);
        mico_err err = mico_tls_accept(&server, &tls, &io, MICO_SPAN("x"), peer_now_s(), TIMEOUT_MS);
        assert_int_equal(err, i == 0 ? MICO_ERR_DENIED : MICO_ERR_AUTH);
        assert_string_equal(mico_tls_reason(&tls), i == 0 ? "no pre-shared key for the peer" : "record: wrong tag");
        close(link.fd);
        peer_stop(&client);
    }
    mico_tls_server_close(&server);
    close(listener);
}

static void gnutls_is_our_client(void **state)
{
    static const char *const options[] = {
        "--priority NORMAL:-VERS-ALL:+VERS-TLS1.2", "--priority NORMAL:-VERS-ALL:+VERS-TLS1.3",
        "--udp --priority NORMAL:-VERS-ALL:+VERS-DTLS1.2", "--udp --priority NORMAL:-VERS-ALL:+VERS-DTLS1.2"};
    for (size_t i = 0; i < 4; i++) { /* the last one's link is bad */
        struct mico_tls_server server;
        uint16_t port;
        bool datagram = i >= 2;
        int listener = peer_listen(datagram, &port);
        open_server(&server, &peer_ed, datagram, datagram ? MICO_TLS_1_2 : MICO_TLS_1_2_OR_1_3,
                    MICO_TLS_CLIENTS_REQUIRED);
        struct peer client =
            peer_start("gnutls-cli 127.0.0.1 --port %u --x509cafile roots.pem --verify-hostname ed.example "
                       "--x509certfile device_chain.pem --x509keyfile device.key %s",
                       port, options[i]);
        serve_one(&server, listener, datagram, i == 3, &client, NULL);
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
    open_server(&server, &peer_ed, false, MICO_TLS_1_2_OR_1_3, MICO_TLS_CLIENTS_REQUIRED);
    struct peer client = peer_start("mosquitto_pub -h 127.0.0.1 -p %u --cafile roots.pem --cert device_chain.pem --key "
                                    "device.key -t light -m on",
                                    port);
    peer_accept(listener, false, &link);
    struct mico_tls_io io = peer_io(&link);
    assert_int_equal(mico_tls_accept(&server, &tls, &io, MICO_SPAN("x"), peer_now_s(), TIMEOUT_MS), MICO_OK);
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
        cmocka_unit_test(openssl_is_our_client),
        cmocka_unit_test(clients_that_know_pkcs1_alone_are_served),
        cmocka_unit_test(openssl_resumes_with_us),
        cmocka_unit_test(four_sessions_are_kept_by_id),
        cmocka_unit_test(openssl_is_our_client_by_datagrams),
        cmocka_unit_test(openssl_may_not_renegotiate),
        cmocka_unit_test(openssl_may_not_send_early_data),
        cmocka_unit_test(openssl_updates_its_keys),
        cmocka_unit_test(openssl_is_our_client_by_pre_shared_key),
        cmocka_unit_test(gnutls_is_our_client),
        cmocka_unit_test(mosquitto_publishes_to_us),
    };
    return cmocka_run_group_tests(tests, peer_set_up, kit_leave);
}
