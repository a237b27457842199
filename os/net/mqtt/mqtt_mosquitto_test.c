/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a real Mosquitto over plain TCP on a free loopback port. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/net/mqtt/mqtt.h"
#include "os/port/clock.h"

static pid_t mosquitto;
static uint16_t port;
static char config[64];

uint64_t mico_clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static struct sockaddr_in loopback(uint16_t at)
{
    return (struct sockaddr_in){AF_INET, htons(at), {htonl(INADDR_LOOPBACK)}, {0}};
}

static uint16_t free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static int dial(void)
{
    struct sockaddr_in address = loopback(port);
    for (int tries = 0; tries < 200; tries++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            return fd;
        }
        close(fd);
        usleep(20000);
    }
    return -1;
}

static int start_broker(void **state)
{
    port = free_port();
    snprintf(config, sizeof config, "mosquitto-%d.conf", (int)getpid());
    FILE *f = fopen(config, "w");
    assert_non_null(f);
    fprintf(f, "listener %u 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\nlog_type error\n",
            port);
    fclose(f);
    mosquitto = fork();
    if (mosquitto == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that ends early leaves nothing running */
        execlp("mosquitto", "mosquitto", "-c", config, (char *)NULL);
        execl("/usr/sbin/mosquitto", "mosquitto", "-c", config, (char *)NULL);
        _exit(127);
    }
    int fd = dial();
    if (fd < 0) {
        print_error("mosquitto did not start: apt-get install mosquitto\n");
    } else {
        close(fd);
    }
    return fd < 0;
}

static int stop_broker(void **state)
{
    kill(mosquitto, SIGTERM);
    waitpid(mosquitto, NULL, 0);
    unlink(config);
    return 0;
}

/* ---- a client over a socket ---- */

struct peer {
    int fd;
    struct mico_mqtt mqtt;
    uint8_t in[MICO_MQTT_BUFFER], out[MICO_MQTT_BUFFER];
    unsigned messages;
    char topic[128];
    uint8_t payload[MICO_MQTT_BUFFER];
    size_t payload_len;
    const char *forward; /* republish what comes to this topic */
};

static mico_err peer_send(void *ctx, const void *data, size_t len)
{
    struct peer *peer = ctx;
    for (size_t done = 0; done < len;) {
        ssize_t n = send(peer->fd, (const char *)data + done, len - done, MSG_NOSIGNAL);
        if (n <= 0) {
            return MICO_ERR_IO;
        }
        done += (size_t)n;
    }
    return MICO_OK;
}

static mico_err peer_recv(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct peer *peer = ctx;
    if (poll(&(struct pollfd){.fd = peer->fd, .events = POLLIN}, 1, (int)timeout_ms) == 0) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t n = recv(peer->fd, out, cap, 0);
    if (n <= 0) {
        return n == 0 ? MICO_ERR_CLOSED : MICO_ERR_IO;
    }
    *len = (size_t)n;
    return MICO_OK;
}

static void peer_got(void *ctx, const char *topic, struct mico_span payload)
{
    struct peer *peer = ctx;
    peer->messages++;
    snprintf(peer->topic, sizeof peer->topic, "%s", topic);
    memcpy(peer->payload, payload.data, payload.len);
    peer->payload_len = payload.len;
    if (peer->forward) {
        assert_int_equal(mico_mqtt_publish(&peer->mqtt, peer->forward, payload, 1, false), MICO_OK);
    }
}

static struct peer *join(const char *id, const char *will_topic, uint16_t keep_alive_s)
{
    struct peer *peer = calloc(1, sizeof *peer);
    peer->fd = dial();
    assert_true(peer->fd >= 0);
    mico_mqtt_init(&peer->mqtt, &(struct mico_mqtt_io){peer_send, peer_recv, peer}, peer->in, sizeof peer->in,
                   peer->out, sizeof peer->out, peer_got, peer);
    struct mico_mqtt_options options = {.client_id = id,
                                        .keep_alive_s = keep_alive_s,
                                        .clean_session = true,
                                        .will_topic = will_topic,
                                        .will_payload = MICO_SPAN("offline"),
                                        .will_qos = 1,
                                        .will_retain = true};
    options.will_payload.len--;
    assert_int_equal(mico_mqtt_connect(&peer->mqtt, &options), MICO_OK);
    return peer;
}

static void part(struct peer *peer)
{
    mico_mqtt_disconnect(&peer->mqtt);
    close(peer->fd);
    free(peer);
}

static void await(struct peer *peer, unsigned messages)
{
    uint64_t deadline_ms = mico_clock_ms() + 5000;
    while (peer->messages < messages && mico_clock_ms() < deadline_ms) {
        assert_int_equal(mico_mqtt_poll(&peer->mqtt, 100), MICO_OK);
    }
    assert_int_equal(peer->messages, messages);
}

static struct mico_span text(const char *s)
{
    return (struct mico_span){(const uint8_t *)s, strlen(s)};
}

/* ---- tests ---- */

