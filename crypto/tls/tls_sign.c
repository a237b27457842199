/* SPDX-License-Identifier: Apache-2.0 */
/* CertificateVerify and the server's key exchange, signed where the private key lives. An Ed25519 key is handed what is signed,
 * in TLS 1.2 a client's whole transcript, some KB. An ECDSA key that may sign messages only, as one in the coprocessor, which
 * wants to see what it signs, is handed the same; all else a hash. */
#include "crypto/tls/internal.h"

#include <wolfssl/internal.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#ifdef WOLFSSL_TLS13
#define MESSAGE_MOST MAX_SIG_DATA_SZ /* of a message that is made to be signed */
#else
#define MESSAGE_MOST 1
#endif

static int result(struct mico_tls *tls, psa_status_t status, size_t len, unsigned int *out_len)
{
    tls->sign_status = status;
    *out_len = (unsigned int)len;
    return status == PSA_SUCCESS ? 0 : MICO_TLS_SIGN_REFUSED;
}

static int sign_ed25519(WOLFSSL *session, const unsigned char *in, unsigned int len, unsigned char *out,
                        unsigned int *out_len, const unsigned char *key_der, unsigned int key_len, void *ctx)
{
    struct mico_tls *tls = ctx;
    size_t signature_len = 0;
    psa_status_t status = psa_sign_message(tls->key, PSA_ALG_PURE_EDDSA, in, len, out, *out_len, &signature_len);
    return result(tls, status, signature_len, out_len);
}

/* Of a hash that TLS made, by its length. */
static psa_algorithm_t hash_of(size_t len)
{
    return len == 32 ? PSA_ALG_SHA_256 : len == 48 ? PSA_ALG_SHA_384 : len == 64 ? PSA_ALG_SHA_512 : PSA_ALG_NONE;
}

/* How an ECDSA key wants to be asked. */
struct manner {
    bool deterministic, by_message;
};

static struct manner manner_of(psa_key_id_t key)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    bool known = psa_get_key_attributes(key, &attributes) == PSA_SUCCESS; /* if not, signing says why */
    struct manner manner = {
        PSA_ALG_IS_DETERMINISTIC_ECDSA(psa_get_key_algorithm(&attributes)),
        known && (psa_get_key_usage_flags(&attributes) & PSA_KEY_USAGE_SIGN_HASH) == 0,
    };
    psa_reset_key_attributes(&attributes);
    return manner;
}

/* What wolfSSL is about to have the hash of signed. */
static struct mico_span message_of(WOLFSSL *session, uint8_t room[MESSAGE_MOST])
{
#ifdef WOLFSSL_TLS13
    if (IsAtLeastTLSv1_3(session->version)) {
        word16 len = 0;
        bool made = CreateSigData(session, room, &len, 0) == 0;
        return (struct mico_span){room, made ? len : 0};
    }
#endif
    if (session->options.side == WOLFSSL_SERVER_END) {
        return (struct mico_span){session->buffers.sig.buffer, session->buffers.sig.length};
    }
    return (struct mico_span){session->hsHashes->messages, (size_t)session->hsHashes->length};
}

static psa_status_t sign_by_message(WOLFSSL *session, psa_key_id_t key, psa_algorithm_t alg, uint8_t *raw, size_t cap,
                                    size_t *len)
{
    uint8_t room[MESSAGE_MOST];
    struct mico_span message = message_of(session, room);
    return message.len == 0 ? PSA_ERROR_BAD_STATE
                            : psa_sign_message(key, alg, message.data, message.len, raw, cap, len);
}

/* PSA gives r and s side by side; TLS wants them as two integers of DER. */
static int sign_ecdsa(WOLFSSL *session, const unsigned char *in, unsigned int len, unsigned char *out, word32 *out_len,
                      const unsigned char *key_der, unsigned int key_len, void *ctx)
{
    struct mico_tls *tls = ctx;
    uint8_t raw[2 * 66];
    size_t raw_len = 0;
    psa_algorithm_t hash = hash_of(len);
    psa_status_t status = PSA_ERROR_NOT_SUPPORTED;
    if (hash != PSA_ALG_NONE) {
        struct manner manner = manner_of(tls->key);
        psa_algorithm_t alg = manner.deterministic ? PSA_ALG_DETERMINISTIC_ECDSA(hash) : PSA_ALG_ECDSA(hash);
        status = manner.by_message ? sign_by_message(session, tls->key, alg, raw, sizeof raw, &raw_len)
                                   : psa_sign_hash(tls->key, alg, in, len, raw, sizeof raw, &raw_len);
    }
    word32 half = (word32)raw_len / 2;
    if (status == PSA_SUCCESS && wc_ecc_rs_raw_to_sig(raw, half, raw + half, half, out, out_len) != 0) {
        status = PSA_ERROR_GENERIC_ERROR;
    }
    return result(tls, status, status == PSA_SUCCESS ? *out_len : 0, out_len);
}

#ifndef NO_RSA
/* One faulty signature by the Chinese remainder theorem gives an RSA key away: what was signed is verified before it goes
 * out. */
