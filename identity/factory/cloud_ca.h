/* SPDX-License-Identifier: Apache-2.0 */
/* The cloud's own small CA, apart from the maker's: what devices check the broker and the identity service against. */
#ifndef IDENTITY_FACTORY_CLOUD_CA_H
#define IDENTITY_FACTORY_CLOUD_CA_H

#include <stdbool.h>

#include "base/err.h"

/* Each list ends with NULL. */
struct station_cloud_order {
    const char *out;              /* directory; made when absent */
    const char *const *dns;       /* at least one: the first is the server's common name */
    const char *const *ip;        /* or NULL */
    const char *const *operators; /* at least one: name of the certificate and of its files */
    bool p256;                    /* P-256 instead of Ed25519, for the server: browsers know no Ed25519 */
};

#define STATION_SERVICE_NAME "mico-cloud" /* the identity service as a client of the broker */

/** Write root.pem root.key, server.pem server.key (broker and identity service), service.pem service.key (the service's
 * client certificate), and NAME.pem NAME.key for each operator. Keys have mode 0600. Refuses a directory that has a
 * root.key, and before anything is written operators whose name would be another's file (MICO_ERR_PARAM). */
MICO_MUST_USE mico_err station_cloud_ca(const struct station_cloud_order *order);

#endif
