/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures by the chip; verification, digests (public work) here; random numbers of the chip. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

#define SIGNATURE_SIZE 64

/* The key for a signature or its verification. Pure EdDSA has no parameter. */
static CK_RV key_for(const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE handle, CK_OBJECT_CLASS class,
                     CK_ATTRIBUTE_TYPE usage, const struct p11_object **key)
{
    if (mechanism == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    if (mechanism->mechanism != CKM_EDDSA) {
        return CKR_MECHANISM_INVALID;
    }
    if (mechanism->ulParameterLen > 0) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    *key = p11_object(handle);
    if (*key == NULL || ((*key)->class != CKO_PUBLIC_KEY && (*key)->class != CKO_PRIVATE_KEY)) {
        return CKR_KEY_HANDLE_INVALID;
    }
    struct mico_span type;
    const CK_KEY_TYPE edwards = CKK_EC_EDWARDS;
    if ((*key)->class != class || !p11_get(*key, CKA_KEY_TYPE, &type) ||
        memcmp(type.data, &edwards, sizeof edwards) != 0) {
        return CKR_KEY_TYPE_INCONSISTENT;
    }
    return p11_is(*key, usage) ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED;
}

/* Pieces of a message, at most what the chip signs. */
static CK_RV gather(struct p11_session *session, const CK_BYTE *part, CK_ULONG len)
{
    if (part == NULL && len > 0) {
        return CKR_ARGUMENTS_BAD;
    }
    if (len > P11_MESSAGE - session->len) {
        return CKR_DATA_LEN_RANGE;
    }
    if (len > 0) {
        memcpy(session->message + session->len, part, len);
        session->len += len;
    }
    return CKR_OK;
}

static void end_message(struct p11_session *session)
{
    session->signing = session->verifying = session->pieces = false;
    session->len = 0;
    mico_wipe(session->message, sizeof session->message);
}

/* ---- sign ---- */

CK_RV C_SignInit(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key_handle)
{
    struct p11_session *session;
    const struct p11_object *key;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (session->signing || session->verifying) {
        return p11_leave(CKR_OPERATION_ACTIVE);
    }
    rv = key_for(mechanism, key_handle, CKO_PRIVATE_KEY, CKA_SIGN, &key);
    if (rv == CKR_OK) {
        session->signing = true;
        session->sign_key = key->key_id;
    }
    return p11_leave(rv);
}

/* Asking for the size and a buffer too small leave the operation as it is; all else ends it. */
static CK_RV sign(struct p11_session *session, struct mico_span message, CK_BYTE *out, CK_ULONG *out_len)
{
    struct mscp_host *chip;
    if (out == NULL || *out_len < SIGNATURE_SIZE) {
        CK_RV rv = out == NULL ? CKR_OK : CKR_BUFFER_TOO_SMALL;
        *out_len = SIGNATURE_SIZE;
        return rv;
    }
    CK_RV rv = p11_token(&chip);
    if (rv == CKR_OK) {
        mico_err err = mscp_host_sign(chip, session->sign_key, message, out);
        rv = err == MICO_ERR_STATE ? CKR_KEY_HANDLE_INVALID : p11_error(err); /* somebody destroyed it */
    }
    if (rv == CKR_OK) {
        *out_len = SIGNATURE_SIZE;
    }
    end_message(session);
    return rv;
}

CK_RV C_Sign(CK_SESSION_HANDLE handle, CK_BYTE *data, CK_ULONG len, CK_BYTE *out, CK_ULONG *out_len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->signing || session->pieces) {
        return p11_leave(session->signing ? CKR_OPERATION_ACTIVE : CKR_OPERATION_NOT_INITIALIZED);
    }
    rv = out_len == NULL || (data == NULL && len > 0) ? CKR_ARGUMENTS_BAD
         : len > P11_MESSAGE                          ? CKR_DATA_LEN_RANGE
                                                      : CKR_OK;
    if (rv == CKR_OK) {
        rv = sign(session, (struct mico_span){data, len}, out, out_len);
    } else {
        end_message(session);
    }
    return p11_leave(rv);
}

CK_RV C_SignUpdate(CK_SESSION_HANDLE handle, CK_BYTE *part, CK_ULONG len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->signing) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    session->pieces = true;
    rv = gather(session, part, len);
    if (rv != CKR_OK) {
        end_message(session);
    }
    return p11_leave(rv);
}

