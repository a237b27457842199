/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the MQTT client over os/net/mqtt. */
#include "base/bytes.h"
#include "os/sdk/network/MQTTClient.h"
#include "os/sdk/pool.h"

/* ---- the stream beneath ---- */

static mico_err to_broker(void *ctx, const void *data, size_t len)
{
    Client *c = ctx;
    unsigned char *bytes = (unsigned char *)(uintptr_t)data; /* SDK v3's calls do not say that they only read */
    int sent = c->ipstack->mqttwrite(c->ipstack, bytes, (int)len, (int)c->command_timeout_ms);
    return sent == (int)len ? MICO_OK : MICO_ERR_IO;
}

/* What an application's own network gives may be less than all: one byte is waited for, and the rest taken as it is. */
static mico_err from_broker(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    Client *c = ctx;
    int limit = timeout_ms > 0x7FFFFFFF ? 0x7FFFFFFF : (int)timeout_ms;
    int got = c->ipstack->mqttread(c->ipstack, out, 1, limit);
    if (got <= 0) {
        return got == 0 ? MICO_ERR_TIMEOUT : MICO_ERR_CLOSED;
    }
    int more = cap > 1 ? c->ipstack->mqttread(c->ipstack, (unsigned char *)out + 1, (int)(cap - 1), 0) : 0;
    *len = 1 + (size_t)(more > 0 ? more : 0); /* an end is told by the next read */
    return MICO_OK;
}

/* ---- messages ---- */

/* MQTT 3.1.1 section 4.7: '+' is one level, '#' all that follow; a wildcard at the start matches no topic of the system. */
static bool matches(const char *filter, const char *topic)
{
    if (topic[0] == '$' && filter[0] != '$') {
        return false;
    }
    for (;;) {
        size_t level = strcspn(filter, "/"), name = strcspn(topic, "/");
        if (strcmp(filter, "#") == 0) {
            return true;
        }
        bool any = level == 1 && filter[0] == '+';
        if (!any && (level != name || memcmp(filter, topic, level) != 0)) {
            return false;
        }
        filter += level;
        topic += name;
        if (*filter == '\0' || *topic == '\0') {
            return (*filter == '\0' && *topic == '\0') || (*topic == '\0' && strcmp(filter, "/#") == 0);
        }
        filter++;
        topic++;
    }
}

static void on_message(void *ctx, const char *topic, struct mico_span payload)
{
    Client *c = ctx;
    MQTTMessage message = {.qos = c->mqtt.message_qos,
                           .retained = c->mqtt.message_retain,
                           .dup = c->mqtt.message_dup,
                           .id = c->mqtt.message_id,
                           .payload = (void *)(uintptr_t)payload.data,
                           .payloadlen = payload.len};
    MQTTString name = {NULL, {(int)strlen(topic), (char *)(uintptr_t)topic}};
    MessageData data = {&message, &name};
    bool handled = false;
    for (int i = 0; i < MAX_MESSAGE_HANDLERS; i++) {
        if (c->messageHandlers[i].topicFilter != NULL && matches(c->messageHandlers[i].topicFilter, topic)) {
            handled = true;
            if (c->messageHandlers[i].fp != NULL) {
                c->messageHandlers[i].fp(&data);
            }
        }
    }
    if (!handled && c->defaultMessageHandler != NULL) {
        c->defaultMessageHandler(&data);
    }
}

/* ---- calls ---- */

static void free_buffers(Client *c)
{
    sdk_arena_give_back(c->buf);
    sdk_arena_give_back(c->readbuf);
    c->buf = c->readbuf = NULL;
}

