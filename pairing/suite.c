/* SPDX-License-Identifier: Apache-2.0 */
/* HAP's cipher suite over PSA; see suite.h. */
#include "pairing/suite.h"

#include <string.h>

#include "crypto/psa/mico_psa.h"

#define STATEMENT_MAX (32 + MICO_HAP_ID_MAX + 32)

mico_err mico_hap_hkdf(struct mico_span secret, const char *salt, const char *info, uint8_t *out, size_t out_len)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&op, PSA_ALG_HKDF(PSA_ALG_SHA_512));
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SALT, (const uint8_t *)salt, strlen(salt));
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SECRET, secret.data, secret.len);
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, (const uint8_t *)info, strlen(info));
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_output_bytes(&op, out, out_len);
    }
    (void)psa_key_derivation_abort(&op);
    if (status != PSA_SUCCESS) {
        mico_wipe(out, out_len);
    }
    return mico_err_of_psa(status);
}

static psa_status_t import_chacha(const uint8_t key[32], psa_key_usage_t usage, psa_key_id_t *id)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_CHACHA20);
    psa_set_key_bits(&attributes, 256);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, PSA_ALG_CHACHA20_POLY1305);
    return psa_import_key(&attributes, key, 32, id);
}

static void nonce_of(const char *text, uint8_t nonce[12])
{
    memset(nonce, 0, 4);
    memcpy(nonce + 4, text, 8);
}

mico_err mico_hap_seal(const uint8_t key[32], const char *nonce_text, struct mico_span text, uint8_t *sealed)
{
    uint8_t nonce[12];
    nonce_of(nonce_text, nonce);
    size_t sealed_len = 0;
    psa_key_id_t id = PSA_KEY_ID_NULL;
    psa_status_t status = import_chacha(key, PSA_KEY_USAGE_ENCRYPT, &id);
    if (status == PSA_SUCCESS) {
        status = psa_aead_encrypt(id, PSA_ALG_CHACHA20_POLY1305, nonce, sizeof nonce, NULL, 0, text.data, text.len,
                                  sealed, text.len + MICO_HAP_TAG, &sealed_len);
    }
    (void)psa_destroy_key(id);
    if (status != PSA_SUCCESS) {
        mico_wipe(sealed, text.len + MICO_HAP_TAG);
    }
    return mico_err_of_psa(status);
}

mico_err mico_hap_open(const uint8_t key[32], const char *nonce_text, struct mico_span sealed, uint8_t *text)
{
    if (sealed.len < MICO_HAP_TAG) {
        return MICO_ERR_SIZE;
    }
    uint8_t nonce[12];
    nonce_of(nonce_text, nonce);
    size_t text_len = 0;
    psa_key_id_t id = PSA_KEY_ID_NULL;
    psa_status_t status = import_chacha(key, PSA_KEY_USAGE_DECRYPT, &id);
    if (status == PSA_SUCCESS) {
        status = psa_aead_decrypt(id, PSA_ALG_CHACHA20_POLY1305, nonce, sizeof nonce, NULL, 0, sealed.data, sealed.len,
                                  text, sealed.len - MICO_HAP_TAG, &text_len);
    }
    (void)psa_destroy_key(id);
    if (status != PSA_SUCCESS) {
        mico_wipe(text, sealed.len - MICO_HAP_TAG);
    }
    return mico_err_of_psa(status);
}

mico_err mico_hap_ephemeral(psa_key_id_t *key, uint8_t public_key[32])
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
    psa_set_key_algorithm(&attributes, PSA_ALG_ECDH);
    *key = PSA_KEY_ID_NULL;
    size_t len = 0;
    psa_status_t status = psa_generate_key(&attributes, key);
    if (status == PSA_SUCCESS) {
        status = psa_export_public_key(*key, public_key, 32, &len);
    }
    if (status != PSA_SUCCESS) {
        (void)psa_destroy_key(*key);
        *key = PSA_KEY_ID_NULL;
        mico_wipe(public_key, 32);
    }
    return mico_err_of_psa(status);
}

mico_err mico_hap_agree(psa_key_id_t key, struct mico_span peer, uint8_t shared[32])
{
    size_t len = 0;
    psa_status_t status = psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.len, shared, 32, &len);
    if (status == PSA_SUCCESS && mico_ct_is_zero(shared, 32)) {
        status = PSA_ERROR_INVALID_ARGUMENT; /* RFC 7748 section 6.1; whatever the driver thinks of it */
    }
    if (status != PSA_SUCCESS) {
        mico_wipe(shared, 32);
    }
    return mico_err_of_psa(status);
}

static mico_err statement_bytes(const struct mico_hap_statement *statement, uint8_t out[STATEMENT_MAX], size_t *len)
{
    if (statement->id.len == 0 || statement->id.len > MICO_HAP_ID_MAX) {
        return MICO_ERR_SIZE;
    }
    struct mico_writer w = mico_writer_of(out, STATEMENT_MAX);
    mico_write_bytes(&w, statement->first, 32);
    mico_write_bytes(&w, statement->id.data, statement->id.len);
    mico_write_bytes(&w, statement->last, 32);
    *len = w.len;
    return MICO_OK;
}

mico_err mico_hap_sign(psa_key_id_t key, const struct mico_hap_statement *statement, uint8_t signature[MICO_HAP_SIGNATURE])
{
    uint8_t message[STATEMENT_MAX];
    size_t len = 0;
    mico_err err = statement_bytes(statement, message, &len);
    if (err == MICO_OK) {
        size_t signature_len = 0;
        err = mico_err_of_psa(psa_sign_message(key, PSA_ALG_PURE_EDDSA, message, len, signature, MICO_HAP_SIGNATURE,
                                        &signature_len));
    }
    mico_wipe(message, sizeof message); /* `first` is derived from the session key in pair-setup */
    if (err != MICO_OK) {
        mico_wipe(signature, MICO_HAP_SIGNATURE);
    }
    return err;
}

mico_err mico_hap_verify(const uint8_t public_key[32], const struct mico_hap_statement *statement,
                         struct mico_span signature)
{
    uint8_t message[STATEMENT_MAX];
    size_t len = 0;
    mico_err err = statement_bytes(statement, message, &len);
    if (err != MICO_OK) {
        return err;
    }
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_MESSAGE);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_key_id_t id = PSA_KEY_ID_NULL;
    psa_status_t status = psa_import_key(&attributes, public_key, 32, &id);
    if (status == PSA_SUCCESS) {
        status = psa_verify_message(id, PSA_ALG_PURE_EDDSA, message, len, signature.data, signature.len);
    }
    (void)psa_destroy_key(id);
    mico_wipe(message, sizeof message);
    return status == PSA_SUCCESS ? MICO_OK : MICO_ERR_AUTH;
}

mico_err mico_hap_random(uint8_t *out, size_t len)
{
    return mico_err_of_psa(psa_generate_random(out, len));
}
