/* SPDX-License-Identifier: Apache-2.0 */
/* An input as a program; see fuzz_input.h. */
#include "mscp/pkcs11/fuzz_input.h"

#include <stdlib.h>
#include <string.h>

#include "mscp/pkcs11/fuzz_chip.h"
#include "mscp/pkcs11/pkcs11_v3.h"

#define HANDLES 16
#define PIECES 64

static const uint8_t *program;
static size_t program_len;

void fuzz_program(const uint8_t *data, size_t len)
{
    program = data;
    program_len = len;
}

bool fuzz_over(void)
{
    return program_len == 0;
}

uint8_t next(void)
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
void *piece(size_t len)
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

void free_pieces(void)
{
    while (pieces_used > 0) {
        free(pieces[--pieces_used].bytes);
    }
}

size_t length(void)
{
    static const uint16_t lengths[] = {0, 1, 3, 4, 31, 32, 33, 34, 63, 64, 65, 67, 255, 1024, 4096, 4097};
    return lengths[next() % (sizeof lengths / sizeof lengths[0])];
}

/* A pointer with its length: sometimes NULL with one, which no call may follow. */
CK_BYTE *bytes(CK_ULONG *len)
{
    *len = length();
    return next() % 16 == 0 ? NULL : piece(*len);
}

CK_SESSION_HANDLE sessions[4];
static CK_OBJECT_HANDLE handles[HANDLES];
static size_t next_handle;

CK_SESSION_HANDLE a_session(void)
{
    uint8_t which = next() % 32;
    return which == 0 ? 0 : which == 1 ? 77777 : sessions[which % 4];
}

CK_OBJECT_HANDLE an_object(void)
{
    uint8_t which = next() % 32;
    return which == 31 ? 0 : which == 30 ? CK_INVALID_HANDLE - 5 : handles[which % HANDLES];
}

void learn(CK_OBJECT_HANDLE object)
{
    handles[next_handle++ % HANDLES] = object;
}

void forget_objects(void)
{
    memset(handles, 0, sizeof handles);
    next_handle = 0;
}

CK_OBJECT_HANDLE *keep(void)
{
    return next() % 32 == 0 ? NULL : &handles[next_handle++ % HANDLES];
}

/* A place for a length: what the buffer beside it has, or NULL. */
CK_ULONG *place_for(CK_ULONG len)
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

CK_ATTRIBUTE *a_template(CK_ULONG *count, enum begin begin)
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

CK_MECHANISM *a_mechanism(void)
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
        struct p11_hkdf_params *params = piece(sizeof *params);
        uint8_t flags = next();
        *params =
            (struct p11_hkdf_params){.extract = flags & 1, .expand = flags >> 1 & 1, .hash = all[8 + (flags >> 2) % 4]};
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

CK_UTF8CHAR so_pin[9] = "12345678", user_pin[5] = "1234";

CK_UTF8CHAR *a_pin(CK_ULONG *len)
{
    uint8_t how = next();
    CK_UTF8CHAR *pin = how % 4 == 0 ? so_pin : user_pin;
    *len = strlen((char *)pin);
    return how % 8 < 6 ? pin : bytes(len);
}
