/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that are being made. */
#include "identity/factory/pending.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity/factory/say.h"

static mico_err pending_path(char out[STATION_PATH_MAX], const struct station *station,
                             const uint8_t serial[MSCP_SERIAL_SIZE])
{
    char hex[2 * MSCP_SERIAL_SIZE + 1], name[64];
    mico_hex(serial, MSCP_SERIAL_SIZE, hex);
    snprintf(name, sizeof name, "pending/%s.json", hex);
    return station_path(out, station->dir, name);
}

static bool copy_text(const cJSON *json, const char *name, char *out, size_t cap)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
    if (text == NULL || strlen(text) >= cap) {
        return false;
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

mico_err station_pending_load(const struct station *station, const uint8_t serial[MSCP_SERIAL_SIZE],
                              struct station_label *label, bool *found)
{
    char path[STATION_PATH_MAX], *text;
    size_t len;
    *found = false;
    mico_err err = pending_path(path, station, serial);
    if (err == MICO_OK) {
        err = station_read_file(path, &text, &len, found);
    }
    if (err != MICO_OK || !*found) {
        return err;
    }
    cJSON *json = cJSON_ParseWithLength(text, len);
    memset(label, 0, sizeof *label);
    bool good = copy_text(json, "setup_code", label->code, sizeof label->code) &&
                copy_text(json, "setup_id", label->id, sizeof label->id) && station_label_allowed(label);
    cJSON_Delete(json);
    mico_wipe(text, len);
    free(text);
    if (!good) {
        mico_wipe(label, sizeof *label);
        return station_fail(MICO_ERR_CORRUPT, "if the chip is not locked yet, remove the file and repeat",
                            "%s: no setup_code and setup_id of their form", path);
    }
    return MICO_OK;
}

mico_err station_pending_save(const struct station *station, const uint8_t serial[MSCP_SERIAL_SIZE],
                              const struct station_label *label)
{
    char path[STATION_PATH_MAX], text[128];
    int len = snprintf(text, sizeof text, "{\"setup_code\":\"%s\",\"setup_id\":\"%s\"}\n", label->code, label->id);
    mico_err err = pending_path(path, station, serial);
    if (err == MICO_OK) {
        err = station_write_file(path, text, (size_t)len, 0600);
    }
    mico_wipe(text, sizeof text);
    return err;
}

mico_err station_pending_remove(const struct station *station, const uint8_t serial[MSCP_SERIAL_SIZE])
{
    char path[STATION_PATH_MAX];
    mico_err err = pending_path(path, station, serial);
    return err == MICO_OK ? station_remove_secret(path) : err;
}

static bool ends_with(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);
    return len > end_len && strcmp(name + len - end_len, end) == 0;
}

/* Count the files that end so; with remove they go. */
static mico_err walk(const struct station *station, const char *end, bool remove, size_t *count)
{
    char path[STATION_PATH_MAX], file[STATION_PATH_MAX];
    *count = 0;
    mico_err err = station_path(path, station->dir, "pending");
    if (err != MICO_OK) {
        return err;
    }
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return station_fail(MICO_ERR_IO, "make the directory, mode 0700", "%s: cannot be read", path);
    }
    for (const struct dirent *item = readdir(dir); item != NULL && err == MICO_OK; item = readdir(dir)) {
        if (ends_with(item->d_name, end)) {
            (*count)++;
            err = remove ? station_path(file, path, item->d_name) : MICO_OK;
            if (err == MICO_OK && remove && unlink(file) != 0) {
                err = station_fail(MICO_ERR_IO, NULL, "%s: cannot be removed", file);
            }
        }
    }
    closedir(dir);
    return err;
}

mico_err station_pending_sweep(const struct station *station)
{
    size_t count;
    mico_err err = walk(station, ".json" STATION_GONE, true, &count);
    return err == MICO_OK ? walk(station, ".json.new", true, &count) : err;
}

mico_err station_pending_count(const struct station *station, size_t *count)
{
    return walk(station, ".json", false, count);
}
