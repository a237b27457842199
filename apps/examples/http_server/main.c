/* SPDX-License-Identifier: Apache-2.0 */
/* A server of HTTP with two pages: the lamp's state, which can be read and written, and one that is made in pieces. */
#include "httpd.h"
#include "mico.h"

#define server_log(...) custom_log("HTTPD", __VA_ARGS__)

static char lamp[16] = "off";

static int read_lamp(httpd_request_t *req)
{
    server_log("the lamp is asked for");
    return httpd_send_response(req, HTTP_RES_200, lamp, strlen(lamp), HTTP_CONTENT_PLAIN_TEXT_STR);
}

static int write_lamp(httpd_request_t *req)
{
    char state[sizeof(lamp)] = "";
    if (req->body_nbytes == 0 || req->body_nbytes >= (int)sizeof(state) ||
        httpd_get_data(req, state, req->body_nbytes) != 0) {
        return httpd_send_response(req, HTTP_RES_400, NULL, 0, HTTP_CONTENT_PLAIN_TEXT_STR);
    }
    strcpy(lamp, state);
    server_log("the lamp is %s", lamp);
    return httpd_send_response(req, HTTP_RES_200, HTTPD_JSON_SUCCESS, strlen(HTTPD_JSON_SUCCESS),
                               HTTP_CONTENT_JSON_STR);
}

static int count(httpd_request_t *req)
{
    char line[16];
    httpd_send(req->sock, HTTP_RES_200, strlen(HTTP_RES_200));
    httpd_send_default_headers(req->sock, HTTPD_DEFAULT_HDR_FLAGS);
    httpd_send_crlf(req->sock);
    for (int i = 1; i <= 3; i++) {
        httpd_send_chunk(req->sock, line, snprintf(line, sizeof(line), "%d\n", i));
    }
    return httpd_send_chunk(req->sock, NULL, 0);
}

static struct httpd_wsgi_call pages[] = {
    {"/lamp", HTTPD_HDR_ADD_CONN_CLOSE, 0, read_lamp, write_lamp, write_lamp, NULL},
    {"/count", 0, 0, count, NULL, NULL, NULL},
};

int application_start(void)
{
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    require_action(httpd_init() == WM_SUCCESS, exit, err = kGeneralErr);
    require_action(httpd_register_wsgi_handlers(pages, 2) == WM_SUCCESS, exit, err = kNoResourcesErr);
    require_action(httpd_start() == WM_SUCCESS, exit, err = kConnectionErr);
    server_log("serving");

exit:
    return err;
}
