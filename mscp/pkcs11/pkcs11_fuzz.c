/* SPDX-License-Identifier: Apache-2.0 */
/* The module's calls in any order with any arguments, over a chip in this process: each input is a program of calls, whose
 * sessions, objects, mechanisms and templates come from small tables, NULL and nonsense among them. Every buffer is a piece of
 * heap of exactly the length that the call is told, so that the sanitizer sees a byte too many. The chip is healthy: an error
 * that says otherwise is a fault of the module; so is a private key that can be taken out, or an end that fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mscp/chip/chip.h"
#include "mscp/host/transport_socket.h"
#include "mscp/pkcs11/p11.h"
#include "mscp/pkcs11/pkcs11_v3.h"
#include "os/store/test_flash.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FLASH_SIZE (MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE)
#define CALLS 48
#define HANDLES 16
#define PIECES 64

/* ---- the chip, at the other end of what the module takes for a socket ---- */

static uint8_t memory[FLASH_SIZE], before[FLASH_SIZE], answers[4 * MSCP_WIRE_MAX];
static size_t answers_len;
static struct test_flash flash;
static struct mscp_chip chip, chip_before;
static struct mico_store_entry names[64], names_before[64];

static uint64_t now_ms(void *ctx)
{
    static uint64_t ms;
    return ms += 1000; /* no rate is ever reached */
}

static void take_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    memcpy(answers + answers_len, bytes, len);
    answers_len += len;
}

static mico_err line_write(void *ctx, const uint8_t *data, size_t len)
{
    mscp_chip_input(&chip, data, len);
    return MICO_OK;
}

static mico_err line_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = answers_len < cap ? answers_len : cap;
    memcpy(out, answers, *len);
    memmove(answers, answers + *len, answers_len - *len);
    answers_len -= *len;
    return *len > 0 ? MICO_OK : MICO_ERR_TIMEOUT;
}

mico_err mscp_socket_open(struct mscp_socket *link, const char *path, uint32_t wait_ms,
                          struct mscp_transport *transport)
{
    *transport = (struct mscp_transport){link, line_write, line_read};
    answers_len = 0;
    return MICO_OK;
}

void mscp_socket_close(struct mscp_socket *link)
{
}

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "pkcs11_fuzz: %s\n", what);
        abort();
    }
}

static void start_chip(void)
{
    const struct mscp_chip_platform platform = {
        .flash = &flash.flash, .now_ms = now_ms, .reply = take_reply, .index = names, .index_len = 64};
    must(mscp_chip_start(&chip, &platform) == MICO_OK, "the chip does not start");
}

/* ---- the input as a program ---- */

static const uint8_t *program;
static size_t program_len;

static uint8_t next(void)
{
    if (program_len == 0) {
        return 0;
    }
    program_len--;
    return *program++;
}

static struct {
    void *bytes;
} pieces[PIECES];
static size_t pieces_used;

/* Heap of exactly len bytes, filled by the program; freed when the call is over. */
static void *piece(size_t len)
{
    uint8_t *bytes = malloc(len > 0 ? len : 1);
    must(bytes != NULL && pieces_used < PIECES, "no memory");
    pieces[pieces_used++].bytes = bytes;
    uint8_t first = next();
    for (size_t i = 0; i < len; i++) {
        bytes[i] = i < 4 ? first : (uint8_t)i;
    }
    return len > 0 || first % 2 == 0 ? bytes : NULL;
}

static void free_pieces(void)
{
    while (pieces_used > 0) {
        free(pieces[--pieces_used].bytes);
    }
}

static size_t length(void)
{
    static const uint16_t lengths[] = {0, 1, 3, 4, 31, 32, 33, 34, 63, 64, 65, 67, 255, 1024, 4096, 4097};
    return lengths[next() % (sizeof lengths / sizeof lengths[0])];
}

/* A pointer with its length: sometimes NULL with one, which no call may follow. */
static CK_BYTE *bytes(CK_ULONG *len)
{
    *len = length();
    return next() % 16 == 0 ? NULL : piece(*len);
}

static CK_SESSION_HANDLE sessions[4];
static CK_OBJECT_HANDLE handles[HANDLES];
static size_t next_handle;

static CK_SESSION_HANDLE a_session(void)
{
    uint8_t which = next() % 32;
    return which == 0 ? 0 : which == 1 ? 77777 : sessions[which % 4];
}

static CK_OBJECT_HANDLE an_object(void)
{
    uint8_t which = next() % 32;
    return which == 31 ? 0 : which == 30 ? CK_INVALID_HANDLE - 5 : handles[which % HANDLES];
}

static CK_OBJECT_HANDLE *keep(void)
{
    return next() % 32 == 0 ? NULL : &handles[next_handle++ % HANDLES];
}

/* A place for a length: what the buffer beside it has, or NULL. */
static CK_ULONG *place_for(CK_ULONG len)
{
    CK_ULONG *place = piece(sizeof *place);
    *place = len;
    return next() % 32 == 0 ? NULL : place;
}

