/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's HTTP helpers and server on the posix board, one against the other and against texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "HTTPUtils.h"
#include "httpd.h"
#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

static mico_thread_t helper;
static struct sockaddr_in at;

/* ---- messages from a peer that says text and closes ---- */

struct peer {
    int listener;
    const char *text;
    size_t piece;
};

static void say(mico_thread_arg_t arg)
{
    const struct peer *peer = (const struct peer *)arg;
    int fd = accept(peer->listener, NULL, NULL);
    for (size_t i = 0, len = strlen(peer->text); i < len; i += peer->piece) {
        size_t left = len - i;
        send(fd, peer->text + i, left < peer->piece ? left : peer->piece, 0);
        mico_thread_msleep(1);
    }
    close(fd);
}

static int connect_to(const struct sockaddr_in *to)
{
    int ms = 5000, fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)to, sizeof *to), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &ms, sizeof ms), 0);
    return fd;
}

static int listen_somewhere(void)
{
    for (uint16_t port = 23000;; port++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        at = (struct sockaddr_in){
            .sin_family = AF_INET, .sin_addr.s_addr = inet_addr("127.0.0.1"), .sin_port = htons(port)};
        assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
        if (listen(fd, 1) == 0) {
            return fd;
        }
        close(fd);
        assert_true(port < 60000);
    }
}

/* Read a whole message of text in pieces; the first error. */
static int read_message(HTTPHeader_t *header, const char *text, size_t piece)
{
    struct peer peer = {listen_somewhere(), text, piece};
    assert_int_equal(mico_rtos_create_thread(&helper, 5, "peer", say, 4096, (mico_thread_arg_t)&peer), kNoErr);
    int fd = connect_to(&at);
    HTTPHeaderClear(header);
    int err = SocketReadHTTPHeader(fd, header);
    err = err == kNoErr ? SocketReadHTTPBody(fd, header) : err;
    close(fd);
    mico_rtos_thread_join(&helper);
    close(peer.listener);
    return err;
}

static void message_is_read_in_pieces_of_any_size(void **state)
{
    static const char text[] =
        "POST /a/b?c=d HTTP/1.1\r\nHost: lamp\r\nX-Number:  42 \r\nContent-Length: 5\r\n\r\nhello";
    HTTPHeader_t *header = HTTPHeaderCreate(256);
    int number = 0;
    const char *value;
    size_t len;
    for (size_t piece = 1; piece < sizeof text; piece += 11) {
        assert_int_equal(read_message(header, text, piece), kNoErr);
        assert_int_equal(header->len, sizeof text - 1 - 5);
        assert_int_equal(HTTPHeaderMatchMethod(header, "post"), kNoErr);
        assert_int_equal(HTTPHeaderMatchMethod(header, "POS"), kNotFoundErr);
        assert_int_equal(HTTPHeaderMatchURL(header, "/a/b"), kNoErr);
        assert_int_equal(HTTPHeaderMatchURL(header, "/a"), kNotFoundErr);
        assert_memory_equal(HTTPHeaderMatchPartialURL(header, "b"), "b?c=d", 5);
        assert_null(HTTPHeaderMatchPartialURL(header, "d"));
        assert_memory_equal(header->protocolPtr, "HTTP/1.1", header->protocolLen);
        assert_int_equal(header->contentLength, 5);
        assert_int_equal(header->extraDataLen, 5);
        assert_string_equal(header->extraDataPtr, "hello");
        assert_true(header->persistent);
        assert_int_equal(HTTPScanFHeaderValue(header->buf, header->len, "x-number", "%d", &number), 1);
        assert_int_equal(number, 42);
        assert_int_equal(HTTPGetHeaderField(header->buf, header->len, "Host", NULL, NULL, &value, &len, NULL), kNoErr);
        assert_memory_equal(value, "lamp", len);
        assert_int_equal(HTTPGetHeaderField(header->buf, header->len, "Hos", NULL, NULL, &value, &len, NULL),
                         kNotFoundErr);
        assert_int_equal(HTTPScanFHeaderValue(header->buf, header->len, "None", "%d", &number), kNotFoundErr);
    }
    PrintHTTPHeader(header);
    HTTPHeaderDestory(&header);
    assert_null(header);
}

