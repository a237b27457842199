/* SPDX-License-Identifier: Apache-2.0 */
/* What PKCS #11 3.0 adds to the interface of 2.40. */
#ifndef MSCP_PKCS11_PKCS11_V3_H
#define MSCP_PKCS11_PKCS11_V3_H

#include <p11-kit/pkcs11.h>

/* CK_INTERFACE */
struct p11_interface {
    char *name;
    void *functions; /* begins with a CK_VERSION */
    CK_FLAGS flags;
};

/* CK_HKDF_PARAMS */
struct p11_hkdf_params {
    CK_BBOOL extract, expand;
    CK_MECHANISM_TYPE hash;
    CK_ULONG salt_type;
    CK_BYTE *salt;
    CK_ULONG salt_len;
    CK_OBJECT_HANDLE salt_key;
    CK_BYTE *info;
    CK_ULONG info_len;
};
enum { P11_SALT_NULL = 1, P11_SALT_DATA = 2, P11_SALT_KEY = 4 };

CK_RV C_GetInterfaceList(struct p11_interface *list, CK_ULONG *count);
CK_RV C_GetInterface(CK_UTF8CHAR *wanted, CK_VERSION *version, struct p11_interface **out, CK_FLAGS flags);
CK_RV C_LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG pin_len,
                  CK_UTF8CHAR *user_name, CK_ULONG user_name_len);
CK_RV C_SessionCancel(CK_SESSION_HANDLE session, CK_FLAGS flags);
CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV C_EncryptMessage(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated,
                       CK_ULONG associated_len, CK_BYTE *plain, CK_ULONG plain_len, CK_BYTE *cipher,
                       CK_ULONG *cipher_len);
CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated,
                            CK_ULONG associated_len);
CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *plain,
                           CK_ULONG plain_len, CK_BYTE *cipher, CK_ULONG *cipher_len, CK_FLAGS flags);
CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE session);
CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV C_DecryptMessage(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated,
                       CK_ULONG associated_len, CK_BYTE *cipher, CK_ULONG cipher_len, CK_BYTE *plain,
                       CK_ULONG *plain_len);
CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated,
                            CK_ULONG associated_len);
CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *cipher,
                           CK_ULONG cipher_len, CK_BYTE *plain, CK_ULONG *plain_len, CK_FLAGS flags);
CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE session);
CK_RV C_MessageSignInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV C_SignMessage(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data,
                    CK_ULONG data_len, CK_BYTE *signature, CK_ULONG *signature_len);
CK_RV C_SignMessageBegin(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len);
CK_RV C_SignMessageNext(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data,
                        CK_ULONG data_len, CK_BYTE *signature, CK_ULONG *signature_len);
CK_RV C_MessageSignFinal(CK_SESSION_HANDLE session);
CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV C_VerifyMessage(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data,
                      CK_ULONG data_len, CK_BYTE *signature, CK_ULONG signature_len);
CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len);
CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data,
                          CK_ULONG data_len, CK_BYTE *signature, CK_ULONG signature_len);
CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE session);

/* CK_FUNCTION_LIST_3_0 */
struct p11_functions_3_0 {
    CK_FUNCTION_LIST of_2_40;
    CK_RV (*getInterfaceList)(struct p11_interface *list, CK_ULONG *count);
    CK_RV (*getInterface)(CK_UTF8CHAR *wanted, CK_VERSION *version, struct p11_interface **out, CK_FLAGS flags);
    CK_RV (*loginUser)
    (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG pin_len, CK_UTF8CHAR *user_name,
     CK_ULONG user_name_len);
    CK_RV (*sessionCancel)(CK_SESSION_HANDLE session, CK_FLAGS flags);
    CK_RV (*messageEncryptInit)(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
    CK_RV (*encryptMessage)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len,
     CK_BYTE *plain, CK_ULONG plain_len, CK_BYTE *cipher, CK_ULONG *cipher_len);
    CK_RV (*encryptMessageBegin)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len);
    CK_RV (*encryptMessageNext)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *plain, CK_ULONG plain_len,
     CK_BYTE *cipher, CK_ULONG *cipher_len, CK_FLAGS flags);
    CK_RV (*messageEncryptFinal)(CK_SESSION_HANDLE session);
    CK_RV (*messageDecryptInit)(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
    CK_RV (*decryptMessage)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len,
     CK_BYTE *cipher, CK_ULONG cipher_len, CK_BYTE *plain, CK_ULONG *plain_len);
    CK_RV (*decryptMessageBegin)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *associated, CK_ULONG associated_len);
    CK_RV (*decryptMessageNext)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *cipher, CK_ULONG cipher_len,
     CK_BYTE *plain, CK_ULONG *plain_len, CK_FLAGS flags);
    CK_RV (*messageDecryptFinal)(CK_SESSION_HANDLE session);
    CK_RV (*messageSignInit)(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
    CK_RV (*signMessage)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len,
     CK_BYTE *signature, CK_ULONG *signature_len);
    CK_RV (*signMessageBegin)(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len);
    CK_RV (*signMessageNext)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len,
     CK_BYTE *signature, CK_ULONG *signature_len);
    CK_RV (*messageSignFinal)(CK_SESSION_HANDLE session);
    CK_RV (*messageVerifyInit)(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
    CK_RV (*verifyMessage)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len,
     CK_BYTE *signature, CK_ULONG signature_len);
    CK_RV (*verifyMessageBegin)(CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len);
    CK_RV (*verifyMessageNext)
    (CK_SESSION_HANDLE session, void *parameter, CK_ULONG parameter_len, CK_BYTE *data, CK_ULONG data_len,
     CK_BYTE *signature, CK_ULONG signature_len);
    CK_RV (*messageVerifyFinal)(CK_SESSION_HANDLE session);
};

#endif
