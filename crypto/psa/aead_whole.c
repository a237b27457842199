/* SPDX-License-Identifier: Apache-2.0 */
/* psa_aead_encrypt and psa_aead_decrypt. */
#include <string.h>

#include "crypto/psa/aead.h"

/* The one-call functions' arguments, in one place. */
struct call {
    psa_algorithm_t alg;
    struct mico_span nonce, aad, in;
    uint8_t *out;
    size_t size, *length;
};

/* Does the output overlap the inputs otherwise than a text and its ciphertext at the same address? */
static bool tangled(const struct call *call, size_t gives)
{
    return (call->in.data != call->out && psa_overlap(call->in.data, call->in.len, call->out, gives)) ||
           psa_overlap(call->nonce.data, call->nonce.len, call->out, gives) ||
           psa_overlap(call->aad.data, call->aad.len, call->out, gives);
}

/* Such a call, as if the inputs had been copied: in parts, of which the text is the first that writes; it moves to its place
 * in the output before. Not inlined: the state is for these calls alone. */
__attribute__((noinline)) static psa_status_t in_parts(const struct psa_slot *slot, const struct call *call,
                                                       const struct aead *aead, bool encrypting)
{
    _Alignas(16) uint8_t state[MICO_PSA_AEAD_STATE] = {0};
    uint8_t given[16], made[16];
    const struct mico_psa_driver *driver = slot->driver;
    size_t tag = PSA_ALG_AEAD_GET_TAG_LENGTH(call->alg), len = encrypting ? call->in.len : call->in.len - tag;
    if (!encrypting) {
        memcpy(given, call->in.data + len, tag);
    }
    psa_status_t status = driver->aead_start(slot->ctx, &slot->key, aead->base, tag, encrypting, state);
    if (status == PSA_SUCCESS) {
        status = driver->aead_begin(slot->ctx, state, call->nonce, call->aad.len, len);
    }
    if (status == PSA_SUCCESS && call->aad.len != 0) {
        status = driver->aead_aad(slot->ctx, state, call->aad);
    }
    if (status == PSA_SUCCESS && len != 0) {
        memmove(call->out, call->in.data, len);
        status = driver->aead_text(slot->ctx, state, (struct mico_span){call->out, len}, call->out);
    }
    if (status == PSA_SUCCESS) {
        status = driver->aead_end(slot->ctx, state, made);
    }
    if (status == PSA_SUCCESS && encrypting) {
        memcpy(call->out + len, made, tag);
    } else if (status == PSA_SUCCESS && !mico_ct_equal(given, made, tag)) {
        status = PSA_ERROR_INVALID_SIGNATURE;
    }
    mico_wipe(state, sizeof state);
    mico_wipe(made, sizeof made);
    return status;
}

/* What the call gives, if the output has room for it. */
static psa_status_t check_room(const struct call *call, size_t tag, bool encrypting, size_t *gives)
{
    if (encrypting) {
        *gives = call->in.len + tag;
        return call->size < tag || call->size - tag < call->in.len ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS;
    }
    *gives = call->in.len - tag;
    return call->in.len < tag    ? PSA_ERROR_INVALID_SIGNATURE
           : call->size < *gives ? PSA_ERROR_BUFFER_TOO_SMALL
                                 : PSA_SUCCESS;
}

static psa_status_t compute(const struct psa_slot *slot, const struct call *call, const struct aead *aead,
                            bool encrypting, size_t gives)
{
    uint8_t nothing, *out = call->out == NULL ? &nothing : call->out;
    const struct mico_psa_driver *driver = slot->driver;
    psa_status_t (*whole)(void *, const struct mico_psa_key *, psa_algorithm_t, struct mico_span, struct mico_span,
                          struct mico_span, uint8_t *, size_t) = encrypting ? driver->seal : driver->open;
    if (whole == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (driver->aead_start != NULL && tangled(call, gives)) {
        return in_parts(slot, call, aead, encrypting);
    }
    return whole(slot->ctx, &slot->key, aead->base, call->nonce, call->aad, call->in, out,
                 PSA_ALG_AEAD_GET_TAG_LENGTH(call->alg));
}

static psa_status_t carry_out(psa_key_id_t key, const struct call *call, const struct aead *aead, bool encrypting)
{
    struct psa_slot *slot;
    size_t gives;
    psa_status_t status = psa_aead_find(key, encrypting, call->alg, aead, &slot);
    if (status == PSA_SUCCESS) {
        status = psa_aead_check_nonce(aead, call->nonce.len);
    }
    if (status == PSA_SUCCESS) {
        status = check_room(call, PSA_ALG_AEAD_GET_TAG_LENGTH(call->alg), encrypting, &gives);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    *call->length = gives;
    return psa_settle(compute(slot, call, aead, encrypting, gives), call->out, gives, call->length);
}

static psa_status_t whole(psa_key_id_t key, const struct call *call, bool encrypting)
{
    const struct aead *aead;
    if (call->length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *call->length = 0;
    if (!psa_pointer_ok(call->nonce.data, call->nonce.len) || !psa_pointer_ok(call->aad.data, call->aad.len) ||
        !psa_pointer_ok(call->in.data, call->in.len) || !psa_pointer_ok(call->out, call->size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_aead_of(call->alg, &aead);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = psa_enter();
    return psa_leave(status == PSA_SUCCESS ? carry_out(key, call, aead, encrypting) : status);
}

psa_status_t psa_aead_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
                              const uint8_t *additional_data, size_t additional_data_length, const uint8_t *plaintext,
                              size_t plaintext_length, uint8_t *ciphertext, size_t ciphertext_size,
                              size_t *ciphertext_length)
{
    return whole(key,
                 &(struct call){alg,
                                {nonce, nonce_length},
                                {additional_data, additional_data_length},
                                {plaintext, plaintext_length},
                                ciphertext,
                                ciphertext_size,
                                ciphertext_length},
                 true);
}

psa_status_t psa_aead_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
                              const uint8_t *additional_data, size_t additional_data_length, const uint8_t *ciphertext,
                              size_t ciphertext_length, uint8_t *plaintext, size_t plaintext_size,
                              size_t *plaintext_length)
{
    return whole(key,
                 &(struct call){alg,
                                {nonce, nonce_length},
                                {additional_data, additional_data_length},
                                {ciphertext, ciphertext_length},
                                plaintext,
                                plaintext_size,
                                plaintext_length},
                 false);
}
