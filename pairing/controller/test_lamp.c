/* SPDX-License-Identifier: Apache-2.0 */
#include "pairing/controller/test_lamp.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <mosquitto.h>

#include "pairing/test_bed.h"

#define CONNECTIONS 8

struct tcp_conn {
    int fd; /* 0: free */
    struct mico_connection conn;
};

struct channel {
    char cid[17]; /* empty: free */
    struct mico_connection conn;
};

static struct test_bed bed;
static struct tcp_conn tcp[CONNECTIONS];
static struct channel channels[CONNECTIONS];
static struct mosquitto *relay;

static void must(int fine, const char *what)
{
    if (!fine) {
        (void)fprintf(stderr, "test lamp: %s failed\n", what);
        abort();
    }
}

static int bound_socket(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    must(getsockname(fd, (struct sockaddr *)&address, &len) == 0, "getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

uint16_t test_free_port(void)
{
    uint16_t port;
    (void)close(bound_socket(&port));
    return port;
}

static void reply_tcp(void *ctx, const uint8_t *data, size_t len)
{
    must(send(*(int *)ctx, data, len, MSG_NOSIGNAL) == (ssize_t)len, "send");
}

static void accept_tcp(int listener)
{
    int fd = accept(listener, NULL, NULL);
    for (int i = 0; i < CONNECTIONS; i++) {
        if (tcp[i].fd == 0) {
            tcp[i].fd = fd;
            mico_accessory_open(&bed.acc, &tcp[i].conn);
            return;
        }
    }
    (void)close(fd);
}

static void close_tcp(struct tcp_conn *c)
{
    mico_accessory_close(&bed.acc, &c->conn);
    (void)close(c->fd);
    c->fd = 0;
}

static void serve_tcp(struct tcp_conn *c)
{
    uint8_t bytes[1500];
    ssize_t len = recv(c->fd, bytes, sizeof bytes, 0);
    if (len <= 0 || mico_accessory_input(&bed.acc, &c->conn, bytes, (size_t)len, reply_tcp, &c->fd) != MICO_OK) {
        close_tcp(c);
    }
}

static void publish(const struct channel *channel, const void *data, size_t len)
{
    char topic[96];
    (void)snprintf(topic, sizeof topic, "mico/" TEST_DEVICE_ID "/relay/%s/d", channel->cid);
    must(mosquitto_publish(relay, NULL, topic, (int)len, data, 1, false) == MOSQ_ERR_SUCCESS, "publish");
}

static void reply_relay(void *ctx, const uint8_t *data, size_t len)
{
    publish(ctx, data, len);
}

static struct channel *channel_of(const char *cid)
{
    struct channel *free_one = NULL;
    for (int i = 0; i < CONNECTIONS; i++) {
        if (strcmp(channels[i].cid, cid) == 0) {
            return &channels[i];
        }
        free_one = channels[i].cid[0] == '\0' ? &channels[i] : free_one;
    }
    if (free_one != NULL) {
        (void)snprintf(free_one->cid, sizeof free_one->cid, "%s", cid);
        mico_accessory_open_relayed(&bed.acc, &free_one->conn);
    }
    return free_one;
}

static void on_relay(struct mosquitto *mosquitto, void *ctx, const struct mosquitto_message *message)
{
    char cid[17];
    must(sscanf(message->topic, "mico/" TEST_DEVICE_ID "/relay/%16[0-9a-f]/c", cid) == 1, "topic");
    struct channel *channel = channel_of(cid);
    bool ended = message->payloadlen == 0;
    must(channel != NULL, "a free channel");
    if (!ended && mico_accessory_input(&bed.acc, &channel->conn, message->payload, (size_t)message->payloadlen,
                                       reply_relay, channel) != MICO_OK) {
        publish(channel, NULL, 0);
        ended = true;
    }
    if (ended) {
        mico_accessory_close(&bed.acc, &channel->conn);
        channel->cid[0] = '\0';
    }
}

static void join_relay(const struct test_lamp_options *options)
{
    (void)mosquitto_lib_init();
    relay = mosquitto_new("lamp", true, NULL);
    mosquitto_message_callback_set(relay, on_relay);
    must(mosquitto_tls_set(relay, options->relay_cafile, NULL, NULL, NULL, NULL) == MOSQ_ERR_SUCCESS, "tls_set");
    must(mosquitto_username_pw_set(relay, options->relay_user, options->relay_password) == MOSQ_ERR_SUCCESS, "login");
    int rc = MOSQ_ERR_ERRNO;
    for (int i = 0; i < 100 && rc != MOSQ_ERR_SUCCESS; i++) {
        rc = mosquitto_connect(relay, "127.0.0.1", options->relay_port, 60);
        (void)usleep(rc != MOSQ_ERR_SUCCESS ? 50000 : 0);
    }
    must(rc == MOSQ_ERR_SUCCESS, "reaching the relay");
    for (int i = 0; i < 10; i++) {
        must(mosquitto_loop(relay, 20, 1) == MOSQ_ERR_SUCCESS, "CONNACK");
    }
    must(mosquitto_subscribe(relay, NULL, "mico/" TEST_DEVICE_ID "/relay/+/c", 1) == MOSQ_ERR_SUCCESS, "subscribe");
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void serve(int listener)
{
    for (;;) {
        bed.now_ms = clock_ms();
        struct pollfd fds[1 + CONNECTIONS] = {{listener, POLLIN, 0}};
        for (int i = 0; i < CONNECTIONS; i++) {
            fds[1 + i] = (struct pollfd){tcp[i].fd != 0 ? tcp[i].fd : -1, POLLIN, 0};
        }
        must(poll(fds, 1 + CONNECTIONS, 20) >= 0, "poll");
        if (fds[0].revents != 0) {
            accept_tcp(listener);
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            if (fds[1 + i].revents != 0) {
                serve_tcp(&tcp[i]);
            }
            if (tcp[i].fd != 0 && mico_accessory_poll(&bed.acc, &tcp[i].conn, reply_tcp, &tcp[i].fd) != MICO_OK) {
                close_tcp(&tcp[i]);
            }
        }
        if (relay != NULL && mosquitto_loop(relay, 5, 1) != MOSQ_ERR_SUCCESS) {
            _exit(0); /* the test has ended its broker */
        }
    }
}

pid_t test_lamp_start(const struct test_lamp_options *options, uint16_t *port)
{
    static uint8_t chain[2048];
    int listener = bound_socket(port);
    must(listen(listener, CONNECTIONS) == 0, "listen");
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid > 0) {
        (void)close(listener);
        return pid;
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    test_bed_make(&bed);
    struct test_device device = {options->certified_as != NULL ? options->certified_as : TEST_DEVICE_ID, NULL,
                                 bed.chain + 17, 0, TEST_FOR_EVER, false};
    bed.acc.config.chain = (struct mico_span){chain, test_maker_chain(options->maker, &device, chain, sizeof chain)};
    if (options->relay_port != 0) {
        join_relay(options);
    }
    serve(listener);
    return 0;
}
