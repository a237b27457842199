/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys from DER into PSA; wolfSSL reads the DER. */
#include "crypto/tls/tls_key.h"

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/tls/internal.h"

static mico_err import(struct mico_span bytes, psa_key_type_t type, psa_algorithm_t alg, psa_key_id_t *key)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_algorithm(&attributes, alg);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH);
    psa_status_t status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = psa_import_key(&attributes, bytes.data, bytes.len, key);
    }
    return status == PSA_ERROR_INVALID_ARGUMENT ? MICO_ERR_FORMAT : mico_err_of_psa(status);
}

static mico_err import_ed25519(struct mico_span der, psa_key_id_t *key)
{
    ed25519_key read;
    word32 at = 0;
    mico_err err = MICO_ERR_FORMAT;
    if (wc_ed25519_init(&read) == 0 && wc_Ed25519PrivateKeyDecode(der.data, &at, &read, (word32)der.len) == 0) {
        err = import((struct mico_span){read.k, 32}, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS),
                     PSA_ALG_PURE_EDDSA, key);
    }
    mico_wipe(&read, sizeof read);
    return err;
}

static mico_err import_ecdsa(struct mico_span der, psa_key_id_t *key)
{
    ecc_key read;
    uint8_t scalar[66];
    word32 at = 0, len = sizeof scalar;
    mico_err err = MICO_ERR_FORMAT;
    if (wc_ecc_init(&read) == 0 && wc_EccPrivateKeyDecode(der.data, &at, &read, (word32)der.len) == 0 &&
        wc_ecc_export_private_only(&read, scalar, &len) == 0) {
        err = import((struct mico_span){scalar, len}, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
                     PSA_ALG_ECDSA(PSA_ALG_ANY_HASH), key);
    }
    wc_ecc_free(&read);
    mico_wipe(&read, sizeof read);
    mico_wipe(scalar, sizeof scalar);
    return err;
}

/* PSA takes RFC 8017's form. */
static mico_err import_rsa(struct mico_span der, psa_key_id_t *key)
{
    word32 at = 0;
    int inner = wc_GetPkcs8TraditionalOffset((byte *)der.data, &at, (word32)der.len);
    if (inner > 0 && at + (word32)inner <= der.len) {
        der = (struct mico_span){der.data + at, (size_t)inner};
    }
    return import(der, PSA_KEY_TYPE_RSA_KEY_PAIR, MICO_PSA_ALG_RSA_TLS, key);
}

mico_err mico_tls_import_key(struct mico_span der, psa_key_id_t *key)
{
    mico_err err = der.data == NULL || der.len == 0 ? MICO_ERR_FORMAT : tls_start_library();
    if (err == MICO_OK && der.len > UINT16_MAX) {
        err = MICO_ERR_FORMAT;
    }
    if (err != MICO_OK) {
        return err;
    }
    err = import_ed25519(der, key);
    if (err == MICO_ERR_FORMAT) {
        err = import_ecdsa(der, key);
    }
    return err == MICO_ERR_FORMAT ? import_rsa(der, key) : err;
}
