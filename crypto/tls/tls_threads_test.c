/* SPDX-License-Identifier: Apache-2.0 */
/* Zeroisation by one thread while another is at work with a connection: whoever is in one keeps it to the end of the call, and nobody
 * comes into one that is being wiped. Threads meet at fixed points: the generator's lock, and a connection's receive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_pair.h"

static struct pair pair;
static const uint8_t psk_key[32] = "a key that both sides have, 32 b";

static pthread_mutex_t generator = PTHREAD_MUTEX_INITIALIZER, psa = PTHREAD_MUTEX_INITIALIZER,
                       mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static enum { AWAY, AT_WORK, RECEIVING, BACK } other; /* where the other thread is */
static bool go_on;                                    /* what it waits for in receive */
static bool was_receiving;
static mico_err other_err;
static void *(*meanwhile)(void *); /* what the other thread does from a release of the generator's lock on */
static unsigned releases;          /* before that one */
static pthread_t thread;

static void say(__typeof__(other) where)
{
    pthread_mutex_lock(&mutex);
    other = where;
    was_receiving = was_receiving || where == RECEIVING;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void let_it_go_on(void)
{
    pthread_mutex_lock(&mutex);
    go_on = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

/* Until the other thread can go no further without this one. */
static void begin(void *(*work)(void *))
{
    say(AT_WORK);
    (void)pthread_create(&thread, NULL, work, NULL);
    pthread_mutex_lock(&mutex);
    while (other == AT_WORK) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

static void lock_generator(void)
{
    pthread_mutex_lock(&generator);
}

static void unlock_generator(void)
{
    pthread_mutex_unlock(&generator);
    void *(*work)(void *) = meanwhile;
    if (work != NULL && releases-- == 0) {
        meanwhile = NULL;
        begin(work);
    }
}

static void lock_psa(void)
{
    pthread_mutex_lock(&psa);
}

static void unlock_psa(void)
{
    pthread_mutex_unlock(&psa);
}

/* Nothing comes, but not before the test says so. */
static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    say(RECEIVING);
    pthread_mutex_lock(&mutex);
    while (!go_on) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
    *len = 0;
    return MICO_ERR_TIMEOUT;
}

static void *reads(void *nothing)
{
    uint8_t byte;
    size_t len;
    other_err = mico_tls_read(&pair.client, &byte, 1, &len, 0);
    say(BACK);
    return NULL;
}

/* And does something else with its memory. */
static void *closes(void *nothing)
{
    mico_tls_close(&pair.client);
    memset(&pair.client, 0xEE, sizeof pair.client);
    say(BACK);
    return NULL;
}

static void *closes_the_server(void *nothing)
{
    mico_tls_server_close(&pair.server);
    memset(&pair.server, 0xEE, sizeof pair.server);
    say(BACK);
    return NULL;
}

static void *zeroises(void *nothing)
{
    mico_psa_zeroise();
    say(BACK);
    return NULL;
}

static int start(void **state)
{
    struct mico_tls_config client = {.psk = {"me", MICO_SPAN(psk_key)}};
    struct mico_tls_server_config server = {.base = client};
    server.base.now_s = pair_now_s();
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_OK);
    pair_wires(&pair, true);
    assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
    pair_handshake(&pair);
    assert_int_equal(pair.client_err, MICO_OK);
    assert_int_equal(pair.served_err, MICO_OK);
    pair.client.io.receive = receive;
    other = AWAY;
    go_on = was_receiving = false;
    releases = 0;
    return 0;
}

static void finish(void)
{
    let_it_go_on();
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static bool is_left_alone(const void *memory, size_t len)
{
    const uint8_t *bytes = memory;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0xEE) {
            return false;
        }
    }
    return true;
}

static void a_call_keeps_its_connection_until_it_ends(void **state)
{
    begin(reads);
    assert_true(was_receiving);
    mico_psa_zeroise();
    assert_null(pair.served.session);
    assert_non_null(pair.client.session);
    finish();
    assert_int_equal(other_err, MICO_ERR_STATE);
    assert_null(pair.client.session);
    pair_close(&pair);
    mico_tls_server_close(&pair.server);
}

static void no_call_begins_in_a_connection_that_is_being_wiped(void **state)
{
    mico_tls_close(&pair.served);
    meanwhile = reads;
    mico_psa_zeroise();
    bool came_in = was_receiving;
    finish();
    assert_false(came_in);
    assert_int_equal(other_err, MICO_ERR_STATE);
    assert_null(pair.client.session);
    mico_tls_close(&pair.client);
    mico_tls_server_close(&pair.server);
}

static void a_connection_may_be_closed_while_it_is_being_wiped(void **state)
{
    mico_tls_close(&pair.served);
    meanwhile = closes;
    mico_psa_zeroise();
    finish();
    assert_true(is_left_alone(&pair.client, sizeof pair.client));
    mico_tls_server_close(&pair.server);
}

static void so_may_a_server(void **state)
{
    pair_close(&pair);
    meanwhile = closes_the_server;
    releases = 1; /* there is no connection */
    mico_psa_zeroise();
    finish();
    assert_true(is_left_alone(&pair.server, sizeof pair.server));
}

/* The struct is in use from its first byte on, the connection before its first call. */
static void what_is_wiped_while_it_opens_does_not_open(void **state)
{
    static const uint8_t address[] = {192, 0, 2, 1};
    struct mico_tls_config client = {.psk = {"me", MICO_SPAN(psk_key)}};
    struct mico_tls_io io = pair_server_io(&pair);
    pair_close(&pair);
    meanwhile = zeroises;
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_STATE);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_null(pair.client.session);
    mico_tls_server_close(&pair.server);
    assert_int_equal(start(state), 0);
    pair_close(&pair);
    meanwhile = zeroises;
    releases = 1; /* of the question whether the server is open */
    assert_int_equal(mico_tls_accept_open(&pair.server, &pair.served, &io, MICO_SPAN(address), pair_now_s()),
                     MICO_ERR_STATE);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_null(pair.served.session);
    assert_null(pair.server.context);
    mico_tls_server_close(&pair.server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_call_keeps_its_connection_until_it_ends, start),
        cmocka_unit_test_setup(no_call_begins_in_a_connection_that_is_being_wiped, start),
        cmocka_unit_test_setup(a_connection_may_be_closed_while_it_is_being_wiped, start),
        cmocka_unit_test_setup(so_may_a_server, start),
        cmocka_unit_test_setup(what_is_wiped_while_it_opens_does_not_open, start),
    };
    mico_random_lock_with(lock_generator, unlock_generator);
    mico_psa_lock_with(lock_psa, unlock_psa);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
