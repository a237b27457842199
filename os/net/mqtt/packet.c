/* SPDX-License-Identifier: Apache-2.0 */
/* Control packets of MQTT 3.1.1; sections below are of that standard. */
#include "os/net/mqtt/packet.h"

#include <string.h>

#include "os/net/mqtt/mqtt.h"

#define LENGTH_BYTES_MAX 4u
#define TEXT_MAX 65535u
#define SUBSCRIBE_FAILED 0x80u

/* ---- text ---- */

/* Length of the well-formed UTF-8 sequence at s (RFC 3629), or 0; NUL is not allowed (section 1.5.3). */
static size_t utf8_step(const uint8_t *s, size_t left)
{
    static const uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80 ? 1 : (s[0] & 0xE0) == 0xC0 ? 2 : (s[0] & 0xF0) == 0xE0 ? 3 : (s[0] & 0xF8) == 0xF0 ? 4 : 0;
    if (n == 0 || n > left) {
        return 0;
    }
    uint32_t point = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
        point = point << 6 | (s[i] & 0x3Fu);
    }
    return point < least[n] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF) ? 0 : n;
}

static bool text_is_good(struct mico_span text)
{
    for (size_t i = 0; i < text.len;) {
        size_t n = utf8_step(text.data + i, text.len - i);
        if (n == 0) {
            return false;
        }
        i += n;
    }
    return text.len <= TEXT_MAX;
}

/* A topic name: at least a character, no wildcards (sections 3.3.2.1 and 4.7.1). */
static bool topic_is_good(struct mico_span topic)
{
    return topic.len > 0 && !memchr(topic.data, '+', topic.len) && !memchr(topic.data, '#', topic.len) &&
           text_is_good(topic);
}

static struct mico_span span_of(const char *text)
{
    return (struct mico_span){(const uint8_t *)text, text ? strlen(text) : 0};
}

/* ---- reading ---- */

mico_err mico_mqtt_packet_size(const uint8_t *data, size_t len, size_t *size)
{
    size_t rest = 0;
    *size = 0;
    for (size_t i = 0; i < LENGTH_BYTES_MAX; i++) {
        if (len < 2 + i) {
            return MICO_OK;
        }
        rest |= (size_t)(data[1 + i] & 0x7F) << (7 * i);
        if (!(data[1 + i] & 0x80)) {
            if (i > 0 && data[1 + i] == 0) { /* an overlong encoding: no broker writes it */
                return MICO_ERR_FORMAT;
            }
            *size = 2 + i + rest;
            return MICO_OK;
        }
    }
    return MICO_ERR_FORMAT;
}

static void read_connack(struct mico_reader *r, struct mico_mqtt_packet *p)
{
    uint8_t flags = mico_read_u8(r);
    p->session_present = flags & 1;
    p->code = mico_read_u8(r);
    if (flags > 1 || (p->code != 0 && p->session_present)) { /* section 3.2.2 */
        r->failed = true;
    }
}

static void read_publish(struct mico_reader *r, uint8_t flags, struct mico_mqtt_packet *p)
{
    p->retain = flags & 1;
    p->qos = flags >> 1 & 3;
    p->dup = flags >> 3;
    p->topic = mico_read_bytes(r, mico_read_be16(r));
    if (p->qos > 0) {
        p->id = mico_read_be16(r);
    }
    if (r->failed || p->qos > 1 || (p->qos == 1 && p->id == 0) || (p->qos == 0 && p->dup) || !topic_is_good(p->topic)) {
        r->failed = true;
    } else {
        p->payload = mico_read_bytes(r, r->left);
    }
}

static void read_ack(struct mico_reader *r, struct mico_mqtt_packet *p)
{
    p->id = mico_read_be16(r);
    if (p->type == MICO_MQTT_SUBACK) {
        p->code = mico_read_u8(r); /* we subscribe to one filter at a time */
        if (p->code > 1 && p->code != SUBSCRIBE_FAILED) {
            r->failed = true;
        }
    }
    if (p->id == 0) {
        r->failed = true;
    }
}

mico_err mico_mqtt_packet_read(const uint8_t *data, size_t len, struct mico_mqtt_packet *out)
{
    size_t size;
    memset(out, 0, sizeof *out);
    if (mico_mqtt_packet_size(data, len, &size) || size == 0 || size != len) {
        return MICO_ERR_FORMAT;
    }
    size_t head = 2;
    while (data[head - 1] & 0x80) {
        head++;
    }
    struct mico_reader r = mico_reader_of(data + head, len - head);
    struct mico_mqtt_packet p = {.type = data[0] >> 4};
    uint8_t flags = data[0] & 0x0F;
    if (p.type != MICO_MQTT_PUBLISH && flags != 0) { /* section 2.2.2 */
        return MICO_ERR_FORMAT;
    }
    switch (p.type) {
    case MICO_MQTT_CONNACK:
        read_connack(&r, &p);
        break;
    case MICO_MQTT_PUBLISH:
        read_publish(&r, flags, &p);
        break;
    case MICO_MQTT_PUBACK:
    case MICO_MQTT_SUBACK:
    case MICO_MQTT_UNSUBACK:
        read_ack(&r, &p);
        break;
    case MICO_MQTT_PINGRESP:
        break;
    default:
        return MICO_ERR_FORMAT;
    }
    if (!mico_reader_done(&r)) {
        return MICO_ERR_FORMAT;
    }
    *out = p;
    return MICO_OK;
}

