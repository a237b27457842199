/* SPDX-License-Identifier: Apache-2.0 */
/* Pre-shared keys: RFC 4279 alone, RFC 5489 with ECDHE, RFC 8446 section 4.2.11. */
#include "crypto/tls/internal.h"

#include <string.h>

#include <wolfssl/wolfcrypt/aes.h>

#include "crypto/tls/tls_server.h"

/* wolfSSL takes 0 as "no such key". */
static unsigned give(const struct mico_tls *tls, unsigned char *key, unsigned cap)
{
    if (tls->psk.key.len > cap) {
        return 0;
    }
    memcpy(key, tls->psk.key.data, tls->psk.key.len);
    return (unsigned)tls->psk.key.len;
}

static unsigned key_of_client(WOLFSSL *session, const char *hint, char *identity, unsigned identity_cap,
                              unsigned char *key, unsigned cap)
{
    const struct mico_tls *tls = wolfSSL_GetIOReadCtx(session);
    size_t len = strlen(tls->psk.identity);
    if (len >= identity_cap) {
        return 0;
    }
    memcpy(identity, tls->psk.identity, len + 1);
    return give(tls, key, cap);
}

#ifndef NO_WOLFSSL_SERVER
static unsigned key_of_server(WOLFSSL *session, const char *identity, unsigned char *key, unsigned cap)
{
    const struct mico_tls *tls = wolfSSL_GetIOReadCtx(session);
    const struct mico_tls_server *server = tls->server;
    size_t len = 0;
    if (server->psk_of != NULL) {
        bool known = cap >= 64 && server->psk_of(server->psk_ctx, identity, key, &len) == MICO_OK;
        return known && len >= 16 && len <= 64 ? (unsigned)len : 0;
    }
    return strcmp(identity, tls->psk.identity) == 0 ? give(tls, key, cap) : 0;
}
#endif

void tls_psk_install(WOLFSSL_CTX *context, bool server)
{
    if (!server) {
        wolfSSL_CTX_set_psk_client_callback(context, key_of_client);
    }
#ifndef NO_WOLFSSL_SERVER
    else {
        wolfSSL_CTX_set_psk_server_callback(context, key_of_server);
    }
#endif
}

mico_err tls_ccm_answer(const struct tls_ccm *with, uint8_t *sealed)
{
    Aes aes;
    uint8_t back[TLS_CCM_MOST], *tag = sealed + with->text.len;
    const word32 len = (word32)with->text.len, aad_len = (word32)with->aad.len, nonce_len = (word32)with->nonce.len;
    bool good = len <= sizeof back && wc_AesInit(&aes, NULL, INVALID_DEVID) == 0;
    if (!good) {
        return MICO_ERR_PARAM;
    }
    good = wc_AesCcmSetKey(&aes, with->key.data, (word32)with->key.len) == 0 &&
           wc_AesCcmEncrypt(&aes, sealed, with->text.data, len, with->nonce.data, nonce_len, tag, (word32)with->tag_len,
                            with->aad.data, aad_len) == 0 &&
           wc_AesCcmDecrypt(&aes, back, sealed, len, with->nonce.data, nonce_len, tag, (word32)with->tag_len,
                            with->aad.data, aad_len) == 0 &&
           memcmp(back, with->text.data, len) == 0;
    wc_AesFree(&aes);
    mico_wipe(&aes, sizeof aes);
    return good ? MICO_OK : MICO_ERR_CRYPTO;
}
