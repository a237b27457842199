/* SPDX-License-Identifier: Apache-2.0 */
/* The examples that speak TLS, with OpenSSL on the other side; and docs/TLS.md shows the one of twenty lines as it is. With
 * test_run_posix.c or test_run_board.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/examples/test_expected.h"
#include "apps/examples/test_run.h"
#include "crypto/tls/tls_fuzz_certificates.h"
#include "crypto/tls/tls_test_kit.h"
#include "crypto/tls/tls_test_peer.h"

#define CLIENT_PORT 27183 /* of the clients */

static void write_file(const char *name, const void *data, size_t len)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    fclose(file);
}

/* The server's certificate, and its key of which everybody knows the seed: 32 bytes of 0x22 in PKCS #8. */
static int set_up(void **state)
{
    uint8_t key[48] = {0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20};
    assert_int_equal(kit_enter(state), 0);
    memset(key + 16, 0x22, 32);
    write_file("key.der", key, sizeof key);
    write_file("server.der", fuzz_server, sizeof fuzz_server);
    write_file("root.der", fuzz_root, sizeof fuzz_root);
    kit_run(
        "openssl pkey -inform DER -in key.der -out key.pem; openssl x509 -inform DER -in server.der -out server.pem;"
        "openssl x509 -inform DER -in root.der -out root.pem");
    return 0;
}

static struct peer serve_with(const char *how)
{
    static struct peer server;
    if (server.pid > 0 && waitpid(server.pid, NULL, WNOHANG) == 0) {
        peer_stop(&server); /* of a test that failed */
    }
    for (int tries = 0; tries < 100; tries++) { /* another copy of this test may have the port for a while */
        server = peer_start("openssl s_server -accept 127.0.0.1:%d -cert server.pem -key key.pem %s", CLIENT_PORT, how);
        if (peer_says(&server, "ACCEPT")) {
            return server;
        }
        peer_stop(&server);
        usleep(200000);
    }
    fail_msg("port %d is taken", CLIENT_PORT);
    return server;
}

static struct peer serve(void)
{
    return serve_with("-rev");
}

static void tls_in_twenty_lines_hears_the_server(void **state)
{
    struct peer server = serve();
    run_start("tls_twenty");
    assert_string_equal(run_line(), "the server says: olleh");
    run_stop();
    peer_stop(&server);
}

#define BY_KEY "-psk_identity 'sensor 7' -psk 7369787465656e206279746573212100 -cipher PSK-AES128-GCM-SHA256 "
#define DATAGRAM_SERVER "openssl s_server -dtls1_2 -accept 127.0.0.1:%d -nocert " BY_KEY "-listen"

static void dtls_sensor_is_heard(void **state)
{
    struct peer server = peer_start(DATAGRAM_SERVER, CLIENT_PORT);
    assert_true(peer_says(&server, "ACCEPT"));
    peer_tell(&server, "thanks\n"); /* goes out once the handshake is done */
    run_start("dtls_sensor");
    assert_string_equal(run_line(), "DTLSv1.2 PSK-AES128-GCM-SHA256");
    assert_string_equal(run_line(), "answer: thanks");
    assert_true(peer_says(&server, "21.5"));
    run_stop();
    peer_stop(&server);
}

static void tls_client_talks_to_a_server_of_its_root(void **state)
{
    struct peer server = serve();
    run_start("tls_client");
    assert_string_equal(run_line(), "connected");
    assert_string_equal(run_line(), "answer: olleh");
    peer_stop(&server);
    run_stop();
}

static void tls_server_serves_one_after_the_other_until_one_says_stop(void **state)
{
    static const char *const words[] = {"one\n", "two\n", "stop\n"};
    run_start("tls_server");
    assert_string_equal(run_line(), "listening");
    for (size_t i = 0; i < 3; i++) {
        char want[32];
        struct peer client = peer_start("openssl s_client -connect 127.0.0.1:%u -CAfile root.pem -verify_return_error "
                                        "-verify_hostname a.example -attime 1900000000 -quiet",
                                        run_port());
        peer_tell(&client, words[i]);
        snprintf(want, sizeof want, "got %zu bytes", strlen(words[i]));
        assert_string_equal(run_line(), want);
        assert_true(peer_says(&client, words[i]));
        peer_stop(&client);
    }
    assert_string_equal(run_line(), "stopped");
    run_stop();
}

/* The port that the server's first line names; on a board it is port 80, to which run_port leads. */
static unsigned port_of_server(void)
{
    const char *line = run_line();
    unsigned port;
    if (sscanf(line, "waits at port %u", &port) != 1) {
        fail_msg("the server says: %s", line);
    }
    return port == 80 ? run_port() : port;
}

/* An OpenSSL client says a word and hears it again. */
static void say_to_server(unsigned port, bool datagram, const char *word)
{
    char want[80];
    struct peer client =
        peer_start("openssl s_client %s -connect 127.0.0.1:%u " BY_KEY, datagram ? "-dtls1_2" : "-tls1_2", port);
    peer_tell(&client, word);
    snprintf(want, sizeof want, "%s, got %zu bytes", datagram ? "DTLSv1.2" : "TLSv1.2", strlen(word));
    assert_string_equal(run_line(), want);
    assert_true(peer_says(&client, word));
    peer_tell(&client, "Q\n"); /* its good-bye */
    waitpid(client.pid, NULL, 0);
    close(client.in);
    close(client.out);
}

static void dtls_server_serves_one_after_the_other_until_one_says_stop(void **state)
{
    run_start("dtls_server");
    unsigned port = port_of_server();
    say_to_server(port, true, "first\n");
    say_to_server(port, true, "second\n");
    say_to_server(port, true, "stop\n");
    assert_string_equal(run_line(), "stopped");
    run_stop();
}

