/* SPDX-License-Identifier: Apache-2.0 */
/* The module as a client loads it, over a real mscpd: what it must do, and every way in which it must refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/primitives/primitives.h"
#include "mscp/pkcs11/p11.h"
#include "mscp/pkcs11/pkcs11_rig.h"
#include "mscp/pkcs11/pkcs11_v3.h"

static void sign_with(CK_SESSION_HANDLE with, uint8_t *message, size_t len, uint8_t signature[64])
{
    CK_ULONG signature_len = 64;
    assert_int_equal(p11->C_SignInit(with, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_Sign(with, message, len, signature, &signature_len), CKR_OK);
    assert_int_equal(signature_len, 64);
}

static void point_of(CK_OBJECT_HANDLE key, uint8_t point[34])
{
    CK_ATTRIBUTE a = {CKA_EC_POINT, point, 34};
    assert_int_equal(p11->C_GetAttributeValue(session, key, &a, 1), CKR_OK);
    assert_int_equal(a.ulValueLen, 34);
    assert_memory_equal(point, "\x04\x20", 2);
}

static void a_signature_verifies_outside_and_inside(void **state)
{
    static uint8_t message[4096] = {1, 2, 3};
    uint8_t signature[64], point[34];
    point_of(public_key, point);
    for (size_t len = 0; len <= sizeof message; len = len * 8 + 1) {
        sign_with(session, message, len, signature);
        assert_int_equal(mico_ed25519_verify(point + 2, (struct mico_span){message, len}, signature), MICO_OK);
        assert_int_equal(p11->C_VerifyInit(session, &eddsa, public_key), CKR_OK);
        assert_int_equal(p11->C_Verify(session, message, len, signature, 64), CKR_OK);
    }
    signature[5] ^= 1;
    assert_int_equal(p11->C_VerifyInit(session, &eddsa, public_key), CKR_OK);
    assert_int_equal(p11->C_Verify(session, message, 4096, signature, 64), CKR_SIGNATURE_INVALID);
    assert_int_equal(p11->C_VerifyInit(session, &eddsa, public_key), CKR_OK);
    assert_int_equal(p11->C_Verify(session, message, 4096, signature, 63), CKR_SIGNATURE_LEN_RANGE);
}

static void pieces_give_the_signature_of_the_whole(void **state)
{
    uint8_t message[1000] = {4}, whole[64], pieces[64];
    CK_ULONG len = 10;
    sign_with(session, message, sizeof message, whole);
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_SignUpdate(session, message, 300), CKR_OK);
    assert_int_equal(p11->C_Sign(session, message, 300, pieces, &len), CKR_OPERATION_ACTIVE);
    assert_int_equal(p11->C_SignUpdate(session, message + 300, 700), CKR_OK);
    assert_int_equal(p11->C_SignFinal(session, pieces, &len), CKR_BUFFER_TOO_SMALL);
    assert_int_equal(len, 64);
    assert_int_equal(p11->C_SignFinal(session, pieces, &len), CKR_OK);
    assert_memory_equal(whole, pieces, 64);
    assert_int_equal(p11->C_VerifyInit(session, &eddsa, public_key), CKR_OK);
    assert_int_equal(p11->C_VerifyUpdate(session, message, 999), CKR_OK);
    assert_int_equal(p11->C_VerifyUpdate(session, message + 999, 1), CKR_OK);
    assert_int_equal(p11->C_VerifyFinal(session, pieces, 64), CKR_OK);
}

static void signing_says_why_it_refuses(void **state)
{
    static uint8_t message[4097];
    uint8_t out[64];
    CK_ULONG len = 64;
    CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0}, with_parameter = {CKM_EDDSA, out, 8};
    assert_int_equal(p11->C_Sign(session, message, 1, out, &len), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_SignFinal(session, out, &len), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_SignInit(99999, &eddsa, private_key), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_SignInit(session, NULL, private_key), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_SignInit(session, &ecdsa, private_key), CKR_KEY_TYPE_INCONSISTENT);
    assert_int_equal(p11->C_SignInit(session, &sha256, private_key), CKR_MECHANISM_INVALID);
    assert_int_equal(p11->C_SignInit(session, &with_parameter, private_key), CKR_MECHANISM_PARAM_INVALID);
    assert_int_equal(p11->C_SignInit(session, &eddsa, 12345), CKR_KEY_HANDLE_INVALID);
    assert_int_equal(p11->C_SignInit(session, &eddsa, public_key), CKR_KEY_TYPE_INCONSISTENT);
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OPERATION_ACTIVE);
    assert_int_equal(p11->C_Sign(session, message, 1, NULL, &len), CKR_OK);
    assert_int_equal(len, 64);
    len = 63;
    assert_int_equal(p11->C_Sign(session, message, 1, out, &len), CKR_BUFFER_TOO_SMALL);
    assert_int_equal(p11->C_Sign(session, message, 4097, out, &len), CKR_DATA_LEN_RANGE);
    assert_int_equal(p11->C_Sign(session, message, 1, out, &len), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_EncryptInit(session, &eddsa, public_key), CKR_FUNCTION_NOT_SUPPORTED);
    assert_int_equal(p11->C_SeedRandom(session, out, 1), CKR_RANDOM_SEED_NOT_SUPPORTED);
}

static void no_attribute_gives_a_private_key_away(void **state)
{
    uint8_t out[256];
    const CK_ATTRIBUTE_TYPE asked[] = {CKA_VALUE, CKA_EC_POINT, CKA_PRIVATE_EXPONENT};
    for (size_t i = 0; i < 3; i++) {
        CK_ATTRIBUTE a = {asked[i], out, sizeof out};
        CK_RV rv = p11->C_GetAttributeValue(session, private_key, &a, 1);
        assert_int_equal(rv, i == 0 ? CKR_ATTRIBUTE_SENSITIVE : CKR_ATTRIBUTE_TYPE_INVALID);
        assert_true(a.ulValueLen == CK_UNAVAILABLE_INFORMATION);
    }
    CK_ATTRIBUTE open_it[] = {{CKA_EXTRACTABLE, &yes, 1}};
    CK_ATTRIBUTE show_it[] = {{CKA_SENSITIVE, &no, 1}};
    assert_int_equal(p11->C_SetAttributeValue(session, private_key, open_it, 1), CKR_TEMPLATE_INCONSISTENT);
    assert_int_equal(p11->C_SetAttributeValue(session, private_key, show_it, 1), CKR_TEMPLATE_INCONSISTENT);
}

static void key_templates_are_checked(void **state)
{
    static const struct {
        CK_ATTRIBUTE pub, pri;
        CK_RV want;
    } cases[] = {
        {{CKA_EC_PARAMS, p256, 5}, {CKA_SENSITIVE, &yes, 1}, CKR_CURVE_NOT_SUPPORTED},
        {{CKA_EC_PARAMS, montgomery, 12}, {CKA_SENSITIVE, &yes, 1}, CKR_CURVE_NOT_SUPPORTED},
        {{CKA_LABEL, "x", 1}, {CKA_SENSITIVE, &yes, 1}, CKR_TEMPLATE_INCOMPLETE},
        {{CKA_EC_PARAMS, edwards, 14}, {CKA_SENSITIVE, &no, 1}, CKR_TEMPLATE_INCONSISTENT},
        {{CKA_EC_PARAMS, edwards, 14}, {CKA_EXTRACTABLE, &yes, 1}, CKR_TEMPLATE_INCONSISTENT},
        {{CKA_EC_PARAMS, edwards, 14}, {CKA_DECRYPT, &yes, 1}, CKR_TEMPLATE_INCONSISTENT},
        {{CKA_EC_PARAMS, edwards, 14}, {CKA_CLASS, &data_class, sizeof data_class}, CKR_TEMPLATE_INCONSISTENT},
        {{CKA_EC_PARAMS, edwards, 14}, {CKA_SIGN, "\x02", 1}, CKR_ATTRIBUTE_VALUE_INVALID},
        {{CKA_EC_PARAMS, edwards, 14}, {CKA_LOCAL, &yes, 1}, CKR_ATTRIBUTE_READ_ONLY},
        {{CKA_EC_PARAMS, edwards, 14}, {CKA_MODULUS, "x", 1}, CKR_ATTRIBUTE_TYPE_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CK_OBJECT_HANDLE a, b;
        CK_ATTRIBUTE pub[] = {{CKA_TOKEN, &yes, 1}, cases[i].pub}, pri[] = {{CKA_TOKEN, &yes, 1}, cases[i].pri};
        assert_int_equal(p11->C_GenerateKeyPair(session, &generate_edwards, pub, 2, pri, 2, &a, &b), cases[i].want);
        assert_int_equal(p11->C_GenerateKeyPair(session, &generate_edwards, pub, 2, pri + 1, 1, &a, &b),
                         cases[i].want == CKR_OK ? CKR_TEMPLATE_INCONSISTENT : cases[i].want);
    }
    CK_OBJECT_HANDLE a, b;
    assert_int_equal(generate(&eddsa, edwards, &a, &b), CKR_OK); /* as GnuTLS 3.7 asks */
    assert_int_equal(generate(&sha256, edwards, &a, &b), CKR_MECHANISM_INVALID);
}

