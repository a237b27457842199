/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile broker: it sends the fuzzer's bytes in pieces of the fuzzer's sizes while the client subscribes, publishes and polls,
 * and its callback does the same.
 *
 * input: how (1): which of the client's calls comes first, 8 the quality of what it publishes, 0x80 no CONNACK but what comes;
 * then pieces: a byte of size, and as much; a size from SILENCE on is a broker that says nothing as long as the client waits. */
#include <string.h>

#include "os/net/mqtt/mqtt.h"
#include "os/port/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t clock_ms;

uint64_t mico_clock_ms(void)
{
    return clock_ms;
}

#define SILENCE 0xF0

struct broker {
    const uint8_t *data;
    size_t left;
};

static mico_err broker_send(void *ctx, const void *data, size_t len)
{
    return MICO_OK;
}

static mico_err broker_recv(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct broker *broker = ctx;
    clock_ms += timeout_ms;
    *len = 0;
    if (broker->left == 0)
        return MICO_ERR_CLOSED;
    uint8_t size = broker->data[0];
    size_t piece = 1 + size % 32;
    broker->data++;
    broker->left--;
    if (size >= SILENCE)
        return MICO_ERR_TIMEOUT;
    piece = piece < broker->left ? piece : broker->left;
    *len = piece < cap ? piece : cap;
    if (*len == 0)
        return MICO_ERR_TIMEOUT;
    memcpy(out, broker->data, *len);
    broker->data += *len;
    broker->left -= *len;
    return MICO_OK;
}

static void on_message(void *ctx, const char *topic, struct mico_span payload)
{
    struct mico_mqtt *client = ctx;
    (void)mico_mqtt_publish(client, topic, payload, payload.len & 1, false);
    if (strlen(topic) % 3 == 0)
        (void)mico_mqtt_subscribe(client, topic, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t hello[] = {3, 0x20, 2, 0, 0};
    uint8_t script[4096], in[MICO_MQTT_BUFFER_MIN], out[MICO_MQTT_BUFFER_MIN];
    if (size < 1 || size > sizeof script - sizeof hello)
        return 0;
    uint8_t how = data[0];
    memcpy(script, hello, sizeof hello);
    memcpy(script + sizeof hello, data + 1, size - 1);
    struct broker broker = {script, sizeof hello + size - 1};
    if (how & 0x80)
        broker = (struct broker){data + 1, size - 1};
    struct mico_mqtt client;
    mico_mqtt_init(&client, &(struct mico_mqtt_io){broker_send, broker_recv, &broker}, in, sizeof in, out, sizeof out,
                   on_message, &client);
    clock_ms = 0;
    struct mico_mqtt_options options = {.client_id = "fuzz", .clean_session = true, .keep_alive_s = 60};
    if (mico_mqtt_connect(&client, &options))
        return 0;
    for (int i = how % 8; i < 100 && client.open; i++) {
        mico_err err =
            i % 3 == 0   ? (i % 2 == 0 ? mico_mqtt_subscribe(&client, "a/b", 1) : mico_mqtt_unsubscribe(&client, "a/b"))
            : i % 3 == 1 ? mico_mqtt_publish(&client, "a", (struct mico_span){data, size % 64}, how >> 3 & 1, false)
                         : mico_mqtt_poll(&client, 1000);
        (void)err;
    }
    return 0;
}
