/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the HTTP server, whose pages are functions. Requests are read by the strict parser of os/net/http, one
 * connection after another, in one thread; each must be whole within 10 s.
 *
 * Not offered: server-side includes, files, and TLS. None of these calls is allowed in interrupts. */
#ifndef OS_SDK_NETWORK_HTTPD_H
#define OS_SDK_NETWORK_HTTPD_H

#include "os/sdk/common.h"
#include "os/sdk/mico_socket.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef WM_SUCCESS
#define WM_SUCCESS 0
#define WM_FAIL 1
#endif

#define HTTP_PORT 80 /* on posix that of --port */
#define APP_HTTP_FLAGS_NO_EXACT_MATCH 1
#define HTTPD_WSGI_MAX 16 /* handlers */

#define HTTPD_REQ_TYPE_UNKNOWN 0
#define HTTPD_REQ_TYPE_POST 1
#define HTTPD_REQ_TYPE_GET 2
#define HTTPD_REQ_TYPE_PUT 4
#define HTTPD_REQ_TYPE_DELETE 8
#define HTTPD_REQ_TYPE_HEAD 16

#define HTTPD_DONE 1
#define HTTPD_MAX_MESSAGE 512
#define HTTPD_MAX_URI_LENGTH 64
#define HTTPD_MAX_VAL_LENGTH 64
#define HTTPD_MAX_CONTENT_TYPE_LENGTH 128
#define HTTPD_SEND_BODY_DATA_MAX_LEN 1024
#define HTTPD_BODY_MAX 0x1000000 /* bytes of a request's body */

#define HTTPD_JSON_ERROR "{\"error\": -1}"
#define HTTPD_JSON_SUCCESS "{\"success\": 0}"
#define HTTPD_TEXT_ERROR "error -1\r\n"
#define HTTPD_TEXT_SUCCESS "success\r\n"

#define HTTP_CONTENT_JSON_STR "application/json"
#define HTTP_CONTENT_XML_STR "text/xml"
#define HTTP_CONTENT_HTML_STR "text/html"
#define HTTP_CONTENT_CSS_STR "text/css"
#define HTTP_CONTENT_JS_STR "application/javascript"
#define HTTP_CONTENT_PNG_STR "image/png"
#define HTTP_CONTENT_PLAIN_TEXT_STR "text/plain"

#define HTTP_RES_200 "HTTP/1.1 200 OK\r\n"
#define HTTP_RES_301 "HTTP/1.1 301 Moved Permanently\r\n"
#define HTTP_RES_304 "HTTP/1.1 304 Not Modified\r\n"
#define HTTP_RES_400 "HTTP/1.1 400 Bad Request\r\n"
#define HTTP_RES_404 "HTTP/1.1 404 Not Found\r\n"
#define HTTP_RES_505 "HTTP/1.1 505 HTTP Version Not Supported\r\n"

/* What goes into an answer's head. */
typedef enum {
    HTTPD_HDR_ADD_SERVER = 0x0001,
    HTTPD_HDR_ADD_CONN_KEEP_ALIVE = 0x0002,
    HTTPD_HDR_ADD_CONN_CLOSE = 0x0004,
    HTTPD_HDR_ADD_TYPE_CHUNKED = 0x0008, /* without it a Content-Length is sent */
    HTTPD_HDR_ADD_CACHE_CTRL = 0x0010,
    HTTPD_HDR_ADD_CACHE_CTRL_NO_CHK = 0x0020,
    HTTPD_HDR_ADD_PRAGMA_NO_CACHE = 0x0040,
} httpd_hdr_field_sel_t;

#define HTTPD_DEFAULT_HDR_FLAGS (HTTPD_HDR_ADD_SERVER | HTTPD_HDR_ADD_CONN_CLOSE | HTTPD_HDR_ADD_TYPE_CHUNKED)

struct httpd_wsgi_call;

