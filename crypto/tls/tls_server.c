/* SPDX-License-Identifier: Apache-2.0 */
/* The server: what all its connections share, and the first half of each. */
#include "crypto/tls/tls_server.h"

#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/wolf_platform.h"
#include "crypto/tls/internal.h"

static struct mico_tls_server *all; /* that are open; under the generator's lock */

static void list(struct mico_tls_server *server)
{
    tls_zeroised_too();
    mico_wolf_lock();
    server->next = all;
    server->link = &all;
    if (all != NULL) {
        all->link = &server->next;
    }
    all = server;
    mico_wolf_unlock();
}

/* Under the lock. The connections that are left have a share in the context. */
static void wipe(struct mico_tls_server *server)
{
    if (server->link != NULL) {
        *server->link = server->next;
        if (server->next != NULL) {
            server->next->link = server->link;
        }
        server->link = NULL;
    }
    tls_sessions_forget(server);
    wolfSSL_CTX_free(server->context);
    server->context = NULL;
    mico_wipe(server->cookie_secret, sizeof server->cookie_secret);
}

/* Under the lock: one to be wiped that no call is in; those that one is in are doomed. NULL: none is left. */
static struct mico_tls_server *idle(bool doomed_only)
{
    struct mico_tls_server *found = NULL;
    for (struct mico_tls_server *server = all; server != NULL; server = server->next) {
        if (!doomed_only || server->doomed) {
            server->doomed = server->busy || tls_is_in_use(server);
            found = server->doomed ? found : server;
        }
    }
    return found;
}

void tls_servers_wipe(bool doomed_only)
{
    mico_wolf_lock();
    for (struct mico_tls_server *server = idle(doomed_only); server != NULL; server = idle(doomed_only)) {
        wipe(server);
    }
    mico_wolf_unlock();
}

static mico_err check_config(struct mico_tls *tls, const struct mico_tls_server_config *config)
{
    bool psk = config->psk_of != NULL || config->base.psk.identity != NULL;
    const char *wrong = config->base.chain.len == 0 && !psk ? "config: a server needs a chain or a psk"
                        : config->clients != MICO_TLS_CLIENTS_ANONYMOUS && config->base.root_count == 0
                            ? "config: no root certificate to check clients by"
                            : NULL;
    return wrong == NULL ? tls_check_common(tls, &config->base) : mico_tls_say(tls, wrong, MICO_ERR_PARAM);
}

static int verify_mode(enum mico_tls_clients clients)
{
    switch (clients) {
    case MICO_TLS_CLIENTS_ANONYMOUS:
        return WOLFSSL_VERIFY_NONE;
    case MICO_TLS_CLIENTS_OPTIONAL:
        return WOLFSSL_VERIFY_PEER;
    default:
        return WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    }
}

static mico_err prepare(struct mico_tls *tls, const struct mico_tls_server_config *config)
{
    struct mico_tls_config base = config->base;
    if (base.psk.identity == NULL && config->psk_of != NULL) {
        base.psk.identity = ""; /* the suites of pre-shared keys, too */
    }
    mico_err err = tls_context(tls, tls_method(&base, true), &base);
    if (err != MICO_OK) {
        return err;
    }
    wolfSSL_CTX_set_verify(tls->context, verify_mode(config->clients), NULL);
    if (base.psk.identity != NULL) {
        tls_psk_install(tls->context, true);
    }
    tls_sessions_install(tls->context, true);
    return MICO_OK;
}

mico_err mico_tls_server_open(struct mico_tls_server *server, const struct mico_tls_server_config *config)
{
    struct mico_tls tls = {.key = config->base.key}; /* for its context and reason */
    *server = (struct mico_tls_server){
        .key = config->base.key,
        .psk = config->base.psk,
        .psk_of = config->psk_of,
        .psk_ctx = config->psk_ctx,
        .version = config->base.version,
        .datagram = config->base.datagram,
        .mtu = config->base.mtu,
        .alpn = config->base.alpn,
        .retransmit_ms = config->base.retransmit_ms == 0 ? 1000 : config->base.retransmit_ms,
    };
    mico_err err = check_config(&tls, config);
    if (err == MICO_OK) {
        err = tls_start_library();
    }
    if (err == MICO_OK) {
        err = mico_random(server->cookie_secret, sizeof server->cookie_secret);
    }
    if (err == MICO_OK) {
        mico_wolf_set_time(config->base.now_s);
        err = prepare(&tls, config);
    }
    if (err != MICO_OK) {
        tls_release(&tls);
    }
    server->context = tls.context;
    memcpy(server->reason, tls.reason, sizeof server->reason);
    if (err == MICO_OK) {
        list(server);
    }
    return err;
}