static const CK_ULONG numbers[] = {CKO_DATA,
                                   CKO_CERTIFICATE,
                                   CKO_PUBLIC_KEY,
                                   CKO_PRIVATE_KEY,
                                   CKO_SECRET_KEY,
                                   CKK_EC,
                                   CKK_EC_EDWARDS,
                                   CKK_EC_MONTGOMERY,
                                   CKK_GENERIC_SECRET,
                                   P11_HKDF_KEY,
                                   CKC_X_509,
                                   32,
                                   16,
                                   CK_UNAVAILABLE_INFORMATION};
static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS,
                                          CKA_TOKEN,
                                          CKA_PRIVATE,
                                          CKA_MODIFIABLE,
                                          CKA_COPYABLE,
                                          CKA_DESTROYABLE,
                                          CKA_LABEL,
                                          CKA_ID,
                                          CKA_SUBJECT,
                                          CKA_START_DATE,
                                          CKA_KEY_TYPE,
                                          CKA_EC_PARAMS,
                                          CKA_EC_POINT,
                                          CKA_LOCAL,
                                          CKA_SENSITIVE,
                                          CKA_EXTRACTABLE,
                                          CKA_SIGN,
                                          CKA_VERIFY,
                                          CKA_DERIVE,
                                          CKA_ENCRYPT,
                                          CKA_TRUSTED,
                                          CKA_VALUE,
                                          CKA_VALUE_LEN,
                                          CKA_CERTIFICATE_TYPE,
                                          CKA_ISSUER,
                                          CKA_APPLICATION,
                                          CKA_OBJECT_ID,
                                          P11_UNIQUE_ID,
                                          CKA_SERIAL_NUMBER,
                                          CKA_PUBLIC_KEY_INFO,
                                          CKA_ALWAYS_SENSITIVE,
                                          CKA_MODULUS,
                                          0xFFFFFFFFFFFFul};
static char *const curves[] = {"\x13\x0C"
                               "edwards25519",
                               "\x13\x0A"
                               "curve25519",
                               "\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07", "\x06\x03\x2B\x65\x70"};

static void fill_attribute(CK_ATTRIBUTE *a)
{
    uint8_t how = next();
    a->type = types[next() % (sizeof types / sizeof types[0])];
    if (a->type == CKA_EC_PARAMS && how % 4 != 0) {
        const char *curve = curves[how % 4];
        a->ulValueLen = strlen(curve);
        a->pValue = piece(a->ulValueLen);
        memcpy(a->pValue, curve, a->ulValueLen);
    } else if (how % 4 == 0) {
        a->pValue = bytes(&a->ulValueLen);
    } else if (how % 4 == 1) {
        a->ulValueLen = sizeof(CK_ULONG);
        a->pValue = piece(sizeof(CK_ULONG));
        memcpy(a->pValue, &numbers[next() % (sizeof numbers / sizeof numbers[0])], sizeof(CK_ULONG));
    } else {
        a->ulValueLen = 1;
        a->pValue = piece(1);
        *(CK_BBOOL *)a->pValue = how / 4 % 8 == 0 ? 2 : how / 4 % 2;
    }
}

/* A template; begin says with what it begins, so that some are whole. */
enum begin { NOTHING, KEY, DATA_OBJECT, SECRET };

static CK_ATTRIBUTE *a_template(CK_ULONG *count, enum begin begin)
{
    uint8_t how = next();
    static const CK_ULONG of_data = CKO_DATA, of_secret = CKO_SECRET_KEY, generic = CKK_GENERIC_SECRET;
    static const CK_BBOOL yes = CK_TRUE;
    CK_ATTRIBUTE *a = piece(6 * sizeof *a);
    *count = 0;
    if (how % 32 == 0) {
        *count = how / 32;
        return NULL;
    }
    if (begin == KEY) {
        const char *curve = curves[how / 4 % 3];
        a[(*count)++] = (CK_ATTRIBUTE){CKA_TOKEN, (void *)&yes, 1};
        a[(*count)++] = (CK_ATTRIBUTE){CKA_EC_PARAMS, (void *)curve, strlen(curve)};
    } else if (begin == DATA_OBJECT) {
        a[(*count)++] = (CK_ATTRIBUTE){CKA_CLASS, (void *)&of_data, sizeof of_data};
    } else if (begin == SECRET) {
        a[(*count)++] = (CK_ATTRIBUTE){CKA_CLASS, (void *)&of_secret, sizeof of_secret};
        a[(*count)++] = (CK_ATTRIBUTE){CKA_KEY_TYPE, (void *)&generic, sizeof generic};
    }
    for (int i = 0; i < how % 4; i++) {
        fill_attribute(&a[(*count)++]);
    }
    return a;
}

/* PKCS #11 3.0's CK_HKDF_PARAMS. */
struct hkdf {
    CK_BBOOL extract, expand;
    CK_MECHANISM_TYPE hash;
    CK_ULONG salt_type;
    CK_BYTE *salt;
    CK_ULONG salt_len;
    CK_OBJECT_HANDLE salt_key;
    CK_BYTE *info;
    CK_ULONG info_len;
};

