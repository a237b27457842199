/* SPDX-License-Identifier: Apache-2.0 */
/* CertificateVerify and the server's key exchange, signed where the private key lives. TLS 1.2 hands an Ed25519 key the
 * whole transcript, some KB; everything else is a hash or 130 bytes. */
#include "crypto/tls/internal.h"

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

void tls_sign_install(WOLFSSL_CTX *context)
{
    wolfSSL_CTX_SetEd25519SignCb(context, sign_ed25519);
}

void tls_sign_attach(WOLFSSL *session, struct mico_tls *tls)
{
    wolfSSL_SetEd25519SignCtx(session, tls);
}
