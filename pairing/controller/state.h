/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's state file: who this controller is and whom it is paired with. JSON, mode 0600, replaced atomically. */
#ifndef PAIRING_CONTROLLER_STATE_H
#define PAIRING_CONTROLLER_STATE_H

#include "pairing/controller/client.h"

struct cJSON;

struct mico_state {
    const char *path;
    int lock; /* of path.lock, while it may change; else -1 */
    struct cJSON *root;
    struct mico_client_self self; /* its key is a volatile PSA key */
};

/** Read path, or make a new identity when there is no such file (written by the first save). With to_change, first waits
 * for other programs that change it (path.lock): of two that pair at once, each would write back without what the other
 * has paired, or make an identity of its own. *why says in words what is wrong. MICO_ERR_IO, MICO_ERR_FORMAT,
 * MICO_ERR_CRYPTO. */
MICO_MUST_USE mico_err mico_state_open(struct mico_state *state, const char *path, bool to_change, const char **why);
/** Wipes the identity's key. */
void mico_state_close(struct mico_state *state);
/** Write the file beside its place, make it durable, and rename it there. MICO_ERR_IO: the old file is untouched. */
MICO_MUST_USE mico_err mico_state_save(struct mico_state *state);

/** How many accessories; the one at index: peer and the address it was paired at (a string that lives with the state).
 * MICO_ERR_FORMAT when the entry is malformed. */
int mico_state_count(const struct mico_state *state);
MICO_MUST_USE mico_err mico_state_get(const struct mico_state *state, int index, struct mico_client_peer *peer,
                                      const char **address);
/** The index of the accessory with this id; with id NULL of the only one; -1 when there is none. */
int mico_state_find(const struct mico_state *state, const char *id);
/** Add it, or replace the one of the same id. */
void mico_state_put(struct mico_state *state, const struct mico_client_peer *peer, const char *address);
void mico_state_remove(struct mico_state *state, int index);

#endif
