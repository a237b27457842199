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

/* Bytes of TLS, or of the socket alone, within left_ms (0: those that are there); 0 when none came in time. */
static int receive(Network *n, unsigned char *out, int len, int left_ms)
{
    if (left_ms > 0 && !set_timeout(n->my_socket, SO_RCVTIMEO, left_ms)) {
        return MQTT_SOCKET_ERR;
    }
    if (n->ssl == NULL) {
        ssize_t got = mico_recv(n->my_socket, out, (size_t)len, left_ms > 0 ? 0 : MSG_DONTWAIT);
        return got > 0 ? (int)got : got < 0 && errno == EAGAIN ? 0 : MQTT_SOCKET_ERR;
    }
    ssl_set_using_nonblock(n->ssl, left_ms <= 0);
    int got = ssl_recv(n->ssl, out, (size_t)len);
    ssl_set_using_nonblock(n->ssl, false);
    return got > 0 ? got : ssl_get_error(n->ssl, got) == SSL_ERROR_WANT_READ ? 0 : MQTT_SOCKET_ERR;
}

int MICO_read(Network *n, unsigned char *out, int len, int timeout_ms)
{
    uint64_t start = mico_clock_ms();
    int got = 0;
    while (got < len) {
        uint64_t gone = mico_clock_ms() - start;
        int left = timeout_ms > 0 && gone < (uint64_t)timeout_ms ? timeout_ms - (int)gone : 0;
        int part = receive(n, out + got, len - got, left);
        if (part <= 0) {
            return part == 0 ? got : MQTT_SOCKET_ERR;
        }
        got += part;
    }
    return got;
}

int MICO_write(Network *n, unsigned char *data, int len, int timeout_ms)
{
    if (!set_timeout(n->my_socket, SO_SNDTIMEO, timeout_ms > 0 ? timeout_ms : 1)) {
        return MQTT_SOCKET_ERR;
    }
    ssize_t sent = n->ssl != NULL ? ssl_send(n->ssl, data, (size_t)len) : mico_send(n->my_socket, data, (size_t)len, 0);
    return sent == len ? len : MQTT_SOCKET_ERR;
}

void MICO_disconnect(Network *n)
{
    if (n->ssl != NULL) {
        (void)ssl_close(n->ssl);
        n->ssl = NULL;
    }
    (void)SocketClose(&n->my_socket);
}

static bool secure(Network *n, const ssl_opts *options)
{
    int error = 0;
    ssl_set_client_version((ssl_version_type_t)options->ssl_version);
    n->ssl_flag = MICO_MQTT_CLIENT_SSL_ENABLE;
    n->ssl = ssl_connect(n->my_socket, options->ca_str != NULL ? options->ca_str_len : 0, options->ca_str, &error);
    return n->ssl != NULL;
}

int NewNetwork(Network *n, char *addr, int port, ssl_opts ssl_settings)
{
    if (n == NULL || addr == NULL || port <= 0 || port > 65535) {
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
        mico_connect(n->my_socket, (struct sockaddr *)&to, sizeof to) == 0 &&
        (!ssl_settings.ssl_enable || secure(n, &ssl_settings))) {
        return MQTT_SUCCESS;
    }
    MICO_disconnect(n);
    return MQTT_FAILURE;
}
