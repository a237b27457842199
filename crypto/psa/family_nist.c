/* SPDX-License-Identifier: Apache-2.0 */
/* P-256 and P-384. The note of a pair is private and public key, one after the other, so that neither verifying nor
 * exporting need derive the second one. */
#include <string.h>

#include "crypto/primitives/ec.h"
#include "crypto/psa/family.h"
#include "crypto/psa/hash.h"

#define SIZE_MAX_BYTES 48 /* of a coordinate of P-384 */
#define PUBLIC_MAX (2 * SIZE_MAX_BYTES + 1)
#define SIGNS (PSA_HAS(PSA_WANT_ALG_ECDSA) || PSA_HAS(PSA_WANT_ALG_DETERMINISTIC_ECDSA))

static const struct mico_ec *curve_of(size_t size)
{
    if (PSA_HAS(PSA_WANT_ECC_SECP_R1_256) && size == 32) {
        return &mico_ec_p256;
    }
    return PSA_HAS(PSA_WANT_ECC_SECP_R1_384) && size == 48 ? &mico_ec_p384 : NULL;
}

/* Of the two, for the size of one that there is. */
static bool on_p384(size_t size)
{
    return PSA_HAS(PSA_WANT_ECC_SECP_R1_384) && (!PSA_HAS(PSA_WANT_ECC_SECP_R1_256) || size == 48);
}

static const struct mico_ecdsa *signing(size_t size)
{
    return on_p384(size) ? &mico_ecdsa_p384 : &mico_ecdsa_p256;
}

static const struct mico_ecdh *agreeing(size_t size)
{
    return on_p384(size) ? &mico_ecdh_p384 : &mico_ecdh_p256;
}

static size_t size_of(const struct mico_psa_key *key)
{
    return key->attributes.bits / 8u;
}

static const uint8_t *public_of(const struct mico_psa_key *key)
{
    return key->note + (PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type) ? size_of(key) : 0);
}

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    uint8_t note[SIZE_MAX_BYTES + PUBLIC_MAX];
    bool pair = PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type);
    size_t size = key->attributes.bits != 0 ? key->attributes.bits / 8u : pair ? data.len : data.len / 2;
    const struct mico_ec *curve = key->attributes.bits % 8 == 0 ? curve_of(size) : NULL;
    psa_status_t status;

    if (curve == NULL) { /* a size that was named is one of another curve; one of data is of none */
        return key->attributes.bits != 0 ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
    }
    if (data.len != (pair ? size : 2 * size + 1)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    memcpy(note, data.data, data.len);
    if (pair) {
        status = psa_status_of(mico_ec_public(curve, note, note + size));
    } else {
        status = psa_status_of(mico_ec_check(curve, note));
    }
    if (status == PSA_SUCCESS) {
        status = psa_family_keep(key, (struct mico_span){note, pair ? 3 * size + 1 : 2 * size + 1}, size * 8);
    }
    mico_wipe(note, sizeof note);
    return status;
}

/* The pair-wise test of a new key: what it signs verifies, or both sides of an agreement with another, the generator, come to
 * one secret; as the build's algorithms are. SHA-256 is always there, for the random generator. */
static bool consistent(size_t size, const uint8_t *private_key, const uint8_t *public_key)
{
    static const uint8_t digest[32] = {1}, one[SIZE_MAX_BYTES] = {[SIZE_MAX_BYTES - 1] = 1};
    const uint8_t *other = one + SIZE_MAX_BYTES - size;
    uint8_t made[PUBLIC_MAX], secret[SIZE_MAX_BYTES];

    if (PSA_HAS(PSA_WANT_ALG_ECDSA)) {
        return mico_ec_sign(signing(size), private_key, MICO_SPAN(digest), made) == MICO_OK &&
               mico_ec_verify(signing(size), public_key, MICO_SPAN(digest), made) == MICO_OK;
    }
    if (PSA_HAS(PSA_WANT_ALG_DETERMINISTIC_ECDSA)) {
        return mico_ec_sign_deterministic(signing(size), private_key, MICO_SPAN(digest), &mico_sha256_digest, made) ==
                   MICO_OK &&
               mico_ec_verify(signing(size), public_key, MICO_SPAN(digest), made) == MICO_OK;
    }
    if (!PSA_HAS(PSA_WANT_ALG_ECDH)) {
        return true;
    }
    bool good = mico_ec_public(curve_of(size), other, made) == MICO_OK &&
                mico_ec_agree(agreeing(size), private_key, made, secret) == MICO_OK &&
                mico_ec_agree(agreeing(size), other, public_key, made) == MICO_OK && mico_ct_equal(secret, made, size);
    mico_wipe(secret, sizeof secret);
    return good;
}

