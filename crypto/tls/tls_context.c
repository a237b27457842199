/* SPDX-License-Identifier: Apache-2.0 */
/* What client and server set up alike: protocol, suites, groups, trust, identity. */
#include "crypto/tls/internal.h"

#include <string.h>

#include <wolfssl/internal.h>

#include "crypto/primitives/trust.h"
#include "crypto/primitives/wolf_platform.h"

#define NOT_IN_BUILD "config: this build leaves the wanted protocol or mode out"
#define RSA_BITS_LEAST 2048 /* of any key in a chain: NIST SP 800-131A */

/* All that a build may have; it passes over the names that it does not know. */
#define SUITES                                                                                 \
    "TLS13-AES128-GCM-SHA256:TLS13-CHACHA20-POLY1305-SHA256:TLS13-AES256-GCM-SHA384:"          \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256:" \
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
#define SUITES_PSK                                                                                                    \
    "TLS13-AES128-GCM-SHA256:TLS13-CHACHA20-POLY1305-SHA256:ECDHE-PSK-AES128-GCM-SHA256:ECDHE-PSK-CHACHA20-POLY1305:" \
    "PSK-AES128-GCM-SHA256:PSK-CHACHA20-POLY1305:PSK-AES128-CCM-8"

/* What config asks for and the build leaves out, by its name; NULL: nothing. */
static const char *left_out(const struct mico_tls_config *config)
{
#ifndef MICO_TLS_CRL
    if (config->crl_count != 0) {
        return "config: this build leaves revocation lists out";
    }
#endif
#ifndef MICO_TLS_PSK
    if (config->psk.identity != NULL) {
        return "config: this build leaves pre-shared keys out";
    }
#endif
#ifndef MICO_TLS_ALPN
    if (config->alpn != NULL) {
        return "config: this build leaves ALPN out";
    }
#endif
    return NULL;
}

static mico_err check_datagram(struct mico_tls *tls, const struct mico_tls_config *config)
{
    bool fits = config->mtu == 0 || (config->mtu >= MTU_LEAST && config->mtu <= MTU_MOST);
    return fits ? MICO_OK : mico_tls_say(tls, "config: mtu is not from 256 to 1500", MICO_ERR_PARAM);
}

mico_err tls_check_common(struct mico_tls *tls, const struct mico_tls_config *config)
{
    bool psk = config->psk.identity != NULL;
    if (left_out(config) != NULL) {
        return mico_tls_say(tls, left_out(config), MICO_ERR_UNSUPPORTED);
    }
    const char *wrong = (config->chain.len == 0) != (config->key == 0) ? "config: chain and key must come together"
                        : psk && strlen(config->psk.identity) > 128    ? "config: psk's identity too long"
                        : psk && (config->psk.key.len < 16 || config->psk.key.len > 64)
                            ? "config: psk's key must have 16 to 64 bytes"
                            : NULL;
    if (wrong == NULL && config->crl_count != 0 && config->root_count == 0) {
        wrong = "config: revocation lists without a root";
    }
    return wrong == NULL ? check_datagram(tls, config) : mico_tls_say(tls, wrong, MICO_ERR_PARAM);
}

/* Trust and identity: what the peer is checked by, and what we show. */
static mico_err load_certificates(struct mico_tls *tls, const struct mico_tls_config *config)
{
    for (size_t i = 0; i < config->root_count; i++) {
        int result = wolfSSL_CTX_load_verify_buffer(tls->context, config->roots[i].data, (long)config->roots[i].len,
                                                    WOLFSSL_FILETYPE_ASN1);
        if (result != WOLFSSL_SUCCESS) {
            return mico_tls_explain(tls, "root certificate", result, MICO_ERR_PARAM);
        }
    }
    if (config->chain.len != 0) {
        int result = wolfSSL_CTX_use_certificate_chain_buffer_format(tls->context, config->chain.data,
                                                                     (long)config->chain.len, WOLFSSL_FILETYPE_ASN1);
        if (result != WOLFSSL_SUCCESS) {
            return mico_tls_explain(tls, "own certificate", result, MICO_ERR_PARAM);
        }
        tls_sign_install(tls->context);
    }
    return tls_load_crls(tls, config);
}

#ifdef MICO_TLS_APPROVED
/* The approved mode: of the suites that a build may have all but ChaCha20-Poly1305's are approved. False: there was one of those. */
static bool keep_approved(Suites *suites)
{
    word16 kept = 0;
    for (word16 i = 0; i + 1 < suites->suiteSz; i += 2) {
        const byte *suite = suites->suites + i;
        bool chacha = suite[0] == CHACHA_BYTE || (suite[0] == TLS13_BYTE && suite[1] == TLS_CHACHA20_POLY1305_SHA256);
        if (!chacha) {
            memmove(suites->suites + kept, suite, 2);
            kept += 2;
        }
    }
    bool all = kept == suites->suiteSz;
    suites->suiteSz = kept;
    return all;
}

