/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in the coprocessor against other people's TLS: OpenSSL and GnuTLS check what the chip signed, in both roles, by every protocol
 * that they speak. OpenSSL 3.0 and GnuTLS 3.7 have no DTLS 1.3; tls_chip_test.c has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/tls/tls_server.h"
#include "crypto/tls/tls_test_chip.h"
#include "crypto/tls/tls_test_peer.h"

#define TIMEOUT_MS 20000

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    chip_kit_set_up();
    /* The peers' own: keys of files. */
    kit_make("30", "peer", "server.example", KIT_P256, "root", KIT_SERVER("DNS:server.example,IP:127.0.0.1"));
    kit_make("30", "visitor", "visitor", KIT_P256, "root", KIT_CLIENT);
    return 0;
}

static int tear_down(void **state)
{
    chip_kit_tear_down();
    return kit_leave(state);
}

static struct mico_tls_config config_of(const struct chip_identity *identity, bool datagram,
                                        enum mico_tls_version version)
{
    return (struct mico_tls_config){
        .roots = &chip_root,
        .root_count = 1,
        .chain = identity->chain,
        .key = identity->key,
        .server_name = "server.example",
        .now_s = (uint64_t)time(NULL) + 60,
        .timeout_ms = TIMEOUT_MS,
        .version = version,
        .datagram = datagram,
        .retransmit_ms = 300,
    };
}

/* --- the chip's key is a client's ------------------------------------------------------------------------------------- */

/* The server has checked our certificate and signature; then it hears us. */
static void visit(const struct chip_identity *identity, bool datagram, enum mico_tls_version version, uint16_t port,
                  struct peer *server)
{
    struct mico_tls_config config = config_of(identity, datagram, version);
    struct peer_link link;
    struct mico_tls tls;
    char line[32];
    peer_dial(&link, datagram, port);
    config.io = peer_io(&link);
    mico_err err = mico_tls_connect(&tls, &config);
    if (err != MICO_OK) {
        fail_msg("%s, version %d: %s: %s\n%s", identity->name, version, mico_err_name(err), mico_tls_reason(&tls),
                 server->said);
    }
    snprintf(line, sizeof line, "%s %d says\n", identity->name, version);
    assert_int_equal(mico_tls_write(&tls, (const uint8_t *)line, strlen(line), TIMEOUT_MS), MICO_OK);
    assert_true(peer_says(server, line));
    print_message("%s by %s\n", mico_tls_version(&tls), identity->name);
    mico_tls_close(&tls);
    close(link.fd);
}

static const struct chip_identity *const clients[] = {&chip_device, &chip_client};

static void openssl_believes_a_client_whose_key_is_in_the_chip(void **state)
{
    uint16_t port = peer_free_port(false);
    struct peer server =
        peer_start("openssl s_server -accept 127.0.0.1:%u -cert peer.pem -key peer.key -CAfile root.pem "
                   "-Verify 3 -verify_return_error",
                   port);
    for (size_t i = 0; i < 2; i++) {
        visit(clients[i], false, MICO_TLS_1_2, port, &server);
        visit(clients[i], false, MICO_TLS_1_3, port, &server);
    }
    peer_stop(&server);
    for (size_t i = 0; i < 2; i++) {
        port = peer_free_port(true);
        server = peer_start("openssl s_server -dtls1_2 -accept 127.0.0.1:%u -cert peer.pem -key peer.key -CAfile "
                            "root.pem -Verify 3 -verify_return_error -listen",
                            port);
        assert_true(peer_says(&server, "ACCEPT"));
        visit(clients[i], true, MICO_TLS_1_2, port, &server);
        peer_stop(&server);
    }
}

static void gnutls_believes_a_client_whose_key_is_in_the_chip(void **state)
{
    for (int datagram = 0; datagram < 2; datagram++) {
        uint16_t port = peer_free_port(datagram);
        struct peer server = peer_start("gnutls-serv --echo --port %u %s --x509cafile root.pem --x509certfile peer.pem "
                                        "--x509keyfile peer.key --require-client-cert --verify-client-cert",
                                        port, datagram ? "--udp" : "");
        assert_true(peer_says(&server, "done"));
        for (size_t i = 0; i < 2; i++) {
            for (int version = MICO_TLS_1_2; version <= (datagram ? MICO_TLS_1_2 : MICO_TLS_1_3); version += 2) {
                struct mico_tls_config config = config_of(clients[i], datagram, version);
                struct peer_link link;
                struct mico_tls tls;
                uint8_t got[8];
                size_t len;
                peer_dial(&link, datagram, port);
                config.io = peer_io(&link);
                mico_err err = mico_tls_connect(&tls, &config);
                if (err != MICO_OK) {
                    fail_msg("%s: %s: %s", clients[i]->name, mico_err_name(err), mico_tls_reason(&tls));
                }
                assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"echo\n", 5, TIMEOUT_MS), MICO_OK);
                assert_int_equal(mico_tls_read(&tls, got, sizeof got, &len, TIMEOUT_MS), MICO_OK);
                assert_memory_equal(got, "echo\n", 5);
                print_message("%s by %s\n", mico_tls_version(&tls), clients[i]->name);
                mico_tls_close(&tls);
                close(link.fd);
            }
        }
        peer_stop(&server);
    }
}

