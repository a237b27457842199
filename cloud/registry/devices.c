/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: what a manifest says of them, their state, whether they are online. */
#include "cloud/registry/internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const state_names[] = {"made", "claimed", "active", "quarantined", "retired"};

const char *mico_device_state_name(enum mico_device_state state)
{
    return state_names[state];
}

bool mico_registry_id_is_good(const char *text)
{
    if (strlen(text) != MICO_REGISTRY_ID_SIZE) {
        return false;
    }
    for (size_t i = 0; i < MICO_REGISTRY_ID_SIZE; i++) {
        bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'F');
        if (i % 3 == 2 ? text[i] != ':' : !hex) {
            return false;
        }
    }
    return true;
}

static mico_err no_such_device(struct mico_complaint *complaint, const char *id)
{
    return mico_complain(complaint, MICO_ERR_PARAM, "see the devices with: mico-cloud list --db FILE",
                         "no device '%.40s' in the registry", id);
}

/* ---- reading ---- */

#define DEVICE_COLUMNS "id, serial, identity_key, certificate_sha256, state, online, last_seen_ms"

static mico_err read_device(sqlite3_stmt *s, struct mico_device *out)
{
    struct mico_device device = {0};
    snprintf(device.id, sizeof device.id, "%s", registry_text(s, 0));
    snprintf(device.serial, sizeof device.serial, "%s", registry_text(s, 1));
    int state = sqlite3_column_int(s, 4);
    if (registry_blob(s, 2, device.identity_key, 32) || registry_blob(s, 3, device.certificate_sha256, 32) ||
        state < 0 || state > MICO_DEVICE_RETIRED) {
        return MICO_ERR_CORRUPT;
    }
    device.state = (enum mico_device_state)state;
    device.online = sqlite3_column_int(s, 5) == 1;
    device.last_seen_ms = sqlite3_column_int64(s, 6);
    *out = device;
    return MICO_OK;
}

mico_err mico_registry_find(struct mico_registry *registry, const char *id, bool *found, struct mico_device *out)
{
    *found = false;
    sqlite3_stmt *s = registry_sql(registry, "SELECT " DEVICE_COLUMNS " FROM devices WHERE id=?", "t", id);
    mico_err err = registry_step(registry, s, found);
    if (!err && *found) {
        err = read_device(s, out);
    }
    registry_done(s);
    *found = *found && !err;
    return err;
}

mico_err mico_registry_each(struct mico_registry *registry, const char *after, int64_t most,
                            bool (*each)(void *ctx, const struct mico_device *device), void *ctx)
{
    bool row, more = true;
    sqlite3_stmt *s = registry_sql(registry, "SELECT " DEVICE_COLUMNS " FROM devices WHERE id > ? ORDER BY id LIMIT ?",
                                   "ti", after, most);
    mico_err err = registry_step(registry, s, &row);
    while (!err && row && more) {
        struct mico_device device;
        err = read_device(s, &device);
        if (!err) {
            more = each(ctx, &device);
        }
        if (!err && more) {
            err = registry_step(registry, s, &row);
        }
    }
    registry_done(s);
    return err;
}

/* ---- adding ---- */

static mico_err insert(struct mico_registry *registry, const char *actor, const struct mico_new_device *device)
{
    char detail[2 * 32 + 8 + MICO_REGISTRY_SERIAL_MAX + 8];
    char hash[65];
    mico_err err = registry_run(
        registry,
        registry_sql(registry,
                     "INSERT INTO devices(id, serial, identity_key, certificate, certificate_sha256, "
                     "state) VALUES(?,?,?,?,?,0)",
                     "ttbbb", device->id, device->serial, device->identity_key, (size_t)32, device->certificate.data,
                     device->certificate.len, device->certificate_sha256, (size_t)32));
    mico_hex(device->certificate_sha256, 32, hash);
    snprintf(detail, sizeof detail, "serial %s certificate %s", device->serial, hash);
    return err ? err : registry_audit_append(registry, actor, "device.made", device->id, detail);
}

