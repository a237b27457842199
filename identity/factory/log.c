/* SPDX-License-Identifier: Apache-2.0 */
/* The station's log of made devices. The order of an append is: line, sync, head, sync; so after a crash the head is at
 * most one line behind, which is made good at the next opening. */
#include "identity/factory/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity/factory/say.h"

static mico_err corrupt(const struct station *station, size_t line, const char *what)
{
    return station_fail(MICO_ERR_CORRUPT,
                        "bring log.jsonl and log.head back from a copy; compare with the last manifest",
                        "%s/log.jsonl line %zu: %s", station->dir, line, what);
}

static mico_err write_head(const struct station *station, size_t count, const uint8_t hash[32])
{
    char path[STATION_PATH_MAX], text[96], hex[65];
    mico_hex(hash, 32, hex);
    int len = snprintf(text, sizeof text, "%zu %s\n", count, hex);
    mico_err err = station_path(path, station->dir, "log.head");
    return err == MICO_OK ? station_write_file(path, text, (size_t)len, 0644) : err;
}

/* The chain's hash after `count` entries. */
static void chain_hash(const struct station_log *log, const struct station *station, size_t count, uint8_t out[32])
{
    if (count == 0) {
        mico_manifest_start(station->maker, out);
    } else {
        memcpy(out, log->entries[count - 1].hash, 32);
    }
}

static mico_err check_head(const struct station_log *log, const struct station *station)
{
    char path[STATION_PATH_MAX], *text, hex[65];
    size_t len, count = 0;
    bool found;
    uint8_t said[32], have[32];
    mico_err err = station_path(path, station->dir, "log.head");
    if (err == MICO_OK) {
        err = station_read_file(path, &text, &len, &found);
    }
    if (err != MICO_OK) {
        return err;
    }
    bool good = found && sscanf(text, "%zu %64[0-9a-f]", &count, hex) == 2 && mico_unhex(hex, said, 32) == MICO_OK;
    free(text);
    if (!found && log->count <= 1) {
        good = true; /* no device yet, or the crash came between the first line and the first head */
        count = 0;
        chain_hash(log, station, 0, said);
    }
    if (!good) {
        return corrupt(station, log->count + 1, "log.head is missing or unreadable");
    }
    if (log->count < count) {
        return corrupt(station, log->count + 1, "missing: log.head knows of more devices");
    }
    chain_hash(log, station, count, have);
    if (log->count > count + 1 || memcmp(said, have, 32) != 0) {
        return corrupt(station, count, "is not the one that log.head speaks of");
    }
    if (log->count == count) {
        return MICO_OK;
    }
    chain_hash(log, station, log->count, have);
    return write_head(station, log->count, have);
}

static mico_err read_line(struct station_log *log, const struct station *station, const char *line, size_t len,
                          bool deep)
{
    const char *bad = "JSON";
    char what[96];
    uint8_t prev[32];
    struct mico_manifest_entry *entry = &log->entries[log->count];
    cJSON *json = cJSON_ParseWithLength(line, len);
    mico_err err = json == NULL ? MICO_ERR_FORMAT : mico_manifest_entry_from_json(json, entry, &bad);
    cJSON_Delete(json);
    if (err == MICO_OK) {
        chain_hash(log, station, log->count, prev);
        log->count++;
        err = mico_manifest_entry_check(entry, (uint32_t)log->count, prev, deep ? station->issuing : NULL, &bad);
    } else {
        log->count++; /* an empty entry, so that the line's number is right */
    }
    if (err != MICO_OK) {
        snprintf(what, sizeof what, "was altered: %s does not fit", bad);
        return corrupt(station, log->count, what);
    }
    return MICO_OK;
}

/* Bytes of the whole lines. */
static size_t whole_lines(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] != '\n') {
        len--;
    }
    return len;
}

/* A last line without its end was never reported as a device. Only after check_head: in a log that lacks lines, what
 * looks cut off may be the damage itself, and stays. */
static mico_err drop_torn_line(const char *path, size_t len, size_t whole)
{
    if (whole == len) {
        return MICO_OK;
    }
    station_say("log: dropping a line that a crash cut off (%zu bytes)", len - whole);
    return truncate(path, (off_t)whole) == 0 ? MICO_OK
                                             : station_fail(MICO_ERR_IO, NULL, "%s: cannot be shortened", path);
}

