/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6234's names over crypto/primitives/digest.h. */
#include "base/bytes.h"
#include "os/sdk/security/sha.h"

/* NULL for a version that is not there. */
static const struct mico_digest *digest_of(int whichSha)
{
    switch (whichSha) {
    case SHA1:
        return &mico_sha1_digest;
    case SHA224:
        return &mico_sha224_digest;
    case SHA256:
        return &mico_sha256_digest;
    case SHA384:
        return &mico_sha384_digest;
    case SHA512:
        return &mico_sha512_digest;
    default:
        return NULL;
    }
}

int USHAHashSize(enum SHAversion whichSha)
{
    const struct mico_digest *digest = digest_of((int)whichSha);
    return digest != NULL ? digest->size : 0;
}

int USHAHashSizeBits(enum SHAversion whichSha)
{
    return USHAHashSize(whichSha) * 8;
}

int USHABlockSize(enum SHAversion whichSha)
{
    const struct mico_digest *digest = digest_of((int)whichSha);
    return digest != NULL ? digest->block : 0;
}

const char *USHAHashName(enum SHAversion whichSha)
{
    static const char *const names[] = {"SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};
    return (unsigned)whichSha <= SHA512 ? names[whichSha] : NULL;
}

int USHAReset(USHAContext *context, enum SHAversion whichSha)
{
    const struct mico_digest *digest = digest_of((int)whichSha);
    if (context == NULL) {
        return shaNull;
    }
    if (digest == NULL) {
        return shaBadParam;
    }
    context->whichSha = (int)whichSha;
    context->computed = 0;
    digest->start(&context->state);
    return shaSuccess;
}

int USHAInput(USHAContext *context, const uint8_t *bytes, unsigned int bytecount)
{
    if (context == NULL || (bytes == NULL && bytecount > 0)) {
        return shaNull;
    }
    if (context->computed != 0 || digest_of(context->whichSha) == NULL) {
        return shaStateError;
    }
    if (bytecount > 0) {
        digest_of(context->whichSha)->add(&context->state, bytes, bytecount);
    }
    return shaSuccess;
}

int USHAResult(USHAContext *context, uint8_t *digest)
{
    if (context == NULL || digest == NULL) {
        return shaNull;
    }
    if (context->computed != 0 || digest_of(context->whichSha) == NULL) {
        return shaStateError;
    }
    context->computed = 1;
    digest_of(context->whichSha)->finish(&context->state, digest);
    return shaSuccess;
}

#define ONE_HASH(name)                                                                  \
    int name##Reset(USHAContext *context)                                               \
    {                                                                                   \
        return USHAReset(context, name);                                                \
    }                                                                                   \
    int name##Input(USHAContext *context, const uint8_t *bytes, unsigned int bytecount) \
    {                                                                                   \
        return USHAInput(context, bytes, bytecount);                                    \
    }                                                                                   \
    int name##Result(USHAContext *context, uint8_t *digest)                             \
    {                                                                                   \
        return USHAResult(context, digest);                                             \
    }

ONE_HASH(SHA1)
ONE_HASH(SHA224)
ONE_HASH(SHA256)
ONE_HASH(SHA384)
ONE_HASH(SHA512)

static bool missing(const void *data, int len)
{
    return data == NULL && len > 0;
}

static struct mico_span span(const void *data, int len)
{
    return (struct mico_span){data, (size_t)len};
}

int hmac(SHAversion whichSha, const unsigned char *text, int text_len, const unsigned char *key, int key_len,
         uint8_t *digest)
{
    const struct mico_digest *hash = digest_of((int)whichSha);
    if (missing(text, text_len) || missing(key, key_len) || digest == NULL) {
        return shaNull;
    }
    if (hash == NULL || text_len < 0 || key_len < 0) {
        return shaBadParam;
    }
    mico_hmac(hash, span(key, key_len), span(text, text_len), digest);
    return shaSuccess;
}

int hmacReset(HMACContext *context, enum SHAversion whichSha, const unsigned char *key, int key_len)
{
    const struct mico_digest *hash = digest_of((int)whichSha);
    if (context == NULL || missing(key, key_len)) {
        return shaNull;
    }
    if (hash == NULL || key_len < 0) {
        return shaBadParam;
    }
    context->whichSha = (int)whichSha;
    context->computed = 0;
    mico_hmac_start(&context->hmac, hash, span(key, key_len));
    return shaSuccess;
}

int hmacInput(HMACContext *context, const unsigned char *text, int text_len)
{
    if (context == NULL || missing(text, text_len)) {
        return shaNull;
    }
    if (text_len < 0) {
        return shaBadParam;
    }
    if (context->computed != 0) {
        return shaStateError;
    }
    mico_hmac_add(&context->hmac, span(text, text_len));
    return shaSuccess;
}

int hmacResult(HMACContext *context, uint8_t *digest)
{
    if (context == NULL || digest == NULL) {
        return shaNull;
    }
    if (context->computed != 0) {
        return shaStateError;
    }
    context->computed = 1;
    mico_hmac_finish(&context->hmac, digest);
    return shaSuccess;
}

int hkdfExtract(SHAversion whichSha, const unsigned char *salt, int salt_len, const unsigned char *ikm, int ikm_len,
                uint8_t *prk)
{
    static const uint8_t zeros[USHAMaxHashSize];
    if (salt == NULL) {
        return hmac(whichSha, ikm, ikm_len, zeros, USHAHashSize(whichSha), prk);
    }
    return hmac(whichSha, ikm, ikm_len, salt, salt_len, prk);
}

/* T(1) | T(2) | …: each is the HMAC of the one before, info and its number. */
static void expand(const struct mico_digest *hash, struct mico_span prk, struct mico_span info, uint8_t *okm,
                   size_t len)
{
    struct mico_hmac state;
    uint8_t t[MICO_DIGEST_MAX];
    for (size_t done = 0, i = 1; done < len; i++) {
        uint8_t number = (uint8_t)i;
        size_t part = len - done < hash->size ? len - done : hash->size;
        mico_hmac_start(&state, hash, prk);
        mico_hmac_add(&state, (struct mico_span){t, i > 1 ? hash->size : 0});
        mico_hmac_add(&state, info);
        mico_hmac_add(&state, (struct mico_span){&number, 1});
        mico_hmac_finish(&state, t);
        memcpy(okm + done, t, part);
        done += part;
    }
    mico_wipe(t, sizeof t);
}

int hkdfExpand(SHAversion whichSha, const uint8_t *prk, int prk_len, const unsigned char *info, int info_len,
               uint8_t *okm, int okm_len)
{
    int size = USHAHashSize(whichSha);
    if (missing(info, info_len) || prk == NULL || okm == NULL) {
        return shaNull;
    }
    if (size == 0 || prk_len < size || info_len < 0 || okm_len <= 0 || okm_len > size * 255) {
        return shaBadParam;
    }
    expand(digest_of((int)whichSha), span(prk, prk_len), span(info, info_len), okm, (size_t)okm_len);
    return shaSuccess;
}

int hkdf(SHAversion whichSha, const unsigned char *salt, int salt_len, const unsigned char *ikm, int ikm_len,
         const unsigned char *info, int info_len, uint8_t *okm, int okm_len)
{
    uint8_t prk[USHAMaxHashSize];
    int err =
        missing(info, info_len) || okm == NULL ? shaNull : hkdfExtract(whichSha, salt, salt_len, ikm, ikm_len, prk);
    if (err == shaSuccess) {
        err = hkdfExpand(whichSha, prk, USHAHashSize(whichSha), info, info_len, okm, okm_len);
    }
    mico_wipe(prk, sizeof prk);
    return err;
}
