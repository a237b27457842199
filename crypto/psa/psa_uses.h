/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: every algorithm that PSA offers, with each kind of key whose answer differs; every call that takes one; every way
 * in which a key comes about. */
#ifndef CRYPTO_PSA_PSA_USES_H
#define CRYPTO_PSA_PSA_USES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"

#define ALL_USES                                                                                                 \
    (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | \
     PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_WRAP |           \
     PSA_KEY_USAGE_UNWRAP | PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY)
#define NIST PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define EDWARDS PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define MONTGOMERY PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define FFDHE PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)
#define SRP PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526)
#define SHA1 PSA_ALG_SHA_1
#define SHA2 PSA_ALG_SHA_256

struct use {
    psa_algorithm_t alg;
    psa_key_type_t type; /* 0: without a key */
    uint16_t bits;
    bool approved;
    psa_key_id_t key; /* the test's */
};
#define USES 64
extern struct use uses[USES];

psa_key_attributes_t attributes_of(psa_key_type_t type, size_t bits, psa_algorithm_t alg);
/* A key for this use, in whatever way there is one; id 0: a volatile one, else one that is kept. */
psa_status_t make(const struct use *use, psa_key_id_t id, psa_key_id_t *key);

/* A call's first answer that may be a refusal. */
struct call {
    const char *name;
    psa_algorithm_t category;
    psa_status_t (*run)(const struct use *use);
    bool (*takes)(psa_algorithm_t alg);
};
/* Every call that takes use->alg, with use->key, must answer so. */
void try_all_calls(const struct use *use, psa_status_t wanted);
/* Every way to a key of this use must answer so, and give none. */
void try_all_ways(const struct use *use, psa_status_t wanted);

#endif
