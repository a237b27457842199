/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mqtt/test_broker.h"
#include "os/port/clock.h"

uint64_t clock_ms;

uint64_t mico_clock_ms(void)
{
    return clock_ms;
}

struct test_broker broker;
struct mico_mqtt client;
uint8_t in[512], out[512];

void test_tell(const void *data, size_t len)
{
    assert_true(broker.to_len + len <= sizeof broker.to_client);
    memcpy(broker.to_client + broker.to_len, data, len);
    broker.to_len += len;
}

size_t test_tell_message(const char *topic, const char *payload, uint8_t qos, uint16_t id)
{
    uint8_t wire[600];
    struct mico_writer w = mico_writer_of(wire, sizeof wire);
    assert_int_equal(mico_mqtt_write_publish(&w, id, topic,
                                             (struct mico_span){(const uint8_t *)payload, strlen(payload)}, qos, false),
                     MICO_OK);
    test_tell(wire, w.len);
    return w.len;
}

static void answer(const uint8_t *packet, size_t len)
{
    size_t head = packet[1] & 0x80 ? 3 : 2;
    switch (packet[0] >> 4) {
    case MICO_MQTT_CONNECT:
        test_tell("\x20\x02\x00\x00", 4);
        break;
    case MICO_MQTT_SUBSCRIBE:
        test_tell((uint8_t[]){0x90, 3, packet[2], packet[3], packet[len - 1]}, 5);
        break;
    case MICO_MQTT_UNSUBSCRIBE:
        test_tell((uint8_t[]){0xB0, 2, packet[2], packet[3]}, 4);
        break;
    case MICO_MQTT_PUBLISH:
        if (packet[0] & 0x06) {
            size_t topic = packet[head] * 256u + packet[head + 1];
            if (broker.interject_len > 0) {
                test_tell(broker.interject, broker.interject_len);
            }
            broker.interject_len = 0;
            test_tell((uint8_t[]){0x40, 2, packet[head + 2 + topic], packet[head + 3 + topic]}, 4);
        }
        break;
    case MICO_MQTT_PINGREQ:
        broker.pings++;
        test_tell("\xD0\x00", 2);
        break;
    case MICO_MQTT_DISCONNECT:
        broker.disconnects++;
        break;
    default:
        break;
    }
}

static mico_err broker_send(void *ctx, const void *data, size_t len)
{
    assert_true(broker.from_len + len <= sizeof broker.from_client);
    memcpy(broker.from_client + broker.from_len, data, len);
    broker.from_len += len;
    if (!broker.silent) {
        answer(data, len);
    }
    return MICO_OK;
}

static mico_err broker_recv(void *ctx, void *buffer, size_t cap, size_t *len, uint32_t timeout_ms)
{
    size_t left = broker.to_len - broker.to_at;
    if (left == 0) {
        clock_ms += timeout_ms;
        return broker.gone ? MICO_ERR_CLOSED : MICO_ERR_TIMEOUT;
    }
    size_t most = broker.to_at < broker.first_cut ? broker.first_cut - broker.to_at
                  : broker.piece                  ? broker.piece
                                                  : left;
    *len = left < most ? left : most;
    *len = *len < cap ? *len : cap;
    memcpy(buffer, broker.to_client + broker.to_at, *len);
    broker.to_at += *len;
    return MICO_OK;
}

char seen[4096];
mico_err (*in_callback)(const char *topic, struct mico_span payload);
mico_err in_callback_err;

static void on_message(void *ctx, const char *topic, struct mico_span payload)
{
    assert_ptr_equal(ctx, seen);
    size_t at = strlen(seen);
    assert_true(at + strlen(topic) + payload.len + 3 < sizeof seen);
    snprintf(seen + at, sizeof seen - at, "%s=%.*s;", topic, (int)payload.len, (const char *)payload.data);
    if (in_callback) {
        in_callback_err = in_callback(topic, payload);
    }
}

const struct mico_mqtt_options plain = {.client_id = "A1:B2", .clean_session = true, .keep_alive_s = 60};

void test_start(void)
{
    memset(&broker, 0, sizeof broker);
    memset(seen, 0, sizeof seen);
    in_callback = NULL;
    clock_ms = 1000;
    mico_mqtt_init(&client, &(struct mico_mqtt_io){broker_send, broker_recv, NULL}, in, sizeof in, out, sizeof out,
                   on_message, seen);
}

int test_connected(void **state)
{
    test_start();
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_OK);
    broker.from_len = 0;
    return 0;
}

struct mico_span test_text(const char *s)
{
    return (struct mico_span){(const uint8_t *)s, strlen(s)};
}
