/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6234's names and MiCO SDK v3's random numbers over crypto/primitives. */
#include "os/sdk/mico_security.h"

int USHAHashSize(enum SHAversion whichSha)
{
    return whichSha == SHA256 ? SHA256HashSize : whichSha == SHA512 ? SHA512HashSize : 0;
}

int USHAHashSizeBits(enum SHAversion whichSha)
{
    return USHAHashSize(whichSha) * 8;
}

int USHABlockSize(enum SHAversion whichSha)
{
    return USHAHashSize(whichSha) * 2;
}

int USHAReset(USHAContext *context, enum SHAversion whichSha)
{
    if (context == NULL) {
        return shaNull;
    }
    if (USHAHashSize(whichSha) == 0) {
        return shaBadParam;
    }
    context->whichSha = (int)whichSha;
    context->computed = 0;
    if (whichSha == SHA256) {
        mico_sha256_start(&context->ctx.sha256);
    } else {
        mico_sha512_start(&context->ctx.sha512);
    }
    return shaSuccess;
}

int USHAInput(USHAContext *context, const uint8_t *bytes, unsigned int bytecount)
{
    if (context == NULL || (bytes == NULL && bytecount > 0)) {
        return shaNull;
    }
    if (context->computed != 0) {
        return shaStateError;
    }
    if (bytecount > 0 && context->whichSha == SHA256) {
        mico_sha256_add(&context->ctx.sha256, bytes, bytecount);
    } else if (bytecount > 0) {
        mico_sha512_add(&context->ctx.sha512, bytes, bytecount);
    }
    return shaSuccess;
}

int USHAResult(USHAContext *context, uint8_t *digest)
{
    if (context == NULL || digest == NULL) {
        return shaNull;
    }
    if (context->computed != 0) {
        return shaStateError;
    }
    context->computed = 1;
    if (context->whichSha == SHA256) {
        mico_sha256_finish(&context->ctx.sha256, digest);
    } else {
        mico_sha512_finish(&context->ctx.sha512, digest);
    }
    return shaSuccess;
}

int SHA256Reset(SHA256Context *context)
{
    return USHAReset(context, SHA256);
}

int SHA256Input(SHA256Context *context, const uint8_t *bytes, unsigned int bytecount)
{
    return USHAInput(context, bytes, bytecount);
}

int SHA256Result(SHA256Context *context, uint8_t *digest)
{
    return USHAResult(context, digest);
}

int SHA512Reset(SHA512Context *context)
{
    return USHAReset(context, SHA512);
}

int SHA512Input(SHA512Context *context, const uint8_t *bytes, unsigned int bytecount)
{
    return USHAInput(context, bytes, bytecount);
}

int SHA512Result(SHA512Context *context, uint8_t *digest)
{
    return USHAResult(context, digest);
}

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
    if (missing(text, text_len) || missing(key, key_len) || digest == NULL) {
        return shaNull;
    }
    if (USHAHashSize(whichSha) == 0 || text_len < 0 || key_len < 0) {
        return shaBadParam;
    }
    if (whichSha == SHA256) {
        mico_hmac_sha256(span(key, key_len), span(text, text_len), digest);
    } else {
        mico_hmac_sha512(span(key, key_len), span(text, text_len), digest);
    }
    return shaSuccess;
}

int hkdf(SHAversion whichSha, const unsigned char *salt, int salt_len, const unsigned char *ikm, int ikm_len,
         const unsigned char *info, int info_len, uint8_t *okm, int okm_len)
{
    if (missing(ikm, ikm_len) || missing(info, info_len) || okm == NULL) {
        return shaNull;
    }
    int most = USHAHashSize(whichSha) * 255;
    if (most == 0 || (salt != NULL && salt_len < 0) || ikm_len < 0 || info_len < 0 || okm_len <= 0 || okm_len > most) {
        return shaBadParam;
    }
    struct mico_span with = span(salt, salt != NULL ? salt_len : 0);
    mico_err err = whichSha == SHA256
                       ? mico_hkdf_sha256(with, span(ikm, ikm_len), span(info, info_len), okm, (size_t)okm_len)
                       : mico_hkdf_sha512(with, span(ikm, ikm_len), span(info, info_len), okm, (size_t)okm_len);
    return err == MICO_OK ? shaSuccess : shaBadParam;
}

OSStatus MicoRandomNumberRead(void *inBuffer, int inByteCount)
{
    if (inBuffer == NULL || inByteCount <= 0) {
        return kParamErr;
    }
    return mico_random(inBuffer, (size_t)inByteCount) == MICO_OK ? kNoErr : kGeneralErr;
}
