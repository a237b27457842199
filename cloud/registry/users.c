/* SPDX-License-Identifier: Apache-2.0 */
/* Users: names that can be mistaken for nothing else, passwords as yescrypt hashes (libxcrypt), claims. */
#include "cloud/registry/internal.h"

#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_METHOD "$y$" /* yescrypt: memory-hard; its parameters and salt stand in the hash */

bool mico_registry_user_is_good(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > MICO_REGISTRY_USER_MAX || name[0] < 'a' || name[0] > 'z') {
        return false;
    }
    if (strcmp(name, "operator") == 0 || strncmp(name, "mico-", 5) == 0) {
        return false;
    }
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

/* Hash with a setting (a method, or an earlier hash to compare with) into out. */
static mico_err hash_password(const char *password, const char *setting, char out[CRYPT_OUTPUT_SIZE])
{
    struct crypt_data *work = calloc(1, sizeof *work);
    if (!work) {
        return MICO_ERR_FULL;
    }
    char *hash = crypt_rn(password, setting, work, sizeof *work);
    if (hash) {
        memcpy(out, hash, strlen(hash) + 1);
    }
    mico_wipe(work, sizeof *work);
    free(work);
    return hash ? MICO_OK : MICO_ERR_CRYPTO;
}

static mico_err stored_hash(struct mico_registry *registry, const char *name, bool *found, char out[CRYPT_OUTPUT_SIZE])
{
    sqlite3_stmt *s = registry_sql(registry, "SELECT password FROM users WHERE name=?", "t", name);
    mico_err err = registry_step(registry, s, found);
    if (!err && *found) {
        snprintf(out, CRYPT_OUTPUT_SIZE, "%s", registry_text(s, 0));
    }
    registry_done(s);
    return err;
}

mico_err mico_registry_check_password(struct mico_registry *registry, const char *name, const char *password,
                                      bool *good)
{
    /* The hash of nobody's password, so that an unknown name costs the same time. */
    char stored[CRYPT_OUTPUT_SIZE] = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$wQL/pX4SI0/wi.xQbnFjUA.vZsMgKk8QVzPL3L/iVa/";
    char given[CRYPT_OUTPUT_SIZE];
    bool found = false;
    *good = false;
    if (strlen(password) > MICO_REGISTRY_PASSWORD_MAX) {
        return MICO_OK;
    }
    mico_err err = mico_registry_user_is_good(name) ? stored_hash(registry, name, &found, stored) : MICO_OK;
    if (!err) {
        err = hash_password(password, stored, given);
    }
    if (!err) {
        *good = found && strlen(given) == strlen(stored) && mico_ct_equal(given, stored, strlen(stored));
    }
    return err;
}

static mico_err check_new_user(const char *name, const char *password, struct mico_complaint *complaint)
{
    size_t len = strlen(password);
    if (!mico_registry_user_is_good(name)) {
        return mico_complain(complaint, MICO_ERR_PARAM,
                             "use a lower-case letter, then lower-case letters, digits, '.', '_' "
                             "or '-', at most 32; 'operator' and 'mico-…' are the cloud's own",
                             "'%.40s' cannot be a user's name", name);
    }
    if (len < MICO_REGISTRY_PASSWORD_MIN || len > MICO_REGISTRY_PASSWORD_MAX) {
        return mico_complain(complaint, MICO_ERR_SIZE, "put a password of 8 to 256 characters on the file's first line",
                             "the password has %zu characters", len);
    }
    return MICO_OK;
}

