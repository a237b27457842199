/* SPDX-License-Identifier: Apache-2.0 */
/* A client of MQTT 3.1.1 for a device: QoS 0 and 1, a will, keep-alive. It owns no memory and no connection: buffers
 * and the two calls of a byte stream (TLS, TCP) are the caller's. One thread at a time may use a client. */
#ifndef OS_NET_MQTT_MQTT_H
#define OS_NET_MQTT_MQTT_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

#define MICO_MQTT_BUFFER 4096 /* a good size for each of the two buffers */
#define MICO_MQTT_BUFFER_MIN 128
#define MICO_MQTT_ANSWER_TIMEOUT_MS 10000u /* how long CONNACK, SUBACK, UNSUBACK and PUBACK may take */

/* The stream beneath. send sends all or fails. recv gives 1 to cap bytes; MICO_ERR_TIMEOUT when none came in
 * timeout_ms, MICO_ERR_CLOSED at the end; with timeout_ms 0 it only looks. */
struct mico_mqtt_io {
    mico_err (*send)(void *ctx, const void *data, size_t len);
    mico_err (*recv)(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms);
    void *ctx;
};

/* A message for us; both last until the callback returns. Only mico_mqtt_poll calls it. It may publish, subscribe and
 * disconnect. */
typedef void (*mico_mqtt_on_message)(void *ctx, const char *topic, struct mico_span payload);

struct mico_mqtt_options {
    const char *client_id;
    const char *user_name; /* NULL: none */
    const char *password;  /* NULL: none; needs a user name */
    uint16_t keep_alive_s; /* 0: no pings */
    bool clean_session;
    const char *will_topic; /* NULL: no will */
    struct mico_span will_payload;
    uint8_t will_qos; /* 0 or 1 */
    bool will_retain;
};

struct mico_mqtt_answer; /* an acknowledgement that a call waits for */

struct mico_mqtt {
    struct mico_mqtt_io io;
    mico_mqtt_on_message on_message;
    void *on_message_ctx;
    uint8_t *in, *out;
    size_t in_cap, in_len, out_cap;
    size_t held; /* bytes at the front of `in` that the callback is looking at; 0 outside of it */
    /* Of the message that the callback is looking at. */
    uint8_t message_qos;
    bool message_retain, message_dup;
    uint16_t message_id; /* 0 with QoS 0 */
    bool open;
    bool session_present; /* what the broker said at connect */
    bool ping_sent;
    uint16_t last_id;
    uint32_t keep_alive_ms;
    uint64_t sent_at_ms, received_at_ms, ping_at_ms;
    struct mico_mqtt_answer *waiting;
};

/** Set up a closed client. The buffers must outlive it; a message longer than `in`, or than `out` when sent, is
 * refused. Each buffer has at least MICO_MQTT_BUFFER_MIN bytes. */
void mico_mqtt_init(struct mico_mqtt *client, const struct mico_mqtt_io *io, uint8_t *in, size_t in_cap, uint8_t *out,
                    size_t out_cap, mico_mqtt_on_message on_message, void *ctx);

/** Log in over a fresh stream. MICO_ERR_AUTH or MICO_ERR_DENIED when the broker does not let us in, MICO_ERR_PARAM when
 * it refuses the client id, MICO_ERR_BUSY when it is unavailable; MICO_ERR_TIMEOUT, _CLOSED, _IO, _FORMAT. On error the
 * client is closed. MICO_ERR_STATE when it was open already (and stays so). */
MICO_MUST_USE mico_err mico_mqtt_connect(struct mico_mqtt *client, const struct mico_mqtt_options *options);

/* All of the following return MICO_ERR_STATE on a closed client. After MICO_ERR_TIMEOUT, _CLOSED, _IO and _FORMAT the
 * client is closed: shut the stream, open another, connect again. */

/** Subscribe and wait for the broker's answer. MICO_ERR_DENIED when it refuses the filter. Messages that arrive
 * meanwhile, and MICO_ERR_FULL: as for mico_mqtt_publish. */
MICO_MUST_USE mico_err mico_mqtt_subscribe(struct mico_mqtt *client, const char *filter, uint8_t qos);

/** The end of a subscription; waits for the broker's answer. Messages that are on their way still come. */
MICO_MUST_USE mico_err mico_mqtt_unsubscribe(struct mico_mqtt *client, const char *filter);

/** Publish with QoS 0, or with QoS 1 and wait until the broker has it. Messages that arrive while waiting stay in the
 * receive buffer for the next poll. When that is full before the answer, MICO_ERR_FULL: the message is sent, not
 * confirmed, and the connection is good. MICO_ERR_PARAM for a topic with wildcards, MICO_ERR_SIZE when the packet
 * exceeds the out buffer: nothing was sent. */
MICO_MUST_USE mico_err mico_mqtt_publish(struct mico_mqtt *client, const char *topic, struct mico_span payload,
                                         uint8_t qos, bool retain);

/** Receive and ping. Returns MICO_OK after at least one message was delivered, or when timeout_ms has passed. Call it
 * at least every half keep-alive. MICO_ERR_TIMEOUT: the broker answered no ping. MICO_ERR_CLOSED also after the
 * callback disconnected. MICO_ERR_BUSY inside the callback. */
MICO_MUST_USE mico_err mico_mqtt_poll(struct mico_mqtt *client, uint32_t timeout_ms);

/** Say goodbye (the broker then drops the will) and close; the stream stays the caller's to shut. */
void mico_mqtt_disconnect(struct mico_mqtt *client);

#endif
