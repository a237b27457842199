/* SPDX-License-Identifier: Apache-2.0 */
/* Which protocol a connection speaks, as far as the build has it, and what was agreed on. */
#include "crypto/tls/internal.h"

#include "crypto/primitives/wolf_platform.h"

#ifdef WOLFSSL_DTLS
#define DTLS(method) method
#else
#define DTLS(method) NULL
#endif
#ifdef WOLFSSL_TLS13
#define TLS_13(method) method
#else
#define TLS_13(method) NULL
#endif
#ifdef WOLFSSL_DTLS13
#define DTLS_13(method) method
#else
#define DTLS_13(method) NULL
#endif

typedef WOLFSSL_METHOD *(*make_method)(void);

/* By datagram and enum mico_tls_version. */
static const make_method client[2][3] = {
    {wolfTLSv1_2_client_method, TLS_13(wolfTLS_client_method), TLS_13(wolfTLSv1_3_client_method)},
    {DTLS(wolfDTLSv1_2_client_method), DTLS_13(wolfDTLS_client_method), DTLS_13(wolfDTLSv1_3_client_method)},
};

#ifndef NO_WOLFSSL_SERVER
static const make_method serve[2][3] = {
    {wolfTLSv1_2_server_method, TLS_13(wolfTLS_server_method), TLS_13(wolfTLSv1_3_server_method)},
    {DTLS(wolfDTLSv1_2_server_method), DTLS_13(wolfDTLS_server_method), DTLS_13(wolfDTLSv1_3_server_method)},
};
#else
static const make_method serve[2][3];
#endif

WOLFSSL_METHOD *tls_method(const struct mico_tls_config *config, bool server)
{
    if (config->version > MICO_TLS_1_3) {
        return NULL;
    }
    make_method make = (server ? serve : client)[config->datagram][config->version];
    return make == NULL ? NULL : make();
}

/* Zeroisation by another thread may end the session, under the lock. */

const char *mico_tls_version(const struct mico_tls *tls)
{
    mico_wolf_lock();
    const char *name = tls->session == NULL ? "" : wolfSSL_get_version(tls->session);
    mico_wolf_unlock();
    return name;
}

const char *mico_tls_suite(const struct mico_tls *tls)
{
    mico_wolf_lock();
    const char *name = tls->session == NULL ? NULL : wolfSSL_get_cipher_name(tls->session);
    mico_wolf_unlock();
    return name == NULL ? "" : name;
}

bool mico_tls_resumed(const struct mico_tls *tls)
{
    mico_wolf_lock();
    bool resumed = tls->session != NULL && wolfSSL_session_reused(tls->session) == 1;
    mico_wolf_unlock();
    return resumed;
}
