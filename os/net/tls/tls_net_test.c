/* SPDX-License-Identifier: Apache-2.0 */
/* tls_net.h on the posix board: a client and a server in two of the kernel's threads, by TCP and by UDP. */
#include "os/net/tls/tls_net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls/tls_fuzz_certificates.h"
#include "os/kernel/kernel.h"

#define PATIENCE_MS 20000u
#define STACK (128u * 1024u)

static struct mico_thread thread;
static uint64_t stack[STACK / sizeof(uint64_t)];
static struct mico_span root = MICO_SPAN(fuzz_root);
static mico_tcp listener;
static mico_udp socket_of_server;
static uint16_t port;
static bool datagram;
static mico_err served;

static psa_key_id_t server_key(void)
{
    uint8_t seed[32];
    psa_key_id_t id = 0;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    memset(seed, 0x22, sizeof seed);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(psa_import_key(&attributes, seed, sizeof seed, &id), PSA_SUCCESS);
    return id;
}

static mico_err take(struct mico_tls_net *net, struct mico_tls_server *server)
{
    mico_tcp tcp;
    if (datagram) {
        return mico_tls_take_datagrams(net, server, socket_of_server, FUZZ_NOW_S, PATIENCE_MS);
    }
    mico_err err = mico_tcp_accept(listener, PATIENCE_MS, &tcp);
    return err == MICO_OK ? mico_tls_take(net, server, tcp, FUZZ_NOW_S, PATIENCE_MS) : err;
}

/* One client, one line, sent back. */
static void serve(void *key)
{
    static struct mico_tls_server server;
    static struct mico_tls_net net;
    uint8_t line[64];
    size_t len = 0;
    const struct mico_tls_server_config config = {
        .base = {
            .chain = MICO_SPAN(fuzz_server), .key = *(psa_key_id_t *)key, .now_s = FUZZ_NOW_S, .datagram = datagram}};
    served = mico_tls_server_open(&server, &config);
    served = served == MICO_OK ? take(&net, &server) : served;
    if (served == MICO_OK) {
        served = mico_tls_read(&net.tls, line, sizeof line, &len, PATIENCE_MS);
    }
    if (served == MICO_OK) {
        served = mico_tls_write(&net.tls, line, len, PATIENCE_MS);
    }
    if (served == MICO_OK) {
        (void)!mico_tls_read(&net.tls, line, sizeof line, &len, PATIENCE_MS); /* its good-bye */
    }
    mico_tls_hang_up(&net);
    mico_tls_server_close(&server);
}

static struct mico_tls_config client_config(void)
{
    return (struct mico_tls_config){.roots = &root,
                                    .root_count = 1,
                                    .server_name = "a.example",
                                    .now_s = FUZZ_NOW_S,
                                    .timeout_ms = PATIENCE_MS,
                                    .datagram = datagram};
}

static void talk(void)
{
    static struct mico_tls_net net;
    static psa_key_id_t key;
    uint8_t answer[64];
    size_t len = 0;
    const struct mico_tls_config config = client_config();
    key = server_key();
    mico_thread_create(&thread, "server", 5, serve, &key, stack, sizeof stack);
    mico_err err = mico_tls_dial(&net, "127.0.0.1", port, &config);
    if (err != MICO_OK) {
        fail_msg("%s: %s", mico_err_name(err), mico_tls_reason(&net.tls));
    }
    assert_int_equal(mico_tls_write(&net.tls, (const uint8_t *)"a line", 6, PATIENCE_MS), MICO_OK);
    assert_int_equal(mico_tls_read(&net.tls, answer, sizeof answer, &len, PATIENCE_MS), MICO_OK);
    assert_int_equal(len, 6);
    assert_memory_equal(answer, "a line", 6);
    mico_tls_hang_up(&net);
    assert_int_equal(mico_thread_join(&thread, PATIENCE_MS), MICO_OK);
    assert_int_equal(served, MICO_OK);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static void a_line_goes_there_and_back_by_tcp(void **state)
{
    uint8_t ip[4];
    datagram = false;
    assert_int_equal(mico_tcp_listen(0, &listener), MICO_OK);
    mico_tcp_local(listener, ip, &port);
    talk();
    mico_tcp_close(listener);
}

static void a_line_goes_there_and_back_by_udp_client_after_client(void **state)
{
    datagram = true;
    assert_int_equal(mico_udp_open(0, false, &socket_of_server), MICO_OK);
    port = mico_udp_port(socket_of_server);
    talk();
    talk();
    mico_udp_close(socket_of_server);
}

/* --- others ------------------------------------------------------------------------------------------------------------- */

static uint8_t hello[1500];
static size_t hello_len;

static mico_err keep(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    assert_true(len <= sizeof hello);
    memcpy(hello, data, len);
    hello_len = *sent = len;
    return MICO_OK;
}

static mico_err hear_nothing(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = 0;
    return MICO_ERR_TIMEOUT;
}

/* Whoever sends from an address that is not his gets an answer there, and nothing else: RFC 6347 section 4.2.1. */
static void hellos_of_nobody_keep_no_client_waiting(void **state)
{
    static struct mico_tls tls;
    static const uint8_t here[4] = {127, 0, 0, 1};
    mico_udp liar;
    datagram = true;
    struct mico_tls_config config = client_config();
    config.io = (struct mico_tls_io){NULL, keep, hear_nothing};
    assert_int_equal(mico_tls_open(&tls, &config), MICO_OK);
    assert_int_equal(mico_tls_handshake(&tls, 0), MICO_ERR_TIMEOUT);
    mico_tls_close(&tls);
    assert_true(hello_len > 100);
    assert_int_equal(mico_udp_open(0, false, &socket_of_server), MICO_OK);
    assert_int_equal(mico_udp_open(0, false, &liar), MICO_OK);
    port = mico_udp_port(socket_of_server);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(mico_udp_send(liar, here, port, hello, hello_len), MICO_OK);
        assert_int_equal(mico_udp_send(liar, here, port, hello + i, 50), MICO_OK); /* no hello at all */
    }
    talk();
    mico_udp_close(liar);
    mico_udp_close(socket_of_server);
}

