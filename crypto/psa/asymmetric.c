/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's key pairs and public keys: each type is of a family, which does the work. */
#include "crypto/psa/asymmetric.h"

#include <string.h>

#include "crypto/psa/family.h"

static const struct psa_family *family_of(psa_key_type_t type)
{
    psa_key_type_t of = PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type);
    if (PSA_HAS(PSA_WANT_ECC_TWISTED_EDWARDS_255) && of == PSA_EDWARDS_PUBLIC) {
        return &psa_family_edwards;
    }
    if (PSA_HAS(PSA_WANT_ECC_MONTGOMERY_255) && of == PSA_MONTGOMERY_PUBLIC) {
        return &psa_family_montgomery;
    }
    if ((PSA_HAS(PSA_WANT_ECC_SECP_R1_256) || PSA_HAS(PSA_WANT_ECC_SECP_R1_384)) &&
        of == PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1)) {
        return &psa_family_nist;
    }
    if (PSA_HAS(PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY) && of == PSA_KEY_TYPE_RSA_PUBLIC_KEY) {
        return &psa_family_rsa;
    }
    if (PSA_HAS(PSA_WANT_ALG_FFDH) && of == PSA_KEY_TYPE_DH_PUBLIC_KEY(PSA_DH_FAMILY_RFC7919)) {
        return &psa_family_dh;
    }
    if (PSA_HAS(PSA_WANT_ALG_DSA) && of == PSA_KEY_TYPE_DSA_PUBLIC_KEY) {
        return &psa_family_dsa;
    }
    return NULL;
}

psa_status_t psa_family_keep(struct mico_psa_key *key, struct mico_span bytes, size_t bits)
{
    if (key->attributes.bits != 0 && key->attributes.bits != bits) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (bytes.len > key->note_cap) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    memcpy(key->note, bytes.data, bytes.len);
    key->note_len = bytes.len;
    key->attributes.bits = (uint16_t)bits;
    return PSA_SUCCESS;
}

psa_status_t psa_family_draw(struct mico_psa_key *key, psa_status_t (*import)(struct mico_psa_key *, struct mico_span),
                             bool (*consistent)(const struct mico_psa_key *))
{
    uint8_t bytes[32];
    psa_status_t status =
        key->attributes.bits == 255 ? psa_status_of(mico_random(bytes, sizeof bytes)) : PSA_ERROR_NOT_SUPPORTED;
    if (status == PSA_SUCCESS) {
        status = import(key, MICO_SPAN(bytes));
    }
    if (status == PSA_SUCCESS && !consistent(key)) {
        status = PSA_ERROR_CORRUPTION_DETECTED;
    }
    mico_wipe(bytes, sizeof bytes);
    return status;
}

psa_status_t psa_family_give(struct mico_span bytes, uint8_t *out, size_t cap, size_t *len)
{
    if (cap < bytes.len) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    memcpy(out, bytes.data, bytes.len);
    *len = bytes.len;
    return PSA_SUCCESS;
}

/* Calls an entry of the key's family. */
#define ASK(key, entry, ...)                                             \
    const struct psa_family *family = family_of((key)->attributes.type); \
    return family == NULL          ? PSA_ERROR_NOT_SUPPORTED             \
           : family->entry == NULL ? PSA_ERROR_INVALID_ARGUMENT          \
                                   : family->entry(key, __VA_ARGS__)

psa_status_t psa_asymmetric_import(struct mico_psa_key *key, struct mico_span data)
{
    ASK(key, import, data);
}

psa_status_t psa_asymmetric_generate(struct mico_psa_key *key, struct mico_span custom)
{
    ASK(key, generate, custom);
}

psa_status_t psa_asymmetric_export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(key->attributes.type)) { /* psa_export_key of one */
        return psa_family_give((struct mico_span){key->note, key->note_len}, out, cap, len);
    }
    ASK(key, export_private, out, cap, len);
}

psa_status_t psa_asymmetric_export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(key->attributes.type)) {
        return psa_family_give((struct mico_span){key->note, key->note_len}, out, cap, len);
    }
    ASK(key, export_public, out, cap, len);
}

/* Where a family signs hashes only, the core hashes. */
psa_status_t psa_asymmetric_sign_message(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                         uint8_t *out, size_t cap, size_t *len)
{
    const struct psa_family *family = family_of(key->attributes.type);
    return family == NULL || family->sign_message == NULL ? PSA_ERROR_NOT_SUPPORTED
                                                          : family->sign_message(key, alg, message, out, cap, len);
}

psa_status_t psa_asymmetric_sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                      uint8_t *out, size_t cap, size_t *len)
{
    ASK(key, sign_hash, alg, hash, out, cap, len);
}

psa_status_t psa_asymmetric_verify_message(const struct mico_psa_key *key, psa_algorithm_t alg,
                                           struct mico_span message, struct mico_span signature)
{
    const struct psa_family *family = family_of(key->attributes.type);
    return family == NULL || family->verify_message == NULL ? PSA_ERROR_NOT_SUPPORTED
                                                            : family->verify_message(key, alg, message, signature);
}

psa_status_t psa_asymmetric_verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                        struct mico_span signature)
{
    ASK(key, verify_hash, alg, hash, signature);
}

psa_status_t psa_asymmetric_encrypt_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                                         struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    ASK(key, encrypt, alg, text, salt, out, cap, len);
}

psa_status_t psa_asymmetric_decrypt_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                                         struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    ASK(key, decrypt, alg, text, salt, out, cap, len);
}

psa_status_t psa_asymmetric_agree_with(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                                       uint8_t *out, size_t cap, size_t *len)
{
    ASK(key, agree, alg, peer, out, cap, len);
}