int MQTTClientInit(Client *c, Network *network, unsigned int command_timeout_ms)
{
    if (c == NULL || network == NULL) {
        return MQTT_FAILURE;
    }
    const struct mico_mqtt_io io = {to_broker, from_broker, c};
    int heartbeats = c->heartbeat_retry_max;
    memset(c, 0, sizeof *c);
    c->ipstack = network;
    c->command_timeout_ms = command_timeout_ms;
    c->heartbeat_retry_max = heartbeats;
    c->buf_size = DEFAULT_SENDBUF_SIZE;
    c->readbuf_size = DEFAULT_READBUF_SIZE;
    c->buf = sdk_arena_take(c->buf_size);
    c->readbuf = sdk_arena_take(c->readbuf_size);
    if (c->buf == NULL || c->readbuf == NULL) {
        free_buffers(c);
        return MQTT_BUFFER_OVERFLOW;
    }
    mico_mqtt_init(&c->mqtt, &io, c->readbuf, c->readbuf_size, c->buf, c->buf_size, on_message, c);
    return MQTT_SUCCESS;
}

int MQTTClientDeinit(Client *c)
{
    if (c == NULL) {
        return MQTT_FAILURE;
    }
    free_buffers(c);
    memset(c, 0, sizeof *c);
    return MQTT_SUCCESS;
}

/* What a call made of the connection, in SDK v3's words. */
static int result(Client *c, mico_err err)
{
    c->isconnected = c->mqtt.open;
    c->ping_outstanding = c->mqtt.ping_sent;
    c->next_packetid = c->mqtt.last_id;
    return err == MICO_OK ? MQTT_SUCCESS : err == MICO_ERR_SIZE ? MQTT_BUFFER_OVERFLOW : MQTT_FAILURE;
}

/* The text of string in out; "" when it is empty. False when it is too long. */
static bool take_text(const MQTTString *string, char out[MQTT_TEXT_MAX + 1])
{
    size_t len = string->cstring != NULL                                       ? strlen(string->cstring)
                 : string->lenstring.data != NULL && string->lenstring.len > 0 ? (size_t)string->lenstring.len
                                                                               : 0;
    if (len > MQTT_TEXT_MAX) {
        return false;
    }
    if (len > 0) {
        memcpy(out, string->cstring != NULL ? string->cstring : string->lenstring.data, len);
    }
    out[len] = '\0';
    return true;
}

static struct mico_span bytes_of(const MQTTString *string)
{
    const char *text = string->cstring;
    return text != NULL ? (struct mico_span){(const uint8_t *)text, strlen(text)}
                        : (struct mico_span){(const uint8_t *)string->lenstring.data, (size_t)string->lenstring.len};
}

/* The broker's no as a code of connack_return_codes, or MQTT_FAILURE. */
static int refusal(Client *c, mico_err err)
{
    static const mico_err codes[] = {MICO_OK,       MICO_ERR_UNSUPPORTED, MICO_ERR_PARAM,
                                     MICO_ERR_BUSY, MICO_ERR_AUTH,        MICO_ERR_DENIED};
    for (int i = 1; i < (int)(sizeof codes / sizeof codes[0]); i++) {
        if (err == codes[i]) {
            (void)result(c, err);
            return i;
        }
    }
    return result(c, err);
}

struct texts {
    char id[MQTT_TEXT_MAX + 1], user[MQTT_TEXT_MAX + 1], password[MQTT_TEXT_MAX + 1], topic[MQTT_TEXT_MAX + 1];
};

int MQTTConnect(Client *c, MQTTPacket_connectData *data)
{
    struct texts t;
    if (c == NULL || data == NULL || c->buf == NULL || data->MQTTVersion != 4 || !take_text(&data->clientID, t.id) ||
        !take_text(&data->username, t.user) || !take_text(&data->password, t.password) ||
        !take_text(&data->will.topicName, t.topic)) {
        return MQTT_FAILURE;
    }
    struct mico_mqtt_options options = {.client_id = t.id,
                                        .user_name = t.user[0] != '\0' ? t.user : NULL,
                                        .password = t.password[0] != '\0' ? t.password : NULL,
                                        .keep_alive_s = data->keepAliveInterval,
                                        .clean_session = data->cleansession != 0};
    if (data->willFlag != 0) {
        options.will_topic = t.topic;
        options.will_payload = bytes_of(&data->will.message);
        options.will_qos = (uint8_t)data->will.qos;
        options.will_retain = data->will.retained != 0;
    }
    c->keepAliveInterval = data->keepAliveInterval;
    mico_err err = mico_mqtt_connect(&c->mqtt, &options);
    mico_wipe(&t, sizeof t);
    return err == MICO_OK ? result(c, err) : refusal(c, err);
}

