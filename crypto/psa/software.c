/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0: keys in this program's memory, used by crypto/primitives. A note is the key; an Ed25519 pair's note is
 * seed and public key, so that signing need not derive the second one. */
#include <string.h>

#include "crypto/psa/core.h"

static psa_status_t import(void *ctx, struct mico_psa_key *key, struct mico_span data)
{
    memcpy(key->note, data.data, data.len);
    key->note_len = data.len;
    if (key->attributes.type == PSA_EDWARDS_PAIR) {
        mico_ed25519_public(key->note, key->note + 32);
        key->note_len = 64;
    }
    return PSA_SUCCESS;
}

static psa_status_t generate(void *ctx, struct mico_psa_key *key)
{
    uint8_t bytes[MICO_PSA_KEY_SIZE];
    size_t len = psa_key_bytes(key->attributes.type, key->attributes.bits);

    psa_status_t status = psa_status_of(mico_random(bytes, len));
    if (status == PSA_SUCCESS) {
        status = import(ctx, key, (struct mico_span){bytes, len});
    }
    mico_wipe(bytes, sizeof bytes);
    return status;
}

static psa_status_t destroy(void *ctx, struct mico_psa_key *key)
{
    return PSA_SUCCESS; /* the core wipes the slot */
}

static psa_status_t export_private(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    size_t size = psa_key_bytes(key->attributes.type, key->attributes.bits);
    if (cap < size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    memcpy(out, key->note, size);
    *len = size;
    return PSA_SUCCESS;
}

static psa_status_t export_public(void *ctx, const struct mico_psa_key *key, uint8_t out[32])
{
    if (key->attributes.type == PSA_MONTGOMERY_PAIR) {
        mico_x25519_public(key->note, out);
    } else {
        memcpy(out, key->note + (key->attributes.type == PSA_EDWARDS_PAIR ? 32 : 0), 32);
    }
    return PSA_SUCCESS;
}

static psa_status_t sign(void *ctx, const struct mico_psa_key *key, struct mico_span message, uint8_t out[64])
{
    mico_ed25519_sign(key->note, key->note + 32, message, out);
    return PSA_SUCCESS;
}

static psa_status_t agree(void *ctx, const struct mico_psa_key *key, const uint8_t peer[32], uint8_t out[32])
{
    return psa_status_of(mico_x25519(key->note, peer, out));
}

static struct mico_span bytes_of(const struct mico_psa_key *key)
{
    return (struct mico_span){key->note, key->note_len};
}

static psa_status_t mac(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span data,
                        uint8_t *out)
{
    if (alg == PSA_ALG_CMAC) {
        return psa_status_of(mico_aes_cmac(bytes_of(key), data, out));
    }
    psa_hmac(alg, bytes_of(key), data, out);
    return PSA_SUCCESS;
}

static psa_status_t seal(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span text, uint8_t *sealed, size_t tag_len)
{
    switch (alg) {
    case PSA_ALG_GCM:
        return psa_status_of(mico_aes_gcm_seal(bytes_of(key), nonce, aad, text, sealed, tag_len));
    case PSA_ALG_CCM:
        return psa_status_of(mico_aes_ccm_seal(bytes_of(key), nonce, aad, text, sealed, tag_len));
    default:
        mico_chachapoly_seal(key->note, nonce.data, aad, text, sealed);
        return PSA_SUCCESS;
    }
}

static psa_status_t open(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span sealed, uint8_t *text, size_t tag_len)
{
    switch (alg) {
    case PSA_ALG_GCM:
        return psa_status_of(mico_aes_gcm_open(bytes_of(key), nonce, aad, sealed, text, tag_len));
    case PSA_ALG_CCM:
        return psa_status_of(mico_aes_ccm_open(bytes_of(key), nonce, aad, sealed, text, tag_len));
    default:
        return psa_status_of(mico_chachapoly_open(key->note, nonce.data, aad, sealed, text));
    }
}

static psa_status_t ctr(void *ctx, const struct mico_psa_key *key, uint8_t counter[16], struct mico_span in,
                        uint8_t *out)
{
    return psa_status_of(mico_aes_ctr((struct mico_span){key->note, key->note_len}, counter, in, out));
}

const struct mico_psa_driver psa_software = {
    .location = PSA_KEY_LOCATION_LOCAL_STORAGE,
    .generate = generate,
    .import = import,
    .destroy = destroy,
    .export_private = export_private,
    .export_public = export_public,
    .sign = sign,
    .agree = agree,
    .mac = mac,
    .seal = seal,
    .open = open,
    .ctr = ctr,
};