static psa_status_t generate(struct mico_psa_key *key, struct mico_span custom)
{
    uint8_t note[SIZE_MAX_BYTES + PUBLIC_MAX];
    size_t size = size_of(key);
    const struct mico_ec *curve = key->attributes.bits % 8 == 0 ? curve_of(size) : NULL;

    if (curve == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = psa_status_of(mico_ec_generate(curve, note, note + size));
    if (status == PSA_SUCCESS && !consistent(size, note, note + size)) {
        status = PSA_ERROR_CORRUPTION_DETECTED;
    }
    if (status == PSA_SUCCESS) {
        status = psa_family_keep(key, (struct mico_span){note, 3 * size + 1}, size * 8);
    }
    mico_wipe(note, sizeof note);
    return status;
}

static psa_status_t export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){key->note, size_of(key)}, out, cap, len);
}

static psa_status_t export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){public_of(key), 2 * size_of(key) + 1}, out, cap, len);
}

/* Random and deterministic ECDSA, with or without a hash that the algorithm names. */
static psa_status_t check_ecdsa(psa_algorithm_t alg, struct mico_span hash)
{
    bool has =
        PSA_ALG_IS_DETERMINISTIC_ECDSA(alg) ? PSA_HAS(PSA_WANT_ALG_DETERMINISTIC_ECDSA) : PSA_HAS(PSA_WANT_ALG_ECDSA);
    return !PSA_ALG_IS_ECDSA(alg) || hash.len == 0 ? PSA_ERROR_INVALID_ARGUMENT
           : has                                   ? PSA_SUCCESS
                                                   : PSA_ERROR_NOT_SUPPORTED;
}

static psa_status_t sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash, uint8_t *out,
                              size_t cap, size_t *len)
{
    size_t size = size_of(key);
    mico_err err = MICO_ERR_UNSUPPORTED;

    psa_status_t status = check_ecdsa(alg, hash);
    if (status == PSA_SUCCESS && cap < 2 * size) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (!SIGNS || status != PSA_SUCCESS) {
        return status;
    }
    if (PSA_HAS(PSA_WANT_ALG_DETERMINISTIC_ECDSA) && PSA_ALG_IS_DETERMINISTIC_ECDSA(alg)) {
        const struct mico_digest *digest = psa_digest_of(alg);
        err = digest == NULL ? MICO_ERR_UNSUPPORTED
                             : mico_ec_sign_deterministic(signing(size), key->note, hash, digest, out);
    } else if (PSA_HAS(PSA_WANT_ALG_ECDSA)) {
        err = mico_ec_sign(signing(size), key->note, hash, out);
    }
    *len = err == MICO_OK ? 2 * size : 0;
    return psa_status_of(err);
}

static psa_status_t verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature)
{
    size_t size = size_of(key);

    psa_status_t status = check_ecdsa(alg, hash);
    if (!SIGNS || status != PSA_SUCCESS) {
        return status;
    }
    bool valid =
        signature.len == 2 * size && mico_ec_verify(signing(size), public_of(key), hash, signature.data) == MICO_OK;
    return valid ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static psa_status_t agree(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer, uint8_t *out,
                          size_t cap, size_t *len)
{
    size_t size = size_of(key);

    if (alg != PSA_ALG_ECDH || peer.len != 2 * size + 1) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!PSA_HAS(PSA_WANT_ALG_ECDH)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (cap < size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of(mico_ec_agree(agreeing(size), key->note, peer.data, out));
    *len = status == PSA_SUCCESS ? size : 0;
    return status;
}

const struct psa_family psa_family_nist = {
    .import = import,
    .generate = generate,
    .export_private = export_private,
    .export_public = export_public,
    .sign_hash = sign_hash,
    .verify_hash = verify_hash,
    .agree = agree,
};