static struct sockaddr_in here(unsigned port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
}

/* A client by TCP that begins no handshake keeps the one by UDP waiting for nothing, and the next by TCP not for ever. */
static void tls_steps_server_serves_both_kinds_at_once(void **state)
{
    run_start("tls_steps_server");
    unsigned port = port_of_server();
    struct sockaddr_in address = here(port);
    int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(silent, (struct sockaddr *)&address, sizeof address), 0);
    say_to_server(port, true, "by datagrams\n");
    say_to_server(port, true, "again\n");
    say_to_server(port, false, "by a stream\n");
    close(silent);
    say_to_server(port, true, "by datagrams once more\n");
    say_to_server(port, false, "stop\n");
    assert_string_equal(run_line(), "stopped");
    run_stop();
}

static struct peer serve_datagrams(void)
{
    struct peer server = peer_start(DATAGRAM_SERVER, CLIENT_PORT);
    assert_true(peer_says(&server, "ACCEPT"));
    peer_tell(&server, "thanks\n"); /* goes out once the handshake is done */
    return server;
}

static void tls_steps_client_talks_to_two_servers_at_once(void **state)
{
    struct peer stream = serve_with("-nocert -rev -tls1_2 " BY_KEY), datagrams = serve_datagrams();
    unsigned heard = 0;
    run_start("tls_steps_client");
    for (int i = 0; i < 2; i++) { /* in whichever order they come */
        const char *line = run_line();
        heard |= strcmp(line, "TLS: olleh") == 0 ? 1u : strcmp(line, "DTLS: thanks") == 0 ? 2u : 0;
    }
    assert_int_equal(heard, 3);
    assert_string_equal(run_line(), "done");
    run_stop();
    peer_stop(&datagrams);
    peer_stop(&stream);
}

/* A server by TCP that never answers keeps the one by UDP waiting for nothing. */
static void tls_steps_client_waits_for_no_server(void **state)
{
    struct sockaddr_in address = here(CLIENT_PORT);
    int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(silent, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    for (int tries = 0; bind(silent, (struct sockaddr *)&address, sizeof address) != 0; tries++) { /* as in serve_with */
        assert_true(tries < 100);
        usleep(200000);
    }
    assert_int_equal(listen(silent, 1), 0);
    struct peer datagrams = serve_datagrams();
    run_start("tls_steps_client");
    assert_string_equal(run_line(), "DTLS: thanks");
    close(silent);
    assert_int_equal(strncmp(run_line(), "TLS: connection: ", 17), 0);
    assert_string_equal(run_line(), "done");
    run_stop();
    peer_stop(&datagrams);
}

static void https_client_reads_an_answer_of_a_server_of_its_root(void **state)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nthe lamp is on";
    write_file("lamp", answer, sizeof answer - 1);
    struct peer server = serve_with("-HTTP");
    expect_open("https_client");
    run_start("https_client");
    expect_rest();
    peer_stop(&server);
}

static struct peer start_broker(void)
{
    char text[256];
    int len = snprintf(text, sizeof text,
                       "listener %d 127.0.0.1\nallow_anonymous true\ncertfile server.pem\nkeyfile key.pem\nuser root\n",
                       CLIENT_PORT);
    write_file("broker.conf", text, (size_t)len);
    struct peer broker = peer_start("/usr/sbin/mosquitto -c broker.conf");
    if (!peer_says(&broker, "running")) {
        fail_msg("the broker does not start: %.*s", (int)broker.said_len, broker.said);
    }
    return broker;
}

static void mqtts_hears_what_it_says_through_a_broker_of_its_root(void **state)
{
    struct peer broker = start_broker();
    expect_open("mqtts");
    run_start("mqtts");
    expect_rest();
    peer_stop(&broker);
}

static char *read_file(const char *path)
{
    char whole[512];
    FILE *file;
    static char text[2][65536];
    static int which;
    snprintf(whole, sizeof whole, "%s/%s", MICO_SOURCE_DIR, path);
    file = fopen(whole, "r");
    assert_non_null(file);
    char *out = text[which ^= 1];
    out[fread(out, 1, sizeof text[0] - 1, file)] = '\0';
    fclose(file);
    return out;
}

static void the_page_shows_the_example_as_it_is(void **state)
{
    const char *code = read_file("apps/examples/tls_twenty/main.c"), *page = read_file("docs/TLS.md");
    size_t lines = 0;
    const char *start = strstr(code, "int application_start(void)");
    assert_non_null(strstr(page, code));
    assert_non_null(start);
    for (const char *at = code; *at != '\0'; at++) {
        lines += *at == '\n';
    }
    assert_in_range(lines, 15, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_in_twenty_lines_hears_the_server),
        cmocka_unit_test(dtls_sensor_is_heard),
        cmocka_unit_test(dtls_server_serves_one_after_the_other_until_one_says_stop),
        cmocka_unit_test(tls_steps_server_serves_both_kinds_at_once),
        cmocka_unit_test(tls_steps_client_talks_to_two_servers_at_once),
        cmocka_unit_test(tls_steps_client_waits_for_no_server),
        cmocka_unit_test(tls_client_talks_to_a_server_of_its_root),
        cmocka_unit_test(tls_server_serves_one_after_the_other_until_one_says_stop),
        cmocka_unit_test(https_client_reads_an_answer_of_a_server_of_its_root),
        cmocka_unit_test(mqtts_hears_what_it_says_through_a_broker_of_its_root),
        cmocka_unit_test(the_page_shows_the_example_as_it_is),
    };
    return cmocka_run_group_tests(tests, set_up, kit_leave);
}