static size_t count_objects(CK_ATTRIBUTE *template, CK_ULONG len)
{
    CK_OBJECT_HANDLE found[100];
    CK_ULONG count, total = 0;
    assert_int_equal(p11->C_FindObjectsInit(session, template, len), CKR_OK);
    do {
        assert_int_equal(p11->C_FindObjects(session, found, 2, &count), CKR_OK);
        total += count;
    } while (count > 0);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OK);
    return total;
}

static void objects_outlive_the_process_and_the_chips_power(void **state)
{
    static uint8_t value[3000] = {0x30, 9};
    CK_OBJECT_HANDLE data, cert;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_ATTRIBUTE data_template[] = {{CKA_CLASS, &data_class, sizeof data_class},
                                    {CKA_TOKEN, &yes, 1},
                                    {CKA_LABEL, "note", 4},
                                    {CKA_VALUE, "hello", 5}};
    CK_ATTRIBUTE cert_template[] = {{CKA_CLASS, &cert_class, sizeof cert_class},
                                    {CKA_TOKEN, &yes, 1},
                                    {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                                    {CKA_SUBJECT, "\x30\x00", 2},
                                    {CKA_VALUE, value, sizeof value}};
    assert_int_equal(p11->C_CreateObject(session, data_template, 4, &data), CKR_OK);
    assert_int_equal(p11->C_CreateObject(session, cert_template, 5, &cert), CKR_OK);
    assert_int_equal(p11->C_CreateObject(session, cert_template, 4, &cert), CKR_TEMPLATE_INCOMPLETE);
    assert_int_equal(p11->C_Finalize(NULL), CKR_OK);
    stop_chip();
    start_chip();
    assert_int_equal(p11->C_Initialize(NULL), CKR_OK);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), CKR_OK);
    assert_int_equal(count_objects(NULL, 0), 4);
    assert_int_equal(count_objects(&data_template[2], 1), 1);
    CK_ATTRIBUTE rename = {CKA_LABEL, "new", 3}, old = {CKA_LABEL, "note", 4};
    assert_int_equal(p11->C_SetAttributeValue(session, data, &rename, 1), CKR_OK);
    assert_int_equal(count_objects(&old, 1), 0);
    assert_int_equal(count_objects(&rename, 1), 1);
    assert_int_equal(p11->C_DestroyObject(session, data), CKR_OK);
    assert_int_equal(p11->C_DestroyObject(session, data), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(p11->C_DestroyObject(session, private_key), CKR_OK);
    assert_int_equal(count_objects(NULL, 0), 2);
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_KEY_HANDLE_INVALID);
}

