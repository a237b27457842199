/* SPDX-License-Identifier: Apache-2.0 */
/* The client's behaviour over the packets of packet.h. Received bytes gather in `in`. mico_mqtt_poll handles whole
 * packets from the front and cuts them out. A call that waits for its answer takes acknowledgements only, from wherever
 * they stand; messages stay where they are for the next poll. So the callback is entered from poll alone and never
 * twice, and the receive buffer is the bound of what can wait. */
#include "os/net/mqtt/mqtt.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "os/net/mqtt/packet.h"
#include "os/port/clock.h"

#define SUBSCRIBE_FAILED 0x80u

/* What a call waits for; lies on its stack. At most one exists. */
struct mico_mqtt_answer {
    enum mico_mqtt_type type;
    uint16_t id;
    uint8_t code;
    bool here;
};

void mico_mqtt_init(struct mico_mqtt *client, const struct mico_mqtt_io *io, uint8_t *in, size_t in_cap, uint8_t *out,
                    size_t out_cap, mico_mqtt_on_message on_message, void *ctx)
{
    assert(in_cap >= MICO_MQTT_BUFFER_MIN && out_cap >= MICO_MQTT_BUFFER_MIN && on_message);
    *client = (struct mico_mqtt){.io = *io, .on_message = on_message, .on_message_ctx = ctx};
    client->in = in;
    client->in_cap = in_cap;
    client->out = out;
    client->out_cap = out_cap;
}

static mico_err shut(struct mico_mqtt *client, mico_err why)
{
    client->open = false;
    client->in_len = 0;
    return why;
}

static mico_err send_out(struct mico_mqtt *client, const struct mico_writer *packet)
{
    mico_err err = client->io.send(client->io.ctx, packet->out, packet->len);
    if (err) {
        return shut(client, err);
    }
    client->sent_at_ms = mico_clock_ms();
    return MICO_OK;
}

static struct mico_writer out_of(struct mico_mqtt *client)
{
    return mico_writer_of(client->out, client->out_cap);
}

/* Take what the stream has. MICO_ERR_FULL when the buffer is (of messages that wait for a poll), MICO_ERR_TIMEOUT when
 * nothing came; other errors close. */
static mico_err receive(struct mico_mqtt *client, uint32_t timeout_ms)
{
    size_t room = client->in_cap - client->in_len, got = 0;
    if (room == 0) {
        return MICO_ERR_FULL;
    }
    mico_err err = client->io.recv(client->io.ctx, client->in + client->in_len, room, &got, timeout_ms);
    if (err == MICO_ERR_TIMEOUT) {
        return err;
    }
    if (err || got == 0 || got > room) {
        return shut(client, err ? err : MICO_ERR_CLOSED);
    }
    client->in_len += got;
    client->received_at_ms = mico_clock_ms();
    return MICO_OK;
}

/* The whole packet at `at`, or *size 0 when it is not all here yet. */
static mico_err packet_at(struct mico_mqtt *client, size_t at, struct mico_mqtt_packet *packet, size_t *size)
{
    size_t left = client->in_len - at;
    mico_err err = mico_mqtt_packet_size(client->in + at, left, size);
    if (!err && *size > client->in_cap) {
        MICO_LOG("mqtt", "a packet of %u bytes exceeds the receive buffer of %u: closed; limit the broker's messages",
                 (unsigned)*size, (unsigned)client->in_cap);
        return shut(client, MICO_ERR_FORMAT);
    }
    if (!err && *size > left) {
        *size = 0;
    }
    if (!err && *size > 0) {
        err = mico_mqtt_packet_read(client->in + at, *size, packet);
    }
    if (err) {
        MICO_LOG("mqtt", "malformed packet, first byte 0x%02x: closed", client->in[at]);
        return shut(client, err);
    }
    return MICO_OK;
}

static void cut_out(struct mico_mqtt *client, size_t at, size_t size)
{
    memmove(client->in + at, client->in + at + size, client->in_len - at - size);
    client->in_len -= size;
}

/* The message at the front to the callback, then its PUBACK. The topic gets its NUL in the room of the byte behind it
 * (a packet id, no longer needed) or by moving one byte over its length field. */
static mico_err deliver(struct mico_mqtt *client, const struct mico_mqtt_packet *packet, size_t size)
{
    char *topic = (char *)client->in + (packet->topic.data - client->in);
    if (packet->qos == 0) {
        memmove(topic - 1, topic, packet->topic.len);
        topic--;
    }
    topic[packet->topic.len] = 0;
    client->held = size;
    client->message_qos = packet->qos;
    client->message_retain = packet->retain;
    client->message_dup = packet->dup;
    client->message_id = packet->id;
    client->on_message(client->on_message_ctx, topic, packet->payload);
    client->held = 0;
    if (!client->open) {
        return MICO_ERR_CLOSED;
    }
    cut_out(client, 0, size);
    if (packet->qos == 0) {
        return MICO_OK;
    }
    uint8_t ack[4];
    struct mico_writer out = mico_writer_of(ack, sizeof ack);
    mico_mqtt_write_puback(&out, packet->id);
    return send_out(client, &out);
}

