/* SPDX-License-Identifier: Apache-2.0 */
/* X25519. A note is the key's bytes. */
#include "crypto/psa/family.h"

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    if (key->attributes.bits == 448) { /* the family's other curve */
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (data.len != 32 || (key->attributes.bits != 0 && key->attributes.bits != 255)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    return psa_family_keep(key, data, 255);
}

/* The pair-wise test of a new key: both sides of an agreement with another come to one secret, in a build that agrees. */
static bool consistent(const struct mico_psa_key *key)
{
    static const uint8_t peer_key[32] = {1};
    uint8_t one[32], other[32], third[32];
    if (!PSA_HAS(PSA_WANT_ALG_ECDH)) {
        return true;
    }
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
    return psa_family_draw(key, import, consistent);
}

static psa_status_t export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){key->note, 32}, out, cap, len);
}

static psa_status_t export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    uint8_t bytes[32];
    mico_x25519_public(key->note, bytes);
    return psa_family_give(MICO_SPAN(bytes), out, cap, len);
}

static psa_status_t agree(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer, uint8_t *out,
                          size_t cap, size_t *len)
{
    if (alg != PSA_ALG_ECDH || peer.len != 32) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!PSA_HAS(PSA_WANT_ALG_ECDH)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of(mico_x25519(key->note, peer.data, out));
    *len = status == PSA_SUCCESS ? 32 : 0;
    return status;
}

const struct psa_family psa_family_montgomery = {
    .import = import,
    .generate = generate,
    .export_private = export_private,
    .export_public = export_public,
    .agree = agree,
};
