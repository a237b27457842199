/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, which are public work and done here, and the chip's random numbers. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

static void start_256(union p11_hash *hash)
{
    mico_sha256_start(&hash->sha256);
}

static void add_256(union p11_hash *hash, const void *data, size_t len)
{
    mico_sha256_add(&hash->sha256, data, len);
}

static void finish_256(union p11_hash *hash, uint8_t *out)
{
    mico_sha256_finish(&hash->sha256, out);
}

static void start_384(union p11_hash *hash)
{
    mico_sha384_start(&hash->sha512);
}

static void start_512(union p11_hash *hash)
{
    mico_sha512_start(&hash->sha512);
}

static void add_512(union p11_hash *hash, const void *data, size_t len)
{
    mico_sha512_add(&hash->sha512, data, len);
}

static void finish_384(union p11_hash *hash, uint8_t *out)
{
    mico_sha384_finish(&hash->sha512, out);
}

static void finish_512(union p11_hash *hash, uint8_t *out)
{
    mico_sha512_finish(&hash->sha512, out);
}

static const struct p11_digest digests[] = {
    {CKM_SHA256, 32, start_256, add_256, finish_256},
    {CKM_SHA384, 48, start_384, add_512, finish_384},
    {CKM_SHA512, 64, start_512, add_512, finish_512},
};

static const struct p11_digest *digest_of(CK_MECHANISM_TYPE mechanism)
{
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++) {
        if (digests[i].mechanism == mechanism) {
            return &digests[i];
        }
    }
    return NULL;
}

void p11_digest_end(struct p11_session *session)
{
    session->digesting = session->digest_pieces = false;
    mico_wipe(&session->hash, sizeof session->hash);
}

CK_RV C_DigestInit(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (mechanism == NULL && session->digesting) { /* as C_SignInit */
        p11_digest_end(session);
        return p11_leave(CKR_OK);
    }
    if (session->digesting || mechanism == NULL) {
        return p11_leave(session->digesting ? CKR_OPERATION_ACTIVE : CKR_ARGUMENTS_BAD);
    }
    const struct p11_digest *digest = digest_of(mechanism->mechanism);
    if (digest == NULL || mechanism->ulParameterLen > 0) {
        return p11_leave(digest != NULL ? CKR_MECHANISM_PARAM_INVALID : CKR_MECHANISM_INVALID);
    }
    session->digest = digest;
    digest->start(&session->hash);
    session->digesting = true;
    return p11_leave(CKR_OK);
}

/* The digest's size, when that is all that is asked for or there is no room. */
static bool sized(const struct p11_session *session, CK_BYTE *out, CK_ULONG *out_len, CK_RV *rv)
{
    if (out != NULL && *out_len >= session->digest->size) {
        return false;
    }
    *rv = out == NULL ? CKR_OK : CKR_BUFFER_TOO_SMALL;
    *out_len = session->digest->size;
    return true;
}

CK_RV C_Digest(CK_SESSION_HANDLE handle, CK_BYTE *data, CK_ULONG len, CK_BYTE *out, CK_ULONG *out_len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->digesting || session->digest_pieces) {
        return p11_leave(session->digesting ? CKR_OPERATION_ACTIVE : CKR_OPERATION_NOT_INITIALIZED);
    }
    if (out_len == NULL || (data == NULL && len > 0)) {
        p11_digest_end(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (!sized(session, out, out_len, &rv)) {
        session->digest->add(&session->hash, data, len);
        session->digest->finish(&session->hash, out);
        *out_len = session->digest->size;
        p11_digest_end(session);
    }
    return p11_leave(rv);
}

CK_RV C_DigestUpdate(CK_SESSION_HANDLE handle, CK_BYTE *part, CK_ULONG len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->digesting) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    if (part == NULL && len > 0) {
        p11_digest_end(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    session->digest_pieces = true;
    session->digest->add(&session->hash, part, len);
    return p11_leave(CKR_OK);
}

CK_RV C_DigestFinal(CK_SESSION_HANDLE handle, CK_BYTE *out, CK_ULONG *out_len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->digesting) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    if (out_len == NULL) {
        p11_digest_end(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (!sized(session, out, out_len, &rv)) {
        session->digest->finish(&session->hash, out);
        *out_len = session->digest->size;
        p11_digest_end(session);
    }
    return p11_leave(rv);
}

/* ---- random ---- */

CK_RV C_SeedRandom(CK_SESSION_HANDLE handle, CK_BYTE *seed, CK_ULONG len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    return rv == CKR_OK ? p11_leave(CKR_RANDOM_SEED_NOT_SUPPORTED) : rv;
}

CK_RV C_GenerateRandom(CK_SESSION_HANDLE handle, CK_BYTE *out, CK_ULONG len)
{
    struct p11_session *session;
    struct mscp_host *chip;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (out == NULL && len > 0) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    rv = p11_token(&chip);
    return p11_leave(rv == CKR_OK ? p11_error(mscp_host_random(chip, out, len)) : rv);
}

CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE handle)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    return rv == CKR_OK ? p11_leave(CKR_FUNCTION_NOT_PARALLEL) : rv;
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE handle)
{
    return C_GetFunctionStatus(handle);
}
