/* SPDX-License-Identifier: Apache-2.0 */
/* The one slot, its token, its mechanisms, sessions. */
#include <stdlib.h>
#include <string.h>

#include "mscp/pkcs11/p11.h"
#include "mscp/pkcs11/pkcs11_v3.h"

static struct p11_session *sessions[P11_SESSIONS];
static CK_SESSION_HANDLE next_handle = 1;
static enum { UNTOLD, ABSENT, PRESENT } told; /* what the client last heard of the token */

/* Of keys that CKA_EC_PARAMS tells apart: by a curve's OID; by that, or by its name. */
#define PRIME (CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS)
#define NAMED (CKF_EC_F_P | CKF_EC_NAMEDCURVE | P11_EC_CURVENAME)

static const struct mechanism {
    CK_MECHANISM_TYPE type;
    CK_MECHANISM_INFO info;
} mechanisms[] = {
    {CKM_EC_EDWARDS_KEY_PAIR_GEN, {255, 255, CKF_HW | CKF_GENERATE_KEY_PAIR | NAMED}},
    {CKM_EC_MONTGOMERY_KEY_PAIR_GEN, {255, 255, CKF_HW | CKF_GENERATE_KEY_PAIR | NAMED}},
    /* GnuTLS 3.7 makes its keys by this one. */
    {CKM_EDDSA, {255, 255, CKF_HW | CKF_SIGN | CKF_VERIFY | CKF_GENERATE_KEY_PAIR | NAMED}},
    {CKM_EC_KEY_PAIR_GEN, {256, 256, CKF_HW | CKF_GENERATE_KEY_PAIR | PRIME}},
    {CKM_ECDSA, {256, 256, CKF_HW | CKF_SIGN | CKF_VERIFY | PRIME}},
    {CKM_ECDSA_SHA256, {256, 256, CKF_HW | CKF_SIGN | CKF_VERIFY | PRIME}},
    {CKM_ECDH1_DERIVE, {255, 256, CKF_HW | CKF_DERIVE | PRIME}},
    {P11_HKDF_DERIVE, {1, 512, CKF_DERIVE}},
    {CKM_SHA256, {0, 0, CKF_DIGEST}},
    {CKM_SHA384, {0, 0, CKF_DIGEST}},
    {CKM_SHA512, {0, 0, CKF_DIGEST}},
};
#define MECHANISMS (sizeof mechanisms / sizeof mechanisms[0])

static void pad(unsigned char *out, size_t len, const char *text)
{
    memset(out, ' ', len);
    memcpy(out, text, strlen(text));
}

/* A client that has heard it once hears of each change. */
static bool tell_presence(void)
{
    told = p11_token_present() ? PRESENT : ABSENT;
    return told == PRESENT;
}

void p11_slot_forget(void)
{
    told = UNTOLD;
}

CK_RV C_GetSlotList(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count)
{
    CK_RV rv = p11_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    if (count == NULL) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    CK_ULONG have = !present || tell_presence() ? 1 : 0;
    rv = list != NULL && *count < have ? CKR_BUFFER_TOO_SMALL : CKR_OK;
    if (list != NULL && rv == CKR_OK && have > 0) {
        list[0] = P11_SLOT;
    }
    *count = have;
    return p11_leave(rv);
}

/* The lock, for a call on a slot with an output. */
static CK_RV enter_slot(CK_SLOT_ID slot, const void *out)
{
    CK_RV rv = p11_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    rv = slot != P11_SLOT ? CKR_SLOT_ID_INVALID : out == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    return rv == CKR_OK ? rv : p11_leave(rv);
}

CK_RV C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    CK_RV rv = enter_slot(slot, info);
    if (rv != CKR_OK) {
        return rv;
    }
    memset(info, 0, sizeof *info);
    pad(info->slotDescription, sizeof info->slotDescription, "MSCP coprocessor on a socket");
    pad(info->manufacturerID, sizeof info->manufacturerID, "MiCO");
    info->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | (tell_presence() ? CKF_TOKEN_PRESENT : 0);
    return p11_leave(CKR_OK);
}