static void keys_from_outside_are_refused(void **state)
{
    CK_OBJECT_HANDLE out;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &private_class, sizeof private_class}, {CKA_VALUE, "secret", 6}};
    assert_int_equal(p11->C_CreateObject(session, template, 2, &out), CKR_TEMPLATE_INCONSISTENT);
    assert_int_equal(p11->C_CreateObject(session, template + 1, 1, &out), CKR_TEMPLATE_INCOMPLETE);
}

static void a_session_that_only_reads_changes_nothing(void **state)
{
    CK_SESSION_HANDLE reader;
    CK_OBJECT_HANDLE a, b;
    CK_ATTRIBUTE rename = {CKA_LABEL, "new", 3};
    CK_ATTRIBUTE pub[] = {{CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, edwards, 14}}, pri[] = {{CKA_TOKEN, &yes, 1}};
    assert_int_equal(p11->C_OpenSession(0, 0, NULL, NULL, &reader), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
    assert_int_equal(p11->C_OpenSession(1, CKF_SERIAL_SESSION, NULL, NULL, &reader), CKR_SLOT_ID_INVALID);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &reader), CKR_OK);
    assert_int_equal(p11->C_GenerateKeyPair(reader, &generate_edwards, pub, 2, pri, 1, &a, &b), CKR_SESSION_READ_ONLY);
    assert_int_equal(p11->C_DestroyObject(reader, private_key), CKR_SESSION_READ_ONLY);
    assert_int_equal(p11->C_SetAttributeValue(reader, private_key, &rename, 1), CKR_SESSION_READ_ONLY);
    uint8_t signature[64];
    sign_with(reader, signature, 3, signature);
    assert_int_equal(p11->C_InitToken(0, NULL, 0, (CK_UTF8CHAR *)"12345678901234567890123456789012"),
                     CKR_SESSION_EXISTS);
    assert_int_equal(p11->C_CloseSession(reader), CKR_OK);
    assert_int_equal(p11->C_CloseSession(reader), CKR_SESSION_HANDLE_INVALID);
}

