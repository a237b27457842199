/* SPDX-License-Identifier: Apache-2.0 */
/* The controllers that may talk to this accessory: a table in memory, each entry one record "pairing/ctl/N" in the store.
 *
 * A pairing is pending until its controller has verified for the first time: it can verify, but the accessory still
 * counts as unpaired, and another pair-setup takes its place. So a pair-setup whose end was lost leaves nothing behind
 * that would lock its user out. Each change is one atomic record; a cut while the last admin is being removed is
 * finished at the next start, because records without any admin are no pairings. */
#ifndef PAIRING_ACCESSORY_CONTROLLERS_H
#define PAIRING_ACCESSORY_CONTROLLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "os/store/store.h"
#include "pairing/suite.h"

#define MICO_CONTROLLERS_MAX 16

struct mico_controller {
    uint8_t id[MICO_HAP_ID_MAX];
    uint8_t id_len; /* 0: the slot is free */
    uint8_t public_key[32];
    bool admin;
    bool confirmed; /* has verified at least once, or was added by an admin */
};

struct mico_controllers {
    struct mico_store *store;
    struct mico_controller slot[MICO_CONTROLLERS_MAX];
};

/** Read what the store has. MICO_ERR_IO; a malformed record is logged and dropped. */
MICO_MUST_USE mico_err mico_controllers_load(struct mico_controllers *all, struct mico_store *store);

/** True when some controller is confirmed. */
bool mico_controllers_paired(const struct mico_controllers *all);

/** The slot of id, or -1. */
int mico_controllers_find(const struct mico_controllers *all, struct mico_span id);

/** Pair-setup's end: replace every pending entry by this admin, pending itself. MICO_ERR_STATE when already paired. */
MICO_MUST_USE mico_err mico_controllers_begin(struct mico_controllers *all, struct mico_span id,
                                              const uint8_t public_key[32]);

/** The first pair-verify of a pending entry makes it a pairing. */
MICO_MUST_USE mico_err mico_controllers_confirm(struct mico_controllers *all, int slot);

/** Add, or change the permissions of the same id and key. MICO_ERR_AUTH (same id, another key), MICO_ERR_FULL. */
MICO_MUST_USE mico_err mico_controllers_add(struct mico_controllers *all, struct mico_span id,
                                            const uint8_t public_key[32], bool admin);

/** Remove id, and with the last admin everyone; an unknown id is no error. */
MICO_MUST_USE mico_err mico_controllers_remove(struct mico_controllers *all, struct mico_span id);

/** Remove everyone: the physical reset. */
MICO_MUST_USE mico_err mico_controllers_clear(struct mico_controllers *all);

#endif
