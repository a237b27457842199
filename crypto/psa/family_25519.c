/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 and X25519. The note of an Ed25519 pair is seed and public key, so that signing need not derive the second one;
 * that of any other key is its bytes. */
#include <string.h>

#include "crypto/psa/family.h"

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    uint8_t note[64];
    size_t len = key->attributes.type == PSA_EDWARDS_PAIR ? 64 : 32;

    if (key->attributes.bits == 448) { /* the families' other curves */
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (data.len != 32 || (key->attributes.bits != 0 && key->attributes.bits != 255)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    memcpy(note, data.data, 32);
    if (len == 64) {
        mico_ed25519_public(note, note + 32);
    }
    psa_status_t status = psa_family_keep(key, (struct mico_span){note, len}, 255);
    mico_wipe(note, sizeof note);
    return status;
}

static const uint8_t *public_of(const struct mico_psa_key *key)
{
    return key->note + (key->attributes.type == PSA_EDWARDS_PAIR ? 32 : 0);
}

/* The pair-wise test of a new key: what it signs verifies; both sides of an agreement with itself come to one secret. */
static bool consistent(const struct mico_psa_key *key)
{
    static const uint8_t message[] = "pair-wise consistency";
    uint8_t signature[64], one[32], other[32], third[32];

    if (key->attributes.type == PSA_EDWARDS_PAIR) {
        mico_ed25519_sign(key->note, key->note + 32, MICO_SPAN(message), signature);
        return mico_ed25519_verify(key->note + 32, MICO_SPAN(message), signature) == MICO_OK;
    }
    static const uint8_t peer_key[32] = {1};
    mico_x25519_public(key->note, one);
    mico_x25519_public(peer_key, other);
    bool good = mico_x25519(peer_key, one, one) == MICO_OK && mico_x25519(key->note, other, third) == MICO_OK &&
                mico_ct_equal(one, third, 32);
    mico_wipe(one, sizeof one);
    mico_wipe(third, sizeof third);
    return good;
}

static psa_status_t generate(struct mico_psa_key *key, struct mico_span custom)
{
    uint8_t bytes[32];
    psa_status_t status =
        key->attributes.bits == 255 ? psa_status_of(mico_random(bytes, sizeof bytes)) : PSA_ERROR_NOT_SUPPORTED;
    if (status == PSA_SUCCESS) {
        status = import(key, (struct mico_span){bytes, sizeof bytes});
    }
    if (status == PSA_SUCCESS && !consistent(key)) {
        status = PSA_ERROR_CORRUPTION_DETECTED;
    }
    mico_wipe(bytes, sizeof bytes);
    return status;
}

static psa_status_t export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){key->note, 32}, out, cap, len);
}

static psa_status_t export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    uint8_t bytes[32];
    if (key->attributes.type == PSA_EDWARDS_PAIR) {
        return psa_family_give((struct mico_span){key->note + 32, 32}, out, cap, len);
    }
    mico_x25519_public(key->note, bytes);
    return psa_family_give(MICO_SPAN(bytes), out, cap, len);
}

static bool is_edwards(const struct mico_psa_key *key)
{
    return PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(key->attributes.type) == PSA_EDWARDS_PUBLIC;
}

static psa_status_t sign_message(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                 uint8_t *out, size_t cap, size_t *len)
{
    if (alg != PSA_ALG_PURE_EDDSA) {
        return PSA_ERROR_NOT_SUPPORTED; /* the core hashes for Ed25519ph */
    }
    if (!is_edwards(key)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 64) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    mico_ed25519_sign(key->note, key->note + 32, message, out);
    *len = 64;
    return PSA_SUCCESS;
}

static psa_status_t verify_message(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                   struct mico_span signature)
{
    if (alg != PSA_ALG_PURE_EDDSA) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (!is_edwards(key)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    bool valid = signature.len == 64 && mico_ed25519_verify(public_of(key), message, signature.data) == MICO_OK;
    return valid ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static psa_status_t sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash, uint8_t *out,
                              size_t cap, size_t *len)
{
    if (alg != PSA_ALG_ED25519PH || !is_edwards(key) || hash.len != 64) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 64) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    mico_ed25519ph_sign(key->note, key->note + 32, hash.data, out);
    *len = 64;
    return PSA_SUCCESS;
}

static psa_status_t verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature)
{
    if (alg != PSA_ALG_ED25519PH || !is_edwards(key) || hash.len != 64) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    bool valid = signature.len == 64 && mico_ed25519ph_verify(public_of(key), hash.data, signature.data) == MICO_OK;
    return valid ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static psa_status_t agree(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer, uint8_t *out,
                          size_t cap, size_t *len)
{
    if (alg != PSA_ALG_ECDH || is_edwards(key) || peer.len != 32) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of(mico_x25519(key->note, peer.data, out));
    *len = status == PSA_SUCCESS ? 32 : 0;
    return status;
}

const struct psa_family psa_family_25519 = {
    .import = import,
    .generate = generate,
    .export_private = export_private,
    .export_public = export_public,
    .sign_message = sign_message,
    .sign_hash = sign_hash,
    .verify_message = verify_message,
    .verify_hash = verify_hash,
    .agree = agree,
};