static void two_keys_agree_and_a_low_order_peer_is_refused(void **state)
{
    CK_OBJECT_HANDLE pub[2], pri[2], secret[2];
    CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
    uint8_t point[2][34], value[2][32];
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &secret_class, sizeof secret_class},
                               {CKA_KEY_TYPE, &generic, sizeof generic},
                               {CKA_SENSITIVE, &no, 1},
                               {CKA_EXTRACTABLE, &yes, 1}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(generate(&generate_montgomery, montgomery, &pub[i], &pri[i]), CKR_OK);
        point_of(pub[i], point[i]);
    }
    for (int i = 0; i < 2; i++) {
        CK_ECDH1_DERIVE_PARAMS params = {CKD_NULL, 0, NULL, i == 0 ? 34 : 32, point[1 - i] + (i == 0 ? 0 : 2)};
        CK_MECHANISM derive = {CKM_ECDH1_DERIVE, &params, sizeof params};
        CK_ATTRIBUTE a = {CKA_VALUE, value[i], 32};
        assert_int_equal(p11->C_DeriveKey(session, &derive, pri[i], template, 4, &secret[i]), CKR_OK);
        assert_int_equal(p11->C_GetAttributeValue(session, secret[i], &a, 1), CKR_OK);
    }
    assert_memory_equal(value[0], value[1], 32);
    uint8_t zero[32] = {0};
    CK_ECDH1_DERIVE_PARAMS low = {CKD_NULL, 0, NULL, 32, zero};
    CK_MECHANISM derive = {CKM_ECDH1_DERIVE, &low, sizeof low};
    assert_int_equal(p11->C_DeriveKey(session, &derive, pri[0], template, 4, &secret[0]), CKR_MECHANISM_PARAM_INVALID);
    assert_int_equal(p11->C_DeriveKey(session, &derive, private_key, template, 4, &secret[0]),
                     CKR_KEY_TYPE_INCONSISTENT);
    assert_int_equal(p11->C_SignInit(session, &eddsa, pri[0]), CKR_KEY_TYPE_INCONSISTENT);
}

