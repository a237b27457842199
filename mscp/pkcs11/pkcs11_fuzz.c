/* SPDX-License-Identifier: Apache-2.0 */
/* The module's calls in any order with any arguments, over a chip in this process: each input is a program of calls, whose
 * sessions, objects, mechanisms and templates come from small tables, NULL and nonsense among them. The chip is healthy: an
 * error that says otherwise is a fault of the module; so is a private key that can be taken out, or an end that fails. */
#include "mscp/pkcs11/fuzz_chip.h"
#include "mscp/pkcs11/fuzz_input.h"
#include "mscp/pkcs11/pkcs11_v3.h"

#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CALLS 48

static CK_RV open_session(void)
{
    uint8_t how = next();
    return C_OpenSession(how == 255, how % 8 == 0 ? 0 : CKF_SERIAL_SESSION | (how % 4 != 1 ? CKF_RW_SESSION : 0), NULL,
                         NULL, how == 254 ? NULL : &sessions[how / 8 % 4]);
}

static CK_RV close_session(void)
{
    return next() % 8 == 0 ? C_CloseAllSessions(0) : C_CloseSession(a_session());
}

static CK_RV login(void)
{
    CK_ULONG len;
    CK_UTF8CHAR *pin = a_pin(&len);
    uint8_t how = next();
    return C_Login(a_session(), how % 16 == 15 ? how : how % 3, pin, len);
}

static CK_RV logout(void)
{
    return C_Logout(a_session());
}

static CK_RV change_pin(void)
{
    CK_ULONG old_len, new_len;
    CK_UTF8CHAR *old = a_pin(&old_len), *new = a_pin(&new_len);
    return next() % 2 ? C_InitPIN(a_session(), new, new_len) : C_SetPIN(a_session(), old, old_len, new, new_len);
}

static CK_RV init_token(void)
{
    CK_ULONG len;
    CK_UTF8CHAR *pin = a_pin(&len), label[32] = "fuzz";
    return C_InitToken(0, pin, len, next() % 16 == 0 ? NULL : label);
}

static CK_RV look_at_slot(void)
{
    CK_SLOT_INFO slot;
    CK_TOKEN_INFO token;
    CK_SESSION_INFO info;
    CK_MECHANISM_INFO mechanism;
    CK_SLOT_ID id;
    CK_ULONG count = length();
    uint8_t how = next();
    switch (how % 8) {
    case 0:
        return C_GetSlotInfo(how / 128, how == 0 ? NULL : &slot);
    case 1:
        return C_GetTokenInfo(how / 128, how == 1 ? NULL : &token);
    case 2:
        return C_GetSessionInfo(a_session(), how == 2 ? NULL : &info);
    case 3:
        return C_GetMechanismInfo(0, how, how == 3 ? NULL : &mechanism);
    case 4:
        return C_GetMechanismList(0, how / 8 % 2 ? NULL : piece(count * sizeof(CK_ULONG)), place_for(count));
    case 5:
        return C_GetSlotList(how / 8 % 2, how / 16 % 2 ? NULL : piece(count * sizeof(CK_ULONG)), place_for(count));
    case 6:
        return C_WaitForSlotEvent(how / 8 % 4 ? CKF_DONT_BLOCK : 0, how / 64 ? &id : NULL, NULL);
    default:
        return C_SessionCancel(a_session(), how / 8 * 0x400u | (how % 2 ? P11_FIND_OBJECTS : 0));
    }
}

static CK_RV make_pair(void)
{
    CK_ULONG of_public, of_private;
    CK_SESSION_HANDLE session = a_session();
    CK_MECHANISM *mechanism = a_mechanism();
    CK_ATTRIBUTE *pub = a_template(&of_public, KEY), *pri = a_template(&of_private, KEY);
    CK_OBJECT_HANDLE *a = keep(), *b = keep();
    return C_GenerateKeyPair(session, mechanism, pub, of_public, pri, of_private, a, b);
}