static CK_ULONG count_sessions(bool writable_only)
{
    CK_ULONG count = 0;
    for (size_t i = 0; i < P11_SESSIONS; i++) {
        count += sessions[i] != NULL && (sessions[i]->writable || !writable_only);
    }
    return count;
}

CK_RV C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV rv = enter_slot(slot, info);
    if (rv != CKR_OK) {
        return rv;
    }
    memset(info, 0, sizeof *info);
    pad(info->label, sizeof info->label, "");
    pad(info->serialNumber, sizeof info->serialNumber, "");
    pad(info->manufacturerID, sizeof info->manufacturerID, "MiCO");
    pad(info->model, sizeof info->model, "MSCP");
    pad(info->utcTime, sizeof info->utcTime, "");
    info->flags = CKF_RNG;
    info->ulMinPinLen = 4;
    info->ulMaxPinLen = 32;
    if (!p11_token_present()) {
        return p11_leave(CKR_TOKEN_NOT_PRESENT);
    }
    if (p11_token_initialized()) {
        rv = p11_token_label(info->label, info->serialNumber);
        info->flags |= CKF_TOKEN_INITIALIZED;
        bool pin = false;
        rv = rv == CKR_OK ? p11_user_pin_set(&pin) : rv;
        if (pin) {
            info->flags |= CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
        }
    }
    info->ulMaxSessionCount = info->ulMaxRwSessionCount = P11_SESSIONS;
    info->ulSessionCount = count_sessions(false);
    info->ulRwSessionCount = count_sessions(true);
    info->ulTotalPublicMemory = info->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
    info->ulTotalPrivateMemory = info->ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
    return p11_leave(rv);
}

CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID *slot, void *reserved)
{
    CK_RV rv = p11_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    if (slot == NULL || reserved != NULL) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if ((flags & CKF_DONT_BLOCK) == 0) {
        return p11_leave(CKR_FUNCTION_NOT_SUPPORTED); /* nobody would wake it */
    }
    bool news = told != UNTOLD && (told == PRESENT) != p11_token_present();
    tell_presence();
    if (news) {
        *slot = P11_SLOT;
    }
    return p11_leave(news ? CKR_OK : CKR_NO_EVENT);
}

CK_RV C_SessionCancel(CK_SESSION_HANDLE handle, CK_FLAGS flags)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if ((flags & CKF_SIGN && session->doing == P11_SIGNING) ||
        (flags & CKF_VERIFY && session->doing == P11_VERIFYING)) {
        p11_message_end(session);
    }
    if ((flags & CKF_DIGEST) != 0) {
        p11_digest_end(session);
    }
    if ((flags & P11_FIND_OBJECTS) != 0) {
        session->finding = false;
    }
    return p11_leave(CKR_OK);
}

CK_RV C_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count)
{
    CK_RV rv = enter_slot(slot, count);
    if (rv != CKR_OK) {
        return rv;
    }
    rv = list != NULL && *count < MECHANISMS ? CKR_BUFFER_TOO_SMALL : CKR_OK;
    for (size_t i = 0; list != NULL && rv == CKR_OK && i < MECHANISMS; i++) {
        list[i] = mechanisms[i].type;
    }
    *count = MECHANISMS;
    return p11_leave(rv);
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
    CK_RV rv = enter_slot(slot, info);
    if (rv != CKR_OK) {
        return rv;
    }
    for (size_t i = 0; i < MECHANISMS; i++) {
        if (mechanisms[i].type == type) {
            *info = mechanisms[i].info;
            return p11_leave(CKR_OK);
        }
    }
    return p11_leave(CKR_MECHANISM_INVALID);
}