static void response_in_chunks_or_to_the_end_is_read(void **state)
{
    HTTPHeader_t *header = HTTPHeaderCreate(256);
    assert_int_equal(read_message(header,
                                  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: "
                                  "chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n",
                                  9),
                     kNoErr);
    assert_int_equal(header->statusCode, 404);
    assert_memory_equal(header->buf, "HTTP/1.1 404", 12);
    assert_memory_equal(header->reasonPhrasePtr, "Not Found", header->reasonPhraseLen);
    assert_string_equal(header->extraDataPtr, "one two");
    assert_int_equal(read_message(header, "HTTP/1.0 200 OK\r\n\r\nto the end", 7), kNoErr);
    assert_true(header->dataEndedbyClose);
    assert_string_equal(header->extraDataPtr, "to the end");
    HTTPHeaderDestory(&header);
}

static void bad_messages_get_their_errors(void **state)
{
    HTTPHeader_t *header = HTTPHeaderCreate(64);
    assert_int_equal(read_message(header, "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 100), kMalformedErr);
    assert_int_equal(read_message(header, "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 100),
                     kMalformedErr);
    assert_int_equal(read_message(header, "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 100), kUnsupportedErr);
    assert_int_equal(read_message(header, "GET / HTTP/1.1\r\nContent-Length: 16385\r\n\r\n", 100), kSizeErr);
    assert_int_equal(
        read_message(
            header,
            "GET / HTTP/1.1\r\nA: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n\r\n", 100),
        kNoSpaceErr);
    assert_int_equal(read_message(header, "GET / HTT", 100), kConnectionErr);
    assert_int_equal(read_message(header, "GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf", 100), kConnectionErr);
    assert_int_equal(SocketReadHTTPHeader(-1, header), kConnectionErr);
    assert_int_equal(SocketReadHTTPHeader(-1, NULL), kParamErr);
    assert_int_equal(SocketReadHTTPBody(-1, header), kParamErr); /* no head was read */
    assert_null(HTTPHeaderCreate(0));
    HTTPHeaderDestory(&header);
    HTTPHeaderDestory(NULL);
}

static size_t given;

static OSStatus take(HTTPHeader_t *header, uint32_t pos, uint8_t *data, size_t len, void *context)
{
    assert_int_equal(pos, given);
    given += len;
    return given > 30000 ? kNoSpaceErr : kNoErr;
}

static void body_goes_to_a_callback_piece_by_piece(void **state)
{
    static char text[40200];
    HTTPHeader_t *header = HTTPHeaderCreateWithCallback(128, take, NULL, NULL);
    int start = snprintf(text, sizeof text, "PUT / HTTP/1.1\r\nContent-Length: 20000\r\n\r\n");
    memset(text + start, 'x', 20000);
    given = 0;
    assert_int_equal(read_message(header, text, 5000), kNoErr);
    assert_int_equal(given, 20000);
    assert_null(header->extraDataPtr);
    memcpy(text + start - 9, "40000", 5);
    memset(text + start, 'x', 40000);
    given = 0;
    assert_int_equal(read_message(header, text, 5000), kNoSpaceErr);
    HTTPHeaderDestory(&header);
}

static void messages_are_made(void **state)
{
    uint8_t *out = NULL;
    size_t len;
    assert_int_equal(CreateSimpleHTTPMessage(kMIMEType_JSON, (uint8_t *)"{}", 2, &out, &len), kNoErr);
    assert_memory_equal(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", len);
    free(out);
    assert_int_equal(CreateHTTPRespondMessageNoCopy(kStatusNotFound, kMIMEType_TextPlain, 9, &out, &len), kNoErr);
    assert_memory_equal(out, "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n", len);
    free(out);
    assert_int_equal(CreateSimpleHTTPOKMessage(&out, &len), kNoErr);
    assert_memory_equal(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", len);
    free(out);
    assert_int_equal(CreateSimpleHTTPMessageNoCopy(kMIMEType_JSON, 7, &out, &len), kNoErr);
    free(out);
    assert_int_equal(CreateHTTPMessageWithHost("POST", "/x", "h", 8080, kMIMEType_JSON, (uint8_t *)"{}", 2, &out, &len),
                     kNoErr);
    assert_memory_equal(
        out, "POST /x HTTP/1.1\r\nHost: h:8080\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", len);
    free(out);
    assert_int_equal(CreateHTTPMessage("GET", "/x", NULL, NULL, 0, &out, &len), kNoErr);
    assert_memory_equal(out, "GET /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n", len);
    free(out);
    assert_int_equal(CreateHTTPMessage("GET", "/x HTTP/1.1\r\nA: b", NULL, NULL, 0, &out, &len), kParamErr);
    assert_int_equal(CreateHTTPMessageWithHost("GET", "/x", "h\r\nA: b", 80, NULL, NULL, 0, &out, &len), kParamErr);
    assert_int_equal(CreateSimpleHTTPMessage("a\r\nb", NULL, 0, &out, &len), kParamErr);
    assert_int_equal(CreateSimpleHTTPMessage(NULL, NULL, 1, &out, &len), kParamErr);
}

/* ---- the server ---- */

static int page_hello(httpd_request_t *req)
{
    static char text[] = "hello";
    return httpd_send_response(req, HTTP_RES_200, text, 5, HTTP_CONTENT_PLAIN_TEXT_STR);
}

static int page_echo(httpd_request_t *req)
{
    static char body[16];
    int left = 1, total = 0;
    if (httpd_send(req->sock, HTTP_RES_200, sizeof HTTP_RES_200 - 1) != WM_SUCCESS ||
        httpd_send_default_headers(req->sock, req->wsgi->hdr_fields) != WM_SUCCESS ||
        httpd_send_crlf(req->sock) != WM_SUCCESS) {
        return -WM_FAIL;
    }
    while (left > 0) { /* seven bytes at a time */
        int before = req->remaining_bytes;
        left = httpd_get_data(req, body, 7);
        int got = req->chunked ? req->body_nbytes - total : before - left;
        if (left < 0 || (got > 0 && httpd_send_chunk(req->sock, body, got) != WM_SUCCESS)) {
            return -WM_FAIL;
        }
        total += got;
    }
    return httpd_send_chunk(req->sock, NULL, 0);
}

static int page_silent(httpd_request_t *req)
{
    return -WM_FAIL;
}

static int page_moved(httpd_request_t *req)
{
    assert_int_equal(httpd_send_header(req->sock, "A", "b\r\nC: d"), -WM_FAIL);
    return httpd_send_response_301(req, "/hello", NULL, NULL, 0);
}

static int page_image(httpd_request_t *req)
{
    static unsigned char image[2500];
    memset(image, 'i', sizeof image);
    return httpd_send_all_header(req, HTTP_RES_200, sizeof image, HTTP_CONTENT_PNG_STR) == WM_SUCCESS
               ? httpd_send_body(req->sock, image, sizeof image)
               : -WM_FAIL;
}

static struct httpd_wsgi_call the_pages[] = {
    {"/hello", HTTPD_HDR_ADD_CONN_KEEP_ALIVE, 0, page_hello, NULL, NULL, NULL},
    {"/echo", HTTPD_DEFAULT_HDR_FLAGS, APP_HTTP_FLAGS_NO_EXACT_MATCH, NULL, page_echo, page_echo, NULL},
    {"/silent", 0, 0, page_silent, NULL, NULL, NULL},
    {"/moved", 0, 0, page_moved, NULL, NULL, NULL},
    {"/image", HTTPD_HDR_ADD_SERVER, 0, page_image, NULL, NULL, NULL},
};

/* All that the server says to text, until it closes or the peer has been silent for a second. */
static const char *ask(const char *text)
{
    static char out[8192];
    size_t len = 0;
    int ms = 1000, fd = connect_to(&at);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &ms, sizeof ms), 0);
    assert_int_equal(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
    for (ssize_t got; (got = recv(fd, out + len, sizeof out - 1 - len, 0)) > 0;) {
        len += (size_t)got;
    }
    out[len] = '\0';
    close(fd);
    return out;
}

static void start_server(void)
{
    int fd = listen_somewhere(); /* a port that is free */
    char number[8];
    close(fd);
    snprintf(number, sizeof number, "%u", ntohs(at.sin_port));
    char *arguments[] = {"test", "--port", number, NULL};
    mico_posix_board_options(3, arguments);
    assert_int_equal(httpd_start(), -WM_FAIL); /* not initialised */
    assert_int_equal(httpd_init(), WM_SUCCESS);
    assert_int_equal(httpd_register_wsgi_handlers(the_pages, 5), WM_SUCCESS);
    assert_int_equal(httpd_register_wsgi_handler(&the_pages[0]), -WM_FAIL);
    assert_int_equal(httpd_start(), WM_SUCCESS);
    assert_int_equal(httpd_start(), -WM_FAIL);
    assert_int_equal(httpd_is_running(), 1);
}

static void pages_answer_and_the_connection_stays_where_they_want_it(void **state)
{
    start_server();
    assert_string_equal(
        ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /hello?a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello"
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello");
    assert_string_equal(
        ask("HEAD /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\n");
    assert_string_equal(ask("GET /moved HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
                        "HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\nLocation: /hello\r\n\r\n");
    const char *image = ask("GET /image HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_non_null(strstr(image, "Server: MiCO\r\nContent-Length: 2500\r\nContent-Type: image/png\r\n\r\niii"));
}

static void bodies_are_taken_in_pieces_and_left_ones_are_passed_over(void **state)
{
    static const char head[] =
        "HTTP/1.1 200 OK\r\nServer: MiCO\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_memory_equal(ask("POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789"), head,
                        sizeof head - 1);
    assert_string_equal(ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789") + sizeof head - 1,
                        "7\r\n0123456\r\n3\r\n789\r\n0\r\n\r\n");
    const char *chunked = ask("PUT /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n") +
                          sizeof head - 1;
    char joined[32] = "";
    for (char *end; *chunked != '\0' && *chunked != '0'; chunked = end + 2) { /* chunks of any size */
        size_t size = strtoul(chunked, &end, 16);
        strncat(joined, end + 2, size);
        end += 2 + size;
    }
    assert_string_equal(joined, "helloworld");
    assert_string_equal(chunked, "0\r\n\r\n");
    const char *two =
        ask("GET /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n"
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
            "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_non_null(strstr(strstr(two, "hello") + 5, "hello"));
}

static void wrong_requests_get_their_status(void **state)
{
    assert_memory_equal(ask("GET /none HTTP/1.1\r\nHost: h\r\n\r\n"), "HTTP/1.1 404 ", 13);
    assert_memory_equal(ask("GET /hello/x HTTP/1.1\r\nHost: h\r\n\r\n"), "HTTP/1.1 404 ", 13);
    assert_memory_equal(ask("DELETE /hello HTTP/1.1\r\nHost: h\r\n\r\n"), "HTTP/1.1 405 ", 13);
    assert_memory_equal(ask("GET /silent HTTP/1.1\r\nHost: h\r\n\r\n"), "HTTP/1.1 500 ", 13);
    assert_memory_equal(ask("GET /hello HTTP/1.1\r\n\r\n"), "HTTP/1.1 400 ", 13);
    assert_memory_equal(
        ask("GET /0123456789012345678901234567890123456789012345678901234567890123456789 HTTP/1.1\r\nHost: h\r\n\r\n"),
        "HTTP/1.1 400 ", 13);
    assert_string_equal(ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: "
                            "chunked\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n"),
                        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_memory_equal(ask("PUT /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"), "HTTP/1.1 501 ", 13);
    assert_memory_equal(ask("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n"), "HTTP/1.1 413 ", 13);
}

static void calls_outside_of_a_page_fail(void **state)
{
    static struct httpd_wsgi_call no_path = {"x", 0, 0, page_hello, NULL, NULL, NULL}, many[HTTPD_WSGI_MAX];
    char octet;
    httpd_request_t req = {.sock = -7};
    assert_int_equal(httpd_register_wsgi_handler(NULL), -WM_FAIL);
    assert_int_equal(httpd_register_wsgi_handler(&no_path), -WM_FAIL);
    for (int i = 0; i < HTTPD_WSGI_MAX; i++) {
        many[i].uri = "/many";
    }
    assert_int_equal(httpd_register_wsgi_handlers(many, HTTPD_WSGI_MAX), -WM_FAIL); /* five are there: none is added */
    assert_int_equal(httpd_unregister_wsgi_handlers(many, 1), -WM_FAIL);
    assert_int_equal(httpd_unregister_wsgi_handler(NULL), -WM_FAIL);
    assert_int_equal(httpd_send(-7, "x", 1), -WM_FAIL);
    assert_int_equal(httpd_send(-7, NULL, 1), -WM_FAIL);
    assert_int_equal(httpd_send_header(-7, NULL, "x"), -WM_FAIL);
    assert_int_equal(httpd_send_default_headers(-7, HTTPD_DEFAULT_HDR_FLAGS), -WM_FAIL);
    assert_int_equal(httpd_send_chunk(-7, "x", 1), -WM_FAIL);
    assert_int_equal(httpd_send_chunk_begin(-7, -1), -WM_FAIL);
    assert_int_equal(httpd_send_body(-7, (const unsigned char *)"x", 1), -WM_FAIL);
    assert_int_equal(httpd_send_response(NULL, HTTP_RES_200, NULL, 0, NULL), -WM_FAIL);
    assert_int_equal(httpd_send_response(&req, HTTP_RES_200, NULL, 1, NULL), -WM_FAIL);
    assert_int_equal(httpd_send_response_301(&req, NULL, NULL, NULL, 0), -WM_FAIL);
    assert_int_equal(httpd_send_all_header(&req, NULL, 0, NULL), -WM_FAIL);
    assert_int_equal(httpd_get_data(NULL, &octet, 1), -WM_FAIL);
    assert_int_equal(httpd_get_data(&req, &octet, -1), -WM_FAIL);
    assert_int_equal(httpd_recv(-7, &octet, 1, 0), -WM_FAIL);
    assert_int_equal(httpd_parse_hdr_tags(NULL, -7, NULL, 0), -WM_FAIL);
    assert_int_equal(httpd_purge_headers(-7), WM_SUCCESS);
    assert_int_equal(httpd_validate_uri(NULL, "/x", 0), -WM_FAIL);
    assert_int_equal(httpd_validate_uri("/x", NULL, 0), -WM_FAIL);
    assert_int_equal(httpd_validate_uri("/xy", "/x", 0), -WM_FAIL);
    assert_int_equal(httpd_validate_uri("/xy", "/x", APP_HTTP_FLAGS_NO_EXACT_MATCH), WM_SUCCESS);
}

static void server_stops_and_its_pages_can_be_taken_away(void **state)
{
    assert_int_equal(httpd_unregister_wsgi_handler(&the_pages[0]), WM_SUCCESS);
    assert_int_equal(httpd_unregister_wsgi_handler(&the_pages[0]), -WM_FAIL);
    assert_memory_equal(ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"), "HTTP/1.1 404 ", 13);
    assert_int_equal(httpd_stop(), WM_SUCCESS);
    assert_int_equal(httpd_stop(), -WM_FAIL);
    assert_int_equal(httpd_is_running(), 0);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), -1);
    close(fd);
    assert_int_equal(httpd_shutdown(), WM_SUCCESS);
    assert_int_equal(httpd_shutdown(), -WM_FAIL);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_is_read_in_pieces_of_any_size),
        cmocka_unit_test(response_in_chunks_or_to_the_end_is_read),
        cmocka_unit_test(bad_messages_get_their_errors),
        cmocka_unit_test(body_goes_to_a_callback_piece_by_piece),
        cmocka_unit_test(messages_are_made),
        cmocka_unit_test(pages_answer_and_the_connection_stays_where_they_want_it),
        cmocka_unit_test(bodies_are_taken_in_pieces_and_left_ones_are_passed_over),
        cmocka_unit_test(wrong_requests_get_their_status),
        cmocka_unit_test(calls_outside_of_a_page_fail),
        cmocka_unit_test(server_stops_and_its_pages_can_be_taken_away),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[8192];
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