static CK_RV create(void)
{
    CK_ULONG count;
    CK_SESSION_HANDLE session = a_session();
    CK_ATTRIBUTE *a = a_template(&count, next() % 4 ? DATA_OBJECT : NOTHING);
    return C_CreateObject(session, a, count, keep());
}

static CK_RV copy(void)
{
    CK_ULONG count;
    CK_SESSION_HANDLE session = a_session();
    CK_ATTRIBUTE *a = a_template(&count, NOTHING);
    CK_OBJECT_HANDLE object = an_object();
    return C_CopyObject(session, object, a, count, keep());
}

static CK_RV set_attributes(void)
{
    CK_ULONG count;
    CK_SESSION_HANDLE session = a_session();
    CK_ATTRIBUTE *a = a_template(&count, NOTHING);
    return C_SetAttributeValue(session, an_object(), a, count);
}

static CK_RV get_attributes(void)
{
    CK_ULONG count;
    CK_SESSION_HANDLE session = a_session();
    CK_ATTRIBUTE *a = a_template(&count, NOTHING);
    CK_ULONG size;
    if (next() % 8 == 0) {
        return C_GetObjectSize(session, an_object(), next() % 8 ? &size : NULL);
    }
    return C_GetAttributeValue(session, an_object(), a, count);
}

static CK_RV destroy(void)
{
    CK_SESSION_HANDLE session = a_session();
    return C_DestroyObject(session, an_object());
}

static CK_RV find(void)
{
    CK_ULONG count, found = 0, max = next() % 5;
    CK_SESSION_HANDLE session = a_session();
    CK_ATTRIBUTE *a = a_template(&count, NOTHING);
    uint8_t how = next();
    if (how % 4 == 0) {
        return C_FindObjectsFinal(session);
    }
    if (how % 4 == 1) {
        CK_OBJECT_HANDLE *out = piece(max * sizeof *out);
        CK_RV rv = C_FindObjects(session, out, max, how < 8 ? NULL : &found);
        for (CK_ULONG i = 0; rv == CKR_OK && i < found; i++) {
            learn(out[i]);
        }
        must(found <= max, "more objects were found than there was room for");
        return rv;
    }
    return C_FindObjectsInit(session, a, count);
}

static CK_RV sign_or_verify(void)
{
    CK_ULONG len, room;
    CK_SESSION_HANDLE session = a_session();
    CK_BYTE *data = bytes(&len), *out = bytes(&room);
    switch (next() % 10) {
    case 0:
    case 1:
        return C_SignInit(session, a_mechanism(), an_object());
    case 2:
    case 3:
        return C_VerifyInit(session, a_mechanism(), an_object());
    case 4:
        return C_SignUpdate(session, data, len);
    case 5:
        return C_VerifyUpdate(session, data, len);
    case 6:
        return C_SignFinal(session, out, place_for(room));
    case 7:
        return C_VerifyFinal(session, out, room);
    case 8:
        return C_Sign(session, data, len, out, place_for(room));
    default:
        return C_Verify(session, data, len, out, room);
    }
}

static CK_RV digest(void)
{
    CK_ULONG len, room;
    CK_SESSION_HANDLE session = a_session();
    CK_BYTE *data = bytes(&len), *out = bytes(&room);
    switch (next() % 5) {
    case 0:
        return C_DigestInit(session, a_mechanism());
    case 1:
        return C_DigestUpdate(session, data, len);
    case 2:
        return C_DigestFinal(session, out, place_for(room));
    case 3:
        return C_GenerateRandom(session, out, room);
    default:
        return C_Digest(session, data, len, out, place_for(room));
    }
}

static CK_RV derive(void)
{
    CK_ULONG count;
    CK_SESSION_HANDLE session = a_session();
    CK_MECHANISM *mechanism = a_mechanism();
    CK_ATTRIBUTE *a = a_template(&count, SECRET);
    CK_OBJECT_HANDLE base = an_object();
    return C_DeriveKey(session, mechanism, base, a, count, keep());
}

