/* SPDX-License-Identifier: Apache-2.0 */
/* Controllers' connections that come through the cloud: topic mico/DEVICE/relay/CID/c carries a controller's bytes to
 * the device, …/d the device's bytes back; an empty payload ends the connection. */
#ifndef APPS_DEVICE_RELAY_H
#define APPS_DEVICE_RELAY_H

#include "apps/device/internal.h"
#include "apps/device/outbox.h"
#include "os/net/mqtt/mqtt.h"

#define MICO_RELAY_CONNECTIONS 4u
#define MICO_RELAY_ID_SIZE 16u /* hexadecimal digits */
#define MICO_RELAY_PIECE 1536u /* bytes a message: what MQTT has to send at a time, without topic and head */

struct mico_relay_connection {
    char id[MICO_RELAY_ID_SIZE + 1]; /* "" when free */
    uint64_t heard_ms;
    bool verified; /* it stays until its place is needed */
    struct mico_relay *relay;
    struct mico_connection connection;
};

struct mico_relay {
    struct mico_device *device;
    struct mico_mqtt *mqtt;
    struct mico_relay_connection list[MICO_RELAY_CONNECTIONS];
    struct mico_outbox out; /* of the connection that is being fed */
};

/* Of one thread, that of the connection to the broker. The accessory is locked while it works, not while what it gave is
 * sent: a slow broker delays nobody who comes directly. */

/** Begin on a connection to the broker; stop when that has ended. */
void mico_relay_start(struct mico_relay *relay, struct mico_device *device, struct mico_mqtt *mqtt);
void mico_relay_stop(struct mico_relay *relay);

/** A message has come: bytes of a controller, if its topic is one of the relay's. */
void mico_relay_message(struct mico_relay *relay, const char *topic, struct mico_span payload);

/** Send what is due and end what is silent; call it every 250 ms. */
void mico_relay_poll(struct mico_relay *relay);

#endif
