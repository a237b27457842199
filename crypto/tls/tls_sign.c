/* SPDX-License-Identifier: Apache-2.0 */
/* CertificateVerify and the server's key exchange, signed where the private key lives. In TLS 1.2 an Ed25519 key is handed
 * the whole transcript, some KB; everything else is a hash or 130 bytes. */
#include "crypto/tls/internal.h"

#include <wolfssl/wolfcrypt/ecc.h>

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

/* The algorithm of the kind that the key is for. */
static psa_algorithm_t ecdsa_of(psa_key_id_t key, psa_algorithm_t hash)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_status_t status = psa_get_key_attributes(key, &attributes);
    psa_algorithm_t alg = status == PSA_SUCCESS ? psa_get_key_algorithm(&attributes) : PSA_ALG_NONE;
    psa_reset_key_attributes(&attributes);
    return PSA_ALG_IS_DETERMINISTIC_ECDSA(alg) ? PSA_ALG_DETERMINISTIC_ECDSA(hash) : PSA_ALG_ECDSA(hash);
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
        status = psa_sign_hash(tls->key, ecdsa_of(tls->key, hash), in, len, raw, sizeof raw, &raw_len);
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

void tls_sign_install(WOLFSSL_CTX *context)
{
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
#ifndef NO_RSA
    wolfSSL_SetRsaSignCtx(session, tls);
    wolfSSL_SetRsaPssSignCtx(session, tls);
#endif
}