static psa_status_t check_rsa(psa_key_id_t key, psa_algorithm_t alg, struct mico_span hash, struct mico_span signature)
{
    uint8_t public_key[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
    size_t len;
    psa_key_id_t id = 0;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_PUBLIC_KEY);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
    psa_set_key_algorithm(&attributes, alg);
    psa_status_t status = psa_export_public_key(key, public_key, sizeof public_key, &len);
    if (status == PSA_SUCCESS) {
        status = psa_import_key(&attributes, public_key, len, &id);
    }
    if (status == PSA_SUCCESS) {
        status = psa_verify_hash(id, alg, hash.data, hash.len, signature.data, signature.len);
        (void)psa_destroy_key(id);
    }
    return status;
}

static int sign_rsa_hash(struct mico_tls *tls, psa_algorithm_t alg, struct mico_span hash, unsigned char *out,
                         unsigned int *out_len)
{
    size_t len = 0;
    psa_status_t status = psa_sign_hash(tls->key, alg, hash.data, hash.len, out, *out_len, &len);
    if (status == PSA_SUCCESS) {
        status = check_rsa(tls->key, alg, hash, (struct mico_span){out, len});
    }
    return result(tls, status, len, out_len);
}

/* in is the DigestInfo of RFC 8017 section 9.2, whose end is the hash. */
static int sign_rsa(WOLFSSL *session, const unsigned char *in, unsigned int len, unsigned char *out, word32 *out_len,
                    const unsigned char *key_der, unsigned int key_len, void *ctx)
{
    static const unsigned prefix_len = 19; /* before each of the SHA-2 that TLS uses */
    psa_algorithm_t hash = len > prefix_len ? hash_of(len - prefix_len) : PSA_ALG_NONE;
    if (hash == PSA_ALG_NONE) {
        return result(ctx, PSA_ERROR_NOT_SUPPORTED, 0, out_len);
    }
    return sign_rsa_hash(ctx, PSA_ALG_RSA_PKCS1V15_SIGN(hash), (struct mico_span){in + prefix_len, len - prefix_len},
                         out, out_len);
}

static int sign_rsa_pss(WOLFSSL *session, const unsigned char *in, unsigned int len, unsigned char *out,
                        unsigned int *out_len, int hash_type, int mgf, const unsigned char *key_der,
                        unsigned int key_len, void *ctx)
{
    psa_algorithm_t hash = hash_of(len);
    if (hash == PSA_ALG_NONE) {
        return result(ctx, PSA_ERROR_NOT_SUPPORTED, 0, out_len);
    }
    return sign_rsa_hash(ctx, PSA_ALG_RSA_PSS(hash), (struct mico_span){in, len}, out, out_len);
}

/* wolfSSL would check with the key that it does not have; check_rsa has done it. */
static int checked_rsa(WOLFSSL *session, unsigned char *signature, unsigned int len, unsigned char **out,
                       const unsigned char *key_der, unsigned int key_len, void *ctx)
{
    return 0;
}

static int checked_rsa_pss(WOLFSSL *session, unsigned char *signature, unsigned int len, unsigned char **out,
                           int hash_type, int mgf, const unsigned char *key_der, unsigned int key_len, void *ctx)
{
    return 0;
}
#endif

#ifndef NO_WOLFSSL_SERVER
/* A client would call it. A server that has one keeps the message of its key exchange until the hash is signed. */
static int keep_message(WOLFSSL *session, byte algorithm, const byte *signature, word32 len, const byte *randoms,
                        word32 randoms_len, const byte *params, word32 params_len)
{
    return NOT_COMPILED_IN;
}
#endif

void tls_sign_install(WOLFSSL_CTX *context)
{
#ifndef NO_WOLFSSL_SERVER
    if (context->method->side == WOLFSSL_SERVER_END) {
        wolfSSL_CTX_SetProcessServerSigKexCb(context, keep_message);
    }
#endif
    wolfSSL_CTX_SetEd25519SignCb(context, sign_ed25519);
    wolfSSL_CTX_SetEccSignCb(context, sign_ecdsa);
#ifndef NO_RSA
    wolfSSL_CTX_SetRsaSignCb(context, sign_rsa);
    wolfSSL_CTX_SetRsaSignCheckCb(context, checked_rsa);
    wolfSSL_CTX_SetRsaPssSignCb(context, sign_rsa_pss);
    wolfSSL_CTX_SetRsaPssSignCheckCb(context, checked_rsa_pss);
#endif
}

void tls_sign_attach(WOLFSSL *session, struct mico_tls *tls)
{
    wolfSSL_SetEd25519SignCtx(session, tls);
    wolfSSL_SetEccSignCtx(session, tls);
    if (tls->key != 0 && manner_of(tls->key).by_message) {
        session->options.cacheMessages = 1; /* as wolfSSL does for Ed25519 of its own accord */
    }
#ifndef NO_RSA
    wolfSSL_SetRsaSignCtx(session, tls);
    wolfSSL_SetRsaPssSignCtx(session, tls);
#endif
}
