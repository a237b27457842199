/* SPDX-License-Identifier: Apache-2.0 */
/* psa_aead_* in parts: policy, nonces, lengths and states; the location's driver computes. One call: aead_whole.c.
 *
 *   not set up ── …_setup ──▶ SET_UP ── (set_lengths) ── generate_nonce, set_nonce ──▶ NONCE ── update_ad … ──▶ AAD ──
 *     update … ──▶ TEXT;   NONCE, AAD, TEXT ── finish, verify ──▶ not set up
 *   any error but of a set-up, which changes nothing ──▶ failed;   any ── abort ──▶ not set up */
#include "crypto/psa/aead.h"

#include <string.h>

enum stage { SET_UP, NONCE, AAD, TEXT };

#define BLOCKS_OF_CHACHA20 ((1ull << 32) - 1) /* of a text: RFC 8439 section 2.8 */
static const struct aead known[] = {
    {PSA_ALG_CHACHA20_POLY1305, PSA_KEY_TYPE_CHACHA20, 12, 12, 1u << 16, false,
     SIZE_MAX < 64 * BLOCKS_OF_CHACHA20 ? SIZE_MAX : (size_t)(64 * BLOCKS_OF_CHACHA20)},
    {PSA_ALG_GCM, 0, 1, SIZE_MAX, 0x1F110, false, UINT32_MAX},
    {PSA_ALG_CCM, 0, 7, 13, 0x15550, true, UINT32_MAX - 1},
};

#define KIND(alg) ((alg) & ~(PSA_ALG_AEAD_TAG_LENGTH_MASK | PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG))

psa_status_t psa_aead_of(psa_algorithm_t alg, const struct aead **aead)
{
    for (const struct aead *one = known; one < known + sizeof known / sizeof known[0]; one++) {
        if (KIND(alg) == KIND(one->base)) {
            bool wildcard = (alg & PSA_ALG_AEAD_AT_LEAST_THIS_LENGTH_FLAG) != 0;
            *aead = one;
            return !wildcard && (one->tags >> PSA_ALG_AEAD_GET_TAG_LENGTH(alg) & 1) != 0 ? PSA_SUCCESS
                                                                                         : PSA_ERROR_INVALID_ARGUMENT;
        }
    }
    return PSA_ALG_IS_AEAD(alg) && !PSA_ALG_IS_WILDCARD(alg) ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
}

psa_status_t psa_aead_abort(psa_aead_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

/* After an error only abort is left. */
static psa_status_t fail(psa_aead_operation_t *operation, psa_status_t status)
{
    mico_wipe(operation, sizeof *operation);
    operation->failed = 1;
    return status;
}

/* The result of a driver's step, after which the operation goes on or is nothing. */
static psa_status_t went(psa_aead_operation_t *operation, psa_status_t status)
{
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

static psa_status_t setup(psa_aead_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg, bool encrypting)
{
    struct psa_slot *slot;
    const struct aead *aead;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver != NULL || operation->failed) {
        return PSA_ERROR_BAD_STATE;
    }
    psa_status_t status = psa_aead_of(alg, &aead);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_aead_find(key, encrypting, alg, aead, &slot);
    }
    if (status == PSA_SUCCESS) {
        status = slot->driver->aead_start == NULL
                     ? PSA_ERROR_NOT_SUPPORTED
                     : slot->driver->aead_start(slot->ctx, &slot->key, aead->base, PSA_ALG_AEAD_GET_TAG_LENGTH(alg),
                                                encrypting, operation->state);
    }
    if (status == PSA_SUCCESS) {
        operation->driver = slot->driver;
        operation->ctx = slot->ctx;
        operation->alg = alg;
        operation->era = psa_era();
        operation->type = slot->key.attributes.type;
        operation->encrypting = encrypting;
        operation->aad_left = operation->text_left = aead->longest;
    } else {
        mico_wipe(operation, sizeof *operation);
    }
    return psa_leave(status);
}

psa_status_t psa_aead_encrypt_setup(psa_aead_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg)
{
    return setup(operation, key, alg, true);
}

psa_status_t psa_aead_decrypt_setup(psa_aead_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg)
{
    return setup(operation, key, alg, false);
}

psa_status_t psa_aead_set_lengths(psa_aead_operation_t *operation, size_t ad_length, size_t plaintext_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver == NULL || operation->stage != SET_UP || operation->lengths_set) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    const struct aead *aead;
    (void)psa_aead_of(operation->alg, &aead);
    if (ad_length > aead->longest || plaintext_length > aead->longest) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    operation->aad_left = ad_length;
    operation->text_left = plaintext_length;
    operation->lengths_set = 1;
    return PSA_SUCCESS;
}

/* Inside no lock. */
static psa_status_t use_nonce(psa_aead_operation_t *operation, struct mico_span nonce)
{
    const struct aead *aead;
    (void)psa_aead_of(operation->alg, &aead);
    psa_status_t status = psa_aead_check_nonce(aead, nonce.len);
    if (status != PSA_SUCCESS) {
        return fail(operation, status);
    }
    status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        bool said = operation->lengths_set;
        status = operation->driver->aead_begin(operation->ctx, operation->state, nonce,
                                               said ? operation->aad_left : SIZE_MAX,
                                               said ? operation->text_left : SIZE_MAX);
    }
    operation->stage = NONCE;
    return went(operation, status);
}

/* May the nonce come now? */
static bool waits_for_nonce(const psa_aead_operation_t *operation)
{
    const struct aead *aead;
    if (operation->driver == NULL || operation->stage != SET_UP) {
        return false;
    }
    (void)psa_aead_of(operation->alg, &aead);
    return operation->lengths_set || !aead->lengths_first;
}

