/* SPDX-License-Identifier: Apache-2.0 */
/* The TLS client over wolfSSL: set-up, handshake, records. Reasons for failures are in tls_reason.c. */
#include "crypto/tls/tls.h"

#include <stdlib.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/ssl.h>

#include "crypto/primitives/wolf_platform.h"
#include "crypto/tls/tls_reason.h"
#include "os/port/clock.h"

#define CIPHERS "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305"

/* wolfSSL asks for the bytes of records here; the time left is the running call's. */
static uint32_t time_left(const struct mico_tls *tls)
{
    uint64_t now = mico_clock_ms();
    return now >= tls->deadline_ms ? 0 : (uint32_t)(tls->deadline_ms - now);
}

static void set_deadline(struct mico_tls *tls, uint32_t timeout_ms)
{
    tls->timeout_ms = timeout_ms;
    tls->deadline_ms = mico_clock_ms() + timeout_ms;
    tls->io_error = MICO_OK;
    tls->reason[0] = '\0';
}

static int io_result(struct mico_tls *tls, mico_err err, size_t moved, int want)
{
    if (err == MICO_OK && moved > 0) {
        return (int)moved;
    }
    tls->io_error = err == MICO_OK ? MICO_ERR_IO : err;
    switch (tls->io_error) {
    case MICO_ERR_TIMEOUT:
        return want;
    case MICO_ERR_CLOSED:
        return WOLFSSL_CBIO_ERR_CONN_CLOSE;
    default:
        return WOLFSSL_CBIO_ERR_GENERAL;
    }
}

static int receive_record(WOLFSSL *session, char *out, int cap, void *ctx)
{
    struct mico_tls *tls = ctx;
    size_t len = 0;
    mico_err err = tls->io.receive(tls->io.ctx, (uint8_t *)out, (size_t)cap, &len, time_left(tls));
    return io_result(tls, err, len, WOLFSSL_CBIO_ERR_WANT_READ);
}

static int send_record(WOLFSSL *session, char *data, int len, void *ctx)
{
    struct mico_tls *tls = ctx;
    size_t sent = 0;
    mico_err err = tls->io.send(tls->io.ctx, (const uint8_t *)data, (size_t)len, &sent, time_left(tls));
    return io_result(tls, err, sent, WOLFSSL_CBIO_ERR_WANT_WRITE);
}

/* CertificateVerify: the whole transcript so far, signed where the key lives. */
static int sign_transcript(WOLFSSL *session, const unsigned char *in, unsigned int len, unsigned char *out,
                           unsigned int *out_len, const unsigned char *key_der, unsigned int key_len, void *ctx)
{
    struct mico_tls *tls = ctx;
    size_t signature_len = 0;
    tls->sign_status = psa_sign_message(tls->key, PSA_ALG_PURE_EDDSA, in, len, out, *out_len, &signature_len);
    *out_len = (unsigned int)signature_len;
    return tls->sign_status == PSA_SUCCESS ? 0 : MICO_TLS_SIGN_REFUSED;
}

static void *heap_alloc(size_t len)
{
    return malloc(len);
}
static void *heap_resize(void *block, size_t len)
{
    return realloc(block, len);
}
static void heap_release(void *block)
{
    free(block);
}

/* Once for the program: the first connection must not run beside another. */
static mico_err start_library(void)
{
    static const struct mico_wolf_heap heap = {heap_alloc, heap_resize, heap_release};
    static bool started;
    if (!started) {
        mico_wolf_use_heap(&heap);
        started = wolfSSL_Init() == WOLFSSL_SUCCESS;
    }
    return started ? MICO_OK : MICO_ERR_FULL;
}

static void release(struct mico_tls *tls)
{
    wolfSSL_free(tls->session);
    wolfSSL_CTX_free(tls->context);
    tls->session = NULL;
    tls->context = NULL;
}

/* Trust and identity: what the server is checked by, and what we show. */
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
        wolfSSL_CTX_SetEd25519SignCb(tls->context, sign_transcript);
    }
    return MICO_OK;
}

static bool is_address(const char *name)
{
    return name[strspn(name, "0123456789.")] == '\0';
}

