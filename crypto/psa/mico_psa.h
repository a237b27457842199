/* SPDX-License-Identifier: Apache-2.0 */
/* What MiCO's PSA implementation has beside the specification: its bounds, its lock, and its places for keys.
 *
 * Keys live in locations. Location 0 is this program's memory; every other location has a driver that its owner
 * attaches (crypto/psa/psa_mscp.h attaches the security coprocessor). A key never moves from one to another, and
 * nothing is computed in software for a key of another location. */
#ifndef CRYPTO_PSA_MICO_PSA_H
#define CRYPTO_PSA_MICO_PSA_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "psa/crypto.h"

/* A board with little memory may set smaller ones: cmake -DMICO_PSA_KEYS=8 -DMICO_PSA_KEY_SIZE=128 -DMICO_PSA_POOL=1024. */
#ifndef MICO_PSA_KEYS
#define MICO_PSA_KEYS 32 /* keys at a time */
#endif
#ifndef MICO_PSA_KEY_SIZE
#define MICO_PSA_KEY_SIZE 2400 /* bytes of one key, or of a location's own note about it; an RSA pair of 4096 bits */
#endif
#ifndef MICO_PSA_POOL
#define MICO_PSA_POOL 8192 /* bytes of all keys in memory together, each rounded up to 8 */
#endif
#define MICO_PSA_STORAGE_MAX MICO_PSA_KEY_SIZE /* bytes of an asset of psa/internal_trusted_storage.h */
/* Bytes of stack that a step of psa_pake_… with a group of so many bits takes, and the export of its verifier: on a host as
 * psa_pake_stack_test measures, on a Cortex-M by gcc -fstack-usage. */
#if defined(__arm__)
#define MICO_PSA_PAKE_STACK(bits) ((bits) > 3072 ? 32u * 1024 : 28u * 1024)
#else
#define MICO_PSA_PAKE_STACK(bits) ((bits) > 3072 ? 56u * 1024 : 36u * 1024)
#endif
#define MICO_PSA_LOCATIONS 3 /* location 0 and two attached ones */

/* The policy of an RSA key that signs as TLS wants it: PSA_ALG_RSA_PSS and PSA_ALG_RSA_PKCS1V15_SIGN of any hash. PSA's own
 * policies have one of the two, but TLS 1.3 wants PSS and some peers of TLS 1.2 know PKCS #1 v1.5 alone. In a key's attributes
 * only: no call takes it for an algorithm. */
#define MICO_PSA_ALG_RSA_TLS ((psa_algorithm_t)0x860000FF)

/** In a program with threads: how to lock PSA's key slots; held during a whole call, a coprocessor's answer included.
 * Not the lock of mico_random_lock_with. Call before the first thread starts. */
void mico_psa_lock_with(void (*lock)(void), void (*unlock)(void));

struct mico_store;

/** Keep location 0's persistent keys (PSA_KEY_LIFETIME_PERSISTENT), and the assets of psa/internal_trusted_storage.h and
 * psa/protected_storage.h, as records of store, sealed by a key that the caller
 * has from where it is safe, as the coprocessor is; it is copied. store must outlive every use of PSA, and is used under
 * PSA's lock alone: one that nothing else writes to. NULL takes the store away. Again, with another store or key,
 * replaces it; keys of the one before are no longer known. Without a call, persistent keys are
 * PSA_ERROR_NOT_SUPPORTED. A key is read into a slot at its first use; psa_purge_key frees the slot. A record that was
 * altered, or sealed by another key, is PSA_ERROR_DATA_CORRUPT, and can be destroyed. */
psa_status_t mico_psa_persist_in(struct mico_store *store, const uint8_t sealing_key[32]);

/* A key as its location sees it: note is what the driver keeps about it (the key itself, in location 0), note_cap bytes in
 * the core's memory while the key is made, note_len afterwards. */
struct mico_psa_key {
    psa_key_attributes_t attributes;
    uint8_t *note;
    size_t note_len, note_cap;
};

/* Operations in several parts work on memory of the caller's operation, aligned for any type and zero before start; the
 * core wipes it after the end or an error. */
#define MICO_PSA_MAC_STATE sizeof(((psa_mac_operation_t *)NULL)->state)
#define MICO_PSA_CIPHER_STATE sizeof(((psa_cipher_operation_t *)NULL)->state)
#define MICO_PSA_AEAD_STATE sizeof(((psa_aead_operation_t *)NULL)->state)

/* What goes into HKDF beside the secret, and where in its output to begin. */
struct mico_psa_derivation {
    psa_algorithm_t alg; /* PSA_ALG_HKDF of a hash */
    struct mico_span salt, info;
    size_t offset;
};

/* A location: one constant table of what it can do; a NULL entry is PSA_ERROR_NOT_SUPPORTED. The core has checked policy,
 * pointers and the buffers' sizes where it knows them, and that the algorithm is of the entry's kind and no wildcard; the
 * driver checks whether algorithm and key go together. out has cap bytes; *len is 0 before. On an error the core wipes
 * out. An out may overlap the inputs: the result is as if they had been copied, but for seal and open of a driver that has
 * aead_start, and aead_text, where in is out or apart from it. */
struct mico_psa_driver {
    psa_key_location_t location;

    /* Making: fill note and note_len; import also sets attributes.bits, which are 0 or what they must be. custom: see
     * psa_generate_key_custom. */
    psa_status_t (*generate)(void *ctx, struct mico_psa_key *key, struct mico_span custom);
    psa_status_t (*import)(void *ctx, struct mico_psa_key *key, struct mico_span data);
    psa_status_t (*destroy)(void *ctx, struct mico_psa_key *key); /* NULL: keys of this location stay */
    psa_status_t (*export_private)(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*export_public)(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);

