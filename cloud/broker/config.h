/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the configuration of a real Mosquitto for MiCO: one listener for certificates, one for users' passwords. */
#ifndef CLOUD_BROKER_CONFIG_H
#define CLOUD_BROKER_CONFIG_H

#include "base/err.h"
#include "cloud/registry/complaint.h"

struct mico_broker_config {
    const char *registry;    /* the registry's file */
    const char *folder;      /* where to write; made when absent */
    const char *address;     /* to listen on; NULL is every interface */
    unsigned port;           /* devices, the service, the operator: TLS with a client certificate */
    unsigned user_port;      /* users: TLS, name and password */
    const char *server_cert; /* PEM, with its chain */
    const char *server_key;
    const char *device_ca;  /* PEM: the maker's root, and more when there are more */
    const char *cloud_root; /* PEM */
    const char *plugin;     /* mico_broker.so */
};

/** Write folder/mosquitto.conf and folder/client-ca.pem (both roots). Every file named is checked to be readable first.
 */
MICO_MUST_USE mico_err mico_broker_config_write(const struct mico_broker_config *config,
                                                struct mico_complaint *complaint);

#endif
