/* SPDX-License-Identifier: Apache-2.0 */
/* A client of ours and a broker in memory, which answers as the standard says or as the test tells it to; and a clock that
 * only waiting moves. Include it behind cmocka.h. */
#ifndef OS_NET_MQTT_TEST_BROKER_H
#define OS_NET_MQTT_TEST_BROKER_H

#include "os/net/mqtt/mqtt.h"
#include "os/net/mqtt/packet.h"

struct test_broker {
    uint8_t to_client[16384], from_client[16384];
    size_t to_len, to_at, from_len;
    size_t first_cut;         /* the first reads end here */
    size_t piece;             /* and later ones give at most this much */
    bool silent;              /* answers nothing */
    bool gone;                /* the stream has ended once to_client is read */
    const uint8_t *interject; /* sent just before the next PUBACK */
    size_t interject_len;
    unsigned pings, disconnects;
};

extern struct test_broker broker;
extern struct mico_mqtt client;
extern uint8_t in[512], out[512]; /* the client's buffers */
extern uint64_t clock_ms;

extern char seen[4096]; /* what the client was told: "topic=payload;" for each message */
extern mico_err (*in_callback)(const char *topic, struct mico_span payload);
extern mico_err in_callback_err;

extern const struct mico_mqtt_options plain;

/** All anew, not connected; test_connected, a test's setup, connects. */
void test_start(void);
int test_connected(void **state);

/** Bytes, or a whole message, that the broker sends next; the message's length on the wire. */
void test_tell(const void *data, size_t len);
size_t test_tell_message(const char *topic, const char *payload, uint8_t qos, uint16_t id);

struct mico_span test_text(const char *s);

#endif