#define MUCH (16u << 20) /* more than two sockets hold */

static uint8_t pattern(size_t at)
{
    return (uint8_t)(at * 31 + at / 4093);
}

/* Takes what comes, late. */
static void serve_much(void *key)
{
    static struct mico_tls_server server;
    static struct mico_tls_net net;
    static uint8_t got[4096];
    size_t len = 0, have = 0;
    const struct mico_tls_server_config config = {
        .base = {.chain = MICO_SPAN(fuzz_server), .key = *(psa_key_id_t *)key, .now_s = FUZZ_NOW_S}};
    served = mico_tls_server_open(&server, &config);
    served = served == MICO_OK ? take(&net, &server) : served;
    mico_thread_sleep_ms(100);
    while (served == MICO_OK && have < MUCH) {
        served = mico_tls_read(&net.tls, got, sizeof got, &len, PATIENCE_MS);
        for (size_t i = 0; i < len; i++, have++) {
            served = got[i] == pattern(have) ? served : MICO_ERR_CORRUPT;
        }
    }
    mico_tls_hang_up(&net);
    mico_tls_server_close(&server);
}

/* A socket that is full takes half a record; what is left goes out later, and nothing twice. */
static void a_writer_that_does_not_wait_loses_and_doubles_nothing(void **state)
{
    static struct mico_tls_net net;
    static uint8_t data[16384];
    uint8_t ip[4];
    static psa_key_id_t key;
    size_t sent = 0, some;
    unsigned waits = 0;
    datagram = false;
    assert_int_equal(mico_tcp_listen(0, &listener), MICO_OK);
    mico_tcp_local(listener, ip, &port);
    const struct mico_tls_config config = client_config();
    key = server_key();
    mico_thread_create(&thread, "server", 5, serve_much, &key, stack, sizeof stack);
    assert_int_equal(mico_tls_dial(&net, "127.0.0.1", port, &config), MICO_OK);
    while (sent < MUCH) {
        size_t want = MUCH - sent < sizeof data ? MUCH - sent : sizeof data;
        for (size_t i = 0; i < want; i++) {
            data[i] = pattern(sent + i);
        }
        mico_err err = mico_tls_write_some(&net.tls, data, want, &some, 0);
        if (err == MICO_ERR_TIMEOUT) {
            waits++;
            mico_thread_sleep_ms(1);
        } else if (err != MICO_OK) {
            fail_msg("%s: %s", mico_err_name(err), mico_tls_reason(&net.tls));
        }
        sent += some;
    }
    assert_int_equal(mico_thread_join(&thread, PATIENCE_MS), MICO_OK);
    assert_int_equal(served, MICO_OK);
    print_message("waited %u times\n", waits);
    assert_true(waits > 0);
    mico_tls_hang_up(&net);
    mico_tcp_close(listener);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}

static void dialling_nobody_and_hanging_up_leaves_nothing_open(void **state)
{
    static struct mico_tls_net net;
    uint8_t ip[4];
    mico_tls_hang_up(&net); /* zero is none */
    datagram = false;
    assert_int_equal(mico_tcp_listen(0, &listener), MICO_OK);
    mico_tcp_local(listener, ip, &port);
    mico_tcp_close(listener);
    struct mico_tls_config config = client_config();
    config.timeout_ms = 500;
    assert_int_not_equal(mico_tls_dial(&net, "127.0.0.1", port, &config), MICO_OK);
    config.datagram = true;
    assert_int_equal(mico_tls_dial(&net, "127.0.0.1", port, &config), MICO_ERR_TIMEOUT);
    config.root_count = 0;
    assert_int_equal(mico_tls_dial(&net, "127.0.0.1", port, &config), MICO_ERR_PARAM);
    assert_false(net.tcp_open || net.udp_open);
    mico_tls_hang_up(&net);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_goes_there_and_back_by_tcp),
        cmocka_unit_test(a_line_goes_there_and_back_by_udp_client_after_client),
        cmocka_unit_test(hellos_of_nobody_keep_no_client_waiting),
        cmocka_unit_test(a_writer_that_does_not_wait_loses_and_doubles_nothing),
        cmocka_unit_test(dialling_nobody_and_hanging_up_leaves_nothing_open),
    };
    exit(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t first[STACK / sizeof(uint64_t)];
    mico_kernel_start(run_all, NULL, first, sizeof first);
}