/* Everything but messages. An acknowledgement that nobody waits for belongs to a call that returned MICO_ERR_FULL. */
static mico_err take(struct mico_mqtt *client, const struct mico_mqtt_packet *packet)
{
    if (packet->type == MICO_MQTT_CONNACK) {
        MICO_LOG("mqtt", "a second CONNACK: closed");
        return shut(client, MICO_ERR_FORMAT);
    }
    if (packet->type == MICO_MQTT_PINGRESP) {
        client->ping_sent = false;
    }
    struct mico_mqtt_answer *answer = client->waiting;
    if (answer && answer->type == packet->type && answer->id == packet->id) {
        answer->here = true;
        answer->code = packet->code;
    }
    return MICO_OK;
}

/* Handle every whole packet that is here. Messages are delivered and counted, or with NULL stepped over. */
static mico_err handle(struct mico_mqtt *client, unsigned *messages)
{
    size_t at = client->held;
    while (at < client->in_len) {
        struct mico_mqtt_packet packet = {0};
        size_t size;
        mico_err err = packet_at(client, at, &packet, &size);
        if (err) {
            return err;
        }
        if (size == 0) {
            break;
        }
        if (packet.type == MICO_MQTT_PUBLISH && !messages) {
            at += size;
        } else if (packet.type == MICO_MQTT_PUBLISH) {
            err = deliver(client, &packet, size);
            ++*messages;
        } else {
            cut_out(client, at, size);
            err = take(client, &packet);
        }
        if (err) {
            return err;
        }
    }
    return MICO_OK;
}

static uint32_t ms_until(uint64_t deadline_ms)
{
    uint64_t now = mico_clock_ms();
    return now >= deadline_ms ? 0 : (uint32_t)(deadline_ms - now);
}

static mico_err wait_for(struct mico_mqtt *client, struct mico_mqtt_answer *answer)
{
    uint64_t deadline_ms = mico_clock_ms() + MICO_MQTT_ANSWER_TIMEOUT_MS;
    for (;;) {
        mico_err err = handle(client, NULL);
        if (err || answer->here) {
            return err;
        }
        uint32_t left_ms = ms_until(deadline_ms);
        if (left_ms == 0) {
            return shut(client, MICO_ERR_TIMEOUT);
        }
        err = receive(client, left_ms);
        if (err && err != MICO_ERR_TIMEOUT) {
            return err;
        }
    }
}

/* Send a packet and wait for its answer of that type and id. */
static mico_err ask(struct mico_mqtt *client, const struct mico_writer *packet, struct mico_mqtt_answer *answer)
{
    mico_err err = send_out(client, packet);
    if (err) {
        return err;
    }
    client->waiting = answer;
    err = wait_for(client, answer);
    client->waiting = NULL;
    return err;
}

static uint16_t new_id(struct mico_mqtt *client)
{
    if (++client->last_id == 0) {
        client->last_id = 1;
    }
    return client->last_id;
}

/* ---- connect ---- */

static mico_err connack_error(uint8_t code)
{
    static const mico_err errors[] = {MICO_OK,       MICO_ERR_UNSUPPORTED, MICO_ERR_PARAM,
                                      MICO_ERR_BUSY, MICO_ERR_AUTH,        MICO_ERR_DENIED}; /* section 3.2.2.3 */
    return code < sizeof errors / sizeof *errors ? errors[code] : MICO_ERR_FORMAT;
}

/* The first packet must be CONNACK; others may follow it in the buffer. */
static mico_err wait_connack(struct mico_mqtt *client, struct mico_mqtt_packet *packet)
{
    uint64_t deadline_ms = mico_clock_ms() + MICO_MQTT_ANSWER_TIMEOUT_MS;
    for (;;) {
        size_t size;
        mico_err err = packet_at(client, 0, packet, &size);
        if (err) {
            return err;
        }
        if (size > 0) {
            cut_out(client, 0, size);
            return packet->type == MICO_MQTT_CONNACK ? MICO_OK : MICO_ERR_FORMAT;
        }
        uint32_t left_ms = ms_until(deadline_ms);
        if (left_ms == 0) {
            return MICO_ERR_TIMEOUT;
        }
        err = receive(client, left_ms);
        if (err && err != MICO_ERR_TIMEOUT) {
            return err;
        }
    }
}

