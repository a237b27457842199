/* SPDX-License-Identifier: Apache-2.0 */
/* PINs: who may log in, how often, and what the chip itself keeps from those who have not. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_socket.h"
#include "mscp/pkcs11/pkcs11_rig.h"

#define TRIES 5

static CK_UTF8CHAR label[33] = "with PINs                       ", so_pin[] = "12345678", user_pin[] = "1234",
                   new_pin[] = "a longer one", wrong[] = "4321";

static CK_RV login(CK_USER_TYPE user, CK_UTF8CHAR *pin)
{
    return p11->C_Login(session, user, pin, strlen((char *)pin));
}

static CK_FLAGS flags(void)
{
    CK_TOKEN_INFO info;
    assert_int_equal(p11->C_GetTokenInfo(0, &info), CKR_OK);
    return info.flags;
}

static CK_STATE state_of_session(void)
{
    CK_SESSION_INFO info;
    assert_int_equal(p11->C_GetSessionInfo(session, &info), CKR_OK);
    return info.state;
}

static CK_RV make_key(CK_BBOOL *is_private, CK_OBJECT_HANDLE *pri)
{
    CK_OBJECT_HANDLE pub;
    CK_ATTRIBUTE of_pub[] = {{CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, edwards, 14}};
    CK_ATTRIBUTE of_pri[] = {{CKA_TOKEN, &yes, 1}, {CKA_PRIVATE, is_private, 1}, {CKA_LABEL, "own", 3}};
    return p11->C_GenerateKeyPair(session, &generate_edwards, of_pub, 2, of_pri, 3, &pub, pri);
}

static CK_RV sign(CK_OBJECT_HANDLE key)
{
    uint8_t message[8] = {0}, signature[64];
    CK_ULONG len = sizeof signature;
    CK_RV rv = p11->C_SignInit(session, &eddsa, key);
    return rv == CKR_OK ? p11->C_Sign(session, message, sizeof message, signature, &len) : rv;
}

static size_t count_private_keys(void)
{
    CK_ATTRIBUTE template = {CKA_CLASS, &private_class, sizeof private_class};
    CK_OBJECT_HANDLE found[10];
    CK_ULONG count;
    assert_int_equal(p11->C_FindObjectsInit(session, &template, 1), CKR_OK);
    assert_int_equal(p11->C_FindObjects(session, found, 10, &count), CKR_OK);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OK);
    return count;
}

static CK_OBJECT_HANDLE the_private_key(void)
{
    CK_ATTRIBUTE template = {CKA_CLASS, &private_class, sizeof private_class};
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG count;
    assert_int_equal(p11->C_FindObjectsInit(session, &template, 1), CKR_OK);
    assert_int_equal(p11->C_FindObjects(session, &found, 1, &count), CKR_OK);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OK);
    return found;
}

static CK_RV init_token(CK_UTF8CHAR *pin)
{
    return p11->C_InitToken(0, pin, pin != NULL ? strlen((char *)pin) : 0, label);
}

static void open_session(void)
{
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), CKR_OK);
}

/* A token with both PINs and nothing on it; nobody is logged in. */
static int start_with_pins(void **state)
{
    assert_int_equal(p11->C_Initialize(NULL), CKR_OK);
    assert_int_equal(init_token(so_pin), CKR_OK);
    open_session();
    assert_int_equal(login(CKU_SO, so_pin), CKR_OK);
    assert_int_equal(p11->C_InitPIN(session, user_pin, 4), CKR_OK);
    assert_int_equal(p11->C_Logout(session), CKR_OK);
    return 0;
}

