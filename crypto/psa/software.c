/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0: keys in this program's memory, used by crypto/primitives. The note of a key without structure is the key;
 * asymmetric.c has the others. */
#include <string.h>

#include "crypto/psa/asymmetric.h"
#include "crypto/psa/core.h"
#include "crypto/psa/srp_key.h"
#include "crypto/psa/symmetric.h"

/* A build without SRP's keys links none of its arithmetic. */
#ifdef PSA_WANT_ALG_SRP_6
#define SRP(call) (call)
#else
#define SRP(call) PSA_ERROR_NOT_SUPPORTED
#endif

const struct mico_block_cipher *psa_block_cipher(psa_key_type_t type)
{
#ifdef PSA_WANT_KEY_TYPE_AES
    if (type == PSA_KEY_TYPE_AES) {
        return &mico_aes;
    }
#endif
#ifdef PSA_WANT_KEY_TYPE_DES
    if (type == PSA_KEY_TYPE_DES) {
        return &mico_des;
    }
#endif
    return NULL;
}

static psa_status_t from_generator(void *from, uint8_t *out, size_t len)
{
    return psa_status_of(mico_random(out, len));
}

/* Is it a key without structure that is known here, of a size that it has? */
static psa_status_t check(psa_key_type_t type, size_t bits)
{
    bool fits = bits != 0 && bits % 8 == 0;
    switch (type) {
    case PSA_KEY_TYPE_RAW_DATA:
    case PSA_KEY_TYPE_HMAC:
    case PSA_KEY_TYPE_DERIVE:
    case PSA_KEY_TYPE_PASSWORD:
    case PSA_KEY_TYPE_PASSWORD_HASH:
    case PSA_KEY_TYPE_PEPPER:
        break;
#ifdef PSA_WANT_KEY_TYPE_AES
    case PSA_KEY_TYPE_AES:
        fits = bits == 128 || bits == 192 || bits == 256;
        break;
#endif
#ifdef PSA_WANT_KEY_TYPE_DES
    case PSA_KEY_TYPE_DES:
        fits = bits == 64 || bits == 128 || bits == 192;
        break;
#endif
#ifdef PSA_WANT_KEY_TYPE_CHACHA20
    case PSA_KEY_TYPE_CHACHA20:
        fits = bits == 256;
        break;
#endif
    default:
        return PSA_ERROR_NOT_SUPPORTED;
    }
    return fits ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t import(void *ctx, struct mico_psa_key *key, struct mico_span data)
{
    psa_key_attributes_t *has = &key->attributes;
    if (PSA_KEY_TYPE_IS_SRP(has->type)) {
        return SRP(psa_srp_import(key, data));
    }
    if (PSA_KEY_TYPE_IS_ASYMMETRIC(has->type)) {
        return psa_asymmetric_import(key, data);
    }
    psa_status_t status = check(has->type, data.len <= MICO_PSA_KEY_SIZE ? data.len * 8 : 8);
    if (status == PSA_SUCCESS && data.len > MICO_PSA_KEY_SIZE) {
        status = PSA_ERROR_NOT_SUPPORTED;
    }
    if (status == PSA_SUCCESS && has->bits != 0 && has->bits != data.len * 8) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS && data.len > key->note_cap) {
        status = PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (status == PSA_SUCCESS) {
        memcpy(key->note, data.data, data.len);
        key->note_len = data.len;
        has->bits = (uint16_t)(data.len * 8);
    }
    return status;
}

static psa_status_t generate(void *ctx, struct mico_psa_key *key, struct mico_span custom)
{
    if (PSA_KEY_TYPE_IS_ASYMMETRIC(key->attributes.type)) {
        return psa_asymmetric_generate(key, custom);
    }
    size_t len = key->attributes.bits / 8u;
    psa_status_t status = check(key->attributes.type, key->attributes.bits);
    if (status == PSA_SUCCESS && len > key->note_cap) {
        status = PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (status == PSA_SUCCESS) {
        bool des = PSA_HAS(PSA_WANT_KEY_TYPE_DES) && key->attributes.type == PSA_KEY_TYPE_DES;
        status = des ? psa_des_draw(from_generator, NULL, key->note, len) : from_generator(NULL, key->note, len);
        key->note_len = len;
    }
    return status;
}

static psa_status_t destroy(void *ctx, struct mico_psa_key *key)
{
    return PSA_SUCCESS; /* the core wipes the slot */
}

static psa_status_t export_public(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return PSA_KEY_TYPE_IS_SRP(key->attributes.type) ? SRP(psa_srp_export_public(key, out, cap, len))
                                                     : psa_asymmetric_export_public(key, out, cap, len);
}

static psa_status_t export_private(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(key->attributes.type)) {
        return export_public(ctx, key, out, cap, len);
    }
    if (PSA_KEY_TYPE_IS_SRP(key->attributes.type)) {
        return SRP(psa_srp_export_private(key, out, cap, len));
    }
    if (PSA_KEY_TYPE_IS_ASYMMETRIC(key->attributes.type)) {
        return psa_asymmetric_export_private(key, out, cap, len);
    }
    if (cap < key->note_len) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    memcpy(out, key->note, key->note_len);
    *len = key->note_len;
    return PSA_SUCCESS;
}

static psa_status_t sign_message(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg,
                                 struct mico_span message, uint8_t *out, size_t cap, size_t *len)
{
    return psa_asymmetric_sign_message(key, alg, message, out, cap, len);
}

static psa_status_t sign_hash(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                              uint8_t *out, size_t cap, size_t *len)
{
    return psa_asymmetric_sign_hash(key, alg, hash, out, cap, len);
}

static psa_status_t verify_message(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg,
                                   struct mico_span message, struct mico_span signature)
{
    return psa_asymmetric_verify_message(key, alg, message, signature);
}

static psa_status_t verify_hash(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature)
{
    return psa_asymmetric_verify_hash(key, alg, hash, signature);
}

static psa_status_t encrypt(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    return psa_asymmetric_encrypt_with(key, alg, text, salt, out, cap, len);
}

static psa_status_t decrypt(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    return psa_asymmetric_decrypt_with(key, alg, text, salt, out, cap, len);
}

static psa_status_t agree(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                          uint8_t *out, size_t cap, size_t *len)
{
    return psa_asymmetric_agree_with(key, alg, peer, out, cap, len);
}

/* The entries of a kind of which this build has no algorithm are NULL, and their code is not linked. */
#define IF(has, entry) ((has) ? (entry) : NULL)
#define HAS(name) PSA_HAS(PSA_WANT_ALG_##name)
#define HAS_MAC (HAS(HMAC) || HAS(CMAC))
#define HAS_CIPHER                                                                                            \
    (HAS(STREAM_CIPHER) || HAS(CTR) || HAS(CFB) || HAS(OFB) || HAS(CCM_STAR_NO_TAG) || HAS(ECB_NO_PADDING) || \
     HAS(CBC_NO_PADDING) || HAS(CBC_PKCS7))
#define HAS_AEAD (HAS(CCM) || HAS(GCM) || HAS(CHACHA20_POLY1305))
#define HAS_WRAP (HAS(KW) || HAS(KWP))

const struct mico_psa_driver psa_software = {
    .location = PSA_KEY_LOCATION_LOCAL_STORAGE,
    .generate = generate,
    .import = import,
    .destroy = destroy,
    .export_private = export_private,
    .export_public = export_public,
    .sign_message = sign_message,
    .sign_hash = sign_hash,
    .verify_message = verify_message,
    .verify_hash = verify_hash,
    .encrypt = encrypt,
    .decrypt = decrypt,
    .agree = agree,
    .mac = IF(HAS_MAC, psa_soft_mac),
    .mac_start = IF(HAS_MAC, psa_soft_mac_start),
    .mac_add = IF(HAS_MAC, psa_soft_mac_add),
    .mac_end = IF(HAS_MAC, psa_soft_mac_end),
    .cipher_start = IF(HAS_CIPHER, psa_soft_cipher_start),
    .cipher_iv = IF(HAS_CIPHER, psa_soft_cipher_iv),
    .cipher_add = IF(HAS_CIPHER, psa_soft_cipher_add),
    .cipher_end = IF(HAS_CIPHER, psa_soft_cipher_end),
    .seal = IF(HAS_AEAD, psa_soft_seal),
    .open = IF(HAS_AEAD, psa_soft_open),
    .aead_start = IF(HAS_AEAD, psa_soft_aead_start),
    .aead_begin = IF(HAS_AEAD, psa_soft_aead_begin),
    .aead_aad = IF(HAS_AEAD, psa_soft_aead_aad),
    .aead_text = IF(HAS_AEAD, psa_soft_aead_text),
    .aead_end = IF(HAS_AEAD, psa_soft_aead_end),
    .wrap = IF(HAS_WRAP, psa_soft_wrap),
    .unwrap = IF(HAS_WRAP, psa_soft_unwrap),
};
