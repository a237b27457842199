/* SPDX-License-Identifier: Apache-2.0 */
/* The registry's things as JSON: the same shapes for the API and for --json. */
#ifndef CLOUD_SERVICE_JSON_H
#define CLOUD_SERVICE_JSON_H

#include <cjson/cJSON.h>

#include "cloud/registry/registry.h"

#define MICO_TIME_SIZE 25 /* "2026-01-02T03:04:05.678Z" and NUL */

/** RFC 3339 in UTC. */
void mico_time_text(int64_t ms, char out[MICO_TIME_SIZE]);

cJSON *mico_device_json(const struct mico_device *device);
cJSON *mico_audit_json(const struct mico_audit_entry *entry);
/** {"devices": [...], "next": id or null}: at most `most` (-1: all) devices behind `after` (""). With more behind them,
 * next is the id to go on after. NULL when the registry cannot be read. */
cJSON *mico_devices_json(struct mico_registry *registry, const char *after, int64_t most);

/** The tree as text on stdout; frees it. False: no memory. */
bool mico_json_print(cJSON *object);

#endif