/* --- the chip's key is a server's --------------------------------------------------------------------------------------- */

static void serve(const struct chip_identity *identity, bool datagram, enum mico_tls_version version,
                  const char *client_command)
{
    struct mico_tls_server_config config = {.base = config_of(identity, datagram, version),
                                            .clients = MICO_TLS_CLIENTS_REQUIRED};
    struct mico_tls_server server;
    struct mico_tls tls;
    struct peer_link link;
    uint8_t line[64];
    size_t len;
    uint16_t port;
    int listener = peer_listen(datagram, &port);
    assert_int_equal(mico_tls_server_open(&server, &config), MICO_OK);
    struct peer client = peer_start("env p=%u sh -c '%s'", port, client_command);
    peer_accept(listener, datagram, &link);
    struct mico_tls_io io = peer_io(&link);
    mico_err err = mico_tls_accept(&server, &tls, &io, MICO_SPAN("visitor"), config.base.now_s, TIMEOUT_MS);
    if (err != MICO_OK) {
        (void)peer_says(&client, "never this");
        fail_msg("%s: %s: %s\n%s", identity->name, mico_err_name(err), mico_tls_reason(&tls), client.said);
    }
    print_message("%s by %s\n", mico_tls_version(&tls), identity->name);
    peer_tell(&client, "question\n");
    assert_int_equal(mico_tls_read(&tls, line, sizeof line, &len, TIMEOUT_MS), MICO_OK);
    assert_memory_equal(line, "question\n", 9);
    assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"an answer\n", 10, TIMEOUT_MS), MICO_OK);
    assert_true(peer_says(&client, "an answer"));
    mico_tls_close(&tls);
    close(link.fd);
    close(listener);
    peer_stop(&client);
    mico_tls_server_close(&server);
}

#define S_CLIENT                                                                                          \
    "exec openssl s_client -connect 127.0.0.1:$p -CAfile root.pem -verify_return_error -verify_hostname " \
    "server.example "                                                                                     \
    "-cert visitor.pem -key visitor.key -quiet "
#define GNUTLS_CLI                                                                                               \
    "exec gnutls-cli 127.0.0.1 --port $p --x509cafile root.pem --verify-hostname server.example --x509certfile " \
    "visitor.pem "                                                                                               \
    "--x509keyfile visitor.key --priority NORMAL:-VERS-ALL:+VERS-"

static const struct chip_identity *const servers[] = {&chip_server, &chip_server_p256};

static void openssl_believes_a_server_whose_key_is_in_the_chip(void **state)
{
    for (size_t i = 0; i < 2; i++) {
        serve(servers[i], false, MICO_TLS_1_2, S_CLIENT "-tls1_2");
        serve(servers[i], false, MICO_TLS_1_2_OR_1_3, S_CLIENT "-tls1_3");
    }
    /* OpenSSL 3.0 refuses Ed25519 certificates of servers in DTLS 1.2. */
    serve(&chip_server_p256, true, MICO_TLS_1_2, S_CLIENT "-dtls1_2");
}

static void gnutls_believes_a_server_whose_key_is_in_the_chip(void **state)
{
    for (size_t i = 0; i < 2; i++) {
        serve(servers[i], false, MICO_TLS_1_2, GNUTLS_CLI "TLS1.2");
        serve(servers[i], false, MICO_TLS_1_3, GNUTLS_CLI "TLS1.3");
        serve(servers[i], true, MICO_TLS_1_2, GNUTLS_CLI "DTLS1.2 --udp");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openssl_believes_a_client_whose_key_is_in_the_chip),
        cmocka_unit_test(gnutls_believes_a_client_whose_key_is_in_the_chip),
        cmocka_unit_test(openssl_believes_a_server_whose_key_is_in_the_chip),
        cmocka_unit_test(gnutls_believes_a_server_whose_key_is_in_the_chip),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
