/* SPDX-License-Identifier: Apache-2.0 */
/* psa_raw_key_agreement, psa_key_agreement, psa_asymmetric_…: what needs a key pair and gives bytes. */
#include <string.h>

#include "crypto/psa/core.h"

psa_status_t psa_agree(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span peer, uint8_t *out,
                       size_t cap, size_t *len)
{
    psa_status_t status = PSA_ERROR_INVALID_ARGUMENT;
    *len = 0;
    if (PSA_KEY_TYPE_IS_KEY_PAIR(slot->key.attributes.type) && peer.data != NULL) {
        status = slot->driver->agree == NULL ? PSA_ERROR_NOT_SUPPORTED
                                             : slot->driver->agree(slot->ctx, &slot->key, alg, peer, out, cap, len);
    }
    return psa_settle(status, out, cap, len);
}

/* A raw agreement with room for its result. */
static psa_status_t agree(psa_algorithm_t alg, psa_key_id_t key, struct mico_span peer, uint8_t *out, size_t cap,
                          size_t *len)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, PSA_KEY_USAGE_DERIVE, alg, &slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    const psa_key_attributes_t *has = &slot->key.attributes;
    size_t need = PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(has->type, has->bits);
    return need != 0 && cap < need ? PSA_ERROR_BUFFER_TOO_SMALL : psa_agree(slot, alg, peer, out, cap, len);
}

psa_status_t psa_raw_key_agreement(psa_algorithm_t alg, psa_key_id_t private_key, const uint8_t *peer_key,
                                   size_t peer_key_length, uint8_t *output, size_t output_size, size_t *output_length)
{
    if (output_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *output_length = 0;
    if (!psa_pointer_ok(output, output_size) || !psa_pointer_ok(peer_key, peer_key_length) ||
        !PSA_ALG_IS_RAW_KEY_AGREEMENT(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status =
            agree(alg, private_key, (struct mico_span){peer_key, peer_key_length}, output, output_size, output_length);
    }
    return psa_leave(status);
}

psa_status_t psa_key_agreement(psa_key_id_t private_key, const uint8_t *peer_key, size_t peer_key_length,
                               psa_algorithm_t alg, const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    uint8_t secret[PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE];
    size_t len = 0;
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (key == NULL || attributes == NULL || !psa_pointer_ok(peer_key, peer_key_length) ||
        !PSA_ALG_IS_RAW_KEY_AGREEMENT(alg) ||
        (attributes->type != PSA_KEY_TYPE_DERIVE && attributes->type != PSA_KEY_TYPE_RAW_DATA &&
         attributes->type != PSA_KEY_TYPE_HMAC && attributes->type != PSA_KEY_TYPE_PASSWORD)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = agree(alg, private_key, (struct mico_span){peer_key, peer_key_length}, secret, sizeof secret, &len);
    }
    if (status == PSA_SUCCESS) {
        status = psa_add_key(attributes, (struct mico_span){secret, len}, key);
    }
    mico_wipe(secret, sizeof secret);
    return psa_leave(status);
}

/* What both psa_asymmetric_… do. */
static psa_status_t crypt(psa_key_id_t key, bool encrypting, psa_algorithm_t alg, struct mico_span text,
                          struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    struct psa_slot *slot;
    if (len == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *len = 0;
    if (!psa_pointer_ok(text.data, text.len) || !psa_pointer_ok(salt.data, salt.len) || !psa_pointer_ok(out, cap) ||
        !PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(alg) || (salt.len != 0 && !PSA_ALG_IS_RSA_OAEP(alg))) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_find(key, encrypting ? PSA_KEY_USAGE_ENCRYPT : PSA_KEY_USAGE_DECRYPT, alg, &slot);
    }
    if (status != PSA_SUCCESS) {
        return psa_leave(status);
    }
    psa_key_type_t type = slot->key.attributes.type;
    psa_status_t (*work)(void *, const struct mico_psa_key *, psa_algorithm_t, struct mico_span, struct mico_span,
                         uint8_t *, size_t, size_t *) = encrypting ? slot->driver->encrypt : slot->driver->decrypt;
    if (encrypting ? !PSA_KEY_TYPE_IS_ASYMMETRIC(type) : !PSA_KEY_TYPE_IS_KEY_PAIR(type)) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    } else if (work == NULL) {
        status = PSA_ERROR_NOT_SUPPORTED;
    } else {
        status = work(slot->ctx, &slot->key, alg, text, salt, out, cap, len);
        status = psa_settle(status, out, status == PSA_ERROR_BUFFER_TOO_SMALL ? 0 : cap, len);
    }
    return psa_leave(status);
}

psa_status_t psa_asymmetric_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                    const uint8_t *salt, size_t salt_length, uint8_t *output, size_t output_size,
                                    size_t *output_length)
{
    return crypt(key, true, alg, (struct mico_span){input, input_length}, (struct mico_span){salt, salt_length}, output,
                 output_size, output_length);
}

psa_status_t psa_asymmetric_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                    const uint8_t *salt, size_t salt_length, uint8_t *output, size_t output_size,
                                    size_t *output_length)
{
    return crypt(key, false, alg, (struct mico_span){input, input_length}, (struct mico_span){salt, salt_length},
                 output, output_size, output_length);
}
