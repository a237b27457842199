/* SPDX-License-Identifier: Apache-2.0 */
/* Control packets of MQTT 3.1.1 (OASIS standard, 2014) as bytes: what a client writes and what it may receive. Pure
 * functions; mqtt.h stands on them. */
#ifndef OS_NET_MQTT_PACKET_H
#define OS_NET_MQTT_PACKET_H

#include "base/bytes.h"
#include "base/err.h"

struct mico_mqtt_options;

/* Section 2.2.1, the types that a client of QoS 0 and 1 meets. */
enum mico_mqtt_type {
    MICO_MQTT_CONNECT = 1,
    MICO_MQTT_CONNACK = 2,
    MICO_MQTT_PUBLISH = 3,
    MICO_MQTT_PUBACK = 4,
    MICO_MQTT_SUBSCRIBE = 8,
    MICO_MQTT_SUBACK = 9,
    MICO_MQTT_UNSUBSCRIBE = 10,
    MICO_MQTT_UNSUBACK = 11,
    MICO_MQTT_PINGREQ = 12,
    MICO_MQTT_PINGRESP = 13,
    MICO_MQTT_DISCONNECT = 14,
};

/* A received packet; the spans point into the bytes that were read. */
struct mico_mqtt_packet {
    enum mico_mqtt_type type;
    uint16_t id;          /* PUBACK, SUBACK, UNSUBACK, PUBLISH with QoS 1 */
    uint8_t code;         /* CONNACK: return code; SUBACK: granted QoS or 0x80 */
    bool session_present; /* CONNACK */
    uint8_t qos;          /* PUBLISH: 0 or 1 */
    bool dup, retain;     /* PUBLISH */
    struct mico_span topic, payload;
};

/** The whole size of the packet that starts at data; *size is 0 while too few bytes are there to tell.
 * MICO_ERR_FORMAT when the remaining length is malformed (section 2.2.3). */
MICO_MUST_USE mico_err mico_mqtt_packet_size(const uint8_t *data, size_t len, size_t *size);

/** Read one whole packet of exactly len bytes as a client receives it. MICO_ERR_FORMAT (out zero) for everything that a
 * server may not send us: reserved flags, QoS 2, wrong lengths, bad UTF-8, a wildcard or NUL in a topic. */
MICO_MUST_USE mico_err mico_mqtt_packet_read(const uint8_t *data, size_t len, struct mico_mqtt_packet *out);

/* Writers: one packet into out. What does not fit is MICO_ERR_SIZE; text that the protocol forbids is MICO_ERR_PARAM.
 */
MICO_MUST_USE mico_err mico_mqtt_write_connect(struct mico_writer *out, const struct mico_mqtt_options *options);
MICO_MUST_USE mico_err mico_mqtt_write_subscribe(struct mico_writer *out, uint16_t id, const char *filter, uint8_t qos);
MICO_MUST_USE mico_err mico_mqtt_write_unsubscribe(struct mico_writer *out, uint16_t id, const char *filter);
MICO_MUST_USE mico_err mico_mqtt_write_publish(struct mico_writer *out, uint16_t id, const char *topic,
                                               struct mico_span payload, uint8_t qos, bool retain);
/** PUBACK. */
void mico_mqtt_write_puback(struct mico_writer *out, uint16_t id);
/** PINGREQ or DISCONNECT. */
void mico_mqtt_write_bare(struct mico_writer *out, enum mico_mqtt_type type);

#endif
