/* SPDX-License-Identifier: Apache-2.0 */
/* Diffie-Hellman in RFC 7919's groups. A note is the private or the public number, as long as the prime. */
#include "crypto/primitives/ffdh.h"
#include "crypto/psa/family.h"

/* The group of so many bits, of those that this build and this machine have; NULL: none. Not inlined: five call it. */
__attribute__((noinline)) static const struct ffdh_group *group_of(size_t bits)
{
#ifdef PSA_WANT_DH_RFC7919_2048
    if (bits == 2048) {
        return &ffdh_2048;
    }
#endif
#ifdef PSA_WANT_DH_RFC7919_3072
    if (bits == 3072) {
        return &ffdh_3072;
    }
#endif
#ifdef PSA_WANT_DH_RFC7919_4096
    if (bits == 4096) {
        return &ffdh_4096;
    }
#endif
#if defined PSA_WANT_DH_RFC7919_6144 && !defined __arm__
    if (bits == 6144) {
        return &ffdh_6144;
    }
#endif
#if defined PSA_WANT_DH_RFC7919_8192 && !defined __arm__
    if (bits == 8192) {
        return &ffdh_8192;
    }
#endif
    return NULL;
}

/* Of a key that there is. */
static const struct ffdh_group *group_with(const struct mico_psa_key *key)
{
    return group_of(key->note_len * 8);
}

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    size_t bits = key->attributes.bits;
    const struct ffdh_group *group = group_of(bits != 0 ? bits : data.len * 8);

    if (group == NULL) {
        return bits != 0 ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
    }
    if (bits != 0 && data.len != bits / 8) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_err err = PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type) ? ffdh_check_private(group, data.data)
                                                                  : ffdh_check(group, data.data);
    return err == MICO_OK ? psa_family_keep(key, data, data.len * 8) : psa_status_of(err);
}

/* The pair-wise test of a new key: both sides of an agreement with another come to one secret. */
static psa_status_t generate(struct mico_psa_key *key, struct mico_span custom)
{
    uint8_t other[PSA_BITS_TO_BYTES(PSA_VENDOR_FFDH_MAX_KEY_BITS)] = {0}, mine[sizeof other], theirs[sizeof other];
    size_t size = key->attributes.bits / 8u;
    const struct ffdh_group *group = group_of(key->attributes.bits);

    if (group == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (key->note_cap < size) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    mico_err err = ffdh_generate(group, key->note);
    if (err != MICO_OK) {
        return psa_status_of(err);
    }
    key->note_len = size;
    other[size - 1] = 5;
    bool good = ffdh_public(group, key->note, mine) == MICO_OK && ffdh_public(group, other, theirs) == MICO_OK &&
                ffdh_agree(group, other, mine, mine) == MICO_OK &&
                ffdh_agree(group, key->note, theirs, theirs) == MICO_OK && mico_ct_equal(mine, theirs, size);
    mico_wipe(mine, sizeof mine);
    mico_wipe(theirs, sizeof theirs);
    return good ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}

static psa_status_t export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){key->note, key->note_len}, out, cap, len);
}

static psa_status_t export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (cap < key->note_len) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    *len = key->note_len;
    return psa_status_of(ffdh_public(group_with(key), key->note, out));
}

static psa_status_t agree(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer, uint8_t *out,
                          size_t cap, size_t *len)
{
    if (alg != PSA_ALG_FFDH || peer.len != key->note_len) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < key->note_len) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of(ffdh_agree(group_with(key), key->note, peer.data, out));
    *len = status == PSA_SUCCESS ? key->note_len : 0;
    return status;
}

const struct psa_family psa_family_dh = {
    .import = import,
    .generate = generate,
    .export_private = export_private,
    .export_public = export_public,
    .agree = agree,
};
