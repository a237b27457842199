/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that this token does not have. They say so, after the errors that come first: no C_Initialize, no such
 * session. */
#include "mscp/pkcs11/p11.h"
#include "mscp/pkcs11/pkcs11_v3.h"

static CK_RV refuse(CK_SESSION_HANDLE handle)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    return rv == CKR_OK ? p11_leave(CKR_FUNCTION_NOT_SUPPORTED) : rv;
}

#define REFUSED(name, ...)      \
    CK_RV name(__VA_ARGS__)     \
    {                           \
        return refuse(session); \
    }

/* clang-format off */
REFUSED(C_GetOperationState, CK_SESSION_HANDLE session, CK_BYTE *state, CK_ULONG *state_len)
REFUSED(C_SetOperationState, CK_SESSION_HANDLE session, CK_BYTE *state, CK_ULONG state_len, CK_OBJECT_HANDLE encryption_key, CK_OBJECT_HANDLE authentication_key)
REFUSED(C_EncryptInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_Encrypt, CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_EncryptUpdate, CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_EncryptFinal, CK_SESSION_HANDLE session, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_DecryptInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_Decrypt, CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_DecryptUpdate, CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_DecryptFinal, CK_SESSION_HANDLE session, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_DigestKey, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key)
REFUSED(C_SignRecoverInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_SignRecover, CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *signature, CK_ULONG *signature_len)
REFUSED(C_VerifyRecoverInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_VerifyRecover, CK_SESSION_HANDLE session, CK_BYTE *signature, CK_ULONG signature_len, CK_BYTE *data, CK_ULONG *data_len)
REFUSED(C_DigestEncryptUpdate, CK_SESSION_HANDLE session, CK_BYTE *part, CK_ULONG part_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_DecryptDigestUpdate, CK_SESSION_HANDLE session, CK_BYTE *part, CK_ULONG part_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_SignEncryptUpdate, CK_SESSION_HANDLE session, CK_BYTE *part, CK_ULONG part_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_DecryptVerifyUpdate, CK_SESSION_HANDLE session, CK_BYTE *part, CK_ULONG part_len, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_GenerateKey, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *key)
REFUSED(C_WrapKey, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key, CK_BYTE *out, CK_ULONG *out_len)
REFUSED(C_UnwrapKey, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key, CK_BYTE *wrapped, CK_ULONG wrapped_len, CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *out)
REFUSED(C_LoginUser, CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG pin_len, CK_UTF8CHAR *user_name, CK_ULONG user_name_len)
REFUSED(C_MessageEncryptInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_EncryptMessage, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len, CK_BYTE *plain, CK_ULONG plain_len, CK_BYTE *cipher, CK_ULONG *cipher_len)
REFUSED(C_EncryptMessageBegin, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len)
REFUSED(C_EncryptMessageNext, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *plain, CK_ULONG plain_len, CK_BYTE *cipher, CK_ULONG *cipher_len, CK_FLAGS flags)
REFUSED(C_MessageEncryptFinal, CK_SESSION_HANDLE session)
REFUSED(C_MessageDecryptInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_DecryptMessage, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len, CK_BYTE *cipher, CK_ULONG cipher_len, CK_BYTE *plain, CK_ULONG *plain_len)
REFUSED(C_DecryptMessageBegin, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len)
REFUSED(C_DecryptMessageNext, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *cipher, CK_ULONG cipher_len, CK_BYTE *plain, CK_ULONG *plain_len, CK_FLAGS flags)
REFUSED(C_MessageDecryptFinal, CK_SESSION_HANDLE session)
REFUSED(C_MessageSignInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_SignMessage, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *signature, CK_ULONG *signature_len)
REFUSED(C_SignMessageBegin, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len)
REFUSED(C_SignMessageNext, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *signature, CK_ULONG *signature_len)
REFUSED(C_MessageSignFinal, CK_SESSION_HANDLE session)
REFUSED(C_MessageVerifyInit, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
REFUSED(C_VerifyMessage, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *signature, CK_ULONG signature_len)
REFUSED(C_VerifyMessageBegin, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len)
REFUSED(C_VerifyMessageNext, CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *signature, CK_ULONG signature_len)
REFUSED(C_MessageVerifyFinal, CK_SESSION_HANDLE session)
/* clang-format on */