static void retained_online_and_the_will_reach_a_watcher(void **state)
{
    struct peer *device = join("device", "mico/device/status", 30);
    assert_int_equal(mico_mqtt_publish(&device->mqtt, "mico/device/status", text("online"), 1, true), MICO_OK);
    struct peer *watcher = join("watcher", NULL, 30);
    assert_int_equal(mico_mqtt_subscribe(&watcher->mqtt, "mico/+/status", 1), MICO_OK);
    await(watcher, 1);
    assert_string_equal(watcher->topic, "mico/device/status");
    assert_memory_equal(watcher->payload, "online", 6);
    close(device->fd); /* dies without goodbye */
    free(device);
    await(watcher, 2);
    assert_memory_equal(watcher->payload, "offline", 7);
    part(watcher);
}

static void thousand_messages_there_and_back_in_order(void **state)
{
    struct peer *near = join("near", NULL, 30), *far = join("far", NULL, 30);
    assert_int_equal(mico_mqtt_subscribe(&near->mqtt, "back", 1), MICO_OK);
    assert_int_equal(mico_mqtt_subscribe(&far->mqtt, "there", 1), MICO_OK);
    far->forward = "back";
    for (uint32_t i = 0; i < 1000; i++) {
        uint8_t message[1024];
        memset(message, (int)i, sizeof message);
        mico_store_le32(message, i);
        size_t len = 4 + i % (sizeof message - 4);
        assert_int_equal(mico_mqtt_publish(&near->mqtt, "there", (struct mico_span){message, len}, 1, false), MICO_OK);
        await(far, i + 1);
        await(near, i + 1);
        assert_int_equal(near->payload_len, len);
        assert_memory_equal(near->payload, message, len);
    }
    part(near);
    part(far);
}

static void burst_larger_than_the_receive_buffer_is_delivered_whole(void **state)
{
    struct peer *near = join("near", NULL, 30), *far = join("far", NULL, 30);
    uint8_t message[1500] = {0};
    assert_int_equal(mico_mqtt_subscribe(&far->mqtt, "burst", 1), MICO_OK);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(mico_mqtt_publish(&near->mqtt, "burst", MICO_SPAN(message), 1, false), MICO_OK);
    }
    await(far, 50);
    part(near);
    part(far);
}

static void what_was_unsubscribed_comes_no_more(void **state)
{
    struct peer *near = join("near", NULL, 30), *far = join("far", NULL, 30);
    assert_int_equal(mico_mqtt_subscribe(&far->mqtt, "a/#", 1), MICO_OK);
    assert_int_equal(mico_mqtt_subscribe(&far->mqtt, "b", 0), MICO_OK);
    assert_int_equal(mico_mqtt_publish(&near->mqtt, "a/1", text("one"), 1, false), MICO_OK);
    for (int i = 0; i < 50 && far->messages < 1; i++) {
        assert_int_equal(mico_mqtt_poll(&far->mqtt, 100), MICO_OK);
    }
    assert_int_equal(far->mqtt.message_qos, 1);
    assert_int_equal(mico_mqtt_unsubscribe(&far->mqtt, "a/#"), MICO_OK);
    assert_int_equal(mico_mqtt_unsubscribe(&far->mqtt, "never"), MICO_OK); /* the broker answers that too */
    assert_int_equal(mico_mqtt_unsubscribe(&far->mqtt, ""), MICO_ERR_PARAM);
    assert_int_equal(mico_mqtt_publish(&near->mqtt, "a/2", text("two"), 1, false), MICO_OK);
    assert_int_equal(mico_mqtt_publish(&near->mqtt, "b", text("three"), 1, false), MICO_OK);
    for (int i = 0; i < 50 && far->messages < 2; i++) {
        assert_int_equal(mico_mqtt_poll(&far->mqtt, 100), MICO_OK);
    }
    assert_int_equal(far->messages, 2);
    assert_string_equal(far->topic, "b");
    assert_int_equal(far->mqtt.message_qos, 0);
    mico_mqtt_disconnect(&near->mqtt);
    assert_int_equal(mico_mqtt_unsubscribe(&near->mqtt, "a"), MICO_ERR_STATE);
    part(near);
    part(far);
}

static void pings_keep_a_quiet_connection_alive(void **state)
{
    struct peer *quiet = join("quiet", NULL, 1); /* the broker gives up after 1.5 s */
    for (int i = 0; i < 7; i++) {
        assert_int_equal(mico_mqtt_poll(&quiet->mqtt, 500), MICO_OK);
    }
    assert_int_equal(mico_mqtt_publish(&quiet->mqtt, "t", text("still here"), 1, false), MICO_OK);
    part(quiet);
}

static void second_client_of_the_same_id_evicts_the_first(void **state)
{
    struct peer *first = join("same", NULL, 30), *second = join("same", NULL, 30);
    mico_err err = MICO_OK;
    for (int i = 0; i < 20 && !err; i++) {
        err = mico_mqtt_poll(&first->mqtt, 100);
    }
    assert_int_equal(err, MICO_ERR_CLOSED);
    part(first);
    part(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retained_online_and_the_will_reach_a_watcher),
        cmocka_unit_test(thousand_messages_there_and_back_in_order),
        cmocka_unit_test(burst_larger_than_the_receive_buffer_is_delivered_whole),
        cmocka_unit_test(what_was_unsubscribed_comes_no_more),
        cmocka_unit_test(pings_keep_a_quiet_connection_alive),
        cmocka_unit_test(second_client_of_the_same_id_evicts_the_first),
    };
    return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
