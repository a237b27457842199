/* SPDX-License-Identifier: Apache-2.0 */
/* psa_sign_… and psa_verify_…: policy, hashing, and the driver of the key's location. */
#include <string.h>

#include "crypto/psa/core.h"

/* A signature's algorithm as a call may name it. */
static psa_status_t check_message(psa_algorithm_t alg)
{
    return PSA_ALG_IS_SIGN_MESSAGE(alg) && !PSA_ALG_IS_WILDCARD(alg) ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t check_hash(psa_algorithm_t alg, size_t hash_len)
{
    if (!PSA_ALG_IS_SIGN_HASH(alg) || PSA_ALG_IS_WILDCARD(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_algorithm_t hash = PSA_ALG_SIGN_GET_HASH(alg);
    if (hash == PSA_ALG_NONE && PSA_ALG_IS_DETERMINISTIC_ECDSA(alg)) { /* RFC 6979 needs one */
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    return hash == PSA_ALG_NONE || hash_len == PSA_HASH_LENGTH(hash) ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

/* Lock, and the slot of a key that may be used so. */
static psa_status_t begin(psa_key_id_t key, psa_key_usage_t usage, psa_algorithm_t alg, struct psa_slot **slot)
{
    psa_status_t status = psa_find(key, usage, alg, slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    psa_key_type_t type = (*slot)->key.attributes.type;
    bool signs = (usage & (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH)) != 0;
    return (signs ? PSA_KEY_TYPE_IS_KEY_PAIR(type) : PSA_KEY_TYPE_IS_ASYMMETRIC(type)) ? PSA_SUCCESS
                                                                                       : PSA_ERROR_INVALID_ARGUMENT;
}

/* The hash of a message, by the algorithm of a signature. */
static psa_status_t digest(psa_algorithm_t alg, struct mico_span message, uint8_t hash[PSA_HASH_MAX_SIZE], size_t *len)
{
    return PSA_ALG_IS_SIGN_HASH(alg)
               ? psa_hash_compute(PSA_ALG_SIGN_GET_HASH(alg), message.data, message.len, hash, PSA_HASH_MAX_SIZE, len)
               : PSA_ERROR_NOT_SUPPORTED;
}

static psa_status_t sign_hash(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span hash, uint8_t *out,
                              size_t cap, size_t *len)
{
    return slot->driver->sign_hash == NULL ? PSA_ERROR_NOT_SUPPORTED
                                           : slot->driver->sign_hash(slot->ctx, &slot->key, alg, hash, out, cap, len);
}

static psa_status_t sign_message(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span message,
                                 uint8_t *out, size_t cap, size_t *len)
{
    uint8_t hash[PSA_HASH_MAX_SIZE];
    size_t hash_len;
    psa_status_t status = PSA_ERROR_NOT_SUPPORTED;
    if (slot->driver->sign_message != NULL) {
        status = slot->driver->sign_message(slot->ctx, &slot->key, alg, message, out, cap, len);
    }
    if (status != PSA_ERROR_NOT_SUPPORTED) {
        return status;
    }
    status = digest(alg, message, hash, &hash_len);
    return status == PSA_SUCCESS ? sign_hash(slot, alg, (struct mico_span){hash, hash_len}, out, cap, len) : status;
}

/* What both psa_sign_… do around their check of arguments. */
static psa_status_t sign(psa_key_id_t key, bool hashed, psa_algorithm_t alg, struct mico_span input, uint8_t *out,
                         size_t cap, size_t *len)
{
    struct psa_slot *slot;
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = begin(key, hashed ? PSA_KEY_USAGE_SIGN_HASH : PSA_KEY_USAGE_SIGN_MESSAGE, alg, &slot);
    }
    if (status == PSA_SUCCESS) {
        status = (hashed ? sign_hash : sign_message)(slot, alg, input, out, cap, len);
        status = psa_settle(status, out, status == PSA_ERROR_BUFFER_TOO_SMALL ? 0 : cap, len);
    }
    return psa_leave(status);
}

/* The buffers of both psa_sign_…. */
static bool buffers_ok(const uint8_t *input, size_t input_length, const uint8_t *signature, size_t signature_size,
                       size_t *signature_length)
{
    if (signature_length != NULL) {
        *signature_length = 0;
    }
    return signature_length != NULL && psa_pointer_ok(input, input_length) && psa_pointer_ok(signature, signature_size);
}

psa_status_t psa_sign_message(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                              uint8_t *signature, size_t signature_size, size_t *signature_length)
{
    if (!buffers_ok(input, input_length, signature, signature_size, signature_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = check_message(alg);
    return status != PSA_SUCCESS ? status
                                 : sign(key, false, alg, (struct mico_span){input, input_length}, signature,
                                        signature_size, signature_length);
}

psa_status_t psa_sign_hash(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
                           uint8_t *signature, size_t signature_size, size_t *signature_length)
{
    if (!buffers_ok(hash, hash_length, signature, signature_size, signature_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = check_hash(alg, hash_length);
    return status != PSA_SUCCESS ? status
                                 : sign(key, true, alg, (struct mico_span){hash, hash_length}, signature,
                                        signature_size, signature_length);
}

static psa_status_t ask_to_verify(const struct mico_psa_driver *driver, void *ctx, const struct mico_psa_key *key,
                                  bool hashed, psa_algorithm_t alg, struct mico_span input, struct mico_span signature)
{
    uint8_t hash[PSA_HASH_MAX_SIZE];
    size_t len;
    psa_status_t status = PSA_ERROR_NOT_SUPPORTED;
    if (!hashed && driver->verify_message != NULL) {
        status = driver->verify_message(ctx, key, alg, input, signature);
    }
    if (!hashed && status == PSA_ERROR_NOT_SUPPORTED) {
        status = digest(alg, input, hash, &len);
        input = (struct mico_span){hash, len};
        hashed = status == PSA_SUCCESS;
        status = hashed ? PSA_ERROR_NOT_SUPPORTED : status;
    }
    if (hashed && driver->verify_hash != NULL) {
        status = driver->verify_hash(ctx, key, alg, input, signature);
    }
    return status;
}

/* Verifying takes the public key only, so location 0 does it for those that do not. */
static psa_status_t verify_here(const struct psa_slot *slot, bool hashed, psa_algorithm_t alg, struct mico_span input,
                                struct mico_span signature)
{
    uint8_t bytes[PSA_KEY_EXPORT_RSA_PUBLIC_KEY_MAX_SIZE(PSA_VENDOR_RSA_MAX_KEY_BITS)];
    struct mico_psa_key public_key = {.attributes = slot->key.attributes, .note = bytes, .note_cap = sizeof bytes};
    public_key.attributes.type = PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(slot->key.attributes.type);
    psa_status_t status =
        slot->driver->export_public == NULL
            ? PSA_ERROR_NOT_SUPPORTED
            : slot->driver->export_public(slot->ctx, &slot->key, bytes, sizeof bytes, &public_key.note_len);
    return status == PSA_SUCCESS ? ask_to_verify(&psa_software, NULL, &public_key, hashed, alg, input, signature)
                                 : status;
}

psa_status_t psa_slot_sign(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span message, uint8_t *out,
                           size_t cap, size_t *len)
{
    return sign_message(slot, alg, message, out, cap, len);
}

psa_status_t psa_slot_verify(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span message,
                             struct mico_span signature)
{
    return verify_here(slot, false, alg, message, signature);
}

static psa_status_t verify(psa_key_id_t key, bool hashed, psa_algorithm_t alg, struct mico_span input,
                           struct mico_span signature)
{
    struct psa_slot *slot;
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = begin(key, hashed ? PSA_KEY_USAGE_VERIFY_HASH : PSA_KEY_USAGE_VERIFY_MESSAGE, alg, &slot);
    }
    if (status == PSA_SUCCESS) {
        bool there = slot->driver->verify_message != NULL || slot->driver->verify_hash != NULL;
        status = there ? ask_to_verify(slot->driver, slot->ctx, &slot->key, hashed, alg, input, signature)
                       : verify_here(slot, hashed, alg, input, signature);
    }
    return psa_leave(status);
}

psa_status_t psa_verify_message(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                const uint8_t *signature, size_t signature_length)
{
    if (!psa_pointer_ok(input, input_length) || !psa_pointer_ok(signature, signature_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = check_message(alg);
    return status != PSA_SUCCESS ? status
                                 : verify(key, false, alg, (struct mico_span){input, input_length},
                                          (struct mico_span){signature, signature_length});
}

psa_status_t psa_verify_hash(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
                             const uint8_t *signature, size_t signature_length)
{
    if (!psa_pointer_ok(hash, hash_length) || !psa_pointer_ok(signature, signature_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = check_hash(alg, hash_length);
    return status != PSA_SUCCESS ? status
                                 : verify(key, true, alg, (struct mico_span){hash, hash_length},
                                          (struct mico_span){signature, signature_length});
}