mico_err mico_mqtt_connect(struct mico_mqtt *client, const struct mico_mqtt_options *options)
{
    if (client->open || client->held) {
        return MICO_ERR_STATE;
    }
    client->in_len = 0;
    client->ping_sent = false;
    client->keep_alive_ms = options->keep_alive_s * 1000u;
    struct mico_writer out = out_of(client);
    mico_err err = mico_mqtt_write_connect(&out, options);
    if (!err) {
        err = send_out(client, &out);
    }
    mico_wipe(client->out, client->out_cap); /* it held the password */
    struct mico_mqtt_packet packet = {0};
    if (!err) {
        err = wait_connack(client, &packet);
    }
    if (!err) {
        err = connack_error(packet.code);
    }
    if (err) {
        return shut(client, err);
    }
    client->session_present = packet.session_present;
    client->open = true;
    return MICO_OK;
}

/* ---- subscribe, publish ---- */

mico_err mico_mqtt_subscribe(struct mico_mqtt *client, const char *filter, uint8_t qos)
{
    if (!client->open) {
        return MICO_ERR_STATE;
    }
    struct mico_mqtt_answer answer = {.type = MICO_MQTT_SUBACK, .id = new_id(client)};
    struct mico_writer out = out_of(client);
    mico_err err = mico_mqtt_write_subscribe(&out, answer.id, filter, qos);
    if (err) {
        return err;
    }
    err = ask(client, &out, &answer);
    return !err && answer.code == SUBSCRIBE_FAILED ? MICO_ERR_DENIED : err;
}

mico_err mico_mqtt_unsubscribe(struct mico_mqtt *client, const char *filter)
{
    if (!client->open) {
        return MICO_ERR_STATE;
    }
    struct mico_mqtt_answer answer = {.type = MICO_MQTT_UNSUBACK, .id = new_id(client)};
    struct mico_writer out = out_of(client);
    mico_err err = mico_mqtt_write_unsubscribe(&out, answer.id, filter);
    return err ? err : ask(client, &out, &answer);
}

mico_err mico_mqtt_publish(struct mico_mqtt *client, const char *topic, struct mico_span payload, uint8_t qos,
                           bool retain)
{
    if (!client->open) {
        return MICO_ERR_STATE;
    }
    struct mico_mqtt_answer answer = {.type = MICO_MQTT_PUBACK, .id = qos ? new_id(client) : 0};
    struct mico_writer out = out_of(client);
    mico_err err = mico_mqtt_write_publish(&out, answer.id, topic, payload, qos, retain);
    if (err) {
        return err;
    }
    return qos ? ask(client, &out, &answer) : send_out(client, &out);
}

/* ---- poll ---- */

static mico_err send_bare(struct mico_mqtt *client, enum mico_mqtt_type type)
{
    uint8_t packet[2];
    struct mico_writer out = mico_writer_of(packet, sizeof packet);
    mico_mqtt_write_bare(&out, type);
    return send_out(client, &out);
}

/* Ping when half the keep-alive has passed with nothing sent or nothing received; give the answer the other half.
 * *next_ms is when to look again. */
static mico_err keep_alive(struct mico_mqtt *client, uint64_t *next_ms)
{
    uint64_t half = client->keep_alive_ms / 2, now = mico_clock_ms();
    if (half == 0) {
        return MICO_OK;
    }
    if (client->ping_sent) {
        if (now >= client->ping_at_ms + half) {
            *next_ms = now;
            mico_err err = receive(client, 0); /* it may lie in the stream: the caller came late */
            return err == MICO_ERR_TIMEOUT ? shut(client, err) : err;
        }
        *next_ms = client->ping_at_ms + half;
        return MICO_OK;
    }
    uint64_t quiet_since = client->sent_at_ms < client->received_at_ms ? client->sent_at_ms : client->received_at_ms;
    *next_ms = quiet_since + half;
    if (now < *next_ms) {
        return MICO_OK;
    }
    mico_err err = send_bare(client, MICO_MQTT_PINGREQ);
    client->ping_sent = !err;
    client->ping_at_ms = now;
    *next_ms = now + half;
    return err;
}

mico_err mico_mqtt_poll(struct mico_mqtt *client, uint32_t timeout_ms)
{
    if (!client->open) {
        return MICO_ERR_STATE;
    }
    if (client->held) {
        return MICO_ERR_BUSY;
    }
    uint64_t deadline_ms = mico_clock_ms() + timeout_ms;
    unsigned messages = 0;
    bool looked = false;
    for (;;) {
        mico_err err = handle(client, &messages);
        if (err) {
            return err;
        }
        if (messages > 0 || (looked && ms_until(deadline_ms) == 0)) {
            return MICO_OK;
        }
        uint64_t next_ms = deadline_ms;
        err = keep_alive(client, &next_ms);
        if (err) {
            return err;
        }
        err = receive(client, ms_until(next_ms < deadline_ms ? next_ms : deadline_ms));
        if (err && err != MICO_ERR_TIMEOUT && err != MICO_ERR_FULL) { /* full: keep_alive took the last room */
            return err;
        }
        looked = true;
    }
}

void mico_mqtt_disconnect(struct mico_mqtt *client)
{
    if (client->open && send_bare(client, MICO_MQTT_DISCONNECT) == MICO_OK) {
        (void)shut(client, MICO_OK);
    }
}