CK_RV C_SignFinal(CK_SESSION_HANDLE handle, CK_BYTE *out, CK_ULONG *out_len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->signing) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    if (out_len == NULL) {
        end_message(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    return p11_leave(sign(session, (struct mico_span){session->message, session->len}, out, out_len));
}

/* ---- verify ---- */

CK_RV C_VerifyInit(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key_handle)
{
    struct p11_session *session;
    const struct p11_object *key;
    struct mico_span point;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (session->signing || session->verifying) {
        return p11_leave(CKR_OPERATION_ACTIVE);
    }
    rv = key_for(mechanism, key_handle, CKO_PUBLIC_KEY, CKA_VERIFY, &key);
    if (rv == CKR_OK && (!p11_get(key, CKA_EC_POINT, &point) || point.len != 34)) {
        rv = CKR_DEVICE_ERROR;
    }
    if (rv == CKR_OK) {
        memcpy(session->verify_key, point.data + 2, 32);
        session->verifying = true;
    }
    return p11_leave(rv);
}

static CK_RV verify(struct p11_session *session, struct mico_span message, const CK_BYTE *signature, CK_ULONG len)
{
    CK_RV rv = signature == NULL ? CKR_ARGUMENTS_BAD : len != SIGNATURE_SIZE ? CKR_SIGNATURE_LEN_RANGE : CKR_OK;
    if (rv == CKR_OK && mico_ed25519_verify(session->verify_key, message, signature) != MICO_OK) {
        rv = CKR_SIGNATURE_INVALID;
    }
    end_message(session);
    return rv;
}

CK_RV C_Verify(CK_SESSION_HANDLE handle, CK_BYTE *data, CK_ULONG len, CK_BYTE *signature, CK_ULONG signature_len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->verifying || session->pieces) {
        return p11_leave(session->verifying ? CKR_OPERATION_ACTIVE : CKR_OPERATION_NOT_INITIALIZED);
    }
    if (data == NULL && len > 0) {
        end_message(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    return p11_leave(verify(session, (struct mico_span){data, len}, signature, signature_len));
}

CK_RV C_VerifyUpdate(CK_SESSION_HANDLE handle, CK_BYTE *part, CK_ULONG len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->verifying) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    session->pieces = true;
    rv = gather(session, part, len);
    if (rv != CKR_OK) {
        end_message(session);
    }
    return p11_leave(rv);
}

CK_RV C_VerifyFinal(CK_SESSION_HANDLE handle, CK_BYTE *signature, CK_ULONG signature_len)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->verifying) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    return p11_leave(verify(session, (struct mico_span){session->message, session->len}, signature, signature_len));
}

/* ---- digest ---- */

static void end_digest(struct p11_session *session)
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
    if (session->digesting || mechanism == NULL) {
        return p11_leave(session->digesting ? CKR_OPERATION_ACTIVE : CKR_ARGUMENTS_BAD);
    }
    if (mechanism->mechanism != CKM_SHA256 || mechanism->ulParameterLen > 0) {
        return p11_leave(mechanism->mechanism == CKM_SHA256 ? CKR_MECHANISM_PARAM_INVALID : CKR_MECHANISM_INVALID);
    }
    mico_sha256_start(&session->hash);
    session->digesting = true;
    return p11_leave(CKR_OK);
}

/* The digest's size, when that is all that is asked for or there is no room. */
static bool sized(CK_BYTE *out, CK_ULONG *out_len, CK_RV *rv)
{
    if (out != NULL && *out_len >= 32) {
        return false;
    }
    *rv = out == NULL ? CKR_OK : CKR_BUFFER_TOO_SMALL;
    *out_len = 32;
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
        end_digest(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (!sized(out, out_len, &rv)) {
        mico_sha256_add(&session->hash, data, len);
        mico_sha256_finish(&session->hash, out);
        *out_len = 32;
        end_digest(session);
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
        end_digest(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    session->digest_pieces = true;
    mico_sha256_add(&session->hash, part, len);
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
        end_digest(session);
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (!sized(out, out_len, &rv)) {
        mico_sha256_finish(&session->hash, out);
        *out_len = 32;
        end_digest(session);
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
