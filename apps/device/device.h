/* SPDX-License-Identifier: Apache-2.0 */
/* What every MiCO device does beside its own business: finds its identity, serves controllers on the local network and
 * through the relay, and keeps its connection to the cloud. A product brings its characteristics and is a few lines. */
#ifndef APPS_DEVICE_DEVICE_H
#define APPS_DEVICE_DEVICE_H

#include <stdint.h>

#include "base/err.h"
#include "pairing/accessory/database.h"

struct mico_product {
    const char *name;
    const char *manufacturer;
    const char *model;
    const char *firmware;               /* "1.0.0" */
    const struct mico_service *service; /* &mico_service_light, … */
    /* A characteristic's value, by instance id. Called by one thread at a time. */
    mico_err (*get)(void *ctx, uint16_t iid, uint8_t *value);
    mico_err (*set)(void *ctx, uint16_t iid, uint8_t value);
    void *ctx;
};

/** Start the device: network, chip, keys, pairing, cloud. Returns 0 when everything runs (in threads of its own), or 1
 * when the device cannot be one, after a line in the log that names what is missing. product must stay. */
int mico_device_run(const struct mico_product *product);

#endif
