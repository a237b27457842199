/* SPDX-License-Identifier: Apache-2.0 */
/* SDK v3's ssl_ calls on the posix board: a client and a server in two threads, select beside them, and PEM that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "crypto/tls/tls_fuzz_certificates.h"
#include "HTTPUtils.h"
#include "mico.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/sdk/pem.h"
#include "os/sdk/utilities/base64.h"

#define STACK 65536u

static char root[1024], certificate[1024], key[256];
static struct sockaddr_in server;
static mico_thread_t helper;
static int listener;

static void to_pem(char *out, size_t cap, const char *label, const uint8_t *der, size_t len)
{
    int text_len;
    unsigned char *text = base64_encode(der, (int)len, &text_len);
    assert_non_null(text);
    snprintf(out, cap, "-----BEGIN %s-----\n%.*s\n-----END %s-----\n", label, text_len, (char *)text, label);
    free(text);
}

static uint16_t free_port(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof any;
    int fd = (socket)(AF_INET, SOCK_STREAM, 0); /* the host's */
    assert_int_equal((bind)(fd, (struct sockaddr *)&any, len), 0);
    assert_int_equal((getsockname)(fd, (struct sockaddr *)&any, &len), 0);
    (close)(fd);
    return ntohs(any.sin_port);
}

static int set_up(void **state)
{
    uint8_t der[48] = {0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20};
    mico_utc_time_ms_t now = FUZZ_NOW_S * 1000ULL;
    memset(der + 16, 0x22, 32);
    to_pem(root, sizeof root, "CERTIFICATE", fuzz_root, sizeof fuzz_root);
    to_pem(certificate, sizeof certificate, "CERTIFICATE", fuzz_server, sizeof fuzz_server);
    to_pem(key, sizeof key, "PRIVATE KEY", der, sizeof der);
    assert_int_equal(mico_time_set_utc_time_ms(&now), kNoErr);
    server = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(free_port()), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&server, sizeof server), 0);
    assert_int_equal(listen(listener, 2), 0);
    return 0;
}

/* What it gets goes back, until the client says good-bye. */
static void serve(mico_thread_arg_t arg)
{
    char line[256];
    int len, fd = accept(listener, NULL, NULL);
    mico_ssl_t ssl = ssl_accept(fd);
    while (ssl != NULL && (len = ssl_recv(ssl, line, sizeof line)) > 0) {
        ssl_send(ssl, line, (size_t)len);
    }
    if (ssl != NULL) {
        ssl_close(ssl);
    }
    close(fd);
}

static int dial(void)
{
    assert_int_equal(mico_rtos_create_thread(&helper, 5, "server", serve, 0x4000, 0), kNoErr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&server, sizeof server), 0);
    return fd;
}

static void hang_up(int fd)
{
    close(fd);
    assert_int_equal(mico_rtos_thread_join(&helper), kNoErr);
}

static int readable(int fd, int ms)
{
    fd_set set;
    struct timeval timeout = {ms / 1000, ms % 1000 * 1000};
    FD_ZERO(&set);
    FD_SET(fd, &set);
    return select(fd + 1, &set, NULL, NULL, &timeout);
}