/* ---- writing ---- */

static void write_head(struct mico_writer *out, uint8_t first, size_t rest)
{
    mico_write_u8(out, first);
    do {
        mico_write_u8(out, (uint8_t)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
        rest >>= 7;
    } while (rest > 0);
}

static void write_field(struct mico_writer *out, struct mico_span field)
{
    mico_write_be16(out, (uint16_t)field.len);
    if (field.len > 0) {
        mico_write_bytes(out, field.data, field.len);
    }
}

static mico_err written(const struct mico_writer *out)
{
    return out->failed ? MICO_ERR_SIZE : MICO_OK;
}

static bool options_are_good(const struct mico_mqtt_options *o)
{
    if (!o->client_id || !text_is_good(span_of(o->client_id)) || (o->client_id[0] == 0 && !o->clean_session)) {
        return false; /* section 3.1.3.1 */
    }
    if ((o->password && !o->user_name) || !text_is_good(span_of(o->user_name)) || span_of(o->password).len > TEXT_MAX) {
        return false;
    }
    return !o->will_topic ||
           (topic_is_good(span_of(o->will_topic)) && o->will_qos <= 1 && o->will_payload.len <= TEXT_MAX);
}

/* Section 3.1.2.3. */
static uint8_t connect_flags(const struct mico_mqtt_options *o)
{
    unsigned flags = (o->user_name ? 0x80u : 0) | (o->password ? 0x40u : 0) | (o->clean_session ? 0x02u : 0);
    if (o->will_topic) {
        flags |= (o->will_retain ? 0x20u : 0) | (unsigned)o->will_qos << 3 | 0x04u;
    }
    return (uint8_t)flags;
}

mico_err mico_mqtt_write_connect(struct mico_writer *out, const struct mico_mqtt_options *o)
{
    static const uint8_t protocol[] = {0, 4, 'M', 'Q', 'T', 'T', 4};
    if (!options_are_good(o)) {
        return MICO_ERR_PARAM;
    }
    struct mico_span fields[5] = {span_of(o->client_id)};
    size_t count = 1, rest = sizeof protocol + 3;
    if (o->will_topic) {
        fields[count++] = span_of(o->will_topic);
        fields[count++] = o->will_payload;
    }
    if (o->user_name) {
        fields[count++] = span_of(o->user_name);
    }
    if (o->password) {
        fields[count++] = span_of(o->password);
    }
    for (size_t i = 0; i < count; i++) {
        rest += 2 + fields[i].len;
    }
    write_head(out, MICO_MQTT_CONNECT << 4, rest);
    mico_write_bytes(out, protocol, sizeof protocol);
    mico_write_u8(out, connect_flags(o));
    mico_write_be16(out, o->keep_alive_s);
    for (size_t i = 0; i < count; i++) {
        write_field(out, fields[i]);
    }
    return written(out);
}

mico_err mico_mqtt_write_subscribe(struct mico_writer *out, uint16_t id, const char *filter, uint8_t qos)
{
    struct mico_span field = span_of(filter);
    if (field.len == 0 || !text_is_good(field) || qos > 1) {
        return MICO_ERR_PARAM;
    }
    write_head(out, MICO_MQTT_SUBSCRIBE << 4 | 0x02, 2 + 2 + field.len + 1);
    mico_write_be16(out, id);
    write_field(out, field);
    mico_write_u8(out, qos);
    return written(out);
}

mico_err mico_mqtt_write_unsubscribe(struct mico_writer *out, uint16_t id, const char *filter)
{
    struct mico_span field = span_of(filter);
    if (field.len == 0 || !text_is_good(field)) {
        return MICO_ERR_PARAM;
    }
    write_head(out, MICO_MQTT_UNSUBSCRIBE << 4 | 0x02, 2 + 2 + field.len);
    mico_write_be16(out, id);
    write_field(out, field);
    return written(out);
}

mico_err mico_mqtt_write_publish(struct mico_writer *out, uint16_t id, const char *topic, struct mico_span payload,
                                 uint8_t qos, bool retain)
{
    struct mico_span field = span_of(topic);
    if (!topic_is_good(field) || qos > 1) {
        return MICO_ERR_PARAM;
    }
    if (payload.len > out->cap) {
        return MICO_ERR_SIZE;
    }
    write_head(out, (uint8_t)(MICO_MQTT_PUBLISH << 4 | qos << 1 | (retain ? 1 : 0)),
               2 + field.len + (qos ? 2u : 0u) + payload.len);
    write_field(out, field);
    if (qos > 0) {
        mico_write_be16(out, id);
    }
    if (payload.len > 0) {
        mico_write_bytes(out, payload.data, payload.len);
    }
    return written(out);
}

void mico_mqtt_write_puback(struct mico_writer *out, uint16_t id)
{
    write_head(out, MICO_MQTT_PUBACK << 4, 2);
    mico_write_be16(out, id);
}

void mico_mqtt_write_bare(struct mico_writer *out, enum mico_mqtt_type type)
{
    write_head(out, (uint8_t)(type << 4), 0);
}
