/* SPDX-License-Identifier: Apache-2.0 */
/* MQTT over TLS to a broker whose certificate comes from the root that it trusts and is valid now. */
#include "MQTTClient.h"
#include "apps/examples/example_root.h"
#include "mico.h"

#define mqtt_log(...) custom_log("MQTTS", __VA_ARGS__)

#ifndef SERVER_ADDRESS
#define SERVER_ADDRESS "10.0.2.2"
#endif
#define BROKER_PORT 27183

static bool received;

static void on_message(MessageData *data)
{
    mqtt_log("%.*s: %.*s", data->topicName->lenstring.len, data->topicName->lenstring.data,
             (int)data->message->payloadlen, (char *)data->message->payload);
    received = true;
}

static int talk(Client *client)
{
    MQTTPacket_connectData options = MQTTPacket_connectData_initializer;
    MQTTMessage message = {.qos = QOS1, .payload = "on", .payloadlen = 2};
    options.clientID.cstring = "mico-example";
    int err = MQTTConnect(client, &options);
    require_noerr(err, exit);
    err = MQTTSubscribe(client, "home/+/lamp", QOS1, on_message);
    require_noerr(err, exit);
    err = MQTTPublish(client, "home/hall/lamp", &message);
    require_noerr(err, exit);
    while (!received && err == MQTT_SUCCESS) {
        err = MQTTYield(client, 100);
    }
    MQTTDisconnect(client);

exit:
    return err;
}

int application_start(void)
{
    static Client client;
    static Network network;
    mico_utc_time_ms_t now = 1900000000000ULL; /* a product asks SNTP */
    ssl_opts tls = {.ssl_enable = true, .ssl_version = TLS_V1_2_MODE};
    tls.ca_str = example_root;
    tls.ca_str_len = strlen(example_root);
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    err = NewNetwork(&network, SERVER_ADDRESS, BROKER_PORT, tls);
    mqtt_log("while the clock is not set: %s", err == MQTT_SUCCESS ? "connected" : "refused");
    mico_time_set_utc_time_ms(&now);
    err = NewNetwork(&network, SERVER_ADDRESS, BROKER_PORT, tls);
    require_noerr(err, exit);
    mqtt_log("connected");
    err = MQTTClientInit(&client, &network, 5000);
    require_noerr(err, exit);
    err = talk(&client);
    network.disconnect(&network);
    MQTTClientDeinit(&client);
    require_noerr(err, exit);
    mqtt_log("disconnected");

exit:
    if (err != kNoErr) {
        mqtt_log("failed: %d", err);
    }
    return err;
}