CK_RV C_InitToken(CK_SLOT_ID slot, CK_UTF8CHAR *pin, CK_ULONG pin_len, CK_UTF8CHAR *label)
{
    CK_RV rv = enter_slot(slot, label);
    if (rv != CKR_OK) {
        return rv;
    }
    if (pin == NULL && pin_len > 0) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    return p11_leave(p11_sessions_any() ? CKR_SESSION_EXISTS : p11_token_init(label, pin, pin_len));
}

/* ---- sessions ---- */

struct p11_session *p11_session(CK_SESSION_HANDLE handle)
{
    for (size_t i = 0; i < P11_SESSIONS; i++) {
        if (sessions[i] != NULL && sessions[i]->handle == handle) {
            return sessions[i];
        }
    }
    return NULL;
}

bool p11_sessions_reading(void)
{
    return count_sessions(false) > count_sessions(true);
}

bool p11_sessions_any(void)
{
    return count_sessions(false) > 0;
}

static void close_session(size_t i)
{
    p11_objects_of_session_forget(sessions[i]->handle);
    mico_wipe(sessions[i], sizeof *sessions[i]);
    free(sessions[i]);
    sessions[i] = NULL;
}

void p11_sessions_forget(void)
{
    for (size_t i = 0; i < P11_SESSIONS; i++) {
        if (sessions[i] != NULL) {
            close_session(i);
        }
    }
}

CK_RV C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *handle)
{
    CK_RV rv = enter_slot(slot, handle);
    if (rv != CKR_OK) {
        return rv;
    }
    struct mscp_host *chip;
    if ((flags & CKF_SERIAL_SESSION) == 0) {
        return p11_leave(CKR_SESSION_PARALLEL_NOT_SUPPORTED);
    }
    rv = p11_token_present() ? p11_token(&chip) : CKR_TOKEN_NOT_PRESENT;
    rv = rv == CKR_OK && p11_so_in() && (flags & CKF_RW_SESSION) == 0 ? CKR_SESSION_READ_WRITE_SO_EXISTS : rv;
    for (size_t i = 0; rv == CKR_OK && i < P11_SESSIONS; i++) {
        if (sessions[i] == NULL) {
            sessions[i] = calloc(1, sizeof *sessions[i]);
            if (sessions[i] == NULL) {
                return p11_leave(CKR_HOST_MEMORY);
            }
            sessions[i]->handle = *handle = next_handle++;
            sessions[i]->writable = (flags & CKF_RW_SESSION) != 0;
            return p11_leave(CKR_OK);
        }
    }
    return p11_leave(rv == CKR_OK ? CKR_SESSION_COUNT : rv);
}

/* A process that has closed its last session lets others at the chip. */
static CK_RV close_some(CK_SESSION_HANDLE handle, bool all)
{
    for (size_t i = 0; i < P11_SESSIONS; i++) {
        if (sessions[i] != NULL && (all || sessions[i]->handle == handle)) {
            close_session(i);
        }
    }
    if (!p11_sessions_any()) {
        p11_login_forget();
        p11_objects_forget();
        p11_token_close();
    }
    return CKR_OK;
}

CK_RV C_CloseSession(CK_SESSION_HANDLE handle)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    return rv == CKR_OK ? p11_leave(close_some(handle, false)) : rv;
}

CK_RV C_CloseAllSessions(CK_SLOT_ID slot)
{
    CK_RV rv = enter_slot(slot, "");
    return rv == CKR_OK ? p11_leave(close_some(0, true)) : rv;
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE handle, CK_SESSION_INFO *info)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (info == NULL) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    info->slotID = P11_SLOT;
    info->state = p11_so_in()         ? CKS_RW_SO_FUNCTIONS
                  : !p11_user_in()    ? (session->writable ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION)
                  : session->writable ? CKS_RW_USER_FUNCTIONS
                                      : CKS_RO_USER_FUNCTIONS;
    info->flags = CKF_SERIAL_SESSION | (session->writable ? CKF_RW_SESSION : 0);
    info->ulDeviceError = 0;
    return p11_leave(CKR_OK);
}
