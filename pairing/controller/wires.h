/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways to an accessory: a TCP connection on the local network, or a channel of the cloud's relay. */
#ifndef PAIRING_CONTROLLER_WIRES_H
#define PAIRING_CONTROLLER_WIRES_H

#include "pairing/controller/client.h"

#define MICO_ADDRESS_MAX 256

/** Split "HOST:PORT". MICO_ERR_FORMAT. */
MICO_MUST_USE mico_err mico_address_split(const char *address, char host[MICO_ADDRESS_MAX], uint16_t *port);

/** Connect to the accessory itself. */
MICO_MUST_USE mico_err mico_wire_tcp_open(const char *address, uint32_t timeout_ms, struct mico_wire *wire);
void mico_wire_tcp_close(struct mico_wire *wire);

/* How to log in at the relay: MQTT over TLS, by user name and password. */
struct mico_relay_login {
    const char *address; /* HOST:PORT */
    const char *cafile;  /* PEM: the cloud's root */
    const char *user;
    const char *password;
    const char *device; /* whose channel */
};

/** Open a channel of its own (16 random hexadecimal digits) to the device: mico/ID/relay/CID/c there, …/d back, QoS 1.
 * why gets words for the user. MICO_ERR_TIMEOUT, MICO_ERR_AUTH (login refused), MICO_ERR_DENIED (the channel is), MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_wire_relay_open(const struct mico_relay_login *login, uint32_t timeout_ms,
                                            struct mico_wire *wire, const char **why);
/** Tell the device with an empty message, then log out. */
void mico_wire_relay_close(struct mico_wire *wire);

#endif
