/* SPDX-License-Identifier: Apache-2.0 */
/* A client that is killed while it makes a key pair: behind each of its requests in turn. Whoever looks afterwards finds the whole
 * pair, which signs, or nothing of it. Between client and chip stands a relay that counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mscp/pkcs11/pkcs11_rig.h"

#define REQUESTS 40 /* more than a pair takes */

static CK_UTF8CHAR label[33] = "cut off                         ", so_pin[] = "12345678", user_pin[] = "1234";

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

/* The folder "cut" is another way to the same token: the same binding, and the relay's socket. */
static int listen_between(void)
{
    struct sockaddr_un address = address_of("cut/chip.sock");
    mkdir("cut", 0700);
    unlink("cut/chip.sock");
    unlink("cut/binding");
    assert_int_equal(link("binding", "cut/binding"), 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 4), 0);
    return fd;
}

/* One client's connection: false when the budget of requests is used up, and the last one has been given to the chip. */
static bool relay_one(int client, unsigned *requests_left)
{
    struct sockaddr_un address = address_of("chip.sock");
    uint8_t bytes[4096];
    int chip_fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(chip_fd, (struct sockaddr *)&address, sizeof address), 0);
    bool open = true;
    while (open && *requests_left > 0) {
        struct pollfd ready[2] = {{.fd = client, .events = POLLIN}, {.fd = chip_fd, .events = POLLIN}};
        assert_true(poll(ready, 2, 10000) > 0);
        for (int i = 0; i < 2 && open; i++) {
            ssize_t len = ready[i].revents != 0 ? recv(ready[i].fd, bytes, sizeof bytes, 0) : 1;
            open = len > 0;
            if (open && ready[i].revents != 0) {
                open = send(ready[1 - i].fd, bytes, (size_t)len, MSG_NOSIGNAL) == len;
                *requests_left -= i == 0;
            }
        }
    }
    if (*requests_left == 0) { /* the chip's answer shows that it has done it */
        ssize_t ignored = recv(chip_fd, bytes, sizeof bytes, 0);
        (void)ignored;
    }
    close(chip_fd);
    return *requests_left > 0;
}

static void make_pair_and_leave(CK_BBOOL *is_private)
{
    CK_OBJECT_HANDLE pub, pri;
    CK_ATTRIBUTE of_pub[] = {{CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, edwards, 14}};
    CK_ATTRIBUTE of_pri[] = {{CKA_TOKEN, &yes, 1}, {CKA_PRIVATE, is_private, 1}};
    setenv("MICO_TOKEN", "cut", 1);
    bool good = p11->C_Initialize(NULL) == CKR_OK &&
                p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) == CKR_OK &&
                p11->C_Login(session, CKU_USER, user_pin, 4) == CKR_OK &&
                p11->C_GenerateKeyPair(session, &generate_edwards, of_pub, 2, of_pri, 2, &pub, &pri) == CKR_OK;
    _exit(good ? 0 : 1);
}

/* A client that is killed behind its request number `requests`; true when it was done before. */
static bool cut_behind(unsigned requests, CK_BBOOL *is_private)
{
    int status, listener = listen_between();
    pid_t pid = fork();
    if (pid == 0) {
        close(listener);
        make_pair_and_leave(is_private);
    }
    bool goes_on = true;
    while (goes_on && waitpid(pid, &status, WNOHANG) == 0) {
        struct pollfd ready = {.fd = listener, .events = POLLIN};
        if (poll(&ready, 1, 10) > 0) {
            int client = accept(listener, NULL, NULL);
            goes_on = relay_one(client, &requests);
            if (!goes_on) {
                kill(pid, SIGKILL);
            }
            close(client);
        }
    }
    close(listener);
    if (goes_on) {
        assert_int_equal(status, 0);
        return true;
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return false;
}

static size_t keys_of(CK_OBJECT_CLASS class, CK_OBJECT_HANDLE found_keys[16])
{
    CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof class};
    CK_ULONG count;
    assert_int_equal(p11->C_FindObjectsInit(session, &template, 1), CKR_OK);
    assert_int_equal(p11->C_FindObjects(session, found_keys, 16, &count), CKR_OK);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OK);
    return count;
}

/* A fresh token with both PINs. */
static void begin(void)
{
    assert_int_equal(p11->C_Initialize(NULL), CKR_OK);
    assert_int_equal(p11->C_InitToken(0, so_pin, 8, label), CKR_OK);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), CKR_OK);
    assert_int_equal(p11->C_Login(session, CKU_SO, so_pin, 8), CKR_OK);
    assert_int_equal(p11->C_InitPIN(session, user_pin, 4), CKR_OK);
    assert_int_equal(p11->C_Finalize(NULL), CKR_OK);
}

/* What there is now: 1 when it is a whole pair, 0 when it is nothing. */
static size_t look(void)
{
    CK_OBJECT_HANDLE pub[16], pri[16];
    uint8_t message[8] = {0}, signature[64];
    CK_ULONG len = sizeof signature;
    assert_int_equal(p11->C_Initialize(NULL), CKR_OK);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), CKR_OK);
    assert_int_equal(p11->C_Login(session, CKU_USER, user_pin, 4), CKR_OK);
    size_t pairs = keys_of(CKO_PUBLIC_KEY, pub);
    assert_int_equal(keys_of(CKO_PRIVATE_KEY, pri), pairs);
    if (pairs > 0) {
        assert_int_equal(p11->C_SignInit(session, &eddsa, pri[0]), CKR_OK);
        assert_int_equal(p11->C_Sign(session, message, sizeof message, signature, &len), CKR_OK);
        assert_int_equal(p11->C_VerifyInit(session, &eddsa, pub[0]), CKR_OK);
        assert_int_equal(p11->C_Verify(session, message, sizeof message, signature, 64), CKR_OK);
        assert_int_equal(p11->C_DestroyObject(session, pub[0]), CKR_OK); /* of a whole pair one half may go */
        assert_int_equal(keys_of(CKO_PRIVATE_KEY, pri), pairs);
    }
    assert_int_equal(p11->C_Finalize(NULL), CKR_OK);
    return pairs;
}

static void cut_everywhere(CK_BBOOL *is_private)
{
    unsigned requests = 1, whole = 0;
    bool done = false;
    for (; !done && requests < REQUESTS; requests++) {
        begin();
        done = cut_behind(requests, is_private);
        size_t pairs = look();
        assert_true(pairs <= 1);
        assert_true(!done || pairs == 1);
        whole += pairs == 1 && !done;
    }
    assert_true(done);
    assert_true(requests > 6); /* a session, a login, the key, and both halves at the least */
    assert_true(whole >= 1);   /* it was whole before the client heard of it */
    unlink("cut/chip.sock");
    unlink("cut/binding");
    rmdir("cut");
}

static void a_client_killed_behind_any_request_leaves_a_whole_pair_or_none(void **state)
{
    cut_everywhere(&no);
}

static void a_client_killed_while_it_makes_a_private_key_does_so_too(void **state)
{
    cut_everywhere(&yes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_killed_behind_any_request_leaves_a_whole_pair_or_none),
        cmocka_unit_test(a_client_killed_while_it_makes_a_private_key_does_so_too),
    };
    return cmocka_run_group_tests(tests, group_start, group_end);
}
