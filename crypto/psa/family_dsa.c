/* SPDX-License-Identifier: Apache-2.0 */
/* DSA, which PSA does not have, in its manner: the types are in psa/crypto_values.h, the algorithms in
 * psa/crypto_algorithms.h. A note is the key in its format, DER. */
#include <string.h>

#include "crypto/primitives/dsa.h"
#include "crypto/psa/family.h"
#include "crypto/psa/hash.h"

/* Views into a key; x is empty for a public one. */
static psa_status_t read(const struct mico_psa_key *key, struct mico_dsa_public *view, struct mico_span *x)
{
    struct mico_span der = {key->note, key->note_len};
    *x = (struct mico_span){NULL, 0};
    mico_err err = PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type) ? mico_dsa_read_private(der, view, x)
                                                                  : mico_dsa_read_public(der, view);
    return err == MICO_OK ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED; /* it was read when the key was made */
}

/* x as long as q. */
static void pad_x(uint8_t out[MICO_DSA_Q_MAX], struct mico_span x, size_t len)
{
    memset(out, 0, len - x.len);
    memcpy(out + len - x.len, x.data, x.len);
}

static psa_status_t import_pair(struct mico_psa_key *key, struct mico_span data)
{
    struct mico_dsa_public view;
    struct mico_span x;
    uint8_t padded[MICO_DSA_Q_MAX], y[MICO_DSA_P_MAX];

    mico_err err = mico_dsa_read_private(data, &view, &x);
    if (err == MICO_OK) {
        err = mico_dsa_check_domain(&view.domain);
    }
    if (err != MICO_OK) {
        return psa_status_of(err);
    }
    struct mico_dsa_domain *domain = &view.domain;
    if (x.len > domain->q.len || view.y.len > domain->p.len) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    pad_x(padded, x, domain->q.len);
    err = mico_dsa_public(domain, padded, y);
    mico_wipe(padded, sizeof padded);
    size_t zeros = domain->p.len - view.y.len;
    if (err != MICO_OK || !mico_ct_is_zero(y, zeros) || memcmp(y + zeros, view.y.data, view.y.len) != 0) {
        return PSA_ERROR_INVALID_ARGUMENT; /* the public key is not the private key's */
    }
    return psa_family_keep(key, data, domain->p.len * 8);
}

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    struct mico_dsa_public view;

    if (PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type)) {
        return import_pair(key, data);
    }
    mico_err err = mico_dsa_read_public(data, &view);
    if (err == MICO_OK) {
        err = mico_dsa_check_public(&view);
    }
    return err == MICO_OK ? psa_family_keep(key, data, view.domain.p.len * 8) : psa_status_of(err);
}

/* The pair-wise test of a new key: what it signs verifies. */
static bool consistent(const struct mico_dsa_public *view, const uint8_t *x)
{
    static const uint8_t digest[32] = {1};
    uint8_t signature[2 * MICO_DSA_Q_MAX];
    return mico_dsa_sign(&view->domain, x, MICO_SPAN(digest), NULL, signature) == MICO_OK &&
           mico_dsa_verify(view, MICO_SPAN(digest), (struct mico_span){signature, 2 * view->domain.q.len}) == MICO_OK;
}

/* custom: the domain. */
static psa_status_t generate(struct mico_psa_key *key, struct mico_span custom)
{
    struct mico_dsa_public view;
    uint8_t x[MICO_DSA_Q_MAX], y[MICO_DSA_P_MAX];

    mico_err err = mico_dsa_read_domain(custom, &view.domain);
    if (err == MICO_OK) {
        err = mico_dsa_check_domain(&view.domain);
    }
    if (err == MICO_OK && key->attributes.bits != view.domain.p.len * 8) {
        err = MICO_ERR_PARAM;
    }
    if (err == MICO_OK) {
        err = mico_dsa_generate(&view.domain, x, y);
    }
    if (err != MICO_OK) {
        return psa_status_of(err);
    }
    view.y = (struct mico_span){y, view.domain.p.len};
    psa_status_t status = PSA_ERROR_CORRUPTION_DETECTED;
    if (consistent(&view, x)) {
        err = mico_dsa_write_private(&view, (struct mico_span){x, view.domain.q.len}, key->note, key->note_cap,
                                     &key->note_len);
        status = err == MICO_OK ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    mico_wipe(x, sizeof x);
    return status;
}

static psa_status_t export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){key->note, key->note_len}, out, cap, len);
}

static psa_status_t export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    struct mico_dsa_public view;
    struct mico_span x;
    psa_status_t status = read(key, &view, &x);
    return status == PSA_SUCCESS ? psa_status_of(mico_dsa_write_public(&view, out, cap, len)) : status;
}

static psa_status_t sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash, uint8_t *out,
                              size_t cap, size_t *len)
{
    struct mico_dsa_public view;
    struct mico_span x;
    uint8_t padded[MICO_DSA_Q_MAX];
    const struct mico_digest *digest = PSA_ALG_IS_DETERMINISTIC_DSA(alg) ? psa_digest_of(alg) : NULL;

    if (!PSA_ALG_IS_DSA(alg) || hash.len == 0) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (PSA_ALG_IS_DETERMINISTIC_DSA(alg) && digest == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = read(key, &view, &x);
    if (status == PSA_SUCCESS && cap < 2 * view.domain.q.len) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    pad_x(padded, x, view.domain.q.len);
    mico_err err = mico_dsa_sign(&view.domain, padded, hash, digest, out);
    mico_wipe(padded, sizeof padded);
    *len = err == MICO_OK ? 2 * view.domain.q.len : 0;
    return psa_status_of(err);
}

static psa_status_t verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature)
{
    struct mico_dsa_public view;
    struct mico_span x;

    if (!PSA_ALG_IS_DSA(alg) || hash.len == 0) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = read(key, &view, &x);
    return status == PSA_SUCCESS ? psa_status_of(mico_dsa_verify(&view, hash, signature)) : status;
}

const struct psa_family psa_family_dsa = {
    .import = import,
    .generate = generate,
    .export_private = export_private,
    .export_public = export_public,
    .sign_hash = sign_hash,
    .verify_hash = verify_hash,
};