static CK_MECHANISM *a_mechanism(void)
{
    static const CK_MECHANISM_TYPE all[] = {CKM_EDDSA,
                                            CKM_ECDSA,
                                            CKM_ECDSA_SHA256,
                                            CKM_EC_EDWARDS_KEY_PAIR_GEN,
                                            CKM_EC_MONTGOMERY_KEY_PAIR_GEN,
                                            CKM_EC_KEY_PAIR_GEN,
                                            CKM_ECDH1_DERIVE,
                                            P11_HKDF_DERIVE,
                                            CKM_SHA256,
                                            CKM_SHA384,
                                            CKM_SHA512,
                                            CKM_RSA_PKCS,
                                            CKM_SHA256};
    uint8_t how = next();
    CK_MECHANISM *m = piece(sizeof *m);
    *m = (CK_MECHANISM){all[how % (sizeof all / sizeof all[0])], NULL, 0};
    if (how >= 250) {
        return NULL;
    }
    if (m->mechanism == CKM_ECDH1_DERIVE) {
        CK_ECDH1_DERIVE_PARAMS *params = piece(sizeof *params);
        *params = (CK_ECDH1_DERIVE_PARAMS){.kdf = how / 16 % 8 == 0 ? 2 : CKD_NULL};
        params->pPublicData = bytes(&params->ulPublicDataLen);
        m->pParameter = params;
        m->ulParameterLen = sizeof *params;
    } else if (m->mechanism == P11_HKDF_DERIVE) {
        struct hkdf *params = piece(sizeof *params);
        uint8_t flags = next();
        *params = (struct hkdf){.extract = flags & 1, .expand = flags >> 1 & 1, .hash = all[8 + (flags >> 2) % 4]};
        params->salt_type = flags >> 4 & 7;
        params->salt = bytes(&params->salt_len);
        params->salt_key = an_object();
        params->info = bytes(&params->info_len);
        m->pParameter = params;
        m->ulParameterLen = sizeof *params;
    } else if (how / 16 == 3) {
        m->pParameter = bytes(&m->ulParameterLen);
    }
    return m;
}

static CK_UTF8CHAR so_pin[] = "12345678", user_pin[] = "1234";

static CK_UTF8CHAR *a_pin(CK_ULONG *len)
{
    uint8_t how = next();
    CK_UTF8CHAR *pin = how % 4 == 0 ? so_pin : user_pin;
    *len = strlen((char *)pin);
    return how % 8 < 6 ? pin : bytes(len);
}

/* ---- the calls ---- */

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
            handles[next_handle++ % HANDLES] = out[i];
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
    CK_RV rv = next() % 4 == 0 ? C_Finalize(&pieces) : C_Finalize(NULL);
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

static char folder[] = "/tmp/pkcs11-fuzz-XXXXXX";

static void remove_folder(void)
{
    must(chdir(folder) == 0, "chdir");
    unlink("binding");
    unlink("chip.sock");
    rmdir(folder);
}

/* The name of a socket, for what looks whether one is there. */
static void make_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/chip.sock", folder);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    must(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "a socket");
    close(fd);
}

/* Each input finds the same chip: running, with the flash of its beginning. */
static void keep_chip(void)
{
    memcpy(before, memory, sizeof memory);
    memcpy(names_before, names, sizeof names);
    chip_before = chip;
}

static void restore_chip(void)
{
    memcpy(memory, before, sizeof memory);
    memcpy(names, names_before, sizeof names);
    chip = chip_before;
}

/* A token with both PINs. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    CK_UTF8CHAR label[32] = "fuzz";
    CK_SESSION_HANDLE session;
    must(mkdtemp(folder) != NULL && setenv("MICO_TOKEN", folder, 1) == 0, "a folder");
    atexit(remove_folder);
    make_socket();
    test_flash_init(&flash, memory, sizeof memory, 4096, 1);
    start_chip();
    must(C_Initialize(NULL) == CKR_OK, "C_Initialize");
    must(C_InitToken(0, so_pin, 8, label) == CKR_OK, "C_InitToken");
    must(C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) == CKR_OK, "C_OpenSession");
    must(C_Login(session, CKU_SO, so_pin, 8) == CKR_OK, "C_Login");
    must(C_InitPIN(session, user_pin, 4) == CKR_OK, "C_InitPIN");
    must(C_Finalize(NULL) == CKR_OK, "C_Finalize");
    keep_chip();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    program = data;
    program_len = len;
    restore_chip();
    memset(handles, 0, sizeof handles);
    next_handle = 0;
    must(C_Initialize(NULL) == CKR_OK, "C_Initialize");
    for (int i = 0; i < 4; i++) {
        must(C_OpenSession(0, CKF_SERIAL_SESSION | (i < 3 ? CKF_RW_SESSION : 0), NULL, NULL, &sessions[i]) == CKR_OK,
             "C_OpenSession");
    }
    if (next() % 2) {
        must(C_Login(sessions[0], CKU_USER, user_pin, 4) == CKR_OK, "C_Login");
    }
    for (int i = 0; i < CALLS && program_len > 0; i++) {
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
