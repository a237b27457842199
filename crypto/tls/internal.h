/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/tls: what its files have of one another. */
#ifndef CRYPTO_TLS_INTERNAL_H
#define CRYPTO_TLS_INTERNAL_H

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/ssl.h>

#include "crypto/tls/tls.h"
#include "crypto/tls/tls_answer.h"
#include "crypto/tls/tls_reason.h"

#define MTU_LEAST 256
#define MTU_ORDINARY 1400
#define MTU_MOST 1500
#define RECORD_MOST 16384

/* tls.c. tls_start_library is in tls_answer.h. */

/* tls_all.c. A connection with a session is in the list from tls_list, under the generator's lock, to tls_release. Every call on
 * one that lets something in or out: err = tls_enter(tls); if MICO_OK … return tls_leave(tls, err). Both release it when the
 * module is in its error state, tls_leave also when all was zeroised meanwhile: MICO_ERR_STATE. tls_may: the first half of
 * tls_enter. */
void tls_list(struct mico_tls *tls);
void tls_release(struct mico_tls *tls);
mico_err tls_may(struct mico_tls *tls);
mico_err tls_enter(struct mico_tls *tls);
mico_err tls_leave(struct mico_tls *tls, mico_err err);

/* From here on zeroisation reaches TLS too. */
void tls_zeroised_too(void);
/* Under the generator's lock: is a call in one of a server's connections? */
bool tls_is_in_use(const struct mico_tls_server *server);

/* tls_server.c: wipe what servers have, all or those that are doomed, but for those that a call is in. */
#ifdef MICO_TLS_SERVER
void tls_servers_wipe(bool doomed_only);
#else
static inline void tls_servers_wipe(bool doomed_only)
{
}
#endif

/* tls_io.c: wolfSSL's bytes, deadlines and the timer of DTLS. */
void tls_set_deadline(struct mico_tls *tls, uint32_t timeout_ms);
void tls_io_install(WOLFSSL_CTX *context);
/* DTLS: send anew what was lost if its time has come. MICO_ERR_TIMEOUT: given up. */
mico_err tls_retransmit(struct mico_tls *tls);

/* tls_context.c: what client and server set up alike. */
mico_err tls_context(struct mico_tls *tls, WOLFSSL_METHOD *method, const struct mico_tls_config *config);
mico_err tls_check_common(struct mico_tls *tls, const struct mico_tls_config *config);
/* A session of tls->context with io, timer and contexts of the callbacks. The connection is entered then, whatever comes: tls_leave. */
mico_err tls_session(struct mico_tls *tls, uint16_t mtu, const char *alpn);
WOLFSSL_METHOD *tls_method(const struct mico_tls_config *config, bool server);

/* tls_sign.c: the private key behind PSA. */
void tls_sign_install(WOLFSSL_CTX *context);
void tls_sign_attach(WOLFSSL *session, struct mico_tls *tls);

/* Parts that a build may leave out (cmake's MICO_TLS): tls_crl.c, tls_psk.c, tls_resume.c. Without one, config may not ask
 * for it (tls_check_common), or it makes no difference. */
#ifdef MICO_TLS_CRL
mico_err tls_load_crls(struct mico_tls *tls, const struct mico_tls_config *config);
#else
static inline mico_err tls_load_crls(struct mico_tls *tls, const struct mico_tls_config *config)
{
    return MICO_OK;
}
#endif

#ifdef MICO_TLS_PSK
void tls_psk_install(WOLFSSL_CTX *context, bool server);
#else
static inline void tls_psk_install(WOLFSSL_CTX *context, bool server)
{
}
#endif

#ifdef MICO_TLS_RESUME
void tls_sessions_install(WOLFSSL_CTX *context, bool server);
mico_err tls_resume(struct mico_tls *tls, const struct mico_tls_config *config);
void tls_sessions_forget(struct mico_tls_server *server);
#else
static inline void tls_sessions_install(WOLFSSL_CTX *context, bool server)
{
}
static inline mico_err tls_resume(struct mico_tls *tls, const struct mico_tls_config *config)
{
    return MICO_OK;
}
static inline void tls_sessions_forget(struct mico_tls_server *server)
{
}
#endif

#endif