static CK_RV end_and_begin(void)
{
    CK_RV rv = next() % 4 == 0 ? C_Finalize(sessions) : C_Finalize(NULL);
    CK_RV again = C_Initialize(NULL);
    must(again == (rv == CKR_OK ? CKR_OK : CKR_CRYPTOKI_ALREADY_INITIALIZED), "C_Initialize");
    return rv;
}

static CK_RV (*const calls[])(void) = {open_session, open_session,   close_session,  login,          logout,
                                       change_pin,   init_token,     look_at_slot,   make_pair,      create,
                                       copy,         set_attributes, get_attributes, destroy,        find,
                                       find,         sign_or_verify, sign_or_verify, sign_or_verify, digest,
                                       derive,       derive,         end_and_begin};

/* What a module whose chip is well never says. */
static void check_answer(CK_RV rv)
{
    must(rv != CKR_DEVICE_ERROR && rv != CKR_GENERAL_ERROR && rv != CKR_FUNCTION_FAILED && rv != CKR_DEVICE_REMOVED &&
             rv != CKR_TOKEN_NOT_RECOGNIZED && rv != CKR_TOKEN_NOT_PRESENT && rv != CKR_HOST_MEMORY,
         "a call blames a chip that is well");
}

/* Of no private key can anybody see that its value may be had. */
static void check_keys(CK_SESSION_HANDLE session)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof class};
    CK_OBJECT_HANDLE found[64];
    CK_ULONG count = 0;
    must(C_FindObjectsInit(session, &template, 1) == CKR_OK, "C_FindObjectsInit");
    must(C_FindObjects(session, found, 64, &count) == CKR_OK, "C_FindObjects");
    for (CK_ULONG i = 0; i < count; i++) {
        CK_BBOOL sensitive = 0, extractable = 1;
        uint8_t value[64];
        CK_ATTRIBUTE open[] = {{CKA_SENSITIVE, &sensitive, 1}, {CKA_EXTRACTABLE, &extractable, 1}};
        CK_ATTRIBUTE secret = {CKA_VALUE, value, sizeof value};
        must(C_GetAttributeValue(session, found[i], open, 2) == CKR_OK && sensitive && !extractable, "a key is open");
        must(C_GetAttributeValue(session, found[i], &secret, 1) == CKR_ATTRIBUTE_SENSITIVE, "a key came out");
    }
}

/* ---- once, then each input ---- */

/* A token with both PINs. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    CK_UTF8CHAR label[32] = "fuzz";
    CK_SESSION_HANDLE session;
    fuzz_chip_start();
    must(C_Initialize(NULL) == CKR_OK, "C_Initialize");
    must(C_InitToken(0, so_pin, 8, label) == CKR_OK, "C_InitToken");
    must(C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) == CKR_OK, "C_OpenSession");
    must(C_Login(session, CKU_SO, so_pin, 8) == CKR_OK, "C_Login");
    must(C_InitPIN(session, user_pin, 4) == CKR_OK, "C_InitPIN");
    must(C_Finalize(NULL) == CKR_OK, "C_Finalize");
    fuzz_chip_keep();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    fuzz_program(data, len);
    fuzz_chip_restore();
    forget_objects();
    must(C_Initialize(NULL) == CKR_OK, "C_Initialize");
    for (int i = 0; i < 4; i++) {
        must(C_OpenSession(0, CKF_SERIAL_SESSION | (i < 3 ? CKF_RW_SESSION : 0), NULL, NULL, &sessions[i]) == CKR_OK,
             "C_OpenSession");
    }
    if (next() % 2) {
        must(C_Login(sessions[0], CKU_USER, user_pin, 4) == CKR_OK, "C_Login");
    }
    for (int i = 0; i < CALLS && !fuzz_over(); i++) {
        check_answer(calls[next() % (sizeof calls / sizeof calls[0])]());
        free_pieces();
    }
    CK_RV rv = C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &sessions[0]);
    must(rv == CKR_OK || rv == CKR_SESSION_COUNT, "C_OpenSession");
    if (rv == CKR_OK) {
        check_keys(sessions[0]);
    }
    must(C_Finalize(NULL) == CKR_OK, "C_Finalize");
    return 0;
}