static mico_err make_session(struct mico_tls *tls, const struct mico_tls_config *config)
{
    WOLFSSL *session = tls->session = wolfSSL_new(tls->context);
    if (session == NULL) {
        return mico_tls_explain(tls, "session", 0, MICO_ERR_FULL);
    }
    wolfSSL_SetIOReadCtx(session, tls);
    wolfSSL_SetIOWriteCtx(session, tls);
    wolfSSL_SetEd25519SignCtx(session, tls);
    size_t len = strlen(config->server_name);
    bool named = wolfSSL_check_domain_name(session, config->server_name) == WOLFSSL_SUCCESS &&
                 (is_address(config->server_name) || wolfSSL_UseSNI(session, WOLFSSL_SNI_HOST_NAME, config->server_name,
                                                                    (unsigned short)len) == WOLFSSL_SUCCESS);
    return named ? MICO_OK : mico_tls_explain(tls, "server name", 0, MICO_ERR_FULL);
}

static mico_err make_context(struct mico_tls *tls, const struct mico_tls_config *config)
{
    WOLFSSL_CTX *context = tls->context = wolfSSL_CTX_new(wolfTLSv1_2_client_method());
    if (context == NULL) {
        return mico_tls_explain(tls, "context", 0, MICO_ERR_FULL);
    }
    wolfSSL_CTX_SetIORecv(context, receive_record);
    wolfSSL_CTX_SetIOSend(context, send_record);
    wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER, NULL);
    bool set = wolfSSL_CTX_set_cipher_list(context, CIPHERS) == WOLFSSL_SUCCESS &&
               wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_X25519) == WOLFSSL_SUCCESS &&
               wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_SECP256R1) == WOLFSSL_SUCCESS;
    if (!set) {
        return mico_tls_explain(tls, "suites", 0, MICO_ERR_FULL);
    }
    return load_certificates(tls, config);
}

static mico_err check_config(struct mico_tls *tls, const struct mico_tls_config *config)
{
    const char *wrong = config->root_count == 0                                ? "config: no root certificate"
                        : config->server_name == NULL || !*config->server_name ? "config: no server name"
                        : strlen(config->server_name) > 253                    ? "config: server name too long"
                        : (config->chain.len == 0) != (config->key == 0) ? "config: chain and key must come together"
                                                                         : NULL;
    return wrong == NULL ? MICO_OK : mico_tls_say(tls, wrong, MICO_ERR_PARAM);
}

mico_err mico_tls_connect(struct mico_tls *tls, const struct mico_tls_config *config)
{
    memset(tls, 0, sizeof *tls);
    tls->io = config->io;
    tls->key = config->key;
    set_deadline(tls, config->timeout_ms);
    mico_err err = check_config(tls, config);
    if (err == MICO_OK) {
        err = start_library();
    }
    mico_wolf_set_time(config->now_s);
    if (err == MICO_OK) {
        err = make_context(tls, config);
    }
    if (err == MICO_OK) {
        err = make_session(tls, config);
    }
    if (err == MICO_OK) {
        int result = wolfSSL_connect(tls->session);
        if (result != WOLFSSL_SUCCESS) {
            err = mico_tls_explain_session(tls, result);
        }
    }
    if (err != MICO_OK) {
        release(tls);
    }
    return err;
}

mico_err mico_tls_write(struct mico_tls *tls, const uint8_t *data, size_t len, uint32_t timeout_ms)
{
    if (tls->session == NULL) {
        return mico_tls_say(tls, "not connected", MICO_ERR_STATE);
    }
    set_deadline(tls, timeout_ms);
    while (len > 0) {
        int piece = len < 16384 ? (int)len : 16384;
        int result = wolfSSL_write(tls->session, data, piece);
        if (result <= 0) {
            return mico_tls_explain_session(tls, result);
        }
        data += result;
        len -= (size_t)result;
    }
    return MICO_OK;
}

mico_err mico_tls_read(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = 0;
    if (tls->session == NULL) {
        return mico_tls_say(tls, "not connected", MICO_ERR_STATE);
    }
    if (cap == 0) {
        return MICO_ERR_SIZE;
    }
    set_deadline(tls, timeout_ms);
    int result = wolfSSL_read(tls->session, out, cap < 16384 ? (int)cap : 16384);
    if (result <= 0) {
        return mico_tls_explain_session(tls, result);
    }
    *len = (size_t)result;
    return MICO_OK;
}

void mico_tls_close(struct mico_tls *tls)
{
    if (tls->session != NULL && tls->io_error != MICO_ERR_CLOSED && tls->io_error != MICO_ERR_IO) {
        set_deadline(tls, 1000);
        (void)wolfSSL_shutdown(tls->session); /* our close_notify; the server's is not waited for */
    }
    release(tls);
}