static void lines_go_there_and_back_and_select_and_pending_know_of_them(void **state)
{
    char got[64];
    int error = 1;
    ssl_set_cert(certificate, key);
    ssl_set_client_version(TLS_V1_2_MODE);
    int fd = dial();
    mico_ssl_t ssl = ssl_connect(fd, (int)strlen(root), root, &error);
    assert_non_null(ssl);
    assert_true((uintptr_t)ssl < 1000); /* a small number */
    assert_int_equal(error, kNoErr);
    assert_int_equal(ssl_socket(ssl), fd);
    ssl_set_using_nonblock(ssl, 1);
    assert_int_equal(ssl_recv(ssl, got, sizeof got), -1);
    assert_int_equal(ssl_get_error(ssl, -1), SSL_ERROR_WANT_READ);
    assert_int_equal(readable(fd, 0), 0);
    assert_int_equal(ssl_send(ssl, "a line", 6), 6);
    assert_int_equal(readable(fd, 10000), 1);
    ssl_set_using_nonblock(ssl, 0);
    assert_int_equal(ssl_recv(ssl, got, 2), 2);
    assert_int_equal(ssl_pending(ssl), 4); /* the socket has nothing any more */
    assert_int_equal(readable(fd, 0), 0);
    assert_int_equal(ssl_recv(ssl, got + 2, sizeof got - 2), 4);
    assert_memory_equal(got, "a line", 6);
    assert_int_equal(ssl_pending(ssl), 0);
    assert_int_equal(ssl_close(ssl), kNoErr);
    assert_int_equal(ssl_close(ssl), kGeneralErr);
    hang_up(fd);
}

static void without_a_ca_whoever_answers_is_the_server(void **state)
{
    char got[8];
    int fd = dial();
    mico_ssl_t ssl = ssl_connect(fd, 0, NULL, NULL);
    assert_non_null(ssl);
    assert_int_equal(ssl_send(ssl, "x", 1), 1);
    assert_int_equal(ssl_recv(ssl, got, sizeof got), 1);
    assert_int_equal(ssl_close(ssl), kNoErr);
    hang_up(fd);
}

static void another_ca_and_one_that_is_none_are_refused(void **state)
{
    int error = kNoErr;
    int fd = dial();
    assert_null(ssl_connect(fd, (int)strlen(certificate), certificate, &error));
    assert_int_equal(error, kAuthenticationErr);
    hang_up(fd);
    fd = dial();
    assert_null(ssl_nonblock_connect(fd, 5, "hello", &error, 1000));
    assert_int_equal(error, kMalformedErr);
    hang_up(fd);
}

/* 2^32 seconds later, when mico_time_get_utc_time says the same. */
static void a_certificate_does_not_become_valid_again_in_2163(void **state)
{
    int error = kNoErr;
    mico_utc_time_ms_t now = FUZZ_NOW_S * 1000ULL, later = now + (1000ULL << 32);
    assert_int_equal(mico_time_set_utc_time_ms(&later), kNoErr);
    int fd = dial();
    mico_ssl_t ssl = ssl_connect(fd, (int)strlen(root), root, &error);
    hang_up(fd);
    assert_int_equal(mico_time_set_utc_time_ms(&now), kNoErr);
    assert_null(ssl);
    assert_int_equal(error, kMalformedErr); /* the root is not valid any more */
}

/* What is sent comes back: an answer of HTTP, then the end that way says. */
static int read_https(const char *answer, bool cut, HTTPHeader_t *header)
{
    int fd = dial();
    mico_ssl_t ssl = ssl_connect(fd, (int)strlen(root), root, NULL);
    assert_non_null(ssl);
    assert_int_equal(ssl_send(ssl, answer, strlen(answer)), strlen(answer));
    if (cut) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(int){50}, sizeof(int));
    }
    HTTPHeaderClear(header);
    int err = SocketReadHTTPSHeader(ssl, header);
    err = err == kNoErr ? SocketReadHTTPSBody(ssl, header) : err;
    assert_int_equal(ssl_close(ssl), kNoErr);
    hang_up(fd);
    return err;
}

