/* SPDX-License-Identifier: Apache-2.0 */
/* libmico_pkcs11.so, PKCS #11 3.0: start, end, forks, the lock, and the lists of functions. */
#include <pthread.h>
#include <string.h>

#include "mscp/pkcs11/p11.h"
#include "mscp/pkcs11/pkcs11_v3.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool initialized;

CK_RV p11_enter(void)
{
    pthread_mutex_lock(&lock);
    if (!initialized) {
        pthread_mutex_unlock(&lock);
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    p11_token_flags_forget(); /* another process may have set them */
    return CKR_OK;
}

CK_RV p11_enter_session(CK_SESSION_HANDLE handle, struct p11_session **session)
{
    CK_RV rv = p11_enter();
    if (rv == CKR_OK && (*session = p11_session(handle)) == NULL) {
        return p11_leave(CKR_SESSION_HANDLE_INVALID);
    }
    return rv;
}

CK_RV p11_leave(CK_RV rv)
{
    pthread_mutex_unlock(&lock);
    return rv;
}

/* ---- forks: the child has no session, no connection, and a generator of its own ---- */

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

static void in_child(void)
{
    initialized = false;
    p11_sessions_forget();
    p11_objects_forget();
    p11_login_forget();
    p11_token_abandon();
    mico_random_forget(); /* or both would draw the same numbers */
    pthread_mutex_unlock(&lock);
}

static pthread_once_t forks_once = PTHREAD_ONCE_INIT;

static void watch_forks(void)
{
    pthread_atfork(before_fork, in_parent, in_child);
}

/* ---- general purpose ---- */

static CK_RV arguments_allowed(const CK_C_INITIALIZE_ARGS *args)
{
    if (args == NULL) {
        return CKR_OK;
    }
    int own = (args->CreateMutex != NULL) + (args->DestroyMutex != NULL) + (args->LockMutex != NULL) +
              (args->UnlockMutex != NULL);
    if (args->pReserved != NULL || (own != 0 && own != 4)) {
        return CKR_ARGUMENTS_BAD;
    }
    /* The module's lock is the operating system's. */
    return own == 4 && (args->flags & CKF_OS_LOCKING_OK) == 0 ? CKR_CANT_LOCK : CKR_OK;
}

CK_RV C_Initialize(void *args)
{
    CK_RV rv = arguments_allowed(args);
    if (rv != CKR_OK) {
        return rv;
    }
    pthread_once(&forks_once, watch_forks);
    pthread_mutex_lock(&lock);
    rv = initialized ? CKR_CRYPTOKI_ALREADY_INITIALIZED : CKR_OK;
    if (rv == CKR_OK) {
        initialized = true;
        p11_slot_forget();
    }
    return p11_leave(rv);
}

CK_RV C_Finalize(void *reserved)
{
    if (reserved != NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = p11_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    p11_sessions_forget();
    p11_objects_forget();
    p11_login_forget();
    p11_token_close();
    initialized = false;
    return p11_leave(CKR_OK);
}

CK_RV C_GetInfo(CK_INFO *info)
{
    CK_RV rv = p11_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    if (info == NULL) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    memset(info, 0, sizeof *info);
    info->cryptokiVersion = (CK_VERSION){3, 0};
    info->libraryVersion = (CK_VERSION){0, 1};
    memset(info->manufacturerID, ' ', sizeof info->manufacturerID);
    memcpy(info->manufacturerID, "MiCO", 4);
    memset(info->libraryDescription, ' ', sizeof info->libraryDescription);
    memcpy(info->libraryDescription, "MSCP security coprocessor", 25);
    return p11_leave(CKR_OK);
}

/* ---- lists of functions ---- */

#define FUNCTIONS                                                                                                     \
    C_Initialize, C_Finalize, C_GetInfo, C_GetFunctionList, C_GetSlotList, C_GetSlotInfo, C_GetTokenInfo,             \
        C_GetMechanismList, C_GetMechanismInfo, C_InitToken, C_InitPIN, C_SetPIN, C_OpenSession, C_CloseSession,      \
        C_CloseAllSessions, C_GetSessionInfo, C_GetOperationState, C_SetOperationState, C_Login, C_Logout,            \
        C_CreateObject, C_CopyObject, C_DestroyObject, C_GetObjectSize, C_GetAttributeValue, C_SetAttributeValue,     \
        C_FindObjectsInit, C_FindObjects, C_FindObjectsFinal, C_EncryptInit, C_Encrypt, C_EncryptUpdate,              \
        C_EncryptFinal, C_DecryptInit, C_Decrypt, C_DecryptUpdate, C_DecryptFinal, C_DigestInit, C_Digest,            \
        C_DigestUpdate, C_DigestKey, C_DigestFinal, C_SignInit, C_Sign, C_SignUpdate, C_SignFinal, C_SignRecoverInit, \
        C_SignRecover, C_VerifyInit, C_Verify, C_VerifyUpdate, C_VerifyFinal, C_VerifyRecoverInit, C_VerifyRecover,   \
        C_DigestEncryptUpdate, C_DecryptDigestUpdate, C_SignEncryptUpdate, C_DecryptVerifyUpdate, C_GenerateKey,      \
        C_GenerateKeyPair, C_WrapKey, C_UnwrapKey, C_DeriveKey, C_SeedRandom, C_GenerateRandom, C_GetFunctionStatus,  \
        C_CancelFunction, C_WaitForSlotEvent

static CK_FUNCTION_LIST functions_2_40 = {{2, 40}, FUNCTIONS};
static struct p11_functions_3_0 functions_3_0 = {
    {{3, 0}, FUNCTIONS},  C_GetInterfaceList, C_GetInterface,        C_LoginUser,          C_SessionCancel,
    C_MessageEncryptInit, C_EncryptMessage,   C_EncryptMessageBegin, C_EncryptMessageNext, C_MessageEncryptFinal,
    C_MessageDecryptInit, C_DecryptMessage,   C_DecryptMessageBegin, C_DecryptMessageNext, C_MessageDecryptFinal,
    C_MessageSignInit,    C_SignMessage,      C_SignMessageBegin,    C_SignMessageNext,    C_MessageSignFinal,
    C_MessageVerifyInit,  C_VerifyMessage,    C_VerifyMessageBegin,  C_VerifyMessageNext,  C_MessageVerifyFinal};

static char name[] = "PKCS 11";
static struct p11_interface interfaces[] = {{name, &functions_3_0, 0}, {name, &functions_2_40, 0}};
#define INTERFACES (sizeof interfaces / sizeof interfaces[0])

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    if (list == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    *list = &functions_2_40;
    return CKR_OK;
}

CK_RV C_GetInterfaceList(struct p11_interface *list, CK_ULONG *count)
{
    if (count == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = list != NULL && *count < INTERFACES ? CKR_BUFFER_TOO_SMALL : CKR_OK;
    if (list != NULL && rv == CKR_OK) {
        memcpy(list, interfaces, sizeof interfaces);
    }
    *count = INTERFACES;
    return rv;
}

CK_RV C_GetInterface(CK_UTF8CHAR *wanted, CK_VERSION *version, struct p11_interface **out, CK_FLAGS flags)
{
    if (out == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    for (size_t i = 0; i < INTERFACES; i++) {
        const CK_VERSION *has = interfaces[i].functions;
        bool named = wanted == NULL || strcmp((const char *)wanted, name) == 0;
        bool versioned = version == NULL || (version->major == has->major && version->minor == has->minor);
        if (named && versioned && flags == 0) {
            *out = &interfaces[i];
            return CKR_OK;
        }
    }
    return CKR_ARGUMENTS_BAD;
}
