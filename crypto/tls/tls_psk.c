/* SPDX-License-Identifier: Apache-2.0 */
/* Pre-shared keys: RFC 4279 alone, RFC 5489 with ECDHE, RFC 8446 section 4.2.11. */
#include "crypto/tls/internal.h"

#include <string.h>

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
