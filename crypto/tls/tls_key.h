/* SPDX-License-Identifier: Apache-2.0 */
/* A private key of a file, for programs whose keys are not born in a coprocessor. */
#ifndef CRYPTO_TLS_TLS_KEY_H
#define CRYPTO_TLS_TLS_KEY_H

#include "base/bytes.h"
#include "base/err.h"
#include "psa/crypto.h"

/** A volatile key of PSA that may sign, from DER: PKCS #8 (RFC 5208) of Ed25519, ECDSA or RSA, or RFC 5915's or RFC 8017's own
 * form of the latter two. RSA keys sign by MICO_PSA_ALG_RSA_TLS. Keeps no pointer; the caller destroys the key, and wipes der.
 * MICO_ERR_FORMAT, MICO_ERR_UNSUPPORTED (a kind or curve that the build does not have), MICO_ERR_FULL. */
MICO_MUST_USE mico_err mico_tls_import_key(struct mico_span der, psa_key_id_t *key);

#endif
