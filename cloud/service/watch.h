/* SPDX-License-Identifier: Apache-2.0 */
/* Watches mico/+/status at the broker and keeps the registry's `online` true to it. */
#ifndef CLOUD_SERVICE_WATCH_H
#define CLOUD_SERVICE_WATCH_H

#include <stdbool.h>

#include "cloud/registry/registry.h"

struct mico_watch_config {
    const char *registry;
    const char *host;
    unsigned port;
    const char *cafile, *cert, *key; /* PEM: the broker's root; the service's own certificate */
};

struct mico_watch;

/** Start watching in a thread; it connects, and connects again, by itself. Who does not come back after the broker was
 * away is marked offline. */
MICO_MUST_USE mico_err mico_watch_start(const struct mico_watch_config *config, struct mico_watch **out,
                                        struct mico_complaint *complaint);
/** True while subscribed. */
bool mico_watch_is_connected(struct mico_watch *watch);
/** NULL is allowed. */
void mico_watch_stop(struct mico_watch *watch);

#endif
