/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the MQTT client's clock and connection. */
#include "os/port/clock.h"
#include "os/sdk/network/MQTTClient.h"

#define CONNECT_MS 10000

void InitTimer(Timer *timer)
{
    timer->end_ms = 0;
}

void countdown_ms(Timer *timer, unsigned int ms)
{
    timer->end_ms = mico_clock_ms() + ms;
}

void countdown(Timer *timer, unsigned int seconds)
{
    timer->end_ms = mico_clock_ms() + (uint64_t)seconds * 1000;
}

char expired(Timer *timer)
{
    return mico_clock_ms() >= timer->end_ms;
}

int left_ms(Timer *timer)
{
    uint64_t now = mico_clock_ms(), left = timer->end_ms > now ? timer->end_ms - now : 0;
    return left > 0x7FFFFFFF ? 0x7FFFFFFF : (int)left;
}

static bool set_timeout(int fd, int name, int ms)
{
    return mico_setsockopt(fd, SOL_SOCKET, name, &ms, sizeof ms) == 0;
}

int MICO_read(Network *n, unsigned char *out, int len, int timeout_ms)
{
    uint64_t start = mico_clock_ms();
    int got = 0;
    while (got < len) {
        uint64_t gone = mico_clock_ms() - start;
        int left = timeout_ms > 0 && gone < (uint64_t)timeout_ms ? timeout_ms - (int)gone : 0;
        if (left > 0 && !set_timeout(n->my_socket, SO_RCVTIMEO, left)) {
            return MQTT_SOCKET_ERR;
        }
        ssize_t part = mico_recv(n->my_socket, out + got, (size_t)(len - got), left > 0 ? 0 : MSG_DONTWAIT);
        if (part <= 0) {
            return part < 0 && errno == EAGAIN ? got : MQTT_SOCKET_ERR;
        }
        got += (int)part;
    }
    return got;
}

int MICO_write(Network *n, unsigned char *data, int len, int timeout_ms)
{
    if (!set_timeout(n->my_socket, SO_SNDTIMEO, timeout_ms > 0 ? timeout_ms : 1) ||
        mico_send(n->my_socket, data, (size_t)len, 0) != len) {
        return MQTT_SOCKET_ERR;
    }
    return len;
}

void MICO_disconnect(Network *n)
{
    (void)SocketClose(&n->my_socket);
}

int NewNetwork(Network *n, char *addr, int port, ssl_opts ssl_settings)
{
    if (n == NULL || addr == NULL || port <= 0 || port > 65535 || ssl_settings.ssl_enable) {
        return MQTT_FAILURE;
    }
    struct hostent *host = mico_gethostbyname(addr);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    *n = (Network){.my_socket = -1, .mqttread = MICO_read, .mqttwrite = MICO_write, .disconnect = MICO_disconnect};
    if (host == NULL) {
        return MQTT_FAILURE;
    }
    memcpy(&to.sin_addr, host->h_addr, sizeof to.sin_addr);
    n->my_socket = mico_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (n->my_socket >= 0 && set_timeout(n->my_socket, SO_SNDTIMEO, CONNECT_MS) &&
        mico_connect(n->my_socket, (struct sockaddr *)&to, sizeof to) == 0) {
        return MQTT_SUCCESS;
    }
    MICO_disconnect(n);
    return MQTT_FAILURE;
}