static void digests_and_random_numbers(void **state)
{
    uint8_t digest[32], pieces[32], random[2][3000];
    CK_ULONG len = 32;
    assert_int_equal(p11->C_DigestInit(session, &eddsa), CKR_MECHANISM_INVALID);
    assert_int_equal(p11->C_DigestInit(session, &sha256), CKR_OK);
    assert_int_equal(p11->C_Digest(session, (uint8_t *)"abc", 3, digest, &len), CKR_OK);
    assert_memory_equal(digest, "\xBA\x78\x16\xBF\x8F\x01\xCF\xEA", 8);
    assert_int_equal(p11->C_DigestInit(session, &sha256), CKR_OK);
    assert_int_equal(p11->C_DigestUpdate(session, (uint8_t *)"ab", 2), CKR_OK);
    assert_int_equal(p11->C_DigestUpdate(session, (uint8_t *)"c", 1), CKR_OK);
    assert_int_equal(p11->C_DigestFinal(session, pieces, &len), CKR_OK);
    assert_memory_equal(digest, pieces, 32);
    assert_int_equal(p11->C_GenerateRandom(session, random[0], 3000), CKR_OK);
    assert_int_equal(p11->C_GenerateRandom(session, random[1], 3000), CKR_OK);
    assert_memory_not_equal(random[0], random[1], 3000);
}

#define THREADS 4
#define SIGNATURES 50
static void *sign_many(void *arg)
{
    CK_SESSION_HANDLE own;
    uint8_t message[8], signature[64], *good = arg;
    *good = p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &own) == CKR_OK;
    for (unsigned i = 0; *good && i < SIGNATURES; i++) {
        CK_ULONG len = 64;
        memset(message, (int)i, sizeof message);
        *good = p11->C_SignInit(own, &eddsa, private_key) == CKR_OK &&
                p11->C_Sign(own, message, 8, signature, &len) == CKR_OK &&
                p11->C_VerifyInit(own, &eddsa, public_key) == CKR_OK &&
                p11->C_Verify(own, message, 8, signature, 64) == CKR_OK;
    }
    return NULL;
}

static void threads_sign_side_by_side(void **state)
{
    pthread_t threads[THREADS];
    uint8_t good[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, sign_many, &good[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(good[i], 1);
    }
}

/* What a child sees: not initialised; after its own C_Initialize it works, and so does its parent. */
static int child(void)
{
    uint8_t random[8];
    CK_SESSION_HANDLE own;
    if (p11->C_GenerateRandom(session, random, 8) != CKR_CRYPTOKI_NOT_INITIALIZED ||
        p11->C_Initialize(NULL) != CKR_OK) {
        return 1;
    }
    if (p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &own) != CKR_OK ||
        p11->C_GenerateRandom(own, random, 8) != CKR_OK) {
        return 2;
    }
    return p11->C_Finalize(NULL) == CKR_OK ? 0 : 3;
}

static void parent_and_child_live_apart_after_a_fork(void **state)
{
    uint8_t signature[64];
    for (int i = 0; i < 3; i++) {
        int status;
        sign_with(session, signature, 8, signature);
        pid_t pid = fork();
        if (pid == 0) {
            _exit(child());
        }
        sign_with(session, signature, 8, signature);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        sign_with(session, signature, 8, signature);
    }
}

/* mscpd lets the idle parent go when the child comes. */
static void a_client_that_was_let_go_makes_and_destroys_keys_all_the_same(void **state)
{
    for (int i = 0; i < 2; i++) {
        int status;
        CK_OBJECT_HANDLE a, b;
        pid_t pid = fork();
        if (pid == 0) {
            _exit(child());
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        if (i == 0) {
            assert_int_equal(generate(&generate_edwards, edwards, &a, &b), CKR_OK);
        } else {
            assert_int_equal(p11->C_DestroyObject(session, private_key), CKR_OK);
        }
    }
}

static void a_chip_that_restarts_goes_on_and_one_that_is_gone_is_an_error(void **state)
{
    uint8_t signature[64];
    CK_ULONG len = 64;
    stop_chip();
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_Sign(session, signature, 1, signature, &len), CKR_DEVICE_REMOVED);
    start_chip();
    sign_with(session, signature, 8, signature);
}

