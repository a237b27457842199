/* SPDX-License-Identifier: Apache-2.0 */
/* Diffie-Hellman in RFC 7919's groups. A note is the private or the public number, as long as the prime. */
#include "crypto/primitives/ffdh.h"
#include "crypto/psa/family.h"

/* Has this build the group of so many bits, and this machine the room for it? */
static bool known(size_t bits)
{
    bool wanted =
        (bits == 2048 && PSA_HAS(PSA_WANT_DH_RFC7919_2048)) || (bits == 3072 && PSA_HAS(PSA_WANT_DH_RFC7919_3072)) ||
        (bits == 4096 && PSA_HAS(PSA_WANT_DH_RFC7919_4096)) || (bits == 6144 && PSA_HAS(PSA_WANT_DH_RFC7919_6144)) ||
        (bits == 8192 && PSA_HAS(PSA_WANT_DH_RFC7919_8192));
    return wanted && ffdh_known(bits / 8);
}

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    size_t bits = key->attributes.bits;

    if (!known(bits != 0 ? bits : data.len * 8)) {
        return bits != 0 ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
    }
    if (bits != 0 && data.len != bits / 8) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_err err = PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type) ? ffdh_check_private(data.len, data.data)
                                                                  : ffdh_check(data.len, data.data);
    return err == MICO_OK ? psa_family_keep(key, data, data.len * 8) : psa_status_of(err);
}

/* The pair-wise test of a new key: both sides of an agreement with another come to one secret. */
static psa_status_t generate(struct mico_psa_key *key, struct mico_span custom)
{
    uint8_t other[PSA_BITS_TO_BYTES(PSA_VENDOR_FFDH_MAX_KEY_BITS)] = {0}, mine[sizeof other], theirs[sizeof other];
    size_t size = key->attributes.bits / 8u;

    if (!known(key->attributes.bits)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (key->note_cap < size) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    mico_err err = ffdh_generate(size, key->note);
    if (err != MICO_OK) {
        return psa_status_of(err);
    }
    key->note_len = size;
    other[size - 1] = 5;
    bool good = ffdh_public(size, key->note, mine) == MICO_OK && ffdh_public(size, other, theirs) == MICO_OK &&
                ffdh_agree(size, other, mine, mine) == MICO_OK &&
                ffdh_agree(size, key->note, theirs, theirs) == MICO_OK && mico_ct_equal(mine, theirs, size);
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
    return psa_status_of(ffdh_public(key->note_len, key->note, out));
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
    psa_status_t status = psa_status_of(ffdh_agree(key->note_len, key->note, peer.data, out));
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
