/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt's classic hashes and HMAC; see wolfcrypt.h. */
#include "os/sdk/security/wolfcrypt.h"

static int start(md5_context *ctx, const struct mico_digest *digest)
{
    if (ctx == NULL) {
        return kParamErr;
    }
    digest->start(&ctx->state);
    return 0;
}

static int add(md5_context *ctx, const struct mico_digest *digest, const void *data, size_t len)
{
    if (ctx == NULL || (data == NULL && len > 0)) {
        return kParamErr;
    }
    if (len > 0) {
        digest->add(&ctx->state, data, len);
    }
    return 0;
}

static int finish(md5_context *ctx, const struct mico_digest *digest, byte *out)
{
    if (ctx == NULL || out == NULL) {
        return kParamErr;
    }
    digest->finish(&ctx->state, out);
    digest->start(&ctx->state);
    return 0;
}

void InitMd5(md5_context *ctx)
{
    (void)start(ctx, &mico_md5_digest);
}

void Md5Update(md5_context *ctx, unsigned char *input, int ilen)
{
    (void)add(ctx, &mico_md5_digest, input, ilen > 0 ? (size_t)ilen : 0);
}

void Md5Final(md5_context *ctx, unsigned char output[16])
{
    (void)finish(ctx, &mico_md5_digest, output);
}

int InitSha(Sha *sha)
{
    return start(sha, &mico_sha1_digest);
}

int ShaUpdate(Sha *sha, const byte *data, word32 len)
{
    return add(sha, &mico_sha1_digest, data, len);
}

int ShaFinal(Sha *sha, byte *hash)
{
    return finish(sha, &mico_sha1_digest, hash);
}

int InitSha256(Sha256 *sha)
{
    return start(sha, &mico_sha256_digest);
}

int Sha256Update(Sha256 *sha, const byte *data, word32 len)
{
    return add(sha, &mico_sha256_digest, data, len);
}

int Sha256Final(Sha256 *sha, byte *hash)
{
    return finish(sha, &mico_sha256_digest, hash);
}

int InitSha512(Sha512 *sha)
{
    return start(sha, &mico_sha512_digest);
}

int Sha512Update(Sha512 *sha, const byte *data, word32 len)
{
    return add(sha, &mico_sha512_digest, data, len);
}

int Sha512Final(Sha512 *sha, byte *hash)
{
    return finish(sha, &mico_sha512_digest, hash);
}

/* wolfCrypt's numbers; those of RFC 6234 that are used here are the same. */
static const struct mico_digest *digest_of(int type)
{
    switch (type) {
    case MD5:
        return &mico_md5_digest;
    case SHA:
        return &mico_sha1_digest;
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

int HmacSetKey(Hmac *hmac, int type, const byte *key, word32 keySz)
{
    const struct mico_digest *digest = digest_of(type);
    if (hmac == NULL || digest == NULL || (key == NULL && keySz > 0)) {
        return kParamErr;
    }
    mico_hmac_start(&hmac->keyed, digest, (struct mico_span){key, keySz});
    hmac->hmac = hmac->keyed;
    return 0;
}

int HmacUpdate(Hmac *hmac, const byte *input, word32 inLen)
{
    if (hmac == NULL || (input == NULL && inLen > 0)) {
        return kParamErr;
    }
    mico_hmac_add(&hmac->hmac, (struct mico_span){input, inLen});
    return 0;
}

int HmacFinal(Hmac *hmac, byte *output)
{
    if (hmac == NULL || output == NULL) {
        return kParamErr;
    }
    mico_hmac_finish(&hmac->hmac, output);
    hmac->hmac = hmac->keyed;
    return 0;
}