static void the_token_says_that_it_wants_a_login(void **state)
{
    assert_int_equal(flags() & (CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED),
                     CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED);
    assert_int_equal(state_of_session(), CKS_RW_PUBLIC_SESSION);
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(state_of_session(), CKS_RW_USER_FUNCTIONS);
    assert_int_equal(login(CKU_USER, user_pin), CKR_USER_ALREADY_LOGGED_IN);
    assert_int_equal(login(CKU_SO, so_pin), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
    assert_int_equal(p11->C_Logout(session), CKR_OK);
    assert_int_equal(p11->C_Logout(session), CKR_USER_NOT_LOGGED_IN);
    assert_int_equal(login(CKU_CONTEXT_SPECIFIC, user_pin), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(login(7, user_pin), CKR_USER_TYPE_INVALID);
}

static void a_private_key_is_made_seen_and_used_by_the_user_alone(void **state)
{
    CK_OBJECT_HANDLE key;
    assert_int_equal(make_key(&yes, &key), CKR_USER_NOT_LOGGED_IN);
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(make_key(&yes, &key), CKR_OK);
    assert_int_equal(sign(key), CKR_OK);
    assert_int_equal(p11->C_Logout(session), CKR_OK);
    assert_int_equal(count_private_keys(), 0);
    assert_int_equal(sign(key), CKR_KEY_HANDLE_INVALID);
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(sign(the_private_key()), CKR_OK);
}

/* Not by the module's word: another client with the same binding goes past it. */
static void the_chip_itself_refuses_who_has_not_logged_in(void **state)
{
    static struct mscp_host host;
    static struct mscp_listed list[MSCP_OBJECTS_MAX];
    struct mscp_binding binding;
    struct mscp_socket link;
    struct mscp_transport transport;
    uint8_t bytes[MSCP_BINDING_SIZE], out[4096], signature[64];
    size_t count, len, tried = 0;
    CK_OBJECT_HANDLE key;
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(make_key(&yes, &key), CKR_OK);
    assert_int_equal(sign(key), CKR_OK);
    FILE *f = fopen("binding", "rb");
    assert_int_equal(fread(bytes, 1, sizeof bytes, f), sizeof bytes);
    fclose(f);
    assert_int_equal(mscp_binding_decode(&binding, bytes, sizeof bytes), MICO_OK);
    assert_int_equal(mscp_socket_open(&link, "chip.sock", 1000, &transport), MICO_OK);
    mscp_host_start(&host, &transport, &binding);
    assert_int_equal(mscp_host_list(&host, list, &count), MICO_OK);
    for (size_t i = 0; i < count; i++) {
        if (list[i].attributes.policy_len == 0 || list[i].attributes.type == MSCP_AUTH) {
            continue;
        }
        mico_err err = list[i].attributes.type == MSCP_KEY_ED25519
                           ? mscp_host_sign(&host, list[i].id, MICO_SPAN("message"), signature)
                           : mscp_host_read(&host, list[i].id, out, sizeof out, &len);
        assert_int_equal(err, MICO_ERR_AUTH);
        assert_int_equal(mscp_host_last_status(&host), MSCP_AUTH_REQUIRED);
        tried++;
    }
    assert_int_equal(tried, 2); /* the key, and the record of the private object */
    mscp_host_stop(&host);
    mscp_socket_close(&link);
}

static void wrong_pins_lock_and_the_so_unlocks(void **state)
{
    for (int i = 1; i < TRIES; i++) {
        assert_int_equal(login(CKU_USER, wrong), CKR_PIN_INCORRECT);
    }
    assert_int_equal(login(CKU_USER, (CK_UTF8CHAR *)"123"), CKR_PIN_INCORRECT); /* too short to be one: costs no try */
    assert_int_equal(login(CKU_USER, wrong), CKR_PIN_LOCKED);
    assert_int_equal(login(CKU_USER, user_pin), CKR_PIN_LOCKED);
    assert_int_equal(login(CKU_SO, so_pin), CKR_OK);
    assert_int_equal(p11->C_InitPIN(session, new_pin, strlen((char *)new_pin)), CKR_OK);
    assert_int_equal(p11->C_Logout(session), CKR_OK);
    assert_int_equal(login(CKU_USER, new_pin), CKR_OK);
}

static void tries_are_counted_over_a_restart_of_the_chip(void **state)
{
    for (int i = 1; i < TRIES; i++) {
        assert_int_equal(login(CKU_USER, wrong), CKR_PIN_INCORRECT);
        kill(chip, SIGKILL);
        waitpid(chip, NULL, 0);
        start_chip();
    }
    assert_int_equal(login(CKU_USER, wrong), CKR_PIN_LOCKED);
}

static void a_right_pin_gives_all_tries_back(void **state)
{
    for (int round = 0; round < 3; round++) {
        for (int i = 1; i < TRIES; i++) {
            assert_int_equal(login(CKU_USER, wrong), CKR_PIN_INCORRECT);
        }
        assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
        assert_int_equal(p11->C_Logout(session), CKR_OK);
    }
}

static void pins_are_changed_by_whom_they_belong_to(void **state)
{
    CK_ULONG long_len = strlen((char *)new_pin);
    assert_int_equal(p11->C_SetPIN(session, wrong, 4, new_pin, long_len), CKR_PIN_INCORRECT);
    assert_int_equal(p11->C_SetPIN(session, user_pin, 4, new_pin, 3), CKR_PIN_LEN_RANGE);
    assert_int_equal(p11->C_SetPIN(session, user_pin, 4, new_pin, 33), CKR_PIN_LEN_RANGE);
    assert_int_equal(p11->C_SetPIN(session, user_pin, 4, new_pin, long_len), CKR_OK);
    assert_int_equal(login(CKU_USER, user_pin), CKR_PIN_INCORRECT);
    assert_int_equal(login(CKU_USER, new_pin), CKR_OK);
    assert_int_equal(p11->C_InitPIN(session, user_pin, 4), CKR_USER_NOT_LOGGED_IN); /* the SO's to do */
    assert_int_equal(p11->C_Logout(session), CKR_OK);
    assert_int_equal(login(CKU_SO, so_pin), CKR_OK);
    assert_int_equal(p11->C_SetPIN(session, so_pin, 8, new_pin, long_len), CKR_OK);
    assert_int_equal(p11->C_SetPIN(session, new_pin, long_len, so_pin, 8), CKR_OK);
}

static void a_login_outlives_the_links_session(void **state)
{
    CK_OBJECT_HANDLE key;
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(make_key(&yes, &key), CKR_OK);
    kill(chip, SIGKILL);
    waitpid(chip, NULL, 0);
    start_chip();
    assert_int_equal(sign(key), CKR_OK);
    assert_int_equal(count_private_keys(), 1);
}

/* In a child: the SO gives the user another PIN. */
static int change_pin_elsewhere(void)
{
    CK_SESSION_HANDLE own;
    pid_t pid = fork();
    if (pid == 0) {
        bool good = p11->C_Initialize(NULL) == CKR_OK &&
                    p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &own) == CKR_OK &&
                    p11->C_Login(own, CKU_SO, so_pin, 8) == CKR_OK &&
                    p11->C_InitPIN(own, new_pin, strlen((char *)new_pin)) == CKR_OK && p11->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

/* The module logs in again by itself where the link's session ended; with a PIN that is no more it would lock the user out. */
static void a_pin_changed_elsewhere_ends_the_login_and_costs_one_try(void **state)
{
    CK_OBJECT_HANDLE key;
    CK_ATTRIBUTE rename = {CKA_LABEL, "new", 3};
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(make_key(&yes, &key), CKR_OK);
    assert_int_equal(p11->C_SignInit(session, &eddsa, key), CKR_OK);
    assert_int_equal(change_pin_elsewhere(), 0);
    assert_int_equal(p11->C_SetAttributeValue(session, key, &rename, 1), CKR_USER_NOT_LOGGED_IN);
    for (int i = 0; i < 2 * TRIES; i++) {
        assert_int_equal(p11->C_SetAttributeValue(session, key, &rename, 1), CKR_OBJECT_HANDLE_INVALID);
        assert_int_equal(count_private_keys(), 0);
    }
    uint8_t signature[64];
    CK_ULONG len = sizeof signature;
    assert_int_equal(p11->C_Sign(session, signature, 8, signature, &len), CKR_USER_NOT_LOGGED_IN);
    assert_int_equal(state_of_session(), CKS_RW_PUBLIC_SESSION);
    assert_int_equal(login(CKU_USER, new_pin), CKR_OK);
    assert_int_equal(sign(the_private_key()), CKR_OK);
}

static void a_token_that_cannot_be_asked_is_not_taken_for_one_without_pins(void **state)
{
    CK_OBJECT_HANDLE key;
    CK_TOKEN_INFO info;
    stop_chip();
    assert_int_equal(login(CKU_USER, user_pin), CKR_TOKEN_NOT_PRESENT);
    assert_int_equal(p11->C_SetPIN(session, user_pin, 4, new_pin, 6), CKR_TOKEN_NOT_PRESENT);
    assert_int_equal(make_key(&yes, &key), CKR_TOKEN_NOT_PRESENT);
    assert_int_equal(p11->C_GetTokenInfo(0, &info), CKR_TOKEN_NOT_PRESENT);
    start_chip();
    assert_int_equal(make_key(&yes, &key), CKR_USER_NOT_LOGGED_IN);
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
}

static void the_so_sees_no_private_object_and_opens_no_reading_session(void **state)
{
    CK_OBJECT_HANDLE key;
    CK_SESSION_HANDLE reader;
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(make_key(&yes, &key), CKR_OK);
    assert_int_equal(p11->C_Logout(session), CKR_OK);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &reader), CKR_OK);
    assert_int_equal(login(CKU_SO, so_pin), CKR_SESSION_READ_ONLY_EXISTS);
    assert_int_equal(p11->C_CloseSession(reader), CKR_OK);
    assert_int_equal(login(CKU_SO, so_pin), CKR_OK);
    assert_int_equal(state_of_session(), CKS_RW_SO_FUNCTIONS);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &reader), CKR_SESSION_READ_WRITE_SO_EXISTS);
    assert_int_equal(count_private_keys(), 0);
}

