/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a symmetric key: MAC, cipher, AEAD. Each checks the algorithm, the key's
 * policy, the pointers and the sizes, and hands over to the driver of the key's location. */
#include <string.h>

#include "crypto/psa/core.h"

/* After the driver: the length on success, else a wiped output. */
static psa_status_t settle(psa_status_t status, uint8_t *out, size_t len, size_t *length)
{
    if (status == PSA_SUCCESS) {
        *length = len;
    } else {
        mico_wipe(out, len);
    }
    return psa_leave(status);
}

/* Lock, then the slot of a key of one of two types that may be used so. */
static psa_status_t begin(psa_key_id_t key, psa_key_usage_t usage, psa_algorithm_t alg, psa_key_type_t type,
                          psa_key_type_t or_type, struct psa_slot **slot)
{
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, usage, alg, slot);
    }
    if (status == PSA_SUCCESS && (*slot)->key.attributes.type != type && (*slot)->key.attributes.type != or_type) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    return status;
}

/* The full MAC of input by a key that may be used so; *len is what alg leaves of it. */
static psa_status_t mac_of(psa_key_id_t key, psa_key_usage_t usage, psa_algorithm_t alg, struct mico_span input,
                           uint8_t out[PSA_MAC_MAX_SIZE], size_t *len)
{
    struct psa_slot *slot;
    psa_algorithm_t base = PSA_ALG_FULL_LENGTH_MAC(alg);
    psa_key_type_t type = base == PSA_ALG_CMAC ? PSA_KEY_TYPE_AES : PSA_KEY_TYPE_HMAC;
    if (!PSA_ALG_IS_MAC(alg) || PSA_ALG_IS_WILDCARD(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (base != PSA_ALG_CMAC && (!PSA_ALG_IS_HMAC(alg) || !psa_hash_supported(alg))) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    *len = PSA_MAC_LENGTH(type, 0, alg);
    if (*len < 4 || *len > PSA_MAC_LENGTH(type, 0, base)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = begin(key, usage, alg, type, type, &slot);
    if (status == PSA_SUCCESS) {
        status = slot->driver->mac == NULL ? PSA_ERROR_NOT_SUPPORTED
                                           : slot->driver->mac(slot->ctx, &slot->key, base, input, out);
    }
    return psa_leave(status);
}

psa_status_t psa_mac_compute(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                             uint8_t *mac, size_t mac_size, size_t *mac_length)
{
    uint8_t out[PSA_MAC_MAX_SIZE];
    size_t len;
    if (mac_length == NULL || !psa_pointer_ok(input, input_length) || !psa_pointer_ok(mac, mac_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *mac_length = 0;
    psa_status_t status =
        mac_of(key, PSA_KEY_USAGE_SIGN_MESSAGE, alg, (struct mico_span){input, input_length}, out, &len);
    if (status == PSA_SUCCESS && mac_size < len) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status == PSA_SUCCESS) {
        *mac_length = len;
        memcpy(mac, out, *mac_length);
    }
    mico_wipe(out, sizeof out);
    return status;
}

psa_status_t psa_mac_verify(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                            const uint8_t *mac, size_t mac_length)
{
    uint8_t out[PSA_MAC_MAX_SIZE];
    size_t len;
    if (!psa_pointer_ok(input, input_length) || !psa_pointer_ok(mac, mac_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status =
        mac_of(key, PSA_KEY_USAGE_VERIFY_MESSAGE, alg, (struct mico_span){input, input_length}, out, &len);
    if (status == PSA_SUCCESS && (mac_length != len || !mico_ct_equal(mac, out, mac_length))) {
        status = PSA_ERROR_INVALID_SIGNATURE;
    }
    mico_wipe(out, sizeof out);
    return status;
}

/* One AES-CTR call; status is begin's. */
static psa_status_t run_ctr(psa_status_t status, const struct psa_slot *slot, uint8_t counter[16], struct mico_span in,
                            uint8_t *out, size_t done, size_t *length)
{
    if (status == PSA_SUCCESS) {
        status = slot->driver->ctr == NULL ? PSA_ERROR_NOT_SUPPORTED
                                           : slot->driver->ctr(slot->ctx, &slot->key, counter, in, out);
    }
    if (status == PSA_SUCCESS) {
        *length = done + in.len;
    }
    mico_wipe(counter, 16);
    return psa_leave(status);
}

psa_status_t psa_cipher_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                uint8_t *output, size_t output_size, size_t *output_length)
{
    struct psa_slot *slot;
    uint8_t counter[16];
    if (output_length == NULL || !psa_pointer_ok(input, input_length) || !psa_pointer_ok(output, output_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *output_length = 0;
    if (alg != PSA_ALG_CTR) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = begin(key, PSA_KEY_USAGE_ENCRYPT, alg, PSA_KEY_TYPE_AES, PSA_KEY_TYPE_AES, &slot);
    if (status == PSA_SUCCESS && (output_size < 16 || output_size - 16 < input_length)) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status == PSA_SUCCESS) {
        status = psa_status_of(mico_random(counter, sizeof counter));
    }
    if (status == PSA_SUCCESS) {
        memcpy(output, counter, 16);
    }
    return run_ctr(status, slot, counter, (struct mico_span){input, input_length}, output + 16, 16, output_length);
}

psa_status_t psa_cipher_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                uint8_t *output, size_t output_size, size_t *output_length)
{
    struct psa_slot *slot;
    uint8_t counter[16] = {0};
    if (output_length == NULL || !psa_pointer_ok(input, input_length) || !psa_pointer_ok(output, output_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *output_length = 0;
    if (alg != PSA_ALG_CTR) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = begin(key, PSA_KEY_USAGE_DECRYPT, alg, PSA_KEY_TYPE_AES, PSA_KEY_TYPE_AES, &slot);
    if (status == PSA_SUCCESS && input_length < 16) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS && output_size < input_length - 16) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status != PSA_SUCCESS) {
        return psa_leave(status);
    }
    memcpy(counter, input, 16);
    return run_ctr(status, slot, counter, (struct mico_span){input + 16, input_length - 16}, output, 0, output_length);
}

/* An AEAD algorithm, taken apart. */
struct aead {
    psa_algorithm_t base; /* with a full tag */
    size_t tag_len;
    psa_key_type_t type;
    size_t nonce_min, nonce_max;
};

static psa_status_t aead_of(psa_algorithm_t alg, struct aead *aead)
{
    static const struct aead known[] = {
        {PSA_ALG_CHACHA20_POLY1305, 16, PSA_KEY_TYPE_CHACHA20, 12, 12},
        {PSA_ALG_GCM, 16, PSA_KEY_TYPE_AES, 1, SIZE_MAX},
        {PSA_ALG_CCM, 16, PSA_KEY_TYPE_AES, 7, 13},
    };
    size_t len = PSA_ALG_AEAD_GET_TAG_LENGTH(alg);
    for (size_t i = 0; PSA_ALG_IS_AEAD(alg) && i < sizeof known / sizeof known[0]; i++) {
        if (known[i].base == PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(alg)) {
            *aead = known[i];
            aead->tag_len = len;
            bool gcm = aead->base == PSA_ALG_GCM && (len == 4 || len == 8 || (len >= 12 && len <= 16));
            bool ccm = aead->base == PSA_ALG_CCM && len >= 4 && len <= 16 && len % 2 == 0;
            bool ok = !PSA_ALG_IS_WILDCARD(alg) && (gcm || ccm || len == 16);
            return ok ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
        }
    }
    return PSA_ERROR_NOT_SUPPORTED;
}

/* What encryption and decryption check alike. */
static psa_status_t aead_begin(psa_key_id_t key, psa_key_usage_t usage, psa_algorithm_t alg, struct mico_span nonce,
                               struct mico_span aad, struct aead *aead, struct psa_slot **slot)
{
    if (!psa_pointer_ok(nonce.data, nonce.len) || !psa_pointer_ok(aad.data, aad.len)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = aead_of(alg, aead);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, usage, alg, slot);
    }
    if (status == PSA_SUCCESS &&
        ((*slot)->key.attributes.type != aead->type || nonce.len < aead->nonce_min || nonce.len > aead->nonce_max)) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    return status == PSA_SUCCESS ? status : psa_leave(status);
}

psa_status_t psa_aead_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
                              const uint8_t *additional_data, size_t additional_data_length, const uint8_t *plaintext,
                              size_t plaintext_length, uint8_t *ciphertext, size_t ciphertext_size,
                              size_t *ciphertext_length)
{
    struct psa_slot *slot;
    struct aead aead;
    struct mico_span aad = {additional_data, additional_data_length};
    if (ciphertext_length == NULL || !psa_pointer_ok(plaintext, plaintext_length) ||
        !psa_pointer_ok(ciphertext, ciphertext_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *ciphertext_length = 0;
    psa_status_t status =
        aead_begin(key, PSA_KEY_USAGE_ENCRYPT, alg, (struct mico_span){nonce, nonce_length}, aad, &aead, &slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (ciphertext_size < aead.tag_len || ciphertext_size - aead.tag_len < plaintext_length) {
        return psa_leave(PSA_ERROR_BUFFER_TOO_SMALL);
    }
    status = slot->driver->seal == NULL
                 ? PSA_ERROR_NOT_SUPPORTED
                 : slot->driver->seal(slot->ctx, &slot->key, aead.base, (struct mico_span){nonce, nonce_length}, aad,
                                      (struct mico_span){plaintext, plaintext_length}, ciphertext, aead.tag_len);
    return settle(status, ciphertext, plaintext_length + aead.tag_len, ciphertext_length);
}

psa_status_t psa_aead_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
                              const uint8_t *additional_data, size_t additional_data_length, const uint8_t *ciphertext,
                              size_t ciphertext_length, uint8_t *plaintext, size_t plaintext_size,
                              size_t *plaintext_length)
{
    struct psa_slot *slot;
    struct aead aead;
    struct mico_span aad = {additional_data, additional_data_length};
    if (plaintext_length == NULL || !psa_pointer_ok(ciphertext, ciphertext_length) ||
        !psa_pointer_ok(plaintext, plaintext_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *plaintext_length = 0;
    psa_status_t status =
        aead_begin(key, PSA_KEY_USAGE_DECRYPT, alg, (struct mico_span){nonce, nonce_length}, aad, &aead, &slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (ciphertext_length < aead.tag_len) {
        return psa_leave(PSA_ERROR_INVALID_SIGNATURE);
    }
    if (plaintext_size < ciphertext_length - aead.tag_len) {
        return psa_leave(PSA_ERROR_BUFFER_TOO_SMALL);
    }
    uint8_t nothing;
    status = slot->driver->open == NULL
                 ? PSA_ERROR_NOT_SUPPORTED
                 : slot->driver->open(slot->ctx, &slot->key, aead.base, (struct mico_span){nonce, nonce_length}, aad,
                                      (struct mico_span){ciphertext, ciphertext_length},
                                      plaintext == NULL ? &nothing : plaintext, aead.tag_len);
    return settle(status, plaintext, ciphertext_length - aead.tag_len, plaintext_length);
}
