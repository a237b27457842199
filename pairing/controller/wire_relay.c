/* SPDX-License-Identifier: Apache-2.0 */
/* A channel of the cloud's relay; see wires.h. The relay sees MQTT payloads only: frames it cannot read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mosquitto.h>

#include "pairing/controller/wires.h"

#define KEEP_ALIVE_S 30
#define STEP_MS 100
#define CLIENT_ID_MAX 160
#define ARRIVED_MAX 65536 /* more than an accessory ever answers at once */

struct relay {
    struct mosquitto *mosquitto;
    char to_device[96], from_device[96];
    uint8_t arrived[ARRIVED_MAX];
    size_t at, len;
    bool connected, subscribed, closed, published;
    int refused;  /* CONNACK's code */
    bool denied;  /* SUBACK says no */
    bool overrun;
    int awaited;  /* message id whose PUBACK is awaited */
};

static uint64_t clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void on_connect(struct mosquitto *mosquitto, void *ctx, int code)
{
    struct relay *relay = ctx;
    relay->refused = code;
    relay->connected = code == 0;
}

static void on_disconnect(struct mosquitto *mosquitto, void *ctx, int code)
{
    ((struct relay *)ctx)->closed = true;
}

static void on_subscribe(struct mosquitto *mosquitto, void *ctx, int id, int count, const int *granted)
{
    struct relay *relay = ctx;
    relay->denied = count < 1 || granted[0] > 1;
    relay->subscribed = !relay->denied;
}

static void on_publish(struct mosquitto *mosquitto, void *ctx, int id)
{
    struct relay *relay = ctx;
    relay->published = relay->published || id == relay->awaited;
}

static void on_message(struct mosquitto *mosquitto, void *ctx, const struct mosquitto_message *message)
{
    struct relay *relay = ctx;
    if (message->payloadlen == 0) {
        relay->closed = true; /* the device has closed the channel */
        return;
    }
    if (relay->at == relay->len) {
        relay->at = relay->len = 0;
    }
    if ((size_t)message->payloadlen > sizeof relay->arrived - relay->len) {
        relay->overrun = true;
        return;
    }
    memcpy(relay->arrived + relay->len, message->payload, (size_t)message->payloadlen);
    relay->len += (size_t)message->payloadlen;
}

/* Run the client until *done, or the connection or the time ends. */
static mico_err run_until(struct relay *relay, const bool *done, uint32_t timeout_ms)
{
    uint64_t until_ms = clock_ms() + timeout_ms;
    while (!*done) {
        if (relay->closed || relay->denied || relay->refused != 0) {
            return MICO_ERR_CLOSED;
        }
        if (clock_ms() >= until_ms) {
            return MICO_ERR_TIMEOUT;
        }
        if (mosquitto_loop(relay->mosquitto, STEP_MS, 1) != MOSQ_ERR_SUCCESS) {
            relay->closed = true;
        }
    }
    return MICO_OK;
}

static mico_err send_bytes(void *ctx, const uint8_t *data, size_t len)
{
    struct relay *relay = ctx;
    if (relay->closed) {
        return MICO_ERR_CLOSED;
    }
    int rc = mosquitto_publish(relay->mosquitto, NULL, relay->to_device, (int)len, data, 1, false);
    return rc == MOSQ_ERR_SUCCESS ? MICO_OK : MICO_ERR_IO;
}

static mico_err receive_bytes(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct relay *relay = ctx;
    uint64_t until_ms = clock_ms() + timeout_ms;
    while (relay->at == relay->len) {
        if (relay->closed || relay->overrun) {
            return relay->overrun ? MICO_ERR_FULL : MICO_ERR_CLOSED;
        }
        if (clock_ms() >= until_ms) {
            return MICO_ERR_TIMEOUT;
        }
        if (mosquitto_loop(relay->mosquitto, STEP_MS, 1) != MOSQ_ERR_SUCCESS) {
            relay->closed = true;
        }
    }
    *len = relay->len - relay->at < cap ? relay->len - relay->at : cap;
    memcpy(out, relay->arrived + relay->at, *len);
    relay->at += *len;
    return MICO_OK;
}

