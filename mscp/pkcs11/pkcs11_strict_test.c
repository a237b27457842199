/* SPDX-License-Identifier: Apache-2.0 */
/* The corners of PKCS #11 3.0: arguments that are missing, buffers that are too small, states that do not fit, and what several
 * processes and threads do to each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_socket.h"
#include "mscp/pkcs11/pkcs11_rig.h"
#include "mscp/pkcs11/pkcs11_v3.h"

#define NOBODY 99999

static struct p11_functions_3_0 *v3(void)
{
    CK_RV (*get)(CK_UTF8CHAR *, CK_VERSION *, struct p11_interface **, CK_FLAGS);
    struct p11_interface *interface;
    *(void **)&get = dlsym(dlopen(MODULE, RTLD_NOW), "C_GetInterface");
    assert_int_equal(get(NULL, NULL, &interface, 0), CKR_OK);
    return interface->functions;
}

/* ---- arguments ---- */

static void a_missing_place_for_the_answer_is_refused(void **state)
{
    CK_ULONG len = 64;
    CK_BYTE out[64];
    CK_ATTRIBUTE a = {CKA_CLASS, &data_class, sizeof data_class};
    CK_OBJECT_HANDLE object;
    assert_int_equal(p11->C_GetInfo(NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetFunctionList(NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetSlotList(CK_TRUE, NULL, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetSlotInfo(0, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetTokenInfo(0, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetMechanismList(0, NULL, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetMechanismInfo(0, CKM_EDDSA, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetSessionInfo(session, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_CreateObject(session, &a, 1, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_CreateObject(session, NULL, 1, &object), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_CopyObject(session, private_key, NULL, 1, &object), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_CopyObject(session, private_key, NULL, 0, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetObjectSize(session, private_key, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GetAttributeValue(session, private_key, NULL, 1), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_SetAttributeValue(session, private_key, NULL, 1), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_FindObjectsInit(session, NULL, 1), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_DigestInit(session, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_VerifyInit(session, NULL, public_key), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GenerateRandom(session, NULL, 1), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GenerateKeyPair(session, NULL, &a, 1, &a, 1, &object, &object), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GenerateKeyPair(session, &generate_edwards, NULL, 1, &a, 1, &object, &object),
                     CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_GenerateKeyPair(session, &generate_edwards, &a, 1, &a, 1, NULL, &object),
                     CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_DeriveKey(session, NULL, private_key, NULL, 0, &object), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_InitToken(0, NULL, 0, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_InitToken(0, NULL, 4, (CK_UTF8CHAR *)"12345678901234567890123456789012"),
                     CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, NULL, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &object, out), CKR_ARGUMENTS_BAD);

    /* Those of an operation end it. */
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_Sign(session, NULL, 1, out, &len), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_SignUpdate(session, out, 1), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_SignUpdate(session, NULL, 1), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_SignFinal(session, out, &len), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_VerifyInit(session, &eddsa, public_key), CKR_OK);
    assert_int_equal(p11->C_Verify(session, out, 1, NULL, 64), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_VerifyFinal(session, out, 64), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_DigestInit(session, &sha256), CKR_OK);
    assert_int_equal(p11->C_DigestUpdate(session, NULL, 1), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_DigestFinal(session, out, &len), CKR_OPERATION_NOT_INITIALIZED);
}

static void no_call_takes_a_session_or_an_object_that_is_not_there(void **state)
{
    CK_ULONG len = 64;
    CK_BYTE out[64];
    CK_ATTRIBUTE a = {CKA_LABEL, "x", 1};
    CK_OBJECT_HANDLE object;
    assert_int_equal(p11->C_CloseSession(NOBODY), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_Logout(NOBODY), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_FindObjects(NOBODY, &object, 1, &len), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_Sign(NOBODY, out, 1, out, &len), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_Digest(0, out, 1, out, &len), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_CopyObject(NOBODY, private_key, NULL, 0, &object), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_EncryptInit(NOBODY, &eddsa, public_key), CKR_SESSION_HANDLE_INVALID);
    assert_int_equal(p11->C_GetAttributeValue(session, NOBODY, &a, 1), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(p11->C_SetAttributeValue(session, 0, &a, 1), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(p11->C_CopyObject(session, NOBODY, NULL, 0, &object), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(p11->C_GetObjectSize(session, NOBODY, &len), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(p11->C_GetMechanismInfo(0, CKM_RSA_PKCS, (CK_MECHANISM_INFO *)out), CKR_MECHANISM_INVALID);
    assert_int_equal(p11->C_GetTokenInfo(1, (CK_TOKEN_INFO *)out), CKR_SLOT_ID_INVALID);
    assert_int_equal(p11->C_CloseAllSessions(1), CKR_SLOT_ID_INVALID);
}

static void a_place_that_is_too_small_is_told_what_is_needed_and_not_touched(void **state)
{
    CK_MECHANISM_TYPE types[32] = {7, 7};
    CK_SLOT_ID slots[2] = {7, 7};
    CK_ULONG count = 0, all;
    assert_int_equal(p11->C_GetMechanismList(0, NULL, &all), CKR_OK);
    count = all - 1;
    assert_int_equal(p11->C_GetMechanismList(0, types, &count), CKR_BUFFER_TOO_SMALL);
    assert_int_equal(count, all);
    assert_int_equal(types[0], 7);
    count = 0;
    assert_int_equal(p11->C_GetSlotList(CK_TRUE, slots, &count), CKR_BUFFER_TOO_SMALL);
    assert_int_equal(count, 1);
    assert_int_equal(slots[0], 7);

    struct p11_interface interfaces[2] = {{0}};
    count = 1;
    assert_int_equal(v3()->getInterfaceList(interfaces, &count), CKR_BUFFER_TOO_SMALL);
    assert_int_equal(count, 2);
    assert_null(interfaces[0].name);
    assert_int_equal(v3()->getInterfaceList(interfaces, &count), CKR_OK);
    assert_string_equal(interfaces[1].name, "PKCS 11");
    assert_int_equal(v3()->getInterfaceList(interfaces, NULL), CKR_ARGUMENTS_BAD);

    CK_BYTE digest[33] = {7};
    count = 31;
    assert_int_equal(p11->C_DigestInit(session, &sha256), CKR_OK);
    assert_int_equal(p11->C_Digest(session, digest, 1, digest, &count), CKR_BUFFER_TOO_SMALL);
    assert_int_equal(count, 32);
    assert_int_equal(digest[0], 7);
    assert_int_equal(p11->C_Digest(session, digest, 1, NULL, &count), CKR_OK);
    count = sizeof digest;
    assert_int_equal(p11->C_Digest(session, digest, 1, digest, &count), CKR_OK);
    assert_int_equal(count, 32);
    assert_int_equal(p11->C_Digest(session, digest, 1, digest, &count), CKR_OPERATION_NOT_INITIALIZED);
}

/* ---- operations ---- */

static void an_operation_is_cancelled_in_each_way_that_there_is(void **state)
{
    CK_BYTE out[64];
    CK_ULONG len = 64;
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_VerifyInit(session, NULL, 0), CKR_OPERATION_ACTIVE); /* that is another */
    assert_int_equal(p11->C_SignInit(session, NULL, 0), CKR_OK);
    assert_int_equal(p11->C_Sign(session, out, 1, out, &len), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_VerifyInit(session, &eddsa, public_key), CKR_OK);
    assert_int_equal(p11->C_VerifyInit(session, NULL, 0), CKR_OK);
    assert_int_equal(p11->C_DigestInit(session, &sha256), CKR_OK);
    assert_int_equal(p11->C_DigestInit(session, &sha256), CKR_OPERATION_ACTIVE);
    assert_int_equal(p11->C_DigestInit(session, NULL), CKR_OK);
    assert_int_equal(p11->C_DigestUpdate(session, out, 1), CKR_OPERATION_NOT_INITIALIZED);

    struct p11_functions_3_0 *f = v3();
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_DigestInit(session, &sha256), CKR_OK);
    assert_int_equal(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
    assert_int_equal(f->sessionCancel(session, CKF_VERIFY), CKR_OK);
    assert_int_equal(p11->C_SignUpdate(session, out, 1), CKR_OK);
    assert_int_equal(f->sessionCancel(session, CKF_SIGN | P11_FIND_OBJECTS), CKR_OK);
    assert_int_equal(p11->C_SignUpdate(session, out, 1), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_DigestUpdate(session, out, 1), CKR_OK);
    assert_int_equal(f->sessionCancel(session, CKF_DIGEST), CKR_OK);
    assert_int_equal(p11->C_DigestUpdate(session, out, 1), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(f->sessionCancel(NOBODY, CKF_DIGEST), CKR_SESSION_HANDLE_INVALID);
}

static void sessions_are_counted_and_their_operations_are_their_own(void **state)
{
    CK_SESSION_HANDLE more[P11_SESSIONS];
    CK_BYTE out[64];
    CK_ULONG len = 64;
    for (int i = 0; i < P11_SESSIONS - 1; i++) {
        assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &more[i]), CKR_OK);
    }
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &more[63]), CKR_SESSION_COUNT);
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_SignInit(more[0], &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_CloseSession(more[0]), CKR_OK);
    assert_int_equal(p11->C_Sign(session, out, 1, out, &len), CKR_OK);
    assert_int_equal(p11->C_CloseAllSessions(0), CKR_OK);
    assert_int_equal(p11->C_Sign(session, out, 1, out, &len), CKR_SESSION_HANDLE_INVALID);
}

static void a_logout_of_nobody_changes_nothing(void **state)
{
    CK_OBJECT_HANDLE pub, pri;
    CK_ATTRIBUTE of_pub[] = {{CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, edwards, 14}};
    CK_ATTRIBUTE of_pri[] = {{CKA_TOKEN, &yes, 1}, {CKA_PRIVATE, &yes, 1}};
    assert_int_equal(p11->C_GenerateKeyPair(session, &generate_edwards, of_pub, 2, of_pri, 2, &pub, &pri), CKR_OK);
    assert_int_equal(p11->C_Logout(session), CKR_USER_NOT_LOGGED_IN);
    assert_int_equal(p11->C_SignInit(session, &eddsa, pri), CKR_OK);
}

/* ---- other processes ---- */

/* In a child with a session of its own: destroy what has this class. */
static int destroy_elsewhere(CK_OBJECT_CLASS class)
{
    CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof class};
    CK_OBJECT_HANDLE object;
    CK_ULONG count = 0;
    CK_SESSION_HANDLE own;
    pid_t pid = fork();
    if (pid == 0) {
        bool good = p11->C_Initialize(NULL) == CKR_OK &&
                    p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &own) == CKR_OK &&
                    p11->C_FindObjectsInit(own, &template, 1) == CKR_OK &&
                    p11->C_FindObjects(own, &object, 1, &count) == CKR_OK && count == 1 &&
                    p11->C_DestroyObject(own, object) == CKR_OK && p11->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void what_another_process_destroyed_is_no_fault_of_the_device(void **state)
{
    CK_ATTRIBUTE label = {CKA_LABEL, "new", 3};
    CK_OBJECT_HANDLE data = create_data(&yes, "note");
    CK_BYTE out[64];
    CK_ULONG len = 64;
    assert_int_equal(destroy_elsewhere(CKO_DATA), 0);
    assert_int_equal(p11->C_SetAttributeValue(session, data, &label, 1), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(p11->C_DestroyObject(session, data), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(destroy_elsewhere(CKO_PUBLIC_KEY), 0);
    assert_int_equal(p11->C_DestroyObject(session, public_key), CKR_OBJECT_HANDLE_INVALID);
    assert_int_equal(destroy_elsewhere(CKO_PRIVATE_KEY), 0);
    assert_int_equal(p11->C_SignInit(session, &eddsa, private_key), CKR_OK);
    assert_int_equal(p11->C_Sign(session, out, 1, out, &len), CKR_KEY_HANDLE_INVALID);
    assert_int_equal(found(NULL, 0), 0);
}

/* The binding's other users may write what they like. */
static void a_record_by_somebody_elses_hand_is_not_taken_for_an_object(void **state)
{
    static const uint8_t head[9] = {1, 2, 0, 0, 0, 0, 0, 0, 0}; /* version, CKO_PUBLIC_KEY, no key */
    static const struct {
        uint8_t attributes[24];
        size_t len;
    } cases[] = {
        {{0}, 0},
        {{CKA_KEY_TYPE & 255, CKA_KEY_TYPE >> 8, 0, 0, 2, 0, 0x40, 0}, 8}, /* a key type of two bytes */
        {{0, 0, 0, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0xFF}, 15},            /* half an attribute */
        {{0, 0, 0, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0}, 14},                  /* of another class */
        {{3, 0, 0, 0, 0xFF, 0xFF}, 6},
    };
    static struct mscp_host host;
    static const struct mscp_attributes data = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_SESSION};
    struct mscp_binding binding;
    struct mscp_socket link;
    struct mscp_transport transport;
    uint8_t bytes[MSCP_BINDING_SIZE], record[sizeof head + 24];
    FILE *f = fopen("binding", "rb");
    assert_int_equal(fread(bytes, 1, sizeof bytes, f), sizeof bytes);
    fclose(f);
    assert_int_equal(mscp_binding_decode(&binding, bytes, sizeof bytes), MICO_OK);
    assert_int_equal(mscp_socket_open(&link, "chip.sock", 1000, &transport), MICO_OK);
    mscp_host_start(&host, &transport, &binding);
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memcpy(record, head, sizeof head);
        memcpy(record + sizeof head, cases[i].attributes, cases[i].len);
        struct mico_span value = {record, sizeof head + cases[i].len};
        assert_int_equal(mscp_host_create(&host, 0x30000 + i, &data, value), MICO_OK);
    }
    mscp_host_stop(&host);
    mscp_socket_close(&link);
    assert_int_equal(found(NULL, 0), 2);
}

static void the_token_is_seen_to_go_and_to_come(void **state)
{
    CK_SLOT_ID slot = 7;
    CK_ULONG count = 0;
    assert_int_equal(p11->C_CloseAllSessions(0), CKR_OK);
    assert_int_equal(p11->C_WaitForSlotEvent(0, &slot, NULL), CKR_FUNCTION_NOT_SUPPORTED);
    assert_int_equal(p11->C_GetSlotList(CK_TRUE, NULL, &count), CKR_OK);
    assert_int_equal(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
    stop_chip();
    assert_int_equal(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
    assert_int_equal(slot, 0);
    assert_int_equal(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
    start_chip();
    assert_int_equal(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
    assert_int_equal(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
}

/* ---- threads ---- */

#define THREADS 4
#define ROUNDS 40

/* Everything at once, each with a session of its own; what one makes another may find, or miss. */
static void *live(void *arg)
{
    CK_SESSION_HANDLE own;
    CK_OBJECT_HANDLE object, seen[8];
    CK_ULONG count, len;
    CK_BYTE message[16] = {0}, signature[64], digest[32];
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &data_class, sizeof data_class}, {CKA_VALUE, message, sizeof message}};
    bool *good = arg;
    *good = true;
    for (int i = 0; *good && i < ROUNDS; i++) {
        len = 64;
        *good = p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &own) == CKR_OK &&
                p11->C_CreateObject(own, template, 2, &object) == CKR_OK &&
                p11->C_SignInit(own, &eddsa, private_key) == CKR_OK &&
                p11->C_Sign(own, message, sizeof message, signature, &len) == CKR_OK &&
                p11->C_FindObjectsInit(own, template, 1) == CKR_OK &&
                p11->C_FindObjects(own, seen, 8, &count) == CKR_OK && count >= 1 &&
                p11->C_FindObjectsFinal(own) == CKR_OK && p11->C_DigestInit(own, &sha256) == CKR_OK &&
                p11->C_Digest(own, message, sizeof message, digest, &(CK_ULONG){32}) == CKR_OK &&
                p11->C_DestroyObject(own, object) == CKR_OK && p11->C_CloseSession(own) == CKR_OK;
    }
    return NULL;
}

static void threads_open_make_find_sign_and_close_side_by_side(void **state)
{
    pthread_t threads[THREADS];
    bool good[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, live, &good[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(good[i]);
    }
    CK_ATTRIBUTE data_objects = {CKA_CLASS, &data_class, sizeof data_class};
    assert_int_equal(found(&data_objects, 1), 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        CASE(a_missing_place_for_the_answer_is_refused),
        CASE(no_call_takes_a_session_or_an_object_that_is_not_there),
        CASE(a_place_that_is_too_small_is_told_what_is_needed_and_not_touched),
        CASE(an_operation_is_cancelled_in_each_way_that_there_is),
        CASE(sessions_are_counted_and_their_operations_are_their_own),
        CASE(a_logout_of_nobody_changes_nothing),
        CASE(what_another_process_destroyed_is_no_fault_of_the_device),
        CASE(a_record_by_somebody_elses_hand_is_not_taken_for_an_object),
        CASE(the_token_is_seen_to_go_and_to_come),
        CASE(threads_open_make_find_sign_and_close_side_by_side),
    };
    return cmocka_run_group_tests(tests, group_start, group_end);
}
