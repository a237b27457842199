/* SPDX-License-Identifier: Apache-2.0 */
/* A client of TLS: it trusts one root, sends a line, prints the answer, and waits for the server to hang up. */
#include "apps/examples/example_root.h"
#include "mico.h"

#define client_log(...) custom_log("CLIENT", __VA_ARGS__)

#ifndef SERVER_ADDRESS
#define SERVER_ADDRESS "10.0.2.2"
#endif
#define SERVER_PORT 27183

int application_start(void)
{
    int fd = -1, len, ssl_errno = 0;
    mico_ssl_t ssl = NULL;
    char answer[64];
    mico_utc_time_ms_t now = 1900000000000ULL; /* a product asks SNTP */
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    mico_time_set_utc_time_ms(&now);
    struct hostent *host = gethostbyname(SERVER_ADDRESS);
    require_action(host != NULL, exit, err = kNotFoundErr);

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    memcpy(&address.sin_addr, host->h_addr, host->h_length);
    fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    require_action(fd >= 0, exit, err = kNoResourcesErr);
    require_action(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, exit, err = kConnectionErr);
    ssl_set_client_version(TLS_V1_2_MODE);
    ssl = ssl_connect(fd, strlen(example_root), example_root, &ssl_errno);
    require_action(ssl != NULL, exit, err = ssl_errno);
    client_log("connected");
    require_action(ssl_send(ssl, "hello\n", 6) == 6, exit, err = kWriteErr);
    while ((len = ssl_recv(ssl, answer, sizeof(answer) - 1)) > 0) {
        answer[strcspn(answer, "\n")] = '\0';
        client_log("answer: %.*s", (int)strcspn(answer, "\n"), answer);
    }
    client_log("the server hung up");

exit:
    if (ssl != NULL) {
        ssl_close(ssl);
    }
    SocketClose(&fd);
    if (err != kNoErr) {
        client_log("failed: %d", err);
    }
    return kNoErr;
}
