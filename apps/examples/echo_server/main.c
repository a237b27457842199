/* SPDX-License-Identifier: Apache-2.0 */
/* An echo server for several clients in one thread: select over the listener, the clients and an event of another
 * thread that ends it. */
#include "mico.h"

#define echo_log(...) custom_log("ECHO", __VA_ARGS__)

#define CLIENTS 4

static mico_semaphore_t enough;
static int clients[CLIENTS] = {-1, -1, -1, -1};

static void on_network(WiFiEvent event, void *arg)
{
    echo_log("network %s", event == NOTIFY_STATION_UP ? "up" : "down");
}

static int listen_at(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = INADDR_ANY, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (fd >= 0 && (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, CLIENTS) != 0)) {
        SocketClose(&fd);
    }
    return fd;
}

static void take_client(int listener)
{
    struct sockaddr_in peer;
    socklen_t len = sizeof(peer);
    int fd = accept(listener, (struct sockaddr *)&peer, &len);
    for (int i = 0; i < CLIENTS && fd >= 0; i++) {
        if (clients[i] < 0) {
            clients[i] = fd;
            fd = -1;
            echo_log("a client came");
        }
    }
    if (fd >= 0) {
        SocketClose(&fd);
    }
}

static void serve(int *client)
{
    char text[64];
    int len = recv(*client, text, sizeof(text), 0);
    if (len <= 0) {
        echo_log("a client went");
        SocketClose(client);
        return;
    }
    send(*client, text, len, 0);
    if (len >= 4 && memcmp(text, "stop", 4) == 0) {
        mico_rtos_set_semaphore(&enough);
    }
}

int application_start(void)
{
    OSStatus err = mico_system_notify_register(mico_notify_WIFI_STATUS_CHANGED, (void *)on_network, NULL);
    require_noerr(err, exit);
    err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    err = mico_rtos_init_semaphore(&enough, 1);
    require_noerr(err, exit);
    int event_fd = mico_create_event_fd(enough);
    int listener = listen_at(80);
    require_action(listener >= 0 && event_fd >= 0, exit, err = kConnectionErr);
    echo_log("listening");

    for (;;) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(listener, &readable);
        FD_SET(event_fd, &readable);
        for (int i = 0; i < CLIENTS; i++) {
            if (clients[i] >= 0) {
                FD_SET(clients[i], &readable);
            }
        }
        if (select(24, &readable, NULL, NULL, NULL) <= 0) {
            continue;
        }
        if (FD_ISSET(event_fd, &readable)) {
            break;
        }
        if (FD_ISSET(listener, &readable)) {
            take_client(listener);
        }
        for (int i = 0; i < CLIENTS; i++) {
            if (clients[i] >= 0 && FD_ISSET(clients[i], &readable)) {
                serve(&clients[i]);
            }
        }
    }
    for (int i = 0; i < CLIENTS; i++) {
        SocketClose(&clients[i]);
    }
    SocketClose(&listener);
    echo_log("stopped");

exit:
    return err;
}
