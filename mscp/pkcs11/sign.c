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
static CK_RV key_for(const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE handle, bool signs, const struct p11_object **key)
{
    CK_KEY_TYPE wanted;
    if (mechanism == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    if (!type_for(mechanism->mechanism, &wanted)) {
        return CKR_MECHANISM_INVALID;
    }
    if (mechanism->ulParameterLen > 0) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    *key = p11_key(handle);
    if (*key == NULL) {
        return CKR_KEY_HANDLE_INVALID;
    }
    if ((*key)->class != (signs ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY) || !p11_has_ulong(*key, CKA_KEY_TYPE, wanted)) {
        return CKR_KEY_TYPE_INCONSISTENT;
    }
    return p11_is(*key, signs ? CKA_SIGN : CKA_VERIFY) ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED;
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

void p11_message_end(struct p11_session *session)
{
    session->doing = P11_NOTHING;
    session->pieces = false;
    session->len = 0;
    mico_wipe(session->message, sizeof session->message);
}

/* ---- what signing and verifying have in common ---- */

static CK_RV take_public_key(struct p11_session *session, const struct p11_object *key, CK_MECHANISM_TYPE mechanism)
{
    struct mico_span value;
    CK_KEY_TYPE type;
    const uint8_t *point;
    const struct p11_curve *curve = type_for(mechanism, &type) ? p11_curve_of(type) : NULL;
    if (curve == NULL || !p11_get(key, CKA_EC_POINT, &value) || !p11_point(curve, value, &point)) {
        return CKR_DEVICE_ERROR;
    }
    memcpy(session->verify_key, point, curve->public_len);
    return CKR_OK;
}

/* C_SignInit and C_VerifyInit. No mechanism ends what goes on (PKCS #11 3.0 section 5.2). */
static CK_RV start(CK_SESSION_HANDLE handle, const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key_handle,
                   enum p11_doing doing)
{
    struct p11_session *session;
    const struct p11_object *key;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (mechanism == NULL && session->doing == doing) {
        p11_message_end(session);
        return p11_leave(CKR_OK);
    }
    if (session->doing != P11_NOTHING) {
        return p11_leave(CKR_OPERATION_ACTIVE);
    }
    rv = key_for(mechanism, key_handle, doing == P11_SIGNING, &key);
    if (rv == CKR_OK && doing == P11_VERIFYING) {
        rv = take_public_key(session, key, mechanism->mechanism);
    }
    if (rv == CKR_OK) {
        session->sign_key = key->key_id;
        session->mechanism = mechanism->mechanism;
        session->doing = doing;
    }
    return p11_leave(rv);
}

/* The lock, for a call that goes on with what was started; whole: with all of the message, so that no piece may have come. */
static CK_RV enter(CK_SESSION_HANDLE handle, enum p11_doing doing, bool whole, struct p11_session **session)
{
    CK_RV rv = p11_enter_session(handle, session);
    if (rv == CKR_OK && (*session)->doing != doing) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    return rv == CKR_OK && whole && (*session)->pieces ? p11_leave(CKR_OPERATION_ACTIVE) : rv;
}

/* A call whose arguments are wrong ends what goes on, as any but a question for the size does. */
static CK_RV give_up(struct p11_session *session, CK_RV rv)
{
    p11_message_end(session);
    return p11_leave(rv);
}

/* C_SignUpdate and C_VerifyUpdate. */
static CK_RV update(CK_SESSION_HANDLE handle, const CK_BYTE *part, CK_ULONG len, enum p11_doing doing)
{
    struct p11_session *session;
    CK_RV rv = enter(handle, doing, false, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    session->pieces = true;
    rv = gather(session, part, len);
    return rv == CKR_OK ? p11_leave(rv) : give_up(session, rv);
}

/* ---- sign ---- */

CK_RV C_SignInit(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return start(handle, mechanism, key, P11_SIGNING);
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
    p11_message_end(session);
    return rv;
}

CK_RV C_Sign(CK_SESSION_HANDLE handle, CK_BYTE *data, CK_ULONG len, CK_BYTE *out, CK_ULONG *out_len)
{
    struct p11_session *session;
    CK_RV rv = enter(handle, P11_SIGNING, true, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (out_len == NULL || (data == NULL && len > 0)) {
        return give_up(session, CKR_ARGUMENTS_BAD);
    }
    if (len > P11_MESSAGE) {
        return give_up(session, CKR_DATA_LEN_RANGE);
    }
    return p11_leave(sign(session, (struct mico_span){data, len}, out, out_len));
}

CK_RV C_SignUpdate(CK_SESSION_HANDLE handle, CK_BYTE *part, CK_ULONG len)
{
    return update(handle, part, len, P11_SIGNING);
}

CK_RV C_SignFinal(CK_SESSION_HANDLE handle, CK_BYTE *out, CK_ULONG *out_len)
{
    struct p11_session *session;
    CK_RV rv = enter(handle, P11_SIGNING, false, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (out_len == NULL) {
        return give_up(session, CKR_ARGUMENTS_BAD);
    }
    return p11_leave(sign(session, (struct mico_span){session->message, session->len}, out, out_len));
}

/* ---- verify ---- */

CK_RV C_VerifyInit(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return start(handle, mechanism, key, P11_VERIFYING);
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
    return give_up(session, rv); /* whatever came of it */
}

CK_RV C_Verify(CK_SESSION_HANDLE handle, CK_BYTE *data, CK_ULONG len, CK_BYTE *signature, CK_ULONG signature_len)
{
    struct p11_session *session;
    CK_RV rv = enter(handle, P11_VERIFYING, true, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (data == NULL && len > 0) {
        return give_up(session, CKR_ARGUMENTS_BAD);
    }
    return verify(session, (struct mico_span){data, len}, signature, signature_len);
}

CK_RV C_VerifyUpdate(CK_SESSION_HANDLE handle, CK_BYTE *part, CK_ULONG len)
{
    return update(handle, part, len, P11_VERIFYING);
}

CK_RV C_VerifyFinal(CK_SESSION_HANDLE handle, CK_BYTE *signature, CK_ULONG signature_len)
{
    struct p11_session *session;
    CK_RV rv = enter(handle, P11_VERIFYING, false, &session);
    return rv == CKR_OK ? verify(session, (struct mico_span){session->message, session->len}, signature, signature_len)
                        : rv;
}
