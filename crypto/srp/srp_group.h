/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of RFC 5054 appendix A: 1024, 1536, 2048, 3072 and 4096 bits, on hosts 6144 and 8192 too (modular.h). For
 * crypto/srp and crypto/psa only. */
#ifndef CRYPTO_SRP_SRP_GROUP_H
#define CRYPTO_SRP_SRP_GROUP_H

#include "crypto/primitives/modular.h"

#define SRP_GROUP_MAX MODULAR_MAX /* bytes of the longest N */
#define SRP_PRIVATE_MAX 48        /* bytes of the longest a or b */

struct srp_group {
    size_t size;          /* bytes of N; its top bit is set */
    uint8_t generator;    /* g */
    uint8_t private_size; /* bytes of a and b: 32 (RFC 5054 section 2.5), above 3072 bits twice RFC 3526's strength */
    uint8_t N[SRP_GROUP_MAX];
};

/** False for a size that has no group here. */
bool srp_group_open(struct srp_group *group, size_t bits);
struct mico_span srp_group_prime(const struct srp_group *group);

#endif
