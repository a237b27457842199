/* SPDX-License-Identifier: Apache-2.0 */
/* A peer of TLS 1.3 that sends new keys without end (RFC 8446 section 4.6.3) and no data keeps no call beyond its time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/ssl.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_pair.h"

static struct pair pair;
static const uint8_t psk_key[32] = "a key that both sides have, 32 b";
static unsigned updates;
static mico_err (*wire)(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);

/* What the peer has sent, and when that is read, more. */
static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    pair_clock_ms++;
    if (pair.down.count == 0 && updates < 2000) {
        updates++;
        assert_int_equal(wolfSSL_update_keys(pair.served.session), WOLFSSL_SUCCESS);
    }
    return wire(ctx, out, cap, len, timeout_ms);
}

static void a_peer_that_updates_its_keys_for_ever_keeps_no_call(void **state)
{
    struct mico_tls_config client = {.psk = {"me", MICO_SPAN(psk_key)}, .version = MICO_TLS_1_3};
    struct mico_tls_server_config server = {.base = client};
    uint8_t got[8];
    size_t len;
    server.base.now_s = pair_now_s();
    assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_OK);
    pair_wires(&pair, true);
    assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
    pair_handshake(&pair);
    assert_int_equal(pair.served_err, MICO_OK);
    wire = pair.client.io.receive;
    pair.client.io.receive = receive;
    for (uint32_t timeout_ms = 0; timeout_ms <= 20; timeout_ms += 20) {
        updates = 0;
        assert_int_equal(mico_tls_read(&pair.client, got, sizeof got, &len, timeout_ms), MICO_ERR_TIMEOUT);
        assert_true(updates > 0 && updates < 100);
    }
    pair.client.io.receive = wire;
    assert_int_equal(mico_tls_write(&pair.served, (const uint8_t *)"word", 4, 0), MICO_OK);
    assert_int_equal(mico_tls_read(&pair.client, got, sizeof got, &len, 0), MICO_OK);
    assert_int_equal(len, 4);
    pair_close(&pair);
    mico_tls_server_close(&pair.server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peer_that_updates_its_keys_for_ever_keeps_no_call),
    };
    return psa_crypto_init() == PSA_SUCCESS ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
