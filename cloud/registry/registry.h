/* SPDX-License-Identifier: Apache-2.0 */
/* What the cloud knows: devices by their public key and certificate, users by a password hash, who may reach what, and
 * an append-only, hash-chained log of every change. Nothing in it lets its thief log in as anybody.
 *
 * One SQLite file in WAL mode; several processes (the service, the broker's plugin, the command line) open it at once.
 * A handle belongs to one thread at a time. Every change and its audit entry are one transaction. */
#ifndef CLOUD_REGISTRY_REGISTRY_H
#define CLOUD_REGISTRY_REGISTRY_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "cloud/registry/complaint.h"

#define MICO_REGISTRY_ID_SIZE 17 /* as MICO_DEVICE_ID_SIZE: "A1:B2:C3:D4:E5:F6" */
#define MICO_REGISTRY_SERIAL_MAX 64
#define MICO_REGISTRY_USER_MAX 32
#define MICO_REGISTRY_PASSWORD_MIN 8
#define MICO_REGISTRY_PASSWORD_MAX 256
#define MICO_REGISTRY_PRESENCE_ENTRIES 24

enum mico_device_state {
    MICO_DEVICE_MADE,        /* on a manifest */
    MICO_DEVICE_CLAIMED,     /* a user has it */
    MICO_DEVICE_ACTIVE,      /* was online */
    MICO_DEVICE_QUARANTINED, /* may not log in until released */
    MICO_DEVICE_RETIRED,     /* may never log in again */
};

struct mico_device {
    char id[MICO_REGISTRY_ID_SIZE + 1];
    char serial[MICO_REGISTRY_SERIAL_MAX + 1];
    uint8_t identity_key[32];
    uint8_t certificate_sha256[32];
    enum mico_device_state state;
    bool online;
    int64_t last_seen_ms; /* since 1970; 0 is never */
};

struct mico_new_device {
    const char *id;
    const char *serial;
    uint8_t identity_key[32];
    struct mico_span certificate; /* DER; may be empty when the manifest has the hash only */
    uint8_t certificate_sha256[32];
};

struct mico_audit_entry {
    int64_t seq; /* 1, 2, 3, … */
    int64_t at_ms;
    const char *actor, *action, *subject, *detail;
    uint8_t hash[32];
};

struct mico_registry;

/** "made", "claimed", "active", "quarantined" or "retired". */
const char *mico_device_state_name(enum mico_device_state state);

/** True when text has the form of a device id. */
bool mico_registry_id_is_good(const char *text);

/** True for a name that `mico_registry_add_user` accepts: a lower-case letter, then lower-case letters, digits, '.',
 * '_' or '-', at most 32; and not one of the cloud's own names. So a user's name is never a device's or the cloud's. */
bool mico_registry_user_is_good(const char *name);

/** Make an empty registry. MICO_ERR_STATE when the file is there already. */
MICO_MUST_USE mico_err mico_registry_create(const char *path, struct mico_complaint *complaint);

/** Open a registry that exists. *out is NULL on error. */
MICO_MUST_USE mico_err mico_registry_open(const char *path, struct mico_registry **out,
                                          struct mico_complaint *complaint);
/** NULL is allowed. */
void mico_registry_close(struct mico_registry *registry);

/** Many changes as one: all or none. Every other function may be called between. */
MICO_MUST_USE mico_err mico_registry_begin(struct mico_registry *registry);
/** Commit when err and everything between was MICO_OK, else roll back. Returns err, or the commit's own error. */
MICO_MUST_USE mico_err mico_registry_end(struct mico_registry *registry, mico_err err);

/* ---- devices ---- */

/** Add a device of a verified manifest. The same device again changes nothing (*added false). Another device under a
 * known id, serial, key or certificate is MICO_ERR_DENIED, and the complaint names the field. */
MICO_MUST_USE mico_err mico_registry_add_device(struct mico_registry *registry, const char *actor,
                                                const struct mico_new_device *device, bool *added,
                                                struct mico_complaint *complaint);

MICO_MUST_USE mico_err mico_registry_find(struct mico_registry *registry, const char *id, bool *found,
                                          struct mico_device *out);

/** At most `most` devices (-1: all) in the order of ids, from the first one behind `after` (""; it need not be there).
 * each() returns false to stop. */
MICO_MUST_USE mico_err mico_registry_each(struct mico_registry *registry, const char *after, int64_t most,
                                          bool (*each)(void *ctx, const struct mico_device *device), void *ctx);