/* What the cookie of DTLS is made of. */
static mico_err name_peer(struct mico_tls *tls, struct mico_span peer)
{
#ifdef WOLFSSL_DTLS
    const struct mico_tls_server *server = tls->server;
    if (!tls->datagram) {
        return MICO_OK;
    }
    bool named = wolfSSL_dtls_set_peer(tls->session, (void *)peer.data, (unsigned)peer.len) == WOLFSSL_SUCCESS &&
                 wolfSSL_DTLS_SetCookieSecret(tls->session, server->cookie_secret, sizeof server->cookie_secret) == 0;
#ifdef WOLFSSL_DTLS13
    if (server->version != MICO_TLS_1_2) {
        named = named && wolfSSL_send_hrr_cookie(tls->session, server->cookie_secret, sizeof server->cookie_secret) ==
                             WOLFSSL_SUCCESS;
    }
#endif
    return named ? MICO_OK : mico_tls_say(tls, "cookie: out of memory", MICO_ERR_FULL);
#else
    return MICO_OK;
#endif
}

mico_err mico_tls_accept_open(struct mico_tls_server *server, struct mico_tls *tls, const struct mico_tls_io *io,
                              struct mico_span peer, uint64_t now_s)
{
    *tls = (struct mico_tls){
        .context = server->context,
        .server = server,
        .io = *io,
        .key = server->key,
        .psk = server->psk,
        .datagram = server->datagram,
        .met = !server->datagram,
        .retransmit_ms = server->retransmit_ms,
    };
    mico_wolf_lock();
    bool open = server->busy = server->context != NULL && server->link != NULL;
    mico_wolf_unlock();
    if (!open) {
        return mico_tls_say(tls, "the server is not open", MICO_ERR_STATE);
    }
    mico_wolf_set_time(now_s);
    mico_err err = tls_session(tls, server->mtu, server->alpn);
    if (err == MICO_OK) {
        err = name_peer(tls, peer);
    }
    err = tls_leave(tls, err);
    mico_wolf_lock();
    server->busy = false;
    bool doomed = server->doomed;
    mico_wolf_unlock();
    if (doomed) {
        err = mico_tls_say(tls, "zeroised", MICO_ERR_STATE);
    }
    if (err != MICO_OK) {
        tls_release(tls);
    }
    tls_servers_wipe(true);
    return err;
}

mico_err mico_tls_accept(struct mico_tls_server *server, struct mico_tls *tls, const struct mico_tls_io *io,
                         struct mico_span peer, uint64_t now_s, uint32_t timeout_ms)
{
    mico_err err = mico_tls_accept_open(server, tls, io, peer, now_s);
    if (err != MICO_OK) {
        return err;
    }
    err = mico_tls_handshake(tls, timeout_ms);
    if (err != MICO_OK) {
        tls_release(tls);
    }
    return err;
}

bool mico_tls_met(const struct mico_tls *tls)
{
    return tls->met;
}

void mico_tls_asked_name(const struct mico_tls *tls, char *out, size_t cap)
{
    void *name = NULL;
    unsigned short len = tls->session == NULL ? 0 : wolfSSL_SNI_GetRequest(tls->session, WOLFSSL_SNI_HOST_NAME, &name);
    if (name == NULL || len >= cap || memchr(name, '\0', len) != NULL) {
        len = 0;
    }
    memcpy(out, name == NULL ? "" : name, len);
    out[len] = '\0';
}

void mico_tls_server_close(struct mico_tls_server *server)
{
    mico_wolf_lock();
    wipe(server);
    mico_wolf_unlock();
    mico_wipe(server, sizeof *server);
}