static mico_err read_lines(struct station_log *log, const struct station *station, const char *text, size_t len,
                           bool deep)
{
    size_t lines = 0;
    for (size_t i = 0; i < len; i++) {
        lines += text[i] == '\n';
    }
    log->entries = calloc(lines + 1, sizeof *log->entries);
    if (log->entries == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for the log");
    }
    mico_err err = MICO_OK;
    while (err == MICO_OK && len > 0) {
        size_t line = (size_t)((const char *)memchr(text, '\n', len) - text); /* the text ends with one */
        err = read_line(log, station, text, line, deep);
        text += line + 1;
        len -= line + 1;
    }
    const char *field;
    size_t repeated = err == MICO_OK ? mico_manifest_repeated(log->entries, log->count, &field) : 0;
    return repeated == 0 ? err : corrupt(station, repeated, "repeats a chip or device of an earlier line");
}

mico_err station_log_open(struct station_log *log, const struct station *station, bool deep)
{
    char path[STATION_PATH_MAX], *text = NULL;
    size_t len = 0, whole = 0;
    bool found;
    *log = (struct station_log){NULL, 0};
    mico_err err = station_path(path, station->dir, "log.jsonl");
    if (err == MICO_OK) {
        err = station_read_file(path, &text, &len, &found);
    }
    if (err == MICO_OK) {
        whole = found ? whole_lines(text, len) : 0;
        err = read_lines(log, station, text, whole, deep);
    }
    if (err == MICO_OK) {
        err = check_head(log, station);
    }
    if (err == MICO_OK) {
        err = drop_torn_line(path, len, whole);
    }
    free(text);
    if (err != MICO_OK) {
        station_log_close(log);
    }
    return err;
}

void station_log_close(struct station_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        mico_manifest_entry_free(&log->entries[i]);
    }
    free(log->entries);
    *log = (struct station_log){NULL, 0};
}

const struct mico_manifest_entry *station_log_find(const struct station_log *log,
                                                   const uint8_t serial[MSCP_SERIAL_SIZE])
{
    for (size_t i = 0; i < log->count; i++) {
        if (memcmp(log->entries[i].serial, serial, MSCP_SERIAL_SIZE) == 0) {
            return &log->entries[i];
        }
    }
    return NULL;
}

const struct mico_manifest_entry *station_log_find_id(const struct station_log *log, const char *device_id)
{
    for (size_t i = 0; i < log->count; i++) {
        if (strcmp(log->entries[i].device_id, device_id) == 0) {
            return &log->entries[i];
        }
    }
    return NULL;
}

/* One line of JSON with its end. */
static mico_err append_line(const struct station *station, const struct mico_manifest_entry *entry)
{
    char path[STATION_PATH_MAX];
    cJSON *json = mico_manifest_entry_to_json(entry);
    char *text = json != NULL ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(json);
    if (text == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for a line of the log");
    }
    size_t len = strlen(text);
    text[len] = '\n'; /* in the place of its NUL: one write, so that a crash cannot part line and end */
    mico_err err = station_path(path, station->dir, "log.jsonl");
    if (err == MICO_OK) {
        err = station_append_file(path, text, len + 1, 0644);
    }
    cJSON_free(text);
    return err;
}

void station_log_place(const struct station_log *log, const struct station *station, struct mico_manifest_entry *entry)
{
    entry->index = (uint32_t)log->count + 1;
    chain_hash(log, station, log->count, entry->prev);
    mico_manifest_entry_hash(entry, entry->hash);
}

mico_err station_log_append(struct station_log *log, const struct station *station, struct mico_manifest_entry *entry)
{
    struct mico_manifest_entry *more = realloc(log->entries, (log->count + 1) * sizeof *more);
    if (more == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for the log");
    }
    log->entries = more;
    station_log_place(log, station, entry);
    mico_err err = append_line(station, entry);
    if (err == MICO_OK) {
        err = write_head(station, log->count + 1, entry->hash);
    }
    if (err == MICO_OK) {
        log->entries[log->count++] = *entry;
    }
    return err;
}