/** Quarantine, retire, or (to MICO_DEVICE_ACTIVE) release a device, and say so in the log; the same state again changes
 * nothing. A released device is what it was before: made, claimed or active. MICO_ERR_PARAM for an unknown device;
 * MICO_ERR_STATE when it is retired, that is for ever, or when it is to be released and is not quarantined. */
MICO_MUST_USE mico_err mico_registry_set_state(struct mico_registry *registry, const char *actor, const char *id,
                                               enum mico_device_state state, struct mico_complaint *complaint);

/** Note that a device came online or went offline. An unknown device is no error (*known false). The first time online
 * makes it active. The log gets an entry when `online` changed (*changed): MICO_REGISTRY_PRESENCE_ENTRIES at once for one
 * device, then one an hour, which says how many were left out. */
MICO_MUST_USE mico_err mico_registry_set_online(struct mico_registry *registry, const char *id, bool online,
                                                int64_t at_ms, bool *known, bool *changed);

/** Every device that is online but was not seen since since_ms becomes offline; for use after the broker was away. */
MICO_MUST_USE mico_err mico_registry_expire_online(struct mico_registry *registry, int64_t since_ms, unsigned *count);

/* ---- manifests: how far each issuing CA's was taken in ---- */

/** The number of entries taken from the manifest signed by that issuing certificate, and the hash of the last. */
MICO_MUST_USE mico_err mico_registry_manifest(struct mico_registry *registry, const uint8_t issuer_sha256[32],
                                              bool *found, uint32_t *count, uint8_t head[32]);
MICO_MUST_USE mico_err mico_registry_note_manifest(struct mico_registry *registry, const char *actor, const char *maker,
                                                   const uint8_t issuer_sha256[32], uint32_t count,
                                                   const uint8_t head[32]);

/** Take no more manifests of the issuing CA that has this public key (SHA-256 of its SubjectPublicKeyInfo), as when its
 * station was stolen. Devices that were taken in before stay as they are. Again changes nothing (*added false). */
MICO_MUST_USE mico_err mico_registry_revoke_issuer(struct mico_registry *registry, const char *actor,
                                                   const uint8_t key_sha256[32], bool *added);

MICO_MUST_USE mico_err mico_registry_issuer_is_revoked(struct mico_registry *registry, const uint8_t key_sha256[32],
                                                       bool *revoked);

/* ---- users ---- */

/** Add a user with a password. When the user exists the password must be the same one (else MICO_ERR_AUTH). */
MICO_MUST_USE mico_err mico_registry_add_user(struct mico_registry *registry, const char *actor, const char *name,
                                              const char *password, struct mico_complaint *complaint);

/** Give a user a device. A second user may not claim it (MICO_ERR_DENIED). Again by the same user changes nothing. */
MICO_MUST_USE mico_err mico_registry_claim(struct mico_registry *registry, const char *actor, const char *user,
                                           const char *device, struct mico_complaint *complaint);

/** *good is true for a known user with the right password. Takes as long for an unknown one. */
MICO_MUST_USE mico_err mico_registry_check_password(struct mico_registry *registry, const char *name,
                                                    const char *password, bool *good);

/** *may is true when the user has claimed the device. */
MICO_MUST_USE mico_err mico_registry_may_use(struct mico_registry *registry, const char *user, const char *device,
                                             bool *may);

/* ---- the log ---- */

/** Append an entry of its own. */
MICO_MUST_USE mico_err mico_registry_audit(struct mico_registry *registry, const char *actor, const char *action,
                                           const char *subject, const char *detail);

/** Entries with seq > after, in order; each() returns false to stop. The entry lasts until each() returns. */
MICO_MUST_USE mico_err mico_registry_audit_each(struct mico_registry *registry, int64_t after,
                                                bool (*each)(void *ctx, const struct mico_audit_entry *entry),
                                                void *ctx);

/** The number of the last entry. */
MICO_MUST_USE mico_err mico_registry_audit_last(struct mico_registry *registry, int64_t *seq);

/** Check the chain from the first entry. *head is the last good entry's number and hash (its texts are empty).
 * MICO_ERR_CORRUPT when a row was altered, removed, added or swapped: the complaint names it, *bad is its number. */
MICO_MUST_USE mico_err mico_registry_audit_verify(struct mico_registry *registry, struct mico_audit_entry *head,
                                                  int64_t *bad, struct mico_complaint *complaint);

#endif
