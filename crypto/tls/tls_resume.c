/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions that go on: a client's as bytes of the caller's, a server's last few by their ids. Tickets are wolfSSL's.
 *
 * The bytes: format (1), name_hash (8), wolfSSL's encoding of the session, SHA-256 of all that (first 8). */
#include "crypto/tls/internal.h"

#include <string.h>

#include <wolfssl/internal.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tls/tls_server.h"

#define FORMAT 1
#define HEAD 9
#define SUM 8
#define ID_AT 9 /* in wolfSSL's encoding: the length of the session's id, which it takes for granted */

static void sum(const uint8_t *data, size_t len, uint8_t out[SUM])
{
    uint8_t hash[32];
    mico_sha256(data, len, hash);
    memcpy(out, hash, SUM);
    mico_wipe(hash, sizeof hash);
}

/* True when there is something to go on from: an id or a ticket. */
static bool worth_saving(const WOLFSSL_SESSION *session)
{
    return session != NULL && (session->ticketLen != 0 || session->sessionIDSz != 0);
}

/* Inside tls_enter. */
static mico_err save(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len)
{
    WOLFSSL_SESSION *session = wolfSSL_get_session(tls->session);
    int size = worth_saving(session) ? wolfSSL_i2d_SSL_SESSION(session, NULL) : 0;
    if (size <= 0) {
        return MICO_OK;
    }
    if ((size_t)size + HEAD + SUM > cap) {
        return mico_tls_say(tls, "session: too long to save", MICO_ERR_SIZE);
    }
    unsigned char *at = out + HEAD;
    out[0] = FORMAT;
    memcpy(out + 1, tls->name_hash, sizeof tls->name_hash);
    (void)wolfSSL_i2d_SSL_SESSION(session, &at);
    sum(out, HEAD + (size_t)size, out + HEAD + size);
    *len = HEAD + (size_t)size + SUM;
    return MICO_OK;
}

mico_err mico_tls_save_session(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len)
{
    *len = 0;
    if (!tls->established || tls->server != NULL) {
        return mico_tls_say(tls, "not a client's connection", MICO_ERR_STATE);
    }
    mico_err err = tls_enter(tls);
    if (err == MICO_OK) {
        err = tls_leave(tls, save(tls, out, cap, len));
    }
    if (err != MICO_OK) {
        mico_wipe(out, *len);
        *len = 0;
    }
    return err;
}

/* One of another server, or of another build of MiCO, is no error: the handshake is then a whole one. An altered one is
 * told from a good one before wolfSSL, which trusts its lengths, sees it. */
static bool usable(const struct mico_tls *tls, struct mico_span saved)
{
    uint8_t want[SUM];
    if (saved.len < HEAD + ID_AT + 1 + SUM || saved.data[0] != FORMAT || saved.data[HEAD + ID_AT] > ID_LEN ||
        memcmp(saved.data + 1, tls->name_hash, sizeof tls->name_hash) != 0) {
        return false;
    }
    sum(saved.data, saved.len - SUM, want);
    return mico_ct_equal(want, saved.data + saved.len - SUM, SUM);
}

mico_err tls_resume(struct mico_tls *tls, const struct mico_tls_config *config)
{
#ifdef HAVE_SESSION_TICKET
    if (wolfSSL_UseSessionTicket(tls->session) != WOLFSSL_SUCCESS) {
        return mico_tls_say(tls, "session: out of memory", MICO_ERR_FULL);
    }
#endif
    if (!usable(tls, config->session)) {
        return MICO_OK;
    }
    const unsigned char *at = config->session.data + HEAD;
    WOLFSSL_SESSION *session = wolfSSL_d2i_SSL_SESSION(NULL, &at, (long)(config->session.len - HEAD - SUM));
    if (session != NULL) {
        /* A ticket is shown without an id, so that the server's next message says whether it resumes (RFC 5077, 3.4). wolfSSL sends
         * none, but while it has one it fails when the server does not. */
        session->sessionIDSz = session->ticketLen != 0 ? 0 : session->sessionIDSz;
        (void)wolfSSL_set_session(tls->session, session); /* refused when too old */
        wolfSSL_SESSION_free(session);
    }
    return MICO_OK;
}

#ifndef NO_WOLFSSL_SERVER
static struct mico_tls_server *server_of(WOLFSSL *session)
{
    const struct mico_tls *tls = wolfSSL_GetIOReadCtx(session);
    return tls->server;
}

static int keep(WOLFSSL *session, WOLFSSL_SESSION *entry)
{
    struct mico_tls_server *server = server_of(session);
    void **place = &server->sessions[server->next_session];
    wolfSSL_SESSION_free(*place);
    *place = entry;
    server->next_session = (server->next_session + 1) % MICO_TLS_SERVER_SESSIONS;
    return 1; /* the reference is ours now */
}

static WOLFSSL_SESSION *find(WOLFSSL *session, const unsigned char *id, int len, int *copy)
{
    struct mico_tls_server *server = server_of(session);
    *copy = 1; /* ours stays ours */
    for (size_t i = 0; i < MICO_TLS_SERVER_SESSIONS; i++) {
        WOLFSSL_SESSION *entry = server->sessions[i];
        const uint8_t *its = entry == NULL ? NULL : entry->haveAltSessionID ? entry->altSessionID : entry->sessionID;
        if (its != NULL && len == ID_LEN && memcmp(its, id, ID_LEN) == 0) {
            return entry;
        }
    }
    return NULL;
}
#endif

void tls_sessions_install(WOLFSSL_CTX *context, bool server)
{
    wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_NO_INTERNAL);
#ifndef NO_WOLFSSL_SERVER
    if (server) {
        wolfSSL_CTX_sess_set_new_cb(context, keep);
        wolfSSL_CTX_sess_set_get_cb(context, find);
    }
#endif
}

void tls_sessions_forget(struct mico_tls_server *server)
{
    for (size_t i = 0; i < MICO_TLS_SERVER_SESSIONS; i++) {
        wolfSSL_SESSION_free(server->sessions[i]);
        server->sessions[i] = NULL;
    }
}
