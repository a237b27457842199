/* SPDX-License-Identifier: Apache-2.0 */
/* RSA. A note is the key in PSA's format, PKCS #1's DER, which is strict: what was imported is what is exported. */
#include <string.h>

#include "crypto/primitives/rsa_der.h"
#include "crypto/psa/family.h"
#include "crypto/psa/hash.h"

#define DEFAULT_EXPONENT 65537

static psa_status_t read_private(const struct mico_psa_key *key, struct mico_rsa_private *view)
{
    mico_err err = mico_rsa_read_private((struct mico_span){key->note, key->note_len}, view);
    return err == MICO_OK ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED; /* it was read when the key was made */
}

static psa_status_t read_public(const struct mico_psa_key *key, struct mico_rsa_public *view)
{
    struct mico_rsa_private whole;
    if (PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type)) {
        psa_status_t status = read_private(key, &whole);
        *view = whole.pub;
        return status;
    }
    mico_err err = mico_rsa_read_public((struct mico_span){key->note, key->note_len}, view);
    return err == MICO_OK ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}

/* FIPS 186-5 section 5.1: above 2^16, and odd, so of three bytes. */
static bool exponent_serves(size_t bytes)
{
    return bytes >= 3 || !mico_psa_is_approved_mode();
}

/* A size that we do not have is no fault of the key. */
static bool size_known(size_t bytes, bool pair)
{
    return bytes == 256 || bytes == 384 || bytes == 512 || (bytes == 128 && !pair);
}

static psa_status_t import(struct mico_psa_key *key, struct mico_span data)
{
    struct mico_rsa_private view;
    bool pair = PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type);

    mico_err err = pair ? mico_rsa_read_private(data, &view) : mico_rsa_read_public(data, &view.pub);
    if (err != MICO_OK) {
        return psa_status_of(err);
    }
    if (!size_known(view.pub.n.len, pair)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (!exponent_serves(view.pub.e.len)) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    err = pair ? mico_rsa_check_private(&view) : mico_rsa_check_public(&view.pub);
    return err == MICO_OK ? psa_family_keep(key, data, view.pub.n.len * 8) : psa_status_of(err);
}

/* The exponent that a caller wants: odd and 3 at least, and here below 2^32. */
static psa_status_t read_exponent(struct mico_span custom, uint32_t *exponent)
{
    uint32_t value = 0;
    while (custom.len > 0 && custom.data[0] == 0) {
        custom.data++;
        custom.len--;
    }
    if (custom.len > 4) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    for (size_t i = 0; i < custom.len; i++) {
        value = value << 8 | custom.data[i];
    }
    *exponent = value;
    return value < 3 || value % 2 == 0    ? PSA_ERROR_INVALID_ARGUMENT
           : !exponent_serves(custom.len) ? PSA_ERROR_NOT_PERMITTED
                                          : PSA_SUCCESS;
}

