/* SPDX-License-Identifier: Apache-2.0 */
/* A client of HTTP: it asks a server of the host, and prints what the answer says. */
#include "HTTPUtils.h"
#include "mico.h"

#define client_log(...) custom_log("HTTP", __VA_ARGS__)

#ifndef SERVER_ADDRESS
#define SERVER_ADDRESS "10.0.2.2"
#endif
#define SERVER_PORT 27184

int application_start(void)
{
    uint8_t *request = NULL;
    size_t len;
    int fd = -1;
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    HTTPHeader_t *header = HTTPHeaderCreate(512);
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    require_action(header != NULL, exit, err = kNoMemoryErr);
    err = CreateHTTPMessageWithHost("POST", "/lamp?room=hall", SERVER_ADDRESS, SERVER_PORT, kMIMEType_JSON,
                                    (uint8_t *)"{\"on\":true}", 11, &request, &len);
    require_noerr(err, exit);

    server.sin_addr.s_addr = inet_addr(SERVER_ADDRESS);
    fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    require_action(connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0, exit, err = kConnectionErr);
    require_action(send(fd, request, len, 0) == (ssize_t)len, exit, err = kWriteErr);
    err = SocketReadHTTPHeader(fd, header);
    require_noerr(err, exit);
    client_log("status %d, %s", header->statusCode, header->chunkedData ? "in chunks" : "counted");
    err = SocketReadHTTPBody(fd, header);
    require_noerr(err, exit);
    client_log("%u bytes: %s", (unsigned)header->extraDataLen, header->extraDataPtr);

exit:
    free(request);
    SocketClose(&fd);
    HTTPHeaderDestory(&header);
    if (err != kNoErr) {
        client_log("failed: %d", err);
    }
    return err;
}
