/* SPDX-License-Identifier: Apache-2.0 */
/* pkcs11-bench MODULE SECONDS: Ed25519 and P-256 signatures and key pairs made, per second, by one client through a
 * PKCS #11 module. The token is in slot 0 of those with a token; its user PIN, where it wants one, is 1234. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <p11-kit/pkcs11.h>

static CK_FUNCTION_LIST *p11;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE public_key, private_key;

static void must(CK_RV rv, const char *what)
{
    if (rv != CKR_OK) {
        fprintf(stderr, "error: %s gave 0x%lx\n", what, rv);
        exit(1);
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void generate(void)
{
    static CK_BBOOL yes = CK_TRUE;
    CK_MECHANISM mechanism = {CKM_EC_EDWARDS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE pub[] = {{CKA_TOKEN, &yes, 1},
                          {CKA_EC_PARAMS,
                           "\x13\x0C"
                           "edwards25519",
                           14},
                          {CKA_VERIFY, &yes, 1}};
    CK_ATTRIBUTE pri[] = {{CKA_TOKEN, &yes, 1}, {CKA_SENSITIVE, &yes, 1}, {CKA_SIGN, &yes, 1}};
    must(p11->C_GenerateKeyPair(session, &mechanism, pub, 3, pri, 3, &public_key, &private_key), "C_GenerateKeyPair");
}

static void generate_p256(void)
{
    static CK_BBOOL yes = CK_TRUE;
    CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE pub[] = {
        {CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, "\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07", 10}, {CKA_VERIFY, &yes, 1}};
    CK_ATTRIBUTE pri[] = {{CKA_TOKEN, &yes, 1}, {CKA_SENSITIVE, &yes, 1}, {CKA_SIGN, &yes, 1}};
    must(p11->C_GenerateKeyPair(session, &mechanism, pub, 3, pri, 3, &public_key, &private_key), "C_GenerateKeyPair");
}

static void destroy(void)
{
    must(p11->C_DestroyObject(session, public_key), "C_DestroyObject");
    must(p11->C_DestroyObject(session, private_key), "C_DestroyObject");
}

/* Ed25519 signs 130 bytes, as long as what TLS 1.3 signs; ECDSA a digest. */
static void sign(CK_MECHANISM_TYPE type)
{
    static CK_BYTE message[130], signature[64];
    CK_MECHANISM mechanism = {type, NULL, 0};
    CK_ULONG len = sizeof signature;
    must(p11->C_SignInit(session, &mechanism, private_key), "C_SignInit");
    must(p11->C_Sign(session, message, type == CKM_EDDSA ? sizeof message : 32, signature, &len), "C_Sign");
    message[0]++;
}

static void sign_for(double seconds, CK_MECHANISM_TYPE type, const char *name)
{
    unsigned long count = 0;
    double from = now(), until = from + seconds;
    while (now() < until) {
        for (int i = 0; i < 50; i++) {
            sign(type);
        }
        count += 50;
    }
    printf("%s %.0f\n", name, (double)count / (now() - from));
}

/* Only the making counts; each pair is destroyed again. */
static void generate_for(double seconds)
{
    unsigned long count = 0;
    double spent = 0;
    for (double until = now() + 2 * seconds; spent < seconds && now() < until; count++) {
        double from = now();
        generate();
        spent += now() - from;
        destroy();
    }
    printf("generate %.0f\n", (double)count / spent);
}

int main(int argc, char **argv)
{
    CK_RV (*list)(CK_FUNCTION_LIST **);
    CK_SLOT_ID slots[16];
    CK_ULONG count = 16;
    void *module = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (module == NULL) {
        fprintf(stderr, "usage: pkcs11-bench MODULE SECONDS\n%s\n", argc == 3 ? dlerror() : "");
        return 2;
    }
    *(void **)&list = dlsym(module, "C_GetFunctionList");
    must(list(&p11), "C_GetFunctionList");
    must(p11->C_Initialize(NULL), "C_Initialize");
    must(p11->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList");
    must(p11->C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), "C_OpenSession");
    CK_TOKEN_INFO info;
    must(p11->C_GetTokenInfo(slots[0], &info), "C_GetTokenInfo");
    if ((info.flags & CKF_LOGIN_REQUIRED) != 0) {
        must(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR *)"1234", 4), "C_Login");
    }
    double seconds = atof(argv[2]);
    generate();
    sign_for(seconds, CKM_EDDSA, "sign");
    destroy();
    generate_p256();
    sign_for(seconds, CKM_ECDSA, "p256");
    destroy();
    generate_for(seconds);
    must(p11->C_Finalize(NULL), "C_Finalize");
    return 0;
}