/* Which field of another device is in the way? */
static mico_err refuse_double(struct mico_registry *registry, const struct mico_new_device *device,
                              struct mico_complaint *complaint)
{
    bool row;
    sqlite3_stmt *s = registry_sql(
        registry,
        "SELECT id, CASE WHEN id=?1 THEN 'id' WHEN serial=?2 THEN 'chip serial' WHEN "
        "identity_key=?3 THEN 'identity key' ELSE 'certificate' END FROM devices WHERE id=?1 OR "
        "serial=?2 OR identity_key=?3 OR certificate_sha256=?4 ORDER BY id=?1 DESC",
        "ttbb", device->id, device->serial, device->identity_key, (size_t)32, device->certificate_sha256, (size_t)32);
    mico_err err = registry_step(registry, s, &row);
    if (!err && row) {
        err =
            mico_complain(complaint, MICO_ERR_DENIED, "a device is made once; ask the station which of the two it made",
                          "device %s (serial %s): its %s belongs to %s in the registry, which differs", device->id,
                          device->serial, registry_text(s, 1), registry_text(s, 0));
    }
    registry_done(s);
    return err;
}

mico_err mico_registry_add_device(struct mico_registry *registry, const char *actor,
                                  const struct mico_new_device *device, bool *added, struct mico_complaint *complaint)
{
    struct mico_device known;
    bool found;
    *added = false;
    if (!mico_registry_id_is_good(device->id) || strlen(device->serial) == 0 ||
        strlen(device->serial) > MICO_REGISTRY_SERIAL_MAX) {
        return mico_complain(complaint, MICO_ERR_PARAM, "a device id looks like A1:B2:C3:D4:E5:F6",
                             "device '%.40s' (serial '%.80s'): malformed id or serial", device->id, device->serial);
    }
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return mico_complain_registry(complaint, err);
    }
    err = mico_registry_find(registry, device->id, &found, &known);
    bool same = found && strcmp(known.serial, device->serial) == 0 &&
                memcmp(known.identity_key, device->identity_key, 32) == 0 &&
                memcmp(known.certificate_sha256, device->certificate_sha256, 32) == 0;
    if (!err && !same) {
        err = refuse_double(registry, device, complaint);
    }
    if (!err && !same) {
        err = insert(registry, actor, device);
    }
    err = registry_end(registry, err, complaint);
    *added = !err && !same;
    return err;
}

/* ---- manifests ---- */

mico_err mico_registry_manifest(struct mico_registry *registry, const uint8_t issuer_sha256[32], bool *found,
                                uint32_t *count, uint8_t head[32])
{
    sqlite3_stmt *s = registry_sql(registry, "SELECT count, head FROM manifests WHERE issuer_sha256=?", "b",
                                   issuer_sha256, (size_t)32);
    mico_err err = registry_step(registry, s, found);
    *count = 0;
    if (!err && *found) {
        *count = (uint32_t)sqlite3_column_int64(s, 0);
        err = registry_blob(s, 1, head, 32);
    }
    registry_done(s);
    return err;
}

mico_err mico_registry_note_manifest(struct mico_registry *registry, const char *actor, const char *maker,
                                     const uint8_t issuer_sha256[32], uint32_t count, const uint8_t head[32])
{
    char detail[64 + 32], hash[65];
    mico_hex(head, 32, hash);
    snprintf(detail, sizeof detail, "%u entries, last %s", (unsigned)count, hash);
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return err;
    }
    err = registry_run(registry, registry_sql(registry, "INSERT OR REPLACE INTO manifests VALUES(?,?,?)", "bib",
                                              issuer_sha256, (size_t)32, (int64_t)count, head, (size_t)32));
    if (!err) {
        err = registry_audit_append(registry, actor, "manifest.taken", maker, detail);
    }
    return mico_registry_end(registry, err);
}