/* Messages that came before the answer that was waited for are delivered with it, unless this is a handler's call. */
static int answered(Client *c, mico_err err)
{
    if (c->mqtt.open && c->mqtt.held == 0) {
        mico_err polled = mico_mqtt_poll(&c->mqtt, 0);
        err = err != MICO_OK ? err : polled;
    }
    return result(c, err);
}

int MQTTPublish(Client *c, const char *topic, MQTTMessage *message)
{
    if (c == NULL || topic == NULL || message == NULL || message->qos < QOS0 || message->qos > QOS1) {
        return MQTT_FAILURE;
    }
    struct mico_span payload = {message->payload, message->payloadlen};
    mico_err err = mico_mqtt_publish(&c->mqtt, topic, payload, (uint8_t)message->qos, message->retained != 0);
    message->id = message->qos == QOS1 ? c->mqtt.last_id : message->id;
    return message->qos == QOS1 ? answered(c, err) : result(c, err);
}

static struct MessageHandlers *find_handler(Client *c, const char *filter)
{
    for (int i = 0; i < MAX_MESSAGE_HANDLERS; i++) {
        const char *known = c->messageHandlers[i].topicFilter;
        if ((filter == NULL && known == NULL) || (filter != NULL && known != NULL && strcmp(filter, known) == 0)) {
            return &c->messageHandlers[i];
        }
    }
    return NULL;
}

int MQTTSubscribe(Client *c, const char *filter, enum QoS qos, messageHandler handler)
{
    if (c == NULL || filter == NULL || qos > QOS1) {
        return MQTT_FAILURE;
    }
    struct MessageHandlers *place = find_handler(c, filter);
    place = place != NULL ? place : find_handler(c, NULL);
    if (place == NULL) {
        return MQTT_FAILURE;
    }
    mico_err err = mico_mqtt_subscribe(&c->mqtt, filter, (uint8_t)qos);
    if (err == MICO_OK) {
        *place = (struct MessageHandlers){filter, handler};
    }
    return answered(c, err);
}

int MQTTUnsubscribe(Client *c, const char *filter)
{
    if (c == NULL || filter == NULL) {
        return MQTT_FAILURE;
    }
    mico_err err = mico_mqtt_unsubscribe(&c->mqtt, filter);
    struct MessageHandlers *place = find_handler(c, filter);
    if (err == MICO_OK && place != NULL) {
        *place = (struct MessageHandlers){NULL, NULL};
    }
    return answered(c, err);
}

int MQTTDisconnect(Client *c)
{
    if (c == NULL || !c->mqtt.open) {
        return MQTT_FAILURE;
    }
    mico_mqtt_disconnect(&c->mqtt);
    return result(c, MICO_OK);
}

int MQTTYield(Client *c, int timeout_ms)
{
    Timer timer;
    if (c == NULL) {
        return MQTT_FAILURE;
    }
    countdown_ms(&timer, timeout_ms > 0 ? (unsigned)timeout_ms : 0);
    mico_err err;
    do {
        err = mico_mqtt_poll(&c->mqtt, (uint32_t)left_ms(&timer));
    } while (err == MICO_OK && !expired(&timer));
    return result(c, err);
}

int keepalive(Client *c)
{
    return MQTTYield(c, 0);
}

uint32_t MQTTClientLibVersion(void)
{
    return MQTT_LIB_VERSION;
}