static psa_status_t generate(struct mico_psa_key *key, struct mico_span custom)
{
    struct mico_rsa_key room;
    struct mico_rsa_private view;
    uint32_t exponent = DEFAULT_EXPONENT;

    psa_status_t status = custom.len == 0 ? PSA_SUCCESS : read_exponent(custom, &exponent);
    if (status == PSA_SUCCESS && key->note_cap < PSA_KEY_EXPORT_RSA_KEY_PAIR_MAX_SIZE(key->attributes.bits)) {
        status = PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    mico_err err = mico_rsa_generate(key->attributes.bits, exponent, &room, &view);
    if (err == MICO_ERR_CRYPTO) { /* the pair-wise test, which mico_rsa_generate does */
        return PSA_ERROR_CORRUPTION_DETECTED;
    }
    if (err == MICO_OK) {
        err = mico_rsa_write_private(&view, key->note, key->note_cap, &key->note_len);
    }
    mico_wipe(&room, sizeof room);
    return err == MICO_ERR_SIZE ? PSA_ERROR_INSUFFICIENT_MEMORY : psa_status_of(err);
}

static psa_status_t refuse_to_generate(struct mico_psa_key *key, struct mico_span custom)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

static psa_status_t export_private(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return psa_family_give((struct mico_span){key->note, key->note_len}, out, cap, len);
}

static psa_status_t export_public(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    struct mico_rsa_public view;
    psa_status_t status = read_public(key, &view);
    return status == PSA_SUCCESS ? psa_status_of(mico_rsa_write_public(&view, out, cap, len)) : status;
}

/* RFC 8017 section 9.2 note 1: the DER of DigestInfo before the hash. */
static struct mico_span prefix_of(psa_algorithm_t hash)
{
    static const uint8_t md5[] = {0x30, 0x20, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48,
                                  0x86, 0xF7, 0x0D, 0x02, 0x05, 0x05, 0x00, 0x04, 0x10};
    static const uint8_t sha1[] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E,
                                   0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14};
    static const uint8_t sha224[] = {0x30, 0x2D, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                     0x65, 0x03, 0x04, 0x02, 0x04, 0x05, 0x00, 0x04, 0x1C};
    static const uint8_t sha256[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                     0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    static const uint8_t sha384[] = {0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                     0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30};
    static const uint8_t sha512[] = {0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                     0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40};
    switch (hash) {
    case PSA_ALG_MD5:
        return MICO_SPAN(md5);
    case PSA_ALG_SHA_1:
        return MICO_SPAN(sha1);
    case PSA_ALG_SHA_224:
        return MICO_SPAN(sha224);
    case PSA_ALG_SHA_256:
        return MICO_SPAN(sha256);
    case PSA_ALG_SHA_384:
        return MICO_SPAN(sha384);
    case PSA_ALG_SHA_512:
        return MICO_SPAN(sha512);
    default:
        return (struct mico_span){NULL, 0};
    }
}

/* Does the algorithm sign with RSA this hash? prefix and digest say how; PSA_ALG_RSA_PKCS1V15_SIGN_RAW has neither. */
static psa_status_t scheme(psa_algorithm_t alg, struct mico_span hash, struct mico_span *prefix,
                           const struct mico_digest **digest)
{
    *prefix = (struct mico_span){NULL, 0};
    *digest = NULL;
    if (!PSA_ALG_IS_RSA_PKCS1V15_SIGN(alg) && !PSA_ALG_IS_RSA_PSS(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (PSA_ALG_IS_RSA_PSS(alg) ? !PSA_HAS(PSA_WANT_ALG_RSA_PSS) : !PSA_HAS(PSA_WANT_ALG_RSA_PKCS1V15_SIGN)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (alg == PSA_ALG_RSA_PKCS1V15_SIGN_RAW) {
        return PSA_SUCCESS;
    }
    *prefix = prefix_of(PSA_ALG_SIGN_GET_HASH(alg));
    *digest = psa_digest_of(alg);
    if (prefix->len == 0 || *digest == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    return hash.len == (*digest)->size ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t sign_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash, uint8_t *out,
                              size_t cap, size_t *len)
{
    struct mico_rsa_private view;
    struct mico_span prefix;
    const struct mico_digest *digest;

    psa_status_t status = scheme(alg, hash, &prefix, &digest);
    if (status == PSA_SUCCESS) {
        status = read_private(key, &view);
    }
    if (status == PSA_SUCCESS && cap < view.pub.n.len) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    mico_err err = MICO_ERR_UNSUPPORTED;
    if (PSA_HAS(PSA_WANT_ALG_RSA_PSS) && PSA_ALG_IS_RSA_PSS(alg)) {
        err = mico_rsa_pss_sign(&view, digest, hash.data, out);
    } else if (PSA_HAS(PSA_WANT_ALG_RSA_PKCS1V15_SIGN)) {
        err = mico_rsa_pkcs1_sign(&view, prefix, hash, out);
    }
    *len = err == MICO_OK ? view.pub.n.len : 0;
    return err == MICO_ERR_CRYPTO ? PSA_ERROR_CORRUPTION_DETECTED : psa_status_of(err);
}

static psa_status_t verify_hash(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature)
{
    struct mico_rsa_public view;
    struct mico_span prefix;
    const struct mico_digest *digest;

    psa_status_t status = scheme(alg, hash, &prefix, &digest);
    if (status == PSA_SUCCESS) {
        status = read_public(key, &view);
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    mico_err err = MICO_ERR_UNSUPPORTED;
    if (PSA_HAS(PSA_WANT_ALG_RSA_PSS) && PSA_ALG_IS_RSA_PSS(alg)) {
        err = mico_rsa_pss_verify(&view, digest, PSA_ALG_IS_RSA_PSS_ANY_SALT(alg), hash.data, signature);
    } else if (PSA_HAS(PSA_WANT_ALG_RSA_PKCS1V15_SIGN)) {
        err = mico_rsa_pkcs1_verify(&view, prefix, hash, signature);
    }
    return psa_status_of(err);
}

/* Is it an encryption with RSA? digest: OAEP's, else NULL. */
static psa_status_t encryption(psa_algorithm_t alg, const struct mico_digest **digest)
{
    *digest = NULL;
    if (alg == PSA_ALG_RSA_PKCS1V15_CRYPT) {
        return PSA_HAS(PSA_WANT_ALG_RSA_PKCS1V15_CRYPT) ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
    }
    if (!PSA_ALG_IS_RSA_OAEP(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!PSA_HAS(PSA_WANT_ALG_RSA_OAEP)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    *digest = psa_digest_of(alg);
    return *digest != NULL ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

static psa_status_t encrypt(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    struct mico_rsa_public view;
    const struct mico_digest *digest;

    psa_status_t status = encryption(alg, &digest);
    if (status == PSA_SUCCESS) {
        status = read_public(key, &view);
    }
    if (status == PSA_SUCCESS && cap < view.n.len) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    mico_err err = MICO_ERR_UNSUPPORTED;
    if (PSA_HAS(PSA_WANT_ALG_RSA_OAEP) && digest != NULL) {
        err = mico_rsa_oaep_encrypt(&view, digest, salt, text, out);
    } else if (PSA_HAS(PSA_WANT_ALG_RSA_PKCS1V15_CRYPT)) {
        err = mico_rsa_pkcs1_encrypt(&view, text, out);
    }
    *len = err == MICO_OK ? view.n.len : 0;
    return err == MICO_ERR_SIZE ? PSA_ERROR_INVALID_ARGUMENT : psa_status_of(err); /* the text is too long */
}

static psa_status_t decrypt(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    struct mico_rsa_private view;
    const struct mico_digest *digest;

    psa_status_t status = encryption(alg, &digest);
    if (status == PSA_SUCCESS) {
        status = read_private(key, &view);
    }
    if (status == PSA_SUCCESS && text.len != view.pub.n.len) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status != PSA_SUCCESS) {
        return status;
    }
    mico_err err = MICO_ERR_UNSUPPORTED;
    if (PSA_HAS(PSA_WANT_ALG_RSA_OAEP) && digest != NULL) {
        err = mico_rsa_oaep_decrypt(&view, digest, salt, text, out, cap, len);
    } else if (PSA_HAS(PSA_WANT_ALG_RSA_PKCS1V15_CRYPT)) {
        err = mico_rsa_pkcs1_decrypt(&view, text, out, cap, len);
    }
    return err == MICO_ERR_AUTH     ? PSA_ERROR_INVALID_PADDING
           : err == MICO_ERR_CRYPTO ? PSA_ERROR_CORRUPTION_DETECTED
                                    : psa_status_of(err);
}

const struct psa_family psa_family_rsa = {
    .import = import,
    .generate = PSA_HAS(PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_GENERATE) ? generate : refuse_to_generate,
    .export_private = export_private,
    .export_public = export_public,
    .sign_hash = sign_hash,
    .verify_hash = verify_hash,
    .encrypt = encrypt,
    .decrypt = decrypt,
};