typedef struct {
    int type;                                /* HTTPD_REQ_TYPE_ */
    char filename[HTTPD_MAX_URI_LENGTH + 1]; /* the path, with "?query" when it fits */
    int sock;
    unsigned char hdr_parsed;
    int remaining_bytes; /* of the body; of a chunked one 1 until its end */
    int body_nbytes;     /* of the body; 0 while it is chunked */
    const struct httpd_wsgi_call *wsgi;
    unsigned char chunked;
    char content_type[HTTPD_MAX_CONTENT_TYPE_LENGTH];
    bool if_none_match;
    unsigned etag_val;
} httpd_request_t;

/* A page. Functions return WM_SUCCESS when they have answered; otherwise, when nothing was sent, a 500 goes out. */
struct httpd_wsgi_call {
    const char *uri;
    int hdr_fields;                           /* of the answer */
    int http_flags;                           /* APP_HTTP_FLAGS_NO_EXACT_MATCH: everything that begins with uri */
    int (*get_handler)(httpd_request_t *req); /* also for HEAD */
    int (*set_handler)(httpd_request_t *req); /* POST */
    int (*put_handler)(httpd_request_t *req);
    int (*delete_handler)(httpd_request_t *req);
};

/* All of the following return WM_SUCCESS or -WM_FAIL. */

int httpd_init(void);
/** Stop, and forget every page. */
int httpd_shutdown(void);
/** Listen on port 80 and serve, in a thread of 4 KiB that the pages run in. */
int httpd_start(void);
/** Wait for the request that is served, and end. */
int httpd_stop(void);
/** 1 or 0. */
int httpd_is_running(void);

/** wsgi_call must stay. An earlier page of the same uri goes first. */
int httpd_register_wsgi_handler(struct httpd_wsgi_call *wsgi_call);
int httpd_register_wsgi_handlers(struct httpd_wsgi_call *wsgi_call_list, int handler_cnt);
int httpd_unregister_wsgi_handler(struct httpd_wsgi_call *wsgi_call);
int httpd_unregister_wsgi_handlers(struct httpd_wsgi_call *wsgi_call_list, int handler_cnt);

/* In pages. */

/** An answer whole: first_line such as HTTP_RES_200, the page's hdr_fields, then the content. */
int httpd_send_response(httpd_request_t *req, const char *first_line, char *content, int length,
                        const char *content_type);
int httpd_send_response_301(httpd_request_t *req, char *location, const char *content_type, char *content,
                            int content_len);
/** The head of an answer with Content-Length body_length, to be followed by httpd_send_body. */
int httpd_send_all_header(httpd_request_t *req, const char *first_line, int body_length, const char *content_type);
int httpd_send_body(int sock, const unsigned char *body, uint32_t body_size);
/** In pieces: a first line by httpd_send, fields, httpd_send_crlf, then all of the body by these. */
int httpd_send(int sock, const char *buf, int len);
int httpd_send_header(int sock, const char *name, const char *value);
int httpd_send_default_headers(int sock, int hdr_fields);
/** A chunk; with len 0 the last. */
int httpd_send_chunk(int sock, const char *buf, int len);
int httpd_send_chunk_begin(int sock, int size);
#define httpd_send_crlf(sock) httpd_send(sock, "\r\n", 2)

/** The next bytes of the body into content, at most length; how many are still to be read (of a chunked body 1 until its
 * end), or -WM_FAIL. req->body_nbytes tells how many a chunked body has had. */
int httpd_get_data(httpd_request_t *req, char *content, int length);
/** Bytes of the body; 0 at its end, or -WM_FAIL. Of the request that is served; flags are ignored. */
int httpd_recv(int sock, void *buf, size_t n, int flags);
/** The head is read before a page runs: these do nothing. */
int httpd_purge_headers(int sock);
int httpd_parse_hdr_tags(httpd_request_t *req, int sock, char *scratch, int len);

/** WM_SUCCESS when the page uri, with its flags, is for req_uri. */
int httpd_validate_uri(char *req_uri, const char *uri, int flags);

#ifdef __cplusplus
}
#endif

#endif
