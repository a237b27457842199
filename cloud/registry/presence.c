/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a device is online, and what the log says of it. The log is for ever: a device that comes and goes all day
 * long (a loose plug, a worn battery) may not fill the disk with it. Each has a bucket of entries, kept as the time at
 * which it is full again; what does not fit is counted, and the next entry says how many were left out. */
#include "cloud/registry/internal.h"

#include <inttypes.h>
#include <stdio.h>

#define BACK_MS INT64_C(3600000)
#define FULL_MS (MICO_REGISTRY_PRESENCE_ENTRIES * BACK_MS)

struct bucket {
    int64_t peaceful_ms; /* when all entries are there again */
    int64_t left_out;    /* changes since the last entry */
};

static bool has_entry(const struct bucket *bucket, int64_t now_ms)
{
    return bucket->peaceful_ms <= now_ms + FULL_MS - BACK_MS;
}

static mico_err read_bucket(struct mico_registry *registry, const char *id, int64_t now_ms, struct bucket *out)
{
    bool row;
    *out = (struct bucket){now_ms, 0};
    sqlite3_stmt *s = registry_sql(registry, "SELECT peaceful_ms, left_out FROM presence WHERE device=?", "t", id);
    mico_err err = registry_step(registry, s, &row);
    if (!err && row) {
        int64_t peaceful_ms = sqlite3_column_int64(s, 0);
        peaceful_ms = peaceful_ms > now_ms ? peaceful_ms : now_ms;
        out->peaceful_ms = peaceful_ms < now_ms + FULL_MS ? peaceful_ms : now_ms + FULL_MS; /* the clock was put back */
        out->left_out = sqlite3_column_int64(s, 1);
    }
    registry_done(s);
    return err;
}

static mico_err append(struct mico_registry *registry, const char *actor, bool online, const char *id, const char *why,
                       struct bucket *bucket, int64_t now_ms)
{
    char detail[160], before[64] = "";
    if (bucket->left_out > 0) {
        snprintf(before, sizeof before, "%s%" PRId64 " changes before this one were left out", why[0] ? "; " : "",
                 bucket->left_out);
    }
    bucket->left_out = 0;
    bucket->peaceful_ms += BACK_MS;
    bool last = !has_entry(bucket, now_ms);
    snprintf(detail, sizeof detail, "%s%s%s%s", why, before, last && (why[0] || before[0]) ? "; " : "",
             last ? "it comes and goes: one change an hour is told from here on" : "");
    return registry_audit_append(registry, actor, online ? "device.online" : "device.offline", id, detail);
}

static mico_err tell(struct mico_registry *registry, const char *actor, bool online, const char *id, const char *why,
                     int64_t now_ms)
{
    struct bucket bucket;
    mico_err err = read_bucket(registry, id, now_ms, &bucket);
    if (!err && has_entry(&bucket, now_ms)) {
        err = append(registry, actor, online, id, why, &bucket, now_ms);
    } else {
        bucket.left_out++;
    }
    return err ? err
               : registry_run(registry, registry_sql(registry, "INSERT OR REPLACE INTO presence VALUES(?,?,?)", "tii",
                                                     id, bucket.peaceful_ms, bucket.left_out));
}

static mico_err update_online(struct mico_registry *registry, const struct mico_device *device, bool online,
                              int64_t at_ms)
{
    bool first = online && device->state < MICO_DEVICE_ACTIVE;
    mico_err err =
        registry_run(registry, registry_sql(registry, "UPDATE devices SET online=?, last_seen_ms=?, state=? WHERE id=?",
                                            "iiit", (int64_t)online, at_ms,
                                            (int64_t)(first ? MICO_DEVICE_ACTIVE : device->state), device->id));
    if (!err && first) {
        err = registry_audit_append(registry, "broker", "device.active", device->id, "first time online");
    }
    if (!err && device->online != online) {
        err = tell(registry, "broker", online, device->id, "", at_ms);
    }
    return err;
}

mico_err mico_registry_set_online(struct mico_registry *registry, const char *id, bool online, int64_t at_ms,
                                  bool *known, bool *changed)
{
    struct mico_device device = {0};
    *known = *changed = false;
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return err;
    }
    err = mico_registry_find(registry, id, known, &device);
    if (!err && *known) {
        err = update_online(registry, &device, online, at_ms);
    }
    err = mico_registry_end(registry, err);
    *changed = !err && *known && device.online != online;
    return err;
}

mico_err mico_registry_expire_online(struct mico_registry *registry, int64_t since_ms, unsigned *count)
{
    bool row;
    *count = 0;
    mico_err err = mico_registry_begin(registry);
    while (!err) {
        char id[MICO_REGISTRY_ID_SIZE + 1];
        sqlite3_stmt *s =
            registry_sql(registry, "SELECT id FROM devices WHERE online=1 AND last_seen_ms < ? LIMIT 1", "i", since_ms);
        err = registry_step(registry, s, &row);
        if (!err && row) {
            snprintf(id, sizeof id, "%s", registry_text(s, 0));
        }
        registry_done(s);
        if (err || !row) {
            break;
        }
        err = registry_run(registry, registry_sql(registry, "UPDATE devices SET online=0 WHERE id=?", "t", id));
        if (!err) {
            err = tell(registry, "cloud", false, id, "not seen since the broker came back", since_ms);
        }
        *count += !err;
    }
    return mico_registry_end(registry, err);
}