mico_err mico_registry_add_user(struct mico_registry *registry, const char *actor, const char *name,
                                const char *password, struct mico_complaint *complaint)
{
    char hash[CRYPT_OUTPUT_SIZE], setting[CRYPT_GENSALT_OUTPUT_SIZE];
    bool found, good;
    mico_err err = check_new_user(name, password, complaint);
    if (err) {
        return err;
    }
    err = stored_hash(registry, name, &found, hash);
    if (!err && found) {
        err = mico_registry_check_password(registry, name, password, &good);
        return !err && !good ? mico_complain(complaint, MICO_ERR_AUTH, "give the password that the user has",
                                             "user '%s' exists with another password", name)
                             : err;
    }
    if (!err && !crypt_gensalt_rn(HASH_METHOD, 0, NULL, 0, setting, sizeof setting)) {
        err = MICO_ERR_CRYPTO;
    }
    if (!err) {
        err = hash_password(password, setting, hash);
    }
    if (!err) {
        err = mico_registry_begin(registry);
    }
    if (err) {
        return mico_complain(complaint, err, NULL, "user '%s' was not added: %s", name, mico_err_name(err));
    }
    err = registry_run(registry, registry_sql(registry, "INSERT INTO users VALUES(?,?)", "tt", name, hash));
    if (!err) {
        err = registry_audit_append(registry, actor, "user.added", name, "");
    }
    err = mico_registry_end(registry, err);
    return err ? mico_complain(complaint, err, NULL, "user '%s' was not added: %s", name, mico_err_name(err)) : MICO_OK;
}

static mico_err owner_of(struct mico_registry *registry, const char *device, char out[MICO_REGISTRY_USER_MAX + 1])
{
    bool row;
    sqlite3_stmt *s = registry_sql(registry, "SELECT user FROM claims WHERE device=?", "t", device);
    mico_err err = registry_step(registry, s, &row);
    snprintf(out, MICO_REGISTRY_USER_MAX + 1, "%s", !err && row ? registry_text(s, 0) : "");
    registry_done(s);
    return err;
}

static mico_err claim_free(struct mico_registry *registry, const char *actor, const char *user,
                           const struct mico_device *device)
{
    mico_err err = registry_run(
        registry, registry_sql(registry, "INSERT INTO claims(device, user) VALUES(?,?)", "tt", device->id, user));
    if (!err && device->state == MICO_DEVICE_MADE) {
        err = registry_run(registry, registry_sql(registry, "UPDATE devices SET state=1 WHERE id=?", "t", device->id));
    }
    return err ? err : registry_audit_append(registry, actor, "device.claimed", device->id, user);
}

mico_err mico_registry_claim(struct mico_registry *registry, const char *actor, const char *user, const char *id,
                             struct mico_complaint *complaint)
{
    struct mico_device device;
    char owner[MICO_REGISTRY_USER_MAX + 1];
    bool found;
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return mico_complain_registry(complaint, err);
    }
    err = mico_registry_find(registry, id, &found, &device);
    if (!err && !found) {
        err = mico_complain(complaint, MICO_ERR_PARAM, "see the devices with: mico-cloud list --db FILE",
                            "no device '%.40s' in the registry", id);
    } else if (!err && device.state >= MICO_DEVICE_QUARANTINED) {
        err =
            mico_complain(complaint, MICO_ERR_DENIED, "mico-cloud release ends a quarantine; a retired device stays so",
                          "device %s is %s and cannot be claimed", id, mico_device_state_name(device.state));
    }
    if (!err) {
        err = owner_of(registry, id, owner);
    }
    if (!err && owner[0] && strcmp(owner, user) != 0) {
        err = mico_complain(complaint, MICO_ERR_DENIED, "its owner must give it away first",
                            "device %s has been claimed by another user", id);
    }
    if (!err && !owner[0]) {
        err = claim_free(registry, actor, user, &device);
        if (err) {
            mico_complain(complaint, err, "add the user first: mico-cloud user add", "user '%.40s' cannot claim %s: %s",
                          user, id, mico_err_name(err));
        }
    }
    return registry_end(registry, err, complaint);
}

mico_err mico_registry_may_use(struct mico_registry *registry, const char *user, const char *device, bool *may)
{
    sqlite3_stmt *s = registry_sql(registry, "SELECT 1 FROM claims WHERE device=? AND user=?", "tt", device, user);
    mico_err err = registry_step(registry, s, may);
    registry_done(s);
    return err;
}
