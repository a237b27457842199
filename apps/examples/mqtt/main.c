/* SPDX-License-Identifier: Apache-2.0 */
/* MQTT: it subscribes, publishes to itself, and ends when its last message has come back. */
#include "MQTTClient.h"
#include "mico.h"

#define mqtt_log(...) custom_log("MQTT", __VA_ARGS__)

#ifndef SERVER_ADDRESS
#define SERVER_ADDRESS "10.0.2.2"
#endif
#define BROKER_PORT 27185

static int received;

static void on_message(MessageData *data)
{
    mqtt_log("%.*s: %.*s", data->topicName->lenstring.len, data->topicName->lenstring.data,
             (int)data->message->payloadlen, (char *)data->message->payload);
    received++;
}

static int publish(Client *client, const char *topic, const char *text, int qos)
{
    MQTTMessage message = {.qos = qos, .payload = (void *)text, .payloadlen = strlen(text)};
    return MQTTPublish(client, topic, &message);
}

int application_start(void)
{
    static Client client;
    static Network network;
    ssl_opts plain = {.ssl_enable = false};
    MQTTPacket_connectData options = MQTTPacket_connectData_initializer;
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    err = NewNetwork(&network, SERVER_ADDRESS, BROKER_PORT, plain);
    require_noerr(err, exit);
    err = MQTTClientInit(&client, &network, 5000);
    require_noerr(err, exit);
    options.clientID.cstring = "mico-example";
    err = MQTTConnect(&client, &options);
    require_noerr(err, exit);
    mqtt_log("connected");
    err = MQTTSubscribe(&client, "home/+/lamp", QOS1, on_message);
    require_noerr(err, exit);
    err = publish(&client, "home/hall/lamp", "on", QOS1);
    require_noerr(err, exit);
    err = publish(&client, "home/hall/lamp", "off", QOS0);
    require_noerr(err, exit);
    while (received < 2 && err == MQTT_SUCCESS) {
        err = MQTTYield(&client, 100);
    }
    MQTTDisconnect(&client);
    network.disconnect(&network);
    MQTTClientDeinit(&client);
    mqtt_log("disconnected");

exit:
    if (err != kNoErr) {
        mqtt_log("failed: %d", err);
    }
    return err;
}
