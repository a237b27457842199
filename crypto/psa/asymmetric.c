/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's key pairs and public keys. The note of an Ed25519 pair is seed and public key, so that signing need not
 * derive the second one; that of any other key here is its bytes. */
#include "crypto/psa/asymmetric.h"

#include <string.h>

#include "crypto/psa/core.h"

/* Is it a type that is known here, of a size that fits? */
static psa_status_t check(const struct mico_psa_key *key, size_t bits)
{
    psa_key_type_t type = key->attributes.type;
    if (type != PSA_EDWARDS_PAIR && type != PSA_EDWARDS_PUBLIC && type != PSA_MONTGOMERY_PAIR &&
        type != PSA_MONTGOMERY_PUBLIC) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    return bits == 255 ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_asymmetric_import(struct mico_psa_key *key, struct mico_span data)
{
    size_t size = key->attributes.type == PSA_EDWARDS_PAIR ? 64 : 32;
    psa_status_t status = check(key, 255);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (data.len != 32 || (key->attributes.bits != 0 && key->attributes.bits != 255)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (key->note_cap < size) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    memcpy(key->note, data.data, 32);
    if (key->attributes.type == PSA_EDWARDS_PAIR) {
        mico_ed25519_public(key->note, key->note + 32);
    }
    key->note_len = size;
    key->attributes.bits = 255;
    return PSA_SUCCESS;
}

psa_status_t psa_asymmetric_generate(struct mico_psa_key *key, struct mico_span custom)
{
    uint8_t bytes[32];
    psa_status_t status = check(key, key->attributes.bits);
    if (status == PSA_SUCCESS) {
        status = psa_status_of(mico_random(bytes, sizeof bytes));
    }
    if (status == PSA_SUCCESS) {
        status = psa_asymmetric_import(key, (struct mico_span){bytes, sizeof bytes});
    }
    mico_wipe(bytes, sizeof bytes);
    return status;
}

psa_status_t psa_asymmetric_export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    memcpy(out, key->note, 32);
    *len = 32;
    return PSA_SUCCESS;
}

psa_status_t psa_asymmetric_export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (key->attributes.type == PSA_MONTGOMERY_PAIR) {
        mico_x25519_public(key->note, out);
    } else {
        memcpy(out, key->note + (key->attributes.type == PSA_EDWARDS_PAIR ? 32 : 0), 32);
    }
    *len = 32;
    return PSA_SUCCESS;
}

psa_status_t psa_asymmetric_sign_message(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                         uint8_t *out, size_t cap, size_t *len)
{
    if (alg != PSA_ALG_PURE_EDDSA) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (key->attributes.type != PSA_EDWARDS_PAIR) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 64) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    mico_ed25519_sign(key->note, key->note + 32, message, out);
    *len = 64;
    return PSA_SUCCESS;
}

psa_status_t psa_asymmetric_verify_message(const struct mico_psa_key *key, psa_algorithm_t alg,
                                           struct mico_span message, struct mico_span signature)
{
    if (alg != PSA_ALG_PURE_EDDSA) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(key->attributes.type) != PSA_EDWARDS_PUBLIC) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    const uint8_t *public_key = key->note + (key->attributes.type == PSA_EDWARDS_PAIR ? 32 : 0);
    bool valid = signature.len == 64 && mico_ed25519_verify(public_key, message, signature.data) == MICO_OK;
    return valid ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

psa_status_t psa_asymmetric_sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                      uint8_t *out, size_t cap, size_t *len)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_asymmetric_verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                        struct mico_span signature)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_asymmetric_encrypt_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                                         struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_asymmetric_decrypt_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                                         struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_asymmetric_agree_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                                       uint8_t *out, size_t cap, size_t *len)
{
    if (alg != PSA_ALG_ECDH) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (key->attributes.type != PSA_MONTGOMERY_PAIR || peer.len != 32) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of(mico_x25519(key->note, peer.data, out));
    *len = status == PSA_SUCCESS ? 32 : 0;
    return status;
}
