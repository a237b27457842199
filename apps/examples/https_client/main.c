/* SPDX-License-Identifier: Apache-2.0 */
/* A client of HTTPS: it asks a server whose certificate comes from the root that it trusts, and prints what the answer says. */
#include "HTTPUtils.h"
#include "apps/examples/example_root.h"
#include "mico.h"

#define client_log(...) custom_log("HTTPS", __VA_ARGS__)

#ifndef SERVER_ADDRESS
#define SERVER_ADDRESS "10.0.2.2"
#endif
#define SERVER_PORT 27183

int application_start(void)
{
    static const char request[] = "GET /lamp HTTP/1.1\r\nHost: " SERVER_ADDRESS "\r\n\r\n";
    int fd = -1, ssl_errno = 0;
    mico_ssl_t ssl = NULL;
    mico_utc_time_ms_t now = 1900000000000ULL; /* a product asks SNTP */
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    HTTPHeader_t *header = HTTPHeaderCreate(512);
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    require_action(header != NULL, exit, err = kNoMemoryErr);
    mico_time_set_utc_time_ms(&now);

    server.sin_addr.s_addr = inet_addr(SERVER_ADDRESS);
    fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    require_action(connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0, exit, err = kConnectionErr);
    ssl = ssl_connect(fd, strlen(example_root), example_root, &ssl_errno);
    require_action(ssl != NULL, exit, err = ssl_errno);
    require_action(ssl_send(ssl, request, strlen(request)) == (int)strlen(request), exit, err = kWriteErr);
    err = SocketReadHTTPSHeader(ssl, header);
    require_noerr(err, exit);
    client_log("status %d, %u bytes", header->statusCode, (unsigned)header->contentLength);
    err = SocketReadHTTPSBody(ssl, header);
    require_noerr(err, exit);
    client_log("%s", header->extraDataPtr);

exit:
    if (ssl != NULL) {
        ssl_close(ssl);
    }
    SocketClose(&fd);
    HTTPHeaderDestory(&header);
    if (err != kNoErr) {
        client_log("failed: %d", err);
    }
    return err;
}
