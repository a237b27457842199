/* SPDX-License-Identifier: Apache-2.0 */
/* A client: it connects, sends a line, prints the answer, and waits for the server to hang up. */
#include "mico.h"

#define client_log(...) custom_log("CLIENT", __VA_ARGS__)

#ifndef SERVER_ADDRESS
#define SERVER_ADDRESS "10.0.2.2"
#endif
#define SERVER_PORT 27183

int application_start(void)
{
    int fd = -1, len;
    char answer[64];
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    struct hostent *host = gethostbyname(SERVER_ADDRESS);
    require_action(host != NULL, exit, err = kNotFoundErr);

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    memcpy(&address.sin_addr, host->h_addr, host->h_length);
    fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    require_action(fd >= 0, exit, err = kNoResourcesErr);
    require_action(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, exit, err = kConnectionErr);
    client_log("connected");
    require_action(send(fd, "ping", 4, 0) == 4, exit, err = kWriteErr);
    while ((len = recv(fd, answer, sizeof(answer) - 1, 0)) > 0) {
        answer[len] = '\0';
        client_log("answer: %s", answer);
    }
    client_log("the server hung up");

exit:
    SocketClose(&fd);
    if (err != kNoErr) {
        client_log("failed: %d", err);
    }
    return kNoErr;
}
