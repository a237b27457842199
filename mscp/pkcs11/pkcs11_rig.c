/* SPDX-License-Identifier: Apache-2.0 */
/* The module as a client loads it; see pkcs11_rig.h. */
#include "mscp/pkcs11/pkcs11_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

char folder[] = "/tmp/mscp-pkcs11-XXXXXX";
pid_t chip;
CK_FUNCTION_LIST *p11;
CK_SESSION_HANDLE session;
CK_OBJECT_HANDLE public_key, private_key;

CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
CK_OBJECT_CLASS private_class = CKO_PRIVATE_KEY, data_class = CKO_DATA, cert_class = CKO_CERTIFICATE,
                secret_class = CKO_SECRET_KEY;
char edwards[] = "\x13\x0C"
                 "edwards25519",
     montgomery[] = "\x13\x0A"
                    "curve25519",
     p256[] = "\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07";

CK_MECHANISM eddsa = {CKM_EDDSA, NULL, 0}, generate_edwards = {CKM_EC_EDWARDS_KEY_PAIR_GEN, NULL, 0},
             generate_montgomery = {CKM_EC_MONTGOMERY_KEY_PAIR_GEN, NULL, 0}, sha256 = {CKM_SHA256, NULL, 0};

void start_chip(void)
{
    unlink("chip.sock"); /* of the one before: a daemon of another user cannot remove it */
    chip = fork();
    assert_true(chip >= 0);
    if (chip == 0) {
        freopen("chip.log", "a", stdout);
        execl(MSCPD, "mscpd", "--flash", "chip.bin", "--listen", "chip.sock", (char *)NULL);
        _exit(127);
    }
    struct stat found;
    for (int i = 0; i < 500 && stat("chip.sock", &found) != 0; i++) {
        usleep(10000);
    }
}

void stop_chip(void)
{
    kill(chip, SIGTERM);
    waitpid(chip, NULL, 0);
}

CK_RV generate(CK_MECHANISM *mechanism, char *params, CK_OBJECT_HANDLE *public_out, CK_OBJECT_HANDLE *private_out)
{
    CK_ATTRIBUTE pub[] = {{CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, params, strlen(params)}, {CKA_LABEL, "key", 3}};
    CK_ATTRIBUTE pri[] = {{CKA_TOKEN, &yes, 1}, {CKA_SENSITIVE, &yes, 1}, {CKA_ID, "\x01", 1}};
    return p11->C_GenerateKeyPair(session, mechanism, pub, 3, pri, 3, public_out, private_out);
}

CK_OBJECT_HANDLE create_data(CK_BBOOL *on_token, const char *label)
{
    CK_OBJECT_HANDLE object;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &data_class, sizeof data_class},
                               {CKA_TOKEN, on_token, 1},
                               {CKA_LABEL, (void *)label, strlen(label)},
                               {CKA_VALUE, "hello", 5}};
    assert_int_equal(p11->C_CreateObject(session, template, 4, &object), CKR_OK);
    return object;
}

size_t found(CK_ATTRIBUTE *template, CK_ULONG count)
{
    CK_OBJECT_HANDLE objects[64];
    CK_ULONG have;
    assert_int_equal(p11->C_FindObjectsInit(session, template, count), CKR_OK);
    assert_int_equal(p11->C_FindObjects(session, objects, 64, &have), CKR_OK);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OK);
    return have;
}

int group_start(void **state)
{
    CK_RV (*list)(CK_FUNCTION_LIST **);
    void *module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0) {
        fprintf(stderr, "%s\n", dlerror());
        return -1;
    }
    *(void **)&list = dlsym(module, "C_GetFunctionList");
    setenv("MICO_TOKEN", folder, 1);
    start_chip();
    return list(&p11) == CKR_OK ? 0 : -1;
}

int group_end(void **state)
{
    stop_chip();
    unlink("chip.bin");
    unlink("chip.bin.anchor");
    unlink("chip.log");
    unlink("binding");
    unlink("chip.sock"); /* as in start_chip */
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* A fresh token with one Ed25519 key. */
int start(void **state)
{
    CK_UTF8CHAR label[33] = "test                            ";
    assert_int_equal(p11->C_Initialize(NULL), CKR_OK);
    assert_int_equal(p11->C_InitToken(0, NULL, 0, label), CKR_OK);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), CKR_OK);
    assert_int_equal(generate(&generate_edwards, edwards, &public_key, &private_key), CKR_OK);
    return 0;
}

int end(void **state)
{
    assert_int_equal(p11->C_Finalize(NULL), CKR_OK);
    return 0;
}