static void initialisation_takes_only_what_the_standard_allows(void **state)
{
    CK_C_INITIALIZE_ARGS args = {0};
    CK_ULONG count = 0;
    assert_int_equal(p11->C_GetSlotList(CK_TRUE, NULL, &count), CKR_CRYPTOKI_NOT_INITIALIZED);
    assert_int_equal(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
    args.pReserved = &args;
    assert_int_equal(p11->C_Initialize(&args), CKR_ARGUMENTS_BAD);
    args.pReserved = NULL;
    args.CreateMutex = (CK_RV(*)(void **))(uintptr_t)1;
    assert_int_equal(p11->C_Initialize(&args), CKR_ARGUMENTS_BAD);
    args.CreateMutex = NULL;
    assert_int_equal(p11->C_Initialize(&args), CKR_OK);
    assert_int_equal(p11->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    assert_int_equal(p11->C_Finalize(&args), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetSlotList(CK_TRUE, NULL, &count), CKR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(p11->C_Finalize(NULL), CKR_OK);
}

static void both_interfaces_are_offered(void **state)
{
    CK_RV (*get)(CK_UTF8CHAR *, CK_VERSION *, struct p11_interface **, CK_FLAGS);
    struct p11_interface *interface;
    CK_VERSION v3 = {3, 0}, v9 = {9, 9};
    *(void **)&get = dlsym(dlopen(MODULE, RTLD_NOW), "C_GetInterface");
    assert_int_equal(get(NULL, NULL, &interface, 0), CKR_OK);
    assert_int_equal(((CK_VERSION *)interface->functions)->major, 3);
    assert_int_equal(get((CK_UTF8CHAR *)"PKCS 11", &v3, &interface, 0), CKR_OK);
    assert_int_equal(((struct p11_functions_3_0 *)interface->functions)->sessionCancel(1, 0),
                     CKR_CRYPTOKI_NOT_INITIALIZED);
    assert_int_equal(get((CK_UTF8CHAR *)"PKCS 11", &v9, &interface, 0), CKR_ARGUMENTS_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initialisation_takes_only_what_the_standard_allows),
        cmocka_unit_test(both_interfaces_are_offered),
        cmocka_unit_test_setup_teardown(a_signature_verifies_outside_and_inside, start, end),
        cmocka_unit_test_setup_teardown(pieces_give_the_signature_of_the_whole, start, end),
        cmocka_unit_test_setup_teardown(signing_says_why_it_refuses, start, end),
        cmocka_unit_test_setup_teardown(no_attribute_gives_a_private_key_away, start, end),
        cmocka_unit_test_setup_teardown(key_templates_are_checked, start, end),
        cmocka_unit_test_setup_teardown(objects_outlive_the_process_and_the_chips_power, start, end),
        cmocka_unit_test_setup_teardown(keys_from_outside_are_refused, start, end),
        cmocka_unit_test_setup_teardown(a_session_that_only_reads_changes_nothing, start, end),
        cmocka_unit_test_setup_teardown(two_keys_agree_and_a_low_order_peer_is_refused, start, end),
        cmocka_unit_test_setup_teardown(digests_and_random_numbers, start, end),
        cmocka_unit_test_setup_teardown(threads_sign_side_by_side, start, end),
        cmocka_unit_test_setup_teardown(parent_and_child_live_apart_after_a_fork, start, end),
        cmocka_unit_test_setup_teardown(a_client_that_was_let_go_makes_and_destroys_keys_all_the_same, start, end),
        cmocka_unit_test_setup_teardown(a_chip_that_restarts_goes_on_and_one_that_is_gone_is_an_error, start, end),
    };
    return cmocka_run_group_tests(tests, group_start, group_end);
}
