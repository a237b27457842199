/* SPDX-License-Identifier: Apache-2.0 */
/* What seals a server's tickets: AES-GCM, which the approved mode permits. Looked up where wolfSSL has its key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/internal.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_pair.h"

static struct pair pair;
static const uint8_t psk_key[32] = "a key that both sides have, 32 b";

/* name (16) | iv (16) | length (2) | sealed | tag (16, in room for 32); associated is what is before sealed. */
static void assert_aes_gcm(const WOLFSSL_CTX *server, const uint8_t *ticket, size_t ticket_len)
{
    const size_t head = WOLFSSL_TICKET_NAME_SZ + WOLFSSL_TICKET_IV_SZ + 2;
    uint8_t text[1024], associated[64];
    assert_true(ticket_len > head);
    size_t len = mico_load_be16(ticket + head - 2);
    assert_true(head + len + 16 <= ticket_len && len <= sizeof text);
    memcpy(associated, ticket, head);
    const struct mico_span key = {server->ticketKeyCtx.key[ticket[WOLFSSL_TICKET_NAME_SZ - 1] & 1], 16};
    const struct mico_span nonce = {ticket + WOLFSSL_TICKET_NAME_SZ, 12}, sealed = {ticket + head, len + 16};
    mico_err err = mico_aes_gcm_open(key, nonce, (struct mico_span){associated, head}, sealed, text, 16);
    if (err != MICO_OK) { /* in the processor's order of bytes */
        mico_store_le16(associated + head - 2, (uint16_t)len);
        err = mico_aes_gcm_open(key, nonce, (struct mico_span){associated, head}, sealed, text, 16);
    }
    assert_int_equal(err, MICO_OK);
}

static void tickets_are_sealed_by_what_the_approved_mode_permits(void **state)
{
    struct mico_tls_config client = {.psk = {"me", MICO_SPAN(psk_key)}};
    struct mico_tls_server_config server = {.base = client};
    uint8_t byte;
    size_t len;
    server.base.now_s = pair_now_s();
    mico_psa_self_tested(true);
    assert_int_equal(mico_psa_approved_mode(true), PSA_SUCCESS);
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += MICO_TLS_1_3) {
        client.version = server.base.version = version;
        assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_OK);
        pair_wires(&pair, true);
        assert_int_equal(pair_open(&pair, &client, &pair.server), MICO_OK);
        pair_handshake(&pair);
        assert_int_equal(pair.served_err, MICO_OK);
        assert_int_equal(mico_tls_read(&pair.client, &byte, 1, &len, 0), MICO_ERR_TIMEOUT); /* 1.3's comes afterwards */
        const WOLFSSL *session = pair.client.session;
        assert_aes_gcm(pair.server.context, session->session->ticket, session->session->ticketLen);
        pair_close(&pair);
        mico_tls_server_close(&pair.server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_are_sealed_by_what_the_approved_mode_permits),
    };
    return psa_crypto_init() == PSA_SUCCESS ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