mico_err mico_registry_issuer_is_revoked(struct mico_registry *registry, const uint8_t key_sha256[32], bool *revoked)
{
    sqlite3_stmt *s =
        registry_sql(registry, "SELECT 1 FROM revoked_issuers WHERE key_sha256=?", "b", key_sha256, (size_t)32);
    mico_err err = registry_step(registry, s, revoked);
    registry_done(s);
    return err;
}

mico_err mico_registry_revoke_issuer(struct mico_registry *registry, const char *actor, const uint8_t key_sha256[32],
                                     bool *added)
{
    char hash[65];
    bool revoked = false;
    mico_hex(key_sha256, 32, hash);
    *added = false;
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return err;
    }
    err = mico_registry_issuer_is_revoked(registry, key_sha256, &revoked);
    if (!err && !revoked) {
        err = registry_run(
            registry, registry_sql(registry, "INSERT INTO revoked_issuers VALUES(?)", "b", key_sha256, (size_t)32));
    }
    if (!err && !revoked) {
        err = registry_audit_append(registry, actor, "issuer.revoked", hash, "");
    }
    err = mico_registry_end(registry, err);
    *added = !err && !revoked;
    return err;
}

/* ---- changing ---- */

/* What a device is when it is released: what it was before its quarantine. */
static mico_err state_before(struct mico_registry *registry, const char *id, enum mico_device_state *state)
{
    bool row;
    sqlite3_stmt *s = registry_sql(registry,
                                   "SELECT CASE WHEN last_seen_ms > 0 THEN 2 WHEN EXISTS(SELECT 1 FROM claims WHERE "
                                   "device=devices.id) THEN 1 ELSE 0 END FROM devices WHERE id=?",
                                   "t", id);
    mico_err err = registry_step(registry, s, &row);
    if (!err && row) {
        *state = (enum mico_device_state)sqlite3_column_int(s, 0);
    }
    registry_done(s);
    return err;
}

static mico_err change_state(struct mico_registry *registry, const char *actor, const struct mico_device *device,
                             enum mico_device_state state)
{
    char action[32], detail[32];
    bool release = state == MICO_DEVICE_ACTIVE;
    snprintf(action, sizeof action, "device.%s", release ? "released" : mico_device_state_name(state));
    snprintf(detail, sizeof detail, "was %s", mico_device_state_name(device->state));
    mico_err err = release ? state_before(registry, device->id, &state) : MICO_OK;
    if (!err) {
        err = registry_run(registry, registry_sql(registry, "UPDATE devices SET state=? WHERE id=?", "it",
                                                  (int64_t)state, device->id));
    }
    return err ? err : registry_audit_append(registry, actor, action, device->id, detail);
}

mico_err mico_registry_set_state(struct mico_registry *registry, const char *actor, const char *id,
                                 enum mico_device_state state, struct mico_complaint *complaint)
{
    struct mico_device device;
    bool found;
    assert(state >= MICO_DEVICE_ACTIVE); /* the states before come by themselves */
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return mico_complain_registry(complaint, err);
    }
    err = mico_registry_find(registry, id, &found, &device);
    if (!err && !found) {
        err = no_such_device(complaint, id);
    } else if (!err && device.state == MICO_DEVICE_RETIRED && state != MICO_DEVICE_RETIRED) {
        err = mico_complain(complaint, MICO_ERR_STATE, "another device", "device %s is retired: that is for ever", id);
    } else if (!err && state == MICO_DEVICE_ACTIVE && device.state < MICO_DEVICE_ACTIVE) {
        err = mico_complain(complaint, MICO_ERR_STATE, "mico-cloud list shows who is",
                            "device %s is %s, not quarantined", id, mico_device_state_name(device.state));
    }
    if (!err && device.state != state) {
        err = change_state(registry, actor, &device, state);
    }
    return registry_end(registry, err, complaint);
}
