/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists (RFC 5280 section 5), given by the caller. A list is checked by its issuer's key: at once when that is
 * a root, else when the issuer's certificate comes in the peer's chain; one that cannot be checked counts for nothing,
 * and without a list the peer is refused. */
#include "crypto/tls/internal.h"

#include <wolfssl/internal.h>

/* wolfSSL looks at nextUpdate; a list from the future is as wrong. */
static mico_err check_date(struct mico_tls *tls, const WOLFSSL_CRL *crl)
{
    const CRL_Entry *newest = crl->crlList;
    bool begun = wc_ValidateDate(newest->lastDate, newest->lastDateFormat, BEFORE) != 0;
    return begun ? MICO_OK : mico_tls_say(tls, "revocation list: not yet valid", MICO_ERR_PARAM);
}

mico_err tls_load_crls(struct mico_tls *tls, const struct mico_tls_config *config)
{
    if (config->crl_count == 0) {
        return MICO_OK;
    }
    WOLFSSL_CTX *context = tls->context;
    if (wolfSSL_CTX_EnableCRL(context, WOLFSSL_CRL_CHECKALL) != WOLFSSL_SUCCESS) {
        return mico_tls_say(tls, "revocation list: out of memory", MICO_ERR_FULL);
    }
    for (size_t i = 0; i < config->crl_count; i++) {
        int result = BufferLoadCRL(context->cm->crl, config->crls[i].data, (long)config->crls[i].len,
                                   WOLFSSL_FILETYPE_ASN1, NO_VERIFY);
        mico_err err = result == WOLFSSL_SUCCESS ? check_date(tls, context->cm->crl)
                                                 : mico_tls_explain(tls, "revocation list", result, MICO_ERR_PARAM);
        if (err != MICO_OK) {
            return err;
        }
    }
    return MICO_OK;
}
