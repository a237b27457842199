/* SPDX-License-Identifier: Apache-2.0 */
/* Controllers' connections that come through the cloud; see relay.h. */
#include "apps/device/relay.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "os/port/clock.h"

#define PIECE_MAX 2048u /* bytes a message */
#define IDLE_LIMIT_MS 60000u

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

static void publish(struct mico_relay_connection *one, struct mico_span bytes)
{
    char topic[80];
    snprintf(topic, sizeof topic, "mico/%s/relay/%s/d", one->relay->device->id, one->id);
    mico_err err = mico_mqtt_publish(one->relay->mqtt, topic, bytes, 1, false);
    if (err != MICO_OK && err != MICO_ERR_FULL) { /* FULL: sent, its confirmation still to come */
        MICO_LOG("device", "relay: an answer was not sent (%s)", mico_err_name(err));
    }
}

static void reply(void *ctx, const uint8_t *data, size_t len)
{
    while (len > 0) {
        size_t piece = len < PIECE_MAX ? len : PIECE_MAX;
        publish(ctx, (struct mico_span){data, piece});
        data += piece;
        len -= piece;
    }
}

/* Find the connection by id; with `fresh`, else open one, in place of the one that has been silent longest. */
static struct mico_relay_connection *find(struct mico_relay *relay, const char *id, bool fresh)
{
    struct mico_relay_connection *oldest = &relay->list[0];
    for (size_t i = 0; i < MICO_RELAY_CONNECTIONS; i++) {
        struct mico_relay_connection *one = &relay->list[i];
        if (strcmp(one->id, id) == 0) {
            return one;
        }
        if (oldest->id[0] != '\0' && (one->id[0] == '\0' || one->heard_ms < oldest->heard_ms)) {
            oldest = one;
        }
    }
    if (!fresh) {
        return NULL;
    }
    if (oldest->id[0] != '\0') {
        mico_accessory_close(&relay->device->accessory, &oldest->connection);
    }
    memcpy(oldest->id, id, sizeof oldest->id);
    oldest->relay = relay;
    mico_accessory_open_relayed(&relay->device->accessory, &oldest->connection);
    return oldest;
}

static void end(struct mico_relay_connection *one, bool tell)
{
    if (tell) {
        publish(one, (struct mico_span){(const uint8_t *)"", 0});
    }
    mico_accessory_close(&one->relay->device->accessory, &one->connection);
    one->id[0] = '\0';
}

void mico_relay_message(struct mico_relay *relay, const char *topic, struct mico_span payload)
{
    char id[MICO_RELAY_ID_SIZE + 1];
    if (!parse_topic(relay, topic, id)) {
        return;
    }
    mico_device_lock(&relay->device->accessory_lock);
    struct mico_relay_connection *one = find(relay, id, payload.len > 0);
    if (one != NULL && payload.len == 0) {
        end(one, false);
    } else if (one != NULL) {
        one->heard_ms = mico_clock_ms();
        if (mico_accessory_input(&relay->device->accessory, &one->connection, payload.data, payload.len, reply, one) !=
            MICO_OK) {
            end(one, true);
        }
    }
    mico_mutex_unlock(&relay->device->accessory_lock);
    mico_device_advertise(relay->device); /* it may have paired, or the last pairing be gone */
}

void mico_relay_poll(struct mico_relay *relay)
{
    mico_device_lock(&relay->device->accessory_lock);
    for (size_t i = 0; i < MICO_RELAY_CONNECTIONS; i++) {
        struct mico_relay_connection *one = &relay->list[i];
        if (one->id[0] == '\0') {
            continue;
        }
        bool silent = mico_clock_ms() - one->heard_ms > IDLE_LIMIT_MS;
        if (silent || mico_accessory_poll(&relay->device->accessory, &one->connection, reply, one) != MICO_OK) {
            end(one, true);
        }
    }
    mico_mutex_unlock(&relay->device->accessory_lock);
}

void mico_relay_stop(struct mico_relay *relay)
{
    mico_device_lock(&relay->device->accessory_lock);
    for (size_t i = 0; i < MICO_RELAY_CONNECTIONS; i++) {
        if (relay->list[i].id[0] != '\0') {
            end(&relay->list[i], false);
        }
    }
    mico_mutex_unlock(&relay->device->accessory_lock);
}
