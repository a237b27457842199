/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's authenticated encryption: GCM (SP 800-38D), CCM (SP 800-38C), ChaCha20-Poly1305 (RFC 8439); in one call by
 * the primitives that know the whole text, in parts by those that do not. */
#include "crypto/primitives/stream.h"
#include "crypto/psa/core.h"
#include "crypto/psa/symmetric.h"

struct soft_aead {
    psa_algorithm_t alg;
    size_t tag_len;
    union {
        struct mico_gcm gcm;
        struct mico_ccm ccm;
        struct mico_chachapoly chachapoly;
    } as;
};
_Static_assert(sizeof(struct soft_aead) <= MICO_PSA_AEAD_STATE, "an operation holds every AEAD");

psa_status_t psa_soft_seal(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                           struct mico_span aad, struct mico_span text, uint8_t *sealed, size_t tag_len)
{
    switch (alg) {
#ifdef PSA_WANT_ALG_GCM
    case PSA_ALG_GCM:
        return psa_status_of(mico_aes_gcm_seal(psa_bytes_of(key), nonce, aad, text, sealed, tag_len));
#endif
#ifdef PSA_WANT_ALG_CCM
    case PSA_ALG_CCM:
        return psa_status_of(mico_aes_ccm_seal(psa_bytes_of(key), nonce, aad, text, sealed, tag_len));
#endif
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
    case PSA_ALG_CHACHA20_POLY1305:
        mico_chachapoly_seal(key->note, nonce.data, aad, text, sealed);
        return PSA_SUCCESS;
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
}

psa_status_t psa_soft_open(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                           struct mico_span aad, struct mico_span sealed, uint8_t *text, size_t tag_len)
{
    switch (alg) {
#ifdef PSA_WANT_ALG_GCM
    case PSA_ALG_GCM:
        return psa_status_of(mico_aes_gcm_open(psa_bytes_of(key), nonce, aad, sealed, text, tag_len));
#endif
#ifdef PSA_WANT_ALG_CCM
    case PSA_ALG_CCM:
        return psa_status_of(mico_aes_ccm_open(psa_bytes_of(key), nonce, aad, sealed, text, tag_len));
#endif
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
    case PSA_ALG_CHACHA20_POLY1305:
        return psa_status_of(mico_chachapoly_open(key->note, nonce.data, aad, sealed, text));
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
}

psa_status_t psa_soft_aead_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, size_t tag_len,
                                 bool encrypting, void *state)
{
    struct soft_aead *aead = state;
    aead->alg = alg;
    aead->tag_len = tag_len;
    switch (alg) {
#ifdef PSA_WANT_ALG_GCM
    case PSA_ALG_GCM:
        return psa_status_of(mico_gcm_start(&aead->as.gcm, psa_bytes_of(key), encrypting));
#endif
#ifdef PSA_WANT_ALG_CCM
    case PSA_ALG_CCM:
        return psa_status_of(mico_ccm_start(&aead->as.ccm, psa_bytes_of(key), encrypting));
#endif
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
    case PSA_ALG_CHACHA20_POLY1305:
        mico_chachapoly_start(&aead->as.chachapoly, key->note, encrypting);
        return PSA_SUCCESS;
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
}

psa_status_t psa_soft_aead_begin(void *ctx, void *state, struct mico_span nonce, size_t aad_len, size_t text_len)
{
    struct soft_aead *aead = state;
    switch (aead->alg) {
#ifdef PSA_WANT_ALG_GCM
    case PSA_ALG_GCM:
        return psa_status_of(mico_gcm_begin(&aead->as.gcm, nonce));
#endif
#ifdef PSA_WANT_ALG_CCM
    case PSA_ALG_CCM:
        return psa_status_of(mico_ccm_begin(&aead->as.ccm, nonce, aad_len, text_len, aead->tag_len));
#endif
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
    case PSA_ALG_CHACHA20_POLY1305:
        mico_chachapoly_begin(&aead->as.chachapoly, nonce.data);
        return PSA_SUCCESS;
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
}

psa_status_t psa_soft_aead_aad(void *ctx, void *state, struct mico_span data)
{
    struct soft_aead *aead = state;
    switch (aead->alg) {
#ifdef PSA_WANT_ALG_GCM
    case PSA_ALG_GCM:
        mico_gcm_aad(&aead->as.gcm, data);
        return PSA_SUCCESS;
#endif
#ifdef PSA_WANT_ALG_CCM
    case PSA_ALG_CCM:
        mico_ccm_aad(&aead->as.ccm, data);
        return PSA_SUCCESS;
#endif
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
    case PSA_ALG_CHACHA20_POLY1305:
        mico_chachapoly_aad(&aead->as.chachapoly, data);
        return PSA_SUCCESS;
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
}

psa_status_t psa_soft_aead_text(void *ctx, void *state, struct mico_span in, uint8_t *out)
{
    struct soft_aead *aead = state;
    switch (aead->alg) {
#ifdef PSA_WANT_ALG_GCM
    case PSA_ALG_GCM:
        mico_gcm_text(&aead->as.gcm, in, out);
        return PSA_SUCCESS;
#endif
#ifdef PSA_WANT_ALG_CCM
    case PSA_ALG_CCM:
        mico_ccm_text(&aead->as.ccm, in, out);
        return PSA_SUCCESS;
#endif
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
    case PSA_ALG_CHACHA20_POLY1305:
        mico_chachapoly_text(&aead->as.chachapoly, in, out);
        return PSA_SUCCESS;
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
}

psa_status_t psa_soft_aead_end(void *ctx, void *state, uint8_t tag[16])
{
    struct soft_aead *aead = state;
    switch (aead->alg) {
#ifdef PSA_WANT_ALG_GCM
    case PSA_ALG_GCM:
        mico_gcm_finish(&aead->as.gcm, tag);
        return PSA_SUCCESS;
#endif
#ifdef PSA_WANT_ALG_CCM
    case PSA_ALG_CCM:
        mico_ccm_finish(&aead->as.ccm, tag);
        return PSA_SUCCESS;
#endif
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
    case PSA_ALG_CHACHA20_POLY1305:
        mico_chachapoly_finish(&aead->as.chachapoly, tag);
        return PSA_SUCCESS;
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
}
