/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON API over HTTPS with mutual TLS: who shows a certificate "operator" of the client CA may ask and act.
 *
 *   GET  /api/v1/health
 *   GET  /api/v1/devices?limit=N&after=ID  N devices (1 to 1000, which is the default) in the order of ids behind ID;
 *                                          "next" is the ID to go on after, null at the end
 *   GET  /api/v1/devices/{id}
 *   POST /api/v1/devices/{id}/quarantine   disconnects it within 50 ms and refuses it from then on
 *   POST /api/v1/devices/{id}/release      ends the quarantine
 *
 * A request whose Origin is another host's is refused: a browser shows the operator's certificate for any page.
 * Errors are {"error": what, "try": next} with the status. */
#ifndef CLOUD_SERVICE_HTTP_H
#define CLOUD_SERVICE_HTTP_H

#include <stdbool.h>

#include "cloud/registry/registry.h"

struct mico_http_config {
    const char *registry;
    const char *address; /* NULL: every interface */
    unsigned port;
    const char *cert, *key, *client_ca; /* PEM files */
    bool (*broker_is_connected)(void *ctx);
    void *ctx;
};

struct mico_http;

/** Serve in a thread of its own. */
MICO_MUST_USE mico_err mico_http_start(const struct mico_http_config *config, struct mico_http **out,
                                       struct mico_complaint *complaint);
/** Finishes the requests at hand. NULL is allowed. */
void mico_http_stop(struct mico_http *http);

#endif
