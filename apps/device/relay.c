/* SPDX-License-Identifier: Apache-2.0 */
/* Controllers' connections that come through the cloud; see relay.h. */
#include "apps/device/relay.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "os/port/clock.h"

#define FEED_MAX 256u        /* bytes of a message between two looks at what there is to send */
#define IDLE_LIMIT_MS 60000u /* a silent connection that has not verified ends */

void mico_relay_start(struct mico_relay *relay, struct mico_device *device, struct mico_mqtt *mqtt)
{
    memset(relay, 0, sizeof *relay);
    relay->device = device;
    relay->mqtt = mqtt;
}

/* The connection's id in a topic mico/DEVICE/relay/CID/c; false for any other topic. */
static bool parse_topic(const struct mico_relay *relay, const char *topic, char id[MICO_RELAY_ID_SIZE + 1])
{
    char head[64];
    int len = snprintf(head, sizeof head, "mico/%s/relay/", relay->device->id);
    if (strncmp(topic, head, (size_t)len) != 0) {
        return false;
    }
    topic += len;
    if (strspn(topic, "0123456789abcdef") != MICO_RELAY_ID_SIZE || strcmp(topic + MICO_RELAY_ID_SIZE, "/c") != 0) {
        return false;
    }
    memcpy(id, topic, MICO_RELAY_ID_SIZE);
    id[MICO_RELAY_ID_SIZE] = '\0';
    return true;
}

static mico_err publish(struct mico_relay_connection *one, struct mico_span bytes)
{
    char topic[80];
    snprintf(topic, sizeof topic, "mico/%s/relay/%s/d", one->relay->device->id, one->id);
    mico_err err = mico_mqtt_publish(one->relay->mqtt, topic, bytes, 1, false);
    if (err == MICO_ERR_FULL) { /* sent, its confirmation still to come */
        return MICO_OK;
    }
    if (err != MICO_OK) {
        MICO_LOG("device", "relay: an answer was not sent (%s)", mico_err_name(err));
    }
    return err;
}

/* While the accessory is locked. */
static void reply(void *ctx, const uint8_t *data, size_t len)
{
    mico_outbox_put(&((struct mico_relay *)ctx)->out, data, len);
}

static void close_connection(struct mico_relay_connection *one)
{
    mico_device_lock(&one->relay->device->accessory_lock);
    mico_accessory_close(&one->relay->device->accessory, &one->connection);
    mico_mutex_unlock(&one->relay->device->accessory_lock);
}

/* Whose place a fresh connection gets: a free one, else of those who have not verified, else of all, who was silent
 * longest. */
static bool goes_before(const struct mico_relay_connection *one, const struct mico_relay_connection *other)
{
    bool free = one->id[0] == '\0', other_free = other->id[0] == '\0';
    if (free || other_free) {
        return free && !other_free;
    }
    return one->verified != other->verified ? !one->verified : one->heard_ms < other->heard_ms;
}

/* Find the connection by id; with `fresh`, else open one. */
static struct mico_relay_connection *find(struct mico_relay *relay, const char *id, bool fresh)
{
    struct mico_relay_connection *first = &relay->list[0];
    for (size_t i = 0; i < MICO_RELAY_CONNECTIONS; i++) {
        struct mico_relay_connection *one = &relay->list[i];
        if (strcmp(one->id, id) == 0) {
            return one;
        }
        first = goes_before(one, first) ? one : first;
    }
    if (!fresh) {
        return NULL;
    }
    if (first->id[0] != '\0') {
        close_connection(first);
    }
    memcpy(first->id, id, sizeof first->id);
    first->relay = relay;
    first->verified = false;
    mico_device_lock(&relay->device->accessory_lock);
    mico_accessory_open_relayed(&relay->device->accessory, &first->connection);
    mico_mutex_unlock(&relay->device->accessory_lock);
    return first;
}

static void end(struct mico_relay_connection *one, bool tell)
{
    if (tell) {
        (void)publish(one, (struct mico_span){(const uint8_t *)"", 0});
    }
    close_connection(one);
    one->id[0] = '\0';
}

/* Send what the accessory has given. A frame that is missing would spoil its session: then nothing more is sent. */
static mico_err send_out(struct mico_relay_connection *one)
{
    struct mico_outbox *out = &one->relay->out;
    mico_err err = out->overfull ? MICO_ERR_FULL : MICO_OK;
    for (size_t at = 0; err == MICO_OK && at < out->len; at += MICO_RELAY_PIECE) {
        size_t left = out->len - at;
        err = publish(one, (struct mico_span){out->bytes + at, left < MICO_RELAY_PIECE ? left : MICO_RELAY_PIECE});
    }
    mico_outbox_empty(out);
    return err;
}

/* Have the accessory look at bytes, or with none at what is due; then send what it gave. */
static void feed(struct mico_relay_connection *one, const uint8_t *data, size_t len)
{
    struct mico_relay *relay = one->relay;
    struct mico_accessory *accessory = &relay->device->accessory;
    mico_device_lock(&relay->device->accessory_lock);
    mico_err err = len > 0 ? mico_accessory_input(accessory, &one->connection, data, len, reply, relay)
                           : mico_accessory_poll(accessory, &one->connection, reply, relay);
    one->verified = mico_accessory_verified(&one->connection);
    mico_mutex_unlock(&relay->device->accessory_lock);
    mico_err sent = send_out(one);
    if (err != MICO_OK || sent != MICO_OK) {
        end(one, sent == MICO_OK || sent == MICO_ERR_FULL);
    }
}

void mico_relay_message(struct mico_relay *relay, const char *topic, struct mico_span payload)
{
    char id[MICO_RELAY_ID_SIZE + 1];
    if (!parse_topic(relay, topic, id)) {
        return;
    }
    struct mico_relay_connection *one = find(relay, id, payload.len > 0);
    if (one != NULL && payload.len == 0) {
        end(one, false);
    }
    while (payload.len > 0 && one->id[0] != '\0') {
        size_t piece = payload.len < FEED_MAX ? payload.len : FEED_MAX;
        one->heard_ms = mico_clock_ms();
        feed(one, payload.data, piece);
        payload.data += piece;
        payload.len -= piece;
    }
    mico_device_advertise(relay->device); /* it may have paired, or the last pairing be gone */
}

void mico_relay_poll(struct mico_relay *relay)
{
    for (size_t i = 0; i < MICO_RELAY_CONNECTIONS; i++) {
        struct mico_relay_connection *one = &relay->list[i];
        if (one->id[0] == '\0') {
            continue;
        }
        if (!one->verified && mico_clock_ms() - one->heard_ms > IDLE_LIMIT_MS) {
            end(one, true);
        } else {
            feed(one, NULL, 0);
        }
    }
}

void mico_relay_stop(struct mico_relay *relay)
{
    for (size_t i = 0; i < MICO_RELAY_CONNECTIONS; i++) {
        if (relay->list[i].id[0] != '\0') {
            end(&relay->list[i], false);
        }
    }
}
