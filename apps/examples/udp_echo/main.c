/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams: each comes back to its sender, upside down; "stop" ends it. The device's port 80 leads here. */
#include "mico.h"

#define udp_log(...) custom_log("UDP", __VA_ARGS__)

static void turn(char *text, int len)
{
    for (int i = 0; i < len / 2; i++) {
        char c = text[i];
        text[i] = text[len - 1 - i];
        text[len - 1 - i] = c;
    }
}

int application_start(void)
{
    char text[64];
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(80)}, from;
    int fd = -1;
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    require_action(fd >= 0, exit, err = kNoResourcesErr);
    require_action(bind(fd, (struct sockaddr *)&own, sizeof(own)) == 0, exit, err = kConnectionErr);
    udp_log("waiting for datagrams");

    for (bool stop = false; !stop;) {
        socklen_t from_len = sizeof(from);
        int len = recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &from_len);
        require_action(len >= 0, exit, err = kReadErr);
        stop = len == 4 && memcmp(text, "stop", 4) == 0;
        udp_log("%d bytes", len);
        turn(text, len);
        sendto(fd, text, len, 0, (struct sockaddr *)&from, from_len);
    }
    udp_log("stopped");

exit:
    SocketClose(&fd);
    return err;
}