/* What config and build may have in the approved mode. */
static mico_err check_approved(struct mico_tls *tls, const struct mico_tls_config *config)
{
    WOLFSSL_CTX *context = tls->context;
    bool all = !mico_trust_approved() || keep_approved(context->suites);
    return all || config->suites == NULL ? MICO_OK
                                         : mico_tls_say(tls, "config: a suite is not approved", MICO_ERR_DENIED);
}
#else
static mico_err check_approved(struct mico_tls *tls, const struct mico_tls_config *config)
{
    return mico_trust_approved() ? mico_tls_say(tls, NOT_IN_BUILD, MICO_ERR_UNSUPPORTED) : MICO_OK;
}
#endif

/* In the approved mode not X25519. Of a server they are what it takes of a client's (cmake/wolfssl.cmake). */
static bool set_groups(WOLFSSL_CTX *context)
{
    return (mico_trust_approved() || wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_X25519) == WOLFSSL_SUCCESS) &&
           wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_SECP256R1) == WOLFSSL_SUCCESS
#ifdef HAVE_ECC384
           && wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_SECP384R1) == WOLFSSL_SUCCESS
#endif
        ;
}

mico_err tls_context(struct mico_tls *tls, WOLFSSL_METHOD *method, const struct mico_tls_config *config)
{
    if (method == NULL) {
        return mico_tls_say(tls, NOT_IN_BUILD, MICO_ERR_UNSUPPORTED);
    }
    WOLFSSL_CTX *context = tls->context = wolfSSL_CTX_new(method);
    if (context == NULL) {
        return mico_tls_explain(tls, "context", 0, MICO_ERR_FULL);
    }
    tls_io_install(context);
#ifndef NO_RSA
    (void)wolfSSL_CTX_SetMinRsaKey_Sz(context, RSA_BITS_LEAST);
#endif
    bool psk_alone = config->psk.identity != NULL && config->root_count == 0 && config->chain.len == 0;
    const char *suites = config->suites != NULL ? config->suites
                         : psk_alone            ? SUITES_PSK
                         : config->psk.identity ? SUITES_PSK ":" SUITES
                                                : SUITES;
    if (wolfSSL_CTX_set_cipher_list(context, suites) != WOLFSSL_SUCCESS) {
        return mico_tls_say(tls, "config: none of the suites is known here", MICO_ERR_PARAM);
    }
    mico_err err = check_approved(tls, config);
    if (err != MICO_OK) {
        return err;
    }
    if (!set_groups(context)) {
        return mico_tls_explain(tls, "groups", 0, MICO_ERR_FULL);
    }
    return load_certificates(tls, config);
}

static bool set_alpn(WOLFSSL *session, const char *alpn)
{
#ifdef HAVE_ALPN
    char names[128]; /* wolfSSL cuts them apart in place */
    size_t len = strlen(alpn);
    if (len >= sizeof names) {
        return false;
    }
    memcpy(names, alpn, len + 1);
    return wolfSSL_UseALPN(session, names, (unsigned)len, WOLFSSL_ALPN_FAILED_ON_MISMATCH) == WOLFSSL_SUCCESS;
#else
    return false;
#endif
}

const char *mico_tls_alpn(const struct mico_tls *tls)
{
    char *name = NULL;
#ifdef HAVE_ALPN
    unsigned short len;
    mico_wolf_lock();
    if (tls->session == NULL || wolfSSL_ALPN_GetProtocol(tls->session, &name, &len) != WOLFSSL_SUCCESS) {
        name = NULL;
    }
    mico_wolf_unlock();
#endif
    return name == NULL ? "" : name;
}

mico_err tls_session(struct mico_tls *tls, uint16_t mtu, const char *alpn)
{
    mico_err err = tls_may(tls);
    if (err != MICO_OK) {
        return err;
    }
    tls_zeroised_too();
    mico_wolf_lock(); /* it seeds a generator of its own */
    WOLFSSL *session = wolfSSL_new(tls->context);
    if (session != NULL) {
        tls->session = session;
        tls->busy = true; /* until tls_leave of who opens it */
        tls_list(tls);
    }
    mico_wolf_unlock();
    if (session == NULL) {
        err = tls_may(tls); /* the entropy source has failed */
        return err != MICO_OK ? err : mico_tls_explain(tls, "session", 0, MICO_ERR_FULL);
    }
    wolfSSL_SetIOReadCtx(session, tls);
    wolfSSL_SetIOWriteCtx(session, tls);
    tls_sign_attach(session, tls);
    if (alpn != NULL && !set_alpn(session, alpn)) {
        return mico_tls_say(tls, "config: alpn is too long", MICO_ERR_PARAM);
    }
#ifdef WOLFSSL_DTLS
    if (tls->datagram) {
        wolfSSL_dtls_set_using_nonblock(session, 1); /* tls_io.c has the timer */
        (void)wolfSSL_dtls_set_mtu(session, mtu == 0 ? MTU_ORDINARY : mtu);
    }
#endif
    return MICO_OK;
}
