/* SPDX-License-Identifier: Apache-2.0 */
/* A board has its ports for itself, and a C library without addresses. */
#include "os/sdk/mico_socket.h"
#include "os/sdk/socket_port.h"

uint16_t sdk_listening_port(uint16_t port)
{
    return port;
}

int mico_inet_aton(const char *text, struct in_addr *out)
{
    uint8_t ip[4];
    for (int i = 0; i < 4; i++) {
        unsigned value = 0;
        int digits = 0;
        for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++) {
            value = value * 10 + (unsigned)(*text - '0');
        }
        if (digits == 0 || value > 255 || *text != (i < 3 ? '.' : '\0')) {
            return 0;
        }
        ip[i] = (uint8_t)value;
        text++;
    }
    memcpy(out, ip, sizeof ip);
    return 1;
}

in_addr_t mico_inet_addr(const char *text)
{
    struct in_addr address;
    return mico_inet_aton(text, &address) != 0 ? address.s_addr : INADDR_NONE;
}

char *mico_inet_ntoa(struct in_addr address)
{
    static char text[16];
    const uint8_t *ip = (const uint8_t *)&address;
    snprintf(text, sizeof text, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
    return text;
}

int mico_inet_pton(int family, const char *text, void *out)
{
    struct in_addr address;
    if (family != AF_INET) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    if (text == NULL || out == NULL || mico_inet_aton(text, &address) == 0) {
        return 0;
    }
    memcpy(out, &address, sizeof address);
    return 1;
}

const char *mico_inet_ntop(int family, const void *address, char *out, socklen_t cap)
{
    const uint8_t *ip = address;
    if (family != AF_INET || address == NULL || out == NULL || cap < INET_ADDRSTRLEN) {
        errno = family != AF_INET ? EAFNOSUPPORT : ENOSPC;
        return NULL;
    }
    snprintf(out, cap, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
    return out;
}
