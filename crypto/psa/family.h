/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: the families of asymmetric keys of location 0. asymmetric.c picks one by the key's type and says how
 * each entry is called; a NULL entry is an algorithm that such keys do not have (PSA_ERROR_INVALID_ARGUMENT). */
#ifndef CRYPTO_PSA_FAMILY_H
#define CRYPTO_PSA_FAMILY_H

#include "crypto/psa/core.h"

struct psa_family {
    psa_status_t (*import)(struct mico_psa_key *key, struct mico_span data);
    psa_status_t (*generate)(struct mico_psa_key *key, struct mico_span custom);
    psa_status_t (*export_private)(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*export_public)(const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*sign_message)(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                 uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*sign_hash)(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash, uint8_t *out,
                              size_t cap, size_t *len);
    psa_status_t (*verify_message)(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                                   struct mico_span signature);
    psa_status_t (*verify_hash)(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                                struct mico_span signature);
    psa_status_t (*encrypt)(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*decrypt)(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                            struct mico_span salt, uint8_t *out, size_t cap, size_t *len);
    psa_status_t (*agree)(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer, uint8_t *out,
                          size_t cap, size_t *len);
};

extern const struct psa_family psa_family_edwards, psa_family_montgomery, psa_family_nist, psa_family_rsa,
    psa_family_dh, psa_family_dsa;

/* The note of a key that is made: bytes, and how many bits it has. PSA_ERROR_INVALID_ARGUMENT when the caller said another
 * size, PSA_ERROR_INSUFFICIENT_MEMORY. */
psa_status_t psa_family_keep(struct mico_psa_key *key, struct mico_span bytes, size_t bits);
/* Make a pair of 255 bits of 32 random bytes; consistent is the pair-wise test. */
psa_status_t psa_family_draw(struct mico_psa_key *key, psa_status_t (*import)(struct mico_psa_key *, struct mico_span),
                             bool (*consistent)(const struct mico_psa_key *));
/* bytes to out, or PSA_ERROR_BUFFER_TOO_SMALL. */
psa_status_t psa_family_give(struct mico_span bytes, uint8_t *out, size_t cap, size_t *len);

#endif