static void answers_of_http_are_read_from_tls(void **state)
{
    HTTPHeader_t *header = HTTPHeaderCreate(256);
    assert_int_equal(read_https("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false, header), kNoErr);
    assert_int_equal(header->statusCode, 200);
    assert_string_equal(header->extraDataPtr, "abc");
    assert_int_equal(read_https("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", true, header), kTimeoutErr);
    assert_int_equal(read_https("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc", true, header), kMalformedErr);
    assert_int_equal(SocketReadHTTPSHeader(NULL, header), kParamErr);
    assert_int_equal(SocketReadHTTPSBody(NULL, header), kParamErr);
    assert_int_equal(SocketReadHTTPSHeader((mico_ssl_t)1, NULL), kParamErr);
    assert_int_equal(SocketReadHTTPSHeader((mico_ssl_t)1, header), kConnectionErr); /* a handle that is none */
    HTTPHeaderDestory(&header);
}

static void a_server_without_a_certificate_takes_nobody(void **state)
{
    int error;
    ssl_set_cert(certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    int fd = dial();
    assert_null(ssl_connect(fd, 0, NULL, &error));
    hang_up(fd);
    ssl_set_cert(NULL, NULL);
    fd = dial();
    assert_null(ssl_connect(fd, 0, NULL, &error));
    hang_up(fd);
    ssl_set_cert(certificate, key);
}

static void handles_that_are_none_get_errors(void **state)
{
    char one;
    const mico_ssl_t wrong[] = {NULL, (mico_ssl_t)1, (mico_ssl_t)4, (mico_ssl_t)5, (mico_ssl_t)(uintptr_t)-1};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(ssl_send(wrong[i], "x", 1), -1);
        assert_int_equal(ssl_recv(wrong[i], &one, 1), -1);
        assert_int_equal(ssl_close(wrong[i]), kGeneralErr);
        assert_int_equal(ssl_pending(wrong[i]), 0);
        assert_int_equal(ssl_socket(wrong[i]), -1);
        assert_int_equal(ssl_get_error(wrong[i], -1), SSL_ERROR_SSL);
        ssl_set_using_nonblock(wrong[i], 1);
    }
    int error = 0;
    for (int i = 0; i < 10; i++) { /* a socket that is none uses nothing up */
        assert_null(ssl_connect(-1, 0, NULL, &error));
        assert_int_equal(error, kConnectionErr);
        assert_null(ssl_accept(-1));
    }
}

static void pem_is_read_strictly(void **state)
{
    static const char *const wrong[] = {
        "-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAA=A\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nA===\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAA*A\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
    };
    uint8_t out[8];
    size_t len;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *text = wrong[i];
        assert_int_equal(sdk_pem_next(&text, "CERTIFICATE", out, sizeof out, &len), MICO_ERR_FORMAT);
        assert_int_equal(len, 0);
    }
    const char *text =
        "-----BEGIN X-----\nAAAA\n-----END X-----\n -----BEGIN EC PRIVATE KEY-----\r\nAQ ID\nBA==\n-----END EC "
        "PRIVATE KEY-----";
    assert_int_equal(sdk_pem_next(&text, "PRIVATE KEY", out, sizeof out, &len), MICO_OK);
    assert_int_equal(len, 4);
    assert_memory_equal(out, "\1\2\3\4", 4);
    assert_int_equal(sdk_pem_next(&text, "PRIVATE KEY", out, sizeof out, &len), MICO_OK);
    assert_int_equal(len, 0);
    text = "-----BEGIN A-----\nAAAAAAAAAAAA\n-----END A-----";
    assert_int_equal(sdk_pem_next(&text, "A", out, sizeof out, &len), MICO_ERR_SIZE);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_go_there_and_back_and_select_and_pending_know_of_them),
        cmocka_unit_test(without_a_ca_whoever_answers_is_the_server),
        cmocka_unit_test(another_ca_and_one_that_is_none_are_refused),
        cmocka_unit_test(a_certificate_does_not_become_valid_again_in_2163),
        cmocka_unit_test(answers_of_http_are_read_from_tls),
        cmocka_unit_test(a_server_without_a_certificate_takes_nobody),
        cmocka_unit_test(handles_that_are_none_get_errors),
        cmocka_unit_test(pem_is_read_strictly),
    };
    mico_board_halt(cmocka_run_group_tests(tests, set_up, NULL));
}

int main(void)
{
    static uint64_t stack[STACK / sizeof(uint64_t)];
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
