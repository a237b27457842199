/* SPDX-License-Identifier: Apache-2.0 */
/* What MiCO's PSA implementation has beside the specification: its bounds, its lock, and its places for keys.
 *
 * Keys live in locations. Location 0 is this program's memory; every other location has a driver that its owner
 * attaches (crypto/psa/psa_mscp.h attaches the security coprocessor). A key never moves from one to another, and
 * nothing is computed in software for a key of another location. */
#ifndef CRYPTO_PSA_MICO_PSA_H
#define CRYPTO_PSA_MICO_PSA_H

#include "base/err.h"
#include "psa/crypto.h"

#define MICO_PSA_KEYS 32      /* keys at a time */
#define MICO_PSA_KEY_SIZE 128 /* bytes of one key, or of a location's own note about it */
#define MICO_PSA_LOCATIONS 3  /* location 0 and two attached ones */

/** In a program with threads: how to lock PSA's key slots; held during a whole call, a coprocessor's answer included.
 * Not the lock of mico_random_lock_with. Call before the first thread starts. */
void mico_psa_lock_with(void (*lock)(void), void (*unlock)(void));

struct mico_store;

/** Keep location 0's persistent keys (PSA_KEY_LIFETIME_PERSISTENT) as records of store, sealed by a key that the caller
 * has from where it is safe, as the coprocessor is; it is copied. store must outlive every use of PSA, and is used under
 * PSA's lock alone: one that nothing else writes to. NULL takes the store away. Again, with another store or key,
 * replaces it; keys of the one before are no longer known. Without a call, persistent keys are
 * PSA_ERROR_NOT_SUPPORTED. A key is read into a slot at its first use; psa_purge_key frees the slot. A record that was
 * altered, or sealed by another key, is PSA_ERROR_DATA_CORRUPT, and can be destroyed. */
psa_status_t mico_psa_persist_in(struct mico_store *store, const uint8_t sealing_key[32]);

/* A location. The core has checked policy, key type, pointers and sizes before it calls; note is what the driver keeps
 * about the key (the key itself, in location 0). A NULL entry is PSA_ERROR_NOT_SUPPORTED. */
struct mico_psa_key {
    psa_key_attributes_t attributes;
    uint8_t note[MICO_PSA_KEY_SIZE];
    size_t note_len;
};
struct mico_psa_driver {
    psa_key_location_t location;
    psa_status_t (*generate)(void *ctx, struct mico_psa_key *key);
    psa_status_t (*import)(void *ctx, struct mico_psa_key *key, struct mico_span data);
    psa_status_t (*destroy)(void *ctx, struct mico_psa_key *key);
    psa_status_t (*export_private)(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*export_public)(void *ctx, const struct mico_psa_key *key, uint8_t out[32]);
    psa_status_t (*sign)(void *ctx, const struct mico_psa_key *key, struct mico_span message, uint8_t out[64]);
    psa_status_t (*agree)(void *ctx, const struct mico_psa_key *key, const uint8_t peer[32], uint8_t out[32]);
    /* Core has taken shortening out of alg: mac gives a full one, seal and open get the tag's length apart. */
    psa_status_t (*mac)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span data,
                        uint8_t *out);
    psa_status_t (*seal)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span text, uint8_t *sealed, size_t tag_len);
    psa_status_t (*open)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span sealed, uint8_t *text, size_t tag_len);
    psa_status_t (*ctr)(void *ctx, const struct mico_psa_key *key, uint8_t counter[16], struct mico_span in,
                        uint8_t *out);
};

/** Attach a location's driver; it replaces one attached before for the same location, whose keys stay valid.
 * PSA_ERROR_INVALID_ARGUMENT for location 0, PSA_ERROR_INSUFFICIENT_MEMORY when the table is full. */
psa_status_t mico_psa_attach_driver(const struct mico_psa_driver *driver, void *ctx);

/** Make known a key that an attached location holds already. attributes name the lifetime (location), type, bits, usage
 * and algorithm, and an identifier, or 0 to be given one; note is what the driver wants to see again. */
psa_status_t mico_psa_register_key(const psa_key_attributes_t *attributes, struct mico_span note, psa_key_id_t *key);

/** Take back a registration; the key stays where it is. (psa_destroy_key gives PSA_ERROR_NOT_PERMITTED for a key of a
 * location that cannot destroy.) PSA_ERROR_INVALID_HANDLE for an unknown key, PSA_ERROR_NOT_PERMITTED for location 0.
 */
psa_status_t mico_psa_forget_key(psa_key_id_t key);

/** The nearest MiCO error of a PSA status. */
mico_err mico_err_of_psa(psa_status_t status);

#endif
