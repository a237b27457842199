/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: the derivation algorithms, over the storage of an operation that derivation.c guards. */
#ifndef CRYPTO_PSA_KDF_H
#define CRYPTO_PSA_KDF_H

#include "base/bytes.h"
#include "crypto/primitives/digest.h"
#include "crypto/psa/mico_psa.h"

/* Which inputs have come: bits of operation->given. */
enum kdf_given {
    KDF_SALT = 1,
    KDF_SECRET = 2,
    KDF_INFO = 4,
    KDF_SEED = 8,
    KDF_LABEL = 16,
    KDF_OTHER_SECRET = 32,
    KDF_COST = 64,
    KDF_PASSWORD = 128,
    KDF_OUTPUT = 256, /* no input comes any more */
    KDF_CONTEXT = 512,
};

/* When an input may come. */
struct kdf_step {
    psa_key_derivation_step_t step; /* 0: no more steps */
    uint16_t bit;
    uint16_t after;     /* what must have come */
    uint16_t not_after; /* what may not have come */
};

#define KDF_STEPS 4
struct kdf {
    psa_algorithm_t base; /* without the hash */
    bool hashes;          /* base takes a hash */
    struct kdf_step steps[KDF_STEPS];
    uint16_t needs; /* what must have come before an output */
    size_t (*capacity)(psa_algorithm_t alg);
    /* Take an input whose time it is. */
    psa_status_t (*take)(psa_key_derivation_operation_t *operation, enum kdf_given what, struct mico_span data);
    /* Make the next block: operation->counter is its number from 1 on, operation->block gets it. */
    void (*next)(psa_key_derivation_operation_t *operation);
    size_t (*block_size)(psa_algorithm_t alg);
    /* Before the first output, whose length as a whole the capacity then says: it may not be set any more. NULL: the
     * algorithm does not depend on it. */
    void (*begin)(psa_key_derivation_operation_t *operation);
};

/* The algorithm of alg (agreement taken out); NULL when this build has none such. */
const struct kdf *psa_kdf_of(psa_algorithm_t alg);

/* Append to one of the operation's two inputs that are not secret: PSA_ERROR_INSUFFICIENT_MEMORY. */
psa_status_t psa_kdf_keep_first(psa_key_derivation_operation_t *operation, struct mico_span data);
psa_status_t psa_kdf_keep_second(psa_key_derivation_operation_t *operation, struct mico_span data);
/* The secret as a key of HMAC: what is longer than a block is its hash (RFC 2104). It may come in pieces; end says which is
 * the last. */
void psa_kdf_keep_secret(psa_key_derivation_operation_t *operation, struct mico_span data, bool end);
void psa_kdf_start_hmac(const psa_key_derivation_operation_t *operation, struct mico_hmac *hmac);

/* kdf_counter.c: SP 800-108 in counter mode, for kdf.c's table; the first two serve both MACs. */
size_t psa_kdf_counter_capacity(psa_algorithm_t alg);
psa_status_t psa_kdf_counter_take(psa_key_derivation_operation_t *operation, enum kdf_given what,
                                  struct mico_span data);
void psa_kdf_counter_begin(psa_key_derivation_operation_t *operation);
void psa_kdf_counter_next(psa_key_derivation_operation_t *operation);
void psa_kdf_counter_begin_cmac(psa_key_derivation_operation_t *operation);
void psa_kdf_counter_next_cmac(psa_key_derivation_operation_t *operation);

#endif
