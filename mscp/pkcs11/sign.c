/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures by the chip; their verification, which is public work, here. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

#define SIGNATURE_SIZE 64

static const struct {
    CK_MECHANISM_TYPE mechanism;
    CK_KEY_TYPE key_type;
} mechanisms[] = {{CKM_EDDSA, CKK_EC_EDWARDS}, {CKM_ECDSA, CKK_EC}, {CKM_ECDSA_SHA256, CKK_EC}};

static bool type_for(CK_MECHANISM_TYPE mechanism, CK_KEY_TYPE *type)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        if (mechanisms[i].mechanism == mechanism) {
            *type = mechanisms[i].key_type;
            return true;
        }
    }
    return false;
}

/* The key for a signature or its verification. Pure EdDSA and ECDSA have no parameter. */
static CK_RV key_for(const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE handle, CK_OBJECT_CLASS class,
                     CK_ATTRIBUTE_TYPE usage, const struct p11_object **key)
{
    CK_KEY_TYPE wanted;
    struct mico_span type;
    if (mechanism == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    if (!type_for(mechanism->mechanism, &wanted)) {
        return CKR_MECHANISM_INVALID;
    }
    if (mechanism->ulParameterLen > 0) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    *key = p11_object(handle);
    if (*key == NULL || ((*key)->class != CKO_PUBLIC_KEY && (*key)->class != CKO_PRIVATE_KEY)) {
        return CKR_KEY_HANDLE_INVALID;
    }
    if ((*key)->class != class || !p11_get(*key, CKA_KEY_TYPE, &type) ||
        memcmp(type.data, &wanted, sizeof wanted) != 0) {
        return CKR_KEY_TYPE_INCONSISTENT;
    }
    return p11_is(*key, usage) ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED;
}

/* CKM_ECDSA's data is a digest of any length: its leftmost bits count (FIPS 186-4 section 6.4), a shorter one as it is. */
static void digest_of(struct mico_span data, uint8_t digest[32])
{
    size_t len = data.len < 32 ? data.len : 32;
    memset(digest, 0, 32);
    if (len > 0) {
        memcpy(digest + 32 - len, data.data, len);
    }
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
        session->mechanism = mechanism->mechanism;
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
        uint8_t digest[32];
        digest_of(message, digest);
        mico_err err = MICO_OK;
        for (int attempt = 0; attempt < 2 && (attempt == 0 || p11_login_again(err)); attempt++) {
            err = session->mechanism == CKM_ECDSA ? mscp_host_sign_digest(chip, session->sign_key, digest, out)
                                                  : mscp_host_sign(chip, session->sign_key, message, out);
        }
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
    struct mico_span value;
    CK_KEY_TYPE type;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (session->signing || session->verifying) {
        return p11_leave(CKR_OPERATION_ACTIVE);
    }
    rv = key_for(mechanism, key_handle, CKO_PUBLIC_KEY, CKA_VERIFY, &key);
    if (rv == CKR_OK) {
        const uint8_t *point;
        const struct p11_curve *curve = type_for(mechanism->mechanism, &type) ? p11_curve_of(type) : NULL;
        if (curve == NULL || !p11_get(key, CKA_EC_POINT, &value) || !p11_point(curve, value, &point)) {
            return p11_leave(CKR_DEVICE_ERROR);
        }
        memcpy(session->verify_key, point, curve->public_len);
        session->mechanism = mechanism->mechanism;
        session->verifying = true;
    }
    return p11_leave(rv);
}

static mico_err check(const struct p11_session *session, struct mico_span message, const CK_BYTE *signature)
{
    uint8_t digest[32];
    if (session->mechanism == CKM_EDDSA) {
        return mico_ed25519_verify(session->verify_key, message, signature);
    }
    if (session->mechanism == CKM_ECDSA) {
        digest_of(message, digest);
    } else {
        mico_sha256(message.data, message.len, digest);
    }
    return mico_p256_verify(session->verify_key, digest, signature);
}

static CK_RV verify(struct p11_session *session, struct mico_span message, const CK_BYTE *signature, CK_ULONG len)
{
    CK_RV rv = signature == NULL ? CKR_ARGUMENTS_BAD : len != SIGNATURE_SIZE ? CKR_SIGNATURE_LEN_RANGE : CKR_OK;
    if (rv == CKR_OK && check(session, message, signature) != MICO_OK) {
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