/* The channel's topics, and a client id that is this user's and nobody else's. */
static mico_err name_channel(struct relay *relay, const struct mico_relay_login *login, char client_id[CLIENT_ID_MAX])
{
    uint8_t random[8];
    char cid[17];
    const char *device = login->device;
    mico_err err = mico_hap_random(random, sizeof random);
    if (err == MICO_OK) {
        mico_hex(random, sizeof random, cid);
        (void)snprintf(relay->to_device, sizeof relay->to_device, "mico/%s/relay/%s/c", device, cid);
        (void)snprintf(relay->from_device, sizeof relay->from_device, "mico/%s/relay/%s/d", device, cid);
        (void)snprintf(client_id, CLIENT_ID_MAX, "%s/%s", login->user, cid);
    }
    return err;
}

/* Log in and subscribe; words for what fails. */
static mico_err log_in(struct relay *relay, const struct mico_relay_login *login, uint32_t timeout_ms, const char **why)
{
    char host[MICO_ADDRESS_MAX];
    uint16_t port;
    struct mosquitto *m = relay->mosquitto;
    *why = "the address is not HOST:PORT";
    if (mico_address_split(login->address, host, &port) != MICO_OK) {
        return MICO_ERR_FORMAT;
    }
    *why = "the CA file or the login cannot be used";
    if (mosquitto_tls_set(m, login->cafile, NULL, NULL, NULL, NULL) != MOSQ_ERR_SUCCESS ||
        mosquitto_username_pw_set(m, login->user, login->password) != MOSQ_ERR_SUCCESS) {
        return MICO_ERR_IO;
    }
    *why = "it does not answer, or its certificate is not of this CA or not for this name";
    if (mosquitto_connect(m, host, port, KEEP_ALIVE_S) != MOSQ_ERR_SUCCESS) {
        return MICO_ERR_IO;
    }
    mico_err err = run_until(relay, &relay->connected, timeout_ms);
    if (err != MICO_OK) {
        *why = relay->refused != 0 ? "it refuses this user or password" : *why;
        return relay->refused != 0 ? MICO_ERR_AUTH : err;
    }
    *why = "it does not let this user talk to this device";
    if (mosquitto_subscribe(m, NULL, relay->from_device, 1) != MOSQ_ERR_SUCCESS) {
        return MICO_ERR_IO;
    }
    return run_until(relay, &relay->subscribed, timeout_ms) == MICO_OK ? MICO_OK : MICO_ERR_DENIED;
}

static void free_relay(struct relay *relay)
{
    mosquitto_destroy(relay->mosquitto);
    (void)mosquitto_lib_cleanup();
    free(relay);
}

mico_err mico_wire_relay_open(const struct mico_relay_login *login, uint32_t timeout_ms, struct mico_wire *wire,
                              const char **why)
{
    char client_id[CLIENT_ID_MAX];
    struct relay *relay = calloc(1, sizeof *relay);
    *why = "no random numbers";
    mico_err err = relay != NULL ? name_channel(relay, login, client_id) : MICO_ERR_FULL;
    if (err != MICO_OK) {
        free(relay);
        return err;
    }
    (void)mosquitto_lib_init();
    relay->mosquitto = mosquitto_new(client_id, true, relay);
    if (relay->mosquitto == NULL) {
        abort(); /* out of memory, in a program that runs for a second */
    }
    mosquitto_connect_callback_set(relay->mosquitto, on_connect);
    mosquitto_disconnect_callback_set(relay->mosquitto, on_disconnect);
    mosquitto_subscribe_callback_set(relay->mosquitto, on_subscribe);
    mosquitto_publish_callback_set(relay->mosquitto, on_publish);
    mosquitto_message_callback_set(relay->mosquitto, on_message);
    (void)mosquitto_int_option(relay->mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
    err = log_in(relay, login, timeout_ms, why);
    if (err != MICO_OK) {
        free_relay(relay);
        return err;
    }
    *wire = (struct mico_wire){relay, send_bytes, receive_bytes};
    return MICO_OK;
}

void mico_wire_relay_close(struct mico_wire *wire)
{
    struct relay *relay = wire->ctx;
    if (!relay->closed &&
        mosquitto_publish(relay->mosquitto, &relay->awaited, relay->to_device, 0, NULL, 1, false) == MOSQ_ERR_SUCCESS) {
        (void)run_until(relay, &relay->published, 2000);
    }
    (void)mosquitto_disconnect(relay->mosquitto);
    free_relay(relay);
}
