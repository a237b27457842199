/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519. The note of a pair is seed and public key, so that signing need not derive the second one; that of a public key
 * is its bytes. */
#include <string.h>

#include "crypto/psa/family.h"

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    uint8_t note[64];
    size_t len = key->attributes.type == PSA_EDWARDS_PAIR ? 64 : 32;

    if (key->attributes.bits == 448) { /* the family's other curve */
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

/* The pair-wise test of a new key: what it signs verifies, in a build that signs. */
static bool consistent(const struct mico_psa_key *key)
{
    static const uint8_t message[] = "pair-wise consistency";
    uint8_t signature[64];
    if (!PSA_HAS(PSA_WANT_ALG_PURE_EDDSA) && !PSA_HAS(PSA_WANT_ALG_ED25519PH)) {
        return true;
    }
    mico_ed25519_sign(key->note, key->note + 32, MICO_SPAN(message), signature);
    return mico_ed25519_verify(key->note + 32, MICO_SPAN(message), signature) == MICO_OK;
}

static psa_status_t generate(struct mico_psa_key *key, struct mico_span custom)
{
    return psa_family_draw(key, import, consistent);
}

static psa_status_t export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){key->note, 32}, out, cap, len);
}

static psa_status_t export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){public_of(key), 32}, out, cap, len);
}

/* Any other algorithm of messages than PureEdDSA is one of hashes, and the core hashes. */
static psa_status_t sign_message(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                 uint8_t *out, size_t cap, size_t *len)
{
    if (!PSA_HAS(PSA_WANT_ALG_PURE_EDDSA) || alg != PSA_ALG_PURE_EDDSA) {
        return PSA_ERROR_NOT_SUPPORTED;
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
    if (!PSA_HAS(PSA_WANT_ALG_PURE_EDDSA) || alg != PSA_ALG_PURE_EDDSA) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    bool valid = signature.len == 64 && mico_ed25519_verify(public_of(key), message, signature.data) == MICO_OK;
    return valid ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static psa_status_t check_hash(psa_algorithm_t alg, struct mico_span hash)
{
    return alg != PSA_ALG_ED25519PH || hash.len != 64 ? PSA_ERROR_INVALID_ARGUMENT
           : PSA_HAS(PSA_WANT_ALG_ED25519PH)          ? PSA_SUCCESS
                                                      : PSA_ERROR_NOT_SUPPORTED;
}

static psa_status_t sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash, uint8_t *out,
                              size_t cap, size_t *len)
{
    psa_status_t status = check_hash(alg, hash);
    if (status == PSA_SUCCESS && cap < 64) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (PSA_HAS(PSA_WANT_ALG_ED25519PH) && status == PSA_SUCCESS) {
        mico_ed25519ph_sign(key->note, key->note + 32, hash.data, out);
        *len = 64;
    }
    return status;
}

static psa_status_t verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature)
{
    psa_status_t status = check_hash(alg, hash);
    if (PSA_HAS(PSA_WANT_ALG_ED25519PH) && status == PSA_SUCCESS) {
        bool valid = signature.len == 64 && mico_ed25519ph_verify(public_of(key), hash.data, signature.data) == MICO_OK;
        status = valid ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
    }
    return status;
}

const struct psa_family psa_family_edwards = {
    .import = import,
    .generate = generate,
    .export_private = export_private,
    .export_public = export_public,
    .sign_message = sign_message,
    .sign_hash = sign_hash,
    .verify_message = verify_message,
    .verify_hash = verify_hash,
};