psa_status_t psa_aead_generate_nonce(psa_aead_operation_t *operation, uint8_t *nonce, size_t nonce_size,
                                     size_t *nonce_length)
{
    uint8_t drawn[PSA_AEAD_NONCE_MAX_SIZE];
    if (operation == NULL || nonce_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *nonce_length = 0;
    if (!waits_for_nonce(operation) || !operation->encrypting) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    size_t len = PSA_AEAD_NONCE_LENGTH(operation->type, operation->alg);
    if (nonce_size < len || nonce == NULL) {
        return fail(operation, nonce_size < len ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_ERROR_INVALID_ARGUMENT);
    }
    psa_status_t status = psa_status_of(mico_random(drawn, len));
    status = status == PSA_SUCCESS ? use_nonce(operation, (struct mico_span){drawn, len}) : fail(operation, status);
    if (status == PSA_SUCCESS) {
        memcpy(nonce, drawn, len);
        *nonce_length = len;
    }
    return status;
}

psa_status_t psa_aead_set_nonce(psa_aead_operation_t *operation, const uint8_t *nonce, size_t nonce_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!waits_for_nonce(operation)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(nonce, nonce_length)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    return use_nonce(operation, (struct mico_span){nonce, nonce_length});
}

/* Take len bytes off what was announced, or what the algorithm allows; false when it is more. */
static bool count(size_t *left, size_t len)
{
    bool fits = len <= *left;
    *left -= fits ? len : 0;
    return fits;
}

psa_status_t psa_aead_update_ad(psa_aead_operation_t *operation, const uint8_t *input, size_t input_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->driver == NULL || (operation->stage != NONCE && operation->stage != AAD)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(input, input_length) || !count(&operation->aad_left, input_length)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    operation->stage = AAD;
    if (input_length == 0) {
        return PSA_SUCCESS;
    }
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status = operation->driver->aead_aad(operation->ctx, operation->state, (struct mico_span){input, input_length});
    }
    return went(operation, status);
}

psa_status_t psa_aead_update(psa_aead_operation_t *operation, const uint8_t *input, size_t input_length,
                             uint8_t *output, size_t output_size, size_t *output_length)
{
    if (operation == NULL || output_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *output_length = 0;
    if (operation->driver == NULL || operation->stage == SET_UP) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(input, input_length) || !psa_pointer_ok(output, output_size) ||
        (operation->lengths_set && operation->aad_left != 0) || !count(&operation->text_left, input_length)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (output_size < input_length) {
        return fail(operation, PSA_ERROR_BUFFER_TOO_SMALL);
    }
    operation->stage = TEXT;
    if (input_length == 0) {
        return PSA_SUCCESS;
    }
    if (input != output && psa_overlap(input, input_length, output, input_length)) {
        memmove(output, input, input_length);
        input = output;
    }
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status = operation->driver->aead_text(operation->ctx, operation->state, (struct mico_span){input, input_length},
                                              output);
    }
    status = went(operation, status);
    *output_length = input_length;
    return psa_settle(status, output, input_length, output_length);
}

/* What finish and verify check alike. */
static psa_status_t check_end(const psa_aead_operation_t *operation, bool encrypting)
{
    if (operation->driver == NULL || operation->stage == SET_UP || (operation->encrypting != 0) != encrypting) {
        return PSA_ERROR_BAD_STATE;
    }
    bool missing = operation->lengths_set && (operation->aad_left != 0 || operation->text_left != 0);
    return missing ? PSA_ERROR_INVALID_ARGUMENT : PSA_SUCCESS;
}

static psa_status_t end(psa_aead_operation_t *operation, uint8_t tag[16])
{
    psa_status_t status = psa_enter_part(operation->era);
    if (status == PSA_SUCCESS) {
        status = operation->driver->aead_end(operation->ctx, operation->state, tag);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? psa_aead_abort(operation) : fail(operation, status);
}

psa_status_t psa_aead_finish(psa_aead_operation_t *operation, uint8_t *ciphertext, size_t ciphertext_size,
                             size_t *ciphertext_length, uint8_t *tag, size_t tag_size, size_t *tag_length)
{
    uint8_t whole[16];
    if (operation == NULL || ciphertext_length == NULL || tag_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *ciphertext_length = 0;
    *tag_length = 0;
    psa_status_t status = check_end(operation, true);
    size_t len = PSA_ALG_AEAD_GET_TAG_LENGTH(operation->alg);
    if (status == PSA_SUCCESS && (!psa_pointer_ok(ciphertext, ciphertext_size) || !psa_pointer_ok(tag, tag_size))) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS && tag_size < len) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    status = status == PSA_SUCCESS ? end(operation, whole) : fail(operation, status);
    if (status == PSA_SUCCESS) {
        memcpy(tag, whole, len);
        *tag_length = len;
    }
    mico_wipe(whole, sizeof whole);
    return status;
}

psa_status_t psa_aead_verify(psa_aead_operation_t *operation, uint8_t *plaintext, size_t plaintext_size,
                             size_t *plaintext_length, const uint8_t *tag, size_t tag_length)
{
    uint8_t whole[16];
    if (operation == NULL || plaintext_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *plaintext_length = 0;
    psa_status_t status = check_end(operation, false);
    size_t len = PSA_ALG_AEAD_GET_TAG_LENGTH(operation->alg);
    if (status == PSA_SUCCESS && (!psa_pointer_ok(plaintext, plaintext_size) || !psa_pointer_ok(tag, tag_length))) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    status = status == PSA_SUCCESS ? end(operation, whole) : fail(operation, status);
    if (status == PSA_SUCCESS && (tag_length != len || !mico_ct_equal(tag, whole, len))) {
        status = fail(operation, PSA_ERROR_INVALID_SIGNATURE);
    }
    mico_wipe(whole, sizeof whole);
    return status;
}
