/* SPDX-License-Identifier: Apache-2.0 */
/* What crypto/selftest asks of TLS, and names weakly: a program without TLS has none of it, and one without self-tests drops
 * tls_ccm_answer. */
#ifndef CRYPTO_TLS_TLS_ANSWER_H
#define CRYPTO_TLS_TLS_ANSWER_H

#include "base/bytes.h"
#include "base/err.h"

/* tls.c. Once for the program: the first connection must not run beside another. wolfSSL has its heap from here on. */
mico_err tls_start_library(void);

#define TLS_CCM_MOST 64 /* bytes of text */
struct tls_ccm {
    struct mico_span key, nonce, aad, text;
    size_t tag_len;
};
/* tls_psk.c. Seal text with the AES-CCM of TLS's records, tag and all, and open it again. MICO_ERR_PARAM, MICO_ERR_CRYPTO. */
mico_err tls_ccm_answer(const struct tls_ccm *with, uint8_t *sealed);

#endif
