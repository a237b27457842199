/* SPDX-License-Identifier: Apache-2.0 */
/* The device's connection to its cloud: MQTT over mutual TLS 1.2 with the key in the chip, its status, and the relay,
 * which brings controllers' connections that only the pairing room can read. */
#include <stdio.h>
#include <string.h>

#include "apps/device/internal.h"
#include "apps/device/relay.h"
#include "apps/device/retry.h"
#include "base/log.h"
#include "crypto/tls/tls.h"
#include "os/net/mqtt/mqtt.h"
#include "os/net/tcp.h"
#include "os/port/clock.h"

#define STACK_SIZE (32u * 1024u) /* the TLS handshake, and pair-verify through the relay */
#define PRIORITY 6u
#define TIMEOUT_MS 20000u
#define KEEP_ALIVE_S 30u

static struct mico_thread thread;
static uint64_t stack[STACK_SIZE / sizeof(uint64_t)];
static uint8_t received[MICO_MQTT_BUFFER];
static uint8_t to_send[MICO_RELAY_PIECE + 256u]; /* a message of the relay with its topic and head */

static struct mico_relay relay;

/* One attempt's connection. */
static mico_tcp tcp = MICO_TCP_NONE;
static struct mico_tls tls;
static struct mico_mqtt mqtt;

static mico_err tcp_send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    mico_err err = mico_tcp_send(tcp, data, len, timeout_ms);
    *sent = err == MICO_OK ? len : 0;
    return err;
}

static mico_err tcp_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return mico_tcp_recv(tcp, out, cap, len, timeout_ms);
}

static mico_err tls_send(void *ctx, const void *data, size_t len)
{
    return mico_tls_write(&tls, data, len, TIMEOUT_MS);
}

static mico_err tls_receive(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return mico_tls_read(&tls, out, cap, len, timeout_ms);
}

static mico_err open_tls(struct mico_device *device)
{
    const struct mico_span roots[] = {{device->cloud.root, device->cloud.root_len}};
    const struct mico_tls_config config = {
        .roots = roots,
        .root_count = 1,
        .chain = {device->chain, device->chain_len},
        .key = device->identity_key,
        .server_name = device->cloud.server_name,
        .now_s = device->cloud.made_at + mico_clock_ms() / 1000,
        .timeout_ms = TIMEOUT_MS,
        .io = {NULL, tcp_send, tcp_receive},
    };
    mico_err err = mico_tcp_connect(device->cloud.host, device->cloud.port, TIMEOUT_MS, &tcp);
    if (err != MICO_OK) {
        MICO_LOG("device", "cloud %s:%u: no connection (%s)", device->cloud.host, device->cloud.port,
                 mico_err_name(err));
        return err;
    }
    err = mico_tls_connect(&tls, &config);
    if (err != MICO_OK) {
        MICO_LOG("device", "cloud %s:%u: TLS: %s (%s)", device->cloud.host, device->cloud.port, mico_tls_reason(&tls),
                 mico_err_name(err));
        mico_tcp_close(tcp);
    }
    return err;
}

static void close_tls(void)
{
    mico_tls_close(&tls);
    mico_tcp_close(tcp);
    tcp = MICO_TCP_NONE;
}

/* Log in, listen for the relay, and say that we are here. */
static mico_err log_in(struct mico_device *device)
{
    char status[64], filter[64];
    snprintf(status, sizeof status, "mico/%s/status", device->id);
    snprintf(filter, sizeof filter, "mico/%s/relay/+/c", device->id);
    const struct mico_mqtt_options options = {
        .client_id = device->id,
        .keep_alive_s = KEEP_ALIVE_S,
        .clean_session = true,
        .will_topic = status,
        .will_payload = {(const uint8_t *)"offline", 7},
        .will_qos = 1,
        .will_retain = true,
    };
    mico_err err = mico_mqtt_connect(&mqtt, &options);
    if (err == MICO_OK) {
        err = mico_mqtt_subscribe(&mqtt, filter, 1);
    }
    if (err == MICO_OK) {
        err = mico_mqtt_publish(&mqtt, status, (struct mico_span){(const uint8_t *)"online", 6}, 1, true);
    }
    if (err != MICO_OK) {
        MICO_LOG("device", "cloud: the broker does not let us in (%s)", mico_err_name(err));
    }
    return err;
}

static void on_message(void *ctx, const char *topic, struct mico_span payload)
{
    mico_relay_message(&relay, topic, payload);
}

/* One connection, from dialling to its end; for how long it stood, in ms. */
static uint64_t live_once(struct mico_device *device)
{
    const struct mico_mqtt_io io = {tls_send, tls_receive, NULL};
    uint64_t start = mico_clock_ms();
    if (open_tls(device) != MICO_OK) {
        return 0;
    }
    mico_mqtt_init(&mqtt, &io, received, sizeof received, to_send, sizeof to_send, on_message, NULL);
    mico_err err = log_in(device);
    uint64_t up_ms = mico_clock_ms();
    if (err == MICO_OK) {
        MICO_LOG("device", "cloud connected to %s:%u over mutual TLS 1.2 in %lu ms, signed in the chip",
                 device->cloud.host, device->cloud.port, (unsigned long)(up_ms - start));
        mico_device_confirm(device);
    }
    mico_relay_start(&relay, device, &mqtt);
    while (err == MICO_OK) {
        err = mico_mqtt_poll(&mqtt, MICO_ACCESSORY_EVENT_GAP_MS);
        mico_relay_poll(&relay);
    }
    uint64_t stood_ms = mico_clock_ms() - up_ms;
    mico_relay_stop(&relay);
    close_tls();
    MICO_LOG("device", "cloud connection ended (%s)", mico_err_name(err));
    return stood_ms;
}

static void live(void *arg)
{
    struct mico_retry retry;
    mico_retry_start(&retry);
    for (;;) {
        uint64_t stood_ms = live_once(arg);
        mico_thread_sleep_ms(mico_retry_next(&retry, stood_ms));
    }
}

void mico_device_cloud_start(struct mico_device *device)
{
    mico_thread_create(&thread, "cloud", PRIORITY, live, device, stack, sizeof stack);
}
