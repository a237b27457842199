/* SPDX-License-Identifier: Apache-2.0 */
/* The manifest and the report, from the log. */
#include "identity/factory/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "identity/factory/ca.h"
#include "identity/factory/hsm.h"
#include "identity/factory/log.h"
#include "identity/factory/pending.h"
#include "identity/factory/say.h"

/* The whole manifest as text, by cJSON_free; NULL without memory. */
static char *manifest_text(const struct station *station, const struct station_log *log)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "version", 1);
    cJSON_AddStringToObject(json, "maker", station->maker);
    cJSON *entries = cJSON_AddArrayToObject(json, "entries");
    bool good = entries != NULL && cJSON_GetArraySize(json) == 3;
    for (size_t i = 0; i < log->count && good; i++) {
        good = cJSON_AddItemToArray(entries, mico_manifest_entry_to_json(&log->entries[i])) != 0;
    }
    char *text = good ? cJSON_Print(json) : NULL;
    cJSON_Delete(json);
    return text;
}

static mico_err write_beside(const char *path, const char *suffix, const void *data, size_t len)
{
    char name[STATION_PATH_MAX];
    int n = snprintf(name, sizeof name, "%s%s", path, suffix);
    if (n >= (int)sizeof name) {
        return station_fail(MICO_ERR_SIZE, NULL, "path too long: %s", path);
    }
    return station_write_file(name, data, len, 0644);
}

static mico_err sign_manifest(const struct station *station, const char *path, const char *text)
{
    gnutls_privkey_t key;
    gnutls_datum_t signature;
    mico_err err = station_hsm_key(station->dir, "issuing", &key);
    if (err == MICO_OK) {
        err = station_sign(key, (struct mico_span){(const uint8_t *)text, strlen(text)}, &signature);
        gnutls_privkey_deinit(key);
    }
    if (err == MICO_OK) {
        err = write_beside(path, ".sig", signature.data, signature.size);
        gnutls_free(signature.data);
    }
    return err;
}

static mico_err write_chain(const struct station *station, const char *path)
{
    const gnutls_x509_crt_t chain[] = {station->issuing, station->root};
    char name[STATION_PATH_MAX];
    int n = snprintf(name, sizeof name, "%s.pem", path);
    if (n >= (int)sizeof name) {
        return station_fail(MICO_ERR_SIZE, NULL, "path too long: %s", path);
    }
    return station_write_certificates(name, chain, 2);
}

static mico_err verify_as_cloud(const struct station *station, const char *path)
{
    char root[STATION_PATH_MAX], why[MICO_MANIFEST_WHY_MAX];
    struct mico_manifest *manifest;
    mico_err err = station_path(root, station->dir, "root.pem");
    if (err == MICO_OK) {
        err = mico_manifest_verify(path, root, &manifest, why);
        if (err != MICO_OK) {
            return station_fail(err, "check the disk, then run the command again", "the manifest just written: %s",
                                why);
        }
        mico_manifest_close(manifest);
    }
    return err;
}

mico_err station_export(const struct station *station, const char *path, size_t *count)
{
    struct station_log log;
    mico_err err = station_log_open(&log, station, true);
    if (err != MICO_OK) {
        return err;
    }
    char *text = manifest_text(station, &log);
    *count = log.count;
    station_log_close(&log);
    if (text == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for the manifest");
    }
    err = write_beside(path, "", text, strlen(text));
    if (err == MICO_OK) {
        err = sign_manifest(station, path, text);
    }
    cJSON_free(text);
    if (err == MICO_OK) {
        err = write_chain(station, path);
    }
    return err == MICO_OK ? verify_as_cloud(station, path) : err;
}

static void print_table(const struct station *station, const struct station_log *log, size_t pending)
{
    printf("%s: %zu devices made, %zu under way\n", station->maker, log->count, pending);
    if (log->count > 0) {
        printf("%6s  %-17s  %-16s  %s\n", "entry", "device", "chip", "made at");
    }
    for (size_t i = 0; i < log->count; i++) {
        const struct mico_manifest_entry *entry = &log->entries[i];
        char serial[2 * MSCP_SERIAL_SIZE + 1], when[32];
        time_t at = (time_t)entry->made_at;
        struct tm tm;
        mico_hex(entry->serial, sizeof entry->serial, serial);
        strftime(when, sizeof when, "%Y-%m-%d %H:%M:%SZ", gmtime_r(&at, &tm));
        printf("%6u  %-17s  %-16s  %s\n", entry->index, entry->device_id, serial, when);
    }
}

static mico_err print_json(const struct station *station, const struct station_log *log, size_t pending)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "maker", station->maker);
    cJSON_AddNumberToObject(json, "made", (double)log->count);
    cJSON_AddNumberToObject(json, "under_way", (double)pending);
    cJSON *devices = cJSON_AddArrayToObject(json, "devices");
    for (size_t i = 0; i < log->count; i++) {
        char serial[2 * MSCP_SERIAL_SIZE + 1];
        cJSON *device = cJSON_CreateObject();
        mico_hex(log->entries[i].serial, MSCP_SERIAL_SIZE, serial);
        cJSON_AddNumberToObject(device, "index", log->entries[i].index);
        cJSON_AddStringToObject(device, "device_id", log->entries[i].device_id);
        cJSON_AddStringToObject(device, "serial", serial);
        cJSON_AddNumberToObject(device, "made_at", (double)log->entries[i].made_at);
        cJSON_AddItemToArray(devices, device);
    }
    char *text = cJSON_Print(json);
    cJSON_Delete(json);
    if (text == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for the report");
    }
    puts(text);
    cJSON_free(text);
    return MICO_OK;
}

mico_err station_report(const struct station *station, bool json)
{
    struct station_log log;
    size_t pending;
    mico_err err = station_log_open(&log, station, true);
    if (err == MICO_OK) {
        err = station_pending_count(station, &pending);
    }
    if (err == MICO_OK) {
        if (json) {
            err = print_json(station, &log, pending);
        } else {
            print_table(station, &log, pending);
        }
    }
    station_log_close(&log);
    return err;
}