static void only_the_so_initialises_the_token_again_and_nothing_is_left(void **state)
{
    CK_OBJECT_HANDLE key;
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(make_key(&yes, &key), CKR_OK);
    assert_int_equal(init_token(so_pin), CKR_SESSION_EXISTS);
    assert_int_equal(p11->C_CloseAllSessions(0), CKR_OK);
    assert_int_equal(init_token(NULL), CKR_PIN_INCORRECT);
    assert_int_equal(init_token(wrong), CKR_PIN_INCORRECT);
    assert_int_equal(init_token(so_pin), CKR_OK);
    assert_int_equal(flags() & CKF_USER_PIN_INITIALIZED, 0);
    open_session();
    assert_int_equal(count_private_keys(), 0);
    assert_int_equal(login(CKU_USER, user_pin), CKR_USER_PIN_NOT_INITIALIZED);
    assert_int_equal(login(CKU_SO, so_pin), CKR_OK);
    assert_int_equal(p11->C_InitPIN(session, new_pin, 6), CKR_OK);
    assert_int_equal(p11->C_Logout(session), CKR_OK);
    assert_int_equal(login(CKU_USER, user_pin), CKR_PIN_INCORRECT);
}

static void closing_the_last_session_is_a_logout(void **state)
{
    assert_int_equal(login(CKU_USER, user_pin), CKR_OK);
    assert_int_equal(p11->C_CloseSession(session), CKR_OK);
    open_session();
    assert_int_equal(state_of_session(), CKS_RW_PUBLIC_SESSION);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start_with_pins, end)
    const struct CMUnitTest tests[] = {
        CASE(the_token_says_that_it_wants_a_login),
        CASE(a_private_key_is_made_seen_and_used_by_the_user_alone),
        CASE(the_chip_itself_refuses_who_has_not_logged_in),
        CASE(wrong_pins_lock_and_the_so_unlocks),
        CASE(tries_are_counted_over_a_restart_of_the_chip),
        CASE(a_right_pin_gives_all_tries_back),
        CASE(pins_are_changed_by_whom_they_belong_to),
        CASE(a_login_outlives_the_links_session),
        CASE(a_pin_changed_elsewhere_ends_the_login_and_costs_one_try),
        CASE(a_token_that_cannot_be_asked_is_not_taken_for_one_without_pins),
        CASE(the_so_sees_no_private_object_and_opens_no_reading_session),
        CASE(only_the_so_initialises_the_token_again_and_nothing_is_left),
        CASE(closing_the_last_session_is_a_logout),
    };
    return cmocka_run_group_tests(tests, group_start, group_end);
}
