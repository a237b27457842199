/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud/service/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void mico_time_text(int64_t ms, char out[MICO_TIME_SIZE])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm t;
    gmtime_r(&seconds, &t);
    size_t len = strftime(out, MICO_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &t);
    snprintf(out + len, MICO_TIME_SIZE - len, ".%03dZ", (int)(ms % 1000));
}

static void add_hex(cJSON *object, const char *name, const uint8_t bytes[32])
{
    char hex[65];
    mico_hex(bytes, 32, hex);
    cJSON_AddStringToObject(object, name, hex);
}

cJSON *mico_device_json(const struct mico_device *device)
{
    char seen[MICO_TIME_SIZE];
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "id", device->id);
    cJSON_AddStringToObject(object, "serial", device->serial);
    cJSON_AddStringToObject(object, "state", mico_device_state_name(device->state));
    cJSON_AddBoolToObject(object, "online", device->online);
    if (device->last_seen_ms > 0) {
        mico_time_text(device->last_seen_ms, seen);
        cJSON_AddStringToObject(object, "last_seen", seen);
    } else {
        cJSON_AddNullToObject(object, "last_seen");
    }
    add_hex(object, "identity_key", device->identity_key);
    add_hex(object, "certificate_sha256", device->certificate_sha256);
    return object;
}

cJSON *mico_audit_json(const struct mico_audit_entry *entry)
{
    char at[MICO_TIME_SIZE];
    mico_time_text(entry->at_ms, at);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "seq", (double)entry->seq);
    cJSON_AddStringToObject(object, "at", at);
    cJSON_AddStringToObject(object, "actor", entry->actor);
    cJSON_AddStringToObject(object, "action", entry->action);
    cJSON_AddStringToObject(object, "subject", entry->subject);
    cJSON_AddStringToObject(object, "detail", entry->detail);
    add_hex(object, "hash", entry->hash);
    return object;
}

struct page {
    cJSON *devices;
    int64_t left; /* of its size; below 0: no end */
    char last[MICO_REGISTRY_ID_SIZE + 1];
    bool more;
};

static bool append(void *ctx, const struct mico_device *device)
{
    struct page *page = ctx;
    page->more = page->left == 0;
    if (!page->more) {
        page->left--;
        snprintf(page->last, sizeof page->last, "%s", device->id);
        cJSON_AddItemToArray(page->devices, mico_device_json(device));
    }
    return !page->more;
}

cJSON *mico_devices_json(struct mico_registry *registry, const char *after, int64_t most)
{
    cJSON *object = cJSON_CreateObject();
    struct page page = {.devices = cJSON_AddArrayToObject(object, "devices"), .left = most};
    if (mico_registry_each(registry, after, most < 0 ? -1 : most + 1, append, &page)) {
        cJSON_Delete(object);
        return NULL;
    }
    if (page.more) {
        cJSON_AddStringToObject(object, "next", page.last);
    } else {
        cJSON_AddNullToObject(object, "next");
    }
    return object;
}

bool mico_json_print(cJSON *object)
{
    char *text = cJSON_Print(object);
    cJSON_Delete(object);
    if (text) {
        puts(text);
    }
    free(text);
    return text != NULL;
}