    /* Signatures. Where sign_message is NULL or refuses with PSA_ERROR_NOT_SUPPORTED, the core hashes and asks sign_hash;
     * where a verify_… is NULL, location 0 verifies with the exported public key. */
    psa_status_t (*sign_message)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg,
                                 struct mico_span message, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*sign_hash)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                              uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*verify_message)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg,
                                   struct mico_span message, struct mico_span signature);
    psa_status_t (*verify_hash)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature);

    /* Encryption with a public key: salt is OAEP's label. Agreement. */
    psa_status_t (*encrypt)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*decrypt)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*agree)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                          uint8_t *out, size_t cap, size_t *len);

    /* MACs: alg is without shortening, out gets the full one. */
    psa_status_t (*mac)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                        uint8_t out[PSA_MAC_MAX_SIZE]);
    psa_status_t (*mac_start)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, void *state);
    psa_status_t (*mac_add)(void *ctx, void *state, struct mico_span data);
    psa_status_t (*mac_end)(void *ctx, void *state, uint8_t out[PSA_MAC_MAX_SIZE]);

    /* Ciphers: cipher_iv is called once before the first cipher_add where the algorithm has an IV. */
    psa_status_t (*cipher_start)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, bool encrypting,
                                 void *state);
    psa_status_t (*cipher_iv)(void *ctx, void *state, struct mico_span iv);
    psa_status_t (*cipher_add)(void *ctx, void *state, struct mico_span in, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*cipher_end)(void *ctx, void *state, uint8_t *out, size_t cap, size_t *len);

    /* Authenticated encryption: alg is with the default tag, whose length comes apart. In one call: sealed is text and
     * tag, out has room. In parts: aead_begin has the nonce, and the lengths or SIZE_MAX. */
    psa_status_t (*seal)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span text, uint8_t *sealed, size_t tag_len);
    psa_status_t (*open)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span sealed, uint8_t *text, size_t tag_len);
    psa_status_t (*aead_start)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, size_t tag_len,
                               bool encrypting, void *state);
    psa_status_t (*aead_begin)(void *ctx, void *state, struct mico_span nonce, size_t aad_len, size_t text_len);
    psa_status_t (*aead_aad)(void *ctx, void *state, struct mico_span data);
    psa_status_t (*aead_text)(void *ctx, void *state, struct mico_span in, uint8_t *out);
    psa_status_t (*aead_end)(void *ctx, void *state, uint8_t tag[16]);

    /* HKDF whose secret never leaves the location: a key's own, or what its agreement with peer gives (peer.data NULL: none).
     * derive_start gives it a handle, derive len bytes of the output from offset on, derive_key a volatile key of the location
     * that is the output's first bits of the attributes; derive_end lets the handle go. NULL: such keys derive nothing. */
    psa_status_t (*derive_start)(void *ctx, const struct mico_psa_key *key, struct mico_span peer, uint32_t *handle);
    psa_status_t (*derive)(void *ctx, uint32_t handle, const struct mico_psa_derivation *how, uint8_t *out, size_t len);
    psa_status_t (*derive_key)(void *ctx, uint32_t handle, const struct mico_psa_derivation *how,
                               struct mico_psa_key *key);
    void (*derive_end)(void *ctx, uint32_t handle);

    /* Key wrapping. */
    psa_status_t (*wrap)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                         uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*unwrap)(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                           uint8_t *out, size_t cap, size_t *len);
};

/** Wipe at once, on demand: every key in memory, the sealing key of kept ones, the generator's state, and all connections and
 * servers of crypto/tls. Kept keys stay in their store (mico_psa_zeroise_kept) and keys of other locations there; nothing works
 * until psa_crypto_init, a connection never again. A connection that another thread's call is in is wiped when that ends.
 * Operations in several parts lie in their owners' memory: the next part of one is PSA_ERROR_BAD_STATE and wipes it, and
 * psa_…_abort wipes it at any time; so do mico_srp_…_stop for SRP's. */
void mico_psa_zeroise(void);

/** Destroy the kept keys of the store of mico_psa_persist_in, also those of the other mode or that cannot be read any more, by
 * deleting their records. What flash still has of deleted records is sealed; it ends where the sealing key is kept.
 * PSA_ERROR_BAD_STATE without a store or before psa_crypto_init, PSA_ERROR_STORAGE_FAILURE (some may be left: call again). */
psa_status_t mico_psa_zeroise_kept(void);

/** What self-tests gave (crypto/selftest calls this). After false, the module is in its error state, as after any other failed
 * self-test (crypto/primitives/trust.h): all is zeroised, and every call but an abort fails, mostly with
 * PSA_ERROR_CORRUPTION_DETECTED, until the program starts anew. */
void mico_psa_self_tested(bool passed);

/** Enter the approved mode: from here on PSA refuses with PSA_ERROR_NOT_PERMITTED every algorithm that approved.c does not
 * list by a publication of NIST, and keys that are to be made for one; SRP is refused, and TLS has approved suites and groups
 * alone. It zeroises as mico_psa_zeroise does, but PSA goes on; kept keys serve in the mode in which they were made. One way, until
 * the program starts anew: false then is PSA_ERROR_NOT_PERMITTED. PSA_ERROR_BAD_STATE: no self-tests have passed. */
psa_status_t mico_psa_approved_mode(bool on);
bool mico_psa_is_approved_mode(void);

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
